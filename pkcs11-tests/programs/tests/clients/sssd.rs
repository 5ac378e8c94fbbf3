//! SSSD and pam_p11: a login to this computer.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use kit::run;
use programs::clients::{Card, Program, User, run_in_terminal};

/// The part of SSSD that talks to cards. SSSD itself hands it the PIN in the same way.
fn p11_child() -> PathBuf {
    let folders = ["/usr/libexec/sssd", "/usr/lib/sssd"];
    let child = folders.iter().map(|folder| PathBuf::from(folder).join("p11_child"));
    child.into_iter().find(|path| path.exists()).expect("SSSD is installed")
}

#[test]
fn sssd_authenticates() {
    for card in Card::ALL {
        let user = User::with(card);
        let version = run(user.program("sssd").arg("--version"));
        let program = Program { name: "SSSD", version: version.trim().into() };
        let task = user.task(&program, "authenticate a user (p11_child)");
        user.write("pin", user.pin1());
        let child = p11_child();
        let authorities = user.file("authorities.pem");
        let ask = format!(
            "{} --auth --pin --logger=stderr --verify=no_ocsp --ca_db={} --module_name={} \
             --token_name='FINEID (PIN1)' --key_id=45 <pin",
            child.display(),
            authorities.display(),
            user.module().display(),
        );
        let answer = user.program("sh").args(["-c", &ask]).stdin(Stdio::null()).output().expect("start it");
        let said = String::from_utf8_lossy(&answer.stdout);
        let errors = String::from_utf8_lossy(&answer.stderr);
        // The certificate in Base64, after token, module and key.
        let certificate = fs::read_to_string(user.file("auth.pem")).expect("the certificate");
        let certificate: String = certificate.lines().filter(|line| !line.contains("-----")).collect();
        assert!(answer.status.success() && said.contains(&certificate), "{said}\n{errors}");
        task.done(0, [1, 0]);
    }
}

/// `/etc/pam.d` of this test's world, with a service of ours in it.
fn configure_pam(user: &User) {
    let module = user.module();
    let services = user.write("pam.d/holder", format!("auth required pam_p11.so {}\n", module.display()));
    let folder = services.parent().expect("a folder");
    run(Command::new("mount").arg("--bind").arg(folder).arg("/etc/pam.d"));
}

#[test]
fn pam_p11_lets_in() {
    for card in Card::ALL {
        let user = User::with(card);
        configure_pam(&user);
        let known = fs::read(user.file("auth.pem")).expect("the certificate");
        user.write(".eid/authorized_certificates", known);
        let version = run(Command::new("dpkg-query").args(["-W", "-f", "${Version}", "libpam-p11"]));
        let version = version.split('-').next().expect("a version");
        let program = Program { name: "pam_p11", version: version.into() };
        let task = user.task(&program, "let a user in (pamtester)");
        let mut pamtester = user.program("pamtester");
        pamtester.args(["holder", &user.login(), "authenticate"]);
        let dialogue = run_in_terminal(&mut pamtester, &[("PIN", user.pin1())]).succeeded();
        assert!(dialogue.shown.contains("successfully authenticated"), "{}", dialogue.shown);
        task.done(dialogue.answers, [1, 0]);
    }
}

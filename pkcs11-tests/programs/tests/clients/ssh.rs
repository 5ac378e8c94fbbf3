//! OpenSSH: keys of the card, and logins to a real server with them.

use std::process::{Command, Stdio};

use kit::run;
use programs::clients::{Askpass, Background, Card, Program, User, run_in_terminal};

use crate::ssh_agent::{Agent, public_key};

fn openssh(user: &User) -> Program {
    let version = run(user.program("ssh").arg("-V"));
    let version = version.strip_prefix("OpenSSH_").and_then(|rest| rest.split([' ', ',']).next());
    Program { name: "OpenSSH", version: version.expect("a version").into() }
}

/// The output of `ssh-keygen -D`: a line per key.
fn keys(user: &User) -> String {
    let output = user.program("ssh-keygen").arg("-D").arg(user.module()).stdin(Stdio::null()).output();
    let output = output.expect("start ssh-keygen");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("keys are text")
}

/// sshd on the loopback interface, which accepts only the authentication key of the card.
struct Sshd(Background);

impl Sshd {
    const PORT: &str = "2222";

    fn start(user: &User) -> Self {
        run(user.program("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", "host"]));
        user.write("authorized_keys", public_key(user, "auth") + "\n");
        let home = user.file("");
        let home = home.display();
        let configuration = format!(
            "Port {}\nListenAddress 127.0.0.1\nHostKey {home}/host\nAuthorizedKeysFile {home}/authorized_keys\n\
             PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nLogLevel VERBOSE\n",
            Self::PORT
        );
        let configuration = user.write("sshd_config", configuration);
        let name = run(Command::new("sh").args(["-c", "PATH=$PATH:/usr/sbin:/sbin command -v sshd"]));
        let mut sshd = user.program(name.trim());
        Self(Background::start(sshd.arg("-D").arg("-e").arg("-f").arg(configuration), "Server listening"))
    }

    fn log(&self) -> String {
        self.0.output()
    }
}

/// `ssh` to the server.
fn ssh(user: &User) -> Command {
    let mut ssh = user.program("ssh");
    ssh.args(["-p", Sshd::PORT, "-o", "StrictHostKeyChecking=no"]);
    ssh.args(["-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]);
    ssh
}

fn destination(user: &User) -> String {
    format!("{}@127.0.0.1", user.login())
}

#[test]
fn shows_the_keys() {
    for card in Card::ALL {
        let user = User::with(card);
        let program = openssh(&user);
        let task = user.task(&program, "show the public keys (ssh-keygen -D)");
        let keys = keys(&user);
        assert!(keys.lines().any(|key| key.starts_with(&public_key(&user, "auth"))), "{keys}");
        task.done(0, [0, 0]);
    }
}

/// Each of these logins is one more in the user's login session.
fn logs_in(logins: &[&'static str], set_up: fn(&User, &mut Command)) {
    for card in Card::ALL {
        let user = User::with(card);
        let sshd = Sshd::start(&user);
        let program = openssh(&user);
        for what in logins {
            let task = user.task(&program, what);
            let mut ssh = ssh(&user);
            set_up(&user, &mut ssh);
            ssh.args([&destination(&user), "echo let in"]);
            let dialogue = run_in_terminal(&mut ssh, &[("Enter PIN for 'FINEID (PIN1)': ", user.pin1())]);
            let let_in = dialogue.success && dialogue.shown.contains("let in");
            assert!(let_in, "{}\n{}", dialogue.shown, sshd.log());
            task.done(dialogue.answers, [1, 0]);
        }
    }
}

#[test]
fn logs_in_by_an_option() {
    logs_in(&["log in (ssh -I)", "log in (ssh -I), again"], |user, ssh| {
        ssh.args(["-F", "none", "-I"]).arg(user.module());
    });
}

/// On a contactless reader, with nothing stored, and then with the number that is stored.
#[test]
fn logs_in_without_contacts() {
    let user = User::without_contacts();
    // The key that is let in is read from the certificate here, not by the module.
    let sshd = Sshd::start(&user);
    let program = openssh(&user);
    let number_and_pin = user.number_and_pin1();
    for (what, token, entry) in [
        ("log in, first use on a contactless reader", "FINEID (CAN and PIN1)", number_and_pin.as_str()),
        ("log in on a contactless reader", "FINEID (PIN1)", user.pin1()),
    ] {
        let task = user.task(&program, what);
        let mut ssh = ssh(&user);
        ssh.args(["-F", "none", "-I"]).arg(user.module()).args([&destination(&user), "echo let in"]);
        let dialogue = run_in_terminal(&mut ssh, &[(&format!("Enter PIN for '{token}': "), entry)]);
        let let_in = dialogue.success && dialogue.shown.contains("let in");
        assert!(let_in, "{}\n{}\n{}", dialogue.shown, sshd.log(), task.exchanges());
        task.done(dialogue.answers, [1, 0]);
    }
}

/// On a reader with a keypad ssh asks for nothing: PIN1 is entered there. `ssh-add` asks for a PIN all the same, and gives
/// what was typed to the card.
#[test]
fn logs_in_with_a_keypad() {
    let user = User::with_keypad();
    let sshd = Sshd::start(&user);
    let program = openssh(&user);
    let task = user.task(&program, "log in (ssh -I), reader with a keypad");
    let mut ssh = ssh(&user);
    ssh.args(["-F", "none", "-I"]).arg(user.module()).args([&destination(&user), "echo let in"]);
    let dialogue = run_in_terminal(&mut ssh, &[("Enter PIN", "")]);
    assert!(dialogue.success && dialogue.shown.contains("let in"), "{}\n{}", dialogue.shown, sshd.log());
    assert_eq!((dialogue.answers, user.asked_on_keypad()), (0, 1), "{}", dialogue.shown);
    task.ended(0, [1, 0], "works, PIN1 on the keypad");

    let askpass = Askpass::with(&user, user.pin1());
    let agent = Agent::start(&user);
    let task = user.task(&program, "two logins through the agent (ssh-add -s), reader with a keypad");
    log_in_twice(&user, &agent, &askpass);
    assert_eq!(user.asked_on_keypad(), 1);
    task.ended(askpass.questions().len(), [1, 0], "works, asks for PIN1 and gives it to the card");
}

/// Two logins with the keys that the agent has been given.
fn log_in_twice(user: &User, agent: &Agent, askpass: &Askpass) {
    run(agent.add(askpass).arg("-s").arg(user.module()));
    for _ in 0..2 {
        let mut ssh = ssh(user);
        ssh.env("SSH_AUTH_SOCK", agent.socket()).args(["-F", "none", &destination(user), "echo let in"]);
        assert!(run(&mut ssh).contains("let in"));
    }
    run(agent.add(askpass).arg("-e").arg(user.module()));
}

#[test]
fn logs_in_by_a_setting() {
    logs_in(&["log in (PKCS11Provider)"], |user, ssh| {
        let settings = format!("PKCS11Provider {}\n", user.module().display());
        ssh.arg("-F").arg(user.write("ssh_config", settings));
    });
}

#[test]
fn logs_in_through_the_agent() {
    for card in Card::ALL {
        let user = User::with(card);
        let _sshd = Sshd::start(&user);
        let program = openssh(&user);
        let askpass = Askpass::with(&user, user.pin1());
        let agent = Agent::start(&user);
        let task = user.task(&program, "two logins through the agent (ssh-add -s)");
        log_in_twice(&user, &agent, &askpass);
        task.done(askpass.questions().len(), [1, 0]);
    }
}

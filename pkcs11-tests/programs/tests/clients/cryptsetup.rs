//! systemd-cryptenroll and cryptsetup: a disk that the card opens. systemd 252 supports RSA keys only.

use kit::run;
use programs::clients::{Card, Program, User, run_in_terminal};

const TOKEN: &str = "pkcs11:token=FINEID%20%28PIN1%29;id=%45";

#[test]
fn opens_a_disk() {
    let user = User::with(Card::Rsa);
    user.write("passphrase", "of the disk");
    run(user.program("truncate").args(["--size", "32M", "disk"]));
    let mut format = user.program("cryptsetup");
    format.args(["luksFormat", "--batch-mode", "--type", "luks2", "--pbkdf", "pbkdf2"]);
    run(format.args(["--pbkdf-force-iterations", "1000", "disk", "passphrase"]));
    let version = run(user.program("systemd-cryptenroll").arg("--version"));
    let version = version.split(' ').nth(1).expect("a version");
    let program = Program { name: "systemd-cryptenroll", version: version.into() };
    let task = user.task(&program, "let the card open a disk, and open it (cryptsetup)");
    let mut enroll = user.program("systemd-cryptenroll");
    enroll.envs([("PASSWORD", "of the disk"), ("PIN", user.pin1())]);
    run(enroll.arg(format!("--pkcs11-token-uri={TOKEN}")).arg("disk"));
    let mut open = user.program("cryptsetup");
    open.args(["open", "--test-passphrase", "--token-only", "--token-type", "systemd-pkcs11", "disk"]);
    let dialogue = run_in_terminal(&mut open, &[("PIN:", user.pin1())]).succeeded();
    task.done(dialogue.answers, [2, 0]);
}

//! git signs a commit with the card's authentication key, through ssh-agent.

use kit::run;

use crate::ssh_agent;
use programs::clients::{Askpass, Card, Program, User};

#[test]
fn signs_a_commit() {
    for card in Card::ALL {
        let user = User::with(card);
        let version = run(user.program("git").arg("--version"));
        let version = version.split_whitespace().nth(2).expect("a version").into();
        let git = Program { name: "git", version };
        let key = ssh_agent::public_key(&user, "auth");
        user.write("key.pub", &key);
        user.write("signers", format!("holder@example.test {key}"));
        let home = user.file("").display().to_string();
        let settings = [
            ("user.name", "Holder"),
            ("user.email", "holder@example.test"),
            ("gpg.format", "ssh"),
            ("user.signingkey", &format!("{home}/key.pub")),
            ("gpg.ssh.allowedSignersFile", &format!("{home}/signers")),
        ];
        for (name, value) in settings {
            run(user.program("git").args(["config", "--global", name, value]));
        }
        run(user.program("git").args(["init", "-q", "work"]));
        for what in ["sign a commit (commit -S)", "sign a commit (commit -S), again with a new agent"] {
            let askpass = Askpass::with(&user, user.pin1());
            let agent = ssh_agent::Agent::start(&user);
            let task = user.task(&git, what);
            run(agent.add(&askpass).arg("-s").arg(user.module()));
            let git = |arguments: &[&str]| {
                let mut git = user.program("git");
                run(git.env("SSH_AUTH_SOCK", agent.socket()).args(["-C", "work"]).args(arguments))
            };
            git(&["commit", "-q", "-S", "--allow-empty", "-m", "Signed with a card"]);
            let verdict = git(&["verify-commit", "HEAD"]);
            assert!(verdict.contains("Good \"git\" signature for holder@example.test"), "{verdict}");
            task.done(askpass.questions().len(), [1, 0]);
        }
    }
}

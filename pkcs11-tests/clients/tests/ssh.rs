//! OpenSSH: keys of the card, and logins to a real server with them.

mod agent;

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use clients::{Askpass, Card, Program, Scene, converse, until};
use kit::run;

use agent::{Agent, public_key};

fn openssh(scene: &Scene) -> Program {
    let version = run(scene.program("ssh").arg("-V"));
    let version = version.strip_prefix("OpenSSH_").and_then(|rest| rest.split([' ', ',']).next());
    Program { name: "OpenSSH", version: version.expect("a version").into() }
}

/// What `ssh-keygen -D` says: a line per key.
fn keys(scene: &Scene) -> String {
    let output = scene.program("ssh-keygen").arg("-D").arg(scene.module()).stdin(Stdio::null()).output();
    let output = output.expect("start ssh-keygen");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("keys are text")
}

/// sshd on the loopback interface, which lets in the holder by the authentication key alone.
struct Sshd {
    process: Child,
    log: PathBuf,
}

impl Sshd {
    const PORT: &str = "2222";

    fn start(scene: &Scene) -> Self {
        run(scene.program("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", "host"]));
        scene.write("authorized_keys", public_key(scene, "auth") + "\n");
        let home = scene.file("");
        let home = home.display();
        let configuration = format!(
            "Port {}\nListenAddress 127.0.0.1\nHostKey {home}/host\nAuthorizedKeysFile {home}/authorized_keys\n\
             PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nLogLevel VERBOSE\n",
            Self::PORT
        );
        let configuration = scene.write("sshd_config", configuration);
        let log = scene.write("sshd.log", "");
        let name = run(Command::new("sh").args(["-c", "PATH=$PATH:/usr/sbin:/sbin command -v sshd"]));
        let mut sshd = scene.program(name.trim());
        let process = sshd.arg("-D").arg("-f").arg(configuration).arg("-E").arg(&log).spawn();
        let sshd = Self { process: process.expect("start sshd"), log };
        until("sshd listens", || sshd.log().contains("Server listening"));
        sshd
    }

    fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        // `timeout` hands the signal on to sshd.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

/// `ssh` to the server as the holder.
fn ssh(scene: &Scene) -> Command {
    let mut ssh = scene.program("ssh");
    ssh.args(["-p", Sshd::PORT, "-o", "StrictHostKeyChecking=no"]);
    ssh.args(["-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]);
    ssh
}

fn destination(scene: &Scene) -> String {
    format!("{}@127.0.0.1", scene.login())
}

#[test]
fn shows_the_keys() {
    for card in Card::ALL {
        let scene = Scene::with(card);
        let program = openssh(&scene);
        let task = scene.task(&program, "show the public keys (ssh-keygen -D)");
        let keys = keys(&scene);
        assert!(keys.lines().any(|key| key.starts_with(&public_key(&scene, "auth"))), "{keys}");
        task.done(0, [0, 0]);
    }
}

fn logs_in(what: &'static str, set_up: fn(&Scene, &mut Command)) {
    for card in Card::ALL {
        let scene = Scene::with(card);
        let sshd = Sshd::start(&scene);
        let program = openssh(&scene);
        let task = scene.task(&program, what);
        let mut ssh = ssh(&scene);
        set_up(&scene, &mut ssh);
        ssh.args([&destination(&scene), "echo let in"]);
        let talk = converse(&mut ssh, &[("Enter PIN for 'FINEID (PIN1)': ", scene.pin1())]);
        assert!(talk.success && talk.shown.contains("let in"), "{}\n{}", talk.shown, sshd.log());
        task.done(talk.answers, [1, 0]);
    }
}

#[test]
fn logs_in_by_an_option() {
    logs_in("log in (ssh -I)", |scene, ssh| {
        ssh.args(["-F", "none", "-I"]).arg(scene.module());
    });
}

#[test]
fn logs_in_by_a_setting() {
    logs_in("log in (PKCS11Provider)", |scene, ssh| {
        let settings = format!("PKCS11Provider {}\n", scene.module().display());
        ssh.arg("-F").arg(scene.write("ssh_config", settings));
    });
}

#[test]
fn logs_in_through_the_agent() {
    for card in Card::ALL {
        let scene = Scene::with(card);
        let _sshd = Sshd::start(&scene);
        let program = openssh(&scene);
        let askpass = Askpass::with(&scene, scene.pin1());
        let agent = Agent::start(&scene);
        let task = scene.task(&program, "two logins through the agent (ssh-add -s)");
        run(agent.add(&askpass).arg("-s").arg(scene.module()));
        for _ in 0..2 {
            let mut ssh = ssh(&scene);
            ssh.env("SSH_AUTH_SOCK", agent.socket()).args([
                "-F",
                "none",
                &destination(&scene),
                "echo let in",
            ]);
            assert!(run(&mut ssh).contains("let in"));
        }
        run(agent.add(&askpass).arg("-e").arg(scene.module()));
        task.done(askpass.questions().len(), [1, 0]);
    }
}

//! ssh-agent, which holds the keys of the card for programs.

use std::path::{Path, PathBuf};
use std::process::Command;

use kit::run;
use programs::clients::{Askpass, Background, User};

/// A running agent.
pub(crate) struct Agent<'s> {
    user: &'s User,
    _process: Background,
    socket: PathBuf,
}

impl<'s> Agent<'s> {
    /// Starts the agent, with the permission to load the module.
    pub(crate) fn start(user: &'s User) -> Self {
        let socket = user.file("agent");
        let module = user.module();
        let mut agent = user.program("ssh-agent");
        agent.arg("-D").arg("-a").arg(&socket).arg("-P").arg(&module);
        let process = Background::start_until(&mut agent, "ssh-agent comes up", |_| socket.exists());
        Self { user, _process: process, socket }
    }

    /// Where programs reach it.
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// `ssh-add`, which asks for PINs by this program.
    pub(crate) fn add(&self, askpass: &Askpass) -> Command {
        let mut add = self.user.program("ssh-add");
        add.env("SSH_AUTH_SOCK", &self.socket);
        add.env("SSH_ASKPASS", askpass.program()).env("SSH_ASKPASS_REQUIRE", "force");
        add
    }
}

/// A certificate's public key in the format of ssh.
pub(crate) fn public_key(user: &User, certificate: &str) -> String {
    let key = user.public_key(certificate);
    run(user.program("ssh-keygen").args(["-i", "-m", "PKCS8", "-f"]).arg(key)).trim().to_owned()
}

//! The operating system, and the smart card service as far as files describe it.

use super::System;
use std::path::Path;

/// Where pcscd listens, if the environment does not say otherwise.
const SOCKET: &str = "/run/pcscd/pcscd.comm";
/// The state of a connected socket in the kernel's list (include/uapi/linux/net.h: SS_CONNECTED).
const CONNECTED: &str = "03";

/// The machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Name and version of the operating system.
    pub system: Option<String>,
    /// The version of the kernel.
    pub kernel: Option<String>,
    /// The platform for which this program was built.
    pub architecture: &'static str,
    /// The file of the client library of the smart card service.
    pub library: Option<String>,
    /// Does the socket of the service exist?
    pub socket: bool,
    /// How many connections the service has.
    pub connections: usize,
}

impl System {
    /// The machine.
    pub fn machine(&self) -> Machine {
        let socket = self.socket().to_string_lossy();
        Machine {
            system: self.operating_system(),
            kernel: Some(self.root.text("/proc/sys/kernel/osrelease").trim().to_owned())
                .filter(|kernel| !kernel.is_empty()),
            architecture: std::env::consts::ARCH,
            library: self.library(),
            socket: self.root.has(&*socket),
            connections: connections(&self.root.text("/proc/net/unix"), &socket),
        }
    }

    /// Where the smart card service listens.
    pub fn socket(&self) -> &Path {
        self.variable("PCSCLITE_CSOCK_NAME").map_or(Path::new(SOCKET), Path::new)
    }

    /// From os-release(5).
    fn operating_system(&self) -> Option<String> {
        let files = ["/etc/os-release", "/usr/lib/os-release"].map(|file| self.root.text(file));
        let name = files.iter().flat_map(|text| text.lines()).find_map(|l| l.strip_prefix("PRETTY_NAME="));
        name.map(|name| name.trim_matches(['"', '\'']).to_owned())
    }

    /// The library that this program has loaded.
    fn library(&self) -> Option<String> {
        let mapped = self.root.text("/proc/self/maps");
        let path = |line: &str| line.find('/').and_then(|start| line.get(start..)).map(str::to_owned);
        mapped.lines().filter(|line| line.contains("/libpcsclite")).find_map(path)
    }
}

/// Connections to a socket, in the kernel's list of them (proc(5), /proc/net/unix).
fn connections(list: &str, socket: &str) -> usize {
    let is_one = |line: &&str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        matches!(fields.as_slice(), [_, _, _, _, _, state, _, path] if *state == CONNECTED && *path == socket)
    };
    list.lines().filter(is_one).count()
}

#[cfg(test)]
mod tests {
    use super::super::furnished::Furnished;
    use super::*;

    #[test]
    fn what_files_tell_of_the_machine() {
        let place = Furnished::new(&[
            ("usr/lib/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"),
            ("proc/sys/kernel/osrelease", "6.1.0-13\n"),
            (
                "proc/self/maps",
                "7f00-7f01 r-xp 00 08:01 7  /usr/lib/libpcsclite.so.1.0.0\n7f02-7f03 rw-p 0 0\n",
            ),
            ("run/pcscd/pcscd.comm", ""),
            (
                "proc/net/unix",
                "Num       RefCount Protocol Flags    Type St Inode Path\n\
                 0000: 00000002 00000000 00010000 0001 01 17 /run/pcscd/pcscd.comm\n\
                 0000: 00000003 00000000 00000000 0001 03 18 /run/pcscd/pcscd.comm\n\
                 0000: 00000003 00000000 00000000 0001 03 19\n\
                 0000: 00000003 00000000 00000000 0001 03 20 /run/other\n\
                 0000: 00000003 00000000 00000000 0001 03 21 /run/pcscd/pcscd.comm\n",
            ),
        ]);
        let machine = System::new(place.path(), []).machine();
        assert_eq!(
            machine,
            Machine {
                system: Some("Debian GNU/Linux 12".to_owned()),
                kernel: Some("6.1.0-13".to_owned()),
                architecture: std::env::consts::ARCH,
                library: Some("/usr/lib/libpcsclite.so.1.0.0".to_owned()),
                socket: true,
                connections: 2,
            }
        );
        let elsewhere = [("PCSCLITE_CSOCK_NAME".into(), "/run/other".into())];
        let machine = System::new(place.path(), elsewhere).machine();
        assert_eq!((machine.socket, machine.connections), (false, 1));
    }

    #[test]
    fn a_machine_that_tells_nothing() {
        let machine = System::new(Path::new("/nowhere"), []).machine();
        assert_eq!((machine.system, machine.kernel, machine.library), (None, None, None));
        assert_eq!((machine.socket, machine.connections), (false, 0));
    }
}

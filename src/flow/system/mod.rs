//! What the computer itself shows: its files and running programs, below a root that a test can replace. Nothing is
//! written, nothing blocks, and no other program is started.

mod browsers;
mod files;
#[cfg(test)]
pub(crate) mod furnished;
mod installed;
mod libreoffice;
mod machine;
mod modules;
mod ports;
mod programs;
mod signs;

pub use browsers::Databases;
pub use installed::{Known, LIST, Lists, PROGRAMS, Packaging};
pub use machine::Machine;
pub use modules::{Naming, Product};
pub use programs::Program;
pub(super) use programs::SCDAEMON;

use files::Root;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Prefixes of the environment variables about cards. No others are shown.
const TELLING: [&str; 3] = ["AVAIN_", "PCSCLITE_", "P11_KIT_"];

/// The text of a file, empty if it does not exist or is none.
pub(super) fn text(path: &Path) -> String {
    Root::new(Path::new("/")).text(path)
}

/// A computer, as one of its users sees it.
pub struct System {
    root: Root,
    variables: Vec<(OsString, OsString)>,
}

impl System {
    /// The computer with its files below `root`, for a program with this environment.
    pub fn new(root: &Path, variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut variables: Vec<_> = variables.into_iter().collect();
        variables.sort();
        System { root: Root::new(root), variables }
    }

    fn variable(&self, wanted: &str) -> Option<&OsStr> {
        let found = self.variables.iter().find(|(name, value)| name == wanted && !value.is_empty());
        found.map(|(_, value)| value.as_os_str())
    }

    /// The home folder.
    pub fn home(&self) -> Option<&Path> {
        self.variable("HOME").map(Path::new).filter(|home| home.is_absolute())
    }

    /// A folder below the home folder, or wherever the environment says that it is (XDG base directories).
    fn home_folder(&self, variable: &str, usual: &str) -> Option<PathBuf> {
        let named = self.variable(variable).map(PathBuf::from).filter(|folder| folder.is_absolute());
        named.or_else(|| Some(self.home()?.join(usual)))
    }

    /// The user's folder of settings.
    pub(crate) fn config_folder(&self) -> Option<PathBuf> {
        self.home_folder("XDG_CONFIG_HOME", ".config")
    }

    /// The user's folder of data.
    pub(crate) fn data_folder(&self) -> Option<PathBuf> {
        self.home_folder("XDG_DATA_HOME", ".local/share")
    }

    /// The user's folder for what this software remembers.
    pub(crate) fn state_folder(&self) -> Option<PathBuf> {
        Some(self.home_folder("XDG_STATE_HOME", ".local/state")?.join("avain"))
    }

    /// Is it another computer than the one that this program runs on?
    pub(crate) fn is_another(&self) -> bool {
        self.root.below(Path::new("/")) != Path::new("/")
    }

    /// Does this path exist?
    pub(crate) fn has(&self, path: impl AsRef<Path>) -> bool {
        self.root.has(path)
    }

    /// The text of a file, whoever it belongs to; empty if it does not exist or is none.
    pub(crate) fn text(&self, path: &Path) -> String {
        self.root.text(path)
    }

    /// Where a path of this computer really is.
    pub(crate) fn real(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.below(path.as_ref())
    }

    /// The path on this computer of what is really there.
    pub(crate) fn unreal(&self, path: &Path) -> PathBuf {
        self.root.above(path)
    }

    /// The bytes of a file.
    pub(crate) fn bytes(&self, path: &Path) -> Option<Vec<u8>> {
        std::fs::read(self.real(path)).ok()
    }

    /// Does systemd listen for a service from the beginning of the user's session?
    pub(crate) fn listens(&self, service: &str) -> bool {
        let own = self.config_folder().map(|folder| folder.join("systemd/user"));
        let folders = own.into_iter().chain(["/etc/systemd/user".into(), "/usr/lib/systemd/user".into()]);
        // It is a link, and need not lead anywhere in a furnished root.
        let mut wanted = folders.map(|folder| folder.join(format!("sockets.target.wants/{service}.socket")));
        wanted.any(|link| self.root.link(&link).is_some() || self.root.has(link))
    }

    /// The environment variables about cards.
    pub fn telling(&self) -> impl Iterator<Item = (String, String)> {
        let text = |text: &OsString| text.to_string_lossy().into_owned();
        let all = self.variables.iter().map(move |(name, value)| (text(name), text(value)));
        all.filter(|(name, _)| TELLING.iter().any(|beginning| name.starts_with(beginning)))
    }

    /// All names of user and computer, which are to be left out.
    pub fn names(&self) -> Vec<String> {
        let user = ["USER", "LOGNAME", "SUDO_USER"].into_iter().filter_map(|name| self.variable(name));
        let folder = self.home().and_then(Path::file_name);
        let user = user.chain(folder).map(|name| name.to_string_lossy().into_owned());
        let hosts = ["/proc/sys/kernel/hostname", "/etc/hostname"].map(|file| self.root.text(file));
        let hosts =
            hosts.iter().flat_map(|host| [host.trim(), host.split('.').next().unwrap_or(host).trim()]);
        user.chain(hosts.map(str::to_owned)).filter(|name| !name.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::furnished::Furnished;
    use super::*;

    #[test]
    fn only_variables_about_cards_are_told() {
        let environment = [
            ("HOME", "/home/me"),
            ("AVAIN_LOG", "debug"),
            ("PATH", "/bin"),
            ("PCSCLITE_CSOCK_NAME", "/run/x"),
            ("NOT_AVAIN_X", "1"),
        ];
        let environment = environment.map(|(name, value)| (name.into(), value.into()));
        let system = System::new(Path::new("/nowhere"), environment);
        let told: Vec<String> = system.telling().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(told, ["AVAIN_LOG=debug", "PCSCLITE_CSOCK_NAME=/run/x"]);
        assert_eq!(system.home(), Some(Path::new("/home/me")));
    }

    #[test]
    fn names_of_user_and_computer() {
        let place = Furnished::new(&[("etc/hostname", "desk.example.org\n")]);
        let environment = [("HOME", "/home/me"), ("USER", "mattim")];
        let environment = environment.map(|(name, value)| (name.into(), value.into()));
        let names = System::new(place.path(), environment).names();
        assert_eq!(names, ["mattim", "me", "desk.example.org", "desk"]);
        assert!(System::new(Path::new("/nowhere"), []).names().is_empty());
    }
}

//! The running programs of this user that could use a card, because they have loaded a library for it.

use super::System;
use std::collections::{BTreeMap, BTreeSet};

/// The client library of the smart card service.
const SERVICE: &str = "libpcsclite";
/// Contained in the file names of PKCS #11 modules.
const MODULES: [&str; 5] = ["pkcs11", "cryptoki", "p11-kit-proxy", "p11-kit-client", "softhsm"];
/// A program that takes exclusive access to cards even without that library.
pub(crate) const SCDAEMON: &str = "scdaemon";

/// Running programs with the same name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Their name.
    pub name: String,
    /// Have they loaded the client library of the smart card service?
    pub service: bool,
    /// File names of the PKCS #11 modules that they have loaded.
    pub modules: BTreeSet<String>,
}

impl System {
    /// The running programs of this user that could use a card, except this one.
    pub fn programs(&self) -> Vec<Program> {
        let own = self.root.link("/proc/self").unwrap_or_default();
        let (_, user) = self.identity("/proc/self/status");
        let mut found: BTreeMap<String, Program> = BTreeMap::new();
        for process in self.root.entries("/proc").iter().filter(|path| path.file_name() != own.file_name()) {
            let is_process = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
            if !process.file_name().and_then(|name| name.to_str()).is_some_and(is_process) {
                continue;
            }
            let (Some(name), owner) = self.identity(process.join("status")) else { continue };
            if owner != user {
                continue;
            }
            let (service, modules) = loaded(&self.root.text(process.join("maps")));
            if service || !modules.is_empty() || name == SCDAEMON {
                let program = found.entry(name.clone()).or_default();
                program.name = name;
                program.service |= service;
                program.modules.extend(modules);
            }
        }
        found.into_values().collect()
    }

    /// The names of all running programs.
    pub fn running(&self) -> BTreeSet<String> {
        let names =
            self.root.entries("/proc").into_iter().map(|process| self.root.text(process.join("comm")));
        names.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    }

    /// Name and owner of a process (proc(5), /proc/pid/status).
    fn identity(&self, file: impl AsRef<std::path::Path>) -> (Option<String>, Option<String>) {
        let status = self.root.text(file);
        let value = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let owner = value("Uid:").and_then(|ids| ids.split_whitespace().next());
        (value("Name:").map(str::to_owned), owner.map(str::to_owned))
    }
}

/// What a process has loaded (proc(5), /proc/pid/maps): the client library, and modules.
fn loaded(maps: &str) -> (bool, BTreeSet<String>) {
    let files = maps.lines().filter_map(|line| line.find('/').and_then(|start| line.get(start..)));
    let names: BTreeSet<&str> = files.filter_map(|path| path.rsplit('/').next()).collect();
    let service = names.iter().any(|name| name.starts_with(SERVICE));
    let is_module = |name: &&&str| name.contains(".so") && MODULES.iter().any(|part| name.contains(part));
    (service, names.iter().filter(is_module).map(|name| (*name).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::super::furnished::Furnished;
    use super::*;

    #[test]
    fn programs_that_have_something_to_do_with_cards() {
        let map = |file: &str| format!("7f00-7f01 r-xp 00000000 08:01 77    {file}\n");
        let status =
            |name: &str, user: &str| format!("Name:\t{name}\nUmask:\t0022\nUid:\t{user}\t{user}\t0\t0\n");
        let (me, other) = ("1000", "1001");
        let service = map("/usr/lib/libpcsclite.so.1.0.0");
        let module = map("/usr/lib/pkcs11/avain-pkcs11.so");
        let files = [
            ("proc/10/status", status("firefox", me)),
            ("proc/10/maps", [module.clone(), service.clone(), map("/usr/lib/libp11-kit.so.0")].concat()),
            ("proc/11/status", status("firefox", me)),
            ("proc/11/maps", map("/home/me/my files/opensc-pkcs11.so")),
            ("proc/12/status", status("editor", me)),
            ("proc/12/maps", map("/usr/lib/libp11-kit.so.0")),
            ("proc/13/status", status("another's", other)),
            ("proc/13/maps", module.clone()),
            ("proc/14/status", status("scdaemon", me)),
            ("proc/15/status", status("avain", me)),
            ("proc/15/maps", service.clone()),
            ("proc/16/maps", service),
            ("proc/tty/maps", module),
        ];
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let place = Furnished::new(&files);
        std::os::unix::fs::symlink("15", place.path().join("proc/self")).unwrap();
        let program = |name: &str, service, modules: &[&str]| Program {
            name: name.to_owned(),
            service,
            modules: modules.iter().map(|name| (*name).to_owned()).collect(),
        };
        assert_eq!(
            System::new(place.path(), []).programs(),
            [
                program("firefox", true, &["avain-pkcs11.so", "opensc-pkcs11.so"]),
                program("scdaemon", false, &[])
            ]
        );
    }
}

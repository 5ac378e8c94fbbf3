//! The module databases of browsers and mail programs, and which of these programs run in a sandbox.

use super::System;
use super::files::Reading;
use super::installed::{Known, LIST, Lists, PROGRAMS, Packaging};
use super::modules::Product;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The proxy module of p11-kit, which loads all registered modules.
const PROXY: &str = "p11-kit-proxy";

/// The databases of one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Databases {
    /// The place.
    pub place: PathBuf,
    /// How many there are.
    pub found: usize,
    /// How many of them could not be read.
    pub unreadable: usize,
    /// How many contain Avain.
    pub with_avain: usize,
    /// How many load it in two ways, so that programs show the card twice.
    pub twice: usize,
    /// How many contain a file of Avain that does not exist.
    pub gone: usize,
    /// Other card software in them.
    pub others: BTreeSet<&'static str>,
}

impl System {
    /// The existing databases, by place.
    pub fn databases(&self) -> Vec<Databases> {
        let all = [Packaging::Unknown, Packaging::Snap, Packaging::Flatpak];
        let of = |program: &Known| {
            let places = all.into_iter().flat_map(|packaging| self.places(program, packaging));
            places.map(|place| (place, program.lists == Lists::Profiles)).collect::<Vec<_>>()
        };
        let mut places: Vec<(PathBuf, bool)> = Vec::new();
        for place in PROGRAMS.iter().flat_map(of).chain([("/etc/pki/nssdb".into(), false)]) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
            .into_iter()
            .map(|(place, profiles)| self.databases_in(place, profiles))
            .filter(|databases| databases.found > 0)
            .collect()
    }

    fn databases_in(&self, place: PathBuf, profiles: bool) -> Databases {
        let folders = if profiles { self.profiles_in(&place) } else { vec![place.clone()] };
        let mut databases = Databases { place, ..Databases::default() };
        for list in folders.iter().map(|folder| self.root.read(folder.join(LIST))) {
            match list {
                Reading::Missing => {}
                Reading::Unreadable => {
                    databases.found = databases.found.saturating_add(1);
                    databases.unreadable = databases.unreadable.saturating_add(1);
                }
                Reading::Text(text) => self.count(&text, &mut databases),
            }
        }
        databases
    }

    fn count(&self, list: &str, databases: &mut Databases) {
        let libraries: Vec<&str> =
            list.lines().filter_map(|line| line.strip_prefix("library=")).map(str::trim).collect();
        let avain: Vec<&&str> =
            libraries.iter().filter(|library| Product::of(library) == Product::Avain).collect();
        let proxied = libraries.iter().any(|library| library.contains(PROXY));
        let one = |condition: bool| usize::from(condition);
        let add = |count: &mut usize, condition| *count = count.saturating_add(one(condition));
        add(&mut databases.found, true);
        add(&mut databases.with_avain, !avain.is_empty());
        add(&mut databases.twice, avain.len() > 1 || (proxied && !avain.is_empty()));
        add(&mut databases.gone, avain.iter().any(|library| !self.has_library(library)));
        databases.others.extend(libraries.iter().filter_map(|library| match Product::of(library) {
            Product::Other(name) => Some(name),
            Product::Avain | Product::Unknown => None,
        }));
    }

    /// The programs in sandboxes: name, and kind of sandbox.
    pub fn sandboxed(&self) -> Vec<(&'static str, &'static str)> {
        let sandboxes = |program: &Known| {
            let ways = self.packagings(program).into_iter().filter(|packaging| packaging.is_sandbox());
            ways.map(|packaging| (program.name, packaging.name())).collect::<Vec<_>>()
        };
        PROGRAMS.iter().flat_map(sandboxes).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::furnished::Furnished;
    use super::*;

    fn system(place: &Furnished) -> System {
        System::new(place.path(), [("HOME".into(), "/home/me".into())])
    }

    #[test]
    fn databases_by_place() {
        let long = "library=/usr/lib/avain-pkcs11.so\n".repeat(200_000);
        let place = Furnished::new(&[
            ("usr/lib/avain-pkcs11.so", ""),
            (
                "home/me/.mozilla/firefox/a/pkcs11.txt",
                "library=\nname=NSS\n\nlibrary=/usr/lib/avain-pkcs11.so\n",
            ),
            (
                "home/me/.mozilla/firefox/b/pkcs11.txt",
                "library=/gone/libavain_pkcs11.so\nname=x\nlibrary=p11-kit-proxy.so\nlibrary=opensc-pkcs11.so\n",
            ),
            ("home/me/.mozilla/firefox/c/pkcs11.txt", "library=\n"),
            ("home/me/.mozilla/firefox/d/other", ""),
            ("home/me/.mozilla/firefox/e/pkcs11.txt", &long),
            ("home/me/.mozilla/firefox/profiles.ini", ""),
            ("home/me/.local/share/pki/nssdb/pkcs11.txt", "name=avain\n"),
        ]);
        let firefox = Databases {
            place: "/home/me/.mozilla/firefox".into(),
            found: 4,
            unreadable: 1,
            with_avain: 2,
            twice: 1,
            gone: 1,
            others: ["OpenSC"].into(),
        };
        let chromium =
            Databases { place: "/home/me/.local/share/pki/nssdb".into(), found: 1, ..Databases::default() };
        assert_eq!(system(&place).databases(), [firefox, chromium]);
        assert!(System::new(place.path(), []).databases().is_empty());
    }

    #[test]
    fn programs_in_sandboxes() {
        let place = Furnished::new(&[
            ("snap/bin/firefox", ""),
            ("snap/bin/other", ""),
            ("var/lib/flatpak/app/org.mozilla.Thunderbird/current", ""),
            ("home/me/.local/share/flatpak/app/com.google.Chrome/current", ""),
        ]);
        let expected = [("Firefox", "snap"), ("Thunderbird", "flatpak"), ("Chrome", "flatpak")];
        assert_eq!(system(&place).sandboxed(), expected);
    }
}

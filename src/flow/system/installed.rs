//! The programs that load modules of their own accord, how they came onto the computer, and where they keep the lists of
//! their modules.

use super::System;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How a program came onto the computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Packaging {
    /// By a package of the system.
    Package,
    /// Unpacked from an archive of its maker's.
    Archive,
    /// As a snap.
    Snap,
    /// As a flatpak.
    Flatpak,
    /// It was not found; only its files are there.
    Unknown,
}

impl Packaging {
    /// Its name in the tool's JSON and in the message files.
    pub const fn name(self) -> &'static str {
        match self {
            Packaging::Package => "package",
            Packaging::Archive => "archive",
            Packaging::Snap => "snap",
            Packaging::Flatpak => "flatpak",
            Packaging::Unknown => "unknown",
        }
    }

    /// Does it keep a program from the files of the system?
    pub const fn is_sandbox(self) -> bool {
        matches!(self, Packaging::Snap | Packaging::Flatpak)
    }
}

/// A folder below which a program keeps its files (XDG base directories).
#[derive(Clone, Copy)]
enum Base {
    Home,
    Config,
    Data,
}

use Base::{Config, Data, Home};

/// Whose lists of modules lie where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    /// One in each profile (Mozilla).
    Profiles,
    /// One, which all programs of this kind share (Chromium and its relatives): in the first of the folders that exists.
    Shared,
    /// None of its own.
    None,
}

/// A program that loads modules.
pub struct Known {
    /// What it is called on the command line.
    pub id: &'static str,
    /// What its users call it.
    pub name: &'static str,
    /// Where its lists are.
    pub lists: Lists,
    /// The names of the files by which it is started.
    binaries: &'static [&'static str],
    /// Its name as a snap, if it is one.
    pub snap: &'static str,
    /// Its identifier as a flatpak, if it is one.
    pub flatpak: &'static str,
    places: &'static [(Base, &'static str)],
}

const MOZILLA: &[(Base, &str)] =
    &[(Config, "mozilla/firefox"), (Home, ".mozilla/firefox"), (Home, ".mozilla/firefox-esr")];
/// Chromium takes the first that exists, and makes the second (seen with Chromium 156).
const NSSDB: &[(Base, &str)] = &[(Home, ".pki/nssdb"), (Data, "pki/nssdb")];

/// All of them.
pub static PROGRAMS: [Known; 9] = [
    Known {
        id: "firefox",
        name: "Firefox",
        lists: Lists::Profiles,
        binaries: &["firefox", "firefox-esr", "firefox-bin"],
        snap: "firefox",
        flatpak: "org.mozilla.firefox",
        places: MOZILLA,
    },
    Known {
        id: "librewolf",
        name: "LibreWolf",
        lists: Lists::Profiles,
        binaries: &["librewolf"],
        snap: "",
        flatpak: "io.gitlab.librewolf-community",
        places: &[(Config, "librewolf/librewolf"), (Home, ".librewolf")],
    },
    Known {
        id: "thunderbird",
        name: "Thunderbird",
        lists: Lists::Profiles,
        binaries: &["thunderbird", "thunderbird-esr"],
        snap: "thunderbird",
        flatpak: "org.mozilla.Thunderbird",
        places: &[(Home, ".thunderbird"), (Home, ".mozilla-thunderbird")],
    },
    chromium("chromium", "Chromium", &["chromium", "chromium-browser"], "chromium", "org.chromium.Chromium"),
    chromium("chrome", "Chrome", &["google-chrome", "google-chrome-stable"], "", "com.google.Chrome"),
    chromium("edge", "Edge", &["microsoft-edge", "microsoft-edge-stable"], "", "com.microsoft.Edge"),
    chromium("brave", "Brave", &["brave-browser", "brave"], "brave", "com.brave.Browser"),
    chromium("vivaldi", "Vivaldi", &["vivaldi", "vivaldi-stable"], "vivaldi", "com.vivaldi.Vivaldi"),
    Known {
        id: "libreoffice",
        name: "LibreOffice",
        lists: Lists::None,
        binaries: &["libreoffice", "soffice"],
        snap: "libreoffice",
        flatpak: "org.libreoffice.LibreOffice",
        places: &[],
    },
];

const fn chromium(
    id: &'static str,
    name: &'static str,
    binaries: &'static [&'static str],
    snap: &'static str,
    flatpak: &'static str,
) -> Known {
    Known { id, name, lists: Lists::Shared, binaries, snap, flatpak, places: NSSDB }
}

/// Where packages put what is started.
const BINARIES: [&str; 2] = ["/usr/bin", "/usr/local/bin"];
const SNAPS: [&str; 2] = ["/snap/bin", "/var/lib/snapd/snap/bin"];
const FLATPAKS: &str = "/var/lib/flatpak/app";
/// The list of modules in an NSS database.
pub const LIST: &str = "pkcs11.txt";
/// Mozilla's list of profiles.
const PROFILES: &str = "profiles.ini";
/// Most profiles of a place that are looked at; nobody has as many.
const MOST_PROFILES: usize = 50;

/// Names of processes that are unlike those of the files.
const PROCESSES: [(&str, &str); 4] =
    [("chrome", "chrome"), ("edge", "msedge"), ("vivaldi", "vivaldi-bin"), ("libreoffice", "soffice.bin")];

impl Known {
    /// The names of its processes.
    pub fn processes(&self) -> Vec<&'static str> {
        let unlike = PROCESSES.iter().filter(|(id, _)| *id == self.id).map(|(_, name)| *name);
        self.binaries.iter().copied().chain(unlike).collect()
    }
}

impl System {
    /// How a program came onto the computer; more than one way is possible.
    pub fn packagings(&self, program: &Known) -> Vec<Packaging> {
        let found = [
            (Packaging::Package, self.has_package(program)),
            (Packaging::Archive, self.has_unpacked(program)),
            (Packaging::Snap, self.has_snap(program)),
            (Packaging::Flatpak, self.has_flatpak(program)),
        ];
        found.into_iter().filter(|(_, found)| *found).map(|(packaging, _)| packaging).collect()
    }

    fn has_package(&self, program: &Known) -> bool {
        let mut files = BINARIES
            .iter()
            .flat_map(|folder| program.binaries.iter().map(move |name| format!("{folder}/{name}")));
        // Ubuntu's package of that name is a script that starts the snap.
        files.any(|file| self.root.has(&file) && !self.root.text(&file).contains(SNAPS[0]))
    }

    fn has_unpacked(&self, program: &Known) -> bool {
        let folders = [Some(PathBuf::from("/opt")), self.home().map(Path::to_owned)];
        let inside = |folder: &PathBuf| {
            program.binaries.iter().any(|name| self.root.has(folder.join(program.id).join(name)))
        };
        folders.iter().flatten().any(inside)
    }

    fn has_snap(&self, program: &Known) -> bool {
        !program.snap.is_empty()
            && SNAPS.iter().any(|folder| self.root.has(Path::new(folder).join(program.snap)))
    }

    fn has_flatpak(&self, program: &Known) -> bool {
        let own = self.home_folder("XDG_DATA_HOME", ".local/share").map(|data| data.join("flatpak/app"));
        let mut folders = [PathBuf::from(FLATPAKS)].into_iter().chain(own);
        !program.flatpak.is_empty() && folders.any(|folder| self.root.has(folder.join(program.flatpak)))
    }

    /// The folder that a snap may load libraries from.
    pub fn snap_folder(&self, program: &Known) -> Option<PathBuf> {
        Some(self.home()?.join("snap").join(program.snap).join("common"))
    }

    /// The places where a program packaged so keeps its lists, whether or not they exist.
    pub fn places(&self, program: &Known, packaging: Packaging) -> Vec<PathBuf> {
        program
            .places
            .iter()
            .filter_map(|(base, path)| Some(self.base(program, packaging, *base)?.join(path)))
            .collect()
    }

    fn base(&self, program: &Known, packaging: Packaging, base: Base) -> Option<PathBuf> {
        let usual = match base {
            Home => "",
            Config => ".config",
            Data => ".local/share",
        };
        let home = self.home()?;
        match packaging {
            // Firefox and Thunderbird call the folder that all their versions share their home, Chromium another.
            Packaging::Snap => {
                let shared = if program.lists == Lists::Profiles { "common" } else { "current" };
                Some(home.join("snap").join(program.snap).join(shared).join(usual))
                    .filter(|_| !program.snap.is_empty())
            }
            Packaging::Flatpak => {
                let own = usual.trim_start_matches(".local/share").trim_start_matches('.');
                let own = if matches!(base, Data) { "data" } else { own };
                Some(home.join(".var/app").join(program.flatpak).join(own))
            }
            Packaging::Package | Packaging::Archive | Packaging::Unknown => match base {
                Home => Some(home.to_owned()),
                Config => self.home_folder("XDG_CONFIG_HOME", usual),
                Data => self.home_folder("XDG_DATA_HOME", usual),
            },
        }
    }

    /// The folders with a list each, or in which a program will look for one.
    pub fn profiles(&self, program: &Known, packaging: Packaging) -> Vec<PathBuf> {
        let places = self.places(program, packaging);
        match program.lists {
            Lists::None => Vec::new(),
            Lists::Shared => {
                let there = places.iter().find(|place| self.root.has(place));
                there.or(places.last()).cloned().into_iter().collect()
            }
            Lists::Profiles => places.iter().flat_map(|place| self.profiles_in(place)).collect(),
        }
    }

    /// The profiles of a place: those that Mozilla's list names, and those that have a list of modules.
    pub(super) fn profiles_in(&self, place: &Path) -> Vec<PathBuf> {
        let named = named_profiles(&self.root.text(place.join(PROFILES)), place);
        let seen = self.root.entries(place).into_iter().filter(|folder| self.root.has(folder.join(LIST)));
        let all: BTreeSet<PathBuf> =
            named.into_iter().filter(|folder| self.root.has(folder)).chain(seen).collect();
        all.into_iter().take(MOST_PROFILES).collect()
    }
}

/// The profiles that `profiles.ini` names, relative to its folder or not.
fn named_profiles(list: &str, place: &Path) -> Vec<PathBuf> {
    let (mut found, mut relative, mut path) = (Vec::new(), true, None);
    let mut take = |path: &mut Option<&str>, relative: bool| {
        let folder = path.take().map(|path| if relative { place.join(path) } else { PathBuf::from(path) });
        found.extend(folder.filter(|folder| folder.is_absolute()));
    };
    for line in list.lines().map(str::trim) {
        match line.split_once('=') {
            Some(("Path", name)) if !name.is_empty() => path = Some(name),
            Some(("IsRelative", number)) => relative = number != "0",
            Some(_) => {}
            None if line.starts_with('[') => {
                take(&mut path, relative);
                relative = true;
            }
            None => {}
        }
    }
    take(&mut path, relative);
    found
}

#[cfg(test)]
mod tests {
    use super::super::furnished::Furnished;
    use super::*;

    fn program(id: &str) -> &'static Known {
        PROGRAMS.iter().find(|known| known.id == id).unwrap()
    }

    fn system(place: &Furnished) -> System {
        System::new(place.path(), [("HOME".into(), "/home/me".into())])
    }

    #[test]
    fn each_packaging_has_its_places() {
        let system = System::new(Path::new("/nowhere"), [("HOME".into(), "/h".into())]);
        for (id, packaging, expected) in [
            (
                "firefox",
                Packaging::Package,
                &["/h/.config/mozilla/firefox", "/h/.mozilla/firefox", "/h/.mozilla/firefox-esr"][..],
            ),
            (
                "firefox",
                Packaging::Snap,
                &[
                    "/h/snap/firefox/common/.config/mozilla/firefox",
                    "/h/snap/firefox/common/.mozilla/firefox",
                    "/h/snap/firefox/common/.mozilla/firefox-esr",
                ],
            ),
            (
                "firefox",
                Packaging::Flatpak,
                &[
                    "/h/.var/app/org.mozilla.firefox/config/mozilla/firefox",
                    "/h/.var/app/org.mozilla.firefox/.mozilla/firefox",
                    "/h/.var/app/org.mozilla.firefox/.mozilla/firefox-esr",
                ],
            ),
            ("edge", Packaging::Unknown, &["/h/.pki/nssdb", "/h/.local/share/pki/nssdb"]),
            (
                "chromium",
                Packaging::Snap,
                &["/h/snap/chromium/current/.pki/nssdb", "/h/snap/chromium/current/.local/share/pki/nssdb"],
            ),
            (
                "chrome",
                Packaging::Flatpak,
                &["/h/.var/app/com.google.Chrome/.pki/nssdb", "/h/.var/app/com.google.Chrome/data/pki/nssdb"],
            ),
            ("libreoffice", Packaging::Package, &[]),
        ] {
            let places: Vec<PathBuf> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(system.places(program(id), packaging), places, "{id} {packaging:?}");
        }
        let elsewhere = [("HOME", "/h"), ("XDG_CONFIG_HOME", "/c"), ("XDG_DATA_HOME", "/d")];
        let elsewhere = System::new(Path::new("/nowhere"), elsewhere.map(|(a, b)| (a.into(), b.into())));
        assert_eq!(elsewhere.places(program("brave"), Packaging::Package)[1], Path::new("/d/pki/nssdb"));
        assert_eq!(
            elsewhere.places(program("firefox"), Packaging::Package)[0],
            Path::new("/c/mozilla/firefox")
        );
    }

    #[test]
    fn programs_are_found_however_they_are_packaged() {
        let place = Furnished::new(&[
            ("usr/bin/firefox", "#!/bin/sh\nexec /snap/bin/firefox \"$@\"\n"),
            ("snap/bin/firefox", ""),
            ("usr/bin/chromium", "\x7FELF"),
            ("opt/thunderbird/thunderbird", ""),
            ("home/me/librewolf/librewolf", ""),
            ("var/lib/flatpak/app/org.mozilla.Thunderbird/current", ""),
            ("home/me/.local/share/flatpak/app/com.google.Chrome/current", ""),
        ]);
        for (id, expected) in [
            ("firefox", &[Packaging::Snap][..]),
            ("chromium", &[Packaging::Package]),
            ("thunderbird", &[Packaging::Archive, Packaging::Flatpak]),
            ("librewolf", &[Packaging::Archive]),
            ("chrome", &[Packaging::Flatpak]),
            ("edge", &[]),
        ] {
            assert_eq!(system(&place).packagings(program(id)), expected, "{id}");
        }
    }

    /// The package is told when one of them is installed.
    #[test]
    fn packages_know_what_is_told_for_everybody() {
        let listed: BTreeSet<&str> = include_str!("../../../packaging/programs").lines().collect();
        let with_lists = PROGRAMS.iter().filter(|known| known.lists != Lists::None);
        let known = with_lists.flat_map(|known| known.binaries).copied();
        assert_eq!(listed, known.chain(["avain-web"]).collect());
    }

    #[test]
    fn profiles_that_are_named_or_only_there() {
        let ini = "[General]\nVersion=2\n[Profile1]\nName=x\nIsRelative=1\nPath=a b.default\nDefault=1\n\
                   [Profile0]\nPath=/srv/p\nIsRelative=0\n[Profile2]\nPath=gone\n[Profile3]\nPath=\n";
        let place = Furnished::new(&[
            ("home/me/.mozilla/firefox/profiles.ini", ini),
            ("home/me/.mozilla/firefox/a b.default/prefs.js", ""),
            ("home/me/.mozilla/firefox/other/pkcs11.txt", ""),
            ("home/me/.mozilla/firefox/Crash Reports/x", ""),
            ("srv/p/prefs.js", ""),
        ]);
        let found = system(&place).profiles(program("firefox"), Packaging::Package);
        let firefox = Path::new("/home/me/.mozilla/firefox");
        assert_eq!(found, [firefox.join("a b.default"), firefox.join("other"), "/srv/p".into()]);
    }

    #[test]
    fn chromium_chooses_among_its_two_folders() {
        let (old, new) = ("home/me/.pki/nssdb/x", "home/me/.local/share/pki/nssdb/x");
        for (files, chosen) in [
            (&[][..], "/home/me/.local/share/pki/nssdb"),
            (&[(new, "")], "/home/me/.local/share/pki/nssdb"),
            (&[(old, "")], "/home/me/.pki/nssdb"),
            (&[(old, ""), (new, "")], "/home/me/.pki/nssdb"),
            (&[("home/me/.pki/x", "")], "/home/me/.local/share/pki/nssdb"),
        ] {
            let place = Furnished::new(files);
            assert_eq!(system(&place).profiles(program("vivaldi"), Packaging::Package), [Path::new(chosen)]);
        }
    }
}

//! Where PKCS #11 modules are registered for all programs: the configuration of p11-kit, and policies of browsers.

use super::System;
use super::files::Reading;
use super::installed::{Known, Lists};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Card software, by a part of the file name of its module in lower case.
const PRODUCTS: [(&str, Product); 8] = [
    ("avain", Product::Avain),
    ("opensc", Product::Other("OpenSC")),
    ("cryptoki", Product::Other("mPollux DigiSign")),
    ("web-eid", Product::Other("Web eID")),
    ("atostek", Product::Other("Atostek ID")),
    ("beidpkcs11", Product::Other("Belgium eID")),
    ("otlv-pkcs11", Product::Other("Latvia eID")),
    ("mcard-pkcs11", Product::Other("mCard of Lithuania")),
];
/// Where p11-kit looks for its system-wide configuration (pkcs11.conf(5)).
const CONFIGURED: [&str; 2] = ["/usr/share/p11-kit/modules", "/etc/pkcs11/modules"];
/// The name of the module's file.
const MODULE: &str = "avain-pkcs11.so";
/// What says that NSS, and so every browser and mail program of the system, loads the modules of p11-kit (Fedora).
const NSS_FOLLOWS: [&str; 2] =
    ["/etc/crypto-policies/back-ends/nss.config", "/etc/crypto-policies/local.d/nss-p11-kit.config"];
/// Where libraries are, and folders with libraries for one architecture.
const LIBRARIES: [&str; 3] = ["/usr/lib64", "/usr/lib", "/usr/local/lib"];
/// Policies for Firefox and Thunderbird.
const POLICIES: [&str; 8] = [
    "/etc/firefox/policies/policies.json",
    "/usr/lib/firefox/distribution/policies.json",
    "/usr/lib64/firefox/distribution/policies.json",
    "/usr/lib/firefox-esr/distribution/policies.json",
    "/etc/thunderbird/policies/policies.json",
    "/usr/lib/thunderbird/distribution/policies.json",
    "/usr/lib64/thunderbird/distribution/policies.json",
    "/opt/firefox/distribution/policies.json",
];

/// Whose module it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Avain.
    Avain,
    /// Other card software.
    Other(&'static str),
    /// A module that is not known to have to do with identity cards.
    Unknown,
}

impl Product {
    pub(crate) fn of(module: &str) -> Self {
        let name = module.rsplit('/').next().unwrap_or(module).to_lowercase();
        PRODUCTS
            .iter()
            .find(|(part, _)| name.contains(part))
            .map_or(Product::Unknown, |(_, product)| *product)
    }
}

/// A file that registers a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    /// The file.
    pub file: PathBuf,
    /// The module, as it is named there.
    pub module: String,
    /// Whose it is.
    pub product: Product,
    /// Does the file of the module exist?
    pub there: bool,
}

impl System {
    /// All registered modules but those that the user has p11-kit leave out, and the files that cannot be read.
    pub fn namings(&self) -> (Vec<Naming>, Vec<PathBuf>) {
        let own = self.config_folder().map(|folder| folder.join("pkcs11/modules"));
        let folders = CONFIGURED.iter().map(PathBuf::from).chain(own.clone());
        let left_out: Vec<_> = own.iter().flat_map(|folder| self.left_out(folder)).collect();
        let configured = folders.flat_map(|folder| self.root.entries(folder));
        let configured = configured.filter(|file| left_out.iter().all(|name| file.file_name() != Some(name)));
        let configured = configured.filter(|file| file.extension().is_some_and(|end| end == "module"));
        let (mut found, mut unreadable) = (Vec::new(), Vec::new());
        for (file, modules) in configured
            .map(|file| (file, configured_modules as fn(&str) -> Vec<String>))
            .chain(POLICIES.iter().map(|file| (PathBuf::from(file), prescribed_modules as _)))
        {
            match self.root.read(&file) {
                Reading::Text(text) => {
                    found.extend(modules(&text).into_iter().map(|module| self.naming(&file, module)));
                }
                Reading::Unreadable => unreadable.push(file),
                Reading::Missing => {}
            }
        }
        (found, unreadable)
    }

    /// The names of files in a folder that say that a module is for no program.
    fn left_out(&self, folder: &Path) -> Vec<OsString> {
        let is_left_out = |file: &PathBuf| {
            let text = self.root.text(file);
            text.lines()
                .filter_map(|line| line.split_once(':'))
                .any(|(key, value)| key.trim() == "enable-in" && value.trim().is_empty())
        };
        let files = self.root.entries(folder).into_iter().filter(is_left_out);
        files.filter_map(|file| file.file_name().map(ToOwned::to_owned)).collect()
    }

    /// The module of Avain, where it is installed: beside the tool, or in a folder of modules.
    pub fn module(&self, tool: Option<&Path>) -> Option<PathBuf> {
        let beside = tool.and_then(|tool| Some(tool.parent()?.parent()?.join("lib")));
        let below = |folder: &PathBuf| {
            [folder.join("pkcs11"), folder.join(format!("{}-linux-gnu/pkcs11", std::env::consts::ARCH))]
        };
        let folders = beside.into_iter().chain(LIBRARIES.map(PathBuf::from));
        let mut files = folders.flat_map(|folder| below(&folder)).map(|folder| folder.join(MODULE));
        files.find(|file| self.root.has(file))
    }

    /// Does a program of the system get the modules of p11-kit by itself?
    pub fn follows_p11_kit(&self, program: &Known) -> bool {
        program.lists != Lists::None
            && NSS_FOLLOWS.iter().any(|file| self.root.text(file).contains("p11-kit-proxy"))
    }

    /// The file of policies that a program reads: the administrator's, or else the one that came with it.
    pub fn policy_file(&self, program: &Known) -> PathBuf {
        let usual = PathBuf::from(format!("/etc/{}/policies/policies.json", program.id));
        let mine = POLICIES
            .iter()
            .map(PathBuf::from)
            .filter(|file| file.to_string_lossy().contains(&format!("/{}", program.id)));
        let mut there = mine.filter(|file| self.root.has(file));
        if self.root.has(&usual) { usual } else { there.next().unwrap_or(usual) }
    }

    /// Does a program of the system do what policies say of modules? Thunderbird 140 does not know that policy, 153 takes it.
    pub fn heeds_policies(&self, program: &Known) -> bool {
        const SINCE: u32 = 153;
        let version = |folder: &&str| {
            let about = self.root.text(format!("{folder}/thunderbird/application.ini"));
            about
                .lines()
                .find_map(|line| line.strip_prefix("Version=")?.split('.').next()?.parse::<u32>().ok())
        };
        let mut versions = ["/usr/lib", "/usr/lib64", "/opt"].iter().filter_map(version);
        program.id != "thunderbird" || versions.next().is_some_and(|version| version >= SINCE)
    }

    fn naming(&self, file: &Path, module: String) -> Naming {
        let (product, there) = (Product::of(&module), self.has_library(&module));
        Naming { file: file.to_owned(), module, product, there }
    }

    /// Does this library exist? A bare name is looked for where the loader and p11-kit look.
    pub(super) fn has_library(&self, name: &str) -> bool {
        if name.contains('/') {
            return self.root.has(name);
        }
        let below = |folder: &&str| self.root.entries(folder);
        let folders = LIBRARIES.iter().flat_map(below).chain(LIBRARIES.map(PathBuf::from));
        let mut places = folders.flat_map(|folder| [folder.join(name), folder.join("pkcs11").join(name)]);
        places.any(|place| self.root.has(place))
    }
}

/// The module in a configuration file of p11-kit (pkcs11.conf(5)).
fn configured_modules(text: &str) -> Vec<String> {
    let modules = text.lines().filter_map(|line| line.trim().strip_prefix("module:"));
    modules.map(|module| module.trim().to_owned()).filter(|module| !module.is_empty()).collect()
}

/// The modules that a policy adds: all of its values that look like the file name of a library.
fn prescribed_modules(text: &str) -> Vec<String> {
    let strings = text.split('"').skip(1).step_by(2);
    strings.filter(|string| string.ends_with(".so")).map(|string| string.replace("\\/", "/")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::furnished::Furnished;
    use super::*;

    #[test]
    fn modules_that_are_named_somewhere() {
        let policy =
            r#"{"policies": {"SecurityDevices": {"Add": {"Avain": "\/usr\/lib\/avain-pkcs11.so"}}}}"#;
        let place = Furnished::new(&[
            ("usr/share/p11-kit/modules/avain.module", "# ours\nmodule: /opt/gone/avain-pkcs11.so\n"),
            ("usr/share/p11-kit/modules/trust.module", "module: p11-kit-trust.so\ntrust-policy: yes\n"),
            ("usr/share/p11-kit/modules/readme.txt", "module: /x.so\n"),
            ("usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-trust.so", ""),
            ("etc/pkcs11/modules/empty.module", "module:\n"),
            ("home/me/.config/pkcs11/modules/opensc.module", " module: onepin-opensc-pkcs11.so\n"),
            ("etc/firefox/policies/policies.json", policy),
            ("usr/lib/avain-pkcs11.so", ""),
            ("etc/pkcs11/modules/left-out.module", "module: opensc-pkcs11.so\n"),
            ("home/me/.config/pkcs11/modules/left-out.module", "enable-in:\n"),
            ("etc/thunderbird/policies/policies.json", "nothing like JSON: \"\""),
        ]);
        std::fs::create_dir(place.path().join("etc/pkcs11/modules/folder.module")).unwrap();
        let naming = |file: &str, module: &str, product, there| Naming {
            file: file.into(),
            module: module.to_owned(),
            product,
            there,
        };
        let system = System::new(place.path(), [("HOME".into(), "/home/me".into())]);
        let (found, unreadable) = system.namings();
        assert_eq!(
            found,
            [
                naming(
                    "/usr/share/p11-kit/modules/avain.module",
                    "/opt/gone/avain-pkcs11.so",
                    Product::Avain,
                    false
                ),
                naming("/usr/share/p11-kit/modules/trust.module", "p11-kit-trust.so", Product::Unknown, true),
                naming(
                    "/home/me/.config/pkcs11/modules/opensc.module",
                    "onepin-opensc-pkcs11.so",
                    Product::Other("OpenSC"),
                    false
                ),
                naming(
                    "/etc/firefox/policies/policies.json",
                    "/usr/lib/avain-pkcs11.so",
                    Product::Avain,
                    true
                ),
            ]
        );
        assert_eq!(unreadable, [Path::new("/etc/pkcs11/modules/folder.module")]);
    }
}

//! Signs of what keeps cards from being used, in files.

use super::System;
use std::path::PathBuf;
use std::time::SystemTime;

/// Where the service is.
const SERVICES: [&str; 4] = ["/usr/sbin/pcscd", "/usr/bin/pcscd", "/usr/local/sbin/pcscd", "/sbin/pcscd"];
/// The rights that polkit gives to those who sit at the computer.
const POLKIT: &str = "/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy";
/// Where the driver for nearly all readers is.
const DRIVERS: [&str; 4] = [
    "/usr/lib/pcsc/drivers/ifd-ccid.bundle",
    "/usr/lib64/pcsc/drivers/ifd-ccid.bundle",
    "/usr/libexec/pcsc/drivers/ifd-ccid.bundle",
    "/usr/local/lib/pcsc/drivers/ifd-ccid.bundle",
];
const USB: &str = "/sys/bus/usb/devices";
/// The class of card readers (USB).
const READER: &str = "0b";
/// Logs with what was refused, and the words that say so.
const LOGS: [&str; 3] = ["/var/log/audit/audit.log", "/var/log/kern.log", "/var/log/syslog"];
const DENIALS: [&str; 2] = ["apparmor=\"DENIED\"", "avc:  denied"];
/// What the refused has to do with.
const OURS: [&str; 3] = ["avain", "pcscd.comm", "pcscd"];

/// What packages are called, and how they are installed.
pub(crate) struct Packages {
    /// Systems, as os-release(5) calls them.
    systems: &'static [&'static str],
    command: &'static str,
    /// That of the smart card service.
    pub(crate) service: &'static str,
    /// That of the driver for nearly all readers.
    pub(crate) driver: &'static str,
    /// That of certutil, which writes certificates for browsers.
    pub(crate) certutil: &'static str,
}

const PACKAGES: [Packages; 4] = [
    Packages {
        systems: &["debian", "ubuntu"],
        command: "sudo apt install",
        service: "pcscd",
        driver: "libccid",
        certutil: "libnss3-tools",
    },
    Packages {
        systems: &["fedora", "rhel"],
        command: "sudo dnf install",
        service: "pcsc-lite",
        driver: "pcsc-lite-ccid",
        certutil: "nss-tools",
    },
    Packages {
        systems: &["arch"],
        command: "sudo pacman -S",
        service: "pcsclite",
        driver: "ccid",
        certutil: "nss",
    },
    Packages {
        systems: &["suse", "opensuse"],
        command: "sudo zypper install",
        service: "pcsc-lite",
        driver: "pcsc-ccid",
        certutil: "mozilla-nss-tools",
    },
];

impl System {
    /// Is the smart card service installed?
    pub(crate) fn has_card_service(&self) -> bool {
        SERVICES.iter().any(|file| self.root.has(file))
    }

    /// Is the driver for nearly all readers installed?
    pub(crate) fn has_driver(&self) -> bool {
        DRIVERS.iter().any(|folder| self.root.has(folder))
    }

    /// Does polkit decide who may use cards?
    pub(crate) fn has_polkit_rules_for_cards(&self) -> bool {
        self.root.has(POLKIT)
    }

    /// Does the user sit at the computer, as far as the session manager and the environment tell?
    pub(crate) fn is_at_the_computer(&self) -> bool {
        if self.variable("SSH_CONNECTION").is_some() {
            return false;
        }
        let session = self
            .variable("XDG_SESSION_ID")
            .map(|id| format!("/run/systemd/sessions/{}", id.to_string_lossy()));
        let told = session.map(|file| self.root.text(file)).unwrap_or_default();
        !told.lines().any(|line| matches!(line, "ACTIVE=0" | "REMOTE=1"))
    }

    /// Is this the inside of a Flatpak sandbox?
    pub(crate) fn is_in_flatpak(&self) -> bool {
        self.root.has("/.flatpak-info")
    }

    /// Vendor and product of each card reader that is plugged in.
    pub(crate) fn usb_readers(&self) -> Vec<(String, String)> {
        let devices = self.root.entries(USB);
        let is_reader =
            |interface: &PathBuf| self.root.text(interface.join("bInterfaceClass")).trim() == READER;
        let device = |interface: PathBuf| {
            let name = interface.file_name()?.to_str()?.split(':').next()?.to_owned();
            let text =
                |file: &str| self.root.text(PathBuf::from(USB).join(&name).join(file)).trim().to_owned();
            Some((text("idVendor"), text("idProduct")))
        };
        devices.into_iter().filter(is_reader).filter_map(device).collect()
    }

    /// The last line of a log that says that something about cards was refused.
    pub(crate) fn denial(&self) -> Option<(PathBuf, String)> {
        let is_one = |line: &&str| {
            DENIALS.iter().any(|word| line.contains(word)) && OURS.iter().any(|word| line.contains(word))
        };
        LOGS.iter().find_map(|log| {
            let text = self.root.text(log);
            text.lines().rev().find(is_one).map(|line| (PathBuf::from(log), line.to_owned()))
        })
    }

    /// Is it earlier than when the system was installed?
    pub(crate) fn clock_is_behind(&self) -> bool {
        let file = std::fs::metadata(self.real("/etc/os-release")).and_then(|about| about.modified());
        file.is_ok_and(|installed| SystemTime::now() < installed)
    }

    /// The command that installs a package which each distribution calls in its own way, where it is known.
    pub(crate) fn to_install(&self, package: impl Fn(&Packages) -> &'static str) -> Option<String> {
        let told = self.root.text("/etc/os-release");
        let told = if told.is_empty() { self.root.text("/usr/lib/os-release") } else { told };
        let ids = |line: &str| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")).map(str::to_owned);
        let names = |name: &str| {
            told.lines().filter_map(ids).any(|ids| ids.trim_matches('"').split(' ').any(|id| id == name))
        };
        let packages = PACKAGES.iter().find(|packages| packages.systems.iter().any(|name| names(name)))?;
        Some(format!("{} {}", packages.command, package(packages)))
    }
}

//! A program in a Flatpak sandbox: p11-kit serves the module on a socket outside, the program gets leave to use that
//! socket, and loads p11-kit's client inside. So no card protocol and no library of the system is needed in the sandbox.

use super::nss::CLIENT;
use std::path::{Path, PathBuf};

/// The one folder of sockets that flatpak's own helper does not take away from a program (tried: another name does not do).
const SOCKETS: &str = "xdg-run/p11-kit";
const GROUP: &str = "[Context]";
const KEY: &str = "filesystems=";
/// The units that newer versions of p11-kit bring.
pub(super) const THEIRS: &str = "p11-kit-server";
/// Ours, where it brings none.
pub(super) const OURS: &str = "avain-p11-kit";

/// Where the client is in the sandbox, whose file system is that of the freedesktop runtime.
pub(super) fn client() -> PathBuf {
    Path::new("/usr/lib").join(format!("{}-linux-gnu/pkcs11", std::env::consts::ARCH)).join(CLIENT)
}

/// The overrides of a program (flatpak-metadata(5)) with leave to use the socket.
pub(super) fn with_socket(overrides: &str) -> String {
    if has_socket(overrides) {
        return overrides.to_owned();
    }
    if let Some(at) = filesystems(overrides) {
        let (before, after) = overrides.split_at_checked(at).unwrap_or((overrides, ""));
        return format!("{before}{SOCKETS};{after}");
    }
    match overrides.split_inclusive('\n').position(|line| line.trim() == GROUP) {
        Some(place) => {
            let lines = overrides.split_inclusive('\n').enumerate();
            let line = |(number, line): (usize, &str)| match number == place {
                true => format!("{}\n{KEY}{SOCKETS};\n", line.trim_end_matches('\n')),
                false => line.to_owned(),
            };
            lines.map(line).collect()
        }
        None => format!("{}{overrides}", alone()),
    }
}

/// What stands for our own group where there is none.
fn alone() -> String {
    format!("{GROUP}\n{KEY}{SOCKETS};\n\n")
}

/// The overrides without that leave; `None` if nothing is left.
pub(super) fn without_socket(overrides: &str) -> Option<String> {
    let rest = match overrides.strip_prefix(&alone()) {
        Some(rest) => rest.to_owned(),
        None => {
            let lines =
                overrides.split_inclusive('\n').filter(|line| line.trim() != format!("{KEY}{SOCKETS};"));
            lines.map(without_ours).collect()
        }
    };
    (!rest.trim().is_empty() && rest.trim() != GROUP).then_some(rest)
}

fn without_ours(line: &str) -> String {
    match line.strip_prefix(KEY) {
        Some(folders) => {
            let kept = folders.split_inclusive(';').filter(|folder| folder.trim_end_matches(';') != SOCKETS);
            format!("{KEY}{}", kept.collect::<String>())
        }
        None => line.to_owned(),
    }
}

/// Has it that leave?
pub(super) fn has_socket(overrides: &str) -> bool {
    let folders = overrides.lines().filter_map(|line| line.strip_prefix(KEY));
    folders.flat_map(|folders| folders.split(';')).any(|folder| folder.trim() == SOCKETS)
}

/// Where the folders begin, if the group lists any.
fn filesystems(overrides: &str) -> Option<usize> {
    let group = overrides.find(GROUP)?;
    let rest = overrides.get(group..)?;
    let key = rest.find(&format!("\n{KEY}"))?;
    let next = rest.get(1..)?.find("\n[").unwrap_or(usize::MAX);
    (key <= next).then(|| group.saturating_add(key).saturating_add(1).saturating_add(KEY.len()))
}

/// The socket on which systemd starts the server when a program comes.
pub(super) fn socket_unit() -> String {
    format!(
        "[Unit]\nDescription=Avain for programs in a sandbox\n\n\
         [Socket]\nListenStream=%t/p11-kit/pkcs11\nSocketMode=0600\nService={OURS}.service\n\n\
         [Install]\nWantedBy=sockets.target\n"
    )
}

/// The server. It has no module but Avain.
pub(super) fn service_unit(module: &Path) -> String {
    let module = module.to_string_lossy().replace('%', "%%");
    format!(
        "[Unit]\nDescription=Avain for programs in a sandbox\nRequires={OURS}.socket\n\n\
         [Service]\nType=simple\nStandardError=journal\n\
         ExecStart=/usr/bin/p11-kit server --foreground --name %t/p11-kit/pkcs11 --provider \"{module}\" pkcs11:\n"
    )
}

/// What has systemd listen from the beginning of a session.
pub(super) fn wanted(unit: &str) -> String {
    format!("[Unit]\nWants={unit}.socket\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leave_is_given_and_taken_back() {
        let ours = "filesystems=xdg-run/p11-kit;";
        for (before, after) in [
            ("", format!("[Context]\n{ours}\n\n")),
            ("[Environment]\nA=1\n", format!("[Context]\n{ours}\n\n[Environment]\nA=1\n")),
            ("[Context]\nsockets=x11;\n", format!("[Context]\n{ours}\nsockets=x11;\n")),
            (
                "[Context]\nsockets=x11;\nfilesystems=home;!/a;\n",
                format!("[Context]\nsockets=x11;\n{ours}home;!/a;\n"),
            ),
            (
                "[Context]\nx=1\n[Other]\nfilesystems=home;\n",
                format!("[Context]\n{ours}\nx=1\n[Other]\nfilesystems=home;\n"),
            ),
        ] {
            let given = with_socket(before);
            assert_eq!(given, after);
            assert_eq!(with_socket(&given), given);
            assert_eq!(without_socket(&given).unwrap_or_default(), before);
        }
    }
}

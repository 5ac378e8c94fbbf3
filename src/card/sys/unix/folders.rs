//! Where settings are: XDG base directories, and `/etc`.

use std::ffi::OsString;
use std::path::PathBuf;

/// The settings of the computer.
pub(crate) const OF_COMPUTER: &str = "/etc/avain/avain.toml";

/// The folder of a user's settings, by the environment.
pub(crate) fn of_settings(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let absolute = |name| variable(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))
}

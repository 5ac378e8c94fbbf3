//! Where settings are: what Windows calls the roaming folder of the user, and the one for all users, by its usual place,
//! because the environment is the user's.

use std::ffi::OsString;
use std::path::PathBuf;

/// The settings of the computer.
pub(crate) const OF_COMPUTER: &str = r"C:\ProgramData\avain\avain.toml";

/// The folder of a user's settings, by the environment.
pub(crate) fn of_settings(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    variable("APPDATA").map(PathBuf::from).filter(|folder| folder.is_absolute())
}

//! The card access numbers that the user of the sandbox has stored.

use simcard::Card;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::{env, fs, io};

/// What is printed on every simulated card of which nothing else is said.
pub const NUMBER: &str = "571500";

/// The file. Only in the private folder of the sandbox.
pub fn file() -> Option<PathBuf> {
    env::var_os("AVAIN_SANDBOX")?;
    Some(PathBuf::from(env::var_os("XDG_CONFIG_HOME")?).join("avain/card-access-numbers"))
}

/// Stores these lines, and nothing else.
///
/// # Errors
/// Outside the sandbox, or where the file cannot be written.
pub fn store(lines: &[&str]) -> io::Result<()> {
    let path = file().ok_or(io::ErrorKind::NotFound)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(&path, format!("avain card access numbers 1\n{lines}"))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))
}

/// Whoever has a card that opens with its number alone, by contacts, too, has stored that number.
pub(crate) fn store_that_of(card: &Card) {
    if card.description().wants_channel() {
        let _ = store(&[&format!("{NUMBER}\t0")]);
    }
}

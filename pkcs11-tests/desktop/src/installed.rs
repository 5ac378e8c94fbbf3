//! The programs under test, where `make install` has put them.

use std::path::PathBuf;

/// The folder into which they were installed (PREFIX). It need not be there for tests of the session itself.
pub fn folder() -> PathBuf {
    let usual = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/desktop"));
    std::env::var_os("AVAIN_DESKTOP").map_or_else(usual, PathBuf::from)
}

/// The file of a program.
///
/// # Panics
/// Where it is not installed.
pub fn program(name: &str) -> PathBuf {
    let places = ["bin", "libexec"].map(|place| folder().join(place).join(name));
    let found = places.into_iter().find(|path| path.exists());
    found.unwrap_or_else(|| {
        panic!("no {name} in {}: `make desktop-installed` puts it there", folder().display())
    })
}

//! Python programs from PyPI, in a virtual environment that `make check-clients` sets up.

use std::path::PathBuf;

/// A program of the virtual environment: `python`, `pyhanko`.
///
/// # Panics
/// Where it is not there.
pub fn python(program: &str) -> PathBuf {
    let path = crate::task::folder().join("venv/bin").join(program);
    assert!(path.exists(), "{} is not there: make check-clients makes it", path.display());
    path
}

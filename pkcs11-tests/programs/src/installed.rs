//! Where things are on this system: what `set-up.sh` put into cargo's target folder, and what the distribution has.

use std::path::{Path, PathBuf};
use std::process::Command;

use kit::run;

/// `programs` in cargo's target folder; in it `clients` and `suites`.
///
/// # Panics
/// If this program is not there itself.
pub fn folder() -> PathBuf {
    let program = std::env::current_exe().expect("this program's path");
    let target = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    target.expect("this program is in cargo's target folder").join("programs")
}

/// What `set-up.sh clients` installed: `venv/bin/pyhanko`.
///
/// # Panics
/// If it is not there.
pub fn for_clients(name: &str) -> PathBuf {
    existing(folder().join("clients").join(name), "make check-clients")
}

/// What `set-up.sh suites` installed: `p11test`.
///
/// # Panics
/// If it is not there.
pub fn for_suites(name: &str) -> PathBuf {
    existing(folder().join("suites").join(name), "make suites")
}

/// The version of a package in a Python environment.
///
/// # Panics
/// If the package is not there.
pub fn python_version(python: &Path, package: &str) -> String {
    let code = format!("import importlib.metadata as m; print(m.version('{package}'))");
    run(Command::new(python).args(["-c", &code])).trim().to_owned()
}

/// A script of ours: `suites/isolated.py`.
pub fn script(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "scripts", name].iter().collect()
}

/// A library that programs load, where Debian, Fedora and others put it.
///
/// # Panics
/// If it is at none of these places.
pub fn library(name: &str) -> PathBuf {
    let triplet = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    let places = [&triplet, "/usr/lib64", "/usr/lib"].map(|folder| PathBuf::from(folder).join(name));
    places.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{name} is not on this system"))
}

fn existing(path: PathBuf, made_by: &str) -> PathBuf {
    assert!(path.exists(), "{} is not there: {made_by} makes it", path.display());
    path
}

//! Sets the flag `recordings` where the recordings of real cards are at hand: in the folder that `AVAIN_TRACES` names, or
//! in `shared/traces` beside the checkout. They are not part of the repository.

use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=AVAIN_TRACES");
    println!("cargo::rustc-check-cfg=cfg(recordings)");
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo");
    let beside = Path::new(&here).join("../../../shared/traces");
    let folder = std::env::var_os("AVAIN_TRACES").map_or(beside, PathBuf::from);
    if let Ok(folder) = folder.canonicalize() {
        println!("cargo::rerun-if-changed={}", folder.display());
        println!("cargo::rustc-env=RECORDINGS={}", folder.display());
        println!("cargo::rustc-cfg=recordings");
    }
}

//! Where things are on this system, and small change.

use std::path::PathBuf;

/// A library that programs load, at the places of Debian, of Fedora, and of others.
///
/// # Panics
/// Where it is at none of them.
pub fn library(name: &str) -> PathBuf {
    let triplet = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    let places = [&triplet, "/usr/lib64", "/usr/lib"].map(|folder| PathBuf::from(folder).join(name));
    places.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{name} is not on this system"))
}

/// Bytes from their hexadecimal digits.
///
/// # Panics
/// Where they are none.
pub fn unhex(text: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits");
    (0..text.len()).step_by(2).map(byte).collect()
}

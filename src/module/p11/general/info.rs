//! C_GetInfo (§5.4.3).

use crate::p11::fields::{MANUFACTURER, padded, version};
use cryptoki_sys::*;

/// C_GetInfo. Needs no reader.
pub fn module_info() -> CK_INFO {
    let number = |text: &str| text.parse().unwrap_or_default();
    CK_INFO {
        cryptokiVersion: version(CRYPTOKI_VERSION_MAJOR, CRYPTOKI_VERSION_MINOR),
        manufacturerID: padded(MANUFACTURER),
        flags: 0,
        libraryDescription: padded("Avain identity card module"),
        libraryVersion: version(
            number(env!("CARGO_PKG_VERSION_MAJOR")),
            number(env!("CARGO_PKG_VERSION_MINOR")),
        ),
    }
}

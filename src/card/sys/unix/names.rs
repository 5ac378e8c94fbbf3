//! The names of readers, which are in UTF-8.

use std::ffi::CStr;

/// A name to be read; what is not in UTF-8 is left out.
pub fn readable(name: &CStr) -> String {
    name.to_string_lossy().into_owned()
}

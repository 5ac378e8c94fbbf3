//! The names of readers, which are in the code page of the computer.

use std::ffi::CStr;
use windows_sys::Win32::Globalization::{CP_ACP, MultiByteToWideChar};

/// A name to be read.
pub fn readable(name: &CStr) -> String {
    let name = name.to_bytes();
    // No character has more units of UTF-16 than bytes.
    let mut units = vec![0; name.len()];
    let length = i32::try_from(name.len()).unwrap_or(0);
    // SAFETY: so many bytes, and room for so many units.
    let count = unsafe { MultiByteToWideChar(CP_ACP, 0, name.as_ptr(), length, units.as_mut_ptr(), length) };
    units.truncate(usize::try_from(count).unwrap_or(0));
    String::from_utf16_lossy(&units)
}

//! Names of readers as the functions of PC/SC have them: in UTF-8, but on Windows in the code page of the computer.

use std::ffi::CString;

/// A name with its NUL.
pub(crate) fn encoded(name: &str) -> Result<CString, String> {
    CString::new(bytes(name)).map_err(|error| error.to_string())
}

#[cfg(unix)]
fn bytes(name: &str) -> Vec<u8> {
    name.into()
}

#[cfg(windows)]
fn bytes(name: &str) -> Vec<u8> {
    use windows_sys::Win32::Globalization::{CP_ACP, WideCharToMultiByte};
    let units: Vec<u16> = name.encode_utf16().collect();
    // No code page has longer characters than UTF-8.
    let mut bytes = vec![0; name.len()];
    let (count, room) = (units.len() as i32, bytes.len() as i32);
    let (default, defaulted) = (std::ptr::null(), std::ptr::null_mut());
    // SAFETY: so many units, and room for so many bytes.
    let length = unsafe {
        WideCharToMultiByte(CP_ACP, 0, units.as_ptr(), count, bytes.as_mut_ptr(), room, default, defaulted)
    };
    bytes.truncate(length as usize);
    bytes
}

//! The privileges of this process.

use std::ffi::c_void;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use windows_sys::Win32::Security::*;
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// What the longest answer about a token takes here: a SID of 68 bytes and a pointer to it.
const LONGEST: usize = 16;

/// What the system says about the token of this process, in words, because it begins with a pointer.
pub(super) struct Told([u64; LONGEST]);

impl Told {
    /// The answer to a question.
    pub(super) fn of_process(question: TOKEN_INFORMATION_CLASS) -> io::Result<Self> {
        let token = token()?;
        let (mut told, mut length) = (Told([0; LONGEST]), 0);
        let room = u32::try_from(size_of_val(&told.0)).unwrap_or(0);
        let place: *mut c_void = told.0.as_mut_ptr().cast();
        // SAFETY: an open token, and room of that length for what it says.
        match unsafe { GetTokenInformation(token.as_raw_handle(), question, place, room, &raw mut length) } {
            0 => Err(io::Error::last_os_error()),
            _ => Ok(told),
        }
    }

    /// The SID in an answer that consists of a SID (TOKEN_USER, TOKEN_OWNER). It lies in this value.
    pub(super) fn sid(&self) -> PSID {
        // SAFETY: both structures begin with this pointer, and the value is aligned for one.
        unsafe { self.0.as_ptr().cast::<PSID>().read() }
    }
}

fn token() -> io::Result<OwnedHandle> {
    let mut token = std::ptr::null_mut();
    // SAFETY: a handle that always stands for this process.
    let process = unsafe { GetCurrentProcess() };
    // SAFETY: room for a handle.
    match unsafe { OpenProcessToken(process, TOKEN_QUERY, &raw mut token) } {
        0 => Err(io::Error::last_os_error()),
        // SAFETY: it was just opened, so nobody else owns it.
        _ => Ok(unsafe { OwnedHandle::from_raw_handle(token) }),
    }
}

/// Was the program given more privileges than the user who started it has (User Account Control)? Then its environment
/// cannot be trusted. Where that cannot be said, it is not trusted either.
pub(crate) fn is_elevated() -> bool {
    Told::of_process(TokenElevationType).map_or(true, |told| {
        // SAFETY: the answer to this question is one number.
        let kind = unsafe { told.0.as_ptr().cast::<TOKEN_ELEVATION_TYPE>().read() };
        kind == TokenElevationTypeFull
    })
}

//! Arguments that are read: bytes, PINs, names, the arguments of C_Initialize.

use super::{length, usable};
use crate::p11::Fault;
use crate::p11::general::lifecycle::InitArgs;
use cryptoki_sys::*;
use std::ffi::{CStr, c_void};

/// Bytes. NULL with length 0 is an empty slice.
///
/// # Safety
/// `start` is NULL or readable for `count` bytes as long as the result lives.
pub(crate) unsafe fn read_bytes<'c>(start: *const CK_BYTE, count: CK_ULONG) -> Result<&'c [u8], Fault> {
    let count = length(count)?;
    if count == 0 {
        return Ok(&[]);
    }
    usable(start)?;
    // SAFETY: not NULL, `count` fits an isize, and the caller vouches for the rest.
    Ok(unsafe { std::slice::from_raw_parts(start, count) })
}

/// Bytes that may be absent, as NULL with length 0: the signature of a message while more data follow (§5.16.4).
///
/// # Safety
/// As [`read_bytes`].
pub(crate) unsafe fn read_optional_bytes<'c>(
    start: *const CK_BYTE,
    count: CK_ULONG,
) -> Result<Option<&'c [u8]>, Fault> {
    if start.is_null() && count == 0 {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    unsafe { read_bytes(start, count) }.map(Some)
}

/// A PIN that a keypad cannot give.
///
/// # Safety
/// As [`read_bytes`].
pub(crate) unsafe fn read_pin<'c>(start: *const CK_UTF8CHAR, count: CK_ULONG) -> Result<&'c [u8], Fault> {
    usable(start)?;
    // SAFETY: as the caller vouches.
    unsafe { read_bytes(start, count) }
}

/// A PIN that may be absent, as NULL with length 0: that asks for the keypad of the reader (§5.6.8), or for nothing.
///
/// # Safety
/// As [`read_bytes`].
pub(crate) unsafe fn read_optional_pin<'c>(
    start: *const CK_UTF8CHAR,
    count: CK_ULONG,
) -> Result<Option<&'c [u8]>, Fault> {
    if start.is_null() && count == 0 {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    unsafe { read_pin(start, count) }.map(Some)
}

/// Checks the size of a per-message parameter (§5.14.2, §5.16.2): no mechanism here takes one.
pub(crate) fn no_parameter(size: CK_ULONG) -> Result<(), Fault> {
    if size == 0 { Ok(()) } else { Err(Fault::MechanismParamInvalid) }
}

/// The arguments of C_Initialize.
///
/// # Safety
/// `args` is NULL or points to a CK_C_INITIALIZE_ARGS.
pub(crate) unsafe fn read_init_args(args: *const c_void) -> Result<InitArgs, Fault> {
    if args.is_null() {
        return Ok(InitArgs::default());
    }
    let args: *const CK_C_INITIALIZE_ARGS = args.cast();
    usable(args)?;
    // SAFETY: checked, and the caller vouches for it.
    let args = unsafe { args.read() };
    let callbacks = [
        // Copies, because the structure is packed on Windows.
        { args.CreateMutex }.is_some(),
        { args.DestroyMutex }.is_some(),
        { args.LockMutex }.is_some(),
        { args.UnlockMutex }.is_some(),
    ];
    Ok(InitArgs {
        callbacks: callbacks.into_iter().map(u8::from).sum(),
        flags: args.flags,
        reserved: !args.pReserved.is_null(),
    })
}

/// The name of an interface, if one is given.
///
/// # Safety
/// `name` is NULL or a zero-terminated string.
pub(crate) unsafe fn read_interface_name(name: *const CK_UTF8CHAR) -> Result<Option<Vec<u8>>, Fault> {
    if name.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    let name = unsafe { CStr::from_ptr(name.cast()) };
    Ok(Some(name.to_bytes().to_vec()))
}

/// A version, if one is given.
///
/// # Safety
/// `version` is NULL or readable.
pub(crate) unsafe fn read_version(version: *const CK_VERSION) -> Result<Option<CK_VERSION>, Fault> {
    // SAFETY: as the caller vouches; a CK_VERSION is two bytes and always aligned.
    Ok(unsafe { version.as_ref() }.copied())
}

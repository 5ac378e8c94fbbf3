//! Memory that is not swapped out (`VirtualLock`). Dumps of the process contain it.

use std::ffi::c_void;
use std::io;
use std::ptr::NonNull;
use windows_sys::Win32::System::Memory::*;

/// So many zeros, and whether they are never swapped out: a process may lock a few dozen pages.
pub(in crate::sys) fn take(length: usize) -> io::Result<(NonNull<u8>, bool)> {
    // SAFETY: new pages at an address that the system chooses.
    let page = unsafe { VirtualAlloc(std::ptr::null(), length, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE) };
    let start = NonNull::new(page.cast()).ok_or_else(io::Error::last_os_error)?;
    // SAFETY: these pages, all of them.
    let locked = unsafe { VirtualLock(page, length) } != 0;
    Ok((start, locked))
}

/// Gives memory back, and unlocks it.
///
/// # Safety
/// [`take`] gave it, and nothing refers to it any more.
pub(in crate::sys) unsafe fn give_back(start: NonNull<u8>, _length: usize) {
    // SAFETY: as the caller vouches; a length of 0 stands for all of it.
    unsafe { VirtualFree(start.as_ptr().cast::<c_void>(), 0, MEM_RELEASE) };
}

//! Memory for secrets.

use std::io;
use std::ptr::NonNull;
use zeroize::Zeroize;

/// A page of memory that is not swapped out (`mlock`), not written to core dumps (`MADV_DONTDUMP`) and zeroed in
/// forked children (`MADV_WIPEONFORK`). It is overwritten before it is unmapped.
pub(crate) struct LockedPage {
    start: NonNull<u8>,
    locked: bool,
}

/// Pages are at least this long on every system that we build for; a secret is far shorter.
const LENGTH: usize = 4096;

// SAFETY: the page belongs to this value alone; nothing about it is tied to a thread.
unsafe impl Send for LockedPage {}
// SAFETY: shared references only read.
unsafe impl Sync for LockedPage {}

impl LockedPage {
    /// A new page of zeros. Locking and advice are best effort: a process that has reached its `RLIMIT_MEMLOCK` still
    /// gets a page, which [`LockedPage::is_locked`] tells from the others.
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: an anonymous private mapping at an address that the kernel chooses overlaps no memory in use.
        let page = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                LENGTH,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        if page == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // Miri supports neither.
        #[cfg(not(miri))]
        // SAFETY: `page` is a mapping of LENGTH bytes that this function has just made.
        let locked = unsafe { libc::mlock(page, LENGTH) } == 0;
        #[cfg(miri)]
        let locked = false;
        #[cfg(all(target_os = "linux", not(miri)))]
        for advice in [libc::MADV_DONTDUMP, libc::MADV_WIPEONFORK] {
            // SAFETY: as above; neither advice changes the mapping's content in this process.
            unsafe { libc::madvise(page, LENGTH, advice) };
        }
        NonNull::new(page.cast())
            .map(|start| LockedPage { start, locked })
            .ok_or_else(io::Error::last_os_error)
    }

    /// Is it never swapped out?
    pub(crate) fn is_locked(&self) -> bool {
        self.locked
    }

    /// The bytes of the page.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: `start` points to LENGTH initialised bytes that live as long as `self`.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), LENGTH) }
    }

    /// The bytes of the page, for writing.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as `bytes`, and `&mut self` keeps every other reference away.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), LENGTH) }
    }
}

impl Drop for LockedPage {
    fn drop(&mut self) {
        self.bytes_mut().zeroize();
        // SAFETY: the mapping was made by `new`, is LENGTH bytes long, and nothing refers to it any more.
        unsafe { libc::munmap(self.start.as_ptr().cast(), LENGTH) };
    }
}

#[cfg(test)]
mod tests {
    use super::LockedPage;

    #[test]
    fn a_page_keeps_what_is_written() {
        let mut page = LockedPage::new().unwrap();
        assert!(page.bytes().iter().all(|b| *b == 0));
        page.bytes_mut()[..4].copy_from_slice(b"1234");
        assert_eq!(&page.bytes()[..5], b"1234\0");
    }
}

//! Memory for secrets.

use super::system::pages;
use std::io;
use std::ptr::NonNull;
use zeroize::Zeroize;

/// A page of memory that is not swapped out, and on Linux neither written to core dumps nor passed on to forked children.
/// It is overwritten before it is given back.
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
    /// A new page of zeros. Locking is best effort: a process that may lock no more still gets a page, which [`LockedPage::is_locked`] tells from the others.
    pub(crate) fn new() -> io::Result<Self> {
        let (start, locked) = pages::take(LENGTH)?;
        Ok(LockedPage { start, locked })
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
        // SAFETY: it was taken by `new`, is LENGTH bytes long, and nothing refers to it any more.
        unsafe { pages::give_back(self.start, LENGTH) };
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

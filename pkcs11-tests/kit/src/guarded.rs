//! Memory behind which stands a page that nobody may touch: one byte read or written too far ends the program.

use std::ptr;

const UNTOUCHED: u8 = 0xC3;

/// Memory that ends at a page which can be neither read nor written.
pub struct Guarded {
    start: *mut u8,
    page: usize,
}

impl Default for Guarded {
    fn default() -> Self {
        Self::new()
    }
}

impl Guarded {
    /// Two pages, of which the second is closed.
    ///
    /// # Panics
    /// Where the system does not give them.
    pub fn new() -> Self {
        // SAFETY: asks for a number.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).expect("the size of a page");
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: a mapping at an address of the kernel's choice touches no memory in use.
        let start = unsafe { libc::mmap(ptr::null_mut(), 2 * page, access, kind, -1, 0) };
        assert_ne!(start, libc::MAP_FAILED);
        // SAFETY: the second page of the mapping.
        assert_eq!(unsafe { libc::mprotect(start.byte_add(page), page, libc::PROT_NONE) }, 0);
        Self { start: start.cast(), page }
    }

    /// The last `count` values before the end, every byte marked.
    pub fn room<T>(&self, count: usize) -> *mut T {
        // SAFETY: the first page is ours; the values end where it ends.
        unsafe {
            self.start.write_bytes(UNTOUCHED, self.page);
            self.start.add(self.page).cast::<T>().sub(count)
        }
    }

    /// The last bytes before the end, filled with these.
    pub fn holding(&self, bytes: &[u8]) -> *mut u8 {
        let room = self.room::<u8>(bytes.len());
        // SAFETY: so many bytes are there.
        unsafe { room.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        room
    }

    /// How many bytes before the end are the first that was written to, counted from the end.
    pub fn written(&self) -> usize {
        // SAFETY: the first page is ours.
        let page = unsafe { std::slice::from_raw_parts(self.start, self.page) };
        page.iter().position(|byte| *byte != UNTOUCHED).map_or(0, |first| self.page - first)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping that was made above.
        unsafe { libc::munmap(self.start.cast(), 2 * self.page) };
    }
}

//! What a program hands over: each demand on an argument, by kind of argument.

mod guards;
mod handles;
mod pointers;
mod templates;

use cryptoki_sys::CK_ULONG;

/// Lengths that no memory has.
const IMPOSSIBLE: [CK_ULONG; 3] = [CK_ULONG::MAX, CK_ULONG::MAX / 2 + 1, CK_ULONG::MAX - 7];

/// Room with a pointer into it that is aligned for nothing.
struct Crooked([u64; 64]);

impl Crooked {
    fn new() -> Self {
        Self([0; 64])
    }

    fn at<T>(&mut self) -> *mut T {
        // SAFETY: one byte into the room.
        unsafe { self.0.as_mut_ptr().cast::<u8>().add(1) }.cast()
    }
}

//! Arguments that are written: single values, buffers and arrays.

use super::{length, usable};
use crate::p11::Fault;
use crate::p11::operations::place::After;
use crate::p11::output::{Produced, Room};
use cryptoki_sys::*;
use std::marker::PhantomData;

/// A pointer to where one value goes.
pub(crate) struct Out<'c, T> {
    place: *mut T,
    call: PhantomData<&'c mut T>,
}

impl<T> Out<'_, T> {
    /// # Safety
    /// `place` is NULL, misaligned, or writable for one `T` as long as the result lives.
    pub(crate) unsafe fn at(place: *mut T) -> Result<Self, Fault> {
        usable(place)?;
        Ok(Out { place, call: PhantomData })
    }

    pub(crate) fn put(self, value: T) -> Result<(), Fault> {
        // SAFETY: `at` checked it, and its caller vouched for it.
        unsafe { self.place.write(value) };
        Ok(())
    }
}

/// A buffer to be filled completely. NULL with length 0 is an empty one.
///
/// # Safety
/// `start` is NULL or writable for `count` bytes as long as the result lives.
pub(crate) unsafe fn bytes_to_fill<'c>(start: *mut CK_BYTE, count: CK_ULONG) -> Result<&'c mut [u8], Fault> {
    let count = length(count)?;
    if count == 0 {
        return Ok(&mut []);
    }
    usable(start)?;
    // SAFETY: not NULL, `count` fits an isize, and the caller vouches for the rest; bytes are never uninitialised
    // to a program in C.
    Ok(unsafe { std::slice::from_raw_parts_mut(start, count) })
}

/// A buffer with its length, by the convention of §5.2: with NULL the program asks for the length.
pub(crate) struct OutBuffer<'c, T> {
    start: *mut T,
    room: usize,
    count: *mut CK_ULONG,
    call: PhantomData<&'c mut T>,
}

impl<T: Copy> OutBuffer<'_, T> {
    /// # Safety
    /// `count` is NULL or valid; `start` is NULL or writable for as many `T` as `*count` says.
    pub(crate) unsafe fn at(start: *mut T, count: *mut CK_ULONG) -> Result<Self, Fault> {
        usable(count)?;
        // SAFETY: checked, and the caller vouches for it.
        let room = unsafe { count.read() };
        if start.is_null() {
            return Ok(OutBuffer { start, room: 0, count, call: PhantomData });
        }
        usable(start)?;
        Ok(OutBuffer { start, room: length(room).unwrap_or(usize::MAX), count, call: PhantomData })
    }

    /// How much room the program has for the output.
    pub(crate) fn room(&self) -> Room {
        if self.start.is_null() { Room::LengthOnly } else { Room::Buffer(self.room) }
    }

    /// Writes the values, or only their number.
    pub(crate) fn give(&self, values: &[T]) -> Result<(), Fault> {
        self.tell(values.len());
        if self.start.is_null() {
            return Ok(());
        }
        if values.len() > self.room {
            return Err(Fault::BufferTooSmall);
        }
        // SAFETY: the room is at least that long, and the values are ours, so they do not overlap it.
        unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), self.start, values.len()) };
        Ok(())
    }

    fn tell(&self, count: usize) {
        // SAFETY: `at` checked it, and its caller vouched for it.
        unsafe { self.count.write(count as CK_ULONG) };
    }
}

impl OutBuffer<'_, CK_BYTE> {
    /// Writes the output of an operation, or only its length, and tells whether the operation is over (§5.2).
    pub(crate) fn deliver(&self, produced: Produced) -> Result<After, Fault> {
        match produced {
            Produced::Bytes(bytes) => self.give(&bytes).map(|()| After::Over),
            Produced::Length(length) => {
                self.tell(length);
                Ok(After::Active)
            }
            Produced::TooSmall(length) => {
                self.tell(length);
                Err(Fault::BufferTooSmall)
            }
        }
    }
}

/// A buffer for the signature of a message; none while more data follow (§5.14.4).
///
/// # Safety
/// As [`OutBuffer::at`].
pub(crate) unsafe fn optional_buffer<'c>(
    start: *mut CK_BYTE,
    count: *mut CK_ULONG,
) -> Result<Option<OutBuffer<'c, CK_BYTE>>, Fault> {
    if count.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    unsafe { OutBuffer::at(start, count) }.map(Some)
}

/// An array whose number of elements is written through another pointer (C_FindObjects).
pub(crate) struct OutArray<'c, T> {
    start: *mut T,
    most: usize,
    call: PhantomData<&'c mut T>,
}

impl<T: Copy> OutArray<'_, T> {
    /// # Safety
    /// `start` is NULL or writable for `most` values.
    pub(crate) unsafe fn at(start: *mut T, most: CK_ULONG) -> Result<Self, Fault> {
        usable(start)?;
        Ok(OutArray { start, most: length(most)?, call: PhantomData })
    }

    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Writes as many values as fit.
    pub(crate) fn give(self, values: &[T]) {
        let fitting = values.len().min(self.most);
        // SAFETY: the room is at least that long, and the values are ours, so they do not overlap it.
        unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), self.start, fitting) };
    }
}

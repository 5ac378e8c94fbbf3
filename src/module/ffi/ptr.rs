//! Pointers of the program, checked: not NULL where that matters, aligned, and of a length that can be.
//!
//! Every `at` is unsafe and says what the caller owes; what it returns is safe to use.

use super::vendor::{Activation, Progress};
use crate::p11::Fault;
use crate::p11::general::lifecycle::InitArgs;
use crate::p11::mechanisms::{self, Shape};
use crate::p11::objects;
use crate::p11::objects::attributes::Value;
use crate::p11::operations::chosen::{Chosen, Parameter};
use crate::p11::output::{Produced, Room};
use crate::p11::vendor::{ActivationResult, CardStatus, Step, Wish};
use cryptoki_sys::*;
use std::ffi::c_void;
use std::marker::PhantomData;
use zeroize::Zeroizing;

/// No value of an attribute is longer; a length beyond it is a program's mistake and not read.
const MAX_VALUE: CK_ULONG = 1 << 20;
/// More attributes than any template has; a larger count is taken for garbage.
const MAX_ATTRIBUTES: usize = 4096;

/// A length from C, if so many bytes can exist.
fn length(length: CK_ULONG) -> Result<usize, Fault> {
    usize::try_from(length).ok().filter(|l| isize::try_from(*l).is_ok()).ok_or(Fault::ArgumentsBad)
}

fn usable<T>(pointer: *const T) -> Result<(), Fault> {
    if pointer.is_null() || !pointer.is_aligned() { Err(Fault::ArgumentsBad) } else { Ok(()) }
}

/// Room for one value.
pub(super) struct Out<'c, T> {
    place: *mut T,
    call: PhantomData<&'c mut T>,
}

impl<T> Out<'_, T> {
    /// # Safety
    /// `place` is NULL, misaligned, or writable for one `T` as long as the result lives.
    pub(super) unsafe fn at(place: *mut T) -> Result<Self, Fault> {
        usable(place)?;
        Ok(Out { place, call: PhantomData })
    }

    pub(super) fn put(self, value: T) -> Result<(), Fault> {
        // SAFETY: `at` checked it, and its caller vouched for it.
        unsafe { self.place.write(value) };
        Ok(())
    }
}

/// Bytes to be read.
pub(super) struct Bytes;

impl Bytes {
    /// NULL with length 0 is no bytes.
    ///
    /// # Safety
    /// `start` is NULL or readable for `count` bytes as long as the result lives.
    pub(super) unsafe fn at<'c>(start: *const CK_BYTE, count: CK_ULONG) -> Result<&'c [u8], Fault> {
        let count = length(count)?;
        if count == 0 {
            return Ok(&[]);
        }
        usable(start)?;
        // SAFETY: not NULL, `count` fits an isize, and the caller vouches for the rest.
        Ok(unsafe { std::slice::from_raw_parts(start, count) })
    }
}

/// Bytes to be filled, all of them.
pub(super) struct BytesOut;

impl BytesOut {
    /// NULL with length 0 is no bytes.
    ///
    /// # Safety
    /// `start` is NULL or writable for `count` bytes as long as the result lives.
    pub(super) unsafe fn at<'c>(start: *mut CK_BYTE, count: CK_ULONG) -> Result<&'c mut [u8], Fault> {
        let count = length(count)?;
        if count == 0 {
            return Ok(&mut []);
        }
        usable(start)?;
        // SAFETY: not NULL, `count` fits an isize, and the caller vouches for the rest; bytes are never uninitialised
        // to a program in C.
        Ok(unsafe { std::slice::from_raw_parts_mut(start, count) })
    }
}

/// A PIN to be read. NULL would mean entry on the reader's own keys.
pub(super) struct PinBytes;

impl PinBytes {
    /// # Safety
    /// As [`Bytes::at`].
    pub(super) unsafe fn at<'c>(start: *const CK_UTF8CHAR, count: CK_ULONG) -> Result<&'c [u8], Fault> {
        usable(start)?;
        // SAFETY: as the caller vouches.
        unsafe { Bytes::at(start, count) }
    }

    /// NULL with length 0 is no PIN.
    ///
    /// # Safety
    /// As [`Bytes::at`].
    pub(super) unsafe fn unless_null<'c>(
        start: *const CK_UTF8CHAR,
        count: CK_ULONG,
    ) -> Result<Option<&'c [u8]>, Fault> {
        if start.is_null() && count == 0 {
            return Ok(None);
        }
        // SAFETY: as the caller vouches.
        unsafe { Self::at(start, count) }.map(Some)
    }
}

/// Room for a list whose length the program may ask for first (§5.2).
pub(super) struct List<'c, T> {
    start: *mut T,
    room: usize,
    count: *mut CK_ULONG,
    call: PhantomData<&'c mut T>,
}

impl<T: Copy> List<'_, T> {
    /// # Safety
    /// `count` is NULL or valid; `start` is NULL or writable for as many `T` as `*count` says.
    pub(super) unsafe fn at(start: *mut T, count: *mut CK_ULONG) -> Result<Self, Fault> {
        usable(count)?;
        // SAFETY: checked, and the caller vouches for it.
        let room = unsafe { count.read() };
        if start.is_null() {
            return Ok(List { start, room: 0, count, call: PhantomData });
        }
        usable(start)?;
        Ok(List { start, room: length(room).unwrap_or(usize::MAX), count, call: PhantomData })
    }

    /// What the program has for an answer.
    pub(super) fn room(&self) -> Room {
        if self.start.is_null() { Room::Unasked } else { Room::Bytes(self.room) }
    }

    /// Hands the list over, or only its length.
    pub(super) fn give(self, values: &[T]) -> Result<(), Fault> {
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

impl List<'_, CK_BYTE> {
    /// Hands over what an operation came to.
    pub(super) fn deliver(self, produced: Produced) -> Result<(), Fault> {
        match produced {
            Produced::Bytes(bytes) => self.give(&bytes),
            Produced::Length(length) => {
                self.tell(length);
                Ok(())
            }
            Produced::TooSmall(length) => {
                self.tell(length);
                Err(Fault::BufferTooSmall)
            }
        }
    }
}

/// Room for at most so many values; how many there are is told by another pointer (C_FindObjects).
pub(super) struct Places<'c, T> {
    start: *mut T,
    most: usize,
    call: PhantomData<&'c mut T>,
}

impl<T: Copy> Places<'_, T> {
    /// # Safety
    /// `start` is NULL or writable for `most` values.
    pub(super) unsafe fn at(start: *mut T, most: CK_ULONG) -> Result<Self, Fault> {
        usable(start)?;
        Ok(Places { start, most: length(most)?, call: PhantomData })
    }

    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// Hands over no more than fit.
    pub(super) fn give(self, values: &[T]) {
        let fitting = values.len().min(self.most);
        // SAFETY: the room is at least that long, and the values are ours, so they do not overlap it.
        unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), self.start, fitting) };
    }
}

/// A template to be read: types and values.
pub(super) struct Template;

impl Template {
    /// # Safety
    /// `start` is NULL or readable for `count` attributes, whose values are NULL or readable for their lengths.
    pub(super) unsafe fn at(start: *const CK_ATTRIBUTE, count: CK_ULONG) -> Result<objects::Template, Fault> {
        let count = attributes(start, count)?;
        let attributes = if count == 0 {
            &[]
        } else {
            // SAFETY: `attributes` checked it. Only read: a program may give one template to two calls at once.
            unsafe { std::slice::from_raw_parts(start, count) }
        };
        let values: Result<Vec<_>, Fault> = attributes
            .iter()
            .map(|attribute| {
                if attribute.ulValueLen > MAX_VALUE {
                    return Err(Fault::AttributeValueInvalid);
                }
                // SAFETY: as the caller vouches for each value.
                let value = unsafe { Bytes::at(attribute.pValue.cast(), attribute.ulValueLen) }?;
                Ok((attribute.type_, Zeroizing::new(value.to_vec())))
            })
            .collect();
        Ok(objects::Template::new(values?))
    }
}

/// A template to be filled in.
pub(super) struct Answers<'c>(&'c mut [CK_ATTRIBUTE]);

impl Answers<'_> {
    /// # Safety
    /// `start` is NULL or writable for `count` attributes, whose values are NULL or writable for their lengths.
    pub(super) unsafe fn at(start: *mut CK_ATTRIBUTE, count: CK_ULONG) -> Result<Self, Fault> {
        let count = attributes(start, count)?;
        if count == 0 {
            return Ok(Answers(&mut []));
        }
        // SAFETY: `attributes` checked it, and the caller vouches for the rest.
        Ok(Answers(unsafe { std::slice::from_raw_parts_mut(start, count) }))
    }

    /// Fills in the whole template, whatever goes wrong with single attributes (§5.7.5). Of several faults the
    /// gravest is told: sensitive, then unknown, then too small.
    pub(super) fn fill(self, value: impl Fn(CK_ATTRIBUTE_TYPE) -> Value) -> Result<(), Fault> {
        let mut gravest = None;
        for attribute in self.0 {
            let fault = match value(attribute.type_) {
                Value::Is(value) => write(attribute, &value).err(),
                Value::Sensitive => Some(Fault::AttributeSensitive),
                Value::None => Some(Fault::AttributeTypeInvalid),
            };
            if fault.is_some() {
                attribute.ulValueLen = CK_UNAVAILABLE_INFORMATION;
            }
            gravest = gravest.max_by_gravity(fault);
        }
        gravest.map_or(Ok(()), Err)
    }
}

trait Gravity {
    fn max_by_gravity(self, other: Self) -> Self;
}

impl Gravity for Option<Fault> {
    fn max_by_gravity(self, other: Self) -> Self {
        let gravity = |fault: Option<Fault>| match fault {
            Some(Fault::AttributeSensitive) => 3,
            Some(Fault::AttributeTypeInvalid) => 2,
            Some(_) => 1,
            None => 0,
        };
        if gravity(other) > gravity(self) { other } else { self }
    }
}

fn write(attribute: &mut CK_ATTRIBUTE, value: &[u8]) -> Result<(), Fault> {
    if !attribute.pValue.is_null() {
        if length(attribute.ulValueLen).map_or(true, |room| room < value.len()) {
            return Err(Fault::BufferTooSmall);
        }
        // SAFETY: the room is at least that long, as the caller of `Answers::at` vouched, and the value is ours.
        unsafe { std::ptr::copy_nonoverlapping(value.as_ptr(), attribute.pValue.cast(), value.len()) };
    }
    attribute.ulValueLen = value.len() as CK_ULONG;
    Ok(())
}

/// How many attributes there are to read or to fill in, if they can be there.
fn attributes(start: *const CK_ATTRIBUTE, count: CK_ULONG) -> Result<usize, Fault> {
    let count = length(count)?;
    if count > 0 {
        usable(start)?;
    }
    if count > MAX_ATTRIBUTES { Err(Fault::ArgumentsBad) } else { Ok(count) }
}

/// A mechanism to be read. NULL ends the operation that is under way.
pub(super) struct Mechanism;

impl Mechanism {
    /// # Safety
    /// `mechanism` is NULL or readable, and its parameter is NULL or readable for its length, as are the data to
    /// which that leads.
    pub(super) unsafe fn at(mechanism: *const CK_MECHANISM) -> Result<Option<Chosen>, Fault> {
        if mechanism.is_null() {
            return Ok(None);
        }
        usable(mechanism)?;
        // SAFETY: checked, and the caller vouches for it.
        let CK_MECHANISM { mechanism: kind, pParameter, ulParameterLen } = unsafe { mechanism.read() };
        let shape = mechanisms::Mechanism::find(kind).map_or(Shape::Nothing, mechanisms::Mechanism::shape);
        // SAFETY: as the caller vouches.
        let parameter = unsafe { parameter(shape, pParameter, ulParameterLen) }?;
        Ok(Some(Chosen { kind, parameter }))
    }
}

/// A mechanism to be read, where none is no way to cancel.
pub(super) struct Needed;

impl Needed {
    /// # Safety
    /// As [`Mechanism::at`].
    pub(super) unsafe fn at(mechanism: *const CK_MECHANISM) -> Result<Chosen, Fault> {
        // SAFETY: as the caller vouches.
        unsafe { Mechanism::at(mechanism) }?.ok_or(Fault::ArgumentsBad)
    }
}

/// A structure of a parameter, if it is as long as it should be.
///
/// # Safety
/// `start` is NULL or readable for `size` bytes.
unsafe fn structure<T>(start: *const c_void, size: CK_ULONG) -> Option<T> {
    if start.is_null() || size as usize != size_of::<T>() {
        return None;
    }
    // SAFETY: long enough by its own account, which the caller vouches for; alignment is not demanded.
    Some(unsafe { start.cast::<T>().read_unaligned() })
}

/// # Safety
/// `start` is NULL or readable for `size` bytes, and pointers there are NULL or readable for their lengths.
unsafe fn parameter(shape: Shape, start: *const c_void, size: CK_ULONG) -> Result<Parameter, Fault> {
    if size == 0 {
        return Ok(Parameter::None);
    }
    let read = match shape {
        Shape::Nothing => None,
        Shape::Pss => {
            // SAFETY: as the caller vouches.
            let read = unsafe { structure::<CK_RSA_PKCS_PSS_PARAMS>(start, size) };
            read.map(|p| Parameter::Pss { hash: p.hashAlg, mgf: p.mgf, salt: p.sLen })
        }
        Shape::Oaep => {
            // SAFETY: as the caller vouches.
            let read = unsafe { structure::<CK_RSA_PKCS_OAEP_PARAMS>(start, size) };
            // Without a source there is no label.
            let read = read.filter(|p| matches!(p.source, 0 | CKZ_DATA_SPECIFIED));
            read.map(|p| Parameter::Oaep { hash: p.hashAlg, mgf: p.mgf, labelled: p.ulSourceDataLen != 0 })
        }
        Shape::Ecdh => {
            // SAFETY: as the caller vouches.
            match unsafe { structure::<CK_ECDH1_DERIVE_PARAMS>(start, size) } {
                None => None,
                Some(p) => {
                    // SAFETY: as the caller vouches.
                    let point = unsafe { Bytes::at(p.pPublicData, p.ulPublicDataLen) }?.to_vec();
                    // SAFETY: as the caller vouches.
                    let shared = unsafe { Bytes::at(p.pSharedData, p.ulSharedDataLen) }?.to_vec();
                    Some(Parameter::Ecdh { kdf: p.kdf, shared, point })
                }
            }
        }
    };
    Ok(read.unwrap_or(Parameter::Other))
}

/// The parameter that goes with one message: no mechanism here takes one.
pub(super) struct NoParameter;

impl NoParameter {
    /// # Safety
    /// None: nothing is read.
    pub(super) unsafe fn at(_start: *const c_void, size: CK_ULONG) -> Result<Self, Fault> {
        if size == 0 { Ok(NoParameter) } else { Err(Fault::MechanismParamInvalid) }
    }
}

/// Room for the answer to the last part of a message, where there is any.
pub(super) struct PartOut;

impl PartOut {
    /// # Safety
    /// As [`List::at`].
    pub(super) unsafe fn at<'c>(
        start: *mut CK_BYTE,
        count: *mut CK_ULONG,
    ) -> Result<Option<List<'c, CK_BYTE>>, Fault> {
        if count.is_null() {
            return Ok(None);
        }
        // SAFETY: as the caller vouches.
        unsafe { List::at(start, count) }.map(Some)
    }
}

/// The signature that comes with the last part of a message, where there is one.
pub(super) struct PartIn;

impl PartIn {
    /// # Safety
    /// As [`Bytes::at`].
    pub(super) unsafe fn at<'c>(start: *const CK_BYTE, count: CK_ULONG) -> Result<Option<&'c [u8]>, Fault> {
        if start.is_null() && count == 0 {
            return Ok(None);
        }
        // SAFETY: as the caller vouches.
        unsafe { Bytes::at(start, count) }.map(Some)
    }
}

/// The arguments of C_Initialize.
pub(super) struct Initialization;

impl Initialization {
    /// # Safety
    /// `args` is NULL or points to a CK_C_INITIALIZE_ARGS.
    pub(super) unsafe fn at(args: *const c_void) -> Result<InitArgs, Fault> {
        if args.is_null() {
            return Ok(InitArgs::default());
        }
        let args: *const CK_C_INITIALIZE_ARGS = args.cast();
        usable(args)?;
        // SAFETY: checked, and the caller vouches for it.
        let args = unsafe { args.read() };
        let callbacks = [
            args.CreateMutex.is_some(),
            args.DestroyMutex.is_some(),
            args.LockMutex.is_some(),
            args.UnlockMutex.is_some(),
        ];
        Ok(InitArgs {
            callbacks: callbacks.into_iter().map(u8::from).sum(),
            flags: args.flags,
            reserved: !args.pReserved.is_null(),
        })
    }
}

/// The name and version that C_GetInterface is asked for.
pub(super) struct Wanted;

/// An interface's name without its final zero.
pub(super) type Name = Option<Vec<u8>>;

impl Wanted {
    /// # Safety
    /// `name` is NULL or a zero-terminated string.
    pub(super) unsafe fn at(name: *const CK_UTF8CHAR) -> Result<Name, Fault> {
        if name.is_null() {
            return Ok(None);
        }
        // SAFETY: as the caller vouches.
        let name = unsafe { std::ffi::CStr::from_ptr(name.cast()) };
        Ok(Some(name.to_bytes().to_vec()))
    }
}

/// A version to be read, if there is one.
pub(super) struct Version;

impl Version {
    /// # Safety
    /// `version` is NULL or readable.
    pub(super) unsafe fn at(version: *const CK_VERSION) -> Result<Option<CK_VERSION>, Fault> {
        // SAFETY: as the caller vouches; a CK_VERSION is two bytes and always aligned.
        Ok(unsafe { version.as_ref() }.copied())
    }
}

/// A structure of the vendor interface that begins with its size in bytes, so that it can grow.
///
/// # Safety
/// Its first member is that size, a CK_ULONG.
pub(super) unsafe trait Growing: Copy {}

// SAFETY: `size` comes first in each.
unsafe impl Growing for CardStatus {}
// SAFETY: as above.
unsafe impl Growing for ActivationResult {}
// SAFETY: as above.
unsafe impl Growing for Activation {}

/// Is there such a structure, as large as this version knows it at least? A larger one is of a later version.
///
/// # Safety
/// `place` is NULL, misaligned, or readable for as many bytes as its first member says, and for that member.
unsafe fn grown<T: Growing>(place: *const T) -> Result<(), Fault> {
    usable(place)?;
    // SAFETY: the first member, by the trait; the caller vouches that it can be read.
    let size = unsafe { place.cast::<CK_ULONG>().read() };
    if length(size)? < size_of::<T>() { Err(Fault::ArgumentsBad) } else { Ok(()) }
}

/// Room for a structure that tells its size.
pub(super) struct SizedOut;

impl SizedOut {
    /// # Safety
    /// `place` is NULL, misaligned, or writable for as many bytes as its first member says, and for that member, as
    /// long as the result lives.
    pub(super) unsafe fn at<'c, T: Growing>(place: *mut T) -> Result<Out<'c, T>, Fault> {
        // SAFETY: as the caller vouches.
        unsafe { grown(place) }?;
        // SAFETY: as the caller vouches: there is room for one.
        unsafe { Out::at(place) }
    }

    /// # Safety
    /// As [`SizedOut::at`].
    pub(super) unsafe fn unless_null<'c, T: Growing>(place: *mut T) -> Result<Option<Out<'c, T>>, Fault> {
        // SAFETY: as the caller vouches.
        if place.is_null() { Ok(None) } else { unsafe { Self::at(place) }.map(Some) }
    }
}

/// What AVN_Activate is asked for, and whom to tell of its steps.
pub(super) struct Request<'c> {
    pub(super) wish: Wish<'c>,
    progress: Option<Progress>,
    context: *mut c_void,
}

impl Request<'_> {
    /// # Safety
    /// `activation` is NULL, misaligned, or readable as it says, and so are code and PINs; its function can be called,
    /// as long as the result lives.
    pub(super) unsafe fn at(activation: *const Activation) -> Result<Self, Fault> {
        // SAFETY: as the caller vouches.
        unsafe { grown(activation) }?;
        // SAFETY: checked, and the caller vouches for it.
        let activation = unsafe { activation.read() };
        // SAFETY: as the caller vouches.
        let code = unsafe { PinBytes::at(activation.code, activation.code_length) }?;
        // SAFETY: as the caller vouches.
        let pin1 = unsafe { PinBytes::unless_null(activation.pin1, activation.pin1_length) }?;
        // SAFETY: as the caller vouches.
        let pin2 = unsafe { PinBytes::unless_null(activation.pin2, activation.pin2_length) }?;
        let wish = Wish { code, new: [pin1, pin2], flags: activation.flags };
        Ok(Request { wish, progress: activation.progress, context: activation.context })
    }

    /// Tells the program of a step.
    pub(super) fn tell(&self, step: &Step) {
        if let Some(progress) = self.progress {
            // SAFETY: the caller of `at` vouched for it; the step outlives the call.
            unsafe { progress(step, self.context) };
        }
    }
}

#[cfg(test)]
mod tests;

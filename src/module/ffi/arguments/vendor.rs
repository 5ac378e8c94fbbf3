//! Structures of the vendor interface, which later versions may extend.

use super::{Out, length, read_optional_pin, read_pin, usable};
use crate::p11::Fault;
use crate::p11::vendor::{ActivationRequest, ActivationResult, CardStatus, Step};
use cryptoki_sys::*;
use std::ffi::c_void;

/// AVAIN_ACTIVATION.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Activation {
    pub(super) size: CK_ULONG,
    pub(super) flags: CK_FLAGS,
    pub(super) code: *const CK_UTF8CHAR,
    pub(super) code_length: CK_ULONG,
    pub(super) pin1: *const CK_UTF8CHAR,
    pub(super) pin1_length: CK_ULONG,
    pub(super) pin2: *const CK_UTF8CHAR,
    pub(super) pin2_length: CK_ULONG,
    pub(super) progress: Option<Progress>,
    pub(super) context: *mut c_void,
}

/// AVAIN_PROGRESS.
type Progress = unsafe extern "C" fn(*const Step, *mut c_void);

/// A structure of the vendor interface that begins with its size in bytes, so that later versions can extend it.
///
/// # Safety
/// Its first member is that size, a CK_ULONG.
pub(crate) unsafe trait Growing: Copy {}

// SAFETY: `size` comes first in each.
unsafe impl Growing for CardStatus {}
// SAFETY: as above.
unsafe impl Growing for ActivationResult {}
// SAFETY: as above.
unsafe impl Growing for Activation {}

/// Checks that there is such a structure, at least as large as this version knows it. A larger one is of a later
/// version.
///
/// # Safety
/// `place` is NULL, misaligned, or readable for as many bytes as its first member says, and for that member.
unsafe fn grown<T: Growing>(place: *const T) -> Result<(), Fault> {
    usable(place)?;
    // SAFETY: the first member, by the trait; the caller vouches that it can be read.
    let size = unsafe { place.cast::<CK_ULONG>().read() };
    if length(size)? < size_of::<T>() { Err(Fault::ArgumentsBad) } else { Ok(()) }
}

/// A pointer to where a structure goes that states its size.
///
/// # Safety
/// `place` is NULL, misaligned, or writable for as many bytes as its first member says, and for that member, as long as
/// the result lives.
pub(crate) unsafe fn sized_out<'c, T: Growing>(place: *mut T) -> Result<Out<'c, T>, Fault> {
    // SAFETY: as the caller vouches.
    unsafe { grown(place) }?;
    // SAFETY: as the caller vouches: there is room for one.
    unsafe { Out::at(place) }
}

/// The same, or NULL if the program does not want it.
///
/// # Safety
/// As [`sized_out`].
pub(crate) unsafe fn optional_sized_out<'c, T: Growing>(place: *mut T) -> Result<Option<Out<'c, T>>, Fault> {
    // SAFETY: as the caller vouches.
    if place.is_null() { Ok(None) } else { unsafe { sized_out(place) }.map(Some) }
}

/// The arguments of AVN_Activate: the request, and the program's progress function.
pub(crate) struct ActivationCall<'c> {
    pub(crate) request: ActivationRequest<'c>,
    progress: Option<Progress>,
    context: *mut c_void,
}

impl ActivationCall<'_> {
    /// # Safety
    /// `activation` is NULL, misaligned, or readable as it says, and so are code and PINs; its function can be called,
    /// as long as the result lives.
    pub(crate) unsafe fn at(activation: *const Activation) -> Result<Self, Fault> {
        // SAFETY: as the caller vouches.
        unsafe { grown(activation) }?;
        // SAFETY: checked, and the caller vouches for it.
        let activation = unsafe { activation.read() };
        // SAFETY: as the caller vouches.
        let code = unsafe { read_pin(activation.code, activation.code_length) }?;
        // SAFETY: as the caller vouches.
        let pin1 = unsafe { read_optional_pin(activation.pin1, activation.pin1_length) }?;
        // SAFETY: as the caller vouches.
        let pin2 = unsafe { read_optional_pin(activation.pin2, activation.pin2_length) }?;
        let request = ActivationRequest { code, new: [pin1, pin2], flags: activation.flags };
        Ok(ActivationCall { request, progress: activation.progress, context: activation.context })
    }

    /// Calls the program's progress function.
    pub(crate) fn tell(&self, step: &Step) {
        if let Some(progress) = self.progress {
            // SAFETY: the caller of `at` vouched for it; the step outlives the call.
            unsafe { progress(step, self.context) };
        }
    }
}

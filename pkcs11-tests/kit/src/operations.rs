//! Operations of a session: begun, given data, and ended.

use std::ptr;

use cryptoki_sys::*;

use crate::call;
use crate::mechanism::Mechanism;
use crate::module::{count, length};
use crate::session::Session;

/// The operations that make something of data. Their functions are the same but for the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Making {
    /// `C_DigestInit` and its like
    Digest,
    /// `C_SignInit` and its like
    Sign,
    /// `C_SignRecoverInit` and its like
    SignRecover,
    /// `C_VerifyRecoverInit` and its like
    VerifyRecover,
    /// `C_EncryptInit` and its like
    Encrypt,
    /// `C_DecryptInit` and its like
    Decrypt,
}

type Init = unsafe extern "C" fn(CK_SESSION_HANDLE, *mut CK_MECHANISM, CK_OBJECT_HANDLE) -> CK_RV;
type Whole =
    unsafe extern "C" fn(CK_SESSION_HANDLE, *mut CK_BYTE, CK_ULONG, *mut CK_BYTE, *mut CK_ULONG) -> CK_RV;

impl Making {
    fn init(self, list: &CK_FUNCTION_LIST) -> Option<Init> {
        match self {
            Self::Digest => None,
            Self::Sign => list.C_SignInit,
            Self::SignRecover => list.C_SignRecoverInit,
            Self::VerifyRecover => list.C_VerifyRecoverInit,
            Self::Encrypt => list.C_EncryptInit,
            Self::Decrypt => list.C_DecryptInit,
        }
    }

    fn whole(self, list: &CK_FUNCTION_LIST) -> Option<Whole> {
        match self {
            Self::Digest => list.C_Digest,
            Self::Sign => list.C_Sign,
            Self::SignRecover => list.C_SignRecover,
            Self::VerifyRecover => list.C_VerifyRecover,
            Self::Encrypt => list.C_Encrypt,
            Self::Decrypt => list.C_Decrypt,
        }
    }
}

/// What a function answered that produces output: its code, and the length that it told.
pub type Told = (CK_RV, usize);

impl Session<'_> {
    /// Begins an operation; a digest has no key.
    pub fn begin(
        &self,
        making: Making,
        mechanism: &Mechanism<'_>,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), CK_RV> {
        self.begin_at(making, mechanism.pointer(), key)
    }

    /// Ends an operation as the standard has it: begun anew without a mechanism.
    pub fn cancel(&self, making: Making) -> Result<(), CK_RV> {
        self.begin_at(making, ptr::null_mut(), 0)
    }

    fn begin_at(
        &self,
        making: Making,
        mechanism: *mut CK_MECHANISM,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), CK_RV> {
        match making.init(self.module().v2_40()) {
            // SAFETY: the mechanism lives, or is NULL.
            Some(init) => answered(unsafe { init(self.handle(), mechanism, key) }),
            None => call!(self.module(), C_DigestInit(self.handle(), mechanism)),
        }
    }

    /// Gives all data in one piece, and a buffer or none.
    pub fn whole(&self, making: Making, data: &[u8], buffer: Option<&mut [u8]>) -> Told {
        let whole = making.whole(self.module().v2_40()).expect("the function");
        let (start, size) = (data.as_ptr().cast_mut(), count(data.len()));
        // SAFETY: data and buffer live, and are as long as is said.
        told(buffer, |place, length| unsafe { whole(self.handle(), start, size, place, length) })
    }

    /// What the operation makes of all data in one piece, asked for its length first.
    pub fn make(&self, making: Making, data: &[u8]) -> Result<Vec<u8>, CK_RV> {
        asked(|buffer| self.whole(making, data, buffer))
    }

    /// Begins an operation and ends it.
    pub fn made(
        &self,
        making: Making,
        mechanism: &Mechanism<'_>,
        key: CK_OBJECT_HANDLE,
        data: &[u8],
    ) -> Result<Vec<u8>, CK_RV> {
        self.begin(making, mechanism, key)?;
        self.make(making, data)
    }

    /// Gives a part of the data.
    ///
    /// # Panics
    /// Where the operation has no function for that.
    pub fn feed(&self, making: Making, part: &[u8]) -> Result<(), CK_RV> {
        let (handle, start, size) = (self.handle(), part.as_ptr().cast_mut(), count(part.len()));
        let (mut scratch, mut length) = ([0; 512], 512);
        let room = scratch.as_mut_ptr();
        match making {
            Making::Digest => call!(self.module(), C_DigestUpdate(handle, start, size)),
            Making::Sign => call!(self.module(), C_SignUpdate(handle, start, size)),
            Making::Encrypt => {
                call!(self.module(), C_EncryptUpdate(handle, start, size, room, &mut length))
            }
            Making::Decrypt => {
                call!(self.module(), C_DecryptUpdate(handle, start, size, room, &mut length))
            }
            Making::SignRecover | Making::VerifyRecover => panic!("{making:?} takes no parts"),
        }
    }

    /// Ends an operation whose data came in parts, with a buffer or none.
    ///
    /// # Panics
    /// Where the operation has no function for that.
    pub fn last(&self, making: Making, buffer: Option<&mut [u8]>) -> Told {
        let list = self.module().v2_40();
        let last = match making {
            Making::Digest => list.C_DigestFinal,
            Making::Sign => list.C_SignFinal,
            Making::Encrypt => list.C_EncryptFinal,
            Making::Decrypt => list.C_DecryptFinal,
            Making::SignRecover | Making::VerifyRecover => None,
        };
        let last = last.unwrap_or_else(|| panic!("{making:?} takes no parts"));
        // SAFETY: the buffer lives, and is as long as is said.
        told(buffer, |place, length| unsafe { last(self.handle(), place, length) })
    }

    /// What the operation makes of the data that it was given, asked for its length first.
    pub fn finish(&self, making: Making) -> Result<Vec<u8>, CK_RV> {
        asked(|buffer| self.last(making, buffer))
    }

    /// `C_VerifyInit`.
    pub fn verify_init(&self, mechanism: &Mechanism<'_>, key: CK_OBJECT_HANDLE) -> Result<(), CK_RV> {
        call!(self.module(), C_VerifyInit(self.handle(), mechanism.pointer(), key))
    }

    /// `C_Verify`.
    pub fn verify_data(&self, data: &[u8], signature: &[u8]) -> Result<(), CK_RV> {
        let (data, size) = (data.as_ptr().cast_mut(), count(data.len()));
        let (signature, length) = (signature.as_ptr().cast_mut(), count(signature.len()));
        call!(self.module(), C_Verify(self.handle(), data, size, signature, length))
    }

    /// `C_VerifyUpdate`.
    pub fn verify_update(&self, part: &[u8]) -> Result<(), CK_RV> {
        call!(self.module(), C_VerifyUpdate(self.handle(), part.as_ptr().cast_mut(), count(part.len())))
    }

    /// `C_VerifyFinal`.
    pub fn verify_final(&self, signature: &[u8]) -> Result<(), CK_RV> {
        let (signature, length) = (signature.as_ptr().cast_mut(), count(signature.len()));
        call!(self.module(), C_VerifyFinal(self.handle(), signature, length))
    }

    /// `C_VerifyInit` and `C_Verify`.
    pub fn verify(
        &self,
        mechanism: &Mechanism<'_>,
        key: CK_OBJECT_HANDLE,
        data: &[u8],
        signature: &[u8],
    ) -> Result<(), CK_RV> {
        self.verify_init(mechanism, key)?;
        self.verify_data(data, signature)
    }

    /// `C_SignInit` with a mechanism that has no parameter; see [`pss`](crate::pss) for one that has.
    pub fn sign_init(&self, mechanism: CK_MECHANISM_TYPE, key: CK_OBJECT_HANDLE) -> Result<(), CK_RV> {
        self.begin(Making::Sign, &Mechanism::plain(mechanism), key)
    }

    /// `C_SignInit` with an RSA-PSS parameter.
    pub fn sign_init_pss(
        &self,
        mechanism: CK_MECHANISM_TYPE,
        parameter: CK_RSA_PKCS_PSS_PARAMS,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), CK_RV> {
        self.begin(Making::Sign, &Mechanism::with(mechanism, parameter), key)
    }

    /// `C_Sign`, asked for the size first, after an `sign_init`.
    pub fn sign_data(&self, data: &[u8]) -> Result<Vec<u8>, CK_RV> {
        self.make(Making::Sign, data)
    }

    /// `C_SignInit` and `C_Sign`.
    pub fn sign(
        &self,
        mechanism: CK_MECHANISM_TYPE,
        key: CK_OBJECT_HANDLE,
        data: &[u8],
    ) -> Result<Vec<u8>, CK_RV> {
        self.sign_init(mechanism, key)?;
        self.sign_data(data)
    }
}

/// The answer of a function as a result.
pub fn answered(code: CK_RV) -> Result<(), CK_RV> {
    if code == CKR_OK { Ok(()) } else { Err(code) }
}

/// Calls a function that produces output, with a buffer or with NULL.
pub fn told(
    mut buffer: Option<&mut [u8]>,
    function: impl FnOnce(*mut CK_BYTE, *mut CK_ULONG) -> CK_RV,
) -> Told {
    let mut room = buffer.as_ref().map_or(0, |buffer| count(buffer.len()));
    let place = buffer.as_mut().map_or(ptr::null_mut(), |buffer| buffer.as_mut_ptr());
    let code = function(place, &mut room);
    (code, length(room))
}

/// Asks a function that produces output for the length, and then for the output.
pub fn asked(mut function: impl FnMut(Option<&mut [u8]>) -> Told) -> Result<Vec<u8>, CK_RV> {
    let (code, length) = function(None);
    answered(code)?;
    let mut output = vec![0; length];
    let (code, length) = function(Some(&mut output));
    answered(code)?;
    output.truncate(length);
    Ok(output)
}

//! Mechanisms with their parameters.

use std::any::Any;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr;

use cryptoki_sys::*;

use crate::module::count;

/// A mechanism with its parameter.
pub struct Mechanism<'a> {
    raw: CK_MECHANISM,
    /// Whither `raw` points.
    _parameter: Option<Box<dyn Any>>,
    lent: PhantomData<&'a [u8]>,
}

impl<'a> Mechanism<'a> {
    /// Without a parameter.
    pub fn plain(kind: CK_MECHANISM_TYPE) -> Self {
        Self::raw(kind, ptr::null_mut(), 0)
    }

    /// With a parameter that is this value.
    pub fn with<P: 'static>(kind: CK_MECHANISM_TYPE, parameter: P) -> Self {
        let mut parameter = Box::new(parameter);
        let pointer = (&raw mut *parameter).cast();
        let mut made = Self::raw(kind, pointer, count(size_of::<P>()));
        made._parameter = Some(parameter);
        made
    }

    /// With any pointer and any length.
    pub fn raw(kind: CK_MECHANISM_TYPE, parameter: *mut c_void, length: CK_ULONG) -> Self {
        let raw = CK_MECHANISM { mechanism: kind, pParameter: parameter, ulParameterLen: length };
        Self { raw, _parameter: None, lent: PhantomData }
    }

    /// RSAES-OAEP with an empty label.
    pub fn oaep(hash: CK_MECHANISM_TYPE, mgf: CK_RSA_PKCS_MGF_TYPE) -> Self {
        Self::with(CKM_RSA_PKCS_OAEP, oaep(hash, mgf))
    }

    /// Diffie-Hellman with the other party's point, without a key derivation function.
    pub fn ecdh(kind: CK_MECHANISM_TYPE, point: &'a [u8]) -> Self {
        Self::with(kind, ecdh(point))
    }

    /// With another length of the parameter than it has.
    #[must_use]
    pub fn of_length(mut self, length: CK_ULONG) -> Self {
        self.raw.ulParameterLen = length;
        self
    }

    /// As C takes it. Functions do not write to mechanisms.
    pub fn pointer(&self) -> *mut CK_MECHANISM {
        (&raw const self.raw).cast_mut()
    }
}

/// The parameter of RSA-PSS with this hash, its own mask generation function and a salt of its length.
pub fn pss(hash: CK_MECHANISM_TYPE, mgf: CK_RSA_PKCS_MGF_TYPE, salt: usize) -> CK_RSA_PKCS_PSS_PARAMS {
    CK_RSA_PKCS_PSS_PARAMS { hashAlg: hash, mgf, sLen: count(salt) }
}

/// The parameter of RSAES-OAEP with an empty label.
pub fn oaep(hash: CK_MECHANISM_TYPE, mgf: CK_RSA_PKCS_MGF_TYPE) -> CK_RSA_PKCS_OAEP_PARAMS {
    CK_RSA_PKCS_OAEP_PARAMS {
        hashAlg: hash,
        mgf,
        source: CKZ_DATA_SPECIFIED,
        pSourceData: ptr::null_mut(),
        ulSourceDataLen: 0,
    }
}

/// The parameter of Diffie-Hellman without a key derivation function. The point must outlive it.
pub fn ecdh(point: &[u8]) -> CK_ECDH1_DERIVE_PARAMS {
    CK_ECDH1_DERIVE_PARAMS {
        kdf: CKD_NULL,
        ulSharedDataLen: 0,
        pSharedData: ptr::null_mut(),
        ulPublicDataLen: count(point.len()),
        pPublicData: point.as_ptr().cast_mut(),
    }
}

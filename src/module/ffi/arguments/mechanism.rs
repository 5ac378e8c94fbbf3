//! Mechanisms with their parameters.

use super::template::MAX_VALUE;
use super::{read_bytes, usable};
use crate::p11::Fault;
use crate::p11::mechanisms::{Mechanism, ParameterKind};
use crate::p11::operations::mechanism::{ChosenMechanism, Parameter};
use cryptoki_sys::*;
use std::ffi::c_void;

/// A mechanism; NULL cancels an operation.
///
/// # Safety
/// `mechanism` is NULL or readable, and its parameter is NULL or readable for its length, as are the data to which that
/// leads.
pub(crate) unsafe fn read_optional_mechanism(
    mechanism: *const CK_MECHANISM,
) -> Result<Option<ChosenMechanism>, Fault> {
    if mechanism.is_null() {
        return Ok(None);
    }
    usable(mechanism)?;
    // SAFETY: checked, and the caller vouches for it.
    let CK_MECHANISM { mechanism: kind, pParameter, ulParameterLen } = unsafe { mechanism.read() };
    let parameter_kind = Mechanism::find(kind).map_or(ParameterKind::Nothing, Mechanism::parameter_kind);
    // SAFETY: as the caller vouches.
    let parameter = unsafe { parameter(parameter_kind, pParameter, ulParameterLen) }?;
    Ok(Some(ChosenMechanism { kind, parameter }))
}

/// A mechanism, where NULL is an error.
///
/// # Safety
/// As [`read_optional_mechanism`].
pub(crate) unsafe fn read_mechanism(mechanism: *const CK_MECHANISM) -> Result<ChosenMechanism, Fault> {
    // SAFETY: as the caller vouches.
    unsafe { read_optional_mechanism(mechanism) }?.ok_or(Fault::ArgumentsBad)
}

/// A parameter structure, if it has the right size.
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
unsafe fn parameter(kind: ParameterKind, start: *const c_void, size: CK_ULONG) -> Result<Parameter, Fault> {
    if size == 0 {
        return Ok(Parameter::None);
    }
    let read = match kind {
        ParameterKind::Nothing => None,
        ParameterKind::InitialValue => {
            // SAFETY: as the caller vouches.
            unsafe { structure(start, size) }.map(Parameter::InitialValue)
        }
        ParameterKind::Pss => {
            // SAFETY: as the caller vouches.
            let read = unsafe { structure::<CK_RSA_PKCS_PSS_PARAMS>(start, size) };
            read.map(|p| Parameter::Pss { hash: p.hashAlg, mgf: p.mgf, salt: p.sLen })
        }
        ParameterKind::Oaep => {
            // SAFETY: as the caller vouches.
            let read = unsafe { structure::<CK_RSA_PKCS_OAEP_PARAMS>(start, size) };
            // Without a source there is no label.
            let read = read.filter(|p| matches!(p.source, 0 | CKZ_DATA_SPECIFIED));
            read.map(|p| Parameter::Oaep { hash: p.hashAlg, mgf: p.mgf, labelled: p.ulSourceDataLen != 0 })
        }
        ParameterKind::Ecdh => {
            // SAFETY: as the caller vouches.
            match unsafe { structure::<CK_ECDH1_DERIVE_PARAMS>(start, size) } {
                Some(p) if p.ulPublicDataLen <= MAX_VALUE && p.ulSharedDataLen <= MAX_VALUE => {
                    // SAFETY: as the caller vouches.
                    let point = unsafe { read_bytes(p.pPublicData, p.ulPublicDataLen) }?.to_vec();
                    // SAFETY: as the caller vouches.
                    let shared = unsafe { read_bytes(p.pSharedData, p.ulSharedDataLen) }?.to_vec();
                    Some(Parameter::Ecdh { kdf: p.kdf, shared, point })
                }
                _ => None,
            }
        }
    };
    Ok(read.unwrap_or(Parameter::Other))
}

//! Encryption and decryption functions (§5.8, §5.10), and those with two purposes (§5.17).
//!
//! RSA takes its data in one piece, so the functions for parts only refuse, each as its state demands.

use super::arguments::{OutBuffer, read_bytes, read_optional_mechanism};
use super::entry;
use crate::p11::operations::Kind;
use cryptoki_sys::*;

entry! {
    /// §5.8.1. Without a mechanism the operation that is under way ends.
    C_EncryptInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = read_optional_mechanism(mechanism); |module| match mechanism {
        Some(mechanism) => module.operate(session, |session, operations| operations.by_kind.encrypt_init(session, &mechanism, key)),
        None => module.operate(session, |_, operations| { operations.cancel(CKF_ENCRYPT); Ok(()) }),
    }
}

entry! {
    /// §5.10.1. Without a mechanism the operation that is under way ends.
    C_DecryptInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = read_optional_mechanism(mechanism); |module| match mechanism {
        Some(mechanism) => module.operate(session, |session, operations| operations.by_kind.decrypt_init(session, &mechanism, key)),
        None => module.operate(session, |_, operations| { operations.cancel(CKF_DECRYPT); Ok(()) }),
    }
}

/// The functions of one direction.
macro_rules! direction {
    ($kind:expr; $whole:ident, $update:ident, $last:ident) => {
        entry! {
            /// §5.8.2, §5.10.2
            $whole(
                session: CK_SESSION_HANDLE,
                data: *mut CK_BYTE,
                data_length: CK_ULONG,
                result: *mut CK_BYTE,
                length: *mut CK_ULONG,
            ) with data = read_bytes(data, data_length), result = OutBuffer::at(result, length); |module| {
                let produced = module.operate(session, |session, operations| operations.by_kind.whole(session, $kind, data, result.room()))?;
                result.deliver(produced)
            }
        }

        entry! {
            /// §5.8.3, §5.10.3
            $update(
                session: CK_SESSION_HANDLE,
                part: *mut CK_BYTE,
                part_length: CK_ULONG,
                result: *mut CK_BYTE,
                length: *mut CK_ULONG,
            ) with part = read_bytes(part, part_length), _result = OutBuffer::at(result, length); |module| {
                module.operate(session, |_, operations| operations.by_kind.update($kind, part))
            }
        }

        entry! {
            /// §5.8.4, §5.10.4
            $last(session: CK_SESSION_HANDLE, result: *mut CK_BYTE, length: *mut CK_ULONG)
            with result = OutBuffer::at(result, length); |module| {
                let produced = module.operate(session, |session, operations| operations.by_kind.last(session, $kind, result.room()))?;
                result.deliver(produced)
            }
        }
    };
}

direction!(Kind::Encrypt; C_Encrypt, C_EncryptUpdate, C_EncryptFinal);
direction!(Kind::Decrypt; C_Decrypt, C_DecryptUpdate, C_DecryptFinal);

/// A function with two purposes.
macro_rules! combined {
    ($name:ident: $operations:expr) => {
        entry! {
            /// §5.17
            $name(
                session: CK_SESSION_HANDLE,
                part: *mut CK_BYTE,
                part_length: CK_ULONG,
                result: *mut CK_BYTE,
                length: *mut CK_ULONG,
            ) with _part = read_bytes(part, part_length), _result = OutBuffer::at(result, length); |module| {
                module.operate(session, |_, operations| operations.combined($operations))
            }
        }
    };
}

combined!(C_DigestEncryptUpdate: CKF_DIGEST | CKF_ENCRYPT);
combined!(C_DecryptDigestUpdate: CKF_DECRYPT | CKF_DIGEST);
combined!(C_SignEncryptUpdate: CKF_SIGN | CKF_ENCRYPT);
combined!(C_DecryptVerifyUpdate: CKF_DECRYPT | CKF_VERIFY);

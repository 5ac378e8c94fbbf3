//! Digest functions (§5.12).

use super::arguments::{OutBuffer, read_bytes, read_optional_mechanism};
use super::entry;
use crate::p11::operations::Kind;
use cryptoki_sys::*;

entry! {
    /// §5.12.1. Without a mechanism the operation that is under way ends.
    C_DigestInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM)
    with mechanism = read_optional_mechanism(mechanism); |module| match mechanism {
        Some(mechanism) => module.operate(session, |session, operations| operations.by_kind.digest_init(session, &mechanism)),
        None => module.operate(session, |_, operations| { operations.cancel(CKF_DIGEST); Ok(()) }),
    }
}

entry! {
    /// §5.12.2
    C_Digest(
        session: CK_SESSION_HANDLE,
        data: *mut CK_BYTE,
        data_length: CK_ULONG,
        digest: *mut CK_BYTE,
        length: *mut CK_ULONG,
    ) with data = read_bytes(data, data_length), digest = OutBuffer::at(digest, length); |module| {
        let produced = module.operate(session, |session, operations| operations.by_kind.whole(session, Kind::Digest, data, digest.room()))?;
        digest.deliver(produced)
    }
}

entry! {
    /// §5.12.3
    C_DigestUpdate(session: CK_SESSION_HANDLE, part: *mut CK_BYTE, length: CK_ULONG)
    with part = read_bytes(part, length); |module| module.operate(session, |_, operations| operations.by_kind.update(Kind::Digest, part))
}

entry! {
    /// §5.12.4
    C_DigestKey(session: CK_SESSION_HANDLE, key: CK_OBJECT_HANDLE); |module| module.operate(session, |session, operations| operations.by_kind.digest_key(session, key))
}

entry! {
    /// §5.12.5
    C_DigestFinal(session: CK_SESSION_HANDLE, digest: *mut CK_BYTE, length: *mut CK_ULONG)
    with digest = OutBuffer::at(digest, length); |module| {
        let produced = module.operate(session, |session, operations| operations.by_kind.last(session, Kind::Digest, digest.room()))?;
        digest.deliver(produced)
    }
}

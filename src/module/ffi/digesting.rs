//! Digest functions (§5.12).

use super::entry;
use super::ptr::{Bytes, List, Mechanism};
use crate::p11::operation::Kind;
use cryptoki_sys::*;

entry! {
    /// §5.12.1. Without a mechanism the operation that is under way ends.
    C_DigestInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM)
    with mechanism = Mechanism::at(mechanism); |module| match mechanism {
        Some(mechanism) => module.digest_init(session, &mechanism),
        None => module.cancel(session, CKF_DIGEST),
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
    ) with data = Bytes::at(data, data_length), digest = List::at(digest, length); |module| {
        let produced = module.whole(session, Kind::Digest, data, digest.room())?;
        digest.deliver(produced)
    }
}

entry! {
    /// §5.12.3
    C_DigestUpdate(session: CK_SESSION_HANDLE, part: *mut CK_BYTE, length: CK_ULONG)
    with part = Bytes::at(part, length); |module| module.update(session, Kind::Digest, part)
}

entry! {
    /// §5.12.4
    C_DigestKey(session: CK_SESSION_HANDLE, key: CK_OBJECT_HANDLE); |module| module.digest_key(session, key)
}

entry! {
    /// §5.12.5
    C_DigestFinal(session: CK_SESSION_HANDLE, digest: *mut CK_BYTE, length: *mut CK_ULONG)
    with digest = List::at(digest, length); |module| {
        let produced = module.last(session, Kind::Digest, digest.room())?;
        digest.deliver(produced)
    }
}

//! Object management functions (§5.7), and C_DeriveKey (§5.18.5).

use super::arguments::{AttributesOut, Out, OutArray, read_mechanism, read_template};
use super::operations::{harmless_in_session, in_session, operating, searching};
use crate::p11::objects::attributes;
use avain_card::sys::leftovers;
use cryptoki_sys::*;
use std::cell::Cell;

/// §5.7.1
pub(super) unsafe extern "C" fn C_CreateObject(
    session: CK_SESSION_HANDLE,
    template: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
    object: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    in_session("C_CreateObject", session, &|_, session| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let template = unsafe { read_template(template, count) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let object = unsafe { Out::at(object) }?;
        object.put(session.create_object(&template)?)
    })
}

/// §5.7.2
pub(super) unsafe extern "C" fn C_CopyObject(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
    copy: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    in_session("C_CopyObject", session, &|_, session| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let template = unsafe { read_template(template, count) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let copy = unsafe { Out::at(copy) }?;
        copy.put(session.copy_object(object, &template)?)
    })
}

/// §5.7.3
pub(super) unsafe extern "C" fn C_DestroyObject(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
) -> CK_RV {
    in_session("C_DestroyObject", session, &|_, session| session.destroy_object(object))
}

/// §5.7.4. The space that an object takes on the card is not known.
pub(super) unsafe extern "C" fn C_GetObjectSize(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    size: *mut CK_ULONG,
) -> CK_RV {
    in_session("C_GetObjectSize", session, &|_, session| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let size = unsafe { Out::at(size) }?;
        session.object(object)?;
        size.put(CK_UNAVAILABLE_INFORMATION)
    })
}

/// §5.7.5
pub(super) unsafe extern "C" fn C_GetAttributeValue(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    // A key may pass through where the object is the program's own.
    let own = Cell::new(false);
    let code = harmless_in_session("C_GetAttributeValue", session, &|_, session| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let answers = unsafe { AttributesOut::at(template, count) }?;
        let object = session.object(object)?;
        own.set(object.session_object().is_ok());
        answers.fill(|kind| attributes::value(&object, kind))
    });
    if own.get() {
        leftovers::overwrite();
    }
    code
}

/// §5.7.6
pub(super) unsafe extern "C" fn C_SetAttributeValue(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    in_session("C_SetAttributeValue", session, &|_, session| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let template = unsafe { read_template(template, count) }?;
        session.set_attributes(object, &template)
    })
}

/// §5.18.5
pub(super) unsafe extern "C" fn C_DeriveKey(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    base: CK_OBJECT_HANDLE,
    template: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
    key: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    operating("C_DeriveKey", session, &|session, _| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_mechanism(mechanism) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let template = unsafe { read_template(template, count) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let key = unsafe { Out::at(key) }?;
        key.put(session.derive_key(&mechanism, base, &template)?)
    })
}

/// §5.7.7
pub(super) unsafe extern "C" fn C_FindObjectsInit(
    session: CK_SESSION_HANDLE,
    template: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    operating("C_FindObjectsInit", session, &|session, operations| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let template = unsafe { read_template(template, count) }?;
        operations.find_init(session, &template)
    })
}

/// §5.7.8. A search goes on until C_FindObjectsFinal, also after a bad argument.
pub(super) unsafe extern "C" fn C_FindObjects(
    session: CK_SESSION_HANDLE,
    objects: *mut CK_OBJECT_HANDLE,
    most: CK_ULONG,
    count: *mut CK_ULONG,
) -> CK_RV {
    searching("C_FindObjects", session, &|session, operations| {
        let search = operations.search.active()?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let places = unsafe { OutArray::at(objects, most) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let count = unsafe { Out::at(count) }?;
        let found = search.next(session, places.most());
        places.give(&found);
        count.put(found.len() as CK_ULONG)
    })
}

/// §5.7.9
pub(super) unsafe extern "C" fn C_FindObjectsFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    searching("C_FindObjectsFinal", session, &|_, operations| operations.search.end().map(drop))
}

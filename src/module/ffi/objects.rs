//! Object management functions (§5.7), and the derivation of keys (§5.18).

use super::arguments::{AttributesOut, Out, OutArray, read_mechanism, read_template};
use super::entry;
use crate::p11::objects::attributes;
use cryptoki_sys::*;

entry! {
    /// §5.7.1
    C_CreateObject(
        session: CK_SESSION_HANDLE,
        template: *mut CK_ATTRIBUTE,
        count: CK_ULONG,
        object: *mut CK_OBJECT_HANDLE,
    ) with template = read_template(template, count), object = Out::at(object); |module| {
        object.put(module.session(session)?.create_object(&template)?)
    }
}

entry! {
    /// §5.7.2
    C_CopyObject(
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        template: *mut CK_ATTRIBUTE,
        count: CK_ULONG,
        copy: *mut CK_OBJECT_HANDLE,
    ) with template = read_template(template, count), copy = Out::at(copy); |module| {
        copy.put(module.session(session)?.copy_object(object, &template)?)
    }
}

entry! {
    /// §5.7.3
    C_DestroyObject(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE); |module| {
        module.session(session)?.destroy_object(object)
    }
}

entry! {
    /// §5.7.4. How much of the card an object takes is not known.
    C_GetObjectSize(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE, size: *mut CK_ULONG)
    with size = Out::at(size); |module| {
        module.session(session)?.object(object)?;
        size.put(CK_UNAVAILABLE_INFORMATION)
    }
}

entry! {
    /// §5.7.5
    C_GetAttributeValue(
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        template: *mut CK_ATTRIBUTE,
        count: CK_ULONG,
    ) with answers = AttributesOut::at(template, count); |module| {
        let object = module.session(session)?.object(object)?;
        answers.fill(|kind| attributes::value(&object, kind))
    }
}

entry! {
    /// §5.7.6
    C_SetAttributeValue(
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        template: *mut CK_ATTRIBUTE,
        count: CK_ULONG,
    ) with template = read_template(template, count); |module| module.session(session)?.set_attributes(object, &template)
}

entry! {
    /// §5.18.5
    C_DeriveKey(
        session: CK_SESSION_HANDLE,
        mechanism: *mut CK_MECHANISM,
        base: CK_OBJECT_HANDLE,
        template: *mut CK_ATTRIBUTE,
        count: CK_ULONG,
        key: *mut CK_OBJECT_HANDLE,
    ) with mechanism = read_mechanism(mechanism), template = read_template(template, count), key = Out::at(key); |module| {
        key.put(module.operate(session, |session, _| session.derive_key(&mechanism, base, &template))?)
    }
}

entry! {
    /// §5.7.7
    C_FindObjectsInit(session: CK_SESSION_HANDLE, template: *mut CK_ATTRIBUTE, count: CK_ULONG)
    with template = read_template(template, count); |module| module.operate(session, |session, operations| operations.search.init(session, &template))
}

entry! {
    /// §5.7.8
    C_FindObjects(
        session: CK_SESSION_HANDLE,
        objects: *mut CK_OBJECT_HANDLE,
        most: CK_ULONG,
        count: *mut CK_ULONG,
    ) with places = OutArray::at(objects, most), count = Out::at(count); |module| {
        let found = module.operate(session, |session, operations| operations.search.next(session, places.most()))?;
        places.give(&found);
        count.put(found.len() as CK_ULONG)
    }
}

entry! {
    /// §5.7.9
    C_FindObjectsFinal(session: CK_SESSION_HANDLE); |module| module.operate(session, |_, operations| operations.search.end())
}

//! Objects that a session may see, and those that it creates (§5.7.1 to §5.7.6).

use crate::p11::Fault;
use crate::p11::mechanisms::{Mechanism, public_key_type};
use crate::p11::objects::session_object::{Origin, SessionObject};
use crate::p11::objects::{Body, Object, Template, Value, attributes};
use crate::p11::session::Session;
use avain_card::log::{self, Record};
use cryptoki_sys::*;
use std::sync::Arc;

impl Session {
    /// The object with a handle, if this session may see it.
    pub fn object(&self, handle: CK_OBJECT_HANDLE) -> Result<Arc<Object>, Fault> {
        log::debug(|| Record::With { what: "object", number: handle });
        let state = self.token.lock();
        let object = state.handles.get(handle).ok_or(Fault::ObjectHandleInvalid)?;
        if object.is_private() && !state.is_user() { Err(Fault::ObjectHandleInvalid) } else { Ok(object) }
    }

    /// C_CreateObject (§5.7.1): session objects only.
    pub fn create_object(&self, template: &Template) -> Result<CK_OBJECT_HANDLE, Fault> {
        self.make(template, Origin::Created)
    }

    /// Would [`Session::make`] make it?
    pub(super) fn can_make(&self, template: &Template, origin: Origin) -> Result<(), Fault> {
        self.build(template, origin).map(drop)
    }

    /// Makes an object for the session.
    pub(super) fn make(&self, template: &Template, origin: Origin) -> Result<CK_OBJECT_HANDLE, Fault> {
        let (handle, object) = self.build(template, origin)?;
        self.add(handle, object)
    }

    fn build(&self, template: &Template, origin: Origin) -> Result<(CK_OBJECT_HANDLE, SessionObject), Fault> {
        let number = self.new_handles.next();
        Ok((number as CK_OBJECT_HANDLE, SessionObject::new(self.handle, template, origin, number)?))
    }

    /// Adds an object to the session's. Private ones can be created only while the user is logged in.
    fn add(&self, handle: CK_OBJECT_HANDLE, made: SessionObject) -> Result<CK_OBJECT_HANDLE, Fault> {
        let mut state = self.token.lock();
        if made.is_set(CKA_PRIVATE) && !state.is_user() {
            return Err(Fault::UserNotLoggedIn);
        }
        state.handles.add(handle, made);
        Ok(handle)
    }

    /// C_CopyObject (§5.7.2).
    pub fn copy_object(
        &self,
        object: CK_OBJECT_HANDLE,
        template: &Template,
    ) -> Result<CK_OBJECT_HANDLE, Fault> {
        let object = self.object(object)?;
        let number = self.new_handles.next();
        let copy = object.session_object()?.copy(self.handle, template, number)?;
        self.add(number as CK_OBJECT_HANDLE, copy)
    }

    /// C_DestroyObject (§5.7.3).
    pub fn destroy_object(&self, object: CK_OBJECT_HANDLE) -> Result<(), Fault> {
        if !self.object(object)?.session_object()?.is_set(CKA_DESTROYABLE) {
            return Err(Fault::ActionProhibited);
        }
        self.token.lock().handles.remove(object);
        Ok(())
    }

    /// C_SetAttributeValue (§5.7.6).
    pub fn set_attributes(&self, object: CK_OBJECT_HANDLE, template: &Template) -> Result<(), Fault> {
        let changed = Object::of_session(self.object(object)?.session_object()?.changed(template)?);
        self.token.lock().handles.replace(object, changed).ok_or(Fault::ObjectHandleInvalid)
    }

    /// A key that works with a mechanism, and permits it by an attribute such as CKA_SIGN.
    pub(super) fn key(
        &self,
        handle: CK_OBJECT_HANDLE,
        mechanism: &Mechanism,
        permission: CK_ATTRIBUTE_TYPE,
    ) -> Result<Arc<Object>, Fault> {
        let key = self.object(handle).map_err(|_| Fault::KeyHandleInvalid)?;
        let fits = match (key.class(), mechanism.key_type()) {
            (CKO_PUBLIC_KEY | CKO_PRIVATE_KEY, wanted) => wanted == key.public_key().map(public_key_type),
            (CKO_SECRET_KEY, _) => key.secret_type().is_some_and(|known| mechanism.takes_secret(known)),
            _ => return Err(Fault::KeyHandleInvalid),
        };
        // This fault has the higher priority (§5.1.6).
        if !fits {
            return Err(Fault::KeyTypeInconsistent);
        }
        match attributes::value(&key, permission) {
            Value::Is(value) if *value == [CK_TRUE] => {}
            _ => return Err(Fault::KeyFunctionNotPermitted),
        }
        if let Value::Is(allowed) = attributes::value(&key, CKA_ALLOWED_MECHANISMS) {
            let mut allowed = allowed.chunks_exact(size_of::<CK_MECHANISM_TYPE>());
            if !allowed.any(|kind| kind == mechanism.kind.to_ne_bytes()) {
                return Err(Fault::MechanismInvalid);
            }
        }
        // A public key verifies or encrypts: it has to be the card's, and not what another program has kept as such.
        if let Body::PublicKey(key) = &key.body
            && let Some(view) = key.get()
        {
            self.slot.reader.prove(&self.insertion, view).map_err(Fault::of_session)?;
        }
        Ok(key)
    }
}

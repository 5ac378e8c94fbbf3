//! Handles of objects (§3.4).

use super::object::{Body, Object};
use cryptoki_sys::{CK_OBJECT_CLASS, CK_OBJECT_HANDLE, CK_SESSION_HANDLE};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Numbers for the handles of sessions and objects. None is reused, so an old handle never refers to another person's
/// key.
pub(crate) struct NewHandles(AtomicU64);

impl Default for NewHandles {
    fn default() -> Self {
        // 0 is CK_INVALID_HANDLE.
        NewHandles(AtomicU64::new(1))
    }
}

impl NewHandles {
    pub(crate) fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// An object of the card: its class, and its CKA_ID or profile.
type OnCard = (CK_OBJECT_CLASS, Vec<u8>);

/// The objects of one token that have handles.
#[derive(Default)]
pub(crate) struct Handles {
    /// Objects on the card, in the order in which they were first found.
    on_card: Vec<(CK_OBJECT_HANDLE, OnCard, Arc<Object>)>,
    /// Session objects, oldest first.
    of_sessions: Vec<(CK_OBJECT_HANDLE, Arc<Object>)>,
}

impl Handles {
    /// The handle of an object on the card. That of a private object is valid until logout.
    pub(crate) fn of(&mut self, object: Object, new: &NewHandles) -> CK_OBJECT_HANDLE {
        let number = match &object.body {
            Body::Profile(id) => id.to_ne_bytes().to_vec(),
            _ => object.id().unwrap_or_default().to_vec(),
        };
        let key = (object.class(), number);
        if let Some((handle, _, _)) = self.on_card.iter().find(|(_, known, _)| *known == key) {
            return *handle;
        }
        let handle = new.next() as CK_OBJECT_HANDLE;
        self.on_card.push((handle, key, Arc::new(object)));
        handle
    }

    pub(crate) fn get(&self, handle: CK_OBJECT_HANDLE) -> Option<Arc<Object>> {
        let on_card = self.on_card.iter().map(|(known, _, object)| (known, object));
        let mut all = on_card.chain(self.of_sessions.iter().map(|(known, object)| (known, object)));
        all.find(|(known, _)| **known == handle).map(|(_, object)| object.clone())
    }

    /// Session objects, oldest first.
    pub(crate) fn of_sessions(&self) -> impl Iterator<Item = (CK_OBJECT_HANDLE, &Object)> {
        self.of_sessions.iter().map(|(handle, object)| (*handle, &**object))
    }

    /// Adds a session object.
    pub(crate) fn add(&mut self, handle: CK_OBJECT_HANDLE, object: Object) {
        self.of_sessions.push((handle, Arc::new(object)));
    }

    /// Replaces a session object by its changed copy.
    pub(crate) fn replace(&mut self, handle: CK_OBJECT_HANDLE, object: Object) -> Option<()> {
        let (_, place) = self.of_sessions.iter_mut().find(|(known, _)| *known == handle)?;
        *place = Arc::new(object);
        Some(())
    }

    pub(crate) fn remove(&mut self, handle: CK_OBJECT_HANDLE) {
        self.of_sessions.retain(|(known, _)| *known != handle);
    }

    pub(crate) fn forget_private(&mut self) {
        self.on_card.retain(|(_, _, object)| !object.is_private());
        self.of_sessions.retain(|(_, object)| !object.is_private());
    }

    /// Destroys the objects of a session (§5.6.2).
    pub(crate) fn forget_objects_of(&mut self, session: CK_SESSION_HANDLE) {
        self.of_sessions
            .retain(|(_, object)| !matches!(&object.body, Body::Session(object) if object.owner == session));
    }
}

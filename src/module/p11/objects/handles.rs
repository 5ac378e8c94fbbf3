//! Handles of objects (§3.4).

use super::object::{Body, Object};
use super::session_object::SessionObject;
use cryptoki_sys::{CK_OBJECT_HANDLE, CK_SESSION_HANDLE};
use std::collections::{BTreeMap, BTreeSet};
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

/// The objects of one token that have handles.
#[derive(Default)]
pub(crate) struct Handles {
    /// Objects on the card, in the order in which they were first found.
    on_card: BTreeMap<CK_OBJECT_HANDLE, Arc<Object>>,
    /// Session objects, oldest first.
    of_sessions: BTreeMap<CK_OBJECT_HANDLE, Arc<Object>>,
    /// Which session owns which of them.
    owned: BTreeSet<(CK_SESSION_HANDLE, CK_OBJECT_HANDLE)>,
}

impl Handles {
    /// The handle of an object on the card. That of a private object is valid until logout.
    pub(crate) fn of(&mut self, object: Object, new: &NewHandles) -> CK_OBJECT_HANDLE {
        if let Some((handle, _)) = self.on_card.iter().find(|(_, known)| known.is_same_on_card(&object)) {
            return *handle;
        }
        let handle = new.next() as CK_OBJECT_HANDLE;
        self.on_card.insert(handle, Arc::new(object));
        handle
    }

    pub(crate) fn get(&self, handle: CK_OBJECT_HANDLE) -> Option<Arc<Object>> {
        self.on_card.get(&handle).or_else(|| self.of_sessions.get(&handle)).cloned()
    }

    /// Session objects, oldest first.
    pub(crate) fn of_sessions(&self) -> impl Iterator<Item = (CK_OBJECT_HANDLE, &Object)> {
        self.of_sessions.iter().map(|(handle, object)| (*handle, &**object))
    }

    /// Adds a session object.
    pub(crate) fn add(&mut self, handle: CK_OBJECT_HANDLE, object: SessionObject) {
        self.owned.insert((object.owner, handle));
        self.of_sessions.insert(handle, Arc::new(Object::of_session(object)));
    }

    /// Replaces a session object by its changed copy.
    pub(crate) fn replace(&mut self, handle: CK_OBJECT_HANDLE, object: Object) -> Option<()> {
        *self.of_sessions.get_mut(&handle)? = Arc::new(object);
        Some(())
    }

    pub(crate) fn remove(&mut self, handle: CK_OBJECT_HANDLE) {
        let object = self.of_sessions.remove(&handle);
        if let Some(Body::Session(object)) = object.as_deref().map(|object| &object.body) {
            self.owned.remove(&(object.owner, handle));
        }
    }

    pub(crate) fn forget_private(&mut self) {
        self.on_card.retain(|_, object| !object.is_private());
        self.of_sessions.retain(|_, object| !object.is_private());
        self.owned.retain(|(_, handle)| self.of_sessions.contains_key(handle));
    }

    /// Destroys the objects of a session (§5.6.2).
    pub(crate) fn forget_objects_of(&mut self, session: CK_SESSION_HANDLE) {
        let all = self.owned.range((session, CK_OBJECT_HANDLE::MIN)..=(session, CK_OBJECT_HANDLE::MAX));
        for (owner, handle) in all.copied().collect::<Vec<_>>() {
            self.owned.remove(&(owner, handle));
            self.of_sessions.remove(&handle);
        }
    }

    /// Destroys the objects of all sessions.
    pub(crate) fn forget_objects(&mut self) {
        self.owned.clear();
        self.of_sessions.clear();
    }
}

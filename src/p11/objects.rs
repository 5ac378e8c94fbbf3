//! Objects (§5.7): which there are on a token, how they are found, and what they are called by.

use super::attributes::{self, Value};
use super::session::Session;
use super::{Fault, Module};
use crate::cards::{KeyAlgorithm, Role};
use crate::token::{Insertion, KeyView, View};
use cryptoki_sys::*;
use std::sync::Arc;

/// What an object is.
#[derive(Clone)]
pub enum Body {
    /// A statement about the token (§4.16). It needs no card to be read.
    Profile(CK_PROFILE_ID),
    /// The certificate of a key (§4.7.3).
    Certificate(KeyOfView),
    /// The public half (§4.8).
    PublicKey(KeyOfView),
    /// The private half (§4.9): it never leaves the card.
    PrivateKey(KeyOfView),
}

/// One key of the card's view.
#[derive(Clone)]
pub struct KeyOfView {
    view: Arc<View>,
    index: usize,
}

impl KeyOfView {
    /// The key, as card and tables describe it.
    pub fn get(&self) -> Option<&KeyView> {
        self.view.get(self.index)
    }
}

/// An object on a token.
pub struct Object {
    /// What it is.
    pub body: Body,
    /// Serial number of its card as printed: part of CKA_UNIQUE_ID.
    pub card: String,
}

impl Object {
    /// CKA_CLASS.
    pub fn class(&self) -> CK_OBJECT_CLASS {
        match self.body {
            Body::Profile(_) => CKO_PROFILE,
            Body::Certificate(_) => CKO_CERTIFICATE,
            Body::PublicKey(_) => CKO_PUBLIC_KEY,
            Body::PrivateKey(_) => CKO_PRIVATE_KEY,
        }
    }

    /// CKA_PRIVATE: seen only while the holder is logged in.
    pub fn is_private(&self) -> bool {
        matches!(self.body, Body::PrivateKey(_))
    }

    /// The key that it is or belongs to.
    pub fn key(&self) -> Option<&KeyView> {
        match &self.body {
            Body::Profile(_) => None,
            Body::Certificate(key) | Body::PublicKey(key) | Body::PrivateKey(key) => key.get(),
        }
    }

    /// The kind of its key.
    pub fn algorithm(&self) -> Option<KeyAlgorithm> {
        self.key().map(|key| key.spec.algorithm)
    }

    fn matches(&self, template: &[(CK_ATTRIBUTE_TYPE, Vec<u8>)]) -> bool {
        template.iter().all(|(kind, wanted)| match attributes::value(self, *kind) {
            Value::Is(value) => value == *wanted,
            Value::Sensitive | Value::None => false,
        })
    }
}

/// The profiles that the token holds to. Not CKP_AUTHENTICATION_TOKEN: NSS would ask for the PIN at its start.
const PROFILES: [CK_PROFILE_ID; 2] = [CKP_BASELINE_PROVIDER, CKP_PUBLIC_CERTIFICATES_TOKEN];

/// The objects of one token that have been given handles.
#[derive(Default)]
pub(super) struct Handles {
    /// In the order of their first appearance. The key tells equal objects of one card apart.
    known: Vec<(CK_OBJECT_HANDLE, (CK_OBJECT_CLASS, CK_ULONG), Arc<Object>)>,
}

impl Handles {
    /// The handle of an object; the same one until logout, if the object is private.
    fn of(&mut self, object: Object, new_handle: impl FnOnce() -> u64) -> CK_OBJECT_HANDLE {
        let number = match &object.body {
            Body::Profile(id) => *id,
            _ => object.key().map_or(0, |key| CK_ULONG::from(key.spec.id)),
        };
        let key = (object.class(), number);
        if let Some((handle, _, _)) = self.known.iter().find(|(_, known, _)| *known == key) {
            return *handle;
        }
        let handle = new_handle() as CK_OBJECT_HANDLE;
        self.known.push((handle, key, Arc::new(object)));
        handle
    }

    fn get(&self, handle: CK_OBJECT_HANDLE) -> Option<Arc<Object>> {
        self.known.iter().find(|(known, _, _)| *known == handle).map(|(_, _, object)| object.clone())
    }

    pub(super) fn forget_private(&mut self) {
        self.known.retain(|(_, _, object)| !object.is_private());
    }
}

/// A search under way: what was found and not yet handed out, last first.
pub(super) struct Find(Vec<CK_OBJECT_HANDLE>);

impl Module {
    /// The object with a handle, if this session may see it.
    pub fn object(&self, session: &Session, handle: CK_OBJECT_HANDLE) -> Result<Arc<Object>, Fault> {
        let mut token = session.slot.token.lock();
        let token = token.of(&session.insertion);
        let object = token.handles.get(handle).ok_or(Fault::ObjectHandleInvalid)?;
        if object.is_private() && !token.is_user() { Err(Fault::ObjectHandleInvalid) } else { Ok(object) }
    }

    /// C_FindObjectsInit (§5.7.8).
    pub fn find_objects_init(
        &self,
        handle: CK_SESSION_HANDLE,
        template: &[(CK_ATTRIBUTE_TYPE, Vec<u8>)],
    ) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        if work.find.is_some() {
            return Err(Fault::OperationActive);
        }
        let objects = objects(&session, template)?;
        let mut token = session.slot.token.lock();
        let token = token.of(&session.insertion);
        let logged_in = token.is_user();
        let mut found: Vec<_> = objects
            .into_iter()
            .filter(|object| (logged_in || !object.is_private()) && object.matches(template))
            .map(|object| token.handles.of(object, || self.new_handle()))
            .collect();
        found.reverse();
        work.find = Some(Find(found));
        Ok(())
    }

    /// C_FindObjects (§5.7.9): at most `most` handles.
    pub fn find_objects(
        &self,
        handle: CK_SESSION_HANDLE,
        most: usize,
    ) -> Result<Vec<CK_OBJECT_HANDLE>, Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        let Find(found) = work.find.as_mut().ok_or(Fault::OperationNotInitialized)?;
        // A logout since the search began has taken private objects away.
        found.retain(|handle| self.object(&session, *handle).is_ok());
        let rest = found.len().saturating_sub(most);
        Ok(found.drain(rest..).rev().collect())
    }

    /// C_FindObjectsFinal (§5.7.10).
    pub fn find_objects_final(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        work.find.take().map(drop).ok_or(Fault::OperationNotInitialized)
    }
}

/// The objects that a template may mean. The card is read only for classes that it has, so that a program which
/// looks for profiles or trust objects at its start costs nothing.
fn objects(session: &Session, template: &[(CK_ATTRIBUTE_TYPE, Vec<u8>)]) -> Result<Vec<Object>, Fault> {
    let class = template
        .iter()
        .find(|(kind, _)| *kind == CKA_CLASS)
        .and_then(|(_, value)| Some(CK_OBJECT_CLASS::from_ne_bytes(value.as_slice().try_into().ok()?)));
    let profiles = class.is_none_or(|class| class == CKO_PROFILE);
    let on_card = [CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY];
    let from_card = class.is_none_or(|class| on_card.contains(&class));

    let mut bodies = Vec::new();
    if from_card {
        let view = view(&session.insertion, session)?;
        let keys = (0..view.len()).map(|index| KeyOfView { view: view.clone(), index });
        bodies.extend(keys.flat_map(|key| {
            [Body::Certificate(key.clone()), Body::PublicKey(key.clone()), Body::PrivateKey(key)]
        }));
    }
    if profiles {
        bodies.extend(PROFILES.map(Body::Profile));
    }
    let card = match session.slot.gate.identity(&session.insertion) {
        Ok(identity) => identity.printed(),
        Err(error) => return Err(Fault::of_session(error)),
    };
    Ok(bodies.into_iter().map(|body| Object { body, card: card.clone() }).collect())
}

fn view(insertion: &Arc<Insertion>, session: &Session) -> Result<Arc<View>, Fault> {
    let role: Role = session.slot.role;
    session.slot.gate.view(insertion, role).map_err(Fault::of_session)
}

//! Objects (§5.7): which there are on a token, how they are found, and what they are called by.

use super::attributes::{self, Value};
use super::mechanisms::{Mechanism, public_key_type};
use super::session::Session;
use super::templates::{Made, Origin, Template};
use super::{Fault, Module};
use avain_card::cards::Role;
use avain_card::cards::certificate::Certificate;
use avain_card::cards::profile::KeyUses;
use avain_card::log::{self, Record};
use avain_card::token::{AuthorityView, Insertion, KeyView, View};
use avain_crypto::PublicKey;
use cryptoki_sys::*;
use std::sync::Arc;

/// What an object is.
#[derive(Clone)]
pub enum Body {
    /// A statement about the token (§4.16). It needs no card to be read.
    Profile(CK_PROFILE_ID),
    /// The certificate of a key (§4.7.3).
    Certificate(KeyOfView),
    /// The certificate of an authority that the card carries along.
    Authority(AuthorityOfCard),
    /// The public half (§4.8).
    PublicKey(KeyOfView),
    /// The private half (§4.9): it never leaves the card.
    PrivateKey(KeyOfView),
    /// What a program made for its session; it is never written to the card.
    Made(Made),
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

/// One authority's certificate on the card.
#[derive(Clone)]
pub struct AuthorityOfCard {
    all: Arc<Vec<AuthorityView>>,
    index: usize,
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
        match &self.body {
            Body::Profile(_) => CKO_PROFILE,
            Body::Certificate(_) | Body::Authority(_) => CKO_CERTIFICATE,
            Body::PublicKey(_) => CKO_PUBLIC_KEY,
            Body::PrivateKey(_) => CKO_PRIVATE_KEY,
            Body::Made(made) => made.class(),
        }
    }

    /// CKA_PRIVATE: seen only while the holder is logged in.
    pub fn is_private(&self) -> bool {
        match &self.body {
            Body::PrivateKey(_) => true,
            Body::Made(made) => made.is_set(CKA_PRIVATE),
            Body::Profile(_) | Body::Certificate(_) | Body::Authority(_) | Body::PublicKey(_) => false,
        }
    }

    /// The key of the card that it is or belongs to.
    pub fn key(&self) -> Option<&KeyView> {
        match &self.body {
            Body::Profile(_) | Body::Authority(_) | Body::Made(_) => None,
            Body::Certificate(key) | Body::PublicKey(key) | Body::PrivateKey(key) => key.get(),
        }
    }

    /// The authority whose certificate it is.
    pub(super) fn authority(&self) -> Option<&AuthorityView> {
        match &self.body {
            Body::Authority(AuthorityOfCard { all, index }) => all.get(*index),
            _ => None,
        }
    }

    /// The certificate on the card that it is, or that belongs to it.
    pub(super) fn certificate(&self) -> Option<&Certificate> {
        let of_authority = || self.authority().map(|authority| &authority.certificate);
        self.key().map(|key| &key.certificate).or_else(of_authority)
    }

    /// CKA_ID, of an object on the card.
    pub(super) fn id(&self) -> Option<&[u8]> {
        let of_authority = || self.authority().map(|authority| &*authority.spec.id);
        self.key().map(|key| &*key.spec.id).or_else(of_authority)
    }

    /// The public key that it is, or that belongs to it.
    pub(super) fn public_key(&self) -> Option<&PublicKey> {
        match &self.body {
            Body::Made(made) => made.public_key(),
            _ => self.key().map(|key| &key.public),
        }
    }

    /// The session secret that it is.
    pub(super) fn secret(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Made(made) => made.secret(),
            _ => None,
        }
    }

    fn made(&self) -> Result<&Made, Fault> {
        match &self.body {
            Body::Made(made) => Ok(made),
            // What is on the card was put there by its issuer: CKA_MODIFIABLE and its like are false.
            _ => Err(Fault::ActionProhibited),
        }
    }

    fn matches(&self, template: &Template) -> bool {
        template.iter().all(|(kind, wanted)| match attributes::value(self, kind) {
            Value::Is(value) => value == wanted,
            Value::Sensitive | Value::None => false,
        })
    }
}

/// The profiles that the token holds to. Public certificates keep browsers from asking for PIN2 at a login.
/// CKP_AUTHENTICATION_TOKEN is not claimed: no program is known to need it, and one project reports a browser that then
/// asked for the PIN at its start.
const PROFILES: [CK_PROFILE_ID; 3] =
    [CKP_BASELINE_PROVIDER, CKP_EXTENDED_PROVIDER, CKP_PUBLIC_CERTIFICATES_TOKEN];

/// Which object of a card: its class, and its identifier or number.
type OnCard = (CK_OBJECT_CLASS, Vec<u8>);

/// The objects of one token that have been given handles.
#[derive(Default)]
pub(super) struct Handles {
    /// In the order of their first appearance.
    known: Vec<(CK_OBJECT_HANDLE, OnCard, Arc<Object>)>,
    /// What programs made, in the order of its making.
    made: Vec<(CK_OBJECT_HANDLE, Arc<Object>)>,
}

impl Handles {
    /// The handle of an object; the same one until logout, if the object is private.
    fn of(&mut self, object: Object, new_handle: impl FnOnce() -> u64) -> CK_OBJECT_HANDLE {
        let number = match &object.body {
            Body::Profile(id) => id.to_ne_bytes().to_vec(),
            _ => object.id().unwrap_or_default().to_vec(),
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
        let on_card = self.known.iter().map(|(known, _, object)| (known, object));
        let mut all = on_card.chain(self.made.iter().map(|(known, object)| (known, object)));
        all.find(|(known, _)| **known == handle).map(|(_, object)| object.clone())
    }

    pub(super) fn forget_private(&mut self) {
        self.known.retain(|(_, _, object)| !object.is_private());
        self.made.retain(|(_, object)| !object.is_private());
    }

    /// What a session made goes with it (§5.6.2).
    pub(super) fn forget_made_by(&mut self, session: CK_SESSION_HANDLE) {
        self.made.retain(|(_, object)| !matches!(&object.body, Body::Made(made) if made.owner == session));
    }
}

/// A search under way: what was found and not yet handed out, last first.
pub(super) struct Find(Vec<CK_OBJECT_HANDLE>);

impl Module {
    /// The object with a handle, if this session may see it.
    pub fn object(&self, session: &Session, handle: CK_OBJECT_HANDLE) -> Result<Arc<Object>, Fault> {
        log::debug(|| Record::With { what: "object", number: handle });
        let mut token = session.slot.token.lock();
        let token = token.of(&session.insertion);
        let object = token.handles.get(handle).ok_or(Fault::ObjectHandleInvalid)?;
        if object.is_private() && !token.is_user() { Err(Fault::ObjectHandleInvalid) } else { Ok(object) }
    }

    /// C_FindObjectsInit (§5.7.7).
    pub fn find_objects_init(&self, handle: CK_SESSION_HANDLE, template: &Template) -> Result<(), Fault> {
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
        let made = token
            .handles
            .made
            .iter()
            .filter(|(_, object)| (logged_in || !object.is_private()) && object.matches(template));
        found.extend(made.map(|(handle, _)| *handle));
        found.reverse();
        work.find = Some(Find(found));
        Ok(())
    }

    /// C_FindObjects (§5.7.8): at most `most` handles.
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

    /// C_FindObjectsFinal (§5.7.9).
    pub fn find_objects_final(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        work.find.take().map(drop).ok_or(Fault::OperationNotInitialized)
    }
}

impl Module {
    /// C_CreateObject (§5.7.1): for the session alone.
    pub fn create_object(
        &self,
        handle: CK_SESSION_HANDLE,
        template: &Template,
    ) -> Result<CK_OBJECT_HANDLE, Fault> {
        let session = self.session(handle)?;
        self.make(&session, template, Origin::Created)
    }

    /// Would [`Module::make`] make it?
    pub(super) fn may_make(
        &self,
        session: &Session,
        template: &Template,
        origin: Origin,
    ) -> Result<(), Fault> {
        self.made(session, template, origin).map(drop)
    }

    /// Makes an object for the session.
    pub(super) fn make(
        &self,
        session: &Session,
        template: &Template,
        origin: Origin,
    ) -> Result<CK_OBJECT_HANDLE, Fault> {
        let (handle, object) = self.made(session, template, origin)?;
        self.keep(session, handle, object)
    }

    fn made(
        &self,
        session: &Session,
        template: &Template,
        origin: Origin,
    ) -> Result<(CK_OBJECT_HANDLE, Made), Fault> {
        let number = self.new_handle();
        Ok((number as CK_OBJECT_HANDLE, Made::new(session.handle, template, origin, number)?))
    }

    /// Gives what was made to the session. Private objects are for the holder who is logged in.
    fn keep(
        &self,
        session: &Session,
        handle: CK_OBJECT_HANDLE,
        made: Made,
    ) -> Result<CK_OBJECT_HANDLE, Fault> {
        let mut token = session.slot.token.lock();
        let token = token.of(&session.insertion);
        if made.is_set(CKA_PRIVATE) && !token.is_user() {
            return Err(Fault::UserNotLoggedIn);
        }
        let object = Object { body: Body::Made(made), card: String::new() };
        token.handles.made.push((handle, Arc::new(object)));
        Ok(handle)
    }

    /// C_CopyObject (§5.7.2).
    pub fn copy_object(
        &self,
        handle: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        template: &Template,
    ) -> Result<CK_OBJECT_HANDLE, Fault> {
        let session = self.session(handle)?;
        let object = self.object(&session, object)?;
        let number = self.new_handle();
        let copy = object.made()?.copy(session.handle, template, number)?;
        self.keep(&session, number as CK_OBJECT_HANDLE, copy)
    }

    /// C_DestroyObject (§5.7.3).
    pub fn destroy_object(&self, handle: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE) -> Result<(), Fault> {
        let session = self.session(handle)?;
        if !self.object(&session, object)?.made()?.is_set(CKA_DESTROYABLE) {
            return Err(Fault::ActionProhibited);
        }
        let mut token = session.slot.token.lock();
        token.of(&session.insertion).handles.made.retain(|(known, _)| *known != object);
        Ok(())
    }

    /// C_SetAttributeValue (§5.7.6).
    pub fn set_attributes(
        &self,
        handle: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        template: &Template,
    ) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let changed = self.object(&session, object)?.made()?.changed(template)?;
        let mut token = session.slot.token.lock();
        let mut made = token.of(&session.insertion).handles.made.iter_mut();
        let (_, place) = made.find(|(known, _)| *known == object).ok_or(Fault::ObjectHandleInvalid)?;
        *place = Arc::new(Object { body: Body::Made(changed), card: String::new() });
        Ok(())
    }

    /// A key that a mechanism can work with, and that permits it: `permission` is CKA_SIGN or the like.
    pub(super) fn key(
        &self,
        session: &Session,
        handle: CK_OBJECT_HANDLE,
        mechanism: &Mechanism,
        permission: CK_ATTRIBUTE_TYPE,
    ) -> Result<Arc<Object>, Fault> {
        let key = self.object(session, handle).map_err(|_| Fault::KeyHandleInvalid)?;
        let fits = match (key.class(), mechanism.key_type()) {
            (CKO_PUBLIC_KEY | CKO_PRIVATE_KEY, wanted) => wanted == key.public_key().map(public_key_type),
            (CKO_SECRET_KEY, wanted) => wanted.is_none(),
            _ => return Err(Fault::KeyHandleInvalid),
        };
        match attributes::value(&key, permission) {
            Value::Is(value) if value == [CK_TRUE] => {}
            _ => return Err(Fault::KeyFunctionNotPermitted),
        }
        if !fits {
            return Err(Fault::KeyTypeInconsistent);
        }
        if let Value::Is(allowed) = attributes::value(&key, CKA_ALLOWED_MECHANISMS) {
            let mut allowed = allowed.chunks_exact(size_of::<CK_MECHANISM_TYPE>());
            if !allowed.any(|kind| kind == mechanism.kind.to_ne_bytes()) {
                return Err(Fault::MechanismInvalid);
            }
        }
        Ok(key)
    }
}

/// The objects of the card that a template may mean. The card is read only for classes that it has, so that a program
/// which looks for profiles or trust objects at its start costs nothing.
fn objects(session: &Session, template: &Template) -> Result<Vec<Object>, Fault> {
    if template.get(CKA_TOKEN) == Some(&[CK_FALSE]) {
        return Ok(Vec::new());
    }
    let class = template.number(CKA_CLASS);
    let profiles = class.is_none_or(|class| class == CKO_PROFILE);
    let on_card = [CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY];
    let from_card = class.is_none_or(|class| on_card.contains(&class));

    let mut bodies = Vec::new();
    if from_card {
        let view = view(&session.insertion, session)?;
        let keys = (0..view.len()).map(|index| KeyOfView { view: view.clone(), index });
        for key in keys {
            bodies.extend([Body::Certificate(key.clone()), Body::PublicKey(key.clone())]);
            // Of a key that nobody knows how to use, the certificate is all that there is.
            if key.get().is_some_and(|view| view.spec.uses != KeyUses::NONE) {
                bodies.push(Body::PrivateKey(key));
            }
        }
    }
    if class.is_none_or(|class| class == CKO_CERTIFICATE) && may_mean_authorities(session, template) {
        let reader = &session.slot.reader;
        let all = reader.authorities(&session.insertion).map_err(Fault::of_session)?;
        bodies
            .extend((0..all.len()).map(|index| Body::Authority(AuthorityOfCard { all: all.clone(), index })));
    }
    if profiles {
        bodies.extend(PROFILES.map(Body::Profile));
    }
    let card = match session.slot.reader.identity(&session.insertion) {
        Ok(identity) => identity.printed(),
        Err(error) => return Err(Fault::of_session(error)),
    };
    Ok(bodies.into_iter().map(|body| Object { body, card: card.clone() }).collect())
}

/// Most programs know which certificate they want; then nothing else is read.
fn may_mean_authorities(session: &Session, template: &Template) -> bool {
    let Some(profile) = session.insertion.profile() else { return false };
    let id = template.get(CKA_ID);
    let category = template.number(CKA_CERTIFICATE_CATEGORY);
    category.is_none_or(|category| category == CK_CERTIFICATE_CATEGORY_AUTHORITY)
        && id.is_none_or(|id| profile.authorities.iter().any(|authority| id == &*authority.id))
}

fn view(insertion: &Arc<Insertion>, session: &Session) -> Result<Arc<View>, Fault> {
    let role: Role = session.slot.role;
    session.slot.reader.view(insertion, role).map_err(Fault::of_session)
}

//! Searches for objects (§5.7.7 to §5.7.9).

use super::Operations;
use crate::p11::Fault;
use crate::p11::objects::object::{AuthorityOnCard, KeyOnCard};
use crate::p11::objects::{Body, Object, Template, attributes};
use crate::p11::session::Session;
use avain_card::cards::CardError;
use avain_card::cards::profile::KeyUses;
use cryptoki_sys::*;
use std::collections::VecDeque;

/// The profiles of the token (§4.16). CKP_PUBLIC_CERTIFICATES_TOKEN keeps browsers from asking for PIN2 at a login.
/// CKP_AUTHENTICATION_TOKEN is not claimed: no program is known to need it, and one project reports that a browser then
/// asked for the PIN at its start.
const PROFILES: [CK_PROFILE_ID; 3] =
    [CKP_BASELINE_PROVIDER, CKP_EXTENDED_PROVIDER, CKP_PUBLIC_CERTIFICATES_TOKEN];

/// A search: the handles not yet returned.
pub struct Search(VecDeque<CK_OBJECT_HANDLE>);

impl Operations {
    /// C_FindObjectsInit (§5.7.7).
    pub fn find_init(&mut self, session: &Session, template: &Template) -> Result<(), Fault> {
        self.search.begin(|| Search::new(session, template))
    }
}

impl Search {
    fn new(session: &Session, template: &Template) -> Result<Self, Fault> {
        let objects = objects(session, template)?;
        let mut state = session.token.lock();
        let logged_in = state.is_user();
        let meant =
            |object: &Object| (logged_in || !object.is_private()) && attributes::matches(object, template);
        let mut found = VecDeque::new();
        for object in objects.into_iter().filter(meant) {
            let handle = state.handles.of(object, &session.new_handles);
            // Two entries of a card's directory may mean one file.
            if !found.contains(&handle) {
                found.push_back(handle);
            }
        }
        found.extend(
            state.handles.of_sessions().filter(|(_, object)| meant(object)).map(|(handle, _)| handle),
        );
        Ok(Search(found))
    }

    /// C_FindObjects (§5.7.8): at most `most` handles.
    pub fn next(&mut self, session: &Session, most: usize) -> Vec<CK_OBJECT_HANDLE> {
        let Search(found) = self;
        let mut next = Vec::new();
        while next.len() < most
            && let Some(handle) = found.pop_front()
        {
            // After a logout since C_FindObjectsInit, private objects are no longer visible.
            if session.object(handle).is_ok() {
                next.push(handle);
            }
        }
        next
    }
}

/// The objects of the card that may match a template. The card is read only for classes that it has, so that a program
/// which looks for profiles or trust objects at its start costs no command.
fn objects(session: &Session, template: &Template) -> Result<Vec<Object>, Fault> {
    if template.get(CKA_TOKEN) == Some(&[CK_FALSE]) {
        return Ok(Vec::new());
    }
    let card = match session.slot.reader.identity(&session.insertion) {
        Ok(identity) => identity.printed(),
        // Nothing can be read before its number is known, which is typed together with the PIN.
        Err(CardError::Can(_)) => return Ok(Vec::new()),
        Err(error) => return Err(Fault::of_session(error)),
    };
    let class = template.number(CKA_CLASS);
    let profiles = class.is_none_or(|class| class == CKO_PROFILE);
    let on_card = [CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY];
    let from_card = class.is_none_or(|class| on_card.contains(&class));

    // Certificates first, those of authorities among them: some programs take the first objects of a token for them.
    let mut bodies = Vec::new();
    let mut keys = Vec::new();
    if from_card {
        let view =
            session.slot.reader.view(&session.insertion, session.slot.role).map_err(Fault::of_session)?;
        keys.extend(KeyOnCard::each(&view));
    }
    bodies.extend(keys.iter().cloned().map(Body::Certificate));
    if class.is_none_or(|class| class == CKO_CERTIFICATE) && may_mean_authorities(session, template) {
        let reader = &session.slot.reader;
        let all = reader.authorities(&session.insertion).map_err(Fault::of_session)?;
        bodies.extend(AuthorityOnCard::each(&all).map(Body::Authority));
    }
    for key in keys {
        bodies.push(Body::PublicKey(key.clone()));
        // A key that the card's table does not know how to use has a certificate only.
        if key.get().is_some_and(|view| view.spec.uses != KeyUses::NONE) {
            bodies.push(Body::PrivateKey(key));
        }
    }
    if profiles {
        bodies.extend(PROFILES.map(Body::Profile));
    }
    Ok(bodies.into_iter().map(|body| Object { body, card: card.clone() }).collect())
}

/// May the template match the certificate of an authority? If not, none is read from the card.
fn may_mean_authorities(session: &Session, template: &Template) -> bool {
    let Some(profile) = session.insertion.profile() else { return false };
    let id = template.get(CKA_ID);
    let category = template.number(CKA_CERTIFICATE_CATEGORY);
    category.is_none_or(|category| category == CK_CERTIFICATE_CATEGORY_AUTHORITY)
        && id.is_none_or(|id| profile.authorities.iter().any(|authority| id == &*authority.id))
}

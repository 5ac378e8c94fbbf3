//! An object, and where it comes from.

use super::session_object::SessionObject;
use crate::p11::Fault;
use avain_card::cards::certificate::Certificate;
use avain_card::token::{AuthorityView, KeyView, View};
use avain_crypto::PublicKey;
use cryptoki_sys::*;
use std::sync::Arc;

/// What an object is.
#[derive(Clone)]
pub enum Body {
    /// A profile (§4.16). Nothing of the card has to be read for it.
    Profile(CK_PROFILE_ID),
    /// The certificate of a key (§4.7.3).
    Certificate(KeyOnCard),
    /// The certificate of an authority, as stored on the card.
    Authority(AuthorityOnCard),
    /// A public key (§4.8).
    PublicKey(KeyOnCard),
    /// A private key (§4.9), which never leaves the card.
    PrivateKey(KeyOnCard),
    /// A session object of the program.
    Session(SessionObject),
}

/// One of the keys that were read from the card.
#[derive(Clone)]
pub struct KeyOnCard {
    view: Arc<View>,
    index: usize,
}

impl KeyOnCard {
    /// Each of these keys.
    pub(crate) fn each(view: &Arc<View>) -> impl Iterator<Item = KeyOnCard> {
        (0..view.len()).map(|index| KeyOnCard { view: view.clone(), index })
    }

    /// The key, as described by the card and its table.
    pub fn get(&self) -> Option<&KeyView> {
        self.view.get(self.index)
    }
}

/// One of the authorities' certificates that were read from the card.
#[derive(Clone)]
pub struct AuthorityOnCard {
    all: Arc<Vec<AuthorityView>>,
    index: usize,
}

impl AuthorityOnCard {
    /// Each of these certificates.
    pub(crate) fn each(all: &Arc<Vec<AuthorityView>>) -> impl Iterator<Item = AuthorityOnCard> {
        (0..all.len()).map(|index| AuthorityOnCard { all: all.clone(), index })
    }
}

/// An object on a token.
pub struct Object {
    /// What it is.
    pub body: Body,
    /// The serial number printed on its card, a part of CKA_UNIQUE_ID. Empty for session objects.
    pub card: String,
}

impl Object {
    /// A session object.
    pub(crate) fn of_session(object: SessionObject) -> Self {
        Object { body: Body::Session(object), card: String::new() }
    }

    /// Is it the same object of the card? CKA_ID does not tell: several certificates may have the same (§4.7).
    pub(crate) fn is_same_on_card(&self, other: &Object) -> bool {
        let file = |object: &Object| {
            let of_authority = || object.authority().map(|authority| authority.spec.certificate.clone());
            object.key().map(|key| key.spec.certificate.clone()).or_else(of_authority)
        };
        let profile = |object: &Object| match object.body {
            Body::Profile(id) => Some(id),
            _ => None,
        };
        self.class() == other.class()
            && self.id() == other.id()
            && profile(self) == profile(other)
            && file(self) == file(other)
    }

    /// CKA_CLASS.
    pub fn class(&self) -> CK_OBJECT_CLASS {
        match &self.body {
            Body::Profile(_) => CKO_PROFILE,
            Body::Certificate(_) | Body::Authority(_) => CKO_CERTIFICATE,
            Body::PublicKey(_) => CKO_PUBLIC_KEY,
            Body::PrivateKey(_) => CKO_PRIVATE_KEY,
            Body::Session(object) => object.class(),
        }
    }

    /// CKA_PRIVATE: visible only while the user is logged in.
    pub fn is_private(&self) -> bool {
        match &self.body {
            Body::PrivateKey(_) => true,
            Body::Session(object) => object.is_set(CKA_PRIVATE),
            Body::Profile(_) | Body::Certificate(_) | Body::Authority(_) | Body::PublicKey(_) => false,
        }
    }

    /// The card's key that it is or belongs to.
    pub fn key(&self) -> Option<&KeyView> {
        match &self.body {
            Body::Profile(_) | Body::Authority(_) | Body::Session(_) => None,
            Body::Certificate(key) | Body::PublicKey(key) | Body::PrivateKey(key) => key.get(),
        }
    }

    /// The authority that it is the certificate of.
    pub(crate) fn authority(&self) -> Option<&AuthorityView> {
        match &self.body {
            Body::Authority(AuthorityOnCard { all, index }) => all.get(*index),
            _ => None,
        }
    }

    /// The card's certificate that it is or belongs to.
    pub(crate) fn certificate(&self) -> Option<&Certificate> {
        let of_authority = || self.authority().map(|authority| &authority.certificate);
        self.key().map(|key| &key.certificate).or_else(of_authority)
    }

    /// CKA_ID of an object on the card.
    pub(crate) fn id(&self) -> Option<&[u8]> {
        let of_authority = || self.authority().map(|authority| &*authority.spec.id);
        self.key().map(|key| &*key.spec.id).or_else(of_authority)
    }

    /// The public key that it is or belongs to.
    pub(crate) fn public_key(&self) -> Option<&PublicKey> {
        match &self.body {
            Body::Session(object) => object.public_key(),
            _ => self.key().map(|key| &key.public),
        }
    }

    /// The value of a secret key.
    pub(crate) fn secret(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Session(object) => object.secret(),
            _ => None,
        }
    }

    /// CKK_ number of a secret key.
    pub(crate) fn secret_type(&self) -> Option<CK_KEY_TYPE> {
        match &self.body {
            Body::Session(object) => object.secret_type(),
            _ => None,
        }
    }

    pub(crate) fn session_object(&self) -> Result<&SessionObject, Fault> {
        match &self.body {
            Body::Session(object) => Ok(object),
            // CKA_MODIFIABLE, CKA_COPYABLE and CKA_DESTROYABLE are false on the card.
            _ => Err(Fault::ActionProhibited),
        }
    }
}

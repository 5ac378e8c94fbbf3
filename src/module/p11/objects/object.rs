//! What an object is, and what it is made of.

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
    /// A statement about the token (§4.16). It needs no card to be read.
    Profile(CK_PROFILE_ID),
    /// The certificate of a key (§4.7.3).
    Certificate(KeyOnCard),
    /// The certificate of an authority that the card carries along.
    Authority(AuthorityOnCard),
    /// The public half (§4.8).
    PublicKey(KeyOnCard),
    /// The private half (§4.9): it never leaves the card.
    PrivateKey(KeyOnCard),
    /// What a program made for its session; it is never written to the card.
    Session(SessionObject),
}

/// One key of the card's view.
#[derive(Clone)]
pub struct KeyOnCard {
    view: Arc<View>,
    index: usize,
}

impl KeyOnCard {
    /// All keys of a view.
    pub(crate) fn all(view: &Arc<View>) -> impl Iterator<Item = KeyOnCard> {
        (0..view.len()).map(|index| KeyOnCard { view: view.clone(), index })
    }

    /// The key, as card and tables describe it.
    pub fn get(&self) -> Option<&KeyView> {
        self.view.get(self.index)
    }
}

/// One authority's certificate on the card.
#[derive(Clone)]
pub struct AuthorityOnCard {
    all: Arc<Vec<AuthorityView>>,
    index: usize,
}

impl AuthorityOnCard {
    /// Each of these.
    pub(crate) fn each(all: &Arc<Vec<AuthorityView>>) -> impl Iterator<Item = AuthorityOnCard> {
        (0..all.len()).map(|index| AuthorityOnCard { all: all.clone(), index })
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
    /// One that a program made.
    pub(crate) fn of_session(object: SessionObject) -> Self {
        Object { body: Body::Session(object), card: String::new() }
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

    /// CKA_PRIVATE: seen only while the holder is logged in.
    pub fn is_private(&self) -> bool {
        match &self.body {
            Body::PrivateKey(_) => true,
            Body::Session(object) => object.is_set(CKA_PRIVATE),
            Body::Profile(_) | Body::Certificate(_) | Body::Authority(_) | Body::PublicKey(_) => false,
        }
    }

    /// The key of the card that it is or belongs to.
    pub fn key(&self) -> Option<&KeyView> {
        match &self.body {
            Body::Profile(_) | Body::Authority(_) | Body::Session(_) => None,
            Body::Certificate(key) | Body::PublicKey(key) | Body::PrivateKey(key) => key.get(),
        }
    }

    /// The authority whose certificate it is.
    pub(crate) fn authority(&self) -> Option<&AuthorityView> {
        match &self.body {
            Body::Authority(AuthorityOnCard { all, index }) => all.get(*index),
            _ => None,
        }
    }

    /// The certificate on the card that it is, or that belongs to it.
    pub(crate) fn certificate(&self) -> Option<&Certificate> {
        let of_authority = || self.authority().map(|authority| &authority.certificate);
        self.key().map(|key| &key.certificate).or_else(of_authority)
    }

    /// CKA_ID, of an object on the card.
    pub(crate) fn id(&self) -> Option<&[u8]> {
        let of_authority = || self.authority().map(|authority| &*authority.spec.id);
        self.key().map(|key| &*key.spec.id).or_else(of_authority)
    }

    /// The public key that it is, or that belongs to it.
    pub(crate) fn public_key(&self) -> Option<&PublicKey> {
        match &self.body {
            Body::Session(object) => object.public_key(),
            _ => self.key().map(|key| &key.public),
        }
    }

    /// The session secret that it is.
    pub(crate) fn secret(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Session(object) => object.secret(),
            _ => None,
        }
    }

    pub(crate) fn session_object(&self) -> Result<&SessionObject, Fault> {
        match &self.body {
            Body::Session(object) => Ok(object),
            // What is on the card was put there by its issuer: CKA_MODIFIABLE and its like are false.
            _ => Err(Fault::ActionProhibited),
        }
    }
}

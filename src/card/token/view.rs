//! The keys and certificates of a card.

use crate::cards::KeySpec;
use crate::cards::certificate::{Certificate, PublicKey};
use crate::cards::profile::AuthoritySpec;

/// Where a certificate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From the card, in this process.
    Card,
    /// It was kept by another process, and the file on the card begins like it. That is enough to show it; before anything
    /// is judged by its key, or encrypted with it, it has to be compared whole
    /// ([`Reader::prove`](super::Reader::prove)).
    Kept,
}

/// A key on the card, with its certificate.
#[derive(Debug)]
pub struct KeyView {
    /// Its description in the tables, or in the files of the card.
    pub spec: KeySpec,
    /// What the card says of it.
    pub certificate: Certificate,
    /// The public key in the certificate.
    pub public: PublicKey,
    /// Where the certificate comes from.
    pub origin: Origin,
}

impl KeyView {
    /// The key with this certificate, if it is of a kind that is supported.
    pub(super) fn new(spec: &KeySpec, certificate: Certificate, origin: Origin) -> Option<Self> {
        let public = certificate.public_key()?;
        Some(KeyView { spec: spec.clone(), certificate, public, origin })
    }
}

/// A CA certificate on the card.
#[derive(Debug)]
pub struct AuthorityView {
    /// Its description in the tables, or in the files of the card.
    pub spec: AuthoritySpec,
    /// What the card says of it.
    pub certificate: Certificate,
}

/// All keys of one role.
pub type View = Vec<KeyView>;

/// Could all certificates on the card be read?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Complete {
    Yes,
    No,
}

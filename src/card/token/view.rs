//! The certificates of a card, and what they show of its keys.

use crate::cards::KeySpec;
use crate::cards::certificate::{Certificate, PublicKey};
use crate::cards::profile::AuthoritySpec;

/// A key that the card has, with its certificate.
#[derive(Debug)]
pub struct KeyView {
    /// What the tables, or its own files, say of it.
    pub spec: KeySpec,
    /// What the card says of it.
    pub certificate: Certificate,
    /// The public key in the certificate.
    pub public: PublicKey,
}

/// The certificate of an authority that the card carries along.
#[derive(Debug)]
pub struct AuthorityView {
    /// What the tables, or the card's own files, say of it.
    pub spec: AuthoritySpec,
    /// What the card says of it.
    pub certificate: Certificate,
}

/// All keys of one role.
pub type View = Vec<KeyView>;

/// Could every certificate that the card has be read?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Complete {
    Yes,
    No,
}

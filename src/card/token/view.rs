//! The keys and certificates of a card.

use crate::cards::KeySpec;
use crate::cards::certificate::{Certificate, PublicKey};
use crate::cards::profile::AuthoritySpec;

/// A key on the card, with its certificate.
#[derive(Debug)]
pub struct KeyView {
    /// Its description in the tables, or in the files of the card.
    pub spec: KeySpec,
    /// What the card says of it.
    pub certificate: Certificate,
    /// The public key in the certificate.
    pub public: PublicKey,
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

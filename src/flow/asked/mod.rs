//! What another program asks of the holder, such as the bridge of browsers: to log in, to show a certificate, to sign. It
//! is a line of JSON, and so is the answer. Whoever is asked, the window or the tool on a terminal, is the child of the
//! program that asks: so no third program can stand between the two, and no PIN leaves the child.
//!
//! ```text
//! {"what": "log-in", "origin": "https://...", "nonce": "..."}
//! {"what": "certificate", "origin": "https://..."}
//! {"what": "log-in" or "sign", "origin": "https://...", "hash": "SHA-384", "digest": "hex", "certificate": "hex of the DER",
//!  "form": "cms" or "cms-pades", "selector": {"keys": ["rsa"], "issuers": ["CN=..."], "akis": ["hex"]}}
//! ```
//!
//! The first is a login by Web eID, for which the digest is made here, of the origin that is shown. "certificate" may be
//! left out: it is that of the key which is meant. So may "form", for a bare signature, and "selector", for any certificate;
//! where there is one, the answer has the certificates of the issuers that the card knows. "lang" may be added, the language
//! to use where the user's is not known, and "again", if the holder has just refused the same.
//!
//! ```text
//! {"certificate": "hex", "key": "EC" or "RSA", "algorithm": "ES384", "hashes": ["SHA-224", ...], "signature": "hex",
//!  "issuers": ["hex", ...]}
//! {"refused": "cancelled" or the kind of failure}
//! ```
//!
//! "algorithm" is that of a login (RFC 7518 §3.1), "hashes" are what the key can sign.

mod json;
mod line;

pub use line::{Refused, answer, give_up, note, read};

use super::cms::{Profile, hexadecimal};
use super::failure::{Failure, Kind};
use super::language::Language;
use super::presenting::{Aim, Hash, Permit, Presenting};
use super::readers::Card;
use super::rules::Leave;
pub use super::selector::Selector;
use super::text::{self, Text};
use avain_card::cards::certificate::PublicKey;
use avain_card::cards::engine::SignInput;
use avain_card::cards::profile::{Curve, Scheme};
use avain_card::token::KeyView;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What for.
    pub what: What,
    /// Who asks: the address of a service.
    pub origin: String,
    /// Its language.
    pub language: Option<Language>,
    /// Has the holder just refused?
    pub again: bool,
}

/// What it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A login by Web eID, with what the service has made up for it.
    LogIn {
        /// Text that the service has made up.
        nonce: String,
    },
    /// The certificate of the key that signs.
    Certificate,
    /// A signature of a digest.
    Digest(Digest),
}

/// A digest to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// By which key.
    pub aim: Aim,
    /// The hash function that has made it.
    pub hash: Hash,
    /// The digest.
    pub bytes: Vec<u8>,
    /// The certificate that is meant.
    pub certificate: Option<Vec<u8>>,
    /// What certificates are taken, if the service wants those of the issuers, too.
    pub selector: Option<Selector>,
    /// What becomes of the signature.
    pub form: Form,
}

/// Forms of a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As the card makes it: of an EC key r and s, each as long as the field.
    #[default]
    Bare,
    /// In a structure of its own (CAdES), detached.
    Cms,
    /// In such a one that is to be put into a PDF (PAdES).
    Pades,
}

/// What the holder gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// The kind of its key.
    pub key: Key,
    /// How the key signs logins.
    pub algorithm: String,
    /// What the key can sign.
    pub hashes: Vec<Hash>,
    /// The signature, if one was asked for.
    pub signature: Option<Vec<u8>>,
    /// The certificates of the issuers, up to the root, as far as the card has them; if they were asked for.
    pub issuers: Vec<Vec<u8>>,
}

/// Kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// On an elliptic curve.
    Ec,
    /// RSA.
    Rsa,
}

/// The hash functions of digests, as services call them.
pub const HASHES: [(&str, Hash); 8] = [
    ("SHA-224", Hash::Sha224),
    ("SHA-256", Hash::Sha256),
    ("SHA-384", Hash::Sha384),
    ("SHA-512", Hash::Sha512),
    ("SHA3-224", Hash::Sha3_224),
    ("SHA3-256", Hash::Sha3_256),
    ("SHA3-384", Hash::Sha3_384),
    ("SHA3-512", Hash::Sha3_512),
];

/// How a hash function is called.
pub fn hash_name(hash: Hash) -> &'static str {
    HASHES.iter().find(|(_, known)| *known == hash).map_or("", |(name, _)| name)
}

impl Request {
    /// The key that is used.
    pub fn aim(&self) -> Aim {
        match &self.what {
            What::LogIn { .. } => Aim::Testing,
            What::Certificate => Aim::Signing,
            What::Digest(digest) => digest.aim,
        }
    }

    /// Begins with the key that is meant ([`Presenting::begin`]).
    pub fn begin(&self, card: Card, leave: Leave) -> Result<Presenting, Failure> {
        let selector = match &self.what {
            What::Digest(digest) => digest.selector.clone(),
            What::LogIn { .. } | What::Certificate => None,
        };
        Presenting::begin_selected(card, self.aim(), leave, selector)
    }

    /// Who asks, and for what.
    pub fn title(&self) -> Text {
        let origin = self.origin.as_str();
        match &self.what {
            What::Certificate => text::asked_certificate(origin),
            _ if self.aim() == Aim::Signing => text::asked_signature(origin),
            _ => text::asked_login(origin),
        }
    }

    /// What else the holder has to know. A failure, if the card or its key is another than the service means.
    pub fn about(&self, presenting: &Presenting) -> Result<Vec<Text>, Failure> {
        match &self.what {
            What::LogIn { .. } => Ok(Vec::new()),
            What::Certificate => Ok(vec![text::asked_certificate_meaning()]),
            What::Digest(digest) => digest.about(presenting),
        }
    }

    /// Does it need no PIN, but the holder's word?
    pub fn wants_word_only(&self) -> bool {
        self.what == What::Certificate
    }

    /// The holder agrees that the service gets the certificate.
    pub fn agreed(&self, presenting: &Presenting) -> Result<Answer, Failure> {
        presenting.key().map(|key| Answer::of(key, None, Vec::new()))
    }

    /// The holder has entered the PIN.
    pub fn sign(&self, permit: Permit<'_>) -> Result<Answer, Failure> {
        let (key, issuers) = (permit.key(), permit.issuers());
        let signature = match &self.what {
            What::LogIn { nonce } => permit.signature(&login_input(key, &self.origin, nonce)),
            What::Digest(digest) => digest.sign(permit),
            What::Certificate => Ok(Vec::new()),
        };
        signature.map(|signature| Answer::of(key, Some(signature), issuers))
    }
}

impl Digest {
    fn about(&self, presenting: &Presenting) -> Result<Vec<Text>, Failure> {
        let key = presenting.key()?;
        if self.certificate.as_ref().is_some_and(|meant| *meant != key.certificate.der) {
            return Err(Failure::new(Kind::Unfit, [text::asked_other_card()]));
        }
        let name = hash_name(self.hash);
        if !hashes(key).contains(&self.hash) {
            return Err(Failure::new(Kind::Unsupported, [text::asked_hash(name)]));
        }
        let digest = text::window_digest(name, hexadecimal(&self.bytes));
        let meaning = (self.aim == Aim::Signing).then(|| text::asked_meaning(presenting.pin_name()));
        Ok([digest].into_iter().chain(meaning).collect())
    }

    fn sign(&self, permit: Permit<'_>) -> Result<Vec<u8>, Failure> {
        match self.form {
            Form::Bare => permit.sign_digest(self.hash, &self.bytes),
            Form::Cms => permit.sign_as(Profile::Cades, self.hash, self.bytes.clone()),
            Form::Pades => permit.sign_as(Profile::Pades, self.hash, self.bytes.clone()),
        }
    }
}

impl Answer {
    fn of(key: &KeyView, signature: Option<Vec<u8>>, issuers: Vec<Vec<u8>>) -> Self {
        Answer {
            certificate: key.certificate.der.clone(),
            key: match key.public {
                PublicKey::Rsa { .. } => Key::Rsa,
                PublicKey::Ec { .. } => Key::Ec,
            },
            algorithm: login(key).0.to_owned(),
            hashes: hashes(key),
            signature,
            issuers,
        }
    }
}

/// What a key can sign: ECDSA takes a digest of any length, and RSA those that the card has an algorithm for.
fn hashes(key: &KeyView) -> Vec<Hash> {
    let is_ec = matches!(key.public, PublicKey::Ec { .. });
    let known = HASHES.iter().map(|(_, hash)| *hash);
    known.filter(|hash| is_ec || signs(key, Scheme::Pkcs1, *hash)).collect()
}

fn signs(key: &KeyView, scheme: Scheme, hash: Hash) -> bool {
    let mut algorithms = key.spec.signing.algorithms.iter();
    algorithms.any(|algorithm| algorithm.scheme == scheme && algorithm.hash == hash)
}

/// How a key signs logins: the name that Web eID has for it, and the hash function. RSA keys pad by PSS if they can.
fn login(key: &KeyView) -> (&'static str, Hash) {
    match key.public {
        PublicKey::Ec { curve: Curve::P256, .. } => ("ES256", Hash::Sha256),
        PublicKey::Ec { curve: Curve::P384, .. } => ("ES384", Hash::Sha384),
        PublicKey::Rsa { .. } if signs(key, Scheme::Pss, Hash::Sha256) => ("PS256", Hash::Sha256),
        PublicKey::Rsa { .. } => ("RS256", Hash::Sha256),
    }
}

/// What is signed for a login: the digests of the origin and of the nonce, one after the other.
fn login_input(key: &KeyView, origin: &str, nonce: &str) -> SignInput {
    let (name, hash) = login(key);
    let both = [hash.digest(origin.as_bytes()), hash.digest(nonce.as_bytes())].concat();
    let digest = hash.digest(&both);
    match name {
        "PS256" => SignInput::Rsa { scheme: Scheme::Pss, hash, digest },
        "RS256" => SignInput::Rsa { scheme: Scheme::Pkcs1, hash, digest },
        _ => SignInput::Ecdsa(digest),
    }
}

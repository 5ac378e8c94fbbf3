//! The table of mechanisms, and which of them a card's keys support (§5.5.5).

use avain_card::cards::profile::{CardProfile, KeyUses, Scheme};
use avain_card::cards::{KeyAlgorithm, KeySpec, Role};
use avain_crypto::{Curve, Hash, PublicKey};
use cryptoki_sys::*;

/// A mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mechanism {
    /// CKM_ number.
    pub kind: CK_MECHANISM_TYPE,
    /// Its name in the standard.
    pub name: &'static str,
    /// What it does.
    pub action: Action,
}

/// What a mechanism does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Digests data, without a key.
    Digest(Hash),
    /// Makes and verifies HMACs with a secret key of the session.
    Mac(Hash),
    /// Makes and verifications signatures. The module hashes the data; without a hash function the program brings a
    /// digest.
    Sign(Scheme, Option<Hash>),
    /// Encrypts and decrypts with RSAES-OAEP.
    Oaep,
    /// Encrypts and decrypts keys with a secret key of the session, by AES key wrap (RFC 3394).
    KeyWrap,
    /// Derives a secret by elliptic-curve Diffie-Hellman. With and without cofactor is the same: on these curves it is
    /// 1.
    Ecdh,
}

macro_rules! mechanisms {
    ($($kind:ident: $action:expr;)*) => {
        &[$(Mechanism { kind: $kind, name: stringify!($kind), action: $action }),*]
    };
}

const fn ecdsa(hash: Hash) -> Action {
    Action::Sign(Scheme::Ecdsa, Some(hash))
}

const fn pkcs1(hash: Hash) -> Action {
    Action::Sign(Scheme::Pkcs1, Some(hash))
}

const fn pss(hash: Hash) -> Action {
    Action::Sign(Scheme::Pss, Some(hash))
}

/// Every mechanism. Which of them a token has follows from the keys of its card.
pub const MECHANISMS: &[Mechanism] = mechanisms! {
    CKM_ECDSA: Action::Sign(Scheme::Ecdsa, None);
    CKM_ECDSA_SHA1: ecdsa(Hash::Sha1);
    CKM_ECDSA_SHA224: ecdsa(Hash::Sha224);
    CKM_ECDSA_SHA256: ecdsa(Hash::Sha256);
    CKM_ECDSA_SHA384: ecdsa(Hash::Sha384);
    CKM_ECDSA_SHA512: ecdsa(Hash::Sha512);
    CKM_ECDSA_SHA3_224: ecdsa(Hash::Sha3_224);
    CKM_ECDSA_SHA3_256: ecdsa(Hash::Sha3_256);
    CKM_ECDSA_SHA3_384: ecdsa(Hash::Sha3_384);
    CKM_ECDSA_SHA3_512: ecdsa(Hash::Sha3_512);
    CKM_ECDH1_DERIVE: Action::Ecdh;
    CKM_ECDH1_COFACTOR_DERIVE: Action::Ecdh;
    CKM_RSA_PKCS: Action::Sign(Scheme::Pkcs1, None);
    CKM_SHA1_RSA_PKCS: pkcs1(Hash::Sha1);
    CKM_SHA224_RSA_PKCS: pkcs1(Hash::Sha224);
    CKM_SHA256_RSA_PKCS: pkcs1(Hash::Sha256);
    CKM_SHA384_RSA_PKCS: pkcs1(Hash::Sha384);
    CKM_SHA512_RSA_PKCS: pkcs1(Hash::Sha512);
    CKM_RSA_PKCS_PSS: Action::Sign(Scheme::Pss, None);
    CKM_SHA1_RSA_PKCS_PSS: pss(Hash::Sha1);
    CKM_SHA224_RSA_PKCS_PSS: pss(Hash::Sha224);
    CKM_SHA256_RSA_PKCS_PSS: pss(Hash::Sha256);
    CKM_SHA384_RSA_PKCS_PSS: pss(Hash::Sha384);
    CKM_SHA512_RSA_PKCS_PSS: pss(Hash::Sha512);
    CKM_RSA_PKCS_OAEP: Action::Oaep;
    CKM_AES_KEY_WRAP: Action::KeyWrap;
    CKM_SHA_1: Action::Digest(Hash::Sha1);
    CKM_SHA224: Action::Digest(Hash::Sha224);
    CKM_SHA256: Action::Digest(Hash::Sha256);
    CKM_SHA384: Action::Digest(Hash::Sha384);
    CKM_SHA512: Action::Digest(Hash::Sha512);
    CKM_SHA3_224: Action::Digest(Hash::Sha3_224);
    CKM_SHA3_256: Action::Digest(Hash::Sha3_256);
    CKM_SHA3_384: Action::Digest(Hash::Sha3_384);
    CKM_SHA3_512: Action::Digest(Hash::Sha3_512);
    CKM_SHA_1_HMAC: Action::Mac(Hash::Sha1);
    CKM_SHA224_HMAC: Action::Mac(Hash::Sha224);
    CKM_SHA256_HMAC: Action::Mac(Hash::Sha256);
    CKM_SHA384_HMAC: Action::Mac(Hash::Sha384);
    CKM_SHA512_HMAC: Action::Mac(Hash::Sha512);
    CKM_SHA3_224_HMAC: Action::Mac(Hash::Sha3_224);
    CKM_SHA3_256_HMAC: Action::Mac(Hash::Sha3_256);
    CKM_SHA3_384_HMAC: Action::Mac(Hash::Sha3_384);
    CKM_SHA3_512_HMAC: Action::Mac(Hash::Sha3_512);
};

/// The kind of parameter that a mechanism takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// None.
    Nothing,
    /// CK_RSA_PKCS_PSS_PARAMS.
    Pss,
    /// CK_RSA_PKCS_OAEP_PARAMS.
    Oaep,
    /// CK_ECDH1_DERIVE_PARAMS.
    Ecdh,
    /// Eight bytes, or none.
    InitialValue,
}

/// Longest secret key, in bytes.
pub const LONGEST_SECRET: usize = 512;

/// Shortest and longest key of an HMAC, in bytes.
const MAC_KEY: (CK_ULONG, CK_ULONG) = (1, LONGEST_SECRET as CK_ULONG);

impl Mechanism {
    /// The mechanism with a number.
    pub fn find(kind: CK_MECHANISM_TYPE) -> Option<&'static Mechanism> {
        MECHANISMS.iter().find(|mechanism| mechanism.kind == kind)
    }

    /// The parameter that it takes.
    pub fn parameter_kind(&self) -> ParameterKind {
        match self.action {
            Action::Sign(Scheme::Pss, _) => ParameterKind::Pss,
            Action::Oaep => ParameterKind::Oaep,
            Action::Ecdh => ParameterKind::Ecdh,
            Action::KeyWrap => ParameterKind::InitialValue,
            Action::Sign(..) | Action::Digest(_) | Action::Mac(_) => ParameterKind::Nothing,
        }
    }

    /// CKK_ number of the key pairs that it works with; none for mechanisms with secret keys or without a key.
    pub fn key_type(&self) -> Option<CK_KEY_TYPE> {
        match self.action {
            Action::Sign(Scheme::Ecdsa, _) | Action::Ecdh => Some(CKK_EC),
            Action::Sign(Scheme::Pkcs1 | Scheme::Pss, _) | Action::Oaep => Some(CKK_RSA),
            Action::Digest(_) | Action::Mac(_) | Action::KeyWrap => None,
        }
    }

    /// Does it work with secret keys of this type (CKK_)?
    pub fn takes_secret(&self, key_type: CK_KEY_TYPE) -> bool {
        match self.action {
            Action::Mac(hash) => key_type == CKK_GENERIC_SECRET || key_type == mac_key_type(hash),
            Action::KeyWrap => key_type == CKK_AES,
            Action::Digest(_) | Action::Sign(..) | Action::Oaep | Action::Ecdh => false,
        }
    }

    /// The functions that it supports with keys for these uses, as CKF_ bits.
    pub fn functions(&self, uses: KeyUses) -> CK_FLAGS {
        let when = |holds: bool, flags: CK_FLAGS| if holds { flags } else { 0 };
        let signing = CKF_SIGN | CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY | CKF_MULTI_MESSAGE;
        match self.action {
            Action::Digest(_) => CKF_DIGEST,
            Action::Mac(_) => CKF_SIGN | CKF_VERIFY,
            Action::KeyWrap => CKF_ENCRYPT | CKF_DECRYPT,
            Action::Sign(Scheme::Pkcs1, None) => {
                when(uses.sign, signing | CKF_SIGN_RECOVER | CKF_VERIFY_RECOVER)
                    | when(uses.decipher, CKF_ENCRYPT | CKF_DECRYPT)
            }
            Action::Sign(..) => when(uses.sign, signing),
            Action::Oaep => when(uses.decipher, CKF_ENCRYPT | CKF_DECRYPT),
            Action::Ecdh => when(uses.agree, CKF_DERIVE),
        }
    }

    /// Does it work with this key?
    fn suits(&self, key: &KeySpec) -> bool {
        let same = self.key_type() == Some(key_type(key.algorithm));
        same && self.functions(key.uses) != 0 && self.is_known_to(key)
    }

    /// Can the card do it? An EC key signs any digest.
    fn is_known_to(&self, key: &KeySpec) -> bool {
        match self.action {
            Action::Sign(scheme @ (Scheme::Pkcs1 | Scheme::Pss), Some(hash)) => {
                key.algorithm(scheme, hash).is_some()
            }
            Action::Sign(scheme, _) => key.signs(scheme),
            _ => true,
        }
    }
}

/// CKK_ number of the keys that are for HMACs with this hash function alone.
const fn mac_key_type(hash: Hash) -> CK_KEY_TYPE {
    match hash {
        Hash::Sha1 => CKK_SHA_1_HMAC,
        Hash::Sha224 => CKK_SHA224_HMAC,
        Hash::Sha256 => CKK_SHA256_HMAC,
        Hash::Sha384 => CKK_SHA384_HMAC,
        Hash::Sha512 => CKK_SHA512_HMAC,
        Hash::Sha3_224 => CKK_SHA3_224_HMAC,
        Hash::Sha3_256 => CKK_SHA3_256_HMAC,
        Hash::Sha3_384 => CKK_SHA3_384_HMAC,
        Hash::Sha3_512 => CKK_SHA3_512_HMAC,
    }
}

/// CKK_ number of a kind of key.
pub(crate) fn key_type(algorithm: KeyAlgorithm) -> CK_KEY_TYPE {
    match algorithm {
        KeyAlgorithm::Rsa { .. } => CKK_RSA,
        KeyAlgorithm::Ec(_) => CKK_EC,
    }
}

/// CKK_ number of a public key.
pub(crate) fn public_key_type(key: &PublicKey) -> CK_KEY_TYPE {
    match key {
        PublicKey::Rsa { .. } => CKK_RSA,
        PublicKey::Ec { .. } => CKK_EC,
    }
}

/// The mechanisms of a card's private key.
pub(crate) fn of_key(key: &KeySpec) -> impl Iterator<Item = &'static Mechanism> {
    MECHANISMS.iter().filter(move |mechanism| mechanism.suits(key))
}

/// The mechanism with a number, if the token has it.
pub(crate) fn of_token(
    profile: &CardProfile,
    role: Role,
    kind: CK_MECHANISM_TYPE,
) -> Option<&'static Mechanism> {
    all_of_token(profile, role).find(|mechanism| mechanism.kind == kind)
}

pub(crate) fn all_of_token(profile: &CardProfile, role: Role) -> impl Iterator<Item = &'static Mechanism> {
    MECHANISMS.iter().filter(move |mechanism| {
        mechanism.key_type().is_none() || profile.keys(role).any(|key| mechanism.suits(key))
    })
}

/// The functions that a mechanism supports on a token, as CKF_ bits.
pub(crate) fn functions(profile: &CardProfile, role: Role, mechanism: &Mechanism) -> CK_FLAGS {
    match mechanism.key_type() {
        None => mechanism.functions(KeyUses::NONE),
        Some(_) => {
            let suited = profile.keys(role).filter(|key| mechanism.suits(key));
            suited.fold(0, |all, key| all | mechanism.functions(key.uses))
        }
    }
}

/// Smallest and largest key that a mechanism works with on a token: key pairs in bits, secret keys in bytes.
pub(crate) fn sizes(profile: &CardProfile, role: Role, mechanism: &Mechanism) -> (CK_ULONG, CK_ULONG) {
    let suited = profile.keys(role).filter(|key| mechanism.suits(key)).map(|key| bits(key.algorithm));
    match mechanism.action {
        Action::Digest(_) => (0, 0),
        Action::Mac(_) => MAC_KEY,
        Action::KeyWrap => (16, 32),
        _ => suited.fold((CK_ULONG::MAX, 0), |(min, max), (least, most)| (min.min(least), max.max(most))),
    }
}

/// Smallest and largest key, in bits.
fn bits(key: KeyAlgorithm) -> (CK_ULONG, CK_ULONG) {
    match key {
        KeyAlgorithm::Rsa { min, max } => (min.into(), max.into()),
        KeyAlgorithm::Ec(Curve::P256) => (256, 256),
        KeyAlgorithm::Ec(Curve::P384) => (384, 384),
    }
}

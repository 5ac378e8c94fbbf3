//! Mechanisms (§5.5.5): what the present card can do, as a table.

use super::{Fault, Module};
use crate::cards::profile::{CardProfile, Curve, Hash, Scheme};
use crate::cards::{KeyAlgorithm, Role};
use cryptoki_sys::*;

/// How a mechanism makes a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mechanism {
    /// CKM_ number.
    pub kind: CK_MECHANISM_TYPE,
    /// Its name in the standard.
    pub name: &'static str,
    /// The scheme.
    pub scheme: Scheme,
    /// What the module hashes the data with; `None` when the program brings a digest.
    pub hash: Option<Hash>,
}

macro_rules! mechanisms {
    ($($kind:ident: $scheme:ident $hash:expr;)*) => {
        &[$(Mechanism { kind: $kind, name: stringify!($kind), scheme: Scheme::$scheme, hash: $hash }),*]
    };
}

/// Every mechanism; which of them a token has follows from the keys of its card.
pub const MECHANISMS: &[Mechanism] = mechanisms! {
    CKM_ECDSA: Ecdsa None;
    CKM_ECDSA_SHA1: Ecdsa Some(Hash::Sha1);
    CKM_ECDSA_SHA224: Ecdsa Some(Hash::Sha224);
    CKM_ECDSA_SHA256: Ecdsa Some(Hash::Sha256);
    CKM_ECDSA_SHA384: Ecdsa Some(Hash::Sha384);
    CKM_ECDSA_SHA512: Ecdsa Some(Hash::Sha512);
    CKM_RSA_PKCS: Pkcs1 None;
    CKM_SHA1_RSA_PKCS: Pkcs1 Some(Hash::Sha1);
    CKM_SHA224_RSA_PKCS: Pkcs1 Some(Hash::Sha224);
    CKM_SHA256_RSA_PKCS: Pkcs1 Some(Hash::Sha256);
    CKM_SHA384_RSA_PKCS: Pkcs1 Some(Hash::Sha384);
    CKM_SHA512_RSA_PKCS: Pkcs1 Some(Hash::Sha512);
    CKM_RSA_PKCS_PSS: Pss None;
    CKM_SHA1_RSA_PKCS_PSS: Pss Some(Hash::Sha1);
    CKM_SHA224_RSA_PKCS_PSS: Pss Some(Hash::Sha224);
    CKM_SHA256_RSA_PKCS_PSS: Pss Some(Hash::Sha256);
    CKM_SHA384_RSA_PKCS_PSS: Pss Some(Hash::Sha384);
    CKM_SHA512_RSA_PKCS_PSS: Pss Some(Hash::Sha512);
};

impl Mechanism {
    /// Does this mechanism work with this kind of key?
    pub fn suits(&self, key: KeyAlgorithm) -> bool {
        match key {
            KeyAlgorithm::Ec(_) => self.scheme == Scheme::Ecdsa,
            KeyAlgorithm::Rsa { .. } => self.scheme != Scheme::Ecdsa,
        }
    }
}

/// The mechanisms of a key.
pub(super) fn of_key(key: KeyAlgorithm) -> impl Iterator<Item = &'static Mechanism> {
    MECHANISMS.iter().filter(move |mechanism| mechanism.suits(key))
}

/// The mechanism with a number, if some key of the token can use it.
pub(super) fn of_token(
    profile: &CardProfile,
    role: Role,
    kind: CK_MECHANISM_TYPE,
) -> Option<&'static Mechanism> {
    all_of_token(profile, role).find(|mechanism| mechanism.kind == kind)
}

fn all_of_token(profile: &CardProfile, role: Role) -> impl Iterator<Item = &'static Mechanism> {
    MECHANISMS.iter().filter(move |mechanism| profile.keys(role).any(|key| mechanism.suits(key.algorithm)))
}

impl Module {
    /// C_GetMechanismList (§5.5.5). Known from the kind of card; nothing is asked.
    pub fn mechanism_list(&self, slot: CK_SLOT_ID) -> Result<Vec<CK_MECHANISM_TYPE>, Fault> {
        let slot = self.slot(slot)?;
        let (_, profile) = slot.token()?;
        Ok(all_of_token(profile, slot.role).map(|mechanism| mechanism.kind).collect())
    }

    /// C_GetMechanismInfo (§5.5.6): key sizes in bits.
    pub fn mechanism_info(
        &self,
        slot: CK_SLOT_ID,
        kind: CK_MECHANISM_TYPE,
    ) -> Result<CK_MECHANISM_INFO, Fault> {
        let slot = self.slot(slot)?;
        let (_, profile) = slot.token()?;
        let mechanism = of_token(profile, slot.role, kind).ok_or(Fault::MechanismInvalid)?;
        let sizes = profile.keys(slot.role).map(|key| key.algorithm).filter(|key| mechanism.suits(*key));
        let (min, max) =
            sizes.map(bits).fold((u16::MAX, 0), |(min, max), (least, most)| (min.min(least), max.max(most)));
        let curve = match mechanism.scheme {
            Scheme::Ecdsa => CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS,
            Scheme::Pkcs1 | Scheme::Pss => 0,
        };
        Ok(CK_MECHANISM_INFO {
            ulMinKeySize: min.into(),
            ulMaxKeySize: max.into(),
            flags: CKF_HW | CKF_SIGN | curve,
        })
    }
}

/// Smallest and largest key, in bits.
fn bits(key: KeyAlgorithm) -> (u16, u16) {
    match key {
        KeyAlgorithm::Rsa { min, max } => (min, max),
        KeyAlgorithm::Ec(Curve::P256) => (256, 256),
        KeyAlgorithm::Ec(Curve::P384) => (384, 384),
    }
}

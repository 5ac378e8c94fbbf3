//! Key agreement (§5.18.5, C_DeriveKey): the card computes the shared secret, which becomes a secret key of the
//! session.

use super::card_key::CardKey;
use super::mechanism::{ChosenMechanism, Parameter};
use crate::p11::Fault;
use crate::p11::mechanisms::{Action, LONGEST_SECRET};
use crate::p11::objects::session_object::Origin;
use crate::p11::objects::{Template, encoding};
use crate::p11::session::Session;
use avain_crypto::{Curve, Hash, PublicKey};
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// The key derivation functions (ANSI X9.63), by their CKD_ numbers.
const KDFS: [(CK_EC_KDF_TYPE, Hash); 5] = [
    (CKD_SHA1_KDF, Hash::Sha1),
    (CKD_SHA224_KDF, Hash::Sha224),
    (CKD_SHA256_KDF, Hash::Sha256),
    (CKD_SHA384_KDF, Hash::Sha384),
    (CKD_SHA512_KDF, Hash::Sha512),
];

/// How the key is derived from the x coordinate of the shared point.
enum Derivation<'p> {
    /// It is the key; excess leading bytes are dropped.
    None,
    /// It goes through a key derivation function, with data shared between the parties.
    X963(Hash, &'p [u8]),
}

impl Derivation<'_> {
    fn named(kdf: CK_EC_KDF_TYPE, shared: &[u8]) -> Option<Derivation<'_>> {
        if kdf == CKD_NULL {
            return shared.is_empty().then_some(Derivation::None);
        }
        let (_, hash) = KDFS.iter().find(|(known, _)| *known == kdf)?;
        Some(Derivation::X963(*hash, shared))
    }

    /// The length of the key.
    fn length(&self, template: &Template, field: usize) -> Result<usize, Fault> {
        match self {
            Derivation::None => template.secret_length(field, field),
            Derivation::X963(hash, _) => template.secret_length(hash.length(), LONGEST_SECRET),
        }
    }

    fn apply(&self, x: &[u8], length: usize) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Derivation::None => {
                let from = x.len().checked_sub(length)?;
                Some(Zeroizing::new(x.get(from..)?.to_vec()))
            }
            Derivation::X963(hash, shared) => Some(hash.x963(x, shared, length)),
        }
    }
}

impl Session {
    /// C_DeriveKey: by elliptic-curve Diffie-Hellman (PKCS #11 mechanisms, CK_ECDH1_DERIVE_PARAMS).
    pub fn derive_key(
        &self,
        chosen: &ChosenMechanism,
        base: CK_OBJECT_HANDLE,
        template: &Template,
    ) -> Result<CK_OBJECT_HANDLE, Fault> {
        let mechanism = self.mechanism(chosen.kind, CKF_DERIVE)?;
        let key = self.key(base, mechanism, CKA_DERIVE)?;
        if key.class() != CKO_PRIVATE_KEY {
            return Err(Fault::KeyFunctionNotPermitted);
        }
        let (Action::Ecdh, Parameter::Ecdh { kdf, shared, point }) = (mechanism.action, &chosen.parameter)
        else {
            return Err(Fault::MechanismParamInvalid);
        };
        let derivation = Derivation::named(*kdf, shared).ok_or(Fault::MechanismParamInvalid)?;
        let Some(PublicKey::Ec { curve, .. }) = key.public_key() else {
            return Err(Fault::KeyTypeInconsistent);
        };
        let point = other_point(*curve, point).ok_or(Fault::MechanismParamInvalid)?;
        let length = derivation.length(template, curve.field_bytes())?;
        // Errors in the template are reported before the card is asked.
        self.can_make(template, Origin::Derived(Zeroizing::new(vec![0; length])))?;
        let x = CardKey::new(self, key).perform(Fault::of_key, |slot, insertion, key, authority| {
            slot.reader.agree(insertion, key, point, authority)
        })?;
        let value = derivation.apply(&x, length).ok_or(Fault::DeviceError)?;
        self.make(template, Origin::Derived(value))
    }
}

/// The other party's point, uncompressed. The standard allows it in a DER OCTET STRING too.
fn other_point(curve: Curve, given: &[u8]) -> Option<&[u8]> {
    let point = encoding::point(curve, given);
    curve.has_point(point).then_some(point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use p384::elliptic_curve::Generate;

    #[test]
    fn points_of_other_shapes_or_off_the_curve_are_refused() {
        let key = p384::ecdsa::SigningKey::generate();
        let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        let wrapped = [&[0x04, 97], point.as_slice()].concat();
        assert_eq!(other_point(Curve::P384, &point), Some(point.as_slice()));
        assert_eq!(other_point(Curve::P384, &wrapped), Some(point.as_slice()));
        assert_eq!(other_point(Curve::P256, &point), None);
        assert_eq!(other_point(Curve::P384, &point[..96]), None);
        assert_eq!(other_point(Curve::P384, &[]), None);
        let mut off = point;
        *off.last_mut().unwrap() ^= 1;
        assert_eq!(other_point(Curve::P384, &off), None);
    }
}

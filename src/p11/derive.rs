//! Agreeing on a secret (§5.18.5, C_DeriveKey): the card computes, the result is a session secret.

use super::mechanisms::Action;
use super::operation::Chosen;
use super::prepare::Parameter;
use super::sign::CardKey;
use super::templates::{Origin, Template};
use super::{Fault, Module};
use crate::crypto::{Curve, PublicKey};
use cryptoki_sys::*;
use zeroize::Zeroizing;

impl Module {
    /// C_DeriveKey. The secret is the x coordinate of the shared point, as it is: a key derivation function is left
    /// to the program, because a program that lets the token do it goes on to leave all deciphering to the token.
    pub fn derive_key(
        &self,
        handle: CK_SESSION_HANDLE,
        chosen: &Chosen,
        base: CK_OBJECT_HANDLE,
        template: &Template,
    ) -> Result<CK_OBJECT_HANDLE, Fault> {
        let session = self.session(handle)?;
        let work = session.work.lock();
        let mechanism = session.mechanism(chosen.kind, CKF_DERIVE)?;
        let key = self.key(&session, base, mechanism, CKA_DERIVE)?;
        let (Action::Agree, Parameter::Ecdh { kdf: CKD_NULL, shared: false, point }) =
            (mechanism.action, &chosen.parameter)
        else {
            return Err(Fault::MechanismParamInvalid);
        };
        let Some(PublicKey::Ec { curve, .. }) = key.public_key() else {
            return Err(Fault::KeyTypeInconsistent);
        };
        let point = other_point(*curve, point).ok_or(Fault::MechanismParamInvalid)?;
        let length = template.secret_length(curve.field_bytes())?;
        // What is wrong with the template is told before the card works.
        self.may_make(&session, template, Origin::Derived(Zeroizing::new(vec![0; length])))?;
        let card_key = CardKey::new(&session, key);
        let (gate, insertion) = (&session.slot.gate, &session.insertion);
        let secret =
            card_key.work(&session, |key, authority| gate.agree(insertion, key, point, authority))?;
        drop(work);
        // Bytes are taken off the leading end (PKCS #11 mechanisms, elliptic-curve Diffie-Hellman).
        let kept = secret.len().checked_sub(length).and_then(|from| secret.get(from..));
        let value = Zeroizing::new(kept.ok_or(Fault::DeviceError)?.to_vec());
        self.make(&session, template, Origin::Derived(value))
    }
}

/// The other party's point: uncompressed, or as a DER OCTET STRING, which the standard allows too.
fn other_point(curve: Curve, given: &[u8]) -> Option<&[u8]> {
    let length = curve.field_bytes().checked_mul(2)?.checked_add(1)?;
    let point = match given {
        [0x04, stated, point @ ..] if usize::from(*stated) == length && point.len() == length => point,
        point => point,
    };
    curve.has_point(point).then_some(point)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_other_shapes_or_off_the_curve_are_refused() {
        let key = p384::ecdsa::SigningKey::random(&mut rand_core::OsRng);
        let point = key.verifying_key().to_encoded_point(false).as_bytes().to_vec();
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

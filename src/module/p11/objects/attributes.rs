//! The attributes of objects on the card (§4): one table for C_GetAttributeValue and C_FindObjects, so that the two
//! cannot disagree.

use super::encoding::{CURVES, bits};
use super::object::{Body, Object};
use super::template::Template;
use crate::p11::mechanisms::{self, public_key_type};
use avain_card::cards::certificate::Certificate;
use avain_card::cards::profile::{KeyUses, PinUse};
use avain_card::token::KeyView;
use avain_crypto::{Hash, PublicKey};
use cryptoki_sys::*;
use std::borrow::Cow;

/// The answer to a question for an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'o> {
    /// Its value, encoded as PKCS #11 defines. Of a session object it may be a secret, and is never copied.
    Is(Cow<'o, [u8]>),
    /// The object has it, but does not reveal it.
    Sensitive,
    /// The object has no such attribute.
    None,
}

/// The value of an attribute of an object.
pub fn value(object: &Object, kind: CK_ATTRIBUTE_TYPE) -> Value<'_> {
    if let Body::Session(object) = &object.body {
        return match object.value(kind) {
            Some(_) if object.is_sensitive(kind) => Value::Sensitive,
            Some(value) => Value::Is(Cow::Borrowed(value)),
            None => Value::None,
        };
    }
    let class = object.class();
    let key_type = object.public_key().map(public_key_type);
    ATTRIBUTES
        .iter()
        .find(|row| row.kind == kind && row.belongs_to(class, key_type))
        .map_or(Value::None, |row| (row.value)(object))
}

/// Does the object have all attributes of a template, with the same values?
pub(crate) fn matches(object: &Object, template: &Template) -> bool {
    template.iter().all(|(kind, wanted)| match value(object, kind) {
        Value::Is(value) => *value == *wanted,
        Value::Sensitive | Value::None => false,
    })
}

/// A row of the table: an attribute, the classes that have it, and where its value comes from.
pub struct Attribute {
    /// CKA_ number.
    pub kind: CK_ATTRIBUTE_TYPE,
    /// Its name in the standard.
    pub name: &'static str,
    /// Object classes that have it.
    pub classes: &'static [CK_OBJECT_CLASS],
    /// The only type of keys that have it (CKK_), if it is not all.
    pub key_type: Option<CK_KEY_TYPE>,
    value: fn(&Object) -> Value<'_>,
}

impl Attribute {
    /// Do objects of this class have it, and if they are keys, those of this type?
    pub fn belongs_to(&self, class: CK_OBJECT_CLASS, key_type: Option<CK_KEY_TYPE>) -> bool {
        self.classes.contains(&class) && (self.key_type.is_none() || self.key_type == key_type)
    }
}

macro_rules! row {
    ($kind:ident, $classes:expr, $value:expr) => {
        row!($kind, $classes, None, $value)
    };
    ($kind:ident, $classes:expr, $key_type:expr, $value:expr) => {
        Attribute {
            kind: $kind,
            name: stringify!($kind),
            classes: $classes,
            key_type: $key_type,
            value: $value,
        }
    };
}

const ALL: &[CK_OBJECT_CLASS] = &[CKO_PROFILE, CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY];
const PROFILE: &[CK_OBJECT_CLASS] = &[CKO_PROFILE];
const CERTIFICATE: &[CK_OBJECT_CLASS] = &[CKO_CERTIFICATE];
const PUBLIC: &[CK_OBJECT_CLASS] = &[CKO_PUBLIC_KEY];
const PRIVATE: &[CK_OBJECT_CLASS] = &[CKO_PRIVATE_KEY];
const KEYS: &[CK_OBJECT_CLASS] = &[CKO_PUBLIC_KEY, CKO_PRIVATE_KEY];
const RSA: Option<CK_KEY_TYPE> = Some(CKK_RSA);
const EC: Option<CK_KEY_TYPE> = Some(CKK_EC);
const CERTIFICATE_AND_KEYS: &[CK_OBJECT_CLASS] = &[CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY];

/// Every attribute of an object on the card.
pub const ATTRIBUTES: &[Attribute] = &[
    // §4.4, §4.5: every object, every storage object.
    row!(CKA_CLASS, ALL, |o| number(o.class())),
    row!(CKA_TOKEN, ALL, |_| TRUE()),
    row!(CKA_PRIVATE, ALL, |o| flag(o.is_private())),
    row!(CKA_MODIFIABLE, ALL, |_| FALSE()),
    row!(CKA_COPYABLE, ALL, |_| FALSE()),
    row!(CKA_DESTROYABLE, ALL, |_| FALSE()),
    row!(CKA_LABEL, ALL, label),
    row!(CKA_UNIQUE_ID, ALL, unique_id),
    // §4.16
    row!(CKA_PROFILE_ID, PROFILE, |o| match o.body {
        Body::Profile(id) => number(id),
        _ => Value::None,
    }),
    // §4.7
    row!(CKA_CERTIFICATE_TYPE, CERTIFICATE, |_| number(CKC_X_509)),
    row!(CKA_TRUSTED, &[CKO_CERTIFICATE, CKO_PUBLIC_KEY], |_| FALSE()),
    row!(CKA_CERTIFICATE_CATEGORY, CERTIFICATE, |o| match o.authority() {
        Some(_) => number(CK_CERTIFICATE_CATEGORY_AUTHORITY),
        None => number(CK_CERTIFICATE_CATEGORY_TOKEN_USER),
    }),
    row!(CKA_CHECK_VALUE, CERTIFICATE, |o| of_certificate(o, check_value)),
    row!(CKA_START_DATE, CERTIFICATE, |o| of_certificate(o, |c| date(c.start))),
    row!(CKA_END_DATE, CERTIFICATE, |o| of_certificate(o, |c| date(c.end))),
    row!(CKA_ISSUER, CERTIFICATE, |o| part_of_certificate(o, |c| &c.issuer)),
    row!(CKA_SERIAL_NUMBER, CERTIFICATE, |o| part_of_certificate(o, |c| &c.serial)),
    row!(CKA_VALUE, CERTIFICATE, |o| part_of_certificate(o, |c| &c.der)),
    row!(CKA_URL, CERTIFICATE, |_| empty()),
    row!(CKA_HASH_OF_SUBJECT_PUBLIC_KEY, CERTIFICATE, |o| of_certificate(o, hash_of_key)),
    row!(CKA_HASH_OF_ISSUER_PUBLIC_KEY, CERTIFICATE, |_| empty()),
    row!(CKA_JAVA_MIDP_SECURITY_DOMAIN, CERTIFICATE, |_| number(CK_SECURITY_DOMAIN_UNSPECIFIED)),
    row!(CKA_NAME_HASH_ALGORITHM, CERTIFICATE, |_| number(CKM_SHA_1)),
    row!(CKA_ID, CERTIFICATE_AND_KEYS, |o| o.id().map_or(Value::None, |id| is(id.to_vec()))),
    row!(CKA_SUBJECT, CERTIFICATE_AND_KEYS, |o| part_of_certificate(o, |c| &c.subject)),
    row!(CKA_PUBLIC_KEY_INFO, CERTIFICATE_AND_KEYS, |o| part_of_certificate(o, |c| &c.public_key_info)),
    // §4.8 to §4.10
    row!(CKA_KEY_TYPE, KEYS, |o| of_public(o, |k| number(public_key_type(k)))),
    row!(CKA_START_DATE, KEYS, |_| empty()),
    row!(CKA_END_DATE, KEYS, |_| empty()),
    // Programs expect it to be the same in both halves of a pair.
    row!(CKA_DERIVE, KEYS, |o| uses(o, |uses| uses.agree)),
    // Strictly, only keys made by C_GenerateKeyPair are local.
    row!(CKA_LOCAL, KEYS, |_| FALSE()),
    row!(CKA_KEY_GEN_MECHANISM, KEYS, |_| number(CK_UNAVAILABLE_INFORMATION)),
    row!(CKA_ALLOWED_MECHANISMS, PRIVATE, allowed_mechanisms),
    row!(CKA_ENCRYPT, PUBLIC, |o| uses(o, |uses| uses.decipher)),
    row!(CKA_VERIFY, PUBLIC, |o| uses(o, |uses| uses.sign)),
    row!(CKA_VERIFY_RECOVER, PUBLIC, |o| of_public(o, |k| flag(is_rsa(k)))),
    row!(CKA_WRAP, PUBLIC, |_| FALSE()),
    row!(CKA_SENSITIVE, PRIVATE, |_| TRUE()),
    row!(CKA_ALWAYS_SENSITIVE, PRIVATE, |_| TRUE()),
    row!(CKA_EXTRACTABLE, PRIVATE, |_| FALSE()),
    row!(CKA_NEVER_EXTRACTABLE, PRIVATE, |_| TRUE()),
    row!(CKA_SIGN, PRIVATE, |o| uses(o, |uses| uses.sign)),
    row!(CKA_SIGN_RECOVER, PRIVATE, |o| of_public(o, |k| flag(is_rsa(k)))),
    row!(CKA_DECRYPT, PRIVATE, |o| uses(o, |uses| uses.decipher)),
    row!(CKA_UNWRAP, PRIVATE, |_| FALSE()),
    row!(CKA_WRAP_WITH_TRUSTED, PRIVATE, |_| FALSE()),
    row!(CKA_ALWAYS_AUTHENTICATE, PRIVATE, |o| of_key(o, |key| flag(needs_pin_each_time(key)))),
    // RSA and EC keys (PKCS #11 mechanisms: RSA, elliptic curves)
    row!(CKA_MODULUS, KEYS, RSA, |o| of_public(o, modulus)),
    row!(CKA_MODULUS_BITS, PUBLIC, RSA, |o| of_public(o, modulus_bits)),
    row!(CKA_PUBLIC_EXPONENT, KEYS, RSA, |o| of_public(o, public_exponent)),
    row!(CKA_PRIVATE_EXPONENT, PRIVATE, RSA, |_| Value::Sensitive),
    row!(CKA_PRIME_1, PRIVATE, RSA, |_| Value::Sensitive),
    row!(CKA_PRIME_2, PRIVATE, RSA, |_| Value::Sensitive),
    row!(CKA_EXPONENT_1, PRIVATE, RSA, |_| Value::Sensitive),
    row!(CKA_EXPONENT_2, PRIVATE, RSA, |_| Value::Sensitive),
    row!(CKA_COEFFICIENT, PRIVATE, RSA, |_| Value::Sensitive),
    row!(CKA_EC_PARAMS, KEYS, EC, |o| of_public(o, ec_params)),
    row!(CKA_EC_POINT, KEYS, EC, |o| of_public(o, ec_point)),
    row!(CKA_VALUE, PRIVATE, EC, |_| Value::Sensitive),
];

fn is(value: Vec<u8>) -> Value<'static> {
    Value::Is(Cow::Owned(value))
}

#[expect(non_snake_case, reason = "reads as the constant that it is")]
fn TRUE() -> Value<'static> {
    flag(true)
}

#[expect(non_snake_case, reason = "reads as the constant that it is")]
fn FALSE() -> Value<'static> {
    flag(false)
}

fn flag(value: bool) -> Value<'static> {
    Value::Is(Cow::Borrowed(if value { &[CK_TRUE] } else { &[CK_FALSE] }))
}

fn number(value: CK_ULONG) -> Value<'static> {
    is(value.to_ne_bytes().to_vec())
}

fn empty() -> Value<'static> {
    is(Vec::new())
}

fn label(object: &Object) -> Value<'static> {
    match (&object.body, object.key()) {
        (Body::Profile(CKP_BASELINE_PROVIDER), _) => is(b"Baseline Provider".to_vec()),
        (Body::Profile(CKP_EXTENDED_PROVIDER), _) => is(b"Extended Provider".to_vec()),
        (Body::Profile(_), _) => is(b"Public Certificates Token".to_vec()),
        (_, Some(key)) => is(key.spec.label.as_bytes().to_vec()),
        (_, None) => object.authority().map_or(Value::None, |it| is(it.spec.label.as_bytes().to_vec())),
    }
}

/// The same in every process for the same object of the same card: serial number, class, CKA_ID; and the certificate,
/// because several may have one CKA_ID.
fn unique_id(object: &Object) -> Value<'static> {
    let class = match &object.body {
        Body::Profile(id) => return is(format!("{}/profile/{id:02x}", object.card).into_bytes()),
        Body::Certificate(_) | Body::Authority(_) => "certificate",
        Body::PublicKey(_) => "public-key",
        Body::PrivateKey(_) => "private-key",
        Body::Session(_) => return Value::None,
    };
    let (Some(id), Some(certificate)) = (object.id(), object.certificate()) else { return Value::None };
    let digest: Vec<_> = Hash::Sha256.digest(&certificate.der).into_iter().take(4).collect();
    let (id, certificate) = (hexadecimal(id), hexadecimal(&digest));
    is(format!("{}/{class}/{id}/{certificate}", object.card).into_bytes())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn of_key(object: &Object, value: fn(&KeyView) -> Value<'static>) -> Value<'static> {
    object.key().map_or(Value::None, value)
}

fn of_certificate(object: &Object, value: fn(&Certificate) -> Vec<u8>) -> Value<'static> {
    object.certificate().map_or(Value::None, |certificate| is(value(certificate)))
}

fn part_of_certificate(object: &Object, part: fn(&Certificate) -> &[u8]) -> Value<'_> {
    object.certificate().map_or(Value::None, |certificate| Value::Is(Cow::Borrowed(part(certificate))))
}

fn of_public(object: &Object, value: fn(&PublicKey) -> Value<'static>) -> Value<'static> {
    object.key().map_or(Value::None, |key| value(&key.public))
}

/// The first three bytes of the certificate's SHA-1 hash (§4.7.2).
fn check_value(certificate: &Certificate) -> Vec<u8> {
    Hash::Sha1.digest(&certificate.der).into_iter().take(3).collect()
}

/// SHA-1 of the key itself, as in method 1 of RFC 5280 §4.2.1.2 (§4.7.3, CKA_NAME_HASH_ALGORITHM).
fn hash_of_key(certificate: &Certificate) -> Vec<u8> {
    Hash::Sha1.digest(&certificate.subject_public_key)
}

/// CK_DATE: eight digits.
fn date((year, month, day): (u16, u8, u8)) -> Vec<u8> {
    format!("{year:04}{month:02}{day:02}").into_bytes()
}

/// CKA_ALWAYS_AUTHENTICATE: does each signature need the PIN?
pub(crate) fn needs_pin_each_time(key: &KeyView) -> bool {
    key.spec.pin_use == PinUse::EachSignature
}

fn is_rsa(key: &PublicKey) -> bool {
    matches!(key, PublicKey::Rsa { .. })
}

fn uses(object: &Object, use_: fn(KeyUses) -> bool) -> Value<'static> {
    object.key().map_or(Value::None, |key| flag(use_(key.spec.uses)))
}

fn allowed_mechanisms(object: &Object) -> Value<'static> {
    let Some(key) = object.key() else { return Value::None };
    is(mechanisms::of_key(&key.spec).map(|m| m.kind.to_ne_bytes()).collect::<Vec<_>>().concat())
}

fn modulus(key: &PublicKey) -> Value<'static> {
    match key {
        PublicKey::Rsa { modulus, .. } => is(modulus.clone()),
        PublicKey::Ec { .. } => Value::None,
    }
}

fn modulus_bits(key: &PublicKey) -> Value<'static> {
    match key {
        PublicKey::Rsa { modulus, .. } => number(bits(modulus)),
        PublicKey::Ec { .. } => Value::None,
    }
}

fn public_exponent(key: &PublicKey) -> Value<'static> {
    match key {
        PublicKey::Rsa { exponent, .. } => is(exponent.clone()),
        PublicKey::Ec { .. } => Value::None,
    }
}

/// The curve by its object identifier, DER.
fn ec_params(key: &PublicKey) -> Value<'static> {
    let PublicKey::Ec { curve, .. } = key else { return Value::None };
    CURVES.iter().find(|(known, _)| known == curve).map_or(Value::None, |(_, oid)| is(oid.to_vec()))
}

/// The point as a DER OCTET STRING.
fn ec_point(key: &PublicKey) -> Value<'static> {
    match key {
        // A point of the curves here is 65 or 97 bytes long: one length byte.
        PublicKey::Ec { point, .. } => {
            let header = [0x04, u8::try_from(point.len()).unwrap_or_default()];
            is([&header, point.as_slice()].concat())
        }
        PublicKey::Rsa { .. } => Value::None,
    }
}

#[cfg(test)]
mod tests {
    use super::ATTRIBUTES;

    #[test]
    fn each_class_has_an_attribute_once() {
        for (at, row) in ATTRIBUTES.iter().enumerate() {
            for other in &ATTRIBUTES[at + 1..] {
                let twice = row.kind == other.kind && row.classes.iter().any(|c| other.classes.contains(c));
                assert!(!twice, "attribute {:#x}", row.kind);
            }
        }
    }
}

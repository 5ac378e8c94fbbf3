//! Session objects (§5.7.1, §5.18.5): programs create or derive them, and nothing of them is written to the card.

use super::encoding::{CURVES, bits, point, unsigned};
use super::rules::{self, Change, Rule};
use super::template::Template;
use crate::p11::Fault;
use crate::p11::mechanisms::LONGEST_SECRET;
use avain_crypto::PublicKey;
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// Where an object comes from.
pub enum Origin {
    /// C_CreateObject.
    Created,
    /// C_DeriveKey, with this value.
    Derived(Zeroizing<Vec<u8>>),
}

/// A session object.
#[derive(Clone)]
pub struct SessionObject {
    /// The session that it is destroyed with.
    pub(crate) owner: CK_SESSION_HANDLE,
    attributes: Template,
    public_key: Option<PublicKey>,
}

impl SessionObject {
    /// Makes an object after checking the whole template.
    pub(crate) fn new(
        owner: CK_SESSION_HANDLE,
        template: &Template,
        origin: Origin,
        number: u64,
    ) -> Result<Self, Fault> {
        if template.contradicts_itself() {
            return Err(Fault::TemplateInconsistent);
        }
        let derived = matches!(origin, Origin::Derived(_));
        let mut given = template.clone();
        if let Origin::Derived(value) = origin {
            if given.get(CKA_VALUE).is_some() || given.number(CKA_CLASS).is_some_and(|c| c != CKO_SECRET_KEY)
            {
                return Err(Fault::TemplateInconsistent);
            }
            given.default_number(CKA_CLASS, CKO_SECRET_KEY);
            given.default_number(CKA_KEY_TYPE, CKK_GENERIC_SECRET);
            given.remove(CKA_VALUE_LEN);
            given.set(CKA_VALUE, &value);
            if given.get(CKA_PRIVATE).is_none() {
                // What was derived from a private key is gone at logout.
                given.set(CKA_PRIVATE, &[CK_TRUE]);
            }
        }
        let mut object = SessionObject { owner, attributes: rules::filled(&given)?, public_key: None };
        object.attributes.set(CKA_UNIQUE_ID, format!("session/{number}").as_bytes());
        match given.number(CKA_CLASS) {
            Some(CKO_CERTIFICATE) => object.complete_certificate()?,
            Some(CKO_PUBLIC_KEY) => object.complete_public_key()?,
            Some(CKO_SECRET_KEY) => object.complete_secret_key(derived)?,
            Some(CKO_DATA) => {}
            _ => return Err(Fault::AttributeValueInvalid),
        }
        Ok(object)
    }

    fn complete_certificate(&self) -> Result<(), Fault> {
        if self.attributes.number(CKA_CERTIFICATE_TYPE) != Some(CKC_X_509) {
            return Err(Fault::AttributeValueInvalid);
        }
        Ok(())
    }

    fn complete_key(&mut self) {
        self.attributes.set(CKA_LOCAL, &[CK_FALSE]);
        self.attributes.set(CKA_KEY_GEN_MECHANISM, &CK_UNAVAILABLE_INFORMATION.to_ne_bytes());
    }

    fn complete_public_key(&mut self) -> Result<(), Fault> {
        self.complete_key();
        let value = |kind| self.attributes.get(kind).unwrap_or_default();
        let key = match self.attributes.number(CKA_KEY_TYPE) {
            Some(CKK_RSA) => PublicKey::Rsa {
                modulus: unsigned(value(CKA_MODULUS)).to_vec(),
                exponent: unsigned(value(CKA_PUBLIC_EXPONENT)).to_vec(),
            },
            Some(CKK_EC) => {
                let curve = CURVES.iter().find(|(_, oid)| *oid == value(CKA_EC_PARAMS));
                let (curve, _) = *curve.ok_or(Fault::CurveNotSupported)?;
                PublicKey::Ec { curve, point: point(curve, value(CKA_EC_POINT)).to_vec() }
            }
            _ => return Err(Fault::AttributeValueInvalid),
        };
        if !key.is_sound() {
            return Err(Fault::AttributeValueInvalid);
        }
        if let PublicKey::Rsa { modulus, .. } = &key {
            self.attributes.set(CKA_MODULUS_BITS, &bits(modulus).to_ne_bytes());
        }
        self.public_key = Some(key);
        Ok(())
    }

    fn complete_secret_key(&mut self, derived: bool) -> Result<(), Fault> {
        self.complete_key();
        let length = self.secret().map_or(0, <[u8]>::len);
        let fits = match self.attributes.number(CKA_KEY_TYPE) {
            Some(CKK_AES) => matches!(length, 16 | 24 | 32),
            Some(CKK_DES3) => length == 24,
            Some(
                CKK_GENERIC_SECRET | CKK_SHA_1_HMAC | CKK_SHA224_HMAC | CKK_SHA256_HMAC | CKK_SHA384_HMAC
                | CKK_SHA512_HMAC | CKK_SHA3_224_HMAC | CKK_SHA3_256_HMAC | CKK_SHA3_384_HMAC
                | CKK_SHA3_512_HMAC | CKK_HKDF,
            ) => (1..=LONGEST_SECRET).contains(&length),
            _ => return Err(Fault::AttributeValueInvalid),
        };
        if !fits {
            return Err(if derived { Fault::KeySizeRange } else { Fault::AttributeValueInvalid });
        }
        let flag = |holds: bool| [if holds { CK_TRUE } else { CK_FALSE }];
        let always = flag(derived && self.attributes.is_set(CKA_SENSITIVE));
        let never = flag(derived && !self.attributes.is_set(CKA_EXTRACTABLE));
        self.attributes.set(CKA_ALWAYS_SENSITIVE, &always);
        self.attributes.set(CKA_NEVER_EXTRACTABLE, &never);
        self.attributes.set(CKA_VALUE_LEN, &(length as CK_ULONG).to_ne_bytes());
        Ok(())
    }

    /// A copy with some attributes changed.
    pub(crate) fn copy(
        &self,
        owner: CK_SESSION_HANDLE,
        template: &Template,
        number: u64,
    ) -> Result<Self, Fault> {
        if !self.attributes.is_set(CKA_COPYABLE) {
            return Err(Fault::ActionProhibited);
        }
        let mut copy = SessionObject { owner, ..self.clone() };
        copy.change(template, true)?;
        copy.attributes.set(CKA_UNIQUE_ID, format!("session/{number}").as_bytes());
        Ok(copy)
    }

    /// The object with some attributes changed (§5.7.6): all of them, or none.
    pub(crate) fn changed(&self, template: &Template) -> Result<Self, Fault> {
        if !self.attributes.is_set(CKA_MODIFIABLE) {
            return Err(Fault::ActionProhibited);
        }
        let mut changed = self.clone();
        changed.change(template, false)?;
        Ok(changed)
    }

    fn change(&mut self, template: &Template, copying: bool) -> Result<(), Fault> {
        for (kind, value) in template.iter() {
            let Rule { shape, change, .. } = rules::rule(&self.attributes, kind)?;
            if !shape.fits(value) {
                return Err(Fault::AttributeValueInvalid);
            }
            let same = self.attributes.get(kind) == Some(value);
            let may = match change {
                Change::Never => false,
                Change::Copying => copying,
                Change::Always => true,
                Change::ToTrue => same || value == [CK_TRUE],
                Change::ToFalse => same || value == [CK_FALSE],
            };
            if !may {
                return Err(Fault::AttributeReadOnly);
            }
            self.attributes.set(kind, value);
        }
        if self.attributes.is_set(CKA_TOKEN) { Err(Fault::TokenWriteProtected) } else { Ok(()) }
    }

    /// CKA_CLASS.
    pub(crate) fn class(&self) -> CK_OBJECT_CLASS {
        self.attributes.number(CKA_CLASS).unwrap_or(CK_UNAVAILABLE_INFORMATION)
    }

    /// The value of a CK_BBOOL attribute.
    pub(crate) fn is_set(&self, kind: CK_ATTRIBUTE_TYPE) -> bool {
        self.attributes.is_set(kind)
    }

    /// The value of an attribute, sensitive or not.
    pub(crate) fn value(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<&[u8]> {
        self.attributes.get(kind)
    }

    /// Is the value hidden from programs?
    pub(crate) fn is_sensitive(&self, kind: CK_ATTRIBUTE_TYPE) -> bool {
        let secret = kind == CKA_VALUE && self.class() == CKO_SECRET_KEY;
        secret && (self.is_set(CKA_SENSITIVE) || !self.is_set(CKA_EXTRACTABLE))
    }

    /// The public key that it is.
    pub(crate) fn public_key(&self) -> Option<&PublicKey> {
        self.public_key.as_ref()
    }

    /// The value of a secret key.
    pub(crate) fn secret(&self) -> Option<&[u8]> {
        if self.class() == CKO_SECRET_KEY { self.value(CKA_VALUE) } else { None }
    }

    /// CKK_ number of a secret key.
    pub(crate) fn secret_type(&self) -> Option<CK_KEY_TYPE> {
        if self.class() == CKO_SECRET_KEY { self.attributes.number(CKA_KEY_TYPE) } else { None }
    }
}

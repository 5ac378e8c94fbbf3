//! What objects are made of that a program makes for its session (§4, §5.7.1): the attributes of each class, as a
//! table.

use super::Fault;
use avain_crypto::{Curve, PublicKey};
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// Longest session secret, in bytes.
pub const LONGEST_SECRET: usize = 512;

/// DER object identifiers of the curves (SEC 1, appendix C).
pub(super) const CURVES: [(Curve, &[u8]); 2] = [
    (Curve::P256, b"\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07"),
    (Curve::P384, b"\x06\x05\x2B\x81\x04\x00\x22"),
];

/// Attributes with their values; the values are wiped, because one may be a secret.
#[derive(Clone, Default)]
pub struct Template(Vec<(CK_ATTRIBUTE_TYPE, Zeroizing<Vec<u8>>)>);

impl Template {
    /// Types and values as a program gave them.
    pub fn new(attributes: Vec<(CK_ATTRIBUTE_TYPE, Zeroizing<Vec<u8>>)>) -> Self {
        Template(attributes)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (CK_ATTRIBUTE_TYPE, &[u8])> {
        self.0.iter().map(|(kind, value)| (*kind, value.as_slice()))
    }

    /// The value of an attribute.
    pub fn get(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<&[u8]> {
        self.iter().find(|(known, _)| *known == kind).map(|(_, value)| value)
    }

    /// The value of an attribute that is a CK_ULONG.
    pub(super) fn number(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<CK_ULONG> {
        Some(CK_ULONG::from_ne_bytes(self.get(kind)?.try_into().ok()?))
    }

    /// The value of an attribute that should be a CK_ULONG, if it is there.
    fn stated(&self, kind: CK_ATTRIBUTE_TYPE) -> Result<Option<CK_ULONG>, Fault> {
        match (self.get(kind), self.number(kind)) {
            (Some(_), None) => Err(Fault::AttributeValueInvalid),
            (_, number) => Ok(number),
        }
    }

    /// Is one attribute given two values? To be given one value twice does no harm (§4.1.1).
    fn contradicts_itself(&self) -> bool {
        self.iter().any(|(kind, value)| self.get(kind) != Some(value))
    }

    /// The value of an attribute that is a CK_BBOOL.
    pub(super) fn is_set(&self, kind: CK_ATTRIBUTE_TYPE) -> bool {
        self.get(kind) == Some(&[CK_TRUE])
    }

    /// Gives an attribute a value.
    pub(super) fn set(&mut self, kind: CK_ATTRIBUTE_TYPE, value: &[u8]) {
        let value = Zeroizing::new(value.to_vec());
        match self.0.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, old)) => *old = value,
            None => self.0.push((kind, value)),
        }
    }

    fn default_number(&mut self, kind: CK_ATTRIBUTE_TYPE, number: CK_ULONG) {
        if self.get(kind).is_none() {
            self.set(kind, &number.to_ne_bytes());
        }
    }

    /// How long a derived secret is to be: so long where the template does not say, and not longer than that.
    pub(super) fn secret_length(&self, usual: usize, most: usize) -> Result<usize, Fault> {
        let stated = self.stated(CKA_VALUE_LEN)?.map(|stated| usize::try_from(stated).unwrap_or(usize::MAX));
        let length = match (self.stated(CKA_KEY_TYPE)?, stated) {
            (_, Some(stated)) => stated,
            (None | Some(CKK_GENERIC_SECRET), None) => usual,
            (Some(CKK_DES3), None) => 24,
            (Some(_), None) => return Err(Fault::TemplateIncomplete),
        };
        if (1..=most).contains(&length) { Ok(length) } else { Err(Fault::KeySizeRange) }
    }
}

/// The classes of objects that programs can make.
const MAKEABLE: [CK_OBJECT_CLASS; 4] = [CKO_DATA, CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_SECRET_KEY];

/// Where an object comes from.
pub enum Origin {
    /// C_CreateObject.
    Created,
    /// C_DeriveKey, with this value.
    Derived(Zeroizing<Vec<u8>>),
}

/// Which objects have an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    All,
    Data,
    Certificate,
    Key,
    PublicKey,
    RsaKey,
    EcKey,
    SecretKey,
}

impl Of {
    fn has(self, class: CK_OBJECT_CLASS, kind: Option<CK_KEY_TYPE>) -> bool {
        match self {
            Of::All => true,
            Of::Data => class == CKO_DATA,
            Of::Certificate => class == CKO_CERTIFICATE,
            Of::Key => matches!(class, CKO_PUBLIC_KEY | CKO_SECRET_KEY),
            Of::PublicKey => class == CKO_PUBLIC_KEY,
            Of::RsaKey => class == CKO_PUBLIC_KEY && kind == Some(CKK_RSA),
            Of::EcKey => class == CKO_PUBLIC_KEY && kind == Some(CKK_EC),
            Of::SecretKey => class == CKO_SECRET_KEY,
        }
    }
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Flag,
    Number,
    /// CK_DATE, or nothing.
    Date,
    /// CK_ULONGs, one after the other.
    Numbers,
    Bytes,
}

impl Shape {
    fn fits(self, value: &[u8]) -> bool {
        match self {
            Shape::Flag => matches!(value, [CK_FALSE | CK_TRUE]),
            Shape::Number => value.len() == size_of::<CK_ULONG>(),
            Shape::Numbers => value.len().is_multiple_of(size_of::<CK_ULONG>()),
            Shape::Date => {
                value.is_empty()
                    || (value.len() == size_of::<CK_DATE>() && value.iter().all(u8::is_ascii_digit))
            }
            Shape::Bytes => true,
        }
    }
}

/// Where the value comes from when the object is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// From the program, without exception.
    Must,
    /// From the program, or it is this.
    May(&'static [u8]),
    /// From the program, or the object does not have it.
    MayLack,
    /// From the module alone.
    Ours,
    /// It is this; the program may say so too.
    Only(&'static [u8]),
}

/// When the value may be changed (§4.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Never,
    /// In a copy.
    Copying,
    Always,
    /// Always, but only to true.
    ToTrue,
    /// Always, but only to false.
    ToFalse,
}

/// An attribute, which objects have it, and what becomes of it.
struct Rule {
    kind: CK_ATTRIBUTE_TYPE,
    name: &'static str,
    of: Of,
    shape: Shape,
    source: Source,
    change: Change,
}

macro_rules! rule {
    ($kind:ident, $of:expr, $shape:expr, $source:expr, $change:expr) => {
        Rule {
            kind: $kind,
            name: stringify!($kind),
            of: $of,
            shape: $shape,
            source: $source,
            change: $change,
        }
    };
}

const YES: Source = Source::May(&[CK_TRUE]);
const NO: Source = Source::May(&[CK_FALSE]);
/// Trust is for the security officer to give (§4.7, §4.8).
const NOT_TRUSTED: Source = Source::Only(&[CK_FALSE]);
const EMPTY: Source = Source::May(&[]);
const ZERO: Source = Source::May(&[0; size_of::<CK_ULONG>()]);

/// The attributes of objects that programs make (§4.4 to §4.10, and the chapters on RSA and EC keys).
const RULES: &[Rule] = &[
    rule!(CKA_CLASS, Of::All, Shape::Number, Source::Must, Change::Never),
    rule!(CKA_TOKEN, Of::All, Shape::Flag, NO, Change::Copying),
    rule!(CKA_PRIVATE, Of::All, Shape::Flag, NO, Change::Copying),
    rule!(CKA_MODIFIABLE, Of::All, Shape::Flag, YES, Change::Copying),
    rule!(CKA_COPYABLE, Of::All, Shape::Flag, YES, Change::ToFalse),
    rule!(CKA_DESTROYABLE, Of::All, Shape::Flag, YES, Change::Copying),
    rule!(CKA_LABEL, Of::All, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_UNIQUE_ID, Of::All, Shape::Bytes, Source::Ours, Change::Never),
    rule!(CKA_APPLICATION, Of::Data, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_OBJECT_ID, Of::Data, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_VALUE, Of::Data, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_CERTIFICATE_TYPE, Of::Certificate, Shape::Number, Source::Must, Change::Never),
    rule!(CKA_TRUSTED, Of::Certificate, Shape::Flag, NOT_TRUSTED, Change::Never),
    rule!(CKA_CERTIFICATE_CATEGORY, Of::Certificate, Shape::Number, ZERO, Change::Never),
    rule!(CKA_CHECK_VALUE, Of::Certificate, Shape::Bytes, Source::MayLack, Change::Never),
    rule!(CKA_START_DATE, Of::Certificate, Shape::Date, EMPTY, Change::Never),
    rule!(CKA_END_DATE, Of::Certificate, Shape::Date, EMPTY, Change::Never),
    rule!(CKA_PUBLIC_KEY_INFO, Of::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_SUBJECT, Of::Certificate, Shape::Bytes, Source::Must, Change::Never),
    rule!(CKA_ID, Of::Certificate, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_ISSUER, Of::Certificate, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_SERIAL_NUMBER, Of::Certificate, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_VALUE, Of::Certificate, Shape::Bytes, Source::Must, Change::Never),
    rule!(CKA_URL, Of::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_HASH_OF_SUBJECT_PUBLIC_KEY, Of::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_HASH_OF_ISSUER_PUBLIC_KEY, Of::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_JAVA_MIDP_SECURITY_DOMAIN, Of::Certificate, Shape::Number, ZERO, Change::Never),
    rule!(CKA_NAME_HASH_ALGORITHM, Of::Certificate, Shape::Number, Source::MayLack, Change::Never),
    rule!(CKA_KEY_TYPE, Of::Key, Shape::Number, Source::Must, Change::Never),
    rule!(CKA_ID, Of::Key, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_START_DATE, Of::Key, Shape::Date, EMPTY, Change::Always),
    rule!(CKA_END_DATE, Of::Key, Shape::Date, EMPTY, Change::Always),
    rule!(CKA_DERIVE, Of::Key, Shape::Flag, NO, Change::Always),
    rule!(CKA_LOCAL, Of::Key, Shape::Flag, Source::Ours, Change::Never),
    rule!(CKA_KEY_GEN_MECHANISM, Of::Key, Shape::Number, Source::Ours, Change::Never),
    rule!(CKA_ALLOWED_MECHANISMS, Of::Key, Shape::Numbers, Source::MayLack, Change::Never),
    rule!(CKA_TRUSTED, Of::Key, Shape::Flag, NOT_TRUSTED, Change::Never),
    rule!(CKA_SUBJECT, Of::PublicKey, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_PUBLIC_KEY_INFO, Of::PublicKey, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_VERIFY, Of::PublicKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_WRAP, Of::PublicKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_ENCRYPT, Of::RsaKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_VERIFY_RECOVER, Of::RsaKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_MODULUS, Of::RsaKey, Shape::Bytes, Source::Must, Change::Never),
    rule!(CKA_MODULUS_BITS, Of::RsaKey, Shape::Number, Source::Ours, Change::Never),
    rule!(CKA_PUBLIC_EXPONENT, Of::RsaKey, Shape::Bytes, Source::Must, Change::Never),
    rule!(CKA_ENCRYPT, Of::EcKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_VERIFY_RECOVER, Of::EcKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_EC_PARAMS, Of::EcKey, Shape::Bytes, Source::Must, Change::Never),
    rule!(CKA_EC_POINT, Of::EcKey, Shape::Bytes, Source::Must, Change::Never),
    rule!(CKA_SENSITIVE, Of::SecretKey, Shape::Flag, NO, Change::ToTrue),
    rule!(CKA_EXTRACTABLE, Of::SecretKey, Shape::Flag, YES, Change::ToFalse),
    rule!(CKA_ALWAYS_SENSITIVE, Of::SecretKey, Shape::Flag, Source::Ours, Change::Never),
    rule!(CKA_NEVER_EXTRACTABLE, Of::SecretKey, Shape::Flag, Source::Ours, Change::Never),
    rule!(CKA_SIGN, Of::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_VERIFY, Of::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_ENCRYPT, Of::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_DECRYPT, Of::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_WRAP, Of::SecretKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_UNWRAP, Of::SecretKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_WRAP_WITH_TRUSTED, Of::SecretKey, Shape::Flag, NO, Change::ToTrue),
    rule!(CKA_VALUE, Of::SecretKey, Shape::Bytes, Source::Must, Change::Never),
    rule!(CKA_VALUE_LEN, Of::SecretKey, Shape::Number, Source::Ours, Change::Never),
];

/// The rule for an attribute of an object, and whether any object has such an attribute.
fn rule(template: &Template, kind: CK_ATTRIBUTE_TYPE) -> Result<&'static Rule, Fault> {
    let class = template.number(CKA_CLASS).unwrap_or(CK_UNAVAILABLE_INFORMATION);
    let key_type = template.number(CKA_KEY_TYPE);
    let mut rules = RULES.iter().filter(|rule| rule.kind == kind);
    let elsewhere = rules.clone().next().is_some();
    let fault = if elsewhere { Fault::TemplateInconsistent } else { Fault::AttributeTypeInvalid };
    rules.find(|rule| rule.of.has(class, key_type)).ok_or(fault)
}

/// The names of the attributes that objects of a class have.
pub fn names(class: CK_OBJECT_CLASS, key_type: Option<CK_KEY_TYPE>) -> impl Iterator<Item = &'static str> {
    let makeable = MAKEABLE.contains(&class);
    RULES.iter().filter(move |rule| makeable && rule.of.has(class, key_type)).map(|rule| rule.name)
}

/// An object that a program made for its session.
#[derive(Clone)]
pub struct Made {
    /// The session with which it goes.
    pub(super) owner: CK_SESSION_HANDLE,
    attributes: Template,
    public_key: Option<PublicKey>,
}

impl Made {
    /// Makes an object. Nothing of the template is left unchecked.
    pub(super) fn new(
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
            given.0.retain(|(kind, _)| *kind != CKA_VALUE_LEN);
            given.set(CKA_VALUE, &value);
            if given.get(CKA_PRIVATE).is_none() {
                // What came out of a private key goes with the login.
                given.set(CKA_PRIVATE, &[CK_TRUE]);
            }
        }
        let mut made = Made { owner, attributes: filled(&given)?, public_key: None };
        made.attributes.set(CKA_UNIQUE_ID, format!("session/{number}").as_bytes());
        match given.number(CKA_CLASS) {
            Some(CKO_CERTIFICATE) => made.complete_certificate()?,
            Some(CKO_PUBLIC_KEY) => made.complete_public_key()?,
            Some(CKO_SECRET_KEY) => made.complete_secret_key(derived)?,
            Some(CKO_DATA) => {}
            _ => return Err(Fault::AttributeValueInvalid),
        }
        Ok(made)
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
                PublicKey::Ec { curve, point: point(value(CKA_EC_POINT)).to_vec() }
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
    pub(super) fn copy(
        &self,
        owner: CK_SESSION_HANDLE,
        template: &Template,
        number: u64,
    ) -> Result<Self, Fault> {
        if !self.attributes.is_set(CKA_COPYABLE) {
            return Err(Fault::ActionProhibited);
        }
        let mut copy = Made { owner, ..self.clone() };
        copy.change(template, true)?;
        copy.attributes.set(CKA_UNIQUE_ID, format!("session/{number}").as_bytes());
        Ok(copy)
    }

    /// The object with some attributes changed (§5.7.6): all of them, or none.
    pub(super) fn changed(&self, template: &Template) -> Result<Self, Fault> {
        if !self.attributes.is_set(CKA_MODIFIABLE) {
            return Err(Fault::ActionProhibited);
        }
        let mut changed = self.clone();
        changed.change(template, false)?;
        Ok(changed)
    }

    fn change(&mut self, template: &Template, copying: bool) -> Result<(), Fault> {
        for (kind, value) in template.iter() {
            let Rule { shape, change, .. } = rule(&self.attributes, kind)?;
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
    pub(super) fn class(&self) -> CK_OBJECT_CLASS {
        self.attributes.number(CKA_CLASS).unwrap_or(CK_UNAVAILABLE_INFORMATION)
    }

    /// The value of a flag.
    pub(super) fn is_set(&self, kind: CK_ATTRIBUTE_TYPE) -> bool {
        self.attributes.is_set(kind)
    }

    /// The value of an attribute, whoever asks.
    pub(super) fn value(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<&[u8]> {
        self.attributes.get(kind)
    }

    /// Is the value kept from programs?
    pub(super) fn is_kept(&self, kind: CK_ATTRIBUTE_TYPE) -> bool {
        let secret = kind == CKA_VALUE && self.class() == CKO_SECRET_KEY;
        secret && (self.is_set(CKA_SENSITIVE) || !self.is_set(CKA_EXTRACTABLE))
    }

    /// The public key that it is.
    pub(super) fn public_key(&self) -> Option<&PublicKey> {
        self.public_key.as_ref()
    }

    /// The secret that it is.
    pub(super) fn secret(&self) -> Option<&[u8]> {
        if self.class() == CKO_SECRET_KEY { self.value(CKA_VALUE) } else { None }
    }
}

/// The attributes that a template makes, as far as the table tells.
fn filled(given: &Template) -> Result<Template, Fault> {
    let class = given.stated(CKA_CLASS)?.ok_or(Fault::TemplateIncomplete)?;
    if !MAKEABLE.contains(&class) {
        return Err(Fault::AttributeValueInvalid);
    }
    let is_key = matches!(class, CKO_PUBLIC_KEY | CKO_SECRET_KEY);
    let key_type = given.stated(CKA_KEY_TYPE)?;
    if is_key && key_type.is_none() {
        return Err(Fault::TemplateIncomplete);
    }
    for (kind, value) in given.iter() {
        let Rule { shape, source, .. } = rule(given, kind)?;
        match source {
            Source::Ours => return Err(Fault::AttributeReadOnly),
            Source::Only(own) if value != *own => return Err(Fault::AttributeReadOnly),
            Source::Only(_) | Source::Must | Source::May(_) | Source::MayLack => {}
        }
        if !shape.fits(value) {
            return Err(Fault::AttributeValueInvalid);
        }
    }
    let mut made = Template::default();
    for Rule { kind, source, .. } in RULES.iter().filter(|rule| rule.of.has(class, key_type)) {
        match (given.get(*kind), source) {
            (Some(value), _) => made.set(*kind, value),
            (None, Source::Must) => return Err(Fault::TemplateIncomplete),
            (None, Source::May(value) | Source::Only(value)) => made.set(*kind, value),
            (None, Source::MayLack | Source::Ours) => {}
        }
    }
    if made.is_set(CKA_TOKEN) { Err(Fault::TokenWriteProtected) } else { Ok(made) }
}

/// A number without the zero bytes before it.
fn unsigned(mut bytes: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// Length of a number in bits.
pub(super) fn bits(number: &[u8]) -> CK_ULONG {
    let unused = number.first().map_or(0, |byte| byte.leading_zeros() as usize);
    number.len().saturating_mul(8).saturating_sub(unused) as CK_ULONG
}

/// A point out of its DER OCTET STRING; some programs give it bare.
fn point(given: &[u8]) -> &[u8] {
    match given {
        [0x04, length, point @ ..] if usize::from(*length) == point.len() => point,
        bare => bare,
    }
}

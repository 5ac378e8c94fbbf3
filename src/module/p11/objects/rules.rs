//! The rules for templates (§4.1, §4.4 to §4.10): which attributes an object made by a program has, where their values
//! come from, and when they may change.

use super::template::Template;
use crate::p11::Fault;
use cryptoki_sys::*;

/// The classes of objects that programs can make.
const MAKEABLE: [CK_OBJECT_CLASS; 4] = [CKO_DATA, CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_SECRET_KEY];

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
pub(super) enum Shape {
    Flag,
    Number,
    /// CK_DATE, or nothing.
    Date,
    /// CK_ULONGs, one after the other.
    Numbers,
    Bytes,
}

impl Shape {
    pub(super) fn fits(self, value: &[u8]) -> bool {
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
pub(super) enum Change {
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
pub(super) struct Rule {
    kind: CK_ATTRIBUTE_TYPE,
    name: &'static str,
    of: Of,
    pub(super) shape: Shape,
    source: Source,
    pub(super) change: Change,
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
pub(super) fn rule(template: &Template, kind: CK_ATTRIBUTE_TYPE) -> Result<&'static Rule, Fault> {
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

/// The attributes that a template makes, as far as the table tells.
pub(super) fn filled(given: &Template) -> Result<Template, Fault> {
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

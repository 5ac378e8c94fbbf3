//! The attributes of session objects (§4.1, §4.4 to §4.10): which classes have them, where their values come from, and
//! when they may change.

use super::template::Template;
use crate::p11::Fault;
use cryptoki_sys::*;

/// The classes of session objects.
const MAKEABLE: [CK_OBJECT_CLASS; 4] = [CKO_DATA, CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_SECRET_KEY];

/// The objects that have an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    All,
    Data,
    Certificate,
    Key,
    PublicKey,
    RsaKey,
    EcKey,
    SecretKey,
}

impl Class {
    fn has(self, class: CK_OBJECT_CLASS, kind: Option<CK_KEY_TYPE>) -> bool {
        match self {
            Class::All => true,
            Class::Data => class == CKO_DATA,
            Class::Certificate => class == CKO_CERTIFICATE,
            Class::Key => matches!(class, CKO_PUBLIC_KEY | CKO_SECRET_KEY),
            Class::PublicKey => class == CKO_PUBLIC_KEY,
            Class::RsaKey => class == CKO_PUBLIC_KEY && kind == Some(CKK_RSA),
            Class::EcKey => class == CKO_PUBLIC_KEY && kind == Some(CKK_EC),
            Class::SecretKey => class == CKO_SECRET_KEY,
        }
    }
}

/// The form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Flag,
    Number,
    /// CK_DATE, or empty.
    Date,
    /// An array of CK_ULONG.
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

/// Where the value of a new object comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The program must give it.
    Required,
    /// The program may give it; this is the default.
    Default(&'static [u8]),
    /// The program may give it; else the object does not have it.
    Optional,
    /// The module sets it; the program must not give it.
    Module,
    /// It is always this; the program may give the same.
    Fixed(&'static [u8]),
}

/// When the value may be changed (§4.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Never,
    /// By C_CopyObject only.
    Copying,
    Always,
    /// At any time, but only to true.
    ToTrue,
    /// At any time, but only to false.
    ToFalse,
}

/// The rule for one attribute.
pub(super) struct Rule {
    kind: CK_ATTRIBUTE_TYPE,
    name: &'static str,
    class: Class,
    pub(super) shape: Shape,
    source: Source,
    pub(super) change: Change,
}

macro_rules! rule {
    ($kind:ident, $class:expr, $shape:expr, $source:expr, $change:expr) => {
        Rule {
            kind: $kind,
            name: stringify!($kind),
            class: $class,
            shape: $shape,
            source: $source,
            change: $change,
        }
    };
}

const YES: Source = Source::Default(&[CK_TRUE]);
const NO: Source = Source::Default(&[CK_FALSE]);
/// Only the security officer may set CKA_TRUSTED (§4.7, §4.8).
const NOT_TRUSTED: Source = Source::Fixed(&[CK_FALSE]);
const EMPTY: Source = Source::Default(&[]);
const ZERO: Source = Source::Default(&[0; size_of::<CK_ULONG>()]);

/// Every attribute of session objects (§4.4 to §4.10, and the chapters on RSA and EC keys).
const RULES: &[Rule] = &[
    rule!(CKA_CLASS, Class::All, Shape::Number, Source::Required, Change::Never),
    rule!(CKA_TOKEN, Class::All, Shape::Flag, NO, Change::Copying),
    rule!(CKA_PRIVATE, Class::All, Shape::Flag, NO, Change::Copying),
    rule!(CKA_MODIFIABLE, Class::All, Shape::Flag, YES, Change::Copying),
    rule!(CKA_COPYABLE, Class::All, Shape::Flag, YES, Change::ToFalse),
    rule!(CKA_DESTROYABLE, Class::All, Shape::Flag, YES, Change::Copying),
    rule!(CKA_LABEL, Class::All, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_UNIQUE_ID, Class::All, Shape::Bytes, Source::Module, Change::Never),
    rule!(CKA_APPLICATION, Class::Data, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_OBJECT_ID, Class::Data, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_VALUE, Class::Data, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_CERTIFICATE_TYPE, Class::Certificate, Shape::Number, Source::Required, Change::Never),
    rule!(CKA_TRUSTED, Class::Certificate, Shape::Flag, NOT_TRUSTED, Change::Never),
    rule!(CKA_CERTIFICATE_CATEGORY, Class::Certificate, Shape::Number, ZERO, Change::Never),
    rule!(CKA_CHECK_VALUE, Class::Certificate, Shape::Bytes, Source::Optional, Change::Never),
    rule!(CKA_START_DATE, Class::Certificate, Shape::Date, EMPTY, Change::Never),
    rule!(CKA_END_DATE, Class::Certificate, Shape::Date, EMPTY, Change::Never),
    rule!(CKA_PUBLIC_KEY_INFO, Class::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_SUBJECT, Class::Certificate, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_ID, Class::Certificate, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_ISSUER, Class::Certificate, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_SERIAL_NUMBER, Class::Certificate, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_VALUE, Class::Certificate, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_URL, Class::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_HASH_OF_SUBJECT_PUBLIC_KEY, Class::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_HASH_OF_ISSUER_PUBLIC_KEY, Class::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_JAVA_MIDP_SECURITY_DOMAIN, Class::Certificate, Shape::Number, ZERO, Change::Never),
    rule!(CKA_NAME_HASH_ALGORITHM, Class::Certificate, Shape::Number, Source::Optional, Change::Never),
    rule!(CKA_KEY_TYPE, Class::Key, Shape::Number, Source::Required, Change::Never),
    rule!(CKA_ID, Class::Key, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_START_DATE, Class::Key, Shape::Date, EMPTY, Change::Always),
    rule!(CKA_END_DATE, Class::Key, Shape::Date, EMPTY, Change::Always),
    rule!(CKA_DERIVE, Class::Key, Shape::Flag, NO, Change::Always),
    rule!(CKA_LOCAL, Class::Key, Shape::Flag, Source::Module, Change::Never),
    rule!(CKA_KEY_GEN_MECHANISM, Class::Key, Shape::Number, Source::Module, Change::Never),
    rule!(CKA_ALLOWED_MECHANISMS, Class::Key, Shape::Numbers, Source::Optional, Change::Never),
    rule!(CKA_TRUSTED, Class::Key, Shape::Flag, NOT_TRUSTED, Change::Never),
    rule!(CKA_SUBJECT, Class::PublicKey, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_PUBLIC_KEY_INFO, Class::PublicKey, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_VERIFY, Class::PublicKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_WRAP, Class::PublicKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_ENCRYPT, Class::RsaKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_VERIFY_RECOVER, Class::RsaKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_MODULUS, Class::RsaKey, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_MODULUS_BITS, Class::RsaKey, Shape::Number, Source::Module, Change::Never),
    rule!(CKA_PUBLIC_EXPONENT, Class::RsaKey, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_ENCRYPT, Class::EcKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_VERIFY_RECOVER, Class::EcKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_EC_PARAMS, Class::EcKey, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_EC_POINT, Class::EcKey, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_SENSITIVE, Class::SecretKey, Shape::Flag, NO, Change::ToTrue),
    rule!(CKA_EXTRACTABLE, Class::SecretKey, Shape::Flag, YES, Change::ToFalse),
    rule!(CKA_ALWAYS_SENSITIVE, Class::SecretKey, Shape::Flag, Source::Module, Change::Never),
    rule!(CKA_NEVER_EXTRACTABLE, Class::SecretKey, Shape::Flag, Source::Module, Change::Never),
    rule!(CKA_SIGN, Class::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_VERIFY, Class::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_ENCRYPT, Class::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_DECRYPT, Class::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_WRAP, Class::SecretKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_UNWRAP, Class::SecretKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_WRAP_WITH_TRUSTED, Class::SecretKey, Shape::Flag, NO, Change::ToTrue),
    rule!(CKA_VALUE, Class::SecretKey, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_VALUE_LEN, Class::SecretKey, Shape::Number, Source::Module, Change::Never),
];

/// The rule for an attribute of an object. The fault tells whether other objects have such an attribute.
pub(super) fn rule(template: &Template, kind: CK_ATTRIBUTE_TYPE) -> Result<&'static Rule, Fault> {
    let class = template.number(CKA_CLASS).unwrap_or(CK_UNAVAILABLE_INFORMATION);
    let key_type = template.number(CKA_KEY_TYPE);
    let mut rules = RULES.iter().filter(|rule| rule.kind == kind);
    let elsewhere = rules.clone().next().is_some();
    let fault = if elsewhere { Fault::TemplateInconsistent } else { Fault::AttributeTypeInvalid };
    rules.find(|rule| rule.class.has(class, key_type)).ok_or(fault)
}

/// The names of the attributes that objects of a class have.
pub fn names(class: CK_OBJECT_CLASS, key_type: Option<CK_KEY_TYPE>) -> impl Iterator<Item = &'static str> {
    let makeable = MAKEABLE.contains(&class);
    RULES.iter().filter(move |rule| makeable && rule.class.has(class, key_type)).map(|rule| rule.name)
}

/// The template with its defaults filled in, checked against the table.
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
            Source::Module => return Err(Fault::AttributeReadOnly),
            Source::Fixed(own) if value != *own => return Err(Fault::AttributeReadOnly),
            Source::Fixed(_) | Source::Required | Source::Default(_) | Source::Optional => {}
        }
        if !shape.fits(value) {
            return Err(Fault::AttributeValueInvalid);
        }
    }
    let mut filled = Template::default();
    for Rule { kind, source, .. } in RULES.iter().filter(|rule| rule.class.has(class, key_type)) {
        match (given.get(*kind), source) {
            (Some(value), _) => filled.set(*kind, value),
            (None, Source::Required) => return Err(Fault::TemplateIncomplete),
            (None, Source::Default(value) | Source::Fixed(value)) => filled.set(*kind, value),
            (None, Source::Optional | Source::Module) => {}
        }
    }
    if filled.is_set(CKA_TOKEN) { Err(Fault::TokenWriteProtected) } else { Ok(filled) }
}

//! The rules for templates (§4.1, §4.4 to §4.10): which attributes an object made by a program has, where their values
//! come from, and when they may change.

use super::template::Template;
use crate::p11::Fault;
use cryptoki_sys::*;

/// The classes of objects that programs can make.
const MAKEABLE: [CK_OBJECT_CLASS; 4] = [CKO_DATA, CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_SECRET_KEY];

/// Which objects have an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    All,
    Data,
    Certificate,
    Key,
    PublicKey,
    RsaKey,
    EcKey,
    SecretKey,
}

impl Holder {
    fn has(self, class: CK_OBJECT_CLASS, kind: Option<CK_KEY_TYPE>) -> bool {
        match self {
            Holder::All => true,
            Holder::Data => class == CKO_DATA,
            Holder::Certificate => class == CKO_CERTIFICATE,
            Holder::Key => matches!(class, CKO_PUBLIC_KEY | CKO_SECRET_KEY),
            Holder::PublicKey => class == CKO_PUBLIC_KEY,
            Holder::RsaKey => class == CKO_PUBLIC_KEY && kind == Some(CKK_RSA),
            Holder::EcKey => class == CKO_PUBLIC_KEY && kind == Some(CKK_EC),
            Holder::SecretKey => class == CKO_SECRET_KEY,
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
    Required,
    /// From the program, or it is this.
    Default(&'static [u8]),
    /// From the program, or the object does not have it.
    Optional,
    /// From the module alone.
    Module,
    /// It is this; the program may say so too.
    Fixed(&'static [u8]),
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
    holder: Holder,
    pub(super) shape: Shape,
    source: Source,
    pub(super) change: Change,
}

macro_rules! rule {
    ($kind:ident, $holder:expr, $shape:expr, $source:expr, $change:expr) => {
        Rule {
            kind: $kind,
            name: stringify!($kind),
            holder: $holder,
            shape: $shape,
            source: $source,
            change: $change,
        }
    };
}

const YES: Source = Source::Default(&[CK_TRUE]);
const NO: Source = Source::Default(&[CK_FALSE]);
/// Trust is for the security officer to give (§4.7, §4.8).
const NOT_TRUSTED: Source = Source::Fixed(&[CK_FALSE]);
const EMPTY: Source = Source::Default(&[]);
const ZERO: Source = Source::Default(&[0; size_of::<CK_ULONG>()]);

/// The attributes of objects that programs make (§4.4 to §4.10, and the chapters on RSA and EC keys).
const RULES: &[Rule] = &[
    rule!(CKA_CLASS, Holder::All, Shape::Number, Source::Required, Change::Never),
    rule!(CKA_TOKEN, Holder::All, Shape::Flag, NO, Change::Copying),
    rule!(CKA_PRIVATE, Holder::All, Shape::Flag, NO, Change::Copying),
    rule!(CKA_MODIFIABLE, Holder::All, Shape::Flag, YES, Change::Copying),
    rule!(CKA_COPYABLE, Holder::All, Shape::Flag, YES, Change::ToFalse),
    rule!(CKA_DESTROYABLE, Holder::All, Shape::Flag, YES, Change::Copying),
    rule!(CKA_LABEL, Holder::All, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_UNIQUE_ID, Holder::All, Shape::Bytes, Source::Module, Change::Never),
    rule!(CKA_APPLICATION, Holder::Data, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_OBJECT_ID, Holder::Data, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_VALUE, Holder::Data, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_CERTIFICATE_TYPE, Holder::Certificate, Shape::Number, Source::Required, Change::Never),
    rule!(CKA_TRUSTED, Holder::Certificate, Shape::Flag, NOT_TRUSTED, Change::Never),
    rule!(CKA_CERTIFICATE_CATEGORY, Holder::Certificate, Shape::Number, ZERO, Change::Never),
    rule!(CKA_CHECK_VALUE, Holder::Certificate, Shape::Bytes, Source::Optional, Change::Never),
    rule!(CKA_START_DATE, Holder::Certificate, Shape::Date, EMPTY, Change::Never),
    rule!(CKA_END_DATE, Holder::Certificate, Shape::Date, EMPTY, Change::Never),
    rule!(CKA_PUBLIC_KEY_INFO, Holder::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_SUBJECT, Holder::Certificate, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_ID, Holder::Certificate, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_ISSUER, Holder::Certificate, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_SERIAL_NUMBER, Holder::Certificate, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_VALUE, Holder::Certificate, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_URL, Holder::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_HASH_OF_SUBJECT_PUBLIC_KEY, Holder::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_HASH_OF_ISSUER_PUBLIC_KEY, Holder::Certificate, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_JAVA_MIDP_SECURITY_DOMAIN, Holder::Certificate, Shape::Number, ZERO, Change::Never),
    rule!(CKA_NAME_HASH_ALGORITHM, Holder::Certificate, Shape::Number, Source::Optional, Change::Never),
    rule!(CKA_KEY_TYPE, Holder::Key, Shape::Number, Source::Required, Change::Never),
    rule!(CKA_ID, Holder::Key, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_START_DATE, Holder::Key, Shape::Date, EMPTY, Change::Always),
    rule!(CKA_END_DATE, Holder::Key, Shape::Date, EMPTY, Change::Always),
    rule!(CKA_DERIVE, Holder::Key, Shape::Flag, NO, Change::Always),
    rule!(CKA_LOCAL, Holder::Key, Shape::Flag, Source::Module, Change::Never),
    rule!(CKA_KEY_GEN_MECHANISM, Holder::Key, Shape::Number, Source::Module, Change::Never),
    rule!(CKA_ALLOWED_MECHANISMS, Holder::Key, Shape::Numbers, Source::Optional, Change::Never),
    rule!(CKA_TRUSTED, Holder::Key, Shape::Flag, NOT_TRUSTED, Change::Never),
    rule!(CKA_SUBJECT, Holder::PublicKey, Shape::Bytes, EMPTY, Change::Always),
    rule!(CKA_PUBLIC_KEY_INFO, Holder::PublicKey, Shape::Bytes, EMPTY, Change::Never),
    rule!(CKA_VERIFY, Holder::PublicKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_WRAP, Holder::PublicKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_ENCRYPT, Holder::RsaKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_VERIFY_RECOVER, Holder::RsaKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_MODULUS, Holder::RsaKey, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_MODULUS_BITS, Holder::RsaKey, Shape::Number, Source::Module, Change::Never),
    rule!(CKA_PUBLIC_EXPONENT, Holder::RsaKey, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_ENCRYPT, Holder::EcKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_VERIFY_RECOVER, Holder::EcKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_EC_PARAMS, Holder::EcKey, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_EC_POINT, Holder::EcKey, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_SENSITIVE, Holder::SecretKey, Shape::Flag, NO, Change::ToTrue),
    rule!(CKA_EXTRACTABLE, Holder::SecretKey, Shape::Flag, YES, Change::ToFalse),
    rule!(CKA_ALWAYS_SENSITIVE, Holder::SecretKey, Shape::Flag, Source::Module, Change::Never),
    rule!(CKA_NEVER_EXTRACTABLE, Holder::SecretKey, Shape::Flag, Source::Module, Change::Never),
    rule!(CKA_SIGN, Holder::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_VERIFY, Holder::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_ENCRYPT, Holder::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_DECRYPT, Holder::SecretKey, Shape::Flag, YES, Change::Always),
    rule!(CKA_WRAP, Holder::SecretKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_UNWRAP, Holder::SecretKey, Shape::Flag, NO, Change::Always),
    rule!(CKA_WRAP_WITH_TRUSTED, Holder::SecretKey, Shape::Flag, NO, Change::ToTrue),
    rule!(CKA_VALUE, Holder::SecretKey, Shape::Bytes, Source::Required, Change::Never),
    rule!(CKA_VALUE_LEN, Holder::SecretKey, Shape::Number, Source::Module, Change::Never),
];

/// The rule for an attribute of an object, and whether any object has such an attribute.
pub(super) fn rule(template: &Template, kind: CK_ATTRIBUTE_TYPE) -> Result<&'static Rule, Fault> {
    let class = template.number(CKA_CLASS).unwrap_or(CK_UNAVAILABLE_INFORMATION);
    let key_type = template.number(CKA_KEY_TYPE);
    let mut rules = RULES.iter().filter(|rule| rule.kind == kind);
    let elsewhere = rules.clone().next().is_some();
    let fault = if elsewhere { Fault::TemplateInconsistent } else { Fault::AttributeTypeInvalid };
    rules.find(|rule| rule.holder.has(class, key_type)).ok_or(fault)
}

/// The names of the attributes that objects of a class have.
pub fn names(class: CK_OBJECT_CLASS, key_type: Option<CK_KEY_TYPE>) -> impl Iterator<Item = &'static str> {
    let makeable = MAKEABLE.contains(&class);
    RULES.iter().filter(move |rule| makeable && rule.holder.has(class, key_type)).map(|rule| rule.name)
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
            Source::Module => return Err(Fault::AttributeReadOnly),
            Source::Fixed(own) if value != *own => return Err(Fault::AttributeReadOnly),
            Source::Fixed(_) | Source::Required | Source::Default(_) | Source::Optional => {}
        }
        if !shape.fits(value) {
            return Err(Fault::AttributeValueInvalid);
        }
    }
    let mut filled = Template::default();
    for Rule { kind, source, .. } in RULES.iter().filter(|rule| rule.holder.has(class, key_type)) {
        match (given.get(*kind), source) {
            (Some(value), _) => filled.set(*kind, value),
            (None, Source::Required) => return Err(Fault::TemplateIncomplete),
            (None, Source::Default(value) | Source::Fixed(value)) => filled.set(*kind, value),
            (None, Source::Optional | Source::Module) => {}
        }
    }
    if filled.is_set(CKA_TOKEN) { Err(Fault::TokenWriteProtected) } else { Ok(filled) }
}

//! Attributes with their values.

use cryptoki_sys::*;

use crate::module::{bytes, count};

/// Attributes of an object to be made or changed.
#[derive(Clone, Debug, Default)]
pub struct Template(Vec<(CK_ATTRIBUTE_TYPE, Vec<u8>)>);

impl Template {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// With an attribute; one that is there already gets this value.
    #[must_use]
    pub fn with(self, kind: CK_ATTRIBUTE_TYPE, value: &[u8]) -> Self {
        self.without(kind).and(kind, value)
    }

    /// With one attribute more, even if it is there already.
    #[must_use]
    pub fn and(mut self, kind: CK_ATTRIBUTE_TYPE, value: &[u8]) -> Self {
        self.0.push((kind, value.to_vec()));
        self
    }

    /// With an attribute that is a CK_ULONG.
    #[must_use]
    pub fn number(self, kind: CK_ATTRIBUTE_TYPE, value: CK_ULONG) -> Self {
        self.with(kind, &bytes(value))
    }

    /// With an attribute that is a CK_BBOOL.
    #[must_use]
    pub fn flag(self, kind: CK_ATTRIBUTE_TYPE, value: bool) -> Self {
        self.with(kind, &[value.into()])
    }

    /// Without an attribute.
    #[must_use]
    pub fn without(mut self, kind: CK_ATTRIBUTE_TYPE) -> Self {
        self.0.retain(|(known, _)| *known != kind);
        self
    }

    /// Types and values.
    pub fn attributes(&self) -> impl Iterator<Item = (CK_ATTRIBUTE_TYPE, &[u8])> {
        self.0.iter().map(|(kind, value)| (*kind, value.as_slice()))
    }

    /// As C takes it; good as long as the template lives.
    pub(crate) fn raw(&self) -> Vec<CK_ATTRIBUTE> {
        self.attributes().map(|(kind, value)| attribute(kind, value)).collect()
    }
}

pub(crate) fn attribute(name: CK_ATTRIBUTE_TYPE, value: &[u8]) -> CK_ATTRIBUTE {
    CK_ATTRIBUTE { type_: name, pValue: value.as_ptr().cast_mut().cast(), ulValueLen: count(value.len()) }
}

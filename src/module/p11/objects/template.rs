//! A template (§4.1): attributes with their values.

use crate::p11::Fault;
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// Attributes with their values, which are wiped because one may be a secret key.
#[derive(Clone, Default)]
pub struct Template(Vec<(CK_ATTRIBUTE_TYPE, Zeroizing<Vec<u8>>)>);

impl Template {
    /// Types and values as a program gave them.
    pub fn new(attributes: Vec<(CK_ATTRIBUTE_TYPE, Zeroizing<Vec<u8>>)>) -> Self {
        Template(attributes)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (CK_ATTRIBUTE_TYPE, &[u8])> {
        self.0.iter().map(|(kind, value)| (*kind, value.as_slice()))
    }

    /// The value of an attribute.
    pub fn get(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<&[u8]> {
        self.iter().find(|(known, _)| *known == kind).map(|(_, value)| value)
    }

    /// The value of an attribute that is a CK_ULONG.
    pub(crate) fn number(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<CK_ULONG> {
        Some(CK_ULONG::from_ne_bytes(self.get(kind)?.try_into().ok()?))
    }

    /// The value of an attribute that has to be a CK_ULONG if it is present.
    pub(super) fn stated(&self, kind: CK_ATTRIBUTE_TYPE) -> Result<Option<CK_ULONG>, Fault> {
        match (self.get(kind), self.number(kind)) {
            (Some(_), None) => Err(Fault::AttributeValueInvalid),
            (_, number) => Ok(number),
        }
    }

    /// Does it give one attribute two values? Giving the same value twice is allowed (§4.1.1).
    pub(super) fn contradicts_itself(&self) -> bool {
        self.iter().any(|(kind, value)| self.get(kind) != Some(value))
    }

    /// The value of an attribute that is a CK_BBOOL.
    pub(crate) fn is_set(&self, kind: CK_ATTRIBUTE_TYPE) -> bool {
        self.get(kind) == Some(&[CK_TRUE])
    }

    /// Sets the value of an attribute.
    pub(crate) fn set(&mut self, kind: CK_ATTRIBUTE_TYPE, value: &[u8]) {
        let value = Zeroizing::new(value.to_vec());
        match self.0.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, old)) => *old = value,
            None => self.0.push((kind, value)),
        }
    }

    pub(super) fn default_number(&mut self, kind: CK_ATTRIBUTE_TYPE, number: CK_ULONG) {
        if self.get(kind).is_none() {
            self.set(kind, &number.to_ne_bytes());
        }
    }

    pub(super) fn remove(&mut self, kind: CK_ATTRIBUTE_TYPE) {
        self.0.retain(|(known, _)| *known != kind);
    }

    /// The length of a secret to be derived: as the template says, or `usual`; at most `most`.
    pub(crate) fn secret_length(&self, usual: usize, most: usize) -> Result<usize, Fault> {
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

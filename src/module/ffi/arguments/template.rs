//! Templates (§4.1): those that are read, and those that are filled in.

use super::{length, read_bytes, usable};
use crate::p11::Fault;
use crate::p11::objects::{Template, Value};
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// Longest attribute value that is read; a greater length is a mistake of the program.
pub(super) const MAX_VALUE: CK_ULONG = 1 << 20;
/// Longest template that is read, its values together. One value may stand in it many times.
const MAX_TEMPLATE: usize = 4 << 20;
/// Most attributes in a template; a greater count is a mistake of the program.
const MAX_ATTRIBUTES: usize = 4096;

/// Reads a template.
///
/// # Safety
/// `start` is NULL or readable for `count` attributes, whose values are NULL or readable for their lengths.
pub(crate) unsafe fn read_template(start: *const CK_ATTRIBUTE, count: CK_ULONG) -> Result<Template, Fault> {
    let count = attributes(start, count)?;
    let attributes = if count == 0 {
        &[]
    } else {
        // SAFETY: `attributes` checked it. Only read: a program may give one template to two calls at once.
        unsafe { std::slice::from_raw_parts(start, count) }
    };
    let mut room = MAX_TEMPLATE;
    let values: Result<Vec<_>, Fault> = attributes
        .iter()
        .map(|attribute| {
            if attribute.ulValueLen > MAX_VALUE {
                return Err(Fault::AttributeValueInvalid);
            }
            // SAFETY: as the caller vouches for each value.
            let value = unsafe { read_bytes(attribute.pValue.cast(), attribute.ulValueLen) }?;
            room = room.checked_sub(value.len()).ok_or(Fault::HostMemory)?;
            let mut copy = Zeroizing::new(Vec::new());
            copy.try_reserve_exact(value.len()).map_err(|_| Fault::HostMemory)?;
            copy.extend_from_slice(value);
            Ok((attribute.type_, copy))
        })
        .collect();
    Ok(Template::new(values?))
}

/// A template to be filled in.
pub(crate) struct AttributesOut<'c>(&'c mut [CK_ATTRIBUTE]);

impl AttributesOut<'_> {
    /// # Safety
    /// `start` is NULL or writable for `count` attributes, whose values are NULL or writable for their lengths.
    pub(crate) unsafe fn at(start: *mut CK_ATTRIBUTE, count: CK_ULONG) -> Result<Self, Fault> {
        let count = attributes(start, count)?;
        if count == 0 {
            return Ok(AttributesOut(&mut []));
        }
        // SAFETY: `attributes` checked it, and the caller vouches for the rest.
        Ok(AttributesOut(unsafe { std::slice::from_raw_parts_mut(start, count) }))
    }

    /// Fills in the whole template even if single attributes fail (§5.7.5). Of several faults one is returned:
    /// sensitive before unknown before too small.
    pub(crate) fn fill<'o>(self, value: impl Fn(CK_ATTRIBUTE_TYPE) -> Value<'o>) -> Result<(), Fault> {
        let mut gravest = None;
        for attribute in self.0 {
            let fault = match value(attribute.type_) {
                Value::Is(value) => write(attribute, &value).err(),
                Value::Sensitive => Some(Fault::AttributeSensitive),
                Value::None => Some(Fault::AttributeTypeInvalid),
            };
            if fault.is_some() {
                attribute.ulValueLen = CK_UNAVAILABLE_INFORMATION;
            }
            gravest = gravest.max_by_gravity(fault);
        }
        gravest.map_or(Ok(()), Err)
    }
}

trait Gravity {
    fn max_by_gravity(self, other: Self) -> Self;
}

impl Gravity for Option<Fault> {
    fn max_by_gravity(self, other: Self) -> Self {
        let gravity = |fault: Option<Fault>| match fault {
            Some(Fault::AttributeSensitive) => 3,
            Some(Fault::AttributeTypeInvalid) => 2,
            Some(_) => 1,
            None => 0,
        };
        if gravity(other) > gravity(self) { other } else { self }
    }
}

fn write(attribute: &mut CK_ATTRIBUTE, value: &[u8]) -> Result<(), Fault> {
    if !attribute.pValue.is_null() {
        if length(attribute.ulValueLen).map_or(true, |room| room < value.len()) {
            return Err(Fault::BufferTooSmall);
        }
        // SAFETY: the room is at least that long, as the caller of `AttributesOut::at` vouched, and the value is ours.
        unsafe { std::ptr::copy_nonoverlapping(value.as_ptr(), attribute.pValue.cast(), value.len()) };
    }
    attribute.ulValueLen = value.len() as CK_ULONG;
    Ok(())
}

/// The number of attributes, after checking the pointer.
fn attributes(start: *const CK_ATTRIBUTE, count: CK_ULONG) -> Result<usize, Fault> {
    let count = length(count)?;
    if count > 0 {
        usable(start)?;
    }
    if count > MAX_ATTRIBUTES { Err(Fault::ArgumentsBad) } else { Ok(count) }
}

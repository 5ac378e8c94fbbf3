//! A session with a token, and the objects in it.

use std::ptr;

use cryptoki_sys::*;

use crate::call;
use crate::mechanism::Mechanism;
use crate::module::{Module, count, length};
use crate::template::{Template, attribute};

/// An open session; closed on drop. Not where that is after the end of the use in which it was opened: of the next use,
/// which may be that of another test, its handle may be another session.
pub struct Session<'m> {
    module: &'m Module,
    handle: CK_SESSION_HANDLE,
    opened_in: usize,
}

impl<'m> Session<'m> {
    pub(crate) fn new(module: &'m Module, handle: CK_SESSION_HANDLE) -> Self {
        Self { module, handle, opened_in: module.this_use() }
    }

    /// The module in which it is open.
    pub fn module(&self) -> &'m Module {
        self.module
    }

    /// For calls that have no method here.
    pub fn handle(&self) -> CK_SESSION_HANDLE {
        self.handle
    }

    /// `C_GetSessionInfo`.
    pub fn info(&self) -> Result<CK_SESSION_INFO, CK_RV> {
        let mut info = CK_SESSION_INFO::default();
        call!(self.module, C_GetSessionInfo(self.handle, &mut info))?;
        Ok(info)
    }

    /// `C_Login`.
    pub fn login(&self, user: CK_USER_TYPE, pin: &str) -> Result<(), CK_RV> {
        let (pin, size) = (pin.as_ptr().cast_mut(), count(pin.len()));
        call!(self.module, C_Login(self.handle, user, pin, size))
    }

    /// `C_Login` with NULL for the PIN, which is entered on the keypad of the reader.
    pub fn login_by_keypad(&self, user: CK_USER_TYPE) -> Result<(), CK_RV> {
        call!(self.module, C_Login(self.handle, user, ptr::null_mut(), 0))
    }

    /// `C_InitPIN` in the same way.
    pub fn init_pin_by_keypad(&self) -> Result<(), CK_RV> {
        call!(self.module, C_InitPIN(self.handle, ptr::null_mut(), 0))
    }

    /// `C_SetPIN` in the same way.
    pub fn set_pin_by_keypad(&self) -> Result<(), CK_RV> {
        call!(self.module, C_SetPIN(self.handle, ptr::null_mut(), 0, ptr::null_mut(), 0))
    }

    /// `C_InitPIN`.
    pub fn init_pin(&self, new: &str) -> Result<(), CK_RV> {
        call!(self.module, C_InitPIN(self.handle, new.as_ptr().cast_mut(), count(new.len())))
    }

    /// `C_SetPIN`.
    pub fn set_pin(&self, old: &str, new: &str) -> Result<(), CK_RV> {
        let (old_size, new_size) = (count(old.len()), count(new.len()));
        let (old, new) = (old.as_ptr().cast_mut(), new.as_ptr().cast_mut());
        call!(self.module, C_SetPIN(self.handle, old, old_size, new, new_size))
    }

    /// `C_Logout`.
    pub fn logout(&self) -> Result<(), CK_RV> {
        call!(self.module, C_Logout(self.handle))
    }

    /// All objects that have these attribute values; see [`bytes`](crate::bytes) for numbers.
    pub fn find(&self, template: &[(CK_ATTRIBUTE_TYPE, &[u8])]) -> Result<Vec<CK_OBJECT_HANDLE>, CK_RV> {
        let mut template: Vec<_> = template.iter().map(|(name, value)| attribute(*name, value)).collect();
        call!(self.module, C_FindObjectsInit(self.handle, template.as_mut_ptr(), count(template.len())))?;
        let mut found = Vec::new();
        let outcome = loop {
            let (mut some, mut number) = ([0; 8], 0);
            match call!(self.module, C_FindObjects(self.handle, some.as_mut_ptr(), 8, &mut number)) {
                Ok(()) if number > 0 => found.extend_from_slice(&some[..length(number)]),
                outcome => break outcome,
            }
        };
        call!(self.module, C_FindObjectsFinal(self.handle))?;
        outcome.map(|()| found)
    }

    /// The one object of this class with this CKA_ID; `CKR_OBJECT_HANDLE_INVALID` where there is none.
    ///
    /// # Panics
    /// Where there are several.
    pub fn object(&self, class: CK_OBJECT_CLASS, id: u8) -> Result<CK_OBJECT_HANDLE, CK_RV> {
        let found = self.find(&[(CKA_CLASS, &crate::bytes(class)), (CKA_ID, &[id])])?;
        assert!(found.len() < 2, "{} objects of class {class} have the id {id:02x}", found.len());
        found.first().copied().ok_or(CKR_OBJECT_HANDLE_INVALID)
    }

    /// The value of an attribute, asked for its size first.
    pub fn attribute(&self, object: CK_OBJECT_HANDLE, name: CK_ATTRIBUTE_TYPE) -> Result<Vec<u8>, CK_RV> {
        let mut asked = attribute(name, &[]);
        asked.pValue = ptr::null_mut();
        call!(self.module, C_GetAttributeValue(self.handle, object, &mut asked, 1))?;
        let mut value = vec![0; length(asked.ulValueLen)];
        asked.pValue = value.as_mut_ptr().cast();
        call!(self.module, C_GetAttributeValue(self.handle, object, &mut asked, 1))?;
        value.truncate(length(asked.ulValueLen));
        Ok(value)
    }

    /// `C_CreateObject`.
    pub fn create(&self, template: &Template) -> Result<CK_OBJECT_HANDLE, CK_RV> {
        let (mut template, mut object) = (template.raw(), 0);
        let size = count(template.len());
        call!(self.module, C_CreateObject(self.handle, template.as_mut_ptr(), size, &mut object))?;
        Ok(object)
    }

    /// `C_CopyObject`.
    pub fn copy(&self, object: CK_OBJECT_HANDLE, template: &Template) -> Result<CK_OBJECT_HANDLE, CK_RV> {
        let (mut template, mut copy) = (template.raw(), 0);
        let size = count(template.len());
        call!(self.module, C_CopyObject(self.handle, object, template.as_mut_ptr(), size, &mut copy))?;
        Ok(copy)
    }

    /// `C_SetAttributeValue`.
    pub fn change(&self, object: CK_OBJECT_HANDLE, template: &Template) -> Result<(), CK_RV> {
        let mut template = template.raw();
        let size = count(template.len());
        call!(self.module, C_SetAttributeValue(self.handle, object, template.as_mut_ptr(), size))
    }

    /// `C_DestroyObject`.
    pub fn destroy(&self, object: CK_OBJECT_HANDLE) -> Result<(), CK_RV> {
        call!(self.module, C_DestroyObject(self.handle, object))
    }

    /// `C_DeriveKey`.
    pub fn derive(
        &self,
        mechanism: &Mechanism<'_>,
        base: CK_OBJECT_HANDLE,
        template: &Template,
    ) -> Result<CK_OBJECT_HANDLE, CK_RV> {
        let (mut template, mut key) = (template.raw(), 0);
        let (handle, size) = (self.handle, count(template.len()));
        let attributes = template.as_mut_ptr();
        call!(self.module, C_DeriveKey(handle, mechanism.pointer(), base, attributes, size, &mut key))?;
        Ok(key)
    }

    /// `C_CloseSession`, for tests that want its answer.
    pub fn close(self) -> Result<(), CK_RV> {
        let outcome = call!(self.module, C_CloseSession(self.handle));
        std::mem::forget(self);
        outcome
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if self.opened_in == self.module.this_use() {
            let _: Result<(), CK_RV> = call!(self.module, C_CloseSession(self.handle));
        }
    }
}

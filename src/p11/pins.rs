//! C_InitPIN and C_SetPIN (§5.5.8, §5.5.9).

use super::login::kept;
use super::{Fault, Module};
use cryptoki_sys::CK_SESSION_HANDLE;

impl Module {
    /// C_InitPIN: sets the user's PIN by the code that was given at C_Login(CKU_SO). Activates a fresh card,
    /// unblocks a blocked PIN, replaces a forgotten one.
    pub fn init_pin(&self, handle: CK_SESSION_HANDLE, new: &[u8]) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let (slot, insertion) = (&session.slot, &session.insertion);
        let _one_at_a_time = slot.logging_in.lock();
        // A security officer's session is always read/write: read-only ones keep him out.
        let code = slot.officer_code(insertion).ok_or(Fault::UserNotLoggedIn)?;
        slot.gate.set_pin(insertion, slot.role, &code, &kept(new)?).map_err(Fault::of_pin)
    }

    /// C_SetPIN: changes the user's PIN, logged in or not; on a fresh card of the new scheme the transport code
    /// is the old PIN. The activation PIN and the PUK cannot be changed.
    pub fn set_pin(&self, handle: CK_SESSION_HANDLE, old: &[u8], new: &[u8]) -> Result<(), Fault> {
        let session = self.session(handle)?;
        if !session.read_write {
            return Err(Fault::SessionReadOnly);
        }
        let (slot, insertion) = (&session.slot, &session.insertion);
        let _one_at_a_time = slot.logging_in.lock();
        if slot.is_security_officer(insertion) {
            return Err(Fault::FunctionNotSupported);
        }
        slot.gate.change_pin(insertion, slot.role, kept(old)?, kept(new)?).map_err(Fault::of_pin)
    }
}

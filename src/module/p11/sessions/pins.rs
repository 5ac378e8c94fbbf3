//! C_InitPIN and C_SetPIN (§5.5.8, §5.5.9).

use super::Sessions;
use crate::p11::Fault;
use crate::p11::session::Session;
use crate::p11::slots::entry::locked_pin;
use avain_card::cards::profile::{Secret, Writing};
use avain_card::cards::{Entered, Entries, Pin};
use avain_card::token::Consent;
use cryptoki_sys::CK_SESSION_HANDLE;

impl Sessions {
    /// C_InitPIN: sets the user's PIN by the code that was given at C_Login(CKU_SO). This activates a new card,
    /// unblocks a blocked PIN, or replaces a forgotten one. Without a new PIN both are entered on the keypad.
    pub fn init_pin(&self, handle: CK_SESSION_HANDLE, new: Option<&[u8]>) -> Result<(), Fault> {
        let session = self.get(handle)?;
        let (slot, insertion) = (&session.slot, &session.insertion);
        let _one_at_a_time = slot.logging_in.lock();
        let new = new.map(locked_pin).transpose()?;
        if new.is_none() && !session.takes_keypad() {
            return Err(Fault::ArgumentsBad);
        }
        // No need to check for read-only: the security officer cannot log in while a read-only session exists.
        let code = session.token.security_officer_code().ok_or(Fault::UserNotLoggedIn)?;
        // Where no code sets a PIN, retyping one cannot help.
        if insertion
            .profile()
            .is_some_and(|profile| profile.writing != Writing::Never && !profile.codes.any())
        {
            return Err(Fault::FunctionNotSupported);
        }
        let entries = entries(&session, code.typed(), new.as_ref())?;
        slot.reader.set_pin(insertion, slot.role, entries, Consent::NotAsked).map_err(Fault::of_pin)
    }

    /// C_SetPIN: changes the user's PIN, logged in or not. On a new card with a transport code that code is the old
    /// PIN. The security officer changes the PUK, on cards where it can be changed. Without PINs both are entered on the
    /// keypad.
    pub fn set_pin(
        &self,
        handle: CK_SESSION_HANDLE,
        old: Option<&[u8]>,
        new: Option<&[u8]>,
    ) -> Result<(), Fault> {
        let session = self.get(handle)?;
        if !session.read_write {
            return Err(Fault::SessionReadOnly);
        }
        let (slot, insertion) = (&session.slot, &session.insertion);
        let _one_at_a_time = slot.logging_in.lock();
        let by_officer = session.token.security_officer_code().is_some();
        let secret = if by_officer { Secret::Puk } else { Secret::Pin(slot.role) };
        let old = old.map(|old| slot.entered(insertion, secret, old)).transpose()?;
        let new = new.map(locked_pin).transpose()?;
        let entries = entries(&session, old.as_ref(), new.as_ref())?;
        if by_officer {
            let codes = insertion.profile().map(|profile| &profile.codes);
            if !codes.is_some_and(|codes| codes.puk.as_ref().is_some_and(|puk| puk.changeable)) {
                return Err(Fault::FunctionNotSupported);
            }
            slot.reader.change_puk(insertion, entries, Consent::NotAsked).map_err(Fault::of_pin)?;
            session.token.set_security_officer_code(new.map_or(Entered::Pad, Entered::Typed));
            return Ok(());
        }
        slot.reader.change_pin(insertion, slot.role, entries, Consent::NotAsked).map_err(Fault::of_pin)
    }
}

/// Both were given by the program, or both are entered on the keypad: no command takes one of each.
fn entries<'p>(
    session: &Session,
    permit: Option<&'p Pin>,
    new: Option<&'p Pin>,
) -> Result<Entries<'p>, Fault> {
    match (permit, new) {
        (Some(permit), Some(new)) => Ok(Entries::Typed { permit, new }),
        (None, None) if session.takes_keypad() => Ok(Entries::Pad),
        _ => Err(Fault::ArgumentsBad),
    }
}

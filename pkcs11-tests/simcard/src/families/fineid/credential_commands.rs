//! VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER (ISO/IEC 7816-4 §11.5.6 to §11.5.10), and GET DATA of a PIN.

use super::Fineid;
use crate::chip::pins::{ORDINARY, Origin, PinRules};
use crate::facts::description::{PinRole, STORED_LENGTH};
use crate::facts::switches::Switches;
use crate::facts::switches::values::ChangedObject;
use crate::wire::apdu::{Command, sw};

/// Digits and zero bytes, 12 in all (recorded test cards).
pub(super) const RULES: PinRules = PinRules {
    same_code: |switches| (switches.same_pin_refused, sw::CONDITIONS),
    unblock_needs_blocked: |switches| switches.unblock_needs_blocked,
    ..ORDINARY
};

impl Fineid {
    /// VERIFY: with a code, without data (asks for the state), or with P1 = FF (ends the verified state, FINEID S1
    /// §3.5).
    pub(super) fn verify(&mut self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        let pin = self.pins.get_mut(command.p2).ok_or(sw::REFERENCE_NOT_FOUND)?;
        match command.p1 {
            0x00 => {}
            0xFF if switches.unverify_supported && command.data.is_empty() => {
                pin.verified = false;
                return Ok(());
            }
            _ => return Err(sw::WRONG_P1P2),
        }
        let role = pin.description.role;
        if command.data.is_empty() {
            // A header of four bytes, or P3 = 00: the same on a T=0 line.
            return match command.le {
                Some(256) => self.pins.probe(command.p2, switches),
                _ => Err(sw::WRONG_LENGTH),
            };
        }
        self.pins.verify(command.p2, command.data, switches)?;
        if !switches.pins_independent && role == PinRole::Signature {
            self.pins.forget_verified_except(command.p2);
        }
        Ok(())
    }

    /// CHANGE REFERENCE DATA. Nothing is known about a PUK that can be changed.
    pub(super) fn change(&mut self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        if command.p1 != 0x00 {
            return Err(sw::WRONG_P1P2);
        }
        self.pins.change(command.p2, command.data, switches)
    }

    /// RESET RETRY COUNTER with P1 = 00. P1 = 02 (new code after a verified PUK) is the way of the organisation cards.
    pub(super) fn reset_retry_counter(
        &mut self,
        command: &Command<'_>,
        switches: &Switches,
    ) -> Result<(), u16> {
        if command.p1 != 0x00 {
            return Err(sw::WRONG_P1P2);
        }
        self.pins.unblock_with_puk(command.p2, command.data, switches)
    }

    /// GET DATA `00 CB 00 FF 05 A0 03 83 01 ref`, as recorded: reference, two access rules, counters, DF27, stored
    /// length and whether the PIN was ever changed (FINEID S1 §3.15). The meaning of 8C, 9C and DF27 is not public.
    pub(super) fn pin_information(&self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        let [0xA0, 0x03, 0x83, 0x01, reference] = command.data else { return Err(sw::WRONG_DATA) };
        let pin = self.pins.get(*reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        let role = pin.description.role;
        if role == PinRole::Unblocking && !switches.puk_readable {
            return Err(sw::REFERENCE_NOT_FOUND);
        }
        // Tries left; usage counter, FF = none; unblock counter, A5 = none; unblock method.
        let unblocks = self.pins.unblocks_left.map_or(0xA5, |left| left & 0x0F);
        let mut content = vec![0x83, 0x01, *reference];
        content.extend([0x8C, 0x04, 0xF0, 0x00, 0x00, 0x00]);
        content.extend([0x9C, 0x04, 0xF0, 0x00, 0x00, 0x00]);
        content.extend([0xDF, 0x21, 0x04, pin.tries, 0xFF, unblocks, 0x03]);
        content.extend([0xDF, 0x27, 0x02, 0xFF, 0xFF]);
        content.extend([0xDF, 0x28, 0x01, STORED_LENGTH as u8]);
        let changed = match (role, pin.origin) {
            (PinRole::Unblocking, _) => switches.puk_df2f,
            (_, Origin::NeverSet) => switches.df2f_fresh_old,
            (_, Origin::Chosen) => ChangedObject::Changed,
            (_, Origin::Transport | Origin::Delivered) => ChangedObject::NeverChanged,
        };
        match changed {
            _ if !switches.df2f_present => {}
            ChangedObject::Absent => {}
            ChangedObject::NeverChanged => content.extend([0xDF, 0x2F, 0x01, 0x00]),
            ChangedObject::Changed => content.extend([0xDF, 0x2F, 0x01, 0x01]),
        }
        Ok(crate::wire::der::tlv(0xA0, &content))
    }
}

//! The PIN and the PUK as passwords of a channel.

use super::Lithuanian;
use super::cards::{PIN, PUK};
use crate::facts::switches::Switches;
use crate::wire::apdu::sw;

/// Passwords of PACE (ICAO 9303-11 table 6, BSI TR-03110-3 table B.1).
const PASSWORDS: [(u8, u8); 2] = [(0x03, PIN), (0x04, PUK)];
/// The PIN has one try left and wants the card access number first: what the driver takes for that (C).
const SUSPENDED: u16 = 0x6A81;

/// The reference of the code that is this password.
pub(super) fn reference(number: u8) -> Option<u8> {
    PASSWORDS.iter().find(|(password, _)| *password == number).map(|(_, reference)| *reference)
}

/// The reference of the code that the file ACE3 or ACE4 is about.
pub(super) fn of_object(number: u8) -> Option<u8> {
    reference(number.checked_sub(0xE0)?)
}

impl Lithuanian {
    /// The digits of a password, unless it cannot be used now. The PIN is suspended at its last try: it has to be named in
    /// a channel, which the card access number has opened (C).
    pub(super) fn password_of(&self, number: u8, in_channel: bool) -> Result<String, u16> {
        let reference = reference(number).ok_or(sw::REFERENCE_NOT_FOUND)?;
        let pin = self.pins.get(reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        let resumed = in_channel && self.opened_by.is_none();
        match pin.tries {
            0 => Err(sw::BLOCKED),
            1 if reference == PIN && !resumed => Err(SUSPENDED),
            _ => Ok(self.pins.digits(reference)),
        }
    }

    /// A password was right, and its channel is open; or it was wrong, with this status.
    pub(super) fn judge(&mut self, number: u8, right: bool, switches: &Switches) -> u16 {
        let Some(reference) = reference(number) else { return sw::REFERENCE_NOT_FOUND };
        if right {
            self.pins.accept(reference);
            self.opened_by = Some(reference);
            return sw::OK;
        }
        let status = self.pins.refuse(reference, switches);
        if switches.pace_tells_tries { status } else { sw::NO_INFORMATION }
    }
}

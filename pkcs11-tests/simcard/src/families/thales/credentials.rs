//! VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER and the state of the codes.

use super::Thales;
use crate::chip::pins::Origin;
use crate::facts::description::{PinRole, STORED_LENGTH};
use crate::facts::switches::Switches;
use crate::facts::switches::values::{ChangedObject, UnchangedStep};
use crate::wire::apdu::{Command, sw};

impl Thales {
    /// By the switch, the right code of a PIN that was never changed is refused.
    pub(super) fn verify(
        &mut self,
        reference: u8,
        block: &[u8],
        switches: &Switches,
    ) -> Result<Vec<u8>, u16> {
        match block {
            [] if self.pins.get(reference).is_some() && !switches.probe_supported => Err(sw::WRONG_LENGTH),
            [] => self.pins.probe(reference, switches),
            code => self.pins.verify(reference, code, switches),
        }?;
        let delivered = self.pins.get(reference).is_some_and(|pin| pin.origin == Origin::Delivered);
        if delivered && switches.unchanged_step == UnchangedStep::Verify && !block.is_empty() {
            self.pins.forget(reference);
            return Err(switches.unchanged_status);
        }
        Ok(Vec::new())
    }

    /// The PUK cannot be changed; the status is a guess.
    pub(super) fn change(
        &mut self,
        reference: u8,
        blocks: &[u8],
        switches: &Switches,
    ) -> Result<Vec<u8>, u16> {
        self.pins.change(reference, blocks, switches).map(|()| Vec::new())
    }

    /// The PUK and the new PIN in one command; it also activates a PIN that was never changed.
    pub(super) fn reset_retry_counter(
        &mut self,
        reference: u8,
        blocks: &[u8],
        switches: &Switches,
    ) -> Result<Vec<u8>, u16> {
        self.pins.unblock_with_puk(reference, blocks, switches).map(|()| Vec::new())
    }

    /// GET DATA of a code, with the recorded bytes: tries left, longest code, changed or not, and a rule whose first
    /// bytes are read as most tries, shortest and longest code. G
    pub(super) fn pin_information(&self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        let [0xA0, 0x03, 0x83, 0x01, reference] = command.data else { return Err(sw::WRONG_DATA) };
        let code = self.pins.get(*reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        let role = code.description.role;
        if role == PinRole::Unblocking && !switches.puk_readable {
            return Err(sw::REFERENCE_NOT_FOUND);
        }
        let changed = match role {
            PinRole::Unblocking => switches.puk_df2f,
            _ if code.origin == Origin::Delivered => ChangedObject::NeverChanged,
            _ => ChangedObject::Changed,
        };
        let mut content = vec![0x83, 0x01, *reference, 0x8C, 0x04, 0xF0, 0x00, 0x00, 0x00];
        content.extend([0xDF, 0x21, 0x04, code.tries, 0xFF, 0xA5, 0x03]);
        content.extend([0xDF, 0x27, 0x02, 0xFF, 0xFF]);
        content.extend([0xDF, 0x28, 0x01, STORED_LENGTH as u8]);
        match changed {
            ChangedObject::NeverChanged => content.extend([0xDF, 0x2F, 0x01, 0x00]),
            ChangedObject::Changed => content.extend([0xDF, 0x2F, 0x01, 0x01]),
            ChangedObject::Absent => {}
        }
        content.extend([0xDF, 0x3F, 0x14, code.full, code.shortest as u8, STORED_LENGTH as u8]);
        content.extend([0x01, 0xAA, 0x01, 0xFF, 0xFF, 0x55, 0x00, 0x55, 0xFF, 0xFF, 0xAA, 0xFF, 0x55, 0xAA]);
        content.extend([0x00, 0x00, 0x00]);
        Ok(crate::wire::der::tlv(0xA0, &content))
    }
}

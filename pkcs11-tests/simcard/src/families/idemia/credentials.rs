//! VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER and the counters.

use super::{Idemia, PIN1, PIN2, PUK};
use crate::facts::switches::Switches;
use crate::families::baltic::cards::ADF2;
use crate::wire::apdu::{Command, sw};

impl Idemia {
    /// PIN1 and PUK are known everywhere, PIN2 in QSCD only; what it answers elsewhere: G
    fn known_here(&self, reference: u8) -> Result<(), u16> {
        let here = reference != PIN2 || self.tree.directory_id() == ADF2;
        if here && self.pins.get(reference).is_some() { Ok(()) } else { Err(sw::REFERENCE_NOT_FOUND) }
    }

    pub(super) fn verify(
        &mut self,
        reference: u8,
        block: &[u8],
        switches: &Switches,
    ) -> Result<Vec<u8>, u16> {
        self.known_here(reference)?;
        match block {
            [] if !switches.probe_supported => Err(sw::WRONG_LENGTH),
            [] => self.pins.probe(reference, switches),
            code => self.pins.verify(reference, code, switches),
        }
        .map(|()| Vec::new())
    }

    /// The PUK can be changed as well.
    pub(super) fn change(
        &mut self,
        reference: u8,
        blocks: &[u8],
        switches: &Switches,
    ) -> Result<Vec<u8>, u16> {
        self.known_here(reference)?;
        self.pins.change(reference, blocks, switches).map(|()| Vec::new())
    }

    /// P1 = 02: the new PIN after a verified PUK, whether the PIN is blocked or not.
    pub(super) fn reset_retry_counter(
        &mut self,
        reference: u8,
        block: &[u8],
        switches: &Switches,
    ) -> Result<Vec<u8>, u16> {
        self.known_here(reference)?;
        self.pins.unblock_after_puk(reference, block, switches.not_verified_status, switches)?;
        if switches.puk_one_shot {
            self.pins.forget(PUK);
        }
        Ok(Vec::new())
    }

    /// GET DATA of a code by its number, which is the low nibble of its reference. The bytes are the recorded ones,
    /// those of the PUK formed after PIN1's. G
    pub(super) fn pin_information(&self, command: &Command<'_>) -> Result<Vec<u8>, u16> {
        let [0x4D, 0x08, 0x70, 0x06, 0xBF, 0x81, number, 0x02, 0xA0, 0x80] = command.data else {
            return Err(sw::REFERENCE_NOT_FOUND);
        };
        let reference = [PIN1, PIN2, PUK].into_iter().find(|reference| reference & 0x0F == *number);
        let reference = reference.ok_or(sw::REFERENCE_NOT_FOUND)?;
        self.known_here(reference)?;
        let pin = self.pins.get(reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        let rule = if reference == PIN2 { [0x73, 0xFF, 0x00] } else { [0x73, 0x43, 0x00] };
        let mut answer = vec![0x70, 0x1E, 0xBF, 0x81, *number, 0x1A, 0xA0, 0x18];
        answer.extend([0x9A, 0x01, pin.full, 0x9B, 0x01, pin.tries, 0xA1, 0x10]);
        for tag in [0x8C, 0x9C] {
            answer.extend([tag, 0x06, 0xF3, 0x00, 0x00]);
            answer.extend(rule);
        }
        Ok(answer)
    }
}

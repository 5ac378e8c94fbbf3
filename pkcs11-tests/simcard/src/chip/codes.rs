//! Codes of twelve bytes with a filler behind the digits, as the cards of Estonia and Latvia keep them.

use crate::chip::{CodeView, CredentialCount};
use crate::facts::codes::Codes;
use crate::facts::description::{PinDescription, PinRole, STORED_LENGTH};
use crate::facts::state::DeliveryState;
use crate::facts::switches::Switches;
use crate::facts::switches::values::{LastTry, MalformedCode, SamePinRefused};
use crate::wire::apdu::sw;

/// A code with its filler.
pub(crate) type Block = [u8; STORED_LENGTH];

/// A PIN or the PUK.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) description: &'static PinDescription,
    /// Fewest digits that the card takes.
    pub(crate) shortest: usize,
    block: Block,
    pub(crate) tries: u8,
    pub(crate) verified: bool,
    /// Whether the holder still has to change it before it works.
    pub(crate) delivered: bool,
    pub(crate) count: CredentialCount,
}

/// The codes of a card.
#[derive(Clone)]
pub(crate) struct CodeStore {
    all: Vec<Code>,
    filler: u8,
}

/// Whether a code is blocked in this state.
fn blocked(state: DeliveryState, role: PinRole) -> bool {
    use DeliveryState::{BlockedPin1, BlockedPin2, BlockedPins, BlockedPuk, Dead};
    match role {
        PinRole::Authentication => matches!(state, BlockedPin1 | BlockedPins | Dead),
        PinRole::Signature => matches!(state, BlockedPin2 | BlockedPins | Dead),
        PinRole::Unblocking => matches!(state, BlockedPuk | Dead),
    }
}

impl CodeStore {
    pub(crate) fn new(
        pins: &'static [PinDescription],
        filler: u8,
        state: DeliveryState,
        codes: &Codes,
        switches: &Switches,
    ) -> Self {
        let code = |description: &'static PinDescription| Code {
            description,
            shortest: description.shortest,
            block: block(codes.of(description.role), filler),
            tries: if blocked(state, description.role) { 0 } else { description.tries },
            verified: false,
            delivered: state == DeliveryState::Fresh
                && match description.role {
                    PinRole::Authentication => switches.unchanged_pin1,
                    PinRole::Signature => true,
                    PinRole::Unblocking => false,
                },
            count: CredentialCount::default(),
        };
        Self { all: pins.iter().map(code).collect(), filler }
    }

    pub(crate) fn get(&self, reference: u8) -> Option<&Code> {
        self.all.iter().find(|code| code.description.reference == reference)
    }

    pub(crate) fn get_mut(&mut self, reference: u8) -> Option<&mut Code> {
        self.all.iter_mut().find(|code| code.description.reference == reference)
    }

    pub(crate) fn role(&self, reference: u8) -> Option<PinRole> {
        self.get(reference).map(|code| code.description.role)
    }

    /// Reference of the PUK.
    pub(crate) fn puk(&self) -> Option<u8> {
        let puk = self.all.iter().find(|code| code.description.role == PinRole::Unblocking);
        puk.map(|code| code.description.reference)
    }

    pub(crate) fn is_verified(&self, reference: u8) -> bool {
        self.get(reference).is_some_and(|code| code.verified)
    }

    /// Ends every verified state.
    pub(crate) fn forget_verified(&mut self) {
        self.all.iter_mut().for_each(|code| code.verified = false);
    }

    /// Ends one verified state.
    pub(crate) fn forget(&mut self, reference: u8) {
        if let Some(code) = self.get_mut(reference) {
            code.verified = false;
        }
    }

    /// The digits of a block: digits first, then only the filler.
    fn digits_of(&self, block: &[u8]) -> Option<usize> {
        let digits = block.iter().take_while(|byte| byte.is_ascii_digit()).count();
        block[digits..].iter().all(|byte| *byte == self.filler).then_some(digits)
    }

    /// A code that somebody claims to be the right one. Length and form come first and cost nothing; then a blocked
    /// code; a try is spent only by a code that is wrong.
    pub(crate) fn present(&mut self, reference: u8, block: &[u8], switches: &Switches) -> Result<(), u16> {
        if block.len() != STORED_LENGTH {
            return Err(sw::WRONG_LENGTH);
        }
        let digits = self.digits_of(block).unwrap_or(0);
        let code = self.get_mut(reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        if digits < code.shortest && switches.malformed_code == MalformedCode::Refused {
            return Err(sw::WRONG_DATA);
        }
        if code.tries == 0 {
            return Err(sw::BLOCKED);
        }
        if code.block != block {
            code.verified = false;
            code.tries -= 1;
            code.count.tries_spent += 1;
            return Err(match code.tries {
                0 if switches.last_try_abroad == LastTry::Blocked => sw::BLOCKED,
                left => sw::WRONG_CODE | u16::from(left),
            });
        }
        code.tries = code.description.tries;
        code.count.right += 1;
        Ok(())
    }

    /// VERIFY. Without data it asks for the state, which is not known of these cards.
    pub(crate) fn verify(&mut self, reference: u8, block: &[u8], switches: &Switches) -> Result<(), u16> {
        let code = self.get_mut(reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        if block.is_empty() {
            if !switches.probe_supported {
                return Err(sw::WRONG_LENGTH);
            }
            code.count.probes += 1;
            return match code.tries {
                _ if code.verified => Ok(()),
                0 => Err(sw::BLOCKED),
                left => Err(sw::WRONG_CODE | u16::from(left)),
            };
        }
        code.count.commands += 1;
        self.present(reference, block, switches)?;
        if let Some(code) = self.get_mut(reference) {
            code.verified = true;
        }
        Ok(())
    }

    /// CHANGE REFERENCE DATA: the old code and the new one.
    pub(crate) fn change(&mut self, reference: u8, blocks: &[u8], switches: &Switches) -> Result<(), u16> {
        let code = self.get_mut(reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        code.count.commands += 1;
        let (old, new) = blocks.split_at_checked(STORED_LENGTH).ok_or(sw::WRONG_LENGTH)?;
        let new = self.acceptable(reference, new)?;
        self.present(reference, old, switches)?;
        if old == new && switches.same_pin_refused != SamePinRefused::Never {
            return Err(switches.same_pin_status);
        }
        self.set(reference, new, switches.change_verifies);
        Ok(())
    }

    /// A new code of the right form for this reference.
    pub(crate) fn acceptable(&self, reference: u8, block: &[u8]) -> Result<Block, u16> {
        let block = Block::try_from(block).map_err(|_| sw::WRONG_LENGTH)?;
        let shortest = self.get(reference).ok_or(sw::REFERENCE_NOT_FOUND)?.shortest;
        match self.digits_of(&block) {
            Some(digits) if digits >= shortest => Ok(block),
            _ => Err(sw::WRONG_DATA),
        }
    }

    /// A new code, with the counter full.
    pub(crate) fn set(&mut self, reference: u8, block: Block, verified: bool) {
        if let Some(code) = self.get_mut(reference) {
            code.block = block;
            code.tries = code.description.tries;
            code.delivered = false;
            code.verified = verified;
        }
    }

    pub(crate) fn is(&self, reference: u8, digits: &str) -> bool {
        let right = |code: &Code| code.block == block(digits, self.filler);
        digits.len() <= STORED_LENGTH && self.get(reference).is_some_and(right)
    }

    pub(crate) fn set_tries_left(&mut self, reference: u8, tries: u8) {
        if let Some(code) = self.get_mut(reference) {
            code.tries = tries.min(code.description.tries);
        }
    }

    pub(crate) fn views(&self) -> Vec<CodeView> {
        let view = |code: &Code| CodeView {
            reference: code.description.reference,
            tries: code.tries,
            verified: code.verified,
            origin: if code.delivered { "delivered" } else { "chosen" },
            count: code.count,
        };
        self.all.iter().map(view).collect()
    }
}

/// Digits and filler; longer ones are cut (callers check).
fn block(digits: &str, filler: u8) -> Block {
    let mut block = [filler; STORED_LENGTH];
    for (place, digit) in block.iter_mut().zip(digits.bytes()) {
        *place = digit;
    }
    block
}

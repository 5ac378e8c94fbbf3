//! A PIN or PUK of the cards that have no delivery schemes: digits, tries, verified or not.

use crate::chip::{CodeView, CredentialCount};
use crate::facts::description::PinRole;
use crate::facts::state::DeliveryState;
use crate::facts::switches::Switches;
use crate::facts::switches::values::LastTry;
use crate::wire::apdu::sw;

#[derive(Clone)]
pub(crate) struct Secret {
    pub(crate) reference: u8,
    /// As ASCII digits, whatever form they have on the line.
    digits: Vec<u8>,
    full: u8,
    pub(crate) tries: u8,
    pub(crate) verified: bool,
    pub(crate) count: CredentialCount,
}

impl Secret {
    pub(crate) fn new(reference: u8, digits: &str, full: u8, blocked: bool) -> Self {
        let tries = if blocked { 0 } else { full };
        let digits = digits.as_bytes().to_vec();
        Self { reference, digits, full, tries, verified: false, count: CredentialCount::default() }
    }

    /// What tests and the control channel see.
    pub(crate) fn view(&self) -> CodeView {
        let Self { reference, tries, verified, count, .. } = *self;
        CodeView { reference, tries, verified, origin: "chosen", count }
    }

    /// Length of the code now: a card without padding has to know where the old code ends.
    pub(crate) fn length(&self) -> usize {
        self.digits.len()
    }

    pub(crate) fn holds(&self, digits: &[u8]) -> bool {
        self.digits == digits
    }

    pub(crate) fn set_tries(&mut self, tries: u8) {
        self.tries = tries.min(self.full);
    }

    /// A code was presented: the status to answer.
    pub(crate) fn present(&mut self, digits: &[u8], switches: &Switches) -> u16 {
        if self.tries == 0 {
            return sw::BLOCKED;
        }
        if !self.holds(digits) {
            return self.spend(switches);
        }
        self.tries = self.full;
        self.count.right += 1;
        self.verified = true;
        sw::OK
    }

    /// A try is gone: the status to answer.
    pub(crate) fn spend(&mut self, switches: &Switches) -> u16 {
        self.verified = false;
        if self.tries == 0 {
            return sw::BLOCKED;
        }
        self.tries -= 1;
        self.count.tries_spent += 1;
        match self.tries {
            0 if switches.last_try == LastTry::Blocked => sw::BLOCKED,
            left => sw::WRONG_CODE | u16::from(left & 0x0F),
        }
    }

    /// A new code, with a full counter and unverified.
    pub(crate) fn choose(&mut self, digits: &[u8]) {
        self.digits = digits.to_vec();
        self.tries = self.full;
        self.verified = false;
    }

    /// Answer to VERIFY without data.
    pub(crate) fn state(&mut self) -> u16 {
        self.count.probes += 1;
        match (self.verified, self.tries) {
            (true, _) => sw::OK,
            (false, 0) => sw::BLOCKED,
            (false, left) => sw::WRONG_CODE | u16::from(left & 0x0F),
        }
    }
}

/// Whether a code is blocked in a delivery state. The activation schemes of the Finnish citizen cards mean nothing
/// to other cards: those states are like an activated card.
pub(crate) fn is_blocked(state: DeliveryState, role: PinRole) -> bool {
    use DeliveryState::{BlockedPin1, BlockedPin2, BlockedPins, BlockedPuk, Dead};
    match role {
        PinRole::Authentication => matches!(state, BlockedPin1 | BlockedPins | Dead),
        PinRole::Signature => matches!(state, BlockedPin2 | BlockedPins | Dead),
        PinRole::Unblocking => matches!(state, BlockedPuk | Dead),
    }
}

//! The PINs and the PUK: their codes, counters and states.

use crate::chip::CredentialCount;
use crate::facts::codes::Codes;
use crate::facts::description::{PinDescription, PinRole, STORED_LENGTH};
use crate::facts::state::DeliveryState;
use crate::facts::switches::Switches;
use crate::facts::switches::values::ChangedObject;
use crate::families::fineid::generations::FineidDescription;
use serde::Serialize;

/// A code as stored: digits, then zero bytes.
pub(crate) type StoredCode = [u8; STORED_LENGTH];

/// What is special about a PIN that the holder has not chosen yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Origin {
    /// Chosen by the holder, or a PUK.
    Chosen,
    /// Old scheme: never set.
    NeverSet,
    /// New scheme: the transport code.
    Transport,
}

#[derive(Clone)]
pub(crate) struct Pin {
    pub(crate) description: &'static PinDescription,
    code: StoredCode,
    pub(crate) tries: u8,
    pub(crate) verified: bool,
    pub(crate) origin: Origin,
    pub(crate) count: CredentialCount,
}

#[derive(Clone)]
pub(crate) struct Pins {
    all: Vec<Pin>,
    /// Uses of the PUK that are left, if they are limited.
    pub(crate) unblocks_left: Option<u8>,
}

/// Pads digits to the stored length; longer ones are cut (callers check).
pub(crate) fn stored(digits: &str) -> StoredCode {
    let mut code = [0; STORED_LENGTH];
    for (place, digit) in code.iter_mut().zip(digits.bytes()) {
        *place = digit;
    }
    code
}

/// Number of digits of a padded code: digits first, at least one, then only zero bytes.
pub(crate) fn digits_of(code: &[u8]) -> Option<usize> {
    let digits = code.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let padding_is_zero = code.get(digits..)?.iter().all(|byte| *byte == 0);
    (digits > 0 && padding_is_zero).then_some(digits)
}

impl Pin {
    pub(crate) fn reference(&self) -> u8 {
        self.description.reference
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.tries == 0
    }

    pub(crate) fn holds(&self, code: &[u8]) -> bool {
        self.origin != Origin::NeverSet && self.code == code
    }

    /// A right code was presented: the counter is full again.
    pub(crate) fn accept(&mut self) {
        self.tries = self.description.tries;
        self.count.right += 1;
    }

    /// A wrong code was presented.
    pub(crate) fn spend_try(&mut self) {
        self.verified = false;
        if let Some(left) = self.tries.checked_sub(1) {
            self.tries = left;
            self.count.tries_spent += 1;
        }
    }

    /// The holder chose a new code.
    pub(crate) fn choose(&mut self, code: StoredCode) {
        self.code = code;
        self.tries = self.description.tries;
        self.origin = Origin::Chosen;
        self.verified = false;
    }
}

impl Pins {
    pub(crate) fn new(
        card: &FineidDescription,
        state: DeliveryState,
        codes: &Codes,
        switches: &Switches,
    ) -> Self {
        use DeliveryState::*;
        let all = card
            .card
            .pins
            .iter()
            .map(|description| {
                let role = description.role;
                let (pin1, pin2) = (role == PinRole::Authentication, role == PinRole::Signature);
                let origin = match state {
                    _ if role == PinRole::Unblocking => Origin::Chosen,
                    FreshOld | DeadOld => Origin::NeverSet,
                    HalfOld if pin2 => Origin::NeverSet,
                    HalfOldPin2 if pin1 => Origin::NeverSet,
                    FreshNew | BlockedNew => Origin::Transport,
                    HalfNew if pin2 => Origin::Transport,
                    HalfNewPin2 if pin1 => Origin::Transport,
                    _ => Origin::Chosen,
                };
                let blocked = match state {
                    BlockedPin1 => pin1,
                    BlockedPin2 => pin2,
                    BlockedPins | BlockedNew => pin1 || pin2,
                    BlockedPuk | DeadOld => role == PinRole::Unblocking,
                    Dead => true,
                    _ => false,
                };
                let digits = match (origin, role) {
                    (Origin::Transport, _) => &codes.transport,
                    (_, PinRole::Authentication) => &codes.pin1,
                    (_, PinRole::Signature) => &codes.pin2,
                    (_, PinRole::Unblocking) => &codes.puk,
                };
                Pin {
                    description,
                    code: stored(digits),
                    tries: if blocked || origin == Origin::NeverSet { 0 } else { description.tries },
                    verified: false,
                    origin,
                    count: CredentialCount::default(),
                }
            })
            .collect();
        Self { all, unblocks_left: switches.unblock_limit }
    }

    pub(crate) fn get(&self, reference: u8) -> Option<&Pin> {
        self.all.iter().find(|pin| pin.reference() == reference)
    }

    pub(crate) fn get_mut(&mut self, reference: u8) -> Option<&mut Pin> {
        self.all.iter_mut().find(|pin| pin.reference() == reference)
    }

    pub(crate) fn puk_mut(&mut self) -> Option<&mut Pin> {
        self.all.iter_mut().find(|pin| pin.description.role == PinRole::Unblocking)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Pin> {
        self.all.iter()
    }

    /// Ends every verified state.
    pub(crate) fn forget_verified(&mut self) {
        self.all.iter_mut().for_each(|pin| pin.verified = false);
    }

    /// Ends every verified state but one.
    pub(crate) fn forget_verified_except(&mut self, reference: u8) {
        self.all.iter_mut().filter(|pin| pin.reference() != reference).for_each(|pin| pin.verified = false);
    }

    /// A wrong code for this PIN; with the switch `shared_transport_counter` it costs every transport PIN a try.
    pub(crate) fn spend_try(&mut self, reference: u8, switches: &Switches) {
        let transport = self.get(reference).is_some_and(|pin| pin.origin == Origin::Transport);
        for pin in &mut self.all {
            let shares = transport && switches.shared_transport_counter && pin.origin == Origin::Transport;
            if pin.reference() == reference || shares {
                pin.spend_try();
            }
        }
    }

    /// The answer of GET DATA for a PIN, as recorded: reference, two access rules, counters, DF27, stored length and
    /// whether it was ever changed (FINEID S1 §3.15). The meaning of 8C, 9C and DF27 is not public.
    pub(crate) fn information(&self, reference: u8, switches: &Switches) -> Option<Vec<u8>> {
        let pin = self.get(reference)?;
        // Tries left; usage counter, FF = none; unblock counter, A5 = none; unblock method.
        let unblocks = self.unblocks_left.map_or(0xA5, |left| left & 0x0F);
        let mut content = vec![0x83, 0x01, reference];
        content.extend([0x8C, 0x04, 0xF0, 0x00, 0x00, 0x00]);
        content.extend([0x9C, 0x04, 0xF0, 0x00, 0x00, 0x00]);
        content.extend([0xDF, 0x21, 0x04, pin.tries, 0xFF, unblocks, 0x03]);
        content.extend([0xDF, 0x27, 0x02, 0xFF, 0xFF]);
        content.extend([0xDF, 0x28, 0x01, STORED_LENGTH as u8]);
        let changed = match (pin.description.role, pin.origin) {
            (PinRole::Unblocking, _) => switches.puk_df2f,
            (_, Origin::NeverSet) => switches.df2f_fresh_old,
            (_, Origin::Transport) => ChangedObject::NeverChanged,
            (_, Origin::Chosen) => ChangedObject::Changed,
        };
        match changed {
            _ if !switches.df2f_present => {}
            ChangedObject::Absent => {}
            ChangedObject::NeverChanged => content.extend([0xDF, 0x2F, 0x01, 0x00]),
            ChangedObject::Changed => content.extend([0xDF, 0x2F, 0x01, 0x01]),
        }
        Some(crate::wire::der::tlv(0xA0, &content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_then_zeros_are_a_code() {
        assert_eq!(digits_of(&stored("1234")), Some(4));
        assert_eq!(digits_of(&stored("123456789012")), Some(12));
        assert_eq!(digits_of(&[0; 12]), None);
        assert_eq!(digits_of(b"1234\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), None);
        assert_eq!(digits_of(b"1234\x00\x0056\x00\x00\x00\x00"), None);
        assert_eq!(digits_of(b"12a4\x00\x00\x00\x00\x00\x00\x00\x00"), None);
    }
}

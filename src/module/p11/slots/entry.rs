//! What is typed where a PIN is asked for.
//!
//! A card without contacts opens only with its card access number (CAN), and some with contacts, too. Programs ask for
//! one thing alone, so as long as the number is missing it is typed before the PIN: `123456/246813`.

use super::slot::Slot;
use crate::p11::Fault;
use avain_card::cards::profile::Secret;
use avain_card::cards::{Can, CanError, CardError, CardProfile, NoCan, Pin, PinError};
use avain_card::token::{CanState, Insertion};

/// Stands between the number and the PIN.
const BETWEEN: u8 = b'/';
/// So many characters are typed before the PIN.
pub(super) const BEFORE_PIN: usize = Can::LENGTH.saturating_add(1);

/// Copies a PIN into locked memory.
pub(crate) fn locked_pin(typed: &[u8]) -> Result<Pin, Fault> {
    Pin::new(typed).map_err(|_| Fault::of_pin(PinError::NoMemory))
}

impl Slot {
    /// The PIN or code that was typed for this token, without the number before it, which opens the card when something is
    /// next done with it. Both are checked for their form first, without the card.
    pub(crate) fn entered(&self, insertion: &Insertion, secret: Secret, typed: &[u8]) -> Result<Pin, Fault> {
        if !insertion.wants_channel() {
            return locked_pin(typed);
        }
        let Some((can, pin)) = split(typed) else {
            // Nothing can be done with the PIN alone.
            let missing = insertion.can_state() == CanState::Missing;
            return if missing { Err(Fault::PinIncorrect) } else { locked_pin(typed) };
        };
        let can = Can::new(can).map_err(|why| match why {
            NoCan::NotSixDigits => Fault::PinIncorrect,
            NoCan::NoMemory => Fault::HostMemory,
        })?;
        let pin = locked_pin(pin)?;
        if !insertion.profile().is_some_and(|profile| is_possible(profile, secret, &pin)) {
            return Err(Fault::PinIncorrect);
        }
        let given = self.reader.give_can(insertion, can);
        given.map_err(|why| match why {
            CardError::Can(CanError::NoMemory) => Fault::HostMemory,
            _ => Fault::PinIncorrect,
        })?;
        Ok(pin)
    }
}

fn is_possible(profile: &CardProfile, secret: Secret, typed: &Pin) -> bool {
    match secret {
        Secret::Pin(role) => profile.pin(role).is_some_and(|spec| typed.is_possible(spec)),
        Secret::Puk => profile.codes.kind_of(typed).is_some(),
    }
}

fn split(typed: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = typed.iter().position(|byte| *byte == BETWEEN)?;
    Some((typed.get(..at)?, typed.get(at.saturating_add(1)..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::{PROFILES, Role};

    #[test]
    fn the_number_stands_before_the_pin() {
        for (typed, parts) in [
            ("123456/246813", Some(("123456", "246813"))),
            ("/1234", Some(("", "1234"))),
            ("123456/", Some(("123456", ""))),
            ("1/2/3", Some(("1", "2/3"))),
            ("246813", None),
            ("", None),
        ] {
            let parts = parts.map(|(can, pin)| (can.as_bytes(), pin.as_bytes()));
            assert_eq!(split(typed.as_bytes()), parts, "{typed}");
        }
        assert_eq!(BEFORE_PIN, "123456/".len());
    }

    #[test]
    fn each_label_has_room_for_it() {
        for profile in PROFILES {
            for role in Role::ALL {
                let label = profile.closed_label(role);
                assert!(label.len() <= 32 && label.is_ascii(), "{label}");
            }
        }
        let label = |role| avain_card::cards::fineid::V4_1.closed_label(role);
        assert_eq!(Role::ALL.map(label), ["FINEID (CAN and PIN1)", "FINEID (CAN and PIN2)"]);
    }
}

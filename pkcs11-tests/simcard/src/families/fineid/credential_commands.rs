//! VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER (ISO/IEC 7816-4 §11.5.6 to §11.5.10).
//!
//! Order of the checks: parameters, lengths and formats come first and cost nothing; then blocked codes; a try is
//! spent only by a well-formed code that is wrong.

use super::pins::{Origin, Pin, Pins, StoredCode, digits_of};
use crate::facts::description::{PinRole, STORED_LENGTH};
use crate::facts::switches::Switches;
use crate::facts::switches::values::{FreshAnswer, LastTry, SamePinRefused};
use crate::wire::apdu::{Command, sw};

/// VERIFY: with a code, without data (asks for the state), or with P1 = FF (ends the verified state, FINEID S1 §3.5).
pub(crate) fn verify(pins: &mut Pins, command: &Command<'_>, switches: &Switches) -> u16 {
    let Some(pin) = pins.get_mut(command.p2) else { return sw::REFERENCE_NOT_FOUND };
    match command.p1 {
        0x00 => {}
        0xFF if switches.unverify_supported && command.data.is_empty() => {
            pin.verified = false;
            return sw::OK;
        }
        _ => return sw::WRONG_P1P2,
    }
    if command.data.is_empty() {
        // A header of four bytes, or P3 = 00: the same on a T=0 line.
        if command.le != Some(256) {
            return sw::WRONG_LENGTH;
        }
        pin.count.probes += 1;
        return state(pin, switches);
    }
    pin.count.commands += 1;
    if command.data.len() != STORED_LENGTH {
        return sw::WRONG_LENGTH;
    }
    if digits_of(command.data).is_none() {
        return sw::WRONG_DATA;
    }
    if pin.is_blocked() {
        return blocked(pin, switches);
    }
    if !pin.holds(command.data) {
        return wrong(pins, command.p2, switches);
    }
    pin.accept();
    pin.verified = true;
    if !switches.pins_independent && pin.description.role == PinRole::Signature {
        pins.forget_verified_except(command.p2);
    }
    sw::OK
}

/// CHANGE REFERENCE DATA: old and new code, 12 bytes each.
pub(crate) fn change(pins: &mut Pins, command: &Command<'_>, switches: &Switches) -> u16 {
    if command.p1 != 0x00 {
        return sw::WRONG_P1P2;
    }
    let Some(pin) = pins.get_mut(command.p2) else { return sw::REFERENCE_NOT_FOUND };
    pin.count.commands += 1;
    if pin.description.role == PinRole::Unblocking {
        return sw::CONDITIONS; // nothing is known about a PUK that can be changed
    }
    let (old, new) = match two_codes(command.data, pin, switches) {
        Ok(codes) => codes,
        Err(status) => return status,
    };
    if pin.is_blocked() {
        return blocked(pin, switches);
    }
    if !pin.holds(&old) {
        return wrong(pins, command.p2, switches);
    }
    pin.accept();
    if old == new && switches.same_pin_refused != SamePinRefused::Never {
        return sw::CONDITIONS;
    }
    pin.choose(new);
    pin.verified = switches.change_verifies;
    sw::OK
}

/// RESET RETRY COUNTER with P1 = 00: PUK and new code, 12 bytes each. Needs no verified PIN.
pub(crate) fn reset_retry_counter(pins: &mut Pins, command: &Command<'_>, switches: &Switches) -> u16 {
    if command.p1 != 0x00 {
        return sw::WRONG_P1P2; // P1 = 02 (new code after a verified PUK) is the way of the organisation cards
    }
    let Some(pin) = pins.get_mut(command.p2) else { return sw::REFERENCE_NOT_FOUND };
    pin.count.commands += 1;
    if pin.description.role == PinRole::Unblocking {
        return sw::REFERENCE_NOT_FOUND;
    }
    let (presented, new) = match two_codes(command.data, pin, switches) {
        Ok(codes) => codes,
        Err(status) => return status,
    };
    let healthy = !pin.is_blocked();
    let same = pin.holds(&new);
    let unblocks_left = pins.unblocks_left;
    let Some(puk) = pins.puk_mut() else { return sw::REFERENCE_NOT_FOUND };
    if puk.is_blocked() {
        return sw::BLOCKED;
    }
    if healthy && switches.unblock_needs_blocked {
        return sw::CONDITIONS;
    }
    if unblocks_left == Some(0) {
        return sw::NOT_USABLE;
    }
    if !puk.holds(&presented) {
        puk.spend_try();
        return wrong_status(puk.tries, switches);
    }
    puk.accept();
    if same && switches.same_pin_refused == SamePinRefused::Both {
        return sw::CONDITIONS;
    }
    pins.unblocks_left = unblocks_left.map(|left| left.saturating_sub(1));
    if let Some(pin) = pins.get_mut(command.p2) {
        pin.choose(new);
    }
    sw::OK
}

/// Two padded codes; the second must be acceptable as a new code of the PIN.
fn two_codes(data: &[u8], pin: &Pin, switches: &Switches) -> Result<(StoredCode, StoredCode), u16> {
    let Some((first, second)) = data.split_at_checked(STORED_LENGTH) else { return Err(sw::WRONG_LENGTH) };
    let (Ok(first), Ok(second)) = (StoredCode::try_from(first), StoredCode::try_from(second)) else {
        return Err(sw::WRONG_LENGTH);
    };
    let new_length = digits_of(&second).ok_or(sw::WRONG_DATA)?;
    digits_of(&first).ok_or(sw::WRONG_DATA)?;
    if !(pin.description.shortest..=switches.max_new_pin.min(STORED_LENGTH)).contains(&new_length) {
        return Err(sw::WRONG_DATA);
    }
    Ok((first, second))
}

fn wrong(pins: &mut Pins, reference: u8, switches: &Switches) -> u16 {
    pins.spend_try(reference, switches);
    pins.get(reference).map_or(sw::REFERENCE_NOT_FOUND, |pin| wrong_status(pin.tries, switches))
}

fn wrong_status(tries_left: u8, switches: &Switches) -> u16 {
    match tries_left {
        0 if switches.last_try == LastTry::Blocked => sw::BLOCKED,
        left => sw::WRONG_CODE | u16::from(left & 0x0F),
    }
}

/// Answer to a code for a blocked PIN.
fn blocked(pin: &Pin, switches: &Switches) -> u16 {
    match (pin.origin, switches.fresh_answer) {
        (Origin::NeverSet, FreshAnswer::NoTriesLeft) => sw::WRONG_CODE,
        (Origin::NeverSet, FreshAnswer::NotUsable) => sw::NOT_USABLE,
        _ => sw::BLOCKED,
    }
}

/// Answer to VERIFY without data.
fn state(pin: &Pin, switches: &Switches) -> u16 {
    if pin.verified {
        sw::OK
    } else if pin.origin == Origin::NeverSet && switches.fresh_answer == FreshAnswer::NoInformation {
        sw::NO_INFORMATION
    } else if pin.is_blocked() {
        blocked(pin, switches)
    } else {
        sw::WRONG_CODE | u16::from(pin.tries & 0x0F)
    }
}

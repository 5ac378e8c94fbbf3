//! What is checked of an entry while it is typed.

use super::text::{self, Text};
use crate::cards::Pin;
use crate::cards::profile::PinSpec;

/// What the holder allows beyond the ordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Spend the last try.
    pub last_try: crate::token::LastTry,
    /// Choose a PIN longer than the letter says, as long as the card holds it.
    pub long_pin: bool,
}

/// Could this be a new PIN? Otherwise, why not.
pub(super) fn new_pin(pin: &Pin, spec: &PinSpec, leave: Leave) -> Result<(), Text> {
    digits(pin)?;
    let most = if leave.long_pin { spec.max } else { spec.letter_max };
    if (spec.min..=most).contains(&pin.length()) {
        Ok(())
    } else if pin.is_possible(spec) {
        Err(text::wrong_length_letter(spec.min, spec.letter_max, spec.max))
    } else {
        Err(text::wrong_length(spec.min, most))
    }
}

/// Could this be the PIN that the card holds?
pub(super) fn old_pin(pin: &Pin, spec: &PinSpec) -> Result<(), Text> {
    digits(pin)?;
    if pin.is_possible(spec) { Ok(()) } else { Err(text::wrong_length(spec.min, spec.max)) }
}

pub(super) fn digits(pin: &Pin) -> Result<(), Text> {
    if pin.is_digits() { Ok(()) } else { Err(text::not_digits()) }
}

/// What speaks against a PIN that can be set.
pub(super) fn warnings(pin: &Pin, spec: &PinSpec) -> Vec<Text> {
    let mut warnings = Vec::new();
    if is_run(pin, 0) {
        warnings.push(text::weak_repeated(spec.role));
    } else if is_run(pin, 1) || is_run(pin, u8::MAX) {
        warnings.push(text::weak_run(spec.role));
    }
    if pin.length() > spec.letter_max {
        warnings.push(text::long_for_others(spec.role));
    }
    warnings
}

/// Is each digit that much above the one before it?
fn is_run(pin: &Pin, step: u8) -> bool {
    pin.digits().windows(2).all(|pair| match pair {
        [first, second] => second.wrapping_sub(*first) == step,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::fineid;
    use crate::token::LastTry;

    const ORDINARY: Leave = Leave { last_try: LastTry::Keep, long_pin: false };
    const LONG: Leave = Leave { last_try: LastTry::Keep, long_pin: true };

    fn verdict(typed: &[u8], leave: Leave) -> Result<usize, &'static str> {
        let spec = &fineid::V4_0.pins[0];
        let pin = Pin::new(typed).unwrap();
        new_pin(&pin, spec, leave).map_err(|text| text.id)?;
        Ok(warnings(&pin, spec).len())
    }

    #[test]
    fn lengths_and_digits() {
        assert_eq!(verdict(b"2580", ORDINARY), Ok(0));
        assert_eq!(verdict(b"258", ORDINARY), Err("wrong_length"));
        assert_eq!(verdict(b"", ORDINARY), Err("wrong_length"));
        assert_eq!(verdict(b"258x", ORDINARY), Err("not_digits"));
        assert_eq!(verdict(b"258025802", ORDINARY), Err("wrong_length_letter"));
        assert_eq!(verdict(b"258025802", LONG), Ok(1));
        assert_eq!(verdict(b"2580258025802", LONG), Err("wrong_length"));
    }

    #[test]
    fn weak_pins_are_warned_of() {
        for weak in [&b"0000"[..], b"1234", b"8765", b"99999999"] {
            assert_eq!(verdict(weak, ORDINARY), Ok(1), "{weak:?}");
        }
        assert_eq!(verdict(b"1235", ORDINARY), Ok(0));
    }
}

//! Checks of entries.

use super::text::{self, Text};
use super::wording::CardWording;
use avain_card::cards::profile::{Family, IssuerCodes, PinSpec, PukSpec, Secret};
use avain_card::cards::{Pin, Role};
use avain_card::token::Consent;

/// What the holder permits beyond the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Using the last try.
    pub last_try: avain_card::token::LastTry,
    /// A PIN that is longer than the letter says, if the card accepts it.
    pub long_pin: bool,
    /// Writing to a card of a kind with which nobody has tried it.
    pub consent: Consent,
}

/// Checks whether this is a possible new PIN.
pub(super) fn new_pin(pin: &Pin, spec: &PinSpec, leave: Leave) -> Result<(), Text> {
    digits(pin)?;
    let most = if leave.long_pin { spec.max } else { spec.letter_max };
    if (spec.min..=most).contains(&pin.length()) {
        Ok(())
    } else if pin.is_possible(spec) {
        Err(text::wrong_length_letter(spec.name, spec.min, spec.letter_max, spec.max))
    } else {
        Err(text::wrong_length(spec.name, spec.min, most))
    }
}

/// Checks whether this can be the present PIN.
pub(super) fn old_pin(pin: &Pin, spec: &PinSpec) -> Result<(), Text> {
    digits(pin)?;
    if pin.is_possible(spec) { Ok(()) } else { Err(text::wrong_length(spec.name, spec.min, spec.max)) }
}

/// Checks whether this is a possible PUK.
pub(super) fn puk(typed: &Pin, spec: &PukSpec) -> Result<(), Text> {
    digits(typed)?;
    if (spec.min..=spec.max).contains(&typed.length()) {
        Ok(())
    } else {
        Err(text::wrong_puk_length(spec.min, spec.max))
    }
}

/// A code that cannot be one of this kind of card.
pub(super) fn wrong_length(codes: &IssuerCodes) -> Text {
    match (codes.transport(), codes.puk.as_ref()) {
        (Some(short), Some(puk)) => text::wrong_code_length(short, puk.min, puk.max),
        _ => wrong_puk_length(codes),
    }
}

/// The same for a PUK.
pub(super) fn wrong_puk_length(codes: &IssuerCodes) -> Text {
    let (min, max) = codes.puk.as_ref().map_or((0, 0), |puk| (puk.min, puk.max));
    text::wrong_puk_length(min, max)
}

pub(super) fn digits(pin: &Pin) -> Result<(), Text> {
    if pin.is_digits() { Ok(()) } else { Err(text::not_digits()) }
}

/// Warnings about a possible new PIN, for a holder of whom these digits are `known`.
pub(super) fn warnings(pin: &Pin, name: &'static str, longest: usize, known: &[String]) -> Vec<Text> {
    let mut warnings = Vec::new();
    if pin.is_run(0) {
        warnings.push(text::weak_repeated(name));
    } else if pin.is_run(1) || pin.is_run(u8::MAX) {
        warnings.push(text::weak_run(name));
    } else if known.iter().any(|digits| pin.is_part_of(digits)) {
        warnings.push(text::weak_known(name));
    }
    if pin.length() > longest {
        warnings.push(text::long_for_others(name));
    }
    warnings
}

/// PIN2 of organisations' cards has at least so many digits, that of social and health care cards may have fewer. The
/// cards do not tell which they are.
const ORGANISATION_MIN: usize = 6;

/// The warning that an organisation's card does not take so short a PIN2.
pub(super) fn short_for_organisation(pin: &Pin, secret: Secret, wording: &CardWording) -> Option<Text> {
    let matters = wording.family == Family::FinnishOrganisation && secret == Secret::Pin(Role::Signature);
    let short = matters && pin.length() < ORGANISATION_MIN;
    short.then(|| text::short_for_organisation(wording.secret(secret), ORGANISATION_MIN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::fineid;
    use avain_card::token::LastTry;

    const ORDINARY: Leave = Leave { last_try: LastTry::Keep, long_pin: false, consent: Consent::NotAsked };
    const LONG: Leave = Leave { long_pin: true, ..ORDINARY };

    fn verdict(typed: &[u8], leave: Leave) -> Result<usize, &'static str> {
        let spec = &fineid::V4_0.pins[0];
        let pin = Pin::new(typed).unwrap();
        new_pin(&pin, spec, leave).map_err(|text| text.id)?;
        Ok(warnings(&pin, spec.name, spec.letter_max, &[]).len())
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

    #[test]
    fn what_others_know_is_warned_of() {
        let known = ["38001085718".to_owned(), "08011980".to_owned(), String::new()];
        let warned = |typed: &[u8]| {
            let warnings = warnings(&Pin::new(typed).unwrap(), "PIN1", 12, &known);
            warnings.iter().map(|text| text.id).collect::<Vec<_>>()
        };
        for weak in [&b"1980"[..], b"0801", b"5718", b"800108", b"38001085718"] {
            assert_eq!(warned(weak), ["weak_known"], "{weak:?}");
        }
        assert!(warned(b"2580").is_empty() && warned(b"380010857180").is_empty());
    }

    #[test]
    fn every_card_has_its_own_lengths() {
        const DIGITS: &[u8] = b"2580361470362";
        for profile in avain_card::cards::PROFILES {
            for spec in profile.pins.iter() {
                let verdict = |length| new_pin(&Pin::new(&DIGITS[..length]).unwrap(), spec, ORDINARY);
                for length in [spec.min, spec.letter_max] {
                    assert_eq!(verdict(length), Ok(()), "{} {}", profile.model, spec.name);
                }
                for length in [spec.min - 1, spec.max + 1] {
                    let id = verdict(length).unwrap_err().id;
                    assert_eq!(id, "wrong_length", "{} {}", profile.model, spec.name);
                }
            }
        }
    }

    #[test]
    fn puks() {
        let spec = avain_card::cards::estonia::IDEMIA.codes.puk.as_ref().unwrap();
        let verdict = |typed: &[u8]| puk(&Pin::new(typed).unwrap(), spec).map_err(|text| text.id);
        assert_eq!(verdict(b"12345678"), Ok(()));
        assert_eq!(verdict(b"1234567"), Err("wrong_puk_length"));
        assert_eq!(verdict(b"1234567x"), Err("not_digits"));
    }
}

//! Whether a PIN or code may be presented, as the card stands. Asked before anything is sent.

use super::condition::{Condition, Next, Stage};
use super::failure::{Failure, Kind, not_own_yet};
use super::presenting::Aim;
use super::text;
use super::wording::CardWording;
use avain_card::cards::Role;
use avain_card::cards::profile::{CodeKind, Delivery, Secret};
use avain_card::token::LastTry;

/// Why a PIN is to be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// To be changed.
    Change,
    /// To use a key.
    Use(Aim),
}

/// Can a PIN or the PUK be changed, in the condition of the card?
pub(super) fn may_change(
    condition: &Condition,
    wording: &CardWording,
    secret: Secret,
    last_try: LastTry,
) -> Result<(), Failure> {
    match (secret, condition.code_left) {
        (Secret::Pin(role), _) => may_present(condition, wording, role, To::Change, last_try),
        (Secret::Puk, Some(0)) => Err(Failure::new(Kind::Locked, wording.code_is_locked())),
        (Secret::Puk, left) => keep_last_try(left, secret, CodeKind::Puk, last_try, wording),
    }
}

/// Can the PIN of a role be verified, in the condition of the card?
pub(super) fn may_present(
    condition: &Condition,
    wording: &CardWording,
    role: Role,
    to: To,
    last_try: LastTry,
) -> Result<(), Failure> {
    let pin = condition.pin(role);
    let locked =
        condition.is_locked(pin.stage) || (pin.stage.needs_puk() && condition.next() == Next::Unblock(role));
    let fresh = pin.stage == Stage::Fresh;
    // Such cards are known to refuse their signature key; it is not known whether they refuse the other one.
    let keeps_back = match condition.delivery {
        Delivery::Letter { .. } => pin.stage.is_open(),
        Delivery::FirstChange => fresh && to == To::Use(Aim::Signing),
        Delivery::Ready => false,
    };
    if pin.stage.needs_puk() && condition.code_left == Some(0) {
        let words = [text::pin_locked(wording.pin(role)), text::next_lost(wording.family)];
        Err(Failure::new(Kind::Locked, words))
    } else if locked {
        Err(Failure::new(Kind::Locked, wording.locked(role)))
    } else if keeps_back {
        let words = [not_own_yet(Secret::Pin(role), wording), text::nothing_spent()];
        Err(Failure::new(Kind::Unfit, words))
    } else {
        keep_last_try(pin.left, Secret::Pin(role), CodeKind::Puk, last_try, wording)
    }
}

pub(super) fn keep_last_try(
    left: Option<u8>,
    secret: Secret,
    kind: CodeKind,
    last_try: LastTry,
    wording: &CardWording,
) -> Result<(), Failure> {
    let keep = left == Some(1) && last_try == LastTry::Keep;
    if keep { Err(last_try_failure(secret, kind, wording)) } else { Ok(()) }
}

/// What the last try means.
pub(super) fn last_try_failure(secret: Secret, kind: CodeKind, wording: &CardWording) -> Failure {
    let name = wording.secret(secret);
    let stake = match (secret, kind) {
        (Secret::Puk, _) => text::last_try_code(wording.help),
        (Secret::Pin(_), CodeKind::Transport) => text::last_try_transport(name),
        (Secret::Pin(_), CodeKind::Puk) => text::last_try_pin(name, wording.help),
    };
    Failure::new(Kind::LastTry, [stake, text::last_try_how(wording.help)])
}

#[cfg(test)]
mod tests {
    use super::super::text::Text;
    use super::*;
    use avain_card::cards::{CardProfile, PinState, belgium, estonia, fineid};

    fn said(words: &[Text]) -> Vec<&'static str> {
        words.iter().map(|text| text.id).collect()
    }

    /// A card with both PINs in this state.
    fn condition(card: &CardProfile, (left, changed): (u8, Option<bool>)) -> Condition {
        let pins = Role::ALL.map(|role| (role, PinState { left: Some(left), changed }));
        Condition::of(&pins, PinState { left: Some(3), changed: None }, &card.codes)
    }

    #[test]
    fn what_may_be_done_with_a_pin() {
        const NEVER: Option<bool> = Some(false);
        let verdict = |card: &CardProfile, pin: (u8, Option<bool>), to| {
            let condition = condition(card, pin);
            let role = card.pins.last().map_or(Role::Signature, |spec| spec.role);
            match may_present(&condition, &CardWording::of(card), role, to, LastTry::Keep) {
                Ok(()) => String::new(),
                Err(failure) => said(&failure.words).join(" "),
            }
        };
        let (sign, test, change) = (To::Use(Aim::Signing), To::Use(Aim::Testing), To::Change);
        for (card, pin, to, expected) in [
            (&estonia::THALES, (3, NEVER), sign, "change_first nothing_spent"),
            (&estonia::THALES, (3, NEVER), change, ""),
            (&estonia::THALES, (3, NEVER), test, ""),
            (&estonia::THALES, (0, NEVER), change, "pin_is_locked where_puk_estonia"),
            (&estonia::IDEMIA, (3, None), sign, ""),
            (&estonia::IDEMIA, (0, None), sign, "pin_is_locked where_puk"),
            (&estonia::IDEMIA, (1, None), sign, "last_try_pin last_try_how"),
            (&belgium::APPLET_1_8, (3, None), sign, ""),
            (&belgium::APPLET_1_8, (0, None), sign, "pin_is_locked"),
            (&fineid::V4_0, (5, NEVER), change, "not_activated nothing_spent"),
            (&fineid::V4_0, (5, NEVER), sign, "not_activated nothing_spent"),
        ] {
            assert_eq!(verdict(card, pin, to), expected, "{}: {pin:?} {to:?}", card.model);
        }
    }
}

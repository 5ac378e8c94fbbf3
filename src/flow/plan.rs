//! Which PINs a code sets. Its length shows the scheme, and the state of the card has to agree.

use super::condition::{Condition, Stage};
use super::failure::{Failure, Kind};
use super::text;
use super::wording::CardWording;
use avain_card::cards::Role;
use avain_card::cards::profile::{CodeKind, IssuerCodes};

/// The PINs to set, in this order. If code and card contradict each other, nothing is sent, because the wrong command
/// would use up a try of the wrong counter.
pub(super) fn steps(
    kind: CodeKind,
    card: &Condition,
    codes: &IssuerCodes,
    wording: &CardWording,
) -> Result<Vec<Role>, Failure> {
    let steps = card.pins.iter().filter(|pin| is_step(kind, pin.stage, card)).map(|pin| pin.role);
    let steps: Vec<Role> = steps.collect();
    if !steps.is_empty() {
        return Ok(steps);
    }
    let any = |wanted: fn(Stage) -> bool| card.pins.iter().find(|pin| wanted(pin.stage));
    let text = match kind {
        CodeKind::Transport => match any(Stage::needs_puk) {
            Some(pin) => text::short_code_on_locked(wording.pin(pin.role)),
            None => text::short_code_on_activated(),
        },
        CodeKind::Puk => match any(|stage| stage == Stage::Fresh) {
            Some(_) => text::long_code_on_fresh(codes.transport().unwrap_or_default()),
            None => text::already_activated(),
        },
    };
    Err(Failure::new(Kind::Unfit, [text, text::nothing_spent()]))
}

fn is_step(kind: CodeKind, stage: Stage, card: &Condition) -> bool {
    match (kind, stage) {
        (_, Stage::Ready) => false,
        (CodeKind::Transport, Stage::Fresh) => true,
        // If one PIN needs a PUK, the other was not delivered with a transport code either, unless the card says so.
        (CodeKind::Transport, Stage::Usable | Stage::Unknown) => {
            !card.pins.iter().any(|pin| pin.stage.needs_puk())
        }
        (CodeKind::Transport, Stage::Unset | Stage::UnsetOrLocked | Stage::Locked) => false,
        (CodeKind::Puk, Stage::Unset | Stage::UnsetOrLocked | Stage::Locked | Stage::Unknown) => true,
        (CodeKind::Puk, Stage::Fresh | Stage::Usable) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::{PinState, fineid};

    const SET: (u8, Option<bool>) = (5, Some(true));
    const NEVER: (u8, Option<bool>) = (5, Some(false));
    const SILENT: (u8, Option<bool>) = (5, None);
    const UNSET: (u8, Option<bool>) = (0, Some(false));
    const LOCKED: (u8, Option<bool>) = (0, Some(true));

    fn planned(kind: CodeKind, pins: [(u8, Option<bool>); 2]) -> Option<Vec<Role>> {
        let [first, second] = pins.map(|(left, changed)| PinState { left: Some(left), changed });
        let pins = [(Role::Authentication, first), (Role::Signature, second)];
        let (codes, wording) = (&fineid::V4_0.codes, CardWording::of(&fineid::V4_0));
        steps(kind, &Condition::of(&pins, PinState::UNKNOWN, codes), codes, &wording).ok()
    }

    #[test]
    fn code_and_card_must_agree() {
        use CodeKind::{Puk, Transport};
        let first = || Some(vec![Role::Authentication]);
        let second = || Some(vec![Role::Signature]);
        let both = || Some(Role::ALL.to_vec());
        for (pins, short, long) in [
            ([NEVER, NEVER], both(), None),
            ([UNSET, UNSET], None, both()),
            ([LOCKED, LOCKED], None, both()),
            ([SET, SET], None, None),
            ([SILENT, SILENT], both(), None),
            ([SET, NEVER], second(), None),
            ([NEVER, SET], first(), None),
            ([SET, UNSET], None, second()),
            ([UNSET, SET], None, first()),
            ([SILENT, UNSET], None, second()),
            // The transport code of one PIN was mistyped five times.
            ([UNSET, NEVER], second(), first()),
        ] {
            assert_eq!(planned(Transport, pins), short, "7 digits: {pins:?}");
            assert_eq!(planned(Puk, pins), long, "8 digits: {pins:?}");
        }
    }
}

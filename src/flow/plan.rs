//! Which PINs a code sets: those that are open, if it fits them.

use super::condition::{Condition, PinCondition, Stage};
use super::failure::{Failure, Kind};
use super::task::Refusal;
use super::text;
use super::wording::CardWording;
use avain_card::cards::Role;
use avain_card::cards::profile::{CodeKind, IssuerCodes};
use avain_card::token::Purpose;
use avain_card::token::code::{Misfit, fits};

/// The PINs to set, in this order. If code and card contradict each other, nothing is sent.
pub(super) fn steps(
    kind: CodeKind,
    card: &Condition,
    codes: &IssuerCodes,
    wording: &CardWording,
) -> Result<Vec<Role>, Refusal> {
    let steps = card.pins.iter().filter(|pin| is_open(kind, pin) && misfit(kind, pin, codes).is_none());
    let steps: Vec<Role> = steps.map(|pin| pin.role).collect();
    if !steps.is_empty() {
        return Ok(steps);
    }
    let any = |wanted| card.pins.iter().find(|pin| misfit(kind, pin, codes) == Some(wanted));
    let text = match (any(Misfit::Blocked), any(Misfit::Untold), any(Misfit::Fresh)) {
        // There may be another code that fits.
        (Some(pin), ..) => return Err(Refusal::Again(text::short_code_on_locked(wording.pin(pin.role)))),
        (_, Some(_), _) => text::short_code_untold(),
        (.., Some(_)) => {
            return Err(Refusal::Again(text::long_code_on_fresh(codes.transport().unwrap_or_default())));
        }
        _ if kind == CodeKind::Transport => text::short_code_on_activated(),
        _ => text::already_activated(),
    };
    Err(Refusal::Stop(Failure::new(Kind::Unfit, [text, text::nothing_spent()])))
}

/// Has the PIN still to be set, as far as the card tells?
fn is_open(kind: CodeKind, pin: &PinCondition) -> bool {
    match kind {
        CodeKind::Transport => pin.stage != Stage::Ready,
        CodeKind::Puk => pin.stage.needs_puk() || matches!(pin.stage, Stage::Fresh | Stage::Unknown),
    }
}

fn misfit(kind: CodeKind, pin: &PinCondition, codes: &IssuerCodes) -> Option<Misfit> {
    fits(kind, pin.state(), codes, Purpose::Setting).err()
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
            // Cards that do not tell whether a PIN was changed came without a transport code.
            ([SILENT, SILENT], None, None),
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

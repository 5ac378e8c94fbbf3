//! What a command with a PIN or code has done, if its answer does not tell: the card as it was before, and as it is.

use super::PinState;
use super::profile::Secret;

/// How the PINs stand that such a command concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The PIN or PUK that is presented.
    pub presented: PinState,
    /// The PIN or PUK that is set by it.
    pub set: PinState,
}

/// What such a command has done, as far as the card tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aftermath {
    /// The PIN or PUK that was presented.
    pub presented: Secret,
    /// What was to be set by it, if anything.
    pub setting: Option<Secret>,
    /// All tries of the one that was presented.
    most: u8,
    before: Standing,
    after: Option<Standing>,
}

impl Aftermath {
    /// Of a command that is about to be sent.
    pub const fn of(presented: Secret, setting: Option<Secret>, most: u8, before: Standing) -> Self {
        Aftermath { presented, setting, most, before, after: None }
    }

    /// The same, now that the card was asked.
    pub const fn asked(self, after: Standing) -> Self {
        Aftermath { after: Some(after), ..self }
    }

    /// Was the card asked?
    pub const fn is_asked(&self) -> bool {
        self.after.is_some()
    }

    /// Tries left of what was presented.
    pub fn left(&self) -> Option<u8> {
        self.after.and_then(|after| after.presented.left)
    }

    /// How many tries the command has used up. If it was accepted, none: all tries are there again.
    pub fn spent(&self) -> Option<u8> {
        match (self.before.presented.left, self.left()) {
            (Some(before), Some(after)) => Some(before.saturating_sub(after)),
            (None, Some(after)) if after >= self.most => Some(0),
            _ => None,
        }
    }

    /// The most tries that can be left if it was refused.
    pub fn left_if_refused(&self) -> u8 {
        self.before.presented.left.unwrap_or(self.most).saturating_sub(1)
    }

    /// Has it certainly used up a try?
    pub fn is_spent(&self) -> bool {
        self.spent().is_some_and(|spent| spent > 0)
    }

    /// Has it set the PIN? `None` if that cannot be told.
    pub fn set(&self) -> Option<bool> {
        let (setting, after) = (self.setting?, self.after?);
        let (before, after) = (self.before.set, after.set);
        if self.is_spent() {
            return Some(false);
        }
        let by_puk = self.presented != setting;
        match (before.left, after.left) {
            // Nothing but setting a PIN gives it tries again without that PIN.
            (Some(before), Some(after)) if by_puk && after > before => return Some(true),
            // One that was set has all its tries.
            (_, Some(0)) => return Some(false),
            _ => {}
        }
        match (before.changed, after.changed) {
            (Some(false), Some(true)) => Some(true),
            (Some(false), Some(false)) if !by_puk => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::Role;

    const PIN1: Secret = Secret::Pin(Role::Authentication);
    const OWN: Option<bool> = Some(true);
    const FRESH: Option<bool> = Some(false);
    const UNTOLD: Option<bool> = None;

    fn state(left: u8, changed: Option<bool>) -> PinState {
        PinState { left: Some(left), changed }
    }

    /// Tries spent, and whether the PIN is set, where the old PIN permits it.
    fn changed(before: PinState, after: PinState) -> (Option<u8>, Option<bool>) {
        let both = |state| Standing { presented: state, set: state };
        let aftermath = Aftermath::of(PIN1, Some(PIN1), 5, both(before)).asked(both(after));
        (aftermath.spent(), aftermath.set())
    }

    #[test]
    fn a_change() {
        for (before, after, expected) in [
            (state(5, FRESH), state(5, OWN), (Some(0), Some(true))),
            (state(5, FRESH), state(5, FRESH), (Some(0), Some(false))),
            (state(5, FRESH), state(4, FRESH), (Some(1), Some(false))),
            // The right old PIN gives all tries back; whether the new one is set, nothing shows.
            (state(3, OWN), state(5, OWN), (Some(0), None)),
            (state(5, OWN), state(5, OWN), (Some(0), None)),
            (state(5, UNTOLD), state(5, UNTOLD), (Some(0), None)),
            (state(1, OWN), state(0, OWN), (Some(1), Some(false))),
            (PinState::UNKNOWN, state(5, OWN), (Some(0), None)),
            (PinState::UNKNOWN, state(4, OWN), (None, None)),
            (state(5, OWN), PinState::UNKNOWN, (None, None)),
        ] {
            assert_eq!(changed(before, after), expected, "{before:?}, {after:?}");
        }
    }

    #[test]
    fn setting_by_the_puk() {
        for (pins, puks, expected) in [
            ([state(0, OWN), state(5, OWN)], [5, 5], (Some(0), Some(true))),
            ([state(0, UNTOLD), state(5, UNTOLD)], [3, 5], (Some(0), Some(true))),
            // It is not known whether this command counts as a change.
            ([state(0, FRESH), state(5, FRESH)], [5, 5], (Some(0), Some(true))),
            ([state(0, OWN), state(0, OWN)], [5, 5], (Some(0), Some(false))),
            ([state(0, OWN), state(0, OWN)], [5, 4], (Some(1), Some(false))),
            ([state(5, OWN), state(5, OWN)], [5, 5], (Some(0), None)),
            ([state(5, FRESH), state(5, FRESH)], [5, 5], (Some(0), None)),
        ] {
            let standing = |of: usize| Standing {
                presented: state(puks.get(of).copied().unwrap(), None),
                set: pins.get(of).copied().unwrap(),
            };
            let aftermath = Aftermath::of(Secret::Puk, Some(PIN1), 5, standing(0)).asked(standing(1));
            assert_eq!((aftermath.spent(), aftermath.set()), expected, "{pins:?}, {puks:?}");
        }
    }

    #[test]
    fn a_card_that_was_not_asked() {
        let before = Standing { presented: state(5, OWN), set: state(5, OWN) };
        let aftermath = Aftermath::of(PIN1, None, 5, before);
        assert_eq!((aftermath.spent(), aftermath.set(), aftermath.left()), (None, None, None));
        assert_eq!(aftermath.asked(before).set(), None);
    }
}

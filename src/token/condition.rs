//! How a card stands: what its holder has done with it, and what is to be done next.

use crate::cards::profile::CodeKind;
use crate::cards::{PinState, Role, Stage};

/// A PIN of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinCondition {
    /// Which.
    pub role: Role,
    /// How it stands.
    pub stage: Stage,
    /// Tries left, if the card tells.
    pub left: Option<u8>,
    /// Was it ever changed, if the card tells?
    pub changed: Option<bool>,
}

/// A card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// PIN1 and PIN2.
    pub pins: [PinCondition; 2],
    /// Tries left of the activation code or PUK, if the card tells.
    pub code_left: Option<u8>,
}

/// Whether a card was activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Both PINs were set.
    Done,
    /// One of them.
    Partly,
    /// None.
    Open,
}

/// What its holder should do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the card is ready.
    Nothing,
    /// Activate it, or go on where activation was interrupted.
    Activate(Activation),
    /// Unlock a PIN.
    Unblock(Role),
    /// Nothing helps: what is locked stays locked.
    Lost,
}

impl Condition {
    /// Of a card whose PINs, by role, and whose code stand so.
    pub(crate) fn of(pins: [PinState; 2], code: PinState) -> Self {
        let [first, second] = pins;
        let pin = |role: Role| {
            let state = match role {
                Role::Authentication => first,
                Role::Signature => second,
            };
            PinCondition { role, stage: state.stage(), left: state.left, changed: state.changed }
        };
        Condition { pins: Role::ALL.map(pin), code_left: code.left }
    }

    /// The PIN of a role.
    pub fn pin(&self, role: Role) -> PinCondition {
        let [first, second] = self.pins;
        match role {
            Role::Authentication => first,
            Role::Signature => second,
        }
    }

    /// Was it activated?
    pub fn activation(&self) -> Activation {
        match self.pins.map(|pin| pin.stage.is_open()) {
            [false, false] => Activation::Done,
            [true, true] => Activation::Open,
            _ => Activation::Partly,
        }
    }

    /// Which kind of code sets the PINs that were never set, as far as the card tells. A card whose transport codes
    /// were both locked looks like one that came with blocked PINs; the same helps both.
    pub fn code(&self) -> Option<CodeKind> {
        let any = |wanted: Stage| self.pins.iter().any(|pin| pin.stage == wanted);
        if any(Stage::Fresh) { Some(CodeKind::Transport) } else { any(Stage::Unset).then_some(CodeKind::Puk) }
    }

    /// What to do next?
    pub fn next(&self) -> Next {
        let [first, second] = self.pins;
        let locked = |pin: PinCondition| pin.stage.needs_puk();
        if (locked(first) || locked(second)) && self.code_left == Some(0) {
            return Next::Lost;
        }
        match (first.stage, second.stage, self.activation()) {
            // A code in hand sets both.
            (Stage::Locked, Stage::Locked, _) => Next::Activate(Activation::Open),
            (Stage::Locked, ..) => Next::Unblock(Role::Authentication),
            (_, Stage::Locked, Activation::Done) => Next::Unblock(Role::Signature),
            (.., Activation::Done) => Next::Nothing,
            (.., activation) => Next::Activate(activation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(pins: [(u8, Option<bool>); 2], code: Option<u8>) -> Condition {
        let state = |(left, changed)| PinState { left: Some(left), changed };
        Condition::of(pins.map(state), PinState { left: code, changed: None })
    }

    #[test]
    fn what_to_do_next() {
        const SET: Option<bool> = Some(true);
        const NEVER: Option<bool> = Some(false);
        for (pins, code, expected) in [
            ([(5, SET), (5, SET)], Some(5), Next::Nothing),
            ([(5, None), (5, None)], None, Next::Nothing),
            ([(5, NEVER), (5, NEVER)], Some(5), Next::Activate(Activation::Open)),
            ([(0, NEVER), (0, NEVER)], Some(5), Next::Activate(Activation::Open)),
            ([(0, None), (0, None)], Some(5), Next::Activate(Activation::Open)),
            ([(0, SET), (0, SET)], Some(5), Next::Activate(Activation::Open)),
            ([(5, SET), (5, NEVER)], Some(5), Next::Activate(Activation::Partly)),
            ([(5, SET), (0, NEVER)], Some(5), Next::Activate(Activation::Partly)),
            ([(0, SET), (5, SET)], Some(5), Next::Unblock(Role::Authentication)),
            ([(5, SET), (0, SET)], Some(5), Next::Unblock(Role::Signature)),
            ([(0, NEVER), (0, NEVER)], Some(0), Next::Lost),
            ([(5, SET), (0, SET)], Some(0), Next::Lost),
            ([(5, SET), (5, SET)], Some(0), Next::Nothing),
            ([(5, NEVER), (5, NEVER)], Some(0), Next::Activate(Activation::Open)),
        ] {
            assert_eq!(condition(pins, code).next(), expected, "{pins:?}, {code:?}");
        }
    }
    #[test]
    fn which_code_is_wanted() {
        const NEVER: Option<bool> = Some(false);
        const SET: Option<bool> = Some(true);
        for (pins, expected) in [
            ([(5, NEVER), (5, NEVER)], Some(CodeKind::Transport)),
            ([(5, SET), (5, NEVER)], Some(CodeKind::Transport)),
            ([(0, NEVER), (5, NEVER)], Some(CodeKind::Transport)),
            ([(0, NEVER), (0, NEVER)], Some(CodeKind::Puk)),
            ([(5, SET), (0, NEVER)], Some(CodeKind::Puk)),
            ([(5, SET), (5, SET)], None),
            ([(0, SET), (0, SET)], None),
            ([(0, None), (0, None)], None),
        ] {
            assert_eq!(condition(pins, Some(5)).code(), expected, "{pins:?}");
        }
    }
}

//! How a card stands: what its holder has done with it, and what is to be done next.

use super::failure::number;
use super::text::{self, Text};
use crate::cards::{PinState, Role};
use crate::token::PinStates;

/// How a PIN stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its holder set it, and it has tries left.
    Ready,
    /// It is still the transport code from the letter.
    Fresh,
    /// It has tries left, and the card does not tell whether its holder set it.
    Usable,
    /// It was never set, or is locked: with cards of the old scheme that looks the same.
    Unset,
    /// It was set, and is locked.
    Locked,
    /// The card does not tell.
    Unknown,
}

impl Stage {
    fn of(state: Option<PinState>) -> Self {
        match state {
            Some(PinState { left: Some(0), changed: Some(true) }) => Stage::Locked,
            Some(PinState { left: Some(0), .. }) => Stage::Unset,
            Some(PinState { left: Some(_), changed: Some(true) }) => Stage::Ready,
            Some(PinState { left: Some(_), changed: Some(false) }) => Stage::Fresh,
            Some(PinState { left: Some(_), changed: None }) => Stage::Usable,
            Some(PinState { left: None, .. }) | None => Stage::Unknown,
        }
    }

    /// Its name in the tool's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Ready => "ready",
            Stage::Fresh => "fresh",
            Stage::Usable => "usable",
            Stage::Unset => "unset-or-locked",
            Stage::Locked => "locked",
            Stage::Unknown => "unknown",
        }
    }

    /// Only the activation code of the old scheme, or a PUK, can help it.
    pub const fn needs_puk(self) -> bool {
        matches!(self, Stage::Unset | Stage::Locked)
    }

    /// Does it have to be set before the card is of use, as far as the card tells?
    pub const fn is_open(self) -> bool {
        matches!(self, Stage::Unset | Stage::Fresh)
    }
}

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

impl Activation {
    /// Its name in the tool's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Activation::Done => "done",
            Activation::Partly => "partly",
            Activation::Open => "open",
        }
    }
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

impl Next {
    /// Its name in the tool's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Next::Nothing => "nothing",
            Next::Activate(_) => "activate",
            Next::Unblock(Role::Authentication) => "unblock 1",
            Next::Unblock(Role::Signature) => "unblock 2",
            Next::Lost => "lost",
        }
    }
}

impl Condition {
    pub(super) fn of(states: PinStates) -> Self {
        let pin = |role: Role| {
            let state = states.pins.get(role.index()).copied().flatten();
            PinCondition {
                role,
                stage: Stage::of(state),
                left: state.and_then(|state| state.left),
                changed: state.and_then(|state| state.changed),
            }
        };
        Condition { pins: Role::ALL.map(pin), code_left: states.puk.and_then(|state| state.left) }
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

    /// How its PINs stand, in words.
    pub fn words(&self) -> Vec<Text> {
        let mut said: Vec<Text> = self.pins.iter().map(PinCondition::words).collect();
        // The transport code has the tries of the PINs, and nobody who still has it has a PUK.
        let any = |wanted: fn(Stage) -> bool| self.pins.iter().any(|pin| wanted(pin.stage));
        let matters = any(Stage::needs_puk) || !any(|stage| stage == Stage::Fresh);
        match self.code_left.filter(|_| matters) {
            Some(0) => said.push(text::code_locked()),
            Some(left) => said.push(text::code_left(left)),
            None => {}
        }
        said
    }

    /// What to do next, in words.
    pub fn advice(&self) -> Text {
        match self.next() {
            Next::Nothing => text::next_nothing(),
            Next::Activate(Activation::Partly) => text::next_go_on(),
            Next::Activate(_) => text::next_activate(),
            Next::Unblock(role) => text::next_unblock(number(role)),
            Next::Lost => text::next_lost(),
        }
    }
}

impl PinCondition {
    fn words(&self) -> Text {
        match (self.stage, self.left) {
            (Stage::Ready | Stage::Usable, Some(left)) => text::pin_ready(self.role, left),
            (Stage::Fresh, Some(left)) => text::pin_fresh(self.role, left),
            (Stage::Locked, _) => text::pin_locked(self.role),
            (Stage::Unset, _) => text::pin_unset(self.role),
            _ => text::pin_unknown(self.role),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(pins: [(u8, Option<bool>); 2], code: Option<u8>) -> Condition {
        let state = |(left, changed)| Some(PinState { left: Some(left), changed });
        let puk = code.map(|left| PinState { left: Some(left), changed: None });
        Condition::of(PinStates { pins: pins.map(state), puk })
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
}

//! The condition of a card: whether it was activated, which PINs are locked, and what its holder should do next.

use crate::cards::profile::{CodeKind, Delivery, IssuerCodes};
use crate::cards::{PinState, Role, Stage};

/// The condition of a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinCondition {
    /// Its role.
    pub role: Role,
    /// Its state.
    pub stage: Stage,
    /// Tries left, if the card reports them.
    pub left: Option<u8>,
    /// Was it ever changed, if the card reports that?
    pub changed: Option<bool>,
}

impl PinCondition {
    /// What the card reports of it.
    pub const fn state(&self) -> PinState {
        PinState { left: self.left, changed: self.changed }
    }
}

/// The condition of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its PINs, in their order.
    pub pins: Vec<PinCondition>,
    /// Tries left of the activation PIN or PUK, if the card reports them.
    pub code_left: Option<u8>,
    /// Is there a code that sets a PIN without knowing it?
    pub has_code: bool,
    /// In which state the card was delivered.
    pub delivery: Delivery,
    /// Was it certainly delivered with transport codes? Then wrong ones have locked a PIN that was never set.
    pub had_transport_codes: bool,
}

/// Whether a card was activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// All PINs were set.
    Done,
    /// One of two was.
    Partly,
    /// None was.
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
    /// Nothing: the locked PIN cannot be unlocked.
    Lost,
}

impl Condition {
    /// The condition of a card with PINs and a PUK in these states.
    pub fn of(pins: &[(Role, PinState)], code: PinState, codes: &IssuerCodes) -> Self {
        let pin = |(role, state): &(Role, PinState)| PinCondition {
            role: *role,
            stage: state.stage(),
            left: state.left,
            changed: state.changed,
        };
        let pins: Vec<_> = pins.iter().map(pin).collect();
        Condition {
            had_transport_codes: pins.iter().any(|pin| pin.stage == Stage::Fresh),
            pins,
            code_left: code.left,
            has_code: codes.puk.is_some(),
            delivery: codes.delivery,
        }
    }

    /// The PIN of a role; of unknown state if the card does not have it.
    pub fn pin(&self, role: Role) -> PinCondition {
        let nothing = PinCondition { role, stage: Stage::Unknown, left: None, changed: None };
        self.pins.iter().find(|pin| pin.role == role).copied().unwrap_or(nothing)
    }

    /// Was it activated?
    pub fn activation(&self) -> Activation {
        let open = |pin: &PinCondition| self.is_open(pin.stage);
        match (self.pins.iter().any(open), self.pins.iter().all(open)) {
            (false, _) => Activation::Done,
            (true, true) => Activation::Open,
            (true, false) => Activation::Partly,
        }
    }

    /// Does the PIN have to be set before the card can be used? On cards that are delivered with their PINs in the
    /// envelope, a PIN without tries was always locked by wrong ones.
    fn is_open(&self, stage: Stage) -> bool {
        match self.delivery {
            Delivery::Letter { .. } => stage.is_open(),
            Delivery::FirstChange => stage == Stage::Fresh,
            Delivery::Ready => false,
        }
    }

    /// Does this stage mean that a PIN was locked by wrong ones?
    pub fn is_locked(&self, stage: Stage) -> bool {
        match self.delivery {
            Delivery::Letter { .. } => stage == Stage::Locked,
            Delivery::Ready | Delivery::FirstChange => stage.needs_puk(),
        }
    }

    /// The kind of code that sets the PINs that were never set, as far as the card reports it; `None` for cards that
    /// are delivered with their PINs. A card whose transport codes were both locked looks like one that was delivered
    /// with blocked PINs; both need the same code.
    pub fn code(&self) -> Option<CodeKind> {
        if !matches!(self.delivery, Delivery::Letter { .. }) {
            return None;
        }
        let any = |wanted: Stage| self.pins.iter().any(|pin| pin.stage == wanted);
        if any(Stage::Fresh) { Some(CodeKind::Transport) } else { any(Stage::Unset).then_some(CodeKind::Puk) }
    }

    /// What to do next?
    pub fn next(&self) -> Next {
        let [first, second] = Role::ALL.map(|role| self.pin(role).stage);
        let any_without_tries = first.needs_puk() || second.needs_puk();
        if any_without_tries && (!self.has_code || self.code_left == Some(0)) {
            return Next::Lost;
        }
        let letter = matches!(self.delivery, Delivery::Letter { .. });
        match (self.is_locked(first), self.is_locked(second), self.activation()) {
            // The code in the letter sets both.
            (true, true, _) if letter => Next::Activate(Activation::Open),
            (true, ..) => Next::Unblock(Role::Authentication),
            (_, true, Activation::Done) => Next::Unblock(Role::Signature),
            (_, true, _) if !letter => Next::Unblock(Role::Signature),
            (.., Activation::Done) => Next::Nothing,
            (.., activation) => Next::Activate(activation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::fineid;

    fn condition(pins: [(u8, Option<bool>); 2], code: Option<u8>) -> Condition {
        let [first, second] = pins.map(|(left, changed)| PinState { left: Some(left), changed });
        let pins = [(Role::Authentication, first), (Role::Signature, second)];
        Condition::of(&pins, PinState { left: code, changed: None }, &fineid::V4_0.codes)
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

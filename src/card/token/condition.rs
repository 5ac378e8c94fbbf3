//! How a card stands: what its holder has done with it, and what is to be done next.

use crate::cards::profile::{CodeKind, Delivery, IssuerCodes};
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its PINs, in their order.
    pub pins: Vec<PinCondition>,
    /// Tries left of the activation code or PUK, if the card tells.
    pub code_left: Option<u8>,
    /// Is there a code that sets a PIN without knowing it?
    pub has_code: bool,
    /// How the card came to its holder.
    pub delivery: Delivery,
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
    /// Of a card whose PINs and whose code stand so.
    pub fn of(pins: &[(Role, PinState)], code: PinState, codes: &IssuerCodes) -> Self {
        let pin = |(role, state): &(Role, PinState)| PinCondition {
            role: *role,
            stage: state.stage(),
            left: state.left,
            changed: state.changed,
        };
        Condition {
            pins: pins.iter().map(pin).collect(),
            code_left: code.left,
            has_code: codes.puk.is_some(),
            delivery: codes.delivery,
        }
    }

    /// The PIN of a role. Of one that the card has not, nothing is known.
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

    /// Does a PIN have to be set before the card is of use? A card that comes with its PINs in the envelope never has
    /// PINs without tries but by wrong ones.
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

    /// Which kind of code sets the PINs that were never set, as far as the card tells. A card whose transport codes
    /// were both locked looks like one that came with blocked PINs; the same helps both. Cards that come with their PINs
    /// have no such code.
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
            // A code in hand sets both.
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

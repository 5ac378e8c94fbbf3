//! PINs set by the code from the issuer's letter: one or both, in one transaction.

use super::condition::Condition;
use super::gate::{Gate, may_set};
use super::insertion::Insertion;
use super::link::Session;
use crate::cards::profile::{CodeKind, PinSpec, Secret};
use crate::cards::{CardError, Pin, PinError, PinState, Role};
use std::sync::Arc;

/// May the last try be spent? If it is wrong, the PIN is blocked, or the card is lost for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastTry {
    /// Keep it.
    Keep,
    /// The holder knows what is at stake.
    Use,
}

/// Why no more PINs were set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// There is one try left of this secret. Nothing was sent.
    LastTry(Secret),
    /// A step failed.
    Failed(PinError),
}

impl From<CardError> for Stopped {
    fn from(error: CardError) -> Self {
        Stopped::Failed(error.into())
    }
}

impl From<PinError> for Stopped {
    fn from(error: PinError) -> Self {
        Stopped::Failed(error)
    }
}

impl Gate {
    /// Asks the card how its PINs stand, whatever was heard of them before. Spends no try.
    pub fn condition(&self, insertion: &Arc<Insertion>) -> Result<Condition, CardError> {
        self.identity(insertion)?;
        self.with_card(insertion, |card| {
            card.ready()?;
            let first = card.pin_state(Role::Authentication)?;
            let second = card.pin_state(Role::Signature)?;
            card.ask_puk()?;
            let code = card.insertion.pin(Secret::Puk).unwrap_or(PinState::UNKNOWN);
            let pins = [first, second].map(|state| state.unwrap_or(PinState::UNKNOWN));
            Ok(Condition::of(pins, code))
        })
    }

    /// Sets PINs by the code from the issuer's letter or by the PUK, in the given order and in one transaction,
    /// after comparing the card's serial number anew. Everything that can be checked is checked before the card
    /// is touched. The first failure ends it: `progress` is told of every step that was begun.
    pub fn activate(
        &self,
        insertion: &Arc<Insertion>,
        code: &Pin,
        new: &[(Role, &Pin)],
        last_try: LastTry,
        progress: &mut dyn FnMut(Role, Result<(), Stopped>),
    ) -> Result<(), Stopped> {
        let mut steps = Vec::new();
        for (role, pin) in new {
            steps.push((may_set(insertion, *role, code, pin)?, *pin));
        }
        self.identity(insertion)?;
        self.with_card(insertion, |card| {
            card.belief.identified = false;
            for (spec, pin) in steps {
                let outcome = card.step(spec, code, pin, last_try);
                progress(spec.role, outcome);
                outcome?;
            }
            Ok(())
        })
    }
}

impl Session<'_> {
    /// Sets one PIN by the code, unless that could cost the last try and may not.
    fn step(&mut self, spec: &PinSpec, code: &Pin, new: &Pin, last_try: LastTry) -> Result<(), Stopped> {
        self.ready()?;
        let secret = match self.kind_of(code)? {
            CodeKind::Transport => {
                self.pin_state(spec.role)?;
                Secret::Pin(spec.role)
            }
            CodeKind::Puk => {
                self.ask_puk()?;
                Secret::Puk
            }
        };
        let left = self.insertion.pin(secret).and_then(|state| state.left);
        if last_try == LastTry::Keep && left == Some(1) {
            return Err(Stopped::LastTry(secret));
        }
        Ok(self.set_by_code(spec, code, new)?)
    }
}

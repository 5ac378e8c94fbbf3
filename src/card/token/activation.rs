//! PINs set by the code from the issuer's letter: one or both, in one transaction.

use super::condition::Condition;
use super::insertion::Insertion;
use super::reader::{Consent, Reader, check_setting, require_consent};
use crate::cards::profile::Secret;
use crate::cards::{CardError, Pin, PinError, PinState, Role};
use crate::log::Loggable;
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

impl Loggable for Stopped {}

/// A PIN that was to be set, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which PIN.
    pub role: Role,
    /// Was it set?
    pub outcome: Result<(), Stopped>,
    /// Tries left of the code, as far as they are known. A transport code has those of the PIN.
    pub left: Option<u8>,
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

impl Reader {
    /// Asks the card how its PINs stand, whatever was heard of them before. Spends no try.
    pub fn condition(&self, insertion: &Arc<Insertion>) -> Result<Condition, CardError> {
        self.identity(insertion)?;
        self.with_card(insertion, |card| {
            card.make_ready()?;
            let profile = card.profile;
            let mut pins = Vec::new();
            for spec in profile.pins.iter() {
                pins.push((spec.role, card.pin_state(spec.role)?.unwrap_or(PinState::UNKNOWN)));
            }
            card.ask_puk()?;
            let code = card.insertion.pin(Secret::Puk).unwrap_or(PinState::UNKNOWN);
            Ok(Condition::of(&pins, code, &profile.codes))
        })
    }

    /// Sets PINs by the code from the issuer's letter or by the PUK, in the given order and in one transaction,
    /// after comparing the card's serial number anew. Everything that can be checked is checked before the card
    /// is touched. The first failure ends it: `progress` is told of it, and of every PIN that was set before. The
    /// card is held meanwhile.
    pub fn activate(
        &self,
        insertion: &Arc<Insertion>,
        code: &Pin,
        new: &[(Role, &Pin)],
        last_try: LastTry,
        consent: Consent,
        progress: &mut dyn FnMut(Attempt),
    ) -> Result<(), Stopped> {
        self.recognise(insertion)?;
        let mut steps = Vec::new();
        for (role, pin) in new {
            let spec = check_setting(insertion, *role, code, pin).map_err(Stopped::from);
            let spec = spec
                .and_then(|spec| require_consent(insertion, consent).map(|()| spec).map_err(Stopped::from));
            if let Err(stopped) = spec {
                progress(Attempt { role: *role, outcome: Err(stopped), left: None });
            }
            steps.push((spec?, *pin));
        }
        self.identity(insertion)?;
        self.with_card(insertion, |card| {
            card.card_state.identified = false;
            for (spec, pin) in steps {
                let outcome = card.set_one(spec, code, pin, last_try);
                let left = card.tries_of_code(spec, code);
                progress(Attempt { role: spec.role, outcome, left });
                outcome?;
            }
            Ok(())
        })
    }
}

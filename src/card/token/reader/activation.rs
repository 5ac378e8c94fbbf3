//! Activation: setting one PIN or both by the code from the issuer's letter, in one transaction.

use super::Reader;
use super::pins::{check_setting, require_consent};
use crate::cards::profile::{PinSpec, Secret};
use crate::cards::{CardError, Entries, PinError, PinState, Role};
use crate::token::activation::{Attempt, Stopped, Terms};
use crate::token::condition::Condition;
use crate::token::insertion::Insertion;
use std::sync::Arc;

impl Reader {
    /// Asks the card for the state of its PINs, whatever is known already. Uses up no try.
    pub fn condition(&self, insertion: &Arc<Insertion>) -> Result<Condition, CardError> {
        self.identity(insertion)?;
        self.with_card(insertion, |card| {
            card.make_certain()?;
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

    /// Sets PINs by the code from the issuer's letter or by the PUK, in the given order and in one transaction, after
    /// comparing the serial number of the card again. Whatever can be checked is checked before anything is sent.
    /// Stops at the first failure. `progress` is called after each attempt, within the transaction.
    pub fn activate(
        &self,
        insertion: &Arc<Insertion>,
        new: &[(Role, Entries<'_>)],
        terms: Terms,
        progress: &mut dyn FnMut(Attempt),
    ) -> Result<(), Stopped> {
        self.recognise(insertion)?;
        let mut steps = Vec::new();
        for (role, entries) in new {
            let checked = check_setting(insertion, *role, *entries)
                .and_then(|spec| require_consent(insertion, terms.consent).map(|()| spec))
                .map_err(Stopped::from);
            if let Err(stopped) = checked {
                progress(Attempt { role: *role, outcome: Err(stopped), left: None });
            }
            steps.push((checked?, *entries));
        }
        self.identity(insertion)?;
        let mut unclear = None;
        let outcome = self.with_card(insertion, |card| {
            card.card_state.identified = false;
            for (spec, entries) in steps {
                let attempt = card.set_one(spec, entries, terms);
                if let Err(Stopped::Failed(error @ PinError::Unclear { after, .. })) = attempt.outcome
                    && !after.is_asked()
                {
                    // The connection is broken. The step is judged when the card was asked over a new one.
                    unclear = Some((spec, error));
                    return Err(Stopped::Failed(error));
                }
                progress(attempt);
                attempt.outcome?;
            }
            Ok(())
        });
        let Some((spec, error)) = unclear else { return outcome };
        self.judge_late(insertion, spec, error, progress)?;
        // What was left to do was not begun.
        let last = new.last().is_some_and(|(role, _)| *role == spec.role);
        match error {
            PinError::Unclear { cause, .. } if !last => Err(PinError::Card(cause).into()),
            _ => Ok(()),
        }
    }

    /// Judges a step after which the connection was broken.
    fn judge_late(
        &self,
        insertion: &Arc<Insertion>,
        spec: &PinSpec,
        error: PinError,
        progress: &mut dyn FnMut(Attempt),
    ) -> Result<(), Stopped> {
        let presented =
            if let PinError::Unclear { after, .. } = error { Some(after.presented) } else { None };
        let outcome = self.find_out(insertion, error).map_err(Stopped::from);
        let left = match outcome {
            Err(Stopped::Failed(PinError::Unclear { after, .. })) => after.left(),
            _ => presented.and_then(|secret| insertion.pin(secret)).and_then(|state| state.left),
        };
        progress(Attempt { role: spec.role, outcome, left });
        outcome
    }
}

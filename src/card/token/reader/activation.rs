//! Activation: setting one PIN or both by the code from the issuer's letter, in one transaction.

use super::pins::{check_setting, require_consent};
use super::{Consent, Reader};
use crate::cards::profile::Secret;
use crate::cards::{CardError, Pin, PinState, Role};
use crate::token::activation::{Attempt, LastTry, Stopped};
use crate::token::condition::Condition;
use crate::token::insertion::Insertion;
use std::sync::Arc;

impl Reader {
    /// Asks the card for the state of its PINs, whatever is known already. Uses up no try.
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

    /// Sets PINs by the code from the issuer's letter or by the PUK, in the given order and in one transaction, after
    /// comparing the serial number of the card again. Whatever can be checked is checked before anything is sent.
    /// Stops at the first failure. `progress` is called after each attempt, within the transaction.
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

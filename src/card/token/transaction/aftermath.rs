//! Asking the card what a command with a PIN or code has done, if its answer does not tell.

use super::Transaction;
use crate::cards::profile::Secret;
use crate::cards::{Aftermath, CardError, NotEntered, PinError, PinState, Standing, Step};
use crate::iso7816::StatusWord;
use crate::log::{self, Record};
use crate::transport::TransportError;

impl Transaction<'_> {
    /// How the PINs stand that a command concerns, as far as is known.
    pub(super) fn standing(&self, presented: Secret, setting: Option<Secret>) -> Standing {
        let known = |secret| self.insertion.pin(secret).unwrap_or(PinState::UNKNOWN);
        Standing { presented: known(presented), set: known(setting.unwrap_or(presented)) }
    }

    /// What an unclear answer means, after asking the card. A PIN that the card says is set, is set. A broken
    /// connection has to be made anew first.
    pub(super) fn clarify(&mut self, cause: CardError, aftermath: Aftermath) -> Result<(), PinError> {
        self.insertion.forget_pins();
        let after = match cause {
            CardError::Swapped => aftermath,
            CardError::Transport(error) if error != TransportError::Protocol => aftermath,
            _ => self.ask_after(aftermath).unwrap_or(aftermath),
        };
        if after.set() == Some(true) {
            log::info(|| Record::Remark("the answer was unclear, but the card says that the PIN is set"));
            return Ok(());
        }
        Err(match (cause, after.left()) {
            (CardError::Refused { sw: StatusWord::NOT_USABLE, .. }, None | Some(0)) => PinError::Blocked,
            (CardError::Refused { step: Step::Unblock, sw: StatusWord::NOT_USABLE }, _)
                if !after.is_spent() =>
            {
                PinError::UsedUp
            }
            _ => PinError::Unclear { cause, after },
        })
    }

    /// The same if the PINs were to be entered on a keypad, which answers in place of the card where nothing was.
    pub(super) fn clarify_entering(
        &mut self,
        cause: CardError,
        aftermath: Aftermath,
    ) -> Result<(), PinError> {
        self.clarify(cause, aftermath).map_err(|error| match error {
            PinError::Unclear { cause: CardError::Refused { sw, .. }, after } if !after.is_spent() => {
                NotEntered::of(sw).map_or(error, PinError::NotEntered)
            }
            error => error,
        })
    }

    /// Asks the card what such a command has done.
    fn ask_after(&mut self, aftermath: Aftermath) -> Result<Aftermath, CardError> {
        // Perhaps the answer was unclear because another application is selected.
        self.card_state.selected = None;
        self.tries_left(aftermath.presented)?;
        if let Some(setting) = aftermath.setting.filter(|setting| *setting != aftermath.presented) {
            self.tries_left(setting)?;
        }
        Ok(aftermath.asked(self.standing(aftermath.presented, aftermath.setting)))
    }

    /// The same over a new connection. A PIN that is set is noted.
    pub(in crate::token) fn find_out(&mut self, aftermath: Aftermath) -> Result<Aftermath, CardError> {
        self.make_certain()?;
        let after = self.ask_after(aftermath)?;
        if let (Some(Secret::Pin(role)), Some(true)) = (after.setting, after.set()) {
            let spec = self.pin_spec(role)?;
            self.note_set(spec);
        }
        Ok(after)
    }
}

//! The channel through which a card is used that wants one.

use crate::cards::engine;
use crate::cards::profile::Contactless;
use crate::cards::{CanError, CardError, Step};
use crate::iso7816::secure::pace::{Draw, PaceError};
use crate::iso7816::secure::{Protected, Session};
use crate::log::{self, Record};
use crate::token::can::Cans;
use crate::token::transaction::CardState;
use crate::transport::{Password, Transport};
use std::time::Instant;

/// How a card is opened.
pub(in crate::token) struct Door<'d> {
    pub(in crate::token) way: &'static Contactless,
    pub(in crate::token) cans: &'d Cans,
    /// Draws private keys.
    pub(in crate::token) draw: &'d mut Draw<'d>,
}

impl Door<'_> {
    /// Does something through the channel, which is opened first if there is none. Nothing that was sent through a
    /// channel that has ended may stay as it is: the card has to be reset.
    pub(in crate::token) fn through<R>(
        &mut self,
        transport: &mut dyn Transport,
        card_state: &mut CardState,
        act: impl FnOnce(&mut dyn Transport, &mut CardState) -> R,
    ) -> Result<R, CardError> {
        let session = match card_state.channel.take() {
            Some(session) => session,
            None => self.open(transport)?,
        };
        let mut reopen = |transport: &mut dyn Transport, password: Option<Password<'_>>| {
            self.open_anew(transport, password)
        };
        let mut protected = Protected::new(transport, session, &mut reopen);
        let outcome = act(&mut protected, card_state);
        card_state.channel = protected.into_session();
        card_state.to_be_reset |= card_state.channel.is_none();
        Ok(outcome)
    }

    /// Opens another channel: by a PIN; or by the number, because another program has opened one of its own, or a PIN has
    /// opened none.
    fn open_anew(
        &mut self,
        transport: &mut dyn Transport,
        password: Option<Password<'_>>,
    ) -> Result<Session, PaceError> {
        log::info(|| Record::Remark("the channel to the card has ended, and another one is opened"));
        match password {
            Some(password) => engine::open_by(transport, self.way, password, self.draw),
            None => self.open(transport).map_err(|_| PaceError::NoMeans),
        }
    }

    fn open(&mut self, transport: &mut dyn Transport) -> Result<Session, CardError> {
        let can = self.cans.known().map_err(CardError::Can)?;
        let begun = Instant::now();
        let mut opened = engine::open(transport, self.way, &can, self.draw);
        if matches!(opened, Err(CardError::Refused { step: Step::OpenChannel, .. })) {
            // Another program has left its channel open, which has ended now.
            opened = engine::open(transport, self.way, &can, self.draw);
        }
        let error = match opened {
            Ok(session) => {
                self.cans.note_accepted(can);
                return Ok(session);
            }
            Err(error) => error,
        };
        let seconds = u16::try_from(begun.elapsed().as_secs()).unwrap_or(u16::MAX);
        match error {
            CardError::Can(CanError::Wrong { .. }) => {
                self.cans.note_refused(can);
                Err(CardError::Can(CanError::Wrong { seconds }))
            }
            CardError::Can(CanError::Impostor) => {
                self.cans.note_refused(can);
                Err(error)
            }
            CardError::Refused { step: Step::PresentNumber, .. } => {
                self.cans.note_unclear(can);
                Err(error)
            }
            _ => Err(error),
        }
    }
}

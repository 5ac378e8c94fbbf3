//! The link to the card in a reader: one lock, one connection, one transaction per operation.

use super::channel::Door;
use super::{Present, Reader};
use crate::cards::{CardError, PinError};
use crate::iso7816::Channel;
use crate::log::{self, Loggable, Record};
use crate::settings::Settings;
use crate::token::insertion::Insertion;
use crate::token::policy::{IDLE_CONNECTION, PinHistory};
use crate::token::transaction::{CardState, SessionPin, Transaction};
use crate::transport::keypad::{Keypad, PadCommand};
use crate::transport::pcsc::{Connection, PcscTransaction, WasReset};
use crate::transport::{Protocol, Transport, TransportError, watch};
use avain_crypto::pace::Curve;
use std::ffi::CStr;
use std::sync::Arc;
use std::time::Instant;

/// The connection to a card, and what is known as long as it lasts.
#[derive(Default)]
pub(super) struct Link {
    insertion: Option<Arc<Insertion>>,
    connection: Option<Connection>,
    pub(super) card_state: CardState,
    pub(super) session_pin: SessionPin,
    used: Option<Instant>,
}

impl Reader {
    /// Closes the connection while nobody uses it, because other programs may want the card meanwhile; unless there is a
    /// session PIN. Never waits.
    pub fn release(&self) {
        if let Some(mut link) = self.link.try_lock()
            && link.session_pin.0.is_none()
        {
            *link = Link::default();
        }
    }

    /// Closes the connection if its card is gone, or if it has been idle and there is no session PIN. Never waits.
    pub(super) fn release_if_stale(&self) {
        let Some(mut link) = self.link.try_lock() else { return };
        let current = link.insertion.as_ref().is_some_and(|insertion| self.holds(insertion));
        let idle = link.used.is_none_or(|used| used.elapsed() >= IDLE_CONNECTION);
        if !current || (idle && link.session_pin.0.is_none()) {
            *link = Link::default();
        }
    }

    /// Does something with the card in one transaction. There is no other way to a card.
    pub(in crate::token) fn with_card<R, E: From<CardError> + Loggable>(
        &self,
        insertion: &Arc<Insertion>,
        act: impl FnOnce(&mut Transaction<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let profile = insertion.assumed_profile().ok_or(CardError::Unrecognised)?;
        if insertion.wants_channel() {
            insertion.cans.ask(self.cans.as_ref(), profile);
            insertion.cans.known().map_err(CardError::Can)?;
        }
        self.history.resume();
        let mut link = self.link.lock();
        if !self.holds(insertion) {
            return Err(CardError::Swapped.into());
        }
        if !link.insertion.as_ref().is_some_and(|of| Arc::ptr_eq(of, insertion)) {
            *link = Link { insertion: Some(insertion.clone()), ..Link::default() };
        }
        let Link { connection, card_state, session_pin, used, .. } = &mut *link;
        let may_present = || self.may_present(insertion);
        let outcome = self.transact(insertion, connection, card_state, |transport, card_state| {
            act(&mut Transaction {
                channel: Channel::new(transport),
                insertion,
                profile,
                card_state,
                session_pin,
                history: &self.history,
                store: &self.store,
                may_present: &may_present,
                certain: false,
            })
        });
        *used = Some(Instant::now());
        let (outcome, broken) = match outcome {
            Ok((Ok(outcome), broken)) => (outcome, broken),
            Ok((Err(error), broken)) => (Err(error.into()), broken),
            Err(error) => (Err(CardError::Transport(error).into()), Some(error)),
        };
        let gone = broken.is_some_and(|error| proves_removal(error, link.connection.is_some()));
        if broken.is_some() {
            link.connection = None;
        }
        if let Err(error) = &outcome {
            log::info(|| Record::Because(error));
            // After any error, what is selected and which card it is are checked again; unless it was refused here, before
            // anything was sent.
            if link.card_state.was_sent_to {
                link.card_state.doubt();
                link.card_state.identified = false;
            }
        }
        if link.card_state.stranger || gone {
            self.note_gone(insertion);
        }
        // The card was removed, or the module finalized, meanwhile: nothing is kept.
        if !self.holds(insertion) {
            *link = Link::default();
            self.once.wipe_all();
        }
        drop(link);
        insertion.cans.tell_refused(self.cans.as_ref());
        outcome
    }

    /// Connects if needed, and does something in a transaction. Also returns what broke the connection meanwhile, if
    /// anything.
    fn transact<R>(
        &self,
        insertion: &Arc<Insertion>,
        connection: &mut Option<Connection>,
        card_state: &mut CardState,
        act: impl FnOnce(&mut dyn Transport, &mut CardState) -> R,
    ) -> Result<(Result<R, CardError>, Option<TransportError>), TransportError> {
        let connection = match connection {
            Some(connection) => connection,
            None => {
                let (opened, state) = Connection::open(&self.name)?;
                if state.events != insertion.events {
                    return Err(TransportError::Removed);
                }
                *card_state = CardState { shared: state.in_use, ..CardState::default() };
                if state.in_use {
                    log::info(|| Record::Remark("another program uses the card too"));
                }
                connection.insert(opened)
            }
        };
        let (transaction, was_reset) = connection.begin()?;
        // Another program may have held the card for a long time. If the card was removed or the module finalized
        // meanwhile, nothing is sent.
        if !self.holds(insertion) {
            return Err(TransportError::Removed);
        }
        if was_reset == WasReset::Yes {
            log::info(|| Record::Remark("another program has reset the card"));
            *card_state = CardState { shared: true, ..CardState::default() };
            insertion.forget_pins();
        }
        // One that could not be asked now is asked again next time.
        let keypad = insertion.keypad.get_or_try_init(|| {
            let found = if Settings::of_process().keypad() { transaction.find_keypad()? } else { None };
            Ok::<_, TransportError>(found.map(|keypad| keypad.speaking(self.language)))
        });
        let keypad = keypad.ok().and_then(Option::as_ref);
        let (reader, events) = (self.name.as_c_str(), insertion.events);
        let history = &self.history;
        let mut noted =
            FaultRecorder { transaction, keypad, broken: None, sent: false, reader, events, history };
        let outcome = match insertion.way() {
            None => Ok(act(&mut noted, card_state)),
            Some(way) => {
                let (cans, draw) = (&insertion.cans, &mut Curve::private_key);
                Door { way, cans, draw }.through(&mut noted, card_state, act)
            }
        };
        let FaultRecorder { transaction, mut broken, sent, .. } = noted;
        card_state.was_sent_to = sent;
        if card_state.to_be_reset {
            log::info(|| Record::Remark("the card is reset, because a PIN may be open"));
            *card_state = CardState::default();
            broken = broken.or(transaction.end_by_reset().err()).or(Some(TransportError::Reset));
        }
        Ok((outcome, broken))
    }

    /// May a PIN or code still be sent? The command before may have taken long: the card may be gone meanwhile, the
    /// module finalized, or the program told to stop.
    fn may_present(&self, insertion: &Arc<Insertion>) -> Result<(), PinError> {
        if !self.holds(insertion) {
            Err(CardError::Swapped.into())
        } else if !(self.goes_on)() {
            Err(PinError::Interrupted)
        } else {
            Ok(())
        }
    }

    /// Notes that the card is gone, even if the daemon has not reported it yet.
    fn note_gone(&self, insertion: &Arc<Insertion>) {
        let mut present = self.present.write();
        if present.insertion.as_ref().is_some_and(|known| Arc::ptr_eq(known, insertion)) {
            *present = Present::default();
            self.once.wipe_all();
        }
    }
}

/// Is the card gone for certain? A daemon that cannot be reached says nothing about it; one that has ended a connection
/// has ended with all that it knew.
fn proves_removal(error: TransportError, was_connected: bool) -> bool {
    match error {
        TransportError::Removed | TransportError::ReaderGone => true,
        TransportError::ServiceDown => was_connected,
        _ => false,
    }
}

/// A transaction that remembers what broke it, and notes when the card was used.
struct FaultRecorder<'c> {
    transaction: PcscTransaction<'c>,
    keypad: Option<&'c Keypad>,
    broken: Option<TransportError>,
    /// Was anything sent to the card?
    sent: bool,
    reader: &'c CStr,
    events: u32,
    history: &'c PinHistory,
}

impl FaultRecorder<'_> {
    fn noted(&mut self, mut answer: Result<Vec<u8>, TransportError>) -> Result<Vec<u8>, TransportError> {
        self.sent = true;
        self.history.note_use();
        // So ends the command during which the card is pulled out: with an error, or without an answer.
        let unclear = match &answer {
            Ok(bytes) => bytes.is_empty(),
            Err(error) => *error == TransportError::Comm,
        };
        if unclear && self.broken.is_none() && watch::has_left(self.reader, self.events) {
            answer = Err(TransportError::Removed);
        }
        answer.inspect_err(|error| self.broken = Some(*error))
    }
}

impl Transport for FaultRecorder<'_> {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let answer = self.transaction.exchange(command);
        self.noted(answer)
    }

    fn keypad(&self) -> Option<&Keypad> {
        self.keypad
    }

    fn enter(&mut self, command: &PadCommand) -> Result<Vec<u8>, TransportError> {
        let keypad = self.keypad.ok_or(TransportError::Comm)?;
        let answer = self.transaction.enter(keypad, command);
        self.noted(answer)
    }

    fn protocol(&self) -> Protocol {
        self.transaction.protocol()
    }
}

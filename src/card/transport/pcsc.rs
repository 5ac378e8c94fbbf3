//! A card in a PC/SC reader: shared connections, transactions, and what the PC/SC errors mean.

use super::keypad::{Keypad, PadCommand};
use super::watch::{self, ReaderState};
use super::{MAX_WRAPPED, Protocol, Transport, TransportError};
use crate::log::{self, Record};
use crate::sys::pcsc_calls::{long, of_card, short};
use pcsc::{Card, Context, Disposition, Protocols, Scope, ShareMode, Transaction, ctl_code};
use std::ffi::CStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use zeroize::Zeroizing;

/// How many calls wait for a card, which another program may hold.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// Does a call wait for a card now? PC/SC does not tell whether another program holds it; one that waits for long is
/// held up by one.
pub fn is_waiting() -> bool {
    WAITING.load(Ordering::Relaxed) > 0
}

fn waited_for<R>(call: impl FnOnce() -> R) -> R {
    WAITING.fetch_add(1, Ordering::Relaxed);
    let result = of_card(call);
    WAITING.fetch_sub(1, Ordering::Relaxed);
    result
}

/// How many resets by other programs are tolerated at the beginning of one transaction.
const RESETS: u32 = 8;

/// Translates a PC/SC error, and logs it.
pub(super) fn fault(error: pcsc::Error) -> TransportError {
    let meaning = meaning(error);
    log::debug(|| Record::Pcsc { code: error as u32, meaning: &meaning });
    meaning
}

fn meaning(error: pcsc::Error) -> TransportError {
    use pcsc::Error as E;
    match error {
        E::RemovedCard | E::NoSmartcard => TransportError::Removed,
        E::ResetCard => TransportError::Reset,
        E::SharingViolation => TransportError::Busy,
        E::UnknownReader | E::ReaderUnavailable | E::NoReadersAvailable => TransportError::ReaderGone,
        E::NoService
        | E::ServiceStopped
        | E::Shutdown
        | E::InvalidHandle
        | E::ServerTooBusy
        | E::CommDataLost => TransportError::ServiceDown,
        E::UnresponsiveCard | E::UnsupportedCard => TransportError::Mute,
        // What the daemon answers where polkit refuses, by its version.
        E::SecurityViolation | E::NoAccess => TransportError::NotAllowed,
        // Longer than any answer can be.
        E::InsufficientBuffer => TransportError::Protocol,
        // UnpoweredCard and ProtoMismatch, too: another program has come in between.
        _ => TransportError::Comm,
    }
}

/// A connection to the daemon. The client library serialises the calls on one, so each reader and each waiter has its
/// own.
pub(super) struct Daemon {
    /// `None` only while it is being dropped.
    context: Option<Context>,
}

impl Daemon {
    pub(super) fn connect() -> Result<Self, TransportError> {
        let context = short(|| Context::establish(Scope::User)).map_err(fault)?;
        Ok(Daemon { context: Some(context) })
    }

    pub(super) fn context(&self) -> Result<&Context, TransportError> {
        self.context.as_ref().ok_or(TransportError::Comm)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        short(|| self.context = None);
    }
}

/// A shared connection to the card in one reader.
///
/// Dropping a [`Card`] of the `pcsc` crate resets the card, which would log out every other program. This type leaves
/// the card as it is, unless a reset was asked for.
pub struct Connection {
    /// `None` only while it is being dropped.
    card: Option<Card>,
    protocol: Protocol,
    /// What happens to the card at the end of the connection.
    end: Disposition,
}

impl Connection {
    /// Connects to the card in shared mode. [`ReaderState::in_use`] says whether another program was already
    /// connected.
    ///
    /// May block while another program holds a transaction, so the caller may hold no lock that other readers need.
    pub fn open(reader: &CStr) -> Result<(Self, ReaderState), TransportError> {
        let daemon = Daemon::connect()?;
        let context = daemon.context()?;
        let in_use = watch::state_of(context, reader)?.in_use;
        let card =
            waited_for(|| context.connect(reader, ShareMode::Shared, Protocols::ANY)).map_err(fault)?;
        // From here on the card is left as it is, whatever fails.
        let mut connection =
            Connection { card: Some(card), protocol: Protocol::T0, end: Disposition::LeaveCard };
        let protocol = negotiated(connection.card.as_ref().ok_or(TransportError::Comm)?)?;
        connection.protocol = protocol.unwrap_or(connection.protocol);
        // Asked again after connecting: if the card is swapped from now on, the connection breaks.
        let state = watch::state_of(context, reader)?;
        Ok((connection, ReaderState { in_use, ..state }))
    }

    /// Begins a transaction. Also returns whether the card was reset since the last one: then what was known of its
    /// state no longer holds.
    pub fn begin(&mut self) -> Result<(PcscTransaction<'_>, WasReset), TransportError> {
        let Connection { card, protocol, end } = self;
        let mut card = card.as_mut().ok_or(TransportError::Comm)?;
        let mut was_reset = WasReset::No;
        // Other programs may reset it again before the transaction has begun.
        for _ in 0..RESETS {
            card = match waited_for(|| card.transaction2()) {
                Ok(transaction) => {
                    let transaction = Some(transaction);
                    return Ok((PcscTransaction { transaction, protocol: *protocol, end }, was_reset));
                }
                Err((card, pcsc::Error::ResetCard)) => card,
                Err((_, error)) => return Err(fault(error)),
            };
            was_reset = WasReset::Yes;
            // Acknowledges the reset without resetting the card again.
            long(|| card.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::LeaveCard))
                .map_err(fault)?;
            *protocol = negotiated(card)?.unwrap_or(*protocol);
        }
        Err(TransportError::Reset)
    }
}

/// Was the card reset by another program?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WasReset {
    /// It was not.
    No,
    /// It was.
    Yes,
}

/// The protocol in use; `None` if the card was just reset, which is noticed again at the beginning of a transaction.
fn negotiated(card: &Card) -> Result<Option<Protocol>, TransportError> {
    match long(|| card.status2_owned()) {
        Ok(status) if status.protocol2() == Some(pcsc::Protocol::T1) => Ok(Some(Protocol::T1)),
        Ok(_) => Ok(Some(Protocol::T0)),
        Err(pcsc::Error::ResetCard) => Ok(None),
        Err(error) => Err(fault(error)),
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(card) = self.card.take()
            && let Err((card, _)) = long(|| card.disconnect(self.end))
        {
            // The daemon is gone. `Card::drop` would ask it to reset the card, so leak the few bytes instead.
            std::mem::forget(card);
        }
    }
}

/// Longest answer to a control code that is read, in bytes: features, properties, or a status word.
const MAX_TOLD: usize = 512;

/// A transaction: until it is dropped, no other program's command reaches the card.
pub struct PcscTransaction<'c> {
    /// `None` only while it is being dropped.
    transaction: Option<Transaction<'c>>,
    protocol: Protocol,
    /// What happens to the card at the end of the connection.
    end: &'c mut Disposition,
}

impl PcscTransaction<'_> {
    /// Asks the reader whether it has a keypad. An error if it could not be asked.
    pub fn find_keypad(&self) -> Result<Option<Keypad>, TransportError> {
        let code = |code: u32| u32::try_from(ctl_code(code.into())).unwrap_or_default();
        let asked = Keypad::of(code, |code, sent| self.control(code, sent));
        // Readers without one refuse the question in several ways.
        asked.or_else(|error| if error == TransportError::Comm { Ok(None) } else { Err(error) })
    }

    /// Has the keypad ask for what the command lacks, and send it.
    pub fn enter(&self, keypad: &Keypad, command: &PadCommand) -> Result<Vec<u8>, TransportError> {
        let (code, request) = keypad.request(command).ok_or(TransportError::Comm)?;
        let answer = self.control(code, &request)?;
        keypad.note(&answer);
        Ok(answer)
    }

    /// Sends a control code to the reader.
    fn control(&self, code: u32, sent: &[u8]) -> Result<Vec<u8>, TransportError> {
        let mut told = [0; MAX_TOLD];
        let transaction = self.transaction.as_ref().ok_or(TransportError::Comm)?;
        of_card(|| transaction.control(code.into(), sent, &mut told)).map(<[u8]>::to_vec).map_err(fault)
    }

    /// Resets the card and ends the transaction, with no other program's command in between: no PIN stays verified.
    /// If that fails, the card is reset at the end of the connection.
    pub fn end_by_reset(mut self) -> Result<(), TransportError> {
        *self.end = Disposition::ResetCard;
        let transaction = self.transaction.take().ok_or(TransportError::Comm)?;
        of_card(|| transaction.end(Disposition::ResetCard)).map_err(|(_, error)| fault(error))?;
        *self.end = Disposition::LeaveCard;
        Ok(())
    }
}

impl Drop for PcscTransaction<'_> {
    fn drop(&mut self) {
        short(|| self.transaction = None);
    }
}

impl Transport for PcscTransaction<'_> {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let mut answer = Zeroizing::new(vec![0; MAX_WRAPPED]);
        let transaction = self.transaction.as_ref().ok_or(TransportError::Comm)?;
        let length =
            of_card(|| transaction.transmit(command, &mut answer)).map(<[u8]>::len).map_err(fault)?;
        answer.truncate(length);
        Ok(std::mem::take(&mut *answer))
    }

    fn protocol(&self) -> Protocol {
        self.protocol
    }
}

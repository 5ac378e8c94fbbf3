//! A transport that wraps each command.

use super::Session;
use crate::transport::{Limits, Protocol, Transport, TransportError};
use zeroize::Zeroizing;

/// Most data of a command: with what is wrapped around it, and Le, that is 241 bytes; the next block does not fit.
const MOST_SENT: usize = 223;
/// Most data that is asked for: 242 bytes with what is wrapped around it, one short answer. What a card calls its own
/// limit, such as 231, needs two.
const MOST_ASKED: usize = 223;
/// Most GET RESPONSE commands for one wrapped answer.
const MAX_PARTS: usize = 4;

/// Opens a channel, if that is possible.
pub type Opening<'o> = dyn FnMut(&mut dyn Transport) -> Option<Session> + 'o;

/// A card behind a channel.
///
/// If the card refuses to go on with the channel at the first command of a transaction, another program has opened
/// one of its own since: it is opened anew, as after a reset. Later such a refusal ends the channel, as every answer
/// does whose check value is wrong; nothing is sent any more.
pub struct Protected<'t> {
    transport: &'t mut dyn Transport,
    session: Option<Session>,
    reopen: &'t mut Opening<'t>,
    is_first: bool,
}

impl<'t> Protected<'t> {
    /// A transaction with a card, over this channel.
    pub fn new(transport: &'t mut dyn Transport, session: Session, reopen: &'t mut Opening<'t>) -> Self {
        Protected { transport, session: Some(session), reopen, is_first: true }
    }

    /// The channel, unless it has ended.
    pub fn into_session(self) -> Option<Session> {
        self.session
    }

    /// Sends a command through the channel. `Ok(None)` if the card has answered outside of it, with a status word alone.
    fn through(&mut self, command: &[u8]) -> Result<Option<Vec<u8>>, TransportError> {
        let Some(mut session) = self.session.take() else { return Err(TransportError::Insecure) };
        let command = Zeroizing::new(session.protect(command).ok_or(TransportError::Insecure)?);
        let answer = self.whole(&command)?;
        if answer.len() <= 2 {
            return Ok(None);
        }
        let mut plain = session.reveal(&answer).ok_or(TransportError::Insecure)?;
        self.session = Some(session);
        Ok(Some(std::mem::take(&mut *plain)))
    }

    /// A wrapped answer, which a card may give in parts (ISO 7816-3 §12.2.1).
    fn whole(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let mut answer = self.transport.exchange(command)?;
        for _ in 0..MAX_PARTS {
            let Some((part, [0x61, more])) = answer.split_last_chunk() else { break };
            let rest = self.transport.exchange(&[0, 0xC0, 0, 0, *more])?;
            answer = [part, &rest].concat();
        }
        Ok(answer)
    }
}

impl Transport for Protected<'_> {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        if let Some(answer) = self.through(command)? {
            return Ok(answer);
        }
        if !is_first || is_credential(command) {
            return Err(TransportError::Insecure);
        }
        self.session = (self.reopen)(self.transport);
        self.through(command)?.ok_or(TransportError::Insecure)
    }

    fn protocol(&self) -> Protocol {
        self.transport.protocol()
    }

    fn limits(&self) -> Limits {
        Limits { command: MOST_SENT, answer: MOST_ASKED }
    }
}

/// A command with a PIN is never sent twice.
fn is_credential(command: &[u8]) -> bool {
    matches!(command, [_, 0x20 | 0x24 | 0x2C, ..])
}

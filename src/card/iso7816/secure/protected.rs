//! A transport that wraps each command.

use super::Session;
use super::pace::{PaceError, PaceStep};
use crate::iso7816::Channel;
use crate::iso7816::file::{self, FileError};
use crate::transport::{Limits, Password, Protocol, Renewed, Transport, TransportError};
use zeroize::Zeroizing;

/// Most data of a command: with what is wrapped around it, and Le, that is 241 bytes; the next block does not fit.
const MOST_SENT: usize = 223;
/// Most data that is asked for: 242 bytes with what is wrapped around it, one short answer. What a card calls its own
/// limit, such as 231, needs two.
const MOST_ASKED: usize = 223;
/// Most GET RESPONSE commands for one wrapped answer.
const MAX_PARTS: usize = 4;

/// Opens a channel: by a password, or by the card access number that has opened the card.
pub type Opening<'o> = dyn FnMut(&mut dyn Transport, Option<Password<'_>>) -> Result<Session, PaceError> + 'o;

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

impl Protected<'_> {
    /// Leaves the channel by a command in the clear. Whether the card carries that out does not matter: it has ended the
    /// channel.
    fn leave(&mut self) -> Result<(), PaceError> {
        self.session = None;
        match file::select_steps(&mut Channel::new(self.transport), &[]) {
            Err(FileError::Transport(error)) => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Opens a channel in the clear: by a password, or by the card access number.
    fn opened(&mut self, password: Option<Password<'_>>) -> Result<Session, PaceError> {
        self.leave()?;
        (self.reopen)(self.transport, password)
    }

    /// Opens one by the card access number, and through it the other one.
    fn resumed(&mut self, password: Password<'_>) -> Result<Session, PaceError> {
        let by_number = self.opened(None)?;
        let mut never = |_: &mut dyn Transport, _: Option<Password<'_>>| Err(PaceError::NoMeans);
        let mut through = Protected::new(self.transport, by_number, &mut never);
        through.is_first = false;
        (self.reopen)(&mut through, Some(password))
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
        self.session = (self.reopen)(self.transport, None).ok();
        self.through(command)?.ok_or(TransportError::Insecure)
    }

    fn renew(&mut self, password: Password<'_>, resume: bool) -> Result<Renewed, TransportError> {
        let opened = if resume { self.resumed(password) } else { self.opened(Some(password)) };
        let outcome = match opened {
            Ok(session) => {
                self.session = Some(session);
                return Ok(Renewed::Opened);
            }
            Err(PaceError::Transport(error)) => return Err(error),
            Err(PaceError::Refused { step, sw }) => match step {
                PaceStep::Begin | PaceStep::Exchange => Renewed::Refused(sw.0),
                PaceStep::Name => Renewed::Unusable(sw.0),
                PaceStep::Prove => Renewed::Judged(sw.0),
            },
            Err(PaceError::Impostor | PaceError::Malformed | PaceError::NoMeans) => {
                self.session = None;
                return Err(TransportError::Insecure);
            }
        };
        // The card can be asked again what has become of it.
        self.session = self.opened(None).ok();
        Ok(outcome)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso7816::StatusWord;

    /// It refuses the command by which a channel is left; what opens one is not tested here.
    struct Refusing;

    impl Transport for Refusing {
        fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
            assert_eq!(command, [0, 0xA4, 0, 0x0C, 2, 0x3F, 0]);
            Ok(vec![0x69, 0x88])
        }

        fn protocol(&self) -> Protocol {
            Protocol::T1
        }
    }

    const PIN: Password<'_> = Password { reference: 3, characters: b"246813" };

    fn session() -> Result<Session, PaceError> {
        Session::new(&[1; 32], &[2; 32]).map_err(|_| PaceError::NoMeans)
    }

    /// What comes of a PIN, by which passwords channels were opened meanwhile, and whether there is one afterwards.
    fn renewed(
        resume: bool,
        by_pin: Result<(), PaceError>,
    ) -> (Result<Renewed, TransportError>, Vec<Option<u8>>, bool) {
        let mut opened = Vec::new();
        let mut reopen = |_: &mut dyn Transport, password: Option<Password<'_>>| {
            opened.push(password.map(|password| password.reference));
            if password.is_some() { by_pin.and_then(|()| session()) } else { session() }
        };
        let mut card = Refusing;
        let mut protected = Protected::new(&mut card, session().unwrap(), &mut reopen);
        let outcome = protected.renew(PIN, resume);
        let stays = protected.into_session().is_some();
        (outcome, opened, stays)
    }

    #[test]
    fn a_pin_takes_the_place_of_the_channel_or_the_number_opens_it_again() {
        let pin = Some(3);
        assert_eq!(renewed(false, Ok(())), (Ok(Renewed::Opened), vec![pin], true));
        assert_eq!(renewed(true, Ok(())), (Ok(Renewed::Opened), vec![None, pin], true));
        let refused = |step, sw| Err(PaceError::Refused { step, sw: StatusWord(sw) });
        let wrong = refused(PaceStep::Prove, 0x63C2);
        assert_eq!(renewed(false, wrong), (Ok(Renewed::Judged(0x63C2)), vec![pin, None], true));
        assert_eq!(renewed(true, wrong), (Ok(Renewed::Judged(0x63C2)), vec![None, pin, None], true));
        let suspended = refused(PaceStep::Name, 0x6A81);
        assert_eq!(renewed(false, suspended), (Ok(Renewed::Unusable(0x6A81)), vec![pin, None], true));
        for step in [PaceStep::Begin, PaceStep::Exchange] {
            let outcome = renewed(false, refused(step, 0x6983));
            assert_eq!(outcome, (Ok(Renewed::Refused(0x6983)), vec![pin, None], true));
        }
    }

    #[test]
    fn after_an_unclear_answer_there_is_no_channel() {
        for (error, outcome) in [
            (PaceError::Transport(TransportError::Comm), TransportError::Comm),
            (PaceError::Impostor, TransportError::Insecure),
            (PaceError::Malformed, TransportError::Insecure),
            (PaceError::NoMeans, TransportError::Insecure),
        ] {
            assert_eq!(renewed(false, Err(error)), (Err(outcome), vec![Some(3)], false));
        }
    }
}

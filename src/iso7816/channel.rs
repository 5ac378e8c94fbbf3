//! Sends commands and gathers answers: GET RESPONSE, repeated Le, chained long answers.

use super::apdu::{Command, Credential, Header};
use super::status::StatusWord;
use crate::transport::{Protocol, Transport, TransportError};
use zeroize::Zeroizing;

/// What a card answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The response data, gathered over GET RESPONSE. What a card deciphers is secret, so every answer is wiped.
    pub data: Zeroizing<Vec<u8>>,
    /// The last status word.
    pub sw: StatusWord,
}

/// No answer of these cards takes more GET RESPONSE than this (the longest, an RSA-3072 signature, takes two); a
/// card that goes on beyond is broken.
const MAX_PARTS: usize = 16;
/// GET RESPONSE (ISO 7816-4 §11.7.1).
const GET_RESPONSE: Header = Header::new(0xC0, 0, 0);

/// A conversation with one card inside one transaction.
pub struct Channel<'t> {
    transport: &'t mut dyn Transport,
}

impl<'t> Channel<'t> {
    /// Opens a conversation over `transport`.
    pub fn new(transport: &'t mut dyn Transport) -> Self {
        Channel { transport }
    }

    /// Sends a command and gathers the whole answer.
    ///
    /// A 6CXX to a command without data is answered by the same command with the right Le: the card has not
    /// carried it out yet (ISO 7816-3 §12.2.1). That happens once.
    pub fn send(&mut self, command: &Command) -> Result<Reply, TransportError> {
        let case4_with_le = self.transport.protocol() == Protocol::T1;
        let mut reply = self.exchange(&command.encode(case4_with_le))?;
        if let Some(le) = reply.sw.right_le()
            && !command.sends_data()
        {
            reply = self.exchange(&command.with_le(le).encode(case4_with_le))?;
        }
        self.gather(reply)
    }

    /// Sends a PIN. Whatever happens, it is not sent again. No command with a PIN has an answer besides its
    /// status word: one that has more, or says so, is not believed. What a card would say to GET RESPONSE is no
    /// word about the PIN.
    pub fn send_credential(&mut self, credential: Credential) -> Result<StatusWord, TransportError> {
        let reply = self.exchange(credential.bytes())?;
        let is_all = reply.data.is_empty() && reply.sw.waiting().is_none();
        if is_all { Ok(reply.sw) } else { Err(TransportError::Protocol) }
    }

    /// Fetches what the card still holds (61XX) until it says that it is done.
    fn gather(&mut self, mut reply: Reply) -> Result<Reply, TransportError> {
        let mut parts = 0..MAX_PARTS;
        while let Some(le) = reply.sw.waiting() {
            let mut part = self.exchange(&Command::receive(GET_RESPONSE, le).encode(false))?;
            if let Some(right) = part.sw.right_le() {
                part = self.exchange(&Command::receive(GET_RESPONSE, right).encode(false))?;
            }
            if parts.next().is_none() || (part.data.is_empty() && part.sw.waiting().is_some()) {
                return Err(TransportError::Protocol);
            }
            // Not extended in place, which would leave a copy behind where it has to move.
            reply.data = Zeroizing::new([reply.data.as_slice(), &part.data].concat());
            reply.sw = part.sw;
        }
        Ok(reply)
    }

    fn exchange(&mut self, command: &[u8]) -> Result<Reply, TransportError> {
        let mut data = Zeroizing::new(self.transport.exchange(command)?);
        match (data.pop(), data.pop()) {
            (Some(sw2), Some(sw1)) => Ok(Reply { data, sw: StatusWord(u16::from_be_bytes([sw1, sw2])) }),
            _ => Err(TransportError::Protocol),
        }
    }
}

#[cfg(test)]
pub(crate) mod script {
    //! A card that expects certain commands and gives fixed answers.
    use super::*;

    /// Commands and answers in order; every command must come.
    pub(crate) struct Script {
        steps: std::collections::VecDeque<(Vec<u8>, Vec<u8>)>,
        protocol: Protocol,
    }

    impl Script {
        pub(crate) fn new(protocol: Protocol, steps: &[(&[u8], &[u8])]) -> Self {
            Script { steps: steps.iter().map(|(c, a)| (c.to_vec(), a.to_vec())).collect(), protocol }
        }
    }

    impl Transport for Script {
        fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
            let (expected, answer) = self.steps.pop_front().expect("a command more than expected");
            assert_eq!(command, expected);
            Ok(answer)
        }

        fn protocol(&self) -> Protocol {
            self.protocol
        }
    }

    impl Drop for Script {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                assert!(self.steps.is_empty(), "commands that were expected did not come");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::script::Script;
    use super::*;

    const HEADER: Header = Header::new(0xCB, 0, 0xFF);

    #[test]
    fn t0_fetches_the_answer_of_a_case_4_command() {
        let mut card = Script::new(
            Protocol::T0,
            &[
                (&[0, 0xCB, 0, 0xFF, 1, 9], &[0x61, 3]),
                (&[0, 0xC0, 0, 0, 3], &[1, 2, 3, 0x61, 2]),
                (&[0, 0xC0, 0, 0, 2], &[4, 5, 0x90, 0]),
            ],
        );
        let reply = Channel::new(&mut card).send(&Command::exchange(HEADER, &[9]).unwrap()).unwrap();
        assert_eq!((reply.data.as_slice(), reply.sw), ([1, 2, 3, 4, 5].as_slice(), StatusWord::OK));
    }

    #[test]
    fn t1_sends_case_4_in_one_piece() {
        let mut card = Script::new(Protocol::T1, &[(&[0, 0xCB, 0, 0xFF, 1, 9, 0], &[7, 0x90, 0])]);
        let reply = Channel::new(&mut card).send(&Command::exchange(HEADER, &[9]).unwrap()).unwrap();
        assert_eq!(*reply.data, [7]);
    }

    #[test]
    fn a_wrong_le_is_put_right_once() {
        let read = Command::receive(Header::new(0xB0, 0, 0), 0);
        let mut card = Script::new(
            Protocol::T0,
            &[(&[0, 0xB0, 0, 0, 0], &[0x6C, 2]), (&[0, 0xB0, 0, 0, 2], &[0x6C, 2])],
        );
        assert_eq!(Channel::new(&mut card).send(&read).unwrap().sw, StatusWord(0x6C02));
    }

    #[test]
    fn an_answer_without_a_status_word_is_an_error() {
        for answer in [&[][..], &[0x90]] {
            let mut card = Script::new(Protocol::T0, &[(&[0, 0xB0, 0, 0, 0], answer)]);
            let read = Command::receive(Header::new(0xB0, 0, 0), 0);
            assert_eq!(Channel::new(&mut card).send(&read), Err(TransportError::Protocol));
        }
    }

    #[test]
    fn a_chain_without_progress_ends() {
        let mut card = Script::new(
            Protocol::T0,
            &[(&[0, 0xB0, 0, 0, 0], &[0x61, 0]), (&[0, 0xC0, 0, 0, 0], &[0x61, 0])],
        );
        let read = Command::receive(Header::new(0xB0, 0, 0), 0);
        assert_eq!(Channel::new(&mut card).send(&read), Err(TransportError::Protocol));
    }

    #[test]
    fn a_pin_is_sent_once_and_nothing_but_a_status_word_is_believed() {
        let verify = Header::new(0x20, 0, 0x11);
        for (answer, outcome) in [
            (&[0x63, 0xC2][..], Ok(StatusWord(0x63C2))),
            (&[0x6D, 0x00], Ok(StatusWord(0x6D00))),
            (&[7, 0x90, 0x00], Err(TransportError::Protocol)),
            // A card that has more to say is not asked for it: what it says to that could be taken for the verdict.
            (&[0x61, 0xFF], Err(TransportError::Protocol)),
            (&[0x6C, 0x04], Ok(StatusWord(0x6C04))),
        ] {
            let mut card = Script::new(Protocol::T0, &[(&[0, 0x20, 0, 0x11, 2, 1, 2], answer)]);
            let pin = Credential::new(verify, &[&[1, 2]]).unwrap();
            assert_eq!(Channel::new(&mut card).send_credential(pin), outcome);
        }
    }
}

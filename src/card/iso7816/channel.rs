//! Sending commands and collecting their responses by GET RESPONSE and with a corrected Le.

use super::apdu::{Command, Credential, Header, Unfilled};
use super::status::StatusWord;
use crate::log::{self, Loggable, Record};
use crate::transport::keypad::Keypad;
use crate::transport::{Limits, MAX_ANSWER, Password, Protocol, Renewed, Transport, TransportError};
use zeroize::Zeroizing;

/// The response to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The response data, collected by GET RESPONSE. Decrypted data is secret, so all response data is wiped.
    pub data: Zeroizing<Vec<u8>>,
    /// The last status word.
    pub sw: StatusWord,
}

/// Most GET RESPONSE commands for one response. The longest response of these cards, an RSA-3072 signature, takes
/// two; a card that wants more than this is broken.
const MAX_PARTS: usize = 16;
/// GET RESPONSE (ISO 7816-4 §11.7.1).
const GET_RESPONSE: Header = Header::new(0xC0, 0, 0);

/// Sends commands to one card inside one transaction.
pub struct Channel<'t> {
    transport: &'t mut dyn Transport,
}

impl<'t> Channel<'t> {
    /// A channel over `transport`.
    pub fn new(transport: &'t mut dyn Transport) -> Self {
        Channel { transport }
    }

    /// How much fits into one command and one answer.
    pub fn limits(&self) -> Limits {
        self.transport.limits()
    }

    /// Sends a command and collects the whole response.
    ///
    /// If a command without data is answered by 6CXX, it is sent once more with the right Le: the card has not
    /// executed it yet (ISO 7816-3 §12.2.1).
    pub fn send(&mut self, command: &Command) -> Result<Reply, TransportError> {
        let case4_with_le = self.transport.protocol() == Protocol::T1;
        let of = command.header();
        let mut reply = self.exchange(of, of, &command.encode(case4_with_le))?;
        if let Some(le) = reply.sw.right_le()
            && !command.sends_data()
        {
            reply = self.exchange(of, of, &command.with_le(le).encode(case4_with_le))?;
        }
        self.gather(of, reply)
    }

    /// Sends a command with a PIN; whatever happens, it is not sent again. Such commands have no response data: a
    /// response with data is an error. So is a refusal after a card announced data by 61XX, because that refusal is
    /// about GET RESPONSE and not about the PIN.
    pub fn send_credential(&mut self, credential: Credential) -> Result<StatusWord, TransportError> {
        let of = credential.header();
        let reply = self.exchange(of, of, credential.bytes())?;
        let promised = reply.sw.waiting().is_some();
        let reply = self.gather(of, reply)?;
        let is_all = reply.data.is_empty() && (!promised || reply.sw == StatusWord::OK);
        if is_all { Ok(reply.sw) } else { Err(TransportError::Protocol) }
    }

    /// The keypad of the reader.
    pub fn keypad(&self) -> Option<&Keypad> {
        self.transport.keypad()
    }

    /// Sends a command with a PIN that is entered on the reader's keypad; whatever happens, once. The status word is the
    /// card's, or the keypad's own where nothing was sent.
    pub fn enter_credential(&mut self, unfilled: &Unfilled) -> Result<StatusWord, TransportError> {
        let of = unfilled.header();
        let answer = self.transport.enter(unfilled.command()).map(Zeroizing::new).and_then(parted);
        note(of, of, answer.as_ref());
        let reply = answer?;
        if reply.data.is_empty() { Ok(reply.sw) } else { Err(TransportError::Protocol) }
    }

    /// Presents a PIN as the password of a channel, once: through one that the card access number has opened anew, where a
    /// suspended PIN is to be resumed, or else in the clear. Either way the channel that there was has ended.
    pub fn renew(&mut self, password: Password<'_>, resume: bool) -> Result<Renewed, TransportError> {
        self.transport.renew(password, resume)
    }

    /// Fetches the rest of a response (61XX) until the card says that it is complete.
    fn gather(&mut self, of: Header, mut reply: Reply) -> Result<Reply, TransportError> {
        let mut parts = 0..MAX_PARTS;
        while let Some(le) = reply.sw.waiting() {
            let mut fetch =
                |le| self.exchange(GET_RESPONSE, of, &Command::receive(GET_RESPONSE, le).encode(false));
            let mut part = fetch(le)?;
            if let Some(right) = part.sw.right_le() {
                part = fetch(right)?;
            }
            if parts.next().is_none() || (part.data.is_empty() && part.sw.waiting().is_some()) {
                return Err(TransportError::Protocol);
            }
            // Not extended in place: a reallocation would leave a copy in memory.
            reply.data = Zeroizing::new([reply.data.as_slice(), &part.data].concat());
            reply.sw = part.sw;
        }
        Ok(reply)
    }

    /// Sends a command with this header, as a part of the command `of`.
    fn exchange(&mut self, header: Header, of: Header, command: &[u8]) -> Result<Reply, TransportError> {
        let answer = self.transport.exchange(command).map(Zeroizing::new).and_then(parted);
        note(header, of, answer.as_ref());
        answer
    }
}

/// Logs a command and its status word, without any data. The length of decrypted data is secret, too.
fn note(header: Header, of: Header, answer: Result<&Reply, &TransportError>) {
    let parameters = [header.p1, header.p2];
    let tell = |answer: &dyn Loggable, length| {
        log::debug(|| Record::Command { name: header.name(), parameters, answer, length });
    };
    match answer {
        Ok(reply) if of.answers_a_secret() => tell(&reply.sw.without_length(), None),
        Ok(reply) => tell(&reply.sw, Some(reply.data.len())),
        Err(error) => tell(error, None),
    }
}

/// Separates response data and status word. No answer is longer than a short one.
fn parted(mut data: Zeroizing<Vec<u8>>) -> Result<Reply, TransportError> {
    if data.len() > MAX_ANSWER {
        return Err(TransportError::Protocol);
    }
    match (data.pop(), data.pop()) {
        (Some(sw2), Some(sw1)) => Ok(Reply { data, sw: StatusWord(u16::from_be_bytes([sw1, sw2])) }),
        _ => Err(TransportError::Protocol),
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
    fn the_length_of_what_was_deciphered_is_not_logged() {
        log::collect(log::Level::Debug);
        let decipher = Command::receive(Header::new(0x2A, 0x80, 0x77), 0);
        let fetched: [(&[u8], &[u8]); 2] =
            [(&[0, 0x2A, 0x80, 0x77, 0], &[0x61, 3]), (&[0, 0xC0, 0, 0, 3], &[1, 2, 3, 0x90, 0])];
        Channel::new(&mut Script::new(Protocol::T0, &fetched)).send(&decipher).unwrap();
        let read = Command::receive(Header::new(0xB0, 0, 0x77), 0);
        let mut card = Script::new(Protocol::T0, &[(&[0, 0xB0, 0, 0x77, 0], &[1, 2, 0x90, 0])]);
        Channel::new(&mut card).send(&read).unwrap();
        // Other tests may run: their threads have other numbers.
        let lines = log::collected();
        let record = |line: &str| line.splitn(4, ' ').skip(2).map(str::to_owned).collect::<Vec<_>>();
        let all: Vec<_> = lines.iter().map(|line| record(line)).collect();
        let own = all.iter().find(|parts| parts[1] == "PSO DECIPHER 80 77: 6100\n").unwrap()[0].clone();
        let said: Vec<_> = all.iter().filter(|parts| parts[0] == own).map(|parts| &*parts[1]).collect();
        assert_eq!(
            said,
            [
                "PSO DECIPHER 80 77: 6100\n",
                "GET RESPONSE 00 00: 9000\n",
                "READ BINARY 00 77: 9000, 2 bytes\n"
            ]
        );
    }

    #[test]
    fn a_pin_is_sent_once_and_nothing_but_a_status_word_is_believed() {
        type Exchange<'s> = (&'s [u8], &'s [u8]);
        let verify = [0, 0x20, 0, 0x11, 2, 1, 2];
        let fetch = [0, 0xC0, 0, 0, 16];
        let more: Exchange<'_> = (&verify, &[0x61, 16]);
        let scripts: [(&[Exchange<'_>], _); 7] = [
            (&[(&verify, &[0x63, 0xC2])], Ok(StatusWord(0x63C2))),
            (&[(&verify, &[0x6D, 0x00])], Ok(StatusWord(0x6D00))),
            (&[(&verify, &[0x6C, 0x04])], Ok(StatusWord(0x6C04))),
            (&[(&verify, &[7, 0x90, 0x00])], Err(TransportError::Protocol)),
            (&[more, (&fetch, &[0x90, 0x00])], Ok(StatusWord::OK)),
            // This is said of GET RESPONSE.
            (&[more, (&fetch, &[0x69, 0x85])], Err(TransportError::Protocol)),
            (&[more, (&fetch, &[0x63, 0xC4])], Err(TransportError::Protocol)),
        ];
        for (script, outcome) in scripts {
            let pin = Credential::new(Header::new(0x20, 0, 0x11), &[&[1, 2]]).unwrap();
            let mut card = Script::new(Protocol::T0, script);
            assert_eq!(Channel::new(&mut card).send_credential(pin), outcome);
        }
    }
}

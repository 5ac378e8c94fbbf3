//! Operations with output: begun, fed and ended.

use super::card_key::CardKey;
use super::place::{Given, Place};
use crate::p11::Fault;
use crate::p11::output::{Produced, Room};
use crate::p11::session::Session;
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// Operations with output. At most one of each kind is active in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// §5.12
    Digest,
    /// §5.13
    Sign,
    /// §5.13, with recovery
    SignRecover,
    /// §5.15, with recovery
    VerifyRecover,
    /// §5.8
    Encrypt,
    /// §5.10
    Decrypt,
}

impl Kind {
    /// How many there are.
    const COUNT: usize = 6;

    /// All, with the flags by which C_SessionCancel names them.
    pub(super) const ALL: [(Kind, CK_FLAGS); Kind::COUNT] = [
        (Kind::Digest, CKF_DIGEST),
        (Kind::Sign, CKF_SIGN),
        (Kind::SignRecover, CKF_SIGN_RECOVER),
        (Kind::VerifyRecover, CKF_VERIFY_RECOVER),
        (Kind::Encrypt, CKF_ENCRYPT),
        (Kind::Decrypt, CKF_DECRYPT),
    ];
}

/// What an operation does with its data.
pub(super) trait Task: Send {
    /// Takes a part of the data. RSA encryption and decryption take none, by the standard.
    fn update(&mut self, _part: &[u8]) -> Result<(), Fault> {
        Err(Fault::FunctionNotSupported)
    }

    /// The length of the output, if these are the last of the data.
    fn length(&self, last: &[u8]) -> Length;

    /// Makes the output, after the last of the data.
    fn make(&mut self, session: &Session, last: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault>;

    /// The card's key that it works with.
    fn card_key(&mut self) -> Option<&mut CardKey> {
        None
    }
}

/// The length of output in bytes, as far as it is known beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// Exactly this.
    Exactly(usize),
    /// This or less.
    AtMost(usize),
}

/// An active operation.
pub struct Running {
    task: Box<dyn Task>,
    given: Given,
    /// Made already, but it did not fit into the program's buffer, and its length was not known beforehand.
    waiting: Option<Waiting>,
    /// Operations of a session are numbered as they are begun.
    number: u64,
}

/// Output, and the data that it was made of: other data have other output.
struct Waiting {
    data: Vec<u8>,
    output: Zeroizing<Vec<u8>>,
}

impl Running {
    pub(super) fn new(task: Box<dyn Task>, number: u64) -> Self {
        Running { task, given: Given::Nothing, waiting: None, number }
    }

    /// Takes a part of the data.
    pub fn update(&mut self, part: &[u8]) -> Result<(), Fault> {
        self.given.now(Given::Parts)?;
        self.task.update(part)
    }

    /// Makes the output of data that are given in one piece.
    pub fn whole(&mut self, session: &Session, data: &[u8], room: Room) -> Result<Produced, Fault> {
        self.given.now(Given::Whole)?;
        self.produce(session, data, room)
    }

    /// Makes the output of data that were given in parts, after the last one.
    pub fn last_part(&mut self, session: &Session, last: &[u8], room: Room) -> Result<Produced, Fault> {
        // Only a task that takes parts can be ended so.
        self.update(&[])?;
        self.produce(session, last, room).map_err(Fault::in_parts)
    }

    fn produce(&mut self, session: &Session, data: &[u8], room: Room) -> Result<Produced, Fault> {
        match (room, self.length(data)) {
            (Room::LengthOnly, Length::Exactly(length) | Length::AtMost(length)) => {
                return Ok(Produced::Length(length));
            }
            (Room::Buffer(bytes), Length::Exactly(length)) if bytes < length => {
                return Ok(Produced::TooSmall(length));
            }
            (Room::Buffer(_), _) => {}
        }
        let output = match self.waiting.take().filter(|waiting| waiting.data == data) {
            Some(waiting) => waiting.output,
            None => self.task.make(session, data)?,
        };
        let length = output.len();
        if matches!(room, Room::Buffer(bytes) if bytes < length) {
            self.waiting = Some(Waiting { data: data.to_vec(), output });
            return Ok(Produced::TooSmall(length));
        }
        Ok(Produced::Bytes(output))
    }

    fn length(&self, data: &[u8]) -> Length {
        match &self.waiting {
            Some(waiting) if waiting.data == data => Length::Exactly(waiting.output.len()),
            _ => self.task.length(data),
        }
    }

    /// Its key, if that wants its PIN for each use, and when it was begun.
    pub(super) fn wants_pin(&mut self) -> Option<(u64, &mut CardKey)> {
        let number = self.number;
        self.task.card_key().filter(|key| key.wants_pin()).map(|key| (number, key))
    }
}

/// The operation of each kind.
#[derive(Default)]
pub struct ByKind([Place<Running>; Kind::COUNT]);

impl ByKind {
    pub(super) fn place(&mut self, kind: Kind) -> &mut Place<Running> {
        let [digest, sign, sign_recover, verify_recover, encrypt, decrypt] = &mut self.0;
        match kind {
            Kind::Digest => digest,
            Kind::Sign => sign,
            Kind::SignRecover => sign_recover,
            Kind::VerifyRecover => verify_recover,
            Kind::Encrypt => encrypt,
            Kind::Decrypt => decrypt,
        }
    }

    pub(super) fn active(&mut self) -> impl Iterator<Item = &mut Running> {
        self.0.iter_mut().filter_map(|place| place.active().ok())
    }

    /// The active operations, as CKF_ bits.
    pub(super) fn flags(&self) -> CK_FLAGS {
        let pairs = self.0.iter().zip(Kind::ALL);
        pairs.filter(|(place, _)| place.is_active()).fold(0, |all, (_, (_, flag))| all | flag)
    }
}

//! Operations that are begun, fed and ended, and the rule by which they end or stay active (§5.2).

use super::card_key::CardKey;
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

    /// Can it be a multiple-part operation? RSA encryption and decryption cannot, by the standard.
    const fn takes_parts(self) -> bool {
        matches!(self, Kind::Digest | Kind::Sign)
    }
}

/// What an operation does with its data.
pub(super) trait Task: Send {
    /// Takes data.
    fn update(&mut self, data: &[u8]) -> Result<(), Fault>;

    /// The length of the output.
    fn length(&self) -> Length;

    /// Ends it.
    fn finish(self: Box<Self>, session: &Session) -> Result<Zeroizing<Vec<u8>>, Fault>;

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
pub(super) struct Running {
    stage: Stage,
    /// It takes its data in parts, so it cannot be completed as a single-part operation.
    in_parts: bool,
}

enum Stage {
    Open(Box<dyn Task>),
    /// Carried out, but the output did not fit into the program's buffer, and its length was not known beforehand.
    Done(Zeroizing<Vec<u8>>),
}

impl Running {
    pub(super) fn new(task: Box<dyn Task>) -> Self {
        Running { stage: Stage::Open(task), in_parts: false }
    }

    pub(super) fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.in_parts = true;
        match &mut self.stage {
            Stage::Open(task) => task.update(data),
            Stage::Done(_) => Err(Fault::OperationActive),
        }
    }

    fn length(&self) -> Length {
        match &self.stage {
            Stage::Open(task) => task.length(),
            Stage::Done(result) => Length::Exactly(result.len()),
        }
    }

    /// Its key, while that waits for C_Login(CKU_CONTEXT_SPECIFIC).
    pub(super) fn awaiting_pin(&mut self) -> Option<&mut CardKey> {
        match &mut self.stage {
            Stage::Open(task) => task.card_key().filter(|key| key.wants_pin()),
            Stage::Done(_) => None,
        }
    }
}

/// Completes an operation with the last of its data. If the program asks for the length, or its buffer is too small,
/// the operation stays active (§5.2); everything else ends it.
pub(super) fn produce(
    place: &mut Option<Running>,
    session: &Session,
    room: Room,
    data: &[u8],
) -> Result<Produced, Fault> {
    let running = place.as_ref().ok_or(Fault::OperationNotInitialized)?;
    match (room, running.length()) {
        (Room::LengthOnly, Length::Exactly(length) | Length::AtMost(length)) => {
            return Ok(Produced::Length(length));
        }
        (Room::Buffer(bytes), Length::Exactly(length)) if bytes < length => {
            return Ok(Produced::TooSmall(length));
        }
        (Room::Buffer(_), _) => {}
    }
    let Running { stage, in_parts } = place.take().ok_or(Fault::OperationNotInitialized)?;
    let result = match stage {
        Stage::Done(result) => result,
        Stage::Open(mut task) => {
            task.update(data)?;
            task.finish(session)?
        }
    };
    let length = result.len();
    if matches!(room, Room::Buffer(bytes) if bytes < length) {
        *place = Some(Running { stage: Stage::Done(result), in_parts });
        return Ok(Produced::TooSmall(length));
    }
    Ok(Produced::Bytes(result))
}

/// The active operation of each kind.
#[derive(Default)]
pub struct ByKind([Option<Running>; Kind::COUNT]);

impl ByKind {
    pub(super) fn place(&mut self, kind: Kind) -> &mut Option<Running> {
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

    /// The key that waits for C_Login(CKU_CONTEXT_SPECIFIC).
    pub(super) fn awaiting_pin(&mut self) -> Option<&mut CardKey> {
        self.0.iter_mut().flatten().find_map(Running::awaiting_pin)
    }

    /// The active operations, as CKF_ bits.
    pub(super) fn flags(&self) -> CK_FLAGS {
        let pairs = self.0.iter().zip(Kind::ALL);
        pairs.filter(|(place, _)| place.is_some()).fold(0, |all, (_, (_, flag))| all | flag)
    }

    /// Begins an operation.
    pub(super) fn begin(
        &mut self,
        kind: Kind,
        task: impl FnOnce() -> Result<Box<dyn Task>, Fault>,
    ) -> Result<(), Fault> {
        let place = self.place(kind);
        if place.is_some() {
            return Err(Fault::OperationActive);
        }
        *place = Some(Running::new(task()?));
        Ok(())
    }

    /// Continues a multiple-part operation. Any error ends it.
    pub fn update(&mut self, kind: Kind, data: &[u8]) -> Result<(), Fault> {
        let place = self.place(kind);
        let running = place.as_mut().ok_or(Fault::OperationNotInitialized)?;
        let taken = if kind.takes_parts() { running.update(data) } else { Err(Fault::FunctionNotSupported) };
        if taken.is_err() {
            *place = None;
        }
        taken
    }

    /// Completes a single-part operation.
    pub fn single_part(
        &mut self,
        session: &Session,
        kind: Kind,
        data: &[u8],
        room: Room,
    ) -> Result<Produced, Fault> {
        let place = self.place(kind);
        if place.as_ref().is_some_and(|running| running.in_parts) {
            // A multiple-part operation cannot be completed so (§5.13.2), and the error ends it.
            *place = None;
        }
        produce(place, session, room, data)
    }

    /// Completes a multiple-part operation.
    pub fn last_part(&mut self, session: &Session, kind: Kind, room: Room) -> Result<Produced, Fault> {
        let place = self.place(kind);
        if place.is_some() && !kind.takes_parts() {
            *place = None;
            return Err(Fault::FunctionNotSupported);
        }
        produce(place, session, room, &[]).map_err(Fault::in_parts)
    }
}

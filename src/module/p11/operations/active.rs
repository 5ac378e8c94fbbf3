//! The active operations of one session.

use super::card_key::CardKey;
use super::message_signing::MessageSigning;
use super::message_verifying::MessageVerifying;
use super::place::Place;
use super::running::{ByKind, Kind, Running, Task};
use super::search::Search;
use super::verify::{Verification, WithSignature};
use crate::p11::Fault;
use crate::p11::session::Session;
use cryptoki_sys::*;

/// The active operations of one session: at most one of each.
#[derive(Default)]
pub struct Operations {
    /// C_FindObjects.
    pub search: Place<Search>,
    /// Those that end with output, such as a signature.
    by_kind: ByKind,
    /// Message signing (§5.14).
    pub message_signing: Place<MessageSigning>,
    /// Verification of a signature that comes last (§5.15.1).
    pub verification: Place<Verification>,
    /// Verification of a signature that came first (§5.15.7).
    pub verification_of: Place<WithSignature>,
    /// Message verification (§5.16).
    pub message_verifying: Place<MessageVerifying>,
    /// How many operations with output were begun.
    begun: u64,
}

impl Operations {
    /// Where an operation with output is.
    pub fn place(&mut self, kind: Kind) -> &mut Place<Running> {
        self.by_kind.place(kind)
    }

    /// Begins an operation with output.
    pub(super) fn begin(
        &mut self,
        kind: Kind,
        task: impl FnOnce() -> Result<Box<dyn Task>, Fault>,
    ) -> Result<(), Fault> {
        let number = self.next_number();
        self.by_kind.place(kind).begin(|| Ok(Running::new(task()?, number)))
    }

    /// Numbers the operations as they are begun.
    pub(super) fn next_number(&mut self) -> u64 {
        self.begun = self.begun.saturating_add(1);
        self.begun
    }

    /// The active operations, as CKF_ bits.
    fn flags(&self) -> CK_FLAGS {
        let others = [
            (self.search.is_active(), CKF_FIND_OBJECTS),
            (self.message_signing.is_active(), CKF_MESSAGE_SIGN),
            (self.is_verifying(), CKF_VERIFY),
            (self.message_verifying.is_active(), CKF_MESSAGE_VERIFY),
        ];
        let others = others.into_iter().filter(|(is_active, _)| *is_active);
        others.fold(self.by_kind.flags(), |all, (_, flag)| all | flag)
    }

    /// Is a signature being verified, whether it comes first or last?
    pub(super) fn is_verifying(&self) -> bool {
        self.verification.is_active() || self.verification_of.is_active()
    }

    /// The key that C_Login(CKU_CONTEXT_SPECIFIC) is meant for: of those that want their PIN for each use, one that has
    /// none; of several, the one whose operation was begun last (§4.9).
    pub(crate) fn awaiting_pin(&mut self, session: &Session) -> Option<&mut CardKey> {
        let Operations { by_kind, message_signing, .. } = self;
        let message = message_signing.active().ok().and_then(|messages| messages.wants_pin(session));
        let all = by_kind.active().filter_map(Running::wants_pin).chain(message);
        all.max_by_key(|(number, key)| (!key.has_pin(), *number)).map(|(_, key)| key)
    }

    /// C_SessionCancel (§5.6.5): ends the operations named; those that are not active do not matter.
    pub fn cancel(&mut self, flags: CK_FLAGS) {
        for (kind, flag) in Kind::ALL {
            if flags & flag != 0 {
                self.place(kind).cancel();
            }
        }
        if flags & CKF_FIND_OBJECTS != 0 {
            self.search.cancel();
        }
        if flags & CKF_MESSAGE_SIGN != 0 {
            self.message_signing.cancel();
        }
        if flags & CKF_VERIFY != 0 {
            self.verification.cancel();
            self.verification_of.cancel();
        }
        if flags & CKF_MESSAGE_VERIFY != 0 {
            self.message_verifying.cancel();
        }
    }

    /// A dual-function cryptographic function (§5.17). Encryption and decryption are single-part here, so it never
    /// succeeds; the operations stay active.
    pub fn combined(&self, operations: CK_FLAGS) -> Result<(), Fault> {
        if self.flags() & operations == operations {
            Err(Fault::FunctionNotSupported)
        } else {
            Err(Fault::OperationNotInitialized)
        }
    }

    /// C_GetOperationState (§5.6.6): no operation can be saved.
    pub fn state(&self) -> Result<(), Fault> {
        Err(if self.flags() == 0 { Fault::OperationNotInitialized } else { Fault::StateUnsaveable })
    }
}

//! The active operations of one session.

use super::card_key::CardKey;
use super::message_signing::MessageSigning;
use super::message_verifying::MessageVerifying;
use super::running::{ByKind, Kind};
use super::search::Search;
use super::verify::Verifications;
use crate::p11::Fault;
use cryptoki_sys::*;

/// The active operations of one session: at most one of each.
#[derive(Default)]
pub struct Operations {
    /// C_FindObjects.
    pub search: Search,
    /// Those that end with output, such as a signature.
    pub by_kind: ByKind,
    /// Message signing (§5.14).
    pub message_signing: MessageSigning,
    /// Verification of a signature (§5.15).
    pub verifications: Verifications,
    /// Message verification (§5.16).
    pub message_verifying: MessageVerifying,
}

impl Operations {
    /// The active operations, as CKF_ bits.
    fn flags(&self) -> CK_FLAGS {
        let others = [
            (self.search.is_active(), CKF_FIND_OBJECTS),
            (self.message_signing.is_active(), CKF_MESSAGE_SIGN),
            (self.verifications.is_active(), CKF_VERIFY),
            (self.message_verifying.is_active(), CKF_MESSAGE_VERIFY),
        ];
        let others = others.into_iter().filter(|(is_active, _)| *is_active);
        others.fold(self.by_kind.flags(), |all, (_, flag)| all | flag)
    }

    /// The key that waits for C_Login(CKU_CONTEXT_SPECIFIC).
    pub(crate) fn awaiting_pin(&mut self) -> Option<&mut CardKey> {
        let Operations { by_kind, message_signing, .. } = self;
        by_kind.awaiting_pin().or_else(|| message_signing.awaiting_pin())
    }

    /// C_SessionCancel (§5.6.5): ends the operations named; those that are not active do not matter.
    pub fn cancel(&mut self, flags: CK_FLAGS) {
        if flags & CKF_FIND_OBJECTS != 0 {
            self.search = Search::default();
        }
        for (kind, flag) in Kind::ALL {
            if flags & flag != 0 {
                *self.by_kind.place(kind) = None;
            }
        }
        if flags & CKF_MESSAGE_SIGN != 0 {
            self.message_signing = MessageSigning::default();
        }
        if flags & CKF_VERIFY != 0 {
            self.verifications = Verifications::default();
        }
        if flags & CKF_MESSAGE_VERIFY != 0 {
            self.message_verifying = MessageVerifying::default();
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

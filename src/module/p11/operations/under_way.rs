//! The operations that are under way in one session.

use super::card_key::CardKey;
use super::message_signing::MessageSigning;
use super::message_verifying::MessageVerifying;
use super::running::{ByKind, Kind};
use super::search::Search;
use super::verify::Verifications;
use crate::p11::Fault;
use cryptoki_sys::*;

/// The operations that can be under way in one session: one of each at most.
#[derive(Default)]
pub struct Operations {
    /// C_FindObjects.
    pub search: Search,
    /// Those that end in a result, such as a signature.
    pub by_kind: ByKind,
    /// Messages that are signed one after the other.
    pub message_signing: MessageSigning,
    /// Verifications of signatures.
    pub verifications: Verifications,
    /// Messages whose signatures are verified one after the other.
    pub message_verifying: MessageVerifying,
}

impl Operations {
    /// Which are under way, as CKF_ bits.
    fn flags(&self) -> CK_FLAGS {
        let others = [
            (self.search.is_under_way(), CKF_FIND_OBJECTS),
            (self.message_signing.is_under_way(), CKF_MESSAGE_SIGN),
            (self.verifications.is_under_way(), CKF_VERIFY),
            (self.message_verifying.is_under_way(), CKF_MESSAGE_VERIFY),
        ];
        let others = others.into_iter().filter(|(is_under_way, _)| *is_under_way);
        others.fold(self.by_kind.under_way(), |all, (_, flag)| all | flag)
    }

    /// The key that waits for a login of its own.
    pub(crate) fn awaiting_pin(&mut self) -> Option<&mut CardKey> {
        let Operations { by_kind, message_signing, .. } = self;
        by_kind.awaiting_pin().or_else(|| message_signing.awaiting_pin())
    }

    /// C_SessionCancel (§5.6.5): ends the operations named; those that are not under way do not matter.
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

    /// A function with two purposes (§5.17). The kinds that come out changed take no parts here, so there is
    /// nothing that the two could share; what is under way stays.
    pub fn combined(&self, operations: CK_FLAGS) -> Result<(), Fault> {
        if self.flags() & operations == operations {
            Err(Fault::FunctionNotSupported)
        } else {
            Err(Fault::OperationNotInitialized)
        }
    }

    /// C_GetOperationState (§5.6.6): what is under way cannot be carried out of the process.
    pub fn state(&self) -> Result<(), Fault> {
        Err(if self.flags() == 0 { Fault::OperationNotInitialized } else { Fault::StateUnsaveable })
    }
}

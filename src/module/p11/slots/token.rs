//! The state of a slot's token besides the card itself: who is logged in, and the handles of its objects.

use crate::p11::objects::handles::Handles;
use avain_card::cards::Pin;
use avain_card::token::{Insertion, OncePin};
use std::sync::Arc;

/// Who is logged in.
#[derive(Default)]
pub(crate) enum Login {
    /// Nobody.
    #[default]
    Public,
    /// The user. If the key needs its PIN each time, the PIN given at login is good for the first signature.
    User(Option<OncePin>),
    /// The security officer, with the activation PIN or PUK. No command tests it without risking a try, so it is kept
    /// and checked when it is used.
    SecurityOfficer(Arc<Pin>),
}

/// The state of a slot's token besides the card itself.
#[derive(Default)]
pub(crate) struct TokenState {
    /// The card that it belongs to. For another card everything starts afresh.
    insertion: Option<Arc<Insertion>>,
    pub(crate) login: Login,
    pub(crate) handles: Handles,
}

impl TokenState {
    /// The state for this card, fresh if it was another's.
    pub(crate) fn for_card(&mut self, insertion: &Arc<Insertion>) -> &mut Self {
        if !self.insertion.as_ref().is_some_and(|known| Arc::ptr_eq(known, insertion)) {
            *self = TokenState { insertion: Some(insertion.clone()), ..TokenState::default() };
        }
        self
    }

    pub(crate) fn is_user(&self) -> bool {
        matches!(self.login, Login::User(_))
    }

    /// Ends the login; handles of private objects become invalid for good.
    pub(super) fn log_out(&mut self) {
        self.login = Login::Public;
        self.handles.forget_private();
    }
}

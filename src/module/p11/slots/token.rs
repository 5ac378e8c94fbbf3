//! What a slot knows of its token besides the card itself: who is logged in, and which handles were given.

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
    /// The holder. A signature PIN given at login is good for the first signature that follows.
    User(Option<OncePin>),
    /// Somebody with the activation PIN or PUK. No command tests it without cost, so it is kept until it is used
    /// and judged then.
    SecurityOfficer(Arc<Pin>),
}

/// What a slot knows of its token besides the card itself.
#[derive(Default)]
pub(crate) struct TokenState {
    /// The card that it is about. For another card everything begins anew.
    insertion: Option<Arc<Insertion>>,
    pub(crate) login: Login,
    pub(crate) handles: Handles,
}

impl TokenState {
    /// The state for this card.
    pub(crate) fn for_card(&mut self, insertion: &Arc<Insertion>) -> &mut Self {
        if !self.insertion.as_ref().is_some_and(|known| Arc::ptr_eq(known, insertion)) {
            *self = TokenState { insertion: Some(insertion.clone()), ..TokenState::default() };
        }
        self
    }

    pub(crate) fn is_user(&self) -> bool {
        matches!(self.login, Login::User(_))
    }

    /// After this nobody is logged in, and handles of private objects are void for ever.
    pub(super) fn log_out(&mut self) {
        self.login = Login::Public;
        self.handles.forget_private();
    }
}

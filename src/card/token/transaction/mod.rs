//! One transaction with one card: what can be done with it while no other program may speak to it.
//!
//! Between two transactions other programs use the card too. So what is remembered of its state is acted on without
//! asking, and checked when the card objects.

mod activation;
mod asking;
mod certificates;
mod credential;
mod keys;
mod personal_data;
mod presenting;
mod selecting;
mod setting;

pub(super) use setting::check_new;

use super::insertion::Insertion;
use super::policy::RefusedPins;
use crate::cards::profile::{PinSpec, SelectTarget};
use crate::cards::{CardError, CardProfile, Pin, Role};
use crate::iso7816::Channel;

/// What is remembered of the card for as long as the connection lasts.
#[derive(Default)]
pub(super) struct CardState {
    /// What is selected, if it was selected through us.
    pub(super) selected: Option<SelectTarget>,
    /// The card's number was compared since the connection was made or the card was reset.
    pub(super) identified: bool,
    /// PINs that were presented through us and not taken back.
    pub(super) verified: [bool; 2],
    /// Another program was connected when we connected, so its PINs may stand.
    pub(super) shared: bool,
    /// The number is another one: this is not the card that it was taken for.
    pub(super) stranger: bool,
    /// The PUK was presented and may stand, and the card has no command that takes it back for certain: it has to be
    /// reset before another program speaks to it.
    pub(super) to_be_reset: bool,
}

impl CardState {
    /// After a reset, or a selection of the application, no PIN stands.
    fn no_pin(&mut self) {
        self.verified = [false; 2];
    }
}

/// The PIN that this process may present again without asking, from login to logout.
#[derive(Default)]
pub(super) struct SessionPin(pub(super) Option<Pin>);

/// One transaction with one card.
pub(super) struct Transaction<'t> {
    pub(super) channel: Channel<'t>,
    pub(super) insertion: &'t Insertion,
    pub(super) profile: &'t CardProfile,
    pub(super) card_state: &'t mut CardState,
    pub(super) session_pin: &'t mut SessionPin,
    pub(super) refused: &'t RefusedPins,
}

impl<'t> Transaction<'t> {
    pub(super) fn pin_spec(&self, role: Role) -> Result<&'t PinSpec, CardError> {
        self.profile.pin(role).ok_or(CardError::Unsupported)
    }

    fn is_verified(&self, role: Role) -> bool {
        self.card_state.verified.get(role.index()) == Some(&true)
    }

    pub(super) fn set_verified(&mut self, role: Role, verified: bool) {
        if let Some(flag) = self.card_state.verified.get_mut(role.index()) {
            *flag = verified;
        }
    }

    fn serial(&self) -> &[u8] {
        self.insertion.identity.get().map_or(&[], |identity| identity.serial.as_slice())
    }
}

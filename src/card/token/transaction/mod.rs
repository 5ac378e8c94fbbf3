//! Everything that can be done with a card within one transaction, in which no other program can access it.
//!
//! Between transactions other programs may use the card. Nevertheless its last known state is assumed without asking;
//! only when the card refuses something is the state checked.

mod activation;
mod aftermath;
mod asking;
mod certificates;
mod credential;
mod kept;
mod keys;
mod personal_data;
mod selecting;
mod setting;
mod verifying;

pub(super) use setting::check_new;

use super::insertion::Insertion;
use super::kept::CertificateStore;
use super::policy::PinHistory;
use crate::cards::profile::{PinSpec, SelectTarget};
use crate::cards::{CardError, CardProfile, Entered, PinError, Role};
use crate::iso7816::Channel;
use crate::iso7816::secure::Session;

/// The last known state of the card, for as long as the connection lasts.
#[derive(Default)]
pub(super) struct CardState {
    /// The selected application or DF, if it was selected through us.
    pub(super) selected: Option<SelectTarget>,
    /// How the file begins that was last selected through us in the application.
    pub(super) file: Vec<u8>,
    /// The serial number was compared since the connection was made or the card was reset.
    pub(super) identified: bool,
    /// The PINs that were verified through us, by role.
    pub(super) verified: [bool; 2],
    /// Another program was connected when we connected, so PINs may be verified for it.
    pub(super) shared: bool,
    /// The channel to a card without contacts.
    pub(super) channel: Option<Session>,
    /// The serial number is another one: this is not the same card.
    pub(super) stranger: bool,
    /// Something was sent to it in the last transaction.
    pub(super) was_sent_to: bool,
    /// A PIN or the PUK may be open, and no command has certainly closed it: the card has to be reset before another
    /// program can access it.
    pub(super) to_be_reset: bool,
}

impl CardState {
    /// Nothing is known of what is selected.
    pub(super) fn doubt(&mut self) {
        self.selected = None;
        self.file.clear();
    }

    /// No PIN is verified, because of a reset or because the application was selected.
    fn none_verified(&mut self) {
        self.verified = [false; 2];
    }
}

/// What was entered at login, until logout: to be verified again if the card loses its verified state, and it was typed.
#[derive(Default)]
pub(super) struct SessionPin(pub(super) Option<Entered>);

/// One transaction with one card.
pub(super) struct Transaction<'t> {
    pub(super) channel: Channel<'t>,
    pub(super) insertion: &'t Insertion,
    pub(super) profile: &'t CardProfile,
    pub(super) card_state: &'t mut CardState,
    pub(super) session_pin: &'t mut SessionPin,
    pub(super) history: &'t PinHistory,
    pub(super) store: &'t CertificateStore,
    /// Asked before a PIN or code is sent: whether that is still wanted.
    pub(super) may_present: &'t dyn Fn() -> Result<(), PinError>,
    /// The right application is selected for certain: it was selected in this transaction, or has proved who it is.
    pub(super) certain: bool,
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

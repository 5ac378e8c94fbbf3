//! What holds on the contactless interface of a card.

use super::{Evidence, Role};
use crate::iso7816::secure::Suite;

/// By which interface a card is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interface {
    /// By its contacts.
    Contact,
    /// Without contacts, through a secure channel.
    Contactless,
}

/// How a kind of card is used through a channel, which its card access number opens: without contacts, or by them, too.
#[derive(Debug)]
pub struct Contactless {
    /// Does it want the channel by its contacts, too?
    pub by_contacts: bool,
    /// The application that is selected before EF.CardAccess, by its AID, if one is.
    pub application: Option<&'static [u8]>,
    /// Ciphers and curve, where they are not read from EF.CardAccess.
    pub suite: Option<Suite>,
    /// The PINs with which somebody has used it so. A refusal of another one may mean that the card wants its contacts.
    pub proven: &'static [Role],
    /// Can PINs be changed and set? Where the issuer says that a reader with contacts is needed, it is not tried.
    pub sets_pins: bool,
    /// How well this is known.
    pub evidence: Evidence,
}

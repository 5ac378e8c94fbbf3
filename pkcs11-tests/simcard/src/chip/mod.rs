//! What is inside a card: the part that differs from one card system to the next.
//!
//! [`crate::Card`] is the outside: the line (T=0 or T=1), faults, log and time. A [`Chip`] takes whole commands and
//! gives whole answers.

use crate::facts::codes::Codes;
use crate::facts::date::Date;
use crate::facts::description::CardDescription;
use crate::facts::holder::Holder;
use crate::facts::state::DeliveryState;
use crate::facts::switches::Switches;
use crate::pki::issued::Certificates;
use crate::pki::keys::Operation;
use crate::wire::apdu::{Command, Reply, sw};
use pins::Pins;
use serde::Serialize;

pub(crate) mod coding;
pub(crate) mod files;
pub(crate) mod pins;

/// How often a code was named in credential commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CredentialCount {
    /// VERIFY with data, CHANGE REFERENCE DATA and RESET RETRY COUNTER that named the reference in P2.
    pub commands: u32,
    /// VERIFY without data (asks for the state).
    pub probes: u32,
    /// Tries that this reference lost; a wrong PUK in RESET RETRY COUNTER counts for the PUK.
    pub tries_spent: u32,
    /// Codes of this reference that were presented and right.
    pub right: u32,
}

/// A PIN or the PUK, as tests and the control channel see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CodeView {
    pub(crate) reference: u8,
    pub(crate) tries: u8,
    pub(crate) verified: bool,
    /// `chosen`, or what is special about a code that the holder has not chosen yet.
    pub(crate) origin: &'static str,
    pub(crate) count: CredentialCount,
}

/// What a command needs from outside the chip, and what it leaves there.
pub(crate) struct Context<'a> {
    pub(crate) switches: &'a Switches,
    /// Private-key operations of this command, for the time model.
    pub(crate) operations: &'a mut Vec<Operation>,
    /// How many bytes a fault adds to the next signature.
    pub(crate) signature_length_fault: &'a mut Option<i32>,
}

impl Context<'_> {
    /// The signature as it leaves the card: a fault may have made it longer or shorter.
    pub(crate) fn sent(&mut self, mut signature: Vec<u8>) -> Vec<u8> {
        if let Some(difference) = self.signature_length_fault.take() {
            let length = signature.len().saturating_add_signed(difference as isize);
            signature.resize(length.min(512), 0xA5);
        }
        signature
    }
}

/// A second card system of the same kind in the same state.
pub(crate) trait Copied {
    fn copied(&self) -> Box<dyn Chip>;
}

impl<C: Chip + Clone + 'static> Copied for C {
    fn copied(&self) -> Box<dyn Chip> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Chip> {
    fn clone(&self) -> Self {
        self.as_ref().copied()
    }
}

/// A card system.
pub(crate) trait Chip: Send + Copied {
    /// A command other than GET RESPONSE.
    fn process(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply;

    /// A command that could not even be taken apart; whatever waited for its continuation waits no more.
    fn malformed(&mut self) {}

    /// Power is gone: everything volatile is lost.
    fn power_off(&mut self);

    /// Another program selected another application.
    fn another_application(&mut self);

    /// Name of the selected application.
    fn application(&self) -> &'static str;

    /// The PINs and the PUK.
    fn pins(&self) -> &Pins;

    /// The same, to change what no command changes.
    fn pins_mut(&mut self) -> &mut Pins;

    /// The certificates as issued.
    fn certificates(&self) -> &Certificates;

    /// Card number as printed.
    fn printed_serial(&self) -> String;

    /// The digits of a PIN or the PUK that is the password of a channel under this number; an error is the status to its
    /// choice. It may be chosen inside a channel that there is.
    fn password(&self, _number: u8, _in_channel: bool) -> Result<String, u16> {
        Err(sw::REFERENCE_NOT_FOUND)
    }

    /// How many tries such a password has left, if it lacks some.
    fn tries_of_password(&self, _number: u8) -> Option<u8> {
        None
    }

    /// Such a password was given. The status of a wrong one.
    fn password_given(&mut self, _number: u8, _right: bool, _switches: &Switches) -> u16 {
        sw::REFERENCE_NOT_FOUND
    }

    /// The channel has ended, whatever had opened it.
    fn channel_ended(&mut self) {}
}

/// What makes one card of a kind differ from the next.
pub(crate) struct Personalisation<'a> {
    pub(crate) holder: &'a Holder,
    pub(crate) state: DeliveryState,
    /// Day of issue, if it is not the kind's own.
    pub(crate) issued: Option<Date>,
    pub(crate) codes: &'a Codes,
    pub(crate) switches: &'a Switches,
}

/// A kind of card, as data.
pub(crate) trait Blueprint {
    /// What every card has.
    fn description(&'static self) -> &'static CardDescription;

    /// The inside of a card: keys are derived, certificates issued, files written.
    fn make(&'static self, personalisation: &Personalisation<'_>) -> Box<dyn Chip>;
}

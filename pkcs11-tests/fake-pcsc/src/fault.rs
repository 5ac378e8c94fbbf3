//! What can go wrong, and when.

use crate::codes::*;
use simcard::Action;
use std::str::FromStr;
use std::time::Duration;

/// What happens, to the world or to one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Another program resets the card: its state is lost, and every connection learns it.
    Reset,
    /// The card is taken out.
    Removed,
    /// The card is taken out and put in again.
    Reinserted,
    /// The card is taken out, and another person's card of the same kind is put in.
    Swapped,
    /// The daemon ends.
    Service,
    /// The daemon ends and is started again.
    Restarted,
    /// The reader is unplugged.
    Vanished,
    /// Another program holds the card for itself alone: SCARD_E_SHARING_VIOLATION.
    Sharing,
    /// SCARD_E_NOT_TRANSACTED.
    Lost,
    /// SCARD_F_COMM_ERROR.
    Comm,
    /// SCARD_W_UNRESPONSIVE_CARD.
    Mute,
    /// SCARD_W_UNPOWERED_CARD.
    Unpowered,
    /// SCARD_E_PROTO_MISMATCH.
    Mismatch,
    /// SCARD_W_SECURITY_VIOLATION, which older daemons answer where polkit refuses.
    Violation,
    /// SCARD_E_NO_ACCESS, which newer ones do.
    NoAccess,
    /// The call takes [`Event::DELAY`] longer.
    Slow,
    /// Another program begins a transaction, and ends it [`Event::HELD`] later.
    Held,
    /// The card acts, and an answer of no bytes comes.
    Empty,
    /// The card acts, and one byte comes.
    OneByte,
    /// The card acts, and its answer comes behind as many bytes as have room.
    Long,
    /// The card acts, and its answer is longer than the buffer: SCARD_E_INSUFFICIENT_BUFFER.
    TooLong,
    /// The card does not act, and asks for another Le: 6C10.
    OtherLe,
    /// The card acts, and says in place of its answer that more of it waits: 6110.
    Waiting,
    /// The card acts, and from now on says after each answer that more of it waits: chains never end.
    Endless,
    /// It is the card that does this, see [`Action`]. Written as `simcard` writes it: `status:6A82`, `cut:1`.
    Card(Action),
}

impl Event {
    /// How much longer [`Event::Slow`] takes.
    pub const DELAY: Duration = Duration::from_millis(20);
    /// How long the transaction of [`Event::Held`] lasts.
    pub const HELD: Duration = Duration::from_millis(30);

    const NAMES: [(Self, &str); 24] = [
        (Self::Reset, "reset"),
        (Self::Removed, "removed"),
        (Self::Reinserted, "reinserted"),
        (Self::Swapped, "swapped"),
        (Self::Service, "service"),
        (Self::Restarted, "restarted"),
        (Self::Vanished, "vanished"),
        (Self::Sharing, "sharing"),
        (Self::Lost, "lost"),
        (Self::Comm, "comm"),
        (Self::Mute, "mute"),
        (Self::Unpowered, "unpowered"),
        (Self::Mismatch, "mismatch"),
        (Self::Violation, "violation"),
        (Self::NoAccess, "no-access"),
        (Self::Slow, "slow"),
        (Self::Held, "held"),
        (Self::Empty, "empty"),
        (Self::OneByte, "one-byte"),
        (Self::Long, "long"),
        (Self::TooLong, "too-long"),
        (Self::OtherLe, "other-le"),
        (Self::Waiting, "waiting"),
        (Self::Endless, "endless"),
    ];

    /// What the call returns that it happens to.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Reset => RESET_CARD,
            Self::Removed | Self::Reinserted | Self::Swapped => REMOVED_CARD,
            Self::Service | Self::Restarted => NO_SERVICE,
            Self::Vanished => READER_UNAVAILABLE,
            Self::Sharing => SHARING_VIOLATION,
            Self::Lost => NOT_TRANSACTED,
            Self::Comm => COMM_ERROR,
            Self::Mute => UNRESPONSIVE_CARD,
            Self::Unpowered => UNPOWERED_CARD,
            Self::Mismatch => PROTO_MISMATCH,
            Self::Violation => SECURITY_VIOLATION,
            Self::NoAccess => NO_ACCESS,
            Self::Slow | Self::Held => SUCCESS,
            Self::Empty | Self::OneByte | Self::Long => SUCCESS,
            Self::OtherLe | Self::Waiting | Self::Endless | Self::Card(_) => SUCCESS,
            Self::TooLong => INSUFFICIENT_BUFFER,
        }
    }

    /// Whether it changes the world, so that the call itself finds out what it has to return.
    pub(crate) fn is_of_the_world(&self) -> bool {
        use Event::*;
        matches!(self, Reset | Removed | Reinserted | Swapped | Service | Restarted | Vanished | Held)
    }

    /// Whether it is the answer of the card that it changes.
    pub(crate) fn is_of_the_answer(&self) -> bool {
        use Event::*;
        matches!(self, Empty | OneByte | Long | TooLong | OtherLe | Waiting | Endless | Card(_))
    }
}

/// An event before or after what the call does. Written `reset-before`, `reset-after`, `slow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What happens.
    pub event: Event,
    /// Whether the call has done its work by then, and only its answer is lost.
    pub after: bool,
}

impl Fault {
    /// In what was played; `of` tells the call.
    pub(crate) fn played(&self, of: &str) -> String {
        let when = if self.after { "after" } else { "before" };
        match &self.event {
            Event::Card(action) => format!("{}@{of}", action.name()),
            event => format!("{event:?}-{when}@{of}"),
        }
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, after) = match text.strip_suffix("-after") {
            Some(name) => (name, true),
            None => (text.strip_suffix("-before").unwrap_or(text), false),
        };
        match Event::NAMES.iter().find(|(_, known)| *known == name) {
            Some((event, _)) => Ok(Self { event: event.clone(), after }),
            None => Ok(Self { event: Event::Card(simcard::Fault::parse(text)?.action), after: false }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read() {
        assert_eq!("reset-after".parse(), Ok(Fault { event: Event::Reset, after: true }));
        assert_eq!("too-long".parse(), Ok(Fault { event: Event::TooLong, after: false }));
        let of_card = |action| Ok(Fault { event: Event::Card(action), after: false });
        assert_eq!("status-after:6F00".parse(), of_card(Action::StatusAfter(0x6F00)));
        assert_eq!("other-application-before".parse(), of_card(Action::OtherApplicationBefore));
        assert!("rest-before".parse::<Fault>().is_err());
    }
}

//! The names by which the programs of the desktop call each other on the session bus. The files in `packaging/common`
//! have the same ones.

/// The window: its name on the bus, and that of its desktop entry and its icon.
pub const WINDOW: &str = "fi.avain.avain";
/// The agent: its name on the bus.
pub const AGENT: &str = "fi.avain.agent";

/// What the window is asked to show: an action of its `GApplication`, called by
/// `org.freedesktop.Application.ActivateAction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A card was put in that is not activated: the page that offers to activate it, which has no field and asks for no
    /// focus. The agent calls it, with the name of the reader.
    Offer,
    /// The holder has accepted that in a notification: the page with the fields. With the name of the reader.
    Accept,
    /// Activate the card. This and those below stand in the launcher's menu.
    Activate,
    /// Change a PIN.
    Change,
    /// Unlock a PIN.
    Unblock,
    /// Test reader and card.
    Test,
    /// Give the CAN of a contactless card.
    Can,
}

impl Action {
    /// All actions.
    pub const ALL: [Action; 7] = [
        Action::Offer,
        Action::Accept,
        Action::Activate,
        Action::Change,
        Action::Unblock,
        Action::Test,
        Action::Can,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Offer => "offer",
            Action::Accept => "accept",
            Action::Activate => "activate",
            Action::Change => "change",
            Action::Unblock => "unblock",
            Action::Test => "test",
            Action::Can => "can",
        }
    }

    /// Does it have the name of a reader as its parameter (a string)?
    pub const fn names_reader(self) -> bool {
        matches!(self, Action::Offer | Action::Accept)
    }
}

/// The object by which a program on the bus is reached, as the Desktop Entry Specification (D-Bus Activation) derives it
/// from the name.
pub fn object_path(name: &str) -> String {
    format!("/{}", name.replace('.', "/").replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_called_like_its_program() {
        assert_eq!(object_path(WINDOW), "/fi/avain/avain");
        assert_eq!(object_path("org.example.two-words"), "/org/example/two_words");
    }
}

//! Another program, which somebody is typing into.

use crate::{Process, Session, wait_for};

/// Another program: its window is open and has the keyboard.
pub struct Other(Process);

const TITLE: &str = "Other program";

impl Other {
    /// Opens its window.
    ///
    /// # Panics
    /// Where it does not get the keyboard.
    #[track_caller]
    pub fn open(session: &Session) -> Self {
        let other = session.run("xev", &["-name", TITLE, "-event", "keyboard"]);
        let other = Self(other);
        other.takes_keyboard(session);
        other
    }

    /// Gives it the keyboard, as a click on its title does.
    ///
    /// # Panics
    /// Where it does not get it.
    #[track_caller]
    pub fn takes_keyboard(&self, session: &Session) {
        let window = session.screen().window(TITLE);
        session.screen().activate(&window);
        wait_for("the keyboard", || self.has_keyboard(session).then_some(()));
    }

    /// Do keys reach it?
    pub fn has_keyboard(&self, session: &Session) -> bool {
        session.screen().focused().as_deref() == Some(TITLE)
    }

    /// What was typed into it: xev writes, of each key that goes down or up, which bytes it stands for.
    ///
    /// # Panics
    /// Where xev writes something else.
    pub fn typed(&self) -> String {
        let said = self.0.said();
        let pressed = said.split("\n\n").filter(|event| event.starts_with("KeyPress event"));
        let bytes = pressed.filter_map(|event| {
            let (_, rest) = event.split_once("XLookupString gives 1 bytes: (")?;
            let (byte, _) = rest.split_once(')')?;
            Some(char::from(u8::from_str_radix(byte, 16).expect("a byte")))
        });
        bytes.collect()
    }
}

//! What the holder wants to happen when a card is put in that is not activated.

use super::super::registration::writing;
use super::super::system::{self, System};
use std::io;
use std::path::PathBuf;

/// What happens then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preference {
    /// The window opens.
    #[default]
    Window,
    /// There is a notification.
    Notification,
    /// Nothing.
    Nothing,
}

impl Preference {
    /// All that can be chosen.
    pub const ALL: [Preference; 3] = [Preference::Window, Preference::Notification, Preference::Nothing];

    /// Its name in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Preference::Window => "window",
            Preference::Notification => "notification",
            Preference::Nothing => "nothing",
        }
    }

    /// What the user of this computer has chosen: a word in `new-card`, in the folder of settings.
    pub fn of(system: &System) -> Self {
        let text = file(system).map(|file| system::text(&file)).unwrap_or_default();
        Self::ALL.into_iter().find(|choice| choice.name() == text.trim()).unwrap_or_default()
    }

    /// Keeps the choice.
    pub fn keep(self, system: &System) -> io::Result<()> {
        let file = file(system).ok_or(io::ErrorKind::NotFound)?;
        writing::write(&file, format!("{}\n", self.name()).as_bytes(), 0o600).map(drop)
    }
}

fn file(system: &System) -> Option<PathBuf> {
    system.config_folder().map(|folder| folder.join("avain/new-card"))
}

#[cfg(test)]
mod tests {
    use super::super::super::system::furnished::Furnished;
    use super::*;
    use std::path::Path;

    #[test]
    fn a_choice_is_kept_and_what_is_none_is_the_usual() {
        let place = Furnished::new(&[("config/avain/new-card", "sometimes\n")]);
        let environment = [("XDG_CONFIG_HOME".into(), place.path().join("config").into())];
        let system = System::new(Path::new("/"), environment);
        assert_eq!(Preference::of(&system), Preference::Window);
        for choice in Preference::ALL {
            choice.keep(&system).unwrap();
            assert_eq!(Preference::of(&system), choice);
        }
        let homeless = System::new(Path::new("/"), []);
        assert!(Preference::Nothing.keep(&homeless).is_err());
        assert_eq!(Preference::of(&homeless), Preference::Window);
    }
}

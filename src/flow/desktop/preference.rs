//! What the holder wants to happen when a card is put in that is not activated.

use super::super::config;
use super::super::failure::Failure;
use super::super::system::System;
use super::super::text::Variable;

const SETTING: &str = "new-card";

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

    /// What the user of this computer has chosen.
    pub fn of(system: &System) -> Self {
        let chosen = config::word(system, SETTING).unwrap_or_default();
        Self::ALL.into_iter().find(|choice| choice.name() == chosen).unwrap_or_default()
    }

    /// Keeps the choice.
    pub fn keep(self, system: &System) -> Result<(), Failure> {
        config::keep(system, SETTING, self.name())
    }
}

impl From<Preference> for Variable {
    fn from(preference: Preference) -> Self {
        Variable::from(preference.name())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::system::furnished::Furnished;
    use super::*;
    use std::path::Path;

    #[test]
    fn a_choice_is_kept_and_without_one_it_is_the_usual() {
        let place = Furnished::new(&[("config/avain/avain.toml", "log = \"info\"\n")]);
        let environment = [("XDG_CONFIG_HOME".into(), place.path().join("config").into())];
        let system = System::new(Path::new("/"), environment);
        assert_eq!(Preference::of(&system), Preference::Window);
        for choice in Preference::ALL {
            choice.keep(&system).unwrap();
            assert_eq!(Preference::of(&system), choice);
        }
        // With a file in which something is wrong nothing is kept, and it stays as it is.
        let wrong = "new-card = sometimes\n";
        std::fs::write(place.path().join("config/avain/avain.toml"), wrong).unwrap();
        assert!(Preference::Nothing.keep(&system).is_err());
        assert_eq!(Preference::of(&system), Preference::Window);
        let homeless = System::new(Path::new("/"), []);
        assert!(Preference::Nothing.keep(&homeless).is_err());
        assert_eq!(Preference::of(&homeless), Preference::Window);
    }
}

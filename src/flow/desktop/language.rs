//! The language of the desktop's programs: that of the session, until its user chooses another one in the window.

use super::super::config;
use super::super::failure::Failure;
use super::super::language::Language;
use super::super::system::System;

const SETTING: &str = "language";

/// The language that the user of this computer has chosen.
pub fn chosen_language(system: &System) -> Option<Language> {
    let chosen = config::word(system, SETTING)?;
    Language::ALL.into_iter().find(|known| known.code() == chosen)
}

/// The same; if none was chosen, that of the locale.
pub fn language(system: &System) -> Language {
    chosen_language(system).unwrap_or_else(Language::of_environment)
}

/// Keeps the choice.
pub fn keep_language(system: &System, language: Language) -> Result<(), Failure> {
    config::keep(system, SETTING, language.code())
}

#[cfg(test)]
mod tests {
    use super::super::super::system::furnished::Furnished;
    use super::*;
    use std::path::Path;

    #[test]
    fn the_choice_is_kept_and_what_is_none_is_the_locale() {
        let place = Furnished::new(&[("config/avain/avain.toml", "log = \"info\"\n")]);
        let environment = [("XDG_CONFIG_HOME".into(), place.path().join("config").into())];
        let system = System::new(Path::new("/"), environment);
        assert_eq!(super::language(&system), Language::of_environment());
        for language in Language::ALL {
            keep_language(&system, language).unwrap();
            assert_eq!(super::language(&system), language);
        }
    }
}

//! The language in which a keypad with a display speaks.

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Finnish.
    Finnish,
    /// Swedish.
    Swedish,
    /// English.
    #[default]
    English,
    /// Estonian.
    Estonian,
}

impl Language {
    /// All languages.
    pub const ALL: [Language; 4] =
        [Language::Finnish, Language::Swedish, Language::English, Language::Estonian];

    /// ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Language::Finnish => "fi",
            Language::Swedish => "sv",
            Language::English => "en",
            Language::Estonian => "et",
        }
    }

    /// wLangId: as USB numbers languages (USB-IF, Language Identifiers 1.0); English is that of the United States, which
    /// all displays have.
    pub(super) const fn number(self) -> u16 {
        match self {
            Language::Finnish => 0x040B,
            Language::Swedish => 0x041D,
            Language::English => 0x0409,
            Language::Estonian => 0x0425,
        }
    }

    /// The language of the locale (POSIX §8.2).
    pub fn of_environment() -> Self {
        Self::known_of_environment().unwrap_or_default()
    }

    /// The same, if it is one of these.
    pub fn known_of_environment() -> Option<Self> {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .and_then(|locale| Language::of_locale(&locale))
    }

    /// The language of a locale name such as `fi_FI.UTF-8`, if it is one of these.
    pub fn of_locale(locale: &str) -> Option<Self> {
        let language = locale.split(['_', '.', '@', '-']).next()?;
        Self::ALL.into_iter().find(|known| language.eq_ignore_ascii_case(known.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales() {
        assert_eq!(Language::of_locale("sv_FI.UTF-8"), Some(Language::Swedish));
        assert_eq!(Language::of_locale("et"), Some(Language::Estonian));
        assert_eq!(Language::of_locale("C.UTF-8"), None);
        assert_eq!(Language::of_locale(""), None);
    }
}

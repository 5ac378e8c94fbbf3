//! The language in which keypads with a display speak: wLangId, as USB has it.

use std::sync::atomic::{AtomicU16, Ordering};

/// English, of the United States: that is what all of them have.
const ENGLISH: u16 = 0x0409;

/// The languages of the cards' holders, by ISO 639-1.
const LANGUAGES: &[(&str, u16)] = &[
    ("fi", 0x040B),
    ("sv", 0x041D),
    ("et", 0x0425),
    ("lv", 0x0426),
    ("lt", 0x0427),
    ("nl", 0x0413),
    ("fr", 0x040C),
    ("de", 0x0407),
    ("ru", 0x0419),
];

static SPOKEN: AtomicU16 = AtomicU16::new(ENGLISH);

/// From now on they speak the language of this locale, such as `fi` or `fi_FI.UTF-8`; by default English.
pub fn speak(locale: Option<&str>) {
    let wanted = locale.and_then(|locale| locale.get(..2)).unwrap_or_default();
    let found = LANGUAGES.iter().find(|(name, _)| *name == wanted);
    SPOKEN.store(found.map_or(ENGLISH, |(_, id)| *id), Ordering::Relaxed);
}

/// Its number.
pub(super) fn spoken() -> u16 {
    SPOKEN.load(Ordering::Relaxed)
}

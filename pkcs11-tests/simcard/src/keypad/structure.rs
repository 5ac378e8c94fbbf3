//! PIN_VERIFY_STRUCTURE and PIN_MODIFY_STRUCTURE (§2.5.2, §2.5.3), as a driver takes them: numbers of several bytes in
//! the order of the computer. A keypad that is particular refuses everything that does not make sense.

use super::model::KeypadModel;

/// What a keypad was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The command, without digits.
    pub command: Vec<u8>,
    /// How many entries.
    pub entries: usize,
    /// Fewest and most digits.
    pub digits: (u8, u8),
    /// wLangId.
    pub language: u16,
    /// bNumberMessage.
    pub messages: u8,
    /// How many seconds it waits for a key.
    pub patience: u8,
}

/// A place for digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes after the beginning of the data.
    pub(super) offset: usize,
    /// It is for a new PIN.
    pub(super) is_new: bool,
}

/// A structure, taken apart.
pub(super) struct Structure {
    pub(super) asked: Asked,
    /// Where entries go, and whether each is the one before once more.
    pub(super) places: Vec<(Place, bool)>,
    pub(super) format: u8,
    pub(super) block: u8,
    pub(super) length: u8,
}

/// Reads one number after the other.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn word(&mut self) -> Option<u16> {
        self.take().map(u16::from_ne_bytes)
    }

    /// bTeoPrologue, ulDataLength and as many bytes, which are a command.
    fn command(mut self) -> Option<Vec<u8>> {
        let [_, _, _] = self.take()?;
        let length = self.take().map(u32::from_ne_bytes)?;
        let command = self.0;
        let is_all = usize::try_from(length).ok()? == command.len() && command.len() >= 5;
        is_all.then(|| command.to_vec())
    }
}

impl Structure {
    pub(super) fn verify(data: &[u8], keypad: &KeypadModel) -> Option<Self> {
        let mut bytes = Bytes(data);
        let [patience, _, format, block, length] = bytes.take()?;
        let digits = bytes.word()?.to_be_bytes();
        let validation = bytes.byte()?;
        let messages = bytes.byte()?;
        let language = bytes.word()?;
        let _which = bytes.byte()?;
        let command = bytes.command()?;
        let asked =
            Asked { command, entries: 1, digits: (digits[0], digits[1]), language, messages, patience };
        let place = Place { offset: 0, is_new: false };
        Self { asked, places: vec![(place, false)], format, block, length }.checked(
            validation,
            &[0, 1, 0xFF],
            keypad,
        )
    }

    pub(super) fn modify(data: &[u8], keypad: &KeypadModel) -> Option<Self> {
        let mut bytes = Bytes(data);
        let [patience, _, format, block, length, old, new] = bytes.take()?;
        let digits = bytes.word()?.to_be_bytes();
        let [confirm, validation, messages] = bytes.take()?;
        let language = bytes.word()?;
        let _which: [u8; 3] = bytes.take()?;
        let command = bytes.command()?;
        let mut places = Vec::new();
        if confirm & 2 != 0 {
            places.push((Place { offset: old.into(), is_new: false }, false));
        }
        let new = Place { offset: new.into(), is_new: true };
        places.push((new, false));
        if confirm & 1 != 0 {
            places.push((new, true));
        }
        let entries = places.len();
        let asked = Asked { command, entries, digits: (digits[0], digits[1]), language, messages, patience };
        let most = u8::try_from(entries).ok()?;
        Self { asked, places, format, block, length }.checked(validation, &[0, 1, most, 0xFF], keypad)
    }

    fn checked(self, validation: u8, messages: &[u8], keypad: &KeypadModel) -> Option<Self> {
        let (min, max) = self.asked.digits;
        let lengths = min <= max && min >= keypad.digits.0 && max <= keypad.digits.1;
        let ends = validation != 0 && validation & !keypad.validation == 0;
        let shown = self.asked.messages == 0 || (keypad.lines > 0 && messages.contains(&self.asked.messages));
        let languages = keypad.languages;
        let spoken =
            self.asked.messages == 0 || languages.is_empty() || languages.contains(&self.asked.language);
        // The fourth kind of digits is none.
        (lengths && ends && shown && spoken && self.format & 3 != 3).then_some(self)
    }

    pub(super) fn takes(&self, digits: usize) -> bool {
        let (min, max) = self.asked.digits;
        (usize::from(min)..=usize::from(max)).contains(&digits)
    }
}

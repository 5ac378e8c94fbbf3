//! What a keypad can do, by its own account.

use super::{Asks, Language, PadCommand, structures};
use std::sync::atomic::{AtomicBool, Ordering};

/// The request for the features of a reader, before it is made a control code (PC/SC part 10 §2.2).
const GET_FEATURES: u32 = 3400;

// Features (§2.3), and properties (§2.6.14).
const VERIFY_PIN_DIRECT: u8 = 0x06;
const MODIFY_PIN_DIRECT: u8 = 0x07;
const IFD_PIN_PROPERTIES: u8 = 0x0A;
const GET_TLV_PROPERTIES: u8 = 0x12;
const LCD_LAYOUT: u8 = 1;
const ENTRY_VALIDATION: u8 = 2;
const MIN_PIN_SIZE: u8 = 6;
const MAX_PIN_SIZE: u8 = 7;

/// bEntryValidationCondition: an entry ends when its key is pressed.
pub(super) const BY_KEY: u8 = 0x02;

/// What a driver answers to a structure that its keypad does not take (§2.5.2).
const BAD_STRUCTURE: &[u8] = &[0x6B, 0x80];

/// The keypad of a reader.
#[derive(Debug)]
pub struct Keypad {
    verify: u32,
    modify: Option<u32>,
    /// It shows messages.
    pub(super) has_display: bool,
    /// The ways in which an entry may end; 0 if it does not tell.
    validation: u8,
    /// Fewest and most digits that it takes, if it tells.
    min: Option<u8>,
    max: Option<u8>,
    /// What its holder speaks.
    language: Language,
    /// It has refused that language.
    knows_english_alone: AtomicBool,
}

impl Keypad {
    /// Asks a reader, to which control codes are sent by `control`. `None` if it has no keypad.
    pub fn of<E>(
        code: impl Fn(u32) -> u32,
        mut control: impl FnMut(u32, &[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<Option<Self>, E> {
        let features = control(code(GET_FEATURES), &[])?;
        let Some(verify) = feature(&features, VERIFY_PIN_DIRECT) else { return Ok(None) };
        let mut keypad = Keypad {
            verify,
            modify: feature(&features, MODIFY_PIN_DIRECT),
            has_display: false,
            validation: 0,
            min: None,
            max: None,
            language: Language::default(),
            knows_english_alone: AtomicBool::new(false),
        };
        if let Some(code) = feature(&features, IFD_PIN_PROPERTIES)
            && let Ok(told) = control(code, &[])
        {
            keypad.note_structure(&told);
        }
        if let Some(code) = feature(&features, GET_TLV_PROPERTIES)
            && let Ok(told) = control(code, &[])
        {
            objects(&told).for_each(|(tag, value)| keypad.note_property(tag, value));
        }
        Ok(Some(keypad))
    }

    /// The same for a holder who speaks this language.
    pub fn speaking(self, language: Language) -> Self {
        Keypad { language, ..self }
    }

    /// The language of its display. Keypads do not tell which ones they have, so one that has refused a structure is
    /// asked in English from then on; where there is no display, all is as if it were English.
    pub(super) fn language(&self) -> Language {
        if self.has_display && !self.knows_english_alone.load(Ordering::Relaxed) {
            self.language
        } else {
            Language::English
        }
    }

    /// Notes what was answered to a request. Nothing is asked for again by itself.
    pub fn note(&self, answer: &[u8]) {
        if answer == BAD_STRUCTURE {
            self.knows_english_alone.store(true, Ordering::Relaxed);
        }
    }

    /// PIN_PROPERTIES_STRUCTURE (§2.5.6): the layout of the display, and how an entry may end.
    fn note_structure(&mut self, told: &[u8]) {
        if let [columns, lines, validation, ..] = *told {
            self.note_property(LCD_LAYOUT, &[columns, lines]);
            self.note_property(ENTRY_VALIDATION, &[validation]);
        }
    }

    fn note_property(&mut self, tag: u8, value: &[u8]) {
        match (tag, value) {
            (LCD_LAYOUT, [_, _]) => self.has_display = value != [0, 0],
            (ENTRY_VALIDATION, [way]) => self.validation = *way,
            (MIN_PIN_SIZE, [digits]) => self.min = Some(*digits).filter(|digits| *digits > 0),
            (MAX_PIN_SIZE, [digits]) => self.max = Some(*digits).filter(|digits| *digits > 0),
            _ => {}
        }
    }

    /// Can it do this? Entries of the card's PINs have to fit, at least some of them, and an entry has to end by a key:
    /// PINs are of several lengths.
    pub fn takes(&self, asks: Asks, min: usize, max: usize) -> bool {
        let can = asks == Asks::Present || self.modify.is_some();
        can && (self.validation == 0 || self.validation & BY_KEY != 0) && self.digits(min, max).is_some()
    }

    /// The lengths of entries that both keypad and card take.
    pub fn digits(&self, min: usize, max: usize) -> Option<(u8, u8)> {
        let min = u8::try_from(min).ok()?.max(self.min.unwrap_or(0));
        let max = u8::try_from(max).ok()?.min(self.max.unwrap_or(u8::MAX));
        (min <= max).then_some((min, max))
    }

    /// The control code for a command, and what is sent with it. `None` if it cannot do that.
    pub fn request(&self, command: &PadCommand) -> Option<(u32, Vec<u8>)> {
        let PadCommand { asks, min, max, .. } = *command;
        if !self.takes(asks, min, max) {
            return None;
        }
        let digits = self.digits(min, max)?;
        match asks {
            Asks::Present => Some((self.verify, structures::verify(self, command, digits)?)),
            Asks::New | Asks::PresentAndNew { .. } => {
                Some((self.modify?, structures::modify(self, command, digits)?))
            }
        }
    }
}

/// The control code of a feature: four bytes, the highest first (§2.2).
fn feature(features: &[u8], wanted: u8) -> Option<u32> {
    let (_, value) = objects(features).find(|(tag, value)| *tag == wanted && value.len() == 4)?;
    value.try_into().ok().map(u32::from_be_bytes)
}

/// Tag, length and value, each of the first two in a byte. What is cut off at the end is left out.
fn objects(mut bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let [tag, length, rest @ ..] = bytes else { return None };
        let value = rest.get(..usize::from(*length))?;
        bytes = rest.get(usize::from(*length)..)?;
        Some((*tag, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEATURES: &[u8] =
        b"\x06\x04\x42\x33\0\x06\x07\x04\x42\x33\0\x07\x0A\x04\x42\x33\0\x0A\x12\x04\x42\x33\0\x12";

    /// A reader with these features, which tells these properties.
    fn reader(features: &[u8], structure: &[u8], properties: &[u8]) -> Option<Keypad> {
        let told = |code: u32, _: &[u8]| {
            Ok::<_, ()>(
                match code {
                    0x4200_0D48 => features,
                    0x4233_000A => structure,
                    0x4233_0012 => properties,
                    other => panic!("{other:08X}"),
                }
                .to_vec(),
            )
        };
        Keypad::of(|code| 0x4200_0000 | code, told).unwrap()
    }

    #[test]
    fn without_the_feature_there_is_no_keypad() {
        assert!(reader(&[], &[], &[]).is_none());
        assert!(reader(b"\x0A\x04\x42\x33\0\x0A", &[0, 0, 2, 0], &[]).is_none());
        for cut in 0..6 {
            assert!(reader(&FEATURES[..cut], &[], &[]).is_none(), "{cut}");
        }
        assert_eq!(Keypad::of(|code| code, |_, _| Err::<Vec<u8>, _>("no")).unwrap_err(), "no");
    }

    #[test]
    fn what_it_says_of_itself_is_its_limit() {
        let takes = |keypad: &Keypad| {
            [Asks::Present, Asks::New, Asks::PresentAndNew { offset: 12 }]
                .map(|asks| keypad.takes(asks, 4, 12))
        };
        let plain = reader(FEATURES, &[], &[]).unwrap();
        assert_eq!(
            (takes(&plain), plain.digits(4, 12), plain.has_display),
            ([true; 3], Some((4, 12)), false)
        );
        let short = reader(FEATURES, &[16, 2, 7, 1], b"\x06\x01\x05\x07\x01\x08").unwrap();
        assert_eq!((takes(&short), short.digits(4, 12), short.has_display), ([true; 3], Some((5, 8)), true));
        assert_eq!((short.digits(6, 7), short.digits(9, 12)), (Some((6, 7)), None));
        assert!(!short.takes(Asks::Present, 9, 12));
        // One that ends an entry only when it is full: PINs have several lengths.
        let full = reader(FEATURES, &[0, 0, 1, 0], &[]).unwrap();
        assert_eq!(takes(&full), [false; 3]);
        let verify_only = reader(&FEATURES[..6], &[], &[]).unwrap();
        assert_eq!(takes(&verify_only), [true, false, false]);
        // Properties by TLV alone; those of other lengths than theirs say nothing.
        let odd = reader(FEATURES, &[], b"\x01\x02\x10\x02\x02\x01\x02\x06\x02\x09\x09\x07\x00").unwrap();
        assert_eq!((odd.has_display, odd.digits(4, 12)), (true, Some((4, 12))));
    }

    #[test]
    fn a_display_speaks_as_its_holder_does_until_it_refuses() {
        let with = |structure: &[u8]| reader(FEATURES, structure, &[]).unwrap().speaking(Language::Finnish);
        let (display, blind) = (with(&[16, 2, 2, 0]), with(&[0, 0, 2, 0]));
        assert_eq!([&display, &blind].map(Keypad::language), [Language::Finnish, Language::English]);
        display.note(&[0x64, 0x01]);
        assert_eq!(display.language(), Language::Finnish);
        display.note(&[0x6B, 0x80]);
        assert_eq!(display.language(), Language::English);
    }
}

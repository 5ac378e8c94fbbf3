//! Kinds of keypads, and what a user does.

use std::str::FromStr;

/// A kind of keypad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeypadModel {
    /// FEATURE_VERIFY_PIN_DIRECT.
    pub verify: bool,
    /// FEATURE_MODIFY_PIN_DIRECT.
    pub modify: bool,
    /// It tells its properties, in both ways.
    pub properties: bool,
    /// Lines of its display, of 16 characters each.
    pub lines: u8,
    /// What its display speaks, as USB numbers languages; if none is named, whatever is asked of it.
    pub languages: &'static [u16],
    /// bEntryValidationCondition: how an entry may end.
    pub validation: u8,
    /// Fewest and most digits.
    pub digits: (u8, u8),
}

impl KeypadModel {
    const FULL: Self = Self {
        verify: true,
        modify: true,
        properties: true,
        lines: 2,
        languages: &[],
        validation: 7,
        digits: (4, 12),
    };

    /// All of them, by name.
    pub const EVERY: [(&'static str, Self); 7] = [
        ("full", Self::FULL),
        // It has keys and a light, and says nothing of itself.
        ("plain", Self { properties: false, lines: 0, digits: (0, 255), ..Self::FULL }),
        ("verify", Self { modify: false, lines: 0, ..Self::FULL }),
        // As some of the cheapest: four to eight digits.
        ("short", Self { digits: (4, 8), ..Self::FULL }),
        // An entry ends when it is full: for PINs of one length.
        ("unending", Self { validation: 1, ..Self::FULL }),
        ("english", Self { languages: &[0x0409], ..Self::FULL }),
        // Properties of nothing but a display.
        ("none", Self { verify: false, modify: false, ..Self::FULL }),
    ];

    /// PIN_PROPERTIES_STRUCTURE (§2.5.6).
    pub(super) fn structure(&self) -> Vec<u8> {
        vec![if self.lines == 0 { 0 } else { 16 }, self.lines, self.validation, 1]
    }

    /// The properties by tag, length and value (§2.6.14); numbers are lowest byte first.
    pub(super) fn objects(&self) -> Vec<u8> {
        let (min, max) = self.digits;
        let layout = if self.lines == 0 { [0, 0] } else { [16, self.lines] };
        let mut objects =
            vec![1, 2, layout[0], layout[1], 2, 1, self.validation, 3, 1, 1, 6, 1, min, 7, 1, max];
        // dwMaxAPDUDataSize, and a firmware's name.
        objects.extend([10, 4, 0, 1, 0, 0, 8, 3, b'S', b'I', b'M']);
        objects
    }
}

impl FromStr for KeypadModel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::EVERY.into_iter().find(|(name, _)| *name == text);
        found.map(|(_, model)| model).ok_or_else(|| format!("no keypad is called {text:?}"))
    }
}

/// What a user does when the keypad asks for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// Enters what is right; for a new PIN, [`NEW`](super::NEW).
    Right,
    /// Enters what is wrong.
    Wrong,
    /// Enters these digits.
    Digits(String),
    /// Presses the key that cancels.
    Cancel,
    /// Does nothing, and the keypad gives up.
    Wait,
    /// Does nothing, and the keypad does not give up.
    Never,
    /// The driver says this.
    Status(u16),
}

impl FromStr for Press {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "right" => Self::Right,
            "wrong" => Self::Wrong,
            "cancel" => Self::Cancel,
            "wait" => Self::Wait,
            "never" => Self::Never,
            digits if !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()) => {
                Self::Digits(digits.to_owned())
            }
            other => return Err(format!("nobody does {other:?} at a keypad")),
        })
    }
}

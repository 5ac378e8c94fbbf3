//! PINs: what they protect, and how commands about them are made.

use super::{Evidence, SelectTarget};
use crate::cards::pin_state::PinState;
use crate::iso7816::apdu::{Command, TooLong};
use crate::transport::keypad::Form;

/// A PIN and the keys that it protects. Each role is a token of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// PIN1, the basic PIN: authentication, decryption. On a card with one PIN, that one.
    Authentication,
    /// PIN2, the signature PIN: qualified signatures.
    Signature,
}

impl Role {
    /// Both roles, in the order of their PINs.
    pub const ALL: [Role; 2] = [Role::Authentication, Role::Signature];

    /// Index in arrays with one element per role.
    pub const fn index(self) -> usize {
        match self {
            Role::Authentication => 0,
            Role::Signature => 1,
        }
    }
}

/// A PIN or the PUK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Secret {
    /// The PIN of a role.
    Pin(Role),
    /// The PUK, or activation PIN.
    Puk,
}

impl Secret {
    /// The number of secrets.
    pub const COUNT: usize = 3;

    /// Its name, if the card has no other.
    pub const fn name(self) -> &'static str {
        match self {
            Secret::Pin(Role::Authentication) => "PIN1",
            Secret::Pin(Role::Signature) => "PIN2",
            Secret::Puk => "PUK",
        }
    }

    /// Index in arrays with one element per secret.
    pub const fn index(self) -> usize {
        match self {
            Secret::Pin(role) => role.index(),
            Secret::Puk => 2,
        }
    }
}

/// A PIN and its rules.
#[derive(Clone, Debug)]
pub struct PinSpec {
    /// What it protects.
    pub role: Role,
    /// Its name for the holder.
    pub name: &'static str,
    /// Reference, for P2 of VERIFY.
    pub reference: u8,
    /// The application or DF in which commands about it work.
    pub home: SelectTarget,
    /// Where else it can be verified.
    pub scope: Scope,
    /// How it is presented.
    pub presentation: Presentation,
    /// Fewest digits that the card accepts.
    pub min: usize,
    /// Most digits that the card accepts.
    pub max: usize,
    /// Most digits according to the issuer's letter; other software may refuse more.
    pub letter_max: usize,
    /// Tries of the PIN while no wrong one was entered.
    pub tries: u8,
    /// How well these values are known.
    pub evidence: Evidence,
}

/// Where a PIN can be verified (ISO 7816-4 §9.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In its own application, and in those of the keys that it protects.
    Card,
    /// In its own application only.
    Application,
}

/// How a PIN is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presentation {
    /// By VERIFY (ISO 7816-4 §11.6.6).
    Verify,
    /// As the password of a channel with this reference (PACE), which takes the place of the channel that there was.
    Pace {
        /// The reference (ICAO 9303-11 table 6).
        password: u8,
    },
}

/// How a PIN is encoded in commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinBlock {
    /// ASCII digits, padded to a fixed length.
    Filled {
        /// Length of the block in bytes.
        length: usize,
        /// The padding byte.
        fill: u8,
    },
    /// ASCII digits, without padding.
    Typed,
    /// Eight bytes of nibbles: 2, the number of digits, the digits, then F (ISO 9564-1 format 2).
    HalfBytes,
}

impl PinBlock {
    /// Its length in bytes, if that is the same for all PINs.
    pub const fn length(self) -> Option<u8> {
        match self {
            PinBlock::Filled { length, .. } if length <= 0x7F => Some(length as u8),
            PinBlock::HalfBytes => Some(8),
            PinBlock::Filled { .. } | PinBlock::Typed => None,
        }
    }

    /// A block without its PIN, and how a keypad puts that in.
    pub(in crate::cards) fn unfilled(self) -> (Vec<u8>, Form) {
        match self {
            PinBlock::Filled { length, fill } => (vec![fill; length], Form::Characters),
            PinBlock::Typed => (Vec::new(), Form::Characters),
            PinBlock::HalfBytes => (b"\x20\xFF\xFF\xFF\xFF\xFF\xFF\xFF".to_vec(), Form::HalfBytes),
        }
    }
}

/// Who has put PINs into the commands of such a card by the keypad of a reader. A keypad that puts them in a wrong way
/// costs tries; so where nobody has, none is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnKeypad {
    /// One PIN, to be verified.
    pub present: Option<Evidence>,
    /// A new PIN, alone or with what permits it.
    pub set: Option<Evidence>,
}

/// How the state of a PIN is asked for without using up a try.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// By GET DATA of a data object, which reports most.
    pub object: Option<PinObject>,
    /// By VERIFY without data (ISO 7816-4 §11.5.6), which reports the tries left and whether the PIN is verified.
    pub empty_verify: bool,
}

/// How a PIN is closed, so that it is not verified any more. Where that fails, the card is reset.
#[derive(Clone, Copy, Debug)]
pub enum Closing {
    /// VERIFY with P1 = FF; if the card does not support that, SELECT of its application.
    UnverifyOrSelect,
    /// VERIFY with P1 = FF. It is not known whether SELECT closes a PIN.
    Unverify,
    /// SELECT of its application.
    Select,
    /// A command that closes all PINs.
    LogOff(fn() -> Command),
    /// No command is known to close a PIN.
    Reset,
}

/// A data object with the state of a PIN.
#[derive(Clone, Copy)]
pub struct PinObject {
    /// The command that reads the object of the PIN with this reference.
    pub ask: fn(u8) -> Result<Command, TooLong>,
    /// Parses the response.
    pub read: fn(&[u8]) -> Option<PinState>,
}

impl std::fmt::Debug for PinObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PinObject")
    }
}

/// When the PIN is verified for a key that needs it for each signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Before MSE SET chooses the key.
    PinFirst,
    /// After it, so that no command comes between PIN and signature.
    KeyFirst,
}

/// May PINs and the PUK be changed and set?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Yes.
    Free,
    /// Only with the consent of a holder who was told that nobody has tried it with such a card.
    WithConsent,
    /// No.
    Never,
}

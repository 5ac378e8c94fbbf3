//! PINs: what they guard, and the commands about them.

use super::{Evidence, SelectTarget};
use crate::cards::pin_state::PinState;
use crate::iso7816::apdu::{Command, TooLong};

/// Which PIN and which keys: each role is a token of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// PIN1, the basic PIN: logging in, decrypting. On a card with one PIN, that.
    Authentication,
    /// PIN2, the signature PIN: qualified signatures.
    Signature,
}

impl Role {
    /// Both roles, in the order of their PINs.
    pub const ALL: [Role; 2] = [Role::Authentication, Role::Signature];

    /// Position in tables that have one entry per role.
    pub const fn index(self) -> usize {
        match self {
            Role::Authentication => 0,
            Role::Signature => 1,
        }
    }
}

/// Something with tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Secret {
    /// The PIN of a role.
    Pin(Role),
    /// The PUK, or activation PIN.
    Puk,
}

impl Secret {
    /// How many there are.
    pub const COUNT: usize = 3;

    /// What it is called where the card has no name of its own for it.
    pub const fn name(self) -> &'static str {
        match self {
            Secret::Pin(Role::Authentication) => "PIN1",
            Secret::Pin(Role::Signature) => "PIN2",
            Secret::Puk => "PUK",
        }
    }

    /// Position in tables that have one entry per secret.
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
    /// What it guards.
    pub role: Role,
    /// How the holder knows it.
    pub name: &'static str,
    /// Reference in VERIFY's P2.
    pub reference: u8,
    /// Where commands about it work.
    pub home: SelectTarget,
    /// Where else.
    pub scope: Scope,
    /// Fewest digits that the card can hold.
    pub min: usize,
    /// Most digits that the card can hold.
    pub max: usize,
    /// Most digits that the issuer's letter tells the holder to choose; other software may refuse more.
    pub letter_max: usize,
    /// Tries of a PIN in good standing.
    pub tries: u8,
    /// How sure these are.
    pub evidence: Evidence,
}

/// Where a PIN can be presented (ISO 7816-4 §9.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In its home, and in the homes of the keys that it guards.
    Card,
    /// In its home alone.
    Application,
}

/// How digits become the data of a PIN command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinBlock {
    /// ASCII digits, filled up to a length in bytes.
    Filled {
        /// Length of the block in bytes.
        length: usize,
        /// What fills it up behind the digits.
        fill: u8,
    },
    /// ASCII digits as typed.
    Typed,
    /// Eight bytes: 2 and the number of digits, a half-byte each, then the digits, a half-byte each, then F.
    HalfBytes,
}

/// By what a card tells how its PINs stand, without spending a try.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// A data object, which tells most.
    pub object: Option<PinObject>,
    /// VERIFY without data (ISO 7816-4 §11.5.6): tries left, and whether the PIN stands.
    pub empty_verify: bool,
}

/// How a PIN that was presented is taken back.
#[derive(Clone, Copy, Debug)]
pub enum Closing {
    /// VERIFY with P1 = FF; where the card does not know that, SELECT of its application.
    Unverify,
    /// SELECT of its application.
    Select,
    /// A command that ends all verified states.
    LogOff(fn() -> Command),
}

/// A data object by which a kind of card tells how its PINs stand.
#[derive(Clone, Copy)]
pub struct PinObject {
    /// The command that asks for the PIN with a reference.
    pub ask: fn(u8) -> Result<Command, TooLong>,
    /// Reads the answer.
    pub read: fn(&[u8]) -> Option<PinState>,
}

impl std::fmt::Debug for PinObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PinObject")
    }
}

/// When a PIN is presented for one signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Before the key is chosen.
    PinFirst,
    /// After it, so that nothing comes between PIN and signature.
    KeyFirst,
}

/// May PINs be changed and set?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Yes.
    Free,
    /// Only by a person who was told that nobody has tried it with such a card.
    WithConsent,
    /// No.
    Never,
}

//! What can be said of PINs and of the codes that set them in a table.

use super::pin::{Pin, PinObject};
use super::profile::{Evidence, Role, SelectTarget};

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
    SelectTarget,
}

/// The codes by which a PIN is set without knowing it.
#[derive(Clone, Debug)]
pub struct IssuerCodes {
    /// The PUK, which is the activation PIN on cards of FINEID's old scheme.
    pub puk: Option<PukSpec>,
    /// How the card comes to its holder.
    pub delivery: Delivery,
    /// How sure these are.
    pub evidence: Evidence,
}

/// A PUK and its rules.
#[derive(Clone, Debug)]
pub struct PukSpec {
    /// Reference.
    pub reference: u8,
    /// Where commands about it work.
    pub home: SelectTarget,
    /// Fewest digits.
    pub min: usize,
    /// Most digits.
    pub max: usize,
    /// Tries of a PUK in good standing.
    pub tries: u8,
    /// How it sets a PIN.
    pub way: Unblocking,
    /// May its holder change it?
    pub changeable: bool,
}

/// How a PUK sets a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unblocking {
    /// RESET RETRY COUNTER with PUK and new PIN (P1 = 00).
    AtOnce,
    /// VERIFY with the PUK, then RESET RETRY COUNTER with the new PIN (P1 = 02).
    PukFirst,
}

/// How a card comes to its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Ready to use: the PINs are in the envelope, or its holder set them when the card was handed over.
    Ready,
    /// Both PINs come set to one transport code of so many digits, or blocked and to be set by the PUK: the letter
    /// tells which.
    Letter {
        /// Digits of the transport code.
        transport: usize,
    },
    /// The PINs are in the envelope, and one that the card reports as never changed has to be changed before it
    /// permits a signature.
    FirstChange,
}

/// The two kinds of code that a letter can bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// Both PINs are set to it as the card is delivered; good for one change of each.
    Transport,
    /// The PUK, which sets a PIN whatever that is; on cards of the old scheme it is the activation PIN.
    Puk,
}

impl IssuerCodes {
    /// The kind of a code, which its length tells; `None` where no code looks like this.
    pub fn kind_of(&self, code: &Pin) -> Option<CodeKind> {
        let length = code.length();
        if !code.is_digits() {
            None
        } else if self.transport() == Some(length) {
            Some(CodeKind::Transport)
        } else {
            self.puk.as_ref().filter(|puk| (puk.min..=puk.max).contains(&length)).map(|_| CodeKind::Puk)
        }
    }

    /// Is there a code by which a PIN is set?
    pub fn any(&self) -> bool {
        self.puk.is_some() || self.transport().is_some()
    }

    /// Digits of a transport code, where cards come with one.
    pub fn transport(&self) -> Option<usize> {
        match self.delivery {
            Delivery::Letter { transport } => Some(transport),
            Delivery::Ready | Delivery::FirstChange => None,
        }
    }
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
    LogOff(fn() -> crate::iso7816::Command),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{belgium, estonia, fineid};

    #[test]
    fn the_length_tells_the_kind() {
        let kind = |codes: &IssuerCodes, typed: &[u8]| codes.kind_of(&Pin::new(typed).unwrap());
        let finnish = &fineid::V4_0.codes;
        assert_eq!(kind(finnish, b"1234567"), Some(CodeKind::Transport));
        assert_eq!(kind(finnish, b"12345678"), Some(CodeKind::Puk));
        assert_eq!(kind(finnish, b"123456789012"), Some(CodeKind::Puk));
        for impossible in [&b""[..], b"123456", b"1234567890123", b"123456a", b"1234567a"] {
            assert_eq!(kind(finnish, impossible), None);
        }
        assert_eq!(kind(&estonia::IDEMIA.codes, b"1234567"), None);
        assert_eq!(kind(&estonia::IDEMIA.codes, b"12345678"), Some(CodeKind::Puk));
        assert_eq!(kind(&belgium::APPLET_1_8.codes, b"12345678"), None);
    }
}

//! The codes of the issuer, by which PINs are set without knowing the old ones.

use super::{Evidence, SelectTarget};
use crate::cards::pin::Pin;

/// The codes by which PINs are set without knowing the old ones.
#[derive(Clone, Debug)]
pub struct IssuerCodes {
    /// The PUK, which is also the activation PIN on FINEID cards of the old scheme.
    pub puk: Option<PukSpec>,
    /// In which state the card is delivered.
    pub delivery: Delivery,
    /// How well these values are known.
    pub evidence: Evidence,
}

/// A PUK and its rules.
#[derive(Clone, Debug)]
pub struct PukSpec {
    /// Reference.
    pub reference: u8,
    /// The application or DF in which commands about it work.
    pub home: SelectTarget,
    /// Fewest digits.
    pub min: usize,
    /// Most digits.
    pub max: usize,
    /// Tries of the PUK while no wrong one was entered.
    pub tries: u8,
    /// How it sets a PIN.
    pub unblocking: Unblocking,
    /// Can the holder change it?
    pub changeable: bool,
}

/// How a PUK sets a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unblocking {
    /// RESET RETRY COUNTER with PUK and new PIN (P1 = 00).
    AtOnce,
    /// VERIFY with the PUK, then RESET RETRY COUNTER with the new PIN (P1 = 02).
    PukFirst,
    /// The PUK as this password of a channel (PACE), then RESET RETRY COUNTER alone (P1 = 03): the PIN has its tries again,
    /// and stays what it was.
    Counter {
        /// The reference of the password (ICAO 9303-11 table 6).
        password: u8,
    },
}

/// In which state a card is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Ready to use: the PINs are in the envelope, or the holder has chosen them when the card was handed over.
    Ready,
    /// Both PINs are blocked and have to be set by the PUK, or are set to a transport code; the code that the letter
    /// contains shows which.
    Letter {
        /// Number of digits of the transport code; `None` if no such card came with one.
        transport: Option<usize>,
    },
    /// The PINs are in the envelope. One that was never changed since, as the card reports, has to be changed before
    /// the first signature.
    FirstChange,
}

/// The kinds of code that a letter can contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// The transport code: both PINs are set to it, and have to be changed.
    Transport,
    /// The PUK; on cards of the old scheme it is also the activation PIN.
    Puk,
}

impl IssuerCodes {
    /// The kind of a code, by its length; `None` if it cannot be one.
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

    /// Is there any such code?
    pub fn any(&self) -> bool {
        self.puk.is_some() || self.transport().is_some()
    }

    /// Number of digits of the transport code, if cards are delivered with one.
    pub fn transport(&self) -> Option<usize> {
        match self.delivery {
            Delivery::Letter { transport } => transport,
            Delivery::Ready | Delivery::FirstChange => None,
        }
    }
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

//! The codes by which PINs are set without knowing them.

use super::{Evidence, SelectTarget};
use crate::cards::pin::Pin;

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
    pub unblocking: Unblocking,
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

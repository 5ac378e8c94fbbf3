//! What can be said of a card in a table.

use super::pin::{Pin, PinObject};
pub use crate::crypto::public::Padding;
pub use crate::crypto::{Curve, Hash};

/// How well a value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Seen in a recording of a real card, or verified by computation.
    A,
    /// Two independent implementations, or the issuer's own page.
    B,
    /// One implementation, one document, or a specification quoted at second hand.
    C,
    /// A guess.
    G,
}

/// Which PIN and which keys: each role is a token of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// PIN1, the basic PIN: logging in, decrypting.
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

    /// Position in tables that have one entry per secret.
    pub const fn index(self) -> usize {
        match self {
            Secret::Pin(role) => role.index(),
            Secret::Puk => 2,
        }
    }
}

/// Signature schemes that card commands name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// ECDSA, answered as r and s of the field's length.
    Ecdsa,
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2); the card wraps the digest in a DigestInfo.
    Pkcs1,
    /// RSASSA-PSS (RFC 8017 §8.1), MGF1 and salt after the same hash function.
    Pss,
}

/// What a key may be used for. It agrees with the keyUsage of its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUses {
    /// Signing.
    pub sign: bool,
    /// Deciphering what was enciphered with the public key.
    pub decipher: bool,
    /// Agreeing on a secret with the holder of another key.
    pub agree: bool,
}

impl KeyUses {
    /// Nothing.
    pub const NONE: KeyUses = KeyUses { sign: false, decipher: false, agree: false };
}

/// What kind of key a reference points to, as far as it is known without reading the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// RSA, with a modulus of `min` to `max` bits.
    Rsa {
        /// Shortest modulus, in bits.
        min: u16,
        /// Longest modulus, in bits.
        max: u16,
    },
    /// Elliptic curve.
    Ec(Curve),
}

/// A private key, its certificate and how they are shown.
#[derive(Debug)]
pub struct KeySpec {
    /// The PIN that guards it.
    pub role: Role,
    /// CKA_ID of the key pair and its certificate; the official software's numbers.
    pub id: u8,
    /// CKA_LABEL of all three.
    pub label: &'static str,
    /// Key reference in the security environment.
    pub reference: u8,
    /// Kind of key.
    pub algorithm: KeyAlgorithm,
    /// What it may be used for.
    pub uses: KeyUses,
    /// Path of the certificate file from the MF.
    pub certificate: &'static [u8],
    /// How sure reference and path are.
    pub evidence: Evidence,
}

/// The certificate of an authority that the card carries along.
#[derive(Debug)]
pub struct AuthoritySpec {
    /// CKA_ID: not one of a key's.
    pub id: u8,
    /// CKA_LABEL.
    pub label: &'static str,
    /// Path of the certificate file from the MF.
    pub certificate: &'static [u8],
    /// How sure the path is.
    pub evidence: Evidence,
}

/// How often a PIN has to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinUse {
    /// Once given, it stands until logout.
    Standing,
    /// For each signature anew.
    EachSignature,
}

/// A PIN and its rules.
#[derive(Debug)]
pub struct PinSpec {
    /// What it guards.
    pub role: Role,
    /// How the holder knows it.
    pub name: &'static str,
    /// Reference in VERIFY's P2.
    pub reference: u8,
    /// Fewest digits that the card can hold.
    pub min: usize,
    /// Most digits that the card can hold.
    pub max: usize,
    /// Most digits that the issuer's letter tells the holder to choose; other software may refuse more.
    pub letter_max: usize,
    /// Tries of a PIN in good standing.
    pub tries: u8,
    /// How often it has to be given.
    pub uses: PinUse,
    /// How sure these are.
    pub evidence: Evidence,
}

/// The codes by which a PIN is set without knowing it.
#[derive(Debug)]
pub struct IssuerCodes {
    /// Reference of the PUK, which is the activation PIN on cards of the old scheme.
    pub puk: u8,
    /// Fewest digits of a PUK.
    pub puk_min: usize,
    /// Most digits of a PUK.
    pub puk_max: usize,
    /// Tries of a PUK in good standing.
    pub puk_tries: u8,
    /// Digits of the transport code, to which both PINs are set on a fresh card of the new scheme.
    pub transport: usize,
    /// How sure these are.
    pub evidence: Evidence,
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
        } else if length == self.transport {
            Some(CodeKind::Transport)
        } else {
            (self.puk_min..=self.puk_max).contains(&length).then_some(CodeKind::Puk)
        }
    }

    /// Could it be one of these codes?
    pub fn is_possible(&self, code: &Pin) -> bool {
        self.kind_of(code).is_some()
    }
}

/// How digits become the data of a PIN command.
#[derive(Clone, Copy, Debug)]
pub struct PinBlock {
    /// Length of the block in bytes.
    pub length: usize,
    /// What fills it up behind the digits.
    pub fill: u8,
}

/// An algorithm reference of the security environment.
#[derive(Debug)]
pub struct Algorithm {
    /// Signature scheme.
    pub scheme: Scheme,
    /// Hash function of the digest that is given to the card.
    pub hash: Hash,
    /// Reference byte (tag 80).
    pub reference: u8,
    /// How sure it is.
    pub evidence: Evidence,
}

/// How a card deciphers and agrees on secrets.
#[derive(Debug)]
pub struct Deciphering {
    /// Padding indicators before a cryptogram, the likeliest first. The next one is tried when the card does not
    /// take the data.
    pub indicators: &'static [u8],
    /// Padding indicator before the other party's point.
    pub point_indicator: u8,
    /// Algorithm references for RSA keys.
    pub algorithms: &'static [Decipherment],
    /// How sure the indicators are.
    pub evidence: Evidence,
}

/// An algorithm reference for deciphering.
#[derive(Debug)]
pub struct Decipherment {
    /// Padding that the card takes off.
    pub padding: Padding,
    /// Reference byte (tag 80).
    pub reference: u8,
    /// How sure it is.
    pub evidence: Evidence,
}

/// All about one kind of card.
#[derive(Debug)]
pub struct CardProfile {
    /// CK_TOKEN_INFO model: at most 16 ASCII characters.
    pub model: &'static str,
    /// First part of the token labels.
    pub label: &'static str,
    /// CK_TOKEN_INFO manufacturer, who issued the card: at most 32 ASCII characters.
    pub issuer: &'static str,
    /// Answer to reset on the contact interface.
    pub atr: &'static [u8],
    /// Identifier of the application that holds everything.
    pub application: &'static [u8],
    /// Path of EF.CIAInfo from the MF: the card's serial number (ISO 7816-15 §8.10).
    pub card_info: &'static [u8],
    /// PINs, one per role.
    pub pins: &'static [PinSpec],
    /// Activation PIN, PUK and transport code.
    pub codes: IssuerCodes,
    /// How PINs are written in commands.
    pub pin_block: PinBlock,
    /// The data object that tells how a PIN stands.
    pub pin_object: PinObject,
    /// Keys, in the order in which they are shown.
    pub keys: &'static [KeySpec],
    /// Algorithm references for signing.
    pub algorithms: &'static [Algorithm],
    /// How it deciphers.
    pub deciphering: Deciphering,
    /// Certificates of authorities.
    pub authorities: &'static [AuthoritySpec],
}

impl CardProfile {
    /// The PIN of a role.
    pub fn pin(&self, role: Role) -> Option<&'static PinSpec> {
        self.pins.iter().find(|pin| pin.role == role)
    }

    /// The keys of a role.
    pub fn keys(&self, role: Role) -> impl Iterator<Item = &'static KeySpec> {
        self.keys.iter().filter(move |key| key.role == role)
    }

    /// The reference byte for a scheme and hash, if the card does it.
    pub fn algorithm(&self, scheme: Scheme, hash: Hash) -> Option<u8> {
        self.algorithms.iter().find(|a| a.scheme == scheme && a.hash == hash).map(|a| a.reference)
    }

    /// The reference byte for deciphering with a padding, if the card does it.
    pub fn decipherment(&self, padding: Padding) -> Option<u8> {
        self.deciphering.algorithms.iter().find(|a| a.padding == padding).map(|a| a.reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::fineid;

    #[test]
    fn the_length_tells_the_kind() {
        let kind = |typed: &[u8]| fineid::V4_0.codes.kind_of(&Pin::new(typed).unwrap());
        assert_eq!(kind(b"1234567"), Some(CodeKind::Transport));
        assert_eq!(kind(b"12345678"), Some(CodeKind::Puk));
        assert_eq!(kind(b"123456789012"), Some(CodeKind::Puk));
        for impossible in [&b""[..], b"123456", b"1234567890123", b"123456a", b"1234567a"] {
            assert_eq!(kind(impossible), None);
        }
    }
}

//! What a card is made of, as data.
//!
//! Confidence of the values: A = seen in a recorded session or computed from one, B = two independent open
//! implementations or the issuer's own page, C = one implementation or a second-hand quote of the specification,
//! G = guess.

use crate::facts::air::AirDescription;
use crate::facts::holder::Country;
use crate::facts::state::DeliveryState;
use serde::Serialize;

/// Transmission protocol of the contacts (ISO/IEC 7816-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Protocol {
    /// Characters; long answers in pieces by GET RESPONSE.
    T0,
    /// Blocks; every answer in one piece.
    T1,
}

/// Cards whose commands do the same, whatever lies in their files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Family {
    /// Finnish citizen cards.
    Fineid,
    /// IAS-ECC applications of IDEMIA: Estonia to 2025, Latvia.
    Idemia,
    /// The Estonian card of Thales.
    Thales,
    /// Belpic applets.
    Belgium,
    /// MTCOS of Lithuania.
    Lithuania,
    /// Finnish organisation cards.
    Organisation,
    /// Cards that are found by their PKCS#15 directory alone.
    Pkcs15,
    /// Cards that are no identity cards, or not yet.
    Stranger,
}

/// What every card has.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CardDescription {
    /// Name on the command line.
    pub name: &'static str,
    /// Chip, as the issuer's ATR note names it.
    pub chip: &'static str,
    /// Contact ATR.
    pub atr: &'static [u8],
    /// The side of it that is reached through a channel, if that is simulated.
    pub air: Option<AirDescription>,
    /// Protocol of the contacts.
    pub protocol: Protocol,
    /// Which country's.
    pub country: Country,
    /// Which make of chip, by what its commands do.
    pub family: Family,
    /// States in which it can come.
    pub states: &'static [DeliveryState],
    /// PINs and PUK.
    pub pins: &'static [PinDescription],
    /// Keys with their certificates.
    pub keys: &'static [KeyDescription],
}

/// A PIN or the PUK.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PinDescription {
    /// P2 of the credential commands.
    pub reference: u8,
    /// Fewest digits.
    pub shortest: usize,
    /// Tries when full.
    pub tries: u8,
    /// Which code it is.
    pub role: PinRole,
}

/// Which code a PIN object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PinRole {
    /// PIN1.
    Authentication,
    /// PIN2.
    Signature,
    /// PUK, and activation code of the old scheme.
    Unblocking,
}

impl PinRole {
    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authentication => "pin1",
            Self::Signature => "pin2",
            Self::Unblocking => "puk",
        }
    }
}

/// Length of a padded code on the card: DF28 of the recorded GET DATA answers (A).
pub const STORED_LENGTH: usize = 12;

/// References of the codes of a card, so that a test need not know the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct References {
    /// PIN1, the authentication PIN; the only PIN of a card with one.
    pub pin1: u8,
    /// PIN2, the signature PIN.
    pub pin2: Option<u8>,
    /// PUK.
    pub puk: Option<u8>,
}

impl CardDescription {
    /// Whether its contactless side is simulated.
    pub fn is_contactless(&self) -> bool {
        self.air.as_ref().is_some_and(|air| !air.by_contacts)
    }

    /// Whether it wants its channel by contacts, too.
    pub fn wants_channel(&self) -> bool {
        self.air.as_ref().is_some_and(|air| air.by_contacts)
    }

    /// References of PIN1, PIN2 and the PUK.
    pub fn references(&self) -> References {
        let of = |role| self.pins.iter().find(|pin| pin.role == role).map(|pin| pin.reference);
        References {
            pin1: of(PinRole::Authentication).unwrap_or(0),
            pin2: of(PinRole::Signature),
            puk: of(PinRole::Unblocking),
        }
    }
}

/// A private key and its certificate.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct KeyDescription {
    /// Key reference in MANAGE SECURITY ENVIRONMENT.
    pub reference: u8,
    /// Kind and size.
    pub kind: KeyKind,
    /// Reference of the PIN that must be verified.
    pub pin: u8,
    /// What the key may be used for.
    pub usage: KeyUsage,
    /// DF of the certificate: 3F00 is the MF.
    pub certificate_df: u16,
    /// File identifier of the certificate.
    pub certificate: u16,
    /// Name for files and messages.
    pub name: &'static str,
    /// Whether the key is there only with the switch `backup_keys`.
    pub backup: bool,
}

/// Kind and size of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum KeyKind {
    /// RSA of this many bits.
    Rsa(usize),
    /// RSA of the size that the switch `v31_sign_key` says.
    RsaBySwitch,
    /// ECDSA on P-256.
    P256,
    /// ECDSA and, for the authentication key, ECDH on P-384.
    P384,
}

/// Use of a key, as its certificate says (recorded test cards; A).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum KeyUsage {
    /// Signs and deciphers: keyUsage B0 on RSA, 88 on EC.
    Authentication,
    /// Signs only: keyUsage nonRepudiation (40).
    Signature,
}

//! What each card generation is made of, as data.
//!
//! Confidence of the values: A = seen in a recorded session or computed from one, B = two independent open
//! implementations or the issuer's own page, C = one implementation or a second-hand quote of the specification,
//! G = guess.

mod baltic;
mod fineid_v3_0;
mod fineid_v3_1;
mod fineid_v4_0;
mod fineid_v4_1;

pub(crate) use baltic::{ADF1, ADF2};
pub use baltic::{IdemiaDescription, ThalesDescription};

use crate::authority::Generation;
use crate::baltic::Layout;
use crate::belgium::{self, BelgianCard};
use crate::holder::{Country, Date};
use crate::inline_card::{self, InlineCard};
use crate::state::DeliveryState;
use crate::strangers::{self, StrangerCard};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// File identifier of the DF with the signature objects (recorded test cards; A).
pub(crate) const DF_SIGNATURE: u16 = 0x5016;

/// The cards that can be simulated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum CardModel {
    /// `fineid-v3.0`: RSA-2048, issued 2017 to January 2021.
    FineidV3_0,
    /// `fineid-v3.1`: RSA-3072, issued 2021 to March 2023.
    FineidV3_1,
    /// `fineid-v4.0`: P-384, issued since March 2023.
    #[default]
    FineidV4_0,
    /// `fineid-v4.1`: P-384, the newest chip.
    FineidV4_1,
    /// `estonia-idemia`: P-384, Cosmo 8, ID card issued since 2018.
    EstoniaIdemia,
    /// `estonia-idemia-x`: the same on Cosmo X, until November 2025.
    EstoniaIdemiaX,
    /// `e-residency-idemia`: the e-resident's digi-ID on Cosmo 8.
    EResidencyIdemia,
    /// `estonia-thales`: P-384, ID card issued since November 2025.
    EstoniaThales,
    /// `e-residency-thales`: the e-resident's digi-ID of the same kind.
    EResidencyThales,
    /// `latvia-rsa`: RSA-2048, the first certificates of cards since 2019.
    LatviaRsa,
    /// `latvia-ec`: P-384, renewed and newer certificates.
    LatviaEc,
    /// `fineid-org`: Finnish organisation card, P-384.
    FineidOrg,
    /// `fineid-org-rsa`: Finnish organisation card, RSA-2048.
    FineidOrgRsa,
    /// `belgium-1.7`: RSA-2048.
    Belgium1_7,
    /// `belgium-1.8`: P-384.
    Belgium1_8,
    /// `pkcs15-card`: no table knows it; its directory tells everything.
    Pkcs15,
    /// `pkcs15-card-partial`: no table knows it, and its directory lacks a part.
    Pkcs15Partial,
    /// `bank-card`: a payment card, on which every VERIFY costs a try.
    Bank,
    /// `sim-card`: knows class A0 only.
    Sim,
    /// `half-personalised`: the ATR of an Estonian card, and nothing in it.
    HalfPersonalised,
    /// `mute-card`: answers 6F00 to everything.
    Mute,
}

impl CardModel {
    /// Every Finnish citizen card.
    pub const ALL: [Self; 4] = [Self::FineidV3_0, Self::FineidV3_1, Self::FineidV4_0, Self::FineidV4_1];

    /// Every model.
    pub const EVERY: &[Self] = &[
        Self::FineidV3_0,
        Self::FineidV3_1,
        Self::FineidV4_0,
        Self::FineidV4_1,
        Self::EstoniaIdemia,
        Self::EstoniaIdemiaX,
        Self::EResidencyIdemia,
        Self::EstoniaThales,
        Self::EResidencyThales,
        Self::LatviaRsa,
        Self::LatviaEc,
        Self::FineidOrg,
        Self::FineidOrgRsa,
        Self::Belgium1_7,
        Self::Belgium1_8,
        Self::Pkcs15,
        Self::Pkcs15Partial,
        Self::Bank,
        Self::Sim,
        Self::HalfPersonalised,
        Self::Mute,
    ];

    /// Its description.
    pub fn description(self) -> &'static CardDescription {
        match self.system() {
            System::Fineid(description) => &description.card,
            System::Idemia(description) => &description.card,
            System::Thales(description) => &description.card,
            System::Belgium(description) => &description.card,
            System::Inline(description) => &description.card,
            System::Stranger(description) => &description.card,
        }
    }

    /// Which card system it is, with the facts of the model.
    pub(crate) fn system(self) -> System {
        match self {
            Self::FineidV3_0 => System::Fineid(&fineid_v3_0::CARD),
            Self::FineidV3_1 => System::Fineid(&fineid_v3_1::CARD),
            Self::FineidV4_0 => System::Fineid(&fineid_v4_0::CARD),
            Self::FineidV4_1 => System::Fineid(&fineid_v4_1::CARD),
            Self::EstoniaIdemia => System::Idemia(&baltic::ESTONIA_IDEMIA),
            Self::EstoniaIdemiaX => System::Idemia(&baltic::ESTONIA_IDEMIA_X),
            Self::EResidencyIdemia => System::Idemia(&baltic::E_RESIDENCY_IDEMIA),
            Self::EstoniaThales => System::Thales(&baltic::ESTONIA_THALES),
            Self::EResidencyThales => System::Thales(&baltic::E_RESIDENCY_THALES),
            Self::LatviaRsa => System::Idemia(&baltic::LATVIA_RSA),
            Self::LatviaEc => System::Idemia(&baltic::LATVIA_EC),
            Self::FineidOrg => System::Inline(&inline_card::ORGANISATION_EC),
            Self::FineidOrgRsa => System::Inline(&inline_card::ORGANISATION_RSA),
            Self::Belgium1_7 => System::Belgium(&belgium::BELGIUM_1_7),
            Self::Belgium1_8 => System::Belgium(&belgium::BELGIUM_1_8),
            Self::Pkcs15 => System::Inline(&inline_card::COMPLETE),
            Self::Pkcs15Partial => System::Inline(&inline_card::PARTIAL),
            Self::Bank => System::Stranger(&strangers::BANK),
            Self::Sim => System::Stranger(&strangers::SIM),
            Self::HalfPersonalised => System::Stranger(&strangers::HALF_PERSONALISED),
            Self::Mute => System::Stranger(&strangers::MUTE),
        }
    }
}

impl fmt::Display for CardModel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.description().name)
    }
}

impl FromStr for CardModel {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::EVERY.iter().copied().find(|model| model.description().name == text).ok_or_else(|| {
            let names: Vec<_> = Self::EVERY.iter().map(|model| model.description().name).collect();
            format!("{text:?} is no card; choose from {}", names.join(", "))
        })
    }
}

/// A card system, that is, which chip program is inside.
#[derive(Clone, Copy)]
pub(crate) enum System {
    Fineid(&'static FineidDescription),
    Idemia(&'static IdemiaDescription),
    Thales(&'static ThalesDescription),
    Belgium(&'static BelgianCard),
    Inline(&'static InlineCard),
    Stranger(&'static StrangerCard),
}

/// Transmission protocol of the contacts (ISO/IEC 7816-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Protocol {
    /// Characters; long answers in pieces by GET RESPONSE.
    T0,
    /// Blocks; every answer in one piece.
    T1,
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
    /// Protocol of the contacts.
    pub protocol: Protocol,
    /// Which country's.
    pub country: Country,
    /// States in which it can come.
    pub states: &'static [DeliveryState],
    /// PINs and PUK.
    pub pins: &'static [PinDescription],
    /// Keys with their certificates.
    pub keys: &'static [KeyDescription],
}

/// A generation of Finnish citizen cards.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FineidDescription {
    /// What every card has.
    pub card: CardDescription,
    /// Manufacturer in EF.CIAInfo.
    pub manufacturer: &'static str,
    /// Label in EF.CIAInfo.
    pub label: &'static str,
    /// How EF.CIAInfo writes the serial number.
    pub serial: SerialForm,
    /// Algorithm bytes that EF.CIAInfo lists (the list itself: G).
    pub algorithms: &'static [u8],
    /// Which certification authorities issued it.
    pub generation: Generation,
    /// Content of EF.CardAccess (2F00 needs none: it follows from the AID).
    pub card_access: &'static [u8],
    /// Day of issue by the old activation scheme.
    pub issued_old_scheme: Date,
    /// Day of issue by the new activation scheme.
    pub issued_new_scheme: Date,
}

/// Form of the serial number in EF.CIAInfo (ReFineID token_serial.rs; C).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SerialForm {
    /// 10 bytes BCD; the printed card number is digits 11 to 19.
    Bcd,
    /// 17 printable characters; the last 9 are the printed card number.
    Printable,
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

/// The PINs of every citizen card: references 11 and 82, five tries (recorded test cards; A), PUK 83 (OpenSC,
/// libelectronic-id, ReFineID; B), five tries (C); shortest lengths FINEID S4-1 §4.1 (C).
pub(crate) const CITIZEN_PINS: &[PinDescription] = &[
    PinDescription { reference: 0x11, shortest: 4, tries: 5, role: PinRole::Authentication },
    PinDescription { reference: 0x82, shortest: 6, tries: 5, role: PinRole::Signature },
    PinDescription { reference: 0x83, shortest: 8, tries: 5, role: PinRole::Unblocking },
];

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_references_and_check_bytes() {
        for model in CardModel::EVERY {
            let card = model.description();
            assert_eq!(card.name.parse::<CardModel>(), Ok(*model));
            for key in card.keys {
                assert!(card.pins.iter().any(|pin| pin.reference == key.pin));
            }
            if card.protocol == Protocol::T1 {
                let check = card.atr[1..].iter().fold(0, |sum, byte| sum ^ byte);
                assert_eq!(check, 0, "{}", card.name);
            }
        }
    }

    #[test]
    fn descriptions_are_consistent() {
        for model in CardModel::ALL {
            let card = model.description();
            // T0 = 7F: TA1, TB1, TC1 and 15 historical bytes, no TD1, so no check byte.
            assert_eq!((card.atr[0], card.atr[1], card.atr.len()), (0x3B, 0x7F, 20));
            assert_eq!(card.atr[2], 0x96);
            for key in card.keys {
                assert!(card.pins.iter().any(|pin| pin.reference == key.pin));
                let same = card.keys.iter().filter(|other| other.reference == key.reference);
                assert_eq!(same.count(), 1);
            }
        }
    }
}

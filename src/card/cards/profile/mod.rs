//! A kind of card, described as data.

mod atr;
mod codes;
mod contactless;
mod deciphering;
mod family;
mod files;
mod keys;
mod personal;
mod pins;
mod serial;
mod signing;

pub use atr::{Atr, AtrCertainty, Atrs, Reading, among};
pub use avain_crypto::public::Padding;
pub use avain_crypto::{Curve, Hash};
pub use codes::{CodeKind, Delivery, IssuerCodes, PukSpec, Unblocking};
pub use contactless::{Contactless, Interface};
pub use deciphering::{Deciphering, Decipherment};
pub use family::Family;
pub use files::{File, Files, Select, SelectTarget, Selecting};
pub use keys::{AuthoritySpec, KeyAlgorithm, KeySpec, KeyUses, PinUse};
pub use personal::{PersonalData, PersonalField};
pub use pins::{
    Asking, Closing, OnKeypad, Order, PinBlock, PinObject, PinSpec, Presentation, Role, Scope, Secret,
    Writing,
};
pub use serial::{SerialFormat, SerialSource};
pub use signing::{Algorithm, Input, Scheme, Signing, SigningCommand, Template};

use crate::transport::keypad::{Asks, Keypad};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// How well a value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Seen in a recording of a real card, or verified by computation.
    Recorded,
    /// Two independent implementations, or the issuer's own documentation.
    TwoSources,
    /// One implementation, one document, or a specification quoted by others.
    OneSource,
    /// A guess.
    Guess,
}

/// A kind of card.
#[derive(Clone, Debug)]
pub struct CardProfile {
    /// CK_TOKEN_INFO model: at most 16 ASCII characters.
    pub model: &'static str,
    /// First part of the token labels.
    pub label: &'static str,
    /// CK_TOKEN_INFO manufacturer, who made or issued the card: at most 32 ASCII characters.
    pub issuer: &'static str,
    /// What its holders call it, and who helps them.
    pub family: Family,
    /// Its answers to reset.
    pub atrs: Atrs,
    /// What the known ones say about the card.
    pub certainty: AtrCertainty,
    /// How it is used without contacts, if that is known.
    pub contactless: Option<&'static Contactless>,
    /// The application that is selected first.
    pub application: SelectTarget,
    /// What selecting an application does to verified PINs.
    pub selecting: Selecting,
    /// How files are selected and read.
    pub files: Files,
    /// Where its serial number is; if that file does not exist, the next one is tried.
    pub serial_sources: Cow<'static, [SerialSource]>,
    /// How the serial number is printed on the card.
    pub serial_format: SerialFormat,
    /// PINs, at most one per role.
    pub pins: Cow<'static, [PinSpec]>,
    /// Does its holder know one PIN, and are both kept equal?
    pub pins_equal: bool,
    /// Activation PIN, PUK and transport code.
    pub codes: IssuerCodes,
    /// How PINs are encoded in commands.
    pub pin_block: PinBlock,
    /// Are PINs entered on the keypad of a reader?
    pub keypad: OnKeypad,
    /// How the state of its PINs is asked for.
    pub asking: Asking,
    /// How a PIN is closed.
    pub closing: Closing,
    /// When the PIN is verified for a key that needs it for each signature.
    pub order: Order,
    /// May PINs be changed and set?
    pub writing: Writing,
    /// Keys, in the order in which they are shown.
    pub keys: Cow<'static, [KeySpec]>,
    /// CA certificates.
    pub authorities: Cow<'static, [AuthoritySpec]>,
    /// Personal data that can be read without a PIN.
    pub personal: PersonalData,
}

impl CardProfile {
    /// How well this kind of card is known: the weakest evidence of its keys and codes.
    pub fn evidence(&self) -> Evidence {
        self.keys.iter().map(|key| key.evidence).fold(self.codes.evidence, Evidence::max)
    }

    /// The PIN of a role.
    pub fn pin(&self, role: Role) -> Option<&PinSpec> {
        self.pins.iter().find(|pin| pin.role == role)
    }

    /// The label of a role's token: the card's name, and its PIN's. The only one, if it is called nothing but PIN, adds
    /// nothing: the programs of Belgium look for the card's name alone.
    pub fn token_label(&self, role: Role) -> String {
        match self.pin(role) {
            Some(spec) if spec.name != "PIN" || self.pins.len() > 1 => {
                format!("{} ({})", self.label, spec.name)
            }
            _ => self.label.to_owned(),
        }
    }

    /// The label while a card access number is missing: both are to be typed, `CAN/PIN`.
    pub fn closed_label(&self, role: Role) -> String {
        format!("{} (CAN and {})", self.label, self.pin(role).map_or("PIN", |spec| spec.name))
    }

    /// The keys of a role.
    pub fn keys(&self, role: Role) -> impl Iterator<Item = &KeySpec> {
        self.keys.iter().filter(move |key| key.role == role)
    }

    /// Is the PIN of a role kept from login to logout, for any of its keys?
    pub fn has_session_pin(&self, role: Role) -> bool {
        self.keys(role).any(|key| key.pin_use == PinUse::OncePerLogin)
    }

    /// Does SELECT of the application close a PIN or the PUK? A PIN of another application is closed by leaving that
    /// (ISO 7816-4 §9.3.1).
    pub fn select_closes(&self, secret: Secret) -> bool {
        let is_local = match secret {
            Secret::Pin(role) => self.pin(role).is_some_and(|spec| spec.scope == Scope::Application),
            Secret::Puk => false,
        };
        is_local || self.selecting == Selecting::ClosesPins
    }

    /// The reference of a PIN or the PUK.
    pub fn reference(&self, secret: Secret) -> Option<u8> {
        match secret {
            Secret::Pin(role) => self.pin(role).map(|spec| spec.reference),
            Secret::Puk => self.codes.puk.as_ref().map(|puk| puk.reference),
        }
    }

    /// Does VERIFY without data tell how a PIN stands?
    pub fn tells_by_verify(&self, spec: &PinSpec) -> bool {
        self.asking.empty_verify && spec.presentation == Presentation::Verify
    }

    /// Can PINs with so many digits be entered on this keypad?
    pub fn takes_from(&self, keypad: &Keypad, asks: Asks, digits: &RangeInclusive<usize>) -> bool {
        let evidence = if asks == Asks::Present { self.keypad.present } else { self.keypad.set };
        let known = evidence.is_some_and(|evidence| evidence < Evidence::Guess);
        known && keypad.takes(asks, *digits.start(), *digits.end())
    }

    /// Where a PIN is verified: in the application of its keys, if that is possible.
    pub fn presented_in<'p>(&'p self, spec: &'p PinSpec) -> &'p SelectTarget {
        match (spec.scope, self.keys(spec.role).next()) {
            (Scope::Card, Some(key)) => &key.home,
            _ => &spec.home,
        }
    }
}

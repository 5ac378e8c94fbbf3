//! What is known of a kind of card, as data.

mod atr;
mod codes;
mod deciphering;
mod files;
mod keys;
mod personal;
mod pins;
mod serial;
mod signing;

pub use atr::{Atr, AtrCertainty, Reading};
pub use avain_crypto::public::Padding;
pub use avain_crypto::{Curve, Hash};
pub use codes::{CodeKind, Delivery, IssuerCodes, PukSpec, Unblocking};
pub use deciphering::{Deciphering, Decipherment};
pub use files::{File, Files, Select, SelectTarget, Selecting};
pub use keys::{AuthoritySpec, KeyAlgorithm, KeySpec, KeyUses, PinUse};
pub use personal::{PersonalData, PersonalField};
pub use pins::{Asking, Closing, Order, PinBlock, PinObject, PinSpec, Role, Scope, Secret, Writing};
pub use serial::{SerialFormat, SerialSource};
pub use signing::{Algorithm, Input, Scheme, Signing, SigningCommand, Template};

use std::borrow::Cow;

/// How well a value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Seen in a recording of a real card, or verified by computation.
    Recorded,
    /// Two independent implementations, or the issuer's own page.
    TwoSources,
    /// One implementation, one document, or a specification quoted at second hand.
    OneSource,
    /// A guess.
    Guess,
}

/// All about one kind of card.
#[derive(Clone, Debug)]
pub struct CardProfile {
    /// CK_TOKEN_INFO model: at most 16 ASCII characters.
    pub model: &'static str,
    /// First part of the token labels.
    pub label: &'static str,
    /// CK_TOKEN_INFO manufacturer, who made or issued the card: at most 32 ASCII characters.
    pub issuer: &'static str,
    /// Answers to reset on the contact interface.
    pub atrs: &'static [Atr],
    /// How much they tell.
    pub certainty: AtrCertainty,
    /// The application that is selected first.
    pub application: SelectTarget,
    /// What selecting it does.
    pub selecting: Selecting,
    /// How files are selected and read.
    pub files: Files,
    /// Where its number is; where there is no such file, the next one.
    pub serial_sources: Cow<'static, [SerialSource]>,
    /// How the number is printed.
    pub serial_format: SerialFormat,
    /// PINs, at most one per role.
    pub pins: Cow<'static, [PinSpec]>,
    /// Activation PIN, PUK and transport code.
    pub codes: IssuerCodes,
    /// How PINs are written in commands.
    pub pin_block: PinBlock,
    /// How it is asked for its PINs.
    pub asking: Asking,
    /// How a PIN is taken back.
    pub closing: Closing,
    /// When a PIN is presented for one signature.
    pub order: Order,
    /// May PINs be changed?
    pub writing: Writing,
    /// Keys, in the order in which they are shown.
    pub keys: Cow<'static, [KeySpec]>,
    /// Certificates of authorities.
    pub authorities: Cow<'static, [AuthoritySpec]>,
    /// What it tells of its holder.
    pub personal: PersonalData,
}

impl CardProfile {
    /// How well this kind of card is known: as well as the least known of its keys and codes.
    pub fn evidence(&self) -> Evidence {
        self.keys.iter().map(|key| key.evidence).fold(self.codes.evidence, Evidence::max)
    }

    /// Does a card that answers so to reset look like one of these?
    pub fn answers(&self, atr: &[u8]) -> bool {
        self.atrs.iter().any(|known| known.matches(atr))
    }

    /// The PIN of a role.
    pub fn pin(&self, role: Role) -> Option<&PinSpec> {
        self.pins.iter().find(|pin| pin.role == role)
    }

    /// The keys of a role.
    pub fn keys(&self, role: Role) -> impl Iterator<Item = &KeySpec> {
        self.keys.iter().filter(move |key| key.role == role)
    }

    /// Does the PIN of a role stand until logout, for any of its keys?
    pub fn has_session_pin(&self, role: Role) -> bool {
        self.keys(role).any(|key| key.pin_use == PinUse::OncePerLogin)
    }

    /// Where the PIN of a role is presented: where its keys are, if it can be.
    pub fn presented_in<'p>(&'p self, spec: &'p PinSpec) -> &'p SelectTarget {
        match (spec.scope, self.keys(spec.role).next()) {
            (Scope::Card, Some(key)) => &key.home,
            _ => &spec.home,
        }
    }
}

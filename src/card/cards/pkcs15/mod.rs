//! Cards that are in no table but describe themselves by their files (ISO 7816-15, PKCS#15 v1.1): their certificates
//! can be read, and their keys can sign if the description is complete. Nothing is ever written to them.
//!
//! Only SELECT, READ BINARY and READ RECORD are sent before a login. PINs are verified only as the card describes them,
//! and the number of tries left is never asked for, because it is not known how such a card reacts to that.

mod description;
mod structure;

pub(super) use description::Described;
pub(super) use structure::Structure;

use super::error::CardError;
use super::profile::{
    Asking, AtrCertainty, Atrs, CardProfile, Closing, Delivery, Evidence, Family, Files, IssuerCodes,
    OnKeypad, Order, PersonalData, PinBlock, Select, SelectTarget, Selecting, SerialFormat, SerialSource,
    Writing,
};
use crate::iso7816::Channel;
use std::borrow::Cow;

/// The application of cards without EF.DIR: "PKCS-15" by its AID (PKCS#15 §5.4.1).
pub(super) const CARD_APPLICATION: SelectTarget = SelectTarget::application(b"\xA0\x00\x00\x00\x63PKCS-15");
/// All cards can return the last of these blocks.
pub(super) const FILES: Files = Files { select: Select::FromMf, blocks: &[256, 231, 128] };

/// What all such cards have in common.
pub static CARD: CardProfile = CardProfile {
    model: "PKCS#15",
    label: "PKCS15",
    issuer: "unknown",
    family: Family::Unknown,
    atrs: Atrs::contact(&[]),
    certainty: AtrCertainty::Nothing(read_alone),
    contactless: None,
    application: CARD_APPLICATION,
    selecting: Selecting::ClosesPins,
    files: FILES,
    serial_sources: Cow::Borrowed(&[SerialSource::Certificate]),
    serial_format: SerialFormat::Characters,
    pins: Cow::Borrowed(&[]),
    pins_equal: false,
    codes: IssuerCodes { puk: None, delivery: Delivery::Ready, evidence: Evidence::OneSource },
    pin_block: PinBlock::Typed,
    // OpenSC verifies so, by the card's own description.
    keypad: OnKeypad { present: Some(Evidence::OneSource), set: None },
    asking: Asking { object: None, empty_verify: false },
    closing: Closing::Reset,
    order: Order::KeyFirst,
    writing: Writing::Never,
    keys: Cow::Borrowed(&[]),
    authorities: Cow::Borrowed(&[]),
    personal: PersonalData::None,
};

fn read_alone(channel: &mut Channel<'_>, _: &CardProfile) -> Result<CardProfile, CardError> {
    read(channel)
}

/// The profile of a card as its files describe it.
pub(super) fn read(channel: &mut Channel<'_>) -> Result<CardProfile, CardError> {
    Ok(Structure::read(channel)?.profile())
}

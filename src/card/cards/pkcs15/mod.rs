//! A card that no table knows, and that says by its own files what it is (ISO 7816-15, PKCS#15 v1.1): its certificates can
//! be read, and where its directory is complete its keys can sign. Nothing is ever written to it.
//!
//! It is asked by SELECT and READ BINARY alone. No PIN is presented but as the card itself describes it, and how many
//! tries are left it is not asked: what a card makes of such questions is its own affair.

mod description;
mod structure;

pub(super) use structure::Structure;

use super::error::CardError;
use super::profile::{
    Asking, AtrCertainty, CardProfile, Closing, Delivery, Evidence, Files, IssuerCodes, Order, PersonalData,
    PinBlock, Select, SelectTarget, Selecting, SerialFormat, SerialSource, Writing,
};
use crate::iso7816::Channel;
use std::borrow::Cow;

/// Of a card without EF.DIR: "PKCS-15" by its identifier (PKCS#15 §5.4.1).
pub(super) const CARD_APPLICATION: SelectTarget = SelectTarget::application(b"\xA0\x00\x00\x00\x63PKCS-15");
/// The smallest block that every card gives.
pub(super) const FILES: Files = Files { select: Select::FromMf, blocks: &[256, 231, 128] };

/// What is common to all such cards.
pub static CARD: CardProfile = CardProfile {
    model: "PKCS#15",
    label: "PKCS15",
    issuer: "unknown",
    atrs: &[],
    certainty: AtrCertainty::Nothing(read),
    application: CARD_APPLICATION,
    selecting: Selecting::ClosesPins,
    files: FILES,
    serial_sources: Cow::Borrowed(&[SerialSource::Certificate]),
    serial_format: SerialFormat::Characters,
    pins: Cow::Borrowed(&[]),
    codes: IssuerCodes { puk: None, delivery: Delivery::Ready, evidence: Evidence::OneSource },
    pin_block: PinBlock::Typed,
    asking: Asking { object: None, empty_verify: false },
    closing: Closing::Select,
    order: Order::KeyFirst,
    writing: Writing::Never,
    keys: Cow::Borrowed(&[]),
    authorities: Cow::Borrowed(&[]),
    personal: PersonalData::None,
};

fn read(channel: &mut Channel<'_>, card: &CardProfile) -> Result<CardProfile, CardError> {
    let structure = Structure::read(channel)?;
    Ok(structure.profile(card))
}

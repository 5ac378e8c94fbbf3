//! Finland: cards of organisations, and of social and health care (FINEID S4-2). Many other cards have the same
//! answers to reset, so the card's description of itself has to say that it is one; its directory says where its keys
//! are.
//!
//! Sources: FINEID S4-2 v4.0 as quoted by an open implementation, DVV's technology note on ATR bytes. There is no
//! recording of such a card, so nothing is written to it without the consent of the holder.

use super::error::CardError;
use super::fineid;
use super::pkcs15::{self, Structure};
use super::profile::{
    Asking, Atr, AtrCertainty, Atrs, CardProfile, Closing, Delivery, Evidence, Family, IssuerCodes, KeySpec,
    OnKeypad, Order, PersonalData, PinBlock, PinSpec, Presentation, PukSpec, Role, Scope, SelectTarget,
    Selecting, SerialFormat, SerialSource, SigningCommand, Template, Unblocking, Writing,
};
use crate::iso7816::Channel;
use std::borrow::Cow;

/// DF.ESIGN, by its AID: the signature key (S4-2).
const SIGNATURE_APPLICATION: SelectTarget = SelectTarget::application(b"E.SIGN");
/// Reference of the signature key, local to that application.
const SIGNATURE_KEY: u8 = 0x82;

const fn pin(role: Role, name: &'static str, reference: u8, min: usize) -> PinSpec {
    PinSpec {
        role,
        name,
        reference,
        home: pkcs15::CARD_APPLICATION,
        scope: Scope::Card,
        presentation: Presentation::Verify,
        min,
        max: 12,
        letter_max: 8,
        tries: 5,
        evidence: Evidence::OneSource,
    }
}

/// References of their own, and no padding (S4-2 §4.2). PIN2 of health-care cards has at least four digits.
const PINS: &[PinSpec] = &[pin(Role::Authentication, "PIN1", 0x03, 4), pin(Role::Signature, "PIN2", 0x04, 4)];

/// Oberthur Cosmo v7, IDEMIA IDeal Citiz and Cosmo X.
pub static CARD: CardProfile = CardProfile {
    model: "FINEID S4-2",
    label: "FINEID",
    issuer: fineid::ISSUER,
    family: Family::FinnishOrganisation,
    atrs: Atrs::contact(&[
        Atr::new(
            b"\x3B\xDF\x96\x00\x80\x31\xFE\x45\x00\x31\xB8\x64\x04\x29\xEC\xC1\x73\x94\x01\x80\x82\x90\x00\xDA",
        ),
        Atr::new(
            b"\x3B\xDD\x96\x00\x80\x31\xFE\x45\x00\x31\xB8\x64\x04\x29\xEC\xC1\x73\x94\x01\x80\x82\x48",
        ),
        Atr::new(
            b"\x3B\xDD\x96\x00\x80\x31\xFE\x45\x00\x31\xB8\x64\x04\x29\xEC\xC1\x73\x94\x01\x80\x83\x49",
        ),
    ]),
    certainty: AtrCertainty::Nothing(read),
    contactless: None,
    application: pkcs15::CARD_APPLICATION,
    selecting: Selecting::ClosesPins,
    files: pkcs15::FILES,
    serial_sources: Cow::Borrowed(&[SerialSource::Certificate]),
    serial_format: SerialFormat::Fineid,
    pins: Cow::Borrowed(PINS),
    pins_equal: false,
    codes: IssuerCodes {
        puk: Some(PukSpec {
            reference: 0x12,
            home: pkcs15::CARD_APPLICATION,
            min: 8,
            max: 12,
            tries: 5,
            unblocking: Unblocking::PukFirst,
            changeable: false,
        }),
        // The letter is like that of citizens; what it contains frees locked PINs, too.
        delivery: Delivery::Letter { transport: None },
        evidence: Evidence::OneSource,
    },
    pin_block: PinBlock::Typed,
    // OpenSC verifies so. Two PINs that are not filled up have no fixed places in a command.
    keypad: OnKeypad { present: Some(Evidence::OneSource), set: None },
    asking: Asking { object: None, empty_verify: true },
    closing: Closing::Unverify,
    order: Order::PinFirst,
    writing: Writing::WithConsent,
    keys: Cow::Borrowed(&[]),
    authorities: Cow::Borrowed(&[]),
    personal: PersonalData::None,
};

/// A card that does not say that it is a FINEID card is treated as one that is in no table.
fn read(channel: &mut Channel<'_>, card: &CardProfile) -> Result<CardProfile, CardError> {
    let structure = Structure::read(channel)?;
    let found = structure.profile();
    let described = structure.info.iter().flat_map(|info| info.manufacturer.iter().chain(&info.label));
    if !described.into_iter().any(|text| text.contains("FINEID")) {
        return Ok(found);
    }
    // PINs that are not in the table are not used.
    let fits =
        found.pins.iter().all(|pin| card.pin(pin.role).is_some_and(|known| known.reference == pin.reference));
    if !fits {
        return Ok(found);
    }
    let CardProfile { application, serial_sources, keys, authorities, .. } = found;
    let pins = card.pins.iter().map(|pin| PinSpec { home: application.clone(), ..pin.clone() }).collect();
    let mut codes = card.codes.clone();
    if let Some(puk) = &mut codes.puk {
        puk.home = application.clone();
    }
    let keys = keys.iter().cloned().map(as_specified).collect();
    Ok(CardProfile { application, serial_sources, pins, codes, keys, authorities, ..card.clone() })
}

/// The digest is sent with the command that signs it; the algorithm references are those of citizen cards (S1 §3.6).
fn as_specified(mut key: KeySpec) -> KeySpec {
    key.signing.command = SigningCommand::Inline;
    key.signing.template = Template::Objects;
    key.signing.algorithms = Cow::Borrowed(fineid::ALGORITHMS);
    if key.role == Role::Signature && key.reference == SIGNATURE_KEY {
        key.home = SIGNATURE_APPLICATION;
    }
    key
}

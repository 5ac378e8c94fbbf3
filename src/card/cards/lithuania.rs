//! Lithuania: identity cards since 2021, by MaskTech. Nothing but EF.CardAccess can be read before the card access number
//! has opened a channel, over contacts, too. The holder has one PIN, and the card two: the password of another channel,
//! through which the authentication key signs, and that of the signature key.
//!
//! Sources: OpenSC's driver lteid and its tool, which is the only program known to set its PINs; the answers to reset in
//! DigiDoc4 and libelectronic-id. There is no recording of such a card.

use super::error::CardError;
use super::pin_state::PinState;
use super::pkcs15::{Described, FILES, Structure};
use super::profile::{
    Algorithm, Asking, Atr, AtrCertainty, Atrs, CardProfile, Closing, Contactless, Curve, Delivery, Evidence,
    Family, Hash, Input, IssuerCodes, KeyAlgorithm, KeySpec, KeyUses, OnKeypad, Order, PersonalData,
    PinBlock, PinObject, PinSpec, PinUse, Presentation, PukSpec, Role, Scheme, Scope, SelectTarget,
    Selecting, SerialFormat, SerialSource, Signing, SigningCommand, Template, Unblocking, Writing,
};
use crate::iso7816::Channel;
use crate::iso7816::apdu::{Command, Header, TooLong};
use crate::iso7816::cia::CardInfo;
use crate::iso7816::tlv;
use Evidence::OneSource;
use std::borrow::Cow;

/// What the card says of who made it.
const MAKER: &str = "MaskTech";
/// Where the passwords of its channels belong.
const MASTER: SelectTarget = SelectTarget::directory(&[]);
/// The DF of the signature key and its PIN.
const SIGNATURE_DF: SelectTarget = SelectTarget::directory(&[0xDF, 0x02]);
/// What the commands that set the PIN call it. As a password it has another number.
const PIN: u8 = 0x07;
/// The PUK, which is a password alone.
const PUK: u8 = 0x04;

/// EF.CardAccess names ciphers and curve.
static WAY: Contactless = Contactless {
    by_contacts: true,
    application: None,
    suite: None,
    proven: &Role::ALL,
    sets_pins: true,
    evidence: OneSource,
};

const fn pin(
    role: Role,
    name: &'static str,
    reference: u8,
    home: SelectTarget,
    presentation: Presentation,
) -> PinSpec {
    PinSpec {
        role,
        name,
        reference,
        home,
        scope: Scope::Application,
        presentation,
        min: 6,
        max: 12,
        letter_max: 12,
        tries: 3,
        evidence: OneSource,
    }
}

/// "QES" is what the card calls the PIN of the signature key.
const PINS: &[PinSpec] = &[
    pin(Role::Authentication, "PIN", PIN, MASTER, Presentation::Pace { password: 0x03 }),
    pin(Role::Signature, "QES PIN", 0x81, SIGNATURE_DF, Presentation::Verify),
];

/// How many tries the PUK has is a guess; the card tells how many are left.
const CODES: IssuerCodes = IssuerCodes {
    puk: Some(PukSpec {
        reference: PUK,
        home: MASTER,
        min: 8,
        max: 12,
        tries: 3,
        unblocking: Unblocking::Counter { password: PUK },
        changeable: false,
    }),
    delivery: Delivery::Ready,
    evidence: OneSource,
};

/// SELECT of the file that tells the tries of a password.
fn ask(reference: u8) -> Result<Command, TooLong> {
    let file = match reference {
        PIN => [0xAC, 0xE3],
        PUK => [0xAC, 0xE4],
        // Nothing is known to tell those of the other PIN so.
        _ => return Err(TooLong),
    };
    Command::exchange(Header::new(0xA4, 0x00, 0x04), &file)
}

/// In its FCP: tries left, and most tries.
fn read(answer: &[u8]) -> Option<PinState> {
    let mut found = tlv::find(answer, 0x62)?;
    for tag in [0xA5, 0xA2, 0xA3, 0x82] {
        found = tlv::find(found, tag)?;
    }
    let [left, _most] = found else { return None };
    Some(PinState { left: Some(*left), changed: None })
}

/// PSO COMPUTE DIGITAL SIGNATURE with the digest, after MSE SET with the reference of the key alone.
const SIGNING: Signing = Signing {
    command: SigningCommand::Inline,
    template: Template::KeyOnly,
    algorithms: Cow::Borrowed(&[Algorithm {
        scheme: Scheme::Ecdsa,
        hash: Hash::Sha384,
        reference: 0,
        input: Input::Digest,
        evidence: OneSource,
    }]),
};

/// MaskTech, MTCOS 2.6.
pub static CARD: CardProfile = CardProfile {
    model: "LTEID 2021",
    label: "LTEID",
    issuer: "MaskTech International GmbH",
    family: Family::Lithuania,
    // The last bytes, version and check byte, are not looked at by libelectronic-id either. Known are 04D1 and 05D0.
    atrs: Atrs::contact(&[Atr::like(
        b"\x3B\x9D\x18\x81\x31\xFC\x35\x80\x31\xC0\x69\x4D\x54\x43\x4F\x53\x73\x02\x06\x05\xD0",
        &[19, 20],
    )]),
    certainty: AtrCertainty::Kind(read_keys),
    contactless: Some(&WAY),
    application: super::pkcs15::CARD_APPLICATION,
    selecting: Selecting::KeepsPins,
    files: FILES,
    serial_sources: Cow::Borrowed(&[SerialSource::Certificate]),
    serial_format: SerialFormat::Hexadecimal,
    pins: Cow::Borrowed(PINS),
    pins_equal: true,
    codes: CODES,
    pin_block: PinBlock::Typed,
    // Nothing that a keypad sends goes through the channel.
    keypad: OnKeypad { present: None, set: None },
    asking: Asking { object: Some(PinObject { ask, read }), empty_verify: true },
    closing: Closing::Reset,
    order: Order::PinFirst,
    writing: Writing::WithConsent,
    keys: Cow::Borrowed(&[]),
    authorities: Cow::Borrowed(&[]),
    personal: PersonalData::None,
};

/// Finds out where its keys are, and whether it is such a card at all.
fn read_keys(channel: &mut Channel<'_>, card: &CardProfile) -> Result<CardProfile, CardError> {
    let structure = Structure::read(channel)?;
    let is_by_maker = |info: &CardInfo| info.manufacturer.as_ref().is_some_and(|maker| maker.contains(MAKER));
    if !structure.info.as_ref().is_some_and(is_by_maker) {
        return Err(CardError::Unrecognised);
    }
    let keys = structure.described().map(|key| as_known(key, card)).collect();
    let CardProfile { application, files, serial_sources, authorities, .. } = structure.profile();
    Ok(CardProfile { application, files, serial_sources, keys, authorities, ..card.clone() })
}

/// How a key is used that the card describes. One that is not of the known kind has its certificate alone.
fn as_known(described: Described, card: &CardProfile) -> KeySpec {
    let role = if described.commits { Role::Signature } else { Role::Authentication };
    let algorithm = KeyAlgorithm::Ec(Curve::P384);
    let is_known = described.reference.is_some() && described.algorithm == Some(algorithm);
    let home = described.home.or_else(|| card.pin(role).map(|pin| pin.home.clone()));
    KeySpec {
        role,
        pin_use: match role {
            Role::Authentication => PinUse::OncePerLogin,
            Role::Signature => PinUse::EachSignature,
        },
        id: Cow::Owned(described.id),
        label: Cow::Owned(described.label),
        home: home.unwrap_or(MASTER),
        reference: described.reference.unwrap_or_default(),
        algorithm,
        uses: if is_known { KeyUses::SIGN } else { KeyUses::NONE },
        signing: SIGNING,
        deciphering: None,
        certificate: described.certificate,
        evidence: OneSource,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_in_the_answer_to_select() {
        let answer = b"\x62\x0A\xA5\x08\xA2\x06\xA3\x04\x82\x02\x02\x03";
        assert_eq!(read(answer), Some(PinState { left: Some(2), changed: None }));
        for end in 0..answer.len() {
            assert_eq!(read(&answer[..end]), None);
        }
        assert!(ask(PIN).is_ok() && ask(PUK).is_ok() && ask(0x81).is_err());
    }
}

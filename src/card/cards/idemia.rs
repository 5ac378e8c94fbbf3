//! What IDEMIA cards with the IAS-ECC application have in common: Estonia's from December 2018 to November 2025, and
//! Latvia's since 2019.
//!
//! Sources: recordings of Estonian and Latvian test cards as published in the unit tests of Web eID's
//! libelectronic-id and of RIA's NFC library, OpenSC's driver esteid2018, DigiDoc4.

use super::pin_state::PinState;
use super::profile::{
    Algorithm, Contactless, Deciphering, Delivery, Evidence, Hash, Input, IssuerCodes, OnKeypad, PinBlock,
    PinObject, PinSpec, Presentation, PukSpec, Role, Scheme, Scope, SelectTarget, Signing, SigningCommand,
    Template, Unblocking,
};
use crate::iso7816::apdu::{Command, Header, TooLong};
use crate::iso7816::tlv;
use std::borrow::Cow;

/// The IAS-ECC application: PIN1, PUK and the general files (recorded).
pub(super) const MAIN: SelectTarget = SelectTarget::application(MAIN_AID);
const MAIN_AID: &[u8] = b"\xA0\x00\x00\x00\x77\x01\x08\x00\x07\x00\x00\xFE\x00\x00\x01\x00";
/// ADF1, by its AID "AWP": the authentication key (recorded).
pub(super) const AWP: SelectTarget = SelectTarget::application(b"\xE8\x28\xBD\x08\x0F\xF2POT AWP");
/// ADF2, the "QSCD Application": PIN2 and the signature key (recorded).
pub(super) const QSCD: SelectTarget = SelectTarget::application(b"QSCD Application");

/// As libelectronic-id reads all these cards; with some readers newer ones cannot return longer blocks.
pub(super) const BLOCKS: &[usize] = &[0xC0];

/// Digits, then FF up to twelve (recorded).
pub(super) const PIN_BLOCK: PinBlock = PinBlock::Filled { length: 12, fill: 0xFF };

/// libelectronic-id verifies so, DigiDoc also sets PINs and the PUK so.
pub(super) const KEYPAD: OnKeypad =
    OnKeypad { present: Some(Evidence::TwoSources), set: Some(Evidence::OneSource) };

/// The data object of a PIN (recorded).
pub(super) const PIN_OBJECT: PinObject = PinObject { ask, read };

/// EF(D003): the document number.
pub(super) const DOCUMENT_NUMBER: &[u8] = &[0xD0, 0x03];

/// PIN1 is global: it is verified in ADF1 (recorded); its state is read and it is unblocked in the main application.
/// PIN2 is local to ADF2.
pub(super) const fn pins(shortest_pin2: usize) -> [PinSpec; 2] {
    [
        PinSpec {
            role: Role::Authentication,
            name: "PIN1",
            reference: 0x01,
            home: MAIN,
            scope: Scope::Card,
            presentation: Presentation::Verify,
            min: 4,
            max: 12,
            letter_max: 12,
            tries: 3,
            evidence: Evidence::Recorded,
        },
        PinSpec {
            role: Role::Signature,
            name: "PIN2",
            reference: 0x85,
            home: QSCD,
            scope: Scope::Application,
            presentation: Presentation::Verify,
            min: shortest_pin2,
            max: 12,
            letter_max: 12,
            tries: 3,
            evidence: Evidence::Recorded,
        },
    ]
}

/// The codes in the envelope are valid at once. The PUK is verified before a PIN is set, and can be changed.
pub(super) const CODES: IssuerCodes = IssuerCodes {
    puk: Some(PukSpec {
        reference: 0x02,
        home: MAIN,
        min: 8,
        max: 12,
        tries: 3,
        unblocking: Unblocking::PukFirst,
        changeable: true,
    }),
    delivery: Delivery::Ready,
    evidence: Evidence::TwoSources,
};

/// Without contacts as with them: signatures with both keys, wrong PINs and unblocking are recorded.
pub(super) static CONTACTLESS: Contactless = Contactless {
    by_contacts: false,
    application: Some(MAIN_AID),
    suite: None,
    proven: &Role::ALL,
    sets_pins: true,
    evidence: Evidence::Recorded,
};

/// INTERNAL AUTHENTICATE and PSO COMPUTE DIGITAL SIGNATURE, both with the digest (recorded).
pub(super) const fn signing(command: SigningCommand, algorithms: &'static [Algorithm]) -> Signing {
    Signing { command, template: Template::Objects, algorithms: Cow::Borrowed(algorithms) }
}

/// Takes 48 bytes: shorter digests are padded with leading zeros, longer ones truncated to 48 bytes (recorded).
const fn ecdsa_p384(reference: u8) -> Algorithm {
    Algorithm {
        scheme: Scheme::Ecdsa,
        hash: Hash::Sha384,
        reference,
        input: Input::Digest,
        evidence: Evidence::Recorded,
    }
}

/// How the authentication key signs.
pub(super) const EC_AUTHENTICATION: Signing = signing(SigningCommand::Authenticate, &[ecdsa_p384(0x04)]);
/// How the signature key signs.
pub(super) const EC_SIGNATURE: Signing = signing(SigningCommand::Inline, &[ecdsa_p384(0x54)]);

/// As in OpenSC and RIA's libraries: a one-byte algorithm reference, as OpenSC had it first, and 00 before the other
/// party's point.
pub(super) static KEY_AGREEMENT: Deciphering = Deciphering {
    indicators: &[],
    point_indicator: 0x00,
    agreement: Some(0x0B),
    algorithms: &[],
    evidence: Evidence::TwoSources,
};

/// GET DATA of the object BF81xx of the PIN, where xx is its reference without the bit for local.
fn ask(reference: u8) -> Result<Command, TooLong> {
    let object = [0x4D, 0x08, 0x70, 0x06, 0xBF, 0x81, reference & 0x0F, 0x02, 0xA0, 0x80];
    Command::exchange(Header::new(0xCB, 0x3F, 0xFF), &object)
}

/// 9B: tries left.
fn read(answer: &[u8]) -> Option<PinState> {
    let pin = tlv::DataObjects(tlv::find(answer, 0x70)?).find(|object| object.tag >> 8 == 0xBF81)?;
    let left = *tlv::find(tlv::find(pin.value, 0xA0)?, 0x9B)?.first()?;
    Some(PinState { left: Some(left), changed: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As recorded, except for the tries.
    const ANSWER: &[u8] =
        b"\x70\x1E\xBF\x81\x01\x1A\xA0\x18\x9A\x01\x03\x9B\x01\x02\xA1\x10\x8C\x06\xF3\0\0\x73\x43\0\
        \x9C\x06\xF3\0\0\x73\x43\0";

    #[test]
    fn tries_in_the_object_as_recorded() {
        assert_eq!(read(ANSWER), Some(PinState { left: Some(2), changed: None }));
        for end in 0..14 {
            assert_eq!(read(&ANSWER[..end]), None);
        }
    }
}

//! What Thales (formerly Gemalto) MultiApp cards have in common: Finland's citizen cards, and Estonia's since
//! November 2025.
//!
//! Sources: recordings of Finnish test cards v3.0 and v4.0 and of an Estonian test card, FINEID S1, and OpenSC, which
//! has one driver for both countries.

use super::pin_state::PinState;
use super::profile::{
    Algorithm, Closing, Deciphering, Decipherment, Evidence, Files, Hash, Input, OnKeypad, PinBlock,
    PinObject, Scheme, Select, SelectTarget, Signing, SigningCommand, Template,
};
use crate::iso7816::apdu::{Command, Header, TooLong};
use crate::iso7816::tlv;
use std::borrow::Cow;

/// The PKCS#15 application, "cPKCS-15" (recorded).
pub(super) const APPLICATION: SelectTarget = SelectTarget::application(b"\xA0\x00\x00\x00\x63PKCS-15");

/// All files are selected by their path from the MF (recorded). Blocks of 256 bytes, of 231 (the most with AES secure
/// messaging), or of 181, as the client in the recordings reads.
pub(super) const FILES: Files = Files { select: Select::FromMf, blocks: &[256, 231, 181] };

/// Digits, then zero bytes up to twelve (recorded).
pub(super) const PIN_BLOCK: PinBlock = PinBlock::Filled { length: 12, fill: 0x00 };

/// libelectronic-id and OpenSC verify so on the cards of both countries; DigiDoc sets PINs so on Estonia's.
pub(super) const KEYPAD: OnKeypad =
    OnKeypad { present: Some(Evidence::TwoSources), set: Some(Evidence::OneSource) };

/// The PIN data object of MultiApp's IAS application (recorded).
pub(super) const PIN_OBJECT: PinObject = PinObject { ask, read };

/// VERIFY with P1 = FF (FINEID S1 §3.5). OpenSC selects the application again, which works as well.
pub(super) const CLOSING: Closing = Closing::UnverifyOrSelect;

/// PSO HASH, then PSO COMPUTE DIGITAL SIGNATURE (recorded), with these algorithms.
pub(super) const fn signing(algorithms: &'static [Algorithm]) -> Signing {
    Signing {
        command: SigningCommand::HashFirst,
        template: Template::Objects,
        algorithms: Cow::Borrowed(algorithms),
    }
}

/// The high nibble of the reference is the hash function, the low nibble the scheme (S1 §3.6).
pub(super) const fn algorithm(scheme: Scheme, hash: Hash, reference: u8, evidence: Evidence) -> Algorithm {
    Algorithm { scheme, hash, reference, input: Input::Digest, evidence }
}

/// ECDSA on P-256: 44 is recorded.
pub(super) const ECDSA_P256: Algorithm = algorithm(Scheme::Ecdsa, Hash::Sha256, 0x44, Evidence::Recorded);
/// ECDSA on P-384: 54 is recorded.
pub(super) const ECDSA_P384: Algorithm = algorithm(Scheme::Ecdsa, Hash::Sha384, 0x54, Evidence::Recorded);

/// As in OpenSC: no algorithm reference for key agreement, and 00 before the other party's point.
pub(super) const fn deciphering(
    indicators: &'static [u8],
    algorithms: &'static [Decipherment],
    evidence: Evidence,
) -> Deciphering {
    Deciphering { indicators, point_indicator: 0x00, agreement: None, algorithms, evidence }
}

/// GET DATA of the object A0 of the PIN with this reference (tag 83).
fn ask(reference: u8) -> Result<Command, TooLong> {
    Command::exchange(Header::new(0xCB, 0x00, 0xFF), &[0xA0, 0x03, 0x83, 0x01, reference])
}

/// DF21: the first byte is the number of tries left. DF2F: 00 if never changed since manufacture, else 01; optional.
fn read(answer: &[u8]) -> Option<PinState> {
    let object = tlv::find(answer, 0xA0)?;
    let left = *tlv::find(object, 0xDF21)?.first()?;
    let changed = tlv::find(object, 0xDF2F).and_then(<[u8]>::first).map(|flag| *flag != 0);
    Some(PinState { left: Some(left), changed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_as_specified() {
        let answer = b"\xA0\x23\x83\x01\x11\x8C\x04\xF0\0\0\0\x9C\x04\xF0\0\0\0\xDF\x21\x04\x05\xFF\xA5\x03\
            \xDF\x27\x02\xFF\xFF\xDF\x28\x01\x0C\xDF\x2F\x01\x01";
        assert_eq!(read(answer), Some(PinState { left: Some(5), changed: Some(true) }));
    }

    #[test]
    fn a_cut_off_object_tells_nothing() {
        assert_eq!(read(&[]), None);
        assert_eq!(read(b"\xA0\x03\x83\x01\x11"), None);
        assert_eq!(read(b"\xA0\x03\xDF\x21\x00"), None);
    }
}

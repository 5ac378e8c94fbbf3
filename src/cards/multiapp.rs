//! What Thales (formerly Gemalto) MultiApp cards share across countries.

use super::pin::{PinObject, PinState};
use crate::iso7816::apdu::{Command, Header, TooLong};
use crate::iso7816::tlv;

/// The PIN data object of MultiApp's IAS application (recorded on FINEID v3 and v4 test cards).
pub(super) const PIN_OBJECT: PinObject = PinObject { ask, read };

/// GET DATA of the object A0 of the PIN with this reference (tag 83).
fn ask(reference: u8) -> Result<Command, TooLong> {
    Command::exchange(Header::new(0xCB, 0x00, 0xFF), &[0xA0, 0x03, 0x83, 0x01, reference])
}

/// DF21: tries left in its first byte. DF2F: 00 never changed since manufacture, 01 changed; may be absent.
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

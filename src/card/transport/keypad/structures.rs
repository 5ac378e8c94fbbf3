//! PIN_VERIFY_STRUCTURE and PIN_MODIFY_STRUCTURE (PC/SC part 10 §2.5.2 and §2.5.3). Numbers of several bytes are those
//! of the computer: the driver turns them round.

use super::properties::BY_KEY;
use super::{Asks, Form, Keypad, PadCommand};

/// How long the keypad waits for the first key, and for each next one, in seconds. As libelectronic-id has it: nobody is
/// hurried.
const PATIENCE: u8 = 90;

/// bNumberMessage: what a keypad with a display shows for VERIFY by default.
const USUAL_MESSAGE: u8 = 0xFF;

/// bConfirmPIN: the new PIN is asked for twice, and the old one before it.
const CONFIRM: u8 = 0x01;
const ASK_OLD: u8 = 0x02;

/// bmFormatString, bmPINBlockString and bmPINLengthFormat.
fn format(form: Form) -> [u8; 3] {
    match form {
        // ASCII, from the left, from the first bit on, in no frame of its own and without its length: the digits replace
        // what the command has in their place (libelectronic-id and DigiDoc, for all cards with such blocks).
        Form::Characters => [0x02, 0x00, 0x00],
        // BCD, from the left, after one byte, in seven; the length in four bits, four bits from the beginning (the
        // applet and the middleware of the Belgian state).
        Form::HalfBytes => [0x89, 0x47, 0x04],
    }
}

/// wPINMaxExtraDigit: the fewest digits in the high byte, the most in the low one.
fn lengths((min, max): (u8, u8)) -> [u8; 2] {
    u16::from_be_bytes([min, max]).to_ne_bytes()
}

/// The structure for VERIFY, with the command at its end. `None` if that is too long.
pub(super) fn verify(keypad: &Keypad, command: &PadCommand, digits: (u8, u8)) -> Option<Vec<u8>> {
    let mut bytes = vec![PATIENCE, PATIENCE];
    bytes.extend(format(command.form));
    bytes.extend(lengths(digits));
    bytes.push(BY_KEY);
    bytes.push(if keypad.has_display { USUAL_MESSAGE } else { 0 });
    bytes.extend(keypad.language().number().to_ne_bytes());
    // Which message: the first.
    bytes.push(0);
    with_command(bytes, command)
}

/// The structure for commands with a new PIN.
pub(super) fn modify(keypad: &Keypad, command: &PadCommand, digits: (u8, u8)) -> Option<Vec<u8>> {
    // Messages: 0 asks for the PIN, 1 for the new one, 2 for the new one again.
    let (offset, confirm, messages): (u8, u8, &[u8]) = match command.asks {
        Asks::PresentAndNew { offset } => (offset, CONFIRM | ASK_OLD, &[3, 0, 1, 2]),
        Asks::Present | Asks::New => (0, CONFIRM, &[2, 1, 2, 0]),
    };
    let (number, which) = messages.split_first()?;
    let mut bytes = vec![PATIENCE, PATIENCE];
    bytes.extend(format(command.form));
    bytes.extend([0, offset]);
    bytes.extend(lengths(digits));
    bytes.extend([confirm, BY_KEY]);
    bytes.push(if keypad.has_display { *number } else { 0 });
    bytes.extend(keypad.language().number().to_ne_bytes());
    bytes.extend(which);
    with_command(bytes, command)
}

/// bTeoPrologue, which only drivers of T=1 without its framing use; ulDataLength, and the command.
fn with_command(mut bytes: Vec<u8>, command: &PadCommand) -> Option<Vec<u8>> {
    bytes.extend([0; 3]);
    bytes.extend(u32::try_from(command.command.len()).ok()?.to_ne_bytes());
    bytes.extend(&command.command);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keypad(display: &[u8]) -> Keypad {
        let features = b"\x06\x04\0\0\0\x06\x07\x04\0\0\0\x07\x0A\x04\0\0\0\x0A";
        let told =
            |code, _: &[u8]| Ok::<_, ()>(if code == 10 { display.to_vec() } else { features.to_vec() });
        Keypad::of(|code| code, told).unwrap().unwrap()
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn the_structures_as_published() {
        let verify = PadCommand {
            command: b"\x00\x20\x00\x11\x02\x00\x00".to_vec(),
            asks: Asks::Present,
            form: Form::Characters,
            min: 4,
            max: 12,
        };
        assert_eq!(
            keypad(&[16, 2, 2, 0]).request(&verify).unwrap(),
            (6, b"ZZ\x02\0\0\x0C\x04\x02\xFF\x09\x04\0\0\0\0\x07\0\0\0\0\x20\0\x11\x02\0\0".to_vec())
        );
        let both = PadCommand {
            command: b"\x00\x24\x00\x01\x04\x20\xFF\x20\xFF".to_vec(),
            asks: Asks::PresentAndNew { offset: 8 },
            form: Form::HalfBytes,
            ..verify
        };
        assert_eq!(
            keypad(&[16, 2, 2, 0]).request(&both).unwrap(),
            (
                7,
                b"ZZ\x89\x47\x04\0\x08\x0C\x04\x03\x02\x03\x09\x04\0\x01\x02\0\0\0\x09\0\0\0\0\x24\0\x01\x04\x20\xFF\x20\xFF"
                    .to_vec()
            )
        );
        let new = PadCommand { asks: Asks::New, ..both };
        assert_eq!(
            keypad(&[0, 0, 2, 0]).request(&new).unwrap(),
            (
                7,
                b"ZZ\x89\x47\x04\0\0\x0C\x04\x01\x02\0\x09\x04\x01\x02\0\0\0\0\x09\0\0\0\0\x24\0\x01\x04\x20\xFF\x20\xFF"
                    .to_vec()
            )
        );
    }
}

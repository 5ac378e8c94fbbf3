//! How digits get into a command (§2.5.2): bmFormatString, bmPINBlockString, bmPINLengthFormat.

use super::structure::{Place, Structure};

/// CLA, INS, P1, P2 and Lc.
const HEADER: usize = 5;

/// The command with these entries; `None` if the structure makes no sense.
pub(super) fn filled(structure: &Structure, entries: &[(Place, String)]) -> Option<Vec<u8>> {
    let mut command = structure.asked.command.clone();
    for (place, digits) in entries {
        put(structure, &mut command, place.offset, digits.as_bytes())?;
    }
    let length = command.len().checked_sub(HEADER)?;
    *command.get_mut(HEADER - 1)? = u8::try_from(length).ok()?;
    Some(command)
}

fn put(structure: &Structure, command: &mut Vec<u8>, offset: usize, digits: &[u8]) -> Option<()> {
    let (bits, width) = match structure.format & 3 {
        0 => (digits.iter().map(|digit| digit - b'0').collect::<Vec<_>>(), 8),
        1 => (digits.iter().map(|digit| digit - b'0').collect(), 4),
        _ => (digits.to_vec(), 8),
    };
    let unit = |byte_unit: bool| if byte_unit { 8 } else { 1 };
    let start = offset * 8 + usize::from(structure.format >> 3 & 0x0F) * unit(structure.format & 0x80 != 0);
    let taken = bits.len() * width;
    let frame = usize::from(structure.block & 0x0F) * 8;
    if frame == 0 && command.len() == HEADER {
        // Nothing is there yet: the digits are all of it.
        command.resize(HEADER + (start + taken).div_ceil(8), 0);
    }
    let frame = if frame == 0 { taken } else { frame };
    let left = structure.format & 4 == 0;
    let first = if left { start } else { start + frame.checked_sub(taken)? };
    let data = command.get_mut(HEADER..)?;
    // From the left only the digits have to fit: OpenSC's frame for Belgium's cards ends a byte behind the command.
    let end = if left { start + taken } else { start + frame };
    if taken > frame || end > data.len() * 8 {
        return None;
    }
    for (number, value) in bits.iter().enumerate() {
        write(data, first + number * width, width, usize::from(*value))?;
    }
    let size = usize::from(structure.block >> 4);
    if size > 0 {
        let place = usize::from(structure.length & 0x0F) * unit(structure.length & 0x10 != 0);
        write(data, offset * 8 + place, size, digits.len())?;
    }
    Some(())
}

/// Writes a number into so many bits, the highest first.
fn write(data: &mut [u8], at: usize, width: usize, value: usize) -> Option<()> {
    for bit in 0..width {
        let byte = data.get_mut((at + bit) / 8)?;
        let mask = 0x80 >> ((at + bit) % 8);
        let is_set = value >> (width - 1 - bit) & 1 == 1;
        *byte = if is_set { *byte | mask } else { *byte & !mask };
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::model::KeypadModel;
    use super::*;

    const FULL: KeypadModel = KeypadModel::EVERY[0].1;

    /// A structure with this format for VERIFY with these data.
    fn verify(format: [u8; 3], data: &[u8]) -> Structure {
        let mut bytes = [&[30, 30], &format[..]].concat();
        bytes.extend(0x040C_u16.to_ne_bytes());
        bytes.extend([2, 1, 9, 4, 0, 0, 0, 0]);
        let length = u8::try_from(data.len()).unwrap();
        bytes.extend((u32::from(length) + 5).to_ne_bytes());
        bytes.extend([0, 0x20, 0, 1, length]);
        bytes.extend(data);
        Structure::verify(&bytes, &FULL).unwrap()
    }

    /// The data that come of "12345".
    fn data(format: [u8; 3], template: &[u8]) -> Option<Vec<u8>> {
        let structure = verify(format, template);
        let place = structure.places[0].0;
        filled(&structure, &[(place, "12345".to_owned())]).map(|command| {
            assert_eq!(usize::from(command[4]), command.len() - 5);
            command[5..].to_vec()
        })
    }

    /// Formats as clients of several cards use them.
    #[test]
    fn digits_go_where_the_format_says() {
        // OpenSC and DigiDoc: ASCII in what is filled up already.
        assert_eq!(data([0x02, 0, 0], &[0; 12]).unwrap(), b"12345\0\0\0\0\0\0\0");
        assert_eq!(data([0x82, 0x0C, 0], &[0xFF; 12]).unwrap(), b"12345\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
        // ASCII alone, which is all of the data.
        assert_eq!(data([0x82, 0, 0], &[]).unwrap(), b"12345");
        // Format 2, as Belgium's applet and as OpenSC ask for it.
        let format2 = b"\x25\x12\x34\x5F\xFF\xFF\xFF\xFF";
        let template = b"\x20\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
        assert_eq!(data([0x89, 0x47, 0x04], template).unwrap(), format2);
        assert_eq!(data([0x01 | 8 << 3, 0x47, 0x04], template).unwrap(), format2);
        assert_eq!(data([0x41, 0x48, 0x04], template).unwrap(), format2);
        // At the right end of a frame, and as numbers.
        assert_eq!(data([0x86, 0x08, 0], &[0; 8]).unwrap(), b"\0\0\x0012345");
        assert_eq!(data([0x80, 0x08, 0], &[9; 8]).unwrap(), [1, 2, 3, 4, 5, 9, 9, 9]);
        // Out of the command.
        assert_eq!(data([0x82, 0x04, 0], &[0; 8]), None);
        assert_eq!(data([0x82 | 5 << 3, 0, 0], &[0; 8]), None);
    }
}

//! Messages between a browser and the programs that it starts: four bytes that tell the length, in the order of this
//! computer, and JSON.

use std::io::{self, ErrorKind, Read, Write};

/// The longest message that is read. Web eID's own program has the same limit.
pub const LONGEST: usize = 8192;
/// `{}` and the four bytes would do, but no command is so short.
const SHORTEST: usize = 5;

/// The next message. An error if its length is out of bounds, before anything is kept for it, or if it ends too early.
pub fn read(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_ne_bytes(length)).unwrap_or(usize::MAX);
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut message = vec![0; length];
    input.read_exact(&mut message)?;
    Ok(message)
}

/// Writes a message.
pub fn write(output: &mut impl Write, message: &str) -> io::Result<()> {
    let length = u32::try_from(message.len()).map_err(|_| ErrorKind::InvalidData)?;
    output.write_all(&[&length.to_ne_bytes(), message.as_bytes()].concat())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(length: u32, content: &[u8]) -> Vec<u8> {
        [&length.to_ne_bytes(), content].concat()
    }

    #[test]
    fn what_is_written_is_read() {
        for message in ["12345".to_owned(), "ä".repeat(LONGEST / 2)] {
            let mut wire = Vec::new();
            write(&mut wire, &message).unwrap();
            assert_eq!(read(&mut wire.as_slice()).unwrap(), message.as_bytes());
        }
    }

    #[test]
    fn no_room_is_made_for_what_is_too_long_and_nothing_is_waited_for_that_is_too_short() {
        for (wire, expected) in [
            (frame(u32::MAX, b"{}"), ErrorKind::InvalidData),
            (frame(8193, &[b' '; 8193]), ErrorKind::InvalidData),
            (frame(0, b""), ErrorKind::InvalidData),
            (frame(4, b"null"), ErrorKind::InvalidData),
            (frame(100, b"{}"), ErrorKind::UnexpectedEof),
            (vec![5, 0], ErrorKind::UnexpectedEof),
            (Vec::new(), ErrorKind::UnexpectedEof),
        ] {
            assert_eq!(
                read(&mut wire.as_slice()).unwrap_err().kind(),
                expected,
                "{:?}",
                &wire[..wire.len().min(8)]
            );
        }
    }
}

//! Messages between a browser and the program that it starts for an extension (native messaging): each follows its
//! length, as a number of 32 bits in the order of the computer.

use std::io::Read;

/// A message with its length.
///
/// # Panics
/// Where it is too long for one.
pub fn frame(message: &str) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("a short message");
    [&length.to_ne_bytes(), message.as_bytes()].concat()
}

/// The next message; none where no more come.
///
/// # Panics
/// Where it ends within a message.
pub fn next_frame(input: &mut impl Read) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    input.read_exact(&mut length).ok()?;
    let mut message = vec![0; u32::from_ne_bytes(length).try_into().expect("a length")];
    input.read_exact(&mut message).expect("a whole message");
    Some(message)
}

//! Output in a buffer of the program (§5.2).

use zeroize::Zeroizing;

/// How much room the program has for the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// No buffer: the program asks for the length.
    LengthOnly,
    /// A buffer of this length.
    Buffer(usize),
}

/// The outcome of a call that returns output.
#[derive(Debug, PartialEq, Eq)]
pub enum Produced {
    /// The length that was asked for; the operation stays active.
    Length(usize),
    /// The buffer is too small: this length is needed; the operation stays active.
    TooSmall(usize),
    /// The output; the operation has ended.
    Bytes(Zeroizing<Vec<u8>>),
}

//! Functions that return output in a buffer of the program (§5.2).

use zeroize::Zeroizing;

/// What the program has for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// No buffer: it asks for the length.
    LengthOnly,
    /// A buffer of so many bytes.
    Buffer(usize),
}

/// What a call that produces output came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Produced {
    /// The length that was asked for; the operation stays.
    Length(usize),
    /// The buffer is too small for so many bytes; the operation stays.
    TooSmall(usize),
    /// Done; the operation has ended.
    Bytes(Zeroizing<Vec<u8>>),
}

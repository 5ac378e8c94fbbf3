//! Fields common to the information structures (§3): padded text, versions, the manufacturer.

use cryptoki_sys::*;

/// The manufacturer of the module.
pub(super) const MANUFACTURER: &str = "Avain";

/// Text in a field: UTF-8, padded with blanks, never cut inside a character (§3).
pub(super) fn padded<const N: usize>(text: &str) -> [CK_UTF8CHAR; N] {
    let mut end = text.len().min(N);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    let mut field = [b' '; N];
    for (to, from) in field.iter_mut().zip(text.bytes().take(end)) {
        *to = from;
    }
    field
}

pub(super) const fn version(major: u8, minor: u8) -> CK_VERSION {
    CK_VERSION { major, minor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_padded_and_never_cut_inside_a_character() {
        assert_eq!(&padded::<4>("ab"), b"ab  ");
        assert_eq!(&padded::<4>("abcdef"), b"abcd");
        assert_eq!(&padded::<4>("abc\u{e4}"), b"abc ");
    }
}

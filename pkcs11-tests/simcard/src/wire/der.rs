//! A small DER writer.
//!
//! Own code, because the certificates of the card have two encodings that a correct library refuses to write: a
//! NULL parameter in ecdsa-with-SHA384 and an explicit `cA FALSE` (recorded test cards).

/// Tag, length and content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..=0x7F => out.push(short as u8),
        one @ 0x80..=0xFF => out.extend([0x81, one as u8]),
        two => out.extend([0x82, (two >> 8) as u8, two as u8]),
    }
    out.extend_from_slice(content);
    out
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

pub(crate) fn set(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x31, &parts.concat())
}

/// An unsigned INTEGER from big-endian bytes.
pub(crate) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let digits = &bytes[start..];
    let mut content = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_none_or(|byte| *byte >= 0x80) {
        content.push(0);
    }
    content.extend_from_slice(digits);
    tlv(0x02, &content)
}

pub(crate) fn integer(value: u32) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

pub(crate) fn oid(arcs: &[u32]) -> Vec<u8> {
    let (first, second) = (arcs.first().copied().unwrap_or(0), arcs.get(1).copied().unwrap_or(0));
    let mut content = Vec::new();
    for arc in std::iter::once(first * 40 + second).chain(arcs.iter().skip(2).copied()) {
        let mut groups = vec![(arc & 0x7F) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            groups.push((rest & 0x7F) as u8 | 0x80);
            rest >>= 7;
        }
        content.extend(groups.iter().rev());
    }
    tlv(0x06, &content)
}

pub(crate) fn null() -> Vec<u8> {
    tlv(0x05, &[])
}

pub(crate) fn boolean(value: bool) -> Vec<u8> {
    tlv(0x01, &[if value { 0xFF } else { 0 }])
}

pub(crate) fn octets(content: &[u8]) -> Vec<u8> {
    tlv(0x04, content)
}

/// A BIT STRING with the given number of unused bits at its end.
pub(crate) fn bits(unused: u8, content: &[u8]) -> Vec<u8> {
    let mut all = vec![unused];
    all.extend_from_slice(content);
    tlv(0x03, &all)
}

pub(crate) fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0C, text.as_bytes())
}

pub(crate) fn printable(text: &str) -> Vec<u8> {
    tlv(0x13, text.as_bytes())
}

/// A TeletexString whose letters are those of Latin-1. None if it has others.
pub(crate) fn teletex(text: &str) -> Option<Vec<u8>> {
    let bytes: Result<Vec<u8>, _> = text.chars().map(|c| u8::try_from(u32::from(c))).collect();
    bytes.ok().map(|bytes| tlv(0x14, &bytes))
}

/// A BMPString.
pub(crate) fn bmp(text: &str) -> Vec<u8> {
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    tlv(0x1E, &bytes)
}

pub(crate) fn ia5(text: &str) -> Vec<u8> {
    tlv(0x16, text.as_bytes())
}

pub(crate) fn visible(text: &str) -> Vec<u8> {
    tlv(0x1A, text.as_bytes())
}

/// A UTCTime, `YYMMDDhhmmssZ`.
pub(crate) fn utc_time(text: &str) -> Vec<u8> {
    tlv(0x17, text.as_bytes())
}

/// A context-specific constructed tag.
pub(crate) fn explicit(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0xA0 | number, content)
}

/// A context-specific primitive tag.
pub(crate) fn implicit(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0x80 | number, content)
}

/// Whether PrintableString may hold the text (X.680 §41.4).
pub(crate) fn is_printable(text: &str) -> bool {
    text.bytes().all(|c| c.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_and_lengths() {
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(0x80), [2, 2, 0, 0x80]);
        assert_eq!(oid(&[1, 2, 840, 10045, 4, 3, 3]), [6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3]);
        assert_eq!(oid(&[2, 5, 29, 15]), [6, 3, 0x55, 0x1D, 0x0F]);
        assert_eq!(tlv(4, &[0; 128])[..3], [4, 0x81, 128]);
        assert_eq!(tlv(4, &[0; 256])[..4], [4, 0x82, 1, 0]);
    }
}

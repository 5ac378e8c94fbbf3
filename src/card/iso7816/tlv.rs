//! Reading BER-TLV data objects (ISO 7816-4 §6, ISO 8825-1): total, bounded, without recursion.

/// A data object: its tag as written (1 to 3 bytes) and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataObject<'a> {
    /// The tag bytes, read as one big-endian number.
    pub tag: u32,
    /// The value field.
    pub value: &'a [u8],
}

/// Iterates over the data objects in a byte string; ends at the first that cannot be read.
///
/// Padding bytes 00 and FF between objects are skipped (ISO 7816-4 §6.3).
#[derive(Clone, Copy, Debug)]
pub struct DataObjects<'a>(pub &'a [u8]);

impl<'a> Iterator for DataObjects<'a> {
    type Item = DataObject<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        while let [0x00 | 0xFF, rest @ ..] = self.0 {
            self.0 = rest;
        }
        let (object, rest) = split(self.0)?;
        self.0 = rest;
        Some(object)
    }
}

/// Does `bytes` consist of data objects, at least one, and padding?
pub fn is_whole(bytes: &[u8]) -> bool {
    let mut objects = DataObjects(bytes);
    objects.by_ref().count() > 0 && objects.0.is_empty()
}

/// The value of the first object with `tag` in `bytes`.
pub fn find(bytes: &[u8], tag: u32) -> Option<&[u8]> {
    DataObjects(bytes).find(|object| object.tag == tag).map(|object| object.value)
}

/// The value of the object at the beginning of `start`, if it has this tag. It may be cut off.
pub fn contents(start: &[u8], expected: u32) -> Option<&[u8]> {
    let (found, rest) = tag(start)?;
    let (length, value) = length(rest)?;
    (found == expected).then(|| value.get(..length).unwrap_or(value))
}

/// The total length (header and value), in bytes, of the object at the beginning of `start`, as its header gives it.
pub fn declared_length(start: &[u8]) -> Option<usize> {
    let (_, after_tag) = tag(start)?;
    let (value, after_length) = length(after_tag)?;
    start.len().checked_sub(after_length.len())?.checked_add(value)
}

fn split(bytes: &[u8]) -> Option<(DataObject<'_>, &[u8])> {
    let (tag, rest) = tag(bytes)?;
    let (length, rest) = length(rest)?;
    let (value, rest) = rest.split_at_checked(length)?;
    Some((DataObject { tag, value }, rest))
}

fn tag(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (&first, mut rest) = bytes.split_first()?;
    let mut tag = u32::from(first);
    if first & 0x1F == 0x1F {
        // Subsequent tag bytes; ISO 7816-4 allows two.
        for position in 0..2 {
            let (&next, after) = rest.split_first()?;
            tag = tag << 8 | u32::from(next);
            rest = after;
            if next & 0x80 == 0 {
                break;
            }
            if position == 1 {
                return None;
            }
        }
    }
    Some((tag, rest))
}

fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first < 0x80 {
        return Some((usize::from(first), rest));
    }
    let count = usize::from(first & 0x7F);
    if !(1..=3).contains(&count) {
        return None;
    }
    let (digits, rest) = rest.split_at_checked(count)?;
    Some((digits.iter().fold(0, |n, d| n << 8 | usize::from(*d)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_not_whole() {
        let file = [0x00, 0x30, 0x02, 0x05, 0x00, 0xA1, 0x01, 0x07, 0xFF];
        assert!(is_whole(&file));
        for end in [0, 1, 2, 4, 6, 7] {
            assert!(!is_whole(&file[..end]), "{end}");
        }
        assert!(!is_whole(&[0x30, 0x00, 0xA5, 0xA5]));
    }

    #[test]
    fn one_and_two_byte_tags_and_long_lengths() {
        let bytes = [&[0x83, 1, 0x11, 0xDF, 0x2F, 1, 1, 0, 0x30, 0x81, 0x80][..], &[5; 128]].concat();
        let objects: Vec<_> = DataObjects(&bytes).collect();
        assert_eq!(
            objects.iter().map(|o| (o.tag, o.value.len())).collect::<Vec<_>>(),
            [(0x83, 1), (0xDF2F, 1), (0x30, 128)]
        );
        assert_eq!(declared_length(&bytes[8..]), Some(131));
    }

    #[test]
    fn what_is_cut_off_is_not_an_object() {
        for bytes in [
            &[0x83][..],
            &[0x83, 2, 1],
            &[0x83, 0x80, 0, 0],
            &[0xDF],
            &[0xDF, 0x81, 0x82, 1],
            &[0x30, 0x84, 0, 0, 0, 0],
        ] {
            assert_eq!(DataObjects(bytes).next(), None, "{bytes:02X?}");
        }
    }

    #[test]
    fn any_two_bytes_are_survived() {
        for a in 0..=255 {
            for b in 0..=255 {
                for tail in 0..4 {
                    let bytes = [&[a, b][..], &vec![0x5A; tail]].concat();
                    assert!(DataObjects(&bytes).count() <= bytes.len());
                    let _ = declared_length(&bytes);
                }
            }
        }
    }
}

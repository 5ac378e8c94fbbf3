//! Reading personal data.

use super::files::select_file;
use crate::cards::error::{CardError, Step};
use crate::cards::profile::{CardProfile, PersonalData, PersonalField, Select, SelectTarget};
use crate::iso7816::file::{self, FileError};
use crate::iso7816::{Channel, StatusWord};

/// Longest field that is read, in bytes.
const LONGEST: usize = 200;

/// Reads all fields, in the order of the table; missing and empty ones are skipped. The card's application has to be
/// selected.
pub fn personal_data(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
) -> Result<Vec<(PersonalField, String)>, CardError> {
    let step = Step::ReadPersonalData;
    match profile.personal {
        PersonalData::None => Ok(Vec::new()),
        PersonalData::Records { directory, files } => {
            records(channel, profile, directory, files).map_err(|e| step.failed(e))
        }
        PersonalData::Tagged { files, tags } => {
            tagged(channel, profile, files, tags).map_err(|e| step.failed(e))
        }
    }
}

fn records(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    directory: &SelectTarget,
    files: &[(u16, PersonalField)],
) -> Result<Vec<(PersonalField, String)>, FileError> {
    match (directory, profile.files.select) {
        (SelectTarget::Directory(path), Select::FromMf) => file::select_path(channel, path)?,
        (SelectTarget::Directory(path), _) => file::select_directory(channel, path)?,
        (SelectTarget::Application(identifier), _) => file::select_application(channel, identifier)?,
    }
    let mut told = Vec::new();
    for (identifier, statement) in files {
        let read = file::select_quietly(channel, &identifier.to_be_bytes())
            .and_then(|()| file::read_whole(channel, profile.files.blocks));
        if let Some(content) = there(read)? {
            told.extend(text(&content).map(|text| (*statement, text)));
        }
    }
    Ok(told)
}

fn tagged(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    files: &[&[u8]],
    tags: &[(usize, u8, PersonalField)],
) -> Result<Vec<(PersonalField, String)>, FileError> {
    let mut told = Vec::new();
    for (at, path) in files.iter().enumerate() {
        let read = select_file(channel, profile.files.select, path)
            .and_then(|()| file::read_whole(channel, profile.files.blocks));
        let Some(content) = there(read)? else { continue };
        for (_, tag, statement) in tags.iter().filter(|(of, ..)| *of == at) {
            told.extend(field(&content, *tag).as_deref().and_then(text).map(|text| (*statement, text)));
        }
    }
    Ok(told)
}

/// The content, or `None` if the file does not exist or is empty.
fn there(read: Result<Vec<u8>, FileError>) -> Result<Option<Vec<u8>>, FileError> {
    match read {
        Ok(content) => Ok(Some(content)),
        Err(FileError::Refused(StatusWord::NOT_FOUND | StatusWord::WRONG_OFFSET)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The value of a tag: after a length byte FF, the value goes on with another length byte.
fn field(mut content: &[u8], wanted: u8) -> Option<Vec<u8>> {
    while let [tag, rest @ ..] = content {
        let (value, after) = value(rest)?;
        if *tag == wanted {
            return Some(value);
        }
        content = after;
    }
    None
}

fn value(mut content: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut value = Vec::new();
    loop {
        let (&length, rest) = content.split_first()?;
        let (part, after) = rest.split_at_checked(usize::from(length))?;
        value.extend_from_slice(part);
        content = after;
        if length != u8::MAX {
            return Some((value, content));
        }
    }
}

/// Text that can be displayed: one line of UTF-8 without control characters. `None` if nothing is left.
fn text(content: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(content.get(..content.len().min(LONGEST))?).ok()?;
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    (!clean.is_empty()).then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_lengths() {
        let long = [&[7, 255][..], &[b'x'; 255], &[2], b"yz"].concat();
        let content = [&[0, 0, 1, 3][..], b"abc", &long, &[9, 1], b"q"].concat();
        assert_eq!(field(&content, 1).unwrap(), b"abc");
        assert_eq!(field(&content, 7).unwrap().len(), 257);
        assert_eq!(field(&content, 9).unwrap(), b"q");
        assert_eq!(field(&content, 8), None);
        for end in 0..content.len() {
            assert!(field(&content[..end], 9).is_none());
        }
    }

    #[test]
    fn only_what_can_be_shown() {
        assert_eq!(text("J\u{d5}EORG".as_bytes()).as_deref(), Some("J\u{d5}EORG"));
        assert_eq!(text(b" 01  JAN\x07 1990 ").as_deref(), Some("01 JAN 1990"));
        for nothing in [&b""[..], b"\0", b"   ", &[0xFF, 0xFE]] {
            assert_eq!(text(nothing), None);
        }
    }
}

//! Data objects, and the ISO 7816-15 entries that are made of them: whatever bytes a file has.
#![no_main]

use avain_card::iso7816::cia::{self, FilePath, MAX_ENTRIES, MAX_IDENTIFIER, MAX_SERIAL, MAX_TEXT};
use avain_card::iso7816::tlv::{self, DataObject, DataObjects};
use libfuzzer_sys::fuzz_target;
use std::ops::Range;

fuzz_target!(|data: &[u8]| {
    objects(data);
    entries(data);
});

fn objects(data: &[u8]) {
    let mut end = 0;
    for object in DataObjects(data) {
        let place = place(data, object.value);
        // In order, and with nothing but fill between them: what is not the object's own header.
        assert!(place.start >= end && place.end <= data.len(), "{object:X?} stands elsewhere");
        end = place.end;
        let again = encoded(&object);
        assert_eq!(DataObjects(&again).collect::<Vec<_>>(), [object], "encoded anew it is another");
        assert_eq!(tlv::declared_length(&again), Some(again.len()));
        assert_eq!(tlv::contents(&again, object.tag), Some(object.value));
        let first = DataObjects(data).find(|other| other.tag == object.tag);
        assert_eq!(tlv::find(data, object.tag), first.map(|first| first.value));
    }
    if let Some(tag) = data.first()
        && let Some(contents) = tlv::contents(data, (*tag).into())
    {
        assert!(place(data, contents).end <= data.len());
    }
}

/// Where in the whole a part stands.
fn place(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize).expect("inside of the input");
    start..start + part.len()
}

/// DER (ISO 8825-1 §10.1): the shortest length.
fn encoded(object: &DataObject<'_>) -> Vec<u8> {
    let significant =
        |number: &[u8]| number.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<_>>();
    let digits = significant(&object.value.len().to_be_bytes());
    let length = match (digits.as_slice(), object.value.len()) {
        (_, 0) => vec![0],
        ([short], 1..0x80) => vec![*short],
        _ => [&[0x80 | digits.len() as u8][..], &digits].concat(),
    };
    [significant(&object.tag.to_be_bytes()), length, object.value.to_vec()].concat()
}

fn entries(data: &[u8]) {
    let applications = cia::applications(data);
    assert!(applications.len() <= MAX_ENTRIES);
    for application in &applications {
        assert!((1..=16).contains(&application.aid.len()));
        named(data, application.label.as_ref());
        application.path.iter().for_each(path);
    }
    let directory = cia::object_directory(data);
    for files in [
        &directory.private_keys,
        &directory.certificates,
        &directory.trusted_certificates,
        &directory.useful_certificates,
        &directory.authentication,
    ] {
        assert!(files.len() <= MAX_ENTRIES);
        files.iter().for_each(path);
    }
    for key in cia::private_keys(data) {
        identifier(data, &key.id);
        key.auth_id.iter().for_each(|id| identifier(data, id));
        assert!(key.algorithms.len() <= MAX_ENTRIES);
        named(data, key.label.as_ref());
        key.path.iter().for_each(path);
    }
    for certificate in cia::certificates(data) {
        identifier(data, &certificate.id);
        named(data, certificate.label.as_ref());
        path(&certificate.path);
    }
    for pin in cia::pins(data) {
        identifier(data, &pin.auth_id);
        named(data, pin.label.as_ref());
        pin.path.iter().for_each(path);
    }
    if let Some(info) = cia::card_info(data) {
        assert!(info.serial.len() <= MAX_SERIAL && contains(data, &info.serial));
        assert!(info.algorithms.len() <= MAX_ENTRIES);
        named(data, info.label.as_ref());
        named(data, info.manufacturer.as_ref());
    }
}

fn contains(whole: &[u8], part: &[u8]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|window| window == part)
}

fn identifier(data: &[u8], id: &[u8]) {
    assert!(id.len() <= MAX_IDENTIFIER && contains(data, id), "an identifier that the file does not have");
}

/// Nothing in it moves a cursor, and each of its words is the file's.
fn named(data: &[u8], text: Option<&String>) {
    let Some(text) = text else { return };
    assert!(!text.is_empty() && text.len() <= MAX_TEXT && !text.chars().any(char::is_control));
    let first = text.chars().next().map(|first| first.to_string()).unwrap_or_default();
    assert!(contains(data, first.as_bytes()));
}

fn path(path: &FilePath) {
    assert_eq!(FilePath::new(path.bytes()).as_ref(), Some(path), "read anew it is another");
    assert!(path.below_mf().is_none_or(|below| path.bytes().ends_with(below)));
}

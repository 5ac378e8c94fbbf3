//! A reader of PKCS#15 directories, written for the tests alone: what it finds is what a host could find.

use crate::common::*;
use crate::models::*;
use simcard::Card;

/// One data object: tag and content, with what follows it.
fn object(data: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [tag, first, rest @ ..] = data else { return None };
    if *tag == 0 {
        return None; // padding of the file
    }
    let (length, rest) = match first {
        0x81 => (usize::from(rest[0]), &rest[1..]),
        0x82 => (usize::from(u16::from_be_bytes([rest[0], rest[1]])), &rest[2..]),
        short => (usize::from(*short), rest),
    };
    Some((*tag, &rest[..length], &rest[length..]))
}

fn objects(mut data: &[u8]) -> Vec<(u8, &[u8])> {
    let mut all = Vec::new();
    while let Some((tag, content, rest)) = object(data) {
        all.push((tag, content));
        data = rest;
    }
    all
}

fn first(data: &[u8], wanted: u8) -> Option<&[u8]> {
    objects(data).into_iter().find(|(tag, _)| *tag == wanted).map(|(_, content)| content)
}

fn number(content: &[u8]) -> u32 {
    content.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

pub(crate) struct FoundPin {
    pub(crate) label: String,
    pub(crate) reference: u8,
    pub(crate) kind: u8,
    pub(crate) fill: Option<u8>,
    pub(crate) needs_padding: bool,
}

pub(crate) struct FoundKey {
    pub(crate) id: u8,
    pub(crate) reference: u8,
    /// Reference of its PIN.
    pub(crate) pin: u8,
    pub(crate) consent: u32,
    pub(crate) algorithms: Vec<u32>,
    pub(crate) path: Vec<u8>,
}

pub(crate) struct FoundCertificate {
    pub(crate) id: u8,
    pub(crate) der: Vec<u8>,
}

/// What a host finds.
pub(crate) struct Found {
    /// Path of the application in EF.DIR.
    pub(crate) path: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) manufacturer: String,
    pub(crate) label: String,
    /// Reference and algorithm byte.
    pub(crate) algorithms: Vec<(u32, u8)>,
    pub(crate) pins: Vec<FoundPin>,
    pub(crate) keys: Vec<FoundKey>,
    pub(crate) certificates: Vec<FoundCertificate>,
}

/// Reads a file by its path from the MF, which the path names first.
fn read_path(card: &mut Card, path: &[u8]) -> Vec<u8> {
    assert_eq!(path[..2], [0x3F, 0x00]);
    read_after(card, &format!("00A4080C{:02X}{}", path.len() - 2, hex(&path[2..])))
}

/// Path in `SEQUENCE { OCTET STRING }`.
fn path_in(content: &[u8]) -> Vec<u8> {
    first(first(content, 0x30).unwrap_or(content), 0x04).unwrap().to_vec()
}

fn text(content: &[u8]) -> String {
    String::from_utf8(content.to_vec()).unwrap()
}

fn pin(content: &[u8]) -> (u8, FoundPin) {
    let parts = objects(content);
    let [(0x30, common), (0x30, auth), (0xA1, attributes)] = parts[..] else { panic!("{}", hex(content)) };
    let attributes = first(attributes, 0x30).unwrap();
    let flags = first(attributes, 0x03).unwrap();
    let found = FoundPin {
        label: text(first(common, 0x0C).unwrap()),
        reference: number(first(attributes, 0x80).unwrap()) as u8,
        kind: first(attributes, 0x0A).unwrap()[0],
        fill: first(attributes, 0x04).map(|fill| fill[0]),
        needs_padding: flags[1] & 0x04 != 0,
    };
    (first(auth, 0x04).unwrap()[0], found)
}

fn key(content: &[u8], pins: &[(u8, FoundPin)]) -> FoundKey {
    let parts = objects(content);
    let [(0x30, common), (0x30, attributes), (0xA1, value)] = parts[..] else { panic!("{}", hex(content)) };
    let auth = first(common, 0x04).unwrap()[0];
    let references = first(attributes, 0xA1).unwrap_or_default();
    FoundKey {
        id: first(attributes, 0x04).unwrap()[0],
        reference: number(first(attributes, 0x02).unwrap()) as u8,
        pin: pins.iter().find(|(id, _)| *id == auth).map_or(0, |(_, pin)| pin.reference),
        consent: first(common, 0x02).map_or(0, number),
        algorithms: objects(references).iter().map(|(_, content)| number(content)).collect(),
        path: path_in(first(value, 0x30).unwrap()),
    }
}

fn certificate(card: &mut Card, content: &[u8]) -> FoundCertificate {
    let parts = objects(content);
    let [(0x30, _), (0x30, attributes), (0xA1, value)] = parts[..] else { panic!("{}", hex(content)) };
    let file = read_path(card, &path_in(first(value, 0x30).unwrap()));
    let length = file.len() - object(&file).unwrap().2.len();
    FoundCertificate { id: first(attributes, 0x04).unwrap()[0], der: file[..length].to_vec() }
}

/// Goes from EF.DIR to the last certificate.
pub(crate) fn explore(card: &mut Card, application: &str) -> Found {
    let directory = read_path(card, &bytes("3F002F00"));
    let ours = |content: &&[u8]| first(content, 0x4F) == Some(b"\xA0\x00\x00\x00\x63PKCS-15");
    let entries = objects(&directory);
    let entry = entries.iter().map(|(_, content)| *content).find(|content| ours(content)).unwrap();
    let path = first(entry, 0x51).unwrap().to_vec();
    assert_eq!(hex(&path), format!("3F00{application}"));

    let info = read_path(card, &[&path, &[0x50, 0x32][..]].concat());
    let info = first(&info, 0x30).unwrap();
    let listed = objects(first(info, 0xA2).unwrap());
    let algorithms = listed.iter().map(|(_, content)| {
        let numbers: Vec<_> = objects(content).into_iter().filter(|(tag, _)| *tag == 0x02).collect();
        (number(numbers[0].1), number(numbers[2].1) as u8)
    });
    let algorithms = algorithms.collect();

    let object_directory = read_path(card, &[&path, &[0x50, 0x31][..]].concat());
    let mut of_kind = |wanted: &[u8]| {
        let mut content = Vec::new();
        for (kind, entry) in objects(&object_directory) {
            if wanted.contains(&kind) {
                let file = read_path(card, &path_in(entry));
                let used = objects(&file).iter().map(|(_, content)| content.len()).sum::<usize>();
                assert!(used > 0);
                content.extend(file.iter().take(file.len() - trailing_zeros(&file)));
            }
        }
        content
    };
    let pin_file = of_kind(&[0xA8]);
    let key_file = of_kind(&[0xA0]);
    let certificate_file = of_kind(&[0xA4, 0xA5]);
    let pins: Vec<_> = objects(&pin_file).into_iter().map(|(_, content)| pin(content)).collect();
    let keys = objects(&key_file).into_iter().map(|(_, content)| key(content, &pins)).collect();
    let certificates =
        objects(&certificate_file).into_iter().map(|(_, content)| certificate(card, content)).collect();
    Found {
        path,
        serial: first(info, 0x04).unwrap().to_vec(),
        manufacturer: text(first(info, 0x0C).unwrap()),
        label: text(first(info, 0x80).unwrap()),
        algorithms,
        pins: pins.into_iter().map(|(_, pin)| pin).collect(),
        keys,
        certificates,
    }
}

fn trailing_zeros(file: &[u8]) -> usize {
    let whole: &[u8] = objects(file).last().map_or(file, |(_, last)| last);
    let end = whole.as_ptr() as usize + whole.len() - file.as_ptr() as usize;
    file.len() - end
}

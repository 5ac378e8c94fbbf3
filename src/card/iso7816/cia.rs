//! Cryptographic information files (ISO/IEC 7816-15, which grew out of PKCS#15 v1.1): what a card says of its keys,
//! certificates and PINs.
//!
//! Bytes of a file in, values out. A card leaves out what it likes, and the fill after the last entry is part of the
//! file; so what cannot be read is left out, and the rest stays. Nothing here is believed: the caller judges.
//!
//! Every list has [`MAX_ENTRIES`] entries at most, every text [`MAX_TEXT`] bytes and every identifier
//! [`MAX_IDENTIFIER`] bytes.

use super::tlv::{DataObject, DataObjects, find};

/// Most entries that are read from one file, and most in any list inside of an entry.
pub const MAX_ENTRIES: usize = 16;
/// Longest label or name, in bytes of UTF-8; longer ones are cut.
pub const MAX_TEXT: usize = 64;
/// Longest identifier, in bytes: the length of a SHA-1 hash. Longer ones are cut, those of keys, certificates and
/// PINs alike, so that what belongs together still does.
pub const MAX_IDENTIFIER: usize = 20;
/// Longest serial number of a card, in bytes.
pub const MAX_SERIAL: usize = 64;

/// Identifier of the MF, with which a path from there may begin (ISO 7816-4).
const MF: [u8; 2] = [0x3F, 0x00];
/// Longest path below the MF, in bytes: four file identifiers.
const MAX_PATH: usize = 8;
/// Longest application identifier, in bytes (ISO 7816-4).
const MAX_AID: usize = 16;

const BOOLEAN: u32 = 0x01;
const INTEGER: u32 = 0x02;
const BIT_STRING: u32 = 0x03;
const OCTET_STRING: u32 = 0x04;
const ENUMERATED: u32 = 0x0A;
const UTF8_STRING: u32 = 0x0C;
const SEQUENCE: u32 = 0x30;

/// Path of a file (ISO 7816-15 §8.2.5, PKCS#15 §6.1.5): one to four file identifiers of two bytes each, with or
/// without that of the MF before them, or the MF alone.
///
/// Without the MF it counts from the application that the file with the path belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath(Vec<u8>);

impl FilePath {
    /// The path that these bytes are. `None` when they are none, or one deeper than any on these cards.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let below = bytes.strip_prefix(&MF).unwrap_or(bytes);
        let whole = !bytes.is_empty() && bytes.len().is_multiple_of(2);
        (whole && below.len() <= MAX_PATH).then(|| FilePath(bytes.to_vec()))
    }

    /// The file identifiers, two bytes each, as the card gave them.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// What stands below the MF, if the path begins there: empty for the MF itself.
    pub fn below_mf(&self) -> Option<&[u8]> {
        self.0.strip_prefix(&MF)
    }
}

/// An application on the card (ISO 7816-15 §7.4, PKCS#15 §5.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationTemplate {
    /// Application identifier, 1 to 16 bytes (tag 4F).
    pub aid: Vec<u8>,
    /// Name for people (tag 50).
    pub label: Option<String>,
    /// Its folder (tag 51).
    pub path: Option<FilePath>,
}

/// Where the other files are (ISO 7816-15 §7.5.3 and §8.3, PKCS#15 §5.5.1 and §6.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectDirectory {
    /// Files to be read by [`private_keys`].
    pub private_keys: Vec<FilePath>,
    /// Files to be read by [`certificates`]: the holder's, mostly.
    pub certificates: Vec<FilePath>,
    /// Files to be read by [`certificates`]: those that the issuer trusts. This is no reason for others to do so.
    pub trusted_certificates: Vec<FilePath>,
    /// Files to be read by [`certificates`]: those of authorities and the like.
    pub useful_certificates: Vec<FilePath>,
    /// Files to be read by [`pins`].
    pub authentication: Vec<FilePath>,
}

/// Kind of a private key (ISO 7816-15 §8.4.1, PKCS#15 §6.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// privateRSAKey
    Rsa,
    /// privateECKey
    Ec,
}

/// What a key may be used for (KeyUsageFlags, ISO 7816-15 §8.2.9, PKCS#15 §6.1.9): its bit 0 is the lowest here.
/// These are not the bits of a certificate's key usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyUsageFlags(pub u16);

impl KeyUsageFlags {
    /// Deciphering data.
    pub const DECIPHER: Self = Self(1 << 1);
    /// Signing, with a hash as the appendix of a message.
    pub const SIGN: Self = Self(1 << 2);
    /// Signing, with the message inside of the signature.
    pub const SIGN_RECOVER: Self = Self(1 << 3);
    /// Deciphering keys.
    pub const UNWRAP: Self = Self(1 << 5);
    /// Agreeing on secrets.
    pub const DERIVE: Self = Self(1 << 8);
    /// Signing what the holder means to be bound by.
    pub const NON_REPUDIATION: Self = Self(1 << 9);

    /// Is any of these uses allowed?
    pub const fn allows(self, uses: Self) -> bool {
        self.0 & uses.0 != 0
    }
}

/// A private key on the card (ISO 7816-15 §8.4, PKCS#15 §6.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKeyEntry {
    /// Its kind.
    pub kind: KeyKind,
    /// Name for people.
    pub label: Option<String>,
    /// What its certificate has as well, up to [`MAX_IDENTIFIER`] bytes; empty where the card gives none.
    pub id: Vec<u8>,
    /// [`PinEntry::auth_id`] of the PIN that the key is used with.
    pub auth_id: Option<Vec<u8>>,
    /// Number of uses after which the holder is asked again: 1 for a PIN before each signature.
    pub user_consent: Option<u32>,
    /// What it may be used for; no bit is set where the card does not tell.
    pub usage: KeyUsageFlags,
    /// Key reference, as MANAGE SECURITY ENVIRONMENT takes it (ISO 7816-4, tag 84).
    pub reference: Option<u8>,
    /// [`AlgorithmInfo::reference`] of the algorithms that it works with.
    pub algorithms: Vec<u32>,
    /// The key's file, or the folder in which its reference counts.
    pub path: Option<FilePath>,
    /// Size in bits: of the modulus for RSA. The standard has none for other keys, but cards give it at the same
    /// place, for EC the size of the field.
    pub bits: Option<u16>,
}

/// An X.509 certificate on the card (ISO 7816-15 §8.7, PKCS#15 §6.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateEntry {
    /// Name for people.
    pub label: Option<String>,
    /// What its key has as well, up to [`MAX_IDENTIFIER`] bytes; empty where the card gives none.
    pub id: Vec<u8>,
    /// Does it belong to an authority?
    pub authority: bool,
    /// The file that begins with it.
    pub path: FilePath,
}

/// How a PIN is written in a command (PasswordType, ISO 7816-15 §8.9.2; PinType, PKCS#15 §6.8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinType {
    /// Two digits in a byte, the first in the upper half.
    Bcd,
    /// A digit in a byte, in ASCII.
    AsciiNumeric,
    /// Any characters, in UTF-8.
    Utf8,
    /// A digit in a byte, in its lower half; the upper half is F.
    HalfNibbleBcd,
    /// A block of eight bytes that begins with its format and the number of digits (ISO 9564-1).
    Iso9564,
    /// A number that the standard does not assign.
    Other(u32),
}

/// What is special about a PIN (PasswordFlags, ISO 7816-15 §8.9.2; PinFlags, PKCS#15 §6.8.2): its bit 0 is the lowest
/// here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PinFlags(pub u16);

impl PinFlags {
    /// It counts in its application only.
    pub const LOCAL: Self = Self(1 << 1);
    /// It cannot be changed.
    pub const CHANGE_DISABLED: Self = Self(1 << 2);
    /// It cannot be unblocked.
    pub const UNBLOCK_DISABLED: Self = Self(1 << 3);
    /// It has a value.
    pub const INITIALIZED: Self = Self(1 << 4);
    /// It is filled up to its stored length.
    pub const NEEDS_PADDING: Self = Self(1 << 5);
    /// It unblocks other PINs.
    pub const UNBLOCKING: Self = Self(1 << 6);
    /// It is that of an administrator.
    pub const SECURITY_OFFICER: Self = Self(1 << 7);

    /// Is any of these flags set?
    pub const fn any(self, flags: Self) -> bool {
        self.0 & flags.0 != 0
    }
}

/// A PIN on the card (ISO 7816-15 §8.9, PKCS#15 §6.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinEntry {
    /// Name for people.
    pub label: Option<String>,
    /// By which other entries name it, up to [`MAX_IDENTIFIER`] bytes; empty where the card gives none.
    pub auth_id: Vec<u8>,
    /// What is special about it.
    pub flags: PinFlags,
    /// How it is written.
    pub kind: PinType,
    /// Least length, in characters.
    pub min: u8,
    /// Length as the card stores it, in bytes.
    pub stored: u8,
    /// Greatest length, in characters. It may be missing where the stored length tells it.
    pub max: Option<u8>,
    /// Reference, as VERIFY takes it in P2. The standard reads 0 where it is missing.
    pub reference: Option<u8>,
    /// The byte that it is filled up with.
    pub pad: Option<u8>,
    /// The folder in which its reference counts.
    pub path: Option<FilePath>,
}

/// An algorithm that the card offers (AlgorithmInfo, ISO 7816-15 §8.10, PKCS#15 §6.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmInfo {
    /// By which keys name it.
    pub reference: u32,
    /// Number of the mechanism in PKCS #11 (CKM).
    pub mechanism: u32,
    /// Algorithm reference, as MANAGE SECURITY ENVIRONMENT takes it (ISO 7816-4, tag 80).
    pub algorithm: Option<u8>,
}

/// What the card says of itself (CIAInfo, ISO 7816-15 §8.10; TokenInfo, PKCS#15 §6.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardInfo {
    /// Serial number; empty where the card gives none, or one of more than [`MAX_SERIAL`] bytes.
    pub serial: Vec<u8>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Name for people.
    pub label: Option<String>,
    /// Its algorithms.
    pub algorithms: Vec<AlgorithmInfo>,
}

/// Reads EF.DIR (ISO 7816-15 §7.4, PKCS#15 §5.4.1), the records one after the other.
pub fn applications(ef_dir: &[u8]) -> Vec<ApplicationTemplate> {
    bounded(tagged(ef_dir, 0x61).filter_map(application))
}

/// Reads EF.OD (ISO 7816-15 §7.5.3). Entries that stand in it directly, instead of in a file, are
/// left out: no card of ours does so.
pub fn object_directory(ef_od: &[u8]) -> ObjectDirectory {
    // The alternatives of CIOChoice that are read here.
    let files = |alternative| bounded(tagged(ef_od, alternative).filter_map(path_in));
    ObjectDirectory {
        private_keys: files(0xA0),
        certificates: files(0xA4),
        trusted_certificates: files(0xA5),
        useful_certificates: files(0xA6),
        authentication: files(0xA8),
    }
}

/// Reads EF.PrKD (ISO 7816-15 §8.4): RSA and EC keys.
pub fn private_keys(ef_prkd: &[u8]) -> Vec<PrivateKeyEntry> {
    bounded(DataObjects(ef_prkd).filter_map(private_key))
}

/// Reads EF.CD (ISO 7816-15 §8.7): X.509 certificates that have a file.
pub fn certificates(ef_cd: &[u8]) -> Vec<CertificateEntry> {
    bounded(tagged(ef_cd, SEQUENCE).filter_map(certificate))
}

/// Reads EF.AOD (ISO 7816-15 §8.9): PINs of which flags, type, lengths and reference can be read.
pub fn pins(ef_aod: &[u8]) -> Vec<PinEntry> {
    bounded(tagged(ef_aod, SEQUENCE).filter_map(pin))
}

/// Reads EF.CIAInfo (ISO 7816-15 §8.10), which PKCS#15 calls EF(TokenInfo). `None` when there is no such object.
pub fn card_info(ef_ciainfo: &[u8]) -> Option<CardInfo> {
    let info = find(ef_ciainfo, SEQUENCE)?;
    let algorithms = find(info, 0xA2).unwrap_or_default();
    let serial = find(info, OCTET_STRING).filter(|serial| serial.len() <= MAX_SERIAL);
    Some(CardInfo {
        serial: serial.unwrap_or_default().to_vec(),
        manufacturer: find(info, UTF8_STRING).and_then(text),
        label: find(info, 0x80).and_then(text),
        algorithms: bounded(tagged(algorithms, SEQUENCE).filter_map(algorithm)),
    })
}

/// The parts that all entries have (CIO, ISO 7816-15 §8.2; PKCS15Object, PKCS#15 §6.1). What is missing is empty.
struct Entry<'a> {
    /// commonObjectAttributes
    common: &'a [u8],
    /// classAttributes
    class: &'a [u8],
    /// typeAttributes
    own: &'a [u8],
}

impl<'a> Entry<'a> {
    fn new(value: &'a [u8]) -> Self {
        let mut sequences = tagged(value, SEQUENCE);
        Entry {
            common: sequences.next().unwrap_or_default(),
            class: sequences.next().unwrap_or_default(),
            own: find(value, 0xA1).and_then(|own| find(own, SEQUENCE)).unwrap_or_default(),
        }
    }

    fn label(&self) -> Option<String> {
        find(self.common, UTF8_STRING).and_then(text)
    }

    /// iD of keys and certificates, authId of PINs.
    fn id(&self) -> Vec<u8> {
        identifier(self.class).unwrap_or_default()
    }
}

fn application(template: &[u8]) -> Option<ApplicationTemplate> {
    let aid = find(template, 0x4F).filter(|aid| (1..=MAX_AID).contains(&aid.len()))?;
    Some(ApplicationTemplate {
        aid: aid.to_vec(),
        label: find(template, 0x50).and_then(text),
        path: find(template, 0x51).and_then(FilePath::new),
    })
}

fn private_key(object: DataObject<'_>) -> Option<PrivateKeyEntry> {
    let kind = match object.tag {
        SEQUENCE => KeyKind::Rsa,
        0xA0 => KeyKind::Ec,
        _ => return None,
    };
    let entry = Entry::new(object.value);
    // The class attributes are where id and reference stand: without them the entry names no key.
    (!entry.class.is_empty()).then(|| PrivateKeyEntry {
        kind,
        label: entry.label(),
        id: entry.id(),
        auth_id: identifier(entry.common),
        user_consent: integer(entry.common),
        usage: KeyUsageFlags(find(entry.class, BIT_STRING).map_or(0, bits)),
        reference: integer(entry.class).and_then(byte),
        algorithms: references(find(entry.class, 0xA1).unwrap_or_default()),
        path: path_in(entry.own),
        bits: integer(entry.own).and_then(|size| u16::try_from(size).ok()),
    })
}

fn certificate(value: &[u8]) -> Option<CertificateEntry> {
    let entry = Entry::new(value);
    let authority = find(entry.class, BOOLEAN).is_some_and(|truth| truth.iter().any(|byte| *byte != 0));
    Some(CertificateEntry { label: entry.label(), id: entry.id(), authority, path: path_in(entry.own)? })
}

fn pin(value: &[u8]) -> Option<PinEntry> {
    let entry = Entry::new(value);
    let mut lengths = tagged(entry.own, INTEGER);
    Some(PinEntry {
        label: entry.label(),
        auth_id: entry.id(),
        flags: PinFlags(bits(find(entry.own, BIT_STRING)?)),
        kind: pin_type(number(find(entry.own, ENUMERATED)?)?),
        min: optional(lengths.next())??,
        stored: optional(lengths.next())??,
        max: optional(lengths.next())?,
        reference: optional(find(entry.own, 0x80))?,
        pad: find(entry.own, OCTET_STRING).and_then(number).and_then(byte),
        path: path_in(entry.own),
    })
}

fn pin_type(number: u32) -> PinType {
    match number {
        0 => PinType::Bcd,
        1 => PinType::AsciiNumeric,
        2 => PinType::Utf8,
        3 => PinType::HalfNibbleBcd,
        4 => PinType::Iso9564,
        other => PinType::Other(other),
    }
}

fn algorithm(value: &[u8]) -> Option<AlgorithmInfo> {
    let mut numbers = tagged(value, INTEGER).map(number);
    let (reference, mechanism) = (numbers.next()??, numbers.next()??);
    // Parameters may be a number as well; the operations stand between them and the algorithm reference.
    let mut last = DataObjects(value).skip_while(|object| object.tag != BIT_STRING);
    let algorithm = last.find(|object| object.tag == INTEGER);
    let algorithm = algorithm.and_then(|object| number(object.value)).and_then(byte);
    Some(AlgorithmInfo { reference, mechanism, algorithm })
}

fn references(list: &[u8]) -> Vec<u32> {
    bounded(tagged(list, INTEGER).filter_map(number))
}

/// The path that is the first SEQUENCE in `value`. `None` also when it tells a part of a file that begins elsewhere
/// than the file does (index, ISO 7816-15 §8.2.5): a reader of the file would take another part for it.
fn path_in(value: &[u8]) -> Option<FilePath> {
    let path = find(value, SEQUENCE)?;
    let index = find(path, INTEGER).map_or(Some(0), number)?;
    let bytes = find(path, OCTET_STRING).filter(|_| index == 0)?;
    FilePath::new(bytes)
}

/// Values of the objects with `tag`.
fn tagged(bytes: &[u8], tag: u32) -> impl Iterator<Item = &[u8]> {
    DataObjects(bytes).filter(move |object| object.tag == tag).map(|object| object.value)
}

fn bounded<T>(entries: impl Iterator<Item = T>) -> Vec<T> {
    entries.take(MAX_ENTRIES).collect()
}

/// The first OCTET STRING, as an identifier (ISO 7816-15 §8.2.1).
fn identifier(attributes: &[u8]) -> Option<Vec<u8>> {
    let bytes = find(attributes, OCTET_STRING).filter(|bytes| !bytes.is_empty())?;
    Some(bytes.iter().copied().take(MAX_IDENTIFIER).collect())
}

/// The first INTEGER.
fn integer(attributes: &[u8]) -> Option<u32> {
    find(attributes, INTEGER).and_then(number)
}

/// Value of an INTEGER or ENUMERATED, without a sign: none in these files is negative, but cards leave out the
/// leading zero of a reference from 80 on.
fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    let significant = digits.iter().position(|digit| *digit != 0).and_then(|first| digits.get(first..));
    let significant = significant.unwrap_or_default();
    (significant.len() <= 4).then(|| significant.iter().fold(0, |n, digit| n << 8 | u32::from(*digit)))
}

/// A number that may be missing. `None` when it is there and cannot be read: for a PIN that would be another length, or
/// the reference of another PIN, of which the tries are spent.
fn optional(value: Option<&[u8]>) -> Option<Option<u8>> {
    match value {
        None => Some(None),
        Some(digits) => number(digits).and_then(byte).map(Some),
    }
}

fn byte(number: u32) -> Option<u8> {
    u8::try_from(number).ok()
}

/// The first 16 bits of a BIT STRING, bit 0 lowest. Bits that are missing are not set, and unused ones are 0 in DER.
fn bits(value: &[u8]) -> u16 {
    let mut bytes = value.iter().copied().skip(1);
    u16::from_be_bytes([bytes.next().unwrap_or(0), bytes.next().unwrap_or(0)]).reverse_bits()
}

/// A text for people: nothing in it moves the cursor of a terminal, and it is not too long for a line.
fn text(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    for character in str::from_utf8(bytes).ok()?.chars().filter(|character| !character.is_control()) {
        if text.len().saturating_add(character.len_utf8()) > MAX_TEXT {
            break;
        }
        text.push(character);
    }
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Belgian card, applet 1.8: "Belgian Electronic Identity Card content v5.4" (Fedict/eid-mw). In CDF the length of
    // the first entry is corrected: the document prints 32.
    const BE_DIR: &str = "61234F0CA000000177504B43532D3135500642454C50494351043F00DF0073050603603802";
    const BE_ODF: &str = "A00A300804063F00DF005035A40A300804063F00DF005037A80A300804063F00DF005034";
    const BE_AODF: &str = "3033300F0C0942617369632050494E030206C03003040101A11B30190302020C0A0100\
        0201040201088001010401FF300404023F00";
    const BE_PRKDF: &str = "A03A30170C0E41757468656E7469636174696F6E030206C0040101300F04010203020520030203B802020082\
        A10E300C300604043F00DF0002020180\
        A03930150C095369676E6174757265030206C004010102010130100401030303060040030203B802020083\
        A10E300C300604043F00DF0002020180";
    const BE_CDF: &str = "302F30170C0E41757468656E7469636174696F6E030206400401013006040102830100\
        A10C300A300804063F00DF005038\
        302A30120C095369676E6174757265030206400401013006040103830100A10C300A300804063F00DF005039\
        3026300B0C0243410302064004010130090401040101FF830100A10C300A300804063F00DF00503A\
        3028300D0C04526F6F740302064004010130090401060101FF830100A10C300A300804063F00DF00503B";
    // The same document; its serial number and version bytes are made up.
    const BE_INFO: &str =
        "3027020100041000112233445566778899AABBCCDDEEFF800642454C504943030204309E0400000040";
    // Latvian card of 2019, RSA keys: test scripts of web-eid/libelectronic-id (c9ee1599).
    const LV_ODF: &str = "A406300404027005A006300404027001";
    const LV_CDF: &str = "300AA1083006300404023401";
    const LV_PRKDF: &str = "30083000300402020081";
    // The same with EC keys: only the outer tag differs (LatEIDIDEMIAv2.cpp, there).
    const LV_PRKDF_EC: &str = "A008300030040202009E";
    // Made up after ISO 7816-15 §8.10: CKM_ECDSA with algorithm reference 54; CKM_RSA_PKCS_PSS without one, but with
    // a number for parameters.
    const FI_INFO: &str = "3068020101041132343630303034323930303030303030310C0A56524B2D46494E454944\
        800D48656E6B696C6F6B6F72747469030205E0\
        A23130190201010202104105000302064006072A8648CE3D0403020154\
        301402010202010D0201070302064006052A03040506";

    const ALL: [&str; 11] =
        [BE_DIR, BE_ODF, BE_AODF, BE_PRKDF, BE_CDF, BE_INFO, LV_ODF, LV_CDF, LV_PRKDF, LV_PRKDF_EC, FI_INFO];

    fn hex(digits: &str) -> Vec<u8> {
        let digits: Vec<_> = digits.chars().filter_map(|c| c.to_digit(16)).collect();
        digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
    }

    fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(value.len()).unwrap()][..], value].concat()
    }

    fn path(digits: &str) -> FilePath {
        FilePath::new(&hex(digits)).unwrap()
    }

    fn key(class: &str) -> Option<PrivateKeyEntry> {
        private_keys(&tlv(0x30, &[tlv(0x30, &[]), tlv(0x30, &hex(class))].concat())).pop()
    }

    #[test]
    fn belgian_directories() {
        assert_eq!(
            applications(&hex(BE_DIR)),
            [ApplicationTemplate {
                aid: b"\xA0\x00\x00\x01\x77PKCS-15".to_vec(),
                label: Some("BELPIC".to_owned()),
                path: Some(path("3F00DF00")),
            }]
        );
        let directory = object_directory(&hex(BE_ODF));
        assert_eq!(directory.private_keys, [path("3F00DF005035")]);
        assert_eq!(directory.certificates, [path("3F00DF005037")]);
        assert_eq!(directory.authentication, [path("3F00DF005034")]);
        assert_eq!((directory.trusted_certificates, directory.useful_certificates), (vec![], vec![]));
    }

    #[test]
    fn belgian_keys() {
        let authentication = PrivateKeyEntry {
            kind: KeyKind::Ec,
            label: Some("Authentication".to_owned()),
            id: vec![2],
            auth_id: Some(vec![1]),
            user_consent: None,
            usage: KeyUsageFlags::SIGN,
            reference: Some(0x82),
            algorithms: vec![],
            path: Some(path("3F00DF00")),
            bits: Some(384),
        };
        let signature = PrivateKeyEntry {
            label: Some("Signature".to_owned()),
            id: vec![3],
            user_consent: Some(1),
            usage: KeyUsageFlags::NON_REPUDIATION,
            reference: Some(0x83),
            ..authentication.clone()
        };
        assert_eq!(private_keys(&hex(BE_PRKDF)), [authentication, signature]);
    }

    #[test]
    fn belgian_certificates() {
        let entry = |label: &str, id, authority, file| CertificateEntry {
            label: Some(label.to_owned()),
            id: vec![id],
            authority,
            path: path(file),
        };
        assert_eq!(
            certificates(&hex(BE_CDF)),
            [
                entry("Authentication", 2, false, "3F00DF005038"),
                entry("Signature", 3, false, "3F00DF005039"),
                entry("CA", 4, true, "3F00DF00503A"),
                entry("Root", 6, true, "3F00DF00503B"),
            ]
        );
    }

    #[test]
    fn belgian_pin() {
        assert_eq!(
            pins(&hex(BE_AODF)),
            [PinEntry {
                label: Some("Basic PIN".to_owned()),
                auth_id: vec![1],
                flags: PinFlags(PinFlags::INITIALIZED.0 | PinFlags::NEEDS_PADDING.0),
                kind: PinType::Bcd,
                min: 4,
                stored: 8,
                max: None,
                reference: Some(1),
                pad: Some(0xFF),
                path: Some(path("3F00")),
            }]
        );
    }

    #[test]
    fn a_pin_of_which_the_reference_cannot_be_read_is_no_pin() {
        let pin = |attributes: &str| {
            let own = tlv(0xA1, &tlv(0x30, &hex(attributes)));
            pins(&tlv(0x30, &[tlv(0x30, &[]), tlv(0x30, &[]), own].concat())).pop()
        };
        let plain = pin("03020204 0A0101 020104 02010C").unwrap();
        assert_eq!((plain.kind, plain.reference, plain.max), (PinType::AsciiNumeric, None, None));
        let full = pin("03020204 0A0107 020104 02010C 020108 800182 040100").unwrap();
        assert_eq!((full.kind, full.reference, full.max), (PinType::Other(7), Some(0x82), Some(8)));
        assert_eq!(full.pad, Some(0));
        for broken in ["020104", "020104 02010C 80020182", "020104 02010C 8000", "020104 0202012C"] {
            assert_eq!(pin(&format!("03020204 0A0101 {broken}")), None, "{broken}");
        }
    }

    #[test]
    fn card_information() {
        let belgian = card_info(&hex(BE_INFO)).unwrap();
        assert_eq!(belgian.serial, hex("00112233445566778899AABBCCDDEEFF"));
        assert_eq!((belgian.manufacturer, belgian.label.as_deref()), (None, Some("BELPIC")));
        assert_eq!(belgian.algorithms, []);

        let finnish = card_info(&hex(FI_INFO)).unwrap();
        assert_eq!(finnish.serial, b"24600042900000001");
        assert_eq!(finnish.manufacturer.as_deref(), Some("VRK-FINEID"));
        assert_eq!(
            finnish.algorithms,
            [
                AlgorithmInfo { reference: 1, mechanism: 0x1041, algorithm: Some(0x54) },
                AlgorithmInfo { reference: 2, mechanism: 0x0D, algorithm: None },
            ]
        );
        assert_eq!(card_info(&[0; 64]), None);
        let long = tlv(0x30, &tlv(0x04, &[1; 65]));
        assert!(card_info(&long).unwrap().serial.is_empty());
    }

    #[test]
    fn latvian_entries_without_attributes() {
        let directory = object_directory(&hex(LV_ODF));
        assert_eq!(
            (directory.certificates, directory.private_keys),
            (vec![path("7005")], vec![path("7001")])
        );
        let certificate = CertificateEntry { label: None, id: vec![], authority: false, path: path("3401") };
        assert_eq!(certificates(&hex(LV_CDF)), [certificate]);
        let rsa = PrivateKeyEntry {
            kind: KeyKind::Rsa,
            label: None,
            id: vec![],
            auth_id: None,
            user_consent: None,
            usage: KeyUsageFlags::default(),
            reference: Some(0x81),
            algorithms: vec![],
            path: None,
            bits: None,
        };
        let ec = PrivateKeyEntry { kind: KeyKind::Ec, reference: Some(0x9E), ..rsa.clone() };
        assert_eq!(private_keys(&hex(LV_PRKDF)), [rsa]);
        assert_eq!(private_keys(&hex(LV_PRKDF_EC)), [ec]);
    }

    #[test]
    fn a_reference_is_read_with_and_without_its_leading_zero() {
        let reference = |class| key(class).unwrap().reference;
        assert_eq!(reference("02019F"), Some(0x9F));
        assert_eq!(reference("0202009F"), Some(0x9F));
        assert_eq!(reference("020100"), Some(0));
        assert_eq!(reference("0202019F"), None);
        assert_eq!(reference("0200"), None);
        assert_eq!(key(""), None);
    }

    #[test]
    fn algorithms_of_a_key() {
        assert_eq!(key("040145 A106 020101 020102").unwrap().algorithms, [1, 2]);
        assert_eq!(key("A107 0205 0080000001").unwrap().algorithms, [0x8000_0001]);
    }

    #[test]
    fn paths() {
        for good in ["3F00", "4331", "3F005016", "3F00DF005035", "DF01DF02DF034331", "3F00DF01DF02DF034331"] {
            assert_eq!(FilePath::new(&hex(good)).unwrap().bytes(), hex(good));
        }
        for bad in ["", "3F", "3F0050", "DF01DF02DF03DF044331", "3F00DF01DF02DF03DF044331"] {
            assert_eq!(FilePath::new(&hex(bad)), None, "{bad}");
        }
        assert_eq!(path("3F004331").below_mf(), Some(&[0x43, 0x31][..]));
        assert_eq!(path("3F00").below_mf(), Some(&[][..]));
        assert_eq!(path("4331").below_mf(), None);
    }

    #[test]
    fn a_part_of_a_file_is_no_file() {
        let file = |more: &str| {
            let path = hex(&format!("04024331{more}"));
            object_directory(&tlv(0xA4, &tlv(0x30, &path))).certificates.pop()
        };
        assert_eq!(file("020100 80020500"), Some(path("4331")));
        assert_eq!(file("020110 80020500"), None);
    }

    #[test]
    fn texts_are_made_fit_to_show() {
        assert_eq!(text(b"PIN\x1B[2J\0\n1").unwrap(), "PIN[2J1");
        assert_eq!(text("\u{80}\u{9F}ä".as_bytes()).unwrap(), "ä");
        let long = format!("x{}", "ä".repeat(40));
        assert_eq!(text(long.as_bytes()).unwrap().len(), 63);
        for nothing in [&b""[..], b"\0\0", b"\xC3", b"allekirjoitus\xE4"] {
            assert_eq!(text(nothing), None);
        }
    }

    #[test]
    fn identifiers_are_cut_alike() {
        let id = "0418 000102030405060708090A0B0C0D0E0F1011121314151617";
        assert_eq!(key(id).unwrap().id, (0..20).collect::<Vec<_>>());
    }

    #[test]
    fn fill_bytes_and_absent_entries() {
        for fill in [0x00, 0xFF] {
            for fill in [vec![fill; 1], vec![fill; 300]] {
                assert_eq!(
                    private_keys(&[hex(BE_PRKDF), fill.clone()].concat()),
                    private_keys(&hex(BE_PRKDF))
                );
                assert_eq!(certificates(&[hex(BE_CDF), fill.clone()].concat()).len(), 4);
                assert_eq!(certificates(&[&hex(BE_CDF)[..0x31], &fill].concat()).len(), 1);
                assert_eq!(certificates(&fill), []);
                assert_eq!(object_directory(&fill), ObjectDirectory::default());
            }
        }
    }

    #[test]
    fn lists_end() {
        let many = |entry: &str| hex(entry).repeat(1000);
        assert_eq!(applications(&many(BE_DIR)).len(), MAX_ENTRIES);
        assert_eq!(object_directory(&many(LV_ODF)).certificates.len(), MAX_ENTRIES);
        assert_eq!(private_keys(&many(LV_PRKDF)).len(), MAX_ENTRIES);
        assert_eq!(certificates(&many(LV_CDF)).len(), MAX_ENTRIES);
        assert_eq!(pins(&many(BE_AODF)).len(), MAX_ENTRIES);
    }

    #[test]
    fn what_is_cut_off_leaves_the_entries_before_it() {
        for file in ALL.map(hex) {
            for length in 0..file.len() {
                let cut = &file[..length];
                assert!(applications(&file).starts_with(&applications(cut)));
                assert!(private_keys(&file).starts_with(&private_keys(cut)));
                assert!(certificates(&file).starts_with(&certificates(cut)));
                assert!(pins(&file).starts_with(&pins(cut)));
                let (all, some) = (object_directory(&file), object_directory(cut));
                assert!(all.private_keys.starts_with(&some.private_keys));
                assert!(all.certificates.starts_with(&some.certificates));
                within_bounds(cut);
            }
        }
    }

    #[test]
    fn any_changed_byte_is_survived() {
        for file in ALL.map(hex) {
            for position in 0..file.len() {
                for change in 1..=255 {
                    let mut changed = file.clone();
                    changed[position] ^= change;
                    within_bounds(&changed);
                }
            }
        }
    }

    #[test]
    fn random_bytes_are_survived() {
        let mut state = 0x7816_0015_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(state >> 16).unwrap()
        };
        // Half of the bytes are those that mean something, so that the inner parts are reached.
        let telling = hex("30A0A1A2A461020403010C0A80814F5051000102040608");
        for _ in 0..1000 {
            let length = next() % 300;
            let bytes: Vec<_> = (0..length)
                .map(|_| match next() {
                    even if even % 2 == 0 => telling[next() % telling.len()],
                    odd => u8::try_from(odd >> 8).unwrap(),
                })
                .collect();
            within_bounds(&bytes);
        }
    }

    /// Reads a file as each of the kinds.
    fn within_bounds(file: &[u8]) {
        let short = |id: &[u8]| id.len() <= MAX_IDENTIFIER;
        let shown = |label: &Option<String>| label.as_ref().is_none_or(|l| l.len() <= MAX_TEXT);
        let fits = |path: &FilePath| path.bytes().len() <= 10 && path.bytes().len().is_multiple_of(2);
        let maybe_fits = |path: &Option<FilePath>| path.as_ref().is_none_or(fits);

        let applications = applications(file);
        assert!(applications.len() <= MAX_ENTRIES);
        assert!(
            applications.iter().all(|a| a.aid.len() <= MAX_AID && shown(&a.label) && maybe_fits(&a.path))
        );
        let all = object_directory(file);
        for files in [
            all.private_keys,
            all.certificates,
            all.trusted_certificates,
            all.useful_certificates,
            all.authentication,
        ] {
            assert!(files.len() <= MAX_ENTRIES && files.iter().all(fits));
        }
        let keys = private_keys(file);
        assert!(keys.len() <= MAX_ENTRIES);
        assert!(keys.iter().all(|k| short(&k.id) && shown(&k.label) && k.algorithms.len() <= MAX_ENTRIES));
        assert!(keys.iter().all(|k| k.auth_id.as_deref().is_none_or(short) && maybe_fits(&k.path)));
        let certificates = certificates(file);
        assert!(certificates.len() <= MAX_ENTRIES);
        assert!(certificates.iter().all(|c| short(&c.id) && shown(&c.label) && fits(&c.path)));
        let pins = pins(file);
        assert!(pins.len() <= MAX_ENTRIES);
        assert!(pins.iter().all(|p| short(&p.auth_id) && shown(&p.label) && maybe_fits(&p.path)));
        if let Some(info) = card_info(file) {
            assert!(info.serial.len() <= MAX_SERIAL && info.algorithms.len() <= MAX_ENTRIES);
            assert!(shown(&info.manufacturer) && shown(&info.label));
        }
    }
}

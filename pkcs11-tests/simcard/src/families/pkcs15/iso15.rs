//! A card that no table knows, with a PKCS#15 directory that says everything a host needs (ISO/IEC 7816-15), and one
//! whose directory lacks a part. Nobody issued such a card: all of it is made up after the standard.

use super::algorithm::Algorithm;
use super::card::{APPLICATION, InlineCard, InlineContents, InlineKey, InlinePin, STATES, Unblocking};
use crate::chip::coding::Coding;
use crate::chip::files::{FileTree, MASTER};
use crate::chip::pins::{ORDINARY, PinRules};
use crate::facts::date::Date;
use crate::facts::description::{
    CardDescription, Family, KeyDescription, KeyKind, KeyUsage, PinRole, Protocol,
};
use crate::facts::holder::Country;
use crate::facts::switches::Switches;
use crate::facts::switches::values::{AuthorityIds, DirectoryFile, MissingPart};
use crate::pki::authority::{Authority, AuthorityKeys};
use crate::pki::certificate::{COMMON_NAME, COUNTRY, TextForm};
use crate::pki::keys::Hash;
use crate::pki::plain;
use crate::wire::pkcs15::{self as df, Bits, CertificateObject, KeyObject, PinObject, PinType};

const PATH: &[u8] = &[0x3F, 0x00, 0x50, 0x15];
/// Another application that EF.DIR names before ours, and that is not there.
const OTHER: &[u8] = &[0xF0, 0x53, 0x49, 0x4D, 0x00, 0x01];
/// Stored length and fill byte of the PINs.
const LENGTH: usize = 12;
const FILL: u8 = 0xFF;

static ISSUER: Authority = plain::authority(
    &[(COUNTRY, TextForm::Printable, "FI"), (COMMON_NAME, TextForm::Utf8, "SIMULATED Root of Unknown Cards")],
    &[
        (COUNTRY, TextForm::Printable, "FI"),
        (COMMON_NAME, TextForm::Utf8, "SIMULATED Issuer of Unknown Cards"),
    ],
    AuthorityKeys::P384(["unknown/root", "unknown/issuing"]),
);

const PINS: &[InlinePin] = &[
    InlinePin::new(0x01, PinRole::Authentication, "PIN", 4, 0x11),
    InlinePin::new(0x02, PinRole::Signature, "Signature PIN", 6, 0x12),
    InlinePin::new(0x03, PinRole::Unblocking, "PUK", 8, 0x13),
];

/// Two curves, so that a host cannot take one for all.
const KEYS: &[InlineKey] = &[
    InlineKey {
        key: KeyDescription {
            reference: 0x21,
            kind: KeyKind::P256,
            pin: 0x01,
            usage: KeyUsage::Authentication,
            certificate_df: 0x5015,
            certificate: 0x5201,
            name: "auth",
            backup: false,
        },
        label: "Authentication key",
        id: 0xA1,
        directory: b"",
    },
    InlineKey {
        key: KeyDescription {
            reference: 0x92,
            kind: KeyKind::P384,
            pin: 0x02,
            usage: KeyUsage::Signature,
            certificate_df: 0x5015,
            certificate: 0x5202,
            name: "sign",
            backup: false,
        },
        label: "Signature key",
        id: 0xA2,
        directory: b"",
    },
];

/// Algorithm bytes of no known card.
const ALGORITHMS: &[Algorithm] = &[
    Algorithm {
        value: 0x31,
        hash: Hash::Sha256,
        rsa: None,
        reference: 7,
        mechanism: 0x1041,
        object: &[1, 2, 840, 10045, 4, 3, 2],
    },
    Algorithm {
        value: 0x32,
        hash: Hash::Sha384,
        rsa: None,
        reference: 9,
        mechanism: 0x1041,
        object: &[1, 2, 840, 10045, 4, 3, 3],
    },
];

const PIN_RULES: PinRules = PinRules { coding: |_| Coding::Padded(LENGTH, FILL), ..ORDINARY };
const PARTIAL_PIN_RULES: PinRules = PinRules {
    coding: |switches| if is_bcd(switches) { Coding::Bcd } else { Coding::Padded(LENGTH, FILL) },
    ..ORDINARY
};

/// Whether the PINs are BCD, of which the card's files then tell.
fn is_bcd(switches: &Switches) -> bool {
    switches.p15_missing == MissingPart::AsciiPin
}

/// What both cards are made of.
const fn card(name: &'static str, label: &'static str, atr: &'static [u8], partial: bool) -> InlineCard {
    InlineCard {
        card: CardDescription {
            name,
            chip: "none in particular",
            atr,
            air: None,
            protocol: Protocol::T1,
            country: Country::Finland,
            family: Family::Pkcs15,
            states: STATES,
            pins: const { &[PINS[0].pin, PINS[1].pin, PINS[2].pin] },
            keys: const { &[KEYS[0].key, KEYS[1].key] },
        },
        manufacturer: "Simulated Cards",
        label,
        issuer: &ISSUER,
        organisation: "Tekaistu yhdistys",
        issued: Date::new(2025, 1, 13),
        pin_rules: if partial { &PARTIAL_PIN_RULES } else { &PIN_RULES },
        tries_by_switch: false,
        partial,
        unblocking: Unblocking::Together,
        pins: PINS,
        keys: KEYS,
        algorithms: ALGORITHMS,
        files,
    }
}

/// The complete card: historical bytes "SIMP1".
pub(crate) static COMPLETE: InlineCard = card(
    "pkcs15-card",
    "Unknown card",
    &[0x3B, 0xF5, 0x11, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x53, 0x49, 0x4D, 0x50, 0x31, 0x26],
    false,
);

/// The card that lacks what the switch `p15_missing` says: historical bytes "SIMP2".
pub(crate) static PARTIAL: InlineCard = card(
    "pkcs15-card-partial",
    "Partial card",
    &[0x3B, 0xF5, 0x11, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x53, 0x49, 0x4D, 0x50, 0x32, 0x25],
    true,
);

/// The directories: kind, file, and which setting of `p15_missing` leaves it out.
const DIRECTORIES: [(u8, u16, Option<MissingPart>); 4] = [
    (df::PRIVATE_KEYS, 0x5101, Some(MissingPart::PrivateKeys)),
    (df::CERTIFICATES, 0x5102, None),
    (df::TRUSTED_CERTIFICATES, 0x5103, None),
    (df::AUTHENTICATION, 0x5104, Some(MissingPart::Pins)),
];

fn below(id: u16) -> Vec<u8> {
    [PATH, &id.to_be_bytes()].concat()
}

/// pinFlags: initialized and needs-padding; the PUK is an unblocking PIN too.
fn pin_flags(role: PinRole) -> Bits {
    if role == PinRole::Unblocking { (1, &[0x0E]) } else { (2, &[0x0C]) }
}

fn pins(card: &InlineCard, bcd: bool) -> Vec<u8> {
    let encode = |pin: &InlinePin| {
        PinObject {
            label: pin.label,
            auth_id: pin.auth_id,
            unblocked_by: (pin.pin.role != PinRole::Unblocking).then_some(0x13),
            flags: pin_flags(pin.pin.role),
            kind: if bcd { PinType::Bcd } else { PinType::AsciiNumeric },
            shortest: pin.pin.shortest as u32,
            stored: if bcd { 8 } else { LENGTH as u32 },
            longest: Some(LENGTH as u32),
            reference: pin.pin.reference,
            fill: Some(FILL),
            path: PATH,
        }
        .encode()
    };
    card.pins.iter().flat_map(encode).collect()
}

fn private_keys(card: &InlineCard) -> Vec<u8> {
    let encode = |key: &InlineKey| {
        let signature = key.key.usage == KeyUsage::Signature;
        KeyObject {
            label: key.label,
            auth_id: card.auth_id(key.key.pin),
            consent: signature.then_some(1),
            id: key.id,
            usage: if signature { df::NON_REPUDIATION } else { df::SIGN },
            reference: key.key.reference,
            algorithms: &[if signature { 9 } else { 7 }],
            path: PATH,
            // One key tells the size of its field, the other leaves it to the certificate.
            size: signature.then_some(384),
            is_ec: true,
        }
        .encode()
    };
    card.keys.iter().flat_map(encode).collect()
}

fn certificate(label: &str, id: u8, authority: bool, file: u16) -> Vec<u8> {
    CertificateObject { label, auth_id: None, id, authority, trust: None, path: &below(file) }.encode()
}

fn files(contents: &InlineContents<'_>) -> FileTree {
    let card = contents.card;
    let bcd = card.partial && is_bcd(contents.switches);
    let missing = card.partial.then_some(contents.switches.p15_missing);
    let info = df::token_info(
        contents.serial.as_bytes(),
        card.manufacturer,
        card.label,
        (5, &[0x60]), // authRequired, prnGeneration
        &card.algorithm_objects(),
    );
    let of_holder =
        [certificate("Authentication", 0xA1, false, 0x5201), certificate("Signature", 0xA2, false, 0x5202)];
    let (issuer, root) = match contents.switches.p15_authority_ids {
        AuthorityIds::Own => (0xA3, 0xA4),
        AuthorityIds::Shared => (0xA3, 0xA3),
        AuthorityIds::Holder => (0xA1, 0xA4),
    };
    let of_authorities =
        [certificate("Issuer", issuer, true, 0x5203), certificate("Root", root, true, 0x5204)];

    let mut tree = FileTree::new(&[]);
    let application = tree.add_directory(MASTER, 0x5015, &[APPLICATION]);
    let entries = [
        df::application(OTHER, "Other", &[0x3F, 0x00, 0x60, 0x01], &[]),
        df::application(APPLICATION, card.label, PATH, &[]),
    ];
    if contents.switches.directory_file != DirectoryFile::None {
        tree.add(MASTER, 0x2F00, entries.concat());
    }
    let there = |(_, _, needed): &&(u8, u16, Option<MissingPart>)| needed.is_none() || *needed != missing;
    let directories = DIRECTORIES.iter().filter(there);
    let object_directory = directories.clone().flat_map(|(kind, id, _)| df::directory(*kind, &below(*id)));
    tree.add(application, 0x5031, contents.directory_file(object_directory.collect()));
    tree.add(application, 0x5032, contents.directory_file(info));
    for (kind, id, _) in directories {
        let content = match *kind {
            df::PRIVATE_KEYS => private_keys(card),
            df::CERTIFICATES => of_holder.concat(),
            df::TRUSTED_CERTIFICATES => of_authorities.concat(),
            _ => pins(card, bcd),
        };
        tree.add(application, *id, contents.directory_file(content));
    }
    tree.add(application, 0x5201, contents.holder_certificate("auth"));
    tree.add(application, 0x5202, contents.holder_certificate("sign"));
    tree.add(application, 0x5203, contents.certificate_file(&contents.certificates.issuing));
    tree.add(application, 0x5204, contents.certificate_file(&contents.certificates.root));
    tree
}

//! Its files: an ordinary PKCS#15 application (C), whose places are ours (G), and certificates with no more than is needed.

use super::cards::{APPLICATION_FILE, LithuanianCard, PIN, PUK, QES, QES_FILE};
use crate::chip::files::{CARD_ACCESS, FileTree, MASTER};
use crate::facts::date::Date;
use crate::facts::description::KeyUsage;
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::pki::certificate::{self, COMMON_NAME, COUNTRY, GIVEN_NAME, SERIAL_NUMBER, SURNAME, TextForm};
use crate::pki::issued::{CardKey, Certificates};
use crate::pki::plain;
use crate::wire::pkcs15::{self as df, AlgorithmObject, CertificateObject, KeyObject, PinObject, PinType};

/// AID of a PKCS#15 application (PKCS#15 v1.1 §5.6.1).
const NAME: &[u8] = b"\xA0\x00\x00\x00\x63PKCS-15";
const MASTER_PATH: &[u8] = &[0x3F, 0x00];
const QES_PATH: &[u8] = &[0x3F, 0x00, 0xDF, 0x02];
const APPLICATION_PATH: &[u8] = &[0x3F, 0x00, 0xDF, 0x01];

/// It lists RSA, which no key of it is (seen in a dump; C).
const ALGORITHM: AlgorithmObject =
    AlgorithmObject { reference: 1, mechanism: 0x0003, object: &[1, 2, 840, 113_549, 1, 1, 1], value: 0x0F };

pub(super) fn certificates(
    card: &LithuanianCard,
    keys: &[CardKey],
    holder: &Holder,
    issued: Date,
    switches: &Switches,
) -> Certificates {
    let form = TextForm::Utf8.of_names(switches);
    let subject = certificate::name(&[
        (COUNTRY, TextForm::Printable, "LT"),
        (SERIAL_NUMBER, TextForm::Printable, &format!("PNOLT-{}", holder.personal_code)),
        (GIVEN_NAME, form, &holder.given_name),
        (SURNAME, form, &holder.surname),
        (COMMON_NAME, form, &holder.common_name()),
    ]);
    plain::certificates(card.issuer, &subject, keys, issued, switches)
}

fn below(id: u16) -> Vec<u8> {
    [APPLICATION_PATH, &id.to_be_bytes()].concat()
}

/// The PINs as the tool of the driver finds them: by their references, 03, 81 and 04 (C).
fn pins() -> Vec<u8> {
    let pin = |label, reference, shortest, unblocked_by, path| {
        let flags = if unblocked_by { (4, &[0x10][..]) } else { (1, &[0x0A][..]) };
        PinObject {
            label,
            auth_id: reference,
            unblocked_by: unblocked_by.then_some(PUK),
            flags,
            kind: PinType::AsciiNumeric,
            shortest,
            stored: 12,
            longest: Some(12),
            reference,
            fill: None,
            path,
        }
        .encode()
    };
    [
        pin("PACE-PIN", 0x03, 6, true, MASTER_PATH),
        pin("PIN.QES", QES, 6, true, QES_PATH),
        pin("PACE-PUK", PUK, 8, false, MASTER_PATH),
    ]
    .concat()
}

fn keys(card: &LithuanianCard) -> Vec<u8> {
    let encode = |key: &crate::facts::description::KeyDescription| {
        let signature = key.usage == KeyUsage::Signature;
        KeyObject {
            label: if signature { "Signature key" } else { "Authentication key" },
            auth_id: if key.pin == PIN { 0x03 } else { key.pin },
            consent: signature.then_some(1),
            id: key.certificate as u8,
            usage: if signature { df::NON_REPUDIATION } else { df::SIGN },
            reference: key.reference,
            algorithms: &[],
            path: if signature { QES_PATH } else { MASTER_PATH },
            size: Some(384),
            is_ec: true,
        }
        .encode()
    };
    card.card.keys.iter().flat_map(encode).collect()
}

fn certificate_object(label: &str, id: u8, authority: bool, file: u16) -> Vec<u8> {
    CertificateObject { label, auth_id: None, id, authority, trust: None, path: &below(file) }.encode()
}

pub(super) fn tree(
    card: &LithuanianCard,
    certificates: &Certificates,
    serial: &[u8],
    holder: &Holder,
    switches: &Switches,
) -> FileTree {
    let info = df::token_info(
        serial,
        "MaskTech International GmbH",
        &holder.common_name(),
        (5, &[0xE0]), // readonly, authRequired, prnGeneration
        &[ALGORITHM],
    );
    let of_holder = [
        certificate_object("Authentication certificate", 0x01, false, 0x5201),
        certificate_object("Signature certificate", 0x02, false, 0x5202),
    ];
    let of_authorities = certificate_object("Issuing CA", 0x03, true, 0x5203);
    let directories = [
        (df::AUTHENTICATION, 0x5034, pins()),
        (df::PRIVATE_KEYS, 0x5035, keys(card)),
        (df::CERTIFICATES, 0x5037, of_holder.concat()),
        (df::TRUSTED_CERTIFICATES, 0x5038, of_authorities),
    ];
    let filled = |mut content: Vec<u8>, fill: usize| {
        content.resize(content.len() + fill.min(0x1000), 0);
        content
    };

    let mut tree = FileTree::new(&[]);
    let application = tree.add_directory(MASTER, APPLICATION_FILE, &[NAME]);
    tree.add_directory(MASTER, QES_FILE, &[]);
    tree.add(MASTER, CARD_ACCESS, card_access());
    tree.add(MASTER, 0x2F00, df::application(NAME, "eID", APPLICATION_PATH, &[]));
    let object_directory = directories.iter().flat_map(|(kind, id, _)| df::directory(*kind, &below(*id)));
    tree.add(application, 0x5031, filled(object_directory.collect(), switches.directory_padding));
    tree.add(application, 0x5032, filled(info, switches.directory_padding));
    for (_, id, content) in directories {
        tree.add(application, id, filled(content, switches.directory_padding));
    }
    for (id, name) in [(0x5201, "auth"), (0x5202, "sign")] {
        let file = certificates.named(name).map(|certificate| certificate.file.clone());
        tree.add(application, id, filled(file.unwrap_or_default(), switches.cert_padding));
    }
    tree.add(application, 0x5203, certificates.issuing.clone());
    tree
}

/// EF.CardAccess: PACE with generic mapping and AES-256, on P-256. G
fn card_access() -> Vec<u8> {
    b"\x31\x14\x30\x12\x06\x0A\x04\0\x7F\0\x07\x02\x02\x04\x02\x04\x02\x01\x02\x02\x01\x0C".to_vec()
}

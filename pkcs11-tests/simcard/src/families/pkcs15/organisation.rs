//! The Finnish organisation card (FINEID S4-2): what its tables and files hold.
//!
//! Second-hand facts throughout (ReFineID about S4-2 v4.0; C): own references of the PINs, codes as typed, the PUK
//! verified before a PIN is unblocked, the digest sent inline, the signature key local to DF.ESIGN. The PKCS#15
//! directory is ours (G): file identifiers of the old citizen cards, and a reference of the authentication key that a
//! host can only find there.

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
use crate::facts::switches::values::MalformedCode;
use crate::pki::authority::{Authority, AuthorityKeys};
use crate::pki::certificate::{COMMON_NAME, COUNTRY, ORGANISATION, TextForm};
use crate::pki::keys::{Hash, RsaScheme};
use crate::pki::plain;
use crate::wire::der;
use crate::wire::pkcs15::{self as df, Bits, CertificateObject, KeyObject, PinObject, PinType};

/// AID of DF.ESIGN (C).
const ESIGN: &[u8] = b"E.SIGN";
/// Its file identifier, that of the citizen cards; G.
const ESIGN_ID: u16 = 0x5016;
const PATH_MASTER: &[u8] = &[0x3F, 0x00];
const PATH_ESIGN: &[u8] = &[0x3F, 0x00, 0x50, 0x16];

static ISSUER: Authority = plain::authority(
    &[
        (COUNTRY, TextForm::Printable, "FI"),
        (ORGANISATION, TextForm::Utf8, "Digi- ja vaestotietovirasto SIMULATED"),
        (COMMON_NAME, TextForm::Utf8, "DVV SIMULATED Root CA - G3 ECC"),
    ],
    &[
        (COUNTRY, TextForm::Printable, "FI"),
        (ORGANISATION, TextForm::Utf8, "Digi- ja vaestotietovirasto SIMULATED"),
        (COMMON_NAME, TextForm::Utf8, "DVV SIMULATED Organisational Certificates - G4E"),
    ],
    AuthorityKeys::P384(["organisation/root", "organisation/issuing"]),
);
static ISSUER_RSA: Authority = plain::authority(
    &[
        (COUNTRY, TextForm::Printable, "FI"),
        (ORGANISATION, TextForm::Utf8, "Vaestorekisterikeskus SIMULATED"),
        (COMMON_NAME, TextForm::Utf8, "VRK SIMULATED Root CA - G2"),
    ],
    &[
        (COUNTRY, TextForm::Printable, "FI"),
        (ORGANISATION, TextForm::Utf8, "Vaestorekisterikeskus SIMULATED"),
        (COMMON_NAME, TextForm::Utf8, "VRK SIMULATED CA for Organisational Certificates - G4"),
    ],
    AuthorityKeys::Rsa4096,
);

/// References 03, 04 and 12 (C); shortest lengths of the issuer's pages (B) and of the citizen's PUK (G).
const PINS: &[InlinePin] = &[
    InlinePin::new(0x03, PinRole::Authentication, "perustunnusluku", 4, 1),
    InlinePin::new(0x04, PinRole::Signature, "allekirjoitustunnusluku", 6, 2),
    InlinePin::new(0x12, PinRole::Unblocking, "aktivointitunnusluku", 8, 3),
];

/// Codes as they were typed (C).
const PIN_RULES: PinRules = PinRules {
    coding: |_| Coding::Typed,
    malformed: |switches| match switches.org_padded_pin_costs {
        true => MalformedCode::Wrong,
        false => MalformedCode::Refused,
    },
    ..ORDINARY
};

/// Reference 05 is invented (G), 82 is not (C). Identifiers 45 and 46 as the official module shows them (B).
const fn keys(kind: KeyKind) -> [InlineKey; 2] {
    [
        InlineKey {
            key: KeyDescription {
                reference: 0x05,
                kind,
                pin: 0x03,
                usage: KeyUsage::Authentication,
                certificate_df: 0x3F00,
                certificate: 0x4331,
                name: "auth",
                backup: false,
            },
            label: "todentamis- ja salausavain",
            id: 0x45,
            directory: b"",
        },
        InlineKey {
            key: KeyDescription {
                reference: 0x82,
                kind,
                pin: 0x04,
                usage: KeyUsage::Signature,
                certificate_df: ESIGN_ID,
                certificate: 0x4332,
                name: "sign",
                backup: false,
            },
            label: "allekirjoitusavain",
            id: 0x46,
            directory: ESIGN,
        },
    ]
}

const fn ecdsa(reference: u32, value: u8, hash: Hash, object: &'static [u32]) -> Algorithm {
    Algorithm { value, hash, rsa: None, reference, mechanism: 0x1041, object }
}

const fn rsa(reference: u32, value: u8, hash: Hash, scheme: RsaScheme, object: &'static [u32]) -> Algorithm {
    let mechanism = match scheme {
        RsaScheme::Pkcs1 => 0x0001,
        RsaScheme::Pss => 0x000D,
    };
    Algorithm { value, hash, rsa: Some(scheme), reference, mechanism, object }
}

const PSS: &[u32] = &[1, 2, 840, 113_549, 1, 1, 10];

/// Algorithm bytes as on the citizen cards; G.
const EC_ALGORITHMS: &[Algorithm] = &[
    ecdsa(1, 0x54, Hash::Sha384, &[1, 2, 840, 10045, 4, 3, 3]),
    ecdsa(2, 0x44, Hash::Sha256, &[1, 2, 840, 10045, 4, 3, 2]),
    ecdsa(3, 0x14, Hash::Sha1, &[1, 2, 840, 10045, 4, 1]),
];
const RSA_ALGORITHMS: &[Algorithm] = &[
    rsa(1, 0x42, Hash::Sha256, RsaScheme::Pkcs1, &[1, 2, 840, 113_549, 1, 1, 11]),
    rsa(2, 0x52, Hash::Sha384, RsaScheme::Pkcs1, &[1, 2, 840, 113_549, 1, 1, 12]),
    rsa(3, 0x62, Hash::Sha512, RsaScheme::Pkcs1, &[1, 2, 840, 113_549, 1, 1, 13]),
    rsa(4, 0x12, Hash::Sha1, RsaScheme::Pkcs1, &[1, 2, 840, 113_549, 1, 1, 5]),
    rsa(5, 0x45, Hash::Sha256, RsaScheme::Pss, PSS),
    rsa(6, 0x55, Hash::Sha384, RsaScheme::Pss, PSS),
    rsa(7, 0x65, Hash::Sha512, RsaScheme::Pss, PSS),
];

/// Idemia Cosmo X, S4-2 v4.0.
pub(crate) static ORGANISATION_EC: InlineCard = InlineCard {
    card: CardDescription {
        name: "fineid-org",
        chip: "Idemia Cosmo X",
        // ReFineID supported-cards.md. C
        atr: &[
            0x3B, 0xDD, 0x96, 0x00, 0x80, 0x31, 0xFE, 0x45, 0x00, 0x31, 0xB8, 0x64, 0x04, 0x29, 0xEC, 0xC1,
            0x73, 0x94, 0x01, 0x80, 0x83, 0x49,
        ],
        air: None,
        protocol: Protocol::T1,
        country: Country::Finland,
        family: Family::Organisation,
        states: STATES,
        pins: &[PINS[0].pin, PINS[1].pin, PINS[2].pin],
        keys: &[keys(KeyKind::P384)[0].key, keys(KeyKind::P384)[1].key],
    },
    manufacturer: "DVV-FINEID (Idemia)",
    label: "ORGANISAATIOKORTTI",
    issuer: &ISSUER,
    organisation: "Tekaistu Oy",
    issued: Date::new(2025, 6, 2),
    pin_rules: &PIN_RULES,
    partial: false,
    tries_by_switch: true,
    unblocking: Unblocking::AfterPuk,
    pins: PINS,
    keys: &keys(KeyKind::P384),
    algorithms: EC_ALGORITHMS,
    files,
};

/// Idemia IDeal Citiz 2.17-i, S1 v4.0.
pub(crate) static ORGANISATION_RSA: InlineCard = InlineCard {
    card: CardDescription {
        name: "fineid-org-rsa",
        chip: "Idemia IDeal Citiz 2.17-i",
        // ReFineID supported-cards.md. C
        atr: &[
            0x3B, 0xDD, 0x96, 0x00, 0x80, 0x31, 0xFE, 0x45, 0x00, 0x31, 0xB8, 0x64, 0x04, 0x29, 0xEC, 0xC1,
            0x73, 0x94, 0x01, 0x80, 0x82, 0x48,
        ],
        air: None,
        protocol: Protocol::T1,
        country: Country::Finland,
        family: Family::Organisation,
        states: STATES,
        pins: &[PINS[0].pin, PINS[1].pin, PINS[2].pin],
        keys: &[keys(KeyKind::Rsa(2048))[0].key, keys(KeyKind::Rsa(2048))[1].key],
    },
    manufacturer: "VRK-FINEID (Idemia)",
    label: "ORGANISAATIOKORTTI",
    issuer: &ISSUER_RSA,
    organisation: "Tekaistu Oy",
    issued: Date::new(2023, 6, 5),
    pin_rules: &PIN_RULES,
    partial: false,
    tries_by_switch: true,
    unblocking: Unblocking::AfterPuk,
    pins: PINS,
    keys: &keys(KeyKind::Rsa(2048)),
    algorithms: RSA_ALGORITHMS,
    files,
};

/// EF.AOD, EF.PrKD, EF.CD of the holder and EF.CD of the authorities: as on the v1 and v2 citizen cards; G.
const PIN_FILE: u16 = 0x4401;
const KEY_FILE: u16 = 0x4402;
const CERTIFICATE_FILE: u16 = 0x4403;
const AUTHORITY_FILE: u16 = 0x4404;

fn in_master(id: u16) -> Vec<u8> {
    [PATH_MASTER, &id.to_be_bytes()].concat()
}

fn object_directory() -> Vec<u8> {
    [
        (df::AUTHENTICATION, PIN_FILE),
        (df::PRIVATE_KEYS, KEY_FILE),
        (df::CERTIFICATES, CERTIFICATE_FILE),
        (df::TRUSTED_CERTIFICATES, AUTHORITY_FILE),
    ]
    .map(|(kind, id)| df::directory(kind, &in_master(id)))
    .concat()
}

/// pinFlags: initialized, without needs-padding; the PUK is an unblocking PIN too.
fn pin_flags(role: PinRole) -> Bits {
    if role == PinRole::Unblocking { (1, &[0x0A]) } else { (3, &[0x08]) }
}

fn pins(card: &InlineCard) -> Vec<u8> {
    let encode = |pin: &InlinePin| {
        PinObject {
            label: pin.label,
            auth_id: pin.auth_id,
            unblocked_by: (pin.pin.role != PinRole::Unblocking).then_some(3),
            flags: pin_flags(pin.pin.role),
            kind: PinType::AsciiNumeric,
            shortest: pin.pin.shortest as u32,
            stored: 12,
            longest: Some(12),
            reference: pin.pin.reference,
            fill: None,
            path: PATH_MASTER,
        }
        .encode()
    };
    card.pins.iter().flat_map(encode).collect()
}

fn private_keys(card: &InlineCard) -> Vec<u8> {
    let encode = |key: &InlineKey| {
        let signature = key.key.usage == KeyUsage::Signature;
        let ec = key.key.kind == KeyKind::P384;
        KeyObject {
            label: key.label,
            auth_id: card.auth_id(key.key.pin),
            consent: signature.then_some(1),
            id: key.id,
            usage: if signature { df::NON_REPUDIATION } else { df::SIGN },
            reference: key.key.reference,
            algorithms: &card.algorithms.iter().map(|algorithm| algorithm.reference).collect::<Vec<_>>(),
            path: if signature { PATH_ESIGN } else { PATH_MASTER },
            size: Some(if ec { 384 } else { 2048 }),
            is_ec: ec,
        }
        .encode()
    };
    card.keys.iter().flat_map(encode).collect()
}

fn certificate(label: &str, id: u8, authority: bool, path: &[u8]) -> Vec<u8> {
    CertificateObject { label, auth_id: None, id, authority, trust: None, path }.encode()
}

fn files(contents: &InlineContents<'_>) -> FileTree {
    let card = contents.card;
    let serial = format!("24600042{}", contents.serial);
    let info = df::token_info(
        serial.as_bytes(),
        card.manufacturer,
        card.label,
        (5, &[0xE0]), // readonly, authRequired, prnGeneration
        &card.algorithm_objects(),
    );
    let holder = [
        certificate("todentamis- ja salausvarmenne", 0x45, false, &in_master(0x4331)),
        certificate("allekirjoitusvarmenne", 0x46, false, &[PATH_ESIGN, &[0x43, 0x32]].concat()),
    ];
    let authorities = [
        certificate("issuing CA", 0x48, true, &in_master(0x4333)),
        certificate("root CA", 0x49, true, &in_master(0x4334)),
    ];
    let mut tree = FileTree::new(&[APPLICATION]);
    let esign = tree.add_directory(MASTER, ESIGN_ID, &[ESIGN]);
    tree.add(MASTER, 0x2F00, df::application(APPLICATION, card.label, PATH_MASTER, &[]));
    tree.add(MASTER, 0x2F01, der::tlv(0x43, &[0xB8]));
    for (id, content) in [
        (0x5031, object_directory()),
        (0x5032, info),
        (PIN_FILE, pins(card)),
        (KEY_FILE, private_keys(card)),
        (CERTIFICATE_FILE, holder.concat()),
        (AUTHORITY_FILE, authorities.concat()),
    ] {
        tree.add(MASTER, id, contents.directory_file(content));
    }
    tree.add(MASTER, 0x4331, contents.holder_certificate("auth"));
    tree.add(esign, 0x4332, contents.holder_certificate("sign"));
    tree.add(MASTER, 0x4333, contents.certificate_file(&contents.certificates.issuing));
    tree.add(MASTER, 0x4334, contents.certificate_file(&contents.certificates.root));
    tree
}

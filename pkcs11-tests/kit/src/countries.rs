//! Cards of other countries and of organisations, as programs are to see them: a table, written from what is publicly
//! known of the cards and not from the tables of the module.

use crate::openssl::{self, Scheme};
use crate::{Session, pss};
use cryptoki_sys::*;
use simcard::switches::SwitchInfo;
use simcard::{Card, CardModel, Codes};

use crate::world::{InReader, Token};

/// How a key signs: mechanisms.
pub type Mechanisms = &'static [CK_MECHANISM_TYPE];

/// ECDSA over a digest, and with a hash function before it.
pub const ECDSA: Mechanisms = &[
    CKM_ECDSA,
    CKM_ECDSA_SHA1,
    CKM_ECDSA_SHA224,
    CKM_ECDSA_SHA256,
    CKM_ECDSA_SHA384,
    CKM_ECDSA_SHA512,
    CKM_ECDSA_SHA3_224,
    CKM_ECDSA_SHA3_256,
    CKM_ECDSA_SHA3_384,
    CKM_ECDSA_SHA3_512,
];
/// Agreeing on a secret.
pub const AGREEMENT: Mechanisms = &[CKM_ECDH1_DERIVE, CKM_ECDH1_COFACTOR_DERIVE];
/// RSASSA-PKCS1-v1_5.
pub const PKCS1: Mechanisms = &[
    CKM_RSA_PKCS,
    CKM_SHA1_RSA_PKCS,
    CKM_SHA224_RSA_PKCS,
    CKM_SHA256_RSA_PKCS,
    CKM_SHA384_RSA_PKCS,
    CKM_SHA512_RSA_PKCS,
];
/// The same with SHA-256 alone.
pub const PKCS1_SHA256: Mechanisms = &[CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS];
/// RSASSA-PSS with the hash functions of a Belgian card.
pub const PSS_BELGIUM: Mechanisms = &[CKM_RSA_PKCS_PSS, CKM_SHA1_RSA_PKCS_PSS, CKM_SHA256_RSA_PKCS_PSS];
/// RSASSA-PSS with the hash functions of a Finnish card.
pub const PSS_FINLAND: Mechanisms = &[
    CKM_RSA_PKCS_PSS,
    CKM_SHA1_RSA_PKCS_PSS,
    CKM_SHA224_RSA_PKCS_PSS,
    CKM_SHA256_RSA_PKCS_PSS,
    CKM_SHA384_RSA_PKCS_PSS,
    CKM_SHA512_RSA_PKCS_PSS,
];
/// What every token does without its card.
pub const WITHOUT_CARD: Mechanisms = &[
    CKM_SHA_1,
    CKM_SHA224,
    CKM_SHA256,
    CKM_SHA384,
    CKM_SHA512,
    CKM_SHA3_224,
    CKM_SHA3_256,
    CKM_SHA3_384,
    CKM_SHA3_512,
    CKM_SHA_1_HMAC,
    CKM_SHA224_HMAC,
    CKM_SHA256_HMAC,
    CKM_SHA384_HMAC,
    CKM_SHA512_HMAC,
    CKM_SHA3_224_HMAC,
    CKM_SHA3_256_HMAC,
    CKM_SHA3_384_HMAC,
    CKM_SHA3_512_HMAC,
    CKM_AES_KEY_WRAP,
];

/// A key pair with its certificate.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// CKA_ID.
    pub id: u8,
    /// CKA_LABEL.
    pub label: &'static str,
    /// The simulator's name of the certificate.
    pub certificate: &'static str,
    /// CKK_EC or CKK_RSA.
    pub kind: CK_KEY_TYPE,
    /// Bytes of a signature.
    pub signature: usize,
    /// Whether each signature wants its PIN anew.
    pub each_time: bool,
    /// What it can do.
    pub mechanisms: &'static [Mechanisms],
}

/// A PIN with its keys.
#[derive(Clone, Copy, Debug)]
pub struct PinToken {
    /// Label and PIN.
    pub token: Token,
    /// Reference of the PIN.
    pub reference: u8,
    /// Fewest and most digits.
    pub digits: (CK_ULONG, CK_ULONG),
    /// Tries of the PIN.
    pub tries: u8,
    /// Keys.
    pub keys: &'static [Key],
}

/// How the number of a card becomes the serial number of its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// As printed.
    Printed,
    /// The last eight bytes of what GET CARD DATA says, in hexadecimal.
    Chip,
}

/// What may be written to a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// PINs; they can be set by the PUK with this reference, if there is one.
    Pins {
        /// The PUK's reference.
        puk: Option<u8>,
        /// Whether the PUK can be changed.
        puk_changes: bool,
    },
    /// Nothing.
    Nothing,
}

/// A kind of card.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// For the simulator.
    pub card: &'static str,
    /// CK_TOKEN_INFO manufacturer.
    pub manufacturer: &'static str,
    /// CK_TOKEN_INFO model.
    pub model: &'static str,
    /// CK_TOKEN_INFO serial number.
    pub number: Number,
    /// One token for each PIN.
    pub tokens: &'static [PinToken],
    /// What may be written.
    pub writing: Writing,
    /// Certificates of authorities that it carries along.
    pub authorities: usize,
    /// Whether it tells how many tries are left; if not, no PIN is ever presented again by the module's own will.
    pub tells_tries: bool,
    /// How another program leaves the card: what it has selected.
    pub elsewhere: &'static [&'static [u8]],
}

const fn ec(
    id: u8,
    label: &'static str,
    certificate: &'static str,
    mechanisms: &'static [Mechanisms],
) -> Key {
    Key { id, label, certificate, kind: CKK_EC, signature: 96, each_time: false, mechanisms }
}

const fn rsa(
    id: u8,
    label: &'static str,
    certificate: &'static str,
    mechanisms: &'static [Mechanisms],
) -> Key {
    Key { id, label, certificate, kind: CKK_RSA, signature: 256, each_time: false, mechanisms }
}

const fn each_time(key: Key) -> Key {
    Key { each_time: true, ..key }
}

const fn pin1(label: &'static str, reference: u8, tries: u8, keys: &'static [Key]) -> PinToken {
    PinToken { token: (label, Codes::PIN1), reference, digits: (4, 12), tries, keys }
}

const fn pin2(
    label: &'static str,
    reference: u8,
    tries: u8,
    least: CK_ULONG,
    keys: &'static [Key],
) -> PinToken {
    PinToken { token: (label, Codes::PIN2), reference, digits: (least, 12), tries, keys }
}

const ESTONIAN_AUTHENTICATION: &[Key] = &[ec(0x01, "Isikutuvastus", "auth", &[ECDSA, AGREEMENT])];
const ESTONIAN_SIGNATURE: &[Key] = &[each_time(ec(0x02, "Allkirjastamine", "sign", &[ECDSA]))];
const ESTONIAN_IDEMIA_TOKENS: &[PinToken] = &[
    pin1("ESTEID (PIN1)", 0x01, 3, ESTONIAN_AUTHENTICATION),
    pin2("ESTEID (PIN2)", 0x85, 3, 5, ESTONIAN_SIGNATURE),
];
const ESTONIAN_THALES_TOKENS: &[PinToken] = &[
    pin1("ESTEID (PIN1)", 0x81, 3, ESTONIAN_AUTHENTICATION),
    pin2("ESTEID (PIN2)", 0x82, 3, 5, ESTONIAN_SIGNATURE),
];

const SELECT_MF: &[u8] = &[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];
const SELECT_QSCD: &[u8] = b"\x00\xA4\x04\x0C\x10QSCD Application";
const SELECT_AWP: &[u8] = b"\x00\xA4\x04\x0C\x0D\xE8\x28\xBD\x08\x0F\xF2POT AWP";
const SELECT_IDEMIA: &[u8] =
    b"\x00\xA4\x04\x0C\x10\xA0\x00\x00\x00\x77\x01\x08\x00\x07\x00\x00\xFE\x00\x00\x01\x00";
/// All that the card lets others do in the clear; it ends the channel.
const SELECT_CARD_ACCESS: &[u8] = &[0x00, 0xA4, 0x08, 0x0C, 0x02, 0x01, 0x1C];
const SELECT_PKCS15: &[u8] = b"\x00\xA4\x04\x0C\x0C\xA0\x00\x00\x00\x63PKCS-15";
const SELECT_ESIGN: &[u8] = b"\x00\xA4\x04\x0C\x06E.SIGN";
const SELECT_BELGIAN_IDENTITY: &[u8] = &[0x00, 0xA4, 0x08, 0x0C, 0x04, 0x3F, 0x00, 0xDF, 0x01];
const SELECT_BELGIAN_MF: &[u8] = &[0x00, 0xA4, 0x08, 0x0C, 0x02, 0x3F, 0x00];

const fn estonian_idemia(card: &'static str) -> Kind {
    Kind {
        card,
        manufacturer: "IDEMIA",
        model: "ESTEID2018",
        number: Number::Printed,
        tokens: ESTONIAN_IDEMIA_TOKENS,
        writing: Writing::Pins { puk: Some(0x02), puk_changes: true },
        authorities: 0,
        tells_tries: true,
        elsewhere: &[SELECT_MF, SELECT_AWP, SELECT_QSCD, SELECT_IDEMIA],
    }
}

const fn estonian_thales(card: &'static str) -> Kind {
    Kind {
        card,
        manufacturer: "Thales",
        model: "ESTEID2025",
        number: Number::Printed,
        tokens: ESTONIAN_THALES_TOKENS,
        writing: Writing::Pins { puk: Some(0x83), puk_changes: false },
        authorities: 0,
        tells_tries: true,
        elsewhere: &[SELECT_MF, SELECT_PKCS15],
    }
}

const fn latvian(card: &'static str, tokens: &'static [PinToken]) -> Kind {
    Kind {
        card,
        manufacturer: "IDEMIA",
        model: "LatEID 2019",
        number: Number::Printed,
        tokens,
        writing: Writing::Pins { puk: Some(0x02), puk_changes: true },
        authorities: 0,
        tells_tries: true,
        elsewhere: &[SELECT_MF, SELECT_AWP, SELECT_QSCD, SELECT_IDEMIA],
    }
}

const fn belgian(card: &'static str, model: &'static str, tokens: &'static [PinToken]) -> Kind {
    Kind {
        card,
        manufacturer: "Belgium Government",
        model,
        number: Number::Chip,
        tokens,
        writing: Writing::Pins { puk: None, puk_changes: false },
        authorities: 2,
        tells_tries: true,
        elsewhere: &[SELECT_BELGIAN_MF, SELECT_BELGIAN_IDENTITY],
    }
}

const fn organisation(card: &'static str, tokens: &'static [PinToken]) -> Kind {
    Kind {
        card,
        manufacturer: "Digi- ja vaestotietovirasto",
        model: "FINEID S4-2",
        number: Number::Printed,
        tokens,
        writing: Writing::Nothing,
        authorities: 2,
        tells_tries: true,
        elsewhere: &[SELECT_MF, SELECT_ESIGN],
    }
}

/// Estonia, IDEMIA Cosmo 8.
pub const ESTONIA_IDEMIA: Kind = estonian_idemia("estonia-idemia");
/// Estonia, IDEMIA Cosmo X.
pub const ESTONIA_IDEMIA_X: Kind = estonian_idemia("estonia-idemia-x");
/// Estonia, e-resident, IDEMIA.
pub const E_RESIDENCY_IDEMIA: Kind = estonian_idemia("e-residency-idemia");
/// Estonia, Thales.
pub const ESTONIA_THALES: Kind = estonian_thales("estonia-thales");
/// Estonia, e-resident, Thales.
pub const E_RESIDENCY_THALES: Kind = estonian_thales("e-residency-thales");
/// Latvia, RSA.
pub const LATVIA_RSA: Kind = latvian(
    "latvia-rsa",
    &[
        pin1("LatEID (PIN1)", 0x01, 3, &[rsa(0x01, "LatEID authentication", "auth", &[PKCS1])]),
        pin2(
            "LatEID (PIN2)",
            0x85,
            3,
            6,
            &[each_time(rsa(0x02, "LatEID signature", "sign", &[PKCS1_SHA256]))],
        ),
    ],
);
/// Latvia, P-384.
pub const LATVIA_EC: Kind = latvian(
    "latvia-ec",
    &[
        pin1("LatEID (PIN1)", 0x01, 3, &[ec(0x01, "LatEID authentication", "auth", &[ECDSA, AGREEMENT])]),
        pin2("LatEID (PIN2)", 0x85, 3, 6, &[each_time(ec(0x02, "LatEID signature", "sign", &[ECDSA]))]),
    ],
);
/// Lithuania: a channel over contacts, too, and two PINs of at least six digits.
pub const LITHUANIA: Kind = Kind {
    card: "lithuania",
    manufacturer: "MaskTech International GmbH",
    model: "LTEID 2021",
    number: Number::Printed,
    tokens: &[
        PinToken {
            digits: (6, 12),
            ..pin1("LTEID (PIN)", 0x07, 3, &[ec(0x01, "Authentication certificate", "auth", &[ECDSA])])
        },
        pin2(
            "LTEID (QES PIN)",
            0x81,
            3,
            6,
            &[each_time(ec(0x02, "Signature certificate", "sign", &[ECDSA]))],
        ),
    ],
    writing: Writing::Nothing,
    authorities: 1,
    tells_tries: true,
    elsewhere: &[SELECT_CARD_ACCESS],
};
/// Belgium, applet 1.8: one PIN for both keys.
pub const BELGIUM_1_8: Kind = belgian(
    "belgium-1.8",
    "Belgium eID 1.8",
    &[pin1(
        "BELPIC",
        0x01,
        3,
        &[ec(0x02, "Authentication", "auth", &[ECDSA]), each_time(ec(0x03, "Signature", "sign", &[ECDSA]))],
    )],
);
/// Belgium, applet 1.7.
pub const BELGIUM_1_7: Kind = belgian(
    "belgium-1.7",
    "Belgium eID 1.7",
    &[pin1(
        "BELPIC",
        0x01,
        3,
        &[
            rsa(0x02, "Authentication", "auth", &[PKCS1, PSS_BELGIUM]),
            each_time(rsa(0x03, "Signature", "sign", &[PKCS1, PSS_BELGIUM])),
        ],
    )],
);
/// Finnish organisation, P-384.
pub const FINEID_ORG: Kind = organisation(
    "fineid-org",
    &[
        pin1("FINEID (PIN1)", 0x03, 5, &[ec(0x45, "todentamis- ja salausvarmenne", "auth", &[ECDSA])]),
        pin2("FINEID (PIN2)", 0x04, 5, 4, &[each_time(ec(0x46, "allekirjoitusvarmenne", "sign", &[ECDSA]))]),
    ],
);
/// Finnish organisation, RSA.
pub const FINEID_ORG_RSA: Kind = organisation(
    "fineid-org-rsa",
    &[
        pin1(
            "FINEID (PIN1)",
            0x03,
            5,
            &[rsa(0x45, "todentamis- ja salausvarmenne", "auth", &[PKCS1, PSS_FINLAND])],
        ),
        pin2(
            "FINEID (PIN2)",
            0x04,
            5,
            4,
            &[each_time(rsa(0x46, "allekirjoitusvarmenne", "sign", &[PKCS1, PSS_FINLAND]))],
        ),
    ],
);
/// A card that no table knows and that describes itself.
pub const PKCS15: Kind = Kind {
    card: "pkcs15-card",
    manufacturer: "unknown",
    model: "PKCS#15",
    number: Number::Printed,
    tokens: &[
        pin1(
            "PKCS15 (PIN1)",
            0x01,
            5,
            &[Key { signature: 64, ..ec(0xA1, "Authentication", "auth", &[ECDSA]) }],
        ),
        pin2("PKCS15 (PIN2)", 0x02, 5, 6, &[each_time(ec(0xA2, "Signature", "sign", &[ECDSA]))]),
    ],
    writing: Writing::Nothing,
    authorities: 2,
    tells_tries: false,
    elsewhere: &[SELECT_MF, SELECT_PKCS15],
};

/// Every kind.
pub const KINDS: &[Kind] = &[
    ESTONIA_IDEMIA,
    ESTONIA_IDEMIA_X,
    E_RESIDENCY_IDEMIA,
    ESTONIA_THALES,
    E_RESIDENCY_THALES,
    LATVIA_RSA,
    LATVIA_EC,
    LITHUANIA,
    BELGIUM_1_8,
    BELGIUM_1_7,
    FINEID_ORG,
    FINEID_ORG_RSA,
    PKCS15,
];

/// Cards of which something is not known, in each way in which it may be: for the simulator.
pub const VARIANTS: &[(Kind, &str)] = &[
    (ESTONIA_IDEMIA, "select_drops_pin1=main"),
    (ESTONIA_IDEMIA, "select_drops_pin1=any"),
    (ESTONIA_IDEMIA, "pin2_one_shot=yes"),
    (ESTONIA_THALES, "thales_read_limit=223"),
    (ESTONIA_THALES, "pin2_one_shot=yes"),
    (ESTONIA_THALES, "early_files=all"),
    (ESTONIA_THALES, "early_pin_data=no"),
    (LATVIA_RSA, "select_drops_pin1=any"),
    (LATVIA_EC, "latvia_old_slots=yes"),
    (LATVIA_EC, "select_drops_pin1=any"),
    (LITHUANIA, "pace_tells_tries=yes"),
    (LITHUANIA, "plain_in_channel=refused,pin2_one_shot=yes"),
    (LITHUANIA, "ltu_probe_supported=no"),
    (LITHUANIA, "cert_padding=64,directory_padding=64"),
    (BELGIUM_1_8, "bel_probe_tells_verified=yes"),
    (BELGIUM_1_8, "bel_sign_needs_df=yes"),
    (BELGIUM_1_8, "bel_sign_pin_serves_auth=yes"),
    (BELGIUM_1_7, "bel_probe_tells_verified=yes"),
    (FINEID_ORG, "select_drops_pins=yes"),
    (FINEID_ORG, "path_with_mf=yes"),
    (FINEID_ORG, "pin2_one_shot=yes"),
    (FINEID_ORG_RSA, "cert_padding=64,directory_padding=64"),
    (PKCS15, "select_drops_pins=yes"),
    (PKCS15, "path_with_mf=yes"),
    (PKCS15, "cert_padding=64,directory_padding=64"),
    (PKCS15, "directory_file=records"),
    (PKCS15, "directory_file=none"),
    (PKCS15, "directory_file=none,application_by_name=no"),
    (PKCS15, "path_select=no"),
    (PKCS15, "path_select=no,directory_file=records,application_by_name=no"),
];

/// The simulator's switches that say something of a card.
///
/// # Panics
/// Where the simulator knows no such card.
pub fn switches_of(card: &str) -> Vec<SwitchInfo> {
    card.parse::<CardModel>().expect("a card of the simulator").switches()
}

impl Kind {
    /// Whether it is reached through a channel alone: other programs select nothing on it, and no keypad sends anything.
    pub fn wants_channel(&self) -> bool {
        self.card.parse::<CardModel>().is_ok_and(|model| model.description().wants_channel())
    }

    /// All keys, each with its token.
    pub fn keys(&self) -> impl Iterator<Item = (&'static PinToken, &'static Key)> {
        self.tokens.iter().flat_map(|pin| pin.keys.iter().map(move |key| (pin, key)))
    }

    /// What a card has counted of each PIN and of the PUK.
    pub fn counts(&self, card: &Card) -> Vec<Spent> {
        let references = card.references();
        [Some(references.pin1), references.pin2, references.puk]
            .into_iter()
            .flatten()
            .map(|reference| {
                let count = card.credential_count(reference);
                Spent {
                    tries: card.tries_left(reference).expect("the card has it"),
                    commands: count.commands,
                    spent: count.tries_spent,
                }
            })
            .collect()
    }

    /// Nothing was presented and nothing spent.
    ///
    /// # Panics
    /// Where something was.
    #[track_caller]
    pub fn assert_untouched(&self, card: &InReader) {
        let untouched = |count: &Spent| count.commands == 0 && count.spent == 0;
        let counts = self.counts(&card.card());
        assert!(counts.iter().all(untouched), "{}: {counts:?}", self.card);
    }
}

impl PinToken {
    /// The mechanisms of its token, sorted.
    pub fn mechanisms(&self) -> Vec<CK_MECHANISM_TYPE> {
        let of_keys = self.keys.iter().flat_map(|key| key.mechanisms.iter().copied().flatten());
        let mut all: Vec<_> = of_keys.chain(WITHOUT_CARD).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Key {
    /// Whether it can do this.
    pub fn does(&self, mechanism: CK_MECHANISM_TYPE) -> bool {
        self.mechanisms.iter().any(|group| group.contains(&mechanism))
    }
}

/// What became of a PIN or the PUK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Tries left.
    pub tries: u8,
    /// Commands that carried it.
    pub commands: u32,
    /// Tries that it has lost.
    pub spent: u32,
}

/// A mechanism that hashes: scheme and OpenSSL's name of the hash function.
///
/// # Panics
/// Where it is none.
pub fn hashing(mechanism: CK_MECHANISM_TYPE) -> (Scheme, &'static str) {
    match mechanism {
        CKM_ECDSA_SHA1 => (Scheme::Ecdsa, "sha1"),
        CKM_ECDSA_SHA224 => (Scheme::Ecdsa, "sha224"),
        CKM_ECDSA_SHA256 => (Scheme::Ecdsa, "sha256"),
        CKM_ECDSA_SHA384 => (Scheme::Ecdsa, "sha384"),
        CKM_ECDSA_SHA512 => (Scheme::Ecdsa, "sha512"),
        CKM_ECDSA_SHA3_224 => (Scheme::Ecdsa, "sha3-224"),
        CKM_ECDSA_SHA3_256 => (Scheme::Ecdsa, "sha3-256"),
        CKM_ECDSA_SHA3_384 => (Scheme::Ecdsa, "sha3-384"),
        CKM_ECDSA_SHA3_512 => (Scheme::Ecdsa, "sha3-512"),
        CKM_SHA1_RSA_PKCS => (Scheme::Pkcs1, "sha1"),
        CKM_SHA224_RSA_PKCS => (Scheme::Pkcs1, "sha224"),
        CKM_SHA256_RSA_PKCS => (Scheme::Pkcs1, "sha256"),
        CKM_SHA384_RSA_PKCS => (Scheme::Pkcs1, "sha384"),
        CKM_SHA512_RSA_PKCS => (Scheme::Pkcs1, "sha512"),
        CKM_SHA1_RSA_PKCS_PSS => (Scheme::Pss, "sha1"),
        CKM_SHA224_RSA_PKCS_PSS => (Scheme::Pss, "sha224"),
        CKM_SHA256_RSA_PKCS_PSS => (Scheme::Pss, "sha256"),
        CKM_SHA384_RSA_PKCS_PSS => (Scheme::Pss, "sha384"),
        CKM_SHA512_RSA_PKCS_PSS => (Scheme::Pss, "sha512"),
        other => panic!("{other:#x} does not hash"),
    }
}

/// A mechanism that does not hash.
pub fn is_raw(mechanism: CK_MECHANISM_TYPE) -> bool {
    [CKM_ECDSA, CKM_RSA_PKCS, CKM_RSA_PKCS_PSS].contains(&mechanism)
}

/// DigestInfo of SHA-256 up to the digest (RFC 8017 §9.2 note 1).
const SHA256_INFO: &[u8] = b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

/// Begins a signature by any mechanism; RSA-PSS with the parameters that everybody uses.
pub fn sign_init(
    session: &Session<'_>,
    mechanism: CK_MECHANISM_TYPE,
    key: CK_OBJECT_HANDLE,
) -> Result<(), CK_RV> {
    let parameter = match mechanism {
        CKM_SHA1_RSA_PKCS_PSS => pss(CKM_SHA_1, CKG_MGF1_SHA1, 20),
        CKM_SHA224_RSA_PKCS_PSS => pss(CKM_SHA224, CKG_MGF1_SHA224, 28),
        CKM_RSA_PKCS_PSS | CKM_SHA256_RSA_PKCS_PSS => pss(CKM_SHA256, CKG_MGF1_SHA256, 32),
        CKM_SHA384_RSA_PKCS_PSS => pss(CKM_SHA384, CKG_MGF1_SHA384, 48),
        CKM_SHA512_RSA_PKCS_PSS => pss(CKM_SHA512, CKG_MGF1_SHA512, 64),
        _ => return session.sign_init(mechanism, key),
    };
    session.sign_init_pss(mechanism, parameter, key)
}

/// What is given to C_Sign for some data: a digest where the mechanism makes none.
pub fn input(mechanism: CK_MECHANISM_TYPE, data: &[u8]) -> Vec<u8> {
    match mechanism {
        CKM_ECDSA => openssl::digest("sha384", data),
        CKM_RSA_PKCS => [SHA256_INFO, &openssl::digest("sha256", data)].concat(),
        CKM_RSA_PKCS_PSS => openssl::digest("sha256", data),
        _ => data.to_vec(),
    }
}

/// Whether OpenSSL takes the signature that a mechanism made.
pub fn holds(certificate: &[u8], mechanism: CK_MECHANISM_TYPE, data: &[u8], signature: &[u8]) -> bool {
    let (scheme, hash) = match mechanism {
        CKM_ECDSA => (Scheme::Ecdsa, "sha384"),
        CKM_RSA_PKCS => (Scheme::Pkcs1, "sha256"),
        CKM_RSA_PKCS_PSS => (Scheme::Pss, "sha256"),
        _ => hashing(mechanism),
    };
    openssl::verifies(certificate, scheme, hash, data, signature)
}

//! The certification authorities of the citizen cards. Names are laid out like those of the issuer's test authorities
//! (recorded test cards).

use crate::pki::authority::{Authority, AuthorityKeys, Field, Party};
use crate::pki::certificate::{COMMON_NAME, COUNTRY, ORGANISATION, SignatureAlgorithm, TextForm, UNIT};
use std::sync::OnceLock;

/// Which authorities issued a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    /// v3: RSA-4096, sha256WithRSA, PrintableString names.
    V3,
    /// v4: P-384, ecdsa-with-SHA384, UTF8String names.
    V4,
}

/// A name: country, organisation, unit, common name.
macro_rules! name {
    ($form:expr, $organisation:literal, $common_name:literal) => {
        &[
            (COUNTRY, TextForm::Printable, "FI"),
            (ORGANISATION, $form, $organisation),
            (UNIT, $form, "Testivarmenteet"),
            (COMMON_NAME, $form, $common_name),
        ]
    };
}

/// Files at an address that cannot exist (RFC 6761).
macro_rules! at {
    ($file:literal) => {
        concat!("http://proxy.fineid.invalid/", $file)
    };
}

const ROOT_VALIDITY: [&str; 2] = ["210505210000Z", "420505205959Z"];
const ISSUING_VALIDITY: [&str; 2] = ["210506210000Z", "420504205959Z"];
const ROOT_FIELDS: &[Field] = &[Field::SubjectKeyId, Field::KeyUsage, Field::Constraints];

const fn fields(crl: &'static str, root: &'static str) -> [Field; 7] {
    [
        Field::AuthorityKeyId,
        Field::SubjectKeyId,
        Field::KeyUsage,
        Field::AnyPolicy,
        Field::Constraints,
        Field::Crl(crl),
        Field::Information(root),
    ]
}

static V3: Authority = Authority {
    root: Party {
        name: name!(TextForm::Printable, "Vaestorekisterikeskus SIMULATED", "VRK SIMULATED Root CA - G2"),
        validity: ROOT_VALIDITY,
        extensions: ROOT_FIELDS,
    },
    issuing: Party {
        name: name!(
            TextForm::Printable,
            "Vaestorekisterikeskus SIMULATED",
            "VRK SIMULATED CA for Test Purposes - G3"
        ),
        validity: ISSUING_VALIDITY,
        extensions: &fields(at!("crl/vrksimr2c.crl"), at!("ca/vrksimr2c.crt")),
    },
    serial: 0x0A,
    keys: AuthorityKeys::Rsa4096,
    algorithm: SignatureAlgorithm::Sha256WithRsa,
    made: OnceLock::new(),
};

const fn v4(algorithm: SignatureAlgorithm) -> Authority {
    Authority {
        root: Party {
            name: name!(
                TextForm::Utf8,
                "Digi- ja vaestotietovirasto SIMULATED",
                "DVV SIMULATED Root CA - G3 ECC"
            ),
            validity: ROOT_VALIDITY,
            extensions: ROOT_FIELDS,
        },
        issuing: Party {
            name: name!(
                TextForm::Utf8,
                "Digi- ja vaestotietovirasto SIMULATED",
                "DVV SIMULATED Certificates - G5E"
            ),
            validity: ISSUING_VALIDITY,
            extensions: const { &fields(at!("crl/dvvsimr3ec.crl"), at!("ca/dvvsimr3ec.crt")) },
        },
        serial: 0x0A,
        keys: AuthorityKeys::P384(["root", "issuing"]),
        algorithm,
        made: OnceLock::new(),
    }
}

static V4: Authority = v4(SignatureAlgorithm::EcdsaWithSha384);
static V4_WITH_NULL: Authority = v4(SignatureAlgorithm::EcdsaWithSha384AndNull);

impl Generation {
    /// The authorities; by the switch `null_parameter` those of v4 sign as the recorded ones do.
    pub(crate) fn authority(self, null_parameter: bool) -> &'static Authority {
        match self {
            Self::V3 => &V3,
            Self::V4 if null_parameter => &V4_WITH_NULL,
            Self::V4 => &V4,
        }
    }

    /// String type of names: PrintableString in 2017, UTF8String in 2023 (recorded test cards).
    pub(crate) fn text_form(self) -> TextForm {
        match self {
            Self::V3 => TextForm::Printable,
            Self::V4 => TextForm::Utf8,
        }
    }

    /// Addresses in the holder's certificates: of the CRL, of the issuing authority's certificate, of the OCSP
    /// responder.
    pub(crate) fn addresses(self) -> [&'static str; 3] {
        match self {
            Self::V3 => {
                [at!("crl/vrksim3c.crl"), at!("ca/vrksim3c.crt"), "http://ocsptest.fineid.invalid/vrksim3c"]
            }
            Self::V4 => [
                at!("crl/dvvsim5ec.crl"),
                at!("ca/dvvsim5ec.crt"),
                "http://ocsptest.fineid.invalid/dvvsim5ec",
            ],
        }
    }
}

//! The simulated certification authorities: one root and one issuing authority for each generation.
//!
//! Names are laid out like those of the issuer's test authorities (recorded test cards), but say SIMULATED so that
//! nobody takes the certificates for the issuer's.

use crate::pki::certificate::{self, Extension, SignatureAlgorithm, TextForm, Validity};
use crate::pki::keys::PrivateKey;
use crate::wire::der;
use std::sync::OnceLock;

/// Which authorities issued a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    /// v3: RSA-4096, sha256WithRSA, PrintableString names.
    V3,
    /// v4: P-384, ecdsa-with-SHA384, UTF8String names.
    V4,
}

/// Names and addresses of a generation.
pub(crate) struct Names {
    organisation: &'static str,
    unit: &'static str,
    root: &'static str,
    issuing: &'static str,
    /// Base names of the CRL and certificate files.
    root_file: &'static str,
    issuing_file: &'static str,
}

/// Host of every address in the certificates; it cannot exist (RFC 6761).
const HOST: &str = "http://proxy.fineid.invalid";

impl Generation {
    pub(crate) fn names(self) -> Names {
        match self {
            Self::V3 => Names {
                organisation: "Vaestorekisterikeskus SIMULATED",
                unit: "Testivarmenteet",
                root: "VRK SIMULATED Root CA - G2",
                issuing: "VRK SIMULATED CA for Test Purposes - G3",
                root_file: "vrksimr2c",
                issuing_file: "vrksim3c",
            },
            Self::V4 => Names {
                organisation: "Digi- ja vaestotietovirasto SIMULATED",
                unit: "Testivarmenteet",
                root: "DVV SIMULATED Root CA - G3 ECC",
                issuing: "DVV SIMULATED Certificates - G5E",
                root_file: "dvvsimr3ec",
                issuing_file: "dvvsim5ec",
            },
        }
    }

    /// String type of names: PrintableString in 2017, UTF8String in 2023 (recorded test cards).
    pub(crate) fn text_form(self) -> TextForm {
        match self {
            Self::V3 => TextForm::Printable,
            Self::V4 => TextForm::Utf8,
        }
    }

    pub(crate) fn signature_algorithm(self, null_parameter: bool) -> SignatureAlgorithm {
        match self {
            Self::V3 => SignatureAlgorithm::Sha256WithRsa,
            Self::V4 if null_parameter => SignatureAlgorithm::EcdsaWithSha384AndNull,
            Self::V4 => SignatureAlgorithm::EcdsaWithSha384,
        }
    }

    fn distinguished_name(self, common_name: &str) -> Vec<u8> {
        let names = self.names();
        let form = self.text_form();
        certificate::name(&[
            (certificate::COUNTRY, TextForm::Printable, "FI"),
            (certificate::ORGANISATION, form, names.organisation),
            (certificate::UNIT, form, names.unit),
            (certificate::COMMON_NAME, form, common_name),
        ])
    }

    /// Name of the issuing authority.
    pub(crate) fn issuer_name(self) -> Vec<u8> {
        self.distinguished_name(self.names().issuing)
    }

    /// CRL distribution point of the holder's certificates.
    pub(crate) fn crl_address(self) -> String {
        format!("{HOST}/crl/{}.crl", self.names().issuing_file)
    }

    /// Address of the issuing authority's certificate.
    pub(crate) fn issuer_address(self) -> String {
        format!("{HOST}/ca/{}.crt", self.names().issuing_file)
    }

    /// Address of the OCSP responder.
    pub(crate) fn ocsp_address(self) -> String {
        format!("http://ocsptest.fineid.invalid/{}", self.names().issuing_file)
    }
}

/// The two authorities of a generation with their certificates.
pub(crate) struct Authority {
    pub(crate) root: Vec<u8>,
    pub(crate) issuing: Vec<u8>,
    pub(crate) key: PrivateKey,
}

impl Authority {
    /// The authorities of a generation; made once per process, as RSA-4096 signatures take a while.
    pub(crate) fn of(generation: Generation, null_parameter: bool) -> &'static Self {
        static MADE: [OnceLock<Authority>; 3] = [const { OnceLock::new() }; 3];
        let index = match (generation, null_parameter) {
            (Generation::V3, _) => 0,
            (Generation::V4, true) => 1,
            (Generation::V4, false) => 2,
        };
        MADE[index].get_or_init(|| Self::make(generation, null_parameter))
    }

    fn make(generation: Generation, null_parameter: bool) -> Self {
        let (root_key, key) = match generation {
            Generation::V3 => (PrivateKey::rsa(4096, 0), PrivateKey::rsa(4096, 1)),
            Generation::V4 => (PrivateKey::p384("root"), PrivateKey::p384("issuing")),
        };
        let names = generation.names();
        let algorithm = generation.signature_algorithm(null_parameter);
        let root_name = generation.distinguished_name(names.root);
        let root = certificate::issue(
            &certificate::ToBeSigned {
                serial: &[0x0A, 0, 0, 1],
                issuer: &root_name,
                subject: &root_name,
                validity: Validity { not_before: "210505210000Z".into(), not_after: "420505205959Z".into() },
                key: &root_key,
                extensions: vec![
                    Extension::plain(
                        certificate::SUBJECT_KEY_ID,
                        der::octets(&certificate::key_id(&root_key)),
                    ),
                    Extension::critical(certificate::KEY_USAGE, der::bits(1, &[0x06])),
                    Extension::critical(
                        certificate::BASIC_CONSTRAINTS,
                        der::sequence(&[&der::boolean(true)]),
                    ),
                ],
            },
            algorithm,
            &root_key,
        );
        let crl = format!("{HOST}/crl/{}.crl", names.root_file);
        let issuer_address = format!("{HOST}/ca/{}.crt", names.root_file);
        let issuing = certificate::issue(
            &certificate::ToBeSigned {
                serial: &[0x0A, 0, 0, 2],
                issuer: &root_name,
                subject: &generation.issuer_name(),
                validity: Validity { not_before: "210506210000Z".into(), not_after: "420504205959Z".into() },
                key: &key,
                extensions: vec![
                    Extension::authority_key_id(&root_key),
                    Extension::plain(certificate::SUBJECT_KEY_ID, der::octets(&certificate::key_id(&key))),
                    Extension::critical(certificate::KEY_USAGE, der::bits(1, &[0x06])),
                    Extension::plain(
                        certificate::POLICIES,
                        der::sequence(&[&der::sequence(&[&der::oid(certificate::ANY_POLICY)])]),
                    ),
                    Extension::critical(
                        certificate::BASIC_CONSTRAINTS,
                        der::sequence(&[&der::boolean(true), &der::integer(0)]),
                    ),
                    Extension::crl_distribution_point(&crl),
                    Extension::authority_information(&issuer_address, None),
                ],
            },
            algorithm,
            &root_key,
        );
        Self { root, issuing, key }
    }
}

//! The certificates and keys of one card, issued when it is made.

use crate::authority::{Authority, Generation};
use crate::cards::{FineidDescription, KeyDescription, KeyKind, KeyUsage};
use crate::certificate::{self, Extension, TextForm, Validity};
use crate::der;
use crate::holder::{Date, Holder};
use crate::keys::PrivateKey;
use crate::switch_values::SignKeyBits;
use crate::switches::Switches;
use sha1::{Digest, Sha1};
use std::io;
use std::path::Path;

/// A certificate of the holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderCertificate {
    /// Name: `auth`, `sign`, `sign-ec`, `auth-backup`, `sign-backup`.
    pub name: &'static str,
    /// Reference of the key it belongs to.
    pub key_reference: u8,
    /// Reference of the PIN of that key.
    pub pin_reference: u8,
    /// DER, without the padding that the file may have.
    pub der: Vec<u8>,
}

/// Every certificate of a card, as DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificates {
    /// Root authority (file 4334).
    pub root: Vec<u8>,
    /// Issuing authority (file 4336).
    pub issuing: Vec<u8>,
    /// The holder's, in the order of the key references.
    pub holder: Vec<HolderCertificate>,
}

impl Certificates {
    /// The holder's certificate of this name.
    pub fn named(&self, name: &str) -> Option<&HolderCertificate> {
        self.holder.iter().find(|certificate| certificate.name == name)
    }

    /// Writes `root.pem`, `issuing.pem` and one file for each certificate of the holder into a folder, which is
    /// made if need be.
    pub fn write_pem(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        // A card that is no identity card has no authorities.
        for (name, der) in [("root.pem", &self.root), ("issuing.pem", &self.issuing)] {
            if !der.is_empty() {
                std::fs::write(folder.join(name), pem(der))?;
            }
        }
        for certificate in &self.holder {
            std::fs::write(folder.join(format!("{}.pem", certificate.name)), pem(&certificate.der))?;
        }
        Ok(())
    }
}

/// A certificate as PEM (RFC 7468).
pub fn pem(der: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in der.chunks(48) {
        for group in line.chunks(3) {
            let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for place in 0..4 {
                let character = ALPHABET[(bits >> (18 - 6 * place)) as usize & 63];
                text.push(if place > group.len() { '=' } else { char::from(character) });
            }
        }
        text.push('\n');
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

/// A key of the card.
#[derive(Clone)]
pub(crate) struct CardKey {
    pub(crate) description: &'static KeyDescription,
    pub(crate) private: PrivateKey,
}

/// Makes the keys of a card.
pub(crate) fn keys(card: &'static FineidDescription, holder: &Holder, switches: &Switches) -> Vec<CardKey> {
    let there = card.card.keys.iter().filter(|key| !key.backup || switches.backup_keys);
    there
        .map(|description| {
            // Two RSA keys of one card are different files; so are those of two neighbouring holders.
            let index = (holder.seed as usize % 2) * 2 + usize::from(description.pin != 0x11);
            let label = format!("{}/{}/{}", card.card.name, holder.seed, description.name);
            let private = match description.kind {
                KeyKind::Rsa(bits) => PrivateKey::rsa(bits, index),
                KeyKind::RsaBySwitch if switches.v31_sign_key == SignKeyBits::Rsa2048 => {
                    PrivateKey::rsa(2048, index)
                }
                KeyKind::RsaBySwitch => PrivateKey::rsa(3072, index),
                KeyKind::P256 => PrivateKey::p256(&label),
                KeyKind::P384 => PrivateKey::p384(&label),
            };
            CardKey { description, private }
        })
        .collect()
}

/// Issues the certificates of a card.
pub(crate) fn certificates(
    card: &FineidDescription,
    keys: &[CardKey],
    holder: &Holder,
    issued: Date,
    switches: &Switches,
) -> Certificates {
    let authority = Authority::of(card.generation, switches.null_parameter);
    let subject = subject(card.generation, holder);
    let first_serial = first_serial(card, holder, issued, switches);
    let holder_certificates = keys
        .iter()
        .map(|key| {
            let to_be_signed = certificate::ToBeSigned {
                serial: &(first_serial + u32::from(key.description.reference)).to_be_bytes(),
                issuer: &card.generation.issuer_name(),
                subject: &subject,
                validity: Validity {
                    not_before: issued.start_utc(),
                    not_after: issued.last_day_after_years(5).end_utc(),
                },
                key: &key.private,
                extensions: extensions(card.generation, key, holder, &authority.key, switches),
            };
            HolderCertificate {
                name: key.description.name,
                key_reference: key.description.reference,
                pin_reference: key.description.pin,
                der: certificate::issue(
                    &to_be_signed,
                    card.generation.signature_algorithm(switches.null_parameter),
                    &authority.key,
                ),
            }
        })
        .collect();
    Certificates {
        root: authority.root.clone(),
        issuing: authority.issuing.clone(),
        holder: holder_certificates,
    }
}

/// Serial numbers have four bytes, and those of one card differ by 1 or 2 (recorded test cards). Two different
/// certificates must never have the same one: NSS refuses to load the second.
fn first_serial(card: &FineidDescription, holder: &Holder, issued: Date, switches: &Switches) -> u32 {
    let made_from = (card.card.name, holder.seed, issued, switches.v31_sign_key, switches.extended_key_usage);
    let digest = Sha1::digest(format!("{made_from:?}"));
    let number = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    0x4000_0000 | (number & 0x3FFF_FFF0)
}

/// Country, SATU, given name, surname, common name (recorded test cards).
fn subject(generation: Generation, holder: &Holder) -> Vec<u8> {
    let form = generation.text_form();
    certificate::name(&[
        (certificate::COUNTRY, TextForm::Printable, "FI"),
        (certificate::SERIAL_NUMBER, TextForm::Printable, &holder.personal_code),
        (certificate::GIVEN_NAME, form, &holder.given_name),
        (certificate::SURNAME, form, &holder.surname),
        (certificate::COMMON_NAME, form, &holder.common_name()),
    ])
}

/// The extensions in the order of the recorded certificates.
fn extensions(
    generation: Generation,
    key: &CardKey,
    holder: &Holder,
    issuer: &PrivateKey,
    switches: &Switches,
) -> Vec<Extension> {
    let usage = key.description.usage;
    let key_usage = match (usage, &key.private) {
        // digitalSignature, keyEncipherment, dataEncipherment
        (KeyUsage::Authentication, PrivateKey::Rsa(_)) => der::bits(4, &[0xB0]),
        // digitalSignature, keyAgreement
        (KeyUsage::Authentication, _) => der::bits(3, &[0x88]),
        // nonRepudiation
        (KeyUsage::Signature, _) => der::bits(6, &[0x40]),
    };
    // Policy identifiers of the issuer's test certificates.
    let last_arcs: [u32; 2] = match generation {
        Generation::V3 => [32, 1],
        Generation::V4 => [352, 1],
    };
    let policy = [1, 2, 246, 517, 99, 10, last_arcs[0], last_arcs[1]];
    let mut list = vec![
        Extension::authority_key_id(issuer),
        Extension::plain(certificate::SUBJECT_KEY_ID, der::octets(&certificate::key_id(&key.private))),
        Extension::critical(certificate::KEY_USAGE, key_usage),
        Extension::policy(&policy),
        Extension::email(&holder.email()),
        Extension::explicitly_no_authority(),
        Extension::crl_distribution_point(&generation.crl_address()),
        Extension::authority_information(&generation.issuer_address(), Some(&generation.ocsp_address())),
    ];
    if usage == KeyUsage::Signature {
        list.push(Extension::qc_statements(generation == Generation::V4));
    } else if switches.extended_key_usage {
        let purpose = |last: u32| der::oid(&[1, 3, 6, 1, 5, 5, 7, 3, last]);
        // clientAuth and emailProtection
        let purposes = der::sequence(&[&purpose(2), &purpose(4)]);
        list.push(Extension::plain(certificate::EXTENDED_KEY_USAGE, purposes));
    }
    list
}

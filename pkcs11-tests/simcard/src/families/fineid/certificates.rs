//! Keys and certificates of a citizen card, issued when it is made.

use super::authority::Generation;
use super::generations::FineidDescription;
use crate::facts::date::Date;
use crate::facts::description::{KeyKind, KeyUsage};
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::facts::switches::values::SignKeyBits;
use crate::pki::authority::Request;
use crate::pki::certificate::{self, Extension, TextForm, Validity};
use crate::pki::issued::{self, CardKey, Certificates};
use crate::pki::keys::PrivateKey;
use crate::wire::der;
use sha1::{Digest, Sha1};

/// Makes the keys of a card.
pub(crate) fn keys(card: &'static FineidDescription, holder: &Holder, switches: &Switches) -> Vec<CardKey> {
    let open_size = match switches.v31_sign_key {
        SignKeyBits::Rsa2048 => 2048,
        SignKeyBits::Rsa3072 => 3072,
    };
    let mut keys = issued::keys(&card.card, holder.seed, open_size);
    keys.retain(|key| !key.description.backup || switches.backup_keys);
    keys
}

/// Issues the certificates of a card.
pub(crate) fn certificates(
    card: &FineidDescription,
    keys: &[CardKey],
    holder: &Holder,
    issued: Date,
    switches: &Switches,
) -> Certificates {
    let authority = card.generation.authority(switches.null_parameter);
    let subject = subject(card.generation, holder, switches);
    let first_serial = first_serial(card, holder, issued, switches);
    let certificate = |key: &CardKey| {
        let serial = (first_serial + u32::from(key.description.reference)).to_be_bytes();
        let validity =
            Validity { not_before: issued.start_utc(), not_after: issued.last_day_after_years(5).end_utc() };
        let extensions = extensions(card.generation, key, holder, &authority.made().key, switches);
        let request = Request {
            serial: &serial,
            subject: &subject,
            validity,
            key: &key.private,
            odd: key.odd(switches),
            extensions,
        };
        key.certificate(authority.issue(request, switches), switches)
    };
    authority.certificates(keys.iter().map(certificate).collect())
}

/// Serial numbers have four bytes, and those of one card differ by 1 or 2 (recorded test cards). Two different
/// certificates must never have the same one: NSS refuses to load the second.
fn first_serial(card: &FineidDescription, holder: &Holder, issued: Date, switches: &Switches) -> u32 {
    let by_switch = card.card.keys.iter().any(|key| key.kind == KeyKind::RsaBySwitch);
    let size = if by_switch { switches.v31_sign_key } else { SignKeyBits::Rsa3072 };
    let made_from = (card.card.name, holder.seed, issued, size, switches.extended_key_usage);
    let digest = Sha1::digest(format!("{made_from:?}"));
    let number = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    0x4000_0000 | (number & 0x3FFF_FFF0)
}

/// Country, SATU, given name, surname, common name (recorded test cards).
fn subject(generation: Generation, holder: &Holder, switches: &Switches) -> Vec<u8> {
    let form = generation.text_form().of_names(switches);
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
    let [crl, own, ocsp] = generation.addresses();
    let mut list = vec![
        Extension::authority_key_id(issuer),
        Extension::subject_key_id(&key.private),
        Extension::critical(certificate::KEY_USAGE, key_usage),
        Extension::policy(&policy),
        Extension::email(&holder.email()),
        Extension::explicitly_no_authority(),
        Extension::crl_distribution_point(crl),
        Extension::authority_information(own, Some(ocsp)),
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

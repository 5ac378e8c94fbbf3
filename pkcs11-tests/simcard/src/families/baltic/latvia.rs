//! Latvia: RSA certificates of the authority of 2017, EC ones of that of 2024. Order and values of the fields as in
//! the issuer's demo certificates. A

use super::*;
use crate::pki::certificate::TextForm::{Printable, Utf8};

macro_rules! name {
    ($common_name:literal) => {
        &[
            (certificate::COUNTRY, Printable, "LV"),
            (certificate::ORGANISATION, Utf8, "VAS Latvijas Valsts radio un televīzijas SIMULATED"),
            (certificate::ORGANISATION_IDENTIFIER, Utf8, "NTRLV-99999999999"),
            (certificate::COMMON_NAME, Utf8, $common_name),
        ]
    };
}

pub(super) static AUTHORITY_2017: Authority = authority(
    [name!("SIMULATED LV eID Root CA 2017"), name!("SIMULATED LV eID ICA 2017")],
    AuthorityKeys::Rsa4096,
    SignatureAlgorithm::Sha256WithRsa,
);

pub(super) static AUTHORITY_2024: Authority = authority(
    [name!("SIMULATED LV eID Root CA 2024"), name!("SIMULATED LV eID ICA 2024")],
    AuthorityKeys::P521(["SIMULATED LV eID Root CA 2024", "SIMULATED LV eID ICA 2024"]),
    SignatureAlgorithm::EcdsaWithSha384,
);

pub(super) fn subject(holder: &Holder, names: TextForm) -> Vec<u8> {
    certificate::name(&[
        (certificate::COUNTRY, Printable, "LV"),
        (certificate::COMMON_NAME, names, &holder.common_name()),
        (certificate::SURNAME, names, &holder.surname),
        (certificate::GIVEN_NAME, names, &holder.given_name),
        (certificate::SERIAL_NUMBER, Printable, &format!("PNOLV-{}", holder.personal_code)),
    ])
}

const REPOSITORY: &str = "https://www.eparaksts.invalid/repository";
const NOTICE: &str = "Šis sertifikāts ir simulēts un nav iekļauts nevienā personu apliecinošā dokumentā.";
const OWN_POLICY: &[u32] = &[1, 3, 6, 1, 4, 1, 32061, 2, 1, 2, 2];
const NCP_PLUS: &[u32] = &[0, 4, 0, 2042, 1, 2];
const QCP_N_QSCD: &[u32] = &[0, 4, 0, 194_112, 1, 2];
/// Document signing, as Microsoft numbers it.
const DOCUMENT_SIGNING: &[u32] = &[1, 3, 6, 1, 4, 1, 311, 10, 3, 12];

pub(super) fn extensions(request: &Request<'_>) -> Vec<Extension> {
    let signature = request.is_for_signatures();
    let client = purposes(&[CLIENT_AUTHENTICATION, EMAIL_PROTECTION]);
    let signing = purposes(&[DOCUMENT_SIGNING, EMAIL_PROTECTION]);
    let notice =
        der::sequence(&[&der::oid(&[1, 3, 6, 1, 5, 5, 7, 2, 2]), &der::sequence(&[&der::utf8(NOTICE)])]);
    let statement_address = practice_statement(REPOSITORY);
    let both = [statement_address.as_slice(), &notice].concat();
    let general = if signature { QCP_N_QSCD } else { NCP_PLUS };
    let mut list =
        vec![Extension::critical(certificate::BASIC_CONSTRAINTS, der::sequence(&[])), key_usage(request)];
    if !signature {
        list.push(Extension::plain(certificate::EXTENDED_KEY_USAGE, client));
    }
    list.push(subject_key_id(request));
    list.push(Extension::authority_key_id(request.issuer));
    if signature {
        list.push(Extension::plain(certificate::EXTENDED_KEY_USAGE, signing));
    }
    list.push(policies(&[(general, &statement_address), (OWN_POLICY, &both)]));
    list.push(information_access(&[
        (2, "http://demo.eparaksts.invalid/cert/simulated_LV_eID_ICA.crt"),
        (1, "http://ocsp.prep.eparaksts.invalid"),
    ]));
    if signature {
        let pds = disclosure("https://www.eparaksts.invalid/en/pds", "en");
        list.push(statements(&[statement(1), statement(4), signature_type(), pds]));
    }
    let crl = "http://demo.eparaksts.invalid/crl/simulated_LV_eID_ICA.crl";
    list.push(Extension::crl_distribution_point(crl));
    list
}

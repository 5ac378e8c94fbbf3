//! Estonia: ESTEID2018 (IDEMIA cards) and ESTEID2025 (Thales cards). Order and values of the fields as in the
//! issuers' test certificates; A where not marked.

use super::*;
use crate::facts::switches::values::EmptyRecord;
use crate::pki::certificate::TextForm::{Printable, Utf8};

macro_rules! name_2018 {
    ($common_name:literal) => {
        &[
            (certificate::COUNTRY, Printable, "EE"),
            (certificate::ORGANISATION, Utf8, "SK ID Solutions AS SIMULATED"),
            (certificate::ORGANISATION_IDENTIFIER, Utf8, "NTREE-99999999"),
            (certificate::COMMON_NAME, Utf8, $common_name),
        ]
    };
}

macro_rules! name_2025 {
    ($common_name:literal) => {
        &[
            (certificate::COMMON_NAME, Utf8, $common_name),
            (certificate::ORGANISATION_IDENTIFIER, Utf8, "NTREE-99999998"),
            (certificate::ORGANISATION, Utf8, "Zetes Estonia OÜ SIMULATED"),
            (certificate::COUNTRY, Printable, "EE"),
        ]
    };
}

pub(super) static AUTHORITY_2018: Authority = authority(
    [name_2018!("SIMULATED EE-GovCA2018"), name_2018!("SIMULATED ESTEID2018")],
    AuthorityKeys::P521(["SIMULATED EE-GovCA2018", "SIMULATED ESTEID2018"]),
    SignatureAlgorithm::EcdsaWithSha512,
);

pub(super) static AUTHORITY_2025: Authority = authority(
    [name_2025!("SIMULATED EEGovCA2025"), name_2025!("SIMULATED ESTEID2025")],
    AuthorityKeys::P384(["SIMULATED EEGovCA2025", "SIMULATED ESTEID2025"]),
    SignatureAlgorithm::EcdsaWithSha384,
);

pub(super) fn subject_2018(holder: &Holder, names: TextForm) -> Vec<u8> {
    certificate::name(&[
        (certificate::COUNTRY, Printable, "EE"),
        (certificate::COMMON_NAME, names, &holder.common_name()),
        (certificate::SURNAME, names, &holder.surname),
        (certificate::GIVEN_NAME, names, &holder.given_name),
        (certificate::SERIAL_NUMBER, Printable, &format!("PNOEE-{}", holder.personal_code)),
    ])
}

pub(super) fn subject_2025(holder: &Holder, names: TextForm) -> Vec<u8> {
    certificate::name(&[
        (certificate::COMMON_NAME, names, &holder.common_name()),
        (certificate::SERIAL_NUMBER, Printable, &format!("PNOEE-{}", holder.personal_code)),
        (certificate::GIVEN_NAME, names, &holder.given_name),
        (certificate::SURNAME, names, &holder.surname),
        (certificate::COUNTRY, Printable, "EE"),
    ])
}

/// 1.2.1 for ID cards, 1.2.4 for e-residents (DigiDoc4's list).
const ID_CARD_2018: &[u32] = &[1, 3, 6, 1, 4, 1, 51361, 1, 2, 1];
const E_RESIDENT_2018: &[u32] = &[1, 3, 6, 1, 4, 1, 51361, 1, 2, 4];
/// Under 2.999 in the test certificates: 2.1.1 for ID cards (recorded), 2.1.6 for e-residents (DigiDoc4's list).
const ID_CARD_2025: &[u32] = &[2, 999, 1, 3, 6, 1, 4, 1, 51361, 2, 1, 1];
const E_RESIDENT_2025: &[u32] = &[2, 999, 1, 3, 6, 1, 4, 1, 51361, 2, 1, 6];
/// ETSI EN 319 411-1 NCP+ and EN 319 411-2 QCP-n-qscd.
const NCP_PLUS: &[u32] = &[0, 4, 0, 2042, 1, 2];
const QCP_N_QSCD: &[u32] = &[0, 4, 0, 194_112, 1, 2];

pub(super) fn extensions_2018(request: &Request<'_>) -> Vec<Extension> {
    let signature = request.is_for_signatures();
    let own = if request.e_resident { E_RESIDENT_2018 } else { ID_CARD_2018 };
    let general = if signature { QCP_N_QSCD } else { NCP_PLUS };
    let pds = disclosure("https://sk.invalid/en/repository/conditions-for-use-of-certificates/", "EN");
    let mut list = vec![
        Extension::plain(certificate::BASIC_CONSTRAINTS, der::sequence(&[])),
        key_usage(request),
        policies(&[(own, &practice_statement("https://www.sk.invalid/CPS")), (general, &[])]),
    ];
    if signature {
        list.push(subject_key_id(request));
        list.push(statements(&[statement(1), statement(4), signature_type(), pds]));
    } else {
        list.push(Extension::email(&request.holder.email()));
        list.push(subject_key_id(request));
        list.push(statements(&[pds]));
        let client = purposes(&[CLIENT_AUTHENTICATION, EMAIL_PROTECTION]);
        list.push(Extension::critical(certificate::EXTENDED_KEY_USAGE, client));
    }
    list.push(Extension::authority_key_id(request.issuer));
    list.push(information_access(&[
        (1, "http://aia.sk.invalid/esteid2018"),
        (2, "http://c.sk.invalid/Simulated_ESTEID2018.der.crt"),
    ]));
    list
}

pub(super) fn extensions_2025(request: &Request<'_>) -> Vec<Extension> {
    let signature = request.is_for_signatures();
    let own = if request.e_resident { E_RESIDENT_2025 } else { ID_CARD_2025 };
    let general = if signature { QCP_N_QSCD } else { NCP_PLUS };
    let repository = "https://repository-test.eidpki.invalid";
    let pds = disclosure(repository, "en");
    let mut list = vec![
        Extension::authority_key_id(request.issuer),
        information_access(&[
            (2, "http://crt-test.eidpki.invalid/testESTEID2025.crt"),
            (1, "http://ocsp-test.eidpki.invalid"),
        ]),
    ];
    if !signature {
        list.push(Extension::email(&request.holder.email()));
    }
    list.push(policies(&[(general, &[]), (own, &practice_statement(repository))]));
    if signature {
        // The signature certificate is not recorded; formed after ESTEID2018. M
        list.push(statements(&[statement(1), statement(4), signature_type(), pds]));
    } else {
        let client = purposes(&[CLIENT_AUTHENTICATION, EMAIL_PROTECTION]);
        list.push(Extension::plain(certificate::EXTENDED_KEY_USAGE, client));
        list.push(statements(&[pds]));
    }
    list.push(Extension::crl_distribution_point("http://crl-test.eidpki.invalid/testESTEID2025.crl"));
    list.push(subject_key_id(request));
    list.push(key_usage(request));
    list
}

/// Document number: two letters and seven digits. Which letters: G
pub(crate) fn document_number(holder: &Holder, e_resident: bool) -> String {
    let letters = if e_resident { "NS" } else { "AS" };
    format!("{letters}{:07}", 9_000_000 + holder.seed % 1_000_000)
}

/// The personal records 1 to 15, one text each (DigiDoc4, MOPP; 1 to 8 recorded, the others M).
pub(crate) fn records(
    holder: &Holder,
    e_resident: bool,
    with_birthplace: bool,
    issued: Date,
    switches: &Switches,
) -> Vec<Vec<u8>> {
    let day = |date: Date| format!("{:02} {:02} {}", date.day, date.month, date.year);
    let code = &holder.personal_code;
    // Code: century and sex, YYMMDD, serial, check digit. Everybody here was born in the 20th century.
    let sex = if code.starts_with('3') { "M" } else { "N" };
    let birthplace = if with_birthplace { " EST" } else { "" };
    let birth = format!("{} {} 19{}{birthplace}", &code[5..7], &code[3..5], &code[1..3]);
    let mut texts = vec![String::new(); 15];
    texts[0] = holder.surname.clone();
    texts[1] = holder.given_name.clone();
    texts[3] = if e_resident { "FIN" } else { "EST" }.into();
    texts[5] = code.clone();
    texts[6] = document_number(holder, e_resident);
    texts[7] = day(issued.last_day_after_years(5));
    texts[8] = format!("{} PPA", day(issued));
    if !e_resident {
        texts[2] = sex.into();
        texts[4] = birth;
    }
    texts.into_iter().map(|text| record(text, switches)).collect()
}

/// A personal record with this text, which may be empty.
pub(crate) fn record(text: String, switches: &Switches) -> Vec<u8> {
    match (text.is_empty(), switches.empty_record) {
        (true, EmptyRecord::ZeroByte) => vec![0],
        _ => text.into_bytes(),
    }
}

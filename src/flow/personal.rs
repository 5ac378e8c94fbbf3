//! Personal data that can be read without a PIN, and the kind of document.

use super::condition::Named;
use super::text::Variable;
use avain_card::cards::certificate::Certificate;
pub use avain_card::cards::profile::PersonalField;
use x509_parser::prelude::{FromDer, ParsedExtension, X509Certificate};

/// The name is also used in the message files.
impl Named for PersonalField {
    fn name(self) -> &'static str {
        match self {
            PersonalField::Surname => "surname",
            PersonalField::GivenNames => "given_names",
            PersonalField::Sex => "sex",
            PersonalField::Citizenship => "citizenship",
            PersonalField::Birth => "birth",
            PersonalField::BirthPlace => "birth_place",
            PersonalField::PersonalCode => "personal_code",
            PersonalField::DocumentNumber => "document_number",
            PersonalField::ValidFrom => "valid_from",
            PersonalField::ValidTo => "valid_to",
            PersonalField::Issue => "issue",
            PersonalField::Street => "street",
            PersonalField::PostalCode => "postal_code",
            PersonalField::Municipality => "municipality",
        }
    }
}

impl From<PersonalField> for Variable {
    fn from(statement: PersonalField) -> Self {
        Variable::from(statement.name())
    }
}

/// Documents with the same chip as identity cards of residents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// An e-residency card.
    EResidency,
    /// A resident's second card, for electronic services only (digi-ID).
    DigiId,
}

/// The kinds of document by the policies of the authentication certificate (DigiDoc4, client/SslCertificate.cpp).
const POLICIES: &[(&[u64], Document)] = &[
    (&[1, 3, 6, 1, 4, 1, 51361, 1, 1, 3], Document::DigiId),
    (&[1, 3, 6, 1, 4, 1, 51361, 1, 2, 3], Document::DigiId),
    (&[1, 3, 6, 1, 4, 1, 51361, 1, 1, 4], Document::EResidency),
    (&[1, 3, 6, 1, 4, 1, 51361, 1, 2, 4], Document::EResidency),
    (&[1, 3, 6, 1, 4, 1, 51361, 2, 1, 6], Document::EResidency),
];

/// The arc for examples, which test CAs put before their policies.
const EXAMPLE: &[u64] = &[2, 999];

impl Document {
    /// Its name in the tool's JSON and in the message files.
    pub const fn name(self) -> &'static str {
        match self {
            Document::EResidency => "e-residency",
            Document::DigiId => "digi-id",
        }
    }

    /// The kind of document by its authentication certificate.
    pub(super) fn of(certificate: &Certificate) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(&certificate.der).ok()?;
        certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::CertificatePolicies(policies) => {
                policies.iter().find_map(|policy| Self::of_policy(&arcs(policy.policy_id.as_bytes())))
            }
            _ => None,
        })
    }

    fn of_policy(policy: &[u64]) -> Option<Self> {
        let policy = policy.strip_prefix(EXAMPLE).unwrap_or(policy);
        POLICIES.iter().find(|(known, _)| *known == policy).map(|(_, document)| *document)
    }
}

/// The arcs of an object identifier (X.690 §8.19). Below the arc 2 the second arc may be large, which libraries do
/// not expect.
fn arcs(identifier: &[u8]) -> Vec<u64> {
    let parts = identifier.split_inclusive(|byte| byte & 0x80 == 0);
    let mut numbers =
        parts.map(|part| part.iter().fold(0_u64, |number, byte| number << 7 | u64::from(byte & 0x7F)));
    let first = numbers.next().unwrap_or_default();
    let root = first.checked_div(40).unwrap_or_default().min(2);
    [root, first.saturating_sub(root.saturating_mul(40))].into_iter().chain(numbers).collect()
}

impl From<Document> for Variable {
    fn from(document: Document) -> Self {
        Variable::from(document.name())
    }
}

/// Digits from the personal data: the personal code, and the date of birth in any order. A PIN should not be
/// contained in them (DigiDoc4 has the same rule).
pub(super) fn digits_of_holder(personal: &[(PersonalField, String)]) -> Vec<String> {
    let mut known = Vec::new();
    for (statement, value) in personal {
        match statement {
            PersonalField::PersonalCode => known.push(value.chars().filter(char::is_ascii_digit).collect()),
            PersonalField::Birth => known.extend(date(value)),
            _ => {}
        }
    }
    known
}

/// The numbers of a date in all usual orders, with the year in four digits and in two.
fn date(written: &str) -> Vec<String> {
    let numbers = written.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let numbers: Vec<&str> = numbers.collect();
    let [day, month, year] = numbers.as_slice() else {
        return vec![numbers.concat()];
    };
    let short = year.get(2..).unwrap_or(year);
    [*year, short]
        .iter()
        .flat_map(|year| [[*day, *month, *year], [*month, *day, *year], [*year, *month, *day]])
        .map(|parts| parts.concat())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_of_real_and_of_test_authorities() {
        const RESIDENT: &[u8] = b"\x06\x01\x04\x01\x83\x91\x21";
        let policy = |root: &[u8], end: &[u8]| arcs(&[root, RESIDENT, end].concat());
        // 1.3, and 2.999.1.3.
        let (real, test) = (&b"\x2B"[..], &b"\x88\x37\x01\x03"[..]);
        assert_eq!(policy(real, &[1, 2, 1]), [1, 3, 6, 1, 4, 1, 51361, 1, 2, 1]);
        assert_eq!(policy(test, &[2, 1, 6]), [2, 999, 1, 3, 6, 1, 4, 1, 51361, 2, 1, 6]);
        for (end, document) in [
            ([1, 1, 4], Some(Document::EResidency)),
            ([1, 2, 4], Some(Document::EResidency)),
            ([2, 1, 6], Some(Document::EResidency)),
            ([1, 1, 3], Some(Document::DigiId)),
            ([1, 2, 3], Some(Document::DigiId)),
            ([1, 2, 1], None),
            ([2, 1, 1], None),
        ] {
            assert_eq!(Document::of_policy(&policy(real, &end)), document, "{end:?}");
            assert_eq!(Document::of_policy(&policy(test, &end)), document, "{end:?}");
        }
        for nothing in [&b""[..], b"\x88", b"\x88\x37", &[0xFF; 40]] {
            assert_eq!(Document::of_policy(&arcs(nothing)), None);
        }
    }

    #[test]
    fn dates_in_any_order() {
        let known = digits_of_holder(&[
            (PersonalField::Birth, "08 01 1980 EST".to_owned()),
            (PersonalField::PersonalCode, "380010-85718".to_owned()),
            (PersonalField::Surname, "0000".to_owned()),
        ]);
        for expected in ["08011980", "01081980", "19800108", "080180", "800108", "38001085718"] {
            assert!(known.iter().any(|digits| digits == expected), "{expected} is not in {known:?}");
        }
        assert!(!known.iter().any(|digits| digits.contains("0000")));
        assert_eq!(date("30 JUL 1985"), ["301985"]);
        assert_eq!(date(""), [""]);
    }
}

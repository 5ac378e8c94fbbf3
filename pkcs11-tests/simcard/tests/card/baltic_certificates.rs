//! Certificates of Estonian and Latvian cards, parsed by a library.

use crate::common::*;
use simcard::{Card, CardModel, DeliveryState};
use x509_parser::prelude::*;

const BALTIC: [CardModel; 7] = [
    CardModel::EstoniaIdemia,
    CardModel::EstoniaIdemiaX,
    CardModel::EResidencyIdemia,
    CardModel::EstoniaThales,
    CardModel::EResidencyThales,
    CardModel::LatviaRsa,
    CardModel::LatviaEc,
];

fn card(model: CardModel) -> Card {
    Card::new(options(model, DeliveryState::Activated))
}

fn parse(der: &[u8]) -> X509Certificate<'_> {
    let (rest, certificate) = X509Certificate::from_der(der).unwrap();
    assert!(rest.is_empty());
    certificate
}

fn text<'a>(name: &'a X509Name<'_>, oid: &str) -> &'a str {
    let attribute = name.iter_attributes().find(|one| one.attr_type().to_id_string() == oid);
    attribute.unwrap_or_else(|| panic!("no {oid}")).as_str().unwrap()
}

/// Short names of the attributes, in their order.
fn order(name: &X509Name<'_>) -> Vec<String> {
    name.iter_attributes().map(|one| one.attr_type().to_id_string().replace("2.5.4.", "")).collect()
}

fn policies(certificate: &X509Certificate<'_>) -> Vec<String> {
    let found = certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::CertificatePolicies(policies) => Some(policies),
        _ => None,
    });
    found.unwrap().iter().map(|policy| policy.policy_id.to_id_string()).collect()
}

#[test]
fn every_certificate_is_signed_by_the_issuing_authority() {
    for model in BALTIC {
        let card = card(model);
        let certificates = card.certificates();
        let issuing = parse(&certificates.issuing);
        assert_eq!(certificates.holder.len(), 2, "{model}");
        for holder in &certificates.holder {
            let certificate = parse(&holder.der);
            assert_eq!(certificate.issuer(), issuing.subject(), "{model}");
            assert!(text(certificate.issuer(), "2.5.4.3").starts_with("SIMULATED"));
            assert!((900..2000).contains(&holder.der.len()), "{model} {}", holder.der.len());
        }
        assert_eq!(issuing.issuer(), parse(&certificates.root).subject());
    }
}

#[test]
fn openssl_accepts_the_chains() {
    let folder = std::env::temp_dir().join(format!("simcard-baltic-{}", std::process::id()));
    for model in BALTIC {
        card(model).certificates().write_pem(&folder).unwrap();
        for name in ["auth", "sign"] {
            let run = std::process::Command::new("openssl")
                .args(["verify", "-attime", "1780000000", "-ignore_critical", "-CAfile"])
                .arg(folder.join("root.pem"))
                .arg("-untrusted")
                .arg(folder.join("issuing.pem"))
                .arg(folder.join(format!("{name}.pem")))
                .output();
            let Ok(run) = run else { return println!("skipped: no openssl") };
            assert!(run.status.success(), "{model} {name}: {}", String::from_utf8_lossy(&run.stderr));
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn subjects_in_the_order_of_the_country() {
    let orders = [
        (CardModel::EstoniaIdemia, ["6", "3", "4", "42", "5"]),
        (CardModel::EstoniaThales, ["3", "5", "42", "4", "6"]),
        (CardModel::LatviaRsa, ["6", "3", "4", "42", "5"]),
        (CardModel::LatviaEc, ["6", "3", "4", "42", "5"]),
    ];
    for (model, wanted) in orders {
        let card = card(model);
        let auth = &card.certificates().named("auth").unwrap().der;
        let certificate = parse(auth);
        assert_eq!(order(certificate.subject()), wanted, "{model}");
        assert_eq!(text(certificate.subject(), "2.5.4.3"), card.holder().common_name());
        let prefix = if model.to_string().starts_with("latvia") { "PNOLV-" } else { "PNOEE-" };
        let serial = format!("{prefix}{}", card.holder().personal_code);
        assert_eq!(text(certificate.subject(), "2.5.4.5"), serial);
        assert!(!card.holder().common_name().is_ascii(), "{model}");
    }
}

#[test]
fn key_usage_tells_the_two_certificates_apart() {
    for model in BALTIC {
        let card = card(model);
        let [auth, sign] = ["auth", "sign"].map(|name| card.certificates().named(name).unwrap().der.clone());
        let usage = |der: &[u8]| {
            let certificate = parse(der);
            let usage = certificate.key_usage().unwrap().unwrap();
            assert!(usage.critical);
            usage.value.flags
        };
        // digitalSignature with keyAgreement or, for RSA, keyEncipherment; nonRepudiation.
        let wanted = if model == CardModel::LatviaRsa { 1 | 1 << 2 } else { 1 | 1 << 4 };
        assert_eq!((usage(&auth), usage(&sign)), (wanted, 1 << 1), "{model}");
        let certificate = parse(&auth);
        let purposes = certificate.extended_key_usage().unwrap().unwrap();
        assert!(purposes.value.client_auth && purposes.value.email_protection);
        assert_eq!(purposes.critical, model.to_string().contains("idemia"), "{model}");
    }
}

#[test]
fn policies_tell_residents_from_e_residents() {
    // The parser writes 2.999 in another way.
    let own = [
        (CardModel::EstoniaIdemia, "1.3.6.1.4.1.51361.1.2.1"),
        (CardModel::EResidencyIdemia, "1.3.6.1.4.1.51361.1.2.4"),
        (CardModel::EstoniaThales, ".1.3.6.1.4.1.51361.2.1.1"),
        (CardModel::EResidencyThales, ".1.3.6.1.4.1.51361.2.1.6"),
        (CardModel::LatviaEc, "1.3.6.1.4.1.32061.2.1.2.2"),
    ];
    for (model, policy) in own {
        let card = card(model);
        for (name, general) in [("auth", "0.4.0.2042.1.2"), ("sign", "0.4.0.194112.1.2")] {
            let found = policies(&parse(&card.certificates().named(name).unwrap().der));
            assert!(found.iter().any(|one| one.ends_with(policy)), "{model} {found:?}");
            assert!(found.iter().any(|one| one == general), "{model} {found:?}");
        }
    }
}

#[test]
fn holders_and_cards_are_different_ones() {
    let mut options = options(CardModel::EstoniaIdemia, DeliveryState::Activated);
    options.holder = 2;
    let (one, other) = (card(CardModel::EstoniaIdemia), Card::new(options));
    assert_ne!(one.holder().common_name(), other.holder().common_name());
    assert_ne!(one.printed_serial(), other.printed_serial());
    assert_ne!(one.certificates().holder, other.certificates().holder);
}

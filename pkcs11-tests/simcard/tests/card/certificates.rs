//! The issued certificates, seen by two other programs: OpenSSL and x509-parser.

use crate::common::*;
use simcard::{Card, CardModel, DeliveryState};
use std::path::Path;
use std::process::Command;
use x509_parser::oid_registry::asn1_rs::oid;
use x509_parser::prelude::*;

fn folder(name: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// OpenSSL is a must here: without it this test fails rather than say nothing.
pub(crate) fn openssl_verifies(folder: &Path, leaf: &str) {
    let output = Command::new("openssl")
        .current_dir(folder)
        .args([
            "verify",
            "-no_check_time",
            "-x509_strict",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            leaf,
        ])
        .output()
        .expect("the openssl program is needed for this test");
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{leaf}: {text}");
}

#[test]
fn openssl_accepts_every_chain() {
    for model in ALL {
        for null_parameter in ["yes", "no"] {
            let mut options = options(model, DeliveryState::Activated);
            options.switches.backup_keys = true;
            options.switches.set("null_parameter", null_parameter).unwrap();
            let card = Card::new(options);
            let folder = folder(&format!("{model}-{null_parameter}"));
            card.certificates().write_pem(&folder).unwrap();
            for certificate in &card.certificates().holder {
                openssl_verifies(&folder, &format!("{}.pem", certificate.name));
            }
        }
    }
}

#[test]
fn layout_of_the_recorded_certificates() {
    for model in ALL {
        let mut options = options(model, DeliveryState::Activated);
        options.holder = 3; // a name with letters beyond ASCII
        let card = Card::new(options);
        let v4 = matches!(model, CardModel::FineidV4_0 | CardModel::FineidV4_1);
        for issued in &card.certificates().holder {
            let (_, certificate) = X509Certificate::from_der(&issued.der).unwrap();
            let subject: Vec<_> = certificate
                .subject()
                .iter_attributes()
                .map(|attribute| attribute.attr_type().to_id_string())
                .collect();
            assert_eq!(subject, ["2.5.4.6", "2.5.4.5", "2.5.4.42", "2.5.4.4", "2.5.4.3"]);
            let name = certificate.subject().iter_common_name().next().unwrap().as_str().unwrap();
            assert_eq!(name, card.holder().common_name());
            let serial = certificate.subject().iter_by_oid(&oid!(2.5.4.5)).next().unwrap().as_str().unwrap();
            assert_eq!((serial, serial.len()), (card.holder().personal_code.as_str(), 9));
            let kinds: Vec<_> =
                certificate.extensions().iter().map(|extension| extension.oid.to_id_string()).collect();
            let mut expected = vec![
                "2.5.29.35",
                "2.5.29.14",
                "2.5.29.15",
                "2.5.29.32",
                "2.5.29.17",
                "2.5.29.19",
                "2.5.29.31",
                "1.3.6.1.5.5.7.1.1",
            ];
            let signature = issued.name.starts_with("sign");
            if signature {
                expected.push("1.3.6.1.5.5.7.1.3");
            }
            assert_eq!(kinds, expected);
            let basic = certificate.extensions().iter().find(|e| e.oid == oid!(2.5.29.19)).unwrap();
            assert_eq!(
                (basic.critical, basic.value),
                (true, &[0x30, 3, 1, 1, 0][..]),
                "cA FALSE is written out"
            );
            let usage = certificate.extensions().iter().find(|e| e.oid == oid!(2.5.29.15)).unwrap();
            let bits = match (signature, v4) {
                (true, _) => [3, 2, 6, 0x40],
                (false, true) => [3, 2, 3, 0x88],
                (false, false) => [3, 2, 4, 0xB0],
            };
            assert_eq!((usage.critical, usage.value), (true, &bits[..]));
            // The NULL parameter, inside and outside of what is signed.
            let quirk = bytes("300C06082A8648CE3D0403030500");
            let found = issued.der.windows(quirk.len()).filter(|window| *window == quirk).count();
            assert_eq!(found, if v4 { 2 } else { 0 });
            assert_eq!(certificate.raw_serial().len(), 4);
            let days = (certificate.validity().not_after.timestamp()
                - certificate.validity().not_before.timestamp())
                / 86_400;
            assert!((1820..=1827).contains(&days));
        }
    }
}

#[test]
fn strings_and_sizes_by_generation() {
    let v3 = Card::new(options(V3, DeliveryState::Activated));
    let v4 = Card::new(options(V4, DeliveryState::Activated));
    let contains = |card: &Card, part: &[u8]| {
        card.certificates().named("auth").unwrap().der.windows(part.len()).any(|window| window == part)
    };
    assert!(contains(&v3, b"\x13\x04AINO") && !contains(&v3, b"\x0C\x04AINO"));
    assert!(contains(&v4, b"\x0C\x04AINO"));
    // Recorded: 1664 and 1487 bytes on v3, 1087 and 1144 on v4.
    for (card, name, recorded) in
        [(&v3, "auth", 1664), (&v3, "sign-ec", 1487), (&v4, "auth", 1087), (&v4, "sign", 1144)]
    {
        let size = card.certificates().named(name).unwrap().der.len();
        assert!(size.abs_diff(recorded) < 60, "{name}: {size}, recorded {recorded}");
    }
}

#[test]
fn switches_about_certificates() {
    let auth = |name: &str, value: &str| {
        let mut options = options(V4, DeliveryState::Activated);
        options.switches.set(name, value).unwrap();
        Card::new(options).certificates().named("auth").unwrap().der.clone()
    };
    let null = bytes("06082A8648CE3D0403030500");
    assert!(auth("null_parameter", "yes").windows(12).any(|window| window == null));
    assert!(!auth("null_parameter", "no").windows(12).any(|window| window == null));
    let purposes = |der: &[u8]| {
        let (_, certificate) = X509Certificate::from_der(der).unwrap();
        certificate
            .extended_key_usage()
            .unwrap()
            .map(|usage| (usage.value.client_auth, usage.value.email_protection))
    };
    assert_eq!(purposes(&auth("extended_key_usage", "no")), None);
    assert_eq!(purposes(&auth("extended_key_usage", "yes")), Some((true, true)));
}

#[test]
fn no_two_certificates_have_the_same_number() {
    let mut numbers = std::collections::HashSet::new();
    for model in ALL {
        for state in [DeliveryState::Activated, DeliveryState::FreshNew] {
            for holder in 1..6 {
                let mut options = options(model, state);
                options.holder = holder;
                options.switches.backup_keys = true;
                for certificate in &Card::new(options).certificates().holder {
                    let (_, certificate) = X509Certificate::from_der(&certificate.der).unwrap();
                    assert!(numbers.insert(certificate.raw_serial().to_vec()));
                }
            }
        }
    }
}

#[test]
fn issue_date_follows_the_scheme_or_the_option() {
    let not_before = |card: &Card| {
        let (_, certificate) = X509Certificate::from_der(&card.certificates().holder[0].der).unwrap();
        certificate.validity().not_before.timestamp()
    };
    let cut_off = 1_768_255_200; // 13 January 2026 in Finland
    for state in DeliveryState::ALL {
        let card = Card::new(options(V4, *state));
        assert_eq!(not_before(&card) >= cut_off, state.is_new_scheme(), "{state}");
    }
    let mut options = options(V4, DeliveryState::Activated);
    options.apply("issued=2026-01-13").unwrap();
    assert_eq!(not_before(&Card::new(options)), cut_off);
}

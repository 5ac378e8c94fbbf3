//! A certificate with any bytes: taken apart, and served by a card through the whole table of attributes.
#![no_main]

use avain_card::cards::certificate::{Certificate, PublicKey};
use cryptoki_sys::*;
use fake_pcsc::Interceptor;
use fuzz::{Linked, objects};
use kit::bytes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(certificate) = Certificate::parse(data) {
        judge(data, &certificate);
        serve(data, Some(&certificate));
    } else if data.starts_with(&[0x30]) {
        serve(data, None);
    }
});

fn judge(data: &[u8], read: &Certificate) {
    assert!(data.starts_with(&read.der), "what was read is not what it begins with");
    for (part, name) in [
        (&read.subject, "subject"),
        (&read.issuer, "issuer"),
        // Its header is written anew, as DER has it.
        (&read.serial[2..].to_vec(), "serial number"),
        (&read.public_key_info, "public key"),
        (&read.subject_public_key, "key's bits"),
    ] {
        let within = read.der.windows(part.len().max(1)).any(|window| window == part.as_slice());
        assert!(within || part.is_empty(), "{name} is not inside");
    }
    let again = Certificate::parse(&read.der).expect("what was read can be read");
    assert_eq!(format!("{again:?}"), format!("{read:?}"));
    for (_, month, day) in [read.start, read.end] {
        assert!((1..=12).contains(&month) && (1..=31).contains(&day));
    }
    match read.public_key() {
        Some(PublicKey::Ec { curve, point }) => assert_eq!(point.len(), 2 * curve.field_bytes() + 1),
        Some(PublicKey::Rsa { modulus, exponent }) => {
            assert!(![&modulus, &exponent].iter().any(|number| matches!(number.first(), None | Some(0))));
        }
        None => {}
    }
}

/// A card on which every certificate is this one.
fn serve(data: &[u8], certificate: Option<&Certificate>) {
    let (served, mut is_certificate) = (data.to_vec(), false);
    let answers = move |command: &[u8], answer: Vec<u8>| {
        let [_, 0xB0, high, low, most, ..] = command else { return answer };
        let start = usize::from(u16::from_be_bytes([*high, *low]));
        if start == 0 {
            // Other objects are shorter than 256 bytes.
            is_certificate = answer.starts_with(&[0x30, 0x82]);
        }
        if !is_certificate {
            return answer;
        }
        let most = if *most == 0 { 256 } else { usize::from(*most) };
        match served.get(start..) {
            None | Some([]) => vec![0x6B, 0x00],
            Some(left) => [&left[..most.min(left.len())], &[0x90, 0x00]].concat(),
        }
    };
    let linked = Linked::of_process();
    let _running = linked.begin("fineid-v4.0", Some(Interceptor { atr: None, answers: Box::new(answers) }));
    for slot in objects::slots(&linked.module).expect("slots") {
        let Ok(session) = linked.module.open(slot) else { continue };
        let _ = objects::read(&session);
        let shown = session.find(&[(CKA_CLASS, &bytes(CKO_CERTIFICATE))]).unwrap_or_default();
        for object in shown {
            let certificate = certificate.expect("what is no certificate is not shown");
            let value = |attribute| session.attribute(object, attribute).expect("an attribute");
            assert_eq!(value(CKA_VALUE), certificate.der);
            assert_eq!(value(CKA_SUBJECT), certificate.subject);
            assert_eq!(value(CKA_ISSUER), certificate.issuer);
            assert_eq!(value(CKA_SERIAL_NUMBER), certificate.serial);
        }
    }
}

//! What the tests of the cards other than the Finnish citizen's share.

use crate::certificates::openssl_verifies;
use crate::common::*;
use rsa::Pkcs1v15Sign;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::traits::SignatureScheme;
use simcard::{Card, CardOptions};
use std::path::Path;
use x509_parser::prelude::*;

/// A card by its name and switches, or whatever options there are.
pub(crate) fn make(name: &str, options: &[(&str, &str)]) -> Card {
    let mut made = CardOptions { model: name.parse().unwrap(), ..CardOptions::default() };
    for (name, value) in options {
        made.set(name, value).unwrap();
    }
    Card::new(made)
}

/// Reads the current file to its end.
pub(crate) fn read(card: &mut Card) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let [high, low] = (content.len() as u16).to_be_bytes();
        let (data, status) = ask(card, &[0, 0xB0, high, low, 0xE0]);
        content.extend(data);
        match status {
            0x9000 => {}
            0x6282 | 0x6B00 => return content,
            status => panic!("{status:04X} at {}", content.len()),
        }
    }
}

/// Selects with this command and reads.
pub(crate) fn read_after(card: &mut Card, select: &str) -> Vec<u8> {
    assert_eq!(send(card, select), "9000", "{select}");
    read(card)
}

/// The subjectPublicKey of a certificate that two readers of DER agree about; zero bytes may follow.
pub(crate) fn public_key(der: &[u8]) -> Vec<u8> {
    let (rest, certificate) = X509Certificate::from_der(der).unwrap();
    assert!(rest.iter().all(|byte| *byte == 0));
    certificate.public_key().subject_public_key.data.to_vec()
}

/// Checks an ECDSA signature, r and s, under a certificate.
pub(crate) fn check_ecdsa(certificate: &[u8], digest: &[u8], signature: &[u8]) {
    use p384::ecdsa::signature::hazmat::PrehashVerifier;
    let key = public_key(certificate);
    if signature.len() == 64 {
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&key).unwrap();
        key.verify_prehash(digest, &p256::ecdsa::Signature::from_slice(signature).unwrap()).unwrap();
        return;
    }
    let mut number = vec![0; 48_usize.saturating_sub(digest.len())];
    number.extend_from_slice(&digest[..digest.len().min(48)]);
    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(&key).unwrap();
    key.verify_prehash(&number, &p384::ecdsa::Signature::from_slice(signature).unwrap()).unwrap();
}

/// Checks an RSA signature under a certificate.
pub(crate) fn check_rsa(certificate: &[u8], scheme: impl SignatureScheme, digest: &[u8], signature: &[u8]) {
    let key = rsa::PublicKey::from_pkcs1_der(&public_key(certificate)).unwrap();
    key.verify(scheme, digest, signature).unwrap();
}

/// Checks an RSA signature around data without DigestInfo.
pub(crate) fn check_rsa_free(certificate: &[u8], data: &[u8], signature: &[u8]) {
    check_rsa(certificate, Pkcs1v15Sign::new_unprefixed(), data, signature);
}

/// Every certificate of the holder chains up to the root of the same card.
pub(crate) fn check_chain(card: &Card) {
    let certificates = card.certificates();
    let (_, root) = X509Certificate::from_der(&certificates.root).unwrap();
    let (_, issuing) = X509Certificate::from_der(&certificates.issuing).unwrap();
    assert_eq!(issuing.issuer(), root.subject());
    for certificate in &certificates.holder {
        let (_, leaf) = X509Certificate::from_der(&certificate.der).unwrap();
        assert_eq!(leaf.issuer(), issuing.subject(), "{}", certificate.name);
        assert!(leaf.validity().not_before >= issuing.validity().not_before);
        assert!(leaf.validity().not_after <= issuing.validity().not_after);
    }
    openssl_accepts(card);
}

/// OpenSSL verifies every certificate of the holder, strictly.
fn openssl_accepts(card: &Card) {
    let name = format!("chain-{}-{:?}", card.description().name, std::thread::current().id());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    card.certificates().write_pem(&folder).unwrap();
    for certificate in &card.certificates().holder {
        openssl_verifies(&folder, &format!("{}.pem", certificate.name));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

//! Signatures, judged without the module and without a process for each.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::signature::Verifier;
use sha2::Sha256;
use std::cell::RefCell;
use std::collections::HashSet;
use x509_cert::der::Decode;

/// Remembers signatures that held, with what they are of: for cards that repeat theirs.
#[derive(Default)]
pub struct Judge(RefCell<HashSet<[Vec<u8>; 3]>>);

impl Judge {
    /// Whether the signature holds under one of the certificates.
    pub fn verifies(&self, certificates: &[Vec<u8>], data: &[u8], signature: &[u8]) -> bool {
        certificates.iter().any(|certificate| {
            self.0.borrow().contains(&[certificate.clone(), data.to_vec(), signature.to_vec()])
        }) || certificates.iter().any(|certificate| {
            let holds = holds(certificate, data, signature);
            if holds {
                self.0.borrow_mut().insert([certificate.clone(), data.to_vec(), signature.to_vec()]);
            }
            holds
        })
    }
}

/// Whether the signature holds under the certificate: ECDSA of a digest as long as the field, or RSA with
/// SHA-256.
///
/// # Panics
/// Where it is no certificate, or of a key of another kind.
pub fn holds(certificate: &[u8], data: &[u8], signature: &[u8]) -> bool {
    let certificate = x509_cert::Certificate::from_der(certificate).expect("a certificate");
    let key = certificate.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes();
    if let Ok(key) = p384::ecdsa::VerifyingKey::from_sec1_bytes(key) {
        let signature = p384::ecdsa::Signature::from_slice(signature);
        return signature.is_ok_and(|signature| key.verify_prehash(data, &signature).is_ok());
    }
    if let Ok(key) = p256::ecdsa::VerifyingKey::from_sec1_bytes(key) {
        let signature = p256::ecdsa::Signature::from_slice(signature);
        return signature.is_ok_and(|signature| key.verify_prehash(data, &signature).is_ok());
    }
    let key = rsa::PublicKey::from_pkcs1_der(key).expect("a key of a known kind");
    let key = rsa::pkcs1v15::VerifyingKey::<Sha256>::new(key);
    let signature = rsa::pkcs1v15::Signature::try_from(signature);
    signature.is_ok_and(|signature| key.verify(data, &signature).is_ok())
}

//! What pages are answered: always by status 200, with a number and a text for what came of it.

use super::request::Refusal;
use avain_crypto::hash::Hash;
use avain_crypto::public::Curve;
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

/// The version that is spoken.
const VERSION: &str = "1.1";

/// What the service can do. Lists are texts with commas.
pub fn version() -> Value {
    json!({
        "version": VERSION, "httpMethods": "GET, POST", "contentTypes": "data, digest",
        "signatureTypes": "signature", "selectorAvailable": true, "hashAlgorithms": "SHA224, SHA256, SHA384, SHA512"
    })
}

/// A signature with its certificates, that of the signer first. `curve` is that of an EC key, whose r and s become a
/// sequence, as Java has it.
pub fn signed(hash: Hash, curve: Option<Curve>, signature: &[u8], chain: &[Vec<u8>]) -> Option<Value> {
    let (key, signature) = match curve {
        Some(curve) => ("ECDSA", curve.der_signature(signature)?),
        None => ("RSA", signature.to_vec()),
    };
    let chain: Vec<String> = chain.iter().map(|der| Base64::encode_string(der)).collect();
    Some(json!({
        "version": VERSION, "signatureAlgorithm": format!("{}with{key}", name(hash)), "signatureType": "signature",
        "signature": Base64::encode_string(&signature), "chain": chain,
        "status": "ok", "reasonCode": 200, "reasonText": "Signature generated"
    }))
}

/// That nothing is signed.
pub fn refused(Refusal { code, text }: Refusal) -> Value {
    json!({ "version": VERSION, "status": "failed", "reasonCode": code, "reasonText": text })
}

fn name(hash: Hash) -> String {
    format!("SHA{}", hash.length().saturating_mul(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_as_java_names_and_writes_them() {
        let rsa = signed(Hash::Sha512, None, &[7; 384], &[vec![0x30, 0x00], vec![0x30, 0x01]]).unwrap();
        assert_eq!(rsa["signatureAlgorithm"], "SHA512withRSA");
        assert_eq!(rsa["chain"], json!(["MAA=", "MAE="]));
        let ec = signed(Hash::Sha384, Some(Curve::P384), &[7; 96], &[]).unwrap();
        assert_eq!(ec["signatureAlgorithm"], "SHA384withECDSA");
        let der = Base64::decode_vec(ec["signature"].as_str().unwrap()).unwrap();
        assert_eq!(der[..6], [0x30, 0x64, 0x02, 0x30, 0x07, 0x07]);
        assert_eq!(signed(Hash::Sha256, Some(Curve::P256), &[7; 96], &[]), None);
    }

    #[test]
    fn lists_are_texts_and_a_failure_has_no_signature() {
        assert!(version()["hashAlgorithms"].as_str().unwrap().contains("SHA256"));
        let refused = refused(Refusal { code: 401, text: "x" });
        assert_eq!((&refused["reasonCode"], &refused["status"]), (&json!(401), &json!("failed")));
        assert!(refused.get("signature").is_none());
    }
}

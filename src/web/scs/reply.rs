//! What pages are answered: always by status 200, with a number and a text for what came of it.

use super::lift::HASHES;
use super::request::{FORMS, Refusal, hash_name};
use crate::asking::Unanswered;
use avain_crypto::public::Curve;
use avain_flow::asked::{Answer, Digest, Form, Key, Refused};
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

/// The version that is spoken.
const VERSION: &str = "1.1";

/// What the service can do. Lists are texts with commas.
pub fn version() -> Value {
    json!({
        "version": VERSION, "httpMethods": "GET, POST", "contentTypes": "data, digest",
        "signatureTypes": FORMS.map(|(name, _)| name).join(", "), "selectorAvailable": true,
        "hashAlgorithms": HASHES.map(hash_name).join(", ")
    })
}

/// A signature with its certificates, that of the signer first.
pub fn signed(digest: &Digest, answer: &Answer) -> Value {
    let Some(signature) = written(digest.form, answer) else {
        return refused(Refusal { code: 500, text: "The signature is malformed" });
    };
    let chain = [&answer.certificate].into_iter().chain(&answer.issuers);
    let chain: Vec<String> = chain.map(|der| Base64::encode_string(der)).collect();
    let key = if answer.key == Key::Ec { "ECDSA" } else { "RSA" };
    let kind = FORMS.iter().find(|(_, form)| *form == digest.form).map(|(name, _)| *name);
    let text = match answer.issuers.len() {
        0 => "Signature generated; the card does not have the certificates of its issuers",
        _ => "Signature generated",
    };
    json!({
        "version": VERSION, "signatureAlgorithm": format!("{}with{key}", hash_name(digest.hash)), "signatureType": kind,
        "signature": Base64::encode_string(&signature), "chain": chain,
        "status": "ok", "reasonCode": 200, "reasonText": text
    })
}

/// r and s of an EC key become a sequence, as Java has it. A structure stays as it is.
fn written(form: Form, answer: &Answer) -> Option<Vec<u8>> {
    let signature = answer.signature.as_deref()?;
    let curve = match (form, answer.key, signature.len()) {
        (Form::Bare, Key::Ec, 64) => Curve::P256,
        (Form::Bare, Key::Ec, _) => Curve::P384,
        _ => return Some(signature.to_vec()),
    };
    curve.der_signature(signature)
}

/// That the holder has given nothing.
pub fn unanswered(why: Unanswered) -> Value {
    let (code, text) = match why {
        Unanswered::Pending => (403, "Another signature is being asked for"),
        Unanswered::Nowhere => (500, "The holder cannot be asked: there is neither a display nor a terminal"),
        Unanswered::Refused(Refused::Cancelled) => (401, "The holder refuses"),
        Unanswered::Refused(Refused::Locked) => (401, "The PIN is locked"),
        Unanswered::Refused(Refused::NoCard) => (404, "There is no card"),
        Unanswered::Refused(Refused::Unsupported) => (404, "The card has no suitable certificate"),
        Unanswered::Refused(Refused::Failed) => (500, "The card cannot be used"),
    };
    refused(Refusal { code, text })
}

/// That nothing is signed.
pub fn refused(Refusal { code, text }: Refusal) -> Value {
    json!({ "version": VERSION, "status": "failed", "reasonCode": code, "reasonText": text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_crypto::hash::Hash;
    use avain_flow::presenting::Aim;

    fn digest(hash: Hash, form: Form) -> Digest {
        Digest {
            aim: Aim::Signing,
            hash,
            bytes: vec![0; hash.length()],
            certificate: None,
            selector: None,
            form,
        }
    }

    fn answer(key: Key, signature: &[u8], issuers: Vec<Vec<u8>>) -> Answer {
        let (certificate, algorithm) = (vec![0x30, 0x00], String::new());
        Answer {
            certificate,
            key,
            algorithm,
            hashes: Vec::new(),
            signature: Some(signature.to_vec()),
            issuers,
        }
    }

    #[test]
    fn signatures_as_java_names_and_writes_them() {
        let rsa =
            signed(&digest(Hash::Sha512, Form::Bare), &answer(Key::Rsa, &[7; 384], vec![vec![0x30, 0x01]]));
        assert_eq!(
            (&rsa["signatureAlgorithm"], &rsa["signatureType"]),
            (&json!("SHA512withRSA"), &json!("signature"))
        );
        assert_eq!(
            (&rsa["chain"], &rsa["reasonText"]),
            (&json!(["MAA=", "MAE="]), &json!("Signature generated"))
        );
        let ec = signed(&digest(Hash::Sha384, Form::Bare), &answer(Key::Ec, &[7; 96], Vec::new()));
        assert_eq!(ec["signatureAlgorithm"], "SHA384withECDSA");
        assert!(ec["reasonText"].as_str().unwrap().contains("does not have"), "{ec}");
        let der = Base64::decode_vec(ec["signature"].as_str().unwrap()).unwrap();
        assert_eq!(der[..6], [0x30, 0x64, 0x02, 0x30, 0x07, 0x07]);
        let cms = signed(&digest(Hash::Sha256, Form::Pades), &answer(Key::Ec, &[0x30, 0x00], Vec::new()));
        assert_eq!((&cms["signature"], &cms["signatureType"]), (&json!("MAA="), &json!("cms-pades")));
        let broken = signed(&digest(Hash::Sha256, Form::Bare), &answer(Key::Ec, &[7; 95], Vec::new()));
        assert_eq!((&broken["reasonCode"], &broken["signature"]), (&json!(500), &Value::Null));
    }

    #[test]
    fn lists_are_texts_and_a_failure_has_no_signature() {
        assert!(version()["hashAlgorithms"].as_str().unwrap().contains("SHA256"));
        assert_eq!(version()["hashAlgorithms"], "SHA224, SHA256, SHA384, SHA512");
        assert_eq!(version()["signatureTypes"], "signature, cms, cms-pades");
        for (why, code) in [
            (Unanswered::Pending, 403),
            (Unanswered::Refused(Refused::Cancelled), 401),
            (Unanswered::Refused(Refused::Unsupported), 404),
            (Unanswered::Nowhere, 500),
        ] {
            let refused = unanswered(why);
            assert_eq!((&refused["reasonCode"], &refused["status"]), (&json!(code), &json!("failed")));
            assert!(refused.get("signature").is_none() && refused.get("chain").is_none());
        }
    }
}

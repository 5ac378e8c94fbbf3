//! What the extension of Web eID is answered.

use crate::command::Wrong;
use avain_flow::asked::{Answer, Digest, Key, Refused, Request, What, hash_name};
use avain_flow::presenting::Hash;
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

/// The extension wants a version of Web eID that is not below its own major one (2). What this program is stands behind
/// it, where versions have names.
const VERSION: &str = concat!("2.9.0+avain-", env!("CARGO_PKG_VERSION"));
/// What this program is.
const PROGRAM: &str = concat!("avain-web/", env!("CARGO_PKG_VERSION"));
/// The form of a login.
const FORMAT: &str = "web-eid:1.0";

/// Why a command is not answered, by the names of Web eID's page library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is not understood.
    Argument,
    /// The holder is being asked already.
    Pending,
    /// The holder refuses.
    Cancelled,
    /// Anything else.
    Fatal,
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Self {
        if refused == Refused::Cancelled { Trouble::Cancelled } else { Trouble::Fatal }
    }
}

/// What is said first.
pub fn version() -> Value {
    json!({ "version": VERSION })
}

/// The answer to who only wanted that.
pub fn goodbye() -> Value {
    json!({})
}

/// That a command is not answered. Nothing of the card or its holder is in it.
pub fn trouble(trouble: Trouble, message: &str) -> Value {
    let code = match trouble {
        Trouble::Argument => "ERR_WEBEID_NATIVE_INVALID_ARGUMENT",
        Trouble::Pending => "ERR_WEBEID_ACTION_PENDING",
        Trouble::Cancelled => "ERR_WEBEID_USER_CANCELLED",
        Trouble::Fatal => "ERR_WEBEID_NATIVE_FATAL",
    };
    json!({ "error": { "code": code, "message": message } })
}

/// That a command is not understood.
pub fn wrong(Wrong(what): &Wrong) -> Value {
    trouble(Trouble::Argument, what)
}

/// What the holder gives.
pub fn given(request: &Request, answer: &Answer) -> Value {
    let certificate = Base64::encode_string(&answer.certificate);
    match (&request.what, answer.signature.as_deref().map(Base64::encode_string)) {
        (What::LogIn { .. }, Some(signature)) => json!({
            "unverifiedCertificate": certificate,
            "algorithm": answer.algorithm,
            "signature": signature,
            "format": FORMAT,
            "appVersion": PROGRAM,
        }),
        (What::Digest(Digest { hash, .. }), Some(signature)) => {
            json!({ "signature": signature, "signatureAlgorithm": algorithm(answer.key, *hash) })
        }
        (What::Certificate, None) => {
            let algorithms = answer.hashes.iter().map(|hash| algorithm(answer.key, *hash));
            let algorithms: Vec<Value> = algorithms.collect();
            json!({ "certificate": certificate, "supportedSignatureAlgorithms": algorithms })
        }
        _ => trouble(Trouble::Fatal, "no signature"),
    }
}

fn algorithm(key: Key, hash: Hash) -> Value {
    let (kind, padding) = match key {
        Key::Ec => ("ECC", "NONE"),
        Key::Rsa => ("RSA", "PKCS1.5"),
    };
    json!({ "cryptoAlgorithm": kind, "hashFunction": hash_name(hash), "paddingScheme": padding })
}

//! Requests and answers as JSON.

use super::{Answer, Digest, HASHES, Key, Request, What, hash_name};
use crate::language::Language;
use crate::presenting::{Aim, Hash};
use serde_json::{Map, Value};

/// Longest name of who asks (that of a host has up to 253 characters).
const ORIGIN: usize = 300;
/// Longest text that a service makes up.
const NONCE: usize = 128;

impl Request {
    /// The request in this line, if it is one.
    pub fn of(line: &str) -> Option<Self> {
        let asked: Value = serde_json::from_str(line).ok()?;
        let word = |name: &str| text(&asked, name);
        let what = match (word("what")?, word("nonce")) {
            ("log-in", Some(nonce)) if !nonce.is_empty() && nonce.len() <= NONCE => {
                What::LogIn { nonce: nonce.to_owned() }
            }
            ("certificate", None) => What::Certificate,
            ("log-in", None) => What::Digest(digest(&asked, Aim::Testing)?),
            ("sign", None) => What::Digest(digest(&asked, Aim::Signing)?),
            _ => return None,
        };
        let origin = word("origin").filter(|origin| !origin.is_empty() && origin.len() <= ORIGIN)?.to_owned();
        let language = word("lang").and_then(Language::of_locale);
        Some(Request { what, origin, language, again: asked.get("again") == Some(&Value::Bool(true)) })
    }

    /// It as a line.
    pub fn line(&self) -> String {
        let what = match &self.what {
            What::LogIn { nonce } => vec![("what", "log-in".to_owned()), ("nonce", nonce.clone())],
            What::Certificate => vec![("what", "certificate".to_owned())],
            What::Digest(digest) => digest.members(),
        };
        let mut asked = object(what);
        asked.insert("origin".to_owned(), self.origin.as_str().into());
        asked.insert("again".to_owned(), self.again.into());
        if let Some(language) = self.language {
            asked.insert("lang".to_owned(), language.code().into());
        }
        Value::Object(asked).to_string()
    }
}

impl Digest {
    fn members(&self) -> Vec<(&'static str, String)> {
        let what = if self.aim == Aim::Signing { "sign" } else { "log-in" };
        let certificate = self.certificate.as_deref().map(|meant| ("certificate", hexadecimal(meant)));
        let hash = hash_name(self.hash).to_owned();
        let digest = [("what", what.to_owned()), ("hash", hash), ("digest", hexadecimal(&self.bytes))];
        digest.into_iter().chain(certificate).collect()
    }
}

/// An object of texts.
fn object(members: Vec<(&str, String)>) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

fn digest(asked: &Value, aim: Aim) -> Option<Digest> {
    let hash = hash(text(asked, "hash")?)?;
    let bytes = bytes(text(asked, "digest")?).filter(|digest| digest.len() == hash.length())?;
    let certificate = match text(asked, "certificate") {
        Some(digits) => Some(self::bytes(digits)?),
        None => None,
    };
    Some(Digest { aim, hash, bytes, certificate })
}

impl Answer {
    /// The answer in this line, if it is one.
    pub fn of_line(line: &str) -> Option<Self> {
        let given: Value = serde_json::from_str(line).ok()?;
        let hashes = given.get("hashes")?.as_array()?.iter();
        let signature = match text(&given, "signature") {
            Some(digits) => Some(bytes(digits)?),
            None => None,
        };
        Some(Answer {
            certificate: bytes(text(&given, "certificate")?)?,
            key: match text(&given, "key")? {
                "EC" => Key::Ec,
                "RSA" => Key::Rsa,
                _ => return None,
            },
            algorithm: text(&given, "algorithm")?.to_owned(),
            hashes: hashes.map(|name| hash(name.as_str()?)).collect::<Option<_>>()?,
            signature,
        })
    }

    pub(super) fn line(&self) -> String {
        let key = if self.key == Key::Ec { "EC" } else { "RSA" };
        let certificate = ("certificate", hexadecimal(&self.certificate));
        let mut given =
            object(vec![certificate, ("key", key.to_owned()), ("algorithm", self.algorithm.clone())]);
        let hashes: Vec<&str> = self.hashes.iter().map(|hash| hash_name(*hash)).collect();
        given.insert("hashes".to_owned(), hashes.into());
        given.extend(
            self.signature
                .as_deref()
                .map(|signature| ("signature".to_owned(), hexadecimal(signature).into())),
        );
        Value::Object(given).to_string()
    }
}

/// The member of this name, if it is a text.
pub(super) fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

fn hash(name: &str) -> Option<Hash> {
    HASHES.into_iter().find(|(known, _)| *known == name).map(|(_, hash)| hash)
}

/// Bytes as hexadecimal digits.
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..digits.len()).step_by(2).map(|at| digits.get(at..at.saturating_add(2)));
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_are_none() {
        let line = |what: &str, origin: &str, hash: &str, digest: &str| {
            format!(r#"{{"what":"{what}","origin":"{origin}","hash":"{hash}","digest":"{digest}"}}"#)
        };
        let good = "ab".repeat(32);
        for (what, origin, hash, digest) in [
            ("pin", "https://example.org", "SHA-256", good.as_str()),
            ("sign", "", "SHA-256", &good),
            ("sign", &"x".repeat(301), "SHA-256", &good),
            ("sign", "https://example.org", "MD5", &good),
            ("sign", "https://example.org", "SHA-384", &good),
            ("sign", "https://example.org", "SHA-256", &good[1..]),
            ("sign", "https://example.org", "SHA-256", &good.replace('a', "ä")),
        ] {
            assert_eq!(
                Request::of(&line(what, origin, hash, digest)),
                None,
                "{what} {origin} {hash} {digest}"
            );
        }
        let nonce = "n".repeat(129);
        for nothing in [
            "",
            "null",
            "[]",
            "{}",
            "\u{202E}",
            r#"{"what":"log-in","origin":"https://x"}"#,
            r#"{"what":"log-in","origin":"https://x","nonce":""}"#,
            &format!(r#"{{"what":"log-in","origin":"https://x","nonce":"{nonce}"}}"#),
            r#"{"what":"certificate","origin":"https://x","nonce":"n"}"#,
        ] {
            assert_eq!(Request::of(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn requests_and_answers_are_read_as_they_were_written() {
        let digest =
            Digest { aim: Aim::Signing, hash: Hash::Sha3_224, bytes: vec![0xAB; 28], certificate: None };
        let meant = Digest { aim: Aim::Testing, certificate: Some(vec![0x30, 0x00]), ..digest.clone() };
        let nonce = "\u{e4}\"\\".to_owned();
        for what in [What::LogIn { nonce }, What::Certificate, What::Digest(digest), What::Digest(meant)] {
            for (language, again) in [(None, false), (Some(Language::Estonian), true)] {
                let origin = "https://example.org".to_owned();
                let request = Request { what: what.clone(), origin, language, again };
                assert_eq!(Request::of(&request.line()), Some(request));
            }
        }
        let mut answer = Answer {
            certificate: vec![0x30, 0x00],
            key: Key::Rsa,
            algorithm: "PS256".to_owned(),
            hashes: vec![Hash::Sha256, Hash::Sha3_512],
            signature: None,
        };
        assert_eq!(Answer::of_line(&answer.line()), Some(answer.clone()));
        (answer.key, answer.signature) = (Key::Ec, Some(vec![1, 2]));
        assert_eq!(Answer::of_line(&answer.line()), Some(answer));
        assert_eq!(Answer::of_line(r#"{"refused":"cancelled"}"#), None);
    }
}

//! Requests and answers as JSON.

use super::{Answer, Digest, Form, HASHES, Key, Request, Selector, What, hash_name};
use crate::language::Language;
use crate::presenting::{Aim, Hash};
use serde_json::{Map, Value, json};

/// Longest name of who asks (that of a host has up to 253 characters).
const ORIGIN: usize = 300;
/// Longest text that a service makes up.
const NONCE: usize = 128;
/// The forms that have a name.
const FORMS: [(&str, Form); 2] = [("cms", Form::Cms), ("cms-pades", Form::Pades)];

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
        let mut asked = match &self.what {
            What::LogIn { nonce } => object(vec![("what", "log-in".to_owned()), ("nonce", nonce.clone())]),
            What::Certificate => object(vec![("what", "certificate".to_owned())]),
            What::Digest(digest) => digest.members(),
        };
        asked.insert("origin".to_owned(), self.origin.as_str().into());
        asked.insert("again".to_owned(), self.again.into());
        if let Some(language) = self.language {
            asked.insert("lang".to_owned(), language.code().into());
        }
        Value::Object(asked).to_string()
    }
}

impl Digest {
    fn members(&self) -> Map<String, Value> {
        let what = if self.aim == Aim::Signing { "sign" } else { "log-in" };
        let certificate = self.certificate.as_deref().map(|meant| ("certificate", hexadecimal(meant)));
        let hash = hash_name(self.hash).to_owned();
        let form = FORMS.iter().find(|(_, form)| *form == self.form);
        let form = form.map(|(name, _)| ("form", (*name).to_owned()));
        let digest = [("what", what.to_owned()), ("hash", hash), ("digest", hexadecimal(&self.bytes))];
        let mut members = object(digest.into_iter().chain(certificate).chain(form).collect());
        members.extend(self.selector.as_ref().map(|selector| ("selector".to_owned(), selector.value())));
        members
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
    let form = match text(asked, "form") {
        Some(name) => FORMS.iter().find(|(known, _)| *known == name)?.1,
        None => Form::Bare,
    };
    let selector = match asked.get("selector") {
        Some(selector) => Some(Selector::of(selector)?),
        None => None,
    };
    Some(Digest { aim, hash, bytes, certificate, selector, form })
}

impl Selector {
    fn of(value: &Value) -> Option<Self> {
        let akis = texts(value, "akis")?;
        let akis = akis.iter().map(|digits| bytes(digits)).collect::<Option<_>>()?;
        Some(Selector { keys: texts(value, "keys")?, issuers: texts(value, "issuers")?, akis })
    }

    fn value(&self) -> Value {
        let akis = self.akis.iter().map(|key| hexadecimal(key)).collect::<Vec<_>>();
        json!({ "keys": self.keys, "issuers": self.issuers, "akis": akis })
    }
}

/// A list of texts.
fn texts(value: &Value, name: &str) -> Option<Vec<String>> {
    value.get(name)?.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
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
            issuers: match given.get("issuers") {
                Some(_) => texts(&given, "issuers")?.iter().map(|der| bytes(der)).collect::<Option<_>>()?,
                None => Vec::new(),
            },
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
        let issuers: Vec<String> = self.issuers.iter().map(|der| hexadecimal(der)).collect();
        if !issuers.is_empty() {
            given.insert("issuers".to_owned(), issuers.into());
        }
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
        let (selector, form) = (None, Form::Bare);
        let (aim, hash, bytes, certificate) = (Aim::Signing, Hash::Sha3_224, vec![0xAB; 28], None);
        let digest = Digest { aim, hash, bytes, certificate, selector, form };
        let meant = Digest { aim: Aim::Testing, certificate: Some(vec![0x30, 0x00]), ..digest.clone() };
        let selector = Selector {
            keys: vec!["rsa".to_owned()],
            issuers: vec!["CN=\u{c4}, C=FI".to_owned()],
            akis: vec![vec![0xAB]],
        };
        let selected = Digest { selector: Some(selector), form: Form::Cms, ..digest.clone() };
        let bare = Digest { selector: Some(Selector::default()), form: Form::Pades, ..digest.clone() };
        let nonce = "\u{e4}\"\\".to_owned();
        let digests = [digest, meant, selected, bare].map(What::Digest);
        for what in [What::LogIn { nonce }, What::Certificate].into_iter().chain(digests) {
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
            issuers: Vec::new(),
        };
        assert_eq!(Answer::of_line(&answer.line()), Some(answer.clone()));
        (answer.key, answer.signature) = (Key::Ec, Some(vec![1, 2]));
        answer.issuers = vec![vec![0x30], vec![0x30, 0x00]];
        assert_eq!(Answer::of_line(&answer.line()), Some(answer));
        assert_eq!(Answer::of_line(r#"{"refused":"cancelled"}"#), None);
    }
}

//! A request for a signature, as pages write it (SCS 1.1), and the rules for it.

use super::lift::{self, Content};
use avain_crypto::hash::Hash;
use serde_json::Value;
use std::io::Read;

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To log in: only a challenge of the page is signed, by the key that logs in.
    LogIn,
    /// To sign.
    Sign,
}

/// What the certificate has to be like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// Kinds of keys, in lower case; all if empty.
    pub algorithms: Vec<String>,
    /// Names of issuers as text; all if empty.
    pub issuers: Vec<String>,
    /// Identifiers of the issuers' keys, in Base64; all if empty.
    pub akis: Vec<String>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What for.
    pub purpose: Purpose,
    /// With which certificate.
    pub selector: Selector,
    /// The hash function.
    pub hash: Hash,
    /// What is signed.
    pub digest: Vec<u8>,
}

/// Why nothing is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its number in the answer.
    pub code: u16,
    /// What is said of it.
    pub text: &'static str,
}

const fn refused<T>(code: u16, text: &'static str) -> Result<T, Refusal> {
    Err(Refusal { code, text })
}

const NAMES: [(&str, Hash); 4] =
    [("SHA224", Hash::Sha224), ("SHA256", Hash::Sha256), ("SHA384", Hash::Sha384), ("SHA512", Hash::Sha512)];
/// A challenge has so many bytes behind the origin.
const NONCE: usize = 64;

impl Request {
    /// Reads a request of a page with this address.
    pub fn read(body: &mut impl Read, origin: &str) -> Result<Self, Refusal> {
        let Ok((rest, content)) = lift::read(body) else { return refused(400, "The request is malformed") };
        let Some(content) = content else { return refused(400, "There is no content") };
        let Ok(value @ Value::Object(_)) = serde_json::from_slice(&rest) else {
            return refused(400, "The request is not JSON");
        };
        Self::of(&value, &content, origin)
    }

    fn of(value: &Value, content: &Content, origin: &str) -> Result<Self, Refusal> {
        if !text(value, "content").is_some_and(str::is_empty) {
            return refused(400, "The content is malformed");
        }
        if !text(value, "version").is_some_and(|version| version.starts_with("1.")) {
            return refused(400, "The version is not known");
        }
        match text(value, "signatureType") {
            Some("signature") => {}
            Some("cms" | "cms-pades") => return refused(501, "This type of signature is not supported"),
            _ => return refused(400, "The type of signature is not known"),
        }
        let name = text(value, "hashAlgorithm").map(str::trim).unwrap_or_default();
        let Some((_, hash)) = NAMES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
            return refused(501, "The hash algorithm is not supported");
        };
        let (purpose, selector) = selector(value)?;
        let digest = match (text(value, "contentType"), purpose) {
            (Some("data"), Purpose::LogIn) => challenge(content, origin, hash)?,
            (Some("data"), Purpose::Sign) => content.digest(hash).unwrap_or_default().to_vec(),
            (Some("digest"), Purpose::LogIn) => {
                return refused(403, "Only a challenge can be signed to log in");
            }
            (Some("digest"), Purpose::Sign) => match content.whole() {
                Some(digest) if digest.len() == hash.length() => digest.to_vec(),
                _ => return refused(400, "The digest has not the length of the hash algorithm"),
            },
            _ => return refused(400, "The type of the content is not known"),
        };
        Ok(Request { purpose, selector, hash, digest })
    }
}

/// A challenge begins with the address of the page, so that no page can have one of another signed.
fn challenge(content: &Content, origin: &str, hash: Hash) -> Result<Vec<u8>, Refusal> {
    let whole = content.whole().unwrap_or_default();
    let rest = whole.strip_prefix(origin.as_bytes()).and_then(|rest| match rest.split_first() {
        Some((b'\n' | b' ' | b';', nonce)) => Some(nonce),
        _ => None,
    });
    match rest {
        Some(nonce) if nonce.len() >= NONCE => Ok(hash.digest(whole)),
        Some(_) => refused(403, "The challenge is too short"),
        None => refused(403, "The challenge is not that of this page"),
    }
}

fn selector(value: &Value) -> Result<(Purpose, Selector), Refusal> {
    let nothing = Value::Object(serde_json::Map::new());
    let selector = value.get("selector").unwrap_or(&nothing);
    let lower = |list: Vec<String>| list.into_iter().map(|word| word.to_lowercase()).collect::<Vec<_>>();
    let usages = lower(list(selector, "keyusages")?);
    let purpose = match usages.as_slice() {
        usages if usages.iter().any(|usage| usage == "nonrepudiation") => Purpose::Sign,
        [] => Purpose::LogIn,
        usages if usages.iter().any(|usage| usage == "digitalsignature") => Purpose::LogIn,
        _ => return refused(404, "There is no suitable certificate"),
    };
    let mut algorithms = lower(list(selector, "keyalgorithms")?);
    if let Some(wanted) = text(value, "signatureAlgorithm") {
        let wanted = wanted.trim().to_lowercase();
        algorithms.push(if wanted == "ecdsa" { "ec".to_owned() } else { wanted });
    }
    Ok((purpose, Selector { algorithms, issuers: list(selector, "issuers")?, akis: list(selector, "akis")? }))
}

/// A list of texts; none, if it is not there.
fn list(value: &Value, name: &str) -> Result<Vec<String>, Refusal> {
    let items = match value.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(_) => return refused(400, "The selector is malformed"),
    };
    let texts: Option<Vec<String>> =
        items.iter().map(|item| Some(item.as_str()?.trim().to_owned())).collect();
    texts.map_or_else(|| refused(400, "The selector is malformed"), Ok)
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Encoding};
    use serde_json::json;

    const ORIGIN: &str = "https://pankki.example";

    fn read(request: &Value) -> Result<Request, Refusal> {
        Request::read(&mut request.to_string().as_bytes(), ORIGIN)
    }

    fn signing(content: &[u8]) -> Value {
        json!({ "version": "1.1", "selector": { "keyusages": ["nonRepudiation "], "keyalgorithms": ["RSA", " ec"] },
            "content": Base64::encode_string(content), "contentType": "data", "hashAlgorithm": "SHA256",
            "signatureType": "signature" })
    }

    fn log_in(challenge: &str) -> Value {
        let mut request = signing(challenge.as_bytes());
        request["selector"] = json!({ "keyusages": ["digitalsignature"] });
        request
    }

    #[test]
    fn data_and_digests_are_signed() {
        let request = read(&signing(b"a document")).unwrap();
        assert_eq!((request.purpose, request.hash), (Purpose::Sign, Hash::Sha256));
        assert_eq!(request.digest, Hash::Sha256.digest(b"a document"));
        assert_eq!(request.selector.algorithms, ["rsa", "ec"]);
        let mut digest = signing(&[7; 64]);
        (digest["contentType"], digest["hashAlgorithm"]) = ("digest".into(), "SHA512".into());
        assert_eq!(read(&digest).unwrap().digest, [7; 64]);
    }

    #[test]
    fn a_challenge_is_that_of_the_page_that_asks() {
        let nonce = "n".repeat(64);
        for separator in ["\n", " ", ";"] {
            let challenge = format!("{ORIGIN}{separator}{nonce}");
            let request = read(&log_in(&challenge)).unwrap();
            assert_eq!(request.digest, Hash::Sha256.digest(challenge.as_bytes()));
            assert_eq!(request.purpose, Purpose::LogIn);
        }
        for challenge in [
            format!("{ORIGIN}\n{}", &nonce[1..]),
            format!("{ORIGIN}:{nonce}"),
            format!("{ORIGIN}.evil.example\n{nonce}"),
            format!("https://other.example\n{nonce}"),
            format!(" {ORIGIN}\n{nonce}"),
            format!("{ORIGIN}\n{}", "n".repeat(5000)),
            ORIGIN.to_owned(),
            String::new(),
        ] {
            assert_eq!(read(&log_in(&challenge)).unwrap_err().code, 403, "{}", challenge.len());
        }
        let mut digest = log_in("");
        (digest["contentType"], digest["content"]) =
            ("digest".into(), Base64::encode_string(&[7; 32]).into());
        assert_eq!(read(&digest).unwrap_err().code, 403);
    }

    #[test]
    fn what_is_not_understood_or_not_supported() {
        for (name, value, code) in [
            ("version", json!("2.0"), 400),
            ("version", json!(1.1), 400),
            ("signatureType", json!("xml"), 400),
            ("signatureType", json!("cms"), 501),
            ("hashAlgorithm", json!("SHA1"), 501),
            ("contentType", json!("file"), 400),
            ("contentType", json!("digest"), 400),
            ("content", json!(7), 400),
            ("content", json!("M"), 400),
            ("selector", json!({ "keyusages": "nonrepudiation" }), 400),
            ("selector", json!({ "keyusages": [1] }), 400),
            ("selector", json!({ "keyusages": ["keyCertSign"] }), 404),
        ] {
            let mut request = signing(b"a document");
            request[name] = value.clone();
            assert_eq!(read(&request).unwrap_err().code, code, "{name} {value}");
        }
        for text in ["", "[]", "{}", "null", "{\"content\":\"MAA=\"", "\u{202e}"] {
            assert_eq!(Request::read(&mut text.as_bytes(), ORIGIN).unwrap_err().code, 400, "{text}");
        }
        // The name in another writing is no way around.
        let hidden = signing(b"").to_string().replace("\"content\"", "\"cont\\u0065nt\"");
        assert_eq!(Request::read(&mut hidden.as_bytes(), ORIGIN).unwrap_err().code, 400);
    }
}

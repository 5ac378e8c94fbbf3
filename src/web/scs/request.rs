//! A request for a signature, as pages write it (SCS 1.1), and the rules for it: it becomes what the holder is asked.

use super::lift::{self, Content, HASHES};
use avain_crypto::hash::Hash;
use avain_flow::asked::{self, Digest, Form, Selector, What};
use avain_flow::presenting::Aim;
use base64ct::{Base64, Encoding};
use serde_json::Value;
use std::io::Read;

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

/// A challenge has so many bytes behind the origin.
const NONCE: usize = 64;

/// The forms of signatures, as services call them.
pub(super) const FORMS: [(&str, Form); 3] =
    [("signature", Form::Bare), ("cms", Form::Cms), ("cms-pades", Form::Pades)];

/// What services call a hash function.
pub(super) fn hash_name(hash: Hash) -> String {
    format!("SHA{}", hash.length().saturating_mul(8))
}

/// Reads a request of a page with this address.
pub fn read(body: &mut impl Read, origin: &str) -> Result<asked::Request, Refusal> {
    let Ok((rest, content)) = lift::read(body) else { return refused(400, "The request is malformed") };
    let Some(content) = content else { return refused(400, "There is no content") };
    let Ok(value @ Value::Object(_)) = serde_json::from_slice(&rest) else {
        return refused(400, "The request is not JSON");
    };
    let what = What::Digest(digest(&value, &content, origin)?);
    Ok(asked::Request { what, origin: origin.to_owned(), language: None, again: false })
}

fn digest(value: &Value, content: &Content, origin: &str) -> Result<Digest, Refusal> {
    if !text(value, "content").is_some_and(str::is_empty) {
        return refused(400, "The content is malformed");
    }
    if !text(value, "version").is_some_and(|version| version.starts_with("1.")) {
        return refused(400, "The version is not known");
    }
    let wanted = text(value, "signatureType").map(str::trim).unwrap_or_default();
    let Some((_, form)) = FORMS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(wanted)) else {
        return refused(400, "The type of signature is not known");
    };
    let name = text(value, "hashAlgorithm").map(str::trim).unwrap_or_default();
    let Some(hash) = HASHES.into_iter().find(|hash| hash_name(*hash).eq_ignore_ascii_case(name)) else {
        return refused(501, "The hash algorithm is not supported");
    };
    let (aim, selector) = selector(value)?;
    let bytes = match aim {
        Aim::Testing => challenge(value, form, content, origin, hash)?,
        Aim::Signing => signed(value, content, hash)?,
    };
    Ok(Digest { aim, hash, bytes, certificate: None, selector: Some(selector), form })
}

/// What is signed, in data or as a digest.
fn signed(value: &Value, content: &Content, hash: Hash) -> Result<Vec<u8>, Refusal> {
    match text(value, "contentType") {
        Some("data") => Ok(content.digest(hash).unwrap_or_default().to_vec()),
        Some("digest") => match content.whole() {
            Some(digest) if digest.len() == hash.length() => Ok(digest.to_vec()),
            _ => refused(400, "The digest has not the length of the hash algorithm"),
        },
        _ => refused(400, "The type of the content is not known"),
    }
}

/// A challenge begins with the address of the page, so that no page can have one of another signed. It is nothing else
/// than a challenge: neither a digest of something, nor a structure that could be taken for a signed document.
fn challenge(
    value: &Value,
    form: Form,
    content: &Content,
    origin: &str,
    hash: Hash,
) -> Result<Vec<u8>, Refusal> {
    match text(value, "contentType") {
        Some("data") if form == Form::Bare => {}
        Some("data" | "digest") => return refused(403, "Only a challenge can be signed to log in"),
        _ => return refused(400, "The type of the content is not known"),
    }
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

fn selector(value: &Value) -> Result<(Aim, Selector), Refusal> {
    let nothing = Value::Object(serde_json::Map::new());
    let selector = value.get("selector").unwrap_or(&nothing);
    let lower = |list: Vec<String>| list.into_iter().map(|word| word.to_lowercase()).collect::<Vec<_>>();
    let usages = lower(list(selector, "keyusages")?);
    let aim = match usages.as_slice() {
        usages if usages.iter().any(|usage| usage == "nonrepudiation") => Aim::Signing,
        [] => Aim::Testing,
        usages if usages.iter().any(|usage| usage == "digitalsignature") => Aim::Testing,
        _ => return refused(404, "There is no suitable certificate"),
    };
    let keys = keys(lower(list(selector, "keyalgorithms")?), text(value, "signatureAlgorithm"))?;
    let akis = list(selector, "akis")?.iter().map(|aki| Base64::decode_vec(aki)).collect::<Result<_, _>>();
    let Ok(akis) = akis else { return refused(400, "The selector is malformed") };
    Ok((aim, Selector { keys, issuers: list(selector, "issuers")?, akis }))
}

/// The kinds of keys that the selector takes and that sign as the page wants: it may say both, or either.
fn keys(mut taken: Vec<String>, algorithm: Option<&str>) -> Result<Vec<String>, Refusal> {
    let algorithm = algorithm.unwrap_or_default().to_lowercase();
    let Some(kind) = ["rsa", "ec"].into_iter().find(|kind| algorithm.contains(kind)) else {
        return Ok(taken);
    };
    if taken.is_empty() {
        taken.push(kind.to_owned());
    }
    taken.retain(|taken| taken == kind);
    if taken.is_empty() { refused(404, "There is no suitable certificate") } else { Ok(taken) }
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

    fn judged(request: &Value) -> Result<Digest, Refusal> {
        let asked = read(&mut request.to_string().as_bytes(), ORIGIN)?;
        assert_eq!((asked.origin.as_str(), asked.again), (ORIGIN, false));
        match asked.what {
            What::Digest(digest) => Ok(digest),
            other => panic!("{other:?}"),
        }
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
        let request = judged(&signing(b"a document")).unwrap();
        assert_eq!((request.aim, request.hash, request.form), (Aim::Signing, Hash::Sha256, Form::Bare));
        assert_eq!(request.bytes, Hash::Sha256.digest(b"a document"));
        assert_eq!(request.selector.unwrap().keys, ["rsa", "ec"]);
        let mut digest = signing(&[7; 64]);
        (digest["contentType"], digest["hashAlgorithm"]) = ("digest".into(), "SHA512".into());
        assert_eq!(judged(&digest).unwrap().bytes, [7; 64]);
    }

    #[test]
    fn forms_and_selectors_as_services_write_them() {
        let mut request = signing(b"a document");
        for (name, form) in [("cms", Form::Cms), ("cms-pades", Form::Pades)] {
            request["signatureType"] = name.into();
            assert_eq!(judged(&request).unwrap().form, form);
        }
        request["selector"] =
            json!({ "keyusages": ["NonRepudiation"], "issuers": [" CN=x, C=FI"], "akis": ["q80="] });
        request["signatureAlgorithm"] = "ECDSA".into();
        let expected = Selector {
            keys: vec!["ec".to_owned()],
            issuers: vec!["CN=x, C=FI".to_owned()],
            akis: vec![vec![0xAB, 0xCD]],
        };
        assert_eq!(judged(&request).unwrap().selector, Some(expected));
        for (taken, algorithm, keys) in [
            (&["rsa", "ec"][..], "rsa", Ok("rsa")),
            (&["RSA"], "SHA512withRSA", Ok("rsa")),
            (&["ec"], "", Ok("ec")),
            (&["ec"], "RSA", Err(404)),
        ] {
            request["selector"] = json!({ "keyusages": ["nonrepudiation"], "keyalgorithms": taken });
            request["signatureAlgorithm"] = algorithm.into();
            let found = judged(&request).map(|digest| digest.selector.unwrap().keys.concat());
            assert_eq!(
                found.map_err(|refusal| refusal.code),
                keys.map(str::to_owned),
                "{taken:?} {algorithm}"
            );
        }
    }

    #[test]
    fn a_challenge_is_that_of_the_page_that_asks() {
        let nonce = "n".repeat(64);
        for separator in ["\n", " ", ";"] {
            let challenge = format!("{ORIGIN}{separator}{nonce}");
            let request = judged(&log_in(&challenge)).unwrap();
            assert_eq!(request.bytes, Hash::Sha256.digest(challenge.as_bytes()));
            assert_eq!(request.aim, Aim::Testing);
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
            assert_eq!(judged(&log_in(&challenge)).unwrap_err().code, 403, "{}", challenge.len());
        }
        let mut cms = log_in(&format!("{ORIGIN}\n{nonce}"));
        cms["signatureType"] = "cms".into();
        assert_eq!(judged(&cms).unwrap_err().code, 403);
        let mut digest = log_in("");
        (digest["contentType"], digest["content"]) =
            ("digest".into(), Base64::encode_string(&[7; 32]).into());
        assert_eq!(judged(&digest).unwrap_err().code, 403);
    }

    #[test]
    fn what_is_not_understood_or_not_supported() {
        for (name, value, code) in [
            ("version", json!("2.0"), 400),
            ("version", json!(1.1), 400),
            ("signatureType", json!("xml"), 400),
            ("hashAlgorithm", json!("SHA1"), 501),
            ("contentType", json!("file"), 400),
            ("contentType", json!("digest"), 400),
            ("content", json!(7), 400),
            ("content", json!("M"), 400),
            ("selector", json!({ "keyusages": "nonrepudiation" }), 400),
            ("selector", json!({ "keyusages": [1] }), 400),
            ("selector", json!({ "keyusages": ["keyCertSign"] }), 404),
            ("selector", json!({ "keyusages": ["nonrepudiation"], "akis": ["!"] }), 400),
        ] {
            let mut request = signing(b"a document");
            request[name] = value.clone();
            assert_eq!(judged(&request).unwrap_err().code, code, "{name} {value}");
        }
        for text in ["", "[]", "{}", "null", "{\"content\":\"MAA=\"", "\u{202e}"] {
            assert_eq!(read(&mut text.as_bytes(), ORIGIN).unwrap_err().code, 400, "{text}");
        }
        // The name in another writing is no way around.
        let hidden = signing(b"").to_string().replace("\"content\"", "\"cont\\u0065nt\"");
        assert_eq!(read(&mut hidden.as_bytes(), ORIGIN).unwrap_err().code, 400);
    }
}

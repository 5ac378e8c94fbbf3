//! A signature for another program, such as the bridge of browsers: it starts this one as its child with `--asked`, writes
//! a line of JSON and reads one. So no third program can stand between the two, and no PIN leaves this process.
//!
//! ```text
//! {"what": "log-in" or "sign", "origin": "https://...", "hash": "SHA-384", "digest": "hex", "certificate": "hex of the DER"}
//! {"signature": "hex"}   or   {"refused": "cancelled" or the kind of failure, "words": "..."}
//! ```
//!
//! "certificate" may be left out: it is that of the key which is meant. The end of the input means that nobody waits any
//! more.

use avain_flow::presenting::{Aim, Hash};
use avain_flow::{Failure, Kind, Words, interruption};
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Longest request.
const LONGEST: u64 = 64 * 1024;
/// Longest name of who asks (that of a host has up to 253 characters).
const ORIGIN: usize = 300;

/// What is asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) aim: Aim,
    /// Who asks: the address of a service.
    pub(crate) origin: String,
    pub(crate) hash: Hash,
    /// How the hash function is called.
    pub(crate) hash_name: &'static str,
    pub(crate) digest: Vec<u8>,
    /// The certificate that is meant.
    pub(crate) certificate: Option<Vec<u8>>,
}

const HASHES: [(&str, Hash); 8] = [
    ("SHA-224", Hash::Sha224),
    ("SHA-256", Hash::Sha256),
    ("SHA-384", Hash::Sha384),
    ("SHA-512", Hash::Sha512),
    ("SHA3-224", Hash::Sha3_224),
    ("SHA3-256", Hash::Sha3_256),
    ("SHA3-384", Hash::Sha3_384),
    ("SHA3-512", Hash::Sha3_512),
];

impl Request {
    /// The request in this line, if it is one.
    fn of(line: &str) -> Option<Self> {
        let asked: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| asked.get(name).and_then(Value::as_str);
        let aim = match text("what")? {
            "log-in" => Aim::Testing,
            "sign" => Aim::Signing,
            _ => return None,
        };
        let origin = text("origin").filter(|origin| !origin.is_empty() && origin.len() <= ORIGIN)?.to_owned();
        let (hash_name, hash) = HASHES.into_iter().find(|(name, _)| Some(*name) == text("hash"))?;
        let digest = bytes(text("digest")?).filter(|digest| digest.len() == hash.length())?;
        let certificate = match text("certificate") {
            Some(certificate) => Some(bytes(certificate)?),
            None => None,
        };
        Some(Request { aim, origin, hash, hash_name, digest, certificate })
    }

    /// Reads it, and watches from then on whether the other program is still there.
    pub(crate) fn read() -> Option<Self> {
        WAITED_FOR.store(true, Ordering::SeqCst);
        let mut input = io::BufReader::new(io::stdin().take(LONGEST));
        let mut line = String::new();
        input.read_line(&mut line).ok()?;
        let request = Self::of(&line)?;
        let rest = thread::Builder::new().name("asked".to_owned()).spawn(move || {
            let _ = io::copy(&mut input, &mut io::sink());
            interruption::request();
            interruption::wait_until_done();
            give_up();
            std::process::exit(0);
        });
        rest.is_ok().then_some(request)
    }
}

/// The bytes of hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..digits.len()).step_by(2).map(|at| digits.get(at..at.saturating_add(2)));
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

/// Answers with a signature.
pub(crate) fn sign(signature: &[u8]) {
    let digits: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    answer(&json!({ "signature": digits }));
}

/// Why it failed, should it be given up now.
static FAILED: Mutex<Option<(&str, String)>> = Mutex::new(None);

/// Notes why it failed: its holder may try again.
pub(crate) fn note(failure: &Failure, words: &Words) {
    let kind = match failure.kind {
        Kind::NoCard => "no-card",
        Kind::Locked => "locked",
        Kind::Unsupported => "unsupported",
        Kind::Cancelled => "cancelled",
        _ => "failed",
    };
    let said: Vec<String> = failure.words.iter().map(|text| words.say(text)).collect();
    *FAILED.lock().unwrap_or_else(PoisonError::into_inner) = Some((kind, said.join(" ")));
}

/// Answers that nothing was signed, and why.
pub(crate) fn give_up() {
    let failed = FAILED.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (kind, words) = failed.unwrap_or(("cancelled", String::new()));
    answer(&json!({ "refused": kind, "words": words }));
}

/// Is somebody waiting for an answer?
static WAITED_FOR: AtomicBool = AtomicBool::new(false);

/// Answers, once.
fn answer(said: &Value) {
    if WAITED_FOR.swap(false, Ordering::SeqCst) {
        // Nobody may be there any more.
        let _ = writeln!(io::stdout().lock(), "{said}");
    }
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
        let asked = Request::of(&line("sign", "https://example.org", "SHA-256", &good)).unwrap();
        assert_eq!((asked.aim, asked.digest, asked.certificate), (Aim::Signing, vec![0xAB; 32], None));
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
        for nothing in ["", "null", "[]", "{}", "\u{202E}"] {
            assert_eq!(Request::of(nothing), None);
        }
    }
}

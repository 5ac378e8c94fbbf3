//! The commands of Web eID's extension: each has exactly the arguments that it needs.

use avain_flow::Language;
use avain_flow::asked::{Digest, Form, HASHES, Request, What};
use avain_flow::presenting::Aim;
use base64ct::{Base64, Encoding};
use serde_json::{Map, Value};

/// Longest address of a service.
const ORIGIN: usize = 255;
/// How long a text that a service makes up for a login is: 32 random bytes in Base64, or more.
const NONCE: std::ops::RangeInclusive<usize> = 44..=128;

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Only the version was of interest.
    Quit,
    /// The holder has to be asked.
    Ask(Request),
}

/// What is wrong with a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(pub String);

fn wrong<T>(what: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong(what.into()))
}

impl Command {
    /// The command in this message.
    pub fn of(message: &[u8]) -> Result<Self, Wrong> {
        let Ok(Value::Object(message)) = serde_json::from_slice(message) else {
            return wrong("the message is no JSON object");
        };
        let Some(Value::String(command)) = message.get("command") else { return wrong("no command") };
        let nothing = Map::new();
        let arguments = match message.get("arguments") {
            Some(Value::Object(arguments)) => arguments,
            None if command == "quit" => &nothing,
            _ => return wrong("arguments must be an object"),
        };
        let what = match command.as_str() {
            "quit" => return Ok(Command::Quit),
            "authenticate" => log_in(&Arguments::of(arguments, &["challengeNonce", "origin"])?)?,
            "get-signing-certificate" => Arguments::of(arguments, &["origin"]).map(|_| What::Certificate)?,
            "sign" => {
                let names = ["certificate", "hash", "hashFunction", "origin"];
                What::Digest(digest(&Arguments::of(arguments, &names)?)?)
            }
            _ => return wrong("unknown command"),
        };
        let arguments = Arguments(arguments);
        let language = arguments.0.get("lang").and_then(Value::as_str).and_then(Language::of_locale);
        Ok(Command::Ask(Request { what, origin: origin(&arguments)?, language, again: false }))
    }
}

/// The arguments of a command.
struct Arguments<'a>(&'a Map<String, Value>);

impl<'a> Arguments<'a> {
    /// These, if they are all there and nothing else is, but for the language of the page.
    fn of(arguments: &'a Map<String, Value>, names: &[&str]) -> Result<Self, Wrong> {
        let known = |name: &String| name == "lang" || names.contains(&name.as_str());
        if !names.iter().all(|name| arguments.contains_key(*name)) || !arguments.keys().all(known) {
            return wrong(format!("the arguments must be: {}", names.join(", ")));
        }
        if arguments.get("lang").is_some_and(|language| !language.is_string()) {
            return wrong("lang must be a text");
        }
        Ok(Arguments(arguments))
    }

    fn text(&self, name: &str) -> Result<&'a str, Wrong> {
        let text = self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.map_or_else(|| wrong(format!("{name} must be a text")), Ok)
    }

    /// Bytes in Base64.
    fn bytes(&self, name: &str) -> Result<Vec<u8>, Wrong> {
        Base64::decode_vec(self.text(name)?).or_else(|_| wrong(format!("{name} must be in Base64")))
    }
}

fn log_in(arguments: &Arguments<'_>) -> Result<What, Wrong> {
    let nonce = arguments.text("challengeNonce")?;
    if !NONCE.contains(&nonce.chars().count()) || nonce.len() > *NONCE.end() {
        return wrong("challengeNonce must have 44 to 128 characters");
    }
    Ok(What::LogIn { nonce: nonce.to_owned() })
}

fn digest(arguments: &Arguments<'_>) -> Result<Digest, Wrong> {
    let name = arguments.text("hashFunction")?;
    let Some((_, hash)) = HASHES.into_iter().find(|(known, _)| *known == name) else {
        return wrong("unknown hashFunction");
    };
    let bytes = arguments.bytes("hash")?;
    if bytes.len() != hash.length() {
        return wrong("hash has not the length of hashFunction");
    }
    let certificate = Some(arguments.bytes("certificate")?);
    Ok(Digest { aim: Aim::Signing, hash, bytes, certificate, selector: None, form: Form::Bare })
}

/// The address of the service as browsers write it (RFC 6454 §6.2): a scheme that hides what is sent, a host in ASCII,
/// perhaps a port, and nothing else. So there is nothing in it that could look like another address.
fn origin(arguments: &Arguments<'_>) -> Result<String, Wrong> {
    let origin = arguments.text("origin")?;
    let host = ["https://", "wss://"].iter().find_map(|scheme| origin.strip_prefix(scheme));
    if origin.len() > ORIGIN || !host.is_some_and(is_host) {
        return wrong("origin must be https, a host, and no path");
    }
    Ok(origin.to_owned())
}

/// The same, for who takes no other scheme.
pub(crate) fn is_origin(text: &str) -> bool {
    text.len() <= ORIGIN && text.strip_prefix("https://").is_some_and(is_host)
}

fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let of_number = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let fits = match of_number {
        Some(number) => number.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
            let mut labels = host.strip_suffix('.').unwrap_or(host).split('.');
            labels.all(|label| !label.is_empty() && label.bytes().all(plain))
        }
    };
    fits && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(command: &str, arguments: Value) -> Result<Command, Wrong> {
        Command::of(json!({ "command": command, "arguments": arguments }).to_string().as_bytes())
    }

    fn nonce() -> String {
        "n".repeat(44)
    }

    fn is_wrong(command: &str, arguments: &Value) {
        assert!(of(command, arguments.clone()).is_err(), "{command} {arguments}");
    }

    #[test]
    fn each_command_with_its_arguments() {
        let origin = "https://example.org".to_owned();
        let asked = |what, language| {
            Ok(Command::Ask(Request { what, origin: origin.clone(), language, again: false }))
        };
        assert_eq!(Command::of(br#"{"command":"quit"}"#), Ok(Command::Quit));
        assert_eq!(of("quit", json!({})), Ok(Command::Quit));
        assert_eq!(
            of("authenticate", json!({ "challengeNonce": nonce(), "origin": origin, "lang": "et" })),
            asked(What::LogIn { nonce: nonce() }, Some(Language::Estonian))
        );
        assert_eq!(
            of("get-signing-certificate", json!({ "origin": origin, "lang": "lv" })),
            asked(What::Certificate, None)
        );
        let hash = Base64::encode_string(&[7; 48]);
        let signing =
            json!({ "certificate": "MAA=", "hash": hash, "hashFunction": "SHA-384", "origin": origin });
        let Ok(Command::Ask(Request { what: What::Digest(digest), .. })) = of("sign", signing) else {
            panic!("no digest")
        };
        assert_eq!((digest.aim, digest.bytes.as_slice()), (Aim::Signing, &[7; 48][..]));
        assert_eq!(digest.certificate.as_deref(), Some(&[0x30, 0x00][..]));
    }

    #[test]
    fn arguments_that_are_missing_too_many_or_of_another_kind() {
        let good = json!({ "challengeNonce": nonce(), "origin": "https://example.org" });
        for (name, value) in [
            ("challengeNonce", json!("n".repeat(43))),
            ("challengeNonce", json!("n".repeat(129))),
            ("challengeNonce", json!("ä".repeat(100))),
            ("challengeNonce", json!(44)),
            ("challengeNonce", json!(null)),
            ("origin", json!("")),
            ("lang", json!(1)),
            ("more", json!("")),
        ] {
            let mut arguments = good.clone();
            arguments[name] = value;
            is_wrong("authenticate", &arguments);
        }
        for name in ["challengeNonce", "origin"] {
            let mut arguments = good.clone();
            arguments.as_object_mut().unwrap().remove(name);
            is_wrong("authenticate", &arguments);
        }
        is_wrong("get-signing-certificate", &good);
        is_wrong("Authenticate", &good);
        let hash = Base64::encode_string(&[7; 32]);
        for (certificate, hash, function) in [
            ("MAA=", hash.as_str(), "SHA-384"),
            ("MAA=", &hash, "SHA-1"),
            ("MAA=", &hash, "sha-256"),
            ("MAA", &hash, "SHA-256"),
            ("MA A=", &hash, "SHA-256"),
            ("", &hash, "SHA-256"),
            ("MAA=", "", "SHA-256"),
            ("MAA=", "-_==", "SHA-256"),
        ] {
            let arguments = json!({
                "certificate": certificate, "hash": hash, "hashFunction": function, "origin": "https://example.org"
            });
            is_wrong("sign", &arguments);
        }
    }

    #[test]
    fn addresses_of_services() {
        let with = |origin: &str| of("get-signing-certificate", json!({ "origin": origin }));
        for origin in [
            "https://example.org",
            "https://xn--mnnen-mua.example",
            "https://localhost:8443",
            "https://[::1]:8443",
            "wss://a_b.example.",
        ] {
            assert!(with(origin).is_ok(), "{origin}");
        }
        let long = format!("https://{}", "a".repeat(248));
        for origin in [
            "http://example.org",
            "https://",
            "https://example.org/",
            "https://example.org/path",
            "https://example.org?q",
            "https://example.org#f",
            "https://example.org@evil.example",
            "https://user:pw@example.org",
            "https://example.org\\evil",
            "https://example.org evil",
            "https://ex\u{e4}mple.org",
            "https://\u{202e}gro.elpmaxe",
            "https://EXAMPLE.org",
            "https://example..org",
            "https://example.org:",
            "https://example.org:080",
            "https://example.org:99999",
            "https://[::1",
            "https://[x]",
            "example.org",
            "file:///etc/passwd",
            "null",
            &long,
        ] {
            assert!(with(origin).is_err(), "{origin}");
        }
    }

    #[test]
    fn messages_that_are_none() {
        let deep = "[".repeat(4096);
        for message in [
            &b"\xFF\xFE{}"[..],
            b"null",
            b"[]",
            b"{}",
            b"{\"command\":1}",
            b"{\"command\":\"quit\"",
            deep.as_bytes(),
        ] {
            assert!(Command::of(message).is_err());
        }
        for arguments in [json!(null), json!([]), json!("x")] {
            is_wrong("authenticate", &arguments);
            is_wrong("quit", &arguments);
        }
    }
}

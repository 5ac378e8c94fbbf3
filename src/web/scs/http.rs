//! As much of HTTP/1.1 as pages need: one request, whose head is short and whose body has a length, and one answer.

use crate::command::is_origin;
use avain_flow::registration::signing::PORT;
use std::io::{self, BufRead, ErrorKind, Read, Write};

/// The longest head.
const HEAD: u64 = 16 * 1024;
/// The longest body: a hundred megabytes in Base64, and what belongs to it.
const BODY: u64 = 140 * 1024 * 1024;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A page that shows a person that the service is there.
    Greeting,
    /// What the service can do.
    Version,
    /// May a page ask?
    Leave,
    /// A signature.
    Signature {
        /// How long the request for it is.
        length: u64,
    },
}

/// The head of a request that may be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What is asked for.
    pub asked: Asked,
    /// The page that asks, as the browser says.
    pub origin: Option<String>,
}

/// Why a request is not answered: its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status(pub u16, pub &'static str);

/// That there is an answer.
pub const OK: Status = Status(200, "OK");
const MALFORMED: Status = Status(400, "Bad Request");
const FORBIDDEN: Status = Status(403, "Forbidden");
const NOWHERE: Status = Status(404, "Not Found");
const METHOD: Status = Status(405, "Method Not Allowed");
const NO_LENGTH: Status = Status(411, "Length Required");
const TOO_LONG: Status = Status(413, "Content Too Large");
const LONG_HEAD: Status = Status(431, "Request Header Fields Too Large");

/// Reads a head, up to the empty line behind it.
pub fn read(input: &mut impl BufRead) -> io::Result<Result<Head, Status>> {
    let mut head = input.take(HEAD);
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        head.read_until(b'\n', &mut line)?;
        match (line.strip_suffix(b"\r\n"), head.limit()) {
            (Some([]), _) => break,
            (Some(line), _) => lines.push(String::from_utf8_lossy(line).into_owned()),
            (None, 0) => return Ok(Err(LONG_HEAD)),
            (None, _) if line.ends_with(b"\n") => return Ok(Err(MALFORMED)),
            (None, _) => return Err(ErrorKind::UnexpectedEof.into()),
        }
    }
    Ok(judged(&lines))
}

fn judged(lines: &[String]) -> Result<Head, Status> {
    let (request, fields) = lines.split_first().ok_or(MALFORMED)?;
    let words: Vec<&str> = request.split(' ').collect();
    let [method, path, "HTTP/1.1" | "HTTP/1.0"] = words.as_slice() else { return Err(MALFORMED) };
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|line| field(line)).collect::<Option<_>>().ok_or(MALFORMED)?;
    // A page whose own name leads to this computer (DNS rebinding) sends that name.
    if !one(&fields, "host")?.is_some_and(is_this_computer) {
        return Err(FORBIDDEN);
    }
    let origin = one(&fields, "origin")?;
    if origin.is_some_and(|origin| !is_origin(origin)) {
        return Err(FORBIDDEN);
    }
    let path = path.split_once('?').map_or(*path, |(path, _)| path);
    let asked = match (*method, path) {
        ("OPTIONS", "/version" | "/sign") if origin.is_some() => Asked::Leave,
        ("GET", "/") => Asked::Greeting,
        ("GET", "/version") => Asked::Version,
        ("POST", "/sign") => Asked::Signature { length: length(&fields)? },
        (_, "/" | "/version" | "/sign") => return Err(METHOD),
        _ => return Err(NOWHERE),
    };
    Ok(Head { asked, origin: origin.map(str::to_owned) })
}

/// Name and value; none, if it is not a field, or goes on in the next line (RFC 9112 §5.2).
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_name.then(|| (name, value.trim_matches([' ', '\t'])))
}

/// The value of a field that is there once at most.
fn one<'f>(fields: &[(&'f str, &'f str)], wanted: &str) -> Result<Option<&'f str>, Status> {
    let mut found =
        fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| *value);
    let first = found.next();
    if found.next().is_some() { Err(MALFORMED) } else { Ok(first) }
}

fn is_this_computer(host: &str) -> bool {
    let name = host.strip_suffix(&format!(":{PORT}"));
    name.is_some_and(|name| ["localhost", "127.0.0.1", "[::1]"].contains(&name))
}

fn length(fields: &[(&str, &str)]) -> Result<u64, Status> {
    if one(fields, "transfer-encoding")?.is_some() {
        return Err(NO_LENGTH);
    }
    let length = one(fields, "content-length")?.ok_or(NO_LENGTH)?;
    if !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MALFORMED);
    }
    length.parse().ok().filter(|length| *length <= BODY).ok_or(TOO_LONG)
}

/// Writes an answer. A page may read it if it was its own. The last field is for browsers of the plan before the one by
/// which they ask the user.
pub fn write(
    output: &mut impl Write,
    Status(code, reason): Status,
    origin: Option<&str>,
    kind: &str,
    body: &str,
) -> io::Result<()> {
    let mut head = format!(
        "HTTP/1.1 {code} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nVary: Origin\r\n",
        body.len()
    );
    if let Some(origin) = origin {
        head.push_str(&format!(
            "Access-Control-Allow-Origin: {origin}\r\nAccess-Control-Allow-Methods: GET, POST\r\n\
             Access-Control-Allow-Headers: Accept, Content-Type\r\nAccess-Control-Max-Age: 3600\r\n\
             Access-Control-Allow-Private-Network: true\r\n"
        ));
    }
    output.write_all(head.as_bytes())?;
    output.write_all(b"\r\n")?;
    output.write_all(body.as_bytes())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(request: &str, fields: &[&str]) -> Result<Head, Status> {
        let text = [&[request], fields, &["", ""]].concat().join("\r\n");
        read(&mut text.as_bytes()).unwrap()
    }

    const HOST: &str = "Host: localhost:53952";
    const ORIGIN: &str = "Origin: https://pankki.example";

    #[test]
    fn what_pages_ask_for() {
        let asked = |request, fields: &[&str]| head(request, fields).map(|head| head.asked);
        assert_eq!(asked("GET / HTTP/1.1", &[HOST]), Ok(Asked::Greeting));
        assert_eq!(asked("GET /version HTTP/1.1", &["host:127.0.0.1:53952", ORIGIN]), Ok(Asked::Version));
        assert_eq!(asked("GET /version?x=1 HTTP/1.0", &["Host: [::1]:53952"]), Ok(Asked::Version));
        assert_eq!(asked("OPTIONS /sign HTTP/1.1", &[HOST, ORIGIN]), Ok(Asked::Leave));
        let sign = head("POST /sign HTTP/1.1", &[HOST, ORIGIN, "content-length: 7"]).unwrap();
        assert_eq!(sign.asked, Asked::Signature { length: 7 });
        assert_eq!(sign.origin.as_deref(), Some("https://pankki.example"));
    }

    #[test]
    fn who_is_not_answered() {
        let sign = "POST /sign HTTP/1.1";
        for (request, fields, code) in [
            ("GET / HTTP/1.1", &[][..], 403),
            ("GET / HTTP/1.1", &["Host: evil.example:53952"], 403),
            ("GET / HTTP/1.1", &["Host: localhost"], 403),
            ("GET / HTTP/1.1", &["Host: localhost:53952.evil.example"], 403),
            ("GET / HTTP/1.1", &[HOST, HOST], 400),
            ("GET /version HTTP/1.1", &[HOST, "Origin: null"], 403),
            ("GET /version HTTP/1.1", &[HOST, "Origin: http://pankki.example"], 403),
            ("GET /version HTTP/1.1", &[HOST, ORIGIN, "Origin: https://b.example"], 400),
            ("GET /certs HTTP/1.1", &[HOST], 404),
            ("PUT /sign HTTP/1.1", &[HOST], 405),
            ("OPTIONS /sign HTTP/1.1", &[HOST], 405),
            ("GET  / HTTP/1.1", &[HOST], 400),
            ("GET / HTTP/2", &[HOST], 400),
            ("GET / HTTP/1.1", &[HOST, " folded"], 400),
            ("GET / HTTP/1.1", &[HOST, "no field"], 400),
            (sign, &[HOST, ORIGIN], 411),
            (sign, &[HOST, ORIGIN, "Transfer-Encoding: chunked"], 411),
            (sign, &[HOST, ORIGIN, "Content-Length: 7", "Content-Length: 8"], 400),
            (sign, &[HOST, ORIGIN, "Content-Length: +7"], 400),
            (sign, &[HOST, ORIGIN, "Content-Length: 99999999999999999999"], 413),
            (sign, &[HOST, ORIGIN, "Content-Length: 200000000"], 413),
        ] {
            assert_eq!(head(request, fields).unwrap_err().0, code, "{request} {fields:?}");
        }
        let long = "x".repeat(20_000);
        assert_eq!(read(&mut long.as_bytes()).unwrap(), Err(LONG_HEAD));
        assert_eq!(read(&mut &b"GET / HTTP/1.1\nHost: localhost:53952\n\n"[..]).unwrap(), Err(MALFORMED));
        assert!(read(&mut &b"GET / HT"[..]).is_err());
    }

    #[test]
    fn a_page_may_read_what_it_was_answered_and_no_other() {
        let mut wire = Vec::new();
        write(&mut wire, Status(200, "OK"), Some("https://pankki.example"), "application/json", "{}")
            .unwrap();
        let text = String::from_utf8(wire).unwrap();
        assert!(
            text.contains("Access-Control-Allow-Origin: https://pankki.example\r\n")
                && text.ends_with("\r\n\r\n{}")
        );
        let mut wire = Vec::new();
        write(&mut wire, NOWHERE, None, "text/plain", "").unwrap();
        assert!(!String::from_utf8(wire).unwrap().contains("Access-Control"));
    }
}

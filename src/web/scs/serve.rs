//! Serves pages: one request for each connection, within limits of time, and one question to the holder.

use super::http::{self, Asked, Head, Status};
use super::{authority, caller, reply, request};
use crate::asking;
use crate::holder::{Event, Holder};
use avain_flow::asked::What;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a client may take for the handshake and the head of its request.
const HEAD: Duration = Duration::from_secs(30);
/// How long it may take for a hundred megabytes: far more than within a computer.
const BODY: Duration = Duration::from_secs(120);
/// How long it may take to take an answer.
const ANSWER: Duration = Duration::from_secs(30);

/// What a person sees who looks whether the service is there.
const GREETING: &str = "Avain: pages can ask for signatures here (SCS 1.1).\n";

/// TLS with the certificate of the service.
pub fn config(folder: &Path) -> io::Result<Arc<ServerConfig>> {
    let shown = authority::read(folder)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = builder.map_err(io::Error::other)?.with_no_client_auth().with_single_cert(
        shown.chain.map(CertificateDer::from).to_vec(),
        PrivatePkcs8KeyDer::from(shown.key).into(),
    );
    config.map(Arc::new).map_err(io::Error::other)
}

/// A connection that has only so much time.
struct Timed {
    stream: TcpStream,
    end: Instant,
}

impl Timed {
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }

    fn give(&mut self, time: Duration) -> io::Result<()> {
        self.end = Instant::now().checked_add(time).ok_or(ErrorKind::InvalidInput)?;
        Ok(())
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

type Client = BufReader<StreamOwned<ServerConnection, Timed>>;

/// Serves one client, of this user. What goes wrong with it concerns nobody else.
pub fn serve(stream: TcpStream, config: Arc<ServerConfig>, holder: &impl Holder) -> io::Result<()> {
    caller::must_be_own(&stream)?;
    let mut timed = Timed { stream: stream.try_clone()?, end: Instant::now() };
    timed.give(HEAD)?;
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut client = BufReader::new(StreamOwned::new(connection, timed));
    let outcome = answer(&mut client, &stream, holder);
    client.get_mut().conn.send_close_notify();
    let _ = client.get_mut().flush();
    // Also the end of who waits for the client to go away.
    let _ = stream.shutdown(Shutdown::Both);
    outcome
}

fn answer(client: &mut Client, stream: &TcpStream, holder: &impl Holder) -> io::Result<()> {
    let head = match http::read(client)? {
        Ok(head) => head,
        Err(status) => return say(client, status, None, "text/plain", status.1),
    };
    let origin = head.origin.as_deref();
    match head.asked {
        Asked::Greeting => say(client, http::OK, origin, "text/plain", GREETING),
        Asked::Version => say(client, http::OK, origin, "application/json", &reply::version().to_string()),
        Asked::Leave => say(client, Status(204, "No Content"), origin, "text/plain", ""),
        Asked::Signature { length } => match sign(client, length, &head, stream, holder)? {
            Some(value) => say(client, http::OK, origin, "application/json", &value.to_string()),
            None => Ok(()),
        },
    }
}

fn say(client: &mut Client, status: Status, origin: Option<&str>, kind: &str, body: &str) -> io::Result<()> {
    client.get_mut().sock.give(ANSWER)?;
    http::write(client.get_mut(), status, origin, kind, body)
}

/// The answer to a request for a signature; none, if nobody waits for it any more.
fn sign(
    client: &mut Client,
    length: u64,
    head: &Head,
    stream: &TcpStream,
    holder: &impl Holder,
) -> io::Result<Option<Value>> {
    client.get_mut().sock.give(BODY)?;
    let mut body = Read::by_ref(client).take(length);
    let asked = match &head.origin {
        Some(origin) => request::read(&mut body, origin),
        // The holder could not be told who asks.
        None => Err(request::Refusal { code: 403, text: "Only pages can ask" }),
    };
    // Whoever writes does not read: what is wrong with the beginning can be said at the end.
    io::copy(&mut body, &mut io::sink())?;
    if body.limit() > 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let asked = match asked {
        Ok(asked) => asked,
        Err(refusal) => return Ok(Some(reply::refused(refusal))),
    };
    let (sender, events) = channel();
    watch(stream.try_clone()?, sender.clone())?;
    let answered = asking::ask(asked.clone(), holder, sender, &events);
    Ok(answered.map(|answered| match (answered, &asked.what) {
        (Ok(answer), What::Digest(digest)) => reply::signed(digest, &answer),
        (Ok(_), _) => reply::refused(request::Refusal { code: 500, text: "There is no signature" }),
        (Err(why), _) => reply::unanswered(why),
    }))
}

/// Waits for the client to go away, or for the end of the connection. A client that says anything while it waits for its
/// answer is on its way, too: it ends the session of TLS.
fn watch(stream: TcpStream, events: Sender<Event>) -> io::Result<()> {
    stream.set_read_timeout(None)?;
    let wait = move || {
        let _ = stream.peek(&mut [0]);
        let _ = events.send(Event::Gone);
    };
    thread::Builder::new().name("page".to_owned()).spawn(wait).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Neither the one who sends nothing, nor the one who sends a byte now and then, keeps a connection for longer.
    #[test]
    fn who_is_slow_is_left() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        let mut timed = Timed { stream, end: Instant::now() };
        timed.give(Duration::from_millis(200)).unwrap();
        let dripping = thread::spawn(move || {
            while client.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_millis(5));
            }
        });
        let kind = loop {
            match timed.read(&mut [0]) {
                Ok(read) => assert_eq!(read, 1),
                Err(error) => break error.kind(),
            }
        };
        assert!(matches!(kind, ErrorKind::TimedOut | ErrorKind::WouldBlock), "{kind}");
        drop(timed);
        dripping.join().unwrap();
    }
}

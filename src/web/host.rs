//! The native host of Web eID: says its version, takes one command, answers it, and ends.

use crate::asking::{self, Unanswered};
use crate::command::Command;
use crate::frames;
use crate::holder::{Event, Holder};
use crate::reply::{self, Trouble};
use avain_flow::asked::Request;
use serde_json::Value;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// How long the extension may take for its command, which it sends at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves one command.
pub fn serve(
    input: impl Read + Send + 'static,
    output: &mut impl Write,
    holder: &impl Holder,
) -> io::Result<()> {
    frames::write(output, &reply::version().to_string())?;
    let (sender, events) = channel();
    let browser = sender.clone();
    thread::Builder::new().name("browser".to_owned()).spawn(move || listen(input, &browser))?;
    let answer = match events.recv_timeout(PATIENCE) {
        Ok(Event::Command(message)) => answer(&message, holder, sender, &events),
        Ok(Event::Nonsense) => Some(reply::trouble(Trouble::Argument, "a message has 5 to 8192 bytes")),
        Ok(Event::Gone | Event::Answered(_)) => None,
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            Some(reply::trouble(Trouble::Fatal, "no command"))
        }
    };
    answer.map_or(Ok(()), |answer| frames::write(output, &answer.to_string()))
}

/// Reads the command, and then nothing more but that the browser is gone.
fn listen(mut input: impl Read, events: &Sender<Event>) {
    let event = match frames::read(&mut input) {
        Ok(message) => Event::Command(message),
        Err(error) if error.kind() == ErrorKind::InvalidData => Event::Nonsense,
        Err(_) => Event::Gone,
    };
    let _ = events.send(event);
    let _ = io::copy(&mut input, &mut io::sink());
    let _ = events.send(Event::Gone);
}

/// The answer to a command; none, if nobody waits for it any more.
fn answer(
    message: &[u8],
    holder: &impl Holder,
    sender: Sender<Event>,
    events: &Receiver<Event>,
) -> Option<Value> {
    match Command::of(message) {
        Ok(Command::Quit) => Some(reply::goodbye()),
        Ok(Command::Ask(request)) => ask(request, holder, sender, events),
        Err(wrong) => Some(reply::wrong(&wrong)),
    }
}

fn ask(
    request: Request,
    holder: &impl Holder,
    sender: Sender<Event>,
    events: &Receiver<Event>,
) -> Option<Value> {
    Some(match asking::ask(request.clone(), holder, sender, events)? {
        Ok(answer) => reply::given(&request, &answer),
        Err(Unanswered::Pending) => reply::trouble(Trouble::Pending, "the holder is being asked already"),
        Err(Unanswered::Nowhere) => {
            reply::trouble(Trouble::Fatal, "the holder cannot be asked: no display, no terminal")
        }
        Err(Unanswered::Refused(refused)) => reply::trouble(refused.into(), refused.name()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_flow::asked::{Answer, Key, Refused};
    use avain_flow::presenting::Hash;
    use serde_json::json;
    use std::cell::Cell;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, Mutex, PoisonError};

    /// A holder who answers the same each time, or does not answer.
    struct Somebody {
        answer: Option<Result<Answer, Refused>>,
        asked: Cell<u32>,
        taken_back: Arc<AtomicU32>,
    }

    struct Question(Arc<AtomicU32>);

    impl Drop for Question {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    impl Holder for Somebody {
        type Asking = Question;

        fn ask(&self, _: &Request, events: Sender<Event>) -> io::Result<Question> {
            self.asked.set(self.asked.get().saturating_add(1));
            if let Some(answer) = self.answer.clone() {
                events.send(Event::Answered(answer)).unwrap();
            } else {
                // The sender lives on, as a child does.
                std::mem::forget(events);
            }
            Ok(Question(self.taken_back.clone()))
        }
    }

    fn somebody(answer: Option<Result<Answer, Refused>>) -> Somebody {
        Somebody { answer, asked: Cell::new(0), taken_back: Arc::default() }
    }

    fn answer(key: Key, signature: Option<Vec<u8>>) -> Answer {
        let algorithm = "ES384".to_owned();
        let (certificate, hashes, issuers) = (vec![0x30, 0x00], vec![Hash::Sha256], Vec::new());
        Answer { certificate, key, algorithm, hashes, signature, issuers }
    }

    /// Whose end has not come yet: nothing is left to read, and it blocks.
    struct Open(io::Cursor<Vec<u8>>);

    impl Read for Open {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            // In small pieces, as a slow browser would.
            let piece = buffer.len().min(3);
            match self.0.read(&mut buffer[..piece])? {
                0 => loop {
                    thread::park();
                },
                read => Ok(read),
            }
        }
    }

    fn framed(message: &str) -> Vec<u8> {
        let mut wire = Vec::new();
        frames::write(&mut wire, message).unwrap();
        wire
    }

    /// All that is said to who sends this. One holder is asked at a time, and tests are holders of one user.
    fn said(input: impl Read + Send + 'static, holder: &Somebody) -> Vec<Value> {
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut output = Vec::new();
        serve(input, &mut output, holder).unwrap();
        let mut rest = output.as_slice();
        let mut said = Vec::new();
        while !rest.is_empty() {
            said.push(
                serde_json::from_slice(&frames::read(&mut rest).unwrap_or_else(|_| b"{}".to_vec())).unwrap(),
            );
            if said.len() > 2 {
                break;
            }
        }
        said
    }

    fn open(message: &str) -> Open {
        Open(io::Cursor::new(framed(message)))
    }

    fn command(name: &str, arguments: &Value) -> String {
        json!({ "command": name, "arguments": arguments }).to_string()
    }

    fn log_in() -> String {
        command("authenticate", &json!({ "challengeNonce": "n".repeat(44), "origin": "https://a.example" }))
    }

    #[test]
    fn the_version_comes_first_and_one_answer_follows() {
        let holder = somebody(None);
        // The answer to `quit` is shorter than any command.
        let mut output = Vec::new();
        serve(open(r#"{"command":"quit","arguments":{}}"#), &mut output, &holder).unwrap();
        let version = framed(&reply::version().to_string());
        assert_eq!(output, [version, framed("{}")].concat());
        assert!(reply::version()["version"].as_str().unwrap().starts_with("2."));
        assert_eq!(holder.asked.get(), 0);
    }

    #[test]
    fn what_the_holder_gives_is_answered_in_the_words_of_web_eid() {
        let signed = somebody(Some(Ok(answer(Key::Ec, Some(vec![1, 2, 3])))));
        let token = said(open(&log_in()), &signed).pop().unwrap();
        let program = concat!("avain-web/", env!("CARGO_PKG_VERSION"));
        let expected = json!({ "unverifiedCertificate": "MAA=", "algorithm": "ES384", "signature": "AQID",
            "format": "web-eid:1.0", "appVersion": program });
        assert_eq!(token, expected);
        let hash = "A".repeat(43) + "=";
        let signing = command(
            "sign",
            &json!({ "certificate": "MAA=", "hash": hash, "hashFunction": "SHA-256", "origin": "https://a.example" }),
        );
        let rsa = somebody(Some(Ok(answer(Key::Rsa, Some(vec![1, 2, 3])))));
        let algorithm =
            json!({ "cryptoAlgorithm": "RSA", "hashFunction": "SHA-256", "paddingScheme": "PKCS1.5" });
        let expected = json!({ "signature": "AQID", "signatureAlgorithm": algorithm });
        assert_eq!(said(open(&signing), &rsa).pop(), Some(expected));
        let asking = command("get-signing-certificate", &json!({ "origin": "https://a.example" }));
        let shown = somebody(Some(Ok(answer(Key::Rsa, None))));
        let expected = json!({ "certificate": "MAA=", "supportedSignatureAlgorithms": [algorithm] });
        assert_eq!(said(open(&asking), &shown).pop(), Some(expected));
    }

    #[test]
    fn refusals_by_the_names_of_the_page_library() {
        for (refused, code) in [
            (Refused::Cancelled, "ERR_WEBEID_USER_CANCELLED"),
            (Refused::Locked, "ERR_WEBEID_NATIVE_FATAL"),
            (Refused::NoCard, "ERR_WEBEID_NATIVE_FATAL"),
        ] {
            let said = said(open(&log_in()), &somebody(Some(Err(refused))));
            assert_eq!(said[1]["error"]["code"], code);
        }
    }

    /// Half frames, lengths of 4 GiB, what is no text, no JSON, or no command: nobody is asked for any of it.
    #[test]
    fn a_hostile_client_is_told_what_is_wrong_or_nothing() {
        let holder = somebody(None);
        let whole = framed(&log_in());
        for cut in 0..whole.len() {
            let said = said(io::Cursor::new(whole[..cut].to_vec()), &holder);
            assert_eq!(said.len(), 1, "after {cut} bytes");
        }
        let raw = |bytes: &[u8]| framed_bytes(bytes);
        for wire in [
            u32::MAX.to_ne_bytes().to_vec(),
            [&u32::MAX.to_ne_bytes()[..], &[b'x'; 100_000]].concat(),
            raw(&[b' '; 8193]),
            raw(b"null"),
            raw(b"\xFF\xFE\xFD\xFC\xFB"),
            raw(b"[[[[[[[["),
            raw(br#"{"command":"authenticate","arguments":{"origin":"https://a.example"}}"#),
            raw(br#"{"command":"format-disk","arguments":{}}"#),
            raw("{\"command\":\"\u{202e}\"}".as_bytes()),
        ] {
            let said = said(io::Cursor::new(wire.clone()), &holder);
            assert_eq!(said.last().unwrap()["error"]["code"], "ERR_WEBEID_NATIVE_INVALID_ARGUMENT");
        }
        assert_eq!(holder.asked.get(), 0);
    }

    fn framed_bytes(bytes: &[u8]) -> Vec<u8> {
        [&u32::try_from(bytes.len()).unwrap().to_ne_bytes(), bytes].concat()
    }

    /// A page that is closed takes its question back, and more commands behind the first are not served.
    #[test]
    fn who_goes_away_takes_the_question_back() {
        let holder = somebody(None);
        let two = [framed(&log_in()), framed(&log_in())].concat();
        assert_eq!(said(io::Cursor::new(two), &holder).len(), 1);
        assert_eq!((holder.asked.get(), holder.taken_back.load(Ordering::SeqCst)), (1, 1));
    }
}

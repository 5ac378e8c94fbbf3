//! What browsers send to `avain-web`: frames and the commands in them, and requests to the signature service on localhost.
//! What is accepted keeps to the rules.
#![no_main]

use avain_flow::asked::{Request, What};
use avain_web::command::Command;
use avain_web::frames;
use avain_web::scs::{http, request};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut rest = data;
    while let Ok(message) = frames::read(&mut rest) {
        assert!((5..=frames::LONGEST).contains(&message.len()));
        command(&message);
    }
    command(data);
    let (head, body) = data.split_at(data.len() / 2);
    for mut head in [data, head] {
        if let Ok(Ok(head)) = http::read(&mut head) {
            assert!(
                head.origin
                    .is_none_or(|origin| origin.starts_with("https://") && !origin.contains(['\r', '\n']))
            );
        }
    }
    for mut body in [data, body] {
        signature(&mut body);
    }
});

/// A request for a signature by the other service.
fn signature(body: &mut &[u8]) {
    let Ok(asked) = request::read(body, "https://pankki.example") else { return };
    let What::Digest(digest) = &asked.what else { panic!("{asked:?}") };
    assert_eq!(digest.bytes.len(), digest.hash.length());
    assert!(digest.selector.is_some() && digest.certificate.is_none());
    assert_eq!(Request::of(&asked.line()).as_ref(), Some(&asked), "the child reads something else");
}

fn command(message: &[u8]) {
    let Ok(Command::Ask(request)) = Command::of(message) else { return };
    let origin = request.origin.as_str();
    let host = origin.strip_prefix("https://").or(origin.strip_prefix("wss://")).expect("a safe scheme");
    assert!(origin.len() <= 255 && !host.is_empty() && host.is_ascii());
    assert!(!host.contains(['/', '?', '#', '@', '\\', ' ', '%']), "{origin}");
    match &request.what {
        What::LogIn { nonce } => assert!((44..=128).contains(&nonce.chars().count())),
        What::Digest(digest) => assert_eq!(digest.bytes.len(), digest.hash.length()),
        What::Certificate => {}
    }
    assert!(!request.again);
    assert_eq!(Request::of(&request.line()).as_ref(), Some(&request), "the child reads something else");
}

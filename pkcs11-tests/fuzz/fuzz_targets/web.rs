//! What a browser sends to `avain-web`: frames and the commands in them. What is accepted keeps to the rules.
#![no_main]

use avain_flow::asked::{Request, What};
use avain_web::command::Command;
use avain_web::frames;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut rest = data;
    while let Ok(message) = frames::read(&mut rest) {
        assert!((5..=frames::LONGEST).contains(&message.len()));
        command(&message);
    }
    command(data);
});

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

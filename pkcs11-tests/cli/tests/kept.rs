//! Certificates that the module keeps for the time of a login session: the tool does not use them.

use cli::{Bench, avain, code};
use kit::{LoginSession, Module, scratch};
use simcard::Codes;

/// Commands of the tool for its list of certificates.
fn cost(bench: &Bench) -> u64 {
    bench.card().log_mut().mark();
    avain(&["certs"], &[]).ends(code::DONE);
    bench.card().log().since_mark().count
}

/// It checks the signatures that it makes, by the certificates that it shows.
#[test]
fn the_tool_reads_the_card_alone() {
    let bench = Bench::with("fineid-v4.0");
    let session = LoginSession::new();
    let before = cost(&bench);
    assert!(!session.folder().join("avain").exists());
    let module = Module::load();
    let running = module.initialize().expect("C_Initialize");
    for slot in module.slots(true).expect("C_GetSlotList") {
        let program = module.open(slot).expect("C_OpenSession");
        program.find(&[]).expect("what is on the card");
    }
    drop(running);
    assert_eq!(session.files().len(), 1, "the module keeps them");
    assert_eq!(cost(&bench), before, "they are read from the card");
    let file = scratch("sign").join("letter");
    std::fs::write(&file, b"text").unwrap();
    avain(&["sign", file.to_str().unwrap()], &[Codes::PIN2]).ends(code::DONE);
}

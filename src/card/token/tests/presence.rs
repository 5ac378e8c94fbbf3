//! What the daemon reports of a reader, and what is concluded from it.

use crate::cards::PROFILES;
use crate::token::Reader;
use crate::token::policy::PinHistory;
use crate::transport::watch::ReaderState;
use std::sync::Arc;

fn report(atr: &[u8], events: u32) -> ReaderState {
    ReaderState {
        name: c"Reader 00 00".into(),
        card: Some(atr.to_vec()),
        events,
        daemon: 1,
        in_use: false,
        exclusive: false,
    }
}

/// pcscd has no answer to reset for a moment while another program resets the card (seen once in some 10,000
/// operations of three programs); its count stays the same.
#[test]
fn a_card_without_an_answer_to_reset_is_recognised_when_the_answer_is_there() {
    let reader = Reader::new(c"Reader 00 00".into(), Arc::new(PinHistory::default()));
    let atr = PROFILES[0].atrs.known[0].bytes;
    assert!(reader.observe(Some(&report(b"", 3))), "a card was put in");
    assert!(reader.insertion().is_some_and(|card| card.profile().is_none()));
    assert!(!reader.observe(Some(&report(atr, 3))), "nothing was put in or taken out");
    let card = reader.insertion().expect("the card");
    assert!(card.profile().is_some());
    // And the other way: what was known stays.
    assert!(!reader.observe(Some(&report(b"", 3))));
    assert!(reader.holds(&card));
}

//! Whatever is sent: no panic, an answer that fits the line, and no counter moves but by a credential command.

use crate::common::*;
use proptest::prelude::*;
use simcard::{Card, DeliveryState, PIN1, PIN2, PUK};
use std::cell::RefCell;

/// Commands that are nearly right, so that the tests get past the first check.
fn nearly_right() -> impl Strategy<Value = Vec<u8>> {
    let head = prop_oneof![
        Just(bytes("00A4")),
        Just(bytes("00B0")),
        Just(bytes("0020")),
        Just(bytes("0024")),
        Just(bytes("002C")),
        Just(bytes("002241")),
        Just(bytes("002A90A0")),
        Just(bytes("002A9E9A")),
        Just(bytes("002A8086")),
        Just(bytes("102A8086")),
        Just(bytes("00CB00FF05A0038301")),
        Just(bytes("80CA9F7F")),
        Just(bytes("00C00000")),
        Just(bytes("00A4080C04")),
        Just(bytes("002000110C323436383133")),
        Just(bytes("002241B606800154840101")),
        Just(bytes(SELECT)),
        Just(bytes(VERIFY1)),
    ];
    (head, proptest::collection::vec(any::<u8>(), 0..40)).prop_map(|(head, tail)| [head, tail].concat())
}

fn any_command() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![proptest::collection::vec(any::<u8>(), 0..300), nearly_right()]
}

fn tries(card: &Card) -> [Option<u8>; 3] {
    [PIN1, PIN2, PUK].map(|reference| card.tries_left(reference))
}

thread_local! {
    // One card for all cases: making one each time would be most of the time, and state adds up to more paths.
    static CARDS: RefCell<Vec<Card>> = RefCell::new(
        ALL.iter().map(|model| switched(*model, DeliveryState::Activated, &[("backup_keys", "yes")])).collect()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_nothing_else_moves_a_counter(commands in proptest::collection::vec(any_command(), 1..6), which in 0..4_usize, extended: bool) {
        CARDS.with_borrow_mut(|cards| {
            let card = &mut cards[which];
            card.switches_mut().extended_length = extended;
            card.switches_mut().case4_le = extended;
            for command in &commands {
                let before = tries(card);
                let answer = card.transmit(command);
                prop_assert!(answer.len() >= 2);
                prop_assert!(extended || answer.len() <= 258);
                let credential = matches!(command.get(1), Some(0x20 | 0x24 | 0x2C));
                if !credential {
                    prop_assert_eq!(before, tries(card), "{}", hex(command));
                }
                if tries(card) != before {
                    prop_assert!(command.len() >= 17 && command[0] == 0x00);
                }
            }
            for reference in [PIN1, PIN2, PUK] {
                card.set_tries_left(reference, 5);
            }
            Ok(())
        })?;
    }

    #[test]
    fn faults_and_control_lines_are_parsed_or_refused(text in "[ -~]{0,60}") {
        let _ = simcard::Fault::parse(&text);
        let _ = simcard::CardOptions::default().apply(&text);
        let _ = simcard::control::execute(&mut [], &text);
    }
}

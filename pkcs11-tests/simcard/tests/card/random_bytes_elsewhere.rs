//! The cards other than the Finnish citizen's, whatever is sent: no panic, an answer that fits the line, and only
//! credential commands move a counter.

use crate::common::*;
use crate::models::make;
use proptest::prelude::*;
use simcard::{Card, CardModel};
use std::cell::RefCell;

/// Starts of commands that these cards know, so that the tests get past the first check.
const HEADS: &[&str] = &[
    "00A4080C",
    "002000110C323436383133000000000000",
    "002000820C313233343536000000000000",
    "002000010C323436383133FFFFFFFFFFFF",
    "002000810C323436383133000000000000",
    "0024001118",
    "00A4000C023F00",
    "002241B606800154840101",
    "00A4020C02",
    "00A4040C",
    "00A404000E315041592E5359532E4444463031",
    "00A4040C06452E5349474E",
    "00A4040C0CA000000063504B43532D3135",
    "00A4080C043F00DF00",
    "00A4020C025038",
    "00B00000",
    "00B2010C",
    "0020",
    "002000010826246813FFFFFFFF",
    "002000030632343638313300",
    "002000010C323436383133FFFFFFFFFFFF",
    "00240001",
    "0024000309323436383133",
    "002C0203",
    "002C000118",
    "002241B6",
    "002241B6050480028482",
    "002241B606800154840105",
    "002241B606800131840121",
    "002A9E9A30",
    "002A9E9A",
    "00C00000",
    "80E40000",
    "80E60000",
    "80CA9F17",
    "A0A40000023F00",
    "A0200001",
    "00A4040C0DE828BD080FF2504F5420415750",
    "00A4040C1051534344204170706C69636174696F6E",
    "00A4090404ADF1340100",
    "00A4080404ADF1341100",
    "00CB3FFF0A4D087006BF810102A08000",
    "00CB00FF05A00383018200",
    "002241A406800104840181",
    "002241B803840101",
    "0088000030",
    "002A90A0",
    "002A8086",
];

/// A command that some card knows, or its beginning, or anything.
pub(crate) fn any_command() -> impl Strategy<Value = Vec<u8>> {
    let head = proptest::sample::select(HEADS).prop_map(bytes);
    let tail = proptest::collection::vec(any::<u8>(), 0..60);
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..300),
        (head.clone(), tail).prop_map(|(head, tail)| [head, tail].concat()),
        head,
    ]
}

thread_local! {
    // One card of each model for all cases: making them takes longer than using them, and state adds up.
    static CARDS: RefCell<Vec<Card>> = RefCell::new({
        let elsewhere = CardModel::EVERY.iter().filter(|model| !CardModel::ALL.contains(model));
        elsewhere.map(|model| make(model.description().name, &[])).collect()
    });
}

fn tries(card: &Card) -> Vec<Option<u8>> {
    card.description().pins.iter().map(|pin| card.tries_left(pin.reference)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_nothing_else_moves_a_counter(
        commands in proptest::collection::vec(any_command(), 1..8),
        which: proptest::sample::Index,
        extended: bool,
    ) {
        CARDS.with_borrow_mut(|cards| {
            let card = which.get_mut(cards);
            card.switches_mut().extended_length = extended;
            card.switches_mut().case4_le = extended;
            for command in &commands {
                let before = tries(card);
                let answer = card.transmit(command);
                prop_assert!(answer.len() >= 2);
                prop_assert!(extended || answer.len() <= 258);
                if !matches!(command.get(1), Some(0x20 | 0x24 | 0x2C)) {
                    prop_assert_eq!(before, tries(card), "{}", hex(command));
                }
            }
            let references: Vec<_> = card.description().pins.iter().map(|pin| pin.reference).collect();
            for reference in references {
                card.set_tries_left(reference, 15);
            }
            card.log_mut().take();
            Ok(())
        })?;
    }
}

//! PINs and PUKs that are passwords of a channel: suspended at the last try, and what permits setting others.

use super::super::bench::{Bench, Wire, pin, typed};
use super::{PINS, PUK, ROWS, Row, row};
use crate::cards::profile::{PinUse, Presentation, Secret, Unblocking};
use crate::cards::{CardError, PinError, Role};
use crate::token::transaction::CardState;
use simcard::{Action, CardModel, DeliveryState, Fault};

const FIRST: Secret = Secret::Pin(Role::Authentication);

/// The cards with such a PIN, in each way in which they may behave.
fn rows() -> Vec<Row> {
    let suspended: &[_] = &[("suspended_at", "nonce"), ("plain_in_channel", "refused")];
    let all = [row(CardModel::Lithuania, suspended, "LTEID 2021")];
    let known = ROWS.iter().filter(|row| row.card == CardModel::Lithuania);
    known.map(|known| row(known.card, known.switches, known.model)).chain(all).collect()
}

fn presented(bench: &Bench<Wire>) -> (u32, u32) {
    bench.spent(bench.reference(Role::Authentication))
}

#[test]
fn a_suspended_pin_is_resumed_by_the_number_of_the_card() {
    for row in rows() {
        let mut bench = row.bench();
        let reference = bench.reference(Role::Authentication);
        for (wrong, left) in [("999991", 2), ("999992", 1)] {
            let outcome = bench.type_pin(Role::Authentication, wrong);
            assert_eq!(outcome, Err(PinError::Wrong { left: Some(left) }), "{row}");
        }
        // Its holder knows it after all.
        bench.log_in(Role::Authentication, PINS[0]).unwrap_or_else(|error| panic!("{row}: {error:?}"));
        assert_eq!(bench.card.0.tries_left(reference), Some(3), "{row}");
        let keys = bench.keys();
        bench.sign(keys.iter().find(|key| key.spec.pin_use == PinUse::OncePerLogin).unwrap()).unwrap();
        assert_eq!(presented(&bench), (3, 2), "{row}");
        // Or does not.
        for (wrong, left) in [("999993", 2), ("999994", 1), ("999995", 0)] {
            let outcome = bench.type_pin(Role::Authentication, wrong);
            assert!(
                outcome == Err(PinError::Wrong { left: Some(left) })
                    || (left, outcome) == (0, Err(PinError::Blocked)),
                "{row}: {outcome:?}"
            );
        }
        let before = presented(&bench);
        assert_eq!(bench.type_pin(Role::Authentication, PINS[0]), Err(PinError::Blocked), "{row}");
        assert_eq!(presented(&bench), before, "{row}: nothing is sent");
    }
}

/// Another program opens a channel of its own, or one was lost: the PIN is presented again, once.
#[test]
fn a_channel_of_the_pin_that_was_lost_is_opened_anew() {
    for row in rows() {
        let mut bench = row.bench();
        let keys = bench.keys();
        let key = keys.iter().find(|key| key.spec.pin_use == PinUse::OncePerLogin).unwrap();
        bench.log_in(Role::Authentication, PINS[0]).unwrap();
        bench.sign(key).unwrap();
        let own = std::mem::take(&mut bench.card_state);
        bench.with(|card| card.make_ready()).unwrap();
        bench.card_state = own;
        bench.sign(key).unwrap_or_else(|error| panic!("{row}: {error:?}"));
        assert_eq!(presented(&bench), (2, 0), "{row}");
        bench.with(|card| card.log_out(card.pin_spec(Role::Authentication)?)).unwrap();
        assert!(!bench.card.0.is_verified(bench.reference(Role::Authentication)), "{row}");
    }
}

/// The old PIN was right, and the answer to the new one tells nothing: nobody can say which it is now, so neither is
/// presented unasked.
#[test]
fn a_change_without_a_clear_answer_is_said_to_be_uncertain() {
    for (action, is_set) in [(Action::StatusAfter(0x6F00), true), (Action::Status(0x6F00), false)] {
        for row in rows() {
            let mut bench = row.bench();
            let reference = bench.reference(Role::Authentication);
            bench.log_in(Role::Authentication, PINS[0]).unwrap();
            bench.card.0.faults_mut().push(Fault::on(&[0x24, 0x01], action.clone()));
            let outcome = bench.change(Role::Authentication, PINS[0], "424242");
            let Err(PinError::Unclear { after, .. }) = outcome else { panic!("{row}: {outcome:?}") };
            assert_eq!((after.set(), after.is_spent()), (None, false), "{row}");
            assert_eq!(bench.card.0.code_is(reference, "424242"), is_set, "{row}");
            assert!(!bench.card.0.is_verified(reference), "{row}: its channel stays open");
            assert!(bench.session_pin.0.is_none(), "{row}");
            let now = if is_set { "424242" } else { PINS[0] };
            bench.type_pin(Role::Authentication, now).unwrap_or_else(|error| panic!("{row}: {error:?}"));
        }
    }
}

#[test]
fn a_wrong_old_pin_changes_nothing() {
    for row in rows() {
        let mut bench = row.bench();
        let outcome = bench.change(Role::Authentication, "999999", "424242");
        assert_eq!(outcome, Err(PinError::Wrong { left: Some(2) }), "{row}");
        assert_eq!(presented(&bench), (1, 1), "{row}");
        assert!(bench.card.0.code_is(bench.reference(Role::Authentication), PINS[0]), "{row}");
    }
}

#[test]
fn the_puk_gives_a_pin_its_tries_again_and_leaves_it_what_it_was() {
    for row in rows() {
        let mut bench = row.make(DeliveryState::BlockedPins);
        let puk = bench.profile().codes.puk.clone().unwrap();
        assert!(matches!(puk.unblocking, Unblocking::Counter { .. }));
        let refill = |bench: &mut Bench<Wire>, role, digits: &str| {
            bench.with(|card| card.refill(card.pin_spec(role)?, &pin(digits)))
        };
        for role in Role::ALL {
            let reference = bench.reference(role);
            let left = bench.card.0.tries_left(puk.reference).unwrap() - 1;
            let wrong = format!("8765432{}", role.index());
            assert_eq!(refill(&mut bench, role, &wrong), Err(PinError::Wrong { left: Some(left) }), "{row}");
            assert_eq!(refill(&mut bench, role, &wrong), Err(PinError::RefusedBefore), "{row}");
            refill(&mut bench, role, PUK).unwrap_or_else(|error| panic!("{row}: {error:?}"));
            assert!(!bench.card.0.is_verified(puk.reference), "{row}: the PUK stays open");
            assert!(bench.card.0.code_is(reference, PINS[role.index()]), "{row}");
            assert_eq!(bench.card.0.tries_left(reference), Some(3), "{row}");
            bench.type_pin(role, PINS[role.index()]).unwrap_or_else(|error| panic!("{row}: {error:?}"));
        }
        // No new PIN is set by it.
        let outcome = bench.set_by_code(Role::Signature, PUK, "424242");
        assert_eq!(outcome, Err(PinError::Card(CardError::Unsupported)), "{row}");
    }
}

/// The card did what it was told, and its answer tells nothing.
#[test]
fn a_pin_that_has_its_tries_again_without_a_clear_answer_is_asked_how_it_stands() {
    for row in rows() {
        let mut bench = row.make(DeliveryState::BlockedPins);
        bench.card.0.faults_mut().push(Fault::on(&[0x2C, 0x03], Action::StatusAfter(0x6F00)));
        let outcome = bench.with(|card| card.refill(card.pin_spec(Role::Authentication)?, &pin(PUK)));
        assert_eq!(outcome, Ok(()), "{row}");
        assert_eq!(bench.with(|card| card.tries_left(FIRST)), Ok(Some(3)), "{row}");
    }
}

/// The card is reset in the middle of PACE, answers it wrongly, or is silent: the PIN is sent once, and the card is asked.
#[test]
fn a_pin_whose_channel_is_disturbed_is_presented_once() {
    for row in rows() {
        for at in 0..4 {
            for action in [Action::Status(0x6F00), Action::Truncate(1), Action::Garbage(vec![0x90, 0x00])] {
                let mut bench = row.bench();
                bench.with(|card| card.make_ready()).unwrap();
                bench.card.0.faults_mut().push(Fault::on(&[0x86], action.clone()).after(at));
                let outcome =
                    bench.with(|card| card.verify(card.pin_spec(Role::Authentication)?, &typed(PINS[0])));
                assert!(
                    matches!(outcome, Err(PinError::Unclear { .. })),
                    "{row}: {at} {action:?}: {outcome:?}"
                );
                let (commands, spent) = presented(&bench);
                assert!(commands <= 1 && spent == 0, "{row}: {at} {action:?}");
                assert!(
                    !bench.card.0.is_verified(bench.reference(Role::Authentication)),
                    "{row}: {at} {action:?}"
                );
                bench.card_state = CardState::default();
                bench
                    .type_pin(Role::Authentication, PINS[0])
                    .unwrap_or_else(|error| panic!("{row}: {error:?}"));
            }
        }
    }
}

/// What a card says of a file or of a key does not block the PIN, and is not believed of it.
#[test]
fn a_pin_is_blocked_only_by_a_step_that_is_about_it() {
    let select_card_access: &[u8] = &[0xA4, 0x02, 0x0C];
    let steps: [(&[u8], u32, bool); 7] = [
        (select_card_access, 0, false),
        (&[0xB0], 0, false),
        // The PIN is named, and then proven.
        (&[0x22, 0xC1, 0xA4], 0, true),
        (&[0x86], 0, true),
        (&[0x86], 1, false),
        (&[0x86], 2, false),
        (&[0x86], 3, true),
    ];
    for row in rows() {
        for (command, after, is_about_it) in steps {
            let mut bench = row.bench();
            bench.with(|card| card.make_ready()).unwrap();
            bench.card.0.faults_mut().push(Fault::on(command, Action::Status(0x6983)).after(after));
            let outcome =
                bench.with(|card| card.verify(card.pin_spec(Role::Authentication)?, &typed(PINS[0])));
            let told = format!("{row}: {command:02X?} after {after}: {outcome:?}");
            match outcome {
                Err(PinError::Blocked) => assert!(is_about_it, "{told}"),
                Err(PinError::Unclear { after, .. }) => {
                    assert!(!is_about_it && after.spent() == Some(0), "{told}");
                    // The holder tries again.
                    let again = bench.type_pin(Role::Authentication, PINS[0]);
                    assert_eq!(again, Ok(()), "{told}");
                }
                _ => panic!("{told}"),
            }
        }
    }
}

#[test]
fn such_pins_are_passwords_of_pace() {
    for row in rows() {
        let bench = row.bench();
        let ways: Vec<_> = bench.profile().pins.iter().map(|pin| pin.presentation).collect();
        assert_eq!(ways, [Presentation::Pace { password: 3 }, Presentation::Verify]);
        assert!(bench.profile().pins_equal);
    }
}

//! PINs that a PUK sets, and PUKs that are changed.

use super::super::bench::{both, pin};
use super::{PINS, PUK, ROWS};
use crate::cards::profile::{PukSpec, Secret, Unblocking, Writing};
use crate::cards::{CardError, CardProfile, PinError, Role};
use simcard::{Action, Fault};

/// The PUK, if PINs may be set by it.
fn puk_that_sets(profile: &CardProfile) -> Option<&PukSpec> {
    let refills = |puk: &&PukSpec| matches!(puk.unblocking, Unblocking::Counter { .. });
    profile.codes.puk.as_ref().filter(|puk| profile.writing != Writing::Never && !refills(puk))
}

#[test]
fn a_locked_pin_is_set_by_the_puk() {
    for row in ROWS {
        let mut bench = row.bench();
        let profile = bench.profile().clone();
        let Some(puk) = puk_that_sets(&profile) else { continue };
        for spec in profile.pins.iter() {
            let tries: u8 = bench.card.0.tries_left(spec.reference).unwrap();
            for at in 0..tries {
                let wrong = format!("99999{at}");
                let outcome = bench.type_pin(spec.role, &wrong);
                let left = tries - 1 - at;
                if left == 0 && outcome == Err(PinError::Blocked) {
                    continue;
                }
                assert_eq!(outcome, Err(PinError::Wrong { left: Some(left) }), "{row}");
            }
            assert_eq!(bench.type_pin(spec.role, "999990"), Err(PinError::Blocked), "{row}");
            assert_eq!(bench.spent(spec.reference), (tries.into(), tries.into()), "{row}");
            assert_eq!(bench.with(|card| card.tries_left(Secret::Pin(spec.role))), Ok(Some(0)), "{row}");

            // A wrong PUK costs one try of the PUK, once.
            let left = bench.card.0.tries_left(puk.reference).unwrap() - 1;
            let wrong = bench.set_by_code(spec.role, "87654321", "424242");
            assert_eq!(wrong, Err(PinError::Wrong { left: Some(left) }), "{row}");
            let before = bench.spent(puk.reference).1;
            assert_eq!(
                bench.set_by_code(spec.role, "87654321", "424242"),
                Err(PinError::RefusedBefore),
                "{row}"
            );
            assert_eq!(bench.spent(puk.reference).1, before, "{row}");

            bench.set_by_code(spec.role, PUK, "424242").unwrap_or_else(|error| panic!("{row}: {error:?}"));
            assert!(bench.card.0.code_is(spec.reference, "424242"), "{row}");
            assert!(!bench.card.0.is_verified(puk.reference), "{row}: the PUK stays open");
            assert_eq!(bench.spent(puk.reference).1, before, "{row}");
            // What was refused once may be right now.
            assert_eq!(bench.type_pin(spec.role, "424242"), Ok(()), "{row}");
            // Not locked, and set all the same.
            bench.reset();
            let old = PINS[spec.role.index()];
            bench.set_by_code(spec.role, PUK, old).unwrap_or_else(|error| panic!("{row}: {error:?}"));
            assert_eq!(bench.type_pin(spec.role, old), Ok(()), "{row}");
        }
    }
}

/// The card did what it was told, and its answer tells nothing.
#[test]
fn a_pin_that_was_set_without_a_clear_answer_is_asked_how_it_stands() {
    for row in ROWS {
        let mut bench = row.bench();
        let profile = bench.profile().clone();
        if puk_that_sets(&profile).is_none() {
            continue;
        }
        for spec in profile.pins.iter() {
            let tries = bench.card.0.tries_left(spec.reference);
            while bench.card.0.tries_left(spec.reference) > Some(0) {
                let wrong = format!("99999{}", bench.spent(spec.reference).1);
                bench.type_pin(spec.role, &wrong).unwrap_err();
            }
            bench.card.0.faults_mut().push(Fault::on(&[0x2C], Action::StatusAfter(0x6F00)));
            let set = bench.set_by_code(spec.role, PUK, "424242");
            if profile.asking.empty_verify || profile.asking.object.is_some() {
                assert_eq!(set, Ok(()), "{row}");
            } else {
                assert!(matches!(set, Err(PinError::Unclear { .. })), "{row}: {set:?}");
            }
            assert!(bench.card.0.code_is(spec.reference, "424242"), "{row}");
            let left = bench.with(|card| card.tries_left(Secret::Pin(spec.role)));
            assert_eq!(left, Ok(tries), "{row}");
        }
    }
}

#[test]
fn a_puk_is_changed_where_its_holder_may() {
    let mut changed = 0;
    for row in ROWS {
        let mut bench = row.bench();
        let Some(puk) = bench.profile().codes.puk.clone().filter(|puk| puk.changeable) else {
            let outcome = bench.with(|card| card.change_puk(both(&pin(PUK), &pin("87654321"))));
            assert!(matches!(outcome, Err(PinError::Card(CardError::Unsupported))), "{row}");
            continue;
        };
        let reference = puk.reference;
        let wrong = bench.with(|card| card.change_puk(both(&pin("11111111"), &pin("87654321"))));
        assert_eq!(wrong, Err(PinError::Wrong { left: Some(puk.tries - 1) }), "{row}");
        let again = bench.with(|card| card.change_puk(both(&pin("11111111"), &pin("87654321"))));
        assert_eq!(again, Err(PinError::RefusedBefore), "{row}");
        bench.with(|card| card.change_puk(both(&pin(PUK), &pin("87654321")))).unwrap();
        assert!(bench.card.0.code_is(reference, "87654321"), "{row}");
        assert!(!bench.card.0.is_verified(reference), "{row}");
        bench.set_by_code(Role::Signature, "87654321", "424242").unwrap();
        assert_eq!(bench.spent(reference).1, 1, "{row}");
        changed += 1;
    }
    assert!(changed >= 4, "{changed}");
}

//! Any sequence of calls: sessions, logins, searches, objects of the session and operations by chance, each call held
//! against the model of [`kit::sequences`]. What faults do is tested elsewhere.

use cryptoki_sys::*;
use kit::sequences::{Act, Model};
use kit::{ANY, PIN1, PIN2, World, holds_for, name};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// What takes several steps to come to, and must have happened for the property to say much.
const RARE: [(&str, CK_RV); 8] = [
    ("open", CKR_SESSION_READ_WRITE_SO_EXISTS),
    ("login", CKR_SESSION_READ_ONLY_EXISTS),
    ("login", CKR_USER_ANOTHER_ALREADY_LOGGED_IN),
    ("login for an operation", CKR_OK),
    ("sign", CKR_BUFFER_TOO_SMALL),
    ("sign", CKR_USER_NOT_LOGGED_IN),
    ("verify", CKR_SIGNATURE_INVALID),
    ("destroy", CKR_OK),
];

#[test]
fn any_sequence_of_calls_is_answered_as_the_session_states_say() {
    let (world, card) = World::with(ANY);
    let seen = RefCell::new(BTreeSet::new());
    holds_for(
        "sequences",
        250,
        &prop::collection::vec(any::<[u8; 4]>().prop_map(Act::from), 1..150),
        |acts| {
            world.finalize();
            world.initialize();
            let mut model = Model::new(world.module, [PIN1, PIN2].map(|token| world.slot(token)));
            for (step, act) in acts.iter().enumerate() {
                let (got, foretold) = model.carry_out(act);
                prop_assert_eq!(name(got), name(foretold), "step {}: {:?}", step, act);
                seen.borrow_mut().insert((act.function(), name(got)));
            }
            Ok(())
        },
    );
    for (function, code) in RARE {
        assert!(seen.borrow().contains(&(function, name(code))), "{function} never came to {}", name(code));
    }
    let tries = [simcard::PIN1, simcard::PIN2].map(|pin| kit::Watched::tries(&*card, pin));
    assert_eq!(tries, [5, 5]);
}

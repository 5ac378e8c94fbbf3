//! `avain change-pin` and `avain unblock`.

use cli::codes::{NEW1, NEW2};
use cli::{Bench, avain, code, codes};
use simcard::{Codes, PIN1, PIN2, PUK};

/// Which PIN: its number, its reference, what it is, another one.
const BOTH: [(&str, u8, &str, &str); 2] = [("1", PIN1, Codes::PIN1, NEW1), ("2", PIN2, Codes::PIN2, NEW2)];

fn position(reference: u8) -> usize {
    usize::from(reference == PIN2)
}

#[test]
fn a_pin_is_changed() {
    for generation in ["fineid-v3.1", "fineid-v4.1"] {
        let bench = Bench::with(generation);
        for (number, reference, old, new) in BOTH {
            avain(&["change-pin", number], &[old, new]).ends(code::DONE).says("was changed");
            assert!(bench.card().code_is(reference, new));
        }
        assert_eq!((bench.presented(), bench.spent()), (2, [0; 3]));
    }
}

#[test]
fn a_wrong_pin_costs_one_try_and_an_impossible_one_none() {
    let bench = Bench::with("fineid-v4.0");
    for (number, reference, old, new) in BOTH {
        bench.renew("fineid-v4.0");
        for (lines, words) in [
            (&["12", new][..], "digits. No try was used"),
            (&["1234567890123", new], "digits. No try was used"),
            (&["12x4567", new], "Only digits"),
            (&[old, "123"], "digits. No try was used"),
            (&[old, "123456789"], "--long-pin"),
            (&[old, "12e456"], "Only digits"),
            (&[old, old], "the same as the old one"),
            (&[old], "not enough PINs"),
        ] {
            avain(&["change-pin", number], lines).ends(code::UNFIT).says(words);
        }
        assert_eq!(bench.presented(), 0);
        avain(&["change-pin", number], &["999999", new]).ends(code::REFUSED).says("4 tries left.");
        assert_eq!(bench.tries()[position(reference)], 4);
        bench.card().set_tries_left(reference, 1);
        avain(&["change-pin", number], &[old, new]).ends(code::LAST_TRY).says("Only one try");
        assert_eq!(bench.presented(), 1);
        avain(&["change-pin", number, "--use-last-try"], &["999999", new])
            .ends(code::LOCKED)
            .says("It is locked now");
        avain(&["change-pin", number], &[old, new])
            .ends(code::LOCKED)
            .says(&format!("avain unblock {number}"));
        assert_eq!(bench.presented(), 2, "nothing is sent for a locked PIN");
    }
}

/// A PIN of twelve digits, which another program has set, can be changed.
#[test]
fn what_the_card_holds_is_taken_as_the_old_pin() {
    let bench = Bench::with("fineid-v4.0,pin1=123456789012");
    avain(&["change-pin", "1"], &["123456789012", NEW1]).ends(code::DONE);
    assert!(bench.card().code_is(PIN1, NEW1));
}

#[test]
fn a_card_that_is_not_activated_has_no_pin_to_change() {
    let bench = Bench::with("fineid-v4.0");
    for state in ["fresh-old", "fresh-new"] {
        bench.renew(&format!("fineid-v4.0,state={state}"));
        avain(&["change-pin", "1"], &[Codes::PIN1, NEW1]).ends(code::UNFIT).says("not activated yet");
        assert_eq!(bench.presented(), 0);
    }
}

#[test]
fn a_locked_pin_is_unlocked_and_a_forgotten_one_replaced() {
    let bench = Bench::with("fineid-v4.0");
    for (number, reference, _, new) in BOTH {
        for state in ["blocked-pins", "activated", "blocked-pin1", "blocked-pin2"] {
            bench.renew(&format!("fineid-v4.0,state={state}"));
            avain(&["unblock", number], &[codes::PUK, new]).ends(code::DONE).says("can be used");
            assert!(bench.card().code_is(reference, new), "{state}");
            assert_eq!((bench.presented(), bench.spent()), (1, [0; 3]), "{state}");
            assert_eq!(bench.tries()[position(reference)], 5, "{state}");
        }
    }
}

#[test]
fn the_code_for_unlocking_is_not_wasted() {
    let bench = Bench::with("fineid-v4.1");
    for (number, _, _, new) in BOTH {
        bench.renew("fineid-v4.1,state=blocked-pins");
        for (lines, words) in [
            (&[codes::TRANSPORT, new][..], "cannot unlock anything"),
            (&["123456", new], "It has 8 to 12 digits"),
            (&["1234567890123", new], "It has 8 to 12 digits"),
            (&["1234567x", new], "Only digits"),
            (&[codes::PUK, codes::PUK], "another one than the activation code"),
            (&[codes::PUK, "12"], "digits"),
        ] {
            avain(&["unblock", number], lines).ends(code::UNFIT).says(words);
        }
        assert_eq!(bench.presented(), 0);
        avain(&["unblock", number], &["87654321", new]).ends(code::REFUSED).says("Wrong code. 4 tries left.");
        bench.card().set_tries_left(PUK, 1);
        avain(&["unblock", number], &[codes::PUK, new]).ends(code::LAST_TRY).says("lost for e-services");
        assert_eq!(bench.presented(), 1);
        avain(&["unblock", number, "--use-last-try"], &["87654321", new])
            .ends(code::LOCKED)
            .says("locked for ever");
        avain(&["unblock", number], &[codes::PUK, new]).ends(code::LOCKED).says("locked for ever");
        assert_eq!((bench.presented(), bench.tries()), (2, [0; 3]));
    }
}

#[test]
fn cards_with_rules_of_their_own() {
    let bench = Bench::with("fineid-v4.0,state=activated,unblock_needs_blocked=yes");
    avain(&["unblock", "1"], &[codes::PUK, NEW1]).ends(code::FAILED).says("perhaps PIN1 is not locked");
    assert_eq!(bench.spent(), [0; 3]);
    bench.renew("fineid-v4.0,state=blocked-pin1,same_pin_refused=both");
    avain(&["unblock", "1"], &[codes::PUK, NEW1]).ends(code::DONE);
    bench.renew("fineid-v4.0,state=blocked-pin1,unblock_limit=0");
    avain(&["unblock", "1"], &[codes::PUK, NEW1]).ends(code::LOCKED).says("although tries are left");
    assert_eq!(bench.spent(), [0; 3]);
}

/// `--verbose` is for helpers; without it nobody is shown a status word.
#[test]
fn step_and_status_word_only_where_asked_for() {
    let bench = Bench::with("fineid-v4.0,state=activated");
    let plain = avain(&["change-pin", "1"], &["9999", NEW1]).ends(code::REFUSED);
    assert!(!plain.err.contains("63C") && !plain.err.contains("CKR"));
    avain(&["-v", "change-pin", "1"], &["9998", NEW1])
        .ends(code::REFUSED)
        .says("step Change, status word 63C3");
    assert_eq!(bench.tries(), [3, 5, 5]);
}

//! What the tool says where a card's answer does not tell what was done: the card was asked, and it is so. "No try was
//! used" and "Nothing was changed" are said only where the card says so.

use cli::codes::{NEW1, NEW2, TRANSPORT};
use cli::{Bench, Run, avain, code, codes};
use simcard::{Action, Codes, Fault, PIN1, PIN2, PUK};

/// Answers that tell nothing of what was done before them.
const UNCLEAR: [u16; 4] = [0x6F00, 0x6581, 0x6400, 0x9001];
const UNSPENT: &str = "No try was used.";
const UNCHANGED: &str = "Nothing was changed on the card.";

fn silent(run: Run, words: &str) -> Run {
    assert!(!run.out.contains(words) && !run.err.contains(words), "{words:?} is in {run:#?}");
    run
}

/// The tool with a card whose answer to a command is another one, once.
fn disturbed(
    bench: &Bench,
    card: &str,
    (head, action): (&[u8], Action),
    arguments: &[&str],
    lines: &[&str],
) -> Run {
    bench.renew(card);
    bench.card().faults_mut().push(Fault::on(head, action));
    avain(arguments, lines)
}

#[test]
fn a_try_that_was_counted_is_told() {
    let bench = Bench::with("fineid-v4.0");
    let wrong = ["87654321", NEW1, NEW2];
    for status in UNCLEAR.into_iter().chain([0x6982, 0x6A80]) {
        let after = || Action::StatusAfter(status);
        let blocked = "fineid-v4.0,state=blocked-pins";
        let reset = [0x2C, 0x00, PIN1];
        let run = disturbed(&bench, blocked, (&reset, after()), &["unblock", "1"], &wrong[..2]);
        silent(run.ends(code::REFUSED).says("A try was used: 4 are left.").says(UNCHANGED), UNSPENT);
        let old = "fineid-v4.0,state=fresh-old";
        let run = disturbed(&bench, old, (&reset, after()), &["activate"], &wrong);
        silent(run.ends(code::REFUSED).says("A try was used: 4 are left.").says(UNCHANGED), UNSPENT);
        let change = [0x24, 0x00, PIN1];
        let run =
            disturbed(&bench, "fineid-v4.0", (&change, after()), &["change-pin", "1"], &["999999", NEW1]);
        silent(run.ends(code::REFUSED).says("A try was used: 4 are left."), UNSPENT);
        let verify = [0x20, 0x00, PIN1, 0x0C];
        let run = disturbed(&bench, "fineid-v4.0", (&verify, after()), &["test"], &["999999"]);
        silent(run.ends(code::REFUSED).says("A try was used: 4 are left."), UNSPENT);
    }
    bench.renew("fineid-v4.0,state=blocked-pins");
    bench.card().set_tries_left(PUK, 1);
    bench.card().faults_mut().push(Fault::on(&[0x2C], Action::StatusAfter(0x6F00)));
    let run = avain(&["unblock", "1", "--use-last-try"], &wrong[..2]);
    silent(run.ends(code::LOCKED).says("A try was used, and none is left."), UNSPENT);
}

/// What the card says is set is set, whatever it answered: the tool goes on.
#[test]
fn a_pin_that_the_card_says_is_set_is_set() {
    let bench = Bench::with("fineid-v4.0");
    for (state, letter, head) in [("fresh-new", TRANSPORT, 0x24), ("fresh-old", codes::PUK, 0x2C)] {
        for status in UNCLEAR {
            for pin in [PIN1, PIN2] {
                let card = format!("fineid-v4.0,state={state}");
                let fault = ([head, 0x00, pin], Action::StatusAfter(status));
                let run = disturbed(&bench, &card, (&fault.0, fault.1), &["activate"], &[letter, NEW1, NEW2]);
                run.ends(code::DONE).says("The card is activated.");
                assert!(bench.holds(NEW1, NEW2), "{state}, {status:04X}");
                assert_eq!((bench.presented(), bench.spent()), (2, [0; 3]), "{state}, {status:04X}");
            }
        }
    }
}

/// Where nothing tells whether a PIN was replaced, that is said.
#[test]
fn what_cannot_be_told_is_said_to_be_uncertain() {
    let bench = Bench::with("fineid-v4.0");
    for status in UNCLEAR {
        let change = [0x24, 0x00, PIN1];
        let fault = Action::StatusAfter(status);
        let run =
            disturbed(&bench, "fineid-v4.0", (&change, fault), &["change-pin", "1"], &[Codes::PIN1, NEW1]);
        let run = run.ends(code::FAILED).says(UNSPENT).says("It is not certain whether PIN1 was set.");
        silent(run, UNCHANGED);
        assert!(bench.card().code_is(PIN1, NEW1));
    }
}

/// A card that does not do it: nothing is lost, and no PUK is needed.
#[test]
fn a_refusal_is_told_as_one() {
    let bench = Bench::with("fineid-v4.0");
    for status in [0x6984, 0x6985, 0x6A80] {
        for (card, head, arguments, lines) in [
            ("fineid-v4.0", &[0x24, 0x00, PIN1][..], &["change-pin", "1"][..], &[Codes::PIN1, NEW1][..]),
            ("fineid-v4.0,state=fresh-new", &[0x24, 0x00, PIN1], &["activate"], &[TRANSPORT, NEW1, NEW2]),
            ("fineid-v4.0", &[0x20, 0x00, PIN1, 0x0C], &["test"], &[Codes::PIN1]),
        ] {
            let run = disturbed(&bench, card, (head, Action::Status(status)), arguments, lines);
            let run = silent(run.ends(code::FAILED).says(UNSPENT), "locked");
            silent(run, "PUK is needed");
            assert_eq!(bench.spent(), [0; 3], "{card}, {status:04X}");
        }
    }
}

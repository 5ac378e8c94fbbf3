//! Every open question about the cards, answered either way: activation reaches the right end, or stops without harm.

use cli::codes::{NEW1, NEW2, TRANSPORT};
use cli::{Bench, Run, avain, code, codes};
use simcard::CardModel;
use simcard::{PIN1, PIN2};

const STATES: [(&str, &str); 6] = [
    ("fresh-old", codes::PUK),
    ("fresh-new", TRANSPORT),
    ("half-old", codes::PUK),
    ("half-old-pin2", codes::PUK),
    ("half-new", TRANSPORT),
    ("half-new-pin2", TRANSPORT),
];

/// The values of a switch that are worth trying.
fn values(name: &str, choices: &str) -> Vec<String> {
    let list = match name {
        "unblock_limit" => "none|0|1|2",
        "max_new_pin" => "8|12",
        "read_limit" => "64|181|256",
        "cert_padding" => "0|128",
        // What is odd about it takes a key away, which activation does not need.
        "odd_certificate" => "none",
        // What other cards answer, and how much they give at once.
        _ if choices == "four hex digits" => "6985",
        _ if choices == "number" => "200",
        _ => choices,
    };
    list.split('|').map(str::to_owned).collect()
}

/// Gives the PINs that the open steps of the state need.
fn activate(state: &str, letter: &str) -> Run {
    let new: &[&str] = match state {
        "half-old" | "half-new" => &[NEW2],
        "half-old-pin2" | "half-new-pin2" => &[NEW1],
        _ => &[NEW1, NEW2],
    };
    avain(&["activate"], &[&[letter], new].concat())
}

fn steps(state: &str) -> usize {
    if state.starts_with("fresh") { 2 } else { 1 }
}

/// The card is activated, by as many commands as there are steps, and not one try was spent.
fn right_end(bench: &Bench, state: &str, description: &str, run: &Run) {
    assert_eq!(run.code, code::DONE, "{description}: {run:#?}");
    let set_now = |reference, new, state_before: &[&str]| {
        !state_before.contains(&state) || bench.card().code_is(reference, new)
    };
    assert!(
        set_now(PIN1, NEW1, &["fresh-old", "fresh-new", "half-old-pin2", "half-new-pin2"]),
        "{description}"
    );
    assert!(set_now(PIN2, NEW2, &["fresh-old", "fresh-new", "half-old", "half-new"]), "{description}");
    assert_eq!(bench.tries(), [5; 3], "{description}");
    assert_eq!(bench.spent(), [0; 3], "{description}");
    assert_eq!(bench.presented() as usize, steps(state), "{description}");
}

#[test]
fn every_switch_by_itself() {
    let bench = Bench::with("fineid-v4.0");
    for switch in CardModel::FineidV4_0.switches() {
        for value in values(switch.name, &switch.choices) {
            for (state, letter) in STATES {
                let description = format!("fineid-v4.0,state={state},{}={value}", switch.name);
                bench.renew(&description);
                let run = activate(state, letter);
                let uses_puk = state.contains("old");
                match (switch.name, value.as_str()) {
                    // A PUK whose uses are limited to fewer than there are steps.
                    ("unblock_limit", "0") if uses_puk => {
                        run.ends(code::LOCKED);
                        assert_eq!(bench.spent(), [0; 3], "{description}");
                    }
                    ("unblock_limit", "1") if state == "fresh-old" => {
                        run.ends(code::PARTLY).says("PIN1 is set, PIN2 is not");
                        assert_eq!(bench.spent(), [0; 3], "{description}");
                    }
                    // The card does not tell whether a PIN still is the code, so it is not sent, and the way out is told.
                    ("df2f_present", "no") if !uses_puk => {
                        run.ends(code::UNFIT).says("does not tell whether").says("No try was used.");
                        assert_eq!(bench.presented(), 0, "{description}");
                        silent(&bench, state);
                    }
                    _ => right_end(&bench, state, &description, &run),
                }
            }
        }
    }
}

/// A card of the new scheme that does not tell it: each PIN is changed by itself.
fn silent(bench: &Bench, state: &str) {
    for (number, reference, new) in [("1", PIN1, NEW1), ("2", PIN2, NEW2)] {
        if bench.card().code_is(reference, TRANSPORT) {
            avain(&["change-pin", number], &[TRANSPORT, new]).ends(code::DONE);
            assert!(bench.card().code_is(reference, new), "{state}");
        }
    }
    assert_eq!(bench.spent(), [0; 3], "{state}");
}

/// What a fresh card answers when it is asked: all answers together.
#[test]
fn every_answer_of_a_fresh_card() {
    let bench = Bench::with("fineid-v4.1");
    for answer in ["6983", "63c0", "6984", "6300"] {
        for changed in ["00", "01", "absent"] {
            for readable in ["yes", "no"] {
                for last in ["63c0", "6983"] {
                    for same in ["never", "both"] {
                        let description = format!(
                            "fineid-v4.1,state=fresh-old,fresh_answer={answer},df2f_fresh_old={changed},\
                             puk_readable={readable},last_try={last},same_pin_refused={same}"
                        );
                        bench.renew(&description);
                        right_end(&bench, "fresh-old", &description, &activate("fresh-old", codes::PUK));
                        // A wrong code costs one try of the code, whatever the card answers.
                        bench.renew(&description);
                        activate("fresh-old", "87654321").ends(code::REFUSED);
                        assert_eq!(bench.spent(), [0, 0, 1], "{description}");
                        // The letter of another card costs nothing.
                        bench.renew(&description);
                        activate("fresh-old", TRANSPORT).ends(code::UNFIT);
                        assert_eq!(bench.presented(), 0, "{description}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_way_to_count_wrong_transport_codes() {
    let bench = Bench::with("fineid-v4.1");
    for shared in ["yes", "no"] {
        for object in ["yes", "no"] {
            for verifies in ["yes", "no"] {
                for early in ["yes", "no"] {
                    let description = format!(
                        "fineid-v4.1,state=fresh-new,shared_transport_counter={shared},df2f_present={object},\
                         change_verifies={verifies},early_pin_commands={early}"
                    );
                    bench.renew(&description);
                    if object == "no" {
                        activate("fresh-new", TRANSPORT).ends(code::UNFIT);
                        assert_eq!(bench.presented(), 0, "{description}");
                        continue;
                    }
                    right_end(&bench, "fresh-new", &description, &activate("fresh-new", TRANSPORT));
                    bench.renew(&description);
                    activate("fresh-new", "7654321").ends(code::REFUSED).says("4 tries left");
                    assert_eq!(bench.presented(), 1, "{description}");
                    assert_eq!(bench.tries(), [4, if shared == "yes" { 4 } else { 5 }, 5], "{description}");
                    // Five wrong codes lock it, and no more is sent then.
                    for _ in 0..3 {
                        activate("fresh-new", "7654321").ends(code::REFUSED);
                    }
                    activate("fresh-new", "7654321").ends(code::LAST_TRY);
                    assert_eq!(bench.presented(), 4, "{description}");
                    activate("fresh-new", TRANSPORT).ends(code::LAST_TRY);
                    avain(&["activate", "--use-last-try"], &[TRANSPORT, NEW1, NEW2]).ends(code::DONE);
                    assert!(bench.holds(NEW1, NEW2), "{description}");
                }
            }
        }
    }
}

//! `avain activate` as a script runs it, on cards in every state.

use cli::codes::{NEW1, NEW2, TRANSPORT};
use cli::{Bench, Terminal, avain, bare_activation, code, codes};
use kit::Rig;
use simcard::{Action, Fault, PIN1, PIN2, PUK};

fn activate(lines: &[&str]) -> cli::Run {
    avain(&["activate"], lines)
}

/// Nothing was sent that could cost anything, and nothing was changed.
#[track_caller]
fn untouched(bench: &Bench, before: [u8; 3]) {
    assert_eq!(bench.presented(), 0);
    assert_eq!(bench.tries(), before);
}

#[test]
fn a_fresh_card_of_each_generation_and_scheme() {
    for generation in ["fineid-v3.0", "fineid-v3.1", "fineid-v4.0", "fineid-v4.1"] {
        for (state, letter) in [("fresh-old", codes::PUK), ("fresh-new", TRANSPORT)] {
            // No card of v3 came with a transport code.
            if letter == TRANSPORT && !generation.starts_with("fineid-v4") {
                continue;
            }
            let description = format!("{generation},state={state}");
            let bench = Bench::with(&description);
            let run = activate(&[letter, NEW1, NEW2]).ends(code::DONE).says("The card is activated.");
            assert!(bench.holds(NEW1, NEW2), "{description}: {run:?}");
            assert_eq!(bench.tries(), [5, 5, 5]);
            // Nothing of ours is left on the card: any software can go on with it.
            assert_eq!(bench.lasting(), bare_activation(&description, &[PIN1, PIN2]));
            activate(&[letter, NEW1, NEW2]).ends(code::DONE).says("activated already");
            assert_eq!(bench.spent(), [0; 3]);
        }
    }
}

#[test]
fn an_interrupted_activation_goes_on_with_the_open_step() {
    let bench = Bench::with("fineid-v4.0");
    for (state, letter, reference, pin) in [
        ("half-old", codes::PUK, PIN2, NEW2),
        ("half-old-pin2", codes::PUK, PIN1, NEW1),
        ("half-new", TRANSPORT, PIN2, NEW2),
        ("half-new-pin2", TRANSPORT, PIN1, NEW1),
    ] {
        let description = format!("fineid-v4.0,state={state}");
        bench.renew(&description);
        avain(&["status"], &[]).ends(code::DONE).says("only partly activated");
        activate(&[letter, pin]).ends(code::DONE).says("The card is activated.");
        assert!(bench.card().code_is(reference, pin), "{state}");
        assert_eq!(bench.lasting(), bare_activation(&description, &[reference]));
        assert_eq!(bench.presented(), 1, "{state}: the step that was done is not done again");
    }
}

#[test]
fn a_wrong_code_costs_one_try_and_the_second_step_is_not_tried() {
    let bench = Bench::with("fineid-v4.1");
    for (state, letter, spent) in [("fresh-old", "87654321", [0, 0, 1]), ("fresh-new", "7654321", [1, 0, 0])]
    {
        bench.renew(&format!("fineid-v4.1,state={state}"));
        let before = bench.tries();
        activate(&[letter, NEW1, NEW2])
            .ends(code::REFUSED)
            .says("Wrong code. 4 tries left.")
            .says("Nothing was changed");
        assert_eq!(bench.spent(), spent);
        let after: Vec<u8> = before.iter().zip(spent).map(|(tries, spent)| tries - spent as u8).collect();
        assert_eq!(bench.tries().to_vec(), after);
        assert_eq!(bench.presented(), 1);
    }
}

#[test]
fn codes_and_pins_that_cannot_be_are_refused_before_the_card() {
    let bench = Bench::with("fineid-v4.0");
    for (state, letter) in [("fresh-old", codes::PUK), ("fresh-new", TRANSPORT)] {
        bench.renew(&format!("fineid-v4.0,state={state}"));
        let before = bench.tries();
        for (lines, words) in [
            (&["123456", NEW1, NEW2][..], "The activation code has 7 digits"),
            (&["1234567890123", NEW1, NEW2], "The activation code has 7 digits"),
            (&["12345a78", NEW1, NEW2], "Only digits"),
            (&["", NEW1, NEW2], "The activation code has 7 digits"),
            (&[letter, "258", NEW2], "4 to 8 digits"),
            (&[letter, "258036147", NEW2], "--long-pin"),
            (&[letter, "2580361470369", NEW2], "4 to 8 digits"),
            (&[letter, "25x0", NEW2], "Only digits"),
            (&[letter, NEW1, "25803"], "6 to 8 digits"),
            (&[letter, NEW2, NEW2], "PIN2 must be another one than PIN1"),
            (&[letter, letter, NEW2], "another one than the activation code"),
            (&[letter, NEW1], "not enough PINs"),
            (&[letter], "not enough PINs"),
        ] {
            activate(lines).ends(code::UNFIT).says(words);
            untouched(&bench, before);
        }
    }
}

#[test]
fn a_code_that_contradicts_the_card_is_not_sent() {
    let bench = Bench::with("fineid-v4.1");
    for (state, letter, words) in [
        ("fresh-old", TRANSPORT, "locked by wrong activation codes, a PUK is needed"),
        ("fresh-new", codes::PUK, "The activation code of this card has 7 digits"),
        ("half-old", TRANSPORT, "locked by wrong activation codes, a PUK is needed"),
        ("half-new", codes::PUK, "The activation code of this card has 7 digits"),
        ("blocked-new", TRANSPORT, "a PUK is needed"),
        ("blocked-pins", TRANSPORT, "a PUK is needed"),
    ] {
        bench.renew(&format!("fineid-v4.1,state={state}"));
        let before = bench.tries();
        activate(&[letter, NEW1, NEW2]).ends(code::UNFIT).says(words).says("No try was used.");
        untouched(&bench, before);
    }
}

#[test]
fn blocked_cards() {
    let bench = Bench::with("fineid-v4.0");
    for state in ["dead", "dead-old"] {
        bench.renew(&format!("fineid-v4.0,state={state}"));
        activate(&[codes::PUK, NEW1, NEW2]).ends(code::LOCKED).says("locked for ever");
        untouched(&bench, [0, 0, 0]);
    }
    // With a PUK even a card whose transport code was mistyped five times can be activated.
    for state in ["blocked-new", "blocked-pins"] {
        bench.renew(&format!("fineid-v4.0,state={state}"));
        activate(&[codes::PUK, NEW1, NEW2]).ends(code::DONE);
        assert!(bench.holds(NEW1, NEW2));
    }
}

#[test]
fn the_last_try_is_kept_unless_it_may_be_used() {
    let bench = Bench::with("fineid-v4.0");
    for (state, letter, wrong, reference, stake) in [
        ("fresh-old", codes::PUK, "87654321", PUK, "the card is lost for e-services"),
        ("fresh-new", TRANSPORT, "7654321", PIN1, "a PUK has to be ordered"),
        ("half-new", TRANSPORT, "7654321", PIN2, "a PUK has to be ordered"),
    ] {
        let fresh = || {
            bench.renew(&format!("fineid-v4.0,state={state}"));
            bench.card().set_tries_left(reference, 1);
        };
        let new: &[&str] = if state == "half-new" { &[NEW2] } else { &[NEW1, NEW2] };
        let lines = |letter| [&[letter], new].concat();
        fresh();
        activate(&lines(letter)).ends(code::LAST_TRY).says(stake).says("--use-last-try");
        assert_eq!(bench.presented(), 0);
        avain(&["activate", "--use-last-try"], &lines(letter)).ends(code::DONE);
        fresh();
        avain(&["activate", "--use-last-try"], &lines(wrong)).ends(code::LOCKED);
        assert_eq!(bench.card().tries_left(reference), Some(0));
        activate(&lines(letter));
        assert_eq!(bench.presented(), 1, "{state}: nothing is sent to a locked card");
    }
}

#[test]
fn long_pins_only_where_asked_for() {
    let bench = Bench::with("fineid-v4.0,state=fresh-new");
    let long = ["258036147036", "963074185296"];
    avain(&["activate", "--long-pin"], &[TRANSPORT, long[0], long[1]])
        .ends(code::DONE)
        .says("other programs may refuse");
    assert!(bench.holds(long[0], long[1]));
    // A card that does not take them says so, and nothing is lost.
    bench.renew("fineid-v4.0,state=fresh-new,max_new_pin=8");
    avain(&["activate", "--long-pin"], &[TRANSPORT, long[0], long[1]])
        .ends(code::FAILED)
        .says("does not take this");
    assert_eq!(bench.spent(), [0; 3]);
}

/// A card that is taken out at any moment: a new run does the rest.
#[test]
fn a_card_that_is_pulled_out_between_the_steps() {
    for (state, letter, head) in
        [("fresh-old", codes::PUK, [0x2C, 0x00, PIN2]), ("fresh-new", TRANSPORT, [0x24, 0x00, PIN2])]
    {
        for (action, before) in [(Action::PullOutBefore, true), (Action::PullOutAfter, false)] {
            let bench = Bench::with(&format!("fineid-v4.0,state={state}"));
            bench.card().faults_mut().push(Fault::on(&head, action));
            activate(&[letter, NEW1, NEW2]).ends(code::PARTLY).says("PIN1 is set");
            assert!(bench.card().code_is(PIN1, NEW1));
            assert_eq!(bench.card().code_is(PIN2, NEW2), !before);
            assert_eq!(bench.spent(), [0; 3]);
            let (rig, card) = bench.remove();
            let inserted = rig.insert(0, card);
            let run = activate(&[letter, NEW2]).ends(code::DONE);
            assert!(
                run.out.contains(if before { "The card is activated" } else { "activated already" }),
                "{run:?}"
            );
            assert!(inserted.card().code_is(PIN2, NEW2));
        }
    }
}

/// The card is another one than the one that was looked at, or has been pulled out, when the PINs are typed.
#[test]
fn a_card_that_goes_while_the_holder_types() {
    let bench = Bench::with("fineid-v4.0,state=fresh-new,holder=1");
    let mut terminal = Terminal::start(&["--lang", "en", "activate"]);
    terminal.answer("Activation code", TRANSPORT);
    terminal.answer("New basic PIN", NEW1);
    terminal.answer("The same again", NEW1);
    let (rig, _) = bench.remove();
    let other = rig.insert(0, kit::card("fineid-v4.0,state=fresh-new,holder=2"));
    terminal.answer("New signature PIN", NEW2);
    terminal.answer("The same again", NEW2);
    terminal.answer("now?", "y");
    let ended = terminal.end();
    assert_eq!(ended.code, code::NO_CARD, "{}", ended.shown);
    // Nothing was sent, and that is what is said.
    assert!(!ended.shown.contains("may have been"), "{}", ended.shown);
    assert!(ended.shown.contains("No try was used."), "{}", ended.shown);
    for reference in [PIN1, PIN2, PUK] {
        assert_eq!(other.card().credential_count(reference).commands, 0);
    }
}

#[test]
fn no_reader_no_card_a_foreign_card_several_cards() {
    {
        let _no_daemon = Rig::start(0);
        activate(&[TRANSPORT, NEW1, NEW2]).ends(code::NO_CARD).says("smart card service is not running");
    }
    let rig = Rig::start(1);
    activate(&[TRANSPORT, NEW1, NEW2]).ends(code::NO_CARD).says("Insert the card");
    avain(&["--reader", "no such", "activate"], &[TRANSPORT, NEW1, NEW2])
        .ends(code::NO_CARD)
        .says("No card reader is called no such");
    {
        let cards = [0, 1].map(|reader| rig.insert(reader, kit::card("fineid-v4.0,state=fresh-new")));
        activate(&[TRANSPORT, NEW1, NEW2])
            .ends(code::NO_CARD)
            .says("more than one card")
            .says(&format!("--reader \"{}\"\nCard: Identity card (FINEID v4.0)\nHolder: ", cards[0].reader()))
            .says(&format!("--reader \"{}\"\nCard: ", cards[1].reader()));
        avain(&["activate", "--reader", cards[1].reader()], &[TRANSPORT, NEW1, NEW2]).ends(code::DONE);
        assert!(cards[1].card().code_is(PIN1, NEW1) && cards[0].card().code_is(PIN1, TRANSPORT));
        for card in cards {
            card.remove();
        }
    }
    let foreign = rig.insert(0, kit::card("bank-card"));
    activate(&[TRANSPORT, NEW1, NEW2]).ends(code::UNSUPPORTED).says("does not know this kind of card");
    let card = foreign.card();
    assert_eq!(card.credential_count(card.references().pin1).commands, 0);
}

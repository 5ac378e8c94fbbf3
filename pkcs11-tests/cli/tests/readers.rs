//! The tool with several readers.

use std::time::{Duration, Instant};

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use cli::avain;
use kit::{Other, Rig};

/// Another program keeps the card in a transaction: after three seconds it is said who may have it.
#[test]
fn who_waits_for_a_card_is_told_for_whom() {
    let rig = Rig::start(1);
    let card = rig.insert(0, kit::card("fineid-v4.0"));
    let mut other = Other::connect(card.reader());
    let held = other.hold();
    let start = Instant::now();
    let waiting = [&["status"][..], &["certs"], &["test", "--pin-fd", "0"]].map(|arguments| {
        let mut command = Command::new(cli::tool());
        command.args(["--lang", "en"]).args(arguments).stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    });
    let mut waiting = waiting.map(|mut child| {
        writeln!(child.stdin.take().unwrap(), "{}", simcard::Codes::PIN1).unwrap();
        (BufReader::new(child.stderr.take().unwrap()), child)
    });
    for (said, _) in &mut waiting {
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert!(line.starts_with("Another program is using the card. This waits"), "{line}");
        // This test is the program.
        assert!(
            line.contains("Programs of yours that can use cards: ") && line.contains("readers-"),
            "{line}"
        );
    }
    assert!(start.elapsed() >= Duration::from_secs(3));
    drop(held);
    for (_, child) in waiting {
        assert!(child.wait_with_output().unwrap().status.success());
    }
}

/// The two slots of a reader have names that differ in one character, as contact and contactless twins do.
#[test]
fn a_reader_is_chosen_by_its_name_or_a_part_of_it() {
    let rig = Rig::start(2);
    let cards =
        [0, 1].map(|index| rig.insert(index, kit::card(&format!("fineid-v4.0,holder={}", index + 1))));
    for (index, card) in cards.iter().enumerate() {
        let run = avain(&["status", "--json", "--personal", "--reader", card.reader()], &[]).ends(0);
        let name = card.card().holder().common_name();
        assert!(run.out.contains(&name), "{index}: {run:#?}");
        let lower = card.reader().to_lowercase();
        avain(&["status", "--reader", &lower], &[]).ends(0);
    }
    avain(&["certs", "--reader", "Virtual reader"], &[]).ends(cli::code::NO_CARD).says("more than one card");
}

/// Also where the answer to reset of the card that hangs does not tell what it is. It hangs until the tool is done: who
/// asked it something would wait in vain.
#[test]
fn who_names_a_reader_does_not_wait_for_a_card_that_hangs_in_another_one() {
    let rig = Rig::start(2);
    for card in ["fineid-v4.0", "fineid-org"] {
        let (hanging, gate) = rig.insert_behind_gate(0, kit::card(card));
        let free = rig.insert(1, kit::card("fineid-v4.0,holder=2"));
        let hang = gate.hang_at(&[]);
        for arguments in [&["status"][..], &["status", "--json"], &["certs"]] {
            avain(&[arguments, &["--reader", free.reader(), "--lang", "en"]].concat(), &[]).ends(0);
        }
        assert!(!hang.hangs(), "{card} was asked something");
        assert_eq!(hanging.card().log().count(), 0, "{card} was asked something");
        drop(hang);
        free.remove();
        hanging.remove();
    }
}

//! The first command and answer after ICAO 9303-11 G.1, and everything that must not pass.
#![allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed, as it should")]

use super::*;

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn published() -> Session {
    let [enciphering, checking] =
        ["F5F0E35C0D7161EE6724EE513A0D9A7F", "FE251C7858B356B24514B3BD5F4297D1"].map(hex);
    Session::new(&enciphering, &checking).unwrap()
}

const SELECT: &str = "00A4040C07A0000002471001";
const WRAPPED: &str = "0CA4040C1D871101752F676B09FAC86A87D632749A49C7CC8E08C18BA1FCE707BD9F00";
const ANSWER: &str = "990290008E08BEA7B381C494A0799000";

#[test]
fn the_published_command_and_its_answer_agree() {
    let mut session = published();
    assert_eq!(session.protect(&hex(SELECT)).unwrap(), hex(WRAPPED));
    assert_eq!(*session.reveal(&hex(ANSWER)).unwrap(), [0x90, 0x00]);
    // The same bytes are never right again.
    assert_ne!(session.protect(&hex(SELECT)).unwrap(), hex(WRAPPED));
    assert!(session.reveal(&hex(ANSWER)).is_none());
}

#[test]
fn an_answer_that_is_changed_or_cut_is_none() {
    let revealed = |answer: &[u8]| {
        let mut session = published();
        session.protect(&hex(SELECT)).unwrap();
        session.reveal(answer).is_some()
    };
    let answer = hex(ANSWER);
    assert!(revealed(&answer));
    for end in 0..answer.len() {
        assert!(!revealed(&answer[..end]), "{end}");
    }
    // The status word outside is not protected, and not believed.
    for at in 0..answer.len() - 2 {
        for bit in 0..8 {
            let mut changed = answer.clone();
            changed[at] ^= 1 << bit;
            assert!(!revealed(&changed), "{at}");
        }
    }
}

/// A card with the same keys: what it would answer.
fn answered(session: &mut Session, objects: &[u8]) -> Vec<u8> {
    let number = session.counter + 1;
    let check =
        messaging::check_value(session.checking(), &[&number.to_be_bytes(), &padded(objects)]).unwrap();
    [objects, &[CHECK_VALUE, 8], &check, &[0x90, 0x00]].concat()
}

/// Data as the card would encipher them for its next answer.
fn enciphered(session: &Session, text: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    let start = session.start((session.counter + 1).to_be_bytes()).unwrap();
    messaging::encipher(session.enciphering(), start, &mut text).unwrap();
    text
}

#[test]
fn only_the_form_of_the_standard_is_an_answer() {
    let with = |objects: &dyn Fn(&Session) -> Vec<u8>| {
        let mut session = published();
        let objects = objects(&session);
        let answer = answered(&mut session, &objects);
        session.reveal(&answer).map(|plain| plain.to_vec())
    };
    let text = |s: &Session, text: &[u8]| enciphered(s, text);
    let data = |tag: u8, first: &[u8], text: &[u8]| {
        [&[tag, (first.len() + text.len()) as u8][..], first, text].concat()
    };
    let sw = [STATUS, 2, 0x63, 0xC2];
    let one = |last: &[u8]| [&[7][..], last].concat();
    let good = one(&hex("800000000000000000000000000000"));
    assert_eq!(
        with(&|s| [data(EVEN, &[1], &text(s, &good)), sw.to_vec()].concat()),
        Some(vec![7, 0x63, 0xC2])
    );
    assert_eq!(with(&|s| [data(ODD, &[], &text(s, &good)), sw.to_vec()].concat()), Some(vec![7, 0x63, 0xC2]));
    assert_eq!(with(&|_| sw.to_vec()), Some(vec![0x63, 0xC2]));
    type Objects<'o> = &'o dyn Fn(&Session) -> Vec<u8>;
    let refused: &[Objects<'_>] = &[
        &|_| vec![],
        &|s| data(EVEN, &[1], &text(s, &good)),
        &|s| [data(EVEN, &[2], &text(s, &good)), sw.to_vec()].concat(),
        &|s| [data(EVEN, &[], &text(s, &good)), sw.to_vec()].concat(),
        &|s| [data(EVEN, &[1], &text(s, &good)[..15]), sw.to_vec()].concat(),
        &|_| [data(EVEN, &[1], &[]), sw.to_vec()].concat(),
        &|s| [data(EVEN, &[1], &text(s, &one(&[0; 15]))), sw.to_vec()].concat(),
        &|s| [data(EVEN, &[1], &text(s, &[0; 16])), sw.to_vec()].concat(),
        &|s| [data(EVEN, &[1], &text(s, &[&good[..2], &[0; 30]].concat())), sw.to_vec()].concat(),
        &|s| [sw.to_vec(), data(EVEN, &[1], &text(s, &good))].concat(),
        &|_| [sw, sw].concat(),
        &|_| vec![STATUS, 1, 0x90],
        &|_| vec![STATUS, 3, 0x90, 0, 0],
        &|_| vec![0x80, 2, 0x90, 0],
    ];
    for (at, objects) in refused.iter().enumerate() {
        assert_eq!(with(objects), None, "{at}");
    }
}

#[test]
fn what_fits_into_a_short_command_is_wrapped() {
    for (length, le, fits) in
        [(0, true, true), (223, true, true), (224, true, false), (239, false, true), (240, false, false)]
    {
        let data = vec![0xA5; length];
        let mut command = vec![0, 0x2A, 0x9E, 0x9A];
        if length > 0 {
            command.push(length as u8);
        }
        command.extend(&data);
        command.extend(le.then_some(0));
        let wrapped = published().protect(&command);
        assert_eq!(wrapped.is_some(), fits, "{length}");
        assert!(wrapped.is_none_or(|wrapped| usize::from(wrapped[4]) + 6 == wrapped.len()));
    }
    for broken in [&[][..], &[0, 0x20, 0], &[0, 0x20, 0, 0, 5, 1], &[0, 0x20, 0, 0, 1, 1, 1, 1]] {
        assert!(published().protect(broken).is_none());
    }
}

//! The channel to recorded cards: with the private keys of the recording, every byte of ours is a recorded one; and the
//! first commands through it are wrapped as was computed from the recorded keys by others.

use super::table;
use super::trace::{Part, hex, text_of, trace};
use crate::cards::{Can, engine};
use crate::iso7816::channel::script::Script;
use crate::iso7816::secure::pace::PaceError;
use crate::iso7816::secure::{Protected, Session};
use crate::transport::{Password, Protocol, Transport};
use zeroize::Zeroizing;

/// What follows some words in a recording, up to the end of the line or something else.
fn after<'t>(text: &'t str, words: &str) -> impl Iterator<Item = &'t str> {
    let found = text.match_indices(words).map(|(at, words)| &text[at + words.len()..]);
    found
        .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap())
        .collect::<Vec<_>>()
        .into_iter()
}

/// The recorded exchanges that open the channel; without a second READ BINARY, which found the end of EF.CardAccess.
fn opening(parts: &[Part]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let part = parts.iter().find(|part| part.title.starts_with("PACE")).unwrap();
    let steps: Vec<_> = part.steps.iter().map(|step| (step.command.clone(), step.answer.clone())).collect();
    let last = steps.iter().position(|(command, _)| command.starts_with(&[0, 0x86])).unwrap();
    steps.into_iter().take(last + 1).filter(|(_, answer)| *answer != [0x6B, 0x00]).collect()
}

fn opened(file: &str, model: &str) -> Session {
    let text = simcard::recordings::text(file);
    let steps = opening(&trace(file));
    let steps: Vec<_> = steps.iter().map(|(command, answer)| (&command[..], &answer[..])).collect();
    let mut keys = after(&text, "private key ").map(hex).map(Zeroizing::new);
    let can = Can::new(after(&text, "CAN ").next().unwrap().as_bytes()).unwrap();
    let mut card = Script::new(Protocol::T1, &steps);
    let way = table(model).contactless.unwrap();
    engine::open(&mut card, way, &can, &mut |_| keys.next()).ok().unwrap()
}

/// The plain commands and answers whose wrapped form was computed, with that form.
fn computed(file: &str) -> Vec<[Vec<u8>; 4]> {
    let text = simcard::recordings::text(file);
    let part = text.split("---- COMPUTED").nth(1).unwrap().lines().collect::<Vec<_>>();
    let plain = |line: &&str| line.starts_with("# plain command");
    let wrapped = part.iter().enumerate().filter(|(_, line)| plain(line));
    wrapped
        .map(|(at, line)| {
            let mut words =
                line.split(' ').filter(|word| word.len() > 3 && word.bytes().all(|c| c.is_ascii_hexdigit()));
            let mut next = || hex(words.next().unwrap());
            [next(), next(), hex(&part[at + 1][2..]), hex(&part[at + 2][2..])]
        })
        .collect()
}

fn agrees(file: &str, model: &str, wrapped: usize) {
    let session = opened(file, model);
    let exchanges = computed(file);
    assert_eq!(exchanges.len(), wrapped);
    let steps: Vec<_> = exchanges.iter().map(|[_, _, command, answer]| (&command[..], &answer[..])).collect();
    let mut card = Script::new(Protocol::T1, &steps);
    let mut never = |_: &mut dyn Transport, _: Option<Password<'_>>| Err(PaceError::NoMeans);
    let mut protected = Protected::new(&mut card, session, &mut never);
    for [command, answer, ..] in &exchanges {
        assert_eq!(protected.exchange(command).unwrap(), *answer, "{}", text_of(command));
    }
    assert!(protected.into_session().is_some());
}

pub(super) fn the_channel_to_the_estonian_idemia_card() {
    agrees("est-idemia-nfc-pace.txt", "ESTEID2018", 6);
}

pub(super) fn the_channel_to_the_estonian_thales_card() {
    agrees("est-thales-nfc-pace.txt", "ESTEID2025", 4);
}

pub(super) fn the_channel_to_the_latvian_card() {
    agrees("lat-idemia-nfc-pace.txt", "LatEID 2019", 4);
}

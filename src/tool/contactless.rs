//! A card that opens with its number. On a contactless reader everything is typed first, and then the card is held still
//! until all is done.

use crate::console::Console;
use crate::pins::{Source, cancelled};
use avain_flow::presenting::{Aim, Beforehand};
use avain_flow::{Card, Failure, Kind, Pin, contactless, interruption, text};
use std::thread;
use std::time::{Duration, Instant};

/// How long it is waited for a card that was lifted.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(100);

/// Asks for the card access number, if it has to be typed, and for the PIN; then opens the card. `None` if the card is used
/// by its contacts.
pub(crate) fn collect(
    card: &mut Card,
    aim: Aim,
    source: &mut Source,
    console: &Console,
) -> Result<Option<Pin>, Failure> {
    if !card.is_contactless() {
        return open(card, source, console).map(|()| None);
    }
    ask_number(card, source, console)?;
    let before = Beforehand::of(card, aim)?;
    let pin = source.pin_that(&before.prompt(), console, |pin| before.check(pin))?;
    open(card, source, console)?;
    Ok(Some(pin))
}

/// Opens the card, if it wants that. A person may type another number; a script has stored one before.
pub(crate) fn open(card: &mut Card, source: &mut Source, console: &Console) -> Result<(), Failure> {
    if !card.wants_channel() {
        return Ok(());
    }
    loop {
        ask_number(card, source, console)?;
        regain(card, console)?;
        match card.open() {
            Err(failure) if failure.again && source.is_person() => console.fail(&failure),
            outcome => return outcome,
        }
    }
}

fn ask_number(card: &Card, source: &mut Source, console: &Console) -> Result<(), Failure> {
    while card.wants_number() {
        if !source.is_person() {
            return Err(Failure::new(Kind::Unfit, [text::can_needed(), text::can_how()]));
        }
        let typed = source.pin_that(&text::can_ask(), console, contactless::check)?;
        match card.give_number(&typed) {
            Ok(()) => break,
            Err(why) => console.say(&why),
        }
    }
    Ok(())
}

/// Waits until the card lies on the reader, if it was lifted while something was typed.
pub(crate) fn regain(card: &mut Card, console: &Console) -> Result<(), Failure> {
    if !card.is_contactless() {
        return Ok(());
    }
    let begun = Instant::now();
    if !card.regain()? {
        console.say(&text::lay_on());
    }
    while !card.regain()? {
        if interruption::was_requested() {
            return Err(cancelled());
        }
        if begun.elapsed() > PATIENCE {
            return Err(Failure::new(Kind::NoCard, [text::card_lifted()]));
        }
        thread::sleep(LOOK);
    }
    console.say(&text::hold_still());
    Ok(())
}

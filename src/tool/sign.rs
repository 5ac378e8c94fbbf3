//! `avain sign` and `avain test`.

use crate::arguments::Pins;
use crate::console::Console;
use crate::contactless;
use crate::interruption::Unfinished;
use crate::pins::Source;
use avain_flow::place::{self, Place};
use avain_flow::presenting::{Aim, Permit, Presenting};
use avain_flow::{Card, Failure, Pin, Text, text};
use std::path::Path;
use std::time::Instant;

/// Signs a file.
pub(crate) fn sign(
    mut source: Source,
    mut card: Card,
    file: &Path,
    output: Option<&Path>,
    pins: &Pins,
    console: &Console,
) -> Result<(), Failure> {
    let output = output.map_or_else(|| place::beside(file), Path::to_owned);
    let before = contactless::collect(&mut card, Aim::Signing, &mut source, console)?;
    let presenting = Presenting::begin(card, Aim::Signing, pins.leave())?;
    let content = place::read(file, presenting.content()?)?;
    let place = Place::take(&output)?;
    let _unfinished = Unfinished::at(&output);
    let meaning = text::signature_meaning(file, presenting.pin_name());
    let signature = ask(&presenting, before, &[meaning], &mut source, pins, console)?.sign(content)?;
    place.fill(&signature)?;
    console.tell(&text::signed(output.as_path()));
    Ok(())
}

/// Makes a test signature with the authentication key.
pub(crate) fn test(
    mut source: Source,
    mut card: Card,
    pins: &Pins,
    console: &Console,
) -> Result<(), Failure> {
    let before = contactless::collect(&mut card, Aim::Testing, &mut source, console)?;
    let presenting = Presenting::begin(card, Aim::Testing, pins.leave())?;
    let permit = ask(&presenting, before, &[], &mut source, pins, console)?;
    let begun = Instant::now();
    permit.test()?;
    let taken = usize::try_from(begun.elapsed().as_millis()).unwrap_or(usize::MAX);
    console.tell(&text::test_passed(presenting.pin_name(), taken));
    Ok(())
}

/// Asks for the PIN, unless it was `typed` before, until the card accepts it; a script has one attempt.
pub(crate) fn ask<'p>(
    presenting: &'p Presenting,
    mut typed: Option<Pin>,
    about: &[Text],
    source: &mut Source,
    pins: &Pins,
    console: &Console,
) -> Result<Permit<'p>, Failure> {
    for text in presenting.introduction()?.iter().chain(about) {
        console.say(text);
    }
    if source.enters_on_keypad(pins)
        && let Some(prompt) = presenting.keypad_prompt()
    {
        console.say(&prompt);
        return presenting.present_on_keypad();
    }
    let mut refused: Option<Failure> = None;
    loop {
        let pin = match typed.take() {
            Some(pin) => Ok(pin),
            None => source.pin_that(&presenting.prompt(), console, |pin| presenting.check(pin)),
        };
        let pin = pin.map_err(|stop| refused.iter().fold(stop, Failure::after))?;
        match presenting.present(pin) {
            Err(failure) if failure.again && source.is_person() => {
                console.fail(&failure);
                refused = Some(failure);
            }
            outcome => return outcome,
        }
    }
}

//! `avain sign` and `avain test`.

use crate::arguments::Pins;
use crate::console::Console;
use crate::contactless;
use crate::interruption;
use crate::pins::Source;
use avain_flow::presenting::{Aim, Permit, Presenting};
use avain_flow::{Card, Failure, Kind, Pin, Text, text};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
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
    let output = output.map_or_else(|| beside(file), Path::to_owned);
    let before = contactless::collect(&mut card, Aim::Signing, &mut source, console)?;
    let presenting = Presenting::begin(card, Aim::Signing, pins.leave())?;
    let mut content = presenting.content()?;
    read(file, |part| content.update(part)).ok_or_else(|| failed(text::file_unreadable(file)))?;
    let place = Place::take(&output)?;
    let meaning = text::signature_meaning(file, presenting.pin_name());
    let signature = ask(&presenting, before, Some(&meaning), &mut source, console)?.sign(content)?;
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
    let permit = ask(&presenting, before, None, &mut source, console)?;
    let begun = Instant::now();
    permit.test()?;
    let taken = usize::try_from(begun.elapsed().as_millis()).unwrap_or(usize::MAX);
    console.tell(&text::test_passed(presenting.pin_name(), taken));
    Ok(())
}

/// Asks for the PIN, unless it was `typed` before, until the card accepts it; a script has one attempt.
fn ask<'p>(
    presenting: &'p Presenting,
    mut typed: Option<Pin>,
    meaning: Option<&Text>,
    source: &mut Source,
    console: &Console,
) -> Result<Permit<'p>, Failure> {
    for text in presenting.introduction()?.iter().chain(meaning) {
        console.say(text);
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

/// The place for a signature. It is taken before the PIN is asked for, and given back if there is no signature.
struct Place<'o> {
    path: &'o Path,
    file: Option<File>,
}

impl<'o> Place<'o> {
    fn take(path: &'o Path) -> Result<Self, Failure> {
        match File::create_new(path) {
            Ok(file) => {
                interruption::leave_nothing_at(Some(path));
                Ok(Place { path, file: Some(file) })
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(failed(text::file_exists(path))),
            Err(_) => Err(failed(text::file_unwritable(path))),
        }
    }

    fn fill(mut self, signature: &[u8]) -> Result<(), Failure> {
        let written = self.file.as_mut().map(|file| file.write_all(signature).and_then(|()| file.sync_all()));
        match written {
            Some(Ok(())) => drop(self.file.take()),
            Some(Err(_)) | None => return Err(failed(text::file_unwritable(self.path))),
        }
        Ok(())
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        interruption::leave_nothing_at(None);
        if self.file.is_some() {
            // If even this fails, an empty file is left.
            let _ = fs::remove_file(self.path);
        }
    }
}

/// Reads a file in pieces.
fn read(path: &Path, mut part: impl FnMut(&[u8])) -> Option<()> {
    let mut file = File::open(path).ok()?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(()),
            length => part(buffer.get(..length)?),
        }
    }
}

fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".p7s");
    name.into()
}

fn failed(text: Text) -> Failure {
    Failure::new(Kind::Failed, [text])
}

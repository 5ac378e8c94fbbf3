//! `avain sign` and `avain test`.

use crate::arguments::Pins;
use crate::console::Console;
use crate::pins::Source;
use avain_flow::presenting::{Aim, Presenting};
use avain_flow::{Card, Failure, Kind, Pin, Text, text};
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Signs a file.
pub(crate) fn sign(
    card: Card,
    file: &Path,
    output: Option<&Path>,
    pins: &Pins,
    console: &Console,
) -> Result<(), Failure> {
    let output = output.map_or_else(|| beside(file), Path::to_owned);
    if output.exists() {
        return Err(failed(text::file_exists(name(&output))));
    }
    let presenting = Presenting::begin(card, Aim::Signing, pins.leave())?;
    let mut content = presenting.content()?;
    read(file, |part| content.update(part)).ok_or_else(|| failed(text::file_unreadable(name(file))))?;
    let meaning = text::signature_meaning(name(file), presenting.pin_name());
    let pin = ask(&presenting, Some(&meaning), pins, console)?;
    let signature = presenting.sign(content, pin)?;
    let written = File::create_new(&output).and_then(|mut file| file.write_all(&signature));
    written.map_err(|_| failed(text::file_unwritable(name(&output))))?;
    console.tell(&text::signed(name(&output)));
    Ok(())
}

/// Makes a test signature with the authentication key.
pub(crate) fn test(card: Card, pins: &Pins, console: &Console) -> Result<(), Failure> {
    let presenting = Presenting::begin(card, Aim::Testing, pins.leave())?;
    let pin = ask(&presenting, None, pins, console)?;
    let (begun, name) = (Instant::now(), presenting.pin_name());
    presenting.test(pin)?;
    let taken = usize::try_from(begun.elapsed().as_millis()).unwrap_or(usize::MAX);
    console.tell(&text::test_passed(name, taken));
    Ok(())
}

fn ask(
    presenting: &Presenting,
    meaning: Option<&Text>,
    pins: &Pins,
    console: &Console,
) -> Result<Pin, Failure> {
    for text in presenting.introduction()?.iter().chain(meaning) {
        console.say(text);
    }
    Source::open(pins)?.pin_that(&presenting.prompt(), console, |pin| presenting.check(pin))
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

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn failed(text: Text) -> Failure {
    Failure::new(Kind::Failed, [text])
}

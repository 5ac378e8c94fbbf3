//! Where PINs come from: the terminal, a file or a descriptor, and nowhere else.

use crate::arguments::{Lines, Pins};
use crate::console::Console;
use crate::terminal::{LONGEST, Terminal};
use avain_flow::{Failure, Kind, Pin, Text, interruption, text};
use std::fs::File;
use std::io::Read;
use zeroize::Zeroizing;

/// A source of PINs.
pub(crate) enum Source {
    /// A person types them.
    Terminal(Terminal),
    /// A script provides them, one on each line.
    Lines(File),
    /// There is neither.
    Nowhere,
}

impl Source {
    /// The source that the command line names; by default the terminal, which shows nothing that is typed from now on.
    pub(crate) fn open(lines: &Lines) -> Result<Self, Failure> {
        let file = match (&lines.pin_file, &lines.pin_fd) {
            (Some(path), _) => File::open(path).ok(),
            (None, Some(descriptor)) => descriptor.file(),
            (None, None) => {
                return Ok(Terminal::open().map_or(Source::Nowhere, Source::Terminal));
            }
        };
        file.map(Source::Lines).ok_or_else(|| unfit(text::unreadable_pins()))
    }

    /// Is there a person who can try again?
    pub(crate) fn is_person(&self) -> bool {
        matches!(self, Source::Terminal(_))
    }

    /// Does a person use the keypad of a reader that has one?
    pub(crate) fn enters_on_keypad(&self, pins: &Pins) -> bool {
        self.is_person() && !pins.keyboard
    }

    /// The next PIN.
    pub(crate) fn pin(&mut self, question: &Text, console: &Console) -> Result<Pin, Failure> {
        if interruption::was_requested() {
            return Err(cancelled());
        }
        let typed = match self {
            Source::Nowhere => return Err(unfit(text::no_terminal())),
            Source::Terminal(terminal) => {
                let line = terminal.secret(&console.word(&text::ask_unseen(console.word(question))));
                let mut line = line.map_err(|_| unfit(text::no_terminal()))?.ok_or_else(cancelled)?;
                // Letters print codes in groups.
                line.retain(|typed| *typed != b' ');
                line
            }
            Source::Lines(file) => line(file)?,
        };
        Pin::new(&typed).map_err(|_| Failure::new(Kind::Failed, [text::no_memory()]))
    }

    /// The next PIN, which has to pass the check; a person may try again.
    pub(crate) fn pin_that(
        &mut self,
        question: &Text,
        console: &Console,
        check: impl Fn(&Pin) -> Result<(), Text>,
    ) -> Result<Pin, Failure> {
        loop {
            let pin = self.pin(question, console)?;
            match check(&pin) {
                Ok(()) => return Ok(pin),
                Err(refusal) if self.is_person() => console.say(&refusal),
                Err(refusal) => return Err(unfit(refusal)),
            }
        }
    }

    /// Consent to write to a card of a kind that this is not known to have been done with: a person is asked, a script
    /// has to pass an option.
    pub(crate) fn consent(&mut self, untried: &Text, console: &Console) -> Result<(), Failure> {
        console.say(untried);
        let terminal = match self {
            Source::Terminal(terminal) => terminal,
            Source::Lines(_) => return Err(unfit(text::untried_how())),
            Source::Nowhere => return Err(unfit(text::no_terminal())),
        };
        let answer = terminal.answer(&console.word(&text::untried_question()));
        let answer = answer.map_err(|_| unfit(text::no_terminal()))?.ok_or_else(cancelled)?;
        if answer == console.word(&text::untried_yes()) || answer == "yes" {
            Ok(())
        } else {
            Err(cancelled())
        }
    }

    /// Asks a person to confirm before anything is written; a script has decided already.
    pub(crate) fn confirm(&mut self, console: &Console) -> Result<(), Failure> {
        if self.is_person() { self.agree(&text::confirm(), console) } else { Ok(()) }
    }

    /// Asks a person whether something is to be done.
    pub(crate) fn agree(&mut self, question: &Text, console: &Console) -> Result<(), Failure> {
        let Source::Terminal(terminal) = self else { return Err(unfit(text::no_terminal())) };
        let answer = terminal.answer(&console.word(question));
        let answer = answer.map_err(|_| unfit(text::no_terminal()))?.ok_or_else(cancelled)?;
        let yes = console.word(&text::yes());
        if answer.starts_with(yes.as_str()) || answer.starts_with('y') { Ok(()) } else { Err(cancelled()) }
    }
}

/// The user cancelled.
pub(crate) fn cancelled() -> Failure {
    Failure::new(Kind::Cancelled, [text::cancelled()])
}

fn unfit(text: Text) -> Failure {
    Failure::new(Kind::Unfit, [text])
}

/// The next line, without CR LF or LF at its end. It is read byte by byte, so that no buffer holds the PINs that follow,
/// and another program can go on with them.
fn line(file: &mut File) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = Zeroizing::new([0]);
    let mut any = false;
    while file.read(&mut *byte).map_err(|_| unfit(text::unreadable_pins()))? > 0 {
        any = true;
        match *byte {
            [b'\n'] => {
                line.pop_if(|last| *last == b'\r');
                break;
            }
            [typed] if line.len() < LONGEST => line.push(typed),
            _ => {}
        }
    }
    if any { Ok(line) } else { Err(unfit(text::too_few_lines())) }
}

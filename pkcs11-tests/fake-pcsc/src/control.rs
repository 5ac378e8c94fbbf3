//! The world by lines of text; see the description of this library.

use crate::fake::Fake;
use crate::fault::Fault;
use crate::names;
use crate::world::{Made, World, changed, reference, world};
use libc::c_char;
use std::ffi::CStr;
use std::fmt::Write;

/// Carries out a line and writes the answer, with a NUL, as far as there is room. Gives the length of the whole answer.
///
/// # Safety
/// `line` ends with NUL, and `answer` has room for `room` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fake_control(line: *const c_char, answer: *mut c_char, room: usize) -> usize {
    // SAFETY: as the caller promises.
    let line = unsafe { CStr::from_ptr(line) }.to_string_lossy();
    let text = match carry_out(&mut world(), &line) {
        Ok(text) => format!("ok {text}"),
        Err(error) => format!("error {error}"),
    };
    changed();
    if room > 0 {
        let length = text.len().min(room - 1);
        // SAFETY: that many bytes and one more have room there, as the caller promises.
        unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), answer.cast(), length) };
        // SAFETY: as above.
        unsafe { answer.add(length).write(0) };
    }
    text.len()
}

impl Fake {
    /// The control of the world that is linked into this program.
    pub fn linked() -> Self {
        // SAFETY: it is, and it is not loaded at all.
        unsafe { Self::of(fake_control) }
    }
}

/// Writes the answers to the questions that are to be answered after each call, one a line.
pub(crate) fn report(world: &mut World) {
    let Some((file, questions)) = world.report.take() else { return };
    let answers = questions.iter().map(|question| match carry_out(world, question) {
        Ok(answer) => format!("{answer}\n"),
        Err(error) => panic!("fake-pcsc: {question}: {error}"),
    });
    let answers: String = answers.collect();
    std::fs::write(&file, answers).unwrap_or_else(|error| panic!("fake-pcsc: {}: {error}", file.display()));
    world.report = Some((file, questions));
}

fn carry_out(world: &mut World, line: &str) -> Result<String, String> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let words: Vec<_> = rest.split_whitespace().collect();
    let index = || -> Result<usize, String> {
        words.first().and_then(|word| word.parse().ok()).ok_or_else(|| "which reader?".to_owned())
    };
    let word = |at: usize| words.get(at).copied().ok_or_else(|| format!("{verb}: something is missing"));
    let nothing = Ok(String::new());
    match verb {
        "insert" | "renew" => world.insert(index()?, word(1)?, verb == "renew").and(nothing),
        "restore" => {
            world.restore();
            nothing
        }
        "fault" => world.add_fault(rest).and(nothing),
        "then" => world.add_follower(rest).and(nothing),
        "always" => {
            world.always = Some(rest.parse()?);
            nothing
        }
        "visit" => world.add_visit(rest).and(nothing),
        "hold" | "release" => {
            let reader = world.readers.get_mut(index()?).ok_or("no such reader")?;
            if verb == "hold" {
                reader.hold(None)
            } else {
                reader.release()
            };
            nothing
        }
        "happen" => {
            let (index, fault) = (index()?, word(1)?.parse::<Fault>()?);
            world.happen(&fault.event, Some(index));
            nothing
        }
        "hurry" => {
            world.hurried = true;
            nothing
        }
        "system" => {
            world.windows = match word(0)? {
                "windows" => true,
                "linux" => false,
                other => return Err(format!("no system {other:?}")),
            };
            nothing
        }
        "name" => {
            let (_, name) = rest.split_once(' ').ok_or("which name?")?;
            world.readers.get_mut(index()?).ok_or("no such reader")?.name = names::encoded(name)?;
            nothing
        }
        "waiting" => Ok(world.waiting.to_string()),
        "repeat" => {
            simcard::repeat_signatures();
            nothing
        }
        "clear" => {
            world.clear();
            nothing
        }
        "calls" => Ok(world
            .calls
            .iter()
            .map(|(call, count)| format!("{call}={count}"))
            .collect::<Vec<_>>()
            .join(" ")),
        "played" => Ok(world.played.join(" ")),
        "credentials" => Ok(world.credentials.join(" ")),
        "answers" => {
            let from = word(0)?.parse::<usize>().map_err(|error| error.to_string())?;
            Ok(world.answers.get(from..).unwrap_or_default().join(" "))
        }
        _ => {
            let reader = world.readers.get(index()?).ok_or("no such reader")?;
            let of_other = words.last() == Some(&"other");
            let made = match if of_other { &reader.other } else { &reader.own } {
                Some(made) => made,
                None => return nothing,
            };
            if verb == "pins" {
                return Ok(pins(made));
            }
            let card = made.card();
            match verb {
                "code" => {
                    let reference = u8::from_str_radix(word(1)?, 16).map_err(|error| error.to_string())?;
                    Ok(if card.code_is(reference, word(2)?) { "yes" } else { "no" }.to_owned())
                }
                "certificates" => {
                    let all = card.certificates().holder.iter().map(|certificate| hex(&certificate.der));
                    Ok(all.collect::<Vec<_>>().join(" "))
                }
                "log" => Ok(card.log().exchanges_since_mark().map(|line| format!("{line}\n")).collect()),
                _ => Err(format!("no command {verb:?}")),
            }
        }
    }
}

/// How the codes stand, without what visitors' commands counted.
fn pins(made: &Made) -> String {
    let one = |pin: &simcard::PinSnapshot| {
        let reference = reference(pin);
        let (tries, open) = (pin.tries, u8::from(pin.verified));
        let (all, strange) = (&pin.count, made.strange.get(&reference).copied().unwrap_or_default());
        format!(
            "{reference:02X}:{tries}:{open}:{}:{}:{}",
            all.commands - strange.commands,
            all.right - strange.right,
            all.tries_spent - strange.tries_spent
        )
    };
    made.card().snapshot().pins.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

/// Bytes from hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(byte).collect()
}

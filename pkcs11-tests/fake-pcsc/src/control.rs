//! The world by lines of text; see the description of this library.

use crate::fake::Fake;
use crate::world::{World, changed, reference, world};
use libc::c_char;
use simcard::Card;
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
        _ => {
            let reader = world.readers.get(index()?).ok_or("no such reader")?;
            let card = match (words.last(), &reader.other) {
                (Some(&"other"), Some(other)) => &other.card,
                (Some(&"other"), None) => return nothing,
                _ => &reader.own.card,
            };
            match verb {
                "pins" => Ok(pins(card)),
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

fn pins(card: &Card) -> String {
    let one = |pin: &simcard::PinSnapshot| {
        let (count, open) = (&pin.count, u8::from(pin.verified));
        let reference = reference(pin);
        format!(
            "{reference:02X}:{}:{open}:{}:{}:{}",
            pin.tries, count.commands, count.right, count.tries_spent
        )
    };
    card.snapshot().pins.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

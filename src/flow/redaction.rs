//! Removing from a report what identifies the user of the computer or the holder of a card.

use super::clean::harmless;
use super::system::System;
use std::path::Path;

/// Replaces what was removed.
pub(super) const HIDDEN: &str = "…";
/// Replaces the home folder.
const HOME: &str = "~";
/// Folders whose entries are named after users.
const HOMES: [&str; 3] = ["/home/", "/Users/", "/var/home/"];
/// Longer values are truncated.
const LONGEST: usize = 200;
/// Still longer values are removed, so that a name is never cut in two.
const FAR_TOO_LONG: usize = 4096;
/// This many digits in a row may be the number of a card or of a person.
const DIGITS: usize = 4;

/// The names of the user and of the holders of cards, which are removed.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    home: Option<String>,
    names: Vec<String>,
}

impl Redaction {
    /// Removes what identifies the user of this computer.
    pub fn of(system: &System) -> Self {
        let home = system.home().map(Path::to_string_lossy);
        // The home folder of a user without one may be the root.
        let home = home.map(|home| home.trim_end_matches('/').to_owned()).filter(|home| !home.is_empty());
        Redaction { home, names: Vec::new() }.and(system.names())
    }

    /// Removes these names as well: the longest first, because others may be parts of them.
    pub fn and(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.names.extend(names.into_iter().map(|name| name.to_lowercase()).filter(|name| !name.is_empty()));
        self.names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        self
    }

    /// A value that can be shown: one short line that is safe for a terminal.
    pub fn clean(&self, datum: &str) -> String {
        if datum.len() > FAR_TOO_LONG {
            return HIDDEN.to_owned();
        }
        let line: String = datum.chars().map(harmless).collect();
        let line = self.without_folders(&line);
        let line = self.names.iter().fold(line, |line, name| without_word(&line, name));
        line.chars().take(LONGEST).collect()
    }

    /// The value of a variable, if it is a path or a word. Anything else is removed.
    pub fn setting(&self, value: &str) -> String {
        let letter = |c: char| c.is_ascii_alphabetic() || "_-,=.:".contains(c);
        let longest = value.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
        let is_path = value.starts_with(['/', '~']) || value.starts_with("unix:path=/");
        let is_word = longest < DIGITS && value.chars().all(|c| letter(c) || c.is_ascii_digit());
        // In URIs names could be encoded, and would not be recognised.
        if (is_path || is_word) && !value.contains('%') { self.clean(value) } else { HIDDEN.to_owned() }
    }

    /// The name of a reader without its serial number, which the daemon writes in parentheses.
    pub fn reader(&self, name: &str) -> String {
        let name = self.clean(name);
        match (name.rfind('('), name.rfind(')')) {
            (Some(open), Some(close)) if open < close => {
                let part = |range: Option<&str>| range.unwrap_or_default().to_owned();
                part(name.get(..=open)) + HIDDEN + &part(name.get(close..))
            }
            _ => name,
        }
    }

    fn without_folders(&self, line: &str) -> String {
        let mut line = match &self.home {
            Some(home) => replaced(line, home, HOME, is_end_of_name),
            None => line.to_owned(),
        };
        for homes in HOMES {
            line = line.split(homes).enumerate().fold(String::new(), |line, (count, part)| match count {
                0 => part.to_owned(),
                _ => {
                    line + homes + HIDDEN + part.find('/').and_then(|end| part.get(end..)).unwrap_or_default()
                }
            });
        }
        line
    }
}

fn is_end_of_name(next: Option<char>) -> bool {
    next.is_none_or(|c| !c.is_alphanumeric() && !"._-".contains(c))
}

/// Replaces a part wherever it is followed by a boundary.
fn replaced(line: &str, part: &str, by: &str, is_end: impl Fn(Option<char>) -> bool) -> String {
    let pieces: Vec<&str> = line.split(part).collect();
    let mut pieces = pieces.into_iter();
    let mut result = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        result += if is_end(piece.chars().next()) { by } else { part };
        result += piece;
    }
    result
}

/// Removes a name where it is a separate word, in upper or lower case.
fn without_word(line: &str, name: &str) -> String {
    let mut result = String::new();
    let mut rest = line;
    let mut before = None;
    while let Some(next) = rest.chars().next() {
        let is_start = before.is_none_or(|c: char| !c.is_alphanumeric());
        let length = if is_start { length_of(rest, name) } else { None };
        let (shown, length) = match length {
            Some(length) => (HIDDEN.to_owned(), length),
            None => (next.to_string(), next.len_utf8()),
        };
        result += &shown;
        before = rest.get(..length).and_then(|taken| taken.chars().last());
        rest = rest.get(length..).unwrap_or_default();
    }
    result
}

/// The length in bytes of the name at the beginning, if a word ends there.
fn length_of(line: &str, name: &str) -> Option<usize> {
    let mut characters = line.char_indices();
    // Some characters become two in lower case.
    let mut lower = Vec::new();
    for expected in name.chars() {
        if lower.is_empty() {
            lower = characters.next()?.1.to_lowercase().rev().collect();
        }
        if lower.pop() != Some(expected) {
            return None;
        }
    }
    let (end, next) = characters.next().map_or((line.len(), None), |(at, c)| (at, Some(c)));
    next.is_none_or(|c| !c.is_alphanumeric()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redaction() -> Redaction {
        let environment = [("HOME", "/srv/people/mattim"), ("USER", "mattim")];
        let environment = environment.map(|(name, value)| (name.into(), value.into()));
        let system = System::new(Path::new("/nowhere"), environment);
        Redaction::of(&system).and(["desk".to_owned(), "desk.example.org".to_owned(), "JÕEORG".to_owned()])
    }

    #[test]
    fn whose_computer_it_is_cannot_be_told() {
        let redaction = redaction();
        for (datum, shown) in [
            ("/srv/people/mattim/.mozilla/firefox", "~/.mozilla/firefox"),
            ("/srv/people/mattim", "~"),
            ("unix:path=/srv/people/mattim/x", "unix:path=~/x"),
            ("/srv/people/mattimeus/x", "/srv/people/mattimeus/x"),
            ("/media/mattim/stick", "/media/…/stick"),
            ("/home/another/x:/home/third", "/home/…/x:/home/…"),
            ("/var/home/another/x", "/var/home/…/x"),
            ("MattiM.sh on DESK.example.org", "….sh on …"),
            ("Jõeorg, desks", "…, desks"),
            ("JÕEORG-DESK", "…-…"),
            ("", ""),
        ] {
            assert_eq!(redaction.clean(datum), shown, "{datum}");
        }
        assert_eq!(Redaction::default().clean("/srv/people"), "/srv/people");
    }

    #[test]
    fn nothing_moves_the_cursor() {
        let redaction = redaction();
        assert_eq!(redaction.clean("a\x1b[2Jb\u{202E}c\nd"), "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d");
        assert_eq!(redaction.clean(&"x".repeat(LONGEST + 1)), "x".repeat(LONGEST));
        assert_eq!(redaction.clean(&"x".repeat(FAR_TOO_LONG + 1)), HIDDEN);
    }

    #[test]
    fn settings_are_paths_and_words() {
        let redaction = redaction();
        for (value, shown) in [
            ("/srv/people/mattim/log", "~/log"),
            ("debug", "debug"),
            ("1", "1"),
            ("pid=2,debug", "pid=2,debug"),
            ("1234", "…"),
            ("pin1234", "…"),
            ("my secret", "…"),
            ("unix:path=/run/user/1000/p11", "unix:path=/run/user/1000/p11"),
            ("unix:path=/srv%2Fpeople%2Fmattim", "…"),
        ] {
            assert_eq!(redaction.setting(value), shown, "{value}");
        }
    }

    #[test]
    fn a_reader_is_named_without_its_serial_number() {
        let redaction = redaction();
        for (name, shown) in [
            ("Gemalto PC Twin Reader (4F1C0D2A) 00 00", "Gemalto PC Twin Reader (…) 00 00"),
            ("ACS ACR39U [CCID] (X) 01 00", "ACS ACR39U [CCID] (…) 01 00"),
            ("Virtual reader A 00 00", "Virtual reader A 00 00"),
            ("odd ) name ( 00", "odd ) name ( 00"),
        ] {
            assert_eq!(redaction.reader(name), shown);
        }
    }
}

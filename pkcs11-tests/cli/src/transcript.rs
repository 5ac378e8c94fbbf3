//! Everything that is on the screen, in one language, kept in a file of `transcripts`. Where it is meant to change,
//! AVAIN_WRITE_TRANSCRIPTS=1 writes it anew.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::{Ended, Terminal};

/// What was on screens.
pub struct Transcript {
    language: &'static str,
    reader: String,
    text: String,
}

impl Transcript {
    /// In this language, with a card in this reader.
    pub fn new(language: &'static str, reader: &str) -> Self {
        Self { language, reader: reader.to_owned(), text: String::new() }
    }

    /// Runs the tool, answers its questions, and keeps what was shown. Nothing that was typed may be in it.
    ///
    /// # Panics
    /// If it is, or the tool ends with another code.
    #[track_caller]
    pub fn screen(&mut self, title: &str, arguments: &[&str], answers: &[(&str, &str)], code: i32) {
        let arguments = [&["--lang", self.language], arguments].concat();
        let mut terminal = Terminal::start(&arguments);
        for (question, answer) in answers {
            terminal.answer(question, answer);
        }
        let Ended { shown, code: ended, echoes } = terminal.end();
        assert_eq!(ended, code, "{title}:\n{shown}");
        assert!(echoes, "{title}: the terminal does not show any more what is typed");
        for (_, typed) in answers.iter().filter(|(_, typed)| typed.len() > 3) {
            assert!(!shown.contains(typed), "{title}: {typed} was shown:\n{shown}");
        }
        for technical in ["CKR_", "0x", "63C", "6983"] {
            assert!(!shown.contains(technical), "{title}:\n{shown}");
        }
        let shown = without_times(&shown.replace(&self.reader, "READER"));
        write!(self.text, "== {title}\n\n$ avain {}\n{shown}[{code}]\n\n", arguments.join(" "))
            .expect("there is room");
    }

    /// Compares it with the file of this name and the language.
    ///
    /// # Panics
    /// At the first line that differs.
    pub fn compare(&self, name: &str) {
        let name = format!("{name}{}.txt", self.language);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts").join(&name);
        if std::env::var_os("AVAIN_WRITE_TRANSCRIPTS").is_some() {
            fs::write(path, &self.text).expect("write the transcript");
            return;
        }
        let expected = fs::read_to_string(path).unwrap_or_default();
        for (line, (expected, shown)) in expected.lines().zip(self.text.lines()).enumerate() {
            assert_eq!(expected, shown, "{name}, line {}", line + 1);
        }
        assert_eq!(expected.lines().count(), self.text.lines().count(), "{name}");
    }
}

/// What was shown, without how many milliseconds it took.
fn without_times(shown: &str) -> String {
    let mut parts = shown.split(" milli").map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()));
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + "N milli" + part)
}

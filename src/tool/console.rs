//! Shows what is said: results on the standard output, everything else beside it.

use avain_flow::task::Progress;
use avain_flow::{Failure, Language, Text, Words};
use std::io::{self, Write};

/// The tool's voice.
pub(crate) struct Console {
    words: Words,
    verbose: bool,
}

impl Console {
    pub(crate) fn new(language: Language, verbose: bool) -> Self {
        Console { words: Words::of(language), verbose }
    }

    /// A message in the holder's language.
    pub(crate) fn word(&self, text: &Text) -> String {
        self.words.say(text)
    }

    /// A result.
    pub(crate) fn tell(&self, text: &Text) {
        print(&self.word(text));
    }

    /// A part of a result that belongs to the one above it.
    pub(crate) fn tell_below(&self, text: &Text) {
        print(&format!("  {}", self.word(text)));
    }

    /// Something beside the results.
    pub(crate) fn say(&self, text: &Text) {
        note(&self.word(text));
    }

    /// A step that was done.
    pub(crate) fn progress(&self, progress: &Progress) {
        self.say(&progress.text);
        if self.verbose {
            note(&format!("  ({})", progress.detail));
        }
    }

    /// Something that did not work.
    pub(crate) fn fail(&self, failure: &Failure) {
        for text in &failure.words {
            self.say(text);
        }
        if let (true, Some(detail)) = (self.verbose, &failure.detail) {
            note(&format!("  ({detail})"));
        }
    }
}

/// A line of result. Whoever does not listen any more does not miss it.
pub(crate) fn print(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

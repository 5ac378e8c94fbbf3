//! Output: results on the standard output, everything else on the standard error output.

use avain_flow::task::Progress;
use avain_flow::{Failure, Language, Text, Words};
use std::io::{self, Write};

/// Prints texts in the user's language.
pub(crate) struct Console {
    words: Words,
    verbose: bool,
}

impl Console {
    pub(crate) fn new(language: Language, verbose: bool) -> Self {
        Console { words: Words::of(language), verbose }
    }

    /// The user's language.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// A text in the user's language.
    pub(crate) fn word(&self, text: &Text) -> String {
        self.words.say(text)
    }

    /// Prints a result.
    pub(crate) fn tell(&self, text: &Text) {
        print(&self.word(text));
    }

    /// Prints a part of a result, indented.
    pub(crate) fn tell_below(&self, text: &Text) {
        print(&format!("  {}", self.word(text)));
    }

    /// Prints a message that is not a result.
    pub(crate) fn say(&self, text: &Text) {
        note(&self.word(text));
    }

    /// Prints a completed step.
    pub(crate) fn progress(&self, progress: &Progress) {
        self.say(&progress.text);
        if self.verbose {
            note(&format!("  ({})", progress.detail));
        }
    }

    /// Prints a failure.
    pub(crate) fn fail(&self, failure: &Failure) {
        for text in &failure.words {
            self.say(text);
        }
        if let (true, Some(detail)) = (self.verbose, &failure.detail) {
            note(&format!("  ({detail})"));
        }
    }
}

/// Prints a line on the standard output. A closed pipe is not an error.
pub(crate) fn print(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Prints a line on the standard error output.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

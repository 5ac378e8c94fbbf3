//! Something that a program does with the card: what the card sees of it, and its row in the tables of programs.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::user::User;
use crate::installed;

/// A program and the version that it gives of itself.
#[derive(Clone, Debug)]
pub struct Program {
    /// Name as people know it.
    pub name: &'static str,
    /// Version.
    pub version: String,
}

/// One row of the table: a program did this with a card of this kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The program.
    pub program: String,
    /// Its version. Other systems have another one.
    pub version: String,
    /// What was done.
    pub done: String,
    /// The kind of card.
    pub card: String,
    /// How often the user was asked for a PIN; 0 if the PIN was in a file or in the program's settings.
    pub prompts: usize,
    /// Commands to the card. Other versions of the program may need others.
    pub commands: u64,
    /// How it ended.
    pub result: String,
}

/// Something that a program does with the card.
#[must_use = "a task that is not finished checks nothing"]
pub struct Task<'s> {
    user: &'s User,
    program: &'s Program,
    what: &'static str,
    presented: [u32; 2],
    spent: u32,
}

impl<'s> Task<'s> {
    pub(crate) fn begin(user: &'s User, program: &'s Program, what: &'static str) -> Self {
        user.card().log_mut().mark();
        Self { user, program, what, presented: presented(user), spent: spent(user) }
    }

    /// Checks that the card has seen PIN1 and PIN2 as often as expected, that no try was spent, and that PIN2 is closed;
    /// and writes the row, with how often the user was asked for a PIN.
    ///
    /// # Panics
    /// If the card saw anything else.
    #[track_caller]
    pub fn done(self, prompts: usize, expected: [u32; 2]) {
        self.ended(prompts, expected, "works");
    }

    /// The same for a task that does not simply work; the table shows this result.
    ///
    /// # Panics
    /// As [`Task::done`].
    #[track_caller]
    pub fn ended(self, prompts: usize, expected: [u32; 2], result: &'static str) {
        let (now, before) = (presented(self.user), self.presented);
        let seen = [0, 1].map(|pin: usize| now[pin] - before[pin]);
        let what = self.what;
        assert_eq!(seen, expected, "PIN1 and PIN2 presented: {what}\n{}", self.exchanges());
        assert_eq!(spent(self.user), self.spent, "tries were spent: {what}\n{}", self.exchanges());
        assert!(!pin2_is_open(self.user), "PIN2 stays open: {what}\n{}", self.exchanges());
        self.write(prompts, result);
    }

    /// The APDUs since the beginning.
    pub fn exchanges(&self) -> String {
        self.user.card().log().exchanges_since_mark().map(|exchange| format!("{exchange}\n")).collect()
    }

    fn write(&self, prompts: usize, result: &str) {
        let row = Row {
            program: self.program.name.into(),
            version: self.program.version.clone(),
            done: self.what.into(),
            card: self.user.card.name().into(),
            prompts,
            commands: self.user.card().log().since_mark().count,
            result: result.into(),
        };
        let name = format!("{} {} {}", row.program, row.done, row.card);
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let file = folder().join(name.chars().map(plain).collect::<String>() + ".json");
        fs::create_dir_all(folder()).expect("make the folder of rows");
        let text = serde_json::to_string_pretty(&row).expect("a row is plain data");
        fs::write(&file, text + "\n").unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

/// Where the rows are kept.
pub(crate) fn folder() -> PathBuf {
    installed::folder().join("rows")
}

fn presented(user: &User) -> [u32; 2] {
    let references = user.card().references();
    [Some(references.pin1), references.pin2]
        .map(|reference| reference.map_or(0, |reference| user.card().credential_count(reference).commands))
}

fn spent(user: &User) -> u32 {
    let references = user.card().references();
    let all = [Some(references.pin1), references.pin2, references.puk].into_iter().flatten();
    all.map(|reference| user.card().credential_count(reference).tries_spent).sum()
}

fn pin2_is_open(user: &User) -> bool {
    let card = user.card();
    card.references().pin2.is_some_and(|reference| card.is_verified(reference))
}

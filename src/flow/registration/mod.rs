//! Registration: every program on the computer is told of the module, or made to forget it. What will happen is a plan
//! that can be shown first; carrying it out twice changes nothing more, and undoing it gives back the very bytes.
//!
//! Root changes what is root's, a user what is the user's own. No program is started, and nothing counts as done that
//! still needs somebody.

mod draft;
mod flatpak;
mod json;
mod memory;
mod nss;
mod plan;
mod policies;
mod rows;
pub mod signing;
mod snippets;
mod told;
mod web;
pub(crate) mod writing;

pub use memory::{note_offer, was_offered};
pub use plan::{Done, Outcome, Plan, carry_out, others, plan, was_removed};
pub use web::{Manifest, manifests};

use super::system::{PROGRAMS, Packaging};
use super::text::{Text, Variable};
use std::path::PathBuf;

/// For whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The user who asks.
    User,
    /// Everybody on the computer: this needs root.
    Computer,
}

/// What is to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Programs are told of the module.
    Register,
    /// They forget it.
    Unregister,
    /// They forget it, and nothing is left that would tell them to.
    Purge,
}

/// The programs that are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Programs {
    /// All.
    All,
    /// Those with lists of their own, and the answering of Web eID in browsers. The others are told by files that their
    /// users have to name to them: that is for the command line.
    OfDesktop,
    /// Those that are called so on the command line.
    Named(Vec<String>),
}

impl Programs {
    /// Is this one meant?
    pub(super) fn contain(&self, id: &str) -> bool {
        match self {
            Programs::All => true,
            Programs::OfDesktop => id == web::WEB_EID || PROGRAMS.iter().any(|program| program.id == id),
            Programs::Named(names) => names.iter().any(|name| name == id),
        }
    }

    /// Was it asked for by its own name?
    pub(super) fn name(&self, id: &str) -> bool {
        matches!(self, Programs::Named(_)) && self.contain(id)
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// For whom.
    pub scope: Scope,
    /// What.
    pub direction: Direction,
    /// Which programs.
    pub programs: Programs,
    /// Only programs that nobody was told of before: what was taken out of the others stays out. For the computer.
    pub only_new: bool,
    /// The module, if it is not where it is usually installed.
    pub module: Option<PathBuf>,
    /// This program: the module may be installed beside it.
    pub tool: Option<PathBuf>,
}

/// How a program stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It does not know the module.
    Absent,
    /// It knows it.
    Registered,
    /// It knows it where it no longer is.
    Moved,
    /// It knows it in more than one way.
    Twice,
    /// It knows it by what is registered for everybody.
    ForAll,
    /// It has no profile yet.
    NoProfile,
    /// It uses the lists of others.
    Borrows,
    /// There is another program in its place.
    Others,
    /// That cannot be told.
    Unclear,
}

/// What will happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The module is added.
    Add,
    /// An entry is corrected.
    Mend,
    /// The module is taken out.
    Remove,
    /// What can be done is done; the rest is up to the user.
    Prepare,
    /// Nothing: it is as it should be.
    Nothing,
    /// Nothing: the user has taken it out earlier.
    Leave,
    /// Nothing, because it cannot be done.
    Refuse(Refusal),
}

/// Why a file is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be read.
    Unreadable,
    /// It cannot be written.
    Unwritable,
    /// It is a link.
    Link,
    /// It, or its folder, belongs to somebody else.
    Owner,
    /// It is no file, or far too long.
    NoFile,
    /// It is not UTF-8.
    Text,
    /// A line of it cannot be understood: which one.
    Line(usize),
    /// It is not JSON.
    Json,
    /// It contains other things than policies do.
    Policies,
    /// It was not written by this software.
    Foreign,
    /// The path of the module is no text.
    Path,
}

impl State {
    /// Its name in the tool's JSON and in the message files.
    pub const fn name(self) -> &'static str {
        match self {
            State::Absent => "absent",
            State::Registered => "registered",
            State::Moved => "moved",
            State::Twice => "twice",
            State::ForAll => "for-all",
            State::NoProfile => "no-profile",
            State::Borrows => "borrows",
            State::Others => "others",
            State::Unclear => "unclear",
        }
    }
}

impl Action {
    /// Its name in the tool's JSON and in the message files.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Add => "add",
            Action::Mend => "mend",
            Action::Remove => "remove",
            Action::Prepare => "prepare",
            Action::Nothing => "nothing",
            Action::Leave => "leave",
            Action::Refuse(_) => "refuse",
        }
    }
}

impl Refusal {
    /// Its name in the tool's JSON and in the message files.
    pub const fn name(self) -> &'static str {
        match self {
            Refusal::Unreadable => "unreadable",
            Refusal::Unwritable => "unwritable",
            Refusal::Link => "link",
            Refusal::Owner => "owner",
            Refusal::NoFile => "no-file",
            Refusal::Text => "text",
            Refusal::Line(_) => "line",
            Refusal::Json => "json",
            Refusal::Policies => "policies",
            Refusal::Foreign => "foreign",
            Refusal::Path => "path",
        }
    }

    /// The line that was not understood, or 0.
    pub const fn line(self) -> usize {
        match self {
            Refusal::Line(line) => line,
            _ => 0,
        }
    }
}

impl From<State> for Variable {
    fn from(state: State) -> Self {
        Variable::from(state.name())
    }
}

impl From<Action> for Variable {
    fn from(action: Action) -> Self {
        Variable::from(action.name())
    }
}

impl From<Refusal> for Variable {
    fn from(refusal: Refusal) -> Self {
        Variable::from(refusal.name())
    }
}

impl From<Packaging> for Variable {
    fn from(packaging: Packaging) -> Self {
        Variable::from(packaging.name())
    }
}

/// A program, or one of its profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is called on the command line.
    pub id: &'static str,
    /// What its users call it.
    pub name: &'static str,
    /// How it came onto the computer.
    pub packaging: Packaging,
    /// The profile or file.
    pub place: PathBuf,
    /// How it stands.
    pub state: State,
    /// What will happen.
    pub action: Action,
    /// What somebody still has to do.
    pub advice: Vec<Text>,
    /// The files that are changed for it.
    pub(super) files: Vec<PathBuf>,
}

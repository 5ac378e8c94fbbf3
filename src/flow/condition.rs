//! How a card stands, in words.

use super::failure::number;
use super::text::{self, Text};
use crate::cards::Role;

pub use crate::cards::Stage;
pub use crate::token::condition::{Activation, Condition, Next, PinCondition};

impl Stage {
    /// Its name in the tool's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Ready => "ready",
            Stage::Fresh => "fresh",
            Stage::Usable => "usable",
            Stage::Unset | Stage::UnsetOrLocked => "unset-or-locked",
            Stage::Locked => "locked",
            Stage::Unknown => "unknown",
        }
    }
}

impl Activation {
    /// Its name in the tool's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Activation::Done => "done",
            Activation::Partly => "partly",
            Activation::Open => "open",
        }
    }
}

impl Next {
    /// Its name in the tool's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Next::Nothing => "nothing",
            Next::Activate(_) => "activate",
            Next::Unblock(Role::Authentication) => "unblock 1",
            Next::Unblock(Role::Signature) => "unblock 2",
            Next::Lost => "lost",
        }
    }
}

impl Condition {
    /// How its PINs stand, in words.
    pub fn words(&self) -> Vec<Text> {
        let mut said: Vec<Text> = self.pins.iter().map(PinCondition::words).collect();
        // The transport code has the tries of the PINs, and nobody who still has it has a PUK.
        let any = |wanted: fn(Stage) -> bool| self.pins.iter().any(|pin| wanted(pin.stage));
        let matters = any(Stage::needs_puk) || !any(|stage| stage == Stage::Fresh);
        match self.code_left.filter(|_| matters) {
            Some(0) => said.push(text::code_locked()),
            Some(left) => said.push(text::code_left(left)),
            None => {}
        }
        said
    }

    /// What to do next, in words.
    pub fn advice(&self) -> Text {
        match self.next() {
            Next::Nothing => text::next_nothing(),
            Next::Activate(Activation::Partly) => text::next_go_on(),
            Next::Activate(_) => text::next_activate(),
            Next::Unblock(role) => text::next_unblock(number(role)),
            Next::Lost => text::next_lost(),
        }
    }
}

impl PinCondition {
    fn words(&self) -> Text {
        match (self.stage, self.left) {
            (Stage::Ready | Stage::Usable, Some(left)) => text::pin_ready(self.role, left),
            (Stage::Fresh, Some(left)) => text::pin_fresh(self.role, left),
            (Stage::Locked, _) => text::pin_locked(self.role),
            (Stage::Unset | Stage::UnsetOrLocked, _) => text::pin_unset(self.role),
            _ => text::pin_unknown(self.role),
        }
    }
}

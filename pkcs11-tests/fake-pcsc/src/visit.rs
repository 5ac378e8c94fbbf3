//! Another program on the same card: the commands that it sends between two calls of this one.

use crate::control::from_hex;
use crate::world::{World, reference};
use simcard::{Card, CredentialCount};
use std::collections::BTreeMap;

/// A visit to come.
#[derive(Debug)]
pub(crate) struct Visit {
    call: String,
    /// Before which call of that function.
    number: u32,
    commands: Vec<Vec<u8>>,
}

impl World {
    pub(crate) fn add_visit(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.split_whitespace();
        let (Some(call), Some(number)) = (words.next(), words.next()) else {
            return Err("visit CALL N HEX...".into());
        };
        let number: u32 = number.parse().map_err(|_| format!("{number} is no number"))?;
        let commands = words.map(from_hex).collect::<Option<_>>().ok_or("no hexadecimal")?;
        let so_far = self.calls.get(call).copied().unwrap_or_default();
        self.visits.push(Visit { call: call.to_owned(), number: so_far + number, commands });
        Ok(())
    }

    /// Before a call that was just counted: the visit that the script has there. What its commands count is not this
    /// program's.
    pub(crate) fn visit(&mut self, call: &'static str, reader: Option<usize>) {
        let count = self.calls.get(call).copied().unwrap_or_default();
        let due = self.visits.iter().position(|visit| visit.call == call && visit.number == count);
        let (Some(due), Some(index)) = (due, reader) else { return };
        let visit = self.visits.remove(due);
        let Some(reader) = self.readers.get_mut(index).filter(|reader| reader.inserted) else { return };
        let Some(made) = reader.made_mut() else { return };
        let before = counts(&made.card());
        for command in &visit.commands {
            made.card().transmit(command);
        }
        let after = counts(&made.card());
        for (reference, after) in after {
            let before = before.get(&reference).copied().unwrap_or_default();
            let strange = made.strange.entry(reference).or_default();
            strange.commands += after.commands - before.commands;
            strange.right += after.right - before.right;
            strange.tries_spent += after.tries_spent - before.tries_spent;
        }
        self.played.push(format!("visit@{call}"));
    }
}

fn counts(card: &Card) -> BTreeMap<u8, CredentialCount> {
    card.snapshot().pins.iter().map(|pin| (reference(pin), pin.count)).collect()
}

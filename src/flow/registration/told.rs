//! What became of a plan, in words.

use super::{Done, Outcome, Row};
use crate::text::{self, Text};

impl Done {
    /// What somebody still has to do, and which programs have to be started anew. What failed is told by its row.
    pub fn words(&self, rows: &[Row], others: &[Text]) -> Vec<Text> {
        let mut said = Vec::new();
        for advice in rows.iter().flat_map(|row| &row.advice).chain(others) {
            if !said.contains(advice) {
                said.push(advice.clone());
            }
        }
        said.extend((!self.restart.is_empty()).then(|| text::reg_restart(self.restart.join(", "))));
        said.extend(self.forgotten.then(text::reg_forgotten));
        said
    }

    /// How many were done, prepared, and failed. What there is none of is not said.
    pub fn counts(&self) -> Vec<Text> {
        let is_done = |outcome: &Outcome| *outcome == Outcome::Done;
        let is_prepared = |outcome: &Outcome| *outcome == Outcome::Prepared;
        let has_failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_));
        let counts = [
            self.count(is_done).map(text::reg_done),
            self.count(is_prepared).map(text::reg_prepared),
            self.count(has_failed).map(text::reg_not_done),
        ];
        let said: Vec<Text> = counts.into_iter().flatten().collect();
        if said.is_empty() { vec![text::reg_nothing_to_do()] } else { said }
    }

    /// The same by row, in words that nobody has to count.
    pub fn by_program(&self, rows: &[Row]) -> Vec<Text> {
        let mut said = Vec::new();
        for (row, outcome) in rows.iter().zip(&self.outcomes) {
            let is_changed = matches!(outcome, Outcome::Done | Outcome::Prepared);
            let became = is_changed.then(|| text::window_became(row.name, row.action));
            // A browser may have several profiles.
            said.extend(became.filter(|became| !said.contains(became)));
        }
        if said.is_empty() && self.count(|outcome| matches!(outcome, Outcome::Failed(_))).is_none() {
            said.push(text::reg_nothing_to_do());
        }
        said
    }

    fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> Option<usize> {
        Some(self.outcomes.iter().filter(|outcome| wanted(outcome)).count()).filter(|number| *number > 0)
    }
}

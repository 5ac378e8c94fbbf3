//! What became of a plan, in words.

use super::{Done, Outcome, Row};
use crate::text::{self, Text};

impl Done {
    /// How much was done, what somebody still has to do, and which programs have to be started anew. What failed is told
    /// by its row.
    pub fn words(&self, rows: &[Row], others: &[Text]) -> Vec<Text> {
        let count = |wanted: fn(&Outcome) -> bool| self.outcomes.iter().filter(|it| wanted(it)).count();
        let mut said = vec![text::reg_summary(
            count(|outcome| *outcome == Outcome::Done),
            count(|outcome| *outcome == Outcome::Prepared),
            count(|outcome| matches!(outcome, Outcome::Failed(_))),
        )];
        for advice in rows.iter().flat_map(|row| &row.advice).chain(others) {
            if !said.contains(advice) {
                said.push(advice.clone());
            }
        }
        said.extend((!self.restart.is_empty()).then(|| text::reg_restart(self.restart.join(", "))));
        said.extend(self.forgotten.then(text::reg_forgotten));
        said
    }
}

//! Changing PINs and the PUK with what they were, and giving a PIN its tries again.

use super::{Entries, Job, Setting, Task};
use crate::condition::InWords;
use crate::failure::{Failure, Kind, Set, number};
use crate::permission::{keep_last_try, may_change};
use crate::text::{self, Text};
use avain_card::cards::profile::{CodeKind, Secret};
use avain_card::cards::{Pin, Role, Step};
use std::mem;

impl Task {
    /// Changes each PIN with its old value. Stops at the first failure.
    pub(super) fn change_all(&mut self) -> Result<Vec<Text>, Failure> {
        let (mut done, mut said) = (None, Vec::new());
        let mut typed = None;
        let mut steps = mem::take(&mut self.steps).into_iter();
        while let Some(Setting { secret, old, new }) = steps.next() {
            // The other PIN of a holder who has one for both is changed alike.
            let Some((old, new)) = old.zip(new).or(typed.take()) else {
                return Err(Failure::new(Kind::Failed, [text::cancelled()]));
            };
            let name = self.wording.secret(secret);
            match (self.change(secret, &old, &new), done) {
                (Ok(()), _) => {
                    done = Some(name);
                    said.push(text::changed(name));
                    typed = Some((old, new)).filter(|_| self.wording.pins_equal);
                }
                (Err(failure), None) if failure.set != Set::Unsure => {
                    if failure.again {
                        let refused = Setting { secret, old: None, new: Some(new) };
                        self.steps = [refused].into_iter().chain(steps).collect();
                    }
                    return Err(failure);
                }
                (Err(failure), before) => return Err(self.stopped_at(failure, before, secret)),
            }
        }
        if self.job == Job::Activate {
            said.extend(self.card.condition().map(|card| card.advice(&self.wording)).unwrap_or_default());
        }
        Ok(said)
    }

    /// The failure, with what was changed before, and what was not.
    fn stopped_at(&self, failure: Failure, before: Option<&'static str>, secret: Secret) -> Failure {
        let is_half = before.is_some() && self.wording.pins_equal;
        let words =
            if before.is_some() && failure.kind == Kind::Cancelled { Vec::new() } else { failure.words };
        let name = self.wording.secret(secret);
        let mut failure = Failure { words, ..failure }.and_what_is_set(before, name);
        if let (true, Secret::Pin(role)) = (is_half, secret) {
            failure.words.push(text::equal_no_more(name, number(role)));
        }
        failure
    }

    fn change(&self, secret: Secret, old: &Pin, new: &Pin) -> Result<(), Failure> {
        self.change_by(secret, Entries::Typed { permit: old, new })
    }

    /// Gives a PIN its tries again by the PUK.
    pub(super) fn refill(&self, puk: &Pin, role: Role) -> Result<(), Failure> {
        let (left, wording) = (self.card.condition()?.code_left, &self.wording);
        keep_last_try(left, Secret::Puk, CodeKind::Puk, self.leave.last_try, wording)?;
        let refilled = self.card.reader.refill_pin(&self.card.insertion, role, puk, self.leave.consent);
        refilled.map_err(|error| {
            self.card.failed(Failure::of_code(error, Secret::Pin(role), Step::Unblock, wording))
        })
    }

    pub(super) fn change_by(&self, secret: Secret, entries: Entries<'_>) -> Result<(), Failure> {
        let (reader, insertion) = (&self.card.reader, &self.card.insertion);
        // Other programs may have used up tries while the entries were typed.
        self.may_change(secret)?;
        let changed = match secret {
            Secret::Pin(role) => reader
                .change_pin(insertion, role, entries, self.leave.consent)
                .map_err(|error| Failure::of_pin(error, role, Step::Change, &self.wording)),
            Secret::Puk => reader
                .change_puk(insertion, entries, self.leave.consent)
                .map_err(|error| Failure::of_code(error, secret, Step::Change, &self.wording)),
        };
        changed.map_err(|failure| self.card.failed(failure)).map_err(|failure| {
            let failure = if failure.again { failure.if_permitted(self.may_change(secret)) } else { failure };
            self.card.release();
            failure
        })
    }

    fn may_change(&self, secret: Secret) -> Result<(), Failure> {
        may_change(&self.card.condition()?, &self.wording, secret, self.leave.last_try)
    }
}

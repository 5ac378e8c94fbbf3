//! A task whose entries are all made on the reader's keypad. What is entered there is not seen, so that only the card and
//! the keypad can object to it.

use super::{
    CodeKind, Entries, Failure, Job, Kind, Progress, Refusal, Role, Secret, Section, Set, Task, Text,
};
use super::{mem, plan, text};

impl Task {
    /// Can all entries be made on the reader's keypad?
    pub fn takes_keypad(&self) -> bool {
        let card = &self.card;
        let takes = |role| card.reader.takes_new_pin(&card.insertion, role);
        card.profile().is_ok_and(|profile| profile.pins.iter().all(|pin| takes(pin.role)))
    }

    /// Can a PIN be entered on the reader's keypad, but no new one?
    pub fn keeps_to_keyboard(&self) -> bool {
        !self.takes_keypad() && Role::ALL.iter().any(|role| self.card.takes_pin(*role))
    }

    /// Carries it out; `ask` says each time what is to be entered on the keypad.
    pub fn carry_out_on_keypad(
        &mut self,
        ask: &mut dyn FnMut(&Text),
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Vec<Text>, Failure> {
        let _section = Section;
        if !self.by_code {
            return self.change_on_keypad(ask);
        }
        let kind = match self.job {
            Job::Unblock(_) => CodeKind::Puk,
            Job::Activate | Job::Change(_) => self.condition.code().unwrap_or(CodeKind::Puk),
        };
        let roles = self.roles(kind)?;
        self.plan(&roles.iter().copied().map(Secret::Pin).collect::<Vec<_>>());
        let mut done = Vec::new();
        for role in roles {
            self.may_try_code(kind, role)?;
            let pin = self.wording.pin(role);
            ask(&match kind {
                CodeKind::Transport => text::keypad_activate(pin),
                CodeKind::Puk => text::keypad_set(pin, self.wording.help),
            });
            self.set_all(&[(role, Entries::Pad)], kind, &mut done, progress)?;
        }
        Ok(self.closing_words(kind))
    }

    /// The PINs that a code of this kind sets.
    fn roles(&self, kind: CodeKind) -> Result<Vec<Role>, Failure> {
        if let Job::Unblock(role) = self.job {
            return Ok(vec![role]);
        }
        let codes = &self.card.profile()?.codes;
        plan::steps(kind, &self.condition, codes, &self.wording).map_err(|refusal| match refusal {
            Refusal::Again(text) => Failure::new(Kind::Unfit, [text]),
            Refusal::Stop(failure) => failure,
        })
    }

    /// Changes each PIN with its old value. Stops at the first failure.
    fn change_on_keypad(&mut self, ask: &mut dyn FnMut(&Text)) -> Result<Vec<Text>, Failure> {
        let (mut done, mut said) = (None, Vec::new());
        for step in mem::take(&mut self.steps) {
            let name = self.wording.secret(step.secret);
            ask(&text::keypad_change(name));
            self.change_by(step.secret, Entries::Pad).map_err(|failure| match done {
                None if failure.set != Set::Unsure => failure,
                before => failure.and_what_is_set(before, name),
            })?;
            done = Some(name);
            said.push(text::changed(name));
        }
        Ok(said)
    }
}

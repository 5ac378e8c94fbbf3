//! Activating a card, changing and unlocking its PINs. A state machine that asks for one entry after the other,
//! checks each at once, and touches the card only when it has them all.

use super::condition::{Condition, Next, Stage};
use super::desk::Card;
use super::failure::{Failure, Kind, number};
use super::plan;
use super::rules::{self, Leave};
use super::text::{self, Text};
use crate::cards::profile::{CodeKind, PinSpec, Secret};
use crate::cards::{CardError, Pin, PinError, Role, Step};
use crate::token::{Attempt, Consent, LastTry, Stopped};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Set both PINs by the code from the letter, or the one that is still to be set.
    Activate,
    /// Change a PIN that its holder knows.
    Change(Role),
    /// Unlock a PIN, or replace a forgotten one, by the activation code or PUK.
    Unblock(Role),
}

/// What is to be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The code from the letter, or the PUK.
    Code,
    /// The PIN as it is.
    OldPin(Role),
    /// The PIN as it shall be; to be typed twice.
    NewPin(Role),
}

impl Field {
    /// Is it to be typed twice?
    pub const fn is_new(self) -> bool {
        matches!(self, Field::NewPin(_))
    }
}

/// An entry was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It may be typed anew.
    Again(Text),
    /// There is no point in going on.
    Stop(Failure),
}

/// What [`Task::begin`] found.
pub enum Begun {
    /// There is something to be done.
    Task(Box<Task>),
    /// There is not.
    Nothing(Text),
}

/// Something that a PIN step did, with step and status word for helpers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// In words.
    pub text: Text,
    /// For helpers.
    pub detail: String,
}

/// A job on a card.
pub struct Task {
    card: Card,
    job: Job,
    leave: Leave,
    condition: Condition,
    /// The PINs that will be set.
    steps: Vec<Role>,
    code: Option<(Pin, CodeKind)>,
    old: Option<Pin>,
    new: Vec<(Role, Pin)>,
}

impl Task {
    /// Asks the card how it stands, and stops where the job cannot be done. Spends no try.
    pub fn begin(card: Card, job: Job, leave: Leave) -> Result<Begun, Failure> {
        let condition = card.condition()?;
        let steps = match job {
            Job::Activate => {
                if condition.pins.iter().all(|pin| pin.stage == Stage::Ready) {
                    return Ok(Begun::Nothing(text::already_activated()));
                }
                let fresh = condition.pins.iter().any(|pin| pin.stage == Stage::Fresh);
                if condition.next() == Next::Lost && !fresh {
                    return Err(Failure::new(Kind::Locked, [text::code_is_locked()]));
                }
                // The code will tell.
                Vec::new()
            }
            Job::Change(role) => {
                may_present(&condition, role, leave.last_try)?;
                vec![role]
            }
            Job::Unblock(role) => {
                if condition.code_left == Some(0) {
                    return Err(Failure::new(Kind::Locked, [text::code_is_locked()]));
                }
                keep_last_try(condition.code_left, Secret::Puk, CodeKind::Puk, leave.last_try)?;
                vec![role]
            }
        };
        Ok(Begun::Task(Box::new(Task {
            card,
            job,
            leave,
            condition,
            steps,
            code: None,
            old: None,
            new: Vec::new(),
        })))
    }

    /// Which card, how it stands, and what will happen. After this other programs may have the card.
    pub fn introduction(&self) -> Result<Vec<Text>, Failure> {
        let mut said = self.card.introduction()?;
        self.card.rest();
        said.extend(self.condition.words());
        said.push(match self.job {
            Job::Activate => match Role::ALL.map(|role| self.condition.pin(role).stage) {
                [Stage::Ready, _] => text::plan_activate_one(Role::Signature),
                [_, Stage::Ready] => text::plan_activate_one(Role::Authentication),
                _ => text::plan_activate(),
            },
            Job::Change(role) => text::plan_change(role),
            Job::Unblock(role) => text::plan_unblock(role),
        });
        said.push(text::take_your_time());
        Ok(said)
    }

    /// What is to be typed next; `None` when all is there.
    pub fn next(&self) -> Option<Field> {
        match self.job {
            Job::Activate | Job::Unblock(_) if self.code.is_none() => return Some(Field::Code),
            Job::Change(role) if self.old.is_none() => return Some(Field::OldPin(role)),
            _ => {}
        }
        self.steps.get(self.new.len()).copied().map(Field::NewPin)
    }

    /// The question for an entry.
    pub fn prompt(&self, field: Field) -> Text {
        match field {
            Field::Code => match self.job {
                Job::Unblock(_) => text::ask_unblock_code(),
                Job::Activate | Job::Change(_) => text::ask_activation_code(),
            },
            Field::OldPin(Role::Authentication) => text::ask_old_pin1(),
            Field::OldPin(Role::Signature) => text::ask_old_pin2(),
            Field::NewPin(role) => {
                let (min, max) = self.card.pin(role).map_or((0, 0), |spec| self.lengths(spec));
                match role {
                    Role::Authentication => text::ask_new_pin1(min, max),
                    Role::Signature => text::ask_new_pin2(min, max),
                }
            }
        }
    }

    fn lengths(&self, spec: &PinSpec) -> (usize, usize) {
        (spec.min, if self.leave.long_pin { spec.max } else { spec.letter_max })
    }

    /// Could this be the entry? Touches no card.
    pub fn check(&self, field: Field, typed: &Pin) -> Result<(), Refusal> {
        match field {
            Field::Code => self.check_code(typed).map(|_| ()),
            Field::OldPin(role) => rules::old_pin(typed, self.spec(role)?).map_err(Refusal::Again),
            Field::NewPin(role) => {
                rules::new_pin(typed, self.spec(role)?, self.leave).map_err(Refusal::Again)?;
                let other = self.new.iter().any(|(_, pin)| pin.is_same(typed));
                let code = self.code.as_ref().is_some_and(|(code, _)| code.is_same(typed));
                let old = self.old.as_ref().is_some_and(|old| old.is_same(typed));
                for (same, text) in
                    [(other, text::same_as_pin1()), (code, text::same_as_code()), (old, text::same_as_old())]
                {
                    if same {
                        return Err(Refusal::Again(text));
                    }
                }
                Ok(())
            }
        }
    }

    fn check_code(&self, typed: &Pin) -> Result<(CodeKind, Vec<Role>), Refusal> {
        rules::digits(typed).map_err(Refusal::Again)?;
        let codes = &self.card.profile().map_err(Refusal::Stop)?.codes;
        let short = codes.transport().unwrap_or_default();
        let (min, max) = codes.puk.as_ref().map_or((0, 0), |puk| (puk.min, puk.max));
        let kind = codes.kind_of(typed);
        if let Job::Unblock(role) = self.job {
            return match kind {
                Some(CodeKind::Puk) => Ok((CodeKind::Puk, vec![role])),
                Some(CodeKind::Transport) => Err(Refusal::Again(text::short_code_for_unblocking())),
                None => Err(Refusal::Again(text::wrong_puk_length(min, max))),
            };
        }
        let kind = kind.ok_or_else(|| Refusal::Again(text::wrong_code_length(short, min, max)))?;
        let steps = plan::steps(kind, &self.condition, codes).map_err(Refusal::Stop)?;
        match kind {
            CodeKind::Puk => keep_last_try(self.condition.code_left, Secret::Puk, kind, self.leave.last_try),
            CodeKind::Transport => steps.iter().try_for_each(|role| {
                let left = self.condition.pin(*role).left;
                keep_last_try(left, Secret::Pin(*role), kind, self.leave.last_try)
            }),
        }
        .map_err(Refusal::Stop)?;
        Ok((kind, steps))
    }

    /// Takes an entry that was typed, and typed `again` where the field asks for that. Gives warnings.
    pub fn give(&mut self, field: Field, typed: Pin, again: Option<&Pin>) -> Result<Vec<Text>, Refusal> {
        self.check(field, &typed)?;
        if again.is_some_and(|again| !again.is_same(&typed)) {
            return Err(Refusal::Again(text::entries_differ()));
        }
        match field {
            Field::Code => {
                let (kind, steps) = self.check_code(&typed)?;
                self.steps = steps;
                self.code = Some((typed, kind));
                Ok(Vec::new())
            }
            Field::OldPin(_) => {
                self.old = Some(typed);
                Ok(Vec::new())
            }
            Field::NewPin(role) => {
                let warnings = rules::warnings(&typed, self.spec(role)?);
                self.new.push((role, typed));
                Ok(warnings)
            }
        }
    }

    fn spec(&self, role: Role) -> Result<&PinSpec, Refusal> {
        self.card.pin(role).map_err(Refusal::Stop)
    }

    /// Does it, in one transaction. What succeeded is in the answer; the entries are wiped in any case.
    pub fn carry_out(self, progress: &mut dyn FnMut(&Progress)) -> Result<Vec<Text>, Failure> {
        match (&self.job, &self.code, &self.old) {
            (Job::Change(role), _, Some(_)) => {
                let role = *role;
                self.change(role)
            }
            (Job::Activate | Job::Unblock(_), Some((code, kind)), _) => {
                self.set(code, *kind, progress)?;
                Ok(self.closing_words(*kind))
            }
            _ => Err(Failure::new(Kind::Failed, [text::cancelled()])),
        }
    }

    fn change(mut self, role: Role) -> Result<Vec<Text>, Failure> {
        // Others may have spent tries while this one was typed.
        may_present(&self.card.condition()?, role, self.leave.last_try)?;
        let entries = self.old.take().zip(self.new.pop());
        let (old, (_, new)) = entries.ok_or_else(|| Failure::new(Kind::Failed, [text::cancelled()]))?;
        let outcome = self.card.gate.change_pin(&self.card.insertion, role, old, new, Consent::NotAsked);
        outcome.map_err(|error| Failure::of_pin(error, role, Step::Change))?;
        Ok(vec![text::changed(role)])
    }

    /// Sets the PINs by the code.
    fn set(&self, code: &Pin, kind: CodeKind, progress: &mut dyn FnMut(&Progress)) -> Result<(), Failure> {
        let new: Vec<(Role, &Pin)> = self.new.iter().map(|(role, pin)| (*role, pin)).collect();
        let mut done = Vec::new();
        let mut note = |Attempt { role, outcome, .. }: Attempt| {
            if outcome.is_ok() {
                let step = match kind {
                    CodeKind::Transport => Step::Change,
                    CodeKind::Puk => Step::Unblock,
                };
                let detail = format!("step {step:?}, status word 9000");
                progress(&Progress { text: text::step_done(role), detail });
                done.push(role);
            }
        };
        let card = &self.card;
        let (last_try, consent) = (self.leave.last_try, Consent::NotAsked);
        let outcome = card.gate.activate(&card.insertion, code, &new, last_try, consent, &mut note);
        outcome.map_err(|stopped| self.stopped(stopped, kind, &done))
    }

    /// Why it stopped, what was done before, and what was not.
    fn stopped(&self, stopped: Stopped, kind: CodeKind, done: &[Role]) -> Failure {
        let role = self.steps.get(done.len()).copied().unwrap_or(Role::Signature);
        let mut failure = match (stopped, kind) {
            (Stopped::LastTry(secret), _) => last_try_failure(secret, kind),
            (Stopped::Failed(error), CodeKind::Transport) => Failure::of_transport_code(error, role),
            (Stopped::Failed(PinError::Blocked), CodeKind::Puk) if self.code_has_tries() => {
                Failure::new(Kind::Locked, [text::code_is_used_up()])
            }
            (Stopped::Failed(error), CodeKind::Puk) => Failure::of_code(error, role),
        };
        if self.may_be_set_already(stopped, kind, role) {
            failure = failure.and(text::perhaps_set_before(role));
        }
        let unsure = matches!(stopped, Stopped::Failed(PinError::Card(CardError::Transport(_))));
        match done.first() {
            Some(first) => {
                failure.kind = Kind::Partly;
                failure.and(if unsure {
                    text::partly_unsure(*first, role)
                } else {
                    text::partly_done(*first, role)
                })
            }
            None if unsure => failure,
            None => failure.and(text::nothing_changed()),
        }
    }

    /// A transport code that is wrong for a PIN of which the card does not tell whether its holder set it.
    fn may_be_set_already(&self, stopped: Stopped, kind: CodeKind, role: Role) -> bool {
        kind == CodeKind::Transport
            && matches!(stopped, Stopped::Failed(PinError::Wrong { .. }))
            && matches!(self.condition.pin(role).stage, Stage::Usable | Stage::Unknown)
    }

    /// A code whose uses are counted can be refused with all its tries left.
    fn code_has_tries(&self) -> bool {
        self.card.condition().is_ok_and(|condition| condition.code_left.is_some_and(|left| left > 0))
    }

    fn closing_words(&self, kind: CodeKind) -> Vec<Text> {
        if let Job::Unblock(role) = self.job {
            return vec![text::unblocked(role)];
        }
        let mut said = match self.card.condition().map(|condition| (condition.next(), condition.advice())) {
            Ok((Next::Activate(_) | Next::Unblock(_) | Next::Lost, advice)) => vec![advice],
            Ok((Next::Nothing, _)) | Err(_) => vec![text::activated()],
        };
        said.push(match kind {
            CodeKind::Transport => text::code_used_up(),
            CodeKind::Puk => text::keep_code(),
        });
        said
    }
}

/// Can the PIN of a role be presented, as the card stands?
pub(super) fn may_present(condition: &Condition, role: Role, last_try: LastTry) -> Result<(), Failure> {
    let pin = condition.pin(role);
    let locked = || text::pin_is_locked(role, number(role));
    match pin.stage {
        Stage::Locked | Stage::Unset | Stage::UnsetOrLocked if condition.code_left == Some(0) => {
            Err(Failure::new(Kind::Locked, [text::pin_locked(role), text::next_lost()]))
        }
        Stage::Locked => Err(Failure::new(Kind::Locked, [locked()])),
        Stage::Unset | Stage::UnsetOrLocked if condition.next() == Next::Unblock(role) => {
            Err(Failure::new(Kind::Locked, [locked()]))
        }
        Stage::Unset | Stage::UnsetOrLocked | Stage::Fresh => {
            Err(Failure::new(Kind::Unfit, [text::not_activated(role), text::nothing_spent()]))
        }
        Stage::Ready | Stage::Usable | Stage::Unknown => {
            keep_last_try(pin.left, Secret::Pin(role), CodeKind::Puk, last_try)
        }
    }
}

fn keep_last_try(left: Option<u8>, secret: Secret, kind: CodeKind, last_try: LastTry) -> Result<(), Failure> {
    if left == Some(1) && last_try == LastTry::Keep { Err(last_try_failure(secret, kind)) } else { Ok(()) }
}

/// What is at stake with the last try.
fn last_try_failure(secret: Secret, kind: CodeKind) -> Failure {
    let stake = match (secret, kind) {
        (Secret::Puk, _) => text::last_try_code(),
        (Secret::Pin(role), CodeKind::Transport) => text::last_try_transport(role),
        (Secret::Pin(role), CodeKind::Puk) => text::last_try_pin(role),
    };
    Failure::new(Kind::LastTry, [stake, text::last_try_how()])
}

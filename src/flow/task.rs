//! Activating a card, changing and unlocking its PINs. A state machine that asks for one entry after the other,
//! checks each at once, and writes to the card only when it has all of them.

use super::condition::{Condition, InWords, Next, Stage};
use super::failure::{Failure, Kind, Set};
use super::interruption::Section;
use super::permission::{keep_last_try, last_try_failure, may_change};
use super::plan;
use super::readers::Card;
use super::rules::{self, Leave};
use super::text::{self, Text};
use super::wording::CardWording;
use avain_card::cards::profile::{CodeKind, Delivery, PinSpec, PukSpec, Secret, Writing};
use avain_card::cards::{CardProfile, Entries, Pin, Role, Step};
use avain_card::token::{Attempt, Consent, LastTry, Purpose, Stopped, Terms};
use std::mem;

mod changing;
pub mod form;
mod keypad;

use form::Entry;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Set both PINs by the code from the letter, or the one that was not set yet; or change those that have to be
    /// changed once.
    Activate,
    /// Change a PIN or the PUK, with the old one.
    Change(Secret),
    /// Unlock a PIN, or replace a forgotten one, by the activation code or the PUK.
    Unblock(Role),
}

/// An entry to be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The code from the letter, or the PUK.
    Code,
    /// The present PIN or PUK.
    Old(Secret),
    /// The new PIN or PUK, to be typed twice.
    New(Secret),
}

impl Field {
    /// Does it have to be typed twice?
    pub const fn is_new(self) -> bool {
        matches!(self, Field::New(_))
    }
}

/// An entry was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It can be typed again.
    Again(Text),
    /// The task has failed.
    Stop(Failure),
}

/// The result of [`Task::begin`].
pub enum Begun {
    /// There is something to do.
    Task(Box<Task>),
    /// There is nothing to do.
    Nothing(Vec<Text>),
}

/// What a step has done, with step and status word for support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// In words.
    pub text: Text,
    /// For support.
    pub detail: String,
}

/// A job on a card.
pub struct Task {
    card: Card,
    job: Job,
    leave: Leave,
    wording: CardWording,
    condition: Condition,
    /// Digits from the personal data of the holder.
    known: Vec<String>,
    /// Are the PINs set by one code, instead of changed with their old values?
    by_code: bool,
    code: Option<(Pin, CodeKind)>,
    /// The kind of the code that the card has refused last.
    refused: Option<CodeKind>,
    /// What will be set.
    steps: Vec<Setting>,
}

/// A PIN or the PUK that will be set, with what was typed for it.
struct Setting {
    secret: Secret,
    old: Option<Pin>,
    new: Option<Pin>,
}

impl Setting {
    const fn of(secret: Secret) -> Self {
        Setting { secret, old: None, new: None }
    }

    fn is(pin: Option<&Pin>, typed: &Pin) -> bool {
        pin.is_some_and(|pin| pin.is_same(typed))
    }
}

impl Task {
    /// Asks for the condition of the card, and fails if the job cannot be done. Uses up no try.
    pub fn begin(card: Card, job: Job, leave: Leave) -> Result<Begun, Failure> {
        card.permits_setting()?;
        let wording = card.wording()?;
        possible(card.profile()?, job, &wording)?;
        let condition = card.condition()?;
        let Some(steps) = steps(&condition, &wording, job, leave)? else {
            return Ok(Begun::Nothing(nothing_to_do(&condition, &wording)));
        };
        let by_code = match job {
            Job::Activate => wording.has_letter(),
            Job::Unblock(_) => true,
            Job::Change(_) => false,
        };
        Ok(Begun::Task(Box::new(Task {
            known: card.digits_of_holder()?,
            card,
            job,
            leave,
            wording,
            condition,
            by_code,
            code: None,
            refused: None,
            steps: steps.into_iter().map(Setting::of).collect(),
        })))
    }

    /// The card, which may have been lifted off a contactless reader while the entries were made.
    pub fn card(&mut self) -> &mut Card {
        &mut self.card
    }

    /// What the holder has to agree to first, if nobody has tried this with such a card.
    pub fn wants_consent(&self) -> bool {
        let untried = self.card.profile().is_ok_and(|profile| profile.writing == Writing::WithConsent);
        untried && self.leave.consent == Consent::NotAsked
    }

    /// What the holder has to know before.
    pub fn untried(&self) -> Text {
        text::untried_card(self.wording.family)
    }

    /// The holder agrees.
    pub fn consent(&mut self) {
        self.leave.consent = Consent::Given;
    }

    /// The holder permits using the last try.
    pub fn use_last_try(&mut self) {
        self.leave.last_try = LastTry::Use;
    }

    /// The messages that name the card, and its condition. Other programs may use the card from then on.
    pub fn about(&self) -> Result<Vec<Text>, Failure> {
        let mut said = self.card.introduction()?;
        said.extend(self.card.objection()?);
        self.card.release();
        said.extend(self.condition.words(&self.wording));
        Ok(said)
    }

    /// The same, and what will be done.
    pub fn introduction(&self) -> Result<Vec<Text>, Failure> {
        let mut said = self.about()?;
        match self.job {
            Job::Activate if self.by_code => {
                said.push(match Role::ALL.map(|role| self.condition.pin(role).stage) {
                    [Stage::Ready, _] => text::plan_activate_one(self.wording.pin(Role::Signature)),
                    [_, Stage::Ready] => text::plan_activate_one(self.wording.pin(Role::Authentication)),
                    _ => text::plan_activate(),
                });
            }
            Job::Activate | Job::Change(_) => {
                said.extend(self.steps.iter().map(|step| match self.is_typed(step.secret) {
                    true => text::plan_change(self.wording.secret(step.secret)),
                    false => text::plan_equal(self.wording.secret(step.secret)),
                }));
            }
            Job::Unblock(role) if self.wording.puk_refills => {
                said.push(text::plan_refill(self.wording.pin(role)));
            }
            Job::Unblock(role) => said.push(text::plan_unblock(self.wording.pin(role), self.wording.help)),
        }
        Ok(said)
    }

    /// The next entry; `None` if all were made. After [`Self::carry_out`] it is the one that the card refused, if another
    /// attempt is permitted.
    pub fn next(&self) -> Option<Field> {
        if self.by_code && self.code.is_none() {
            return Some(Field::Code);
        }
        self.steps.iter().filter(|step| self.is_typed(step.secret)).find_map(|step| match step {
            Setting { secret, old: None, .. } if !self.by_code => Some(Field::Old(*secret)),
            Setting { secret, new: None, .. } => Some(Field::New(*secret)),
            _ => None,
        })
    }

    /// Is anything typed for what will be set? Not where the holder has one PIN for both, nor where the PUK changes nothing.
    fn is_typed(&self, secret: Secret) -> bool {
        match self.job {
            Job::Change(changed) => changed == secret,
            Job::Unblock(_) => !self.wording.puk_refills,
            Job::Activate => true,
        }
    }

    /// The question for an entry.
    pub fn prompt(&self, field: Field) -> Text {
        match field {
            Field::Code => match self.job {
                Job::Unblock(_) => text::ask_unblock_code(self.wording.help),
                Job::Activate | Job::Change(_) => text::ask_activation_code(),
            },
            Field::Old(secret) if self.is_from_envelope(secret) => {
                text::ask_envelope_pin(self.wording.secret(secret))
            }
            Field::Old(secret) => text::ask_old(self.wording.secret(secret)),
            Field::New(secret) => {
                let (min, max) = self.lengths(secret);
                match secret {
                    Secret::Pin(Role::Authentication) if self.wording.has_letter() => {
                        text::ask_new_pin1(min, max)
                    }
                    Secret::Pin(Role::Signature) if self.wording.has_letter() => text::ask_new_pin2(min, max),
                    secret => text::ask_new(self.wording.secret(secret), min, max),
                }
            }
        }
    }

    /// Is it a PIN that was never changed?
    fn is_from_envelope(&self, secret: Secret) -> bool {
        match secret {
            Secret::Pin(role) => self.condition.pin(role).stage == Stage::Fresh,
            Secret::Puk => false,
        }
    }

    fn lengths(&self, secret: Secret) -> (usize, usize) {
        match secret {
            Secret::Pin(role) => self.card.pin(role).map_or((0, 0), |spec| {
                (spec.min, if self.leave.long_pin { spec.max } else { spec.letter_max })
            }),
            Secret::Puk => self.puk().map_or((0, 0), |puk| (puk.min, puk.max)),
        }
    }

    /// Checks an entry, without the card.
    pub fn check(&self, field: Field, typed: &Pin) -> Result<(), Refusal> {
        self.check_beside(field, typed, &[])
    }

    /// Checks an entry of a form in which others stand before it.
    fn check_beside(&self, field: Field, typed: &Pin, before: &[Entry<'_>]) -> Result<(), Refusal> {
        match field {
            Field::Code => self.check_code(typed).map(|_| ()),
            Field::Old(Secret::Pin(role)) => rules::old_pin(typed, self.spec(role)?).map_err(Refusal::Again),
            Field::Old(Secret::Puk) => rules::puk(typed, self.puk()?).map_err(Refusal::Again),
            Field::New(secret) => {
                match secret {
                    Secret::Pin(role) => rules::new_pin(typed, self.spec(role)?, self.leave),
                    Secret::Puk => rules::puk(typed, self.puk()?),
                }
                .map_err(Refusal::Again)?;
                self.check_new(secret, typed, before)
            }
        }
    }

    /// Checks that it differs from all other entries.
    fn check_new(&self, secret: Secret, typed: &Pin, before: &[Entry<'_>]) -> Result<(), Refusal> {
        let is = |field| {
            let beside = before.iter().find(|entry| entry.field == field).map(|entry| entry.typed);
            Setting::is(beside.or_else(|| self.given(field)), typed)
        };
        let secrets = [Secret::Pin(Role::Authentication), Secret::Pin(Role::Signature), Secret::Puk];
        let other = secrets.into_iter().any(|other| other != secret && is(Field::New(other)));
        for (same, text) in [
            (other, text::same_as_pin1()),
            (is(Field::Code), text::same_as_code(self.wording.help)),
            (is(Field::Old(secret)), text::same_as_old()),
        ] {
            if same {
                return Err(Refusal::Again(text));
            }
        }
        Ok(())
    }

    /// An entry that was given.
    fn given(&self, field: Field) -> Option<&Pin> {
        let step = |secret| self.steps.iter().find(|step| step.secret == secret);
        match field {
            Field::Code => self.code.as_ref().map(|(code, _)| code),
            Field::Old(secret) => step(secret)?.old.as_ref(),
            Field::New(secret) => step(secret)?.new.as_ref(),
        }
    }

    fn check_code(&self, typed: &Pin) -> Result<(CodeKind, Vec<Secret>), Refusal> {
        rules::digits(typed).map_err(Refusal::Again)?;
        let codes = &self.card.profile().map_err(Refusal::Stop)?.codes;
        let kind = codes.kind_of(typed);
        if let Job::Unblock(role) = self.job {
            return match kind {
                Some(CodeKind::Puk) => Ok((CodeKind::Puk, vec![Secret::Pin(role)])),
                Some(CodeKind::Transport) => Err(Refusal::Again(text::short_code_for_unblocking())),
                None => Err(Refusal::Again(rules::wrong_puk_length(codes))),
            };
        }
        let kind = kind.ok_or_else(|| Refusal::Again(rules::wrong_length(codes)))?;
        let steps = plan::steps(kind, &self.condition, codes, &self.wording)?;
        steps.iter().try_for_each(|role| self.may_try_code(kind, *role)).map_err(Refusal::Stop)?;
        Ok((kind, steps.into_iter().map(Secret::Pin).collect()))
    }

    /// May the code be sent to set the PIN of a role? A wrong one uses up a try of the PUK, or of that PIN.
    fn may_try_code(&self, kind: CodeKind, role: Role) -> Result<(), Failure> {
        let (left, secret) = match kind {
            CodeKind::Puk => (self.condition.code_left, Secret::Puk),
            CodeKind::Transport => (self.condition.pin(role).left, Secret::Pin(role)),
        };
        keep_last_try(left, secret, kind, self.leave.last_try, &self.wording)
    }

    /// Takes an entry, and the same typed `again` if it has to be typed twice. Returns warnings.
    pub fn give(&mut self, field: Field, typed: Pin, again: Option<&Pin>) -> Result<Vec<Text>, Refusal> {
        self.check(field, &typed)?;
        if again.is_some_and(|again| !again.is_same(&typed)) {
            return Err(Refusal::Again(text::entries_differ()));
        }
        match field {
            Field::Code => {
                let (kind, steps) = self.check_code(&typed)?;
                self.plan(&steps);
                // After another code was refused, the new PINs are there already.
                let unfit = self.steps.iter_mut().filter(|step| Setting::is(step.new.as_ref(), &typed));
                let said = unfit.map(|step| {
                    step.new = None;
                    text::same_as_code(self.wording.help)
                });
                let said = said.collect();
                self.code = Some((typed, kind));
                Ok(said)
            }
            Field::Old(secret) => {
                let name = self.wording.secret(secret);
                let Some(step) = self.step(secret) else { return Ok(Vec::new()) };
                let unfit = step.new.take_if(|new| new.is_same(&typed));
                step.old = Some(typed);
                Ok(unfit.map(|_| text::new_unchanged(name)).into_iter().collect())
            }
            Field::New(secret) => {
                let warnings = self.warnings(field, &typed);
                if let Some(step) = self.step(secret) {
                    step.new = Some(typed);
                }
                Ok(warnings)
            }
        }
    }

    fn step(&mut self, secret: Secret) -> Option<&mut Setting> {
        self.steps.iter_mut().find(|step| step.secret == secret)
    }

    /// What will be set, in this order. Entries for it are kept.
    fn plan(&mut self, secrets: &[Secret]) {
        let mut typed = mem::take(&mut self.steps);
        self.steps = secrets.iter().copied().map(Setting::of).collect();
        for step in &mut self.steps {
            if let Some(known) = typed.iter_mut().find(|known| known.secret == step.secret) {
                mem::swap(step, known);
            }
        }
    }

    fn spec(&self, role: Role) -> Result<&PinSpec, Refusal> {
        self.card.pin(role).map_err(Refusal::Stop)
    }

    fn puk(&self) -> Result<&PukSpec, Refusal> {
        let puk = self.card.profile().map_err(Refusal::Stop)?.codes.puk.as_ref();
        puk.ok_or_else(|| Refusal::Stop(no_puk(&self.wording)))
    }

    /// Carries it out in one transaction. Returns what was done. If only an entry was wrong and nothing was done,
    /// [`Self::next`] asks for that entry again, and the others are kept.
    pub fn carry_out(&mut self, progress: &mut dyn FnMut(&Progress)) -> Result<Vec<Text>, Failure> {
        let _section = Section;
        match &self.code {
            Some((code, kind)) if self.by_code => {
                let kind = *kind;
                let set = match self.job {
                    Job::Unblock(role) if self.wording.puk_refills => self.refill(code, role),
                    _ => self.set(code, kind, progress),
                };
                if let Err(failure) = set {
                    return Err(self.ask_code_again(failure, kind));
                }
                Ok(self.closing_words(kind))
            }
            _ => self.change_all(),
        }
    }

    /// Forgets the code if another one may be tried.
    fn ask_code_again(&mut self, failure: Failure, kind: CodeKind) -> Failure {
        if !failure.again {
            return failure;
        }
        match self.card.condition() {
            Ok(condition) => self.condition = condition,
            Err(_) => return Failure { again: false, ..failure },
        }
        self.card.release();
        let mut attempts = self.steps.iter().filter_map(|step| match step.secret {
            Secret::Pin(role) => Some(self.may_try_code(kind, role)),
            Secret::Puk => None,
        });
        let failure = failure.if_permitted(attempts.find(Result::is_err).unwrap_or(Ok(())));
        if failure.again {
            (self.code, self.refused) = (None, Some(kind));
        }
        failure
    }

    /// Sets the PINs by the code.
    fn set(&self, code: &Pin, kind: CodeKind, progress: &mut dyn FnMut(&Progress)) -> Result<(), Failure> {
        let new = self.steps.iter().filter_map(|step| match step {
            Setting { secret: Secret::Pin(role), new: Some(new), .. } => {
                Some((*role, Entries::Typed { permit: code, new }))
            }
            _ => None,
        });
        let new: Vec<_> = new.collect();
        self.set_all(&new, kind, &mut Vec::new(), progress)
    }

    /// Sets PINs by a code, after those that are `done`.
    fn set_all(
        &self,
        new: &[(Role, Entries<'_>)],
        kind: CodeKind,
        done: &mut Vec<Role>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), Failure> {
        let mut note = |Attempt { role, outcome, .. }: Attempt| {
            if outcome.is_ok() {
                let step = match kind {
                    CodeKind::Transport => Step::Change,
                    CodeKind::Puk => Step::Unblock,
                };
                let detail = format!("step {step:?}, status word 9000");
                // That a PIN was unlocked is said at the end, once.
                if !matches!(self.job, Job::Unblock(_)) {
                    progress(&Progress { text: text::step_done(self.wording.pin(role)), detail });
                }
                done.push(role);
            }
        };
        let card = &self.card;
        let purpose = match self.job {
            Job::Unblock(_) => Purpose::Unblocking,
            Job::Activate | Job::Change(_) => Purpose::Setting,
        };
        let terms = Terms { purpose, last_try: self.leave.last_try, consent: self.leave.consent };
        let outcome = card.reader.activate(&card.insertion, new, terms, &mut note);
        outcome.map_err(|stopped| self.card.failed(self.stopped(stopped, kind, done)))
    }

    /// The failure, with what was done before, and what was not.
    fn stopped(&self, stopped: Stopped, kind: CodeKind, done: &[Role]) -> Failure {
        let role = match self.steps.get(done.len()).map(|step| step.secret) {
            Some(Secret::Pin(role)) => role,
            Some(Secret::Puk) | None => Role::Signature,
        };
        let wording = &self.wording;
        let failure = match (stopped, kind) {
            (Stopped::LastTry(secret), _) => last_try_failure(secret, kind, wording),
            (Stopped::Failed(error), CodeKind::Transport) => Failure::of_transport_code(error, role, wording),
            (Stopped::Failed(error), CodeKind::Puk) => {
                Failure::of_code(error, Secret::Pin(role), Step::Unblock, wording)
            }
        };
        match done.first() {
            None if failure.kind == Kind::Cancelled => failure,
            Some(first) if failure.kind == Kind::Cancelled => Failure { words: Vec::new(), ..failure }
                .and_what_is_set(Some(wording.pin(*first)), wording.pin(role)),
            first => failure.and_what_is_set(first.map(|first| wording.pin(*first)), wording.pin(role)),
        }
    }

    fn closing_words(&self, kind: CodeKind) -> Vec<Text> {
        if let Job::Unblock(role) = self.job {
            let name = self.wording.pin(role);
            let refills = self.wording.puk_refills;
            return vec![if refills { text::refilled(name) } else { text::unblocked(name) }];
        }
        let mut said = match self.card.condition() {
            Ok(condition) if condition.next() != Next::Nothing => condition.advice(&self.wording),
            Ok(_) | Err(_) => vec![text::activated()],
        };
        said.push(match kind {
            CodeKind::Transport => text::code_used_up(),
            CodeKind::Puk => text::keep_code(),
        });
        said
    }
}

/// What can be done with a card of its kind, however it stands.
pub fn possible_jobs(card: &Card) -> Vec<Job> {
    const SECRETS: [Secret; 3] =
        [Secret::Pin(Role::Authentication), Secret::Pin(Role::Signature), Secret::Puk];
    let Ok(profile) = card.profile() else { return Vec::new() };
    let wording = CardWording::of(profile);
    let jobs = SECRETS.map(Job::Change).into_iter().chain(Role::ALL.map(Job::Unblock));
    jobs.filter(|job| possible(profile, *job, &wording).is_ok()).collect()
}

/// Can this kind of card do that at all?
fn possible(card: &CardProfile, job: Job, wording: &CardWording) -> Result<(), Failure> {
    let unsupported = |text| Err(Failure::new(Kind::Unsupported, [text]));
    let has = |role| card.pin(role).is_some();
    match job {
        _ if card.writing == Writing::Never => unsupported(text::never_written()),
        Job::Change(Secret::Pin(role)) | Job::Unblock(role) if !has(role) => {
            unsupported(text::no_pin(wording.pin(role)))
        }
        Job::Change(Secret::Puk) | Job::Unblock(_) if card.codes.puk.is_none() => Err(no_puk(wording)),
        Job::Change(Secret::Puk) if !card.codes.puk.as_ref().is_some_and(|puk| puk.changeable) => {
            unsupported(text::puk_is_fixed())
        }
        Job::Activate | Job::Change(_) | Job::Unblock(_) => Ok(()),
    }
}

fn no_puk(wording: &CardWording) -> Failure {
    Failure::new(Kind::Unsupported, [text::no_puk(wording.help)])
}

/// What will be set, by the condition of the card; empty if that depends on the code. `None` if there is nothing to
/// do.
fn steps(
    condition: &Condition,
    wording: &CardWording,
    job: Job,
    leave: Leave,
) -> Result<Option<Vec<Secret>>, Failure> {
    let code_is_locked = || Failure::new(Kind::Locked, wording.code_is_locked());
    match job {
        Job::Activate => match condition.delivery {
            Delivery::Letter { .. } => {
                if condition.pins.iter().all(|pin| pin.stage == Stage::Ready) {
                    return Ok(None);
                }
                let fresh = condition.pins.iter().any(|pin| pin.stage == Stage::Fresh);
                if condition.next() == Next::Lost && !fresh {
                    Err(code_is_locked())
                } else {
                    Ok(Some(Vec::new()))
                }
            }
            Delivery::FirstChange => {
                let fresh = condition.pins.iter().filter(|pin| pin.stage == Stage::Fresh);
                let steps: Vec<Secret> = fresh.map(|pin| Secret::Pin(pin.role)).collect();
                for step in &steps {
                    may_change(condition, wording, *step, leave.last_try)?;
                }
                Ok(Some(steps).filter(|steps| !steps.is_empty()))
            }
            Delivery::Ready => Ok(None),
        },
        Job::Change(secret) => {
            let mut steps = vec![secret];
            if wording.pins_equal && secret == Secret::Pin(Role::Authentication) {
                steps.push(Secret::Pin(Role::Signature));
            }
            for step in &steps {
                may_change(condition, wording, *step, leave.last_try)?;
            }
            Ok(Some(steps))
        }
        Job::Unblock(role) => {
            if condition.code_left == Some(0) {
                return Err(code_is_locked());
            }
            keep_last_try(condition.code_left, Secret::Puk, CodeKind::Puk, leave.last_try, wording)?;
            Ok(Some(vec![Secret::Pin(role)]))
        }
    }
}

/// Why nothing has to be activated, and what to do instead.
fn nothing_to_do(condition: &Condition, wording: &CardWording) -> Vec<Text> {
    if wording.has_letter() {
        return vec![text::already_activated()];
    }
    let mut said = vec![text::nothing_to_activate()];
    match condition.next() {
        Next::Nothing => said.extend(wording.how_to_change()),
        Next::Activate(_) | Next::Unblock(_) | Next::Lost => said.extend(condition.advice(wording)),
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::{PinState, belgium, estonia, fineid, fineid_org, latvia, lithuania, pkcs15};
    const ORDINARY: Leave = Leave { last_try: LastTry::Keep, long_pin: false, consent: Consent::NotAsked };
    const FIRST: Secret = Secret::Pin(Role::Authentication);
    const SECOND: Secret = Secret::Pin(Role::Signature);

    fn condition(card: &CardProfile, pins: &[(u8, Option<bool>)], code: Option<u8>) -> Condition {
        let state = |(left, changed): &(u8, Option<bool>)| PinState { left: Some(*left), changed: *changed };
        let pins: Vec<_> = Role::ALL.into_iter().zip(pins.iter().map(state)).collect();
        Condition::of(&pins, PinState { left: code, changed: None }, &card.codes)
    }

    fn said(words: &[Text]) -> Vec<&'static str> {
        words.iter().map(|text| text.id).collect()
    }

    #[test]
    fn what_a_kind_of_card_cannot_do() {
        let refused = |card: &CardProfile, job| {
            possible(card, job, &CardWording::of(card)).err().map(|failure| said(&failure.words).concat())
        };
        let says = |text: &str| Some(text.to_owned());
        for job in [Job::Activate, Job::Change(FIRST), Job::Unblock(Role::Authentication)] {
            assert_eq!(refused(&pkcs15::CARD, job), says("never_written"));
            assert_eq!(refused(&fineid_org::CARD, job), None);
        }
        for card in [&belgium::APPLET_1_7, &belgium::APPLET_1_8] {
            assert_eq!(refused(card, Job::Change(FIRST)), None);
            assert_eq!(refused(card, Job::Change(SECOND)), says("no_pin"));
            assert_eq!(refused(card, Job::Unblock(Role::Signature)), says("no_pin"));
            assert_eq!(refused(card, Job::Unblock(Role::Authentication)), says("no_puk"));
            assert_eq!(refused(card, Job::Change(Secret::Puk)), says("no_puk"));
        }
        for (card, fixed) in [
            (&estonia::IDEMIA, None),
            (&latvia::CARD, None),
            (&estonia::THALES, says("puk_is_fixed")),
            (&fineid::V4_0, says("puk_is_fixed")),
        ] {
            assert_eq!(refused(card, Job::Change(Secret::Puk)), fixed, "{}", card.model);
        }
    }

    #[test]
    fn who_knows_one_pin_for_both_changes_both() {
        let wording = CardWording::of(&lithuania::CARD);
        let changed = |secret, pins: [u8; 2]| {
            let condition = condition(&lithuania::CARD, &pins.map(|left| (left, None)), Some(3));
            match steps(&condition, &wording, Job::Change(secret), ORDINARY) {
                Ok(steps) => Ok(steps.unwrap_or_default()),
                Err(failure) => Err(said(&failure.words).join(" ")),
            }
        };
        assert_eq!(changed(FIRST, [3, 3]), Ok(vec![FIRST, SECOND]));
        // Where they differ, the other one alone is made the same.
        assert_eq!(changed(SECOND, [3, 3]), Ok(vec![SECOND]));
        assert_eq!(changed(FIRST, [3, 1]), Err("last_try_pin last_try_how".to_owned()));
        assert_eq!(changed(FIRST, [3, 0]), Err("pin_is_locked".to_owned()));
    }

    /// What `avain activate` would set, or says instead.
    fn activation(card: &CardProfile, pins: &[(u8, Option<bool>)]) -> Result<Vec<Secret>, String> {
        let (condition, wording) = (condition(card, pins, Some(3)), CardWording::of(card));
        match steps(&condition, &wording, Job::Activate, ORDINARY) {
            Ok(Some(steps)) => Ok(steps),
            Ok(None) => Err(said(&nothing_to_do(&condition, &wording)).join(" ")),
            Err(failure) => Err(said(&failure.words).join(" ")),
        }
    }

    #[test]
    fn pins_that_have_to_be_changed_once() {
        const SET: Option<bool> = Some(true);
        const NEVER: Option<bool> = Some(false);
        let says = |words: &str| Err(words.to_owned());
        for (pins, expected) in [
            ([(3, SET), (3, NEVER)], Ok(vec![SECOND])),
            ([(3, NEVER), (3, NEVER)], Ok(vec![FIRST, SECOND])),
            ([(3, SET), (3, SET)], says("nothing_to_activate how_to_change")),
            ([(3, SET), (0, NEVER)], says("nothing_to_activate next_unblock where_puk_estonia")),
            ([(3, SET), (1, NEVER)], says("last_try_pin last_try_how")),
        ] {
            assert_eq!(activation(&estonia::THALES, &pins), expected, "{pins:?}");
        }
    }

    #[test]
    fn cards_that_come_ready() {
        let ready = "nothing_to_activate how_to_change";
        for card in [&estonia::IDEMIA, &latvia::CARD] {
            assert_eq!(activation(card, &[(3, None), (3, None)]), Err(ready.to_owned()));
        }
        let one_for_both = Err("nothing_to_activate how_to_change_one".to_owned());
        assert_eq!(activation(&lithuania::CARD, &[(3, None), (3, None)]), one_for_both);
        // Organisations' cards come with a letter: the code decides what is set.
        for pins in [[(0, None), (0, None)], [(5, None), (5, None)]] {
            assert_eq!(activation(&fineid_org::CARD, &pins), Ok(Vec::new()));
        }
        let locked = Err("nothing_to_activate next_unblock where_puk".to_owned());
        assert_eq!(activation(&latvia::CARD, &[(0, None), (3, None)]), locked);
        let one = Err("nothing_to_activate how_to_change_one".to_owned());
        assert_eq!(activation(&belgium::APPLET_1_8, &[(3, None)]), one);
        let lost = Err("nothing_to_activate next_lost".to_owned());
        assert_eq!(activation(&belgium::APPLET_1_8, &[(0, None)]), lost);
    }
}

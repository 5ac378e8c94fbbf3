//! A form: the entries of a task all at once, judged as a whole before any of them is given away.

use super::{CodeKind, Failure, Field, Job, Pin, Refusal, Secret, Stage, Task, Text};
use super::{rules, text};

/// What stands in the fields for one entry.
#[derive(Clone, Copy)]
pub struct Entry<'e> {
    /// Which entry it is.
    pub field: Field,
    /// What was typed.
    pub typed: &'e Pin,
    /// The same once more, where it is to be typed twice.
    pub again: Option<&'e Pin>,
}

/// One of the two fields of an entry that is typed twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first one, or the only one.
    First,
    /// The one to type it again.
    Again,
}

/// Why an entry cannot be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Where it is to be shown: the entry ...
    pub field: Field,
    /// ... and the field of it.
    pub which: Which,
    /// In words.
    pub text: Text,
}

/// What is to be said of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What has to be typed differently, in the order of the fields.
    pub objections: Vec<Objection>,
    /// What is possible, but unwise.
    pub warnings: Vec<(Field, Text)>,
}

impl Task {
    /// The entries that are missing, in the order in which a form has them. If it depends on the code which PINs it sets,
    /// all those that are not set.
    pub fn fields(&self) -> Vec<Field> {
        let code = (self.by_code && self.code.is_none()).then_some(Field::Code);
        let secrets = if self.steps.is_empty() { self.open() } else { self.planned() };
        let old = |secret| (!self.by_code).then_some(Field::Old(secret));
        let rest = secrets.into_iter().flat_map(|secret| old(secret).into_iter().chain([Field::New(secret)]));
        code.into_iter().chain(rest.filter(|field| self.given(*field).is_none())).collect()
    }

    /// Is this entry missing?
    pub fn wants(&self, field: Field) -> bool {
        self.fields().contains(&field)
    }

    /// What is to be done.
    pub fn job(&self) -> Job {
        self.job
    }

    fn open(&self) -> Vec<Secret> {
        let open = self.condition.pins.iter().filter(|pin| pin.stage != Stage::Ready);
        open.map(|pin| Secret::Pin(pin.role)).collect()
    }

    fn planned(&self) -> Vec<Secret> {
        self.steps.iter().map(|step| step.secret).filter(|secret| self.is_typed(*secret)).collect()
    }

    /// Judges a form, without the card. Fails if this card cannot be helped by what was typed, whatever is corrected.
    pub fn judge(&self, form: &[Entry<'_>]) -> Result<Verdict, Failure> {
        let mut verdict = Verdict::default();
        let mut needed = None;
        for (at, entry) in form.iter().enumerate() {
            let Entry { field, typed, again } = *entry;
            if needed.as_ref().is_some_and(|needed: &Vec<Field>| field.is_new() && !needed.contains(&field)) {
                // The code does not set it.
                continue;
            }
            let before = form.get(..at).unwrap_or_default();
            let differs = again.is_some_and(|again| !again.is_same(typed));
            let objection = match self.check_beside(field, typed, before) {
                Ok(()) if differs => Some((Which::Again, text::entries_differ())),
                Ok(()) => None,
                Err(Refusal::Again(text)) => Some((Which::First, text)),
                Err(Refusal::Stop(failure)) => return Err(failure),
            };
            match objection {
                Some((which, text)) => verdict.objections.push(Objection { field, which, text }),
                None if field == Field::Code => needed = self.set_by(typed),
                None => {
                    verdict.warnings.extend(self.warnings(field, typed).into_iter().map(|text| (field, text)))
                }
            }
        }
        Ok(verdict)
    }

    /// The new PINs that a code sets.
    fn set_by(&self, code: &Pin) -> Option<Vec<Field>> {
        let (_, secrets) = self.check_code(code).ok()?;
        Some(secrets.into_iter().map(Field::New).collect())
    }

    /// What is unwise about a possible entry.
    pub(super) fn warnings(&self, field: Field, typed: &Pin) -> Vec<Text> {
        let Field::New(secret) = field else { return Vec::new() };
        let longest = match secret {
            Secret::Pin(role) => self.spec(role).map(|spec| spec.letter_max),
            Secret::Puk => self.puk().map(|puk| puk.max),
        };
        let Ok(longest) = longest else { return Vec::new() };
        let mut warnings = rules::warnings(typed, self.wording.secret(secret), longest, &self.known);
        warnings.extend(rules::short_for_organisation(typed, secret, &self.wording));
        warnings
    }

    /// The label of the field in which a new PIN is typed again.
    pub fn prompt_again(&self, field: Field) -> Text {
        match field {
            Field::New(secret) | Field::Old(secret) => text::ask_again_named(self.wording.secret(secret)),
            Field::Code => text::ask_again(),
        }
    }

    /// What more wrong codes cost, after one was refused.
    pub fn at_stake(&self) -> Option<Text> {
        self.refused.map(|kind| match kind {
            CodeKind::Puk => text::stake_code(self.wording.help),
            CodeKind::Transport => text::stake_transport(),
        })
    }

    /// Is a code from a letter asked for?
    pub fn wants_letter(&self) -> bool {
        self.by_code && self.job == Job::Activate
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Leave, Setting};
    use super::*;
    use crate::condition::Condition;
    use crate::readers::Card;
    use crate::wording::CardWording;
    use avain_card::cards::{CardProfile, PinState, Role, estonia, fineid, lithuania};
    use avain_card::token::{Consent, LastTry};

    const ORDINARY: Leave = Leave { last_try: LastTry::Keep, long_pin: false, consent: Consent::NotAsked };
    const FIRST: Field = Field::New(Secret::Pin(Role::Authentication));
    const SECOND: Field = Field::New(Secret::Pin(Role::Signature));
    const NEVER: (u8, Option<bool>) = (5, Some(false));
    const UNSET: (u8, Option<bool>) = (0, Some(false));

    fn task(
        profile: &'static CardProfile,
        job: Job,
        pins: [(u8, Option<bool>); 2],
        steps: &[Secret],
    ) -> Task {
        let state = |(left, changed)| PinState { left: Some(left), changed };
        let [first, second] = pins.map(state);
        let pins = [(Role::Authentication, first), (Role::Signature, second)];
        let (leave, wording) = (ORDINARY, CardWording::of(profile));
        Task {
            card: Card::known(profile),
            job,
            leave,
            wording,
            condition: Condition::of(&pins, PinState { left: Some(5), changed: None }, &profile.codes),
            known: vec!["19800108".to_owned()],
            by_code: steps.is_empty(),
            code: None,
            refused: None,
            steps: steps.iter().copied().map(Setting::of).collect(),
        }
    }

    /// What is said of a form: field, which of the two, and the message; then the warnings.
    fn verdict(task: &Task, typed: &[(&str, &str)]) -> String {
        let pins: Vec<_> =
            typed.iter().map(|(one, two)| [one, two].map(|pin| Pin::new(pin.as_bytes()).unwrap())).collect();
        let entries = task.fields().into_iter().zip(&pins).map(|(field, [typed, again])| Entry {
            field,
            typed,
            again: field.is_new().then_some(again),
        });
        let entries: Vec<_> = entries.collect();
        let place = |field| task.fields().iter().position(|known| *known == field).unwrap();
        match task.judge(&entries) {
            Ok(Verdict { objections, warnings }) => {
                let wrong =
                    objections.iter().map(|it| format!("{}{:?} {}", place(it.field), it.which, it.text.id));
                let weak = warnings.iter().map(|(field, text)| format!("{} {}", place(*field), text.id));
                wrong.chain(weak).collect::<Vec<_>>().join(", ")
            }
            Err(failure) => format!("{:?}", failure.words.iter().map(|text| text.id).collect::<Vec<_>>()),
        }
    }

    fn give(task: &mut Task, typed: &[&str]) -> Vec<&'static str> {
        let mut said = Vec::new();
        for (field, pin) in task.fields().into_iter().zip(typed) {
            let pin = Pin::new(pin.as_bytes()).unwrap();
            said.extend(task.give(field, pin, None).unwrap().iter().map(|text| text.id));
        }
        said
    }

    #[test]
    fn a_form_is_judged_as_a_whole_and_nothing_is_given_away() {
        let old = task(&fineid::V4_0, Job::Activate, [UNSET, UNSET], &[]);
        assert_eq!(old.fields(), [Field::Code, FIRST, SECOND]);
        for (code, first, second, expected) in [
            ("48151623", ("2580", "2580"), ("147036", "147036"), ""),
            ("", ("", ""), ("", ""), "0First wrong_code_length, 1First wrong_length, 2First wrong_length"),
            ("4815162x", ("25a0", "25a0"), ("147036", "147036"), "0First not_digits, 1First not_digits"),
            (
                "48151623",
                ("2580", "2581"),
                ("147036", "147063"),
                "1Again entries_differ, 2Again entries_differ",
            ),
            ("48151623", ("147036", "147036"), ("147036", "147036"), "2First same_as_pin1"),
            ("48151623", ("48151623", "48151623"), ("147036", "147036"), "1First same_as_code"),
            ("48151623", ("1234", "1234"), ("801080", "801080"), "1 weak_run"),
            ("48151623", ("1980", "1980"), ("777777", "777777"), "1 weak_known, 2 weak_repeated"),
        ] {
            assert_eq!(verdict(&old, &[(code, ""), first, second]), expected, "{code} {first:?} {second:?}");
            assert_eq!(old.fields().len(), 3, "something was given away");
        }
    }

    /// Where the length of the code decides, what it does not set is not wanted.
    #[test]
    fn the_code_decides_what_is_needed() {
        let locked = [UNSET, NEVER];
        let mut half = task(&fineid::V4_0, Job::Activate, locked, &[]);
        assert_eq!(verdict(&half, &[("4815162", ""), ("", ""), ("147036", "147036")]), "");
        assert_eq!(verdict(&half, &[("48151623", ""), ("2580", "2580"), ("", "")]), "");
        assert_eq!(verdict(&half, &[("4815162", ""), ("2580", "2580"), ("", "")]), "2First wrong_length");
        give(&mut half, &["4815162"]);
        assert_eq!(half.fields(), [SECOND]);
        let done = task(&fineid::V4_0, Job::Activate, [(5, Some(true)), UNSET], &[]);
        assert_eq!(done.fields(), [Field::Code, SECOND]);
        assert_eq!(verdict(&done, &[("4815162", ""), ("147036", "147036")]), "0First short_code_on_locked");
        let silent = task(&fineid::V4_0, Job::Activate, [(5, None), (5, None)], &[]);
        let refused = verdict(&silent, &[("4815162", ""), ("2580", "2580"), ("147036", "147036")]);
        assert_eq!(refused, r#"["short_code_untold", "nothing_spent"]"#);
    }

    /// After a wrong code, the new PINs are kept and the code alone is asked for; the next one may not equal them.
    #[test]
    fn after_a_wrong_code_the_code_alone_is_asked_for() {
        let mut task = task(&fineid::V4_0, Job::Activate, [UNSET, UNSET], &[]);
        assert_eq!(give(&mut task, &["48151623", "25802580", "147036"]), [""; 0]);
        assert_eq!(task.fields(), []);
        (task.code, task.refused) = (None, Some(CodeKind::Puk));
        assert_eq!(task.fields(), [Field::Code]);
        assert_eq!(task.at_stake().unwrap().id, "stake_code");
        assert_eq!(give(&mut task, &["25802580"]), ["same_as_code"]);
        assert_eq!(task.fields(), [FIRST]);
    }

    /// What is typed for one PIN is for both, and the PUK is typed alone where it sets no new PIN.
    #[test]
    fn one_pin_for_both_is_typed_once_and_a_puk_alone() {
        let secrets = Role::ALL.map(Secret::Pin);
        let change = task(&lithuania::CARD, Job::Change(secrets[0]), [(3, None), (3, None)], &secrets);
        assert_eq!(change.fields(), [Field::Old(secrets[0]), FIRST]);
        let locked = [(0, None), (3, None)];
        let mut unblock = task(&lithuania::CARD, Job::Unblock(Role::Authentication), locked, &secrets[..1]);
        unblock.by_code = true;
        assert_eq!(unblock.fields(), [Field::Code]);
        give(&mut unblock, &["48151623"]);
        assert_eq!((unblock.fields(), unblock.next()), (vec![], None));
    }

    #[test]
    fn pins_are_changed_by_their_old_values() {
        let secrets = [Secret::Pin(Role::Signature)];
        let change = task(&estonia::THALES, Job::Activate, [(3, Some(true)), NEVER], &secrets);
        assert_eq!(change.fields(), [Field::Old(secrets[0]), SECOND]);
        assert_eq!(verdict(&change, &[("14703", ""), ("14703", "14703")]), "1First same_as_old");
        assert_eq!(verdict(&change, &[("", ""), ("147036", "147036")]), "0First wrong_length");
        assert_eq!(verdict(&change, &[("14703", ""), ("258036", "258036")]), "");
    }
}

//! A disturbed flow, and the rules by which it is judged.

use crate::activation;
use crate::flows::{Called, Flow, PINS, Run, Task};
use crate::home::Home;
use cryptoki_sys::*;
use fake_pcsc::{Fake, Pin};
use kit::Module;
use kit::judge::Judge;
use spy::standard;

/// The most commands that a call may send, however the card answers.
const MOST_COMMANDS: usize = 400;
/// The most calls of PC/SC that it may make. No call waits by itself, so this is what makes it end soon.
const MOST_CALLS: u32 = 500;

pub(crate) fn name(code: CK_RV) -> String {
    standard::name(code).map_or_else(|| format!("{code:#x}"), str::to_owned)
}

/// What a script brings about in a flow, and everything about it that goes against the rules.
pub(crate) struct Case<'a> {
    pub(crate) fake: &'a Fake,
    pub(crate) module: &'static Module,
    pub(crate) judge: &'a Judge,
    home: &'a Home,
    pub(crate) flow: Flow,
    wrong: Vec<String>,
    /// How often each function of PC/SC was called.
    pub(crate) calls: String,
    /// All of the script was played.
    pub(crate) reached: bool,
}

/// What disturbs a flow: lines for the control, and what they mean for the judgement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) lines: Vec<String>,
    /// The flow is tried again at once, for what is yet to come.
    pub(crate) again: bool,
    /// Another program sets a PIN that the holder does not know.
    pub(crate) changes: bool,
    /// It is the card that misbehaves.
    pub(crate) of_the_card: bool,
    /// And does so at every command.
    pub(crate) for_ever: bool,
}

impl Script {
    pub(crate) fn of(line: String) -> Self {
        Self { lines: vec![line], ..Self::default() }
    }

    /// Whether the card is believed until it is put in anew (here: until the module is initialised anew): in what it says
    /// for ever; in what it says of itself, where a card describes itself or has its number or its keys in what was
    /// garbled; in what it says of its access number; and where it says that there is no such file, that a right code is
    /// wrong, or that it does not know the command by which it has set a PIN.
    fn is_believed(&self, flow: &Flow) -> bool {
        let is_one_of = |cards: &[&str]| cards.iter().any(|card| flow.card.starts_with(card));
        let of_itself = is_one_of(&["fineid-org", "pkcs15-card"])
            || flow.wants_number()
            || flow.task == Task::List && (is_one_of(&["belgium", "latvia"]) || self.has("status:6A82"));
        let wrong =
            matches!(flow.task, Task::Activate(_)) && (self.has("status:63") || self.has("status:6983"));
        let afterwards = ["63", "6D", "6E"].iter().any(|sw| self.has(&format!("status-after:{sw}")));
        let garbled = self.of_the_card || self.has(" long");
        self.for_ever || garbled && (of_itself || wrong || afterwards)
    }

    /// Nothing was sent yet.
    fn is_reset_between_operations(&self) -> bool {
        let [line] = &self.lines[..] else { return false };
        let between = ["fault Status", "fault BeginTransaction"].iter().any(|call| line.starts_with(call));
        between && line.ends_with(" reset")
    }

    fn has(&self, word: &str) -> bool {
        self.lines.iter().any(|line| line.contains(word))
    }
}

impl<'a> Case<'a> {
    pub(crate) fn new(
        fake: &'a Fake,
        module: &'static Module,
        judge: &'a Judge,
        home: &'a Home,
        flow: Flow,
    ) -> Self {
        Self { fake, module, judge, home, flow, wrong: Vec::new(), calls: String::new(), reached: false }
    }

    /// What is wrong with it, if anything is.
    pub(crate) fn complaint(&self, script: &Script) -> Option<String> {
        let wrong = || format!("{:?}, {}: {}", self.flow, script.lines.join(", "), self.wrong.join("; "));
        (!self.wrong.is_empty()).then(wrong)
    }

    fn check(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(what());
        }
    }

    /// Begins anew, with a card as if it had just been put in, and does all that comes before, undisturbed. Then
    /// carries out the flow, with what the script has. Gives its outcome.
    pub(crate) fn play(&mut self, script: &Script) -> Result<(), CK_RV> {
        let Flow { card, token, .. } = self.flow;
        kit::set_clock_right();
        self.fake.tell("restore");
        self.fake.tell(&format!("renew 0 {card}"));
        self.fake.tell("clear");
        self.home.restore();
        let _running = self.module.initialize().expect("C_Initialize");
        let mut run = Run::new(self.module, self.fake, self.judge);
        let session =
            run.prepare(&self.flow).unwrap_or_else(|code| panic!("{:?}: {}", self.flow, name(code)));
        run.calls.clear();
        self.fake.tell("clear");
        for line in &script.lines {
            self.fake.tell(line);
        }
        run.for_ever = script.for_ever;
        let strangers = self.strangers();
        let outcome = run.act(&self.flow, PINS[token], session);
        self.calls = self.fake.tell("calls");
        if script.lines.is_empty() {
            self.judge(&run.calls, script);
            return outcome;
        }
        let calls = std::mem::take(&mut run.calls);
        let silent =
            !self.flow.task.sends_nothing() || calls.iter().all(|call| call.credentials().next().is_none());
        self.check(silent, || "a PIN was sent".into());
        if script.again && self.played() < script.lines.len() {
            // This once, it need not succeed.
            let _ = run.afterwards(&self.flow);
        }
        let calls = [calls, std::mem::take(&mut run.calls)].into_iter().flatten().collect::<Vec<_>>();
        self.reached = self.played() == script.lines.len();
        self.fake.tell("clear");
        self.judge(&calls, script);
        if script.is_reset_between_operations() {
            let usual = outcome == self.flow.task.outcome();
            // A card that does not tell its tries is not given a PIN unasked, and no PIN is asked for on a keypad.
            let has_no_pin = self.flow.by_keypad || self.flow.card.starts_with("pkcs15-card");
            let untold = has_no_pin && outcome == Err(CKR_USER_NOT_LOGGED_IN);
            self.check(usual || untold, || "a reset between two operations is an error".into());
        }
        let to_strangers = self.strangers() - strangers;
        self.check(to_strangers == 0, || format!("{to_strangers} credentials to another card"));
        if self.reached && script.has("swapped") {
            let outcome = run.afterwards_with_other(&self.flow);
            self.settle(&run.calls, outcome, "with the other card");
            run.calls.clear();
        }
        self.fake.tell("restore");
        run.for_ever = false;
        if script.is_believed(&self.flow) || calls.iter().any(Called::refuses_the_number) {
            let anew = run.finalize().and_then(|()| run.initialize());
            self.settle(&run.calls, anew, "begun anew");
            run.calls.clear();
        }
        if script.has("visit") {
            let outcome = activation::status(&mut run).map(drop);
            self.settle(&run.calls, outcome, "asked");
            run.calls.clear();
        }
        let settled = run.afterwards(&self.flow);
        self.settle(&run.calls, settled, "afterwards");
        outcome
    }

    /// How much of the script was played.
    fn played(&self) -> usize {
        self.fake.tell("played").split_whitespace().count()
    }

    /// Commands with a PIN or PUK that the other person's card has seen.
    fn strangers(&self) -> u32 {
        self.fake.pins(" other").iter().map(|pin| pin.commands).sum()
    }

    fn judge(&mut self, calls: &[Called], script: &Script) {
        let task = self.flow.task;
        // A PIN that another program changed is another one than its holder gave, once; so is one that was changed by a
        // command of which the card said that it does not know it.
        let changed = script.changes || calls.iter().any(Called::sets_in_secret);
        let most_spent = task.costs() + u32::from(changed) + self.spent_on_a_lie(script);
        // Then the PIN alone is not enough any more.
        let number_refused = calls.iter().any(Called::refuses_the_number);
        let mut spent = 0;
        for call in calls {
            let told = format!("{} {}", call.function, name(call.code));
            self.check(is_clear(call), || format!("{told} is not permitted, or tells nothing"));
            let (commands, pcsc_calls) = (call.commands.len(), call.pcsc_calls);
            self.check(commands <= MOST_COMMANDS && pcsc_calls <= MOST_CALLS, || {
                format!("{told} took {commands} commands in {pcsc_calls} calls of PC/SC")
            });
            self.judge_credentials(call, &told);
            if let Some(lie) = &call.lie {
                self.wrong.push(format!("{told}: {lie}"));
            }
            spent += call.before.iter().zip(&call.after).map(|(b, a)| a.spent - b.spent).sum::<u32>();
            let refused = matches!(call.code, CKR_PIN_INCORRECT | CKR_PIN_LOCKED);
            let deserved = most_spent > 0 || call.blames_the_pin() || number_refused;
            self.check(!refused || deserved, || format!("{told}, with a right PIN"));
            let gone = call.faults.starts_with("Removed") && call.code == CKR_DEVICE_ERROR;
            self.check(!gone, || format!("{told}, with the card gone"));
            let blamed = matches!(call.code, CKR_PIN_INVALID | CKR_PIN_LEN_RANGE);
            self.check(!blamed || call.refuses_to_set(), || format!("{told}, with a good new PIN"));
            // A PIN that was set though the call failed: only where the answer to the very command was lost.
            if call.code != CKR_OK && matches!(call.function, "C_SetPIN" | "C_InitPIN") {
                let set = call.set.contains(&true) && !call.sets_and_is_lost();
                self.check(!set, || format!("{told}, but the PIN is set ({})", call.faults));
            }
        }
        self.check(spent <= most_spent, || format!("{spent} tries spent"));
        self.judge_closed(calls, script);
    }

    /// How many tries more a wrong code may cost of which the card says that it was right, or that its tries have risen: it
    /// is sent for the other PIN, and when the holder tries again.
    fn spent_on_a_lie(&self, script: &Script) -> u32 {
        let lies = script.of_the_card && matches!(self.flow.task, Task::Mistype(_));
        if lies { 2 } else { 0 }
    }

    /// Each credential once in a call. Twice only if the card said that it had not looked at the first (6D00, 6E00), or
    /// has not, because another program had selected its own application.
    fn judge_credentials(&mut self, call: &Called, told: &str) {
        let sent: Vec<_> = call.credentials().collect();
        let mut heads: Vec<_> = sent.iter().map(|command| &command.head).collect();
        heads.sort();
        heads.dedup();
        let looked_at = |pins: &[Pin]| pins.iter().map(|pin| pin.right + pin.spent).sum::<u32>() as usize;
        let looked_at = looked_at(&call.after) - looked_at(&call.before);
        let unseen = call.faults.contains("visit@") && looked_at <= heads.len();
        for head in heads {
            let of_head: Vec<_> = sent.iter().filter(|command| command.head == *head).collect();
            let (_, before) = of_head.split_last().expect("one at least");
            let refused = before.iter().all(|command| matches!(command.status, Some(0x6D00 | 0x6E00)));
            self.check(before.len() <= 1 && (refused || unseen), || format!("{told} sent {sent:?}"));
        }
    }

    /// PIN2 is open only while a signature is made.
    fn judge_closed(&mut self, calls: &[Called], script: &Script) {
        let Some(last) = calls.last() else { return };
        let Some(pin2) = last.after.get(1).filter(|_| last.after.len() > 2) else { return };
        let faults: Vec<_> =
            calls.iter().map(|call| call.faults.as_str()).filter(|text| !text.is_empty()).collect();
        // A card that calls a right PIN wrong is believed, and one that says that it has closed it.
        let closed = |fault: &&str| {
            let signs = ["garbage@0020FF", "garbage@00A4", "status-after@0020FF", "status-after@00A4"];
            signs.iter().any(|sign| fault.contains(sign))
        };
        let believed = script.for_ever || script.has("status-after:63") || faults.iter().any(closed);
        self.check(!pin2.open || believed, || format!("PIN2 stays open ({faults:?})"));
    }

    fn settle(&mut self, calls: &[Called], outcome: Result<(), CK_RV>, when: &str) {
        if let Err(code) = outcome {
            let at = calls.last().map_or("", |call| call.function);
            self.wrong.push(format!("{when} {at} {}", name(code)));
        }
        for call in calls {
            if let Some(lie) = &call.lie {
                self.wrong.push(format!("{when} {} {}: {lie}", call.function, name(call.code)));
            }
        }
    }
}

impl Called {
    /// Whether the card has set a PIN, and then said that it does not know the command.
    fn sets_in_secret(&self) -> bool {
        ["status-after@0024", "status-after@002C"].iter().any(|sign| self.faults.starts_with(sign))
            && self.credentials().any(|command| matches!(command.status, Some(0x6D00 | 0x6E00)))
    }

    /// Whether the card has refused to set a PIN.
    fn refuses_to_set(&self) -> bool {
        ["status@0024", "status@002C", "status-after@0024", "status-after@002C", "for ever status"]
            .iter()
            .any(|sign| self.faults.starts_with(sign))
    }

    /// Whether the answer to a command that sets a PIN may have been lost, or was a lie.
    pub(crate) fn sets_and_is_lost(&self) -> bool {
        ["@0024", "@002C", "Endless", "for ever"].iter().any(|sign| self.faults.contains(sign))
    }
}

/// Whether a program learns from the code what to do.
fn is_clear(call: &Called) -> bool {
    const UNCLEAR: [CK_RV; 4] =
        [CKR_GENERAL_ERROR, CKR_HOST_MEMORY, CKR_ARGUMENTS_BAD, CKR_FUNCTION_CANCELED];
    kit::permitted(call.function, call.code) && !UNCLEAR.contains(&call.code)
}

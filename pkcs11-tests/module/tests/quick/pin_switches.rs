//! Every open question about the cards that touches PINs, answered either way and in pairs: what sets a PIN reaches the
//! right end, or stops without harm.

use std::fmt;

use cryptoki_sys::*;
use kit::codes::{NEW, NEWER, PUK, TRANSPORT, WRONG_PUK, WRONG_TRANSPORT};
use kit::countries::switches_of;
use kit::{Count, InReader, Session, TOKENS, Watched, World, name, permitted};
use simcard::switches::SwitchInfo;

/// The generation; `open_questions.rs` tries single switches with others.
const GENERATION: &str = "fineid-v4.1";

/// How a PIN is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// C_Login(CKU_SO) with the code, and C_InitPIN.
    Officer(&'static str),
    /// C_SetPIN with the code as the old PIN.
    Holder(&'static str),
    /// C_SetPIN with the token's PIN.
    Change,
}

/// A card in a state, and how both PINs are set, PIN1 first.
#[derive(Clone, Copy, Debug)]
struct Task {
    state: &'static str,
    by: By,
}

const ACTIVATIONS: [Task; 3] = [
    Task { state: "fresh-old", by: By::Officer(PUK) },
    Task { state: "fresh-new", by: By::Officer(TRANSPORT) },
    Task { state: "fresh-new", by: By::Holder(TRANSPORT) },
];
const LATER: [Task; 3] = [
    Task { state: "activated", by: By::Change },
    Task { state: "activated", by: By::Officer(PUK) },
    Task { state: "blocked-pins", by: By::Officer(PUK) },
];

impl Task {
    fn uses_puk(self) -> bool {
        self.by == By::Officer(PUK)
    }

    fn set(self, session: &Session<'_>, pin: &str, new: &str) -> Result<(), CK_RV> {
        match self.by {
            By::Officer(code) => match session.login(CKU_SO, code) {
                Ok(()) | Err(CKR_USER_ALREADY_LOGGED_IN) => session.init_pin(new),
                refused => refused,
            },
            By::Holder(code) => session.set_pin(code, new),
            By::Change => session.set_pin(pin, new),
        }
    }

    fn function(self) -> &'static str {
        if matches!(self.by, By::Officer(_)) { "C_InitPIN" } else { "C_SetPIN" }
    }
}

/// Settings of switches: name and value.
type Settings<'s> = [(&'s str, String)];

fn has(settings: &Settings<'_>, name: &str, value: &str) -> bool {
    settings.iter().any(|(switch, set)| *switch == name && set == value)
}

/// How many of the two PINs the card lets be set, by its own rules.
fn permits(task: Task, settings: &Settings<'_>) -> usize {
    let healthy = task.state == "activated";
    match () {
        // Without that object no card says that it has a transport code.
        () if task.by == By::Officer(TRANSPORT) && has(settings, "df2f_present", "no") => 0,
        () if !task.uses_puk() => 2,
        () if has(settings, "unblock_limit", "0") => 0,
        () if healthy && has(settings, "unblock_needs_blocked", "yes") => 0,
        () if has(settings, "unblock_limit", "1") => 1,
        () => 2,
    }
}

/// Where a run stands, for messages.
struct At<'c> {
    description: &'c str,
    task: Task,
    card: &'c InReader,
}

impl fmt::Display for At<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}, {:?}\n{}", self.description, self.task.by, self.card.story())
    }
}

fn with(task: Task, settings: &Settings<'_>) -> (World, InReader, String) {
    let switches: String = settings.iter().map(|(switch, value)| format!(",{switch}={value}")).collect();
    let description = format!("{GENERATION},state={}{switches}", task.state);
    let (world, card) = World::with(&description);
    card.card().log_mut().mark();
    (world, card, description)
}

/// As many PINs are set as the card permits, by one command each; not one try is spent, and the login works.
fn reaches_the_right_end(task: Task, settings: &Settings<'_>) {
    let (world, card, description) = with(task, settings);
    let at = At { description: &description, task, card: &card };
    let before = card.counts();
    let permitted_steps = permits(task, settings);
    for (step, ((token, reference), new)) in TOKENS.into_iter().zip([NEW, NEWER]).enumerate() {
        world.somebody_types();
        let session = world.open_to_write(token);
        let code = task.set(&session, token.1, new).err().unwrap_or(CKR_OK);
        assert!(permitted(task.function(), code), "{} is not permitted: {at}", name(code));
        let done = step < permitted_steps;
        assert_eq!(code == CKR_OK, done, "{}: {at}", name(code));
        assert_eq!(card.holds(reference, new), done, "{at}");
    }
    for (step, (before, after)) in before.into_iter().zip(card.counts()).enumerate() {
        // Also what the card would not do was sent only once, and to the PIN that was meant.
        let sent_at_most = if step < 2 { 1 } else { 0 };
        assert!(after.commands <= sent_at_most, "{after:?}: {at}");
        let tries = if step < permitted_steps { 5 } else { before.tries };
        assert_eq!(after, Count { tries, commands: after.commands, spent: 0 }, "{at}");
    }
    for ((token, reference), new) in TOKENS.into_iter().zip([NEW, NEWER]).take(permitted_steps) {
        assert!(!card.open(reference), "{} was left open: {at}", token.0);
        let outcome = world.open(token).login(CKU_USER, new);
        outcome.unwrap_or_else(|code| panic!("login to {}: {}: {at}", token.0, name(code)));
    }
}

/// A wrong code costs one try of the counter that it belongs to, once, and not one of another.
fn a_wrong_code_costs_one_try(settings: &Settings<'_>) {
    let shared = has(settings, "shared_transport_counter", "yes");
    let limited = has(settings, "unblock_limit", "0");
    let silent = has(settings, "df2f_present", "no");
    for (task, spent) in [
        (Task { state: "fresh-old", by: By::Officer(WRONG_PUK) }, [0, 0, u32::from(!limited)]),
        (Task { state: "fresh-new", by: By::Officer(WRONG_TRANSPORT) }, [1, u32::from(shared), 0]),
        (Task { state: "fresh-new", by: By::Holder(WRONG_TRANSPORT) }, [1, u32::from(shared), 0]),
    ] {
        if silent && task.by == By::Officer(WRONG_TRANSPORT) {
            continue;
        }
        let (world, card, description) = with(task, settings);
        let at = At { description: &description, task, card: &card };
        let (token, _) = TOKENS[0];
        let session = world.open_to_write(token);
        for _ in 0..3 {
            let code = task.set(&session, token.1, NEW).err().unwrap_or(CKR_OK);
            let right = if limited && task.state == "fresh-old" { CKR_PIN_LOCKED } else { CKR_PIN_INCORRECT };
            assert!(code == right, "{}: {at}", name(code));
            assert_eq!(card.counts().map(|count| count.spent), spent, "{at}");
        }
        // That a PUK is used up is no refusal of the code: whoever asks again is told again.
        let sent = if limited && task.state == "fresh-old" { 3 } else { 1 };
        assert_eq!(card.counts().map(|count| count.commands), [sent, 0, 0], "{at}");
    }
}

/// A code of the other scheme contradicts the card, and is not sent.
fn a_contradicting_code_costs_nothing(settings: &Settings<'_>) {
    let task = Task { state: "fresh-old", by: By::Officer(TRANSPORT) };
    let (world, card, description) = with(task, settings);
    let at = At { description: &description, task, card: &card };
    for (token, _) in TOKENS {
        let code = task.set(&world.open_to_write(token), token.1, NEW).err().unwrap_or(CKR_OK);
        assert!([CKR_PIN_LOCKED, CKR_PIN_INCORRECT].contains(&code), "{}: {at}", name(code));
    }
    assert_eq!(card.counts().map(|count| count.commands), [0; 3], "{at}");
}

// --- The settings

/// Switches that say nothing of PINs; a new one is taken to concern them until it is named here.
const OTHER: [&str; 22] = [
    "decipher_indicator",
    "oaep",
    "chaining",
    "read_limit",
    "eof",
    "beyond_end",
    "fcp_exact",
    "fcp_size_tag",
    "cert_padding",
    "early_security_env",
    "early_files",
    "extended_length",
    "v31_sign_key",
    "backup_keys",
    "ec_any_hash",
    "null_parameter",
    "extended_key_usage",
    "certificate_number",
    "name_text",
    "long_certificates",
    "odd_certificate",
    "sign_with_transport_pin",
];

/// Switches that decide what RESET RETRY COUNTER meets on a card that was never activated, and before it.
const OLD_SCHEME: &[&str] = &[
    "fresh_answer",
    "df2f_present",
    "df2f_fresh_old",
    "puk_df2f",
    "puk_readable",
    "unblock_needs_blocked",
    "unblock_limit",
    "same_pin_refused",
    "max_new_pin",
    "unverify_supported",
    "early_pin_commands",
];
/// Switches that decide what CHANGE REFERENCE DATA meets on a card with its transport code, and before it.
const NEW_SCHEME: &[&str] = &[
    "df2f_present",
    "same_pin_refused",
    "max_new_pin",
    "shared_transport_counter",
    "change_verifies",
    "unverify_supported",
    "early_pin_commands",
    "strict_le",
];

/// Settings of a switch that are not its default.
fn others(switch: &SwitchInfo) -> impl Iterator<Item = String> {
    let choices = match switch.name {
        "unblock_limit" => "0|1|2",
        "max_new_pin" => "6|8",
        _ => switch.choices.as_str(),
    };
    assert_ne!(choices, "number", "what is to be tried of {}?", switch.name);
    let default = switch.default.clone();
    let values: Vec<String> = choices.split('|').map(str::to_owned).collect();
    values.into_iter().filter(move |value| *value != default)
}

/// Every setting of every switch that concerns PINs.
fn settings(switches: &[SwitchInfo]) -> Vec<(&'static str, String)> {
    let concerned = switches.iter().filter(|switch| !OTHER.contains(&switch.name));
    concerned.flat_map(|switch| others(switch).map(|value| (switch.name, value))).collect()
}

#[test]
fn every_switch_by_itself() {
    let settings = settings(&switches_of(GENERATION));
    let mut runs = 0;
    for setting in &settings {
        let setting = std::slice::from_ref(setting);
        for task in ACTIVATIONS.into_iter().chain(LATER) {
            reaches_the_right_end(task, setting);
            runs += 1;
        }
        a_wrong_code_costs_one_try(setting);
        a_contradicting_code_costs_nothing(setting);
        runs += 4;
    }
    println!("{} settings, {runs} cards", settings.len());
}

#[test]
fn every_pair_of_switches_that_concern_one_activation() {
    let (mut pairs, mut runs) = (0, 0);
    let switches = switches_of(GENERATION);
    for (tasks, concerned) in [(&ACTIVATIONS[..1], OLD_SCHEME), (&ACTIVATIONS[1..], NEW_SCHEME)] {
        let concerned: Vec<SwitchInfo> =
            switches.iter().filter(|switch| concerned.contains(&switch.name)).cloned().collect();
        let settings = settings(&concerned);
        for (position, first) in settings.iter().enumerate() {
            for second in settings[position + 1..].iter().filter(|second| second.0 != first.0) {
                for task in tasks {
                    reaches_the_right_end(*task, &[first.clone(), second.clone()]);
                    runs += 1;
                }
                pairs += 1;
            }
        }
    }
    println!("{pairs} pairs of settings, {runs} cards");
}

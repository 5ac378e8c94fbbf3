//! Failures, in words for the holder, and with details for support.

use super::text::{self, Text};
use super::wording::CardWording;
use avain_card::cards::profile::{Delivery, Secret};
use avain_card::cards::{CardError, NewPin, PinError, Role, Step};
use avain_card::transport::TransportError;

/// What kind of failure it is; the tool has an exit code for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any other failure.
    Failed,
    /// There is no reader or no card, or it is not clear which one is meant.
    NoCard,
    /// The card refused a PIN or code, which used up a try.
    Refused,
    /// A PIN or code is locked.
    Locked,
    /// One of two steps was done. Repeating the command does the rest.
    Partly,
    /// Only one try is left, and the holder did not permit using it.
    LastTry,
    /// The entry or the request does not fit the card in its present state. Nothing was sent.
    Unfit,
    /// The card is not known, or cannot do this.
    Unsupported,
    /// The holder cancelled it.
    Cancelled,
}

/// A failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its kind.
    pub kind: Kind,
    /// What happened, what it cost, what to do.
    pub words: Vec<Text>,
    /// Step and status word, for support.
    pub detail: Option<String>,
    /// Only the entry was wrong, so a person may type another one.
    pub again: bool,
}

/// Was a PIN or code being sent when it failed?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum During {
    /// No.
    Asking,
    /// Yes.
    Presenting,
}

impl Failure {
    /// A failure with these words.
    pub fn new(kind: Kind, words: impl Into<Vec<Text>>) -> Self {
        Failure { kind, words: words.into(), detail: None, again: false }
    }

    /// The same with one more sentence.
    pub fn and(mut self, text: Text) -> Self {
        self.words.push(text);
        self
    }

    /// Who stops after an earlier failure, which was shown already, ends with that one.
    pub fn after(self, earlier: &Failure) -> Self {
        if self.kind == Kind::Cancelled { Failure::new(earlier.kind, []) } else { self }
    }

    /// The same, to be typed again only if the next attempt is permitted; if it is the last one, that is said.
    pub(super) fn if_permitted(mut self, attempt: Result<(), Failure>) -> Self {
        if let Err(refused) = attempt {
            self.again = false;
            self.words.extend(
                Some(refused).filter(|why| why.kind == Kind::LastTry).into_iter().flat_map(|why| why.words),
            );
        }
        self
    }

    /// The card could not be asked.
    pub(super) fn asking(error: CardError) -> Self {
        Self::of_card(error, During::Asking)
    }

    /// A card operation failed.
    pub(super) fn of_card(error: CardError, during: During) -> Self {
        let (kind, text) = match error {
            CardError::Transport(error) => return Self::of_transport(error, during),
            // The card lacks something that all of its kind have.
            CardError::Refused { step: Step::SelectApplication | Step::ReadSerial, .. }
            | CardError::Malformed { step: Step::ReadSerial } => (Kind::Unsupported, text::card_incomplete()),
            CardError::Refused { .. } => (Kind::Failed, text::card_refused()),
            CardError::Malformed { .. } => (Kind::Failed, text::card_nonsense()),
            CardError::Swapped => (Kind::NoCard, text::card_swapped()),
            CardError::Unrecognised => (Kind::Unsupported, text::card_foreign()),
            CardError::Unsupported => (Kind::Unsupported, text::cannot()),
        };
        Failure { detail: Some(detail(error)), ..Self::new(kind, [text]) }
    }

    /// The exchange with the card failed.
    pub(super) fn of_transport(error: TransportError, during: During) -> Self {
        let (kind, text) = match error {
            TransportError::Removed => (Kind::NoCard, text::card_removed()),
            TransportError::ReaderGone => (Kind::NoCard, text::no_reader()),
            TransportError::ServiceDown => (Kind::NoCard, text::no_service()),
            TransportError::Mute => (Kind::NoCard, text::card_mute()),
            TransportError::Busy => (Kind::Failed, text::card_busy()),
            TransportError::Reset | TransportError::Comm | TransportError::Protocol => {
                (Kind::Failed, text::card_disturbed())
            }
        };
        let cost = match during {
            During::Asking => text::nothing_spent(),
            During::Presenting => text::perhaps_spent(),
        };
        Failure { detail: Some(format!("transport: {error:?}")), ..Self::new(kind, [text, cost]) }
    }

    /// The PIN of a role was not accepted.
    pub(super) fn of_pin(error: PinError, role: Role, step: Step, wording: &CardWording) -> Self {
        let pin = wording.pin(role);
        let (kind, words) = match error {
            PinError::Wrong { left: Some(0) } => {
                let now = text::pin_now_locked(pin, wording.help);
                (Kind::Locked, [now].into_iter().chain(wording.where_puk()).collect())
            }
            PinError::Wrong { left: Some(left) } => (Kind::Refused, vec![text::pin_wrong(pin, left)]),
            PinError::Wrong { left: None } => (Kind::Refused, vec![text::pin_wrong_untold(pin)]),
            PinError::Blocked => (Kind::Locked, wording.locked(role)),
            other => return Self::unsent(other, Secret::Pin(role), step, wording),
        };
        Self::of_entry(kind, words, step, error)
    }

    /// What was typed was not accepted.
    fn of_entry(kind: Kind, words: Vec<Text>, step: Step, error: PinError) -> Self {
        let again = kind == Kind::Refused || error == PinError::RefusedBefore;
        Failure { kind, words, detail: Some(pin_detail(step, error)), again }
    }

    /// The activation code or PUK was not accepted.
    pub(super) fn of_code(error: PinError, setting: Secret, step: Step, wording: &CardWording) -> Self {
        let help = wording.help;
        let (kind, text) = match error {
            PinError::Wrong { left: Some(0) } => (Kind::Locked, text::code_now_locked(help)),
            PinError::Wrong { left: Some(left) } => (Kind::Refused, text::code_wrong(left)),
            PinError::Wrong { left: None } => (Kind::Refused, text::code_wrong_untold()),
            PinError::Blocked => (Kind::Locked, text::code_is_locked(help)),
            PinError::Card(CardError::Refused { step: Step::Unblock, .. }) => {
                (Kind::Failed, text::unblock_refused(wording.secret(setting)))
            }
            other => return Self::unsent(other, setting, step, wording),
        };
        Self::of_entry(kind, vec![text], step, error)
    }

    /// The transport code, which still is the PIN of a role, was not accepted.
    pub(super) fn of_transport_code(error: PinError, role: Role, wording: &CardWording) -> Self {
        let (kind, text) = match error {
            PinError::Wrong { left: Some(0) } | PinError::Blocked | PinError::NeverSet => {
                (Kind::Locked, text::transport_is_locked(wording.pin(role)))
            }
            PinError::Wrong { left: Some(left) } => (Kind::Refused, text::code_wrong(left)),
            PinError::Wrong { left: None } => (Kind::Refused, text::code_wrong_untold()),
            other => return Self::unsent(other, Secret::Pin(role), Step::Change, wording),
        };
        Self::of_entry(kind, vec![text], Step::Change, error)
    }

    /// Failures that did not use up a try.
    fn unsent(error: PinError, secret: Secret, step: Step, wording: &CardWording) -> Self {
        let name = wording.secret(secret);
        let (kind, text) = match error {
            PinError::Card(CardError::Refused { step: Step::Change, .. }) => {
                (Kind::Failed, text::new_refused(name))
            }
            PinError::Card(error) => return Self::of_card(error, During::Presenting),
            PinError::NeverSet | PinError::NotOwnYet => (Kind::Unfit, not_own_yet(secret, wording)),
            PinError::RefusedBefore => (Kind::Unfit, text::refused_before()),
            PinError::Contradiction => (Kind::Unfit, text::short_code_on_activated()),
            PinError::NewImpossible(NewPin::Unchanged) => (Kind::Unfit, text::new_unchanged(name)),
            PinError::NewImpossible(NewPin::Length | NewPin::NotDigits) | PinError::Impossible => {
                (Kind::Unfit, text::new_refused(name))
            }
            PinError::WriteProtected => (Kind::Unsupported, text::write_protected()),
            PinError::NoMemory => (Kind::Failed, text::no_memory()),
            PinError::Wrong { .. } | PinError::Blocked | PinError::NotGiven => {
                (Kind::Failed, text::card_refused())
            }
        };
        Self::of_entry(kind, vec![text], step, error)
    }
}

/// The PIN has to be set, or changed once, before it can be used.
pub(super) fn not_own_yet(secret: Secret, wording: &CardWording) -> Text {
    match (secret, wording.delivery) {
        (Secret::Pin(role), Delivery::FirstChange) => text::change_first(wording.pin(role), number(role)),
        _ => text::not_activated(wording.secret(secret)),
    }
}

/// 1 or 2, as in the tool's commands.
pub(super) fn number(role: Role) -> &'static str {
    match role {
        Role::Authentication => "1",
        Role::Signature => "2",
    }
}

fn detail(error: CardError) -> String {
    match error {
        CardError::Refused { step, sw } => format!("step {step:?}, status word {sw:?}"),
        CardError::Malformed { step } => format!("step {step:?}, malformed answer"),
        other => format!("{other:?}"),
    }
}

fn pin_detail(step: Step, error: PinError) -> String {
    match error {
        PinError::Card(error) => detail(error),
        PinError::Wrong { left: Some(left) } => format!("step {step:?}, status word 63C{left:X}"),
        PinError::Wrong { left: None } => format!("step {step:?}, status word 6300"),
        PinError::Blocked | PinError::NeverSet => format!("step {step:?}, status word 6983 or 6984"),
        other => format!("step {step:?}, not sent: {other:?}"),
    }
}

//! Failures, in words for the holder, and with details for support.

use super::text::{self, Text};
use super::wording::CardWording;
use avain_card::cards::profile::{Delivery, Secret};
use avain_card::cards::{Aftermath, CanError, CardError, NewPin, NotEntered, PinError, Role, Step};
use avain_card::iso7816::StatusWord;
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
    /// Is the PIN nevertheless set that was to be set?
    pub(super) set: Set,
}

/// Is a PIN set, though a command that was to set it failed?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// No.
    No,
    /// The card has refused the command, and cannot be asked for more.
    Refused,
    /// Nothing tells.
    Unsure,
}

impl Failure {
    /// A failure with these words.
    pub fn new(kind: Kind, words: impl Into<Vec<Text>>) -> Self {
        Failure { kind, words: words.into(), detail: None, again: false, set: Set::No }
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

    /// A card operation failed, and no PIN or code was sent.
    pub(super) fn asking(error: CardError) -> Self {
        let (kind, text) = card_words(error);
        let unspent = matches!(error, CardError::Transport(_)).then(text::nothing_spent);
        let words = [text].into_iter().chain(unspent).collect::<Vec<_>>();
        let again = matches!(error, CardError::Can(why) if why != CanError::NoMemory);
        Failure { detail: Some(detail(error)), again, ..Self::new(kind, words) }
    }

    /// The answer to a PIN or code did not tell what came of it. What is said of it is what the card said when it was
    /// asked.
    fn unclear(cause: CardError, after: Aftermath, wording: &CardWording) -> Self {
        let refused = matches!(cause, CardError::Refused { sw, .. } if is_refusal(sw)) && !after.is_spent();
        let (kind, text) = match cause {
            CardError::Refused { step, .. } if refused => (Kind::Failed, refusal_words(step, after, wording)),
            CardError::Refused { .. } => (Kind::Failed, text::card_unclear()),
            cause => card_words(cause),
        };
        let kind = match after.left() {
            Some(0) if after.is_spent() => Kind::Locked,
            _ if after.is_spent() => Kind::Refused,
            _ => kind,
        };
        let set = match (after.setting, after.set()) {
            (Some(_), None) if refused => Set::Refused,
            (Some(_), None) => Set::Unsure,
            _ => Set::No,
        };
        let cost = match (after.spent(), after.left()) {
            (Some(0), _) => text::nothing_spent(),
            (Some(_), Some(left)) => text::try_spent(left),
            _ if set == Set::Unsure => text::maybe_spent(),
            _ => text::perhaps_spent(),
        };
        let again = kind == Kind::Refused;
        Failure { detail: Some(detail(cause)), again, set, ..Self::new(kind, [text, cost]) }
    }

    /// Adds what is set now: `done` was before, and `open` was to be set next.
    pub(super) fn and_what_is_set(mut self, done: Option<&'static str>, open: &'static str) -> Self {
        if done.is_some() {
            (self.kind, self.again) = (Kind::Partly, false);
        }
        self.words.extend(match (self.set, done) {
            (Set::Unsure, _) => Some(text::perhaps_set(open)),
            (Set::No | Set::Refused, Some(done)) => Some(text::partly_done(done, open)),
            (Set::No, None) => Some(text::nothing_changed()),
            (Set::Refused, None) => None,
        });
        self
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
        Failure { detail: Some(pin_detail(step, error)), again, ..Self::new(kind, words) }
    }

    /// The activation code or PUK was not accepted.
    pub(super) fn of_code(error: PinError, setting: Secret, step: Step, wording: &CardWording) -> Self {
        let help = wording.help;
        let (kind, text) = match error {
            PinError::Wrong { left: Some(0) } => {
                let words = vec![text::code_now_locked(help), text::code_lost(wording.family)];
                return Self::of_entry(Kind::Locked, words, step, error);
            }
            PinError::Wrong { left: Some(left) } => (Kind::Refused, text::code_wrong(left)),
            PinError::Wrong { left: None } => (Kind::Refused, text::code_wrong_untold()),
            PinError::Blocked => {
                return Self::of_entry(Kind::Locked, wording.code_is_locked(), step, error);
            }
            PinError::UsedUp => (Kind::Locked, text::code_is_used_up()),
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

    /// Nothing was entered on the keypad. It is not asked again by itself: that is for the holder to say.
    fn of_keypad(why: NotEntered) -> Self {
        let (kind, text) = match why {
            NotEntered::Cancelled => (Kind::Cancelled, text::keypad_cancelled()),
            NotEntered::TooLate => (Kind::Cancelled, text::keypad_too_late()),
            NotEntered::Differs => (Kind::Unfit, text::keypad_differs()),
            NotEntered::NotTaken => (Kind::Unfit, text::keypad_not_taken()),
        };
        Failure::new(kind, [text, text::nothing_spent()])
    }

    /// Nothing was sent; or what came of it is unclear.
    fn unsent(error: PinError, secret: Secret, step: Step, wording: &CardWording) -> Self {
        let name = wording.secret(secret);
        let (kind, text) = match error {
            PinError::Card(error @ CardError::Swapped) => {
                return Self::asking(error).and(text::nothing_spent());
            }
            PinError::Card(error) => return Self::asking(error),
            PinError::Unclear { cause, after } => return Self::unclear(cause, after, wording),
            PinError::Interrupted => (Kind::Cancelled, text::cancelled()),
            PinError::NotEntered(why) => return Self::of_keypad(why),
            PinError::NeverSet => (Kind::Locked, not_own_yet(secret, wording)),
            PinError::NotOwnYet => (Kind::Unfit, not_own_yet(secret, wording)),
            PinError::RefusedBefore => (Kind::Unfit, text::refused_before()),
            PinError::Contradiction => (Kind::Unfit, text::short_code_on_activated()),
            PinError::NewImpossible(NewPin::Unchanged) => (Kind::Unfit, text::new_unchanged(name)),
            PinError::NewImpossible(NewPin::Length | NewPin::NotDigits) | PinError::Impossible => {
                return Failure::new(Kind::Unfit, [text::new_refused(name), text::nothing_spent()]);
            }
            PinError::WriteProtected => (Kind::Unsupported, text::write_protected()),
            PinError::NeedsContacts => (Kind::Unsupported, text::contacts_only()),
            PinError::NoMemory => (Kind::Failed, text::no_memory()),
            // Every PIN is asked for by its name here.
            PinError::Wrong { .. }
            | PinError::Blocked
            | PinError::UsedUp
            | PinError::NotGiven
            | PinError::GivenElsewhere => (Kind::Failed, text::card_refused()),
        };
        Self::of_entry(kind, vec![text], step, error)
    }
}

fn card_words(error: CardError) -> (Kind, Text) {
    match error {
        CardError::Transport(error) => transport_words(error),
        // The card lacks something that all of its kind have.
        CardError::Refused { step: Step::SelectApplication | Step::ReadSerial, .. }
        | CardError::Malformed { step: Step::ReadSerial } => (Kind::Unsupported, text::card_incomplete()),
        CardError::Refused { .. } => (Kind::Failed, text::card_refused()),
        CardError::Malformed { .. } => (Kind::Failed, text::card_nonsense()),
        CardError::Swapped => (Kind::NoCard, text::card_swapped()),
        CardError::Unrecognised => (Kind::Unsupported, text::card_foreign()),
        CardError::Can(why) => can_words(why),
        CardError::Unsupported => (Kind::Unsupported, text::cannot()),
    }
}

/// Why a card without contacts was not opened. No PIN was sent.
fn can_words(why: CanError) -> (Kind, Text) {
    match why {
        CanError::Missing => (Kind::Unfit, text::can_needed()),
        CanError::Wrong { seconds } => (Kind::Unfit, text::can_wrong(usize::from(seconds))),
        CanError::RefusedBefore => (Kind::Unfit, text::can_refused_before()),
        CanError::NoMemory => (Kind::Failed, text::no_memory()),
        // It answers as no identity card does.
        CanError::Impostor => (Kind::Failed, text::card_nonsense()),
    }
}

fn transport_words(error: TransportError) -> (Kind, Text) {
    match error {
        TransportError::Removed => (Kind::NoCard, text::card_removed()),
        TransportError::ReaderGone => (Kind::NoCard, text::no_reader()),
        TransportError::ServiceDown => (Kind::NoCard, text::no_service()),
        TransportError::Mute => (Kind::NoCard, text::card_mute()),
        TransportError::Busy => (Kind::Failed, text::card_busy()),
        TransportError::NotAllowed => (Kind::Failed, text::not_allowed()),
        TransportError::Reset
        | TransportError::Comm
        | TransportError::Protocol
        | TransportError::Insecure => (Kind::Failed, text::card_disturbed()),
    }
}

/// Does this status word say that the card has checked the command and not executed it (ISO 7816-4 §5.6)?
fn is_refusal(sw: StatusWord) -> bool {
    matches!(sw.sw1(), 0x67..=0x6E)
}

/// The card has refused the command, and no try was spent.
fn refusal_words(step: Step, after: Aftermath, wording: &CardWording) -> Text {
    match (step, after.setting) {
        (Step::Change, Some(setting)) => text::new_refused(wording.secret(setting)),
        (Step::Unblock, Some(setting)) => text::unblock_refused(wording.secret(setting)),
        _ => text::card_refused(),
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
        CardError::Transport(error) => format!("transport: {error:?}"),
        other => format!("{other:?}"),
    }
}

fn pin_detail(step: Step, error: PinError) -> String {
    match error {
        PinError::Card(error) => detail(error),
        PinError::Wrong { left: Some(left) } => format!("step {step:?}, status word 63C{left:X}"),
        PinError::Wrong { left: None } => format!("step {step:?}, status word 6300"),
        PinError::Blocked | PinError::NeverSet | PinError::UsedUp => {
            format!("step {step:?}, status word 6983 or 6984")
        }
        other => format!("step {step:?}, not sent: {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::{PinState, Standing, fineid};

    const PIN1: Secret = Secret::Pin(Role::Authentication);
    const OWN: Option<bool> = Some(true);
    const FRESH: Option<bool> = Some(false);

    fn state(left: u8, changed: Option<bool>) -> PinState {
        PinState { left: Some(left), changed }
    }

    /// A command with the PIN itself; before and after it the PIN stood so.
    fn of_pin(setting: bool, before: PinState, after: Option<PinState>) -> Aftermath {
        let both = |state| Standing { presented: state, set: state };
        let sent = Aftermath::of(PIN1, setting.then_some(PIN1), 5, both(before));
        after.map_or(sent, |after| sent.asked(both(after)))
    }

    /// RESET RETRY COUNTER for a PIN that is locked.
    fn of_puk(puk: u8, pin: u8) -> Aftermath {
        let standing = |puk, pin| Standing { presented: state(puk, None), set: state(pin, OWN) };
        Aftermath::of(Secret::Puk, Some(PIN1), 5, standing(5, 0)).asked(standing(puk, pin))
    }

    #[test]
    fn what_is_said_was_asked() {
        let answered = |step, sw| CardError::Refused { step, sw: StatusWord(sw) };
        let (change, unblock, verify) = (Step::Change, Step::Unblock, Step::Verify);
        let own = state(5, OWN);
        let lost = CardError::Transport(TransportError::Comm);
        for (cause, after, kind, words) in [
            // The try was counted.
            (
                answered(unblock, 0x6F00),
                of_puk(4, 0),
                Kind::Refused,
                "card_unclear try_spent nothing_changed",
            ),
            (
                answered(unblock, 0x6982),
                of_puk(4, 0),
                Kind::Refused,
                "card_unclear try_spent nothing_changed",
            ),
            (answered(unblock, 0x6A80), of_puk(0, 0), Kind::Locked, "card_unclear try_spent nothing_changed"),
            // It was not.
            (
                answered(unblock, 0x6A80),
                of_puk(5, 0),
                Kind::Failed,
                "unblock_refused nothing_spent nothing_changed",
            ),
            (
                answered(unblock, 0x6F00),
                of_puk(5, 0),
                Kind::Failed,
                "card_unclear nothing_spent nothing_changed",
            ),
            // Nothing shows whether the holder's own PIN was replaced.
            (
                answered(change, 0x6F00),
                of_pin(true, own, Some(own)),
                Kind::Failed,
                "card_unclear nothing_spent perhaps_set",
            ),
            (
                answered(change, 0x6985),
                of_pin(true, own, Some(own)),
                Kind::Failed,
                "new_refused nothing_spent",
            ),
            (
                answered(change, 0x6400),
                of_pin(true, state(5, FRESH), Some(state(5, FRESH))),
                Kind::Failed,
                "card_unclear nothing_spent nothing_changed",
            ),
            (
                answered(verify, 0x6984),
                of_pin(false, own, Some(own)),
                Kind::Failed,
                "card_refused nothing_spent",
            ),
            // The card could not be asked.
            (lost, of_pin(true, own, None), Kind::Failed, "card_disturbed maybe_spent perhaps_set"),
            (lost, of_pin(false, own, None), Kind::Failed, "card_disturbed perhaps_spent"),
            (lost, of_pin(false, own, Some(own)), Kind::Failed, "card_disturbed nothing_spent"),
        ] {
            let wording = CardWording::of(&fineid::V4_0);
            let error = PinError::Unclear { cause, after };
            let mut failure = Failure::of_pin(error, Role::Authentication, Step::Change, &wording);
            if after.setting.is_some() {
                failure = failure.and_what_is_set(None, "PIN1");
            }
            let said: Vec<_> = failure.words.iter().map(|text| text.id).collect();
            assert_eq!((failure.kind, said.join(" ").as_str()), (kind, words), "{error:?}");
        }
    }
}

//! The PINs and the PUK of a card. What differs from one kind of chip to the next is data: [`PinRules`].

use super::coding::Coding;
use super::{CodeView, CredentialCount, Personalisation};
use crate::facts::codes::Codes;
use crate::facts::description::{PinDescription, PinRole};
use crate::facts::state::DeliveryState;
use crate::facts::switches::Switches;
use crate::facts::switches::values::{FreshAnswer, LastTry, MalformedCode, SamePinRefused};
use crate::wire::apdu::sw;

/// Most digits of a code on any card.
const LONGEST: usize = 12;

/// How a kind of chip deals with codes. What the facts leave open asks the switches.
pub(crate) struct PinRules {
    /// Form of a code on the line.
    pub(crate) coding: fn(&Switches) -> Coding,
    /// Whether a code with too few digits has the wrong form; otherwise it is a wrong code.
    pub(crate) short_is_malformed: bool,
    /// What a code of the wrong form is.
    pub(crate) malformed: fn(&Switches) -> MalformedCode,
    /// Status of the wrong code that takes the last try.
    pub(crate) last_try: fn(&Switches) -> LastTry,
    /// Where a new code equal to the old one is refused, and with which status.
    pub(crate) same_code: fn(&Switches) -> (SamePinRefused, u16),
    /// Most digits of a new code.
    pub(crate) longest: fn(&Switches) -> usize,
    /// Whether the PUK can be changed; otherwise 6985.
    pub(crate) puk_changes: bool,
    /// Whether a PIN that still has tries is not unblocked.
    pub(crate) unblock_needs_blocked: fn(&Switches) -> bool,
}

/// What most chips have in common.
pub(crate) const ORDINARY: PinRules = PinRules {
    coding: |_| Coding::Padded(LONGEST, 0x00),
    short_is_malformed: false,
    malformed: |_| MalformedCode::Refused,
    last_try: |switches| switches.last_try,
    same_code: |_| (SamePinRefused::Never, sw::CONDITIONS),
    longest: |switches| switches.max_new_pin.min(LONGEST),
    puk_changes: false,
    unblock_needs_blocked: |_| false,
};

/// What is special about a PIN that the holder has not chosen yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Chosen by the holder, or a PUK.
    Chosen,
    /// Old scheme: never set.
    NeverSet,
    /// New scheme: the transport code.
    Transport,
    /// Preset, and to be changed before it works.
    Delivered,
}

impl Origin {
    fn of(role: PinRole, state: DeliveryState, switches: &Switches) -> Self {
        use DeliveryState::*;
        let (pin1, pin2) = (role == PinRole::Authentication, role == PinRole::Signature);
        match state {
            _ if role == PinRole::Unblocking => Self::Chosen,
            FreshOld | DeadOld => Self::NeverSet,
            HalfOld if pin2 => Self::NeverSet,
            HalfOldPin2 if pin1 => Self::NeverSet,
            FreshNew | BlockedNew => Self::Transport,
            HalfNew if pin2 => Self::Transport,
            HalfNewPin2 if pin1 => Self::Transport,
            Fresh if pin2 || switches.unchanged_pin1 => Self::Delivered,
            _ => Self::Chosen,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::NeverSet => "never-set",
            Self::Transport => "transport",
            Self::Delivered => "delivered",
        }
    }
}

/// Whether a code is blocked in a delivery state.
fn is_blocked(role: PinRole, state: DeliveryState) -> bool {
    use DeliveryState::*;
    match role {
        PinRole::Authentication => matches!(state, BlockedPin1 | BlockedPins | BlockedNew | Dead),
        PinRole::Signature => matches!(state, BlockedPin2 | BlockedPins | BlockedNew | Dead),
        PinRole::Unblocking => matches!(state, BlockedPuk | DeadOld | Dead),
    }
}

/// A PIN or the PUK.
#[derive(Clone)]
pub(crate) struct Pin {
    pub(crate) description: &'static PinDescription,
    /// Fewest digits that the card takes.
    pub(crate) shortest: usize,
    /// Tries when full.
    pub(crate) full: u8,
    /// As ASCII digits, whatever form they have on the line.
    digits: Vec<u8>,
    pub(crate) tries: u8,
    pub(crate) verified: bool,
    pub(crate) origin: Origin,
    pub(crate) count: CredentialCount,
}

impl Pin {
    fn new(
        description: &'static PinDescription,
        state: DeliveryState,
        codes: &Codes,
        switches: &Switches,
    ) -> Self {
        let role = description.role;
        let origin = Origin::of(role, state, switches);
        let digits = if origin == Origin::Transport { &codes.transport } else { codes.of(role) };
        let blocked = origin == Origin::NeverSet || is_blocked(role, state);
        Self {
            description,
            shortest: description.shortest,
            full: description.tries,
            digits: digits.as_bytes().to_vec(),
            tries: if blocked { 0 } else { description.tries },
            verified: false,
            origin,
            count: CredentialCount::default(),
        }
    }

    fn is_puk(&self) -> bool {
        self.description.role == PinRole::Unblocking
    }

    fn holds(&self, digits: &[u8]) -> bool {
        self.origin != Origin::NeverSet && self.digits == digits
    }

    fn spend_try(&mut self) {
        self.verified = false;
        if let Some(left) = self.tries.checked_sub(1) {
            self.tries = left;
            self.count.tries_spent += 1;
        }
    }

    /// The holder chose a new code.
    fn choose(&mut self, digits: Vec<u8>) {
        self.digits = digits;
        self.tries = self.full;
        self.origin = Origin::Chosen;
        self.verified = false;
    }

    /// Answer to a code for a blocked PIN.
    fn blocked(&self, switches: &Switches) -> u16 {
        match (self.origin, switches.fresh_answer) {
            (Origin::NeverSet, FreshAnswer::NoTriesLeft) => sw::WRONG_CODE,
            (Origin::NeverSet, FreshAnswer::NotUsable) => sw::NOT_USABLE,
            _ => sw::BLOCKED,
        }
    }
}

/// All codes of a card.
#[derive(Clone)]
pub(crate) struct Pins {
    all: Vec<Pin>,
    rules: &'static PinRules,
    /// Uses of the PUK that are left, if they are limited.
    pub(crate) unblocks_left: Option<u8>,
}

impl Pins {
    pub(crate) fn new(
        descriptions: &'static [PinDescription],
        rules: &'static PinRules,
        personalisation: &Personalisation<'_>,
    ) -> Self {
        let Personalisation { state, codes, switches, .. } = *personalisation;
        let all = descriptions.iter().map(|pin| Pin::new(pin, state, codes, switches)).collect();
        Self { all, rules, unblocks_left: None }
    }

    pub(crate) fn get(&self, reference: u8) -> Option<&Pin> {
        self.all.iter().find(|pin| pin.description.reference == reference)
    }

    pub(crate) fn get_mut(&mut self, reference: u8) -> Option<&mut Pin> {
        self.all.iter_mut().find(|pin| pin.description.reference == reference)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Pin> {
        self.all.iter_mut()
    }

    fn named(&mut self, reference: u8) -> Result<&mut Pin, u16> {
        self.get_mut(reference).ok_or(sw::REFERENCE_NOT_FOUND)
    }

    fn puk(&self) -> Option<&Pin> {
        self.all.iter().find(|pin| pin.is_puk())
    }

    pub(crate) fn is_verified(&self, reference: u8) -> bool {
        self.get(reference).is_some_and(|pin| pin.verified)
    }

    /// Ends every verified state.
    pub(crate) fn forget_verified(&mut self) {
        self.all.iter_mut().for_each(|pin| pin.verified = false);
    }

    /// Ends every verified state but one.
    pub(crate) fn forget_verified_except(&mut self, reference: u8) {
        let others = self.all.iter_mut().filter(|pin| pin.description.reference != reference);
        others.for_each(|pin| pin.verified = false);
    }

    /// Ends one verified state.
    pub(crate) fn forget(&mut self, reference: u8) {
        if let Some(pin) = self.get_mut(reference) {
            pin.verified = false;
        }
    }

    /// A wrong code: the status to answer. With the switch `shared_transport_counter` a wrong transport code costs
    /// every transport PIN a try.
    pub(crate) fn wrong(&mut self, reference: u8, switches: &Switches) -> u16 {
        let transport = self.get(reference).is_some_and(|pin| pin.origin == Origin::Transport);
        for pin in &mut self.all {
            let shares = transport && switches.shared_transport_counter && pin.origin == Origin::Transport;
            if pin.description.reference == reference || shares {
                pin.spend_try();
            }
        }
        let left = self.get(reference).map_or(0, |pin| pin.tries);
        match left {
            0 if (self.rules.last_try)(switches) == LastTry::Blocked => sw::BLOCKED,
            left => sw::WRONG_CODE | u16::from(left & 0x0F),
        }
    }

    /// The digits of a presented code; none if it is of the wrong form and counts as a wrong code.
    fn presented(&self, reference: u8, code: &[u8], switches: &Switches) -> Result<Option<Vec<u8>>, u16> {
        let fewest = match self.get(reference) {
            Some(pin) if self.rules.short_is_malformed => pin.shortest,
            _ => 0,
        };
        let digits = (self.rules.coding)(switches).digits(code);
        match digits.and_then(|digits| if digits.len() < fewest { Err(sw::WRONG_DATA) } else { Ok(digits) }) {
            Err(sw::WRONG_DATA) if (self.rules.malformed)(switches) == MalformedCode::Wrong => Ok(None),
            digits => digits.map(Some),
        }
    }

    /// A code that somebody claims to be the right one. Length and form come first and cost nothing; then a blocked
    /// code; a try is spent only by a code that is wrong.
    fn present(&mut self, reference: u8, code: &[u8], switches: &Switches) -> Result<(), u16> {
        let digits = self.presented(reference, code, switches)?;
        let pin = self.named(reference)?;
        if pin.tries == 0 {
            return Err(pin.blocked(switches));
        }
        if !digits.is_some_and(|digits| pin.holds(&digits)) {
            return Err(self.wrong(reference, switches));
        }
        pin.tries = pin.full;
        pin.count.right += 1;
        Ok(())
    }

    /// The digits of a code that is the password of a channel.
    pub(crate) fn digits(&self, reference: u8) -> String {
        let digits = self.get(reference).map_or(&[][..], |pin| &pin.digits);
        String::from_utf8_lossy(digits).into_owned()
    }

    /// A code was presented as a password, and was right.
    pub(crate) fn accept(&mut self, reference: u8) {
        if let Some(pin) = self.get_mut(reference) {
            pin.count.commands += 1;
            pin.count.right += 1;
            pin.tries = pin.full;
            pin.verified = true;
        }
    }

    /// It was wrong: the status to answer.
    pub(crate) fn refuse(&mut self, reference: u8, switches: &Switches) -> u16 {
        if let Some(pin) = self.get_mut(reference) {
            pin.count.commands += 1;
        }
        self.wrong(reference, switches)
    }

    /// A new code alone, in a channel that the old one has opened.
    pub(crate) fn replace(&mut self, reference: u8, code: &[u8], switches: &Switches) -> Result<(), u16> {
        let new = self.acceptable(reference, code, switches)?;
        let pin = self.named(reference)?;
        pin.choose(new);
        pin.verified = true;
        Ok(())
    }

    /// A code has all its tries again, and stays what it was.
    pub(crate) fn refill(&mut self, reference: u8) {
        if let Some(pin) = self.get_mut(reference) {
            pin.tries = pin.full;
        }
    }

    /// VERIFY with a code.
    pub(crate) fn verify(&mut self, reference: u8, code: &[u8], switches: &Switches) -> Result<(), u16> {
        self.named(reference)?.count.commands += 1;
        self.present(reference, code, switches)?;
        self.named(reference)?.verified = true;
        Ok(())
    }

    /// VERIFY without data: the state, at no cost.
    pub(crate) fn probe(&mut self, reference: u8, switches: &Switches) -> Result<(), u16> {
        let pin = self.named(reference)?;
        pin.count.probes += 1;
        match pin.tries {
            _ if pin.verified => Ok(()),
            _ if pin.origin == Origin::NeverSet && switches.fresh_answer == FreshAnswer::NoInformation => {
                Err(sw::NO_INFORMATION)
            }
            0 => Err(pin.blocked(switches)),
            left => Err(sw::WRONG_CODE | u16::from(left & 0x0F)),
        }
    }

    /// The digits of a new code.
    fn acceptable(&self, reference: u8, code: &[u8], switches: &Switches) -> Result<Vec<u8>, u16> {
        let shortest = self.get(reference).ok_or(sw::REFERENCE_NOT_FOUND)?.shortest;
        if code.is_empty() {
            return Err(sw::WRONG_LENGTH);
        }
        let digits = (self.rules.coding)(switches).digits(code)?;
        let fits = (shortest..=(self.rules.longest)(switches)).contains(&digits.len());
        if fits { Ok(digits) } else { Err(sw::WRONG_DATA) }
    }

    /// CHANGE REFERENCE DATA: the old code and the new one. A card without padding takes as the old one as many bytes
    /// as its own code has digits.
    pub(crate) fn change(&mut self, reference: u8, codes: &[u8], switches: &Switches) -> Result<(), u16> {
        let pin = self.named(reference)?;
        pin.count.commands += 1;
        let typed = pin.digits.len();
        if pin.is_puk() && !self.rules.puk_changes {
            return Err(sw::CONDITIONS);
        }
        let length = (self.rules.coding)(switches).length().unwrap_or(typed);
        let (old, new) = codes.split_at_checked(length).ok_or(sw::WRONG_LENGTH)?;
        let new = self.acceptable(reference, new, switches)?;
        self.present(reference, old, switches)?;
        let (refused, status) = (self.rules.same_code)(switches);
        let pin = self.named(reference)?;
        if refused != SamePinRefused::Never && pin.holds(&new) {
            return Err(status);
        }
        pin.choose(new);
        pin.verified = switches.change_verifies;
        Ok(())
    }

    /// RESET RETRY COUNTER with the PUK and the new code in one command. Needs no verified PIN.
    pub(crate) fn unblock_with_puk(
        &mut self,
        reference: u8,
        codes: &[u8],
        switches: &Switches,
    ) -> Result<(), u16> {
        self.begin_unblocking(reference)?;
        let length = (self.rules.coding)(switches).length().ok_or(sw::WRONG_P1P2)?;
        let (puk, new) = codes.split_at_checked(length).ok_or(sw::WRONG_LENGTH)?;
        let new = self.acceptable(reference, new, switches)?;
        let puk_pin = self.puk().ok_or(sw::REFERENCE_NOT_FOUND)?;
        let puk_reference = puk_pin.description.reference;
        self.presented(puk_reference, puk, switches)?;
        if puk_pin.tries == 0 {
            return Err(sw::BLOCKED);
        }
        let pin = self.get(reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        if pin.tries > 0 && (self.rules.unblock_needs_blocked)(switches) {
            return Err(sw::CONDITIONS);
        }
        if self.unblocks_left == Some(0) {
            return Err(sw::NOT_USABLE);
        }
        self.present(puk_reference, puk, switches)?;
        let (refused, status) = (self.rules.same_code)(switches);
        if refused == SamePinRefused::Both && self.named(reference)?.holds(&new) {
            return Err(status);
        }
        self.unblocks_left = self.unblocks_left.map(|left| left.saturating_sub(1));
        self.named(reference)?.choose(new);
        Ok(())
    }

    /// RESET RETRY COUNTER with the new code, after the PUK was verified; `otherwise` is the status if it was not.
    pub(crate) fn unblock_after_puk(
        &mut self,
        reference: u8,
        code: &[u8],
        otherwise: u16,
        switches: &Switches,
    ) -> Result<(), u16> {
        self.begin_unblocking(reference)?;
        let new = self.acceptable(reference, code, switches)?;
        if !self.puk().is_some_and(|puk| puk.verified) {
            return Err(otherwise);
        }
        self.named(reference)?.choose(new);
        Ok(())
    }

    fn begin_unblocking(&mut self, reference: u8) -> Result<(), u16> {
        let pin = self.named(reference)?;
        pin.count.commands += 1;
        if pin.is_puk() { Err(sw::REFERENCE_NOT_FOUND) } else { Ok(()) }
    }

    /// Whether a code is what the card holds, at no try's cost.
    pub(crate) fn is(&self, reference: u8, digits: &str) -> bool {
        self.get(reference).is_some_and(|pin| pin.holds(digits.as_bytes()))
    }

    /// Sets the tries left, at most the full number.
    pub(crate) fn set_tries_left(&mut self, reference: u8, tries: u8) {
        if let Some(pin) = self.get_mut(reference) {
            pin.tries = tries.min(pin.full);
        }
    }

    /// What tests and the control channel see.
    pub(crate) fn views(&self) -> Vec<CodeView> {
        let view = |pin: &Pin| CodeView {
            reference: pin.description.reference,
            tries: pin.tries,
            verified: pin.verified,
            origin: pin.origin.name(),
            count: pin.count,
        };
        self.all.iter().map(view).collect()
    }
}

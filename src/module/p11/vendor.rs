//! The vendor interface, for what PKCS #11 cannot express: exact numbers of tries, the stage of a card's activation,
//! and setting both PINs in one call. The numbers are those of `include/avain.h`.

use super::Fault;
use super::general::Module;
use super::slots::entry::locked_pin;
use avain_card::cards::profile::{CardProfile, CodeKind};
use avain_card::cards::{Entries, Pin, PinError, Role, Stage};
use avain_card::token::condition::{Activation, Condition, Next, PinCondition};
use avain_card::token::{Attempt, Consent, LastTry, Purpose, Stopped, Terms};
use cryptoki_sys::*;
use std::sync::Arc;

/// The last try may be spent.
pub const USE_LAST_TRY: CK_FLAGS = 1;

/// AVAIN_PIN_STATUS.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "the header says what each is")]
pub struct PinStatus {
    pub tries_left: CK_ULONG,
    pub tries_most: CK_ULONG,
    pub changed: CK_ULONG,
    pub stage: CK_ULONG,
}

/// AVAIN_CARD_STATUS.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "the header says what each is")]
pub struct CardStatus {
    pub size: CK_ULONG,
    pub pins: [PinStatus; 2],
    pub code_tries_left: CK_ULONG,
    pub code_tries_most: CK_ULONG,
    pub activation: CK_ULONG,
    pub scheme: CK_ULONG,
    pub next: CK_ULONG,
}

/// AVAIN_STEP.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "the header says what each is")]
pub struct Step {
    pub pin: CK_ULONG,
    pub rv: CK_RV,
    pub tries_left: CK_ULONG,
}

/// AVAIN_RESULT.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "the header says what each is")]
pub struct ActivationResult {
    pub size: CK_ULONG,
    pub steps: [Step; 2],
}

/// The PINs to be set, and the code that permits it.
pub struct ActivationRequest<'c> {
    /// The code from the letter, or the PUK.
    pub code: &'c [u8],
    /// The new PIN1 and PIN2; `None` leaves a PIN unchanged.
    pub new: [Option<&'c [u8]>; 2],
    /// AVAIN_USE_LAST_TRY, the only flag.
    pub flags: CK_FLAGS,
}

impl Module {
    /// AVN_GetCardStatus: asks the card anew. Spends no try.
    pub fn card_status(&self, slot: CK_SLOT_ID) -> Result<CardStatus, Fault> {
        let slot = self.slots.get(slot)?;
        let insertion = slot.token()?;
        let condition = slot.reader.condition(&insertion).map_err(Fault::of_token)?;
        insertion.profile().map(|profile| status(&condition, profile)).ok_or(Fault::TokenNotRecognized)
    }

    /// AVN_Activate: sets one PIN or both by the code, and ends logins with the PINs that were set. `progress` is
    /// called after each PIN; it must not call the module.
    pub fn activate(
        &self,
        slot: CK_SLOT_ID,
        request: &ActivationRequest<'_>,
        progress: &mut dyn FnMut(Step),
    ) -> Result<(), Fault> {
        let slot = self.slots.get(slot)?;
        let insertion = slot.token()?;
        let (code, new) = entries(request)?;
        let both = self.slots.pair_of(&slot)?;
        let [first, second] = &both;
        let _one_at_a_time = (first.logging_in.lock(), second.logging_in.lock());
        let mut note = |attempt: Attempt| {
            for slot in both.iter().filter(|slot| slot.role == attempt.role && attempt.outcome.is_ok()) {
                let used = slot.used().filter(|token| Arc::ptr_eq(&token.insertion, &insertion));
                if let Some(token) = used.filter(|token| token.is_user()) {
                    token.drop_login();
                    token.sessions().iter().for_each(|open| open.end_operations());
                }
            }
            progress(step(attempt));
        };
        let new: Vec<_> =
            new.iter().map(|(role, new)| (*role, Entries::Typed { permit: &code, new })).collect();
        let terms = Terms {
            purpose: Purpose::Setting,
            last_try: last_try(request.flags)?,
            consent: Consent::NotAsked,
        };
        let outcome = slot.reader.activate(&insertion, &new, terms, &mut note);
        outcome.map_err(fault)
    }
}

/// The code and the new PINs, in locked memory.
fn entries(request: &ActivationRequest<'_>) -> Result<(Pin, Vec<(Role, Pin)>), Fault> {
    let mut new = Vec::new();
    for (role, typed) in Role::ALL.into_iter().zip(request.new) {
        if let Some(typed) = typed {
            new.push((role, locked_pin(typed)?));
        }
    }
    if new.is_empty() { Err(Fault::ArgumentsBad) } else { Ok((locked_pin(request.code)?, new)) }
}

/// An unknown flag is an error: it might forbid something.
fn last_try(flags: CK_FLAGS) -> Result<LastTry, Fault> {
    match flags {
        0 => Ok(LastTry::Keep),
        USE_LAST_TRY => Ok(LastTry::Use),
        _ => Err(Fault::ArgumentsBad),
    }
}

fn fault(stopped: Stopped) -> Fault {
    match stopped {
        Stopped::LastTry(_) => Fault::FunctionRejected,
        Stopped::Failed(PinError::Card(error)) => Fault::of_token(error),
        Stopped::Failed(error) => Fault::of_pin(error),
    }
}

fn step(attempt: Attempt) -> Step {
    Step {
        pin: number(attempt.role),
        rv: attempt.outcome.map_or_else(|stopped| fault(stopped).rv(), |()| CKR_OK),
        tries_left: tries(attempt.left),
    }
}

impl ActivationResult {
    /// The result before anything was done.
    pub fn nothing() -> Self {
        let untouched = |role| Step {
            pin: number(role),
            rv: CK_UNAVAILABLE_INFORMATION,
            tries_left: CK_UNAVAILABLE_INFORMATION,
        };
        ActivationResult { size: size_of::<Self>() as CK_ULONG, steps: Role::ALL.map(untouched) }
    }

    /// Records a step.
    pub fn note(&mut self, step: Step) {
        for known in self.steps.iter_mut().filter(|known| known.pin == step.pin) {
            *known = step;
        }
    }
}

fn status(condition: &Condition, profile: &CardProfile) -> CardStatus {
    CardStatus {
        size: size_of::<CardStatus>() as CK_ULONG,
        pins: Role::ALL.map(|role| pin_status(condition.pin(role), profile)),
        code_tries_left: tries(condition.code_left),
        code_tries_most: tries(profile.codes.puk.as_ref().map(|puk| puk.tries)),
        activation: match condition.activation() {
            Activation::Open => 1,
            Activation::Partly => 2,
            Activation::Done => 3,
        },
        scheme: match condition.code() {
            Some(CodeKind::Puk) => 1,
            Some(CodeKind::Transport) => 2,
            None => CK_UNAVAILABLE_INFORMATION,
        },
        next: match condition.next() {
            Next::Nothing => 1,
            Next::Activate(_) => 2,
            Next::Unblock(Role::Authentication) => 3,
            Next::Unblock(Role::Signature) => 4,
            Next::Lost => 5,
        },
    }
}

fn pin_status(pin: PinCondition, profile: &CardProfile) -> PinStatus {
    PinStatus {
        tries_left: tries(pin.left),
        tries_most: tries(profile.pin(pin.role).map(|spec| spec.tries)),
        changed: pin.changed.map_or(CK_UNAVAILABLE_INFORMATION, CK_ULONG::from),
        stage: match pin.stage {
            Stage::Ready => 1,
            Stage::Usable => 2,
            Stage::Fresh => 3,
            Stage::Unset => 4,
            Stage::UnsetOrLocked => 5,
            Stage::Locked => 6,
            Stage::Unknown => CK_UNAVAILABLE_INFORMATION,
        },
    }
}

fn tries(left: Option<u8>) -> CK_ULONG {
    left.map_or(CK_UNAVAILABLE_INFORMATION, CK_ULONG::from)
}

const fn number(role: Role) -> CK_ULONG {
    match role {
        Role::Authentication => 1,
        Role::Signature => 2,
    }
}

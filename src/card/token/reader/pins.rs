//! Login, logout and setting PINs, with everything that is checked before anything is sent.

use super::keys::explain_refusal;
use super::{Reader, recognised};
use crate::cards::profile::{Delivery, PinSpec, Secret, Writing};
use crate::cards::{CardError, Entered, Entries, NewPin, Pin, PinError, Role};
use crate::log::{self, Loggable, Record};
use crate::token::code::Purpose;
use crate::token::insertion::Insertion;
use crate::token::policy::OncePin;
use crate::token::transaction::{Transaction, check_new};
use crate::transport::keypad::Asks;
use std::ops::RangeInclusive;
use std::sync::Arc;

impl Reader {
    /// Verifies the PIN of a role, and keeps it until logout, if it was typed. The result permits one use of a key that
    /// needs its PIN each time.
    pub fn log_in(&self, insertion: &Arc<Insertion>, role: Role, pin: Entered) -> Result<OncePin, PinError> {
        let changed = insertion.pin(Secret::Pin(role)).and_then(|state| state.changed);
        let outcome = self.with_pin(insertion, role, pin, Entered::typed, |card, spec, pin| {
            // On other cards a PIN that was never changed is verified like any other.
            let matters = card.profile.codes.delivery == Delivery::FirstChange;
            explain_refusal(changed.filter(|_| matters), card.verify(spec, &pin))?;
            card.session_pin.0 = Some(pin);
            Ok(OncePin::of_session(insertion.times_set(Secret::Pin(role))))
        });
        self.clear_up(insertion, outcome)
    }

    /// Checks whether the PIN of a role is right, for one signature that is to follow. One that is entered on the
    /// reader's keypad is not asked for before that signature.
    pub fn log_in_once(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        pin: Entered,
    ) -> Result<OncePin, PinError> {
        self.check(insertion, role, pin, |card, spec, pin| card.check_pin(spec, pin))
    }

    /// The same for a use of a key that was begun. Nothing is sent if the card has just accepted this PIN.
    pub fn permit_use(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        pin: Entered,
    ) -> Result<OncePin, PinError> {
        self.check(insertion, role, pin, |card, spec, pin| card.check_pin_for_use(spec, pin))
    }

    fn check(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        pin: Entered,
        check: impl FnOnce(&mut Transaction<'_>, &PinSpec, Entered) -> Result<OncePin, PinError>,
    ) -> Result<OncePin, PinError> {
        let outcome = self.with_pin(insertion, role, pin, Entered::typed, |card, spec, pin| {
            let once = check(card, spec, pin)?;
            self.once.include(&once);
            Ok(once)
        });
        self.clear_up(insertion, outcome)
    }

    /// If the connection broke before the card could tell what a command with a PIN or code has done, it is asked over
    /// a new one. `Ok` if it says that the PIN is set.
    pub(super) fn find_out(&self, insertion: &Arc<Insertion>, error: PinError) -> Result<(), PinError> {
        match error {
            PinError::Unclear { cause, after } if !after.is_asked() => {
                match self.with_card(insertion, |card| card.find_out(after)) {
                    Ok(after) if after.set() == Some(true) => Ok(()),
                    Ok(after) => Err(PinError::Unclear { cause, after }),
                    Err(_) => Err(error),
                }
            }
            error => Err(error),
        }
    }

    /// The same for a command that sets nothing.
    fn clear_up<R>(&self, insertion: &Arc<Insertion>, outcome: Result<R, PinError>) -> Result<R, PinError> {
        outcome.map_err(|error| self.find_out(insertion, error).err().unwrap_or(error))
    }

    /// Does something with a PIN. One that was typed is checked first: that it is possible, that it was not just given
    /// for another PIN, and that the card has not refused it already.
    fn with_pin<P, R>(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        entered: P,
        typed: impl Fn(&P) -> Option<&Pin>,
        act: impl FnOnce(&mut Transaction<'_>, &PinSpec, P) -> Result<R, PinError>,
    ) -> Result<R, PinError> {
        self.recognise(insertion)?;
        let spec = pin_spec(insertion, role)?;
        if typed(&entered).is_some_and(|pin| !pin.is_possible(spec)) {
            let refusal = Some(&PinError::Impossible as &dyn Loggable);
            log::info(|| Record::Judged { secret: Secret::Pin(role).name(), refusal });
            return Err(PinError::Impossible);
        }
        self.identity(insertion)?;
        self.with_card(insertion, |card| {
            let given = card.given(spec, typed(&entered))?;
            card.unless_meant_elsewhere(given, |card| {
                card.not_refused_before(spec, typed(&entered))?;
                act(card, spec, entered)
            })
        })
    }

    /// Asks the reader, not the card, whether it has a keypad. Asked once.
    pub fn ask_for_keypad(&self, insertion: &Arc<Insertion>) -> Result<(), CardError> {
        if insertion.keypad.get().is_some() { Ok(()) } else { self.with_card(insertion, |_| Ok(())) }
    }

    /// Does the reader that holds the card have a keypad on which the PIN of a role can be entered? Known once something
    /// was asked of the card.
    pub fn takes_pin(&self, insertion: &Insertion, role: Role) -> bool {
        keypad_takes(insertion, role, Asks::Present)
    }

    /// Can a new PIN be set on that keypad?
    pub fn takes_new_pin(&self, insertion: &Insertion, role: Role) -> bool {
        keypad_takes(insertion, role, Asks::PresentAndNew { offset: 0 })
    }

    /// Notes that a PIN was given to a token that is logged in: it is not presented, nor handed to another token.
    pub fn note_unused(&self, insertion: &Insertion, role: Role, pin: &Pin) {
        if let Some(identity) = insertion.identity.get() {
            self.history.note_unused(self.history.entry(&identity.serial, Secret::Pin(role), pin));
        }
    }

    /// Changes the PIN of a role. Whatever can be checked is checked before anything is sent.
    pub fn change_pin(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        entries: Entries<'_>,
        consent: Consent,
    ) -> Result<(), PinError> {
        self.recognise(insertion)?;
        let spec = pin_spec(insertion, role)?;
        check_new_entry(spec.min..=spec.max, entries)?;
        check_differs(entries)?;
        require_consent(insertion, consent)?;
        let outcome = self.with_pin(
            insertion,
            role,
            entries,
            |entries| entries.permit(),
            |card, spec, entries| {
                let logged_in = card.profile.has_session_pin(spec.role) && card.session_pin.0.is_some();
                // A login goes on with the new PIN, unless nobody but the holder knows that: then it is over.
                let kept = if logged_in { entries.new_again()? } else { None };
                card.change(spec, entries)?;
                if logged_in {
                    card.session_pin.0 = kept;
                }
                Ok(())
            },
        );
        outcome.or_else(|error| self.find_out(insertion, error))
    }

    /// Sets the PIN of a role by the code from the issuer's letter or by the PUK: activates, unblocks or replaces it.
    pub fn set_pin(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        entries: Entries<'_>,
        consent: Consent,
    ) -> Result<(), PinError> {
        self.recognise(insertion)?;
        require_consent(insertion, consent)?;
        let spec = check_setting(insertion, role, entries)?;
        self.identity(insertion)?;
        let outcome = self.with_card(insertion, |card| card.set_by_code(spec, entries, Purpose::Setting));
        outcome.or_else(|error| self.find_out(insertion, error))
    }

    /// Gives the PIN of a role its tries again by the PUK, on cards where the PUK does that alone.
    pub fn refill_pin(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        puk: &Pin,
        consent: Consent,
    ) -> Result<(), PinError> {
        self.recognise(insertion)?;
        let spec = pin_spec(insertion, role)?;
        if recognised(insertion)?.codes.kind_of(puk).is_none() {
            return Err(PinError::Impossible);
        }
        require_consent(insertion, consent)?;
        self.identity(insertion)?;
        let outcome = self.with_card(insertion, |card| card.refill(spec, puk));
        outcome.or_else(|error| self.find_out(insertion, error))
    }

    /// Changes the PUK, on cards that permit it. Whatever can be checked is checked before anything is sent.
    pub fn change_puk(
        &self,
        insertion: &Arc<Insertion>,
        entries: Entries<'_>,
        consent: Consent,
    ) -> Result<(), PinError> {
        self.recognise(insertion)?;
        let codes = &recognised(insertion)?.codes;
        let puk = codes.puk.as_ref().filter(|puk| puk.changeable).ok_or(CardError::Unsupported)?;
        check_new_entry(puk.min..=puk.max, entries)?;
        check_differs(entries)?;
        if entries.permit().is_some_and(|old| codes.kind_of(old).is_none()) {
            return Err(PinError::Impossible);
        }
        require_consent(insertion, consent)?;
        self.identity(insertion)?;
        let outcome = self.with_card(insertion, |card| card.change_puk(entries));
        outcome.or_else(|error| self.find_out(insertion, error))
    }

    /// Wipes the session PIN, and closes the PIN if it was verified through us. A connection that was lost is made
    /// anew for that. If the card still cannot be reached, it has closed the PIN or will close it at its removal.
    pub fn log_out(&self, insertion: &Arc<Insertion>, role: Role) {
        let Ok(spec) = pin_spec(insertion, role) else { return };
        let mut link = self.link.lock();
        let of_session = insertion.profile().is_some_and(|profile| profile.has_session_pin(role));
        let was_kept = of_session && link.session_pin.0.take().is_some();
        let verified = link.card_state.verified.get(role.index()) == Some(&true);
        drop(link);
        if verified || was_kept {
            let close = || self.with_card(insertion, |card| card.log_out(spec));
            let _ = close().or_else(|_| close());
        }
    }
}

/// What a keypad sends is not wrapped for the channel to a card.
fn keypad_takes(insertion: &Insertion, role: Role, asks: Asks) -> bool {
    let keypad = insertion.keypad.get().and_then(Option::as_ref).filter(|_| !insertion.wants_channel());
    keypad.zip(insertion.profile()).is_some_and(|(keypad, profile)| {
        let spec = profile.pin(role);
        spec.is_some_and(|spec| profile.takes_from(keypad, asks, &(spec.min..=spec.max)))
    })
}

fn pin_spec(insertion: &Insertion, role: Role) -> Result<&PinSpec, CardError> {
    recognised(insertion)?.pin(role).ok_or(CardError::Unsupported)
}

/// Consent of the holder to write to a card of a kind with which nobody has tried it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// The holder was not asked.
    NotAsked,
    /// The holder was asked, and agreed.
    Given,
}

/// Checks whether the card may be written to.
pub(super) fn require_consent(insertion: &Insertion, consent: Consent) -> Result<(), PinError> {
    if !insertion.permits_setting() {
        return Err(PinError::NeedsContacts);
    }
    match (recognised(insertion)?.writing, consent) {
        (Writing::Free, _) | (Writing::WithConsent, Consent::Given) => Ok(()),
        (Writing::WithConsent, Consent::NotAsked) | (Writing::Never, _) => Err(PinError::WriteProtected),
    }
}

/// Checks whether code and new PIN are possible, before the code is sent. What is entered on a keypad is not seen.
pub(super) fn check_setting<'i>(
    insertion: &'i Insertion,
    role: Role,
    entries: Entries<'_>,
) -> Result<&'i PinSpec, PinError> {
    let spec = pin_spec(insertion, role)?;
    check_new_entry(spec.min..=spec.max, entries)?;
    let codes = &recognised(insertion)?.codes;
    if entries.permit().is_some_and(|code| codes.kind_of(code).is_none()) {
        return Err(PinError::Impossible);
    }
    check_differs(entries)?;
    Ok(spec)
}

/// Checks whether the new PIN or PUK is possible, if it was typed.
fn check_new_entry(digits: RangeInclusive<usize>, entries: Entries<'_>) -> Result<(), PinError> {
    match entries {
        Entries::Typed { new, .. } => check_new(digits, new),
        Entries::Pad => Ok(()),
    }
}

/// Checks whether it is another one than the old one, or than the code.
fn check_differs(entries: Entries<'_>) -> Result<(), PinError> {
    match entries {
        Entries::Typed { permit, new } if permit.is_same(new) => {
            Err(PinError::NewImpossible(NewPin::Unchanged))
        }
        _ => Ok(()),
    }
}

//! Logging in and out, and setting PINs: the rules that hold before anything is sent.

use super::keys::explain_refusal;
use super::{Reader, recognised};
use crate::cards::engine::Probe;
use crate::cards::profile::{Delivery, PinSpec, Secret, Writing};
use crate::cards::{CardError, NewPin, Pin, PinError, Role};
use crate::log::{self, Loggable, Record};
use crate::token::insertion::Insertion;
use crate::token::policy::OncePin;
use crate::token::transaction::{Transaction, check_new};
use std::sync::Arc;

impl Reader {
    /// Presents the PIN of a role whose PIN stands until logout. Keys that want it anew each time accept it once.
    pub fn log_in(&self, insertion: &Arc<Insertion>, role: Role, pin: Pin) -> Result<OncePin, PinError> {
        let changed = insertion.pin(Secret::Pin(role)).and_then(|state| state.changed);
        self.with_pin(insertion, role, pin, |card, spec, pin| {
            // With other cards, a PIN that is still the one from the letter is presented like any other.
            let matters = card.profile.codes.delivery == Delivery::FirstChange;
            explain_refusal(changed.filter(|_| matters), card.verify(spec, &pin))?;
            card.session_pin.0 = Some(pin);
            Ok(OncePin::of_session(insertion.times_set(Secret::Pin(role))))
        })
    }

    /// Finds out whether the PIN of a role is right, for one signature to follow.
    pub fn log_in_once(&self, insertion: &Arc<Insertion>, role: Role, pin: Pin) -> Result<OncePin, PinError> {
        self.with_pin(insertion, role, pin, |card, spec, pin| card.check_pin(spec, pin))
    }

    /// The rules before any PIN is sent: it must be possible, and not known to be refused.
    fn with_pin<R>(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        pin: Pin,
        act: impl FnOnce(&mut Transaction<'_>, &PinSpec, Pin) -> Result<R, PinError>,
    ) -> Result<R, PinError> {
        self.recognise(insertion)?;
        let spec = pin_spec(insertion, role)?;
        if !pin.is_possible(spec) {
            let refusal = Some(&PinError::Impossible as &dyn Loggable);
            log::info(|| Record::Judged { secret: Secret::Pin(role).name(), refusal });
            return Err(PinError::Impossible);
        }
        self.identity(insertion)?;
        self.with_card(insertion, |card| {
            card.not_refused_before(spec, &pin)?;
            act(card, spec, pin)
        })
    }

    /// Changes the PIN of a role. Everything that can be checked is checked before the card is touched.
    pub fn change_pin(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        old: Pin,
        new: Pin,
        consent: Consent,
    ) -> Result<(), PinError> {
        self.recognise(insertion)?;
        let spec = pin_spec(insertion, role)?;
        check_new(spec.min..=spec.max, &new)?;
        require_consent(insertion, consent)?;
        if old.is_same(&new) {
            return Err(PinError::NewImpossible(NewPin::Unchanged));
        }
        self.with_pin(insertion, role, old, |card, spec, old| {
            card.change(spec, &old, &new)?;
            // Who was logged in stays so, under the new PIN.
            if card.profile.has_session_pin(spec.role) && card.session_pin.0.is_some() {
                card.session_pin.0 = Some(new);
            }
            Ok(())
        })
    }

    /// Sets the PIN of a role by the code from the issuer's letter or the PUK: activates, unblocks or replaces it.
    pub fn set_pin(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        code: &Pin,
        new: &Pin,
        consent: Consent,
    ) -> Result<(), PinError> {
        self.recognise(insertion)?;
        require_consent(insertion, consent)?;
        let spec = check_setting(insertion, role, code, new)?;
        self.identity(insertion)?;
        self.with_card(insertion, |card| card.set_by_code(spec, code, new))
    }

    /// Changes the PUK, on cards whose holder may. Everything that can be checked is checked before the card is touched.
    pub fn change_puk(
        &self,
        insertion: &Arc<Insertion>,
        old: &Pin,
        new: &Pin,
        consent: Consent,
    ) -> Result<(), PinError> {
        self.recognise(insertion)?;
        let codes = &recognised(insertion)?.codes;
        let puk = codes.puk.as_ref().filter(|puk| puk.changeable).ok_or(CardError::Unsupported)?;
        check_new(puk.min..=puk.max, new)?;
        if old.is_same(new) {
            return Err(PinError::NewImpossible(NewPin::Unchanged));
        }
        if codes.kind_of(old).is_none() {
            return Err(PinError::Impossible);
        }
        require_consent(insertion, consent)?;
        self.identity(insertion)?;
        self.with_card(insertion, |card| card.change_puk(old, new))
    }

    /// Forgets the standing PIN and closes the card again, if it was opened through us. Errors do not matter:
    /// a card that cannot be reached has forgotten by itself or will at its removal.
    pub fn log_out(&self, insertion: &Arc<Insertion>, role: Role) {
        let Ok(spec) = pin_spec(insertion, role) else { return };
        let mut link = self.link.lock();
        let stands = insertion.profile().is_some_and(|profile| profile.has_session_pin(role));
        let stood = stands && link.session_pin.0.take().is_some();
        let open = link.card_state.verified.get(role.index()) == Some(&true);
        drop(link);
        if open || stood {
            let _ = self.with_card(insertion, |card| {
                // The connection over which it was presented may have been lost since.
                if !open && card.profile.asking.empty_verify && card.probe(spec)? == Probe::Verified {
                    card.set_verified(role, true);
                }
                card.unverify(spec)
            });
        }
    }
}

fn pin_spec(insertion: &Insertion, role: Role) -> Result<&PinSpec, CardError> {
    recognised(insertion)?.pin(role).ok_or(CardError::Unsupported)
}

/// Was the holder told that nobody has tried to write to such a card, and does he want it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Nobody asked him.
    NotAsked,
    /// Yes.
    Given,
}

/// The rule before anything is written.
pub(in crate::token) fn require_consent(insertion: &Insertion, consent: Consent) -> Result<(), PinError> {
    match (recognised(insertion)?.writing, consent) {
        (Writing::Free, _) | (Writing::WithConsent, Consent::Given) => Ok(()),
        (Writing::WithConsent, Consent::NotAsked) | (Writing::Never, _) => Err(PinError::WriteProtected),
    }
}

/// The rules before a code is sent: code and new PIN must be possible.
pub(in crate::token) fn check_setting<'i>(
    insertion: &'i Insertion,
    role: Role,
    code: &Pin,
    new: &Pin,
) -> Result<&'i PinSpec, PinError> {
    let spec = pin_spec(insertion, role)?;
    check_new(spec.min..=spec.max, new)?;
    if recognised(insertion)?.codes.kind_of(code).is_none() {
        return Err(PinError::Impossible);
    }
    if code.is_same(new) {
        return Err(PinError::NewImpossible(NewPin::Unchanged));
    }
    Ok(spec)
}

//! Both PINs set by the code from the letter, through the vendor interface.

use crate::flows::{NEW, PUK, Run, TRANSPORT};
use cryptoki_sys::*;
use kit::{Activation, CardStatus, PinStatus, UNKNOWN, VendorList};

/// The code by which the PINs of a card in this state are set.
pub(crate) fn right(card: &str) -> &'static str {
    if card.contains("-new") { TRANSPORT } else { PUK }
}

/// AVN_GetCardStatus, which has to tell the truth.
pub(crate) fn status(run: &mut Run<'_>) -> Result<CardStatus, CK_RV> {
    let (list, slot) = (VendorList::of(run.module), run.slot(0)?);
    let status = run.call("AVN_GetCardStatus", || list.card_status(slot))?;
    let real = run.fake.pins("");
    let told = match real.len() {
        1 => vec![status.pin1.left],
        _ => vec![status.pin1.left, status.pin2.left, status.code_left],
    };
    for (pin, told) in real.iter().zip(told) {
        if told != UNKNOWN && told != CK_ULONG::from(pin.tries) {
            run.lie(format!("{told} tries of {:02X}, which has {}", pin.reference, pin.tries));
        }
    }
    Ok(status)
}

/// Which of the PINs are the new one.
fn set(run: &Run<'_>) -> [bool; 2] {
    run.new_pins(&run.fake.pins(""))[..].try_into().expect("two PINs")
}

/// Sets these PINs, and looks whether what is told of each step is so.
pub(crate) fn activate(run: &mut Run<'_>, code: &str, which: [bool; 2]) -> Result<(), CK_RV> {
    let (list, slot) = (VendorList::of(run.module), run.slot(0)?);
    let [pin1, pin2] = [0, 1].map(|token| which[token].then_some(NEW[token]));
    let mut steps = Vec::new();
    let outcome = run.call("AVN_Activate", || {
        let (code, outcome) = list.set(slot, &Activation::of(code, pin1, pin2));
        steps = vec![outcome.pin1, outcome.pin2];
        if code == CKR_OK { Ok(()) } else { Err(code) }
    });
    let after = set(run);
    // Only where the answer to the very command was lost may a PIN be set and the step have failed.
    let Some(call) = run.calls.last() else { return outcome };
    let (lost, newly_set) = (call.sets_and_is_lost(), call.set.clone());
    for token in [0, 1].into_iter().filter(|token| which[*token]) {
        let (step, newly) = (steps[token], newly_set[token]);
        let told = match step.rv {
            CKR_OK if !after[token] => Some("is told to be set, and is not"),
            CKR_OK => None,
            UNKNOWN if newly => Some("was set, and is told not to have been begun"),
            _ if newly && !lost => Some("was set, and is told to have failed"),
            _ => None,
        };
        if let Some(told) = told {
            run.lie_of_its_own(&format!("PIN{} {told}", token + 1));
        }
    }
    let asked = || steps.iter().zip(which).filter(|(_, wanted)| *wanted).map(|(step, _)| step.rv);
    let failed = asked().find(|rv| *rv != CKR_OK && *rv != UNKNOWN);
    if outcome.is_ok() && asked().any(|rv| rv != CKR_OK) {
        run.lie("not every step was done".into());
    }
    if let (Err(code), Some(failed)) = (outcome, failed)
        && code != failed
    {
        run.lie("the call and its step failed differently".into());
    }
    outcome
}

/// Sets both by a wrong code. What the card has refused is not sent again.
pub(crate) fn mistype(run: &mut Run<'_>, code: &str) -> Result<(), CK_RV> {
    let outcome = activate(run, code, [true; 2]);
    let has_sent = |run: &Run<'_>| run.calls.last().is_some_and(|call| call.credentials().next().is_some());
    // A state that came garbled is enough for no code to be sent.
    let refused = has_sent(run);
    // In the slot there may be another card by now; or this one has refused the code without having looked at it, or says
    // now that its tries have risen.
    let other = |run: &Run<'_>| {
        let signs = ["Swapped", "status@", "status-after@", "garbage@", "for ever"];
        run.calls.last().is_some_and(|call| signs.iter().any(|sign| call.faults.contains(sign)))
    };
    if outcome == Err(CKR_PIN_INCORRECT)
        && !run.calls.last().is_some_and(|call| call.faults.contains("Swapped"))
    {
        let otherwise = other(run);
        let again = activate(run, code, [true; 2]);
        if refused && has_sent(run) && !otherwise && !other(run) {
            run.lie("a refused code was sent again".into());
        }
        return again;
    }
    outcome
}

/// What a wizard does next: it asks, and finishes what is open. Nothing that is done is done again.
pub(crate) fn finish(run: &mut Run<'_>, code: &str) -> Result<(), CK_RV> {
    const READY: CK_ULONG = 1;
    let status = status(run)?;
    let done = set(run);
    let is_ready = |pin: PinStatus| pin.stage == READY;
    if [is_ready(status.pin1), is_ready(status.pin2)] != done {
        run.lie(format!("stages {} and {}, really {done:?}", status.pin1.stage, status.pin2.stage));
    }
    if done == [true; 2] {
        return Ok(());
    }
    activate(run, code, done.map(|done| !done))?;
    let open = done.iter().filter(|done| !**done).count();
    if run.calls.last().is_some_and(|call| call.credentials().count() != open) {
        run.lie("a step that was done was done again".into());
    }
    Ok(())
}

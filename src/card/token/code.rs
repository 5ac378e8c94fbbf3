//! Does a code fit the PIN that it is to set? The number of its digits tells what it is, and the card tells how the PIN
//! stands. If these contradict each other nothing is sent: the command would use up a try, perhaps of the wrong counter.

use crate::cards::profile::{CodeKind, IssuerCodes};
use crate::cards::{Pin, PinError, PinState};

/// What the holder says that a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Setting a PIN; the code is what the card came with, or its PUK.
    Setting,
    /// Unblocking or replacing a PIN; the code is a PUK, also if the PIN was never set.
    Unblocking,
}

/// Why a code does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// A transport code, and the PIN is blocked.
    Blocked,
    /// A transport code, and the holder has set the PIN.
    Own,
    /// A transport code, and the card does not report that the PIN is one.
    Untold,
    /// Something else than the transport code that the PIN still is.
    Fresh,
}

impl From<Misfit> for PinError {
    fn from(misfit: Misfit) -> Self {
        match misfit {
            Misfit::Blocked => PinError::Blocked,
            Misfit::Own | Misfit::Untold | Misfit::Fresh => PinError::Contradiction,
        }
    }
}

/// Does a code of this kind fit a PIN in this state?
///
/// A PIN is a transport code only if the card reports that it was never changed (FINEID S4-1 §4.6.2); cards of before
/// 2026 do not always report it, and have none then.
pub fn fits(kind: CodeKind, pin: PinState, codes: &IssuerCodes, purpose: Purpose) -> Result<(), Misfit> {
    match (kind, pin) {
        (CodeKind::Transport, PinState { left: Some(0), .. }) => Err(Misfit::Blocked),
        (CodeKind::Transport, PinState { changed: Some(true), .. }) => Err(Misfit::Own),
        (CodeKind::Transport, PinState { changed: None, .. }) => Err(Misfit::Untold),
        (CodeKind::Puk, pin) if purpose == Purpose::Setting && is_transport_code(pin, codes) => {
            Err(Misfit::Fresh)
        }
        (CodeKind::Transport | CodeKind::Puk, _) => Ok(()),
    }
}

/// The kind of code that sets a PIN in this state.
pub fn wanted(pin: PinState, codes: &IssuerCodes, purpose: Purpose) -> CodeKind {
    if purpose == Purpose::Setting && is_transport_code(pin, codes) {
        CodeKind::Transport
    } else {
        CodeKind::Puk
    }
}

/// Can this be the present PIN? One that still is the transport code has as many digits as that.
pub fn fits_as_old(old: &Pin, pin: PinState, codes: &IssuerCodes) -> Result<(), Misfit> {
    let other_length = codes.transport().is_some_and(|digits| digits != old.length());
    if other_length && is_transport_code(pin, codes) { Err(Misfit::Fresh) } else { Ok(()) }
}

/// Is the PIN still the transport code, as the card reports?
fn is_transport_code(pin: PinState, codes: &IssuerCodes) -> bool {
    codes.transport().is_some() && pin.changed == Some(false) && pin.left != Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{estonia, fineid};
    use Misfit::{Blocked, Fresh, Own, Untold};

    const OWN: Option<bool> = Some(true);
    const NEVER: Option<bool> = Some(false);

    #[test]
    fn code_and_card_have_to_agree() {
        let codes = &fineid::V4_0.codes;
        for (left, changed, transport, puk) in [
            (Some(5), NEVER, Ok(()), Err(Fresh)),
            (None, NEVER, Ok(()), Err(Fresh)),
            (Some(1), NEVER, Ok(()), Err(Fresh)),
            (Some(0), NEVER, Err(Blocked), Ok(())),
            (Some(5), OWN, Err(Own), Ok(())),
            (Some(0), OWN, Err(Blocked), Ok(())),
            (Some(5), None, Err(Untold), Ok(())),
            (None, None, Err(Untold), Ok(())),
            (Some(0), None, Err(Blocked), Ok(())),
        ] {
            let state = PinState { left, changed };
            let verdict = |kind, purpose| fits(kind, state, codes, purpose);
            assert_eq!(verdict(CodeKind::Transport, Purpose::Setting), transport, "{state:?}");
            assert_eq!(verdict(CodeKind::Puk, Purpose::Setting), puk, "{state:?}");
            assert_eq!(verdict(CodeKind::Puk, Purpose::Unblocking), Ok(()), "{state:?}");
        }
    }

    #[test]
    fn without_a_transport_code_a_puk_sets_any_pin() {
        let state = PinState { left: Some(3), changed: NEVER };
        for card in [&estonia::THALES, &fineid::V3_1, &fineid::V3_0] {
            assert_eq!(fits(CodeKind::Puk, state, &card.codes, Purpose::Setting), Ok(()), "{}", card.model);
        }
    }

    #[test]
    fn an_old_pin_that_is_the_transport_code_is_as_long() {
        let verdict = |digits: &[u8], changed| {
            let state = PinState { left: Some(5), changed };
            fits_as_old(&Pin::new(digits).unwrap(), state, &fineid::V4_1.codes)
        };
        assert_eq!(verdict(b"1234567", NEVER), Ok(()));
        assert_eq!(verdict(b"1234", NEVER), Err(Fresh));
        assert_eq!(verdict(b"12345678", NEVER), Err(Fresh));
        for changed in [OWN, None] {
            assert_eq!(verdict(b"1234", changed), Ok(()));
            assert_eq!(verdict(b"1234567", changed), Ok(()));
        }
    }
}

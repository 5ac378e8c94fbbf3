//! Information about a slot, its token and its mechanisms (§3.2, §5.5.2, §5.5.3, §5.5.5, §5.5.6).

use super::entry::BEFORE_PIN;
use super::registry::Slots;
use super::slot::Slot;
use crate::p11::Fault;
use crate::p11::fields::{MANUFACTURER, padded, version};
use crate::p11::mechanisms;
use avain_card::cards::profile::{CardProfile, PinSpec};
use avain_card::cards::{CanError, CardError, Role};
use avain_card::cards::{PinState, Stage};
use avain_card::sys::names::readable;
use avain_card::token::Insertion;
use cryptoki_sys::*;

/// The reader's name, shortened if necessary, and the slot's PIN: some programs show nothing else when they ask for it.
fn described<const N: usize>(reader: &str, role: Role) -> [CK_UTF8CHAR; N] {
    let pin = match role {
        Role::Authentication => " (PIN1)",
        Role::Signature => " (PIN2)",
    };
    padded(&(shortened(reader, N.saturating_sub(pin.len())) + pin))
}

/// A reader's name in so many bytes. pcsc-lite calls it `Product [Interface] (serial number) 00 00`, where the last numbers
/// are its own and no two readers have the same. So those stay, and the interface if there is room for it; what people
/// miss least goes first.
fn shortened(name: &str, room: usize) -> String {
    const GAP: &str = "..";
    if name.len() <= room {
        return name.to_owned();
    }
    if let Some((product, rest)) = name.rsplit_once(" (")
        && let Some((_, numbers)) = rest.split_once(')')
    {
        return shortened(&[product, numbers].concat(), room);
    }
    let room = room.saturating_sub(GAP.len());
    let half = name.len().saturating_sub(room / 2);
    let interface = name.find('[').filter(|at| name.len().saturating_sub(*at) <= room);
    let tail = (interface.unwrap_or(half)..).find_map(|at| name.get(at..)).unwrap_or_default();
    let head =
        (0..=room.saturating_sub(tail.len())).rev().find_map(|end| name.get(..end)).unwrap_or_default();
    [head.trim_end(), GAP, tail].concat()
}

impl Slot {
    /// C_GetSlotInfo. Never asks the card: programs call it every second.
    pub fn info(&self) -> CK_SLOT_INFO {
        // Without CKF_REMOVABLE_DEVICE NSS never looks at an empty slot again.
        let present = if self.card().is_some() { CKF_TOKEN_PRESENT } else { 0 };
        CK_SLOT_INFO {
            slotDescription: described(&readable(self.reader.name()), self.role),
            manufacturerID: padded(MANUFACTURER),
            flags: CKF_REMOVABLE_DEVICE | CKF_HW_SLOT | present,
            hardwareVersion: version(0, 0),
            firmwareVersion: version(0, 0),
        }
    }

    /// C_GetTokenInfo without the session counts. Asks the card the first time, and again only when its state may have
    /// changed.
    pub(crate) fn token_info(&self, slots: &Slots) -> Result<CK_TOKEN_INFO, Fault> {
        let insertion = self.token()?;
        let identity = match self.reader.identity(&insertion) {
            Err(CardError::Can(why)) if why != CanError::NoMemory => return self.closed_info(&insertion),
            identity => identity.map_err(Fault::of_token)?,
        };
        let profile = insertion.profile().ok_or(Fault::TokenNotRecognized)?;
        let spec = profile.pin(self.role);
        let state = match spec {
            Some(_) => self.reader.pin(&insertion, self.role).map_err(Fault::of_token)?,
            None => None,
        };
        Ok(CK_TOKEN_INFO {
            label: padded(&slots.label(&insertion, profile, self.role, identity)),
            serialNumber: padded(&identity.printed()),
            flags: CKF_RNG
                | CKF_TOKEN_INITIALIZED
                | spec.map_or(0, |spec| CKF_LOGIN_REQUIRED | pin_flags(spec, state))
                | puk_flags(profile, self.reader.puk(&insertion))
                | self.keypad_flag(&insertion),
            ..described_by(profile, spec, 0)
        })
    }

    /// The same of a card without contacts as long as it is closed: its label says that its number has to be typed, too.
    fn closed_info(&self, insertion: &Insertion) -> Result<CK_TOKEN_INFO, Fault> {
        let profile = insertion.profile().ok_or(Fault::TokenNotRecognized)?;
        Ok(CK_TOKEN_INFO {
            label: padded(&profile.closed_label(self.role)),
            ..described_by(profile, profile.pin(self.role), BEFORE_PIN)
        })
    }

    /// Programs need not ask for the PIN: it can be entered on the reader.
    fn keypad_flag(&self, insertion: &Insertion) -> CK_FLAGS {
        if self.reader.takes_pin(insertion, self.role) { CKF_PROTECTED_AUTHENTICATION_PATH } else { 0 }
    }

    /// C_GetMechanismList (§5.5.5). Known from the kind of card, without asking it.
    pub fn mechanism_list(&self) -> Result<Vec<CK_MECHANISM_TYPE>, Fault> {
        let insertion = self.token()?;
        let profile = insertion.profile().ok_or(Fault::TokenNotRecognized)?;
        Ok(mechanisms::all_of_token(profile, self.role).map(|mechanism| mechanism.kind).collect())
    }

    /// C_GetMechanismInfo (§5.5.6).
    pub fn mechanism_info(&self, kind: CK_MECHANISM_TYPE) -> Result<CK_MECHANISM_INFO, Fault> {
        let insertion = self.token()?;
        let profile = insertion.profile().ok_or(Fault::TokenNotRecognized)?;
        let mechanism = mechanisms::of_token(profile, self.role, kind).ok_or(Fault::MechanismInvalid)?;
        let (least, most) = mechanisms::sizes(profile, self.role, mechanism);
        let card = match mechanism.key_type() {
            Some(CKK_EC) => CKF_HW | CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS,
            Some(_) => CKF_HW,
            None => 0,
        };
        let flags = card | mechanisms::functions(profile, self.role, mechanism);
        Ok(CK_MECHANISM_INFO { ulMinKeySize: least, ulMaxKeySize: most, flags })
    }
}

/// What the kind of card tells of a token. So much is typed before the PIN.
fn described_by(profile: &CardProfile, spec: Option<&PinSpec>, before: usize) -> CK_TOKEN_INFO {
    let length =
        |of: fn(&PinSpec) -> usize| spec.map_or(0, |spec| of(spec).saturating_add(before)) as CK_ULONG;
    CK_TOKEN_INFO {
        label: padded(""),
        manufacturerID: padded(profile.issuer),
        model: padded(profile.model),
        serialNumber: padded(""),
        flags: CKF_RNG
            | CKF_TOKEN_INITIALIZED
            | spec.map_or(0, |_| CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED),
        ulMaxSessionCount: CK_EFFECTIVELY_INFINITE,
        ulSessionCount: 0,
        ulMaxRwSessionCount: CK_EFFECTIVELY_INFINITE,
        ulRwSessionCount: 0,
        ulMaxPinLen: length(|spec| spec.max),
        ulMinPinLen: length(|spec| spec.min),
        ulTotalPublicMemory: CK_UNAVAILABLE_INFORMATION,
        ulFreePublicMemory: CK_UNAVAILABLE_INFORMATION,
        ulTotalPrivateMemory: CK_UNAVAILABLE_INFORMATION,
        ulFreePrivateMemory: CK_UNAVAILABLE_INFORMATION,
        hardwareVersion: version(0, 0),
        firmwareVersion: version(0, 0),
        // The card has no clock.
        utcTime: padded(""),
    }
}

/// The state of the PIN, as flags of CK_TOKEN_INFO (§3.2).
fn pin_flags(spec: &PinSpec, state: Option<PinState>) -> CK_FLAGS {
    let state = state.unwrap_or(PinState::UNKNOWN);
    let stage = state.stage();
    all_that_hold(&[
        (stage != Stage::Unset, CKF_USER_PIN_INITIALIZED),
        (state.changed == Some(false), CKF_USER_PIN_TO_BE_CHANGED),
        (state.left.is_some_and(|left| left < spec.tries), CKF_USER_PIN_COUNT_LOW),
        (state.left == Some(1), CKF_USER_PIN_FINAL_TRY),
        (stage.needs_puk(), CKF_USER_PIN_LOCKED),
    ])
}

/// The state of the PUK, as far as it is known.
fn puk_flags(profile: &CardProfile, state: Option<PinState>) -> CK_FLAGS {
    let left = state.and_then(|state| state.left);
    let Some((left, puk)) = left.zip(profile.codes.puk.as_ref()) else { return 0 };
    all_that_hold(&[
        (left < puk.tries, CKF_SO_PIN_COUNT_LOW),
        (left == 1, CKF_SO_PIN_FINAL_TRY),
        (left == 0, CKF_SO_PIN_LOCKED),
    ])
}

fn all_that_hold(flags: &[(bool, CK_FLAGS)]) -> CK_FLAGS {
    flags.iter().filter(|(holds, _)| *holds).fold(0, |all, (_, flag)| all | flag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::fineid;

    fn flags(left: Option<u8>, changed: Option<bool>) -> CK_FLAGS {
        pin_flags(&fineid::V4_0.pins[0], Some(PinState { left, changed }))
    }

    #[test]
    fn flags_say_how_the_pin_stands() {
        let set = CKF_USER_PIN_INITIALIZED;
        assert_eq!(flags(Some(5), Some(true)), set);
        assert_eq!(flags(Some(4), Some(true)), set | CKF_USER_PIN_COUNT_LOW);
        assert_eq!(flags(Some(1), None), set | CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY);
        assert_eq!(flags(Some(0), Some(true)), set | CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_LOCKED);
        assert_eq!(flags(Some(5), Some(false)), set | CKF_USER_PIN_TO_BE_CHANGED);
        assert_eq!(
            flags(Some(0), Some(false)),
            CKF_USER_PIN_TO_BE_CHANGED | CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_LOCKED
        );
        assert_eq!(flags(None, None), set);
    }

    #[test]
    fn both_slots_of_a_reader_are_told_apart() {
        assert_eq!(&described::<15>("Reader", Role::Authentication), b"Reader (PIN1)  ");
        assert_eq!(&described::<15>("Reader A", Role::Signature), b"Reader A (PIN2)");
    }

    #[test]
    fn a_long_name_keeps_what_tells_readers_apart() {
        for (name, room, short) in [
            ("Reader 00 01", 12, "Reader 00 01"),
            ("Reader 00 01", 11, "Reade..0 01"),
            ("R\u{e4}\u{e4}der 00 01", 11, "R\u{e4}\u{e4}..0 01"),
            ("Maker of Readers [Contact] 00 00", 24, "Maker o..[Contact] 00 00"),
            ("Maker of Readers [A long interface] 00 00", 24, "Maker of Re..face] 00 00"),
            ("\u{e4}\u{e4}\u{e4}", 5, "\u{e4}.."),
            ("Reader (12345) 00 01", 12, "Reader 00 01"),
        ] {
            assert_eq!(shortened(name, room), short);
        }
    }
}

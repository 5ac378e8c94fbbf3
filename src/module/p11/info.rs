//! What the module, a slot and a token say of themselves (§3.1, §3.2, §5.4.3, §5.5.2, §5.5.3).

use super::{Fault, Module};
use avain_card::cards::Role;
use avain_card::cards::profile::{CardProfile, PinSpec};
use avain_card::cards::{PinState, Stage};
use cryptoki_sys::*;

/// Who made the module.
const MANUFACTURER: &str = "Avain";

/// Text in a field: UTF-8, padded with blanks, never cut inside a character (§2.1).
pub(super) fn padded<const N: usize>(text: &str) -> [CK_UTF8CHAR; N] {
    let mut end = text.len().min(N);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    let mut field = [b' '; N];
    for (to, from) in field.iter_mut().zip(text.bytes().take(end)) {
        *to = from;
    }
    field
}

/// The reader's name, cut where it has to be, and which PIN belongs to the slot: some programs ask for a PIN by this
/// text alone.
fn described<const N: usize>(reader: &str, role: Role) -> [CK_UTF8CHAR; N] {
    let pin = match role {
        Role::Authentication => " (PIN1)",
        Role::Signature => " (PIN2)",
    };
    let mut name = reader.to_owned();
    while name.len().saturating_add(pin.len()) > N && name.pop().is_some() {}
    padded(&(name + pin))
}

const fn version(major: u8, minor: u8) -> CK_VERSION {
    CK_VERSION { major, minor }
}

/// C_GetInfo. Answers without any reader.
pub fn module_info() -> CK_INFO {
    let number = |text: &str| text.parse().unwrap_or_default();
    CK_INFO {
        cryptokiVersion: version(CRYPTOKI_VERSION_MAJOR, CRYPTOKI_VERSION_MINOR),
        manufacturerID: padded(MANUFACTURER),
        flags: 0,
        libraryDescription: padded("Avain identity card module"),
        libraryVersion: version(
            number(env!("CARGO_PKG_VERSION_MAJOR")),
            number(env!("CARGO_PKG_VERSION_MINOR")),
        ),
    }
}

impl Module {
    /// C_GetSlotInfo. Asks the daemon, never the card: programs call it every second.
    pub fn slot_info(&self, slot: CK_SLOT_ID) -> Result<CK_SLOT_INFO, Fault> {
        let slot = self.slot(slot)?;
        // Without CKF_REMOVABLE_DEVICE, NSS gives an empty slot up for good.
        let present = if slot.card().is_some() { CKF_TOKEN_PRESENT } else { 0 };
        Ok(CK_SLOT_INFO {
            slotDescription: described(&slot.reader.name().to_string_lossy(), slot.role),
            manufacturerID: padded(MANUFACTURER),
            flags: CKF_REMOVABLE_DEVICE | CKF_HW_SLOT | present,
            hardwareVersion: version(0, 0),
            firmwareVersion: version(0, 0),
        })
    }

    /// C_GetTokenInfo. Asks the card the first time; after that only when something happened to it.
    pub fn token_info(&self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO, Fault> {
        let slot = self.slot(slot)?;
        let insertion = slot.token()?;
        let identity = slot.reader.identity(&insertion).map_err(Fault::of_token)?;
        let profile = insertion.profile().ok_or(Fault::TokenNotRecognized)?;
        let spec = profile.pin(slot.role);
        let state = match spec {
            Some(_) => slot.reader.pin(&insertion, slot.role).map_err(Fault::of_token)?,
            None => None,
        };
        let sessions = self.sessions.of_slot(slot.id);
        let read_write = sessions.iter().filter(|session| session.read_write).count();
        let length = |of: fn(&PinSpec) -> usize| spec.map_or(0, of) as CK_ULONG;
        Ok(CK_TOKEN_INFO {
            label: padded(&label(profile, slot.role)),
            manufacturerID: padded(profile.issuer),
            model: padded(profile.model),
            serialNumber: padded(&identity.printed()),
            flags: CKF_RNG
                | CKF_TOKEN_INITIALIZED
                | spec.map_or(0, |spec| CKF_LOGIN_REQUIRED | pin_flags(spec, state))
                | puk_flags(profile, slot.reader.puk(&insertion)),
            ulMaxSessionCount: CK_EFFECTIVELY_INFINITE,
            ulSessionCount: sessions.len() as CK_ULONG,
            ulMaxRwSessionCount: CK_EFFECTIVELY_INFINITE,
            ulRwSessionCount: read_write as CK_ULONG,
            ulMaxPinLen: length(|spec| spec.max),
            ulMinPinLen: length(|spec| spec.min),
            ulTotalPublicMemory: CK_UNAVAILABLE_INFORMATION,
            ulFreePublicMemory: CK_UNAVAILABLE_INFORMATION,
            ulTotalPrivateMemory: CK_UNAVAILABLE_INFORMATION,
            ulFreePrivateMemory: CK_UNAVAILABLE_INFORMATION,
            hardwareVersion: version(0, 0),
            firmwareVersion: version(0, 0),
            // No clock on the card.
            utcTime: padded(""),
        })
    }
}

/// The card's name, and the PIN's where it has one: the same for every card of its kind.
fn label(profile: &CardProfile, role: Role) -> String {
    match profile.pin(role) {
        Some(spec) => format!("{} ({})", profile.label, spec.name),
        None => profile.label.to_owned(),
    }
}

/// How a PIN stands, in flags (§3.2, CK_TOKEN_INFO).
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

/// How the PUK stands, as far as it is known.
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
        assert_eq!(&described::<12>("Reader A", Role::Signature), b"Reade (PIN2)");
        assert_eq!(&described::<12>("L\u{e4}\u{e4}ser", Role::Signature), b"L\xc3\xa4\xc3\xa4 (PIN2)");
        assert_eq!(&described::<11>("L\u{e4}\u{e4}ser", Role::Signature), b"L\xc3\xa4 (PIN2) ");
    }

    #[test]
    fn text_is_padded_and_never_cut_inside_a_character() {
        assert_eq!(&padded::<4>("ab"), b"ab  ");
        assert_eq!(&padded::<4>("abcdef"), b"abcd");
        assert_eq!(&padded::<4>("abc\u{e4}"), b"abc ");
    }
}

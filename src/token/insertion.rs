//! One card, from the moment it is put in until it is taken out, and what was learned of it.

use super::view::{AuthorityView, View};
use crate::cards::profile::Secret;
use crate::cards::{self, CardProfile, PinState, Role};
use once_cell::sync::OnceCell;
use parking_lot::Mutex;
use std::sync::Arc;

/// Who a card is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The serial number as the card has it.
    pub serial: Vec<u8>,
}

impl Identity {
    /// The number as printed on the card, at most 16 characters: the last nine of 17 characters on newer cards,
    /// digits 11 to 19 of 20 packed digits on older ones; of anything else its last 8 bytes in hexadecimal.
    pub fn printed(&self) -> String {
        let serial = self.serial.as_slice();
        if serial.len() == 17 && serial.iter().all(u8::is_ascii_graphic) {
            return serial.iter().skip(8).map(|c| char::from(*c)).collect();
        }
        let hex: String = serial.iter().map(|byte| format!("{byte:02X}")).collect();
        if serial.len() == 10 && hex.bytes().all(|c| c.is_ascii_digit()) {
            return hex.chars().skip(10).take(9).collect();
        }
        let skipped = hex.len().saturating_sub(16);
        hex.chars().skip(skipped).collect()
    }
}

/// A card in a reader. When it is taken out and put in again, that is another insertion.
#[derive(Debug)]
pub struct Insertion {
    /// The daemon's count of insertions and removals in this reader.
    pub(super) events: u32,
    pub(super) profile: Option<&'static CardProfile>,
    pub(super) identity: OnceCell<Identity>,
    pub(super) views: [OnceCell<Arc<View>>; 2],
    pub(super) authorities: OnceCell<Arc<Vec<AuthorityView>>>,
    pins: Mutex<Pins>,
}

/// What was heard of the PINs.
#[derive(Debug, Default)]
struct Pins {
    states: [Option<PinState>; Secret::COUNT],
    /// The PUK was asked for once, so programs have been told of it and go on being told.
    thorough: bool,
    /// How often each was set through us. A PIN that was accepted before that is another one now.
    settings: [u32; Secret::COUNT],
}

impl Insertion {
    pub(super) fn new(atr: &[u8], events: u32) -> Arc<Self> {
        Arc::new(Insertion {
            events,
            profile: cards::recognise(atr),
            identity: OnceCell::new(),
            views: [OnceCell::new(), OnceCell::new()],
            authorities: OnceCell::new(),
            pins: Mutex::default(),
        })
    }

    /// The kind of card, if it is known.
    pub fn profile(&self) -> Option<&'static CardProfile> {
        self.profile
    }

    /// How a PIN stood when it was last heard of.
    pub(super) fn pin(&self, secret: Secret) -> Option<PinState> {
        self.pins.lock().states.get(secret.index()).copied().flatten()
    }

    /// Notes how a PIN stands.
    pub(super) fn set_pin(&self, secret: Secret, state: PinState) {
        let mut pins = self.pins.lock();
        pins.thorough |= secret == Secret::Puk;
        if let Some(known) = pins.states.get_mut(secret.index()) {
            *known = Some(state);
        }
    }

    /// Notes how many tries a PIN has left. Where nothing else is known of it, it stays to be asked for in full.
    pub(super) fn set_tries(&self, secret: Secret, left: Option<u8>) {
        if let Some(Some(known)) = self.pins.lock().states.get_mut(secret.index()) {
            known.left = left;
        }
    }

    /// Another program used the card: how its PINs stand has to be asked again.
    pub(super) fn forget_pins(&self) {
        self.pins.lock().states = Default::default();
    }

    /// Is there nothing to ask about a PIN, and about the PUK where programs were told of it?
    pub(super) fn knows(&self, secret: Secret) -> bool {
        self.pin(secret).is_some() && (!self.is_thorough() || self.pin(Secret::Puk).is_some())
    }

    /// Is the PUK to be asked for along with the PINs?
    pub(super) fn is_thorough(&self) -> bool {
        self.pins.lock().thorough
    }

    /// Notes that a PIN was set through us.
    pub(super) fn note_setting(&self, secret: Secret) {
        if let Some(count) = self.pins.lock().settings.get_mut(secret.index()) {
            *count = count.saturating_add(1);
        }
    }

    /// How often a PIN was set through us.
    pub(super) fn settings(&self, secret: Secret) -> u32 {
        self.pins.lock().settings.get(secret.index()).copied().unwrap_or_default()
    }

    /// What is known of the keys of a role without asking the card.
    pub(super) fn view(&self, role: Role) -> Option<&OnceCell<Arc<View>>> {
        self.views.get(role.index())
    }
}

#[cfg(test)]
mod tests {
    use super::Identity;

    fn printed(serial: &[u8]) -> String {
        Identity { serial: serial.to_vec() }.printed()
    }

    #[test]
    fn the_number_printed_on_the_card() {
        assert_eq!(printed(b"FI2460001A1234567"), "1A1234567");
        assert_eq!(printed(&[0x92, 0x46, 0, 0, 1, 0x12, 0x34, 0x56, 0x78, 0x90]), "123456789");
        assert_eq!(printed(&[0xAB; 10]), "ABABABABABABABAB");
        assert_eq!(printed(&[0x01]), "01");
    }
}

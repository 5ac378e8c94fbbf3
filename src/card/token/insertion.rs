//! One card, from the moment it is put in until it is taken out, and what was learned of it.

use super::view::{AuthorityView, View};
use crate::cards::profile::{AtrCertainty, Reading, Secret, SerialFormat};
use crate::cards::{self, CardProfile, PinState, Role};
use crate::log::{self, Record};
use once_cell::sync::OnceCell;
use parking_lot::Mutex;
use std::sync::Arc;

/// Who a card is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The number that tells it from all others of its kind, as the card has it.
    pub serial: Vec<u8>,
    format: SerialFormat,
}

/// Longest number that fits CK_TOKEN_INFO, in characters.
const LONGEST_NUMBER: usize = 16;

impl Identity {
    pub(super) fn new(serial: Vec<u8>, format: SerialFormat) -> Self {
        Identity { serial, format }
    }

    /// The number as printed on the card, at most 16 characters; where it is not printed, or looks like no number of
    /// its kind, its last 8 bytes in hexadecimal.
    pub fn printed(&self) -> String {
        let number = self.serial.as_slice();
        let characters = match self.format {
            SerialFormat::Characters => number.get(number.len().saturating_sub(LONGEST_NUMBER)..),
            SerialFormat::Fineid if number.len() == 17 => number.get(8..),
            SerialFormat::Fineid | SerialFormat::Hexadecimal => None,
        };
        if let Some(characters) = characters.filter(|c| c.iter().all(u8::is_ascii_graphic)) {
            return characters.iter().map(|c| char::from(*c)).collect();
        }
        let hex: String = number.iter().map(|byte| format!("{byte:02X}")).collect();
        if self.format == SerialFormat::Fineid
            && number.len() == 10
            && hex.bytes().all(|c| c.is_ascii_digit())
        {
            return hex.chars().skip(10).take(9).collect();
        }
        let skipped = hex.len().saturating_sub(LONGEST_NUMBER);
        hex.chars().skip(skipped).collect()
    }
}

/// A card in a reader. When it is taken out and put in again, that is another insertion.
#[derive(Debug)]
pub struct Insertion {
    /// The daemon's count of insertions and removals in this reader.
    pub(super) events: u32,
    /// What its answer to reset makes it likely to be.
    table: Option<&'static CardProfile>,
    /// What its own files made of that, where they were asked; of no kind at all, if they say so.
    read: OnceCell<Option<Box<CardProfile>>>,
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
    reports_puk: bool,
    /// How often each was set through us. A PIN that was accepted before that is another one now.
    times_set: [u32; Secret::COUNT],
}

impl Insertion {
    pub(super) fn new(atr: &[u8], events: u32) -> Arc<Self> {
        let table = cards::recognise(atr);
        log::info(|| Record::Card { kind: table.map_or("of no known kind", |profile| profile.model) });
        Arc::new(Insertion {
            events,
            table,
            read: OnceCell::new(),
            identity: OnceCell::new(),
            views: [OnceCell::new(), OnceCell::new()],
            authorities: OnceCell::new(),
            pins: Mutex::default(),
        })
    }

    /// The kind of card, as far as it is known. A card that its answer to reset leaves open is of no known kind until
    /// [`Reader::recognise`](super::Reader::recognise) has asked it.
    pub fn profile(&self) -> Option<&CardProfile> {
        match (self.read.get(), self.table) {
            (Some(read), _) => read.as_deref(),
            (None, Some(table)) if !matches!(table.certainty, AtrCertainty::Nothing(_)) => Some(table),
            (None, _) => None,
        }
    }

    /// By what it is worked with before it was asked.
    pub(super) fn assumed_profile(&self) -> Option<&CardProfile> {
        match self.read.get() {
            Some(read) => read.as_deref(),
            None => self.table,
        }
    }

    /// Is it still to be asked what it is?
    pub(super) fn pending_reading(&self) -> Option<Reading> {
        match (self.read.get(), self.table?.certainty) {
            (None, AtrCertainty::Kind(reading) | AtrCertainty::Nothing(reading)) => Some(reading),
            _ => None,
        }
    }

    /// Notes what its own files say that it is.
    pub(super) fn note_profile(&self, profile: Option<CardProfile>) -> Option<&CardProfile> {
        let profile = self.read.get_or_init(|| profile.map(Box::new)).as_deref();
        log::info(|| Record::Card { kind: profile.map_or("of no known kind", |profile| profile.model) });
        profile
    }

    /// How a PIN stood when it was last heard of.
    pub(super) fn pin(&self, secret: Secret) -> Option<PinState> {
        self.pins.lock().states.get(secret.index()).copied().flatten()
    }

    /// Notes how a PIN stands.
    pub(super) fn set_pin(&self, secret: Secret, state: PinState) {
        let mut pins = self.pins.lock();
        pins.reports_puk |= secret == Secret::Puk;
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

    /// Another program used the card, or its answer was lost: how its PINs stand has to be asked again.
    pub(super) fn forget_pins(&self) {
        self.pins.lock().states = Default::default();
    }

    /// Is there nothing to ask about a PIN, and about the PUK where programs were told of it?
    pub(super) fn knows(&self, secret: Secret) -> bool {
        self.pin(secret).is_some() && (!self.reports_puk() || self.pin(Secret::Puk).is_some())
    }

    /// Is the PUK to be asked for along with the PINs?
    pub(super) fn reports_puk(&self) -> bool {
        self.pins.lock().reports_puk
    }

    /// Notes that a PIN was set through us.
    pub(super) fn note_set(&self, secret: Secret) {
        if let Some(count) = self.pins.lock().times_set.get_mut(secret.index()) {
            *count = count.saturating_add(1);
        }
    }

    /// How often a PIN was set through us.
    pub(super) fn times_set(&self, secret: Secret) -> u32 {
        self.pins.lock().times_set.get(secret.index()).copied().unwrap_or_default()
    }

    /// What is known of the keys of a role without asking the card.
    pub(super) fn view(&self, role: Role) -> Option<&OnceCell<Arc<View>>> {
        self.views.get(role.index())
    }
}

#[cfg(test)]
mod tests {
    use super::{Identity, SerialFormat};

    fn printed(number: &[u8], format: SerialFormat) -> String {
        Identity::new(number.to_vec(), format).printed()
    }

    #[test]
    fn the_number_printed_on_the_card() {
        let finnish = |number: &[u8]| printed(number, SerialFormat::Fineid);
        assert_eq!(finnish(b"FI2460001A1234567"), "1A1234567");
        assert_eq!(finnish(&[0x92, 0x46, 0, 0, 1, 0x12, 0x34, 0x56, 0x78, 0x90]), "123456789");
        assert_eq!(finnish(&[0xAB; 10]), "ABABABABABABABAB");
        assert_eq!(finnish(&[0x01]), "01");
        assert_eq!(printed(b"AB0123456", SerialFormat::Characters), "AB0123456");
        assert_eq!(printed(b"123456789ABCDEFGHI", SerialFormat::Characters), "3456789ABCDEFGHI");
        assert_eq!(printed(b"AB\x01", SerialFormat::Characters), "414201");
        assert_eq!(printed(&[0x12; 16], SerialFormat::Hexadecimal), "1212121212121212");
    }
}

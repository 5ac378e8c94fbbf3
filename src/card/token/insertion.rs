//! A card from its insertion to its removal, and what is known of it.

use super::can::{CanState, Cans};
use super::view::{AuthorityView, KeyView, View};
use crate::cards::profile::{AtrCertainty, Contactless, File, Interface, Reading, Secret, SerialFormat};
use crate::cards::{self, CardProfile, PinState, Recognised, Role};
use crate::log::{self, Record};
use crate::transport::keypad::Keypad;
use once_cell::sync::OnceCell;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The identity of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its serial number, as read from the card.
    pub serial: Vec<u8>,
    format: SerialFormat,
}

/// Length of the serial number in CK_TOKEN_INFO, in characters.
const LONGEST_NUMBER: usize = 16;

impl Identity {
    pub(super) fn new(serial: Vec<u8>, format: SerialFormat) -> Self {
        Identity { serial, format }
    }

    /// The serial number as printed on the card, at most 16 characters. If it is not printed, or not in the expected
    /// format, its last 8 bytes in hexadecimal.
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

/// A card in a reader, from insertion to removal. When it is inserted again, that is another insertion.
#[derive(Debug)]
pub struct Insertion {
    /// The daemon's count of insertions and removals in this reader.
    pub(super) events: u32,
    /// The daemon reported no answer to reset.
    mute: bool,
    /// When it was first seen.
    pub(super) inserted: Instant,
    /// What its answer to reset points to.
    table: Option<Recognised>,
    /// What opens it.
    pub(super) cans: Cans,
    /// The profile after its own files were read, if they had to be; `None` inside if it is of no known kind.
    read: OnceCell<Option<Box<CardProfile>>>,
    pub(super) identity: OnceCell<Identity>,
    pub(super) views: [OnceCell<Arc<View>>; 2],
    pub(super) authorities: OnceCell<Arc<Vec<AuthorityView>>>,
    /// Files whose certificates were kept, and have been compared whole with the card's.
    compared: Mutex<Vec<File>>,
    /// The keypad of the reader, if it has one; asked about at the first transaction.
    pub(super) keypad: OnceCell<Option<Keypad>>,
    pins: Mutex<Pins>,
}

/// What is known of the PINs.
#[derive(Debug, Default)]
struct Pins {
    states: [Option<PinState>; Secret::COUNT],
    /// The state of the PUK was reported to programs, so it is kept up to date from then on.
    reports_puk: bool,
    /// The digits that the card last accepted for each, by their fingerprint, and when that was.
    accepted: [Option<(u64, Instant)>; Secret::COUNT],
    /// How often each was set through us. A PIN that was verified before is no longer the right one.
    times_set: [u32; Secret::COUNT],
}

impl Insertion {
    pub(super) fn new(atr: &[u8], events: u32) -> Arc<Self> {
        let table = cards::recognise(atr);
        log::info(|| Record::Card {
            kind: match table {
                None => "of no known kind",
                Some(Recognised { certainty: AtrCertainty::OutOfReach, .. }) => {
                    "on a contactless interface to which no way is known"
                }
                Some(known) => known.profile.model,
            },
        });
        Arc::new(Insertion {
            events,
            mute: atr.is_empty(),
            inserted: Instant::now(),
            table,
            cans: Cans::default(),
            read: OnceCell::new(),
            identity: OnceCell::new(),
            views: [OnceCell::new(), OnceCell::new()],
            authorities: OnceCell::new(),
            compared: Mutex::default(),
            keypad: OnceCell::new(),
            pins: Mutex::default(),
        })
    }

    /// Did the daemon report the card without an answer to reset?
    pub(super) fn is_mute(&self) -> bool {
        self.mute
    }

    /// The profile, if the kind of card is known. If the answer to reset does not show it, it is not known until
    /// [`Reader::recognise`](super::Reader::recognise) has read the files of the card. What a card without contacts is
    /// taken for before its files can be read, tells its holder whose number it needs.
    pub fn profile(&self) -> Option<&CardProfile> {
        match (self.read.get(), self.table) {
            (Some(read), _) => read.as_deref(),
            (None, Some(known)) if known.is_certain() || self.is_closed() => Some(known.profile),
            (None, _) => None,
        }
    }

    /// The profile to use until the files of the card were read.
    pub(super) fn assumed_profile(&self) -> Option<&CardProfile> {
        match self.read.get() {
            Some(read) => read.as_deref(),
            None => self.table.filter(|known| !known.is_out_of_reach()).map(|known| known.profile),
        }
    }

    /// Does the card answer on its contactless interface?
    pub fn is_contactless(&self) -> bool {
        self.table.is_some_and(|known| known.interface == Interface::Contactless)
    }

    /// Its serial number, if it was read.
    pub fn number(&self) -> Option<&[u8]> {
        self.identity.get().map(|identity| identity.serial.as_slice())
    }

    /// Is a number missing, without which nothing can be done with the card?
    pub fn is_closed(&self) -> bool {
        let reachable = self.table.is_some_and(|known| !known.is_out_of_reach());
        reachable && !matches!(self.can_state(), CanState::NotNeeded | CanState::Accepted)
    }

    /// May its PINs be changed and set over this interface?
    pub fn permits_setting(&self) -> bool {
        !self.is_contactless() || self.without_contacts().is_some_and(|known| known.sets_pins)
    }

    /// Is it known that the PIN of this role can be used over this interface?
    pub fn is_proven(&self, role: Role) -> bool {
        !self.is_contactless() || self.without_contacts().is_some_and(|known| known.proven.contains(&role))
    }

    /// How it is used without contacts, if it answers so.
    fn without_contacts(&self) -> Option<&'static Contactless> {
        self.way().filter(|_| self.is_contactless())
    }

    /// How the channel to it is opened, if it wants one.
    pub(super) fn way(&self) -> Option<&'static Contactless> {
        let known = self.table?;
        known.profile.contactless.filter(|way| way.by_contacts || known.interface == Interface::Contactless)
    }

    /// Is it used through a channel, which its number opens?
    pub fn wants_channel(&self) -> bool {
        self.way().is_some()
    }

    /// What is known of the number that opens it.
    pub fn can_state(&self) -> CanState {
        if self.wants_channel() { self.cans.state() } else { CanState::NotNeeded }
    }

    /// How to read what kind of card it is, if that still has to be done.
    pub(super) fn pending_reading(&self) -> Option<Reading> {
        match (self.read.get(), self.table?.certainty) {
            (None, AtrCertainty::Kind(reading) | AtrCertainty::Nothing(reading)) => Some(reading),
            _ => None,
        }
    }

    /// Notes the profile that resulted from its files.
    pub(super) fn note_profile(&self, profile: Option<CardProfile>) -> Option<&CardProfile> {
        let profile = self.read.get_or_init(|| profile.map(Box::new)).as_deref();
        log::info(|| Record::Card { kind: profile.map_or("of no known kind", |profile| profile.model) });
        profile
    }

    /// The last known state of a PIN or the PUK.
    pub(super) fn pin(&self, secret: Secret) -> Option<PinState> {
        self.pins.lock().states.get(secret.index()).copied().flatten()
    }

    /// Notes the state of a PIN or the PUK.
    pub(super) fn set_pin(&self, secret: Secret, state: PinState) {
        let mut pins = self.pins.lock();
        pins.reports_puk |= secret == Secret::Puk;
        if let Some(known) = pins.states.get_mut(secret.index()) {
            *known = Some(state);
        }
    }

    /// Notes the tries left of a PIN or the PUK. If nothing else is known of it, it still has to be asked for.
    pub(super) fn set_tries(&self, secret: Secret, left: Option<u8>) {
        if let Some(Some(known)) = self.pins.lock().states.get_mut(secret.index()) {
            known.left = left;
        }
    }

    /// Forgets the state of all PINs, because another program used the card or an answer was lost.
    pub(super) fn forget_pins(&self) {
        self.pins.lock().states = Default::default();
    }

    /// Notes which digits the card has accepted for a PIN, by their fingerprint; `None` if it has refused some.
    pub(super) fn note_accepted(&self, secret: Secret, digits: Option<u64>) {
        if let Some(accepted) = self.pins.lock().accepted.get_mut(secret.index()) {
            *accepted = digits.map(|digits| (digits, Instant::now()));
        }
    }

    /// Has the card accepted these digits for a PIN, no longer ago than this?
    pub(super) fn has_accepted(&self, secret: Secret, digits: u64, within: Duration) -> bool {
        let accepted = self.pins.lock().accepted.get(secret.index()).copied().flatten();
        accepted.is_some_and(|(known, at)| known == digits && at.elapsed() <= within)
    }

    /// Is the state of a PIN known, and that of the PUK if it is reported to programs?
    pub(super) fn knows(&self, secret: Secret) -> bool {
        self.pin(secret).is_some() && (!self.reports_puk() || self.pin(Secret::Puk).is_some())
    }

    /// Is the state of the PUK reported to programs?
    pub(super) fn reports_puk(&self) -> bool {
        self.pins.lock().reports_puk
    }

    /// Notes that a PIN was set through us.
    pub(super) fn note_set(&self, secret: Secret) {
        self.note_accepted(secret, None);
        if let Some(count) = self.pins.lock().times_set.get_mut(secret.index()) {
            *count = count.saturating_add(1);
        }
    }

    /// How often a PIN was set through us.
    pub(super) fn times_set(&self, secret: Secret) -> u32 {
        self.pins.lock().times_set.get(secret.index()).copied().unwrap_or_default()
    }

    /// Was the kept certificate of a file compared whole with the card's?
    pub(super) fn was_compared(&self, file: &File) -> bool {
        self.compared.lock().contains(file)
    }

    /// Notes that it was, and is the same.
    pub(super) fn note_compared(&self, file: &File) {
        self.compared.lock().push(file.clone());
    }

    /// All keys that were read so far.
    pub(super) fn known_keys(&self) -> impl Iterator<Item = &KeyView> {
        self.views.iter().filter_map(OnceCell::get).flat_map(|view| view.iter())
    }

    /// The keys of a role, as far as they were read.
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

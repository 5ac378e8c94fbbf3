//! What a card of this kind is made of: the types of the tables.

use super::algorithm::Algorithm;
use crate::chip::files::FileTree;
use crate::chip::pins::PinRules;
use crate::facts::date::Date;
use crate::facts::description::{CardDescription, KeyDescription, PinDescription, PinRole};
use crate::facts::state::DeliveryState;
use crate::facts::switches::Switches;
use crate::pki::authority::Authority;
use crate::pki::issued::Certificates;
use crate::wire::pkcs15::AlgorithmObject;

/// AID of a PKCS#15 application (PKCS#15 v1.1 §5.6.1).
pub(crate) const APPLICATION: &[u8] = b"\xA0\x00\x00\x00\x63PKCS-15";

/// A card, as data.
pub(crate) struct InlineCard {
    pub(crate) card: CardDescription,
    pub(crate) manufacturer: &'static str,
    pub(crate) label: &'static str,
    pub(crate) issuer: &'static Authority,
    /// O of the holder's certificates.
    pub(crate) organisation: &'static str,
    pub(crate) issued: Date,
    pub(crate) pin_rules: &'static PinRules,
    /// Whether it lacks what the switch `p15_missing` says.
    pub(crate) partial: bool,
    /// Whether the switch `org_tries` says how many tries the codes have.
    pub(crate) tries_by_switch: bool,
    pub(crate) unblocking: Unblocking,
    pub(crate) pins: &'static [InlinePin],
    pub(crate) keys: &'static [InlineKey],
    pub(crate) algorithms: &'static [Algorithm],
    /// Builds the files.
    pub(crate) files: fn(&InlineContents<'_>) -> FileTree,
}

/// How a PIN is unblocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unblocking {
    /// VERIFY of the PUK, then RESET RETRY COUNTER with P1 = 02 and the new code.
    AfterPuk,
    /// RESET RETRY COUNTER with P1 = 00, PUK and new code.
    Together,
}

/// A PIN or the PUK.
pub(crate) struct InlinePin {
    pub(crate) pin: PinDescription,
    pub(crate) label: &'static str,
    /// Identifier in EF.AOD.
    pub(crate) auth_id: u8,
}

impl InlinePin {
    /// With five tries.
    pub(super) const fn new(
        reference: u8,
        role: PinRole,
        label: &'static str,
        shortest: usize,
        auth_id: u8,
    ) -> Self {
        Self { pin: PinDescription { reference, shortest, tries: 5, role }, label, auth_id }
    }
}

/// A key and its certificate.
pub(crate) struct InlineKey {
    pub(crate) key: KeyDescription,
    pub(crate) label: &'static str,
    /// Identifier in EF.PrKD and EF.CD.
    pub(crate) id: u8,
    /// Directory in which alone the key can be named; the empty name: everywhere.
    pub(crate) directory: &'static [u8],
}

impl InlineCard {
    pub(crate) fn algorithm_objects(&self) -> Vec<AlgorithmObject> {
        self.algorithms.iter().map(Algorithm::object).collect()
    }

    pub(crate) fn auth_id(&self, pin: u8) -> u8 {
        self.pins.iter().find(|known| known.pin.reference == pin).map_or(0, |known| known.auth_id)
    }
}

/// States in which these cards come: without the activation schemes of the citizen cards.
pub(super) const STATES: &[DeliveryState] = &[
    DeliveryState::Activated,
    DeliveryState::BlockedPin1,
    DeliveryState::BlockedPin2,
    DeliveryState::BlockedPins,
    DeliveryState::BlockedPuk,
    DeliveryState::Dead,
];

/// What the files are made from.
pub(crate) struct InlineContents<'a> {
    pub(crate) card: &'static InlineCard,
    pub(crate) certificates: &'a Certificates,
    pub(crate) serial: &'a str,
    pub(crate) switches: &'a Switches,
}

impl InlineContents<'_> {
    /// A certificate as its file holds it.
    pub(crate) fn certificate_file(&self, der: &[u8]) -> Vec<u8> {
        filled(der.to_vec(), self.switches.cert_padding)
    }

    /// One of the PKCS#15 files as it lies on the card.
    pub(crate) fn directory_file(&self, content: Vec<u8>) -> Vec<u8> {
        filled(content, self.switches.directory_padding)
    }

    pub(crate) fn holder_certificate(&self, name: &str) -> Vec<u8> {
        let der = self.certificates.named(name).map(|certificate| certificate.file.as_slice());
        self.certificate_file(der.unwrap_or_default())
    }
}

fn filled(mut content: Vec<u8>, fill: usize) -> Vec<u8> {
    content.resize(content.len() + fill.min(0x1000), 0);
    content
}

//! The state of a card at one moment, for tests and the control channel.

use crate::card::Card;
use crate::card::log::Mark;
use crate::chip::CredentialCount;
use serde::Serialize;

/// State of a PIN or the PUK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PinSnapshot {
    /// Its reference, as two hex digits.
    pub reference: String,
    /// Tries left.
    pub tries: u8,
    /// Whether it is verified now.
    pub verified: bool,
    /// `chosen`, `never-set` (old scheme), `transport` (new scheme) or `delivered` (must be changed first).
    pub origin: &'static str,
    /// How often it was named.
    pub count: CredentialCount,
}

/// State of a card.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Snapshot {
    /// Generation.
    pub card: &'static str,
    /// Whose card.
    pub holder: u32,
    /// Common name in the certificates.
    pub common_name: String,
    /// Printed card number.
    pub serial: String,
    /// Name of the selected application, `none` after a reset.
    pub application: &'static str,
    /// PIN1, PIN2, PUK.
    pub pins: Vec<PinSnapshot>,
    /// Exchanges, time, resets and private-key operations since the card was made.
    pub total: Mark,
    /// The same since the mark.
    pub since_mark: Mark,
    /// Faults still to be played.
    pub faults: usize,
    /// How often a channel was opened to its contactless side.
    pub channels: u32,
    /// Wrong access numbers since the last right one.
    pub wrong_numbers: u32,
}

impl Card {
    /// The state at this moment.
    pub fn snapshot(&self) -> Snapshot {
        let pins = self.codes().into_iter().map(|code| PinSnapshot {
            reference: format!("{:02X}", code.reference),
            tries: code.tries,
            verified: code.verified,
            origin: code.origin,
            count: code.count,
        });
        Snapshot {
            card: self.description().name,
            holder: self.holder().seed,
            common_name: self.holder().common_name(),
            serial: self.printed_serial(),
            application: self.application(),
            pins: pins.collect(),
            total: Mark {
                count: self.log().count(),
                milliseconds: self.log().total_ms(),
                resets: self.log().resets(),
                operations: self.log().operations(),
            },
            since_mark: self.log().since_mark(),
            faults: self.faults.len(),
            channels: self.channel_openings(),
            wrong_numbers: self.wrong_numbers(),
        }
    }
}

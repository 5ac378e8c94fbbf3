//! How a card stands: the state of its PINs, whether its certificates are valid, and what to do next.

use super::certificates::{self, Day, Purpose, Shown, Validity};
use super::condition::{Condition, InWords, Named};
use super::failure::Failure;
use super::readers::Card;
use super::text::{self, Text};
use super::wording::CardWording;

/// Finnish identity cards granted from 13 January 2026 on are delivered with transport codes (DVV). The certificates of a
/// card begin on another day than the one on which it was granted, but not by two months.
const ALL_HAVE_TRANSPORT_CODES: Day = (2026, 3, 13);

/// How a card stands.
pub struct Standing {
    /// Its PINs.
    pub condition: Condition,
    /// The certificates of its keys.
    pub certificates: Vec<Shown>,
    /// Its wording.
    pub wording: CardWording,
}

impl Standing {
    /// Asks the card. Uses up no try.
    pub fn of(card: &Card) -> Result<Self, Failure> {
        let (mut condition, wording) = (card.condition()?, card.wording()?);
        let certificates = card.certificates()?;
        condition.had_transport_codes |= wording.is_finnish() && begin_late(&certificates);
        Ok(Standing { condition, certificates, wording })
    }

    /// What the holder should do next, by its name in the tool's JSON.
    pub fn next(&self) -> &'static str {
        if self.expired().is_some() { "renew" } else { self.condition.next().name() }
    }

    /// The same in words. Whatever the PINs are, a card whose certificates have expired is of no use.
    pub fn advice(&self) -> Vec<Text> {
        if let Some(expired) = self.expired() {
            return vec![expired];
        }
        let early = self.own().find_map(|shown| {
            certificates::objection(&shown.certificate).filter(|_| self.validity(shown) == Validity::NotYet)
        });
        self.condition.advice(&self.wording).into_iter().chain(early).collect()
    }

    /// That all certificates have expired, if so.
    fn expired(&self) -> Option<Text> {
        let last = self.own().map(|shown| shown.certificate.end).max()?;
        self.own().all(|shown| self.validity(shown) == Validity::Expired).then(|| text::next_expired(last))
    }

    /// The day on which the first certificate of its keys expires, if that is soon.
    pub fn ends_soon(&self) -> Option<certificates::Day> {
        let valid = self.own().filter(|shown| self.validity(shown) == Validity::Valid);
        valid.map(|shown| shown.certificate.end).min().filter(|end| *end < certificates::soon())
    }

    fn own(&self) -> impl Iterator<Item = &Shown> {
        self.certificates.iter().filter(|shown| shown.purpose != Purpose::Authority)
    }

    fn validity(&self, shown: &Shown) -> Validity {
        Validity::of(&shown.certificate, certificates::today())
    }
}

/// Do the holder's certificates begin when no card was delivered with blocked PINs any more?
fn begin_late(certificates: &[Shown]) -> bool {
    let own = certificates.iter().filter(|shown| shown.purpose != Purpose::Authority);
    own.map(|shown| shown.certificate.start).min().is_some_and(|start| start >= ALL_HAVE_TRANSPORT_CODES)
}

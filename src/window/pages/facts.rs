//! How a card stands, as all pages about it show it.

use super::programs;
use avain_flow::certificates::{self, Shown};
use avain_flow::condition::{Condition, Next, Stage};
use avain_flow::presence::Seen;
use avain_flow::standing::Standing;
use avain_flow::task::{self, Job};
use avain_flow::wording::CardWording;
use avain_flow::{Card, Failure, InWords, Role, Secret, Text, text};

/// A card, and how it stood when it was asked.
pub(crate) struct Facts {
    pub(crate) card: Card,
    /// Its number, as printed on it.
    pub(crate) number: String,
    /// Kind, holder and number.
    pub(crate) about: Vec<Text>,
    /// Its PINs.
    pub(crate) pins: Vec<Text>,
    /// What to do next.
    pub(crate) advice: Vec<Text>,
    pub(crate) certificates: Vec<Shown>,
    pub(crate) jobs: Vec<Job>,
    /// Is there a browser that does not know of the module, and was its user never asked about that?
    pub(crate) unknown_to_browsers: bool,
    wording: CardWording,
    condition: Condition,
    /// All readers at that time.
    seen: Vec<Seen>,
}

impl Facts {
    /// Asks the card. Other programs may use it from then on.
    pub(crate) fn of(card: Card, seen: Vec<Seen>) -> Result<Self, Failure> {
        let standing = Standing::of(&card)?;
        let mut about: Vec<Text> = card.kind_in_words().into_iter().collect();
        about.extend(card.is_described_by_itself().then(text::described_by_itself));
        about.extend(card.document()?.map(text::document));
        about.extend(card.holder()?.map(text::holder));
        let number = card.number()?;
        about.push(text::card_number(number.as_str()));
        card.release();
        Ok(Facts {
            number,
            about,
            pins: standing.condition.words(&standing.wording),
            advice: standing.advice(),
            jobs: task::possible_jobs(&card),
            unknown_to_browsers: programs::are_to_be_offered(),
            certificates: standing.certificates,
            wording: standing.wording,
            condition: standing.condition,
            card,
            seen,
        })
    }

    /// Is this card still there, and was never taken out?
    pub(crate) fn holds(&self, seen: &[Seen]) -> bool {
        let own = |seen: &[Seen]| seen.iter().find(|seen| seen.reader == self.card.reader()).cloned();
        own(seen) == own(&self.seen)
    }

    /// Are there the same cards as then?
    pub(crate) fn is_all(&self, seen: &[Seen]) -> bool {
        let cards = |seen: &[Seen]| seen.iter().filter(|seen| seen.card).cloned().collect::<Vec<_>>();
        cards(seen) == cards(&self.seen)
    }

    /// Does it have to be activated, or its PINs changed once?
    pub(crate) fn wants_activation(&self) -> bool {
        matches!(self.condition.next(), Next::Activate(_))
    }

    /// The PIN that is locked and can be unlocked.
    pub(crate) fn locked(&self) -> Option<Role> {
        match self.condition.next() {
            Next::Unblock(role) => Some(role).filter(|role| self.jobs.contains(&Job::Unblock(*role))),
            Next::Nothing | Next::Activate(_) | Next::Lost => None,
        }
    }

    /// Is there a PIN that can be used or set?
    pub(crate) fn is_of_use(&self) -> bool {
        let usable = |stage| matches!(stage, Stage::Ready | Stage::Usable | Stage::Fresh | Stage::Unknown);
        self.condition.next() != Next::Lost || self.condition.pins.iter().any(|pin| usable(pin.stage))
    }

    /// The name of a PIN or of the PUK.
    pub(crate) fn name(&self, secret: Secret) -> &'static str {
        match secret {
            Secret::Pin(role) => self.wording.pin(role),
            Secret::Puk => secret.name(),
        }
    }

    /// Its certificates in words.
    pub(crate) fn certificates_in_words(&self) -> Vec<Text> {
        if self.certificates.is_empty() {
            return vec![text::certificate_none()];
        }
        self.certificates.iter().map(certificates::words).collect()
    }
}

//! A reader and the card in it.

use super::super::certificates::{self, Shown};
use super::super::condition::{InWords, Named, Next};
use super::super::readers::{self, Content, Memory};
use super::super::redaction::Redaction;
use super::super::report::Section;
use super::super::standing::Standing;
use super::super::text::Variable;
use super::super::{Card, Failure, text};
use super::{PATIENCE, within};
use avain_card::cards::Evidence;
use avain_card::transport::watch::ReaderState;

/// By its name in the message files.
impl From<Evidence> for Variable {
    fn from(evidence: Evidence) -> Self {
        Variable::from(match evidence {
            Evidence::Recorded => "recorded",
            Evidence::TwoSources => "several",
            Evidence::OneSource => "one",
            Evidence::Guess => "guessed",
        })
    }
}

/// A reader, and the card in it.
pub(super) fn reader(state: ReaderState, redaction: &Redaction) -> Section {
    let mut section = Section::new(text::reader(redaction.reader(&readers::name(&state))));
    let Some(atr) = &state.card else {
        section.fact(text::reader_empty());
        return section;
    };
    section.fact(text::fact("atr", hex(atr)));
    match (state.exclusive, state.in_use) {
        (true, _) => section.attention(text::used_alone()),
        (false, true) => section.fact(text::used_shared()),
        (false, false) => section.good(text::used_by_nobody()),
    }
    let redaction = redaction.clone();
    let seen = within(PATIENCE, move || {
        let mut seen = Section::new(text::reader_empty());
        content(&state, &redaction, &mut seen);
        seen.findings
    });
    match seen {
        Some(findings) => section.findings.extend(findings),
        None => section.attention(text::used_for_long(PATIENCE.as_secs().to_string())),
    }
    section
}

fn content(state: &ReaderState, redaction: &Redaction, section: &mut Section) {
    match readers::place(state, &Memory::default()).content {
        Content::Empty => section.fact(text::reader_empty()),
        Content::Mute => section.attention(text::reader_mute()),
        Content::Busy => section.attention(text::card_busy()),
        Content::Contactless => section.attention(text::card_contactless()),
        Content::Foreign => section.attention(text::reader_foreign()),
        Content::Card(card) => {
            if let Err(failure) = known_card(&card, redaction, section) {
                failed(failure, section);
            }
        }
    }
}

/// The card could not be asked, or not for everything.
pub(super) fn failed(failure: Failure, section: &mut Section) {
    // That no try was used is said once for the whole report.
    failure.words.into_iter().take(1).for_each(|text| section.attention(text));
    failure.detail.into_iter().for_each(|detail| section.fact(text::fact("detail", detail)));
}

fn known_card(card: &Card, redaction: &Redaction, section: &mut Section) -> Result<(), Failure> {
    card.kind_in_words().into_iter().for_each(|text| section.fact(text));
    let evidence = card.profile()?.evidence();
    section.fact(text::well_known(evidence));
    if card.is_described_by_itself() {
        section.fact(text::described_by_itself());
    }
    let standing = Standing::of(card)?;
    standing.condition.words(&standing.wording).into_iter().for_each(|text| section.fact(text));
    if standing.certificates.is_empty() {
        section.attention(text::certificate_none());
    }
    let redaction = redaction.clone().and([card.number()?]);
    standing.certificates.iter().for_each(|shown| certificate(shown, &redaction, section));
    if let Some(end) = standing.ends_soon() {
        section.attention(text::check_expiring(end));
    }
    let good = standing.next() == Next::Nothing.name();
    for text in standing.advice() {
        if good { section.good(text) } else { section.attention(text) }
    }
    Ok(())
}

/// The certificate without the name of the holder.
fn certificate(shown: &Shown, redaction: &Redaction, section: &mut Section) {
    let certificate = &shown.certificate;
    section.fact(certificates::words(shown));
    // Issuer and holder may be the same.
    let redaction = redaction.clone().and(certificates::words_of_person(&certificate.subject));
    let issuer = certificates::common_name(&certificate.issuer).unwrap_or_default();
    section.fact(text::certificate_key(
        certificates::key_kind(certificate),
        redaction.clean(&issuer),
        certificates::signature_algorithm(certificate),
    ));
    certificates::objection(certificate).into_iter().for_each(|text| section.attention(text));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::super::certificates::{Certificate, Purpose};
    use super::*;
    use simcard::options::CardOptions;

    /// A certificate whose issuer has the name of its holder, or its own.
    fn told(own_issuer: bool) -> String {
        let card = simcard::Card::new(CardOptions::default());
        let der = &card.certificates().named("auth").unwrap().der;
        let mut certificate = Certificate::parse(der).unwrap();
        if own_issuer {
            certificate.issuer = certificate.subject.clone();
        }
        let shown = Shown { purpose: Purpose::Login, pin: None, label: String::new(), certificate };
        let mut section = Section::new(text::reader(""));
        super::certificate(&shown, &Redaction::default(), &mut section);
        format!("{section:?}")
    }

    #[test]
    fn a_holder_who_is_his_own_issuer_is_not_named() {
        assert!(told(false).contains("DVV SIMULATED"));
        let holder = simcard::Card::new(CardOptions::default()).holder().clone();
        for name in [holder.given_name.as_str(), &holder.personal_code, "TESTINEN"] {
            assert!(!told(true).contains(name), "{name}: {}", told(true));
        }
    }
}

//! The readers of the computer and the cards in them.

use super::certificates::{self, Purpose, Shown};
use super::clean::clean;
use super::condition::Condition;
use super::failure::{Failure, Kind};
use super::interruption;
use super::language::Language;
use super::personal::{self, Document, PersonalField};
use super::text::{self, Text};
use super::wording::CardWording;
use avain_card::cards::certificate::Certificate;
use avain_card::cards::profile::{PersonalData, PinSpec, Writing};
use avain_card::cards::{CardError, CardProfile, Role};
use avain_card::store::StoredCans;
use avain_card::sys::names::readable;
use avain_card::token::{Insertion, PinHistory, Reader, View};
use avain_card::transport::TransportError;
use avain_card::transport::watch::{self, ReaderState};
use std::sync::Arc;

/// The selected readers.
pub struct Readers {
    /// Each with its content.
    pub places: Vec<Place>,
}

/// What stays from one look at the readers to the next: what was refused by which card, and what the user speaks.
#[derive(Clone)]
pub struct Memory {
    history: Arc<PinHistory>,
    language: Language,
}

impl Memory {
    /// The same for a user who speaks this language; by default it is that of the environment.
    pub fn speaking(self, language: Language) -> Self {
        Memory { language, ..self }
    }
}

impl Default for Memory {
    fn default() -> Self {
        let history = Arc::new(PinHistory::where_each_is_asked_for());
        Memory { history, language: Language::of_environment() }
    }
}

/// A reader.
pub struct Place {
    /// Its name.
    pub reader: String,
    /// Its content.
    pub content: Content,
}

/// The content of a reader.
pub enum Content {
    /// Nothing.
    Empty,
    /// A card that does not answer.
    Mute,
    /// A card whose kind could not be found out, because another program has exclusive access.
    Busy,
    /// A card on a contactless reader, of a kind that can be used by its contacts only.
    Contactless,
    /// A card of an unknown kind.
    Foreign,
    /// A card of a known kind.
    Card(Card),
}

/// A card of a known kind, in its reader.
#[derive(Clone)]
pub struct Card {
    pub(super) reader: Arc<Reader>,
    pub(super) insertion: Arc<Insertion>,
    name: String,
}

impl Readers {
    /// Looks at the readers whose name contains `wanted`, or at all of them. A card is asked only if its answer to
    /// reset does not show its kind; cards in other readers are never asked, because they may hang.
    pub fn look(wanted: Option<&str>) -> Result<Self, Failure> {
        Self::look_again(wanted, &Memory::default())
    }

    /// The same for a program that looks many times: a PIN that a card refused since the first look is still known.
    pub fn look_again(wanted: Option<&str>, memory: &Memory) -> Result<Self, Failure> {
        let places = only(readers()?, wanted)?.iter().map(|state| place(state, memory)).collect();
        Ok(Readers { places })
    }

    /// The only card; a failure if there are several.
    pub fn card(self) -> Result<Card, Failure> {
        self.has_card()?;
        let with_card = self.places.into_iter().filter_map(|place| match place.content {
            Content::Card(card) => Some(card),
            Content::Empty | Content::Mute | Content::Busy | Content::Contactless | Content::Foreign => None,
        });
        let mut cards: Vec<Card> = with_card.collect();
        match (cards.pop(), cards.as_slice()) {
            (Some(card), []) => Ok(card),
            (last, others) => {
                let choices = others.iter().chain(&last).flat_map(Card::choice);
                Err(Failure::new(
                    Kind::NoCard,
                    [text::several_cards()].into_iter().chain(choices).collect::<Vec<_>>(),
                ))
            }
        }
    }

    /// Checks whether there is a card of a known kind.
    pub fn has_card(&self) -> Result<(), Failure> {
        let any = |wanted: fn(&Content) -> bool| self.places.iter().any(|place| wanted(&place.content));
        if any(|content| matches!(content, Content::Card(_))) {
            Ok(())
        } else if self.places.is_empty() {
            Err(Failure::new(Kind::NoCard, [text::no_reader()]))
        } else if any(|content| matches!(content, Content::Contactless)) {
            Err(Failure::new(Kind::Unsupported, [text::card_contactless()]))
        } else if any(|content| matches!(content, Content::Foreign)) {
            Err(Failure::new(Kind::Unsupported, [text::card_foreign()]))
        } else if any(|content| matches!(content, Content::Busy)) {
            Err(Failure::new(Kind::Failed, [text::card_busy()]))
        } else if any(|content| matches!(content, Content::Mute)) {
            Err(Failure::new(Kind::NoCard, [text::card_mute()]))
        } else {
            Err(Failure::new(Kind::NoCard, [text::no_card()]))
        }
    }
}

/// The readers whose name contains `wanted`, or all of them.
pub(super) fn only(mut states: Vec<ReaderState>, wanted: Option<&str>) -> Result<Vec<ReaderState>, Failure> {
    let Some(wanted) = wanted else { return Ok(states) };
    let there_are_readers = !states.is_empty();
    // A full name is unambiguous, even if other names contain it.
    let exact = states.iter().any(|state| name(state) == wanted);
    states.retain(|state| if exact { name(state) == wanted } else { contains(&name(state), wanted) });
    if states.is_empty() && there_are_readers {
        return Err(Failure::new(Kind::NoCard, [text::no_such_reader(wanted)]));
    }
    Ok(states)
}

fn contains(name: &str, wanted: &str) -> bool {
    name.to_lowercase().contains(&wanted.to_lowercase())
}

/// All readers, as the daemon reports them. No card is asked.
pub(super) fn readers() -> Result<Vec<ReaderState>, Failure> {
    watch::now().map_err(|error| Failure::asking(error.into()))
}

/// The daemon's name of a reader, as it is shown and asked for.
pub(super) fn name(state: &ReaderState) -> String {
    clean(&readable(&state.name))
}

/// A name as one word of a shell.
fn quoted(name: &str) -> String {
    if name.contains(['"', '$', '`', '\\', '!']) {
        format!("'{}'", name.replace('\'', r"'\''"))
    } else {
        format!("\"{name}\"")
    }
}

/// The content of a reader. A card is asked only if its answer to reset does not show its kind.
pub(super) fn place(state: &ReaderState, memory: &Memory) -> Place {
    let reader = name(state);
    Place { content: content(state, &reader, memory), reader }
}

/// The answer to a question that changes nothing. If the way to the card was disturbed, it is asked once more, over a new
/// connection.
fn twice<T>(question: impl Fn() -> Result<T, CardError>) -> Result<T, CardError> {
    match question() {
        Err(CardError::Transport(TransportError::Comm | TransportError::Reset)) => question(),
        answer => answer,
    }
}

fn content(state: &ReaderState, name: &str, memory: &Memory) -> Content {
    let reader = Reader::new(state.name.clone(), memory.history.clone())
        .interruptible(interruption::goes_on)
        .speaking(memory.language)
        .with_cans(Arc::new(StoredCans::of_user()));
    reader.observe(Some(state));
    let Some(insertion) = reader.insertion() else { return Content::Empty };
    if state.card.as_ref().is_some_and(|atr| atr.is_empty()) {
        return Content::Mute;
    }
    // A card whose answer to reset shows nothing is asked what it is. Whatever prevents a card of a known kind from
    // answering is reported by what is done with it next.
    match twice(|| reader.recognise(&insertion)) {
        Err(CardError::Transport(TransportError::Busy)) if insertion.profile().is_none() => Content::Busy,
        Err(CardError::Transport(_)) if insertion.profile().is_none() => Content::Mute,
        _ if insertion.profile().is_some() => {
            Content::Card(Card { reader: Arc::new(reader), insertion, name: name.to_owned() })
        }
        _ if insertion.is_contactless() => Content::Contactless,
        _ => Content::Foreign,
    }
}

impl Card {
    /// The answer to a question that changes nothing.
    fn asked<T>(&self, question: impl Fn() -> Result<T, CardError>) -> Result<T, Failure> {
        twice(question).map_err(|error| self.failed(Failure::asking(error)))
    }

    /// The reader that it is in.
    pub fn reader(&self) -> &str {
        &self.name
    }

    /// What tells it from others: how to choose it, what it is, and whose.
    fn choice(&self) -> Vec<Text> {
        let holder = self.holder().ok().flatten().map(text::holder);
        [text::choice(quoted(&self.name))].into_iter().chain(self.kind_in_words()).chain(holder).collect()
    }

    /// The kind of card, in words.
    pub fn kind_in_words(&self) -> Option<Text> {
        self.insertion.profile().map(|profile| text::card(profile.family, profile.model))
    }

    /// The model of the card, for programs.
    pub fn kind(&self) -> &'static str {
        self.insertion.profile().map_or("", |profile| profile.model)
    }

    /// Its profile.
    pub(super) fn profile(&self) -> Result<&CardProfile, Failure> {
        self.insertion.profile().ok_or_else(|| Failure::asking(CardError::Unrecognised))
    }

    /// Its wording.
    pub fn wording(&self) -> Result<CardWording, Failure> {
        self.profile().map(CardWording::of)
    }

    /// Can a PIN be entered on the keypad of the reader?
    pub(super) fn takes_pin(&self, role: Role) -> bool {
        self.reader.takes_pin(&self.insertion, role)
    }

    /// The rules of a PIN.
    pub(super) fn pin(&self, role: Role) -> Result<&PinSpec, Failure> {
        let profile = self.profile()?;
        let no_pin = || text::no_pin(CardWording::of(profile).pin(role));
        profile.pin(role).ok_or_else(|| Failure::new(Kind::Unsupported, [no_pin()]))
    }

    /// Its serial number as printed on it.
    pub fn number(&self) -> Result<String, Failure> {
        Ok(clean(&self.asked(|| self.reader.identity(&self.insertion))?.printed()))
    }

    /// The present state of its PINs. Uses up no try.
    pub fn condition(&self) -> Result<Condition, Failure> {
        self.asked(|| self.reader.condition(&self.insertion))
    }

    /// The keys of a role with their certificates.
    pub(super) fn view(&self, role: Role) -> Result<Arc<View>, Failure> {
        self.asked(|| self.reader.view(&self.insertion, role))
    }

    /// All certificates of keys.
    pub fn certificates(&self) -> Result<Vec<Shown>, Failure> {
        let wording = self.wording()?;
        let mut found = Vec::new();
        for role in Role::ALL {
            found.extend(self.view(role)?.iter().map(|key| Shown {
                purpose: Purpose::of(&key.spec, &key.certificate),
                pin: wording.pin_there(role).filter(|_| key.spec.uses.sign),
                label: clean(&key.spec.label),
                certificate: key.certificate.clone(),
            }));
        }
        Ok(found)
    }

    /// All CA certificates on the card.
    pub fn authorities(&self) -> Result<Vec<Shown>, Failure> {
        let found = self.asked(|| self.reader.authorities(&self.insertion))?;
        let shown = found.iter().map(|authority| Shown {
            purpose: Purpose::Authority,
            pin: None,
            label: clean(&authority.spec.label),
            certificate: authority.certificate.clone(),
        });
        Ok(shown.collect())
    }

    /// The certificate that identifies the holder.
    fn own_certificate(&self) -> Result<Option<Certificate>, Failure> {
        let view = self.view(Role::Authentication)?;
        let view = if view.is_empty() { self.view(Role::Signature)? } else { view };
        Ok(view.first().map(|key| key.certificate.clone()))
    }

    /// The name of the holder, from that certificate.
    pub fn holder(&self) -> Result<Option<String>, Failure> {
        let certificate = self.own_certificate()?;
        let common = certificate.and_then(|certificate| certificates::common_name(&certificate.subject));
        Ok(common.as_deref().map(certificates::person))
    }

    /// The kind of document, unless it is an ordinary identity card.
    pub fn document(&self) -> Result<Option<Document>, Failure> {
        Ok(self.own_certificate()?.as_ref().and_then(Document::of))
    }

    /// Personal data that can be read without a PIN. It is no failure if the card refuses.
    pub fn personal_data(&self) -> Result<Vec<(PersonalField, String)>, Failure> {
        if matches!(self.profile()?.personal, PersonalData::None) {
            return Ok(Vec::new());
        }
        match twice(|| self.reader.personal_data(&self.insertion)) {
            Ok(told) => Ok(told.into_iter().map(|(field, value)| (field, clean(&value))).collect()),
            Err(error @ (CardError::Transport(_) | CardError::Swapped)) => Err(Failure::asking(error)),
            Err(_) => Ok(Vec::new()),
        }
    }

    /// Digits from the personal data of the holder.
    pub(super) fn digits_of_holder(&self) -> Result<Vec<String>, Failure> {
        Ok(personal::digits_of_holder(&self.personal_data()?))
    }

    /// Is it in no table, and known only by its own description?
    pub fn is_described_by_itself(&self) -> bool {
        self.profile().is_ok_and(|profile| profile.writing == Writing::Never)
    }

    /// The messages that name card, holder and reader.
    pub fn introduction(&self) -> Result<Vec<Text>, Failure> {
        let mut said = vec![text::reader(self.reader())];
        said.extend(self.kind_in_words());
        said.push(text::card_number(self.number()?));
        said.extend(self.holder()?.map(text::holder));
        Ok(said)
    }

    /// That the certificate that identifies the holder is not valid now.
    pub(super) fn objection(&self) -> Result<Option<Text>, Failure> {
        Ok(self.own_certificate()?.as_ref().and_then(certificates::objection))
    }

    /// A card of this kind that is in no reader, for tests that ask it nothing.
    #[cfg(test)]
    pub(super) fn known(profile: &CardProfile) -> Self {
        let [atr, ..] = profile.atrs.known else { panic!("{} has no answer to reset", profile.model) };
        let state = ReaderState {
            name: c"Reader".into(),
            card: Some(atr.bytes.into()),
            events: 1,
            daemon: 1,
            in_use: false,
            exclusive: false,
        };
        match place(&state, &Memory::default()).content {
            Content::Card(card) => card,
            _ => panic!("{} is not known by its answer to reset", profile.model),
        }
    }

    /// Lets other programs use the card while a person types.
    pub fn release(&self) {
        self.reader.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_to_which_no_way_is_known_has_to_be_put_into_a_reader_with_contacts() {
        let state = ReaderState {
            name: c"Reader 00 00".into(),
            card: Some(
                b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x04\x02\x1B\x12\x00\xF6\x82\x90\x00\xBC".into(),
            ),
            events: 1,
            daemon: 1,
            in_use: false,
            exclusive: false,
        };
        let readers = Readers { places: vec![place(&state, &Arc::default())] };
        assert!(matches!(readers.places[0].content, Content::Contactless));
        let failure = readers.has_card().unwrap_err();
        assert!(matches!(failure.kind, Kind::Unsupported));
        assert_eq!(format!("{:?}", failure.words), format!("{:?}", [text::card_contactless()]));
    }

    #[test]
    fn a_name_is_one_word_of_a_shell() {
        for (name, word) in [
            ("ACS ACR1252 [Kärkkäinen] (PICC) 00 00", r#""ACS ACR1252 [Kärkkäinen] (PICC) 00 00""#),
            ("it's", r#""it's""#),
            ("$(reboot) `x`", "'$(reboot) `x`'"),
        ] {
            assert_eq!(quoted(name), word);
        }
    }

    #[test]
    fn a_part_of_a_name_in_any_case() {
        let twin = "HID OMNIKEY 5422 (Ä1B2C3) Smartcard Reader 00 00";
        assert!(contains(twin, "(ä1b2c3) smartcard") && contains(twin, twin) && !contains(twin, "CL Reader"));
    }
}

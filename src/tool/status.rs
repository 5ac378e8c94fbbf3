//! `avain status`: readers, cards and PINs, as text and as JSON.

use crate::console::{self, Console};
use avain_flow::certificates::{self, Shown, Validity};
use avain_flow::condition::{Condition, PinCondition};
use avain_flow::personal::PersonalField;
use avain_flow::readers::Content;
use avain_flow::standing::Standing;
use avain_flow::wording::CardWording;
use avain_flow::{Card, Failure, InWords, Named, Place, Readers, text};
use serde_json::{Value, json};

/// Is what tells whose card it is shown? People paste the status where others can read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Personal {
    /// Yes: it was asked for.
    Shown,
    /// No.
    Hidden,
}

/// Prints the status as text.
pub(crate) fn print(reader: Option<&str>, personal: Personal, console: &Console) -> Result<(), Failure> {
    let readers = Readers::look(reader)?;
    let mut outcome = Ok(());
    for place in &readers.places {
        console.tell(&text::reader(place.reader.as_str()));
        match &place.content {
            Content::Empty => console.tell_below(&text::reader_empty()),
            Content::Mute => console.tell_below(&text::reader_mute()),
            Content::Busy => console.tell_below(&text::card_busy()),
            Content::Contactless => console.tell_below(&text::card_contactless()),
            Content::Foreign => console.tell_below(&text::reader_foreign()),
            Content::Card(card) => outcome = outcome.and(print_card(card, personal, console)),
        }
    }
    outcome.and_then(|()| readers.has_card())
}

fn print_card(card: &Card, personal: Personal, console: &Console) -> Result<(), Failure> {
    card.kind_in_words().iter().for_each(|text| console.tell_below(text));
    if let Err(failure) = card.open() {
        failure.words.iter().for_each(|text| console.tell_below(text));
        return Err(Failure::new(failure.kind, []));
    }
    if card.is_described_by_itself() {
        console.tell_below(&text::described_by_itself());
    }
    if let Some(document) = card.document()? {
        console.tell_below(&text::document(document));
    }
    // A card that does not tell its number is broken, and that is said first.
    let number = card.number()?;
    if personal == Personal::Shown {
        print_holder(card, &number, console)?;
    }
    let standing = Standing::of(card)?;
    for text in standing.condition.words(&standing.wording) {
        console.tell_below(&text);
    }
    if standing.certificates.is_empty() {
        console.tell_below(&text::certificate_none());
    }
    for text in standing.certificates.iter().map(certificates::words) {
        console.tell_below(&text);
    }
    for text in standing.advice() {
        console.tell_below(&text);
    }
    Ok(())
}

/// Prints whose card it is: its number, the holder's name, and what the card tells without a PIN.
fn print_holder(card: &Card, number: &str, console: &Console) -> Result<(), Failure> {
    console.tell_below(&text::card_number(number));
    if let Some(holder) = card.holder()? {
        console.tell_below(&text::holder(holder));
    }
    for (statement, value) in card.personal_data()? {
        // The number of the card was printed already.
        if statement != PersonalField::DocumentNumber || value != number {
            console.tell_below(&text::personal(statement, value));
        }
    }
    Ok(())
}

/// Prints the status as JSON. What could not be read is left out, and reported on the standard error output.
pub(crate) fn print_json(reader: Option<&str>, personal: Personal, console: &Console) -> Result<(), Failure> {
    let readers = Readers::look(reader);
    let mut failures = Vec::new();
    let places = readers.as_ref().map(|readers| readers.places.as_slice()).unwrap_or_default();
    let described: Vec<Value> = places.iter().map(|place| describe(place, personal, &mut failures)).collect();
    console::print(&format!("{:#}", json!({ "readers": described })));
    for failure in &failures {
        console.fail(failure);
    }
    match failures.pop() {
        Some(Failure { kind, .. }) => Err(Failure::new(kind, [])),
        None => readers?.has_card(),
    }
}

fn describe(place: &Place, personal: Personal, failures: &mut Vec<Failure>) -> Value {
    let (content, card) = match &place.content {
        Content::Empty => ("empty", Value::Null),
        Content::Mute => ("mute", Value::Null),
        Content::Busy => ("busy", Value::Null),
        Content::Contactless => ("contactless", Value::Null),
        Content::Foreign => ("unknown", Value::Null),
        Content::Card(card) => match describe_card(card, personal) {
            Ok(card) => ("card", card),
            Err(failure) => {
                let content = if failure.again { "closed" } else { "failed" };
                failures.push(failure);
                (content, Value::Null)
            }
        },
    };
    json!({ "name": place.reader, "content": content, "card": card })
}

fn describe_card(card: &Card, personal: Personal) -> Result<Value, Failure> {
    let number = card.number()?;
    let standing = Standing::of(card)?;
    let Standing { condition, wording, certificates } = &standing;
    let pins = condition.pins.iter().map(|pin| describe_pin(pin, condition, wording));
    let certificates = certificates.iter().map(|shown| describe_certificate(shown, personal));
    let mut described = json!({
        "kind": card.kind(),
        "document": card.document()?.map(|document| document.name()),
        "activation": condition.activation().name(),
        "next": standing.next(),
        "pins": pins.collect::<Vec<_>>(),
        "code": describe_code(condition),
        "certificates": certificates.collect::<Vec<_>>(),
    });
    if let (Personal::Shown, Some(described)) = (personal, described.as_object_mut()) {
        described.insert("number".to_owned(), number.into());
        described.insert("holder".to_owned(), card.holder()?.into());
        described.insert("personal".to_owned(), describe_holder(card)?);
    }
    Ok(described)
}

/// What the card tells of its holder without a PIN.
fn describe_holder(card: &Card) -> Result<Value, Failure> {
    let told = card.personal_data()?.into_iter();
    Ok(told.map(|(statement, value)| (statement.name().to_owned(), Value::String(value))).collect())
}

fn describe_pin(pin: &PinCondition, condition: &Condition, wording: &CardWording) -> Value {
    json!({
        "name": wording.pin(pin.role),
        "state": condition.stage_name(pin),
        "tries_left": pin.left,
        "changed": pin.changed,
    })
}

/// The activation code or PUK, if the card has one.
fn describe_code(condition: &Condition) -> Value {
    if condition.has_code { json!({ "tries_left": condition.code_left }) } else { Value::Null }
}

fn describe_certificate(shown: &Shown, personal: Personal) -> Value {
    let certificate = &shown.certificate;
    let mut described = json!({
        "purpose": shown.purpose.name(),
        "pin": shown.pin,
        "label": shown.label,
        "issuer": certificates::common_name(&certificate.issuer),
        "key": certificates::key_kind(certificate),
        "valid_from": certificates::day(certificate.start),
        "valid_to": certificates::day(certificate.end),
        "validity": Validity::of(certificate, certificates::today()).name(),
    });
    if let (Personal::Shown, Some(described)) = (personal, described.as_object_mut()) {
        described.insert("subject".to_owned(), certificates::common_name(&certificate.subject).into());
    }
    described
}

//! How everything stands: for people, and as JSON.

use crate::face::{self, Face};
use avain_pkcs11::flow::condition::{Condition, PinCondition};
use avain_pkcs11::flow::desk::Content;
use avain_pkcs11::flow::{Card, Desk, Failure, Place, Role, certificates, text};
use serde_json::{Value, json};

/// For people.
pub(crate) fn print(reader: Option<&str>, face: &Face) -> Result<(), Failure> {
    let desk = Desk::look()?.only(reader)?;
    let mut outcome = Ok(());
    for place in &desk.places {
        face.tell(&text::reader(place.reader.as_str()));
        match &place.content {
            Content::Empty => face.tell_below(&text::reader_empty()),
            Content::Mute => face.tell_below(&text::reader_mute()),
            Content::Foreign => face.tell_below(&text::reader_foreign()),
            Content::Card(card) => outcome = outcome.and(print_card(card, face)),
        }
    }
    outcome.and_then(|()| desk.has_card())
}

fn print_card(card: &Card, face: &Face) -> Result<(), Failure> {
    face.tell_below(&text::card(card.kind(), card.number()?));
    if let Some(holder) = card.holder()? {
        face.tell_below(&text::holder(holder));
    }
    let condition = card.condition()?;
    for text in condition.words() {
        face.tell_below(&text);
    }
    let certificates = card.certificates()?;
    if certificates.is_empty() {
        face.tell_below(&text::certificate_none());
    }
    for (role, certificate) in &certificates {
        for text in certificates::words(*role, certificate) {
            face.tell_below(&text);
        }
    }
    face.tell_below(&condition.advice());
    Ok(())
}

/// For programs. What could not be read is left out, and told beside it.
pub(crate) fn print_json(reader: Option<&str>, face: &Face) -> Result<(), Failure> {
    let desk = Desk::look().and_then(|desk| desk.only(reader));
    let mut failures = Vec::new();
    let places = desk.as_ref().map(|desk| desk.places.as_slice()).unwrap_or_default();
    let readers: Vec<Value> = places.iter().map(|place| describe(place, &mut failures)).collect();
    face::print(&format!("{:#}", json!({ "readers": readers })));
    for failure in &failures {
        face.fail(failure);
    }
    match failures.pop() {
        Some(Failure { kind, .. }) => Err(Failure::new(kind, [])),
        None => desk?.has_card(),
    }
}

fn describe(place: &Place, failures: &mut Vec<Failure>) -> Value {
    let (content, card) = match &place.content {
        Content::Empty => ("empty", Value::Null),
        Content::Mute => ("mute", Value::Null),
        Content::Foreign => ("unknown", Value::Null),
        Content::Card(card) => match describe_card(card) {
            Ok(card) => ("card", card),
            Err(failure) => {
                failures.push(failure);
                ("failed", Value::Null)
            }
        },
    };
    json!({ "name": place.reader, "content": content, "card": card })
}

fn describe_card(card: &Card) -> Result<Value, Failure> {
    let condition = card.condition()?;
    let certificates = card.certificates()?;
    Ok(json!({
        "kind": card.kind(),
        "number": card.number()?,
        "holder": card.holder()?,
        "activation": condition.activation().name(),
        "next": condition.next().name(),
        "pins": condition.pins.iter().map(describe_pin).collect::<Vec<_>>(),
        "code": describe_code(&condition),
        "certificates": certificates.iter().map(describe_certificate).collect::<Vec<_>>(),
    }))
}

fn describe_pin(pin: &PinCondition) -> Value {
    json!({
        "name": text::pin_name(pin.role),
        "state": pin.stage.name(),
        "tries_left": pin.left,
        "changed": pin.changed,
    })
}

/// The activation code or PUK.
fn describe_code(condition: &Condition) -> Value {
    json!({ "tries_left": condition.code_left })
}

fn describe_certificate((role, certificate): &(Role, certificates::Certificate)) -> Value {
    json!({
        "pin": text::pin_name(*role),
        "subject": certificates::common_name(&certificate.subject),
        "issuer": certificates::common_name(&certificate.issuer),
        "key": certificates::key_kind(certificate),
        "valid_from": certificates::day(certificate.start),
        "valid_to": certificates::day(certificate.end),
    })
}

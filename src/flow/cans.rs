//! The card access numbers (CAN) that are stored: adding one, showing whose they are, forgetting them.

use super::certificates;
use super::clean::clean;
use super::contactless;
use super::failure::{Failure, Kind};
use super::readers::{Card, Content, Readers};
use super::text::{self, Text};
use avain_card::cards::Pin;
use avain_card::store::{Known, StoreError, StoredCans};

/// Stores the number that was typed. If there is one card that opens with a number, it has to open that card.
pub fn add(typed: &Pin, reader: Option<&str>) -> Result<Vec<Text>, Failure> {
    let can = contactless::number(typed).map_err(unfit)?;
    let store = StoredCans::of_user();
    // A file that cannot be used is told before the card is asked.
    store.read().map_err(|why| failed(&store, &why))?;
    let cards = closed_cards(reader);
    let [card] = cards.as_slice() else {
        let added = store.add(can).map_err(|why| failed(&store, &why))?;
        return Ok(vec![if added { text::can_added() } else { text::can_known() }]);
    };
    card.give(can).map_err(unfit)?;
    card.open()?;
    let mut said = card.introduction()?;
    let known = store.read().map_err(|why| failed(&store, &why))?;
    let can = contactless::number(typed).map_err(unfit)?;
    if !known.iter().any(|known| known.can.is_same(&can) && known.card.is_some()) {
        return Err(Failure::new(Kind::Failed, [text::can_not_stored()]));
    }
    said.push(text::can_works());
    Ok(said)
}

/// The cards that open with a number.
fn closed_cards(reader: Option<&str>) -> Vec<Card> {
    let places = Readers::look(reader).map(|readers| readers.places).unwrap_or_default();
    let cards = places.into_iter().filter_map(|place| match place.content {
        Content::Card(card) => Some(card),
        _ => None,
    });
    cards.filter(Card::wants_channel).collect()
}

/// Whose numbers are stored, each with its place.
pub fn list() -> Result<Vec<Text>, Failure> {
    let store = StoredCans::of_user();
    let known = store.read().map_err(|why| failed(&store, &why))?;
    if known.is_empty() {
        return Ok(vec![text::can_none()]);
    }
    Ok(known.iter().zip(1_usize..).map(|(known, place)| entry(known, place)).collect())
}

fn entry(known: &Known, place: usize) -> Text {
    let Some(card) = &known.card else { return text::can_entry_unused(place) };
    let holder = certificates::person(&clean(&card.holder));
    let holder = if holder.is_empty() { "none".to_owned() } else { holder };
    text::can_entry(place, card.kind.as_str(), card.number.as_str(), holder)
}

/// Forgets the number at this place of the list, which begins with 1. `false` if there is none.
pub fn forget(place: usize) -> Result<bool, Failure> {
    let store = StoredCans::of_user();
    let Some(place) = place.checked_sub(1) else { return Ok(false) };
    store.forget(place).map_err(|why| failed(&store, &why))
}

/// Forgets all of them, also if the file is broken.
pub fn forget_all() -> Result<(), Failure> {
    let store = StoredCans::of_user();
    store.forget_all().map_err(|why| failed(&store, &why))
}

fn failed(store: &StoredCans, why: &StoreError) -> Failure {
    let path = store.path().unwrap_or_default();
    let text = match why {
        StoreError::NoPlace => text::can_no_place(),
        StoreError::Unusable(_) => text::can_unusable(path.as_path()),
        StoreError::Broken => text::can_broken(path.as_path()),
    };
    Failure::new(Kind::Failed, [text])
}

fn unfit(text: Text) -> Failure {
    Failure::new(Kind::Unfit, [text])
}

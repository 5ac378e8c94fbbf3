//! For which cards their holder is asked whether to activate them, and how: once for each insertion.

use crate::notification::{self, Answer};
use crate::{computer, locked, window};
use avain_flow::desktop::{self, Action, Change, Declined, Inserted, Preference};
use avain_flow::log::{self, Record};
use gio::DBusConnection;
use gio::glib::{self, JoinHandle};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The offers that were made for the cards that are in readers now.
pub(crate) struct Offers {
    bus: DBusConnection,
    places: RefCell<Places>,
}

#[derive(Default)]
struct Places {
    /// By the names of readers.
    cards: HashMap<String, Place>,
    /// The number of the last insertion.
    last: u64,
}

/// A card in a reader.
struct Place {
    /// The number of its insertion.
    insertion: u64,
    /// What it was offered to, and what waits for the answer.
    offer: Option<Offer>,
}

/// An offer to activate a card. With it ends its notification.
struct Offer {
    /// The card's number.
    card: String,
    notification: Option<JoinHandle<()>>,
}

impl Drop for Offer {
    fn drop(&mut self) {
        if let Some(notification) = &self.notification {
            notification.abort();
        }
    }
}

impl Offers {
    /// None yet.
    pub(crate) fn new(bus: DBusConnection) -> Rc<Self> {
        Rc::new(Offers { bus, places: RefCell::default() })
    }

    /// A card was put in or taken out.
    pub(crate) fn learn(self: &Rc<Self>, change: Change) {
        match change {
            Change::Removed(reader) => drop(self.places.borrow_mut().cards.remove(&reader)),
            Change::Inserted(inserted) => {
                let insertion = self.places.borrow_mut().insert(inserted.reader());
                // Another program may hold the card, and other readers do not wait for that.
                glib::spawn_future_local(self.clone().consider(inserted, insertion));
            }
        }
    }

    /// Makes an offer for a card that is to be activated.
    async fn consider(self: Rc<Self>, inserted: Inserted, insertion: u64) {
        let reader = inserted.reader();
        let card = gio::spawn_blocking(move || to_be_activated(&inserted)).await;
        let card = card.ok().flatten().filter(|card| !is_declined(card));
        if !self.places.borrow_mut().expects(&reader, insertion, card.as_deref()) {
            return;
        }
        let Some(card) = card else { return };
        let notification = self.clone().make(&reader, &card).await;
        if let Some(place) = self.places.borrow_mut().cards.get_mut(&reader) {
            place.offer = Some(Offer { card, notification });
        }
    }

    /// By the window, which shows a page without a field; or by a notification, where nobody sees a window.
    async fn make(self: Rc<Self>, reader: &str, card: &str) -> Option<JoinHandle<()>> {
        let preference = Preference::of(&computer());
        let notify = preference == Preference::Notification
            || preference == Preference::Window && locked::is_locked(&self.bus).await;
        if notify {
            let asked = self.ask(reader.to_owned(), card.to_owned());
            return Some(glib::spawn_future_local(asked));
        }
        if preference == Preference::Window {
            window::show(&self.bus, Action::Offer, reader, None).await;
        }
        None
    }

    /// Asks by a notification, and does what is answered.
    async fn ask(self: Rc<Self>, reader: String, card: String) {
        match notification::ask(&self.bus).await {
            Ok(Answer::Activate { token }) => {
                window::show(&self.bus, Action::Accept, &reader, token.as_deref()).await;
            }
            Ok(Answer::Never) => decline(&card),
            Ok(Answer::Closed) => {}
            Err(_) => log::info(|| Record::Remark("the desktop shows no notifications")),
        }
    }
}

impl Places {
    /// A card was put in. An offer for the card that was there stays, because it may be the same one: a daemon that was
    /// started anew cannot tell.
    fn insert(&mut self, reader: String) -> u64 {
        self.last = self.last.wrapping_add(1);
        let place = self.cards.entry(reader).or_insert(Place { insertion: 0, offer: None });
        place.insertion = self.last;
        self.last
    }

    /// Is an offer still to be made for this insertion? One for another card is taken back.
    fn expects(&mut self, reader: &str, insertion: u64, card: Option<&str>) -> bool {
        let Some(place) = self.cards.get_mut(reader).filter(|place| place.insertion == insertion) else {
            return false;
        };
        let made = place.offer.as_ref().is_some_and(|offer| Some(offer.card.as_str()) == card);
        if !made {
            place.offer = None;
        }
        !made && card.is_some()
    }
}

/// The number of a card that is to be activated. One that does not answer is not asked again.
fn to_be_activated(inserted: &Inserted) -> Option<String> {
    desktop::to_be_activated(&inserted.card()?).ok().flatten()
}

fn is_declined(card: &str) -> bool {
    Declined::of(&computer()).is_some_and(|declined| declined.has(card))
}

fn decline(card: &str) {
    let written = Declined::of(&computer()).map(|declined| declined.add(card));
    if !matches!(written, Some(Ok(()))) {
        log::info(|| Record::Remark("it cannot be written down that the card is not to be asked about"));
    }
}

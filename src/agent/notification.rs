//! The offer as a notification, with buttons (Desktop Notifications Specification 1.2). It stays until it is answered or
//! the card is taken out.

use crate::computer;
use avain_flow::desktop::{self, WINDOW};
use avain_flow::{Words, text};
use futures_util::StreamExt;
use gio::glib::variant::{StaticVariantType, ToVariant};
use gio::glib::{self, Variant, VariantDict};
use gio::{Cancellable, DBusCallFlags, DBusConnection, DBusSignalFlags};
use std::cell::Cell;

const SERVER: &str = "org.freedesktop.Notifications";
const OBJECT: &str = "/org/freedesktop/Notifications";
/// How long the server may take to answer, in milliseconds.
const PATIENCE: i32 = 10_000;
/// It has no time limit of its own.
const FOR_EVER: i32 = 0;

/// What was answered.
pub(crate) enum Answer {
    /// Activate the card.
    Activate {
        /// With it the window may take the keyboard.
        token: Option<String>,
    },
    /// Don't ask about this card again.
    Never,
    /// Not now.
    Closed,
}

/// The buttons, by the keys that come back when they are pressed. A click beside them is `default`.
const ACTIVATE: &str = "activate";
const NEVER: &str = "never";
const BESIDE: &str = "default";

/// Asks, and waits for the answer. If nobody waits any more, the notification is taken back.
pub(crate) async fn ask(bus: &DBusConnection) -> Result<Answer, glib::Error> {
    let told = |signal: gio::DBusSignalRef<'_>| (signal.signal_name.to_owned(), signal.parameters.clone());
    let none = DBusSignalFlags::NONE;
    let mut signals = bus.receive_signal(Some(SERVER), Some(SERVER), None, Some(OBJECT), None, none, told);
    let shown = Shown::new(bus).await?;
    let mut token = None;
    while let Some((signal, arguments)) = signals.next().await {
        if arguments.try_child_value(0).and_then(|number| number.get()) != Some(shown.number) {
            continue;
        }
        let word = arguments.try_child_value(1).and_then(|word| word.get::<String>());
        match (signal.as_str(), word.as_deref()) {
            ("ActivationToken", _) => token = word,
            ("ActionInvoked", Some(NEVER)) => return Ok(Answer::Never),
            ("ActionInvoked", Some(ACTIVATE | BESIDE)) => return Ok(Answer::Activate { token }),
            ("NotificationClosed", _) => {
                shown.is_closed.set(true);
                break;
            }
            _ => {}
        }
    }
    Ok(Answer::Closed)
}

/// A notification, until dropped.
struct Shown<'b> {
    bus: &'b DBusConnection,
    number: u32,
    is_closed: Cell<bool>,
}

impl<'b> Shown<'b> {
    async fn new(bus: &'b DBusConnection) -> Result<Self, glib::Error> {
        let answer = bus.call_future(
            Some(SERVER),
            OBJECT,
            SERVER,
            "Notify",
            Some(&content(&Words::of(desktop::language(&computer())))),
            Some(&<(u32,)>::static_variant_type()),
            DBusCallFlags::NONE,
            PATIENCE,
        );
        let number = answer.await?.child_value(0).get().unwrap_or_default();
        Ok(Shown { bus, number, is_closed: Cell::new(false) })
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if self.is_closed.get() {
            return;
        }
        let number = (self.number,).to_variant();
        let (flags, nobody) = (DBusCallFlags::NONE, None::<&Cancellable>);
        let method = "CloseNotification";
        self.bus.call(
            Some(SERVER),
            OBJECT,
            SERVER,
            method,
            Some(&number),
            None,
            flags,
            PATIENCE,
            nobody,
            |_| {},
        );
    }
}

/// The arguments of Notify. Nothing in them tells whose card it is: others may see a locked screen.
fn content(words: &Words) -> Variant {
    let buttons = [
        (BESIDE, text::button_activate()),
        (ACTIVATE, text::button_activate()),
        (NEVER, text::button_never()),
    ];
    let buttons = buttons.iter().flat_map(|(key, label)| [(*key).to_owned(), words.say(label)]);
    let hints = VariantDict::new(None);
    hints.insert("desktop-entry", WINDOW);
    let [title, why] = [text::window_offer(), text::window_offer_why()].map(|text| words.say(&text));
    ("Avain", 0_u32, WINDOW, title, why, buttons.collect::<Vec<_>>(), hints, FOR_EVER).to_variant()
}

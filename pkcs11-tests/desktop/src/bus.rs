//! A message bus, as a program on it sees it.

use gio::glib::Variant;
use gio::glib::variant::ToVariant;
use gio::{DBusCallFlags, DBusConnection, DBusConnectionFlags};

/// A connection to a bus.
#[derive(Clone)]
pub struct Bus(pub(crate) DBusConnection);

/// How long an answer may take, in milliseconds.
const BOUND: i32 = 20_000;

impl Bus {
    /// Connects to the bus at this address.
    ///
    /// # Panics
    /// Where nobody is there.
    pub fn connect(address: &str) -> Self {
        Self(connection(address).unwrap_or_else(|error| panic!("{address}: {error}")))
    }

    /// Calls a method, and gives its answer.
    pub fn call(
        &self,
        (name, path): (&str, &str),
        interface: &str,
        method: &str,
        arguments: Option<&Variant>,
    ) -> Result<Variant, gio::glib::Error> {
        let flags = DBusCallFlags::NONE;
        let to = (Some(name), path, interface, method);
        self.0.call_sync(to.0, to.1, to.2, to.3, arguments, None, flags, BOUND, gio::Cancellable::NONE)
    }

    /// A property of an object.
    pub fn property(&self, object: (&str, &str), interface: &str, name: &str) -> Option<Variant> {
        let wanted = (interface, name).to_variant();
        let answer = self.call(object, "org.freedesktop.DBus.Properties", "Get", Some(&wanted)).ok()?;
        answer.child_value(0).as_variant()
    }

    /// Is there somebody of this name?
    ///
    /// # Panics
    /// Where the bus does not say.
    pub fn has(&self, name: &str) -> bool {
        let asked = (name,).to_variant();
        let answer =
            self.call(DRIVER, "org.freedesktop.DBus", "NameHasOwner", Some(&asked)).expect("an answer");
        answer.child_value(0).get() == Some(true)
    }

    /// The process that has this name.
    pub fn process(&self, name: &str) -> Option<u32> {
        let asked = (name,).to_variant();
        let method = "GetConnectionUnixProcessID";
        self.call(DRIVER, "org.freedesktop.DBus", method, Some(&asked)).ok()?.child_value(0).get()
    }
}

const DRIVER: (&str, &str) = ("org.freedesktop.DBus", "/org/freedesktop/DBus");

fn connection(address: &str) -> Result<DBusConnection, gio::glib::Error> {
    let flags = DBusConnectionFlags::AUTHENTICATION_CLIENT | DBusConnectionFlags::MESSAGE_BUS_CONNECTION;
    DBusConnection::for_address_sync(address, flags, None, gio::Cancellable::NONE)
}

const SCREEN_READERS: (&str, &str) = ("org.a11y.Bus", "/org/a11y/bus");

/// The address of the bus on which screen readers talk to programs.
pub(crate) fn of_screen_readers(session: &Bus) -> String {
    let answer = session.call(SCREEN_READERS, "org.a11y.Bus", "GetAddress", None);
    answer.expect("the bus of screen readers").child_value(0).get().expect("an address")
}

/// Tells programs that a screen reader is there.
pub(crate) fn enable_screen_readers(session: &Bus) {
    let value = ("org.a11y.Status", "IsEnabled", true.to_variant()).to_variant();
    let set = session.call(SCREEN_READERS, "org.freedesktop.DBus.Properties", "Set", Some(&value));
    set.expect("the interface of screen readers");
}

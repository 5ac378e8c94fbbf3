//! A server of notifications that shows nothing (Desktop Notifications Specification 1.2).

use std::sync::atomic::{AtomicU32, Ordering};

use gio::glib::Variant;
use gio::glib::variant::ToVariant;

use crate::Session;
use crate::mock::{Mock, Object};

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Keys and labels of its buttons.
    pub buttons: Vec<(String, String)>,
    /// The desktop entry of the program that it comes from.
    pub desktop_entry: Option<String>,
}

/// Stands in for the desktop's server of notifications, until dropped.
pub struct Notifications(Mock);

const OBJECT: Object = Object {
    name: "org.freedesktop.Notifications",
    path: "/org/freedesktop/Notifications",
    interface: "org.freedesktop.Notifications",
    methods: "<method name='Notify'>
                <arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>
                <arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>
                <arg type='a{sv}' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='out'/>
              </method>
              <method name='CloseNotification'><arg type='u' direction='in'/></method>
              <method name='GetCapabilities'><arg type='as' direction='out'/></method>
              <signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>
              <signal name='ActivationToken'><arg type='u'/><arg type='s'/></signal>
              <signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>",
};

impl Notifications {
    /// Takes the server's name on the bus.
    ///
    /// # Panics
    /// Where that is taken.
    pub fn of(session: &Session) -> Self {
        let last = AtomicU32::new(0);
        let answer = move |method: &str, _: &Variant| match method {
            "Notify" => Some((last.fetch_add(1, Ordering::Relaxed) + 1,).to_variant()),
            "GetCapabilities" => Some((vec!["actions", "body"],).to_variant()),
            _ => None,
        };
        Self(Mock::start(session.address(), OBJECT, answer))
    }

    /// All notifications until now, the first with the number 1.
    ///
    /// # Panics
    /// Where one is not as specified.
    pub fn all(&self) -> Vec<Notification> {
        let shown = self.0.asked().into_iter().filter(|(method, _)| method == "Notify");
        shown.map(|(_, arguments)| Notification::of(&arguments)).collect()
    }

    /// Waits until there have been so many, and gives the last.
    ///
    /// # Panics
    /// Where there are not, or more.
    #[track_caller]
    pub fn shown(&self, number: usize) -> Notification {
        crate::last_of("notification", number, || self.all())
    }

    /// The numbers of those that were taken back.
    pub fn taken_back(&self) -> Vec<u32> {
        let closed = self.0.asked().into_iter().filter(|(method, _)| method == "CloseNotification");
        closed.filter_map(|(_, arguments)| arguments.child_value(0).get()).collect()
    }

    /// A button is pressed. A desktop of today gives a token for the keyboard before it says so.
    pub fn press(&self, number: u32, button: &str, token: Option<&str>) {
        if let Some(token) = token {
            self.0.emit("ActivationToken", &(number, token).to_variant());
        }
        self.0.emit("ActionInvoked", &(number, button).to_variant());
        self.close(number);
    }

    /// The notification is closed by its reader.
    pub fn close(&self, number: u32) {
        const BY_ITS_READER: u32 = 2;
        self.0.emit("NotificationClosed", &(number, BY_ITS_READER).to_variant());
    }
}

impl Notification {
    fn of(arguments: &Variant) -> Self {
        let text = |index: usize| arguments.child_value(index).get::<String>().expect("a text");
        let actions: Vec<String> = arguments.child_value(5).get().expect("a list of texts");
        let hints = gio::glib::VariantDict::new(Some(&arguments.child_value(6)));
        Self {
            title: text(3),
            text: text(4),
            buttons: actions.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect(),
            desktop_entry: hints.lookup("desktop-entry").expect("a text"),
        }
    }
}

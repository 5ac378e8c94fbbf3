//! A window that opens nothing: it notes what it is asked to show.

use avain_flow::desktop::{self, Action};

use crate::Session;
use crate::mock::{Mock, Object};

/// What the window was asked to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The action's name.
    pub action: String,
    /// The reader that it names.
    pub reader: Option<String>,
    /// What whoever asked had been given for the keyboard's sake: the keys and values of the platform's data.
    pub platform: Vec<(String, String)>,
}

/// Stands in for the window, until dropped.
pub struct Window(Mock);

const OBJECT: Object = Object {
    name: desktop::WINDOW,
    path: "/fi/avain/avain",
    interface: "org.freedesktop.Application",
    methods: "<method name='Activate'><arg type='a{sv}' direction='in'/></method>
              <method name='ActivateAction'>
                <arg type='s' direction='in'/><arg type='av' direction='in'/><arg type='a{sv}' direction='in'/>
              </method>",
};

impl Window {
    /// Takes its name on the bus.
    ///
    /// # Panics
    /// Where that is taken.
    pub fn of(session: &Session) -> Self {
        Self(Mock::start(session.address(), OBJECT, |_, _| None))
    }

    /// What it was asked to show until now.
    ///
    /// # Panics
    /// Where it was asked in another way than an application is.
    pub fn calls(&self) -> Vec<Call> {
        let read = |(method, arguments): (String, gio::glib::Variant)| {
            assert_eq!(method, "ActivateAction");
            let (action, parameters, platform) = (0, 1, 2);
            let entries = arguments.child_value(platform);
            let entry = |entry: gio::glib::Variant| {
                let value = entry.child_value(1).as_variant()?;
                Some((entry.child_value(0).get()?, value.get()?))
            };
            Call {
                action: arguments.child_value(action).get().expect("a name"),
                reader: arguments
                    .child_value(parameters)
                    .iter()
                    .next()
                    .and_then(|value| value.as_variant()?.get()),
                platform: entries.iter().filter_map(entry).collect(),
            }
        };
        self.0.asked().into_iter().map(read).collect()
    }

    /// Waits until it was asked so often, and gives the last call.
    ///
    /// # Panics
    /// Where it is not, or more often.
    #[track_caller]
    pub fn call(&self, number: usize) -> Call {
        crate::last_of("call of the window", number, || self.calls())
    }
}

impl Call {
    /// Is it this action, with this reader?
    pub fn is(&self, action: Action, reader: &str) -> bool {
        self.action == action.name() && self.reader.as_deref() == Some(reader)
    }
}

//! A session that is locked, as far as others can tell.

use gio::glib::variant::ToVariant;

use crate::Session;
use crate::mock::{Mock, Object};

/// A locked session, until dropped.
pub struct Lock(#[allow(dead_code, reason = "to be dropped")] Mock);

impl Lock {
    /// The screen saver of the desktop says so.
    ///
    /// # Panics
    /// Where there is another one.
    pub fn by_screen_saver(session: &Session) -> Self {
        let object = Object {
            name: "org.freedesktop.ScreenSaver",
            path: "/org/freedesktop/ScreenSaver",
            interface: "org.freedesktop.ScreenSaver",
            methods: "<method name='GetActive'><arg type='b' direction='out'/></method>",
        };
        Self(Mock::start(session.address(), object, |_, _| Some((true,).to_variant())))
    }

    /// systemd's login manager says so. Programs ask it on the system bus, which has to be that of this session.
    ///
    /// # Panics
    /// Where there is another one.
    pub fn by_login(session: &Session) -> Self {
        let object = Object {
            name: "org.freedesktop.login1",
            path: "/org/freedesktop/login1/session/auto",
            interface: "org.freedesktop.login1.Session",
            methods: "<property name='LockedHint' type='b' access='read'/>",
        };
        Self(Mock::start(session.address(), object, |_, _| Some(true.to_variant())))
    }
}

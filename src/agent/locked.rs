//! Whether anybody sees a window that opens now.

use gio::glib::Variant;
use gio::glib::variant::ToVariant;
use gio::{BusType, DBusCallFlags, DBusConnection};

/// How long an answer may take, in milliseconds.
const PATIENCE: i32 = 2_000;
/// Who can tell on the session bus: the name that all desktops share, and GNOME's own.
const SCREEN_SAVERS: [(&str, &str); 2] = [
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
];

/// Is the session locked, or behind a screen saver? If nobody knows, it is not.
pub(crate) async fn is_locked(bus: &DBusConnection) -> bool {
    for (name, path) in SCREEN_SAVERS {
        let answer = ask(bus, (name, path), name, "GetActive", None).await;
        if answer.and_then(|answer| answer.get()) == Some(true) {
            return true;
        }
    }
    is_locked_by_login().await
}

/// What systemd's login manager was told by the desktop (org.freedesktop.login1(5), LockedHint).
async fn is_locked_by_login() -> bool {
    let Ok(system) = gio::bus_get_future(BusType::System).await else { return false };
    // Should that bus end, this program goes on.
    system.set_exit_on_close(false);
    let property = ("org.freedesktop.login1.Session", "LockedHint").to_variant();
    let session = ("org.freedesktop.login1", "/org/freedesktop/login1/session/auto");
    let answer = ask(&system, session, "org.freedesktop.DBus.Properties", "Get", Some(&property)).await;
    answer.and_then(|answer| answer.as_variant()?.get()) == Some(true)
}

/// The first value of an answer. Nobody is started for it.
async fn ask(
    bus: &DBusConnection,
    (name, path): (&str, &str),
    interface: &str,
    method: &str,
    arguments: Option<&Variant>,
) -> Option<Variant> {
    let flags = DBusCallFlags::NO_AUTO_START;
    let answer =
        bus.call_future(Some(name), path, interface, method, arguments, None, flags, PATIENCE).await.ok()?;
    (answer.n_children() > 0).then(|| answer.child_value(0))
}

//! The window, which the bus starts if it is not open. It is no child of this program: neither the limits of the agent's
//! unit nor its memory are the window's.

use avain_flow::desktop::{self, Action, WINDOW};
use avain_flow::log::{self, Record};
use gio::glib::{VariantDict, variant::ToVariant};
use gio::{DBusCallFlags, DBusConnection};

/// How long the window may take to start, in milliseconds.
const PATIENCE: i32 = 25_000;

/// Has the window show something about the card in a reader. With a token, which a desktop gives to a program that its
/// user has just pressed a button of, the window may take the keyboard.
pub(crate) async fn show(bus: &DBusConnection, action: Action, reader: &str, token: Option<&str>) {
    let platform = VariantDict::new(None);
    match token {
        Some(token) => {
            platform.insert("activation-token", token);
            platform.insert("desktop-startup-id", token);
        }
        // A window that was wanted at the first moment of the session is older than whatever is typed into now.
        None => platform.insert("desktop-startup-id", &*format!("avain-agent-{}_TIME1", std::process::id())),
    }
    let arguments = (action.name(), vec![reader.to_variant()], platform).to_variant();
    let path = desktop::object_path(WINDOW);
    let asked = bus.call_future(
        Some(WINDOW),
        &path,
        "org.freedesktop.Application",
        "ActivateAction",
        Some(&arguments),
        None,
        DBusCallFlags::NONE,
        PATIENCE,
    );
    if asked.await.is_err() {
        log::info(|| Record::Remark("the window does not open"));
    }
}

//! The look: a few rules beside the theme, and dark where the desktop is dark.

use gtk4 as gtk;
use gtk4::gdk::Display;
use gtk4::gio::{self, BusType, DBusCallFlags};
use gtk4::glib::{self, Variant};
use gtk4::prelude::*;

/// Colors are those of the theme, and no color says anything that words do not. Words can be selected, but nothing can be
/// typed there, so they show no caret.
const STYLE: &str = "
.wrong { color: mix(@error_color, @theme_fg_color, 0.4); font-weight: bold; }
.digest { font-family: monospace; }
.sheet { margin: 18px; }
.footer { margin: 12px 18px; }
label { caret-color: transparent; }
";

/// How long the desktop is asked.
const PATIENCE: i32 = 2000;

/// Sets it for all windows.
pub(crate) fn apply() {
    let style = gtk::CssProvider::new();
    style.load_from_data(STYLE);
    if let Some(display) = Display::default() {
        gtk::style_context_add_provider_for_display(
            &display,
            &style,
            gtk::STYLE_PROVIDER_PRIORITY_APPLICATION,
        );
    }
    let Some(settings) = gtk::Settings::default() else { return };
    // Headings have the focus, so that screen readers begin with them.
    settings.set_gtk_label_select_on_focus(false);
    glib::spawn_future_local(async move {
        if prefers_dark().await == Some(true) {
            settings.set_gtk_application_prefer_dark_theme(true);
        }
    });
}

/// What the desktop says (XDG Desktop Portal, org.freedesktop.portal.Settings): GTK by itself does not ask it.
async fn prefers_dark() -> Option<bool> {
    const PORTAL: &str = "org.freedesktop.portal.Desktop";
    let bus = gio::bus_get_future(BusType::Session).await.ok()?;
    let question = ("org.freedesktop.appearance", "color-scheme").to_variant();
    let answer = bus.call_future(
        Some(PORTAL),
        "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.Settings",
        "Read",
        Some(&question),
        None,
        DBusCallFlags::NO_AUTO_START,
        PATIENCE,
    );
    let mut value: Variant = answer.await.ok()?.try_child_value(0)?;
    // A variant in a variant.
    while let Some(inner) = value.as_variant() {
        value = inner;
    }
    value.get::<u32>().map(|scheme| scheme == 1)
}

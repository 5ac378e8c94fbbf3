//! `avain-agent`, which runs while its user is logged in to the desktop. It waits for cards, and where one is put in that
//! is not activated it has the window offer that. It has no window of its own, and knows no PINs.
#![forbid(unsafe_code)]

mod locked;
mod notification;
mod offers;
mod window;

use avain_flow::desktop::{AGENT, Insertions};
use avain_flow::log;
use avain_flow::system::System;
use gio::glib::{self, ExitCode};
use gio::prelude::*;
use gio::{Application, ApplicationFlags, Cancellable};
use offers::Offers;
use std::path::Path;
use std::rc::Rc;

fn main() -> ExitCode {
    log::start();
    let application = Application::new(Some(AGENT), ApplicationFlags::empty());
    application.connect_startup(begin);
    // Whoever starts it wants nothing more than that it runs.
    application.connect_activate(|_| {});
    // Beside another one there is nothing to do. By itself it never ends.
    let is_second = application.register(Cancellable::NONE).is_ok() && application.is_remote();
    let ended = application.run();
    if is_second { ended } else { ExitCode::FAILURE }
}

/// Without a session bus there is nobody to call, and it ends.
fn begin(application: &Application) {
    let Some(bus) = application.dbus_connection() else { return };
    let running = application.hold();
    glib::spawn_future_local(async move {
        watch(Offers::new(bus)).await;
        drop(running);
    });
}

/// Waits in a thread of its own, for as long as nothing happens.
async fn watch(offers: Rc<Offers>) {
    let mut insertions = Insertions::new(computer().socket());
    loop {
        let waited = gio::spawn_blocking(move || {
            let changes = insertions.wait();
            (insertions, changes)
        });
        let Ok((again, changes)) = waited.await else { return };
        insertions = again;
        for change in changes {
            offers.learn(change);
        }
    }
}

fn computer() -> System {
    System::new(Path::new("/"), std::env::vars_os())
}

//! What programs tell a screen reader while they run.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use gio::DBusSignalFlags;
use gio::glib::variant::ToVariant;
use gio::glib::{MainContext, MainLoop};

use crate::Session;
use crate::accessible::Accessible;
use crate::bus::Bus;

/// What was told: `focused 1` of a field, `invalid-entry 1`, an announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What kind of thing: `StateChanged`, `Announcement`.
    pub kind: String,
    /// What of it: `focused`.
    pub detail: String,
    /// Whether it is so now.
    pub now: bool,
    /// Role of whom it is told.
    pub role: String,
    /// Name of whom it is told.
    pub name: String,
}

/// Listens, until dropped.
pub struct Events {
    told: Arc<Mutex<Vec<Event>>>,
    main: MainLoop,
    thread: Option<JoinHandle<()>>,
}

const OBJECT: &str = "org.a11y.atspi.Event.Object";

impl Events {
    /// Begins to listen.
    ///
    /// # Panics
    /// Where nobody can.
    pub fn of(session: &Session) -> Self {
        let registry = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry");
        for kind in ["object:state-changed:", "object:announcement"] {
            let wanted = (kind, Vec::<String>::new(), "").to_variant();
            let asked = session.screen_readers().call(registry, registry.0, "RegisterEvent", Some(&wanted));
            asked.expect("the registry of screen readers");
        }
        let address = session.screen_readers_address();
        let told = Arc::new(Mutex::new(Vec::new()));
        let (noted, (tell, started)) = (told.clone(), mpsc::channel());
        let thread = thread::spawn(move || {
            let context = MainContext::new();
            let listened = context.with_thread_default(|| {
                let main = MainLoop::new(Some(&context), false);
                let bus = Bus::connect(&address);
                let _subscription = listen(&bus, noted);
                tell.send(main.clone()).expect("the test waits");
                main.run();
            });
            listened.expect("a context of its own");
        });
        Self { told, main: started.recv().expect("it listens"), thread: Some(thread) }
    }

    /// What was told until now, in its order.
    pub fn told(&self) -> Vec<Event> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn listen(bus: &Bus, noted: Arc<Mutex<Vec<Event>>>) -> gio::SignalSubscription {
    let asking = bus.clone();
    bus.0.subscribe_to_signal(None, Some(OBJECT), None, None, None, DBusSignalFlags::NONE, move |signal| {
        let source = Accessible::at_place(&asking, signal.sender_name, signal.object_path);
        let event = Event {
            kind: signal.signal_name.to_owned(),
            detail: signal.parameters.child_value(0).get().unwrap_or_default(),
            now: signal.parameters.child_value(1).get() == Some(1),
            role: source.role(),
            name: source.name(),
        };
        noted.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    })
}

impl Drop for Events {
    fn drop(&mut self) {
        self.main.quit();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

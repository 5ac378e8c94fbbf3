//! Programs on the bus that the test stands in for. What they are asked is noted.

use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use gio::glib::variant::ToVariant;
use gio::glib::{MainContext, MainLoop, Variant};
use gio::{DBusConnection, DBusNodeInfo};

use crate::bus::Bus;

/// What an object is: by which name, at which path, and what can be asked (introspection data).
#[derive(Clone, Copy)]
pub(crate) struct Object {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
    pub(crate) interface: &'static str,
    pub(crate) methods: &'static str,
}

/// What it answers to a method, by name and arguments; or of which value a property is.
type Answer = dyn Fn(&str, &Variant) -> Option<Variant> + Send;
type Asked = Arc<Mutex<Vec<(String, Variant)>>>;

/// A program on the bus, until dropped.
pub(crate) struct Mock {
    object: Object,
    connection: DBusConnection,
    asked: Asked,
    main: MainLoop,
    thread: Option<JoinHandle<()>>,
}

impl Mock {
    /// Takes the name.
    pub(crate) fn start(
        address: &str,
        object: Object,
        answer: impl Fn(&str, &Variant) -> Option<Variant> + Send + 'static,
    ) -> Self {
        let (asked, address) = (Asked::default(), address.to_owned());
        let (tell, told) = mpsc::channel();
        let noted = asked.clone();
        let thread = thread::spawn(move || {
            let context = MainContext::new();
            let served = context.with_thread_default(|| {
                let main = MainLoop::new(Some(&context), false);
                let connection = Bus::connect(&address).0;
                serve(&connection, object, noted, Box::new(answer));
                tell.send((connection, main.clone())).expect("the test waits");
                main.run();
            });
            served.expect("a context of its own");
        });
        let (connection, main) = told.recv().expect("the mock runs");
        Self { object, connection, asked, main, thread: Some(thread) }
    }

    /// What it was asked until now: methods and their arguments.
    pub(crate) fn asked(&self) -> Vec<(String, Variant)> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends a signal to everybody.
    pub(crate) fn emit(&self, signal: &str, arguments: &Variant) {
        let Object { path, interface, .. } = self.object;
        self.connection.emit_signal(None, path, interface, signal, Some(arguments)).expect("a signal");
        self.connection.flush_sync(gio::Cancellable::NONE).expect("it is sent");
    }
}

fn serve(connection: &DBusConnection, object: Object, asked: Asked, answer: Box<Answer>) {
    let Object { name, path, interface, methods } = object;
    let xml = format!("<node><interface name='{interface}'>{methods}</interface></node>");
    let node = DBusNodeInfo::for_xml(&xml).expect("introspection data");
    let info = node.lookup_interface(interface).expect("the interface");
    let (answer, nothing) = (Rc::new(answer), ().to_variant());
    let of_property = answer.clone();
    let registered = connection.register_object(path, &info).method_call(
        move |_, _, _, _, method, arguments, invocation| {
            asked.lock().unwrap_or_else(PoisonError::into_inner).push((method.to_owned(), arguments.clone()));
            invocation.return_value(answer(method, &arguments).as_ref());
        },
    );
    let registered =
        registered.property(move |_, _, _, _, name| of_property(name, &nothing).expect("a known property"));
    registered.build().expect("the object");
    // Whoever has the name already keeps it: then the test is wrong.
    const DO_NOT_QUEUE: u32 = 4;
    const OWNER: u32 = 1;
    let bus = Bus(connection.clone());
    let wanted = (name, DO_NOT_QUEUE).to_variant();
    let driver = ("org.freedesktop.DBus", "/org/freedesktop/DBus");
    let got = bus.call(driver, "org.freedesktop.DBus", "RequestName", Some(&wanted)).expect("the name");
    assert_eq!(got.child_value(0).get(), Some(OWNER), "{name} belongs to another program");
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.main.quit();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = self.connection.close_sync(gio::Cancellable::NONE);
    }
}

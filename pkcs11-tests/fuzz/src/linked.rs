//! The module and the fake library of PC/SC in one program, linked, with one reader.

use avain_pkcs11::ffi::exports;
use fake_pcsc::{Fake, Interceptor};
use kit::{Initialized, Module};
use std::path::Path;
use std::sync::OnceLock;

/// PINs of all simulated cards.
pub const PINS: [&str; 2] = [kit::PIN1.1, kit::PIN2.1];
/// Their PUK.
pub const PUK: &str = "12345678";

/// The module and the world around it.
pub struct Linked {
    /// The module.
    pub module: Module,
    /// The world.
    pub fake: Fake,
}

impl Linked {
    /// The one of this process.
    pub fn of_process() -> &'static Self {
        static LINKED: OnceLock<Linked> = OnceLock::new();
        LINKED.get_or_init(|| {
            let (functions, interface) = (exports::C_GetFunctionList, exports::C_GetInterface);
            // SAFETY: they are the module's, which is linked.
            let module = unsafe { Module::from_functions(Path::new("linked"), functions, Some(interface)) };
            let linked = Self { module, fake: Fake::linked() };
            linked.fake.tell("repeat");
            linked
        })
    }

    /// A new use of the module with a card as if it had just been put in, and whoever stands before it.
    ///
    /// # Panics
    /// Where there is no such card.
    pub fn begin(&self, card: &str, interceptor: Option<Interceptor>) -> Initialized<'_> {
        Interceptor::instead(interceptor);
        self.fake.tell("restore");
        self.fake.tell(&format!("renew 0 {card}"));
        self.fake.tell("clear");
        let running = self.module.initialize().expect("C_Initialize");
        // Otherwise the library of the system was asked, and this would be about nothing.
        assert!(
            self.fake.tell("calls").contains("EstablishContext"),
            "the fake library is not the one in use"
        );
        running
    }
}

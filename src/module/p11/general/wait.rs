//! C_WaitForSlotEvent (§5.5.4).

use super::module::Module;
use crate::p11::Fault;
use avain_card::transport::watch::Waiter;
use cryptoki_sys::CK_SLOT_ID;
use std::time::Duration;

/// Longest single wait, so that a missed wake-up is only a short delay.
const LIMIT: Duration = Duration::from_secs(1);
/// Pause between attempts while there is no daemon to wait on.
const NO_DAEMON: Duration = Duration::from_millis(250);

impl Module {
    /// Returns the slot of the next event: a card or reader was added or removed. Without `block` only past events
    /// count.
    ///
    /// A blocked wait ends with [`Fault::CryptokiNotInitialized`] when the module is finalized, also if it is
    /// initialized again at once: it belongs to the use that it was begun in.
    pub fn wait_for_event(&self, block: bool) -> Result<CK_SLOT_ID, Fault> {
        let mut waiter = None;
        loop {
            let seen = self.slots.look();
            let event = self.slots.take_event();
            // Checked last: C_Finalize causes changes that look like events.
            if self.is_closed() {
                return Err(Fault::CryptokiNotInitialized);
            }
            if let Some(slot) = event {
                return Ok(slot);
            }
            if !block {
                return Err(Fault::NoEvent);
            }
            if waiter.is_none() {
                waiter = self.new_waiter();
                continue;
            }
            let waited = waiter.as_mut().map(|registered| registered.waiter.wait(&seen, LIMIT));
            if !matches!(waited, Some(Ok(()))) {
                waiter = None;
                std::thread::sleep(NO_DAEMON);
            }
        }
    }

    /// A waiter that C_Finalize can wake.
    fn new_waiter(&self) -> Option<Registered<'_>> {
        let waiter = Waiter::new().ok()?;
        let number = self.new_handles.next();
        self.waiters.lock().push((number, waiter.waker().ok()?));
        Some(Registered { module: self, number, waiter })
    }
}

struct Registered<'m> {
    module: &'m Module,
    number: u64,
    waiter: Waiter,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.module.waiters.lock().retain(|(number, _)| *number != self.number);
    }
}

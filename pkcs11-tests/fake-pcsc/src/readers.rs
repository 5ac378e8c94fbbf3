//! The world for programs in Rust that link this library: readers that they name, and what they put into them.

use crate::inside::Inside;
use crate::world::world;
use std::sync::Arc;

/// The daemon starts, with readers of these names and nothing in them.
pub fn start(readers: &[String]) {
    world().start(readers);
}

/// The daemon ends. What is in its readers falls out.
pub fn stop() {
    world().stop();
}

/// Something in a reader; it is taken out when this is dropped.
pub struct InReader {
    reader: usize,
    stay: u64,
}

impl InReader {
    /// Puts something into a reader, in the place of what was there. Readers count from 0.
    ///
    /// # Panics
    /// Where there is no such reader.
    pub fn put(reader: usize, inside: Arc<dyn Inside>) -> Self {
        let stay = world().put_in(reader, inside);
        Self { reader, stay: stay.expect("there is such a reader") }
    }

    /// Whether it is still there: a fault or the end of the daemon takes it out.
    pub fn is_present(&self) -> bool {
        world().is_in(self.reader, self.stay)
    }
}

impl Drop for InReader {
    fn drop(&mut self) {
        world().take_out(self.reader, self.stay);
    }
}

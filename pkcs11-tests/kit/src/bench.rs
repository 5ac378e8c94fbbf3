//! The usual beginning of a test: a card, a session logged in with PIN1, and its private key.

use crate::Session;
use cryptoki_sys::*;

use crate::{ANY, InReader, PIN1, World};

/// A program that is logged in with PIN1.
pub struct Bench {
    // Dropped in this order.
    /// The session that is logged in.
    pub session: Session<'static>,
    /// The card in the first reader.
    pub card: InReader,
    /// The turn.
    pub world: World,
    /// The private key for authentication.
    pub key: CK_OBJECT_HANDLE,
}

impl Bench {
    /// With a card of any generation.
    ///
    /// # Panics
    /// Where the login fails.
    #[allow(clippy::new_without_default, reason = "it waits for its turn and logs in")]
    pub fn new() -> Self {
        let (world, card) = World::with(ANY);
        let session = world.logged_in(PIN1);
        let key = session.object(CKO_PRIVATE_KEY, 0x45).expect("the private key");
        Self { session, card, world, key }
    }
}

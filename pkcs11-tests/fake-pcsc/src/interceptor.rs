//! Somebody between the card and its reader, who changes what the card says.

use crate::world::world;

/// What stands in the place of a card's answer, given the command and the true answer.
pub type Answers = Box<dyn FnMut(&[u8], Vec<u8>) -> Vec<u8> + Send>;

/// Somebody between all cards and their readers.
pub struct Interceptor {
    /// What readers are told as the answer to reset, if not the true one: 33 bytes at most.
    pub atr: Option<Vec<u8>>,
    /// What they are told instead of answers.
    pub answers: Answers,
}

impl Interceptor {
    /// From now on he stands there, and no other; `None`: nobody does.
    pub fn instead(interceptor: Option<Self>) {
        world().interceptor = interceptor;
    }
}

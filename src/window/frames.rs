//! What is done once all has its place, however often it was asked for until then.

use std::cell::Cell;

/// The frame under way may be past its layout: the one after the next is the first in which all places are known.
const PASSING: u8 = 2;

/// How many frames are left until then.
#[derive(Default)]
pub(crate) struct Frames(Cell<u8>);

impl Frames {
    /// Asks for it, from now on. Is somebody counting frames for it already?
    pub(crate) fn is_awaited(&self) -> bool {
        self.0.replace(PASSING) > 0
    }

    /// A frame begins: is it time?
    pub(crate) fn is_due(&self) -> bool {
        let left = self.0.get().saturating_sub(1);
        self.0.set(left);
        left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_done_once_and_after_the_last_change() {
        let frames = Frames::default();
        assert!(!frames.is_awaited() && frames.is_awaited() && frames.is_awaited());
        assert!(!frames.is_due());
        // Something has changed meanwhile.
        assert!(frames.is_awaited());
        assert!(!frames.is_due());
        assert!(frames.is_due());
        // Nobody counts any more.
        assert!(!frames.is_awaited());
    }
}

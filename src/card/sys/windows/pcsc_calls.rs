//! Calls to the PC/SC library, which no fork waits for.

/// Whether a wait that does not know that a card is in use ends at once: any difference ends one here.
pub(crate) const WAITS_FOR_USE: bool = true;

/// A call that the service answers at once.
pub(crate) fn short<R>(call: impl FnOnce() -> R) -> R {
    call()
}

/// A call that may wait for a card, for another program, or for an event.
pub(crate) fn long<R>(call: impl FnOnce() -> R) -> R {
    call()
}

/// A call about a card that is connected.
pub(crate) fn of_card<R>(call: impl FnOnce() -> R) -> R {
    call()
}

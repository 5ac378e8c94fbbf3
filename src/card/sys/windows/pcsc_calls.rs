//! Calls to the PC/SC library, which no fork waits for.

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

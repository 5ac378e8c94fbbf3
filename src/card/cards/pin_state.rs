//! How a PIN stands on a card, as far as the card tells.

/// How a PIN stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinState {
    /// Tries left; 0 is blocked; `None` when the card does not tell.
    pub left: Option<u8>,
    /// Was it ever changed since the card was made? `None` when the card does not tell.
    pub changed: Option<bool>,
}

/// What a state means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its holder set it, and it has tries left.
    Ready,
    /// It is still the transport code from the letter.
    Fresh,
    /// It has tries left, and the card does not tell whether its holder set it.
    Usable,
    /// It was never set: it came blocked, or the transport code that it still is was locked.
    Unset,
    /// It has no tries left, and the card does not tell whether it was ever set.
    UnsetOrLocked,
    /// It was set, and is locked.
    Locked,
    /// The card does not tell.
    Unknown,
}

impl PinState {
    /// Of this the card tells nothing.
    pub const UNKNOWN: PinState = PinState { left: None, changed: None };

    /// What it means.
    pub const fn stage(self) -> Stage {
        match (self.left, self.changed) {
            (Some(0), Some(true)) => Stage::Locked,
            (Some(0), Some(false)) => Stage::Unset,
            (Some(0), None) => Stage::UnsetOrLocked,
            (Some(_), Some(true)) => Stage::Ready,
            (Some(_), Some(false)) => Stage::Fresh,
            (Some(_), None) => Stage::Usable,
            (None, _) => Stage::Unknown,
        }
    }
}

impl Stage {
    /// Only the activation PIN of the old scheme, or a PUK, can help it.
    pub const fn needs_puk(self) -> bool {
        matches!(self, Stage::Unset | Stage::UnsetOrLocked | Stage::Locked)
    }

    /// Does it have to be set before the card is of use, as far as the card tells?
    pub const fn is_open(self) -> bool {
        matches!(self, Stage::Unset | Stage::UnsetOrLocked | Stage::Fresh)
    }
}

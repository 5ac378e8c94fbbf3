//! The state of a PIN, as far as the card reports it.

/// The state of a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinState {
    /// Tries left, 0 if it is blocked; `None` if the card does not report them.
    pub left: Option<u8>,
    /// Was it changed since the card was issued? `None` if the card does not report it.
    pub changed: Option<bool>,
}

/// What a state means for the holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The holder has set it, and it has tries left.
    Ready,
    /// It is still the transport code from the letter.
    Fresh,
    /// It has tries left; the card does not report whether the holder has set it.
    Usable,
    /// It is blocked and was never set: it was delivered blocked, or the transport code was entered wrongly too
    /// often.
    Unset,
    /// It is blocked; the card does not report whether it was ever set.
    UnsetOrLocked,
    /// The holder has set it, and it is blocked.
    Locked,
    /// The card reports nothing.
    Unknown,
}

impl PinState {
    /// Nothing is known.
    pub const UNKNOWN: PinState = PinState { left: None, changed: None };

    /// What the state means for the holder.
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
    /// Can it be used again only after it was set by the PUK (or activation PIN)?
    pub const fn needs_puk(self) -> bool {
        matches!(self, Stage::Unset | Stage::UnsetOrLocked | Stage::Locked)
    }

    /// Does it have to be set before the card can be used, as far as the card reports?
    pub const fn is_open(self) -> bool {
        matches!(self, Stage::Unset | Stage::UnsetOrLocked | Stage::Fresh)
    }
}

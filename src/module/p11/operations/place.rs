//! Where an operation is between the calls of a program, and the rule by which it ends (§5.2).

use crate::p11::Fault;

/// What a successful call means for its operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// It goes on.
    Active,
    /// It has ended.
    Over,
}

/// The place of an operation: in a session there is at most one of each kind.
pub struct Place<T>(Option<T>);

impl<T> Default for Place<T> {
    fn default() -> Self {
        Place(None)
    }
}

impl<T> Place<T> {
    pub(super) fn is_active(&self) -> bool {
        self.0.is_some()
    }

    /// The active operation.
    pub fn active(&mut self) -> Result<&mut T, Fault> {
        self.0.as_mut().ok_or(Fault::OperationNotInitialized)
    }

    /// Begins an operation.
    pub(super) fn begin(&mut self, operation: impl FnOnce() -> Result<T, Fault>) -> Result<(), Fault> {
        if self.is_active() {
            return Err(Fault::OperationActive);
        }
        self.0 = Some(operation()?);
        Ok(())
    }

    /// Works with the active operation. Every failure ends it, but for a buffer that is too small: also a bad argument,
    /// so arguments are read in `act`. The operation is taken out meanwhile, so that a panic ends it, too.
    pub fn go_on(&mut self, act: impl FnOnce(&mut T) -> Result<After, Fault>) -> Result<(), Fault> {
        let mut operation = self.end()?;
        let outcome = act(&mut operation);
        if matches!(outcome, Ok(After::Active) | Err(Fault::BufferTooSmall)) {
            self.0 = Some(operation);
        }
        outcome.map(drop)
    }

    /// Ends the active operation.
    pub fn end(&mut self) -> Result<T, Fault> {
        self.0.take().ok_or(Fault::OperationNotInitialized)
    }

    /// Ends the operation, if there is one.
    pub(super) fn cancel(&mut self) {
        self.0 = None;
    }
}

/// How a program gives its data to an operation: the two ways cannot be mixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Given {
    /// Not at all so far.
    #[default]
    Nothing,
    /// All in one piece, though the output has not been fetched yet.
    Whole,
    /// In parts.
    Parts,
}

impl Given {
    /// Data are given so, by a call that does not fit what the program did before.
    pub(super) fn now(&mut self, way: Given) -> Result<(), Fault> {
        if *self != Given::Nothing && *self != way {
            return Err(Fault::OperationActive);
        }
        *self = way;
        Ok(())
    }
}

//! Locks that are held while a card works or the daemon is asked, so that others may wait long for them.
//!
//! They are those of the standard library, which keeps no table for the whole process as `parking_lot` does: a thread
//! that waits for one holds nothing that a forked child would need, and no fork waits for it.

use super::system::parked_threads::waiting;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// A lock that may be held for long. A panic does not poison it.
#[derive(Debug, Default)]
pub struct LongLock<T>(Mutex<T>);

impl<T> LongLock<T> {
    /// Waits for the lock.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.try_lock().unwrap_or_else(|| waiting(|| self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// The lock, if it is free.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.0.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

//! Locks for a library in somebody else's process.
//!
//! * A panic that was caught does not make them unusable.
//! * All that they are is in themselves. Locks that keep their waiters in a table of the process are not usable in a
//!   child of a program whose threads were using that table at the moment of the fork: the child's own threads then
//!   wait for ever for a part of it that nobody holds any more.
//! * Whoever locks in a loop lets others in: see [`Mutex::lock`].

use std::sync::{self, MutexGuard, PoisonError, RwLockReadGuard, RwLockWriteGuard, TryLockError};

/// One at a time.
#[derive(Debug, Default)]
pub struct Mutex<T> {
    /// Held only while waiting for `value`.
    entrance: sync::Mutex<()>,
    value: sync::Mutex<T>,
}

impl<T> Mutex<T> {
    /// A lock that is free.
    pub const fn new(value: T) -> Self {
        Mutex { entrance: sync::Mutex::new(()), value: sync::Mutex::new(value) }
    }

    /// Waits for the turn. The next one waits in the entrance, so whoever gives the lock back and wants it again at
    /// once stands behind.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        let _entrance = self.entrance.lock().unwrap_or_else(PoisonError::into_inner);
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the lock if it is free.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.value.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

/// Many who read, or one who writes.
#[derive(Debug, Default)]
pub struct RwLock<T>(sync::RwLock<T>);

impl<T> RwLock<T> {
    /// A lock that is free.
    pub const fn new(value: T) -> Self {
        RwLock(sync::RwLock::new(value))
    }

    /// Waits while somebody writes.
    pub fn read(&self) -> RwLockReadGuard<'_, T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody reads or writes.
    pub fn write(&self) -> RwLockWriteGuard<'_, T> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    #[test]
    fn a_panic_leaves_the_locks_usable() {
        let (mutex, lock) = (Mutex::new(1), RwLock::new(2));
        let panicked = std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let (_one, _two) = (mutex.lock(), lock.write());
                panic!("on purpose");
            });
            thread.join().is_err()
        });
        assert!(panicked);
        assert_eq!(*mutex.lock(), 1);
        assert_eq!(mutex.try_lock().as_deref(), Some(&1));
        assert_eq!(*lock.read(), 2);
        let held = mutex.lock();
        assert!(mutex.try_lock().is_none());
        drop(held);
        *lock.write() = 3;
        assert_eq!(*lock.read(), 3);
    }

    /// As with a card that one thread signs with without a pause.
    #[test]
    fn whoever_locks_in_a_loop_lets_others_in() {
        const TURNS: u32 = 20;
        let (mutex, stop) = (Mutex::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst) {
                    let mut turns = mutex.lock();
                    std::thread::sleep(Duration::from_millis(1));
                    *turns += 1;
                }
            });
            while *mutex.lock() == 0 {}
            let before = *mutex.lock();
            for _ in 0..TURNS {
                drop(mutex.lock());
            }
            let meanwhile = *mutex.lock() - before;
            stop.store(true, Ordering::SeqCst);
            // Each of ours stood behind one of theirs, and a second where that was just beginning.
            assert!(meanwhile <= 10 * TURNS, "{meanwhile} turns of the other for {TURNS} of ours");
        });
    }
}

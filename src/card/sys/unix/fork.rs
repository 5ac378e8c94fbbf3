//! Fork handlers. While the process forks the module pauses, so that no thread holds a lock of a library: in the
//! child it would never be released.
//!
//! No call begins, and the running ones have paused or are waiting for something. `pcsc_calls` and
//! [`parked_threads`](super::parked_threads) say which locks these are. A busy program pauses within milliseconds: who
//! waits for a card, or for a lock that is held meanwhile, is not waited for.

use super::parked_threads::RUNNING;
use super::pcsc_calls::UNDER_WAY;
use super::places::{self, LOOK};
use crate::sys::memory::LockedPage;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A fork waits no longer than this, not even for a daemon that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Installs the handlers, once, at the first C_Initialize. The library stays mapped, so they exist for as long as the
/// process does.
pub fn watch() {
    static WATCHED: AtomicBool = AtomicBool::new(false);
    extern "C" fn before() {
        pause();
    }
    extern "C" fn in_parent() {
        resume();
    }
    extern "C" fn in_child() {
        forget();
    }
    if !WATCHED.swap(true, Ordering::AcqRel) {
        // SAFETY: the functions are never unmapped, allocate nothing and take no lock. If they cannot be installed
        // for lack of memory, the module works, and forks are as safe as the PC/SC library makes them.
        let _ = unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
    }
}

/// Tells this process from the one that it was forked from: a number that neither that one nor any before it had. The
/// process id would not: in namespaces of their own a parent and its child may both be process 1.
pub fn generation() -> u64 {
    /// The last one that was given, here or in a parent.
    static LAST: AtomicU64 = AtomicU64::new(0);
    let own = own_generation();
    match own.load(Ordering::Acquire) {
        0 => {
            let fresh = LAST.fetch_add(1, Ordering::AcqRel).wrapping_add(1);
            own.compare_exchange(0, fresh, Ordering::AcqRel, Ordering::Acquire).err().unwrap_or(fresh)
        }
        known => known,
    }
}

/// The generation of this process. The kernel makes it 0 in each child, however that was made; where it cannot, the
/// fork handler does.
static OWN: AtomicPtr<AtomicU64> = AtomicPtr::new(std::ptr::null_mut());

fn own_generation() -> &'static AtomicU64 {
    /// For want of a page.
    static PLAIN: AtomicU64 = AtomicU64::new(0);
    let known = OWN.load(Ordering::Acquire);
    if !known.is_null() {
        // SAFETY: either of the two below, which stay for ever.
        return unsafe { &*known };
    }
    let page = LockedPage::new().map(|mut page| {
        let start = page.bytes_mut().as_mut_ptr();
        std::mem::forget(page);
        start.cast()
    });
    let fresh = page.unwrap_or(std::ptr::from_ref(&PLAIN).cast_mut());
    // Of two threads that come here first, one makes a page in vain.
    let winner = OWN.compare_exchange(std::ptr::null_mut(), fresh, Ordering::AcqRel, Ordering::Acquire);
    // SAFETY: the static, or a page of zeros that is never unmapped and whose address is fit for anything.
    unsafe { &*winner.err().unwrap_or(fresh) }
}

/// Before a fork: from now on no call begins. Waits for the running ones to pause.
fn pause() {
    places::fork_begins();
    let start = Instant::now();
    let held_up = || UNDER_WAY.hold_up_a_fork() || RUNNING.hold_up_a_fork();
    while held_up() && start.elapsed() < PATIENCE {
        std::thread::sleep(LOOK);
    }
}

/// After a fork, in the parent.
fn resume() {
    places::fork_ends();
}

/// After a fork, in the child: the threads whose calls were running do not exist there.
fn forget() {
    UNDER_WAY.clear();
    RUNNING.clear();
    places::nobody_forks();
    // SAFETY: null, or what `own_generation` has put there.
    if let Some(own) = unsafe { OWN.load(Ordering::Acquire).as_ref() } {
        own.store(0, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::super::parked_threads::of_program;
    use super::super::pcsc_calls::{long, of_card, short};
    use super::super::places::SETTLED;
    use super::*;
    use crate::sys::long_lock::LongLock;
    use std::cell::Cell;
    use std::io::{Read, Write};
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;
    use std::sync::atomic::AtomicBool;

    fn wait_for_bytes(mut far: &UnixStream) {
        let mut wanted = libc::pollfd { fd: far.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one descriptor, which stays open.
        assert_eq!(unsafe { libc::poll(&raw mut wanted, 1, -1) }, 1);
        far.read_exact(&mut [0]).unwrap();
    }

    /// The thread may not have got so far at first.
    fn a_pause_takes_no_time_beside(what: impl Fn(&dyn Fn())) {
        let pausing = Cell::new(Duration::MAX);
        for _ in 0..20 {
            what(&|| {
                std::thread::sleep(Duration::from_millis(5));
                let start = Instant::now();
                pause();
                pausing.set(pausing.get().min(start.elapsed()));
                resume();
            });
        }
        assert!(pausing.get() < Duration::from_millis(10), "{:?}", pausing.get());
    }

    /// One test, because there is one set of places for the process.
    #[test]
    fn a_pause_waits_for_short_calls_and_holds_new_ones_back() {
        let (inside, leave) = (AtomicBool::new(false), AtomicBool::new(false));
        let until = |flag: &AtomicBool| {
            while !flag.load(Ordering::SeqCst) {
                std::thread::sleep(LOOK);
            }
        };
        let begin = |kind: fn(&dyn Fn())| {
            kind(&|| {
                inside.store(true, Ordering::SeqCst);
                until(&leave);
            });
        };
        std::thread::scope(|scope| {
            // A call that takes long does not hold the fork up.
            let waiting = scope.spawn(|| begin(|call| long(call)));
            until(&inside);
            let start = Instant::now();
            pause();
            assert!(start.elapsed() < PATIENCE);
            // Nothing begins now.
            let held = [
                scope.spawn(|| short(Instant::now)),
                scope.spawn(|| long(Instant::now)),
                scope.spawn(|| of_program(Instant::now)),
            ];
            std::thread::sleep(SETTLED);
            let resumed = Instant::now();
            resume();
            for call in held {
                assert!(call.join().unwrap() >= resumed);
            }
            leave.store(true, Ordering::SeqCst);
            waiting.join().unwrap();
            // A short one is waited for.
            inside.store(false, Ordering::SeqCst);
            leave.store(false, Ordering::SeqCst);
            let ending = scope.spawn(|| begin(|call| short(call)));
            until(&inside);
            let pausing = scope.spawn(pause);
            std::thread::sleep(SETTLED);
            assert!(!pausing.is_finished());
            leave.store(true, Ordering::SeqCst);
            pausing.join().unwrap();
            resume();
            ending.join().unwrap();
            // So is a call of the program, until it has run for so long that it must be waiting for something.
            inside.store(false, Ordering::SeqCst);
            leave.store(false, Ordering::SeqCst);
            let before = Instant::now();
            let running = scope.spawn(|| begin(|call| of_program(call)));
            until(&inside);
            pause();
            assert!(before.elapsed() >= SETTLED);
            resume();
            leave.store(true, Ordering::SeqCst);
            running.join().unwrap();
        });
        // Not one that waits for a lock which is held for long, nor one that reads the daemon's answer.
        a_pause_takes_no_time_beside(|told| {
            let lock = LongLock::<()>::default();
            let held = lock.lock();
            std::thread::scope(|scope| {
                scope.spawn(|| of_program(|| drop(lock.lock())));
                told();
                drop(held);
            });
        });
        let (near, far) = UnixStream::pair().unwrap();
        a_pause_takes_no_time_beside(|told| {
            std::thread::scope(|scope| {
                scope.spawn(|| of_program(|| of_card(|| wait_for_bytes(&far))));
                told();
                (&near).write_all(&[1]).unwrap();
            });
        });
        // The child has none of it.
        pause();
        forget();
        assert_eq!(short(|| 1), 1);
    }
}

//! The moment of a fork: the module stands still, so that no lock of a library is held whose holder the child lacks.
//!
//! No call begins; those under way stand still or wait for something. Which locks these are is told in `pcsc_calls` and
//! [`parked_threads`](super::parked_threads).

use super::parked_threads::RUNNING;
use super::pcsc_calls::UNDER_WAY;
use super::places::{self, LOOK};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// No fork waits longer, not even for a daemon that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Has the module stand still for every fork. Done once, at the first C_Initialize. The library stays mapped, so the
/// functions are there as long as the process is.
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
        // SAFETY: functions for ever, which allocate nothing and take no lock. Where they are refused for want of
        // memory, the module works, and a fork is as safe as the PC/SC library makes it.
        let _ = unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
    }
}

/// Before a fork: from now on no call begins, and those under way stand still or wait.
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

/// After a fork, in the child: it has none of the threads whose calls were under way.
fn forget() {
    UNDER_WAY.clear();
    RUNNING.clear();
    places::nobody_forks();
}

#[cfg(test)]
mod tests {
    use super::super::parked_threads::of_program;
    use super::super::pcsc_calls::{long, short};
    use super::super::places::SETTLED;
    use super::*;
    use std::sync::atomic::AtomicBool;

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
        // The child has none of it.
        pause();
        forget();
        assert_eq!(short(|| 1), 1);
    }
}

//! Work that is done on all processors.

use std::sync::Mutex;

/// Does parts of the work, as many at a time as there are processors. Gives what came of them.
///
/// # Panics
/// Where the work does.
pub fn side_by_side<R: Send>(parts: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let (next, outcomes) = (Mutex::new(0..parts), Mutex::new(Vec::new()));
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(|| {
                loop {
                    let part = next.lock().expect("no panic").next();
                    let Some(part) = part else { break };
                    let outcome = work(part);
                    outcomes.lock().expect("no panic").push(outcome);
                }
            });
        }
    });
    outcomes.into_inner().expect("no panic")
}

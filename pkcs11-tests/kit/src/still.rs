//! How still a program stands that has nothing to do, and how long its forks hold up one that has much to do.

use crate::{Child, Module, PIN1, Session, call, until};
use cryptoki_sys::*;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A program that has just begun to wait looks once more.
const TO_SETTLE: Duration = Duration::from_millis(2500);

/// How often a program wakes in this time that is logged in with PIN1, and of which one thread waits for an event and
/// another one for nothing: voluntary context switches of all its threads, as the kernel counts them.
///
/// # Panics
/// Where it does not get so far. A card has to be there, and no thread but this one may use the module.
pub fn wakeups(module: &'static Module, time: Duration) -> u64 {
    let patience = time + Duration::from_secs(30);
    let child = Child::fork(patience, || i32::from(waits(module).is_err()));
    let id = child.id();
    until("both its threads wait", || tasks(id).len() == 2);
    std::thread::sleep(TO_SETTLE);
    let before = switches(id);
    std::thread::sleep(time);
    let after = switches(id);
    assert_eq!(child.kill(), libc::SIGKILL, "it ended before its time");
    after - before
}

fn waits(module: &'static Module) -> Result<(), CK_RV> {
    let _running = module.initialize()?;
    let session = module.open(module.slot(PIN1.0)?)?;
    session.login(CKU_USER, PIN1.1)?;
    std::thread::spawn(|| {
        let mut slot = 0;
        call!(module, C_WaitForSlotEvent(0, &mut slot, ptr::null_mut()))
    });
    // SAFETY: a plain system call.
    unsafe { libc::pause() };
    Ok(())
}

/// The folders of a process's threads.
fn tasks(process: libc::pid_t) -> Vec<std::path::PathBuf> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    tasks.filter_map(|task| Some(task.ok()?.path())).collect()
}

fn switches(process: libc::pid_t) -> u64 {
    let of = |task: &std::path::PathBuf| {
        let status = std::fs::read_to_string(task.join("status")).expect("the state of a thread");
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        line.and_then(|number| number.trim().parse::<u64>().ok()).expect("a number of switches")
    };
    tasks(process).iter().map(of).sum()
}

/// What one of the threads does again and again.
type Work = fn(&Session<'_>) -> Result<(), CK_RV>;

/// What eight busy threads do, two of them each: sign, list the slots, open a session and search, ask for an event.
const BUSY: [Work; 4] = [
    |session| {
        let key = session.object(CKO_PRIVATE_KEY, 0x45)?;
        session.sign(CKM_ECDSA, key, &[1; 48]).map(drop)
    },
    |session| session.module().slots(true).map(drop),
    |session| session.module().open(session.info()?.slotID)?.find(&[]).map(drop),
    |session| {
        let mut slot = 0;
        match call!(session.module(), C_WaitForSlotEvent(CKF_DONT_BLOCK, &mut slot, ptr::null_mut())) {
            Err(CKR_NO_EVENT) => Ok(()),
            other => other,
        }
    },
];

/// How long a fork takes in the mean while eight threads are busy with the module. The session is logged in with PIN1 of
/// a card with EC keys.
///
/// # Panics
/// Where a thread gets an error, or is not busy at all.
pub fn mean_fork(session: &Session<'_>, forks: u32) -> Duration {
    const PATIENCE: Duration = Duration::from_secs(30);
    let stop = AtomicBool::new(false);
    let rounds = [const { AtomicU32::new(0) }; 8];
    let mut taken = Duration::ZERO;
    std::thread::scope(|scope| {
        for (number, rounds) in rounds.iter().enumerate() {
            let (work, stop) = (BUSY[number % BUSY.len()], &stop);
            scope.spawn(move || {
                // Each has a session of its own: those of one session wait for each other in any case.
                let own = session.module().open(session.info().expect("C_GetSessionInfo").slotID);
                let own = own.expect("C_OpenSession");
                while !stop.load(Ordering::Relaxed) {
                    work(&own).unwrap_or_else(|code| panic!("{}", crate::name(code)));
                    rounds.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..forks {
            std::thread::sleep(Duration::from_millis(7));
            let start = Instant::now();
            let child = Child::fork(PATIENCE, || 0);
            taken += start.elapsed();
            assert_eq!(child.wait(), 0);
        }
        stop.store(true, Ordering::Relaxed);
    });
    for rounds in rounds {
        assert!(rounds.into_inner() > 5, "a thread was not busy");
    }
    taken / forks
}

//! What takes n things in hand takes n times as long as for one, and room for no more than was given.
//!
//! Measured is processor time of the calling thread, of which the rest of the machine takes nothing: for n things and for
//! four times as many: up to 16,000 sessions, and 2,000 objects. In proportion is four times; with the square of n it
//! would be sixteen.

use cryptoki_sys::*;
use kit::{ANY, PIN1, Session, Template, World, bytes, call, refused};
use std::time::Duration;

fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: room for the time.
    assert_eq!(unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) }, 0);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn spent(act: impl FnOnce()) -> Duration {
    let start = processor_time();
    act();
    processor_time() - start
}

/// The least of some attempts counts, because caches may be cold.
#[track_caller]
fn grows_in_proportion(what: &str, few: usize, work: impl Fn(usize) -> Duration) {
    let least = |number| (0..3).map(|_| work(number)).min().unwrap();
    let (few, many) = (least(few), least(4 * few));
    let growth = many.as_secs_f64() / few.as_secs_f64();
    assert!(growth < 9.0, "{what}: {few:?}, and for four times as many {many:?}");
}

fn data(label: &[u8]) -> Template {
    Template::new().number(CKA_CLASS, CKO_DATA).with(CKA_LABEL, label).flag(CKA_PRIVATE, false)
}

#[test]
fn opening_and_closing_sessions() {
    let (world, _card) = World::with(ANY);
    let slot = world.slot(PIN1);
    let open = |number| (0..number).map(|_| world.module.open(slot).unwrap()).collect::<Vec<Session<'_>>>();
    grows_in_proportion("opening", 4000, |number| {
        let mut sessions = Vec::new();
        let time = spent(|| sessions = open(number));
        call!(world.module, C_CloseAllSessions(slot)).unwrap();
        sessions.into_iter().for_each(std::mem::forget);
        time
    });
    grows_in_proportion("closing", 4000, |number| {
        let sessions = open(number);
        spent(|| sessions.into_iter().for_each(|session| session.close().unwrap()))
    });
    grows_in_proportion("closing with an object in each", 500, |number| {
        let sessions = open(number);
        for session in &sessions {
            session.create(&data(b"one")).unwrap();
        }
        spent(|| sessions.into_iter().for_each(|session| session.close().unwrap()))
    });
}

#[test]
fn finding_objects_one_by_one() {
    let (world, _card) = World::with(ANY);
    grows_in_proportion("finding", 500, |number| {
        let session = world.open(PIN1);
        for _ in 0..number {
            session.create(&data(b"many")).unwrap();
        }
        let mut template =
            CK_ATTRIBUTE { type_: CKA_LABEL, pValue: b"many".as_ptr().cast_mut().cast(), ulValueLen: 4 };
        call!(world.module, C_FindObjectsInit(session.handle(), &mut template, 1)).unwrap();
        let mut found = 0;
        let time = spent(|| {
            loop {
                let (mut object, mut count) = (0, 0);
                call!(world.module, C_FindObjects(session.handle(), &mut object, 1, &mut count)).unwrap();
                if count == 0 {
                    break;
                }
                found += 1;
            }
        });
        assert_eq!(found, number);
        call!(world.module, C_FindObjectsFinal(session.handle())).unwrap();
        time
    });
}

/// One value may stand in a template many times, and each would need room of its own.
#[test]
fn a_template_larger_than_any_object_is_refused() {
    const MEBIBYTE: usize = 1 << 20;
    let (world, _card) = World::with(ANY);
    let session = world.open(PIN1);
    let value = vec![7_u8; MEBIBYTE];
    let shared = CK_ATTRIBUTE {
        type_: CKA_VALUE,
        pValue: value.as_ptr().cast_mut().cast(),
        ulValueLen: MEBIBYTE as CK_ULONG,
    };
    let mut template = [shared; 4096];
    let mut object = 0;
    let start = template.as_mut_ptr();
    refused(call!(world.module, C_CreateObject(session.handle(), start, 4096, &mut object)), CKR_HOST_MEMORY);
    refused(call!(world.module, C_FindObjectsInit(session.handle(), start, 4096)), CKR_HOST_MEMORY);
    // One alone is taken.
    let whole = Template::new().number(CKA_CLASS, CKO_DATA).with(CKA_VALUE, &value).flag(CKA_PRIVATE, false);
    let object = session.create(&whole).unwrap();
    assert_eq!(session.find(&[(CKA_CLASS, &bytes(CKO_DATA)), (CKA_VALUE, &value)]).unwrap(), [object]);
}

//! Children of a busy program, threads that begin and end the module's use at once, and a module that is loaded and
//! unloaded again and again.

use abi::{ANY, PIN1, Watched, World, name};
use cryptoki_sys::*;
use libloading::{Library, Symbol};
use rig::{Module, call};
use std::ptr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

const INPUT: &[u8] = &[1; 48];
const FORKS: usize = 200;

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").expect("the threads of this process").count()
}

/// What the child found wrong, as its exit status; 0 is nothing. The card itself it leaves to its parent, which signs
/// without a pause: pcscd is not fair between programs and may let nobody else in for seconds. It allocates nothing and does not panic: the test
/// harness's threads are not there.
fn child(module: &Module) -> libc::c_int {
    let list = module.v2_40();
    let (Some(initialize), Some(finalize), Some(info), Some(slots)) =
        (list.C_Initialize, list.C_Finalize, list.C_GetInfo, list.C_GetSlotList)
    else {
        return 1;
    };
    let mut about = CK_INFO::default();
    let (mut all, mut count) = ([0; 8], 8);
    // SAFETY: every pointer leads to a value that is long enough.
    let codes = unsafe {
        [
            (info(&mut about), CKR_CRYPTOKI_NOT_INITIALIZED),
            (slots(CK_TRUE, all.as_mut_ptr(), &mut count), CKR_CRYPTOKI_NOT_INITIALIZED),
            (finalize(ptr::null_mut()), CKR_CRYPTOKI_NOT_INITIALIZED),
            (initialize(ptr::null_mut()), CKR_OK),
            (slots(CK_TRUE, all.as_mut_ptr(), &mut count), CKR_OK),
            (finalize(ptr::null_mut()), CKR_OK),
            (info(&mut about), CKR_CRYPTOKI_NOT_INITIALIZED),
        ]
    };
    for (step, (code, expected)) in codes.into_iter().enumerate() {
        if code != expected {
            return 10 + libc::c_int::try_from(step).unwrap_or(0);
        }
    }
    if count == 2 { 0 } else { 2 }
}

/// Forks, lets the child do its work for five seconds at most, and gives how it ended.
fn fork_once(module: &Module) -> libc::c_int {
    // SAFETY: the child calls the module and ends by `_exit`.
    match unsafe { libc::fork() } {
        0 => {
            // SAFETY: system calls without pointers.
            unsafe { libc::alarm(5) };
            let status = child(module);
            // SAFETY: as above; nothing of the parent's is cleaned up.
            unsafe { libc::_exit(status) }
        }
        -1 => panic!("fork: {}", std::io::Error::last_os_error()),
        id => {
            let mut status = 0;
            // SAFETY: the child is our own and not yet waited for.
            assert_eq!(unsafe { libc::waitpid(id, &mut status, 0) }, id);
            status
        }
    }
}

/// Whatever the other threads of the parent hold at that moment: the child has a module of its own, and the parent
/// does not notice.
#[test]
fn a_child_of_a_busy_program_begins_anew_and_its_parent_goes_on() {
    let (world, card) = World::with(ANY);
    let module = world.module;
    let session = world.logged_in(PIN1);
    let key = session.object(CKO_PRIVATE_KEY, 0x45).expect("the private key");
    let (stop, signatures, lists) = (AtomicBool::new(false), AtomicU32::new(0), AtomicU32::new(0));
    let ended = std::thread::scope(|scope| {
        let signing = scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                session.sign(CKM_ECDSA, key, INPUT)?;
                signatures.fetch_add(1, Ordering::SeqCst);
            }
            Ok::<_, CK_RV>(())
        });
        let listing = scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                module.slots(true)?;
                lists.fetch_add(1, Ordering::SeqCst);
            }
            Ok::<_, CK_RV>(())
        });
        let mut ended = Vec::new();
        for round in 0..FORKS {
            let status = fork_once(module);
            if status != 0 {
                ended.push((round, status));
            }
        }
        stop.store(true, Ordering::SeqCst);
        for thread in [signing, listing] {
            let outcome = thread.join().expect("no panic");
            outcome.unwrap_or_else(|code| panic!("the parent was disturbed: {}", name(code)));
        }
        ended
    });
    let busy = (signatures.load(Ordering::SeqCst), lists.load(Ordering::SeqCst));
    assert!(busy.0 > 10 && busy.1 > 10, "the parent was not busy: {busy:?}");
    assert!(ended.is_empty(), "round and status of {} of {FORKS} children: {ended:?}", ended.len());
    session.sign(CKM_ECDSA, key, INPUT).expect("the parent's login stands");
    assert_eq!((card.sent(simcard::PIN1), card.tries(simcard::PIN1)), (1, 5));
}

#[test]
fn of_two_threads_that_initialise_at_once_one_is_served() {
    const TIMES: usize = 200;
    let world = World::enter();
    let module = world.module;
    let start = Barrier::new(2);
    let initialize = || {
        start.wait();
        call!(module, C_Initialize(ptr::null_mut())).err().unwrap_or(CKR_OK)
    };
    std::thread::scope(|scope| {
        let other =
            scope.spawn(|| (0..TIMES).map(|_| (initialize(), start.wait())).map(|(code, _)| code).collect());
        let mut mine = Vec::new();
        for _ in 0..TIMES {
            mine.push(initialize());
            start.wait();
            // Nobody initialises now: the other thread waits at the next beginning, or is on its way there.
            call!(module, C_Finalize(ptr::null_mut())).expect("C_Finalize");
        }
        let others: Vec<CK_RV> = other.join().expect("no panic");
        for pair in mine.into_iter().zip(others) {
            let one =
                [(CKR_OK, CKR_CRYPTOKI_ALREADY_INITIALIZED), (CKR_CRYPTOKI_ALREADY_INITIALIZED, CKR_OK)];
            assert!(one.contains(&pair), "{} and {}", name(pair.0), name(pair.1));
        }
    });
}

/// Threads that log in, sign and end the module's use under each other: every call ends with a code.
#[test]
fn the_end_of_the_use_may_come_in_the_middle_of_anything() {
    const TIMES: usize = 30;
    let (world, card) = World::with(ANY);
    let module = world.module;
    world.finalize();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let busy = [0; 2].map(|_| {
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst) {
                    let Ok(slots) = module.slots(true) else { continue };
                    let Some(slot) = slots.first() else { continue };
                    let Ok(session) = module.open(*slot) else { continue };
                    let _ = session.login(CKU_USER, PIN1.1);
                    if let Ok(key) = session.object(CKO_PRIVATE_KEY, 0x45) {
                        let _ = session.sign(CKM_ECDSA, key, INPUT);
                    }
                }
            })
        });
        for _ in 0..TIMES {
            world.initialize();
            // Time to get anywhere; where exactly is up to chance.
            std::thread::sleep(std::time::Duration::from_millis(5));
            world.finalize();
        }
        stop.store(true, Ordering::SeqCst);
        busy.into_iter().for_each(|thread| thread.join().expect("no panic"));
    });
    assert_eq!(card.tries(simcard::PIN1), 5);
    world.initialize();
    let session = world.logged_in(PIN1);
    session
        .sign(CKM_ECDSA, session.object(CKO_PRIVATE_KEY, 0x45).expect("the key"), INPUT)
        .expect("a signature");
}

#[test]
fn a_module_may_be_loaded_used_and_unloaded_a_hundred_times() {
    type GetFunctionList = unsafe extern "C" fn(*mut *mut CK_FUNCTION_LIST) -> CK_RV;
    let world = World::enter();
    let _card = world.insert(ANY);
    let copy = rig::scratch("unload").join("avain-pkcs11.so");
    std::fs::copy(Module::under_test(), &copy).expect("a copy of the module");
    let before = threads();
    for _ in 0..100 {
        // SAFETY: that loading the module does no harm is what is tested.
        let library = unsafe { Library::new(&copy) }.expect("the module loads");
        {
            // SAFETY: the type that the standard gives this symbol.
            let function: Symbol<'_, GetFunctionList> =
                unsafe { library.get(b"C_GetFunctionList\0") }.expect("C_GetFunctionList");
            let mut list = ptr::null_mut();
            // SAFETY: the pointer is good.
            assert_eq!(unsafe { function(&mut list) }, CKR_OK);
            // SAFETY: the module gave it out and is loaded.
            let list = unsafe { &*list };
            let (mut slots, mut count) = ([0; 8], 8);
            // SAFETY: the pointers are good or NULL.
            let codes = unsafe {
                [
                    list.C_Initialize.expect("C_Initialize")(ptr::null_mut()),
                    list.C_GetSlotList.expect("C_GetSlotList")(CK_TRUE, slots.as_mut_ptr(), &mut count),
                    list.C_Finalize.expect("C_Finalize")(ptr::null_mut()),
                ]
            };
            assert_eq!((codes, count), ([CKR_OK; 3], 2));
        }
        library.close().expect("dlclose");
    }
    assert!(threads() <= before, "{before} threads, then {}", threads());
}

//! The life cycle of a module (§5.4): beginning and end, threads, children, several processes, unloading.
//!
//! Which test holds which demand is said in [`DEMANDS`]; what is not in another file is here.

use cryptoki_sys::*;
use kit::{ANY, Child, Module, PIN1, PIN2, Session, Watched, World, call, name, refused};
use libloading::{Library, Symbol};
use std::collections::VecDeque;
use std::ptr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A file, and names of tests in it.
type Tests = (&'static str, &'static [&'static str]);

/// What is demanded of the life cycle, and the tests that hold it: file and names.
const DEMANDS: &[(&str, &[Tests])] = &[
    (
        "the arguments of C_Initialize: a reserved pointer, all mutex functions or none, locks of the system",
        &[(
            "quick/general",
            &["every_permitted_way_to_initialise_is_taken", "wrong_arguments_do_not_initialise"],
        )],
    ),
    (
        "no thread, ever",
        &[
            ("lifecycle", &["the_module_makes_no_thread"]),
            ("daemon/c_programs", &["the_whole_function_list_works_in_one_thread"]),
        ],
    ),
    (
        "one C_Initialize and one C_Finalize, and another round after that",
        &[
            (
                "quick/general",
                &[
                    "one_initialises_once",
                    "one_finalises_once_and_without_a_reserved_pointer",
                    "nothing_outlives_finalisation",
                ],
            ),
            ("lifecycle", &["fifty_uses_leave_nothing_behind"]),
        ],
    ),
    (
        "of threads that initialise at once one is served",
        &[("lifecycle", &["of_threads_that_initialise_at_once_one_is_served"])],
    ),
    (
        "a child begins anew, whatever its parent's threads hold, and its parent goes on",
        &[
            ("lifecycle", &["children_of_a_busy_program_begin_anew_and_it_goes_on"]),
            ("lifecycle", &["a_child_in_a_namespace_of_its_own_begins_anew_too"]),
            ("daemon/c_programs", &["a_forked_child_begins_anew_and_leaves_its_parent_alone"]),
        ],
    ),
    (
        "no interface is promised to survive a fork",
        &[("quick/interfaces", &["what_is_no_interface_is_a_failure"])],
    ),
    (
        "C_Finalize ends a blocked C_WaitForSlotEvent, also when C_Initialize follows at once",
        &[("quick/slots", &["a_blocked_wait_ends_with_its_module_also_if_that_begins_anew_at_once"])],
    ),
    (
        "C_Finalize in the middle of other calls waits for nobody and breaks nothing",
        &[
            ("quick/waiting", &["a_card_that_another_one_keeps_busy_delays_only_who_wants_it"]),
            ("lifecycle", &["the_end_of_the_use_may_come_in_the_middle_of_anything"]),
            ("daemon/c_programs", &["a_program_may_end_without_finalising"]),
        ],
    ),
    (
        "unloading does no harm, also to threads that have used the module, and without C_Finalize",
        &[
            (
                "lifecycle",
                &[
                    "a_module_may_be_loaded_used_and_unloaded_a_hundred_times",
                    "a_module_that_was_unloaded_in_use_is_in_use_when_it_is_loaded_again",
                ],
            ),
            ("daemon/library", &["loading_and_unloading_leaves_no_trace", "the_library_stays_loaded"]),
        ],
    ),
    (
        "before C_Initialize only the functions that give out lists work",
        &[("quick/general", &["before_initialisation_no_function_works_but_four"])],
    ),
    (
        "several processes use one card",
        &[
            ("lifecycle", &["several_processes_sign_with_one_card"]),
            ("quick/sharing", &["two_programs_use_one_card_at_once"]),
            ("quick/sharing", &["a_second_program_neither_selects_nor_touches_a_pin_to_look_at_a_card"]),
        ],
    ),
    (
        "without a daemon there are no slots, and a restarted one is found",
        &[
            (
                "quick/general",
                &[
                    "without_a_daemon_there_are_no_slots_until_it_comes",
                    "after_a_restart_of_the_daemon_the_first_look_sees_the_card",
                    "while_the_daemon_is_away_tokens_are_gone",
                ],
            ),
            ("quick/sharing", &["a_restart_of_the_daemon_ends_the_login"]),
        ],
    ),
    (
        "symbols of the program do not take the place of the module's",
        &[
            ("daemon/c_programs", &["functions_of_the_program_do_not_take_the_place_of_the_modules"]),
            ("daemon/library", &["three_symbols_are_exported_and_no_more"]),
        ],
    ),
];

/// An index that names what is not there would be worse than none.
#[test]
fn every_demand_has_its_tests() {
    for (demand, places) in DEMANDS {
        for (file, tests) in *places {
            let path = format!("{}/tests/{file}.rs", env!("CARGO_MANIFEST_DIR"));
            let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            for test in *tests {
                let there = source.contains(&format!("#[test]\nfn {test}() {{"));
                assert!(there, "{demand}: no test {test} in {file}.rs");
            }
        }
    }
}

const INPUT: &[u8] = &[1; 48];

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").expect("the threads of this process").count()
}

fn sign(session: &Session<'_>) -> Result<Vec<u8>, CK_RV> {
    session.sign(CKM_ECDSA, session.object(CKO_PRIVATE_KEY, 0x45)?, INPUT)
}

// --- Children

/// How many children the busy program has: each waits until the program stands still. AVAIN_FORKS asks for more.
fn forks() -> usize {
    let asked = std::env::var("AVAIN_FORKS").ok();
    asked.map_or(2_000, |number| number.parse().expect("AVAIN_FORKS is a number"))
}

/// How many of them live at a time.
const AT_A_TIME: usize = 4;
/// A child that is not done by then hangs. Generous: the machine may be busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a child does, and its exit status: 0 where all was as expected.
type Work = fn(&Module) -> libc::c_int;

/// Children in turn. The card they leave to their parent, which signs without a pause: pcscd is not fair between
/// programs and may let nobody else in for seconds.
const CHILDREN: [Work; 4] = [uses_the_module, |module| first_look(module), leaves_it_in_use, has_threads];

/// Calls in order, with what each has to answer: the number of the first that does not is the exit status.
fn steps<const N: usize>(codes: [(CK_RV, CK_RV); N]) -> libc::c_int {
    let wrong = codes.iter().position(|(code, expected)| code != expected);
    wrong.map_or(0, |step| 10 + libc::c_int::try_from(step).unwrap_or(0))
}

fn first_look(module: &Module) -> libc::c_int {
    let (mut about, mut slots, mut count) = (CK_INFO::default(), [0; 8], 8);
    let code = |outcome: Result<(), CK_RV>| outcome.err().unwrap_or(CKR_OK);
    steps([
        (code(call!(module, C_GetInfo(&mut about))), CKR_CRYPTOKI_NOT_INITIALIZED),
        (
            code(call!(module, C_GetSlotList(CK_TRUE, slots.as_mut_ptr(), &mut count))),
            CKR_CRYPTOKI_NOT_INITIALIZED,
        ),
        (code(call!(module, C_Finalize(ptr::null_mut()))), CKR_CRYPTOKI_NOT_INITIALIZED),
    ])
}

fn leaves_it_in_use(module: &Module) -> libc::c_int {
    let (mut slots, mut count) = ([0; 8], 8);
    let code = |outcome: Result<(), CK_RV>| outcome.err().unwrap_or(CKR_OK);
    let wrong = steps([
        (code(call!(module, C_Initialize(ptr::null_mut()))), CKR_OK),
        (code(call!(module, C_GetSlotList(CK_TRUE, slots.as_mut_ptr(), &mut count))), CKR_OK),
    ]);
    if wrong == 0 && count != 2 { 2 } else { wrong }
}

fn uses_the_module(module: &Module) -> libc::c_int {
    let wrong = [first_look, leaves_it_in_use].iter().map(|work| work(module)).find(|status| *status != 0);
    wrong.unwrap_or_else(|| {
        let end = call!(module, C_Finalize(ptr::null_mut()));
        if end == Ok(()) { first_look(module) } else { 3 }
    })
}

/// Its threads contend for the locks of the module, which must be its own.
fn has_threads(module: &Module) -> libc::c_int {
    let initialize = || call!(module, C_Initialize(ptr::null_mut())).err().unwrap_or(CKR_OK);
    let look = || {
        let code = initialize();
        (code, (0..5).all(|_| module.slots(true).is_ok_and(|slots| slots.len() == 2)))
    };
    let answers =
        std::thread::scope(|scope| [0; 3].map(|_| scope.spawn(look)).map(|thread| thread.join().ok()));
    let served = answers.iter().flatten().filter(|(code, _)| *code == CKR_OK).count();
    let looked = answers.iter().flatten().filter(|(_, seen)| *seen).count();
    if (served, looked) == (1, 3) { 0 } else { 4 }
}

/// Calls until told to stop, and counts.
fn busy(stop: &AtomicBool, call: impl Fn() -> Result<(), CK_RV>) -> Result<u32, CK_RV> {
    let mut times = 0;
    while !stop.load(Ordering::SeqCst) {
        call()?;
        times += 1;
        // The children want some of the processor, too.
        std::thread::sleep(Duration::from_micros(200));
    }
    Ok(times)
}

/// Whatever the other threads of the parent hold at that moment: the child has a module of its own, and the parent
/// does not notice.
#[test]
fn children_of_a_busy_program_begin_anew_and_it_goes_on() {
    let (world, card) = World::on_the_daemon_with(ANY);
    let module = world.module;
    let session = world.logged_in(PIN1);
    let slot = session.info().expect("C_GetSessionInfo").slotID;
    let stop = AtomicBool::new(false);
    let mut wrong = Vec::new();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let mut slot = 0;
            call!(module, C_WaitForSlotEvent(0, &mut slot, ptr::null_mut()))
        });
        let stop = &stop;
        let working = [
            scope.spawn(|| busy(stop, || sign(&session).map(drop))),
            scope.spawn(move || busy(stop, || module.slots(true).map(drop))),
            scope.spawn(move || busy(stop, || module.open(slot)?.find(&[]).map(drop))),
            scope.spawn(move || {
                busy(stop, || {
                    let mut slot = 0;
                    let nothing =
                        call!(module, C_WaitForSlotEvent(CKF_DONT_BLOCK, &mut slot, ptr::null_mut()));
                    if nothing == Err(CKR_NO_EVENT) { Ok(()) } else { Err(CKR_GENERAL_ERROR) }
                })
            }),
        ];
        let mut alive: VecDeque<(usize, Child)> = VecDeque::new();
        for round in 0..forks() + AT_A_TIME {
            if alive.len() == AT_A_TIME || round >= forks() {
                let Some((round, child)) = alive.pop_front() else { break };
                let status = child.wait();
                if status != 0 {
                    wrong.push((round, status));
                }
            }
            if round < forks() {
                let work = CHILDREN[round % CHILDREN.len()];
                alive.push_back((round, Child::fork(PATIENCE, || work(module))));
            }
        }
        stop.store(true, Ordering::SeqCst);
        for thread in working {
            let times = thread.join().expect("no panic");
            let times = times.unwrap_or_else(|code| panic!("the parent was disturbed: {}", name(code)));
            assert!(times > 10, "the parent was not busy");
        }
        sign(&session).expect("the parent's login stands");
        world.finalize();
        refused(waiting.join().expect("no panic"), CKR_CRYPTOKI_NOT_INITIALIZED);
    });
    assert!(wrong.is_empty(), "round and status of {} children: {wrong:?}", wrong.len());
    assert_eq!((card.sent(simcard::PIN1), card.tries(simcard::PIN1)), (1, 5));
}

/// A fork waits until every thread is where a child can bear it: not for what a card takes, nor for threads that wait for
/// each other. It took 47 ms when it did.
#[test]
fn a_fork_of_a_busy_program_takes_milliseconds() {
    const BOUND: Duration = Duration::from_millis(15);
    let (world, card) = World::on_the_daemon_with(ANY);
    let session = world.logged_in(PIN1);
    let mean = kit::mean_fork(&session, 100);
    eprintln!("a fork with eight busy threads takes {mean:?}");
    assert!(mean < BOUND, "{mean:?}");
    assert_eq!(card.tries(simcard::PIN1), 5);
}

/// The first process of a new namespace does this: its process id is 1.
fn first_of_a_namespace(work: impl FnOnce() -> libc::c_int) -> libc::c_int {
    let unshare = |spaces| {
        // SAFETY: a system call without pointers, in a process with one thread.
        unsafe { libc::unshare(spaces) }
    };
    if unshare(libc::CLONE_NEWPID) != 0 && unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWPID) != 0 {
        return 102;
    }
    let child = Child::fork(PATIENCE, || if std::process::id() == 1 { work() } else { 103 });
    libc::WEXITSTATUS(child.wait())
}

/// Parent and child are both process 1, each in its namespace.
#[test]
fn a_child_in_a_namespace_of_its_own_begins_anew_too() {
    let world = World::on_the_daemon();
    let module = world.module;
    let child = Child::fork(PATIENCE, || {
        first_of_a_namespace(|| match module.initialize() {
            Ok(_running) => first_of_a_namespace(|| first_look(module)),
            Err(_) => 104,
        })
    });
    assert_eq!(libc::WEXITSTATUS(child.wait()), 0);
}

/// Each logs in by itself, and none takes the other's login away for good.
#[test]
fn several_processes_sign_with_one_card() {
    const TIMES: u32 = 5;
    fn works(module: &Module) -> Result<(), CK_RV> {
        let _running = module.initialize()?;
        let session = module.open(module.slot(PIN1.0)?)?;
        session.login(CKU_USER, PIN1.1)?;
        for _ in 0..TIMES {
            sign(&session)?;
            // pcscd is not fair: without a pause one program may keep the card.
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
    let (world, card) = World::on_the_daemon_with(ANY);
    let session = world.logged_in(PIN1);
    sign(&session).expect("a signature");
    let children = [0; 3].map(|_| Child::fork(PATIENCE, || i32::from(works(world.module).is_err())));
    for _ in 0..TIMES {
        sign(&session).expect("a signature beside the children");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(children.map(Child::wait), [0; 3]);
    sign(&session).expect("the parent's login stands");
    assert_eq!(card.tries(simcard::PIN1), 5);
}

// --- Threads

#[test]
fn of_threads_that_initialise_at_once_one_is_served() {
    const TIMES: usize = 500;
    let world = World::on_the_daemon();
    let module = world.module;
    let start = Barrier::new(4);
    let initialize = || {
        (0..TIMES).map(|_| {
            start.wait();
            let code = call!(module, C_Initialize(ptr::null_mut())).err().unwrap_or(CKR_OK);
            // All have their answer before the one that was served ends it, and it has ended before the next round.
            start.wait();
            if code == CKR_OK {
                call!(module, C_Finalize(ptr::null_mut())).expect("C_Finalize");
            }
            start.wait();
            code
        })
    };
    let answers: Vec<Vec<CK_RV>> = std::thread::scope(|scope| {
        let threads = [0; 4].map(|_| scope.spawn(|| initialize().collect()));
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    for round in 0..TIMES {
        let mut codes: Vec<_> = answers.iter().map(|codes| codes[round]).collect();
        codes.sort_unstable();
        let late = CKR_CRYPTOKI_ALREADY_INITIALIZED;
        assert_eq!(codes, [CKR_OK, late, late, late], "round {round}");
    }
}

/// Threads that log in, sign and end the module's use under each other: every call ends with a code.
#[test]
fn the_end_of_the_use_may_come_in_the_middle_of_anything() {
    const TIMES: usize = 30;
    let (world, card) = World::on_the_daemon_with(ANY);
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
                    let _ = sign(&session);
                }
            })
        });
        for _ in 0..TIMES {
            world.initialize();
            // Time to get anywhere; where exactly is up to chance.
            std::thread::sleep(Duration::from_millis(5));
            world.finalize();
        }
        stop.store(true, Ordering::SeqCst);
        busy.into_iter().for_each(|thread| thread.join().expect("no panic"));
    });
    assert_eq!(card.tries(simcard::PIN1), 5);
    world.initialize();
    sign(&world.logged_in(PIN1)).expect("a signature");
}

// --- Unloading

/// A copy of the module, which no other test has loaded.
fn copy(name: &str) -> std::path::PathBuf {
    let copy = kit::scratch("unload").join(name);
    std::fs::copy(Module::under_test(), &copy).expect("a copy of the module");
    copy
}

type GetFunctionList = unsafe extern "C" fn(*mut *mut CK_FUNCTION_LIST) -> CK_RV;

/// Loads the module, does something with its functions, and unloads it.
fn loaded<R>(path: &std::path::Path, act: impl FnOnce(&CK_FUNCTION_LIST) -> R) -> R {
    // SAFETY: that loading the module does no harm is what is tested.
    let library = unsafe { Library::new(path) }.expect("the module loads");
    // SAFETY: the type that the standard gives this symbol.
    let function: Symbol<'_, GetFunctionList> =
        unsafe { library.get(b"C_GetFunctionList\0") }.expect("C_GetFunctionList");
    let mut list = ptr::null_mut();
    // SAFETY: the pointer is good.
    assert_eq!(unsafe { function(&mut list) }, CKR_OK);
    // SAFETY: the module gave it out and is loaded.
    let result = act(unsafe { &*list });
    library.close().expect("dlclose");
    result
}

fn initialize(list: &CK_FUNCTION_LIST) -> CK_RV {
    // SAFETY: no arguments are permitted.
    unsafe { list.C_Initialize.expect("C_Initialize")(ptr::null_mut()) }
}

fn finalize(list: &CK_FUNCTION_LIST) -> CK_RV {
    // SAFETY: the pointer has to be NULL.
    unsafe { list.C_Finalize.expect("C_Finalize")(ptr::null_mut()) }
}

/// How many tokens there are.
fn tokens(list: &CK_FUNCTION_LIST) -> Result<CK_ULONG, CK_RV> {
    let (mut slots, mut count) = ([0; 8], 8);
    // SAFETY: there is room for eight.
    match unsafe { list.C_GetSlotList.expect("C_GetSlotList")(CK_TRUE, slots.as_mut_ptr(), &mut count) } {
        CKR_OK => Ok(count),
        code => Err(code),
    }
}

#[test]
fn a_module_may_be_loaded_used_and_unloaded_a_hundred_times() {
    let world = World::on_the_daemon();
    let _card = world.insert(ANY);
    let (copy, before) = (copy("again-and-again.so"), threads());
    for _ in 0..100 {
        let (used, unloaded) = (Barrier::new(2), Barrier::new(2));
        std::thread::scope(|scope| {
            // A thread that has used the module and ends only when it was unloaded.
            let other = loaded(&copy, |list| {
                assert_eq!(initialize(list), CKR_OK);
                let (list, used, unloaded) = (*list, &used, &unloaded);
                let other = scope.spawn(move || {
                    let seen = tokens(&list);
                    used.wait();
                    unloaded.wait();
                    seen
                });
                used.wait();
                assert_eq!((tokens(&list), finalize(&list)), (Ok(2), CKR_OK));
                other
            });
            unloaded.wait();
            assert_eq!(other.join().expect("no panic"), Ok(2));
        });
    }
    assert!(threads() <= before, "{before} threads, then {}", threads());
}

/// It stays mapped, so that no thread can find itself in code that is gone.
#[test]
fn a_module_that_was_unloaded_in_use_is_in_use_when_it_is_loaded_again() {
    let world = World::on_the_daemon();
    let _card = world.insert(ANY);
    let copy = copy("in-use.so");
    assert_eq!(loaded(&copy, initialize), CKR_OK);
    loaded(&copy, |list| {
        assert_eq!((initialize(list), tokens(list)), (CKR_CRYPTOKI_ALREADY_INITIALIZED, Ok(2)));
        assert_eq!((finalize(list), finalize(list)), (CKR_OK, CKR_CRYPTOKI_NOT_INITIALIZED));
    });
}

// --- Programs that do nothing

/// `make bench` watches for longer.
#[test]
fn a_program_that_waits_or_is_logged_in_does_not_wake() {
    const TIME: Duration = Duration::from_secs(4);
    let (world, card) = World::on_the_daemon_with(ANY);
    world.finalize();
    assert_eq!(kit::wakeups(world.module, TIME), 0);
    drop(card);
}

// --- What stays behind

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

#[test]
fn fifty_uses_leave_nothing_behind() {
    let (world, card) = World::on_the_daemon_with(ANY);
    let use_once = || {
        assert_eq!(world.labels(), [PIN1.0, PIN2.0]);
        let session = world.logged_in(PIN1);
        let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        session.sign(CKM_ECDSA, key, &[1; 48]).unwrap();
    };
    use_once();
    world.finalize();
    let before = open_files();
    for _ in 0..50 {
        world.initialize();
        use_once();
        world.finalize();
    }
    assert!(open_files() <= before, "{before} files, then {}", open_files());
    assert_eq!(card.card().tries_left(simcard::PIN1), Some(5));
    world.initialize();
}

/// Names of threads that are not the tests' own: those of the test harness and of simulated cards have names.
fn thread_names() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let names = tasks.filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).ok());
    let mut names: Vec<_> = names.map(|name| name.trim().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_module_makes_no_thread() {
    let (world, card) = World::on_the_daemon_with(ANY);
    let before = thread_names();
    let session = world.logged_in(PIN1);
    let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    session.sign(CKM_ECDSA, key, &[1; 48]).unwrap();
    let mut slot = 0;
    refused(
        call!(world.module, C_WaitForSlotEvent(CKF_DONT_BLOCK, &mut slot, ptr::null_mut())),
        CKR_NO_EVENT,
    );
    let during = thread_names();
    // Tests that have ended take their threads with them.
    assert!(during.len() <= before.len(), "{before:?}, then {during:?}");
    drop(session);
    drop(card);
}

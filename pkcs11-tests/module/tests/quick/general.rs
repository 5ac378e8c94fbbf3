//! C_Initialize, C_Finalize and C_GetInfo (§5.4), and the daemon's absence.

use cryptoki_sys::*;
use kit::{ANY, Backend, Module, PIN1, PIN2, Watched, World, call, functions_3_2, name, refused, text};
use std::ffi::c_void;
use std::ptr;

unsafe extern "C" fn create(_: *mut *mut c_void) -> CK_RV {
    panic!("the module made a mutex by a function of the program")
}

unsafe extern "C" fn on_mutex(_: *mut c_void) -> CK_RV {
    panic!("the module used a mutex of the program")
}

/// Arguments with the mutex functions that `present` names, in the order of the structure.
fn arguments(present: [bool; 4], flags: CK_FLAGS) -> CK_C_INITIALIZE_ARGS {
    let [make, destroy, lock, unlock] = present;
    CK_C_INITIALIZE_ARGS {
        CreateMutex: make.then_some(create),
        DestroyMutex: destroy.then_some(on_mutex),
        LockMutex: lock.then_some(on_mutex),
        UnlockMutex: unlock.then_some(on_mutex),
        flags,
        pReserved: ptr::null_mut(),
    }
}

fn initialize(module: &Module, arguments: &mut CK_C_INITIALIZE_ARGS) -> Result<(), CK_RV> {
    call!(module, C_Initialize(ptr::from_mut(arguments).cast()))
}

fn finalize(module: &Module) -> Result<(), CK_RV> {
    call!(module, C_Finalize(ptr::null_mut()))
}

#[test]
fn every_permitted_way_to_initialise_is_taken() {
    let world = World::enter();
    call!(world.module, C_Initialize(ptr::null_mut())).unwrap();
    finalize(world.module).unwrap();
    for (callbacks, flags) in [
        ([false; 4], 0),
        ([false; 4], CKF_OS_LOCKING_OK),
        ([true; 4], CKF_OS_LOCKING_OK),
        // As NSS does.
        ([true; 4], CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS),
        ([false; 4], CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS),
        ([false; 4], CKF_LIBRARY_CANT_CREATE_OS_THREADS),
    ] {
        initialize(world.module, &mut arguments(callbacks, flags)).unwrap();
        world.module.slots(false).unwrap();
        finalize(world.module).unwrap();
    }
}

/// NSS goes through the slots from the last one to the first, and hands the PIN of `certutil -f` to each: it is to come
/// to PIN1 first, as with programs that begin at the first slot.
#[test]
fn nss_finds_the_slots_of_pin1_at_the_end() {
    let (world, card) = World::with(ANY);
    assert_eq!(world.labels(), [PIN1.0, PIN2.0]);
    world.finalize();
    let flags = CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS;
    initialize(world.module, &mut arguments([true; 4], flags)).unwrap();
    assert_eq!(world.labels(), [PIN2.0, PIN1.0]);
    let slots = world.module.slots(true).unwrap();
    for (slot, answer) in slots.into_iter().rev().zip([Ok(()), Err(CKR_PIN_INCORRECT)]) {
        let session = world.module.open(slot).unwrap();
        assert_eq!(session.login(CKU_USER, PIN1.1), answer);
        std::mem::forget(session);
    }
    assert_eq!((card.sent(simcard::PIN1), card.sent(simcard::PIN2)), (1, 0));
    finalize(world.module).unwrap();
}

/// As long as the number of a card without contacts is missing, NSS would ask for it with PIN2 first, and its user type
/// PIN1 there.
#[test]
fn nss_finds_the_token_of_pin2_once_the_card_is_open() {
    let (world, card) = World::with("fineid-v4.1,interface=contactless,can=571500");
    assert_eq!(world.labels(), ["FINEID (CAN and PIN1)", "FINEID (CAN and PIN2)"]);
    world.finalize();
    let flags = CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS;
    initialize(world.module, &mut arguments([true; 4], flags)).unwrap();
    assert_eq!(world.labels(), ["FINEID (CAN and PIN1)"]);
    let session = world.module.open(world.module.slots(true).unwrap()[0]).unwrap();
    session.login(CKU_USER, &format!("571500/{}", PIN1.1)).unwrap();
    assert_eq!(world.labels(), [PIN2.0, PIN1.0]);
    assert_eq!((card.sent(simcard::PIN1), card.sent(simcard::PIN2)), (1, 0));
    std::mem::forget(session);
    finalize(world.module).unwrap();
}

#[test]
fn wrong_arguments_do_not_initialise() {
    let world = World::enter();
    for mask in 1..15_u8 {
        let some = [1, 2, 4, 8].map(|bit| mask & bit != 0);
        for flags in [0, CKF_OS_LOCKING_OK] {
            refused(initialize(world.module, &mut arguments(some, flags)), CKR_ARGUMENTS_BAD);
        }
    }
    // Only mutexes of the program would do, and these the module cannot use.
    refused(initialize(world.module, &mut arguments([true; 4], 0)), CKR_CANT_LOCK);
    let mut reserved = arguments([false; 4], CKF_OS_LOCKING_OK);
    let mut something = 0_u8;
    reserved.pReserved = (&raw mut something).cast();
    refused(initialize(world.module, &mut reserved), CKR_ARGUMENTS_BAD);
    refused(world.module.slots(false), CKR_CRYPTOKI_NOT_INITIALIZED);
}

#[test]
fn one_initialises_once() {
    let world = World::enter();
    world.initialize();
    refused(call!(world.module, C_Initialize(ptr::null_mut())), CKR_CRYPTOKI_ALREADY_INITIALIZED);
    // The module goes on.
    world.module.slots(false).unwrap();
}

#[test]
fn one_finalises_once_and_without_a_reserved_pointer() {
    let world = World::enter();
    refused(finalize(world.module), CKR_CRYPTOKI_NOT_INITIALIZED);
    call!(world.module, C_Initialize(ptr::null_mut())).unwrap();
    let mut something = 0_u8;
    refused(call!(world.module, C_Finalize((&raw mut something).cast())), CKR_ARGUMENTS_BAD);
    world.module.slots(false).unwrap();
    finalize(world.module).unwrap();
    refused(finalize(world.module), CKR_CRYPTOKI_NOT_INITIALIZED);
}

/// Functions of the list by position, called with nothing but zeros.
fn with_zeros(module: &Module) -> Vec<(usize, CK_RV)> {
    type Any = unsafe extern "C" fn(
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
    ) -> CK_RV;
    let functions = functions_3_2(module).into_iter().enumerate().skip(1);
    functions
        .map(|(place, function)| {
            // SAFETY: a function that takes fewer arguments does not see the others, as the caller owns them all;
            // every argument of every function is a number or a pointer.
            let function: Any = unsafe { std::mem::transmute(function.unwrap()) };
            // SAFETY: NULL and zero are values that each function has to expect.
            (place, unsafe { function(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) })
        })
        .collect()
}

/// C_GetFunctionList, C_GetInterfaceList and C_GetInterface.
const ALWAYS: [usize; 3] = [3, 68, 69];

#[test]
fn before_initialisation_no_function_works_but_four() {
    let world = World::enter();
    for _ in 0..2 {
        for (place, code) in with_zeros(world.module) {
            let expected =
                if ALWAYS.contains(&place) { CKR_ARGUMENTS_BAD } else { CKR_CRYPTOKI_NOT_INITIALIZED };
            assert_eq!(code, expected, "function {place}: {}", name(code));
        }
        // The same after a use.
        world.initialize();
        world.finalize();
    }
}

/// C_Finalize and C_WaitForSlotEvent, which would do as told.
const WITHOUT_FEAR: [usize; 2] = [1, 67];

#[test]
fn no_function_does_anything_with_zeros() {
    let (world, card) = World::with(ANY);
    let before = card.card().log().count();
    let functions: Vec<_> = functions_3_2(world.module);
    assert_eq!(functions.len(), 104);
    type Any = unsafe extern "C" fn(
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
        usize,
    ) -> CK_RV;
    for (place, function) in
        functions.into_iter().enumerate().filter(|(place, _)| !WITHOUT_FEAR.contains(place))
    {
        // SAFETY: as in `with_zeros`.
        let function: Any = unsafe { std::mem::transmute(function.unwrap()) };
        // SAFETY: as in `with_zeros`.
        let code = unsafe { function(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) };
        // No session has the handle 0. Slot 0 there is, and closing its sessions is no error.
        let expected: &[CK_RV] = match place {
            0 => &[CKR_CRYPTOKI_ALREADY_INITIALIZED],
            9 => &[CKR_FUNCTION_NOT_SUPPORTED, CKR_ARGUMENTS_BAD],
            14 => &[CKR_OK],
            _ => &[CKR_ARGUMENTS_BAD, CKR_SESSION_HANDLE_INVALID, CKR_FUNCTION_NOT_PARALLEL],
        };
        assert!(expected.contains(&code), "function {place}: {}", name(code));
    }
    assert_eq!(card.card().log().count(), before);
}

#[test]
fn the_module_says_who_it_is_without_any_reader() {
    let world = World::enter();
    world.initialize();
    let mut info = CK_INFO::default();
    call!(world.module, C_GetInfo(&mut info)).unwrap();
    assert_eq!((info.cryptokiVersion.major, info.cryptokiVersion.minor, info.flags), (3, 2, 0));
    for field in [info.manufacturerID, info.libraryDescription] {
        assert!(!field.contains(&0) && !text(&field).is_empty());
    }
}

/// Sessions, logins and handles end with the module's use.
#[test]
fn nothing_outlives_finalisation() {
    let (world, _card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    world.finalize();
    refused(session.info(), CKR_CRYPTOKI_NOT_INITIALIZED);
    world.initialize();
    refused(session.info(), CKR_SESSION_HANDLE_INVALID);
    assert_eq!(world.open(PIN1).info().unwrap().state, CKS_RO_PUBLIC_SESSION);
}

// --- Without a daemon

#[test]
fn without_a_daemon_there_are_no_slots_until_it_comes() {
    let mut world = World::enter();
    world.rig().stop();
    world.initialize();
    assert!(world.module.slots(false).unwrap().is_empty());
    let mut slot = 0;
    refused(
        call!(world.module, C_WaitForSlotEvent(CKF_DONT_BLOCK, &mut slot, ptr::null_mut())),
        CKR_NO_EVENT,
    );
    world.rig().restart();
    let card = world.insert(ANY);
    assert_eq!(world.module.slots(false).unwrap().len(), 4);
    assert_eq!(world.labels(), [PIN1.0, PIN2.0]);
    world.logged_in(PIN1);
    card.remove();
}

/// Each question after a restart must be answered by the daemon that is there, not by the one that was.
#[test]
fn after_a_restart_of_the_daemon_the_first_look_sees_the_card() {
    let (mut world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let all = world.module.slots(false).unwrap();
    world.rig().stop();
    drop(card);
    world.rig().restart();
    let card = world.insert("fineid-v4.0,holder=2");
    let present = world.module.slots(true).unwrap();
    assert_eq!(world.module.slots(false).unwrap(), all, "slots keep their numbers");
    refused(session.info(), CKR_SESSION_HANDLE_INVALID);
    assert_eq!(present, [all[0], all[2]], "C_GetSlotList, the first call after the restart");
    assert_eq!(world.labels(), [PIN1.0, PIN2.0]);
    world.logged_in(PIN1);
    card.remove();
}

#[test]
fn while_the_daemon_is_away_tokens_are_gone() {
    let (mut world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let slots = world.module.slots(true).unwrap();
    world.rig().stop();
    drop(card);
    let mut info = CK_SLOT_INFO::default();
    call!(world.module, C_GetSlotInfo(slots[0], &mut info)).unwrap();
    assert_eq!(info.flags & CKF_TOKEN_PRESENT, 0);
    refused(world.module.token(slots[0]), CKR_TOKEN_NOT_PRESENT);
    refused(session.info(), CKR_SESSION_HANDLE_INVALID);
    world.rig().restart();
}

/// What goes wrong with one question to the daemon, or with another reader, is no removal of this card.
#[test]
fn a_question_to_the_daemon_that_fails_ends_no_login() {
    // The readers are counted from 0, and the card is in the first. These come between the list and the states.
    const OF_ANOTHER_READER: [&str; 2] = ["GetStatusChange 1 vanished 1", "ListReaders 1 vanished-after 1"];
    const OF_A_MESSAGE: [&str; 8] = [
        "ListReaders 1 comm",
        "ListReaders 1 lost",
        "ListReaders 1 sharing",
        "ListReaders 1 mute",
        "GetStatusChange 1 comm",
        "GetStatusChange 1 lost",
        "GetStatusChange 1 sharing",
        "GetStatusChange 1 mute",
    ];
    if Backend::of_environment() == Backend::Daemon {
        // The real one cannot be told when to fail.
        return;
    }
    let fake = fake_pcsc::Fake::linked();
    for fault in OF_ANOTHER_READER.iter().chain(&OF_A_MESSAGE) {
        let (mut world, card) = World::with(ANY);
        let session = world.logged_in(PIN1);
        let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        fake.tell("clear");
        fake.tell(&format!("fault {fault}"));
        let state = session.info().map(|info| info.state);
        assert!(!fake.tell("played").is_empty(), "{fault} did not happen");
        assert_eq!(state, Ok(CKS_RO_USER_FUNCTIONS), "{fault}");
        let (mut slot, wait) = (0, CKF_DONT_BLOCK);
        let event = call!(world.module, C_WaitForSlotEvent(wait, &mut slot, ptr::null_mut()));
        // A reader that was unplugged is an event, of its own slots.
        assert!(event == Err(CKR_NO_EVENT) || world.module.slots(false).unwrap()[1] == slot, "{fault}");
        session.sign(CKM_ECDSA, key, &[1; 48]).unwrap_or_else(|code| panic!("{fault}: {}", name(code)));
        assert_eq!((card.sent(simcard::PIN1), card.open(simcard::PIN1)), (1, true), "{fault}");
        drop(session);
        card.remove();
        world.finalize();
        world.rig().restart();
    }
}

#[test]
fn random_bytes_fill_the_buffer_and_differ_each_time() {
    let (world, _card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let random = || {
        let mut room = [0_u8; 34];
        call!(world.module, C_GenerateRandom(session.handle(), room[1..].as_mut_ptr(), 32))
            .expect("C_GenerateRandom");
        assert_eq!((room[0], room[33]), (0, 0), "bytes beside the buffer");
        room[1..33].to_vec()
    };
    let first = random();
    assert_ne!(first, [0; 32]);
    assert_ne!(first, random());
}

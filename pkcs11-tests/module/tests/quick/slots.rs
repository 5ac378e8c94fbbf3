//! Slots, tokens and their events (§5.5).

use cryptoki_sys::*;
use kit::countries::KINDS;
use kit::{ANY, Backend, GENERATIONS, InsertedCard, PIN1, PIN2, Watched, World, call, name, refused, text};
use std::collections::HashSet;
use std::ptr;
use std::time::{Duration, Instant};

/// C_WaitForSlotEvent.
fn event(world: &World, flags: CK_FLAGS) -> Result<CK_SLOT_ID, CK_RV> {
    wait(world.module, flags)
}

fn wait(module: &kit::Module, flags: CK_FLAGS) -> Result<CK_SLOT_ID, CK_RV> {
    let mut slot = CK_SLOT_ID::MAX;
    call!(module, C_WaitForSlotEvent(flags, &mut slot, ptr::null_mut()))?;
    Ok(slot)
}

/// All events that have happened, sorted.
fn events(world: &World) -> Vec<CK_SLOT_ID> {
    let mut slots: Vec<_> = std::iter::from_fn(|| event(world, CKF_DONT_BLOCK).ok()).collect();
    slots.sort_unstable();
    slots
}

fn slot_info(world: &World, slot: CK_SLOT_ID) -> Result<CK_SLOT_INFO, CK_RV> {
    let mut info = CK_SLOT_INFO::default();
    call!(world.module, C_GetSlotInfo(slot, &mut info))?;
    Ok(info)
}

fn is_present(world: &World, slot: CK_SLOT_ID) -> bool {
    slot_info(world, slot).unwrap().flags & CKF_TOKEN_PRESENT != 0
}

/// Text, and nothing but blanks behind it.
fn assert_padded(field: &[CK_UTF8CHAR]) {
    let words = std::str::from_utf8(field).expect("UTF-8");
    assert!(!words.contains('\0') && !words.starts_with(' '), "{words:?}");
}

#[test]
fn the_length_of_the_slot_list_is_always_told() {
    let (world, _card) = World::with(ANY);
    let list = |present, start: *mut CK_SLOT_ID, count: &mut CK_ULONG| {
        call!(world.module, C_GetSlotList(present, start, count))
    };
    let mut count = 77;
    list(CK_FALSE, ptr::null_mut(), &mut count).unwrap();
    assert_eq!(count, 4, "two slots for each reader");
    let mut slots = [CK_SLOT_ID::MAX; 6];
    for short in 0..4 {
        count = short;
        refused(list(CK_FALSE, slots.as_mut_ptr(), &mut count), CKR_BUFFER_TOO_SMALL);
        assert_eq!((count, slots), (4, [CK_SLOT_ID::MAX; 6]));
    }
    count = 6;
    list(CK_FALSE, slots.as_mut_ptr(), &mut count).unwrap();
    assert_eq!(count, 4);
    assert_eq!(slots[4..], [CK_SLOT_ID::MAX; 2], "written behind the list");
    count = 0;
    list(CK_TRUE, ptr::null_mut(), &mut count).unwrap();
    assert_eq!(count, 2);
    list(CK_TRUE, slots.as_mut_ptr(), &mut count).unwrap();
    for slot in &slots[..2] {
        assert!(is_present(&world, *slot));
    }
}

#[test]
fn the_slots_of_pin1_come_before_those_of_pin2() {
    let world = World::enter();
    let _first = world.insert_into(0, ANY);
    let second = world.insert_into(1, "fineid-v3.1,holder=2");
    world.initialize();
    let [other1, other2] = numbered(&second);
    assert_eq!(world.labels(), [PIN1.0, &other1, PIN2.0, &other2]);
    let slots = world.module.slots(false).unwrap();
    let reader = |slot| text(&slot_info(&world, slot).unwrap().slotDescription);
    assert_eq!(
        slots.iter().map(|slot| reader(*slot)).collect::<Vec<_>>(),
        [(0, "PIN1"), (1, "PIN1"), (0, "PIN2"), (1, "PIN2")]
            .map(|(index, pin)| format!("{} ({pin})", world.reader(index)))
    );
    let mut unique = slots.clone();
    unique.dedup();
    assert_eq!(unique.len(), 4);
}

/// The labels of a card beside a like one that was there before it.
fn numbered(card: &InsertedCard) -> [String; 2] {
    [PIN1.0, PIN2.0].map(|label| format!("{label} {}", card.card().printed_serial()))
}

/// Programs that know a token by its label alone take the first that bears it. So the card that was shown first keeps
/// its labels, and the other one's are its own while both are there.
#[test]
fn of_two_like_cards_the_second_is_told_by_its_number() {
    let (world, first) = World::with(ANY);
    let usual = [PIN1.0, PIN2.0].map(str::to_owned);
    assert_eq!(world.labels(), usual);
    for other in ["fineid-v4.0,holder=2", "fineid-v3.0,holder=3"] {
        let second = world.insert_into(1, other);
        let [number1, number2] = numbered(&second);
        for _ in 0..2 {
            assert_eq!(world.labels(), [PIN1.0, &number1, PIN2.0, &number2]);
        }
        second.remove();
        assert_eq!(world.labels(), usual);
    }
    let second = world.insert_into(1, "fineid-v4.1,holder=2");
    assert_eq!(world.labels().len(), 4);
    first.remove();
    assert_eq!(world.labels(), usual, "it is alone");
    second.remove();
}

/// A PIN2 that was typed for one card does not go to the other, which bears the label that is usual.
#[test]
fn a_session_by_the_second_cards_label_is_with_the_second_card() {
    let (world, first) = World::with(ANY);
    let second = world.insert_into(1, "fineid-v4.0,holder=2,pin2=975312");
    let [_, label] = numbered(&second);
    world.labels();
    let session = world.module.open(world.module.slot(&label).unwrap()).unwrap();
    session.login(CKU_USER, "975312").unwrap();
    assert_eq!((first.sent(simcard::PIN2), second.sent(simcard::PIN2)), (0, 1));
}

#[test]
fn two_cards_of_every_kind_have_labels_of_their_own() {
    for kind in KINDS {
        let world = World::enter();
        let _cards =
            [1, 2].map(|holder| world.insert_into(holder - 1, &format!("{},holder={holder}", kind.card)));
        world.initialize();
        let labels = world.labels();
        let different: HashSet<_> = labels.iter().collect();
        assert_eq!((labels.len(), different.len()), (kind.tokens.len() * 2, labels.len()), "{labels:?}");
        for token in kind.tokens {
            let like = labels.iter().filter(|label| label.starts_with(token.token.0)).count();
            assert_eq!((like, labels.iter().filter(|label| *label == token.token.0).count()), (2, 1));
        }
    }
}

#[test]
fn cards_of_two_countries_keep_their_labels() {
    let (world, _first) = World::with(ANY);
    let _second = world.insert_into(1, "estonia-idemia");
    assert_eq!(world.labels(), [PIN1.0, "ESTEID (PIN1)", PIN2.0, "ESTEID (PIN2)"]);
}

#[test]
fn a_token_says_who_it_is() {
    for generation in GENERATIONS {
        let (world, card) = World::with(&format!("{generation},holder=3"));
        for (token, least) in [(PIN1, 4), (PIN2, 6)] {
            let info = world.module.token(world.slot(token)).unwrap();
            for field in [&info.label[..], &info.manufacturerID, &info.model, &info.serialNumber] {
                assert_padded(field);
            }
            assert_eq!(text(&info.label), token.0);
            assert!(!token.0.contains(':'));
            assert_eq!(text(&info.model), generation.replace("fineid", "FINEID").replace('-', " "));
            assert_eq!(text(&info.serialNumber), card.card().printed_serial());
            assert_eq!(text(&info.manufacturerID), "Digi- ja vaestotietovirasto");
            assert_eq!(
                info.flags,
                CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED,
                "flags {:#x}",
                info.flags
            );
            assert_eq!((info.ulMinPinLen, info.ulMaxPinLen), (least, 12));
            assert_eq!(info.ulMaxSessionCount, CK_EFFECTIVELY_INFINITE);
            assert_eq!((info.ulSessionCount, info.ulRwSessionCount), (0, 0));
        }
    }
}

#[test]
fn sessions_are_counted() {
    let (world, _card) = World::with(ANY);
    let slot = world.slot(PIN1);
    let _one = world.module.open(slot).unwrap();
    let _two = world.module.open_with(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION).unwrap();
    let info = world.module.token(slot).unwrap();
    assert_eq!((info.ulSessionCount, info.ulRwSessionCount), (2, 1));
    assert_eq!(world.module.token(world.slot(PIN2)).unwrap().ulSessionCount, 0);
}

#[test]
fn a_slot_is_removable_hardware() {
    let (world, _card) = World::with(ANY);
    for slot in world.module.slots(false).unwrap() {
        let info = slot_info(&world, slot).unwrap();
        assert_padded(&info.slotDescription);
        assert_padded(&info.manufacturerID);
        assert_eq!(info.flags & !CKF_TOKEN_PRESENT, CKF_REMOVABLE_DEVICE | CKF_HW_SLOT);
    }
}

#[test]
fn slots_that_are_not_there_are_refused() {
    let (world, _card) = World::with(ANY);
    let known = world.module.slots(false).unwrap();
    for slot in [2, 0xFFF, 0x2000, CK_SLOT_ID::MAX].into_iter().filter(|slot| !known.contains(slot)) {
        refused(slot_info(&world, slot), CKR_SLOT_ID_INVALID);
        refused(world.module.token(slot), CKR_SLOT_ID_INVALID);
        refused(world.module.mechanisms(slot), CKR_SLOT_ID_INVALID);
        refused(world.module.open(slot), CKR_SLOT_ID_INVALID);
        refused(call!(world.module, C_CloseAllSessions(slot)), CKR_SLOT_ID_INVALID);
        let mut info = CK_MECHANISM_INFO::default();
        refused(call!(world.module, C_GetMechanismInfo(slot, CKM_ECDSA, &mut info)), CKR_SLOT_ID_INVALID);
        let init = call!(world.module, C_InitToken(slot, ptr::null_mut(), 0, ptr::null_mut()));
        refused(init, CKR_SLOT_ID_INVALID);
    }
}

#[test]
fn an_empty_slot_has_no_token() {
    let world = World::enter();
    world.initialize();
    assert!(world.module.slots(true).unwrap().is_empty());
    for slot in world.module.slots(false).unwrap() {
        assert!(!is_present(&world, slot));
        refused(world.module.token(slot), CKR_TOKEN_NOT_PRESENT);
        refused(world.module.mechanisms(slot), CKR_TOKEN_NOT_PRESENT);
        refused(world.module.open(slot), CKR_TOKEN_NOT_PRESENT);
    }
}

#[test]
fn slots_keep_their_numbers_and_never_go() {
    let (world, card) = World::with(ANY);
    let all = world.module.slots(false).unwrap();
    let present = world.module.slots(true).unwrap();
    card.remove();
    assert_eq!(world.module.slots(false).unwrap(), all);
    assert!(world.module.slots(true).unwrap().is_empty());
    let _card = world.insert("fineid-v3.0");
    assert_eq!(world.module.slots(false).unwrap(), all);
    assert_eq!(world.module.slots(true).unwrap(), present);
    assert_eq!(world.slot(PIN1), present[0]);
}

#[test]
fn slot_info_sees_a_card_come_and_go() {
    let world = World::enter();
    world.initialize();
    let slot = world.module.slots(false).unwrap()[0];
    assert!(!is_present(&world, slot));
    let card = world.insert(ANY);
    assert!(is_present(&world, slot));
    card.remove();
    assert!(!is_present(&world, slot));
}

/// Each function by itself must see it; none may lean on another having been called before.
#[test]
fn every_function_of_a_slot_sees_a_card_come_and_go() {
    type Asks = fn(&World, CK_SLOT_ID) -> Result<(), CK_RV>;
    let functions: [(&str, Asks); 4] = [
        ("C_GetTokenInfo", |world, slot| world.module.token(slot).map(drop)),
        ("C_GetMechanismList", |world, slot| world.module.mechanisms(slot).map(drop)),
        ("C_GetMechanismInfo", |world, slot| {
            let mut info = CK_MECHANISM_INFO::default();
            call!(world.module, C_GetMechanismInfo(slot, CKM_ECDSA, &mut info))
        }),
        ("C_OpenSession", |world, slot| {
            let mut session = 0;
            call!(world.module, C_OpenSession(slot, CKF_SERIAL_SESSION, ptr::null_mut(), None, &mut session))
        }),
    ];
    let mut blind = Vec::new();
    for (function, ask) in functions {
        let world = World::enter();
        world.initialize();
        let slot = world.module.slots(false).unwrap()[0];
        let card = world.insert(ANY);
        if ask(&world, slot) != Ok(()) {
            blind.push(format!("{function} does not see a card that has come"));
        }
        // Now it is known, by whatever way.
        slot_info(&world, slot).unwrap();
        card.remove();
        if ask(&world, slot) != Err(CKR_TOKEN_NOT_PRESENT) {
            blind.push(format!("{function} does not see that the card has gone"));
        }
    }
    assert!(blind.is_empty(), "{blind:#?}");
}

/// §5.5.1: the list changes when a program asks for its length, and at no other time. An event tells of a new reader
/// before that, so that a program knows to ask.
#[test]
fn a_new_reader_is_listed_when_the_program_asks_for_the_length() {
    if Backend::of_environment() == Backend::Daemon {
        // Its virtual readers are there from the start.
        return;
    }
    let mut world = World::enter();
    world.initialize();
    let module = world.module;
    let old = module.slots(false).unwrap();
    fake_pcsc::Fake::linked().tell(&format!("insert 2 {ANY}"));
    let new = event(&world, CKF_DONT_BLOCK).unwrap();
    assert!(!old.contains(&new));
    let (mut slots, mut count) = ([0; 8], 8);
    for _ in 0..2 {
        refused(slot_info(&world, new), CKR_SLOT_ID_INVALID);
        refused(module.open(new), CKR_SLOT_ID_INVALID);
        call!(module, C_GetSlotList(CK_FALSE, slots.as_mut_ptr(), &mut count)).unwrap();
        assert_eq!(slots[..count as usize], old, "a slot has come between");
        events(&world);
    }
    call!(module, C_GetSlotList(CK_FALSE, ptr::null_mut(), &mut count)).unwrap();
    assert_eq!(count, 6);
    assert!(is_present(&world, new));
    world.finalize();
    world.rig().restart();
}

/// pcsc-lite's names of the two parts of one device, and of two devices of one kind.
#[test]
fn readers_with_long_names_are_told_apart() {
    const NAMES: [&str; 4] = [
        "Identive CLOUD 4700 F Dual Interface Reader [CLOUD 4700 F Contact Reader] (53201208200286) 00 00",
        "Identive CLOUD 4700 F Dual Interface Reader [CLOUD 4700 F Contactless Reader] (53201208200286) 01 00",
        "Gemalto PC Twin Reader, the one of the Office for Digital and Population Data (99887766) 02 00",
        "Gemalto PC Twin Reader, the one of the Office for Digital and Population Data (99887767) 03 00",
    ];
    if Backend::of_environment() == Backend::Daemon {
        return;
    }
    let mut world = World::enter();
    world.rig().stop();
    fake_pcsc::readers::start(&NAMES.map(str::to_owned));
    world.initialize();
    let slots = world.module.slots(false).unwrap();
    let mut told: Vec<_> =
        slots.iter().map(|slot| text(&slot_info(&world, *slot).unwrap().slotDescription)).collect();
    for (description, name) in told.iter().zip(NAMES.iter().chain(&NAMES)) {
        assert!(description.starts_with(&name[..8]) && description.ends_with(')'), "{description:?}");
        let interface = name.split(['[', ']']).nth(1);
        assert!(interface.is_none_or(|interface| description.contains(interface)), "{description:?}");
    }
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 8, "{told:#?}");
    world.finalize();
    world.rig().restart();
}

// --- Events

#[test]
fn nothing_has_happened_at_the_start() {
    let (world, _card) = World::with(ANY);
    refused(event(&world, CKF_DONT_BLOCK), CKR_NO_EVENT);
}

#[test]
fn both_slots_of_a_reader_tell_of_a_card_that_comes_or_goes() {
    let world = World::enter();
    world.initialize();
    let all = world.module.slots(false).unwrap();
    let card = world.insert(ANY);
    assert_eq!(events(&world), [all[0], all[2]]);
    card.remove();
    assert_eq!(events(&world), [all[0], all[2]]);
    refused(event(&world, CKF_DONT_BLOCK), CKR_NO_EVENT);
}

#[test]
fn a_card_that_was_swapped_unseen_is_an_event() {
    let (world, card) = World::with(ANY);
    card.remove();
    let _card = world.insert(ANY);
    assert_eq!(events(&world).len(), 2);
}

/// §5.5.4: the event flag is set when a token is inserted or removed, also where both happen between two looks.
#[test]
fn a_card_that_came_and_went_unseen_is_an_event() {
    let world = World::enter();
    world.initialize();
    world.insert(ANY).remove();
    assert_eq!(events(&world).len(), 2);
}

#[test]
fn a_card_that_waits_for_nobody_wakes_a_blocked_wait() {
    let world = World::enter();
    world.initialize();
    let all = world.module.slots(false).unwrap();
    let module = world.module;
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || wait(module, 0));
        // It cannot be seen whether it waits already; either way it has to return now.
        let card = world.insert(ANY);
        let slot = waiting.join().unwrap().unwrap();
        assert!([all[0], all[2]].contains(&slot));
        events(&world);
        let waiting = scope.spawn(move || wait(module, 0));
        card.remove();
        let slot = waiting.join().unwrap().unwrap();
        assert!([all[0], all[2]].contains(&slot));
    });
}

#[test]
fn waiting_blocks_no_other_call() {
    let (world, _card) = World::with(ANY);
    let module = world.module;
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || wait(module, 0));
        let session = world.logged_in(PIN1);
        let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        session.sign(CKM_ECDSA, key, &[1; 48]).unwrap();
        assert!(!waiting.is_finished());
        drop(session);
        world.finalize();
        refused(waiting.join().unwrap(), CKR_CRYPTOKI_NOT_INITIALIZED);
    });
}

/// NSS does this to cancel a wait: C_Finalize and at once C_Initialize.
/// In a busy computer one may take longer.
fn soon(times: &[Duration]) {
    let least = times.iter().min();
    assert!(least.is_some_and(|least| *least < Duration::from_millis(50)), "{times:?}");
    assert!(times.iter().all(|time| *time < Duration::from_millis(500)), "{times:?}");
}

/// It has begun, and the daemon does not know yet: a call to wake it would be in vain.
#[test]
fn a_wait_that_has_not_yet_reached_the_daemon_ends_with_its_module() {
    if Backend::of_environment() != Backend::Linked {
        return;
    }
    let (fake, world) = (fake_pcsc::Fake::linked(), World::enter());
    let module = world.module;
    let times = [(); 3].map(|()| {
        world.initialize();
        fake.tell("clear");
        // Twice the wait asks what there is.
        fake.tell("fault GetStatusChange 3 slow");
        let waiting = std::thread::spawn(move || wait(module, 0));
        kit::until("the wait has begun", || fake.tell("played").contains("Slow"));
        let start = Instant::now();
        world.finalize();
        refused(waiting.join().unwrap(), CKR_CRYPTOKI_NOT_INITIALIZED);
        start.elapsed()
    });
    fake.tell("clear");
    soon(&times);
}

#[test]
fn a_blocked_wait_ends_with_its_module_also_if_that_begins_anew_at_once() {
    let world = World::enter();
    let module = world.module;
    let mut times = Vec::new();
    // Behind 1300 is the second of the waits that follow each other.
    for pause in [0, 1, 20, 100, 300, 1300] {
        world.initialize();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(move || wait(module, 0));
            std::thread::sleep(Duration::from_millis(pause));
            let start = Instant::now();
            world.finalize();
            world.initialize();
            assert!(start.elapsed() < Duration::from_millis(500), "C_Finalize waited for the waiter");
            if pause >= 20 {
                refused(waiting.join().unwrap(), CKR_CRYPTOKI_NOT_INITIALIZED);
                times.push(start.elapsed());
                world.finalize();
            } else {
                // It may have begun only after C_Initialize.
                std::thread::sleep(Duration::from_millis(50));
                world.finalize();
                refused(waiting.join().unwrap(), CKR_CRYPTOKI_NOT_INITIALIZED);
            }
        });
    }
    soon(&times);
}

#[test]
fn two_threads_may_wait() {
    let world = World::enter();
    world.initialize();
    let module = world.module;
    std::thread::scope(|scope| {
        let waiting = [0; 2].map(|_| scope.spawn(move || wait(module, 0)));
        let _card = world.insert(ANY);
        let mut slots: Vec<_> = waiting.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect();
        slots.sort_unstable();
        // Two slots have an event each.
        assert_ne!(slots[0], slots[1]);
    });
}

#[test]
fn waiting_wants_no_reserved_pointer() {
    let world = World::enter();
    world.initialize();
    let mut slot = 0;
    let mut something = 0_u8;
    let outcome =
        call!(world.module, C_WaitForSlotEvent(CKF_DONT_BLOCK, &mut slot, (&raw mut something).cast()));
    refused(outcome, CKR_ARGUMENTS_BAD);
    refused(
        call!(world.module, C_WaitForSlotEvent(CKF_DONT_BLOCK, ptr::null_mut(), ptr::null_mut())),
        CKR_ARGUMENTS_BAD,
    );
}

// --- What it costs

#[test]
fn a_cold_start_up_to_the_list_of_tokens_costs_six_commands() {
    for generation in GENERATIONS {
        let (world, card) = World::with(generation);
        world.finalize();
        let (cost, labels) = card.cost(|| {
            world.initialize();
            world.labels()
        });
        assert_eq!(labels, [PIN1.0, PIN2.0]);
        assert!(cost <= 6, "{generation}: {cost} commands\n{}", card.story());
    }
}

#[test]
fn what_programs_ask_all_the_time_costs_nothing() {
    let (world, card) = World::with(ANY);
    let slots = world.module.slots(true).unwrap();
    world.labels();
    let sessions = [world.open(PIN1), world.open(PIN2)];
    let (cost, ()) = card.cost(|| {
        for _ in 0..20 {
            world.module.slots(false).unwrap();
            world.module.slots(true).unwrap();
            for slot in &slots {
                slot_info(&world, *slot).unwrap();
                world.module.token(*slot).unwrap();
                world.module.mechanisms(*slot).unwrap();
            }
            for session in &sessions {
                session.info().unwrap();
            }
            refused(event(&world, CKF_DONT_BLOCK), CKR_NO_EVENT);
        }
    });
    assert_eq!(cost, 0, "{}", card.story());
}

#[test]
fn asking_for_slots_costs_nothing_from_the_start() {
    let (world, card) = World::with(ANY);
    world.finalize();
    let (cost, ()) = card.cost(|| {
        world.initialize();
        for slot in world.module.slots(true).unwrap() {
            slot_info(&world, slot).unwrap();
            world.module.mechanisms(slot).unwrap();
        }
    });
    assert_eq!(cost, 0, "{}", card.story());
}

#[test]
fn token_info_answers_with_a_permitted_code_whatever_the_card_does() {
    for status in [0x6F00, 0x6D00, 0x6A82, 0x6C00] {
        for skip in 0..6 {
            let (world, card) = World::with(ANY);
            card.fault(simcard::Fault::next(simcard::Action::Status(status)).after(skip));
            let slot = world.module.slots(true).unwrap()[0];
            let code = world.module.token(slot).err().unwrap_or(CKR_OK);
            assert!(kit::permitted("C_GetTokenInfo", code), "{status:04X} at {skip}: {}", name(code));
            card.card().faults_mut().clear();
            assert_eq!(world.labels(), [PIN1.0, PIN2.0], "{status:04X} at {skip}");
        }
    }
}

/// The service of Windows, until this is dropped.
struct OnWindows(fake_pcsc::Fake);

impl OnWindows {
    fn begin() -> Option<Self> {
        if Backend::of_environment() != Backend::Linked {
            return None;
        }
        let fake = fake_pcsc::Fake::linked();
        fake.tell("system windows");
        Some(OnWindows(fake))
    }
}

impl Drop for OnWindows {
    fn drop(&mut self) {
        self.0.tell("system linux");
    }
}

/// Windows compares the number of readers with the one that the wait knows, and ends it at once where that is another.
#[test]
fn a_wait_on_windows_rests_until_something_happens() {
    let world = World::enter();
    let Some(windows) = OnWindows::begin() else { return };
    world.initialize();
    events(&world);
    let module = world.module;
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || wait(module, 0));
        // A call that returns at once never waits.
        kit::until("it waits", || windows.0.tell("waiting") != "0");
        let _card = world.insert(ANY);
        waiting.join().unwrap().unwrap();
    });
    world.finalize();
}

/// It is back with the next reader, and what was connected to it before is of no use.
#[test]
fn the_service_of_windows_ends_with_the_last_reader() {
    let (mut world, _card) = World::with(ANY);
    let Some(windows) = OnWindows::begin() else { return };
    let (slot, module) = (world.slot(PIN1), world.module);
    module.open(slot).unwrap();
    for reader in [0, 1] {
        windows.0.tell(&format!("happen {reader} vanished"));
    }
    refused(module.open(slot), CKR_TOKEN_NOT_PRESENT);
    assert!(!is_present(&world, slot));
    events(&world);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || wait(module, 0));
        windows.0.tell(&format!("insert 0 {ANY}"));
        waiting.join().unwrap().unwrap();
    });
    module.open(slot).unwrap();
    world.finalize();
    drop(windows);
    world.rig().restart();
}

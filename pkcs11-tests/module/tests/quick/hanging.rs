//! A card that hangs delays nothing but what is done with it.

use cryptoki_sys::*;
use kit::judge::holds;
use kit::{ANY, Longest, Other, PIN1, World, exhaustive, name, refused, until};
use kit::{InsertedCard, Session, call};
use simcard::{Action, Fault};
use std::io::Write;
use std::ptr;
use std::time::{Duration, Instant};

/// How long a card hangs.
fn hang() -> Duration {
    Duration::from_secs(if exhaustive() { 30 } else { 4 })
}

/// Long enough to tell who waits for it, and for an idle connection to be given up meanwhile.
fn short_hang() -> Duration {
    Duration::from_secs(if exhaustive() { 8 } else { 4 })
}

/// What does not wait for the card that hangs is done within this time.
const BOUND: Duration = Duration::from_secs(1);

fn certificate(card: &InsertedCard) -> Vec<u8> {
    card.card().certificates().named("auth").expect("a certificate").der.clone()
}

fn key(session: &Session<'_>) -> CK_OBJECT_HANDLE {
    session.object(CKO_PRIVATE_KEY, 0x45).unwrap_or_else(|code| panic!("the key: {}", name(code)))
}

/// The card in the session signs, and rightly.
fn assert_signs(session: &Session<'_>, card: &InsertedCard) {
    let signature = session.sign(CKM_ECDSA, key(session), &[2; 48]);
    let signature = signature.unwrap_or_else(|code| panic!("C_Sign: {}", name(code)));
    assert!(holds(&certificate(card), &[2; 48], &signature));
}

/// Two readers, the first with the card that is to hang.
struct Desk {
    world: World,
    hanging: InsertedCard,
    free: InsertedCard,
}

impl Desk {
    fn new(hanging: &str) -> Self {
        let world = World::enter();
        let hanging = world.insert_into(0, hanging);
        let free = world.insert_into(1, &format!("{ANY},holder=2"));
        Self { world, hanging, free }
    }

    /// A session that is logged in to the card in a reader.
    fn logged_in(&self, reader: usize) -> Session<'static> {
        let slots = self.world.module.slots(true).expect("C_GetSlotList");
        let session = self.world.module.open(slots[reader]).expect("C_OpenSession");
        session.login(CKU_USER, PIN1.1).expect("PIN1 is right");
        session
    }

    /// The card will hang in the middle of the next signature.
    fn hang_at_signature(&self, time: Duration) {
        self.hanging.card().faults_mut().push(Fault::on(&[0x2A, 0x9E], Action::Delay(time)));
    }

    /// Waits until the card hangs: the fault was taken.
    fn wait_until_it_hangs(&self) {
        until("the card hangs", || self.hanging.card().faults_mut().is_empty());
    }

    /// What a program does beside the card that hangs; also with its session, as far as no card is needed.
    fn everything_else(&self, longest: &mut Longest, hanging: &Session<'_>) {
        let module = self.world.module;
        let slots = longest.of("C_GetSlotList", || module.slots(true)).expect("C_GetSlotList");
        assert_eq!(slots.len(), 4, "both cards are there");
        for slot in &slots {
            let mut info = CK_SLOT_INFO::default();
            longest
                .of("C_GetSlotInfo", || call!(module, C_GetSlotInfo(*slot, &mut info)))
                .expect("C_GetSlotInfo");
        }
        longest.of("C_GetSessionInfo", || hanging.info()).expect("C_GetSessionInfo");
        for slot in [slots[1], slots[3]] {
            longest.of("C_GetTokenInfo", || module.token(slot)).expect("C_GetTokenInfo");
            let opened = longest.of("C_OpenSession", || module.open(slot)).expect("C_OpenSession");
            longest.of("C_CloseSession", || opened.close()).expect("C_CloseSession");
        }
        let mut slot = 0;
        let event = longest.of("C_WaitForSlotEvent", || {
            call!(module, C_WaitForSlotEvent(CKF_DONT_BLOCK, &mut slot, ptr::null_mut()))
        });
        refused(event, CKR_NO_EVENT);
        let session = module.open(slots[1]).expect("C_OpenSession");
        longest.of("C_Login", || session.login(CKU_USER, PIN1.1)).expect("PIN1 is right");
        let key = longest.of("C_FindObjects", || key(&session));
        let signature = longest.of("C_Sign", || session.sign(CKM_ECDSA, key, &[7; 48])).expect("C_Sign");
        assert!(holds(&certificate(&self.free), &[7; 48], &signature));
        longest.of("C_Logout", || session.logout()).expect("C_Logout");
    }
}

#[test]
fn a_card_that_hangs_for_half_a_minute_delays_nothing_else() {
    let desk = Desk::new(ANY);
    desk.world.initialize();
    let hanging = desk.logged_in(0);
    let key = key(&hanging);
    desk.hang_at_signature(hang());
    let mut longest = Longest::default();
    std::thread::scope(|scope| {
        let start = Instant::now();
        let signing = scope.spawn(|| hanging.sign(CKM_ECDSA, key, &[1; 48]));
        desk.wait_until_it_hangs();
        // Not to its very end: what is measured is measured while it hangs.
        while start.elapsed() < hang() - BOUND {
            desk.everything_else(&mut longest, &hanging);
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(!signing.is_finished(), "it did not hang");
        let signature = signing.join().expect("no panic").expect("the card answers at last");
        assert!(start.elapsed() >= hang());
        assert!(holds(&certificate(&desk.hanging), &[1; 48], &signature));
    });
    let _ = writeln!(std::io::stderr(), "  while a card hung for {} s, at most: {longest}", hang().as_secs());
    longest.assert_below(BOUND);
    assert_signs(&hanging, &desk.hanging);
}

#[test]
fn finalising_does_not_wait_for_a_card_that_hangs_and_a_new_beginning_works_at_once() {
    let desk = Desk::new(ANY);
    desk.world.initialize();
    let (old, also_old) = (desk.logged_in(0), desk.logged_in(1));
    let key = key(&old);
    desk.hang_at_signature(short_hang());
    let mut longest = Longest::default();
    std::thread::scope(|scope| {
        let start = Instant::now();
        let signing = scope.spawn(|| old.sign(CKM_ECDSA, key, &[1; 48]));
        desk.wait_until_it_hangs();
        longest.of("C_Finalize", || desk.world.finalize());
        refused(also_old.info(), CKR_CRYPTOKI_NOT_INITIALIZED);
        longest.of("C_Initialize", || desk.world.initialize());
        let slots = desk.world.module.slots(true).expect("C_GetSlotList");
        let hanging = desk.world.module.open(slots[0]).expect("C_OpenSession");
        desk.everything_else(&mut longest, &hanging);
        assert!(!signing.is_finished(), "it did not hang");
        match signing.join().expect("no panic") {
            Ok(signature) => assert!(holds(&certificate(&desk.hanging), &[1; 48], &signature)),
            Err(code) => assert_eq!(name(code), "CKR_CRYPTOKI_NOT_INITIALIZED"),
        }
        assert!(start.elapsed() >= short_hang());
    });
    let _ = writeln!(std::io::stderr(), "  finalised and begun anew while a card hung, at most: {longest}");
    longest.assert_below(BOUND);
    assert_signs(&desk.logged_in(0), &desk.hanging);
}

/// Nothing is known of the cards yet, and of the one that hangs its answer to reset tells nothing.
#[test]
fn a_program_that_starts_while_another_ones_card_hangs_waits_for_nothing_else() {
    for card in [ANY, "fineid-org"] {
        let desk = Desk::new(card);
        let other = Other::connect(desk.hanging.reader());
        desk.hanging.card().faults_mut().push(Fault::next(Action::Delay(short_hang())));
        let mut longest = Longest::default();
        std::thread::scope(|scope| {
            let hanging = scope.spawn(move || other.answer(&[0x00, 0xB0, 0x00, 0x00, 0x00]));
            desk.wait_until_it_hangs();
            longest.of("C_Initialize", || desk.world.initialize());
            let slots = longest.of("C_GetSlotList", || desk.world.module.slots(true)).expect("C_GetSlotList");
            let session = desk.world.module.open(slots[1]).expect("C_OpenSession");
            desk.everything_else(&mut longest, &session);
            longest.of("C_Finalize", || desk.world.finalize());
            assert!(!hanging.is_finished(), "{card} did not hang");
        });
        longest.assert_below(BOUND);
    }
}

/// The module holds an idle connection to the card, which it gives up while another program's command hangs.
#[test]
fn an_idle_connection_is_given_up_without_waiting_for_the_card() {
    let desk = Desk::new(ANY);
    desk.world.initialize();
    let slots = desk.world.module.slots(true).expect("C_GetSlotList");
    let session = desk.world.module.open(slots[0]).expect("C_OpenSession");
    session.find(&[]).expect("objects");
    let other = Other::connect(desk.hanging.reader());
    desk.hanging.card().faults_mut().push(Fault::next(Action::Delay(short_hang())));
    let mut longest = Longest::default();
    std::thread::scope(|scope| {
        let hanging = scope.spawn(move || other.answer(&[0x00, 0xB0, 0x00, 0x00, 0x00]));
        desk.wait_until_it_hangs();
        let start = Instant::now();
        // It is given up after three seconds.
        while start.elapsed() < short_hang() - BOUND / 2 {
            desk.everything_else(&mut longest, &session);
            std::thread::sleep(Duration::from_millis(20));
        }
        longest.of("C_Finalize", || desk.world.finalize());
        assert!(!hanging.is_finished(), "it did not hang");
    });
    longest.assert_below(BOUND);
}

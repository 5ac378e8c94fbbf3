//! Several readers: their cards work at the same time.

use cryptoki_sys::*;
use kit::judge::holds;
use kit::{ANY, Child, PIN1, name};
use kit::{InsertedCard, Module, Rig, Session};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// How many readers.
const READERS: usize = 4;
/// Signatures in each of them for one measurement: two seconds of a card's time.
const TIMES: u8 = 6;
/// All readers together sign so many times as fast as one.
const GAIN: f64 = 3.8;
/// Measurements, until one was not disturbed by what else the machine does.
const ROUNDS: usize = 8;
/// A child that is not done by then hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Readers with cards that take the time of real ones. The time is the card's, not the reader's.
fn slow_cards(rig: &Rig) -> Vec<InsertedCard> {
    let card = |index| kit::card(&format!("{ANY},holder={},real_time=yes", index + 1));
    (0..READERS).map(|index| rig.insert(index, card(index))).collect()
}

fn certificate(card: &InsertedCard) -> Vec<u8> {
    card.card().certificates().named("auth").expect("a certificate").der.clone()
}

fn key(session: &Session<'_>) -> CK_OBJECT_HANDLE {
    session.object(CKO_PRIVATE_KEY, 0x45).unwrap_or_else(|code| panic!("the key: {}", name(code)))
}

fn sign(session: &Session<'_>, digest: &[u8]) -> Vec<u8> {
    let signature = session.sign(CKM_ECDSA, key(session), digest);
    signature.unwrap_or_else(|code| panic!("C_Sign: {}", name(code)))
}

/// A program that is logged in to the card in a reader, and has signed once.
struct Signer<'m> {
    session: Session<'m>,
    certificate: Vec<u8>,
}

impl<'m> Signer<'m> {
    fn new(module: &'m Module, reader: usize, certificate: Vec<u8>) -> Self {
        let slots = module.slots(true).unwrap_or_else(|code| panic!("C_GetSlotList: {}", name(code)));
        let session = module.open(slots[reader]).expect("a session");
        session.login(CKU_USER, PIN1.1).expect("PIN1 is right");
        sign(&session, &[0; 48]);
        Self { session, certificate }
    }

    fn work(&self) -> Vec<Vec<u8>> {
        (0..TIMES).map(|time| sign(&self.session, &[time; 48])).collect()
    }

    /// Each signature is by this reader's card.
    fn check(&self, signatures: &[Vec<u8>]) {
        for (time, signature) in (0..TIMES).zip(signatures) {
            assert!(holds(&self.certificate, &[time; 48], signature), "signature {time} is not by this card");
        }
    }
}

/// How long it takes the first so many readers to do their work at once, each with a thread.
fn by_threads(signers: &[Signer<'_>]) -> Duration {
    let start = Instant::now();
    std::thread::scope(|scope| {
        let working: Vec<_> = signers.iter().map(|signer| scope.spawn(|| signer.work())).collect();
        let signatures: Vec<_> = working.into_iter().map(|thread| thread.join().expect("no panic")).collect();
        let took = start.elapsed();
        signers.iter().zip(&signatures).for_each(|(signer, signatures)| signer.check(signatures));
        took
    })
}

/// The same, each with a process. They are ready before the time begins, and check their work after it has
/// ended.
fn by_processes(module: &Module, certificates: &[Vec<u8>]) -> Duration {
    let mut children = Vec::new();
    for (reader, certificate) in certificates.iter().enumerate() {
        let (mut ours, mut theirs) = UnixStream::pair().expect("a pair of sockets");
        let child = Child::fork(PATIENCE, || {
            let _running = module.initialize().expect("C_Initialize");
            let signer = Signer::new(module, reader, certificate.clone());
            theirs.write_all(&[0]).expect("tell that it is ready");
            theirs.read_exact(&mut [0]).expect("be told to begin");
            let signatures = signer.work();
            theirs.write_all(&[0]).expect("tell that it is done");
            signer.check(&signatures);
            0
        });
        drop(theirs);
        ours.read_exact(&mut [0]).expect("the child is ready");
        children.push((child, ours));
    }
    let start = Instant::now();
    for (_, socket) in &mut children {
        socket.write_all(&[0]).expect("tell the child to begin");
    }
    for (_, socket) in &mut children {
        socket.read_exact(&mut [0]).expect("the child is done");
    }
    let took = start.elapsed();
    assert!(children.into_iter().all(|(child, _)| child.wait() == 0), "a child failed");
    took
}

/// Measures one reader and all of them until the gain is there; what disturbs makes both longer, so the
/// shortest count.
fn assert_gain(by: &str, measure: impl Fn(usize) -> Duration) {
    let [mut one, mut all] = [Duration::MAX; 2];
    let mut gain = 0.0;
    for _ in 0..ROUNDS {
        (one, all) = (one.min(measure(1)), all.min(measure(READERS)));
        gain = one.as_secs_f64() * READERS as f64 / all.as_secs_f64();
        if gain >= GAIN {
            break;
        }
    }
    let _ = writeln!(std::io::stderr(), "  {READERS} readers sign {gain:.2} times as fast as one, by {by}");
    assert!(gain >= GAIN, "{gain:.2} times: one reader {one:?}, {READERS} readers {all:?}");
}

#[test]
fn four_threads_sign_in_four_readers_as_fast_as_each_alone() {
    let rig = Rig::start(READERS);
    let cards = slow_cards(&rig);
    let module = Module::load();
    let _running = module.initialize().expect("C_Initialize");
    let signer = |(reader, card)| Signer::new(&module, reader, certificate(card));
    let signers: Vec<_> = cards.iter().enumerate().map(signer).collect();
    assert_gain("threads", |readers| by_threads(&signers[..readers]));
}

#[test]
fn four_processes_sign_in_four_readers_as_fast_as_each_alone() {
    let rig = Rig::start(READERS);
    let cards = slow_cards(&rig);
    let certificates: Vec<_> = cards.iter().map(certificate).collect();
    let module = Module::load();
    assert_gain("processes", |readers| by_processes(&module, &certificates[..readers]));
}

//! Several readers: their cards work at the same time. Seen by this: each card hangs in its signature until all of them
//! do. Who waited for another one would wait in vain.

use cryptoki_sys::*;
use kit::judge::holds;
use kit::{ANY, Child, Gate, Hang, InsertedCard, Module, Rig, Session, name, until};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

/// How many readers.
const READERS: usize = 4;
/// A child that is not done by then hangs.
const PATIENCE: Duration = Duration::from_secs(60);
/// The command that makes a signature, behind its class.
const SIGNATURE: &[u8] = &[0x2A, 0x9E];
const DIGEST: &[u8] = &[0x5A; 48];

/// Readers with a card of another person in each.
fn insert_cards(rig: &Rig) -> Vec<(InsertedCard, Arc<Gate>)> {
    let card = |index| kit::card(&format!("{ANY},holder={},pin1={}", index + 1, pin(index)));
    (0..READERS).map(|index| rig.insert_behind_gate(index, card(index))).collect()
}

/// Each card has a PIN1 of its own: one that another card has just taken is not presented.
fn pin(index: usize) -> String {
    format!("46813{index}")
}

fn certificate(card: &InsertedCard) -> Vec<u8> {
    card.card().certificates().named("auth").expect("a certificate").der.clone()
}

/// A program that is logged in to the card in a reader.
struct Signer<'m> {
    session: Session<'m>,
    key: CK_OBJECT_HANDLE,
    certificate: Vec<u8>,
}

impl<'m> Signer<'m> {
    fn new(module: &'m Module, reader: usize, certificate: Vec<u8>) -> Self {
        let slots = module.slots(true).unwrap_or_else(|code| panic!("C_GetSlotList: {}", name(code)));
        let session = module.open(slots[reader]).expect("a session");
        session.login(CKU_USER, &pin(reader)).expect("PIN1 is right");
        let key = session.object(CKO_PRIVATE_KEY, 0x45);
        let key = key.unwrap_or_else(|code| panic!("the key: {}", name(code)));
        Self { session, key, certificate }
    }

    /// The signature is by this reader's card.
    fn sign(&self) {
        let signature = self.session.sign(CKM_ECDSA, self.key, DIGEST);
        let signature = signature.unwrap_or_else(|code| panic!("C_Sign: {}", name(code)));
        assert!(holds(&self.certificate, DIGEST, &signature), "the signature is not by this card");
    }
}

/// Has them begin, and lets their cards go on when all of them are signing.
fn await_all_at_once(cards: &[(InsertedCard, Arc<Gate>)], begin: impl FnOnce()) {
    let hangs: Vec<_> = cards.iter().map(|(_, gate)| gate.hang_at(SIGNATURE)).collect();
    begin();
    until("all cards are signing", || hangs.iter().all(Hang::hangs));
}

#[test]
fn four_threads_sign_in_four_readers_at_once() {
    let rig = Rig::start(READERS);
    let cards = insert_cards(&rig);
    let module = Module::load();
    let _running = module.initialize().expect("C_Initialize");
    let signer =
        |(reader, (card, _)): (usize, &(InsertedCard, _))| Signer::new(&module, reader, certificate(card));
    let signers: Vec<_> = cards.iter().enumerate().map(signer).collect();
    std::thread::scope(|scope| {
        await_all_at_once(&cards, || {
            for signer in &signers {
                scope.spawn(|| signer.sign());
            }
        });
    });
}

#[test]
fn four_processes_sign_in_four_readers_at_once() {
    let rig = Rig::start(READERS);
    let cards = insert_cards(&rig);
    let module = Module::load();
    let mut children = Vec::new();
    for (reader, (card, _)) in cards.iter().enumerate() {
        let (mut ours, mut theirs) = UnixStream::pair().expect("a pair of sockets");
        let certificate = certificate(card);
        let child = Child::fork(PATIENCE, || {
            let _running = module.initialize().expect("C_Initialize");
            let signer = Signer::new(&module, reader, certificate);
            theirs.write_all(&[0]).expect("tell that it is ready");
            theirs.read_exact(&mut [0]).expect("be told to begin");
            signer.sign();
            0
        });
        drop(theirs);
        ours.read_exact(&mut [0]).expect("the child is ready");
        children.push((child, ours));
    }
    await_all_at_once(&cards, || {
        for (_, socket) in &mut children {
            socket.write_all(&[0]).expect("tell the child to begin");
        }
    });
    assert!(children.into_iter().all(|(child, _)| child.wait() == 0), "a child failed");
}

//! What keys do for their holder, and certificates tell, on simulated cards.

use super::bench::{Bench, Wire};
use crate::cards::certificate::{Certificate, KeyUsage, PublicKey};
use crate::cards::engine::{self, KeyTask};
use crate::cards::profile::{Hash, KeyUses, Padding, SelectTarget};
use crate::cards::{CardError, PinError, Role, Step};
use crate::iso7816::StatusWord;
use crate::token::view::{AuthorityView, Complete, KeyView};
use p384::elliptic_curve::Generate;
use simcard::{Action, Card, CardModel, CardOptions, Codes, DeliveryState, Fault, PIN1};
use zeroize::Zeroizing;

const WRONG_DATA: StatusWord = StatusWord::WRONG_DATA;
const PSO_DECIPHER: [u8; 3] = [0x2A, 0x80, 0x86];
const RSA_CARDS: [CardModel; 2] = [CardModel::FineidV3_0, CardModel::FineidV3_1];
const EC_CARD: CardModel = CardModel::FineidV4_0;
const CODE: &str = Codes::PIN1;

/// A simulated card that was introduced.
fn bench(model: CardModel, switches: &[(&str, &str)]) -> Bench<Wire> {
    let mut options = CardOptions::new(model, DeliveryState::Activated);
    for (name, value) in switches {
        options.switches.set(name, value).unwrap();
    }
    let card = Card::new(options);
    let atr = card.atr();
    let mut bench = Bench::new(Wire(card), atr);
    bench.read_identity().unwrap();
    bench
}

/// The same with PIN1 presented.
fn logged_in(model: CardModel, switches: &[(&str, &str)]) -> Bench<Wire> {
    let mut bench = bench(model, switches);
    bench.log_in(Role::Authentication, CODE).unwrap();
    bench
}

impl Bench<Wire> {
    fn key(&mut self) -> KeyView {
        self.view(Role::Authentication).remove(0)
    }

    fn authorities(&mut self) -> (Vec<AuthorityView>, Complete) {
        self.with(|card| card.read_authorities()).unwrap()
    }

    fn work(&mut self, key: &KeyView, task: KeyTask<'_>) -> Result<Zeroizing<Vec<u8>>, PinError> {
        self.with(|card| card.use_key(&key.spec, &key.public, task))
    }

    /// The work, and how many commands it takes.
    fn counted(&mut self, key: &KeyView, task: KeyTask<'_>) -> (Vec<u8>, u64) {
        let before = self.commands();
        let answer = self.work(key, task).unwrap().to_vec();
        (answer, self.commands().saturating_sub(before))
    }

    fn commands(&self) -> u64 {
        self.card.0.log().count()
    }

    fn pins_sent(&self) -> u32 {
        self.card.0.credential_count(PIN1).commands
    }

    fn another_program_selects(&mut self) {
        let SelectTarget::Application(application) = &self.insertion.profile().unwrap().application else {
            panic!()
        };
        let select = [&[0, 0xA4, 4, 0x0C, 12], &**application].concat();
        assert_eq!(self.card.0.transmit(&select), [0x90, 0]);
    }
}

fn refused(step: Step, sw: StatusWord) -> PinError {
    CardError::Refused { step, sw }.into()
}

fn enciphered(key: &KeyView, padding: Padding, message: &[u8]) -> Vec<u8> {
    key.public.encrypt(padding, message).unwrap()
}

#[test]
fn what_was_enciphered_is_deciphered() {
    for model in RSA_CARDS {
        let mut bench = logged_in(model, &[]);
        let key = bench.key();
        let PublicKey::Rsa { modulus, .. } = &key.public else { panic!("no RSA key") };
        for row in key.spec.deciphering.unwrap().algorithms {
            let longest = modulus.len() - row.padding.length();
            for length in [0, 1, 32, longest] {
                let message = vec![0xA5; length];
                let cryptogram = enciphered(&key, row.padding, &message);
                let task = KeyTask::Decipher { padding: row.padding, cryptogram: &cryptogram };
                let (plain, commands) = bench.counted(&key, task);
                assert_eq!(plain, message, "{model} {row:?}");
                // MSE, two for the cryptogram, and GET RESPONSE for each 256 bytes of the message.
                assert_eq!(commands, 3 + length.div_ceil(256) as u64, "{model} {row:?} {length}");
            }
        }
    }
}

#[test]
fn either_padding_indicator_is_found() {
    for (indicator, commands) in [("81", 4), ("both", 4), ("00", 7)] {
        let mut bench = logged_in(RSA_CARDS[0], &[("decipher_indicator", indicator)]);
        let key = bench.key();
        let cryptogram = enciphered(&key, Padding::Pkcs1, b"message");
        let task = KeyTask::Decipher { padding: Padding::Pkcs1, cryptogram: &cryptogram };
        assert_eq!(bench.counted(&key, task), (b"message".to_vec(), commands), "{indicator}");
        assert_eq!(bench.pins_sent(), 1);
    }
}

#[test]
fn a_wrong_padding_is_the_cards_refusal_and_costs_no_pin() {
    let mut bench = logged_in(RSA_CARDS[0], &[]);
    let key = bench.key();
    let cryptogram = enciphered(&key, Padding::Oaep(Hash::Sha256), b"message");
    let other = KeyTask::Decipher { padding: Padding::Pkcs1, cryptogram: &cryptogram };
    assert_eq!(bench.work(&key, other), Err(refused(Step::Decipher, WRONG_DATA)));
    let right = KeyTask::Decipher { padding: Padding::Oaep(Hash::Sha256), cryptogram: &cryptogram };
    assert_eq!(**bench.work(&key, right).unwrap(), *b"message");
    assert_eq!((bench.pins_sent(), bench.card.0.tries_left(PIN1)), (1, Some(5)));
}

#[test]
fn a_card_that_takes_no_chain_is_no_wrong_padding() {
    for (answer, sw) in [("6985", StatusWord::CONDITIONS), ("6884", StatusWord(0x6884))] {
        let mut bench = logged_in(RSA_CARDS[1], &[("chaining", answer)]);
        let key = bench.key();
        let cryptogram = enciphered(&key, Padding::Pkcs1, b"message");
        let task = KeyTask::Decipher { padding: Padding::Pkcs1, cryptogram: &cryptogram };
        assert_eq!(bench.work(&key, task), Err(refused(Step::GiveCryptogram, sw)));
    }
}

#[test]
fn a_plaintext_longer_than_its_padding_allows_is_not_believed() {
    let mut bench = logged_in(RSA_CARDS[0], &[]);
    let key = bench.key();
    let cryptogram = enciphered(&key, Padding::Pkcs1, b"message");
    let answer = [&[7; 246][..], &[0x90, 0]].concat();
    bench.card.0.faults_mut().push(Fault::on(&PSO_DECIPHER, Action::Garbage(answer)).after(1));
    let task = KeyTask::Decipher { padding: Padding::Pkcs1, cryptogram: &cryptogram };
    assert_eq!(bench.work(&key, task), Err(CardError::Malformed { step: Step::Decipher }.into()));
}

#[test]
fn two_parties_agree_on_a_secret() {
    let mut bench = logged_in(EC_CARD, &[]);
    let key = bench.key();
    let PublicKey::Ec { point: theirs, .. } = &key.public else { panic!("no EC key") };
    let theirs = p384::PublicKey::from_sec1_bytes(theirs).unwrap();
    for _ in 0..8 {
        let ours = p384::SecretKey::generate();
        let point = ours.public_key().to_sec1_bytes();
        let shared = p384::ecdh::diffie_hellman(ours.to_nonzero_scalar(), theirs.as_affine());
        // MSE, PSO DECIPHER, GET RESPONSE.
        let expected = (shared.raw_secret_bytes().to_vec(), 3);
        assert_eq!(bench.counted(&key, KeyTask::Agree { point: &point }), expected);
    }
    // No point of the curve: the card's business.
    let nowhere = [&[4][..], &[7; 96]].concat();
    let outcome = bench.work(&key, KeyTask::Agree { point: &nowhere });
    assert_eq!(outcome, Err(refused(Step::Agree, WRONG_DATA)));
    assert_eq!((bench.pins_sent(), bench.card.0.tries_left(PIN1)), (1, Some(5)));
}

/// A task that suits the key.
fn with_task<R>(key: &KeyView, act: impl FnOnce(KeyTask<'_>) -> R) -> R {
    match &key.public {
        PublicKey::Rsa { .. } => {
            let cryptogram = enciphered(key, Padding::Pkcs1, b"message");
            act(KeyTask::Decipher { padding: Padding::Pkcs1, cryptogram: &cryptogram })
        }
        PublicKey::Ec { .. } => {
            let ours = p384::SecretKey::generate().public_key().to_sec1_bytes();
            act(KeyTask::Agree { point: &ours })
        }
    }
}

#[test]
fn without_its_pin_a_key_does_nothing() {
    for (model, step) in [(RSA_CARDS[0], Step::Decipher), (EC_CARD, Step::Agree)] {
        let mut bench = bench(model, &[]);
        let key = bench.key();
        with_task(&key, |task| {
            let before = bench.commands();
            assert_eq!(bench.work(&key, task), Err(PinError::NotGiven));
            assert_eq!(bench.commands(), before, "nothing is sent");
            let asked =
                bench.with(|card| engine::prepare(&key.spec, &key.public, task)?.work(&mut card.channel));
            assert_eq!(asked, Err(CardError::Refused { step, sw: StatusWord::NOT_ALLOWED }));
        });
    }
}

#[test]
fn a_pin_that_another_program_threw_away_is_presented_again() {
    for model in [RSA_CARDS[0], EC_CARD] {
        let mut bench = logged_in(model, &[]);
        let key = bench.key();
        with_task(&key, |task| {
            bench.another_program_selects();
            assert!(bench.work(&key, task).is_ok());
            assert_eq!(bench.pins_sent(), 2);
            // Never as the try that might be the last one.
            bench.another_program_selects();
            bench.card.0.set_tries_left(PIN1, 4);
            assert_eq!(bench.work(&key, task), Err(PinError::NotGiven));
            assert_eq!(bench.pins_sent(), 2);
        });
    }
}

#[test]
fn a_key_does_only_what_its_table_allows() {
    for model in [RSA_CARDS[0], EC_CARD] {
        let mut bench = logged_in(model, &[]);
        let key = bench.key();
        for signature in bench.view(Role::Signature) {
            let before = bench.commands();
            with_task(&key, |task| {
                assert_eq!(bench.work(&signature, task), Err(CardError::Unsupported.into()));
            });
            assert_eq!(bench.commands(), before);
        }
    }
}

#[test]
fn the_tables_agree_with_the_certificates() {
    for model in CardModel::ALL {
        let mut bench = bench(model, &[]);
        for key in Role::ALL.into_iter().flat_map(|role| bench.view(role)) {
            let usage = key.certificate.key_usage.unwrap();
            let told = KeyUses {
                sign: usage.allows(KeyUsage::DIGITAL_SIGNATURE) || usage.allows(KeyUsage::NON_REPUDIATION),
                decipher: usage.allows(KeyUsage::KEY_ENCIPHERMENT),
                agree: usage.allows(KeyUsage::KEY_AGREEMENT),
            };
            assert_eq!(key.spec.uses, told, "{model} {}", key.spec.label);
            assert_eq!(usage.allows(KeyUsage::NON_REPUDIATION), key.spec.role == Role::Signature);
        }
    }
}

#[test]
fn the_card_carries_its_authorities_along() {
    for model in CardModel::ALL {
        let mut bench = bench(model, &[]);
        let (found, complete) = bench.authorities();
        assert_eq!(complete, Complete::Yes);
        let [root, issuing] = found.as_slice() else { panic!("{model}: {found:?}") };
        assert_eq!(
            (&root.certificate.issuer, &issuing.certificate.issuer),
            (&root.certificate.subject, &root.certificate.subject)
        );
        assert_eq!(bench.key().certificate.issuer, issuing.certificate.subject);
        let issued = bench.card.0.certificates().clone();
        assert_eq!([&root.certificate.der, &issuing.certificate.der], [&issued.root, &issued.issuing]);
        for authority in &found {
            assert_eq!(
                authority.certificate.key_usage.map(|u| u.allows(KeyUsage::CERTIFICATE_SIGNING)),
                Some(true)
            );
            let keys = &bench.insertion.profile().unwrap().keys;
            assert!(keys.iter().all(|key| key.id != authority.spec.id));
        }
    }
}

#[test]
fn an_authority_that_cannot_be_read_is_left_out() {
    let select_root: &[u8] = &[0xA4, 0x08, 0x0C, 2, 0x43, 0x34];
    for (sw, complete) in [(0x6A82, Complete::Yes), (0x6982, Complete::No)] {
        let mut bench = bench(EC_CARD, &[]);
        for _ in 0..2 {
            bench.card.0.faults_mut().push(Fault::on(select_root, Action::Status(sw)));
        }
        let (found, whole) = bench.authorities();
        assert_eq!((found.len(), &*found[0].spec.id, whole), (1, &[0x36][..], complete), "{sw:04X}");
    }
    // Garbled, twice.
    let mut bench = bench(EC_CARD, &[]);
    let garbage = [&[0x30, 3, 1, 2, 3][..], &[0x90, 0]].concat();
    for _ in 0..2 {
        // In blocks of 256 bytes; to see which file is selected takes fewer.
        bench.card.0.faults_mut().push(Fault::on(&[0xB0, 0, 0, 0], Action::Garbage(garbage.clone())));
    }
    let (found, whole) = bench.authorities();
    assert_eq!((found.len(), whole), (1, Complete::No));
}

#[test]
fn a_certificate_is_read_whatever_its_key() {
    let card = Card::new(CardOptions::new(EC_CARD, DeliveryState::Activated));
    let der = &card.certificates().issuing;
    assert!(Certificate::parse(der).unwrap().public_key().is_some());
    // secp384r1 becomes secp521r1, brainpoolP384r1 is longer; the algorithm becomes one that nobody knows.
    for (old, new) in [
        (b"\x2B\x81\x04\x00\x22", b"\x2B\x81\x04\x00\x23"),
        (b"\x86\x48\xCE\x3D\x02", b"\x86\x48\xCE\x3D\x7F"),
    ] {
        let mut der = der.clone();
        let found: Vec<_> = (0..der.len() - 5).filter(|at| der[*at..].starts_with(old)).collect();
        assert_eq!(found.len(), 1);
        der[found[0]..found[0] + 5].copy_from_slice(new);
        let certificate = Certificate::parse(&der).unwrap();
        assert_eq!(certificate.public_key(), None);
        assert_eq!(certificate.subject_public_key.len(), 97);
    }
}

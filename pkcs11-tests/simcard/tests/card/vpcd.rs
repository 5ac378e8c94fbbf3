//! The protocol of the virtual reader, spoken by a reader of our own.

use crate::common::*;
use simcard::{Action, Card, DeliveryState, Fault, Inserted, PIN1};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

struct VirtualReader(TcpListener);

impl VirtualReader {
    fn new() -> (Self, u16) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        (Self(listener), port)
    }

    fn accept(&self) -> TcpStream {
        let stream = self.0.accept().unwrap().0;
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }
}

fn send_frame(mut stream: &TcpStream, message: &[u8]) {
    // Two writes, as the driver does.
    stream.write_all(&(message.len() as u16).to_be_bytes()).unwrap();
    stream.write_all(message).unwrap();
}

fn receive_frame(mut stream: &TcpStream) -> Option<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length).ok()?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut message).ok()?;
    Some(message)
}

fn exchange(stream: &TcpStream, message: &[u8]) -> Vec<u8> {
    send_frame(stream, message);
    receive_frame(stream).unwrap()
}

fn card() -> Arc<Mutex<Card>> {
    Arc::new(Mutex::new(Card::new(options(V4, DeliveryState::Activated))))
}

#[test]
fn a_session_with_resets() {
    let (reader, port) = VirtualReader::new();
    let card = card();
    let inserted = Inserted::connect(port, Arc::clone(&card)).unwrap();
    let stream = reader.accept();
    send_frame(&stream, &[1]);
    assert_eq!(exchange(&stream, &[4]), card.lock().unwrap().atr());
    assert_eq!(exchange(&stream, &bytes(SELECT)), [0x90, 0]);
    assert_eq!(exchange(&stream, &bytes(VERIFY1)), [0x90, 0]);
    assert!(card.lock().unwrap().is_verified(PIN1));
    for control in [0, 2] {
        assert_eq!(exchange(&stream, &bytes(SELECT)), [0x90, 0]);
        assert_eq!(exchange(&stream, &bytes(VERIFY1)), [0x90, 0]);
        send_frame(&stream, &[control]);
        assert_eq!(exchange(&stream, &bytes("00200011")), [0x6D, 0]);
    }
    assert!(inserted.is_present());
    inserted.remove();
    assert_eq!(receive_frame(&stream), None);
}

#[test]
fn pulled_out_by_a_fault_and_put_in_again() {
    let (reader, port) = VirtualReader::new();
    let card = card();
    let inserted = Inserted::connect(port, Arc::clone(&card)).unwrap();
    let stream = reader.accept();
    assert_eq!(exchange(&stream, &bytes(SELECT)), [0x90, 0]);
    card.lock().unwrap().faults_mut().push(Fault::on(&[0x20], Action::PullOutAfter));
    send_frame(&stream, &bytes("002000110C393939390000000000000000"));
    assert_eq!(receive_frame(&stream), None);
    let patience = Instant::now() + Duration::from_secs(5);
    while inserted.is_present() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(!inserted.is_present());
    assert_eq!(card.lock().unwrap().tries_left(PIN1), Some(4));
    let again = Inserted::connect(port, card).unwrap();
    let stream = reader.accept();
    assert_eq!(exchange(&stream, &bytes(SELECT)), [0x90, 0]);
    assert!(again.is_present());
    drop(stream);
}

/// The driver's two writes would cost 40 ms each without immediate acknowledgement.
#[test]
fn an_exchange_takes_well_below_the_delayed_acknowledgement() {
    let (reader, port) = VirtualReader::new();
    let inserted = Inserted::connect(port, card()).unwrap();
    let stream = reader.accept();
    assert_eq!(exchange(&stream, &bytes(SELECT)), [0x90, 0]);
    let start = Instant::now();
    for _ in 0..100 {
        assert_eq!(exchange(&stream, &bytes("00200011")), [0x63, 0xC5]);
    }
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
    drop(inserted);
}

#[test]
fn a_delayed_answer_leaves_the_card_open_to_others_and_removal_ends_it() {
    let (reader, port) = VirtualReader::new();
    let card = card();
    let inserted = Inserted::connect(port, Arc::clone(&card)).unwrap();
    let stream = reader.accept();
    card.lock().unwrap().faults_mut().push(Fault::next(Action::Delay(Duration::from_secs(60))));
    send_frame(&stream, &bytes(SELECT));
    let patience = Instant::now() + Duration::from_secs(5);
    while card.lock().unwrap().log().count() == 0 && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    let start = Instant::now();
    inserted.remove();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(card.lock().unwrap().log().count(), 1);
}

#[test]
fn nobody_listens() {
    let port = {
        let (_reader, port) = VirtualReader::new();
        port
    };
    assert!(Inserted::connect(port, card()).is_err());
}

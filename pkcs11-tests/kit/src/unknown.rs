//! A card that no table knows, in the rig's first reader.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Where vpcd's first reader waits for its card.
const PORT: u16 = 35963;
/// An answer to reset with fifteen historical bytes, of no card that exists.
const ATR: &[u8] = b"\x3B\x6F\x00\x00an unknown card";
const GET_ATR: &[u8] = &[4];

/// A card that refuses every command, and notes what it is sent.
pub struct UnknownCard {
    stream: TcpStream,
    commands: Arc<Mutex<Vec<Vec<u8>>>>,
    thread: Option<JoinHandle<()>>,
}

impl UnknownCard {
    /// Puts one whose answer to reset nobody knows into the first reader.
    ///
    /// # Panics
    /// Where the reader does not take it.
    pub fn insert() -> Self {
        Self::insert_with(ATR)
    }

    /// Puts one that answers so to reset into the first reader.
    ///
    /// # Panics
    /// Where the reader does not take it.
    pub fn insert_with(atr: &'static [u8]) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", PORT)).expect("the reader takes a card");
        let commands = Arc::new(Mutex::new(Vec::new()));
        let (mut line, noted) = (stream.try_clone().expect("share the line"), Arc::clone(&commands));
        let thread = std::thread::spawn(move || {
            while let Some(message) = receive(&mut line) {
                let answer = match message.as_slice() {
                    GET_ATR => atr,
                    [] | [_] => continue,
                    command => {
                        noted.lock().unwrap_or_else(PoisonError::into_inner).push(command.to_vec());
                        &[0x6D, 0x00]
                    }
                };
                let length = u16::try_from(answer.len()).expect("a short answer").to_be_bytes();
                if line.write_all(&[&length, answer].concat()).is_err() {
                    return;
                }
            }
        });
        Self { stream, commands, thread: Some(thread) }
    }

    /// Commands that it was sent.
    pub fn commands(&self) -> Vec<Vec<u8>> {
        self.commands.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn receive(line: &mut TcpStream) -> Option<Vec<u8>> {
    let mut length = [0; 2];
    line.read_exact(&mut length).ok()?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    line.read_exact(&mut message).ok()?;
    Some(message)
}

impl Drop for UnknownCard {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

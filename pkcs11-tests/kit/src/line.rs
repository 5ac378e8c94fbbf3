//! The line between pcscd's virtual reader and what is in it, for what is no card of the simulator.

use fake_pcsc::Inside;
use simcard::Answer;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;

const POWER_OFF: &[u8] = &[0];
const GET_ATR: &[u8] = &[4];

/// Something in a virtual reader; it is taken out when this is dropped.
pub(crate) struct Line {
    stream: TcpStream,
    thread: Option<JoinHandle<()>>,
}

impl Line {
    /// Puts it into the slot that waits for its card on this port.
    pub(crate) fn connect(port: u16, inside: Arc<dyn Inside>) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the reader takes a card");
        let mut line = stream.try_clone().expect("share the line");
        let thread = std::thread::spawn(move || {
            while let Some(message) = receive(&mut line) {
                let answer = match message.as_slice() {
                    GET_ATR => inside.atr(),
                    POWER_OFF => {
                        inside.power_off();
                        continue;
                    }
                    [] => continue,
                    [_] => {
                        inside.reset();
                        continue;
                    }
                    command => match inside.exchange(command).0 {
                        Answer::Bytes(bytes) => bytes,
                        Answer::PulledOut => return,
                    },
                };
                let length = u16::try_from(answer.len()).expect("a short answer").to_be_bytes();
                if line.write_all(&[&length, answer.as_slice()].concat()).is_err() {
                    return;
                }
            }
        });
        Self { stream, thread: Some(thread) }
    }
}

fn receive(line: &mut TcpStream) -> Option<Vec<u8>> {
    let mut length = [0; 2];
    line.read_exact(&mut length).ok()?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    line.read_exact(&mut message).ok()?;
    Some(message)
}

impl Drop for Line {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

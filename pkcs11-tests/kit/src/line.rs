//! The line between pcscd's virtual reader and what is in it: in a reader of vpcd, for what is no card of the simulator;
//! in one with a keypad, for everything.

use fake_pcsc::Inside;
use keypad_reader::kind;
use simcard::Answer;
use simcard::keypad::Controlled;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

const POWER_OFF: &[u8] = &[0];
const GET_ATR: &[u8] = &[4];
/// How often it is looked whether a keypad still waits for its user.
const LOOK: Duration = Duration::from_millis(5);

/// Something in a virtual reader; it is taken out when this is dropped.
pub(crate) struct Line {
    stream: TcpStream,
    out: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// How a message of the reader is answered.
enum Reply {
    Bytes(Vec<u8>),
    Nothing,
    /// The card falls out.
    End,
}

impl Line {
    /// Puts it into the slot of vpcd that waits for its card on this port.
    pub(crate) fn connect(port: u16, inside: Arc<dyn Inside>) -> Self {
        Self::serve(port, move |message, _| match message {
            GET_ATR => Reply::Bytes(inside.atr()),
            POWER_OFF => {
                inside.power_off();
                Reply::Nothing
            }
            [] => Reply::Nothing,
            [_] => {
                inside.reset();
                Reply::Nothing
            }
            command => exchanged(&*inside, command),
        })
    }

    /// Puts it into the reader with a keypad that waits for its card on this port.
    pub(crate) fn connect_to_keypad(port: u16, inside: Arc<dyn Inside>) -> Self {
        Self::serve(port, move |message, out| match message {
            [kind::OFF] => {
                inside.power_off();
                Reply::Nothing
            }
            [kind::RESET] => {
                inside.reset();
                Reply::Bytes(inside.atr())
            }
            [kind::COMMAND, command @ ..] => exchanged(&*inside, command),
            [kind::CONTROL, a, b, c, d, data @ ..] => {
                controlled(&*inside, u32::from_be_bytes([*a, *b, *c, *d]), data, out)
            }
            _ => Reply::End,
        })
    }

    fn serve(port: u16, mut answer: impl FnMut(&[u8], &AtomicBool) -> Reply + Send + 'static) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the reader takes a card");
        let mut line = stream.try_clone().expect("share the line");
        let out = Arc::new(AtomicBool::new(false));
        let is_out = Arc::clone(&out);
        let thread = std::thread::spawn(move || {
            while let Some(message) = receive(&mut line) {
                let bytes = match answer(&message, &is_out) {
                    Reply::Bytes(bytes) => bytes,
                    Reply::Nothing => continue,
                    Reply::End => break,
                };
                let length = u16::try_from(bytes.len()).expect("a short answer").to_be_bytes();
                if line.write_all(&[&length, bytes.as_slice()].concat()).is_err() {
                    break;
                }
            }
            let _ = line.shutdown(Shutdown::Both);
        });
        Self { stream, out, thread: Some(thread) }
    }
}

fn exchanged(inside: &dyn Inside, command: &[u8]) -> Reply {
    match inside.exchange(command).0 {
        Answer::Bytes(bytes) => Reply::Bytes(bytes),
        Answer::PulledOut => Reply::End,
    }
}

/// What comes of a control code. A user who does not come is waited for until the card is out.
fn controlled(inside: &dyn Inside, code: u32, data: &[u8], out: &AtomicBool) -> Reply {
    let told = |bytes: Vec<u8>| Reply::Bytes([&[kind::TOLD], bytes.as_slice()].concat());
    match inside.control(code, data) {
        Controlled::Unknown => Reply::Bytes(vec![kind::UNKNOWN]),
        Controlled::Told(bytes) => told(bytes),
        Controlled::Sent(command) => match inside.exchange(&command).0 {
            Answer::Bytes(bytes) => told(bytes),
            Answer::PulledOut => Reply::End,
        },
        Controlled::Hangs => {
            while inside.hangs() && !out.load(Ordering::Acquire) {
                std::thread::sleep(LOOK);
            }
            Reply::Bytes(vec![kind::FAILED])
        }
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
        self.out.store(true, Ordering::Release);
        let _ = self.stream.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

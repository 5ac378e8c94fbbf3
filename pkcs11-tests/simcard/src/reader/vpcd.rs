//! A card in a slot of vpcd, the virtual reader driver of the vsmartcard project.
//!
//! The driver, inside the PC/SC daemon, listens; the card connects. To connect is to be inserted, to disconnect is to
//! be pulled out. Messages in both directions are a two-byte length, high byte first, and that many bytes. One byte
//! from the reader is a control code: 0 power off, 1 power on, 2 reset, 4 send the ATR; only the last is answered.
//! Anything longer is a command.

use crate::card::{Answer, Card};
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GET_ATR: u8 = 4;

/// A card in a reader; it is pulled out when this is dropped.
pub struct Inserted {
    stream: TcpStream,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Inserted {
    /// Puts the card into the slot that listens on this port of the local machine, and serves it on a thread.
    pub fn connect(port: u16, card: Arc<Mutex<Card>>) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        let served = stream.try_clone()?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name(format!("card in {port}")).spawn(move || {
            // An error is the end of the connection, which is the card being pulled out; there is nobody to tell.
            let _ = serve(&served, &card, &stopped);
            let _ = served.shutdown(Shutdown::Both);
            lock(&card).power_off();
        })?;
        Ok(Self { stream, stop, thread: Some(thread) })
    }

    /// Whether the card is still in the slot: a fault or the end of the PC/SC daemon takes it out.
    pub fn is_present(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Pulls the card out. The PC/SC daemon notices within half a second.
    pub fn remove(self) {
        drop(self);
    }
}

impl Drop for Inserted {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        let _ = self.stream.shutdown(Shutdown::Both); // fails if the other side was faster
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A test that panicked with the card in its hands has not harmed the card.
pub(crate) fn lock(card: &Mutex<Card>) -> MutexGuard<'_, Card> {
    card.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(stream: &TcpStream, card: &Mutex<Card>, stop: &AtomicBool) -> io::Result<()> {
    while !stop.load(Ordering::Acquire) {
        let message = receive(stream)?;
        match message.as_slice() {
            [] => {}
            [POWER_OFF] => lock(card).power_off(),
            [POWER_ON | RESET] => lock(card).reset(),
            [GET_ATR] => send(stream, lock(card).atr())?,
            [_] => {}
            command => {
                let (answer, delay) = lock(card).exchange_and_delay(command);
                wait(delay, stop);
                match answer {
                    Answer::Bytes(bytes) => send(stream, &bytes)?,
                    Answer::PulledOut => return Ok(()),
                }
            }
        }
    }
    Ok(())
}

/// Sleeps without the card being locked, and not past the moment it is pulled out.
fn wait(delay: Duration, stop: &AtomicBool) {
    let until = Instant::now() + delay;
    while !stop.load(Ordering::Acquire) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(Duration::from_millis(20)));
    }
}

fn send(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<()> {
    let length = u16::try_from(bytes.len()).map_err(|_| io::Error::other("answer too long for a frame"))?;
    let mut frame = length.to_be_bytes().to_vec();
    frame.extend_from_slice(bytes);
    stream.write_all(&frame)
}

fn receive(stream: &TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    receive_exactly(stream, &mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    receive_exactly(stream, &mut message)?;
    Ok(message)
}

fn receive_exactly(mut stream: &TcpStream, mut buffer: &mut [u8]) -> io::Result<()> {
    while !buffer.is_empty() {
        acknowledge_at_once(stream);
        match stream.read(buffer) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => buffer = &mut buffer[count..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The driver writes the length and the message with two sends, so the second one waits for our acknowledgement; a
/// delayed one costs 40 ms per command. The kernel forgets the option, so it is set before every read.
#[cfg(target_os = "linux")]
fn acknowledge_at_once(stream: &TcpStream) {
    use std::os::fd::AsRawFd;
    let on: libc::c_int = 1;
    // SAFETY: the descriptor is open as long as `stream` is borrowed, and the option's value is a c_int that lives
    // through the call. A failure only costs time.
    unsafe {
        libc::setsockopt(
            stream.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_QUICKACK,
            (&raw const on).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        );
    }
}

#[cfg(not(target_os = "linux"))]
fn acknowledge_at_once(_: &TcpStream) {}

//! A reader, and the connection of the card in it.

use crate::{Dword, kind};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

static READERS: Mutex<BTreeMap<Dword, Arc<Reader>>> = Mutex::new(BTreeMap::new());

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The reader of this number.
pub(crate) fn reader(lun: Dword) -> Option<Arc<Reader>> {
    lock(&READERS).get(&lun).cloned()
}

/// Adds one; `None` if its port is taken.
pub(crate) fn add(lun: Dword, port: u16) -> Option<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).ok()?;
    listener.set_nonblocking(true).ok()?;
    let reader = Reader { listener, card: Mutex::default(), talk: Mutex::default(), atr: Mutex::default() };
    lock(&READERS).insert(lun, Arc::new(reader));
    Some(())
}

pub(crate) fn remove(lun: Dword) {
    lock(&READERS).remove(&lun);
}

/// What is told about a control code.
pub(crate) enum Told {
    Bytes(Vec<u8>),
    Unknown,
}

pub(crate) struct Reader {
    listener: TcpListener,
    /// The card's connection. Looked at while somebody talks over it, too.
    card: Mutex<Option<Arc<TcpStream>>>,
    /// Held from a question to its answer.
    talk: Mutex<()>,
    atr: Mutex<Vec<u8>>,
}

impl Reader {
    /// Takes a card that has come, and lets go of one that is gone.
    pub(crate) fn has_card(&self) -> bool {
        let mut card = lock(&self.card);
        if card.as_ref().is_some_and(|line| has_ended(line)) {
            *card = None;
        }
        if card.is_none()
            && let Ok((line, _)) = self.listener.accept()
            && line.set_nonblocking(false).and_then(|()| line.set_nodelay(true)).is_ok()
        {
            *card = Some(Arc::new(line));
        }
        card.is_some()
    }

    /// Its answer to the last reset.
    pub(crate) fn atr(&self) -> Vec<u8> {
        lock(&self.atr).clone()
    }

    pub(crate) fn reset(&self) -> Option<Vec<u8>> {
        let answer = self.ask(&[&[kind::RESET]])?;
        lock(&self.atr).clone_from(&answer);
        Some(answer)
    }

    pub(crate) fn power_off(&self) {
        lock(&self.atr).clear();
        let _turn = lock(&self.talk);
        let _ = self.say(&[&[kind::OFF]]);
    }

    pub(crate) fn exchange(&self, command: &[u8]) -> Option<Vec<u8>> {
        self.ask(&[&[kind::COMMAND], command])
    }

    pub(crate) fn control(&self, code: u32, sent: &[u8]) -> Option<Told> {
        match self.ask(&[&[kind::CONTROL], &code.to_be_bytes(), sent])?.split_first()? {
            (&kind::TOLD, bytes) => Some(Told::Bytes(bytes.to_vec())),
            (&kind::UNKNOWN, _) => Some(Told::Unknown),
            _ => None,
        }
    }

    fn ask(&self, parts: &[&[u8]]) -> Option<Vec<u8>> {
        let _turn = lock(&self.talk);
        let line = self.say(parts)?;
        let mut length = [0; 2];
        (&*line).read_exact(&mut length).ok()?;
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        (&*line).read_exact(&mut answer).ok()?;
        Some(answer)
    }

    /// Sends something, and gives the connection it went over.
    fn say(&self, parts: &[&[u8]]) -> Option<Arc<TcpStream>> {
        let line = lock(&self.card).clone()?;
        let message = parts.concat();
        let length = u16::try_from(message.len()).ok()?.to_be_bytes();
        (&*line).write_all(&[&length, message.as_slice()].concat()).ok()?;
        Some(line)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(line) = &*lock(&self.card) {
            let _ = line.shutdown(Shutdown::Both);
        }
    }
}

/// Has the other side ended the connection? What it has said is left there.
fn has_ended(line: &TcpStream) -> bool {
    let mut byte = 0_u8;
    let flags = libc::MSG_PEEK | libc::MSG_DONTWAIT;
    // SAFETY: the descriptor is open as long as `line` is borrowed, and there is room for one byte.
    let looked = unsafe { libc::recv(line.as_raw_fd(), (&raw mut byte).cast(), 1, flags) };
    let waits = std::io::Error::last_os_error().kind() == std::io::ErrorKind::WouldBlock;
    looked == 0 || (looked < 0 && !waits)
}

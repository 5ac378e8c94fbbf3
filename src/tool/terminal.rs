//! The terminal without echo. Echo is off from the start of a command, or text typed ahead would be shown.

use avain_flow::interruption;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// Longest entry in bytes, longer than any PIN. What is typed beyond it is dropped, and the entry is still too long.
pub(crate) const LONGEST: usize = 64;

/// How often it is asked whether the tool was told to stop.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// The controlling terminal. Its settings are restored when this is dropped.
pub(crate) struct Terminal {
    tty: File,
}

/// A terminal whose settings were changed.
struct Silenced {
    tty: File,
    before: Termios,
    quiet: Termios,
    /// A question was asked, so that the cursor is behind it.
    asking: bool,
}

/// That of this process, for as long as its settings are changed: signals have to restore them.
static SILENCED: Mutex<Option<Silenced>> = Mutex::new(None);

fn silenced() -> MutexGuard<'static, Option<Silenced>> {
    SILENCED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Restores the settings of the terminal, in case that the process ends or pauses. What was typed and not read is
/// dropped, so that the shell does not take it for a command.
pub(crate) fn restore() {
    if let Some(Silenced { tty, before, asking, .. }) = &mut *silenced() {
        if *asking {
            let _ = writeln!(tty);
        }
        // A failure cannot be reported from here.
        let _ = tcsetattr(&*tty, OptionalActions::Flush, before);
    }
}

/// Silences the terminal again, when the process goes on after a pause.
pub(crate) fn silence_again() {
    if let Some(Silenced { tty, quiet, .. }) = &*silenced() {
        let _ = tcsetattr(tty, OptionalActions::Flush, quiet);
    }
}

/// A key.
enum Key {
    Typed(u8),
    Erase,
    EraseAll,
    Enter,
    Stop,
}

impl Terminal {
    /// Opens the terminal, even if input and output are redirected.
    pub(crate) fn open() -> io::Result<Self> {
        let tty = File::options().read(true).write(true).open("/dev/tty")?;
        let before = tcgetattr(&tty)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&tty, OptionalActions::Now, &quiet)?;
        *silenced() = Some(Silenced { tty: tty.try_clone()?, before, quiet, asking: false });
        Ok(Terminal { tty })
    }

    /// Asks, and reads a line without echo. `None` if the user cancels.
    pub(crate) fn secret(&mut self, question: &str) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        write!(self.tty, "{question}: ")?;
        self.line(|_, _| Ok(()))
    }

    /// Asks, and reads a short line with echo. `None` if the user cancels.
    pub(crate) fn answer(&mut self, question: &str) -> io::Result<Option<String>> {
        write!(self.tty, "{question} ")?;
        let line = self.line(|tty, byte| tty.write_all(&[byte]))?;
        Ok(line.map(|line| String::from_utf8_lossy(&line).trim().to_lowercase()))
    }

    fn line(
        &mut self,
        show: impl Fn(&mut File, u8) -> io::Result<()>,
    ) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        note_asking(true);
        // Never grows: growing would leave a copy of a PIN in memory.
        let mut typed = Zeroizing::new(Vec::with_capacity(LONGEST));
        let line = loop {
            match self.key()? {
                Key::Typed(byte) if typed.len() < LONGEST => {
                    typed.push(byte);
                    show(&mut self.tty, byte)?;
                }
                Key::Typed(_) => {}
                Key::Erase => drop(typed.pop()),
                Key::EraseAll => typed.clear(),
                Key::Enter => break Some(typed),
                Key::Stop => break None,
            }
        };
        note_asking(false);
        writeln!(self.tty)?;
        Ok(line)
    }

    /// Waits until a key is pressed. Returns whether one was, before the tool was told to stop.
    fn wait_for_key(&self) -> io::Result<bool> {
        loop {
            if interruption::was_requested() {
                return Ok(false);
            }
            match poll(&mut [PollFd::new(&self.tty, PollFlags::IN)], Some(&LOOK)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => return Ok(true),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn key(&mut self) -> io::Result<Key> {
        let mut byte = Zeroizing::new([0]);
        if !self.wait_for_key()? {
            return Ok(Key::Stop);
        }
        if self.tty.read(&mut *byte)? == 0 {
            return Ok(Key::Stop);
        }
        let [byte] = *byte;
        Ok(match byte {
            b'\r' | b'\n' => Key::Enter,
            0x08 | 0x7F => Key::Erase,
            0x15 => Key::EraseAll,
            // Ctrl-D. Ctrl-C and Ctrl-\ are signals.
            0x04 => Key::Stop,
            byte => Key::Typed(byte),
        })
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
        *silenced() = None;
    }
}

/// Is an answer being waited for?
pub(crate) fn is_asking() -> bool {
    silenced().as_ref().is_some_and(|silenced| silenced.asking)
}

fn note_asking(asks: bool) {
    if let Some(Silenced { asking, .. }) = &mut *silenced() {
        *asking = asks;
    }
}

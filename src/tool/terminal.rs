//! The terminal without echo. Echo stays off between two entries, or text pasted ahead would be shown.

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

/// Longest entry in bytes, longer than any PIN. What is typed beyond it is dropped, and the entry is still too long.
pub(crate) const LONGEST: usize = 64;

/// The controlling terminal. Its settings are restored when this is dropped.
pub(crate) struct Terminal {
    tty: File,
    before: Termios,
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
        // Ctrl-C arrives as a key and not as a signal, so that the settings are always restored.
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&tty, OptionalActions::Now, &quiet)?;
        Ok(Terminal { tty, before })
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
        writeln!(self.tty)?;
        Ok(line)
    }

    fn key(&mut self) -> io::Result<Key> {
        let mut byte = Zeroizing::new([0]);
        if self.tty.read(&mut *byte)? == 0 {
            return Ok(Key::Stop);
        }
        let [byte] = *byte;
        Ok(match byte {
            b'\r' | b'\n' => Key::Enter,
            0x08 | 0x7F => Key::Erase,
            0x15 => Key::EraseAll,
            // Ctrl-C, Ctrl-D, Ctrl-\.
            0x03 | 0x04 | 0x1C => Key::Stop,
            byte => Key::Typed(byte),
        })
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A failure cannot be reported from here.
        let _ = tcsetattr(&self.tty, OptionalActions::Now, &self.before);
    }
}

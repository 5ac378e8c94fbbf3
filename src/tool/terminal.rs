//! The terminal, with nothing shown of what is typed. It stays so between two entries, or what is pasted ahead
//! would be shown.

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

/// More than any PIN has; what is typed beyond is counted, so that it stays too long.
pub(crate) const LONGEST: usize = 64;

/// The terminal that this program belongs to. When it is dropped, the terminal is as it was.
pub(crate) struct Terminal {
    tty: File,
    before: Termios,
}

/// What ends an entry.
enum Key {
    Typed(u8),
    Erase,
    EraseAll,
    Enter,
    Stop,
}

impl Terminal {
    /// Takes over the terminal, even where input and output are redirected.
    pub(crate) fn open() -> io::Result<Self> {
        let tty = File::options().read(true).write(true).open("/dev/tty")?;
        let before = tcgetattr(&tty)?;
        let mut quiet = before.clone();
        // Keys come one by one and Ctrl-C as a key, so that the terminal is always put right in the end.
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&tty, OptionalActions::Now, &quiet)?;
        Ok(Terminal { tty, before })
    }

    /// Asks, and reads a line that is not shown. `None` when the user does not want any more.
    pub(crate) fn secret(&mut self, question: &str) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        write!(self.tty, "{question}: ")?;
        self.line(|_, _| Ok(()))
    }

    /// Asks, and reads a short line that is shown.
    pub(crate) fn answer(&mut self, question: &str) -> io::Result<Option<String>> {
        write!(self.tty, "{question} ")?;
        let line = self.line(|tty, byte| tty.write_all(&[byte]))?;
        Ok(line.map(|line| String::from_utf8_lossy(&line).trim().to_lowercase()))
    }

    fn line(
        &mut self,
        show: impl Fn(&mut File, u8) -> io::Result<()>,
    ) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        // Never grows, so nothing is left behind in memory.
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
        // There is nobody left to tell.
        let _ = tcsetattr(&self.tty, OptionalActions::Now, &self.before);
    }
}

//! What everybody at the card may know: whose card is in the reader, and the PINs. Kept in files, because
//! some of them are processes of their own; a lock of a file keeps the card in the reader, or a PIN as it is.

use kit::scratch;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use crate::scenes::PERSONS;

/// Which card is in the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// Rises before a card is taken out, and again when the next one is in: it is odd meanwhile.
    pub(crate) number: u8,
    /// Whose card it is, or was.
    pub(crate) person: usize,
    /// Whether all who disturb have gone.
    pub(crate) calm: bool,
}

impl Turn {
    /// A card is in the reader, and stays there as far as is known.
    pub(crate) fn is_settled(self) -> bool {
        self.number.is_multiple_of(2)
    }
}

/// The table.
pub(crate) struct Table {
    folder: PathBuf,
}

/// As long as it lives, a card stays in the reader or a PIN as it is.
pub(crate) struct Kept {
    _lock: File,
}

impl Table {
    /// With the card of the first person, and the PIN2 of each.
    pub(crate) fn new(pin2: [&str; PERSONS]) -> Self {
        let table = Self { folder: scratch("table") };
        fs::write(table.turn_file(), [0; 3]).expect("the turn");
        for (person, pin) in pin2.iter().enumerate() {
            fs::write(table.pin_file(person), pin).expect("a PIN");
        }
        table
    }

    fn turn_file(&self) -> PathBuf {
        self.folder.join("turn")
    }

    fn pin_file(&self, person: usize) -> PathBuf {
        self.folder.join(format!("pin2-{person}"))
    }

    /// Which card is in the reader.
    pub(crate) fn turn(&self) -> Turn {
        let bytes = fs::read(self.turn_file()).expect("the turn");
        let [number, person, calm] = bytes.try_into().expect("the turn");
        Turn { number, person: person.into(), calm: calm != 0 }
    }

    fn write(&self, file: &File, turn: Turn) {
        let person = u8::try_from(turn.person).expect("few persons");
        file.write_at(&[turn.number, person, turn.calm.into()], 0).expect("write the turn");
    }

    /// Keeps the card in the reader that is in it.
    pub(crate) fn keep_card(&self) -> Kept {
        let file = File::open(self.turn_file()).expect("the turn");
        file.lock_shared().expect("a lock");
        Kept { _lock: file }
    }

    /// Takes the card out and puts in that of a person.
    pub(crate) fn swap<R>(&self, person: usize, act: impl FnOnce() -> R) -> R {
        let file = File::options().write(true).open(self.turn_file()).expect("the turn");
        file.lock().expect("a lock");
        let before = self.turn();
        self.write(&file, Turn { number: before.number.wrapping_add(1), ..before });
        let result = act();
        self.write(&file, Turn { number: before.number.wrapping_add(2), person, ..before });
        result
    }

    /// A program has done its operations.
    pub(crate) fn done(&self, program: u64) {
        fs::write(self.folder.join(format!("done-{program}")), []).expect("a note");
    }

    /// Whether so many programs have done their operations.
    pub(crate) fn all_done(&self, programs: u64) -> bool {
        (0..programs).all(|program| self.folder.join(format!("done-{program}")).exists())
    }

    /// From now on nobody disturbs.
    pub(crate) fn calm(&self) {
        let file = File::options().write(true).open(self.turn_file()).expect("the turn");
        self.write(&file, Turn { calm: true, ..self.turn() });
    }

    /// PIN2 of a person, which stays as it is.
    pub(crate) fn pin2(&self, person: usize) -> (String, Kept) {
        let file = File::open(self.pin_file(person)).expect("a PIN");
        file.lock_shared().expect("a lock");
        (fs::read_to_string(self.pin_file(person)).expect("a PIN"), Kept { _lock: file })
    }

    /// Changes the PIN2 of a person, while nobody uses it. Nothing is changed where that fails.
    pub(crate) fn change_pin2<E>(
        &self,
        person: usize,
        new: &str,
        act: impl FnOnce(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let file = File::open(self.pin_file(person)).expect("a PIN");
        file.lock().expect("a lock");
        let old = fs::read_to_string(self.pin_file(person)).expect("a PIN");
        act(&old)?;
        fs::write(self.pin_file(person), new).expect("a PIN");
        Ok(())
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

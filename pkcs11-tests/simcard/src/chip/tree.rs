//! Files of cards with several application folders: where SELECT leads and what READ BINARY gives
//! (ISO/IEC 7816-4 §11.1.1, §11.2.3).

use crate::facts::switches::Switches;
use crate::facts::switches::values::{BeyondEnd, EarlyFiles, EndOfFile};
use crate::wire::apdu::{Command, Reply, sw};

/// File identifier of the MF.
pub(crate) const MASTER_FILE: u16 = 0x3F00;
/// EF.CardAccess.
pub(crate) const CARD_ACCESS: u16 = 0x011C;

#[derive(Clone)]
pub(crate) struct File {
    parent: u16,
    pub(crate) id: u16,
    pub(crate) content: Vec<u8>,
    /// A slot for a certificate that is not there.
    vacant: bool,
}

/// What a SELECT found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Directory(u16),
    File(usize),
}

/// The files and which of them is selected. Every directory is a child of the MF.
#[derive(Clone)]
pub(crate) struct Tree {
    directories: &'static [u16],
    files: Vec<File>,
    pub(crate) current_df: u16,
    current_ef: Option<usize>,
}

impl Tree {
    pub(crate) fn new(directories: &'static [u16]) -> Self {
        Self { directories, files: Vec::new(), current_df: MASTER_FILE, current_ef: None }
    }

    pub(crate) fn add(&mut self, parent: u16, id: u16, content: Vec<u8>) {
        self.files.push(File { parent, id, content, vacant: false });
    }

    /// A certificate slot without a certificate: one zero byte, and reading it is answered with a warning (log of a
    /// real Latvian card, libelectronic-id issue 119).
    pub(crate) fn add_vacant(&mut self, parent: u16, id: u16) {
        self.files.push(File { parent, id, content: vec![0], vacant: true });
    }

    /// The MF or an application's folder, without a file.
    pub(crate) fn enter(&mut self, directory: u16) {
        self.current_df = directory;
        self.current_ef = None;
    }

    /// Selects what was found.
    pub(crate) fn select(&mut self, found: Found) {
        match found {
            Found::Directory(id) => self.enter(id),
            Found::File(index) => {
                self.current_df = self.files[index].parent;
                self.current_ef = Some(index);
            }
        }
    }

    pub(crate) fn file(&self, index: usize) -> &File {
        &self.files[index]
    }

    /// Where a SELECT by file identifier or path leads: P1 00, 01, 02 from the current folder, 08 from the MF, 09 from
    /// the current folder or, with 3F00 in front, from the MF.
    pub(crate) fn find(&self, command: &Command<'_>) -> Result<Found, u16> {
        let ids: Vec<u16> =
            command.data.chunks_exact(2).map(|id| u16::from_be_bytes([id[0], id[1]])).collect();
        if !command.data.len().is_multiple_of(2) {
            return Err(sw::WRONG_LENGTH);
        }
        match (command.p1, ids.as_slice()) {
            (0x00, [] | [MASTER_FILE]) => Ok(Found::Directory(MASTER_FILE)),
            (0x00, [id]) => self.child(self.current_df, *id),
            (0x01, [id]) => match self.child(self.current_df, *id)? {
                directory @ Found::Directory(_) => Ok(directory),
                Found::File(_) => Err(sw::NOT_FOUND),
            },
            (0x02, [id]) => match self.child(self.current_df, *id)? {
                file @ Found::File(_) => Ok(file),
                Found::Directory(_) => Err(sw::NOT_FOUND),
            },
            (0x08 | 0x09, [MASTER_FILE, path @ ..]) => self.walk(MASTER_FILE, path),
            (0x08, path @ [_, ..]) => self.walk(MASTER_FILE, path),
            (0x09, path @ [_, ..]) => self.walk(self.current_df, path),
            (0x00..=0x02 | 0x08 | 0x09, _) => Err(sw::WRONG_LENGTH),
            _ => Err(sw::WRONG_P1P2),
        }
    }

    fn walk(&self, from: u16, path: &[u16]) -> Result<Found, u16> {
        let mut found = Found::Directory(from);
        for id in path {
            let Found::Directory(directory) = found else { return Err(sw::NOT_FOUND) };
            found = self.child(directory, *id)?;
        }
        Ok(found)
    }

    fn child(&self, parent: u16, id: u16) -> Result<Found, u16> {
        if parent == MASTER_FILE && self.directories.contains(&id) {
            return Ok(Found::Directory(id));
        }
        let found = self.files.iter().position(|file| file.parent == parent && file.id == id);
        found.map(Found::File).ok_or(sw::NOT_FOUND)
    }

    /// Whether something can be selected before an application is.
    pub(crate) fn is_early(&self, found: Found, switches: &Switches) -> bool {
        let id = match found {
            Found::Directory(id) => id,
            Found::File(index) => self.files[index].id,
        };
        match switches.early_files {
            EarlyFiles::All => true,
            EarlyFiles::MasterFile => matches!(id, MASTER_FILE | CARD_ACCESS),
            EarlyFiles::None => false,
        }
    }

    /// READ BINARY of the current file, at most `limit` bytes. What comes when Le runs over the end is the caller's.
    pub(crate) fn read(
        &self,
        command: &Command<'_>,
        limit: usize,
        end: EndOfFile,
        switches: &Switches,
    ) -> Reply {
        let Some(le) = command.le.filter(|_| command.data.is_empty()) else {
            return Reply::status(sw::WRONG_LENGTH);
        };
        if command.p1 & 0x80 != 0 {
            return Reply::status(sw::NOT_FOUND); // no file has a short identifier
        }
        let Some(file) = self.current_ef.map(|index| &self.files[index]) else {
            return Reply::status(sw::NO_CURRENT_EF);
        };
        let offset = usize::from(u16::from_be_bytes([command.p1, command.p2]));
        let Some(rest) = file.content.get(offset..).filter(|rest| !rest.is_empty()) else {
            return Reply::status(match switches.beyond_end {
                BeyondEnd::WrongOffset => sw::WRONG_OFFSET,
                BeyondEnd::Warning => sw::END_OF_FILE,
                BeyondEnd::Empty => sw::OK,
            });
        };
        let wanted = le.min(limit);
        if wanted <= rest.len() && !file.vacant {
            return Reply::data(rest[..wanted].to_vec());
        }
        match end {
            _ if file.vacant => Reply { data: rest.to_vec(), status: sw::END_OF_FILE },
            EndOfFile::Warning => Reply { data: rest.to_vec(), status: sw::END_OF_FILE },
            EndOfFile::Short => Reply::data(rest.to_vec()),
            EndOfFile::WrongLe => Reply::status(sw::WRONG_LE | (rest.len() & 0xFF) as u16),
            EndOfFile::Refused => Reply::status(sw::WRONG_LENGTH),
        }
    }
}

//! The files of a card: directories with identifiers and names, transparent files, what is selected, SELECT and
//! READ BINARY (ISO/IEC 7816-4 §11.1.1, §11.2.3).

use crate::facts::switches::Switches;
use crate::facts::switches::values::{BeyondEnd, EarlyFiles, EndOfFile};
use crate::wire::apdu::{Command, Reply, sw};
use crate::wire::der::tlv;

/// File identifier of the MF.
pub(crate) const MASTER_FILE: u16 = 0x3F00;
/// EF.CardAccess.
pub(crate) const CARD_ACCESS: u16 = 0x011C;
/// EF.DIR, EF.ATR and EF.CardAccess, which belong to the card and not to an application.
const CARD_FILES: [u16; 3] = [0x2F00, 0x2F01, CARD_ACCESS];

/// Place of the MF in the tree.
pub(crate) const MASTER: usize = 0;

#[derive(Clone)]
struct Node {
    parent: usize,
    id: u16,
    /// Names (AIDs) that select a directory.
    names: Vec<&'static [u8]>,
    /// None for a directory.
    content: Option<Vec<u8>>,
    /// A slot for a certificate that is not there.
    vacant: bool,
}

/// How paths are written in SELECT.
#[derive(Clone, Copy)]
pub(crate) struct Paths {
    /// Whether a path may begin with 3F00.
    pub(crate) from_master: bool,
    /// Whether P1 = 09 is known: paths from the current directory.
    pub(crate) relative: bool,
}

/// Most bytes that one READ BINARY gives.
#[derive(Clone, Copy)]
pub(crate) enum ReadLimit {
    /// More is answered with as many.
    Cut(usize),
    /// More is answered with 6Cxx.
    Refused(usize),
}

impl ReadLimit {
    /// What the switch `read_limit` says.
    pub(crate) fn by_switch(switches: &Switches) -> Self {
        Self::Refused(switches.read_limit.clamp(1, 256))
    }
}

/// The files and what is selected.
#[derive(Clone)]
pub(crate) struct FileTree {
    nodes: Vec<Node>,
    directory: usize,
    file: Option<usize>,
}

impl FileTree {
    /// A tree with nothing but the MF, which may have names.
    pub(crate) fn new(names: &[&'static [u8]]) -> Self {
        let mut tree = Self { nodes: Vec::new(), directory: MASTER, file: None };
        tree.add_directory(MASTER, MASTER_FILE, names);
        tree
    }

    /// Adds a directory and returns its place.
    pub(crate) fn add_directory(&mut self, parent: usize, id: u16, names: &[&'static [u8]]) -> usize {
        self.nodes.push(Node { parent, id, names: names.to_vec(), content: None, vacant: false });
        self.nodes.len() - 1
    }

    /// Adds a file.
    pub(crate) fn add(&mut self, parent: usize, id: u16, content: Vec<u8>) {
        self.nodes.push(Node { parent, id, names: Vec::new(), content: Some(content), vacant: false });
    }

    /// A certificate slot without a certificate: one zero byte, and reading it is answered with a warning (log of a
    /// real Latvian card, libelectronic-id issue 119).
    pub(crate) fn add_vacant(&mut self, parent: usize, id: u16) {
        self.nodes.push(Node { parent, id, names: Vec::new(), content: Some(vec![0]), vacant: true });
    }

    /// State after power-up.
    pub(crate) fn reset(&mut self) {
        self.select(MASTER);
    }

    /// The current directory.
    pub(crate) fn directory(&self) -> usize {
        self.directory
    }

    /// The identifier of the current directory.
    pub(crate) fn directory_id(&self) -> u16 {
        self.id(self.directory)
    }

    /// The identifier of the current file.
    pub(crate) fn file_id(&self) -> Option<u16> {
        self.file.map(|place| self.id(place))
    }

    /// The content of the current file.
    pub(crate) fn current(&self) -> Option<&[u8]> {
        self.content(self.file?)
    }

    /// The identifier of what lies at a place.
    pub(crate) fn id(&self, place: usize) -> u16 {
        self.nodes[place].id
    }

    /// The content of a file; none of a directory.
    pub(crate) fn content(&self, place: usize) -> Option<&[u8]> {
        self.nodes[place].content.as_deref()
    }

    /// The directory of this name.
    pub(crate) fn named(&self, name: &[u8]) -> Option<usize> {
        self.nodes.iter().position(|node| node.names.contains(&name))
    }

    /// The directory in the MF with this identifier, or the MF itself.
    pub(crate) fn directory_in_master(&self, id: u16) -> usize {
        self.child(MASTER, id).unwrap_or(MASTER)
    }

    /// What lies in a directory under an identifier.
    pub(crate) fn child(&self, directory: usize, id: u16) -> Option<usize> {
        let found = self.nodes.iter().skip(1).position(|node| node.id == id && node.parent == directory);
        found.map(|place| place + 1)
    }

    /// What lies at a path of identifiers below a directory.
    pub(crate) fn at_path(&self, from: usize, path: &[u8]) -> Option<usize> {
        let ids = path.chunks_exact(2).map(|id| u16::from_be_bytes([id[0], id[1]]));
        ids.into_iter().try_fold(from, |place, id| self.child(place, id))
    }

    /// Where a SELECT by file identifier or path leads: P1 00, 01 (directories), 02 (files) from the current
    /// directory, 08 from the MF, 09 from the current directory.
    pub(crate) fn find(&self, command: &Command<'_>, paths: Paths) -> Result<usize, u16> {
        let found = match (command.p1, command.data) {
            (0x00, [] | [0x3F, 0x00]) => Some(MASTER),
            (0x00..=0x02, [_, _]) => self.at_path(self.directory, command.data),
            (0x09, _) if !paths.relative => return Err(sw::WRONG_P1P2),
            (0x08 | 0x09, path) if path.is_empty() || path.len() % 2 != 0 => return Err(sw::WRONG_LENGTH),
            (0x08 | 0x09, [0x3F, 0x00, path @ ..]) if paths.from_master => self.at_path(MASTER, path),
            (0x08, path) => self.at_path(MASTER, path),
            (0x09, path) => self.at_path(self.directory, path),
            (0x00..=0x02, _) => return Err(sw::WRONG_LENGTH),
            _ => return Err(sw::WRONG_P1P2),
        };
        let place = found.ok_or(sw::NOT_FOUND)?;
        let is_file = self.content(place).is_some();
        match command.p1 {
            0x01 if is_file => Err(sw::NOT_FOUND),
            0x02 if !is_file => Err(sw::NOT_FOUND),
            _ => Ok(place),
        }
    }

    /// Whether something can be selected before an application is.
    pub(crate) fn is_early(&self, place: usize, switches: &Switches) -> bool {
        match switches.early_files {
            EarlyFiles::All => true,
            EarlyFiles::MasterFile => place == MASTER || CARD_FILES.contains(&self.id(place)),
            EarlyFiles::None => false,
        }
    }

    /// Makes a directory or a file the current one.
    pub(crate) fn select(&mut self, place: usize) {
        if self.content(place).is_some() {
            self.directory = self.nodes[place].parent;
            self.file = Some(place);
        } else {
            self.directory = place;
            self.file = None;
        }
    }

    /// No file is current any more.
    pub(crate) fn leave_file(&mut self) {
        self.file = None;
    }

    /// Data objects of the control information (ISO/IEC 7816-4 table 10): size under the tag given, descriptor,
    /// identifier, name.
    pub(crate) fn control_objects(&self, place: usize, size: (u8, usize)) -> Vec<u8> {
        let node = &self.nodes[place];
        let (tag, size) = size;
        let size = u16::try_from(size).unwrap_or(u16::MAX).to_be_bytes();
        let mut objects = match node.content {
            // File descriptor byte 01: transparent working EF; 38: DF.
            Some(_) => [tlv(tag, &size), tlv(0x82, &[0x01])].concat(),
            None => tlv(0x82, &[0x38]),
        };
        objects.extend(tlv(0x83, &node.id.to_be_bytes()));
        if let Some(name) = node.names.first() {
            objects.extend(tlv(0x84, name));
        }
        objects
    }

    /// READ BINARY of the current file.
    pub(crate) fn read(
        &self,
        command: &Command<'_>,
        limit: ReadLimit,
        end: EndOfFile,
        switches: &Switches,
    ) -> Reply {
        let Some(le) = command.le.filter(|_| command.data.is_empty()) else {
            return Reply::status(sw::WRONG_LENGTH);
        };
        if command.p1 & 0x80 != 0 {
            return Reply::status(sw::NOT_FOUND); // no file has a short identifier
        }
        let Some(node) = self.file.map(|place| &self.nodes[place]) else {
            return Reply::status(sw::NO_CURRENT_EF);
        };
        let content = node.content.as_deref().unwrap_or_default();
        let offset = usize::from(u16::from_be_bytes([command.p1, command.p2]));
        let Some(rest) = content.get(offset..).filter(|rest| !rest.is_empty()) else {
            return Reply::status(match switches.beyond_end {
                BeyondEnd::WrongOffset => sw::WRONG_OFFSET,
                BeyondEnd::Warning => sw::END_OF_FILE,
                BeyondEnd::Empty => sw::OK,
            });
        };
        let wanted = match limit {
            ReadLimit::Refused(limit) if !command.extended && le > limit => {
                return Reply::status(sw::WRONG_LE | (limit.min(rest.len()) & 0xFF) as u16);
            }
            ReadLimit::Refused(_) => le,
            ReadLimit::Cut(limit) => le.min(limit),
        };
        match end {
            _ if node.vacant => Reply { data: rest.to_vec(), status: sw::END_OF_FILE },
            _ if wanted <= rest.len() => Reply::data(rest[..wanted].to_vec()),
            EndOfFile::Warning => Reply { data: rest.to_vec(), status: sw::END_OF_FILE },
            EndOfFile::Short => Reply::data(rest.to_vec()),
            EndOfFile::WrongLe => Reply::status(sw::WRONG_LE | (rest.len() & 0xFF) as u16),
            EndOfFile::Refused => Reply::status(sw::WRONG_LENGTH),
        }
    }
}

//! A tree of files for the cards with an ordinary ISO/IEC 7816-4 file system: directories with identifiers and
//! names, transparent files, and what is selected.

use crate::facts::switches::Switches;
use crate::facts::switches::values::{BeyondEnd, EndOfFile};
use crate::wire::apdu::{Command, Reply, sw};

/// Place of the MF in the tree.
pub(crate) const MASTER: usize = 0;
/// File identifier of the MF.
const MASTER_ID: u16 = 0x3F00;

#[derive(Clone)]
struct Node {
    parent: usize,
    id: u16,
    /// Names (AIDs) that select a directory.
    names: Vec<&'static [u8]>,
    /// None for a directory.
    content: Option<Vec<u8>>,
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
        let master = Node { parent: MASTER, id: MASTER_ID, names: names.to_vec(), content: None };
        Self { nodes: vec![master], directory: MASTER, file: None }
    }

    /// Adds a directory and returns its place.
    pub(crate) fn add_directory(&mut self, parent: usize, id: u16, names: &[&'static [u8]]) -> usize {
        self.nodes.push(Node { parent, id, names: names.to_vec(), content: None });
        self.nodes.len() - 1
    }

    /// Adds a file.
    pub(crate) fn add(&mut self, parent: usize, id: u16, content: Vec<u8>) {
        self.nodes.push(Node { parent, id, names: Vec::new(), content: Some(content) });
    }

    /// State after power-up.
    pub(crate) fn reset(&mut self) {
        self.directory = MASTER;
        self.file = None;
    }

    /// The current directory.
    pub(crate) fn directory(&self) -> usize {
        self.directory
    }

    pub(crate) fn is_file(&self, place: usize) -> bool {
        self.nodes.get(place).is_some_and(|node| node.content.is_some())
    }

    /// The directory of this name.
    pub(crate) fn named(&self, name: &[u8]) -> Option<usize> {
        self.nodes.iter().position(|node| node.names.contains(&name))
    }

    /// What lies in a directory under an identifier; 3F00 is the MF from everywhere.
    pub(crate) fn child(&self, directory: usize, id: u16) -> Option<usize> {
        if id == MASTER_ID {
            return Some(MASTER);
        }
        self.nodes.iter().position(|node| node.id == id && node.parent == directory)
    }

    /// What lies at a path of identifiers below a directory.
    pub(crate) fn at_path(&self, from: usize, path: &[u8]) -> Option<usize> {
        let ids = path.chunks(2).map(|id| <[u8; 2]>::try_from(id).ok().map(u16::from_be_bytes));
        ids.into_iter().try_fold(from, |place, id| self.child(place, id?))
    }

    /// Makes a directory or a file the current one.
    pub(crate) fn select(&mut self, place: usize) {
        if self.is_file(place) {
            self.directory = self.nodes[place].parent;
            self.file = Some(place);
        } else {
            self.directory = place;
            self.file = None;
        }
    }

    /// Data objects of the control information (ISO/IEC 7816-4 table 10): size, descriptor, identifier, name.
    pub(crate) fn control_objects(&self, place: usize) -> Vec<u8> {
        let Some(node) = self.nodes.get(place) else { return Vec::new() };
        let mut objects = Vec::new();
        match &node.content {
            Some(content) => {
                let size = u16::try_from(content.len()).unwrap_or(u16::MAX);
                objects.extend(crate::wire::der::tlv(0x80, &size.to_be_bytes()));
                objects.extend([0x82, 0x01, 0x01]);
            }
            None => objects.extend([0x82, 0x01, 0x38]),
        }
        objects.extend(crate::wire::der::tlv(0x83, &node.id.to_be_bytes()));
        if let Some(name) = node.names.first() {
            objects.extend(crate::wire::der::tlv(0x84, name));
        }
        objects
    }

    /// READ BINARY of the current file.
    pub(crate) fn read(&self, command: &Command<'_>, end: EndOfFile, switches: &Switches) -> Reply {
        let Some(le) = command.le.filter(|_| command.data.is_empty()) else {
            return Reply::status(sw::WRONG_LENGTH);
        };
        if command.p1 & 0x80 != 0 {
            return Reply::status(sw::NOT_FOUND); // no file has a short identifier
        }
        let Some(content) = self.file.and_then(|place| self.nodes[place].content.as_deref()) else {
            return Reply::status(sw::NO_CURRENT_EF);
        };
        let offset = usize::from(u16::from_be_bytes([command.p1, command.p2]));
        let Some(rest) = content.get(offset..).filter(|rest| !rest.is_empty()) else {
            return Reply::status(match switches.beyond_end {
                BeyondEnd::WrongOffset => sw::WRONG_OFFSET,
                BeyondEnd::Warning => sw::END_OF_FILE,
                BeyondEnd::Empty => sw::OK,
            });
        };
        let limit = switches.read_limit.clamp(1, 256);
        if !command.extended && le > limit {
            return Reply::status(sw::WRONG_LE | (limit.min(rest.len()) & 0xFF) as u16);
        }
        if le <= rest.len() {
            return Reply::data(rest[..le].to_vec());
        }
        match end {
            EndOfFile::Warning => Reply { data: rest.to_vec(), status: sw::END_OF_FILE },
            EndOfFile::Short => Reply::data(rest.to_vec()),
            EndOfFile::WrongLe => Reply::status(sw::WRONG_LE | (rest.len() & 0xFF) as u16),
            EndOfFile::Refused => Reply::status(sw::WRONG_LENGTH),
        }
    }
}

//! The file system: SELECT and READ BINARY (ISO/IEC 7816-4 §11.1.1, §11.2.3).

use super::elementary_files::{self, APPLICATION, PASSPORT};
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::facts::switches::values::{BeyondEnd, EarlyFiles, EndOfFile, FcpSizeTag};
use crate::families::fineid::generations::{DF_SIGNATURE, FineidDescription};
use crate::pki::issued::Certificates;
use crate::wire::apdu::{Command, Reply, sw};
use crate::wire::der::tlv;

/// File identifier of the MF.
const MASTER_FILE: u16 = 0x3F00;
/// EF.DIR, EF.ATR and EF.CardAccess, which belong to the card and not to an application.
const CARD_FILES: [u16; 3] = [0x2F00, 0x2F01, 0x011C];
const CARD_ACCESS: u16 = 0x011C;
/// Files of the passport application that answer, but only to a reader that ran PACE.
const PASSPORT_FILES: [u16; 7] = [0x011E, 0x0101, 0x0102, 0x0103, 0x0107, 0x010E, 0x011D];

/// The selected application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Application {
    /// None yet after a reset.
    None,
    /// PKCS#15, that is, FINEID.
    FineId,
    /// The passport application.
    Passport,
}

#[derive(Clone)]
struct ElementaryFile {
    parent: u16,
    id: u16,
    content: Vec<u8>,
}

/// The files and what is selected.
#[derive(Clone)]
pub(crate) struct FileSystem {
    files: Vec<ElementaryFile>,
    pub(crate) application: Application,
    current_df: u16,
    current_ef: Option<usize>,
}

/// What a SELECT did, for the parts of the card that care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selected {
    Application,
    MasterFile,
    File,
}

enum Target {
    Directory(u16),
    File(usize),
}

impl FileSystem {
    pub(crate) fn new(
        card: &FineidDescription,
        holder: &Holder,
        certificates: &Certificates,
        switches: &Switches,
    ) -> Self {
        let mut files = Vec::new();
        let mut add = |parent, id, content| files.push(ElementaryFile { parent, id, content });
        add(MASTER_FILE, 0x2F00, elementary_files::directory(card));
        add(MASTER_FILE, 0x2F01, elementary_files::answer_to_reset_file(card));
        add(MASTER_FILE, CARD_ACCESS, card.card_access.to_vec());
        add(MASTER_FILE, 0x5031, elementary_files::object_directory());
        add(MASTER_FILE, 0x5032, elementary_files::card_info(card, holder));
        let padded = |der: &[u8]| {
            let mut content = der.to_vec();
            content.resize(der.len() + switches.cert_padding.min(0x4000), 0);
            content
        };
        add(MASTER_FILE, 0x4334, padded(&certificates.root));
        add(MASTER_FILE, 0x4336, padded(&certificates.issuing));
        for certificate in &certificates.holder {
            if let Some(key) = card.card.keys.iter().find(|key| key.reference == certificate.key_reference) {
                add(key.certificate_df, key.certificate, padded(&certificate.der));
            }
        }
        Self { files, application: Application::None, current_df: MASTER_FILE, current_ef: None }
    }

    /// State after power-up or reset.
    pub(crate) fn reset(&mut self) {
        self.application = Application::None;
        self.current_df = MASTER_FILE;
        self.current_ef = None;
    }

    /// What another program does that selects the passport application.
    pub(crate) fn select_passport(&mut self) {
        self.application = Application::Passport;
        self.current_ef = None;
    }

    /// SELECT. The forms are those that open implementations use: P1 00, 01, 02, 04 and 08.
    pub(crate) fn select(&mut self, command: &Command<'_>, switches: &Switches) -> (Reply, Option<Selected>) {
        match self.try_select(command, switches) {
            Ok((reply, selected)) => (reply, Some(selected)),
            Err(status) => (Reply::status(status), None),
        }
    }

    fn try_select(&mut self, command: &Command<'_>, switches: &Switches) -> Result<(Reply, Selected), u16> {
        if !matches!(command.p2, 0x00 | 0x04 | 0x0C) {
            return Err(sw::WRONG_P1P2);
        }
        if command.p1 == 0x04 {
            let application = match command.data {
                APPLICATION => Application::FineId,
                PASSPORT => Application::Passport,
                _ => return Err(sw::NOT_FOUND),
            };
            self.application = application;
            self.current_df = MASTER_FILE;
            self.current_ef = None;
            return Ok((control_information(command.p2, &[(0x84, command.data)]), Selected::Application));
        }
        let target = match (command.p1, command.data) {
            (0x00, [] | [0x3F, 0x00]) => Target::Directory(MASTER_FILE),
            (0x00, [high, low]) => self.child(self.current_df, u16::from_be_bytes([*high, *low]))?,
            (0x01, [high, low]) => match self.child(self.current_df, u16::from_be_bytes([*high, *low]))? {
                directory @ Target::Directory(_) => directory,
                Target::File(_) => return Err(sw::NOT_FOUND),
            },
            (0x02, [high, low]) => match self.child(self.current_df, u16::from_be_bytes([*high, *low]))? {
                file @ Target::File(_) => file,
                Target::Directory(_) => return Err(sw::NOT_FOUND),
            },
            (0x08, [high, low]) => self.child(MASTER_FILE, u16::from_be_bytes([*high, *low]))?,
            (0x08, [0x50, 0x16, high, low]) => self.child(DF_SIGNATURE, u16::from_be_bytes([*high, *low]))?,
            (0x08, path) if path.len() >= 2 && path.len() % 2 == 0 => return Err(sw::NOT_FOUND),
            (0x00..=0x02 | 0x08, _) => return Err(sw::WRONG_LENGTH),
            _ => return Err(sw::WRONG_P1P2),
        };
        self.check_visible(&target, switches)?;
        Ok(match target {
            Target::Directory(id) => {
                self.current_df = id;
                self.current_ef = None;
                let selected = if id == MASTER_FILE { Selected::MasterFile } else { Selected::File };
                // File descriptor byte 38: DF.
                (control_information(command.p2, &[(0x82, &[0x38]), (0x83, &id.to_be_bytes())]), selected)
            }
            Target::File(index) => {
                let file = &self.files[index];
                self.current_df = file.parent;
                self.current_ef = Some(index);
                let mut size = file.content.len();
                if !switches.fcp_exact {
                    size = (size / 128 + 1) * 128;
                }
                let size_tag = match switches.fcp_size_tag {
                    FcpSizeTag::Tag80 => 0x80,
                    FcpSizeTag::Tag81 => 0x81,
                };
                let size = u16::try_from(size).unwrap_or(u16::MAX).to_be_bytes();
                // File descriptor byte 01: transparent working EF.
                let objects: [(u8, &[u8]); 3] =
                    [(size_tag, &size), (0x82, &[0x01]), (0x83, &file.id.to_be_bytes())];
                (control_information(command.p2, &objects), Selected::File)
            }
        })
    }

    fn child(&self, parent: u16, id: u16) -> Result<Target, u16> {
        if id == DF_SIGNATURE && parent == MASTER_FILE {
            return Ok(Target::Directory(id));
        }
        let found = self.files.iter().position(|file| file.parent == parent && file.id == id);
        found.map(Target::File).ok_or_else(|| {
            // The passport's files are no files of this tree, but they are not absent either.
            let passport = self.application == Application::Passport && PASSPORT_FILES.contains(&id);
            if passport { sw::NOT_VERIFIED } else { sw::NOT_FOUND }
        })
    }

    /// Which files an application shows.
    fn check_visible(&self, target: &Target, switches: &Switches) -> Result<(), u16> {
        let id = match target {
            Target::Directory(id) => *id,
            Target::File(index) => self.files[*index].id,
        };
        let visible = match self.application {
            Application::FineId => true,
            Application::Passport => id == CARD_ACCESS,
            Application::None => match switches.early_files {
                EarlyFiles::All => true,
                EarlyFiles::MasterFile => id == MASTER_FILE || CARD_FILES.contains(&id),
                EarlyFiles::None => false,
            },
        };
        if visible { Ok(()) } else { Err(sw::NOT_FOUND) }
    }

    /// READ BINARY of the current EF.
    pub(crate) fn read_binary(&self, command: &Command<'_>, switches: &Switches) -> Reply {
        let Some(le) = command.le else { return Reply::status(sw::WRONG_LENGTH) };
        if command.p1 & 0x80 != 0 {
            return Reply::status(sw::NOT_FOUND); // no file has a short identifier
        }
        let Some(file) = self.current_ef.and_then(|index| self.files.get(index)) else {
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
        let limit = switches.read_limit.clamp(1, 256);
        if !command.extended && le > limit {
            return Reply::status(sw::WRONG_LE | (limit.min(rest.len()) & 0xFF) as u16);
        }
        if le <= rest.len() {
            return Reply::data(rest[..le].to_vec());
        }
        match switches.eof {
            EndOfFile::Warning => Reply { data: rest.to_vec(), status: sw::END_OF_FILE },
            EndOfFile::Short => Reply::data(rest.to_vec()),
            EndOfFile::WrongLe => Reply::status(sw::WRONG_LE | (rest.len() & 0xFF) as u16),
            EndOfFile::Refused => Reply::status(sw::WRONG_LENGTH),
        }
    }
}

/// Control information as P2 asks for: FCI (6F), FCP (62) or none.
fn control_information(p2: u8, objects: &[(u8, &[u8])]) -> Reply {
    let tag = match p2 {
        0x00 => 0x6F,
        0x04 => 0x62,
        _ => return Reply::status(sw::OK),
    };
    let content: Vec<_> = objects.iter().map(|(tag, value)| tlv(*tag, value)).collect();
    Reply::data(tlv(tag, &content.concat()))
}

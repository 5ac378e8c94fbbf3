//! The file system: SELECT and READ BINARY (ISO/IEC 7816-4 §11.1.1, §11.2.3).

use super::elementary_files::{self, APPLICATION, PASSPORT};
use crate::chip::files::{CARD_ACCESS, FileTree, MASTER, Paths, ReadLimit};
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::facts::switches::values::FcpSizeTag;
use crate::families::fineid::generations::{DF_SIGNATURE, FineidDescription};
use crate::pki::issued::Certificates;
use crate::wire::apdu::{Command, Reply, sw};
use crate::wire::der::tlv;

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

/// The files and what is selected.
#[derive(Clone)]
pub(crate) struct FileSystem {
    tree: FileTree,
    pub(crate) application: Application,
}

/// What a SELECT did, for the parts of the card that care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selected {
    Application,
    MasterFile,
    File,
}

impl FileSystem {
    pub(crate) fn new(
        card: &FineidDescription,
        holder: &Holder,
        certificates: &Certificates,
        switches: &Switches,
    ) -> Self {
        let mut tree = FileTree::new(&[]);
        tree.add_directory(MASTER, DF_SIGNATURE, &[]);
        tree.add(MASTER, 0x2F00, elementary_files::directory(card));
        tree.add(MASTER, 0x2F01, elementary_files::answer_to_reset_file(card));
        tree.add(MASTER, CARD_ACCESS, card.card_access.to_vec());
        tree.add(MASTER, 0x5031, elementary_files::object_directory());
        tree.add(MASTER, 0x5032, elementary_files::card_info(card, holder));
        let padded = |der: &[u8]| {
            let mut content = der.to_vec();
            content.resize(der.len() + switches.cert_padding.min(0x4000), 0);
            content
        };
        tree.add(MASTER, 0x4334, padded(&certificates.root));
        tree.add(MASTER, 0x4336, padded(&certificates.issuing));
        for certificate in &certificates.holder {
            if let Some(key) = card.card.keys.iter().find(|key| key.reference == certificate.key_reference) {
                tree.add(
                    tree.directory_in_master(key.certificate_df),
                    key.certificate,
                    padded(&certificate.file),
                );
            }
        }
        Self { tree, application: Application::None }
    }

    /// State after power-up or reset.
    pub(crate) fn reset(&mut self) {
        self.application = Application::None;
        self.tree.reset();
    }

    /// What another program does that selects the passport application.
    pub(crate) fn select_passport(&mut self) {
        self.application = Application::Passport;
        self.tree.leave_file();
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
            self.tree.reset();
            return Ok((control_information(command.p2, &tlv(0x84, command.data)), Selected::Application));
        }
        let place = self.find(command)?;
        if !self.is_visible(place, switches) {
            return Err(sw::NOT_FOUND);
        }
        self.tree.select(place);
        let size_tag = match switches.fcp_size_tag {
            FcpSizeTag::Tag80 => 0x80,
            FcpSizeTag::Tag81 => 0x81,
        };
        let size = self.tree.content(place).map_or(0, <[u8]>::len);
        let size = if switches.fcp_exact { size } else { (size / 128 + 1) * 128 };
        let objects = self.tree.control_objects(place, (size_tag, size));
        let selected = if place == MASTER { Selected::MasterFile } else { Selected::File };
        Ok((control_information(command.p2, &objects), selected))
    }

    fn find(&self, command: &Command<'_>) -> Result<usize, u16> {
        let found = self.tree.find(command, Paths { from_master: false, relative: false });
        found.map_err(|status| {
            // The passport's files are no files of this tree, but they are not absent either.
            let of_passport = command.data.last_chunk().is_some_and(|id| {
                PASSPORT_FILES.contains(&u16::from_be_bytes(*id)) && self.application == Application::Passport
            });
            if status == sw::NOT_FOUND && of_passport { sw::NOT_VERIFIED } else { status }
        })
    }

    /// Which files an application shows.
    fn is_visible(&self, place: usize, switches: &Switches) -> bool {
        match self.application {
            Application::FineId => true,
            Application::Passport => self.tree.id(place) == CARD_ACCESS,
            Application::None => self.tree.is_early(place, switches),
        }
    }

    /// READ BINARY of the current EF.
    pub(crate) fn read_binary(&self, command: &Command<'_>, switches: &Switches) -> Reply {
        self.tree.read(command, ReadLimit::by_switch(switches), switches.eof, switches)
    }
}

/// Control information as P2 asks for: FCI (6F), FCP (62) or none.
fn control_information(p2: u8, objects: &[u8]) -> Reply {
    let tag = match p2 {
        0x00 => 0x6F,
        0x04 => 0x62,
        _ => return Reply::status(sw::OK),
    };
    Reply::data(tlv(tag, objects))
}

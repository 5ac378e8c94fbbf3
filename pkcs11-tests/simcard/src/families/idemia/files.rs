//! SELECT and READ BINARY, and what is in the files.

use super::{Idemia, PIN1, PIN2};
use crate::chip::files::{CARD_ACCESS, FileTree, MASTER, MASTER_FILE, Paths, ReadLimit};
use crate::facts::date::Date;
use crate::facts::description::{KeyDescription, KeyKind};
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::facts::switches::values::{EndOfFile, SelectDrops};
use crate::families::baltic::cards::{ADF1, ADF2};
use crate::families::baltic::{self, Layout};
use crate::families::idemia::cards::IdemiaDescription;
use crate::pki::issued::Certificates;
use crate::wire::apdu::{Command, Reply, sw};
use crate::wire::der;

/// Application identifiers and the folder each leads to (libelectronic-id, DigiDoc4).
const APPLICATIONS: &[(&[u8], u16)] = &[
    (&[0xA0, 0, 0, 0, 0x77, 0x01, 0x08, 0, 0x07, 0, 0, 0xFE, 0, 0, 0x01, 0], MASTER_FILE),
    (b"\xE8\x28\xBD\x08\x0F\xF2\x50OT AWP", ADF1),
    (b"QSCD Application", ADF2),
];

/// Personal records.
const RECORDS: u16 = 0x5000;
/// EF.OD of both application folders: the PrKD is 7001, the CD 7005 (recorded).
const OBJECT_DIRECTORY: &[u8] =
    &[0xA4, 0x06, 0x30, 0x04, 0x04, 0x02, 0x70, 0x05, 0xA0, 0x06, 0x30, 0x04, 0x04, 0x02, 0x70, 0x01];
/// Most bytes in one answer of READ BINARY (recorded).
const LONGEST_READ: usize = 0xE7;
/// Blocks that readers with trouble on a Cosmo X get through.
const COSMO_X_SAFE: usize = 0xC0;

impl IdemiaDescription {
    pub(super) fn is_latvian(&self) -> bool {
        matches!(self.layout, Layout::Latvia2017 | Layout::Latvia2024)
    }

    /// File of a key's certificate, and the slot that stays vacant.
    fn slots(&self, key: &KeyDescription, switches: &Switches) -> (u16, Option<u16>) {
        match (self.layout, key.certificate) {
            (Layout::Latvia2024, 0x3402) => self.slots_of([0x3402, 0x3401], switches),
            (Layout::Latvia2024, _) => self.slots_of([0x341E, 0x341F], switches),
            (_, only) => (only, None),
        }
    }

    fn slots_of(&self, [new, old]: [u16; 2], switches: &Switches) -> (u16, Option<u16>) {
        if switches.latvia_old_slots { (old, None) } else { (new, Some(old)) }
    }
}

/// The files of a card.
pub(super) fn tree(
    description: &IdemiaDescription,
    holder: &Holder,
    certificates: &Certificates,
    issued: Date,
    switches: &Switches,
) -> FileTree {
    let mut tree = FileTree::new(&[]);
    let records_folder = tree.add_directory(MASTER, RECORDS, &[]);
    for folder in [ADF1, ADF2] {
        tree.add_directory(MASTER, folder, &[]);
    }
    let number = baltic::document_number(holder, description.e_resident);
    tree.add(MASTER, CARD_ACCESS, description.card_access.to_vec());
    tree.add(MASTER, 0xD003, der::octets(number.as_bytes()));
    if description.is_latvian() {
        // The only record that a Latvian card was seen to have.
        tree.add(records_folder, 0x5001, holder.personal_code.clone().into_bytes());
    } else {
        let records = baltic::records(holder, description.e_resident, true, issued, switches);
        for (id, record) in (0x5001..).zip(records) {
            tree.add(records_folder, id, record);
        }
    }
    for (key, certificate) in description.card.keys.iter().zip(&certificates.holder) {
        let folder = tree.directory_in_master(key.certificate_df);
        let (slot, vacant) = description.slots(key, switches);
        tree.add(folder, 0x5031, OBJECT_DIRECTORY.to_vec());
        tree.add(folder, 0x7001, private_key_directory(key));
        tree.add(folder, 0x7005, certificate_directory(slot));
        tree.add(folder, slot, certificate.file.clone());
        if let Some(vacant) = vacant {
            tree.add_vacant(folder, vacant);
        }
    }
    tree
}

/// EF.PrKD: the outer tag is 30 for RSA and A0 for EC, the number is the key reference (RSA recorded; EC as
/// libelectronic-id reads it).
fn private_key_directory(key: &KeyDescription) -> Vec<u8> {
    let outer = if matches!(key.kind, KeyKind::Rsa(_)) { 0x30 } else { 0xA0 };
    let reference = der::sequence(&[&der::integer(u32::from(key.reference))]);
    der::tlv(outer, &[der::sequence(&[]), reference].concat())
}

/// EF.CD: the file of the certificate (recorded).
fn certificate_directory(slot: u16) -> Vec<u8> {
    let path = der::sequence(&[&der::sequence(&[&der::octets(&slot.to_be_bytes())])]);
    der::sequence(&[&der::explicit(1, &path)])
}

impl Idemia {
    pub(super) fn select(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        if !matches!(command.p2, 0x00 | 0x04 | 0x0C) {
            return Err(sw::WRONG_P1P2);
        }
        if command.p1 == 0x04 {
            return self.select_application(command.data, switches);
        }
        let place = self.tree.find(command, Paths { from_master: true, relative: true })?;
        if !self.selected && !self.tree.is_early(place, switches) {
            return Err(sw::NOT_FOUND);
        }
        let before = self.tree.directory();
        self.tree.select(place);
        if self.tree.directory() != before {
            // PIN2 stays: OpenSC signs on real cards by VERIFY, SELECT of the MF, of ADF2, MSE and PSO.
            self.environment = Default::default();
        }
        match self.tree.content(place) {
            Some(content) if command.p2 != 0x0C => {
                // Control information as recorded: nothing but the size.
                Ok(der::tlv(0x62, &der::tlv(0x80, &(content.len() as u16).to_be_bytes())))
            }
            _ => Ok(Vec::new()),
        }
    }

    /// No data even with P2 = 00 or Le (recorded).
    fn select_application(&mut self, aid: &[u8], switches: &Switches) -> Result<Vec<u8>, u16> {
        let (_, folder) = APPLICATIONS.iter().find(|(known, _)| *known == aid).ok_or(sw::NOT_FOUND)?;
        self.selected = true;
        self.tree.select(self.tree.directory_in_master(*folder));
        self.leave();
        let drops = match switches.select_drops_pin1 {
            SelectDrops::Never => false,
            SelectDrops::Main => *folder == MASTER_FILE,
            SelectDrops::Any => true,
        };
        if drops {
            // Not the PUK: it is verified in the main application and used in QSCD.
            self.pins.forget(PIN1);
        }
        Ok(Vec::new())
    }

    /// Another application: the local PIN and the security environment are gone. G
    fn leave(&mut self) {
        self.pins.forget(PIN2);
        self.environment = Default::default();
    }

    pub(super) fn read_binary(&self, command: &Command<'_>, switches: &Switches) -> Reply {
        let long = command.le.is_some_and(|le| le > COSMO_X_SAFE);
        if long && self.description.cosmo_x && !switches.cosmo_x_long_reads {
            return Reply::status(0x6F00);
        }
        // Over the end: the rest with 9000 (recorded).
        self.tree.read(command, ReadLimit::Cut(LONGEST_READ), EndOfFile::Short, switches)
    }
}

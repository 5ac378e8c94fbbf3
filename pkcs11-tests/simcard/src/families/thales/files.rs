//! SELECT and READ BINARY, and what is in the files.

use super::{Application, Thales};
use crate::chip::files::{CARD_ACCESS, FileTree, MASTER, Paths, ReadLimit};
use crate::facts::date::Date;
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::families::baltic;
use crate::families::baltic::cards::{ADF1, ADF2};
use crate::families::thales::cards::ThalesDescription;
use crate::pki::issued::Certificates;
use crate::wire::apdu::{Command, Reply, sw};
use crate::wire::der::tlv;

/// Application identifiers: PKCS#15, and the one that phones list.
const APPLICATIONS: &[(&[u8], Application)] = &[
    (b"\xA0\x00\x00\x00\x63PKCS-15", Application::Pkcs15),
    (&[0xA0, 0, 0, 0, 0x18, 0x10, 0x02, 0x03, 0, 0, 0, 0, 0, 0, 0, 0x01], Application::Global),
];

/// Personal records.
const RECORDS: u16 = 0xDFDD;

/// PACE with AES-256 on brainpoolP384r1, which is what the recorded session uses; the file itself was never read. G
const CARD_ACCESS_CONTENT: &[u8] = &[
    0x31, 0x14, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x04, 0x02,
    0x01, 0x02, 0x02, 0x01, 0x10,
];

/// The access rules in the control information: those of certificates and those of personal records (recorded).
const CERTIFICATE_RULE: &[u8] = &[0x43, 0xF1, 0xF1, 0x00];
const RECORD_RULE: &[u8] = &[0x03, 0xFF, 0x00];

/// The files of a card.
pub(super) fn tree(
    description: &ThalesDescription,
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
    tree.add(MASTER, CARD_ACCESS, CARD_ACCESS_CONTENT.to_vec());
    let mut records = baltic::records(holder, description.e_resident, false, issued, switches);
    if !switches.document_number {
        records[6] = baltic::record(String::new(), switches);
    }
    for (id, record) in (0x5001..).zip(records) {
        tree.add(records_folder, id, record);
    }
    for (key, certificate) in description.card.keys.iter().zip(&certificates.holder) {
        tree.add(tree.directory_in_master(key.certificate_df), key.certificate, certificate.file.clone());
    }
    tree
}

impl Thales {
    pub(super) fn select(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        if !matches!(command.p2, 0x00 | 0x04 | 0x0C) {
            return Err(sw::WRONG_P1P2);
        }
        if command.p1 == 0x04 {
            let known = APPLICATIONS.iter().find(|(aid, _)| *aid == command.data);
            let (_, application) = known.ok_or(sw::NOT_FOUND)?;
            self.application_selected(*application);
            return Ok(Vec::new());
        }
        let place = self.tree.find(command, Paths { from_master: true, relative: true })?;
        if self.application != Application::Pkcs15 && !self.tree.is_early(place, switches) {
            return Err(sw::NOT_FOUND);
        }
        self.tree.select(place);
        if command.p2 == 0x0C {
            return Ok(Vec::new());
        }
        Ok(tlv(0x62, &self.control_information(place)))
    }

    /// Of a file as recorded: size, transparent file, identifier, operational, access rule. A directory was only asked
    /// with P2 = 0C in any recording; formed after ISO/IEC 7816-4. G
    fn control_information(&self, place: usize) -> Vec<u8> {
        let size = self.tree.content(place).map(<[u8]>::len);
        let mut objects = self.tree.control_objects(place, (0x81, size.unwrap_or(0)));
        if size.is_some() {
            let folder = self.tree.directory_id();
            let rule = if matches!(folder, ADF1 | ADF2) { CERTIFICATE_RULE } else { RECORD_RULE };
            objects.extend([tlv(0x8A, &[0x05]), tlv(0x8C, rule)].concat());
        }
        objects
    }

    pub(super) fn read_binary(&self, command: &Command<'_>, switches: &Switches) -> Reply {
        self.tree.read(command, ReadLimit::Cut(switches.thales_read_limit), switches.eof, switches)
    }
}

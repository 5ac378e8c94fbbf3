//! SELECT and READ BINARY, and what is in the files.

use super::{Application, Thales};
use crate::chip::tree::{CARD_ACCESS, Found, MASTER_FILE, Tree};
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
) -> Tree {
    let mut tree = Tree::new(&[ADF1, ADF2, RECORDS]);
    tree.add(MASTER_FILE, CARD_ACCESS, CARD_ACCESS_CONTENT.to_vec());
    let records = baltic::records(holder, description.e_resident, false, issued, switches);
    for (id, record) in (0x5001..).zip(records) {
        tree.add(RECORDS, id, record);
    }
    for (key, certificate) in description.card.keys.iter().zip(&certificates.holder) {
        tree.add(key.certificate_df, key.certificate, certificate.der.clone());
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
        let found = self.tree.find(command)?;
        if self.application != Application::Pkcs15 && !self.tree.is_early(found, switches) {
            return Err(sw::NOT_FOUND);
        }
        self.tree.select(found);
        if command.p2 == 0x0C {
            return Ok(Vec::new());
        }
        Ok(match found {
            Found::File(index) => self.file_information(index),
            // Only asked with P2 = 0C in any recording; formed after ISO/IEC 7816-4. G
            Found::Directory(id) => tlv(0x62, &[tlv(0x82, &[0x38]), tlv(0x83, &id.to_be_bytes())].concat()),
        })
    }

    /// Control information as recorded: size, transparent file, identifier, operational, access rule.
    fn file_information(&self, index: usize) -> Vec<u8> {
        let file = self.tree.file(index);
        let size = (file.content.len() as u16).to_be_bytes();
        let rule = if matches!(self.tree.current_df, ADF1 | ADF2) { CERTIFICATE_RULE } else { RECORD_RULE };
        let objects: [(u8, &[u8]); 5] =
            [(0x81, &size), (0x82, &[0x01]), (0x83, &file.id.to_be_bytes()), (0x8A, &[0x05]), (0x8C, rule)];
        tlv(0x62, &objects.map(|(tag, value)| tlv(tag, value)).concat())
    }

    pub(super) fn read_binary(&self, command: &Command<'_>, switches: &Switches) -> Reply {
        self.tree.read(command, switches.thales_read_limit, switches.eof, switches)
    }
}

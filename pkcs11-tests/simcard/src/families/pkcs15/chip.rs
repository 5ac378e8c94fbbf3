//! What the commands of these cards do.

use super::algorithm::Algorithm;
use super::card::{APPLICATION, InlineCard, InlineContents, Unblocking};
use super::contents::{certificates, pins};
use crate::chip::files::{FileTree, Paths, ReadLimit};
use crate::chip::pins::Pins;
use crate::chip::{Blueprint, Chip, Context, Personalisation};
use crate::facts::description::{CardDescription, Family, KeyUsage, Protocol};
use crate::facts::switches::Switches;
use crate::facts::switches::values::DirectoryFile;
use crate::pki::issued::{self, CardKey, Certificates};
use crate::wire::apdu::{Command, Reply, sw};

#[derive(Clone)]
struct Environment {
    key: usize,
    algorithm: &'static Algorithm,
    /// Directory it was set in.
    directory: usize,
}

/// The card.
#[derive(Clone)]
pub(crate) struct Inline {
    card: &'static InlineCard,
    serial: String,
    certificates: Certificates,
    tree: FileTree,
    pins: Pins,
    keys: Vec<CardKey>,
    environment: Option<Environment>,
}

impl Inline {
    pub(crate) fn new(card: &'static InlineCard, personalisation: &Personalisation<'_>) -> Self {
        let Personalisation { holder, issued, switches, .. } = *personalisation;
        let keys = issued::keys(&card.card, holder.seed, 0);
        let certificates = certificates(card, &keys, holder, issued.unwrap_or(card.issued), switches);
        let serial = format!("{:09}", 700_000_000 + u64::from(holder.seed) % 100_000_000);
        let contents = InlineContents { card, certificates: &certificates, serial: &serial, switches };
        let tree = (card.files)(&contents);
        let pins = pins(card, personalisation);
        Self { card, serial, certificates, tree, pins, keys, environment: None }
    }

    fn forget(&mut self) {
        self.environment = None;
        self.pins.forget_verified();
    }

    fn answer(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        let switches = context.switches;
        self.check_form(command, switches)?;
        match command.ins {
            0xA4 => self.select(command, switches),
            0x20 => self.verify(command, switches).map(|()| Vec::new()),
            0x24 => self.change(command, switches).map(|()| Vec::new()),
            0x2C => self.unblock(command, switches).map(|()| Vec::new()),
            0x22 => self.set_environment(command, switches),
            0x2A => self.operation(command, context),
            0xB2 => self.read_record(command, switches),
            0xCA | 0xCB => Err(sw::REFERENCE_NOT_FOUND),
            _ => Err(sw::UNKNOWN_INSTRUCTION),
        }
    }

    fn check_form(&self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        let case4 = command.data_and_le && self.card.card.protocol == Protocol::T0 && !switches.case4_le;
        match command.cla {
            0x00 if case4 || (command.extended && !switches.extended_length) => Err(sw::WRONG_LENGTH),
            0x00 => Ok(()),
            _ => Err(sw::UNKNOWN_CLASS),
        }
    }

    /// SELECT in the forms of ISO/IEC 7816-4 table 39; P2 00 for an FCI, 04 for an FCP, 0C for neither.
    fn select(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        let template = match command.p2 {
            0x00 => Some(0x6F),
            0x04 => Some(0x62),
            0x0C => None,
            _ => return Err(sw::WRONG_P1P2),
        };
        let is_alone = self.is_found_by_its_directory_alone();
        let place = match (command.p1, command.data) {
            (0x04, [_, ..]) if is_alone && !switches.application_by_name => return Err(sw::NOT_FOUND),
            (0x04, name @ [_, ..]) => self.tree.named(name).ok_or(sw::NOT_FOUND)?,
            (0x08 | 0x09, _) if is_alone && !switches.path_select => return Err(sw::WRONG_P1P2),
            (0x04, []) => return Err(sw::WRONG_LENGTH),
            _ => self.tree.find(command, Paths { from_master: switches.path_with_mf, relative: true })?,
        };
        self.tree.select(place);
        let size = self.tree.content(place).map(<[u8]>::len);
        if size.is_none() && switches.select_drops_pins {
            self.forget();
        }
        let objects = self.tree.control_objects(place, (0x80, size.unwrap_or(0)));
        Ok(template.map(|tag| crate::wire::der::tlv(tag, &objects)).unwrap_or_default())
    }

    /// Whether the current file is EF.DIR as a file of records.
    fn is_made_of_records(&self, switches: &Switches) -> bool {
        self.is_found_by_its_directory_alone()
            && switches.directory_file == DirectoryFile::Records
            && self.tree.file_id() == Some(0x2F00)
    }

    /// Whether it is one of the cards that no table knows: the switches about finding it are theirs.
    fn is_found_by_its_directory_alone(&self) -> bool {
        self.card.card.family == Family::Pkcs15
    }

    /// READ RECORD by number (P2 = 04), of the current file.
    fn read_record(&self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        if !self.is_made_of_records(switches) {
            return Err(if self.tree.file_id().is_some() { sw::NOT_OF_THIS_KIND } else { sw::NO_CURRENT_EF });
        }
        if command.p2 != 0x04 || command.p1 == 0 {
            return Err(sw::WRONG_P1P2);
        }
        // Each record is a data object of less than 128 bytes.
        let mut rest = self.tree.current().unwrap_or_default();
        for _ in 1..command.p1 {
            rest = rest.get(1).and_then(|length| rest.get(2 + usize::from(*length)..)).unwrap_or_default();
        }
        let record = rest.get(1).and_then(|length| rest.get(..2 + usize::from(*length)));
        record.map(<[u8]>::to_vec).ok_or(sw::NO_RECORD)
    }

    fn verify(&mut self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        if command.p1 != 0x00 {
            return Err(sw::WRONG_P1P2);
        }
        if !command.data.is_empty() {
            return self.pins.verify(command.p2, command.data, switches);
        }
        // A header of four bytes, or P3 = 00.
        match command.le {
            _ if self.pins.get(command.p2).is_none() => Err(sw::REFERENCE_NOT_FOUND),
            Some(256) => self.pins.probe(command.p2, switches),
            _ => Err(sw::WRONG_LENGTH),
        }
    }

    /// CHANGE REFERENCE DATA: old and new code.
    fn change(&mut self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        if command.p1 != 0x00 {
            return Err(sw::WRONG_P1P2);
        }
        self.pins.change(command.p2, command.data, switches)
    }

    fn unblock(&mut self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        match (self.card.unblocking, command.p1) {
            (Unblocking::AfterPuk, 0x02) => {
                self.pins.unblock_after_puk(command.p2, command.data, sw::NOT_VERIFIED, switches)
            }
            (Unblocking::Together, 0x00) => self.pins.unblock_with_puk(command.p2, command.data, switches),
            _ => Err(sw::WRONG_P1P2),
        }
    }

    /// MSE SET of the signature template: algorithm (80) and key (84).
    fn set_environment(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        if (command.p1, command.p2) != (0x41, 0xB6) {
            return Err(sw::WRONG_P1P2);
        }
        let (value, reference) = match command.data {
            [0x80, 1, value, 0x84, 1, key] | [0x84, 1, key, 0x80, 1, value] => (Some(*value), *key),
            [0x84, 1, key] if switches.implicit_algorithm => (None, *key),
            [] => return Err(sw::WRONG_LENGTH),
            _ => return Err(sw::WRONG_DATA),
        };
        let key = self.key_here(reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        let fits = |algorithm: &&Algorithm| {
            let fits = algorithm.fits(&self.keys[key].private, switches);
            fits && value.is_none_or(|value| value == algorithm.value)
        };
        let algorithm = self.card.algorithms.iter().find(fits).ok_or(sw::WRONG_DATA)?;
        self.environment = Some(Environment { key, algorithm, directory: self.tree.directory() });
        Ok(Vec::new())
    }

    /// The key of this reference, if it can be named in the current directory.
    fn key_here(&self, reference: u8) -> Option<usize> {
        let here = self.tree.directory();
        self.card.keys.iter().position(|key| {
            let at_home = key.directory.is_empty() || self.tree.named(key.directory) == Some(here);
            key.key.reference == reference && at_home
        })
    }

    fn operation(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        match (command.p1, command.p2) {
            (0x9E, 0x9A) => {}
            // No hashing on the card and none before the signature (ReFineID about S4-2; C).
            (0x90, _) => return Err(sw::WRONG_DATA),
            _ => return Err(sw::WRONG_P1P2),
        }
        let environment = self.environment.as_ref().ok_or(sw::CONDITIONS)?;
        let description = &self.card.keys[environment.key];
        if !description.directory.is_empty() && environment.directory != self.tree.directory() {
            return Err(sw::CONDITIONS); // the local environment stays behind with its directory; G
        }
        if !self.pins.is_verified(description.key.pin) {
            return Err(sw::NOT_VERIFIED);
        }
        let key = &self.keys[environment.key].private;
        let signature = environment.algorithm.sign(key, command.data).ok_or(sw::WRONG_DATA)?;
        context.operations.push(key.operation());
        if description.key.usage == KeyUsage::Signature && context.switches.pin2_one_shot {
            self.pins.forget(description.key.pin);
        }
        Ok(context.sent(signature))
    }
}

impl Blueprint for InlineCard {
    fn description(&'static self) -> &'static CardDescription {
        &self.card
    }

    fn make(&'static self, personalisation: &Personalisation<'_>) -> Box<dyn Chip> {
        Box::new(Inline::new(self, personalisation))
    }
}

impl Chip for Inline {
    fn process(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply {
        if command.ins == 0xB0 {
            let switches = context.switches;
            return match self.check_form(command, switches) {
                Ok(()) if self.is_made_of_records(switches) => Reply::status(sw::NOT_OF_THIS_KIND),
                Ok(()) => self.tree.read(command, ReadLimit::by_switch(switches), switches.eof, switches),
                Err(status) => Reply::status(status),
            };
        }
        self.answer(command, context).map_or_else(Reply::status, Reply::data)
    }

    fn power_off(&mut self) {
        self.tree.reset();
        self.forget();
    }

    fn another_application(&mut self) {
        self.power_off(); // what another program leaves behind: the MF, and no PIN
    }

    fn application(&self) -> &'static str {
        if self.tree.named(APPLICATION) == Some(self.tree.directory()) { "pkcs15" } else { "none" }
    }

    fn pins(&self) -> &Pins {
        &self.pins
    }

    fn pins_mut(&mut self) -> &mut Pins {
        &mut self.pins
    }

    fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    fn printed_serial(&self) -> String {
        self.serial.clone()
    }
}

//! The Lithuanian identity card since 2021 (MaskTech): nothing without a channel, over contacts, too. Its holder has one
//! PIN, the card two: the password of another channel (PACE), and that of the signature key.

pub(crate) mod cards;
mod files;
mod passwords;

use crate::chip::files::{FileTree, MASTER, Paths, ReadLimit};
use crate::chip::pins::Pins;
use crate::chip::{Blueprint, Chip, Context, Personalisation};
use crate::facts::description::{CardDescription, KeyUsage};
use crate::facts::switches::Switches;
use crate::pki::issued::{self, CardKey, Certificates};
use crate::wire::apdu::{Command, Reply, sw};
use crate::wire::der::tlv;
use cards::{LithuanianCard, PIN_RULES, QES, QES_FILE};

/// The card.
#[derive(Clone)]
struct Lithuanian {
    /// As EF.CIAInfo has it: eight bytes.
    serial: [u8; 8],
    certificates: Certificates,
    tree: FileTree,
    pins: Pins,
    keys: Vec<CardKey>,
    /// The key that was chosen, and the directory in which that was done.
    environment: Option<(usize, usize)>,
    /// The PIN or PUK whose password has opened the channel.
    opened_by: Option<u8>,
}

impl Lithuanian {
    fn new(card: &'static LithuanianCard, personalisation: &Personalisation<'_>) -> Self {
        let Personalisation { holder, issued, switches, .. } = *personalisation;
        let keys = issued::keys(&card.card, holder.seed, 0);
        let certificates = files::certificates(card, &keys, holder, issued.unwrap_or(card.issued), switches);
        let serial = (0xD461_0000_0000_0000 | u64::from(holder.seed)).to_be_bytes();
        let tree = files::tree(card, &certificates, &serial, holder, switches);
        let pins = Pins::new(card.card.pins, &PIN_RULES, personalisation);
        Self { serial, certificates, tree, pins, keys, environment: None, opened_by: None }
    }

    fn answer(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        let switches = context.switches;
        if command.cla != 0x00 {
            return Err(sw::UNKNOWN_CLASS);
        }
        match command.ins {
            0xA4 => self.select(command),
            0x20 => self.verify(command, switches).map(|()| Vec::new()),
            0x24 => self.change(command, switches).map(|()| Vec::new()),
            0x2C => self.reset_counter(command).map(|()| Vec::new()),
            0x22 => self.set_environment(command),
            0x2A => self.sign(command, context),
            0xCA | 0xCB => Err(sw::REFERENCE_NOT_FOUND),
            _ => Err(sw::UNKNOWN_INSTRUCTION),
        }
    }

    /// SELECT in the forms of ISO/IEC 7816-4 table 39. Files say that their size is 0 (the driver's remark; C).
    fn select(&mut self, command: &Command<'_>) -> Result<Vec<u8>, u16> {
        let template = match command.p2 {
            0x00 => Some(0x6F),
            0x04 => Some(0x62),
            0x0C => None,
            _ => return Err(sw::WRONG_P1P2),
        };
        let objects = match (command.p1, command.data) {
            (0x00, [0xAC, number]) if self.tree.directory() == MASTER => self.password_object(*number)?,
            _ => {
                let place = match (command.p1, command.data) {
                    (0x04, name) => self.tree.named(name).ok_or(sw::NOT_FOUND)?,
                    _ => self.tree.find(command, Paths { from_master: false, relative: true })?,
                };
                self.tree.select(place);
                self.leave_signature_directory();
                self.tree.control_objects(place, (0x80, 0))
            }
        };
        Ok(template.map(|tag| tlv(tag, &objects)).unwrap_or_default())
    }

    /// What ACE3 and ACE4 say of the PIN and of the PUK: tries left, and most tries (C).
    fn password_object(&self, number: u8) -> Result<Vec<u8>, u16> {
        let reference = passwords::of_object(number).ok_or(sw::NOT_FOUND)?;
        let pin = self.pins.get(reference).ok_or(sw::NOT_FOUND)?;
        let tries = tlv(0xA2, &tlv(0xA3, &tlv(0x82, &[pin.tries, pin.full])));
        Ok([tlv(0x83, &[0xAC, number]), tlv(0xA5, &tries)].concat())
    }

    /// The PIN of the signature key is local to its directory (ISO/IEC 7816-4 §9.3.1).
    fn leave_signature_directory(&mut self) {
        if self.tree.directory_id() != QES_FILE {
            self.pins.forget(QES);
        }
    }

    /// Whether the PIN of the signature key is known where the card is.
    fn at_signature_directory(&self, reference: u8) -> Result<(), u16> {
        let here = reference == QES && self.tree.directory_id() == QES_FILE;
        if here { Ok(()) } else { Err(sw::REFERENCE_NOT_FOUND) }
    }

    fn verify(&mut self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        self.at_signature_directory(command.p2)?;
        match command.p1 {
            0x00 if !command.data.is_empty() => self.pins.verify(QES, command.data, switches),
            0x00 if switches.ltu_probe_supported => self.pins.probe(QES, switches),
            0x00 => Err(sw::WRONG_LENGTH),
            _ => Err(sw::WRONG_P1P2),
        }
    }

    /// CHANGE REFERENCE DATA: of the password PIN, the new one alone (P1 = 01), in a channel that the old one has opened; of
    /// the other one, both (C).
    fn change(&mut self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        match (command.p1, command.p2) {
            (0x01, cards::PIN) if self.opened_by != Some(cards::PIN) => Err(sw::NOT_VERIFIED),
            (0x01, cards::PIN) => self.pins.replace(cards::PIN, command.data, switches),
            (0x00, reference) => {
                self.at_signature_directory(reference)?;
                self.pins.change(QES, command.data, switches)
            }
            _ => Err(sw::WRONG_P1P2),
        }
    }

    /// RESET RETRY COUNTER with neither PUK nor new PIN (P1 = 03), in a channel that the PUK has opened (C).
    fn reset_counter(&mut self, command: &Command<'_>) -> Result<(), u16> {
        if command.p1 != 0x03 || !command.data.is_empty() {
            return Err(sw::WRONG_P1P2);
        }
        if command.p2 != cards::PIN {
            self.at_signature_directory(command.p2)?;
        }
        if self.opened_by != Some(cards::PUK) {
            return Err(sw::NOT_VERIFIED);
        }
        self.pins.refill(command.p2);
        Ok(())
    }

    /// MSE SET of the signature template: the key alone, no algorithm (C).
    fn set_environment(&mut self, command: &Command<'_>) -> Result<Vec<u8>, u16> {
        if (command.p1, command.p2) != (0x41, 0xB6) {
            return Err(sw::WRONG_P1P2);
        }
        let [0x84, 1, reference] = command.data else { return Err(sw::WRONG_DATA) };
        let here = self.tree.directory();
        let is_here = |key: &CardKey| {
            key.description.reference == *reference
                && (key.description.usage == KeyUsage::Authentication || self.tree.directory_id() == QES_FILE)
        };
        let key = self.keys.iter().position(is_here).ok_or(sw::REFERENCE_NOT_FOUND)?;
        self.environment = Some((key, here));
        Ok(Vec::new())
    }

    /// PSO COMPUTE DIGITAL SIGNATURE of a digest of 48 bytes (C).
    fn sign(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        if (command.p1, command.p2) != (0x9E, 0x9A) {
            return Err(sw::WRONG_P1P2);
        }
        let (key, directory) = self.environment.ok_or(sw::CONDITIONS)?;
        let CardKey { description, private } = &self.keys[key];
        if description.usage == KeyUsage::Signature && directory != self.tree.directory() {
            return Err(sw::CONDITIONS);
        }
        if !self.pins.is_verified(description.pin) {
            return Err(sw::NOT_VERIFIED);
        }
        if Some(command.data.len()) != private.field_length() {
            return Err(sw::WRONG_LENGTH);
        }
        let signature = private.sign_ecdsa(command.data).ok_or(sw::WRONG_DATA)?;
        context.operations.push(private.operation());
        if description.usage == KeyUsage::Signature && context.switches.pin2_one_shot {
            self.pins.forget(QES);
        }
        Ok(context.sent(signature))
    }
}

impl Blueprint for LithuanianCard {
    fn description(&'static self) -> &'static CardDescription {
        &self.card
    }

    fn make(&'static self, personalisation: &Personalisation<'_>) -> Box<dyn Chip> {
        Box::new(Lithuanian::new(self, personalisation))
    }
}

impl Chip for Lithuanian {
    fn process(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply {
        if command.ins == 0xB0 && command.cla == 0x00 {
            let switches = context.switches;
            return self.tree.read(command, ReadLimit::Cut(256), switches.eof, switches);
        }
        self.answer(command, context).map_or_else(Reply::status, Reply::data)
    }

    fn power_off(&mut self) {
        self.tree.reset();
        self.environment = None;
        self.pins.forget_verified();
        self.opened_by = None;
    }

    fn another_application(&mut self) {
        self.tree.reset();
        self.environment = None;
        self.pins.forget(QES);
    }

    fn application(&self) -> &'static str {
        match self.tree.directory_id() {
            QES_FILE => "qes",
            cards::APPLICATION_FILE => "pkcs15",
            _ => "none",
        }
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
        self.serial.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    fn password(&self, number: u8, in_channel: bool) -> Result<String, u16> {
        self.password_of(number, in_channel)
    }

    fn tries_of_password(&self, number: u8) -> Option<u8> {
        let pin = self.pins.get(passwords::reference(number)?)?;
        (pin.tries < pin.full).then_some(pin.tries)
    }

    fn password_given(&mut self, number: u8, right: bool, switches: &Switches) -> u16 {
        self.judge(number, right, switches)
    }

    fn channel_ended(&mut self) {
        if let Some(reference) = self.opened_by.take() {
            self.pins.forget(reference);
        }
    }
}

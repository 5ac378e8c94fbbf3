//! Cards with the IAS-ECC applications of IDEMIA: Estonia 2018 to 2025, Latvia since 2019.
//!
//! Three applications: the main one is the MF, AWP is ADF1 with the authentication key, QSCD is ADF2 with the
//! signature key. PIN1 and PUK are global, PIN2 is local to ADF2.

pub(crate) mod cards;
mod credentials;
mod files;
mod security;

use crate::chip::coding::Coding;
use crate::chip::files::FileTree;
use crate::chip::pins::{PinRules, Pins};
use crate::chip::{Blueprint, Chip, Context, Personalisation};
use crate::facts::description::{CardDescription, STORED_LENGTH};
use crate::facts::switches::Switches;
use crate::families::baltic;
use crate::families::baltic::cards::{ADF1, ADF2};
use crate::families::idemia::cards::IdemiaDescription;
use crate::pki::issued::{self, CardKey, Certificates};
use crate::wire::apdu::{Command, Reply, sw};
use security::Environment;

/// References of the codes.
const PIN1: u8 = 0x01;
const PIN2: u8 = 0x85;
const PUK: u8 = 0x02;

/// Codes are filled with FF; the PUK can be changed as well.
const PIN_RULES: PinRules = PinRules {
    coding: |_| Coding::Padded(STORED_LENGTH, 0xFF),
    puk_changes: true,
    ..baltic::cards::PIN_RULES
};

/// The inside of an IDEMIA card.
#[derive(Clone)]
pub(crate) struct Idemia {
    description: &'static IdemiaDescription,
    certificates: Certificates,
    keys: Vec<CardKey>,
    pins: Pins,
    tree: FileTree,
    /// Whether an application was selected since the reset.
    selected: bool,
    environment: Environment,
    document_number: String,
}

impl Idemia {
    pub(crate) fn new(
        description: &'static IdemiaDescription,
        personalisation: &Personalisation<'_>,
    ) -> Self {
        let Personalisation { holder, issued, switches, .. } = *personalisation;
        let card = &description.card;
        let issue_date = issued.unwrap_or(description.issued);
        let keys = issued::keys(card, holder.seed, 0);
        let certificates = baltic::certificates(
            card,
            description.layout,
            description.e_resident,
            &keys,
            holder,
            issue_date,
            switches,
        );
        let mut pins = Pins::new(card.pins, &PIN_RULES, personalisation);
        if description.is_latvian()
            && let Some(pin2) = pins.get_mut(PIN2)
        {
            pin2.shortest = switches.latvia_pin2_shortest;
        }
        Self {
            tree: files::tree(description, holder, &certificates, issue_date, switches),
            description,
            certificates,
            keys,
            pins,
            selected: false,
            environment: Environment::default(),
            document_number: baltic::document_number(holder, description.e_resident),
        }
    }

    fn dispatch(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        let switches = context.switches;
        self.check_form(command, switches)?;
        match (command.ins, command.p1, command.p2) {
            (0xA4, ..) => self.select(command, switches),
            (0x20, 0x00, reference) => self.verify(reference, command.data, switches),
            (0x24, 0x00, reference) => self.change(reference, command.data, switches),
            (0x2C, 0x02, reference) => self.reset_retry_counter(reference, command.data, switches),
            (0xCB, 0x3F, 0xFF) => self.pin_information(command),
            (0x22, 0x41, template) => self.set_environment(template, command.data, switches),
            (0x88, 0x00, 0x00) => self.authenticate(command.data, context),
            (0x2A, 0x9E, 0x9A) => self.compute_signature(command.data, context),
            (0x2A, 0x80, 0x86) => self.decipher(command.data, context),
            (0x20 | 0x22 | 0x24 | 0x2A | 0x2C | 0x88 | 0xCB, ..) => Err(sw::WRONG_P1P2),
            _ => Err(sw::UNKNOWN_INSTRUCTION),
        }
    }

    /// Class, length form, and what needs an application.
    fn check_form(&self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        baltic::check_form(command, switches)?;
        let allowed = match command.ins {
            0x20 | 0x24 | 0x2C | 0xCB => self.selected || switches.early_pin_commands,
            0x22 | 0x2A | 0x88 => self.selected || switches.early_security_env,
            _ => true,
        };
        if allowed { Ok(()) } else { Err(sw::UNKNOWN_INSTRUCTION) }
    }
}

impl Blueprint for IdemiaDescription {
    fn description(&'static self) -> &'static CardDescription {
        &self.card
    }

    fn make(&'static self, personalisation: &Personalisation<'_>) -> Box<dyn Chip> {
        Box::new(Idemia::new(self, personalisation))
    }
}

impl Chip for Idemia {
    fn process(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply {
        if command.ins == 0xB0 && self.check_form(command, context.switches).is_ok() {
            return self.read_binary(command, context.switches);
        }
        self.dispatch(command, context).map_or_else(Reply::status, Reply::data)
    }

    fn power_off(&mut self) {
        self.selected = false;
        self.tree.reset();
        self.pins.forget_verified();
        self.environment = Environment::default();
    }

    /// As the other program leaves the card: the main application, no PIN verified.
    fn another_application(&mut self) {
        self.power_off();
        self.selected = true;
    }

    fn application(&self) -> &'static str {
        match self.tree.directory_id() {
            _ if !self.selected => "none",
            ADF1 => "awp",
            ADF2 => "qscd",
            _ => "main",
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
        self.document_number.clone()
    }
}

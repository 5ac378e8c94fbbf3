//! The Estonian card of 2025: a Thales chip of the family of FINEID v4, with files and references of its own.

pub(crate) mod cards;
mod credentials;
mod files;
mod security;

use crate::chip::files::FileTree;
use crate::chip::pins::{PinRules, Pins};
use crate::chip::{Blueprint, Chip, Context, Personalisation};
use crate::facts::description::CardDescription;
use crate::facts::switches::Switches;
use crate::families::baltic::{self, Layout};
use crate::families::thales::cards::ThalesDescription;
use crate::pki::issued::{self, CardKey, Certificates};
use crate::wire::apdu::{Command, Reply, sw};
use security::Environment;

/// Codes are filled with zero bytes, as on the Finnish card of the family.
const PIN_RULES: PinRules = baltic::cards::PIN_RULES;

/// What is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Application {
    None,
    Pkcs15,
    /// The application that iOS needs to find the card.
    Global,
}

/// The inside of a Thales card.
#[derive(Clone)]
pub(crate) struct Thales {
    certificates: Certificates,
    keys: Vec<CardKey>,
    pins: Pins,
    tree: FileTree,
    application: Application,
    environment: Environment,
    document_number: String,
}

impl Thales {
    pub(crate) fn new(
        description: &'static ThalesDescription,
        personalisation: &Personalisation<'_>,
    ) -> Self {
        let Personalisation { holder, issued, switches, .. } = *personalisation;
        let (card, e_resident) = (&description.card, description.e_resident);
        let issue_date = issued.unwrap_or(description.issued);
        let keys = issued::keys(card, holder.seed, 0);
        let certificates =
            baltic::certificates(card, Layout::Esteid2025, e_resident, &keys, holder, issue_date, switches);
        Self {
            tree: files::tree(description, holder, &certificates, issue_date, switches),
            certificates,
            keys,
            pins: Pins::new(card.pins, &PIN_RULES, personalisation),
            application: Application::None,
            environment: Environment::default(),
            document_number: baltic::document_number(holder, e_resident),
        }
    }

    fn dispatch(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        let switches = context.switches;
        self.check_form(command, switches)?;
        match (command.ins, command.p1, command.p2) {
            (0xA4, ..) => self.select(command, switches),
            (0x20, 0x00, reference) => self.verify(reference, command.data, switches),
            (0x24, 0x00, reference) => self.change(reference, command.data, switches),
            (0x2C, 0x00, reference) => self.reset_retry_counter(reference, command.data, switches),
            (0xCB, 0x00, 0xFF) => self.pin_information(command, switches),
            (0x22, 0x41, template) => self.set_environment(template, command.data, switches),
            (0x2A, 0x90, 0xA0) => self.set_hash(command.data, switches),
            (0x2A, 0x9E, 0x9A) => self.compute_signature(command, context),
            (0x2A, 0x80, 0x86) => self.decipher(command.data, context),
            (0x20 | 0x22 | 0x24 | 0x2A | 0x2C | 0xCB, ..) => Err(sw::WRONG_P1P2),
            _ => Err(sw::UNKNOWN_INSTRUCTION),
        }
    }

    /// Class, length form, and what needs the application, as on the Finnish card of the family. G
    fn check_form(&self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        baltic::check_form(command, switches)?;
        let selected = self.application == Application::Pkcs15;
        let allowed = match command.ins {
            0xCB if self.application == Application::None && switches.early_pin_data => true,
            0x20 | 0x24 | 0x2C | 0xCB => selected || switches.early_pin_commands,
            0x22 | 0x2A => selected || switches.early_security_env,
            _ => true,
        };
        if allowed { Ok(()) } else { Err(sw::UNKNOWN_INSTRUCTION) }
    }

    /// Selecting any application ends verified states and the security environment: every PIN is local to PKCS#15.
    fn application_selected(&mut self, application: Application) {
        self.application = application;
        self.tree.reset();
        self.pins.forget_verified();
        self.environment = Environment::default();
    }
}

impl Blueprint for ThalesDescription {
    fn description(&'static self) -> &'static CardDescription {
        &self.card
    }

    fn make(&'static self, personalisation: &Personalisation<'_>) -> Box<dyn Chip> {
        Box::new(Thales::new(self, personalisation))
    }
}

impl Chip for Thales {
    fn process(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply {
        if command.ins == 0xB0 && self.check_form(command, context.switches).is_ok() {
            return self.read_binary(command, context.switches);
        }
        self.dispatch(command, context).map_or_else(Reply::status, Reply::data)
    }

    fn power_off(&mut self) {
        self.application_selected(Application::None);
    }

    fn another_application(&mut self) {
        self.application_selected(Application::Global);
    }

    fn application(&self) -> &'static str {
        match self.application {
            Application::None => "none",
            Application::Pkcs15 => "pkcs15",
            Application::Global => "global",
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

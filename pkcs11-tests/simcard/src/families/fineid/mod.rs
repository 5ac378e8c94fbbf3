//! The Finnish citizen cards (FINEID): files, PINs and keys.

mod authority;
mod certificates;
mod credential_commands;
mod dispatch;
mod elementary_files;
mod files;
pub(crate) mod generations;
mod private_key_commands;
mod security_env;

use crate::chip::pins::Pins;
use crate::chip::{Blueprint, Chip, Context, Personalisation};
use crate::facts::description::CardDescription;
use crate::facts::holder::Holder;
use crate::families::fineid::generations::FineidDescription;
use crate::pki::issued::{CardKey, Certificates};
use crate::wire::apdu::{Command, Reply};
use credential_commands::RULES;
use dispatch::Chain;
use files::{Application, FileSystem};
use security_env::SecurityEnvironment;

/// The inside of a citizen card.
#[derive(Clone)]
pub(crate) struct Fineid {
    description: &'static FineidDescription,
    holder: Holder,
    certificates: Certificates,
    keys: Vec<CardKey>,
    pins: Pins,
    files: FileSystem,
    environment: SecurityEnvironment,
    chain: Option<Chain>,
}

impl Fineid {
    /// Derives the keys and issues the certificates.
    pub(crate) fn new(
        description: &'static FineidDescription,
        personalisation: &Personalisation<'_>,
    ) -> Self {
        let Personalisation { holder, state, issued, switches, .. } = *personalisation;
        let issue_date = issued.unwrap_or(if state.is_new_scheme() {
            description.issued_new_scheme
        } else {
            description.issued_old_scheme
        });
        let keys = certificates::keys(description, holder, switches);
        let certificates = certificates::certificates(description, &keys, holder, issue_date, switches);
        let mut pins = Pins::new(description.card.pins, &RULES, personalisation);
        pins.unblocks_left = switches.unblock_limit;
        Self {
            files: FileSystem::new(description, holder, &certificates, switches),
            pins,
            description,
            holder: holder.clone(),
            certificates,
            keys,
            environment: SecurityEnvironment::default(),
            chain: None,
        }
    }
}

impl Blueprint for FineidDescription {
    fn description(&'static self) -> &'static CardDescription {
        &self.card
    }

    fn make(&'static self, personalisation: &Personalisation<'_>) -> Box<dyn Chip> {
        Box::new(Fineid::new(self, personalisation))
    }
}

impl Chip for Fineid {
    fn process(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply {
        self.dispatch(command, context)
    }

    fn malformed(&mut self) {
        self.chain = None;
    }

    fn power_off(&mut self) {
        self.files.reset();
        self.pins.forget_verified();
        self.environment = SecurityEnvironment::default();
        self.chain = None;
    }

    fn another_application(&mut self) {
        self.files.select_passport();
        self.application_selected();
    }

    fn application(&self) -> &'static str {
        match self.files.application {
            Application::None => "none",
            Application::FineId => "fineid",
            Application::Passport => "passport",
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
        elementary_files::serial(self.description, &self.holder).printed
    }
}

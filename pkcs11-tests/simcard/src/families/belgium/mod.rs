//! The Belgian card (Belpic applets 1.7 and 1.8), after the public reference manuals.

mod cards;
mod files;
mod signing;

pub(crate) use cards::{BELGIUM_1_7, BELGIUM_1_8};

use crate::chip::files::{FileTree, MASTER, ReadLimit};
use crate::chip::pins::Pins;
use crate::chip::{Blueprint, Chip, Context, Personalisation};
use crate::facts::description::CardDescription;
use crate::facts::switches::Switches;
use crate::facts::switches::values::EndOfFile;
use crate::pki::issued::{self, CardKey, Certificates};
use crate::pki::keys::PrivateKey;
use crate::wire::apdu::{Command, Reply, sw};
use cards::{AUTHENTICATION_KEY, BelgianCard, PIN, PIN_RULES};
use files::BelgianNumbers;
use signing::Method;

/// The card.
#[derive(Clone)]
pub(crate) struct Belgium {
    card: &'static BelgianCard,
    numbers: BelgianNumbers,
    certificates: Certificates,
    tree: FileTree,
    pins: Pins,
    /// Keys 82 and 83.
    keys: Vec<CardKey>,
    /// Key and method of the last MSE.
    environment: Option<(u8, Method)>,
    access: Access,
}

/// What the last VERIFY still allows.
#[derive(Clone, Copy, Default)]
struct Access {
    /// Commands since a right VERIFY, the one being processed included, until a signature with key 83 uses it up.
    fresh: Option<u8>,
    /// Key 82 had a VERIFY of its own.
    session: bool,
}

impl Belgium {
    pub(crate) fn new(card: &'static BelgianCard, personalisation: &Personalisation<'_>) -> Self {
        let Personalisation { holder, issued, switches, .. } = *personalisation;
        let numbers = BelgianNumbers::new(holder.seed);
        let issue_date = issued.unwrap_or(card.issued);
        let keys = issued::keys(&card.card, holder.seed, 0);
        let certificates = files::certificates(card, holder, &keys, issue_date, switches);
        let tree = files::files(card, holder, &numbers, &certificates, issue_date, switches);
        let pins = Pins::new(card.card.pins, &PIN_RULES, personalisation);
        Self { card, numbers, certificates, tree, pins, keys, environment: None, access: Access::default() }
    }

    fn answer(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        let switches = context.switches;
        check_class(command)?;
        if command.extended || (command.data_and_le && !switches.case4_le) {
            return Err(sw::WRONG_LENGTH); // T=0 only
        }
        match command.ins {
            0xA4 => self.select(command),
            0xB0 => {
                let reply =
                    self.tree.read(command, ReadLimit::by_switch(switches), EndOfFile::WrongLe, switches);
                if reply.status == sw::OK { Ok(reply.data) } else { Err(reply.status) }
            }
            0x20 => self.verify(command, switches),
            0x24 => self.change(command, switches),
            0x22 => self.set_environment(command, switches),
            0x2A => self.sign(command, context),
            0xE4 => self.card_data(command),
            _ => {
                self.access = Access::default(); // E6: LOG OFF
                self.pins.forget_verified();
                Ok(Vec::new())
            }
        }
    }

    /// SELECT: P1 02 (file of the current directory), 04 (name) or 08 (path from the MF, written out); never an FCI.
    /// A wrong P1 or P2 is 6A86, a length that does not fit P1 is 6A87 (which of the two the manual means where: G).
    fn select(&mut self, command: &Command<'_>) -> Result<Vec<u8>, u16> {
        if command.p2 != 0x0C {
            return Err(sw::WRONG_P1P2);
        }
        let place = match (command.p1, command.data) {
            (0x02, [high, low]) => {
                let id = u16::from_be_bytes([*high, *low]);
                self.tree.child(self.tree.directory(), id)
            }
            (0x04, name) if (5..=16).contains(&name.len()) => self.tree.named(name),
            (0x08, [0x3F, 0x00, path @ ..]) if path.len() % 2 == 0 => self.tree.at_path(MASTER, path),
            (0x08, path) if !path.is_empty() && path.len() % 2 == 0 => None,
            (0x02 | 0x04 | 0x08, _) => return Err(sw::LENGTH_AGAINST_P1P2),
            _ => return Err(sw::WRONG_P1P2),
        };
        self.tree.select(place.ok_or(sw::NOT_FOUND)?);
        Ok(Vec::new())
    }

    fn verify(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        check_pin_reference(command)?;
        if command.data.is_empty() {
            return self.probe(command, switches);
        }
        let tries = self.tries();
        let verified = self.pins.verify(PIN, command.data, switches);
        self.after(verified, tries)?;
        self.access.fresh = Some(0);
        Ok(Vec::new())
    }

    /// A wrong PIN, or one for a blocked card, resets both keys; a block of the wrong form does not.
    fn after(&mut self, presented: Result<(), u16>, tries: u8) -> Result<(), u16> {
        if self.tries() < tries || presented == Err(sw::BLOCKED) {
            self.access = Access::default();
        }
        presented
    }

    /// VERIFY without data: 63Cx. What it says of a verified PIN is not told.
    fn probe(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        if command.le != Some(256) {
            return Err(sw::WRONG_LENGTH);
        }
        self.pins.probe(PIN, switches)?;
        if switches.bel_probe_tells_verified {
            Ok(Vec::new())
        } else {
            Err(sw::WRONG_CODE | u16::from(self.tries()))
        }
    }

    fn tries(&self) -> u8 {
        self.pins.get(PIN).map_or(0, |pin| pin.tries)
    }

    fn change(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        check_pin_reference(command)?;
        let tries = self.tries();
        let changed = self.pins.change(PIN, command.data, switches);
        self.after(changed, tries)?;
        if switches.change_verifies {
            self.access.fresh = Some(0);
        }
        Ok(Vec::new())
    }

    /// MSE SET of the signature template. Its data starts with the length of the rest, a peculiarity of this card.
    fn set_environment(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        if (command.p1, command.p2) != (0x41, 0xB6) {
            return Err(sw::WRONG_P1P2);
        }
        let [0x04, 0x80, algorithm, 0x84, key] = command.data else {
            return Err(if command.data.len() == 5 { sw::WRONG_DATA } else { sw::WRONG_LENGTH });
        };
        if self.key(*key).is_none() || (switches.bel_sign_needs_df && self.tree.directory() == MASTER) {
            return Err(sw::REFERENCE_NOT_FOUND);
        }
        let known = self.card.algorithms.iter().find(|(byte, _)| byte == algorithm);
        let (_, method) = known.ok_or(sw::WRONG_DATA)?;
        self.environment = Some((*key, *method));
        Ok(Vec::new())
    }

    fn key(&self, reference: u8) -> Option<&PrivateKey> {
        let key = self.keys.iter().find(|key| key.description.reference == reference);
        key.map(|key| &key.private)
    }

    /// PSO: COMPUTE DIGITAL SIGNATURE over the data sent with it.
    fn sign(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        if (command.p1, command.p2) != (0x9E, 0x9A) {
            return Err(sw::WRONG_P1P2);
        }
        if command.data.is_empty() {
            return Err(sw::WRONG_LENGTH);
        }
        let (reference, method) = self.environment.ok_or(sw::CONDITIONS)?;
        let access = self.access_after(reference, context.switches).ok_or(sw::NOT_VERIFIED)?;
        let key = self.key(reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        let signature = method.sign(key, command.data).ok_or(sw::WRONG_DATA)?;
        context.operations.push(key.operation());
        self.access = access;
        Ok(context.sent(signature))
    }

    /// What is left of the access after a signature with a key; None if it may not sign now.
    fn access_after(&self, reference: u8, switches: &Switches) -> Option<Access> {
        let Access { fresh, session } = self.access;
        if reference == AUTHENTICATION_KEY {
            // The VERIFY becomes this key's own, and may still serve key 83 if it is young enough.
            return (session || fresh.is_some()).then_some(Access { fresh, session: true });
        }
        let young = fresh.is_some_and(|age| age <= self.card.between + 1);
        // After this key 82 needs a VERIFY of its own unless it had one.
        young.then_some(Access { fresh: None, session: session || switches.bel_sign_pin_serves_auth })
    }

    /// GET CARD DATA.
    fn card_data(&self, command: &Command<'_>) -> Result<Vec<u8>, u16> {
        let mut data = [&self.numbers.chip, self.card.card_data].concat();
        match (command.p1, command.p2) {
            (0x00, 0x00) => {}
            (0x00, 0x01) if self.card.tells_tries => data.extend([self.tries(), 0xFF, 0xFF]),
            _ => return Err(sw::WRONG_P1P2),
        }
        let le = command.le.filter(|_| command.data.is_empty()).ok_or(sw::WRONG_LENGTH)?;
        if le == data.len() { Ok(data) } else { Err(sw::WRONG_LE | data.len() as u16) }
    }
}

impl Blueprint for BelgianCard {
    fn description(&'static self) -> &'static CardDescription {
        &self.card
    }

    fn make(&'static self, personalisation: &Personalisation<'_>) -> Box<dyn Chip> {
        Box::new(Belgium::new(self, personalisation))
    }
}

impl Chip for Belgium {
    fn process(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply {
        self.access.fresh = self.access.fresh.map(|age| age.saturating_add(1));
        self.answer(command, context).map_or_else(Reply::status, Reply::data)
    }

    fn malformed(&mut self) {
        self.access.fresh = self.access.fresh.map(|age| age.saturating_add(1));
    }

    fn power_off(&mut self) {
        self.tree.reset();
        self.environment = None;
        self.access = Access::default();
        self.pins.forget_verified();
    }

    fn another_application(&mut self) {
        self.power_off(); // what another program leaves behind: the MF, and no PIN
    }

    fn application(&self) -> &'static str {
        "belpic" // selected by default
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
        self.numbers.card.clone()
    }
}

/// The applet's own commands have class 80.
fn check_class(command: &Command<'_>) -> Result<(), u16> {
    match (command.cla, command.ins) {
        (0x00, 0xA4 | 0xB0 | 0x20 | 0x24 | 0x22 | 0x2A) | (0x80, 0xE4 | 0xE6) => Ok(()),
        (0x00 | 0x80, _) => Err(sw::UNKNOWN_INSTRUCTION),
        _ => Err(sw::UNKNOWN_CLASS),
    }
}

fn check_pin_reference(command: &Command<'_>) -> Result<(), u16> {
    match (command.p1, command.p2) {
        (0x00, PIN) => Ok(()),
        (0x00, _) => Err(sw::REFERENCE_NOT_FOUND),
        _ => Err(sw::WRONG_P1P2),
    }
}

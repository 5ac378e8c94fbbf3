//! A user with a card in the reader.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kit::{Backend, InsertedCard, Module, Rig, run, scratch};
use simcard::Codes;

use super::account;
use super::task::{Program, Task};

/// The kinds of card that make a difference to programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// FINEID v4.0: both keys are EC P-384.
    Ec,
    /// FINEID v3.1: both keys are RSA-3072; beside them an EC P-256 key for signatures.
    Rsa,
}

/// The access number of the card on a contactless reader.
const NUMBER: &str = "314159";

impl Card {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ec, Self::Rsa];

    /// Name in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ec => "EC",
            Self::Rsa => "RSA",
        }
    }

    /// Issued today, so that no certificate has expired.
    fn description(self) -> String {
        let model = if self == Self::Ec { "fineid-v4.0" } else { "fineid-v3.1" };
        format!("{model},issued={}", day("today"))
    }
}

fn day(name: &str) -> String {
    run(Command::new("date").args(["-u", "+%F", "-d", name])).trim().into()
}

/// A user at a computer: a card in a reader of a running pcscd, and a home folder.
///
/// The home holds `auth.pem` and `sign.pem`, the certificates of the card; `root.pem` and `issuing.pem`, those of the
/// authority, and both in `authorities.pem`; and p11-kit's configuration of the module, as `make install` writes it.
pub struct User {
    /// The card.
    pub card: Card,
    simulated: Arc<Mutex<simcard::Card>>,
    inserted: Mutex<Option<InsertedCard>>,
    home: PathBuf,
    rig: Rig,
}

impl User {
    /// With a card of this kind.
    ///
    /// # Panics
    /// If anything cannot be set up; so do all functions here.
    pub fn with(card: Card) -> Self {
        Self::with_card(card, "")
    }

    /// With a card of this kind that differs in these options of the simulator, as `,pin1=864213`.
    pub fn with_card(card: Card, options: &str) -> Self {
        Self::with_described(card, &(card.description() + options))
    }

    /// With a card on a contactless reader, nothing of which is stored.
    pub fn without_contacts() -> Self {
        Self::with_card(Card::Ec, &format!(",interface=contactless,can={NUMBER}"))
    }

    /// With a card in a reader on whose keypad its PINs are entered, as by a holder who makes no mistake.
    pub fn with_keypad() -> Self {
        Self::at_keypad(&(Card::Ec.description() + ",keypad=full"))
    }

    /// The same with a card that is described in full.
    pub fn at_keypad(description: &str) -> Self {
        Self::on(Rig::with_keypads(Backend::Daemon, 1), Card::Ec, description)
    }

    /// With a card of another model of the simulator, as `estonia-idemia`; its keys are of the first kind. Issued
    /// yesterday: not all certificates are valid from midnight.
    pub fn with_model(card: Card, model: &str) -> Self {
        Self::with_described(card, &format!("{model},issued={}", day("yesterday")))
    }

    fn with_described(card: Card, description: &str) -> Self {
        Self::on(Rig::start(1), card, description)
    }

    fn on(rig: Rig, card: Card, description: &str) -> Self {
        let simulated = kit::card(description);
        let inserted = rig.insert(0, Arc::clone(&simulated));
        let home = scratch("home");
        inserted.card().certificates().write_pem(&home).expect("write the certificates");
        let [root, issuing] = ["root.pem", "issuing.pem"].map(|name| home.join(name));
        let authorities =
            [root, issuing].map(|file| fs::read_to_string(file).expect("a certificate")).concat();
        fs::write(home.join("authorities.pem"), authorities).expect("write the authorities");
        configure_p11_kit(&home);
        Self { card, simulated, inserted: Mutex::new(Some(inserted)), home, rig }
    }

    /// The program as the user runs it, in the home folder.
    pub fn program(&self, program: impl AsRef<OsStr>) -> Command {
        account::command(program, &self.home)
    }

    /// The user's login name.
    pub fn login(&self) -> String {
        account::login()
    }

    /// A file in the home folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// Writes a file into the home folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("make the folder");
        fs::write(&path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }

    /// The certificate with this name (`auth`, `sign`) as it was issued: DER.
    pub fn certificate(&self, name: &str) -> Vec<u8> {
        self.card().certificates().named(name).expect("the card has the certificate").der.clone()
    }

    /// The public key of a certificate, as a PEM file.
    pub fn public_key(&self, name: &str) -> PathBuf {
        let certificate = self.file(&format!("{name}.pem"));
        let key = run(Command::new("openssl").args(["x509", "-noout", "-pubkey", "-in"]).arg(certificate));
        self.write(&format!("{name}.pub.pem"), key)
    }

    /// PIN1.
    pub fn pin1(&self) -> &'static str {
        Codes::PIN1
    }

    /// What is typed at a token on a contactless reader whose access number is not known.
    pub fn number_and_pin1(&self) -> String {
        format!("{NUMBER}/{}", self.pin1())
    }

    /// How often its holder was asked on the keypad.
    pub fn asked_on_keypad(&self) -> usize {
        self.card().keypad().asked().len()
    }

    /// PIN2.
    pub fn pin2(&self) -> &'static str {
        Codes::PIN2
    }

    /// The simulated card, to look into it.
    pub fn card(&self) -> MutexGuard<'_, simcard::Card> {
        self.simulated.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the card out of the reader and returns when pcscd has seen it go.
    pub fn take_out(&self) {
        let inserted = self.inserted.lock().unwrap_or_else(PoisonError::into_inner).take();
        inserted.expect("the card is in the reader").remove();
    }

    /// Puts the card back and returns when pcscd has powered it up.
    pub fn put_in(&self) {
        let inserted = self.rig.insert(0, Arc::clone(&self.simulated));
        *self.inserted.lock().unwrap_or_else(PoisonError::into_inner) = Some(inserted);
    }

    /// The module, as programs load it.
    pub fn module(&self) -> PathBuf {
        Module::for_programs()
    }

    /// Begins to observe what a program does with the card.
    pub fn task<'s>(&'s self, program: &'s Program, what: &'static str) -> Task<'s> {
        Task::begin(self, program, what)
    }
}

/// What p11-kit reads in a user's home: the configuration of the module, from the same template as `make install` uses;
/// and that the modules of this system, which may use the card as well, are ignored.
fn configure_p11_kit(home: &Path) {
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/avain.module");
    let note = fs::read_to_string(template).expect("the template");
    let folder = home.join(".config/pkcs11/modules");
    fs::create_dir_all(&folder).expect("make p11-kit's folder");
    let module = Module::for_programs();
    let note = note.replace("@module@", module.to_str().expect("a path"));
    fs::write(folder.join("avain.module"), note).expect("write p11-kit's configuration");
    fs::write(home.join(".config/pkcs11/pkcs11.conf"), "user-config: only\n").expect("configure p11-kit");
}

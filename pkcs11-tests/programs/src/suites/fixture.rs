//! An activated card in a reader, and checks that a program leaves it as it was.

use std::path::PathBuf;
use std::process::Command;

use kit::{InsertedCard, Module, Rig, run, scratch};
use simcard::{Codes, PinSnapshot};

/// A card with EC keys and one with RSA keys.
pub const CARDS: [&str; 2] = ["fineid-v4.0", "fineid-v3.1"];

/// A token of the module, as a program names it.
#[derive(Debug)]
pub struct Token {
    /// `PIN1` or `PIN2`.
    pub name: &'static str,
    /// CK_TOKEN_INFO.label.
    pub label: &'static str,
    /// The index of its slot among the slots with a token.
    pub index: usize,
    /// Its PIN.
    pub pin: &'static str,
    /// CKA_ID of its first key, in hex.
    pub key: &'static str,
}

/// Both tokens of a card.
pub const TOKENS: [Token; 2] = [
    Token { name: "PIN1", label: "FINEID (PIN1)", index: 0, pin: Codes::PIN1, key: "45" },
    Token { name: "PIN2", label: "FINEID (PIN2)", index: 1, pin: Codes::PIN2, key: "46" },
];

/// Seconds after which a program is killed.
const TIMEOUT: &str = "1200";

/// The PUK of both PINs.
pub const PUK: &str = "12345678";

/// The real pcscd with one card in its reader.
pub struct Fixture {
    model: &'static str,
    card: InsertedCard,
    folder: PathBuf,
    before: Vec<PinSnapshot>,
    pin1: &'static str,
    _rig: Rig,
}

impl Fixture {
    /// With an activated card of this model.
    pub fn new(model: &'static str) -> Self {
        Self::with_pin1(model, TOKENS[0].pin)
    }

    /// With an activated card whose PIN1 is the same as its PIN2, for programs that know only one PIN and present it to
    /// whichever token comes first.
    pub fn with_one_pin(model: &'static str) -> Self {
        Self::with_pin1(model, TOKENS[1].pin)
    }

    /// With an activated card that has this PIN1, for programs that cannot be told another one.
    pub fn with_pin1(model: &'static str, pin1: &'static str) -> Self {
        let rig = Rig::start(1);
        let card = rig.insert(0, kit::card(&format!("{model},pin1={pin1}")));
        let before = card.card().snapshot().pins;
        let fixture = Self { model, card, folder: scratch("fixture"), before, pin1, _rig: rig };
        let folder = &fixture.folder;
        fixture.card.card().certificates().write_pem(folder).expect("write the card's certificates");
        fixture
    }

    /// The PIN of the token on this card.
    pub fn pin(&self, token: &Token) -> &'static str {
        if token.index == 0 { self.pin1 } else { token.pin }
    }

    /// The card's name without that of its family: `v4.0`.
    pub fn card(&self) -> &'static str {
        self.model.trim_start_matches("fineid-")
    }

    /// Whether the card's keys are EC keys.
    pub fn has_ec_keys(&self) -> bool {
        self.model == CARDS[0]
    }

    /// A folder for the program, with the card's certificates in it.
    pub fn folder(&self) -> &PathBuf {
        &self.folder
    }

    /// The module's path.
    pub fn module(&self) -> String {
        Module::under_test().into_os_string().into_string().expect("a path that can be written")
    }

    /// A program that will run in the fixture's folder and find the module in `AVAIN_MODULE`.
    pub fn program(&self, name: &str) -> Command {
        let mut command = Command::new("timeout");
        command.args([TIMEOUT, name]);
        command.current_dir(&self.folder).env("AVAIN_MODULE", Module::under_test()).env("HOME", &self.folder);
        command
    }

    /// The identifier of a token's slot, by which some programs want it. The module numbers slots by itself.
    pub fn slot(&self, token: &Token) -> String {
        let module = Module::load();
        let _running = module.initialize().expect("C_Initialize");
        module.slot(token.label).expect("the token's slot").to_string()
    }

    /// Checks that no try of a PIN or of the PUK was spent, none is missing, and the PINs are what they were.
    ///
    /// # Panics
    /// If it is not so.
    pub fn assert_unharmed(&self) {
        for when in ["after the program", "after logins with the old PINs"] {
            let now = self.card.card().snapshot().pins;
            for (pin, before) in now.iter().zip(&self.before) {
                let reference = &pin.reference;
                assert_eq!(pin.count.tries_spent, 0, "{when}: tries of {reference} were spent");
                assert_eq!(pin.tries, before.tries, "{when}: tries of {reference} are missing");
                assert_eq!(pin.origin, before.origin, "{when}: {reference} is not what it was");
            }
            self.assert_usable();
        }
    }

    /// Checks that the PINs still open the tokens, which even programs that spend tries must not change.
    ///
    /// # Panics
    /// If they do not.
    pub fn assert_usable(&self) {
        for token in &TOKENS {
            let mut tool = self.program("pkcs11-tool");
            tool.args(["--module", &self.module(), "--token-label", token.label]);
            let objects = run(tool.args(["--login", "--pin", self.pin(token), "--list-objects"]));
            assert!(objects.contains("Private Key Object"), "{}: {objects}", token.label);
        }
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

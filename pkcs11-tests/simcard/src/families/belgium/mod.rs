//! The Belgian card (Belpic applets 1.7 and 1.8), after the public reference manuals.

mod files;

use crate::chip::coding::Coding;
use crate::chip::files::{FileTree, MASTER, ReadLimit};
use crate::chip::pins::{ORDINARY, PinRules, Pins};
use crate::chip::{Blueprint, Chip, CodeView, Context, Personalisation};
use crate::facts::date::Date;
use crate::facts::description::{
    CardDescription, Family, KeyDescription, KeyKind, KeyUsage, PinDescription, PinRole, Protocol,
    STORED_LENGTH,
};
use crate::facts::holder::Country;
use crate::facts::state::DeliveryState;
use crate::facts::switches::Switches;
use crate::facts::switches::values::{EndOfFile, MalformedCode};
use crate::pki::authority::Authority;
use crate::pki::issued::{self, CardKey, Certificates};
use crate::pki::keys::{Hash, PrivateKey, RsaScheme};
use crate::wire::apdu::{Command, Reply, sw};
use files::BelgianNumbers;

/// Reference of the only PIN (manuals; C).
const PIN: u8 = 0x01;
/// Tries of the PIN (manuals; C).
const TRIES: u8 = 3;
/// Key of which one VERIFY in a session is enough.
const AUTHENTICATION_KEY: u8 = 0x82;
/// Key that wants a VERIFY right before each signature.
const SIGNATURE_KEY: u8 = 0x83;
/// PIN blocks of format 2 (manuals; C).
const PIN_RULES: PinRules = PinRules {
    coding: |_| Coding::Format2,
    malformed: |switches| match switches.bel_malformed_pin_costs {
        true => MalformedCode::Wrong,
        false => MalformedCode::Refused,
    },
    longest: |_| STORED_LENGTH,
    ..ORDINARY
};

/// One PIN; the PUK is in the hands of the municipality and no command of the holder's.
const PINS: &[PinDescription] =
    &[PinDescription { reference: PIN, shortest: 4, tries: TRIES, role: PinRole::Authentication }];
const STATES: &[DeliveryState] = &[DeliveryState::Activated, DeliveryState::BlockedPin1];

const fn key(
    reference: u8,
    kind: KeyKind,
    usage: KeyUsage,
    certificate: u16,
    name: &'static str,
) -> KeyDescription {
    KeyDescription {
        reference,
        kind,
        pin: PIN,
        usage,
        certificate_df: files::BELPIC,
        certificate,
        name,
        backup: false,
    }
}

const fn keys(kind: KeyKind) -> [KeyDescription; 2] {
    [
        key(AUTHENTICATION_KEY, kind, KeyUsage::Authentication, 0x5038, "auth"),
        key(SIGNATURE_KEY, kind, KeyUsage::Signature, 0x5039, "sign"),
    ]
}

/// A version of the applet, as data.
pub(crate) struct BelgianCard {
    pub(crate) card: CardDescription,
    /// P-384 keys; otherwise RSA-2048.
    ec: bool,
    issuer: &'static Authority,
    /// Day of issue if none is asked for.
    issued: Date,
    /// Last four bytes of EF(TokenInfo); G.
    versions: [u8; 4],
    /// GET CARD DATA behind the serial number.
    card_data: &'static [u8],
    /// Whether GET CARD DATA with P2 = 01 adds the tries left.
    tells_tries: bool,
    /// Commands that may come between VERIFY and a signature with key 83.
    between: u8,
    algorithms: &'static [(u8, Method)],
}

/// What the card does with the data of PSO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    /// ECDSA over a hash of one of these lengths.
    Ecdsa(&'static [usize]),
    /// PKCS#1 v1.5 over whatever was sent.
    Free,
    /// PKCS#1 v1.5 with the DigestInfo of this hash; None for MD5.
    Pkcs1(Option<Hash>),
    Pss(Hash),
}

/// Applet 1.8 (P-384).
pub(crate) static BELGIUM_1_8: BelgianCard = BelgianCard {
    card: CardDescription {
        name: "belgium-1.8",
        chip: "Belpic applet 1.8",
        // libelectronic-id, EMW content document. B
        atr: &[
            0x3B, 0x7F, 0x96, 0x00, 0x00, 0x80, 0x31, 0x80, 0x65, 0xB0, 0x85, 0x04, 0x01, 0x20, 0x12, 0x0F,
            0xFF, 0x82, 0x90, 0x00,
        ],
        protocol: Protocol::T0,
        country: Country::Belgium,
        family: Family::Belgium,
        states: STATES,
        pins: PINS,
        keys: &keys(KeyKind::P384),
    },
    ec: true,
    issuer: &files::ISSUER_EC,
    issued: Date::new(2024, 3, 4),
    versions: [0x00, 0x00, 0x00, 0x40],
    // Component to softmask invented; the rest from the manual's example. C
    card_data: &[0xF3, 0x36, 0x01, 0x26, 0x01, 0x18, 0x00, 0x01, 0x00, 0x00, 0x02, 0x0F],
    tells_tries: true,
    between: 1,
    // Manual 1.8 chapter 6. C
    algorithms: &[
        (0x01, Method::Ecdsa(&[32])),
        (0x02, Method::Ecdsa(&[48])),
        (0x04, Method::Ecdsa(&[64])),
        (0x08, Method::Ecdsa(&[32])), // SHA-3
        (0x10, Method::Ecdsa(&[48])),
        (0x20, Method::Ecdsa(&[64])),
        (0x40, Method::Ecdsa(&[20, 28, 32, 48, 64])),
    ],
};

/// Applet 1.7 (RSA-2048).
pub(crate) static BELGIUM_1_7: BelgianCard = BelgianCard {
    card: CardDescription {
        name: "belgium-1.7",
        chip: "Belpic applet 1.7",
        // libelectronic-id, EMW content document. B
        atr: &[0x3B, 0x98, 0x13, 0x40, 0x0A, 0xA5, 0x03, 0x01, 0x01, 0x01, 0xAD, 0x13, 0x11],
        protocol: Protocol::T0,
        country: Country::Belgium,
        family: Family::Belgium,
        states: STATES,
        pins: PINS,
        keys: &keys(KeyKind::Rsa(2048)),
    },
    ec: false,
    issuer: &files::ISSUER_RSA,
    issued: Date::new(2019, 5, 6),
    versions: [0x01, 0x01, 0x00, 0x00],
    // Recorded session of 2017 (OpenSC issue 1112). A
    card_data: &[0xF3, 0x36, 0x01, 0x25, 0x01, 0x17, 0x00, 0x03, 0x00, 0x21, 0x01, 0x0F],
    tells_tries: false,
    between: 0,
    // Manual 1.7 chapter 6. C
    algorithms: &[
        (0x01, Method::Free),
        (0x02, Method::Pkcs1(Some(Hash::Sha1))),
        (0x04, Method::Pkcs1(None)),
        (0x08, Method::Pkcs1(Some(Hash::Sha256))),
        (0x10, Method::Pss(Hash::Sha1)),
        (0x20, Method::Pss(Hash::Sha256)),
    ],
};

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

    fn codes(&self) -> Vec<CodeView> {
        self.pins.views()
    }

    fn code_is(&self, reference: u8, digits: &str) -> bool {
        self.pins.is(reference, digits)
    }

    fn set_tries_left(&mut self, reference: u8, tries: u8) {
        self.pins.set_tries_left(reference, tries);
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

/// DigestInfo of an MD5 digest up to the digest (RFC 8017 §9.2 note 1).
const MD5_INFO: &[u8] = &[
    0x30, 0x20, 0x30, 0x0C, 0x06, 0x08, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x02, 0x05, 0x05, 0x00, 0x04,
    0x10,
];

impl Method {
    fn sign(self, key: &PrivateKey, data: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Ecdsa(lengths) if lengths.contains(&data.len()) => {
                // A hash longer than the field counts with its leftmost bits (FIPS 186-5 §6.4.1).
                let field = key.field_length()?;
                key.sign_ecdsa(data.get(..field).unwrap_or(data))
            }
            Self::Ecdsa(_) => None,
            Self::Free => key.sign_unprefixed(data),
            Self::Pkcs1(Some(hash)) => key.sign_rsa(RsaScheme::Pkcs1, hash, data),
            Self::Pkcs1(None) if data.len() == 16 => key.sign_unprefixed(&[MD5_INFO, data].concat()),
            Self::Pkcs1(None) => None,
            Self::Pss(hash) => key.sign_rsa(RsaScheme::Pss, hash, data),
        }
    }
}

//! Cards of the ordinary ISO/IEC 7816-4, -8 and -15 kind: a complete PKCS#15 directory, the signature template, and
//! the digest sent with PSO: COMPUTE DIGITAL SIGNATURE. What one card is made of is a table: `organisation`, `iso15`.

mod iso15;
mod organisation;

use crate::apdu::{Command, Reply, sw};
use crate::cards::{CardDescription, KeyDescription, KeyKind, KeyUsage, PinDescription, PinRole, Protocol};
use crate::certificate::{
    self, COMMON_NAME, COUNTRY, GIVEN_NAME, ORGANISATION, SERIAL_NUMBER, SURNAME, TextForm,
};
use crate::chip::{Chip, CodeView, Context};
use crate::directory_files::AlgorithmObject;
use crate::file_tree::FileTree;
use crate::holder::{Date, Holder};
use crate::issued::{Certificates, HolderCertificate};
use crate::issuer::{Issuer, Purpose, Request};
use crate::keys::{Hash, PrivateKey, RsaScheme};
use crate::options::CardOptions;
use crate::secret::{self, Secret};
use crate::state::DeliveryState;
use crate::switches::Switches;

pub(crate) use iso15::{COMPLETE, PARTIAL};
pub(crate) use organisation::{ORGANISATION_EC, ORGANISATION_RSA};

/// AID of a PKCS#15 application (PKCS#15 v1.1 §5.6.1).
pub(crate) const APPLICATION: &[u8] = b"\xA0\x00\x00\x00\x63PKCS-15";

/// A card, as data.
pub(crate) struct InlineCard {
    pub(crate) card: CardDescription,
    pub(crate) manufacturer: &'static str,
    pub(crate) label: &'static str,
    pub(crate) issuer: &'static Issuer,
    /// O of the holder's certificates.
    pub(crate) organisation: &'static str,
    pub(crate) issued: Date,
    pub(crate) coding: Coding,
    pub(crate) unblocking: Unblocking,
    pub(crate) pins: &'static [InlinePin],
    pub(crate) keys: &'static [InlineKey],
    pub(crate) algorithms: &'static [Algorithm],
    /// Builds the files.
    pub(crate) files: fn(&InlineContents<'_>) -> FileTree,
}

/// Form of a code on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// ASCII digits, as many as were typed.
    Typed,
    /// ASCII digits filled to this length with this byte.
    Padded(usize, u8),
    /// By the switch `p15_missing`: BCD, two digits a byte, filled to 8 bytes with F; otherwise padded ASCII.
    PaddedOrBcd(usize, u8),
}

/// How a PIN is unblocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unblocking {
    /// VERIFY of the PUK, then RESET RETRY COUNTER with P1 = 02 and the new code.
    AfterPuk,
    /// RESET RETRY COUNTER with P1 = 00, PUK and new code.
    Together,
}

/// A PIN or the PUK.
pub(crate) struct InlinePin {
    pub(crate) pin: PinDescription,
    pub(crate) label: &'static str,
    /// Identifier in EF.AOD.
    pub(crate) auth_id: u8,
}

/// A key and its certificate.
pub(crate) struct InlineKey {
    pub(crate) key: KeyDescription,
    pub(crate) label: &'static str,
    /// Identifier in EF.PrKD and EF.CD.
    pub(crate) id: u8,
    /// Directory in which alone the key can be named; the empty name: everywhere.
    pub(crate) directory: &'static [u8],
}

/// An algorithm byte of MSE.
pub(crate) struct Algorithm {
    pub(crate) value: u8,
    pub(crate) hash: Hash,
    /// None: ECDSA.
    pub(crate) rsa: Option<RsaScheme>,
    /// Entry of EF.CIAInfo.
    pub(crate) reference: u32,
    pub(crate) mechanism: u32,
    pub(crate) object: &'static [u32],
}

impl InlineCard {
    pub(crate) fn algorithm_objects(&self) -> Vec<AlgorithmObject> {
        let object = |algorithm: &Algorithm| AlgorithmObject {
            reference: algorithm.reference,
            mechanism: algorithm.mechanism,
            object: algorithm.object,
            value: algorithm.value,
        };
        self.algorithms.iter().map(object).collect()
    }

    pub(crate) fn auth_id(&self, pin: u8) -> u8 {
        self.pins.iter().find(|known| known.pin.reference == pin).map_or(0, |known| known.auth_id)
    }
}

/// What the files are made from.
pub(crate) struct InlineContents<'a> {
    pub(crate) card: &'static InlineCard,
    pub(crate) certificates: &'a Certificates,
    pub(crate) serial: &'a str,
    pub(crate) switches: &'a Switches,
}

impl InlineContents<'_> {
    /// A certificate as its file holds it.
    pub(crate) fn certificate_file(&self, der: &[u8]) -> Vec<u8> {
        filled(der.to_vec(), self.switches.cert_padding)
    }

    /// One of the PKCS#15 files as it lies on the card.
    pub(crate) fn directory_file(&self, content: Vec<u8>) -> Vec<u8> {
        filled(content, self.switches.directory_padding)
    }

    pub(crate) fn holder_certificate(&self, name: &str) -> Vec<u8> {
        let der = self.certificates.named(name).map(|certificate| certificate.der.as_slice());
        self.certificate_file(der.unwrap_or_default())
    }
}

fn filled(mut content: Vec<u8>, fill: usize) -> Vec<u8> {
    content.resize(content.len() + fill.min(0x1000), 0);
    content
}

struct Environment {
    key: usize,
    algorithm: &'static Algorithm,
    /// Directory it was set in.
    directory: usize,
}

/// The card.
pub(crate) struct Inline {
    card: &'static InlineCard,
    serial: String,
    certificates: Certificates,
    tree: FileTree,
    pins: Vec<Secret>,
    keys: Vec<PrivateKey>,
    environment: Option<Environment>,
}

impl Inline {
    pub(crate) fn new(card: &'static InlineCard, options: &CardOptions, holder: &Holder) -> Self {
        let switches = &options.switches;
        let keys: Vec<_> =
            card.keys.iter().zip(0..).map(|(key, n)| make_key(card, key, n, options)).collect();
        let certificates = certificates(card, &keys, holder, options.issued.unwrap_or(card.issued));
        let serial = format!("{:09}", 700_000_000 + u64::from(options.holder) % 100_000_000);
        let contents = InlineContents { card, certificates: &certificates, serial: &serial, switches };
        let tree = (card.files)(&contents);
        let pins = card.pins.iter().map(|pin| make_pin(card, &pin.pin, options)).collect();
        Self { card, serial, certificates, tree, pins, keys, environment: None }
    }

    fn forget(&mut self) {
        self.environment = None;
        self.pins.iter_mut().for_each(|pin| pin.verified = false);
    }

    fn answer(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        let switches = context.switches;
        self.check_form(command, switches)?;
        match command.ins {
            0xA4 => self.select(command, switches),
            0x20 => self.verify(command, switches),
            0x24 => self.change(command, switches),
            0x2C => self.unblock(command, switches),
            0x22 => self.set_environment(command, switches),
            0x2A => self.operation(command, context),
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
        let place = self.target(command, switches)?.ok_or(sw::NOT_FOUND)?;
        let file = self.tree.is_file(place);
        if (command.p1 == 0x01 && file) || (command.p1 == 0x02 && !file) {
            return Err(sw::NOT_FOUND);
        }
        self.tree.select(place);
        if !file && switches.select_drops_pins {
            self.forget();
        }
        let objects = self.tree.control_objects(place);
        Ok(template.map(|tag| crate::der::tlv(tag, &objects)).unwrap_or_default())
    }

    fn target(&self, command: &Command<'_>, switches: &Switches) -> Result<Option<usize>, u16> {
        use crate::file_tree::MASTER;
        let here = self.tree.directory();
        Ok(match (command.p1, command.data) {
            (0x00, []) => Some(MASTER),
            (0x00..=0x02, id @ [_, _]) => self.tree.at_path(here, id),
            (0x04, name @ [_, ..]) => self.tree.named(name),
            (0x08, [0x3F, 0x00, ..]) if !switches.path_with_mf => None,
            (0x08, path @ [_, ..]) if path.len() % 2 == 0 => self.tree.at_path(MASTER, path),
            (0x09, path @ [_, ..]) if path.len() % 2 == 0 => self.tree.at_path(here, path),
            (0x00..=0x02 | 0x04 | 0x08 | 0x09, _) => return Err(sw::WRONG_LENGTH),
            _ => return Err(sw::WRONG_P1P2),
        })
    }

    fn pin(&mut self, reference: u8) -> Result<(&'static PinDescription, &mut Secret), u16> {
        let known = self.card.pins.iter().zip(&mut self.pins).find(|(pin, _)| pin.pin.reference == reference);
        let known = known.map(|(pin, secret)| (&pin.pin, secret));
        known.ok_or(sw::REFERENCE_NOT_FOUND)
    }

    fn verify(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        if command.p1 != 0x00 {
            return Err(sw::WRONG_P1P2);
        }
        let coding = self.card.coding;
        let (_, secret) = self.pin(command.p2)?;
        if command.data.is_empty() {
            // A header of four bytes, or P3 = 00.
            return if command.le == Some(256) { done(secret.state()) } else { Err(sw::WRONG_LENGTH) };
        }
        secret.count.commands += 1;
        match coding.digits(command.data, switches) {
            Ok(digits) => done(secret.present(&digits, switches)),
            Err(sw::WRONG_DATA) if coding == Coding::Typed && switches.org_padded_pin_costs => {
                Err(secret.spend(switches))
            }
            Err(status) => Err(status),
        }
    }

    /// CHANGE REFERENCE DATA: old and new code.
    fn change(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        if command.p1 != 0x00 {
            return Err(sw::WRONG_P1P2);
        }
        let coding = self.card.coding;
        let (pin, secret) = self.pin(command.p2)?;
        secret.count.commands += 1;
        if pin.role == PinRole::Unblocking {
            return Err(sw::CONDITIONS);
        }
        let old_length = coding.length(switches).unwrap_or(secret.length());
        let (old, new) = command.data.split_at_checked(old_length).ok_or(sw::WRONG_LENGTH)?;
        let new = coding.new_digits(new, pin.shortest, switches)?;
        // Without padding the end of the old code is where the card's own ends: what stands there is presented.
        let old = coding.digits(old, switches).or_else(|status| match coding {
            Coding::Typed => Ok(old.to_vec()),
            _ => Err(status),
        })?;
        done(secret.present(&old, switches))?;
        secret.choose(&new);
        secret.verified = switches.change_verifies;
        Ok(Vec::new())
    }

    fn unblock(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        let coding = self.card.coding;
        let (pin, secret) = self.pin(command.p2)?;
        secret.count.commands += 1;
        if pin.role == PinRole::Unblocking {
            return Err(sw::REFERENCE_NOT_FOUND);
        }
        let shortest = pin.shortest;
        let new = match (self.card.unblocking, command.p1) {
            (Unblocking::AfterPuk, 0x02) => {
                let new = coding.new_digits(command.data, shortest, switches)?;
                let verified = self.puk().is_some_and(|puk| puk.verified);
                if verified { new } else { return Err(sw::NOT_VERIFIED) }
            }
            (Unblocking::Together, 0x00) => {
                let length = coding.length(switches).ok_or(sw::WRONG_P1P2)?;
                let (puk, new) = command.data.split_at_checked(length).ok_or(sw::WRONG_LENGTH)?;
                let new = coding.new_digits(new, shortest, switches)?;
                let presented = coding.digits(puk, switches)?;
                let puk = self.puk().ok_or(sw::REFERENCE_NOT_FOUND)?;
                let status = puk.present(&presented, switches);
                puk.verified = false;
                done(status)?;
                new
            }
            _ => return Err(sw::WRONG_P1P2),
        };
        self.pin(command.p2)?.1.choose(&new);
        Ok(Vec::new())
    }

    fn puk(&mut self) -> Option<&mut Secret> {
        let pins = self.card.pins.iter().zip(&mut self.pins);
        pins.filter(|(pin, _)| pin.pin.role == PinRole::Unblocking).map(|(_, secret)| secret).next()
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
            let fits = algorithm.fits(&self.keys[key], switches);
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
        let verified = self.pins.iter().any(|pin| pin.reference == description.key.pin && pin.verified);
        if !verified {
            return Err(sw::NOT_VERIFIED);
        }
        let key = &self.keys[environment.key];
        let signature = environment.algorithm.sign(key, command.data).ok_or(sw::WRONG_DATA)?;
        context.operations.push(key.operation());
        if description.key.usage == KeyUsage::Signature && context.switches.pin2_one_shot {
            let used = self.pins.iter_mut().filter(|pin| pin.reference == description.key.pin);
            used.for_each(|pin| pin.verified = false);
        }
        Ok(context.sent(signature))
    }
}

impl Chip for Inline {
    fn process(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply {
        if command.ins == 0xB0 {
            let switches = context.switches;
            return match self.check_form(command, switches) {
                Ok(()) => self.tree.read(command, switches.eof, switches),
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

    fn codes(&self) -> Vec<CodeView> {
        self.pins.iter().map(Secret::view).collect()
    }

    fn code_is(&self, reference: u8, digits: &str) -> bool {
        self.pins.iter().any(|pin| pin.reference == reference && pin.holds(digits.as_bytes()))
    }

    fn set_tries_left(&mut self, reference: u8, tries: u8) {
        let named = self.pins.iter_mut().filter(|pin| pin.reference == reference);
        named.for_each(|pin| pin.set_tries(tries));
    }

    fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    fn printed_serial(&self) -> String {
        self.serial.clone()
    }
}

/// States in which these cards come: without the activation schemes of the citizen cards.
const STATES: &[DeliveryState] = &[
    DeliveryState::Activated,
    DeliveryState::BlockedPin1,
    DeliveryState::BlockedPin2,
    DeliveryState::BlockedPins,
    DeliveryState::BlockedPuk,
    DeliveryState::Dead,
];

fn done(status: u16) -> Result<Vec<u8>, u16> {
    if status == sw::OK { Ok(Vec::new()) } else { Err(status) }
}

impl Algorithm {
    fn fits(&self, key: &PrivateKey, switches: &Switches) -> bool {
        match (self.rsa, key.field_length()) {
            (Some(_), None) => true,
            (None, Some(field)) => {
                self.hash.length() == field || (self.hash.length() < field && switches.ec_any_hash)
            }
            _ => false,
        }
    }

    fn sign(&self, key: &PrivateKey, digest: &[u8]) -> Option<Vec<u8>> {
        if digest.len() != self.hash.length() {
            return None;
        }
        match self.rsa {
            Some(scheme) => key.sign_rsa(scheme, self.hash, digest),
            None => key.sign_ecdsa(digest),
        }
    }
}

/// Longest code on all these cards.
const LONGEST: usize = 12;

impl Coding {
    /// Length of a code on the line, where it is fixed.
    fn length(self, switches: &Switches) -> Option<usize> {
        match self {
            Self::Typed => None,
            Self::PaddedOrBcd(..) if is_bcd(switches) => Some(8),
            Self::Padded(length, _) | Self::PaddedOrBcd(length, _) => Some(length),
        }
    }

    /// The digits of a code; 6700 for a wrong length, 6A80 for what is no code.
    fn digits(self, data: &[u8], switches: &Switches) -> Result<Vec<u8>, u16> {
        if self.length(switches).is_some_and(|length| length != data.len()) {
            return Err(sw::WRONG_LENGTH);
        }
        let fill = match self {
            Self::PaddedOrBcd(..) if is_bcd(switches) => return bcd_digits(data),
            Self::Typed => None,
            Self::Padded(_, fill) | Self::PaddedOrBcd(_, fill) => Some(fill),
        };
        let length = data.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = data.split_at(length);
        if digits.is_empty() || rest.iter().any(|byte| Some(*byte) != fill) {
            return Err(sw::WRONG_DATA);
        }
        Ok(digits.to_vec())
    }

    /// The digits of a new code.
    fn new_digits(self, data: &[u8], shortest: usize, switches: &Switches) -> Result<Vec<u8>, u16> {
        if data.is_empty() {
            return Err(sw::WRONG_LENGTH);
        }
        let digits = self.digits(data, switches)?;
        let longest = switches.max_new_pin.min(LONGEST);
        if (shortest..=longest).contains(&digits.len()) { Ok(digits) } else { Err(sw::WRONG_DATA) }
    }
}

/// Whether the PINs are BCD, of which the cards' files then tell.
pub(crate) fn is_bcd(switches: &Switches) -> bool {
    switches.p15_missing == crate::switch_values::MissingPart::AsciiPin
}

fn bcd_digits(data: &[u8]) -> Result<Vec<u8>, u16> {
    let nibbles: Vec<_> = data.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).collect();
    let length = nibbles.iter().take_while(|nibble| **nibble <= 9).count();
    let (digits, rest) = nibbles.split_at(length);
    if digits.is_empty() || rest.iter().any(|nibble| *nibble != 0x0F) {
        return Err(sw::WRONG_DATA);
    }
    Ok(digits.iter().map(|digit| b'0' + digit).collect())
}

fn make_key(card: &InlineCard, key: &InlineKey, number: usize, options: &CardOptions) -> PrivateKey {
    let label = format!("{}/{}/{}", card.card.name, options.holder, key.key.name);
    match key.key.kind {
        KeyKind::P256 => PrivateKey::p256(&label),
        KeyKind::P384 => PrivateKey::p384(&label),
        // Two RSA keys of one card are different files; so are those of two neighbouring holders.
        KeyKind::Rsa(bits) => PrivateKey::rsa(bits, (options.holder as usize % 2) * 2 + number),
        KeyKind::RsaBySwitch => PrivateKey::rsa(2048, number),
    }
}

fn make_pin(card: &InlineCard, pin: &PinDescription, options: &CardOptions) -> Secret {
    let tries = match card.coding {
        Coding::Typed => options.switches.org_tries.clamp(1, 15) as u8,
        Coding::Padded(..) | Coding::PaddedOrBcd(..) => pin.tries,
    };
    let blocked = secret::is_blocked(options.state, pin.role);
    Secret::new(pin.reference, options.codes.of(pin.role), tries, blocked)
}

fn certificates(card: &InlineCard, keys: &[PrivateKey], holder: &Holder, issued: Date) -> Certificates {
    let authorities = card.issuer.authorities();
    let form = TextForm::Utf8;
    let subject = certificate::name(&[
        (COUNTRY, TextForm::Printable, "FI"),
        (ORGANISATION, form, card.organisation),
        (SERIAL_NUMBER, TextForm::Printable, &holder.personal_code),
        (GIVEN_NAME, form, &holder.given_name),
        (SURNAME, form, &holder.surname),
        (COMMON_NAME, form, &holder.common_name()),
    ]);
    let of_holder = card.keys.iter().zip(keys).map(|(key, private)| HolderCertificate {
        name: key.key.name,
        key_reference: key.key.reference,
        pin_reference: key.key.pin,
        der: authorities.issue(&Request {
            subject: &subject,
            key: private,
            purpose: match key.key.usage {
                KeyUsage::Authentication => Purpose::Authentication,
                KeyUsage::Signature => Purpose::Signature,
            },
            issued,
            years: 5,
        }),
    });
    Certificates {
        root: authorities.root.clone(),
        issuing: authorities.issuing.clone(),
        holder: of_holder.collect(),
    }
}

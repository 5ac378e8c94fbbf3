//! Cards that are no identity cards, or not yet: whoever has them in the reader wants them left in peace.
//!
//! All of it is made up after the public standards (EMV 4.3 book 1, GSM 11.11); confidence G throughout, except
//! where a comment says otherwise.

use crate::chip::pins::{ORDINARY, PinRules, Pins};
use crate::chip::{Blueprint, Chip, Context, Personalisation};
use crate::facts::description::{CardDescription, Family, PinDescription, PinRole, Protocol};
use crate::facts::holder::Country;
use crate::facts::state::DeliveryState;
use crate::facts::switches::Switches;
use crate::pki::issued::Certificates;
use crate::wire::apdu::{Command, Reply, sw};
use crate::wire::der::tlv;

/// Which stranger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A payment card.
    Bank,
    /// A card of a mobile phone that knows class A0 only.
    Sim,
    /// An Estonian card whose personalisation stopped half way.
    HalfPersonalised,
    /// Answers 6F00 to everything.
    Mute,
}

/// What a stranger is, as data.
pub(crate) struct StrangerCard {
    pub(crate) card: CardDescription,
    kind: Kind,
}

const fn description(
    name: &'static str,
    atr: &'static [u8],
    protocol: Protocol,
    pins: &'static [PinDescription],
) -> CardDescription {
    CardDescription {
        name,
        chip: "none in particular",
        atr,
        air: None,
        protocol,
        country: Country::Elsewhere,
        family: Family::Stranger,
        states: &[DeliveryState::Activated],
        pins,
        keys: &[],
    }
}

/// Nobody has a code that these cards would take.
const RULES: PinRules = ORDINARY;

/// Reference of the bank card's PIN.
const BANK_PIN: u8 = 0x80;

const fn pin(reference: u8) -> PinDescription {
    PinDescription { reference, shortest: 4, tries: 3, role: PinRole::Authentication }
}

/// A payment card. The ATR is of no card in particular: T=0 and EMV-like historical bytes.
pub(crate) static BANK: StrangerCard = StrangerCard {
    card: description(
        "bank-card",
        &[
            0x3B, 0x6E, 0x00, 0x00, 0x80, 0x31, 0x80, 0x66, 0xB1, 0x84, 0x0C, 0x01, 0x6E, 0x01, 0x83, 0x00,
            0x90, 0x00,
        ],
        Protocol::T0,
        &[pin(BANK_PIN)],
    ),
    kind: Kind::Bank,
};

/// A SIM: T=0, and T=15 for its global bytes, hence the check byte.
pub(crate) static SIM: StrangerCard = StrangerCard {
    card: description(
        "sim-card",
        &[
            0x3B, 0x9F, 0x95, 0x80, 0x1F, 0xC3, 0x80, 0x31, 0xE0, 0x73, 0xFE, 0x21, 0x1B, 0x64, 0x07, 0x68,
            0x9A, 0x00, 0x82, 0x90, 0x00, 0x33,
        ],
        Protocol::T0,
        &[pin(0x01)],
    ),
    kind: Kind::Sim,
};

/// ATR of the Estonian IDEMIA card on Cosmo 8 (OpenSC, libelectronic-id, DigiDoc4; B), and nothing behind it.
pub(crate) static HALF_PERSONALISED: StrangerCard = StrangerCard {
    card: description(
        "half-personalised",
        &[
            0x3B, 0xDB, 0x96, 0x00, 0x80, 0xB1, 0xFE, 0x45, 0x1F, 0x83, 0x00, 0x12, 0x23, 0x3F, 0x53, 0x65,
            0x49, 0x44, 0x0F, 0x90, 0x00, 0xF1,
        ],
        Protocol::T1,
        &[],
    ),
    kind: Kind::HalfPersonalised,
};

/// The shortest ATR there is: T=0, no historical bytes.
pub(crate) static MUTE: StrangerCard =
    StrangerCard { card: description("mute-card", &[0x3B, 0x00], Protocol::T0, &[]), kind: Kind::Mute };

/// Main AID of the Estonian IDEMIA card (libelectronic-id, DigiDoc4; B).
const ESTONIAN_MAIN: &[u8] =
    &[0xA0, 0x00, 0x00, 0x00, 0x77, 0x01, 0x08, 0x00, 0x07, 0x00, 0x00, 0xFE, 0x00, 0x00, 0x01, 0x00];
/// The payment environment and the one application behind it.
const PAYMENT_ENVIRONMENT: &[u8] = b"1PAY.SYS.DDF01";
const PAYMENT_APPLICATION: &[u8] = &[0xA0, 0x00, 0x00, 0x00, 0x04, 0x10, 0x10];
/// ICCID file of a SIM.
const ICCID: [u8; 10] = [0x98, 0x53, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0xF9];

/// The card.
#[derive(Clone)]
pub(crate) struct Stranger {
    card: &'static StrangerCard,
    pins: Pins,
    /// None.
    certificates: Certificates,
    /// What is selected: the payment environment, or a file of the SIM.
    selected: Option<u16>,
}

impl Stranger {
    pub(crate) fn new(card: &'static StrangerCard, personalisation: &Personalisation<'_>) -> Self {
        let certificates = Certificates { root: Vec::new(), issuing: Vec::new(), holder: Vec::new() };
        let pins = Pins::new(card.card.pins, &RULES, personalisation);
        Self { card, pins, certificates, selected: None }
    }

    fn bank(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        match (command.cla, command.ins) {
            (0x00, 0xA4) => self.select_payment(command),
            (0x00, 0xB2) => self.read_record(command),
            (_, 0x20) => Err(self.spend(command, switches)),
            (0x80, 0xCA) if (command.p1, command.p2) == (0x9F, 0x17) => {
                let tries = self.pins.get(BANK_PIN).map_or(0, |pin| pin.tries);
                Ok(vec![0x9F, 0x17, 0x01, tries])
            }
            (0x00 | 0x80, _) => Err(sw::UNKNOWN_INSTRUCTION),
            _ => Err(sw::UNKNOWN_CLASS),
        }
    }

    /// SELECT knows names only: there is no MF to be seen.
    fn select_payment(&mut self, command: &Command<'_>) -> Result<Vec<u8>, u16> {
        if command.p1 != 0x04 {
            return Err(sw::NOT_FOUND);
        }
        let proprietary = match command.data {
            PAYMENT_ENVIRONMENT => vec![0x88, 0x01, 0x01, 0x5F, 0x2D, 0x04, b'f', b'i', b'e', b'n'],
            PAYMENT_APPLICATION => vec![0x50, 0x04, b'T', b'E', b'S', b'T'],
            _ => return Err(sw::NOT_FOUND),
        };
        self.selected = Some(0);
        Ok(tlv(0x6F, &[tlv(0x84, command.data), tlv(0xA5, &proprietary)].concat()))
    }

    fn read_record(&self, command: &Command<'_>) -> Result<Vec<u8>, u16> {
        match (self.selected, command.p1, command.p2) {
            (Some(_), 0x01, 0x0C) => {
                let entry = [tlv(0x4F, PAYMENT_APPLICATION), tlv(0x50, b"TEST")].concat();
                Ok(tlv(0x70, &tlv(0x61, &entry)))
            }
            (Some(_), ..) => Err(sw::NO_RECORD),
            (None, ..) => Err(sw::CONDITIONS),
        }
    }

    /// Any VERIFY costs a try, an empty one and one of another reference too: the worst case, so that a test can show
    /// that nobody tried.
    fn spend(&mut self, command: &Command<'_>, switches: &Switches) -> u16 {
        let Some(pin) = self.pins.iter_mut().next() else { return sw::UNKNOWN_INSTRUCTION };
        if command.data.is_empty() {
            pin.count.probes += 1;
        } else {
            pin.count.commands += 1;
        }
        if pin.tries == 0 {
            return sw::BLOCKED;
        }
        let reference = pin.description.reference;
        self.pins.wrong(reference, switches)
    }

    fn sim(&mut self, command: &Command<'_>, switches: &Switches) -> Result<Vec<u8>, u16> {
        if command.cla != 0xA0 {
            return Err(sw::UNKNOWN_CLASS);
        }
        match (command.ins, command.data) {
            // 9F16: 22 bytes of answer wait for GET RESPONSE (GSM 11.11 §9.4.1).
            (0xA4, [0x3F, 0x00] | [0x7F, 0x10] | [0x7F, 0x20]) => {
                self.selected = None;
                Err(0x9F16)
            }
            (0xA4, [0x2F, 0xE2]) => {
                self.selected = Some(0x2FE2);
                Err(0x9F0F)
            }
            (0xA4, _) => Err(0x9404),
            (0xB0, []) if self.selected.is_some() => Ok(ICCID.to_vec()),
            (0xB0, _) => Err(0x9400),
            (0x20, _) => {
                let status = self.spend(command, switches);
                Err(if status == sw::BLOCKED || status == sw::WRONG_CODE { 0x9840 } else { 0x9804 })
            }
            _ => Err(sw::UNKNOWN_INSTRUCTION),
        }
    }
}

impl Blueprint for StrangerCard {
    fn description(&'static self) -> &'static CardDescription {
        &self.card
    }

    fn make(&'static self, personalisation: &Personalisation<'_>) -> Box<dyn Chip> {
        Box::new(Stranger::new(self, personalisation))
    }
}

impl Chip for Stranger {
    fn process(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply {
        let switches = context.switches;
        let answer = match self.card.kind {
            Kind::Bank => self.bank(command, switches),
            Kind::Sim => self.sim(command, switches),
            Kind::HalfPersonalised => half_personalised(command),
            Kind::Mute => Err(sw::NO_DIAGNOSIS),
        };
        answer.map_or_else(Reply::status, Reply::data)
    }

    fn power_off(&mut self) {
        self.selected = None;
    }

    fn another_application(&mut self) {
        self.selected = None;
    }

    fn application(&self) -> &'static str {
        if self.selected.is_some() { "payment" } else { "none" }
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
        String::new()
    }
}

/// The main application can be selected, and the MF; there is no file, no PIN and no other application.
fn half_personalised(command: &Command<'_>) -> Result<Vec<u8>, u16> {
    match (command.cla, command.ins) {
        (0x00, 0xA4) => match (command.p1, command.data) {
            (0x04, ESTONIAN_MAIN) | (0x00, [] | [0x3F, 0x00]) => Ok(Vec::new()),
            _ => Err(sw::NOT_FOUND),
        },
        (0x00, 0xB0) => Err(sw::NO_CURRENT_EF),
        (0x00, 0x20 | 0x24 | 0x2C | 0x22 | 0xCB) => Err(sw::REFERENCE_NOT_FOUND),
        (0x00, 0x2A | 0x88) => Err(sw::CONDITIONS),
        (0x00, _) => Err(sw::UNKNOWN_INSTRUCTION),
        _ => Err(sw::UNKNOWN_CLASS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_check_byte_of_the_invented_answers_to_reset() {
        // T=15 beside T=0 makes the check byte a must; all other T=1 cards are checked where the models are listed.
        assert_eq!(SIM.card.atr[1..].iter().fold(0, |sum, byte| sum ^ byte), 0);
        assert_eq!((BANK.card.atr.len(), BANK.card.atr[1]), (18, 0x6E));
    }
}

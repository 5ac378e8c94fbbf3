//! The keypad of a reader, and somebody in front of it (PC/SC part 10, "IFDs with Secure PIN Entry Capabilities").
//!
//! It belongs to the reader, but here it comes with the card: a virtual reader is empty of everything, and whoever makes
//! a card says in the same line what reader it lies in.

mod fill;
mod model;
mod structure;

pub use model::{KeypadModel, Press};
pub use structure::Asked;

use crate::facts::codes::Codes;
use std::collections::VecDeque;
use std::time::Duration;
use structure::Structure;

/// What comes of a control code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Controlled {
    /// The reader does not know it.
    Unknown,
    /// It answers.
    Told(Vec<u8>),
    /// The keypad sends a command, and answers what the card does.
    Sent(Vec<u8>),
    /// The user does not come. So does nothing, until the reader or the card is gone.
    Hangs,
}

/// Request for the features (§2.2): the number 3400, in the code of pcsc-lite or of Windows.
const GET_FEATURES: u32 = if cfg!(windows) { 0x0031_0000 + (3400 << 2) } else { 0x4200_0000 + 3400 };
/// Codes of features, as the driver of CCID readers has them.
const FEATURE: u32 = 0x4233_0000;
const VERIFY: u8 = 0x06;
const MODIFY: u8 = 0x07;
const PROPERTIES: u8 = 0x0A;
const TLV_PROPERTIES: u8 = 0x12;

/// The new PIN of a user who was not told another one.
pub const NEW: &str = "482916";

const TOO_LATE: u16 = 0x6400;
const CANCELLED: u16 = 0x6401;
const DIFFERENT: u16 = 0x6402;
const WRONG_LENGTH: u16 = 0x6403;
const BAD_STRUCTURE: u16 = 0x6B80;

/// A keypad.
#[derive(Clone, Debug)]
pub struct Keypad {
    model: KeypadModel,
    /// What the user does next; who has nothing to do enters what is right.
    presses: VecDeque<Press>,
    codes: Codes,
    asked: Vec<Asked>,
    hangs: bool,
    /// How long the user takes for each entry.
    takes: Duration,
}

impl Keypad {
    pub(crate) fn new(model: KeypadModel, presses: &[Press], codes: &Codes) -> Self {
        let presses = presses.iter().cloned().collect();
        Self { model, presses, codes: codes.clone(), asked: Vec::new(), hangs: false, takes: Duration::ZERO }
    }

    /// What the user does from now on, one after the other; then what is right.
    pub fn press(&mut self, presses: impl IntoIterator<Item = Press>) {
        self.presses = presses.into_iter().collect();
    }

    /// How long the user takes for each entry from now on. The card is out of reach meanwhile, as it is on a real keypad.
    pub fn take(&mut self, time: Duration) {
        self.takes = time;
    }

    /// What it was asked for so far.
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// Does it wait for a user who does not come?
    pub fn hangs(&self) -> bool {
        self.hangs
    }

    /// It waits no longer.
    pub fn give_up(&mut self) {
        self.hangs = false;
    }

    /// A control code with data. `is` tells whether the card's code of a reference has these digits.
    pub(crate) fn control(
        &mut self,
        code: u32,
        data: &[u8],
        is: &dyn Fn(u8, &str) -> bool,
        puk: Option<u8>,
    ) -> Controlled {
        let feature = |wanted: u8| code == FEATURE + u32::from(wanted);
        if code == GET_FEATURES {
            Controlled::Told(self.features())
        } else if self.model.properties && feature(PROPERTIES) {
            Controlled::Told(self.model.structure())
        } else if self.model.properties && feature(TLV_PROPERTIES) {
            Controlled::Told(self.model.objects())
        } else if self.model.verify && feature(VERIFY) {
            self.enter(Structure::verify(data, &self.model), is, puk)
        } else if self.model.modify && feature(MODIFY) {
            self.enter(Structure::modify(data, &self.model), is, puk)
        } else {
            Controlled::Unknown
        }
    }

    fn features(&self) -> Vec<u8> {
        let KeypadModel { verify, modify, properties, .. } = self.model;
        let all =
            [(verify, VERIFY), (modify, MODIFY), (properties, PROPERTIES), (properties, TLV_PROPERTIES)];
        let offered = all.iter().filter(|(offered, _)| *offered);
        offered
            .flat_map(|(_, tag)| [&[*tag, 4][..], &(FEATURE + u32::from(*tag)).to_be_bytes()].concat())
            .collect()
    }

    /// The user is asked, and the command filled.
    fn enter(
        &mut self,
        structure: Option<Structure>,
        is: &dyn Fn(u8, &str) -> bool,
        puk: Option<u8>,
    ) -> Controlled {
        let status = |status: u16| Controlled::Told(status.to_be_bytes().to_vec());
        let Some(structure) = structure else { return status(BAD_STRUCTURE) };
        self.asked.push(structure.asked.clone());
        let presented = presented_by(&structure.asked.command, puk);
        let mut entries = Vec::new();
        for (place, again) in &structure.places {
            std::thread::sleep(self.takes);
            let press = self.presses.pop_front().unwrap_or(Press::Right);
            let digits = match press {
                Press::Cancel => return status(CANCELLED),
                Press::Wait => return status(TOO_LATE),
                Press::Status(of_driver) => return status(of_driver),
                Press::Never => {
                    self.hangs = true;
                    return Controlled::Hangs;
                }
                Press::Digits(digits) => digits,
                Press::Wrong => self.wrong(presented, is),
                Press::Right if place.is_new => NEW.to_owned(),
                Press::Right => self.right(presented, is),
            };
            if !structure.takes(digits.len()) {
                return status(WRONG_LENGTH);
            }
            match entries.last() {
                Some((_, first)) if *again => {
                    if *first != digits {
                        return status(DIFFERENT);
                    }
                }
                _ => entries.push((*place, digits)),
            }
        }
        match fill::filled(&structure, &entries) {
            Some(command) => Controlled::Sent(command),
            None => status(BAD_STRUCTURE),
        }
    }

    /// The digits that the card has for a code: those on its holder's papers, or the new ones.
    fn right(&self, reference: u8, is: &dyn Fn(u8, &str) -> bool) -> String {
        let Codes { pin1, pin2, puk, transport, .. } = &self.codes;
        let known = [pin1, pin2, puk, transport].into_iter().map(AsRef::as_ref).chain([NEW]);
        known.into_iter().find(|digits: &&str| is(reference, digits)).unwrap_or(NEW).to_owned()
    }

    /// Digits that it does not have.
    fn wrong(&self, reference: u8, is: &dyn Fn(u8, &str) -> bool) -> String {
        let all = ["97531864", "86420975"];
        all.into_iter().find(|digits| !is(reference, digits)).unwrap_or(NEW).to_owned()
    }
}

/// The reference of the code that a command presents: RESET RETRY COUNTER names what is set by it instead.
fn presented_by(command: &[u8], puk: Option<u8>) -> u8 {
    match command {
        [_, 0x2C, ..] => puk.unwrap_or_default(),
        [_, _, _, reference, ..] => *reference,
        _ => 0,
    }
}

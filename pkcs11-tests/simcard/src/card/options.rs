//! Which card is to be made, and the text form of that for the command line.

use crate::card::model::CardModel;
use crate::card::time_model::TimeModel;
use crate::facts::codes::Codes;
use crate::facts::date::Date;
use crate::facts::state::DeliveryState;
use crate::facts::switches::Switches;
use crate::keypad::{KeypadModel, Press};

/// What a card is made from.
#[derive(Clone, Debug)]
pub struct CardOptions {
    /// Generation.
    pub model: CardModel,
    /// What has been done with it.
    pub state: DeliveryState,
    /// Whose card it is; another number is another person, another serial number and other EC keys. Of RSA keys
    /// there are only two sets: even and odd numbers.
    pub holder: u32,
    /// Day of issue; by default one that fits the generation and the activation scheme (so a v3.0 card has expired,
    /// like every real one).
    pub issued: Option<Date>,
    /// PINs, PUK and transport code.
    pub codes: Codes,
    /// Answers to the open questions.
    pub switches: Switches,
    /// How long things take.
    pub time: TimeModel,
    /// Whether each exchange really takes the modelled time.
    pub real_time: bool,
    /// By which interface it is used.
    pub interface: Interface,
    /// The access number on it.
    pub can: String,
    /// The keypad of the reader that it lies in.
    pub keypad: Option<KeypadModel>,
    /// What its user does first; then, what is right.
    pub presses: Vec<Press>,
}

/// By which interface a card is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interface {
    /// By its contacts.
    #[default]
    Contact,
    /// Over the air, through a channel that the access number opens.
    Contactless,
}

impl Default for CardOptions {
    fn default() -> Self {
        Self {
            model: CardModel::default(),
            state: DeliveryState::default(),
            holder: 1,
            issued: None,
            codes: Codes::default(),
            switches: Switches::default(),
            time: TimeModel::default(),
            real_time: false,
            interface: Interface::Contact,
            can: "571500".into(),
            keypad: None,
            presses: Vec::new(),
        }
    }
}

impl CardOptions {
    /// A card of this generation in this state, everything else by default.
    pub fn new(model: CardModel, state: DeliveryState) -> Self {
        Self { model, state, ..Self::default() }
    }

    /// Sets one option from the text `name=value`: card, state, holder, issued, pin1, pin2, puk, transport, interface,
    /// can, keypad, user (such as `cancel/right`), or a switch by its name.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "card" => self.model = value.parse()?,
            "state" => self.state = value.parse()?,
            "holder" => self.holder = value.parse().map_err(|_| format!("holder={value}: no number"))?,
            "issued" => self.issued = Some(value.parse()?),
            "pin1" => self.codes.pin1 = value.into(),
            "pin2" => self.codes.pin2 = value.into(),
            "puk" => self.codes.puk = value.into(),
            "transport" => self.codes.transport = value.into(),
            "interface" => {
                self.interface = match value {
                    "contact" => Interface::Contact,
                    "contactless" => Interface::Contactless,
                    _ => return Err(format!("interface={value}: choose from contact, contactless")),
                }
            }
            "can" if value.len() == 6 && value.bytes().all(|digit| digit.is_ascii_digit()) => {
                self.can = value.into();
            }
            "can" => return Err(format!("can={value}: six digits")),
            "keypad" => self.keypad = Some(value.parse()?),
            "user" => self.presses = value.split('/').map(str::parse).collect::<Result<_, _>>()?,
            "real_time" => self.real_time = matches!(value, "yes" | "true" | "on" | "1"),
            switch => {
                self.model.check_switch(switch)?;
                return self.switches.set(switch, value);
            }
        }
        self.codes.check(self.model.description().pins)
    }

    /// Refuses a state in which no card of this model can be.
    pub fn check_state(&self) -> Result<(), String> {
        let card = self.model.description();
        if !card.is_contactless() && self.interface == Interface::Contactless {
            return Err(format!("the contactless side of a {} card is not simulated", card.name));
        }
        if card.states.contains(&self.state) {
            return Ok(());
        }
        let names: Vec<_> = card.states.iter().map(|state| state.name()).collect();
        Err(format!("a {} card cannot be {}; choose from {}", card.name, self.state, names.join(", ")))
    }

    /// Changes the options by a text like `fineid-v4.0,state=fresh-new,holder=2,pin2_one_shot=no`.
    pub fn apply(&mut self, text: &str) -> Result<(), String> {
        for part in text.split(',').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some((name, value)) => self.set(name, value)?,
                None => self.set("card", part)?,
            }
        }
        self.check_state()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form() {
        let mut options = CardOptions::default();
        options.apply("fineid-v3.1,state=half-old,holder=7,issued=2022-02-03,eof=6cxx").unwrap();
        assert_eq!(options.model, CardModel::FineidV3_1);
        assert_eq!(options.state, DeliveryState::HalfOld);
        assert_eq!((options.holder, options.issued), (7, Some(Date::new(2022, 2, 3))));
        assert!(options.apply("fineid-v9").is_err());
        assert!(options.apply("pin1=12").is_err());
        options.codes = Codes::default();
        assert!(options.apply("nonsense=1").is_err());
        assert!(!format!("{options:?}").contains("12345678"));
    }
}

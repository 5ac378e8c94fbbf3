//! The card from outside: the line (T=0 or T=1), faults, log and time. What is inside is a [`Chip`].

mod air;
pub(crate) mod faults;
mod line;
pub(crate) mod log;
pub(crate) mod lookalike;
pub(crate) mod model;
pub mod options;
pub(crate) mod snapshot;
pub(crate) mod time_model;

use crate::card::air::Air;
use crate::card::faults::{Action, FaultQueue};
use crate::card::line::Line;
use crate::card::log::{Exchange, Log};
use crate::card::lookalike::Lookalike;
use crate::card::options::{CardOptions, Interface};
use crate::card::time_model::TimeModel;
use crate::chip::{Chip, CodeView, Context, CredentialCount, Personalisation};
use crate::facts::description::CardDescription;
use crate::facts::description::{Protocol, References};
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::keypad::{Controlled, Keypad};
use crate::pki::issued::Certificates;
use crate::pki::keys::Operation;
use crate::wire::apdu::{self, Command, Reply};
use std::time::Duration;

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Data and status (or what a fault made of them).
    Bytes(Vec<u8>),
    /// A fault pulled the card out; there is no answer.
    PulledOut,
}

/// A simulated card. Its clone is another card with the same keys, in the same state.
#[derive(Clone)]
pub struct Card {
    description: &'static CardDescription,
    holder: Holder,
    chip: Box<dyn Chip>,
    lookalike: Lookalike,
    references: References,
    time: TimeModel,
    real_time: bool,
    log: Log,
    line: Line,
    /// The side that is reached through a channel, if that is the one that is used.
    air: Option<Air>,
    switches: Switches,
    pub(crate) faults: FaultQueue,
    /// Private-key operations of the command being processed.
    operations: Vec<Operation>,
    signature_length_fault: Option<i32>,
    /// What the chip is to answer to a command in a channel, and whether it carries the command out.
    misbehaviour: Option<(u16, bool)>,
    /// Of the reader that it lies in, if that has one.
    keypad: Option<Keypad>,
}

impl Card {
    /// Makes a card: derives its keys and issues its certificates. Panics if no card of this model can be in the
    /// state asked for; [`CardOptions::check`] says so before.
    pub fn new(options: CardOptions) -> Self {
        options.check_state().unwrap_or_else(|error| panic!("{error}"));
        let CardOptions {
            model,
            state,
            holder,
            issued,
            codes,
            switches,
            time,
            real_time,
            interface,
            can,
            keypad,
            presses,
        } = options;
        let description = model.description();
        let holder = Holder::of(description.country, holder);
        let chip = model.blueprint().make(&Personalisation {
            holder: &holder,
            state,
            issued,
            codes: &codes,
            switches: &switches,
        });
        Self {
            description,
            holder,
            chip,
            lookalike: Lookalike::default(),
            references: model.references(),
            time,
            real_time,
            log: Log::default(),
            line: Line::new(description.protocol),
            air: description
                .air
                .as_ref()
                .filter(|air| air.by_contacts || interface == Interface::Contactless)
                .map(|air| Air::new(air, can)),
            switches,
            faults: FaultQueue::default(),
            operations: Vec::new(),
            signature_length_fault: None,
            misbehaviour: None,
            keypad: keypad.map(|model| Keypad::new(model, &presses, &codes)),
        }
    }

    /// The keypad of the reader that it lies in.
    ///
    /// # Panics
    /// Where it lies in one without.
    pub fn keypad(&self) -> &Keypad {
        self.keypad.as_ref().expect("a reader with a keypad")
    }

    /// The same, for its user.
    ///
    /// # Panics
    /// As [`Card::keypad`].
    pub fn keypad_mut(&mut self) -> &mut Keypad {
        self.keypad.as_mut().expect("a reader with a keypad")
    }

    /// Does that keypad, if there is one, wait for a user who does not come?
    pub fn keypad_hangs(&self) -> bool {
        self.keypad.as_ref().is_some_and(Keypad::hangs)
    }

    /// What a control code for the reader does.
    pub fn control(&mut self, code: u32, data: &[u8]) -> Controlled {
        let (chip, puk) = (&self.chip, self.references.puk);
        let is = |reference: u8, digits: &str| chip.pins().is(reference, digits);
        let controlled = self.keypad.as_mut().map(|keypad| keypad.control(code, data, &is, puk));
        controlled.unwrap_or(Controlled::Unknown)
    }

    /// Answer to reset, on the interface in use.
    pub fn atr(&self) -> &'static [u8] {
        self.air.as_ref().map_or(self.description.atr, Air::atr)
    }

    /// Protocol on the interface in use; readers report T=1 for contactless cards.
    pub fn protocol(&self) -> Protocol {
        if self.air.is_some() { Protocol::T1 } else { self.description.protocol }
    }

    /// How often a channel was opened to the contactless side.
    pub fn channel_openings(&self) -> u32 {
        self.air.as_ref().map_or(0, |air| air.openings)
    }

    /// The keys of the last channel to the contactless side (for tests that look for copies of them).
    pub fn channel_keys(&self) -> Option<[u8; 64]> {
        self.air.as_ref().and_then(|air| air.keys)
    }

    /// How many wrong access numbers came since the last right one.
    pub fn wrong_numbers(&self) -> u32 {
        self.air.as_ref().map_or(0, |air| air.wrong_numbers)
    }

    /// Description of the generation.
    pub fn description(&self) -> &'static CardDescription {
        self.description
    }

    /// The made-up person on the card.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Card number as printed.
    pub fn printed_serial(&self) -> String {
        self.chip.printed_serial()
    }

    /// Certificates as issued.
    pub fn certificates(&self) -> &Certificates {
        self.chip.certificates()
    }

    /// The switches.
    pub fn switches(&self) -> &Switches {
        &self.switches
    }

    /// The switches, to be changed while the card lives. Those about files and certificates (`cert_padding`,
    /// `backup_keys`, `v31_sign_key`, `null_parameter`, `extended_key_usage`) and `unblock_limit` count only when
    /// the card is made.
    pub fn switches_mut(&mut self) -> &mut Switches {
        &mut self.switches
    }

    /// The log.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The log, to set a mark or to take the exchanges out.
    pub fn log_mut(&mut self) -> &mut Log {
        &mut self.log
    }

    /// The faults still to be played, to add some.
    pub fn faults_mut(&mut self) -> &mut FaultQueue {
        &mut self.faults
    }

    /// References of PIN1, PIN2 and the PUK.
    pub fn references(&self) -> References {
        self.references
    }

    /// Name of the selected application.
    pub fn application(&self) -> &'static str {
        self.chip.application()
    }

    /// The PINs and the PUK.
    pub(crate) fn codes(&self) -> Vec<CodeView> {
        self.chip.pins().views()
    }

    fn code(&self, reference: u8) -> Option<CodeView> {
        self.codes().into_iter().find(|code| code.reference == reference)
    }

    /// Tries left of a PIN or the PUK.
    pub fn tries_left(&self, reference: u8) -> Option<u8> {
        self.code(reference).map(|code| code.tries)
    }

    /// Whether a PIN is verified now.
    pub fn is_verified(&self, reference: u8) -> bool {
        self.code(reference).is_some_and(|code| code.verified)
    }

    /// Whether a code is what the card holds, at no try's cost (for tests).
    pub fn code_is(&self, reference: u8, digits: &str) -> bool {
        self.chip.pins().is(reference, digits)
    }

    /// Sets the tries left, at most the full number (for tests of the last try).
    pub fn set_tries_left(&mut self, reference: u8, tries: u8) {
        self.chip.pins_mut().set_tries_left(reference, tries);
    }

    /// How often credential commands named a reference.
    pub fn credential_count(&self, reference: u8) -> CredentialCount {
        self.code(reference).map(|code| code.count).unwrap_or_default()
    }

    /// How many codes went to the other application that has PINs of the same references, see [`LOOKALIKE`].
    ///
    /// [`LOOKALIKE`]: crate::LOOKALIKE
    pub fn codes_astray(&self) -> u32 {
        self.lookalike.codes()
    }

    /// Warm reset: everything volatile is lost.
    pub fn reset(&mut self) {
        self.power_off();
        self.log.add_reset(self.time.per_reset);
    }

    /// Power is gone: everything volatile is lost.
    pub fn power_off(&mut self) {
        self.chip.power_off();
        self.lookalike.leave();
        self.line.forget();
        self.air.iter_mut().for_each(Air::power_off);
        if let Some(keypad) = &mut self.keypad {
            keypad.give_up();
        }
    }

    /// One exchange; no bytes at all if a fault pulled the card out.
    pub fn transmit(&mut self, apdu: &[u8]) -> Vec<u8> {
        match self.exchange(apdu) {
            Answer::Bytes(bytes) => bytes,
            Answer::PulledOut => Vec::new(),
        }
    }

    /// One exchange. Takes real time only for delay faults and with `real_time`.
    pub fn exchange(&mut self, apdu: &[u8]) -> Answer {
        let (answer, delay) = self.exchange_and_delay(apdu);
        if !delay.is_zero() {
            std::thread::sleep(delay);
        }
        answer
    }

    /// One exchange, and how long the caller has to wait before the answer may go out.
    pub fn exchange_and_delay(&mut self, apdu: &[u8]) -> (Answer, Duration) {
        self.operations.clear();
        let fault = self.faults.take(apdu);
        match &fault {
            Some(Action::ResetBefore) => self.reset(),
            Some(Action::OtherApplicationBefore) => {
                self.lookalike.leave();
                self.chip.another_application();
                self.line.forget();
            }
            Some(Action::SignatureLength(difference)) => self.signature_length_fault = Some(*difference),
            _ => {}
        }
        let carried = self.air.as_ref().is_some_and(|air| air.carries(apdu));
        let fault = match fault {
            Some(Action::Status(status)) if carried => {
                self.misbehaviour = Some((status, false));
                None
            }
            Some(Action::StatusAfter(status)) if carried => {
                self.misbehaviour = Some((status, true));
                None
            }
            fault => fault,
        };
        let answer = match &fault {
            Some(Action::PullOutBefore) => None,
            Some(Action::Status(status)) => Some(status.to_be_bytes().to_vec()),
            _ => Some(self.over_the_interface(apdu)),
        };
        self.signature_length_fault = None;
        self.misbehaviour = None;
        let answer = answer.and_then(|answer| spoilt(answer, fault.as_ref()));

        let sent = answer.as_deref().unwrap_or_default();
        let mut milliseconds = self.time.exchange(apdu.len(), sent.len(), &self.operations);
        let waited = self.air.as_mut().map_or(Duration::ZERO, Air::take_wait);
        milliseconds += waited.as_secs_f64() * 1000.0;
        let mut delay = Duration::ZERO;
        if self.real_time {
            delay += Duration::from_secs_f64(milliseconds / 1000.0);
        }
        if let Some(Action::Delay(by)) = &fault {
            delay += *by;
            milliseconds += by.as_secs_f64() * 1000.0;
        }
        let (command, masked) = log::masked(apdu);
        self.log.add(
            Exchange {
                number: 0,
                command,
                masked,
                answer: sent.to_vec(),
                milliseconds,
                fault: fault.as_ref().map(|action| action.name().to_owned()),
            },
            self.operations.len() as u64,
        );
        match answer {
            Some(bytes) => (Answer::Bytes(bytes), delay),
            None => {
                self.power_off();
                (Answer::PulledOut, delay)
            }
        }
    }

    /// A command on the interface in use, and its answer.
    fn over_the_interface(&mut self, bytes: &[u8]) -> Vec<u8> {
        let Some(mut air) = self.air.take() else { return self.tpdu(bytes) };
        let answer = air.exchange(bytes, self);
        self.air = Some(air);
        answer
    }

    /// A command on the line, taken apart, carried out and answered.
    fn tpdu(&mut self, bytes: &[u8]) -> Vec<u8> {
        let reply = match apdu::parse(bytes) {
            Err(status) => {
                self.line.forget();
                self.chip.malformed();
                Reply::status(status)
            }
            Ok(command) if self.line.is_get_response(&command) => {
                self.line.get_response(&command, &self.switches)
            }
            Ok(command) => {
                self.line.forget();
                let reply = self.process(&command);
                self.line.send(reply, &command, &self.switches)
            }
        };
        let mut answer = reply.data;
        answer.extend(reply.status.to_be_bytes());
        answer
    }

    fn process(&mut self, command: &Command<'_>) -> Reply {
        match self.misbehaviour.take() {
            Some((status, false)) => Reply::status(status),
            Some((status, true)) => {
                self.carry_out(command);
                Reply::status(status)
            }
            None => self.carry_out(command),
        }
    }

    fn carry_out(&mut self, command: &Command<'_>) -> Reply {
        let mut context = Context {
            switches: &self.switches,
            operations: &mut self.operations,
            signature_length_fault: &mut self.signature_length_fault,
        };
        self.lookalike.process(&mut self.chip, command, &mut context)
    }
}

/// What a fault leaves of an answer.
fn spoilt(answer: Vec<u8>, fault: Option<&Action>) -> Option<Vec<u8>> {
    let data = answer.len().saturating_sub(2);
    Some(match fault {
        Some(Action::PullOutAfter) => return None,
        Some(Action::Garbage(bytes)) => bytes.clone(),
        Some(Action::Empty) => Vec::new(),
        Some(Action::StatusOnly) => answer[data..].to_vec(),
        Some(Action::Truncate(keep)) => [&answer[..data.min(*keep)], &answer[data..]].concat(),
        Some(Action::Cut(bytes)) => [&answer[..data.saturating_sub(*bytes)], &answer[data..]].concat(),
        Some(Action::StatusAfter(status)) => status.to_be_bytes().to_vec(),
        _ => answer,
    })
}

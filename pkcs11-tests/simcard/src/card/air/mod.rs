//! The side of a card that is reached through a channel: what it answers in the clear, PACE, and the channel, with ciphers of
//! its own.

mod cipher;
mod curves;
mod messaging;
mod pace;

use crate::card::Card;
use crate::chip::files::CARD_ACCESS;
use crate::facts::air::AirDescription;
use crate::facts::description::Family;
use crate::facts::switches::Switches;
use crate::facts::switches::values::{MfUnderSm, PlainInChannel, SuspendedAt};
use crate::pki::keys::Operation;
use crate::wire::apdu::{self, Command, Reply, sw};
use messaging::{Channel, Plain};
use pace::{Pace, Step};
use std::time::Duration;

/// Most bytes of data in one short answer.
const LONGEST_ANSWER: usize = 256;
/// Most that the card waits after wrong numbers: 42 to 45 s were seen (ReFineID; C).
const LONGEST_WAIT: Duration = Duration::from_secs(45);
/// The wait after the first wrong number; it doubles with each. Seen is only that it grows exponentially. G
const FIRST_WAIT: Duration = Duration::from_millis(350);
/// The passport application, which can be selected in the clear (ReFineID; C).
const PASSPORT: &[u8] = &[0xA0, 0, 0, 0x02, 0x47, 0x10, 0x01];

/// The password that was chosen for PACE.
#[derive(Clone, Default)]
struct Chosen {
    number: u8,
    digits: String,
    /// What the card says at the next step, because it cannot be used now.
    refusal: Option<u16>,
}

/// The side of a card that is reached through a channel.
#[derive(Clone)]
pub(super) struct Air {
    description: &'static AirDescription,
    can: String,
    chosen: Chosen,
    pace: Pace,
    channel: Option<Channel>,
    /// Those of the last channel, for tests that look for copies of them.
    pub(super) keys: Option<[u8; 64]>,
    /// EF.CardAccess is the current file, in the clear.
    at_card_access: bool,
    /// What GET RESPONSE has still to bring.
    pending: Vec<u8>,
    /// SELECT of the MF has ended the channel for good (ReFineID; C).
    is_broken: bool,
    pub(super) wrong_numbers: u32,
    pub(super) openings: u32,
    /// How long the answer to the last command took, beyond what it takes anyway.
    waited: Duration,
}

impl Air {
    pub(super) fn new(description: &'static AirDescription, can: String) -> Self {
        Self {
            description,
            can,
            chosen: Chosen::default(),
            pace: Pace::Idle,
            channel: None,
            keys: None,
            at_card_access: false,
            pending: Vec::new(),
            is_broken: false,
            wrong_numbers: 0,
            openings: 0,
            waited: Duration::ZERO,
        }
    }

    pub(super) fn atr(&self) -> &'static [u8] {
        self.description.atr
    }

    /// Power is gone; how many numbers were wrong is kept.
    pub(super) fn power_off(&mut self) {
        let Self { description, ref can, wrong_numbers, openings, keys, .. } = *self;
        *self = Self { wrong_numbers, openings, keys, ..Self::new(description, can.clone()) };
    }

    /// Whether a command goes through a channel by contacts: what the chip misbehaves with is then wrapped like its answers.
    pub(super) fn carries(&self, bytes: &[u8]) -> bool {
        let wrapped = bytes.first().is_some_and(|class| class & 0x0C == 0x0C);
        self.description.by_contacts && self.channel.is_some() && wrapped
    }

    /// How long the last command made the host wait.
    pub(super) fn take_wait(&mut self) -> Duration {
        std::mem::take(&mut self.waited)
    }

    /// A command over the air, and its answer.
    pub(super) fn exchange(&mut self, bytes: &[u8], card: &mut Card) -> Vec<u8> {
        let command = match apdu::parse(bytes) {
            Ok(command) => command,
            Err(status) => {
                card.chip.malformed();
                return status.to_be_bytes().to_vec();
            }
        };
        if command.ins == 0xC0 {
            return self.get_response(&command);
        }
        self.pending.clear();
        if command.cla & 0x0C == 0x0C {
            return self.secured(&command, card);
        }
        let was_open = self.channel.take().is_some();
        if was_open {
            card.chip.channel_ended();
        }
        if was_open && card.switches.plain_in_channel == PlainInChannel::Refused {
            return sw::WRONG_SM_OBJECTS.to_be_bytes().to_vec();
        }
        let reply = self.plain(&command, card);
        [reply.data, reply.status.to_be_bytes().to_vec()].concat()
    }

    /// In the clear: EF.CardAccess, and PACE.
    fn plain(&mut self, command: &Command<'_>, card: &mut Card) -> Reply {
        match (command.ins, command.p1, command.p2) {
            (0x22, 0xC1, 0xA4) => self.begin(command, card, false).into(),
            (0x86, 0, 0) => self.authenticate(command, card),
            (0xA4, 0x04, _) if self.may_select(command.data, card) => {
                self.at_card_access = false;
                card.process(command)
            }
            (0xA4, 0x00 | 0x02 | 0x08, _) if command.data == CARD_ACCESS.to_be_bytes() => {
                let reply = card.process(command);
                self.at_card_access = reply.status == sw::OK;
                reply
            }
            (0xB0, ..) if self.at_card_access => {
                let reply = card.process(command);
                if reply.status >> 8 == 0x6C { self.read_again(command, reply.status, card) } else { reply }
            }
            _ => Reply::status(sw::NOT_VERIFIED),
        }
    }

    /// Over the air a read across the end gives what there is.
    fn read_again(&self, command: &Command<'_>, status: u16, card: &mut Card) -> Reply {
        card.process(&Command { le: Some(usize::from(status & 0xFF)), ..*command })
    }

    /// Applications that can be selected in the clear: those of IDEMIA (recorded), and the passport's.
    fn may_select(&self, name: &[u8], card: &Card) -> bool {
        card.description.family == Family::Idemia || name == PASSPORT
    }

    /// MSE SET AT, in the clear or in a channel.
    fn begin(&mut self, command: &Command<'_>, card: &Card, in_channel: bool) -> Result<(), u16> {
        self.pace = Pace::Idle;
        let number = pace::begin(self.description, command.data, card.switches.pace_parameter)?;
        let digits = match number {
            pace::CAN => Ok(self.can.clone()),
            other => card.chip.password(other, in_channel),
        };
        let (digits, refusal) = match digits {
            Ok(digits) => (digits, None),
            Err(status)
                if card.switches.suspended_at == SuspendedAt::Nonce && status != sw::REFERENCE_NOT_FOUND =>
            {
                (String::new(), Some(status))
            }
            Err(status) => return Err(status),
        };
        self.chosen = Chosen { number, digits, refusal };
        self.pace = Pace::Begun;
        match card.chip.tries_of_password(number) {
            Some(left) if card.switches.pace_tells_tries => Err(sw::WRONG_CODE | u16::from(left)),
            _ => Ok(()),
        }
    }

    fn authenticate(&mut self, command: &Command<'_>, card: &mut Card) -> Reply {
        let last = command.cla & 0x10 == 0;
        let pace = std::mem::take(&mut self.pace);
        if let Some(status) = self.chosen.refusal.take() {
            return Reply::status(status);
        }
        let is_number = self.chosen.number == pace::CAN;
        if matches!(pace, Pace::Begun) && is_number && self.wrong_numbers > 0 {
            let doubled = FIRST_WAIT.saturating_mul(1 << self.wrong_numbers.min(16).saturating_sub(1));
            self.waited = doubled.min(LONGEST_WAIT);
        }
        if matches!(pace, Pace::Drawn { .. } | Pace::Mapped { .. }) {
            card.operations.push(Operation::Ec);
        }
        match pace::step(pace, self.description, &self.chosen.digits, command.data, last) {
            Ok(Step::Goes(pace, tag, value)) => {
                self.pace = pace;
                Reply::data(dynamic(tag, &value))
            }
            Ok(Step::Open(token, keys)) => {
                let channel = Channel::new(keys);
                self.keys = Some(channel.keys());
                self.channel = Some(channel);
                card.chip.channel_ended();
                if is_number {
                    self.wrong_numbers = 0;
                } else {
                    card.chip.password_given(self.chosen.number, true, &card.switches);
                }
                self.openings += 1;
                self.at_card_access = false;
                Reply::data(dynamic(0x86, &token))
            }
            Ok(Step::WrongPassword) if !is_number => {
                Reply::status(card.chip.password_given(self.chosen.number, false, &card.switches))
            }
            Ok(Step::WrongPassword) => {
                self.wrong_numbers += 1;
                Reply::status(sw::NO_INFORMATION)
            }
            Err(status) => Reply::status(status),
        }
    }

    /// A wrapped command. After an error of the channel there is none any more.
    fn secured(&mut self, command: &Command<'_>, card: &mut Card) -> Vec<u8> {
        if self.is_broken {
            return sw::NO_CHANNEL.to_be_bytes().to_vec();
        }
        let refused = sw::WRONG_SM_OBJECTS.to_be_bytes().to_vec();
        let Some(mut channel) = self.channel.take() else { return refused };
        let Some(plain) = channel.unwrap(command) else {
            card.chip.channel_ended();
            return refused;
        };
        if self.kills(command, &plain, &card.switches, card.description.family) {
            self.is_broken = true;
            return refused;
        }
        let reply = self.inside(command, &plain, card);
        let wrapped = channel.wrap(&reply, command.ins);
        // Unless another one has taken its place.
        self.channel.get_or_insert(channel);
        self.send(wrapped, reply.status)
    }

    /// SELECT of the MF ended the channel of a Finnish card: 6988, then 6999 (ReFineID; C).
    fn kills(&self, command: &Command<'_>, plain: &Plain, switches: &Switches, family: Family) -> bool {
        let to_master = plain.data.is_empty() || plain.data == [0x3F, 0x00];
        let deep = command.p1 == 0x08 && plain.data.len() > 2;
        family == Family::Fineid
            && command.ins == 0xA4
            && match switches.mf_under_sm {
                MfUnderSm::Works => false,
                MfUnderSm::Kills => command.p1 == 0x00 && to_master,
                MfUnderSm::DeepPaths => (command.p1 == 0x00 && to_master) || deep,
            }
    }

    /// A command of the channel, as the chip sees it.
    fn inside(&mut self, command: &Command<'_>, plain: &Plain, card: &mut Card) -> Reply {
        let fineid = card.description.family == Family::Fineid;
        let is_pin2 = command.ins == 0x20 && command.p2 == 0x82 && !plain.data.is_empty();
        if fineid && is_pin2 && !card.switches.contactless_signing {
            return Reply::status(sw::NOT_VERIFIED);
        }
        // The Finnish chip knows T=0, where a command that sends data has no Le.
        let le = if fineid && !plain.data.is_empty() { None } else { plain.le };
        let inner = Command {
            cla: command.cla & !0x0C,
            data: &plain.data,
            le: if plain.data.is_empty() { Some(le.unwrap_or(256)) } else { le },
            data_and_le: !plain.data.is_empty() && le.is_some(),
            ..*command
        };
        if self.description.by_contacts {
            match (command.ins, command.p1, command.p2) {
                (0x22, 0xC1, 0xA4) => return self.begin(&inner, card, true).into(),
                (0x86, 0, 0) => return self.authenticate(&inner, card),
                _ => {}
            }
        }
        let mut reply = card.process(&inner);
        if command.ins == 0xB0 {
            reply.data.truncate(self.description.longest_read);
        }
        match plain.le {
            Some(le) if reply.data.len() > le => {
                Reply::status(sw::WRONG_LE | (reply.data.len() & 0xFF) as u16)
            }
            _ => reply,
        }
    }

    /// A wrapped answer, in parts if it is longer than a short one.
    fn send(&mut self, mut wrapped: Vec<u8>, status: u16) -> Vec<u8> {
        self.pending = wrapped.split_off(wrapped.len().min(LONGEST_ANSWER));
        if !self.pending.is_empty() {
            self.pending.extend(status.to_be_bytes());
            return [wrapped, vec![0x61, (self.pending.len() - 2) as u8]].concat();
        }
        [wrapped, status.to_be_bytes().to_vec()].concat()
    }

    /// GET RESPONSE, which is not wrapped.
    fn get_response(&mut self, command: &Command<'_>) -> Vec<u8> {
        if self.pending.is_empty() || command.cla != 0 {
            return sw::CONDITIONS.to_be_bytes().to_vec();
        }
        std::mem::take(&mut self.pending)
    }
}

/// One data object in the template of GENERAL AUTHENTICATE.
fn dynamic(tag: u8, value: &[u8]) -> Vec<u8> {
    crate::wire::der::tlv(0x7C, &crate::wire::der::tlv(tag, value))
}

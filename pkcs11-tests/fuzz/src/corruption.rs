//! Answers of a card as the fuzzer wants them, and what must never be sent to it whatever it says.

use crate::input::Input;
use fake_pcsc::{Answers, Interceptor};
use simcard::CardModel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Status words that make a difference somewhere.
const STATUS: [u16; 24] = [
    0x9000, 0x6100, 0x6110, 0x61FF, 0x6C00, 0x6C10, 0x6282, 0x6300, 0x63C0, 0x63C1, 0x63C3, 0x63CF, 0x6700,
    0x6982, 0x6983, 0x6984, 0x6985, 0x6A80, 0x6A82, 0x6A88, 0x6B00, 0x6D00, 0x6E00, 0x6F00,
];
/// More commands than any call needs, even with a card that gives its files byte by byte.
const MOST_COMMANDS: u32 = 20_000;

/// What becomes of an answer.
#[derive(Clone, Debug)]
enum Corruption {
    Status(u16),
    Cut(usize),
    Longer(usize),
    Flip(usize, u8),
    Instead(Vec<u8>),
}

impl Corruption {
    fn read(input: &mut Input<'_>) -> Self {
        match input.byte() % 8 {
            0 | 1 => Self::Status(input.one_of(&STATUS)),
            2 => Self::Status(input.short()),
            3 => Self::Cut(input.byte().into()),
            4 => Self::Longer(input.byte().into()),
            5 => Self::Flip(input.short().into(), input.byte()),
            6 => {
                let status = input.one_of(&STATUS).to_be_bytes();
                let length = input.byte().into();
                Self::Instead([input.take(length), &status].concat())
            }
            _ => {
                let length = input.byte().into();
                Self::Instead(input.take(length).to_vec())
            }
        }
    }

    fn apply(&self, mut answer: Vec<u8>) -> Vec<u8> {
        let end = answer.len().saturating_sub(2);
        match self {
            Self::Status(status) => answer.splice(end.., status.to_be_bytes()).for_each(drop),
            Self::Cut(length) => answer.drain(end.min(*length)..end).for_each(drop),
            Self::Longer(by) => answer.splice(end..end, std::iter::repeat_n(0x5A, *by)).for_each(drop),
            Self::Flip(at, bits) if !answer.is_empty() => {
                let at = at % answer.len();
                answer[at] ^= bits;
            }
            Self::Flip(..) => {}
            Self::Instead(other) => answer.clone_from(other),
        }
        answer
    }
}

/// True answers, and corrupted ones between them.
#[derive(Default)]
struct Script {
    /// A corruption, after so many true answers.
    corruptions: Vec<(u8, Corruption)>,
    /// After the last one the first one comes again.
    for_ever: bool,
    next: usize,
    waited: u8,
}

impl Script {
    fn read(input: &mut Input<'_>) -> Self {
        let for_ever = input.byte() & 1 == 1;
        let mut corruptions = Vec::new();
        while !input.is_empty() {
            corruptions.push((input.byte(), Corruption::read(input)));
        }
        Self { corruptions, for_ever, ..Self::default() }
    }

    fn apply(&mut self, answer: Vec<u8>) -> Vec<u8> {
        let Some((wait, corruption)) = self.corruptions.get(self.next) else { return answer };
        if self.waited < *wait {
            self.waited += 1;
            return answer;
        }
        self.waited = 0;
        self.next += 1;
        if self.for_ever {
            self.next %= self.corruptions.len();
        }
        corruption.apply(answer)
    }
}

/// What was sent to the card, as far as it matters.
#[derive(Default)]
pub struct Ledger {
    commands: u32,
    /// How many PINs or PUKs the program gave to the call, or has set by it.
    given: usize,
    /// Commands with a PIN or PUK since the call began, and the status words that were answered.
    credentials: Vec<(Vec<u8>, Option<u16>)>,
    /// Those that the card refused since the program gave it a PIN, and how.
    refused: Vec<(Vec<u8>, u16)>,
}

impl Ledger {
    /// A call of the program begins, which is given so many PINs to be presented or set.
    pub fn begin(&mut self, given: usize) {
        self.commands = 0;
        self.given = given;
        self.credentials.clear();
        if given > 0 {
            self.refused.clear();
        }
    }

    fn note(&mut self, command: &[u8], answer: &[u8]) {
        self.commands += 1;
        assert!(self.commands < MOST_COMMANDS, "a call that does not end");
        if !fake_pcsc::is_credential(command) {
            return;
        }
        let refusal = self.refused.iter().find(|(refused, _)| refused == command);
        assert!(
            refusal.is_none(),
            "a PIN that was refused is sent again, after {:04X?}",
            refusal.map(|(_, sw)| sw)
        );
        // What no application looked at may be sent again. A PUK is presented for each PIN that it sets, and what
        // stands since an earlier call once more.
        let same = self.credentials.iter().filter(|(sent, _)| sent == command);
        let answers: Vec<_> = same.map(|(_, status)| status).collect();
        let seen = answers.iter().filter(|status| !matches!(status, Some(0x6D00 | 0x6E00))).count();
        assert!(seen < self.given.max(1), "a PIN is sent again, after {answers:04X?}");
        assert!(self.credentials.len() < MOST_CREDENTIALS, "PINs are sent and sent");
        // What says more than a status word to a PIN is not believed.
        let status = answer.try_into().ok().map(u16::from_be_bytes);
        if let Some(refusal @ (0x6300 | 0x63C0..=0x63CF | 0x6983)) = status {
            self.refused.push((command.to_vec(), refusal));
        }
        self.credentials.push((command.to_vec(), status));
    }
}

/// Two PINs by a code, each sent again at most once.
const MOST_CREDENTIALS: usize = 8;

/// The ledger, shared with the interceptor.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<Ledger>>);

impl Shared {
    /// To be looked at or changed.
    pub fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who says what the rest of the input wants, and writes down what comes.
pub fn interceptor(input: &mut Input<'_>, ledger: &Shared) -> Interceptor {
    let atr = match input.byte() {
        0..192 => None,
        192..224 => Some(input.one_of(CardModel::EVERY).description().atr.to_vec()),
        224.. => {
            let length = usize::from(input.byte() % 34);
            Some(input.take(length).to_vec())
        }
    };
    let (mut script, ledger) = (Script::read(input), ledger.clone());
    let answers: Answers = Box::new(move |command, answer| {
        let seen = script.apply(answer);
        ledger.lock().note(command, &seen);
        seen
    });
    Interceptor { atr, answers }
}

//! The control of the world, for programs in Rust: its lines and answers as functions and values.

use std::ffi::{CString, c_char};
use std::time::{Duration, Instant};

/// The type of `fake_control`.
pub type Control = unsafe extern "C" fn(*const c_char, *mut c_char, usize) -> usize;

/// The control of the world.
#[derive(Clone, Copy)]
pub struct Fake {
    control: Control,
}

/// What a card has counted of a PIN or the PUK, and how it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pin {
    /// Its reference in commands.
    pub reference: u8,
    /// Tries left.
    pub tries: u32,
    /// It was presented, and stands.
    pub open: bool,
    /// Commands with it.
    pub commands: u32,
    /// Those that were right.
    pub right: u32,
    /// Tries that were spent.
    pub spent: u32,
}

/// A command, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// CLA, INS, P1 and P2.
    pub head: String,
    /// Whether it had a PIN or the PUK in it.
    pub credential: bool,
    /// The status word, unless the answer was lost.
    pub status: Option<u16>,
}

impl Fake {
    /// The control of the library that has this function.
    ///
    /// # Safety
    /// It is `fake_control`, and its library is never unloaded.
    pub unsafe fn of(control: Control) -> Self {
        Self { control }
    }

    /// What the library answers to a line.
    ///
    /// # Panics
    /// Where that is an error.
    pub fn tell(&self, line: &str) -> String {
        let line = CString::new(line).expect("no NUL");
        let mut answer = vec![0_u8; 1 << 16];
        // SAFETY: the line ends with NUL, and the buffer is as long as is said.
        let length = unsafe { (self.control)(line.as_ptr(), answer.as_mut_ptr().cast(), answer.len()) };
        answer.truncate(length.min(answer.len() - 1));
        let answer = String::from_utf8(answer).expect("text");
        answer.strip_prefix("ok ").unwrap_or_else(|| panic!("{line:?}: {answer}")).to_owned()
    }

    /// PIN1, PIN2 and PUK, those of them that the card has; or those of the other person's card.
    pub fn pins(&self, of: &str) -> Vec<Pin> {
        let one = |text: &str| {
            let (reference, rest) = text.split_once(':').expect("a reference");
            let n: Vec<u32> = rest.split(':').map(|number| number.parse().expect("a number")).collect();
            let reference = u8::from_str_radix(reference, 16).expect("a reference");
            Pin { reference, tries: n[0], open: n[1] == 1, commands: n[2], right: n[3], spent: n[4] }
        };
        self.tell(&format!("pins 0{of}")).split_whitespace().map(one).collect()
    }

    /// The commands since the counts were forgotten, from that number on.
    pub fn answers(&self, from: usize) -> Vec<Answered> {
        let one = |text: &str| {
            let (head, status) = text.split_once('=').expect("a status");
            let bare = head.strip_suffix('*');
            Answered {
                head: bare.unwrap_or(head).to_owned(),
                credential: bare.is_some(),
                status: u16::from_str_radix(status, 16).ok(),
            }
        };
        self.tell(&format!("answers {from}")).split_whitespace().map(one).collect()
    }

    /// How many calls of PC/SC were made since the counts were forgotten.
    pub fn count(&self) -> u32 {
        let count = |call: &str| call.split_once('=')?.1.parse::<u32>().ok();
        self.tell("calls").split_whitespace().filter_map(count).sum()
    }

    /// Until a call waits, for another program or an event; no longer than this.
    pub fn await_waiting(&self, patience: Duration) {
        let start = Instant::now();
        while self.tell("waiting") == "0" && start.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether the card holds this PIN or PUK.
    pub fn holds(&self, reference: u8, code: &str) -> bool {
        self.tell(&format!("code 0 {reference:02X} {code}")) == "yes"
    }

    /// The holder's certificates, DER.
    pub fn certificates(&self, of: &str) -> Vec<Vec<u8>> {
        let der = |hex: &str| {
            let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
            (0..hex.len()).step_by(2).map(byte).collect()
        };
        self.tell(&format!("certificates 0{of}")).split_whitespace().map(der).collect()
    }
}

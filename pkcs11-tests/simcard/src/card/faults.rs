//! Scripted faults: what goes wrong, and at which command.

use std::collections::VecDeque;
use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The command is processed, but these bytes are answered.
    Garbage(Vec<u8>),
    /// The command is processed, but an answer of no bytes at all is sent.
    Empty,
    /// The command is processed, but only the status bytes are answered.
    StatusOnly,
    /// The command is processed, but only this many bytes of the answer's data are sent before the status.
    Truncate(usize),
    /// The command is processed, but so many bytes at the end of the answer's data are missing.
    Cut(usize),
    /// The command is not processed; this status is answered.
    Status(u16),
    /// The command is processed; this status is answered without data.
    StatusAfter(u16),
    /// The command is processed, after this delay in real time.
    Delay(Duration),
    /// The card is pulled out before it processes the command.
    PullOutBefore,
    /// The card processes the command and is pulled out before it answers.
    PullOutAfter,
    /// A signature gets this many bytes more (or less, if negative) than it should have.
    SignatureLength(i32),
    /// Another program resets the card before the command (warm reset).
    ResetBefore,
    /// Another program selects another application (the passport) before the command.
    OtherApplicationBefore,
}

/// A fault for the next command that starts with `head` (behind the class byte: INS P1 P2 ...).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// First bytes of the command without the class byte; empty matches every command.
    pub head: Vec<u8>,
    /// Matching commands to let pass first.
    pub skip: u32,
    /// What goes wrong.
    pub action: Action,
}

impl Fault {
    /// At the very next command.
    pub fn next(action: Action) -> Self {
        Self { head: Vec::new(), skip: 0, action }
    }

    /// At the next command that starts with these bytes (INS P1 P2 ...).
    pub fn on(head: &[u8], action: Action) -> Self {
        Self { head: head.to_vec(), skip: 0, action }
    }

    /// Lets this many matching commands pass first.
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Reads the text form of the control channel: `[on=HEX] [skip=N] action[:argument]`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut fault = None;
        let (mut head, mut skip) = (Vec::new(), 0);
        for word in text.split_whitespace() {
            if let Some(hex) = word.strip_prefix("on=") {
                head = from_hex(hex)?;
            } else if let Some(number) = word.strip_prefix("skip=") {
                skip = number.parse().map_err(|_| format!("skip={number}: no number"))?;
            } else {
                fault = Some(Action::parse(word)?);
            }
        }
        let action = fault.ok_or("no action named")?;
        Ok(Self { head, skip, action })
    }
}

impl Action {
    /// Name as written on the control channel.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Garbage(_) => "garbage",
            Self::Empty => "empty",
            Self::StatusOnly => "status-only",
            Self::Truncate(_) => "truncate",
            Self::Cut(_) => "cut",
            Self::Status(_) => "status",
            Self::StatusAfter(_) => "status-after",
            Self::Delay(_) => "delay",
            Self::PullOutBefore => "pull-out-before",
            Self::PullOutAfter => "pull-out-after",
            Self::SignatureLength(_) => "signature-length",
            Self::ResetBefore => "reset-before",
            Self::OtherApplicationBefore => "other-application-before",
        }
    }

    fn parse(word: &str) -> Result<Self, String> {
        let (name, argument) = word.split_once(':').unwrap_or((word, ""));
        let number = |what: &str| argument.parse::<i64>().map_err(|_| format!("{name} wants {what}"));
        let status = || {
            u16::from_str_radix(argument, 16).map_err(|_| format!("{name} wants a status of four hex digits"))
        };
        Ok(match name {
            "garbage" => Self::Garbage(match argument.split_once('*') {
                Some((hex, times)) => {
                    from_hex(hex)?.repeat(times.parse().map_err(|_| format!("{times}: no number"))?)
                }
                None => from_hex(argument)?,
            }),
            "empty" => Self::Empty,
            "status-only" => Self::StatusOnly,
            "truncate" => Self::Truncate(usize::try_from(number("bytes")?).unwrap_or(0)),
            "cut" => Self::Cut(usize::try_from(number("bytes")?).unwrap_or(0)),
            "status" => Self::Status(status()?),
            "status-after" => Self::StatusAfter(status()?),
            "delay" => {
                Self::Delay(Duration::from_millis(u64::try_from(number("milliseconds")?).unwrap_or(0)))
            }
            "pull-out-before" => Self::PullOutBefore,
            "pull-out-after" => Self::PullOutAfter,
            "signature-length" => {
                Self::SignatureLength(i32::try_from(number("bytes, e.g. -1")?).map_err(|e| e.to_string())?)
            }
            "reset-before" => Self::ResetBefore,
            "other-application-before" => Self::OtherApplicationBefore,
            _ => return Err(format!("no fault is called {name:?}")),
        })
    }
}

/// The faults that are still to be played.
#[derive(Clone, Debug, Default)]
pub struct FaultQueue(VecDeque<Fault>);

impl FaultQueue {
    /// Adds a fault behind those already queued.
    pub fn push(&mut self, fault: Fault) {
        self.0.push_back(fault);
    }

    /// Forgets all faults.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Faults not yet played.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first queued fault that matches the command and has nothing to skip; one fault at most per command.
    pub(crate) fn take(&mut self, command: &[u8]) -> Option<Action> {
        let behind_class = command.get(1..).unwrap_or_default();
        let mut found = None;
        for (position, fault) in self.0.iter_mut().enumerate() {
            if behind_class.starts_with(&fault.head) {
                if fault.skip == 0 {
                    found = Some(position);
                    break;
                }
                fault.skip -= 1;
            }
        }
        self.0.remove(found?).map(|fault| fault.action)
    }
}

/// Bytes from hexadecimal text.
pub(crate) fn from_hex(text: &str) -> Result<Vec<u8>, String> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return Err(format!("{text:?} is not hexadecimal"));
    }
    (0..text.len())
        .step_by(2)
        .map(|at| {
            u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| format!("{text:?} is not hexadecimal"))
        })
        .collect()
}

//! A card that knows what was recorded, and nothing else.

use super::super::bench::Powered;
use super::trace::{Part, hex, text_of};
use crate::transport::{Protocol, Transport, TransportError};

/// A command that the module sends and that the recording has not, with the reason.
pub(super) struct Departure {
    /// The command.
    pub(super) command: &'static str,
    /// While this is selected; otherwise wherever it comes.
    pub(super) within: Option<&'static str>,
    /// What the card makes of it.
    pub(super) means: Means,
    /// Who else sends it so.
    pub(super) source: &'static str,
}

/// What a card makes of a command that was not recorded.
pub(super) enum Means {
    /// What these recorded commands mean, one after the other.
    Recorded(&'static [&'static str]),
    /// This answer.
    Answer(&'static str),
    /// It selects a file with this content.
    File(&'static str),
    /// It selects the file that these recorded commands select.
    SameFile(&'static [&'static str]),
}

/// How far READ BINARY departs from what was recorded.
pub(super) struct Reads {
    /// Most bytes of one answer.
    pub(super) most: usize,
    /// The Le that the module asks for in full blocks, where the recording has another.
    pub(super) block: Option<u8>,
}

/// All that is to be known of a recording.
pub(super) struct Terms {
    pub(super) protocol: Protocol,
    pub(super) departures: &'static [Departure],
    pub(super) reads: Reads,
    /// Recorded commands with PINs or keys that the module has no use for.
    pub(super) not_sent: &'static [&'static str],
}

/// Where a card stands when a command comes.
#[derive(Clone, Default, PartialEq)]
struct Place {
    application: Vec<u8>,
    directory: Vec<u8>,
    file: Vec<u8>,
    /// Key and digest that were chosen.
    environment: Vec<Vec<u8>>,
}

const SELECT: u8 = 0xA4;
const READ: u8 = 0xB0;

impl Place {
    /// What an answer depends on, besides the command.
    fn matters(&self, command: &[u8]) -> Self {
        let nothing = Place::default();
        let Place { application, directory, .. } = self.clone();
        match (command[1], command[2], command.get(3)) {
            (SELECT, 0x04 | 0x08, _) => nothing,
            (SELECT, ..) => Place { application, directory, ..nothing },
            (READ, ..) => Place { environment: Vec::new(), ..self.clone() },
            // INTERNAL AUTHENTICATE, PSO COMPUTE DIGITAL SIGNATURE.
            (0x88, ..) | (0x2A, 0x9E, _) => Place {
                application,
                directory: self.wandered(),
                environment: self.environment.clone(),
                ..nothing
            },
            _ => Place { application, directory: self.wandered(), ..nothing },
        }
    }

    /// The directory, where a path from the application led to it.
    fn wandered(&self) -> Vec<u8> {
        if self.directory.get(2) == Some(&0x09) { self.directory.clone() } else { Vec::new() }
    }

    fn note(&mut self, command: &[u8], sw: &[u8]) {
        let command = command.to_vec();
        if sw != [0x90, 0] {
            return;
        }
        match (command[1], command[2], command[3]) {
            (SELECT, 0x04, _) => *self = Place { application: command, ..Place::default() },
            (SELECT, 0x09, _) => (self.directory, self.file) = (command.clone(), command),
            (SELECT, 0x01, _) => (self.directory, self.file) = (command, Vec::new()),
            // Directories of these cards are called DFxx, and the files in them not.
            (SELECT, 0x08, _) if command.get(5..) == Some(&[0xDF, 0xDD]) => {
                (self.directory, self.file) = (command, Vec::new());
            }
            (SELECT, 0x08, _) => (self.directory, self.file) = (Vec::new(), command),
            (SELECT, ..) => self.file = command,
            (0x22, ..) => self.environment = vec![command],
            (0x2A, 0x90, _) => self.environment.push(command),
            _ => {}
        }
    }
}

struct Known {
    place: Place,
    command: Vec<u8>,
    answer: Vec<u8>,
    /// PACE and what comes with it.
    channel: bool,
    /// Of a file that was not recorded.
    made_up: bool,
    /// How often it was given.
    given: usize,
}

pub(super) struct Replay {
    known: Vec<Known>,
    terms: &'static Terms,
    place: Place,
    used: Vec<bool>,
    blocks_used: bool,
    sent: Vec<Vec<u8>>,
    /// From where [`said`](Self::said) goes on.
    told: usize,
    unknown: Vec<String>,
}

impl Replay {
    pub(super) fn new(parts: &[Part], terms: &'static Terms) -> Self {
        let mut place = Place::default();
        let mut known = Vec::new();
        for part in parts {
            let channel = part.title.starts_with("PACE");
            for step in &part.steps {
                let (_, sw) = split(&step.answer);
                known.push(Known {
                    place: place.matters(&step.command),
                    command: step.command.clone(),
                    answer: step.answer.clone(),
                    channel,
                    made_up: false,
                    given: 0,
                });
                place.note(&step.command, sw);
            }
        }
        let used = vec![false; terms.departures.len()];
        let place = Place::default();
        Replay { known, terms, place, used, blocks_used: false, sent: vec![], told: 0, unknown: vec![] }
    }

    /// Commands with PINs and keys, and questions for them, since this was asked the last time.
    pub(super) fn said(&mut self) -> Vec<String> {
        let since = std::mem::replace(&mut self.told, self.sent.len());
        self.sent.iter().skip(since).filter(|c| matters(c)).map(|c| text_of(c)).collect()
    }

    /// Nothing unknown was sent, the table of departures has nothing too much, and nothing recorded was left out.
    pub(super) fn finish(&self) {
        assert!(self.unknown.is_empty(), "not recorded: {:#?}", self.unknown);
        for (departure, used) in self.terms.departures.iter().zip(&self.used) {
            assert!(used, "{} is not sent any more ({})", departure.command, departure.source);
        }
        assert_eq!(self.terms.reads.block.is_some(), self.blocks_used, "blocks as recorded, or not");
        let known = self.known.iter().filter(|known| !known.channel && matters(&known.command));
        let mut left: Vec<_> = known.filter(|known| known.given == 0).map(|k| text_of(&k.command)).collect();
        left.dedup();
        assert_eq!(left, self.terms.not_sent, "recorded and not sent");
    }

    /// Every file that was read from its start to its end.
    pub(super) fn files(parts: &[Part], terms: &'static Terms) -> Vec<Vec<u8>> {
        let replay = Self::new(parts, terms);
        let first = |known: &&Known| known.command.starts_with(&[0, READ, 0, 0]);
        replay.known.iter().filter(first).map(|known| replay.content(&known.place)).collect()
    }

    /// What was read of a file, from its start.
    fn content(&self, place: &Place) -> Vec<u8> {
        let mut content = Vec::new();
        for known in self.known.iter().filter(|k| k.command[1] == READ && k.place == *place) {
            let offset = usize::from(u16::from_be_bytes([known.command[2], known.command[3]]));
            if offset == content.len() {
                content.extend_from_slice(split(&known.answer).0);
            }
        }
        content
    }

    fn answer(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        self.recorded(command).or_else(|| self.read(command)).or_else(|| self.departed(command))
    }

    /// The answers to a command that was recorded more than once come in their order.
    fn recorded(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        let place = self.place.matters(command);
        let same = self.known.iter_mut().filter(|known| known.command == command && known.place == place);
        // The last of the least given.
        let known = same.min_by_key(|known| known.given)?;
        known.given += 1;
        let answer = known.answer.clone();
        self.place.note(command, split(&answer).1);
        Some(answer)
    }

    /// READ BINARY in other blocks.
    fn read(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        let Reads { most, block } = self.terms.reads;
        let &[0, READ, high, low, le] = command else { return None };
        let content = self.content(&self.place.matters(command));
        let offset = usize::from(u16::from_be_bytes([high, low]));
        let rest = content.get(offset..).filter(|_| !content.is_empty())?;
        let wanted = if le == 0 { 256 } else { usize::from(le) };
        let place = self.place.matters(command);
        let made_up = self.known.iter().any(|known| known.made_up && known.place == place);
        // A full block, all that is missing, or the start, to see which file it is.
        let again = offset == 0 && rest.len() > wanted;
        if block != Some(le) && rest.len() != wanted && !made_up && !again {
            return None;
        }
        self.blocks_used |= block == Some(le) && !made_up;
        let part = &rest[..rest.len().min(wanted).min(most)];
        Some(if part.is_empty() { vec![0x6B, 0] } else { [part, &[0x90, 0]].concat() })
    }

    fn departed(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        let terms = self.terms;
        let at = terms.departures.iter().position(|departure| {
            hex(departure.command) == command
                && departure.within.is_none_or(|within| hex(within) == self.place.application)
        })?;
        self.used[at] = true;
        match terms.departures[at].means {
            Means::Answer(answer) => {
                let answer = hex(answer);
                self.place.note(command, split(&answer).1);
                Some(answer)
            }
            Means::File(content) => Some(self.file(command, &hex(content))),
            Means::SameFile(commands) => {
                let mut place = Place::default();
                commands.iter().for_each(|command| place.note(&hex(command), &[0x90, 0]));
                let content = self.content(&place.matters(&[0, READ, 0, 0, 0]));
                Some(self.file(command, &content))
            }
            Means::Recorded(commands) => {
                let mut answer = None;
                for command in commands {
                    answer = Some(self.recorded(&hex(command))?);
                }
                // What a SELECT without an answer would be told is not told.
                answer.map(|answer| if command[1] == SELECT { split(&answer).1.to_vec() } else { answer })
            }
        }
    }

    /// A file with this content is selected by this command.
    fn file(&mut self, command: &[u8], content: &[u8]) -> Vec<u8> {
        self.place.note(command, &[0x90, 0]);
        let read = vec![0, READ, 0, 0, 0];
        let place = self.place.matters(&read);
        let answer = [content, &[0x90, 0]].concat();
        self.known.push(Known { place, command: read, answer, channel: false, made_up: true, given: 1 });
        vec![0x90, 0]
    }
}

/// Does a command have to do with PINs or keys? VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER, MSE, PSO,
/// INTERNAL AUTHENTICATE, GET DATA, and those of the Belgian cards.
fn matters(command: &[u8]) -> bool {
    command[0] == 0x80 || matches!(command[1], 0x20 | 0x22 | 0x24 | 0x2A | 0x2C | 0x88 | 0xCB)
}

/// Data and status word.
fn split(answer: &[u8]) -> (&[u8], &[u8]) {
    answer.split_at(answer.len() - 2)
}

impl Powered for Replay {
    fn reset(&mut self) {
        self.place = Place::default();
    }
}

impl Transport for Replay {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.sent.push(command.to_vec());
        Ok(self.answer(command).unwrap_or_else(|| {
            println!("not recorded: {}", text_of(command));
            self.unknown.push(text_of(command));
            vec![0x6F, 0x00]
        }))
    }

    fn protocol(&self) -> Protocol {
        self.terms.protocol
    }
}

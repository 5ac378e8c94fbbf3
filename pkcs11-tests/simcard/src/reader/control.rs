//! The control channel: one line in, one line out.
//!
//! | line | does |
//! |---|---|
//! | `insert N` / `remove N` | puts the card of reader N in, pulls it out |
//! | `swap N CARD[,option=value...]` | another card into reader N |
//! | `reset N` | warm reset, as if another program did it |
//! | `state N` | counters as JSON |
//! | `log N` | exchanges since the mark as a JSON list of texts |
//! | `mark N` | sets the mark, answers what went before as JSON |
//! | `fault N [on=HEX] [skip=N] ACTION[:ARGUMENT]` | queues a fault (see [`crate::card::faults`]) |
//! | `faults-clear N` | forgets the queued faults |
//! | `switch N NAME=VALUE` | sets a switch on the living card |
//! | `tries N REF COUNT` | sets the tries left of a PIN |
//! | `certs N DIR` | writes the certificates |
//! | `readers` | how many readers there are |
//! | `quit` | ends the program |
//!
//! Readers count from 0. An answer starts with `ok`, with `{` or `[` (JSON), or with `error`.

use crate::card::Card;
use crate::card::faults::Fault;
use crate::card::options::CardOptions;
use crate::reader::vpcd::{Inserted, lock};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A reader slot of the PC/SC daemon and the card for it.
pub struct Reader {
    /// TCP port of the slot.
    pub port: u16,
    /// The card, in the slot or beside it.
    pub card: Arc<Mutex<Card>>,
    options: CardOptions,
    inserted: Option<Inserted>,
}

impl Reader {
    /// A reader with a card beside it.
    pub fn new(port: u16, options: CardOptions) -> Self {
        Self { port, card: Arc::new(Mutex::new(Card::new(options.clone()))), options, inserted: None }
    }

    /// Puts the card in; nothing happens if it is in already.
    pub fn insert(&mut self) -> io::Result<()> {
        if !self.is_present() {
            self.inserted = Some(Inserted::connect(self.port, Arc::clone(&self.card))?);
        }
        Ok(())
    }

    /// Puts the card in, waiting for the reader driver to listen.
    pub fn insert_within(&mut self, patience: Duration) -> io::Result<()> {
        let deadline = Instant::now() + patience;
        loop {
            match self.insert() {
                Err(error)
                    if error.kind() == io::ErrorKind::ConnectionRefused && Instant::now() < deadline =>
                {
                    std::thread::sleep(Duration::from_millis(50));
                }
                result => return result,
            }
        }
    }

    /// Pulls the card out.
    pub fn remove(&mut self) {
        self.inserted = None;
    }

    /// Whether the card is in the slot.
    pub fn is_present(&self) -> bool {
        self.inserted.as_ref().is_some_and(Inserted::is_present)
    }

    /// Pulls the card out and puts another one in.
    pub fn swap(&mut self, options: CardOptions) -> io::Result<()> {
        self.remove();
        self.card = Arc::new(Mutex::new(Card::new(options.clone())));
        self.options = options;
        self.insert()
    }
}

/// What a line came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A line to answer.
    Answer(String),
    /// `quit`: answer and end.
    Quit,
}

/// Carries out one line.
pub fn execute(readers: &mut [Reader], line: &str) -> Outcome {
    if line.trim() == "quit" {
        return Outcome::Quit;
    }
    Outcome::Answer(match carry_out(readers, line) {
        Ok(answer) => answer,
        Err(error) => format!("error {}", error.replace('\n', " ")),
    })
}

fn carry_out(readers: &mut [Reader], line: &str) -> Result<String, String> {
    let mut words = line.split_whitespace();
    let verb = words.next().ok_or("empty line")?;
    if verb == "readers" {
        return Ok(format!("ok {}", readers.len()));
    }
    let number: usize =
        words.next().and_then(|word| word.parse().ok()).ok_or("which reader? its number is missing")?;
    let reader = readers.get_mut(number).ok_or_else(|| format!("no reader {number}"))?;
    let rest: Vec<_> = words.collect();
    let first = || rest.first().copied().ok_or_else(|| format!("{verb}: something is missing"));
    let ok = Ok("ok".to_owned());
    match verb {
        "insert" => reader.insert().map_err(|e| e.to_string()).and(ok),
        "remove" => {
            reader.remove();
            ok
        }
        "swap" => {
            let mut options = reader.options.clone();
            options.apply(first()?)?;
            reader.swap(options).map_err(|e| e.to_string()).and(ok)
        }
        "reset" => {
            lock(&reader.card).reset();
            ok
        }
        "state" => {
            let mut state = json(&lock(&reader.card).snapshot())?;
            if let Some(fields) = state.as_object_mut() {
                fields.insert("inserted".into(), reader.is_present().into());
            }
            Ok(state.to_string())
        }
        "log" => {
            let card = lock(&reader.card);
            let lines: Vec<_> =
                card.log().exchanges_since_mark().map(|exchange| exchange.to_string()).collect();
            json(&lines).map(|lines| lines.to_string())
        }
        "mark" => {
            let mut card = lock(&reader.card);
            let before = card.log().since_mark();
            card.log_mut().mark();
            json(&before).map(|before| before.to_string())
        }
        "fault" => {
            lock(&reader.card).faults_mut().push(Fault::parse(&rest.join(" "))?);
            ok
        }
        "faults-clear" => {
            lock(&reader.card).faults_mut().clear();
            ok
        }
        "switch" => {
            let (name, value) = first()?.split_once('=').ok_or("switch N NAME=VALUE")?;
            reader.options.model.check_switch(name)?;
            lock(&reader.card).switches_mut().set(name, value)?;
            ok
        }
        "tries" => {
            let [reference, count] = rest.as_slice() else { return Err("tries N REF COUNT".into()) };
            let reference = u8::from_str_radix(reference, 16).map_err(|e| e.to_string())?;
            let count = count.parse().map_err(|_| "COUNT is no number")?;
            lock(&reader.card).set_tries_left(reference, count);
            ok
        }
        "certs" => {
            let folder = Path::new(first()?);
            lock(&reader.card).certificates().write_pem(folder).map_err(|e| e.to_string()).and(ok)
        }
        _ => Err(format!("no command {verb:?}")),
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<serde_json::Value, String> {
    serde_json::to_value(value).map_err(|e| e.to_string())
}

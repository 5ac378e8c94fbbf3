//! The daemon, its readers and the cards in them, as one value behind one lock.

use crate::codes::*;
use crate::fault::{Event, Fault};
use crate::inside::{Inside, lock};
use crate::interceptor::Interceptor;
use crate::names;
use crate::visit::Visit;
use simcard::keypad::Controlled;
use simcard::options::CardOptions;
use simcard::{Answer, Card, CredentialCount, PinSnapshot};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::CString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A context or a connection.
pub(crate) type Handle = isize;

/// A card and what it was made as.
pub(crate) struct Made {
    card: Arc<Mutex<Card>>,
    /// What visitors' commands counted, of each code.
    pub(crate) strange: BTreeMap<u8, CredentialCount>,
    description: String,
    /// As it was when it was made: to issue a card takes long.
    new: Card,
}

impl Made {
    fn new(description: &str) -> Result<Self, String> {
        let mut options = CardOptions::default();
        options.apply(description)?;
        let new = Card::new(options);
        let card = Arc::new(Mutex::new(new.clone()));
        Ok(Self { card, strange: BTreeMap::new(), description: description.to_owned(), new })
    }

    pub(crate) fn card(&self) -> MutexGuard<'_, Card> {
        lock(&self.card)
    }

    /// Makes it what it was at first.
    fn renew(&mut self) {
        *self.card() = self.new.clone();
        self.strange.clear();
    }
}

pub(crate) fn reference(pin: &PinSnapshot) -> u8 {
    u8::from_str_radix(&pin.reference, 16).unwrap_or_default()
}

/// A reader.
pub(crate) struct Reader {
    pub(crate) name: CString,
    /// The card that a line of text has put into it.
    pub(crate) own: Option<Made>,
    /// Another person's card of the same kind, made when it is first needed.
    pub(crate) other: Option<Made>,
    /// The other person's is the one in the reader.
    swapped: bool,
    /// What a program in Rust has put into it, in the place of those.
    guest: Option<Arc<dyn Inside>>,
    pub(crate) inserted: bool,
    pub(crate) plugged: bool,
    /// Counts insertions and removals since the daemon knows the reader.
    pub(crate) events: u32,
    /// Tells one stay of a card in this reader from another.
    pub(crate) stay: u64,
    /// What is in it is busy with a command.
    busy: bool,
    /// Tells one stay of the reader from another.
    plug: u64,
    /// Whose transaction it is.
    holder: Option<Handle>,
    /// When another program ends its transaction by itself.
    held_until: Option<Instant>,
}

/// Another program's connection.
const STRANGER: Handle = -1;

impl Reader {
    fn new(name: &str) -> Result<Self, String> {
        Ok(Self {
            name: names::encoded(name)?,
            own: None,
            other: None,
            swapped: false,
            guest: None,
            inserted: false,
            plugged: true,
            events: 0,
            stay: new_stay(),
            busy: false,
            plug: 0,
            holder: None,
            held_until: None,
        })
    }

    /// What is in it, or was last.
    pub(crate) fn inside(&self) -> Option<Arc<dyn Inside>> {
        self.guest.clone().or_else(|| self.made().map(|made| Arc::clone(&made.card) as Arc<dyn Inside>))
    }

    pub(crate) fn made(&self) -> Option<&Made> {
        self.other.as_ref().filter(|_| self.swapped).or(self.own.as_ref())
    }

    pub(crate) fn made_mut(&mut self) -> Option<&mut Made> {
        self.other.as_mut().filter(|_| self.swapped).or(self.own.as_mut())
    }

    fn power_off(&self) {
        if let Some(inside) = self.inside() {
            inside.power_off();
        }
    }

    /// Whether somebody else's transaction is going on.
    pub(crate) fn is_held_from(&self, connection: Option<Handle>) -> bool {
        let ended = self.holder == Some(STRANGER) && self.held_until.is_some_and(|end| Instant::now() >= end);
        self.holder.is_some() && self.holder != connection && !ended
    }

    /// Another program begins a transaction, if nobody else has one.
    pub(crate) fn hold(&mut self, until: Option<Instant>) {
        if !self.is_held_from(None) {
            (self.holder, self.held_until) = (Some(STRANGER), until);
        }
    }

    /// It ends its transaction.
    pub(crate) fn release(&mut self) {
        if self.holder == Some(STRANGER) {
            self.holder = None;
        }
        self.held_until = None;
    }

    fn take_out(&mut self) {
        if self.inserted {
            self.power_off();
            self.inserted = false;
            self.events += 1;
        }
        self.stay = new_stay();
        self.holder = None;
    }

    fn put_in(&mut self) {
        if !self.inserted {
            self.inserted = true;
            self.events += 1;
        }
    }

    /// The daemon meets it for the first time.
    fn begin_anew(&mut self) {
        self.power_off();
        self.stay = new_stay();
        self.holder = None;
        self.events = u32::from(self.inserted);
    }
}

/// A number for the stay of a card in a reader.
fn new_stay() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// A connection to a card.
pub(crate) struct Connection {
    pub(crate) context: Handle,
    pub(crate) reader: usize,
    run: u64,
    plug: u64,
    stay: u64,
    pub(crate) exclusive: bool,
    /// Somebody else reset the card, and its owner has not taken note.
    reset: bool,
}

/// A fault to come.
struct Scripted {
    call: String,
    /// At which call of that function.
    number: u32,
    fault: Fault,
    /// The reader that it happens to, if that is not the one that the call is about.
    reader: Option<usize>,
}

#[derive(Default)]
pub(crate) struct World {
    pub(crate) readers: Vec<Reader>,
    /// Cards that were in a reader before, by what they were made as. To issue a card takes long.
    shelf: BTreeMap<String, Made>,
    /// Contexts, and the run of the daemon that each belongs to.
    pub(crate) contexts: BTreeMap<Handle, u64>,
    pub(crate) connections: BTreeMap<Handle, Connection>,
    pub(crate) cancelled: BTreeSet<Handle>,
    down: bool,
    run: u64,
    last: Handle,
    script: Vec<Scripted>,
    /// Faults after the one before was played, and how many calls later.
    followers: VecDeque<(u32, Fault)>,
    pub(crate) visits: Vec<Visit>,
    /// What happens at each command.
    pub(crate) always: Option<Fault>,
    /// Chains never end.
    pub(crate) endless: bool,
    /// Nothing happens while a call waits for an event: it waits for a moment only.
    pub(crate) hurried: bool,
    /// The service is that of Windows.
    pub(crate) windows: bool,
    /// Calls that wait, for another program's transaction or for an event.
    pub(crate) waiting: u32,
    pub(crate) calls: BTreeMap<&'static str, u32>,
    pub(crate) played: Vec<String>,
    /// A file, and what is to be answered there after each call.
    pub(crate) report: Option<(PathBuf, Vec<String>)>,
    pub(crate) credentials: Vec<String>,
    /// Commands, each with the status word that came: `00A4040C=9000`, `00200011*=63C4` with a PIN, `00B00000=` none.
    pub(crate) answers: Vec<String>,
    pub(crate) interceptor: Option<Interceptor>,
}

static WORLD: LazyLock<Mutex<World>> = LazyLock::new(|| Mutex::new(World::from_environment()));
static CHANGED: Condvar = Condvar::new();

/// The world, to be looked at or changed.
pub(crate) fn world() -> MutexGuard<'static, World> {
    WORLD.lock().unwrap_or_else(PoisonError::into_inner)
}

const MOMENT: Duration = Duration::from_millis(20);

/// So long a keypad waits at most: what waits for it in vain is to fail, not to wait for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until the world may have changed, a moment at most.
pub(crate) fn wait(mut world: MutexGuard<'static, World>) -> MutexGuard<'static, World> {
    let moment = if world.hurried { MOMENT / 10 } else { MOMENT };
    world.waiting += 1;
    world = wait_no_longer(world, moment);
    world.waiting -= 1;
    world
}

fn wait_no_longer(world: MutexGuard<'static, World>, limit: Duration) -> MutexGuard<'static, World> {
    CHANGED.wait_timeout(world, limit).unwrap_or_else(PoisonError::into_inner).0
}

/// Wakes all who wait.
pub(crate) fn changed() {
    CHANGED.notify_all();
}

impl World {
    fn from_environment() -> Self {
        let mut world = Self::default();
        let of = |name| std::env::var(name).unwrap_or_default();
        let parts = |text: String| -> Vec<String> {
            text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let mut outcome = Ok(());
        for (index, card) in parts(of("FAKE_PCSC_CARDS")).iter().enumerate() {
            outcome = outcome.and_then(|()| world.insert(index, card, false));
        }
        for line in parts(of("FAKE_PCSC_FAULTS")) {
            outcome = outcome.and_then(|()| world.add_fault(&line));
        }
        outcome.unwrap_or_else(|error| panic!("fake-pcsc: {error}"));
        world.windows = cfg!(windows);
        world.hurried = std::env::var_os("FAKE_PCSC_HURRY").is_some();
        world.report =
            std::env::var_os("FAKE_PCSC_REPORT").map(|file| (file.into(), parts(of("FAKE_PCSC_QUESTIONS"))));
        world
    }

    pub(crate) fn new_handle(&mut self) -> Handle {
        self.last += 1;
        self.last
    }

    // --- What the control changes

    pub(crate) fn insert(&mut self, index: usize, card: &str, again: bool) -> Result<(), String> {
        let next = self.readers.len();
        if index > next {
            return Err(format!("the next reader is {next}"));
        }
        if index == next {
            self.readers.push(Reader::new(&format!("Fake Reader {index:02} 00"))?);
        }
        let reader = self.readers.get_mut(index).ok_or("no such reader")?;
        reader.take_out();
        (reader.swapped, reader.guest) = (false, None);
        if reader.own.as_ref().is_none_or(|own| own.description != card) {
            let own = self.shelf.remove(card).map_or_else(|| Made::new(card), Ok)?;
            if let Some(last) = reader.own.replace(own) {
                self.shelf.insert(last.description.clone(), last);
            }
            reader.other = None;
        }
        if again {
            reader.own.iter_mut().chain(&mut reader.other).for_each(Made::renew);
        } else {
            reader.own = Some(Made::new(card)?);
            reader.other = None;
        }
        reader.put_in();
        reader.plugged = true;
        self.down &= !self.windows;
        Ok(())
    }

    /// The daemon starts, with these readers and nothing in them.
    pub(crate) fn start(&mut self, names: &[String]) {
        self.readers = names.iter().filter_map(|name| Reader::new(name).ok()).collect();
        self.run += 1;
        self.down = false;
        changed();
    }

    /// The daemon ends. What was in its readers falls out.
    pub(crate) fn stop(&mut self) {
        self.readers.iter_mut().for_each(Reader::take_out);
        self.happen(&Event::Service, None);
    }

    /// Puts something into a reader, in the place of what was in it. Gives the number of its stay.
    pub(crate) fn put_in(&mut self, index: usize, guest: Arc<dyn Inside>) -> Option<u64> {
        let reader = self.readers.get_mut(index)?;
        reader.take_out();
        guest.reset();
        reader.guest = Some(guest);
        reader.put_in();
        let stay = reader.stay;
        changed();
        Some(stay)
    }

    /// Whether what was put in for this stay is still there.
    pub(crate) fn is_in(&self, index: usize, stay: u64) -> bool {
        self.readers.get(index).is_some_and(|reader| reader.inserted && reader.stay == stay)
    }

    /// Takes it out, unless it is gone.
    pub(crate) fn take_out(&mut self, index: usize, stay: u64) {
        if self.is_in(index, stay) {
            self.happen(&Event::Removed, Some(index));
        }
    }

    pub(crate) fn restore(&mut self) {
        self.down = false;
        for reader in &mut self.readers {
            reader.release();
            if reader.swapped {
                reader.take_out();
                reader.swapped = false;
            }
            reader.plugged = true;
            reader.put_in();
        }
    }

    pub(crate) fn add_fault(&mut self, line: &str) -> Result<(), String> {
        let mut words: Vec<_> = line.split_whitespace().collect();
        let reader = if words.len() > 3 { words.pop() } else { None };
        let reader =
            reader.map(|word| word.parse().map_err(|_| format!("{word} is no reader"))).transpose()?;
        let [call, number, fault] = words.as_slice() else { return Err("fault CALL N FAULT [R]".into()) };
        let number: u32 = number.parse().map_err(|_| format!("{number} is no number"))?;
        let number = number + self.calls.get(call).copied().unwrap_or_default();
        self.script.push(Scripted { call: (*call).to_owned(), number, fault: fault.parse()?, reader });
        Ok(())
    }

    /// As many calls after the fault before it was played, whatever they are.
    pub(crate) fn add_follower(&mut self, line: &str) -> Result<(), String> {
        let (number, fault) = line.split_once(' ').ok_or("then K FAULT")?;
        let number = number.parse().ok().filter(|number| *number > 0).ok_or("1 is the next call")?;
        self.followers.push_back((number, fault.parse()?));
        Ok(())
    }

    fn due(&mut self, call: &str, count: u32) -> Option<(Fault, Option<usize>)> {
        if let Some(due) = self.script.iter().position(|one| one.call == call && one.number == count) {
            let Scripted { fault, reader, .. } = self.script.remove(due);
            return Some((fault, reader));
        }
        if self.played.is_empty() {
            return None;
        }
        let (left, _) = self.followers.front_mut()?;
        *left -= 1;
        if *left == 0 { self.followers.pop_front().map(|(_, fault)| (fault, None)) } else { None }
    }

    /// Every command gets the same answer, or the same happens to it; told in what was played once.
    fn always(&mut self, call: &str, of: &str) -> Option<Fault> {
        let fault = self.always.clone().filter(|_| call == "Transmit")?;
        if self.played.is_empty() {
            self.played.push(fault.played(of));
        }
        Some(fault)
    }

    pub(crate) fn clear(&mut self) {
        self.script.clear();
        self.followers.clear();
        self.visits.clear();
        (self.always, self.endless) = (None, false);
        self.calls.clear();
        self.played.clear();
        self.credentials.clear();
        self.answers.clear();
    }

    /// Counts a call, and gives the fault that the script has for it, with the reader that it names. `of` tells the
    /// call in what was played.
    pub(crate) fn called(&mut self, call: &'static str, of: &str) -> Option<(Fault, Option<usize>)> {
        let count = self.calls.entry(call).or_default();
        *count += 1;
        let count = *count;
        let Some((fault, reader)) = self.due(call, count) else {
            return self.always(call, of).map(|fault| (fault, None));
        };
        self.played.push(fault.played(of));
        Some((fault, reader))
    }

    /// The next command finds the card of this connection doing that.
    pub(crate) fn bring_about(&mut self, handle: Handle, action: &simcard::Action) {
        let reader = self.reader_of(handle).and_then(|index| self.readers.get(index));
        if let Some(made) = reader.and_then(Reader::made) {
            made.card().faults_mut().push(simcard::Fault::next(action.clone()));
        }
    }

    // --- What happens

    /// What happens to the world; `reader` is the one that it happens to, all of them if it is not told.
    pub(crate) fn happen(&mut self, event: &Event, reader: Option<usize>) {
        if matches!(event, Event::Service | Event::Restarted) {
            self.run += 1;
            self.down = *event == Event::Service;
            self.readers.iter_mut().for_each(Reader::begin_anew);
        }
        let all: Vec<_> =
            (0..self.readers.len()).filter(|index| reader.is_none_or(|one| one == *index)).collect();
        for index in all {
            self.happen_to(event, index);
        }
        self.stop_without_readers();
        changed();
    }

    /// Windows ends the service with the last reader, and starts it with the next.
    fn stop_without_readers(&mut self) {
        let without = self.windows && !self.readers.iter().any(|reader| reader.plugged);
        if without && !self.down {
            self.run += 1;
        }
        self.down |= without;
    }

    fn happen_to(&mut self, event: &Event, index: usize) {
        let Some(reader) = self.readers.get_mut(index) else { return };
        match event {
            Event::Reset if reader.inserted => {
                if let Some(inside) = reader.inside() {
                    inside.reset();
                }
                reader.holder = None;
                let its = self.connections.values_mut().filter(|connection| connection.reader == index);
                its.for_each(|connection| connection.reset = true);
            }
            Event::Held => reader.hold(Some(Instant::now() + Event::HELD)),
            Event::Removed => reader.take_out(),
            Event::Reinserted => {
                reader.take_out();
                reader.put_in();
            }
            Event::Swapped => {
                reader.take_out();
                reader.swapped = !reader.swapped;
                if let (None, Some(own)) = (&reader.other, &reader.own) {
                    let own = &own.description;
                    let description = format!("{own},state=activated,holder=2,pin1=864213,pin2=654321");
                    reader.other = Made::new(&description).ok();
                }
                reader.put_in();
            }
            Event::Vanished => {
                reader.begin_anew();
                reader.inserted = false;
                reader.events = 0;
                reader.plugged = false;
                reader.plug += 1;
            }
            _ => {}
        }
    }

    // --- What the functions of PC/SC ask

    /// A new context.
    pub(crate) fn establish(&mut self) -> Result<Handle, Code> {
        if self.down {
            return Err(NO_SERVICE);
        }
        let handle = self.new_handle();
        self.contexts.insert(handle, self.run);
        Ok(handle)
    }

    /// What is said of a service that has ended.
    fn gone(&self) -> Code {
        if self.windows { SERVICE_STOPPED } else { NO_SERVICE }
    }

    /// Whether the context can be used.
    pub(crate) fn context(&self, context: Handle) -> Result<(), Code> {
        match self.contexts.get(&context) {
            None => Err(INVALID_HANDLE),
            Some(run) if self.down || *run != self.run => Err(self.gone()),
            Some(_) => Ok(()),
        }
    }

    /// The reader of this name, as long as it is plugged in.
    pub(crate) fn reader(&self, name: &std::ffi::CStr) -> Option<usize> {
        self.readers.iter().position(|reader| reader.plugged && reader.name.as_c_str() == name)
    }

    /// How many programs are connected to the card, and whether one wants it for itself alone.
    pub(crate) fn users(&self, index: usize) -> (usize, bool) {
        let Some(reader) = self.readers.get(index) else { return (0, false) };
        let live = self.connections.values().filter(|c| {
            c.reader == index && c.run == self.run && c.plug == reader.plug && c.stay == reader.stay
        });
        live.fold((0, false), |(count, exclusive), c| (count + 1, exclusive || c.exclusive))
    }

    /// Connects; `None` while another program's transaction is going on.
    pub(crate) fn connect(
        &mut self,
        context: Handle,
        index: usize,
        exclusive: bool,
    ) -> Result<Option<Handle>, Code> {
        let (users, taken) = self.users(index);
        let reader = self.readers.get_mut(index).ok_or(UNKNOWN_READER)?;
        if !reader.inserted {
            return Err(NO_SMARTCARD);
        }
        if taken || (exclusive && users > 0) {
            return Err(SHARING_VIOLATION);
        }
        if reader.is_held_from(None) {
            return Ok(None);
        }
        let (run, plug, stay) = (self.run, reader.plug, reader.stay);
        let connection = Connection { context, reader: index, run, plug, stay, exclusive, reset: false };
        let handle = self.new_handle();
        self.connections.insert(handle, connection);
        Ok(Some(handle))
    }

    /// The reader of a connection, whatever became of it.
    pub(crate) fn reader_of(&self, handle: Handle) -> Option<usize> {
        self.connections.get(&handle).map(|connection| connection.reader)
    }

    /// Whether a connection still reaches its card. Gives its reader.
    pub(crate) fn reached(&mut self, handle: Handle, despite_reset: bool) -> Result<&mut Reader, Code> {
        let gone = self.gone();
        let connection = self.connections.get(&handle).ok_or(INVALID_HANDLE)?;
        let reader = self.readers.get_mut(connection.reader).ok_or(INVALID_HANDLE)?;
        if self.down || connection.run != self.run {
            Err(gone)
        } else if !reader.plugged {
            Err(READER_UNAVAILABLE)
        } else if connection.plug != reader.plug {
            Err(INVALID_HANDLE)
        } else if !reader.inserted || connection.stay != reader.stay {
            Err(REMOVED_CARD)
        } else if connection.reset && !despite_reset {
            Err(RESET_CARD)
        } else {
            Ok(reader)
        }
    }

    /// Its owner takes note of a reset.
    pub(crate) fn reconnect(&mut self, handle: Handle) {
        if let Some(connection) = self.connections.get_mut(&handle) {
            connection.reset = false;
        }
    }

    /// Begins a transaction; `None` while another one is going on.
    pub(crate) fn begin(&mut self, handle: Handle) -> Option<Result<(), Code>> {
        match self.reached(handle, false) {
            Err(code) => Some(Err(code)),
            Ok(reader) if reader.is_held_from(Some(handle)) => None,
            Ok(reader) => {
                reader.holder = Some(handle);
                Some(Ok(()))
            }
        }
    }

    pub(crate) fn end(&mut self, handle: Handle) {
        for reader in &mut self.readers {
            if reader.holder == Some(handle) {
                reader.holder = None;
            }
        }
        changed();
    }

    /// What the card in a reader answers to reset, as the reader is told.
    pub(crate) fn atr(&mut self, index: usize) -> Vec<u8> {
        let told = self.interceptor.as_ref().and_then(|interceptor| interceptor.atr.clone());
        let own = || Some(self.readers.get(index)?.inside()?.atr());
        told.or_else(own).unwrap_or_default()
    }

    /// Whether a command can go over this connection: `None` while the card is busy with another one.
    fn line(&mut self, handle: Handle) -> Option<Result<usize, Code>> {
        let index = self.reader_of(handle).unwrap_or_default();
        match self.reached(handle, false) {
            Err(code) => Some(Err(code)),
            Ok(reader) if reader.is_held_from(Some(handle)) => Some(Err(SHARING_VIOLATION)),
            Ok(reader) if reader.busy => None,
            Ok(_) => Some(Ok(index)),
        }
    }
}

/// One exchange with the card. The world goes on meanwhile.
pub(crate) fn transmit(
    mut world: MutexGuard<'static, World>,
    handle: Handle,
    command: &[u8],
) -> (MutexGuard<'static, World>, Result<Vec<u8>, Code>) {
    let index = loop {
        match world.line(handle) {
            Some(Ok(index)) => break index,
            Some(Err(code)) => return (world, Err(code)),
            None => world = wait(world),
        }
    };
    let Some(inside) = world.readers[index].inside() else { return (world, Err(NO_SMARTCARD)) };
    let stay = world.readers[index].stay;
    world.readers[index].busy = true;
    drop(world);
    let (answer, delay) = inside.exchange(command);
    let until = Instant::now() + delay;
    world = self::world();
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || !world.is_in(index, stay) {
            break;
        }
        world = wait_no_longer(world, left.min(MOMENT));
    }
    if let Some(reader) = world.readers.get_mut(index) {
        reader.busy = false;
    }
    changed();
    let outcome = match answer {
        Answer::PulledOut => {
            world.take_out(index, stay);
            Err(NOT_TRANSACTED)
        }
        Answer::Bytes(answer) => {
            world.reached(handle, true).map(drop).map(|()| match &mut world.interceptor {
                Some(interceptor) => (interceptor.answers)(command, answer),
                None => answer,
            })
        }
    };
    (world, outcome)
}

/// What comes of a control code, with the world as it is then, and the command that a keypad has sent.
type Controls = (MutexGuard<'static, World>, Result<Vec<u8>, Code>, Option<Vec<u8>>);

/// What comes of a control code, and the command that a keypad has sent for it. The world goes on while a user is waited
/// for.
pub(crate) fn control(
    mut world: MutexGuard<'static, World>,
    handle: Handle,
    code: u32,
    data: &[u8],
) -> Controls {
    let index = match world.line(handle) {
        Some(Ok(index)) => index,
        Some(Err(code)) => return (world, Err(code), None),
        None => return (world, Err(SHARING_VIOLATION), None),
    };
    let Some(inside) = world.readers[index].inside() else { return (world, Err(NO_SMARTCARD), None) };
    match inside.control(code, data) {
        Controlled::Unknown => (world, Err(UNSUPPORTED_FEATURE), None),
        Controlled::Told(bytes) => (world, Ok(bytes), None),
        Controlled::Sent(command) => {
            let (world, answer) = transmit(world, handle, &command);
            (world, answer, Some(command))
        }
        Controlled::Hangs => {
            let stay = world.readers[index].stay;
            let deadline = Instant::now() + if world.hurried { MOMENT } else { PATIENCE };
            while inside.hangs() && world.is_in(index, stay) && Instant::now() < deadline {
                world = wait(world);
            }
            let reached = world.reached(handle, true).map(drop);
            (world, reached.and(Err(NOT_TRANSACTED)), None)
        }
    }
}

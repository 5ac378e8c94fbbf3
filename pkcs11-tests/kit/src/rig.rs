//! Readers with cards.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fake_pcsc::{Inside, readers};
use simcard::options::CardOptions;
use simcard::{Card, Inserted};

use crate::daemon::{Daemon, Make, Slot};
use crate::gate::Gate;
use crate::line::Line;
use crate::{numbers, presence, program};

/// One daemon per system, one user of it at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The module looks at the readers again after this time; pcscd takes longer than that to see a card go.
const NOTICED: Duration = Duration::from_millis(60);

/// A new card from its description, as the program `simcard` takes it: `fineid-v3.1,state=fresh-old,holder=2`.
///
/// # Panics
/// Where the description is wrong.
pub fn card(description: &str) -> Arc<Mutex<Card>> {
    Arc::new(Mutex::new(new_card(description)))
}

/// To issue a card takes long: there is one of each description, which is copied.
pub(crate) fn new_card(description: &str) -> Card {
    static ISSUED: Mutex<BTreeMap<String, Card>> = Mutex::new(BTreeMap::new());
    let issued = || ISSUED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(card) = issued().get(description) {
        numbers::store_that_of(card);
        return card.clone();
    }
    let mut options = CardOptions::default();
    options.apply(description).unwrap_or_else(|error| panic!("{description}: {error}"));
    let card = Card::new(options);
    issued().insert(description.to_owned(), card.clone());
    numbers::store_that_of(&card);
    card
}

/// Where readers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A PC/SC library that is linked into this program.
    Linked,
    /// The real pcscd.
    Daemon,
}

impl Backend {
    /// As `AVAIN_WORLD` says, which is for tests that run on either; linked if it says nothing.
    ///
    /// # Panics
    /// Where it names no backend.
    pub fn of_environment() -> Self {
        match std::env::var("AVAIN_WORLD").as_deref() {
            Err(_) | Ok("linked") => Self::Linked,
            Ok("daemon") => Self::Daemon,
            Ok(other) => panic!("AVAIN_WORLD={other}: it can be linked or daemon"),
        }
    }

    /// The one that this program has begun to use.
    pub(crate) fn of_this_program() -> Self {
        if fake_pcsc::forwards() { Self::Daemon } else { Self::Linked }
    }
}

/// PC/SC with virtual readers, until dropped.
pub struct Rig {
    backend: Backend,
    daemon: Option<Daemon>,
    make: Make,
    readers: usize,
    options: Vec<String>,
    /// What pcscd needs beside its sockets.
    folder: Option<PathBuf>,
    _turn: MutexGuard<'static, ()>,
}

impl Rig {
    /// Starts pcscd with `readers` readers and returns when it serves them. They do not wait for each other. A
    /// virtual reader has two slots and pcscd lists each as a reader, so of an odd number there is one more. With
    /// 0, no pcscd runs at all.
    ///
    /// Waits for its turn while another test of this program has a rig.
    ///
    /// # Panics
    /// Outside the sandbox, and where pcscd does not come up.
    pub fn start(readers: usize) -> Self {
        Self::with_options(readers, &[])
    }

    /// The same with more options for pcscd.
    ///
    /// # Panics
    /// As [`Rig::start`].
    pub fn with_options(readers: usize, options: &[&str]) -> Self {
        Self::on(Backend::Daemon, readers, options)
    }

    /// The same on either backend; the linked one has no options.
    ///
    /// # Panics
    /// As [`Rig::start`].
    pub fn on(backend: Backend, readers: usize, options: &[&str]) -> Self {
        Self::of(backend, Make::Virtual, readers, options)
    }

    /// The same with readers that can have a keypad, as the description of the card in them says.
    ///
    /// # Panics
    /// As [`Rig::start`].
    pub fn with_keypads(backend: Backend, readers: usize) -> Self {
        Self::of(backend, Make::Keypad, readers, &[])
    }

    /// The real pcscd without a reader.
    ///
    /// # Panics
    /// As [`Rig::start`].
    pub fn without_readers() -> Self {
        let mut rig = Self::start(0);
        rig.begin();
        rig
    }

    /// Starts pcscd anew, with its first readers.
    ///
    /// # Panics
    /// As [`Rig::start`].
    pub fn restart_with_readers(&mut self) {
        self.readers = self.make.slots();
        self.restart();
    }

    fn of(backend: Backend, make: Make, readers: usize, options: &[&str]) -> Self {
        if backend == Backend::Daemon {
            assert!(
                std::env::var_os("AVAIN_SANDBOX").is_some(),
                "this needs the real pcscd in a sandbox: run it by `cargo test`, or `pkcs11-tests/kit/sandbox PROGRAM`"
            );
            fake_pcsc::forward_to_the_daemon();
        }
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = (backend == Backend::Daemon).then(|| program::scratch("rig"));
        let options: Vec<_> = options.iter().map(|option| (*option).to_owned()).collect();
        let readers = readers.next_multiple_of(make.slots());
        let mut rig = Self { backend, daemon: None, make, readers, options, folder, _turn: turn };
        if readers > 0 {
            rig.begin();
        }
        rig
    }

    fn begin(&mut self) {
        match self.backend {
            Backend::Linked => {
                let names: Vec<_> = (0..self.readers).map(|index| self.reader(index)).collect();
                readers::start(&names);
            }
            Backend::Daemon => {
                let folder = self.folder.as_deref();
                self.daemon =
                    folder.map(|folder| Daemon::start(self.make, self.readers, &self.options, folder));
            }
        }
    }

    /// pcscd's name of the reader with this index.
    pub fn reader(&self, index: usize) -> String {
        self.slot(index).name()
    }

    fn slot(&self, index: usize) -> Slot {
        assert!(index < self.readers, "the rig has {} readers", self.readers);
        Slot::of(self.make, index)
    }

    /// Puts the card into the reader with this index and returns when pcscd has powered it up.
    pub fn insert(&self, index: usize, card: Arc<Mutex<Card>>) -> InsertedCard {
        let reader = self.reader(index);
        let stay = match self.backend {
            Backend::Linked => {
                Stay::Linked(readers::InReader::put(index, Arc::clone(&card) as Arc<dyn Inside>))
            }
            Backend::Daemon if self.make == Make::Keypad => {
                self.begin_stay(index, Arc::clone(&card) as Arc<dyn Inside>)
            }
            Backend::Daemon => Stay::Daemon(
                Inserted::connect(self.slot(index).port(), Arc::clone(&card))
                    .unwrap_or_else(|error| panic!("the card does not reach {reader}: {error}")),
            ),
        };
        presence::wait(&reader, true)
            .unwrap_or_else(|error| panic!("pcscd sees no card in {reader}: {error}\n{}", self.log()));
        InsertedCard { stay, reader, card }
    }

    /// Puts the card into a reader, where it can be made to hang.
    ///
    /// # Panics
    /// Where pcscd does not see it.
    pub fn insert_behind_gate(&self, index: usize, card: Arc<Mutex<Card>>) -> (InsertedCard, Arc<Gate>) {
        let (reader, gate) = (self.reader(index), Arc::new(Gate::new(Arc::clone(&card))));
        let stay = self.begin_stay(index, Arc::clone(&gate) as Arc<dyn Inside>);
        presence::wait(&reader, true)
            .unwrap_or_else(|error| panic!("pcscd sees no card in {reader}: {error}\n{}", self.log()));
        (InsertedCard { stay, reader, card }, gate)
    }

    pub(crate) fn begin_stay(&self, index: usize, inside: Arc<dyn Inside>) -> Stay {
        match (self.backend, self.make) {
            (Backend::Daemon, Make::Keypad) => {
                Stay::Stranger(Line::connect_to_keypad(self.slot(index).port(), inside))
            }
            _ => Stay::begin(self.backend, index, inside),
        }
    }

    /// What pcscd has said since its start.
    pub fn log(&self) -> String {
        self.daemon.as_ref().map(Daemon::log).unwrap_or_default()
    }

    /// Stops pcscd as a service manager does. The cards fall out of their readers.
    pub fn stop(&mut self) {
        if self.backend == Backend::Linked {
            readers::stop();
            std::thread::sleep(NOTICED);
        }
        if let Some(daemon) = self.daemon.take() {
            daemon.stop();
        }
    }

    /// Starts pcscd anew, having stopped it if it runs. The cards must be inserted again.
    pub fn restart(&mut self) {
        self.stop();
        self.begin();
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        // Before its folder goes.
        self.daemon = None;
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// A card's stay in a reader, which ends when this is dropped.
#[allow(dead_code, reason = "to be dropped")]
pub(crate) enum Stay {
    Linked(readers::InReader),
    Daemon(Inserted),
    Stranger(Line),
}

impl Stay {
    /// Puts into a reader without a keypad what is not, or not only, a card of the simulator.
    pub(crate) fn begin(backend: Backend, index: usize, inside: Arc<dyn Inside>) -> Self {
        match backend {
            Backend::Linked => Self::Linked(readers::InReader::put(index, inside)),
            Backend::Daemon => Self::Stranger(Line::connect(Slot::of(Make::Virtual, index).port(), inside)),
        }
    }
}

/// A card in a reader; dropping it takes the card out without waiting for pcscd.
pub struct InsertedCard {
    stay: Stay,
    reader: String,
    card: Arc<Mutex<Card>>,
}

impl InsertedCard {
    /// pcscd's name of the reader.
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// The card, to look into it or to change it. The reader waits while it is held.
    pub fn card(&self) -> MutexGuard<'_, Card> {
        self.card.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the card out and returns when pcscd has seen it go.
    pub fn remove(self) -> Arc<Mutex<Card>> {
        let linked = matches!(self.stay, Stay::Linked(_));
        drop(self.stay);
        presence::wait(&self.reader, false)
            .unwrap_or_else(|error| panic!("pcscd still sees a card in {}: {error}", self.reader));
        if linked {
            std::thread::sleep(NOTICED);
        }
        self.card
    }
}

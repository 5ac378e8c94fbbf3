//! The real pcscd as a child process, with virtual readers.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::presence;

/// What readers there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Make {
    /// Those of vpcd.
    Virtual,
    /// Our own, which have a keypad.
    Keypad,
}

impl Make {
    /// How many slots such a reader has; the number is fixed in its driver.
    pub(crate) fn slots(self) -> usize {
        match self {
            Self::Virtual => 2,
            Self::Keypad => 1,
        }
    }
}
/// Where the first slot of the first virtual reader waits for its card; the second slot has the next port.
const FIRST_PORT: u16 = 35963;
const PORTS_BETWEEN_READERS: u16 = 10;
const START_BOUND: Duration = Duration::from_secs(20);
const STOP_BOUND: Duration = Duration::from_secs(5);
const RUN: &str = "/run/pcscd";

/// A running pcscd; killed when dropped.
pub(crate) struct Daemon {
    process: Child,
    log: PathBuf,
}

impl Daemon {
    /// Starts pcscd with at least so many slots and these options, and returns when it serves them all. The
    /// configuration and the log are put into `folder`.
    pub(crate) fn start(make: Make, slots: usize, options: &[String], folder: &Path) -> Self {
        let readers = slots.div_ceil(make.slots());
        let ports: Vec<u16> = (0..readers * make.slots()).map(|index| Slot::of(make, index).port()).collect();
        let listening = listening_ports();
        if let Some(port) = ports.iter().find(|port| listening.contains(port)) {
            panic!("port {port} of the virtual reader is taken already: does another pcscd run in here?");
        }
        let configuration = configure(make, readers, folder);
        let log = folder.join("pcscd.log");
        let output = File::create(&log).expect("create pcscd's log");
        let process = Command::new("pcscd")
            .arg("--foreground")
            .args(extra_arguments())
            .args(options)
            .arg("--config")
            .arg(&configuration)
            .env("PATH", with_system_programs())
            // No USB reader of this machine may be drawn into the sandbox.
            .env("PCSCLITE_HP_DROPDIR", &configuration)
            .stdin(Stdio::null())
            .stdout(output.try_clone().expect("share pcscd's log"))
            .stderr(output)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("pcscd does not start ({error}): is the package pcscd installed?")
            });
        let mut daemon = Self { process, log };
        daemon.wait_until_ready(&ports);
        daemon
    }

    fn wait_until_ready(&mut self, ports: &[u16]) {
        let deadline = Instant::now() + START_BOUND;
        loop {
            if let Some(status) = self.process.try_wait().expect("wait for pcscd") {
                panic!("pcscd ended at once ({status}):\n{}", self.log());
            }
            // Connecting to find out whether a port is served would be taken for a card.
            let listening = listening_ports();
            if ports.iter().all(|port| listening.contains(port)) && presence::serves(ports.len()) {
                return;
            }
            assert!(Instant::now() < deadline, "pcscd does not serve its virtual readers:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What pcscd has said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends pcscd as a service manager does, and waits for its end.
    pub(crate) fn stop(mut self) {
        let id = libc::pid_t::try_from(self.process.id()).expect("a process id");
        // SAFETY: plain system call; the child is not yet waited for, so the id is still its own.
        unsafe { libc::kill(id, libc::SIGTERM) };
        let deadline = Instant::now() + STOP_BOUND;
        while self.process.try_wait().expect("wait for pcscd").is_none() {
            assert!(Instant::now() < deadline, "pcscd does not end:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Daemon {
    /// Kills pcscd at once: an orderly stop takes it half a second.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        // A killed pcscd leaves these, and the next one would take them for a running daemon's.
        let _ = fs::remove_file(Path::new(RUN).join("pcscd.pid"));
        let _ = fs::remove_file(Path::new(RUN).join("pcscd.comm"));
    }
}

/// A slot of a virtual reader; pcscd calls each a reader.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    make: Make,
    reader: usize,
    slot: usize,
}

impl Slot {
    /// That of the reader with this index, as pcscd lists them.
    pub(crate) fn of(make: Make, index: usize) -> Self {
        Self { make, reader: index / make.slots(), slot: index % make.slots() }
    }

    /// The port on which it waits for its card.
    pub(crate) fn port(self) -> u16 {
        let [reader, slot] =
            [self.reader, self.slot].map(|number| u16::try_from(number).expect("few readers"));
        FIRST_PORT + PORTS_BETWEEN_READERS * reader + slot
    }

    /// pcscd's name of it. The first number counts readers of the same name.
    pub(crate) fn name(self) -> String {
        format!("{} 00 {:02X}", friendly_name(self.make, self.reader), self.slot)
    }
}

fn friendly_name(make: Make, reader: usize) -> String {
    let what = match make {
        Make::Virtual => "reader",
        Make::Keypad => "keypad",
    };
    format!("Virtual {what} {}", char::from(b'A' + u8::try_from(reader).expect("few readers")))
}

/// Writes pcscd's reader configuration and gives its folder.
fn configure(make: Make, readers: usize, folder: &Path) -> PathBuf {
    let driver = match make {
        Make::Virtual => driver(),
        Make::Keypad => built("libkeypad_reader.so"),
    };
    let configuration = folder.join("reader.conf.d");
    fs::create_dir_all(&configuration).expect("create pcscd's configuration");
    let mut text = String::new();
    for reader in 0..readers {
        // The driver of vpcd keeps its state in one global array indexed by slot alone, so two readers need two
        // copies of it; of a link the loader would make one again.
        let copy = folder.join(format!("driver{reader}.so"));
        if !copy.exists() {
            fs::copy(&driver, &copy).expect("copy the virtual reader's driver");
        }
        let (name, port) = (friendly_name(make, reader), Slot { make, reader, slot: 0 }.port());
        text += &format!("FRIENDLYNAME \"{name}\"\nDEVICENAME /dev/null:{port:#X}\n");
        text += &format!("LIBPATH {}\nCHANNELID {port:#X}\n\n", copy.display());
    }
    fs::write(configuration.join("readers"), text).expect("write pcscd's configuration");
    configuration
}

/// A library that cargo built along with this program: in a folder above it.
fn built(file: &str) -> PathBuf {
    let program = std::env::current_exe().expect("this program's path");
    let mut places = program.ancestors().skip(1).map(|folder| folder.join(file));
    places.find(|path| path.exists()).unwrap_or_else(|| panic!("{file} was not built"))
}

fn driver() -> PathBuf {
    ["/usr/lib/pcsc", "/usr/lib64/pcsc", "/usr/local/lib/pcsc"]
        .iter()
        .map(|root| Path::new(root).join("drivers/serial/libifdvpcd.so"))
        .find(|path| path.exists())
        .expect("the virtual reader libifdvpcd.so is not installed (Debian package vsmartcard-vpcd)")
}

/// Options that only some versions know, and those that the developer adds in `AVAIN_PCSCD_OPTIONS`.
fn extra_arguments() -> Vec<String> {
    let help = Command::new("pcscd").arg("--help").env("PATH", with_system_programs()).output();
    let help = help.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let mut arguments = Vec::new();
    // Where pcscd asks polkit, it finds none in the sandbox and would let nobody in.
    if help.contains("--disable-polkit") {
        arguments.push("--disable-polkit".to_owned());
    }
    let more = std::env::var("AVAIN_PCSCD_OPTIONS").unwrap_or_default();
    arguments.extend(more.split_whitespace().map(str::to_owned));
    arguments
}

/// `PATH` with the places where pcscd is installed but a user's shell may not look.
fn with_system_programs() -> String {
    std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin"
}

/// The TCP ports somebody listens on.
fn listening_ports() -> Vec<u16> {
    const LISTEN: &str = "0A";
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| fs::read_to_string(path).unwrap_or_default());
    tables
        .iter()
        .flat_map(|table| table.lines().skip(1))
        .filter_map(|line| {
            let mut fields = line.split_whitespace().skip(1);
            let (local, state) = (fields.next()?, fields.nth(1)?);
            let port = local.rsplit_once(':')?.1;
            (state == LISTEN).then(|| u16::from_str_radix(port, 16).ok())?
        })
        .collect()
}

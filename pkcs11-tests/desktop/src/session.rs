//! A session of a user: screen, window manager, session bus, folders.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::accessible::Accessible;
use crate::bus::{self, Bus};
use crate::{Keyboard, Process, Screen, installed};

/// The program that says which window gets the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manager {
    /// That of GNOME 2 and MATE: it keeps windows that nobody asked for from taking the keyboard.
    #[default]
    Metacity,
    /// None.
    None,
}

/// How a session differs from the usual one.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The size of the screen.
    pub size: (u32, u32),
    /// The locale.
    pub language: &'static str,
    /// The window manager.
    pub manager: Manager,
    /// More of the environment.
    pub environment: Vec<(&'static str, String)>,
    /// systemd runs the bus and the units of the user. There are no screen readers.
    pub systemd: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            size: (1366, 768),
            language: "en_GB.UTF-8",
            manager: Manager::default(),
            environment: Vec::new(),
            systemd: false,
        }
    }
}

/// A session, until dropped.
pub struct Session {
    // Dropped in this order: programs before the bus, the bus before the screen.
    parts: Vec<Process>,
    _turn: MutexGuard<'static, ()>,
    screen: Screen,
    bus: Bus,
    screen_readers: Option<Bus>,
    environment: Vec<(String, String)>,
    home: PathBuf,
    logs: PathBuf,
}

impl Session {
    /// Starts the usual session.
    ///
    /// # Panics
    /// Outside of the sandbox, and where something does not start.
    pub fn start() -> Self {
        Self::with(&Setting::default())
    }

    /// Starts another session.
    ///
    /// # Panics
    /// As [`Session::start`].
    pub fn with(setting: &Setting) -> Self {
        assert!(
            std::env::var_os("AVAIN_SANDBOX").is_some(),
            "this needs the sandbox: run it by `cargo test`"
        );
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let home = kit::scratch("home");
        let logs = kit::scratch("said");
        let (screen, server) = screen(setting.size, &logs);
        let environment = environment(setting, &screen, &home);
        let (bus, daemon) = session_bus(&environment, setting.systemd, &logs);
        if setting.systemd {
            crate::wait_for("the manager of units", || bus.has("org.freedesktop.systemd1").then_some(()));
        }
        let screen_readers = (!setting.systemd).then(|| {
            bus::enable_screen_readers(&bus);
            Bus::connect(&bus::of_screen_readers(&bus))
        });
        let mut session =
            Self { parts: Vec::new(), _turn: turn, screen, bus, screen_readers, environment, home, logs };
        if setting.manager == Manager::Metacity {
            let manager = session.managed();
            session.parts.push(manager);
        }
        session.parts.extend([daemon, server]);
        session
    }

    /// The window manager.
    fn managed(&self) -> Process {
        let mut manager = self.run("metacity", &["--sm-disable", "--compositor=none"]);
        crate::wait_for("the window manager", || {
            let ended = manager.ended();
            assert!(ended.is_none(), "the window manager gives up: {}", manager.said());
            self.screen.is_managed().then_some(())
        });
        manager
    }

    /// The screen.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// The keyboard.
    pub fn keyboard(&self) -> Keyboard<'_> {
        Keyboard(&self.screen)
    }

    /// The session bus.
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// The bus on which screen readers talk to programs.
    pub(crate) fn screen_readers(&self) -> &Bus {
        self.screen_readers.as_ref().expect("a session with screen readers")
    }

    /// The address of the session bus.
    pub(crate) fn address(&self) -> &str {
        address(&self.environment)
    }

    /// The address of the bus of screen readers.
    pub(crate) fn screen_readers_address(&self) -> String {
        bus::of_screen_readers(&self.bus)
    }

    /// The home folder of its user.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// A command that will run in this session.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        for name in
            ["LC_ALL", "LC_MESSAGES", "LANGUAGE", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "WAYLAND_DISPLAY"]
        {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().cloned());
        command
    }

    /// Runs a program of the system in this session.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Process {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = Path::new(program).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let log = self.logs.join(format!("{number}-{name}"));
        Process::start(self.command(program).args(arguments), &log)
    }

    /// Runs a program of ours.
    ///
    /// # Panics
    /// Where it is not installed, or does not start.
    pub fn start_program(&self, name: &str, arguments: &[&str]) -> Process {
        self.run(&installed::program(name).to_string_lossy(), arguments)
    }

    /// The program of this name, as a screen reader sees it.
    ///
    /// # Panics
    /// Where there is none.
    #[track_caller]
    pub fn accessible(&self, program: &str) -> Accessible {
        crate::wait_for(&format!("{program} on the bus of screen readers"), || self.find(program))
    }

    /// The same, if it is there now.
    pub fn find(&self, program: &str) -> Option<Accessible> {
        let programs = Accessible::desktop(self.screen_readers()).children();
        programs.into_iter().find(|found| found.name().contains(program))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.parts.clear();
        for folder in [&self.home, &self.logs] {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Waits until a connection is taken: the socket is there a moment earlier.
fn listens(what: &str, socket: &Path) {
    crate::wait_for(what, || UnixStream::connect(socket).ok());
}

/// The sockets of all screens are in one folder of the computer: in here it is another one.
fn screen((width, height): (u32, u32), logs: &Path) -> (Screen, Process) {
    static NUMBER: AtomicU32 = AtomicU32::new(77);
    let sockets = Path::new("/tmp/.X11-unix");
    fs::create_dir_all(sockets).expect("the folder of screens");
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    if number == 77 {
        kit::run(Command::new("mount").args(["-t", "tmpfs", "-o", "mode=1777", "tmpfs"]).arg(sockets));
    }
    let name = format!(":{number}");
    let mut server = Command::new("Xvfb");
    // Or it would begin anew whenever the last program leaves it, also while the next one connects.
    server.args([&name, "-noreset", "-nolock", "-nolisten", "tcp"]);
    server.args(["-screen", "0", &format!("{width}x{height}x24")]);
    let server = Process::start(&mut server, &logs.join("Xvfb"));
    let socket = sockets.join(format!("X{number}"));
    listens("the screen", &socket);
    (Screen { name }, server)
}

fn environment(setting: &Setting, screen: &Screen, home: &Path) -> Vec<(String, String)> {
    let runtime = std::env::var("XDG_RUNTIME_DIR").expect("XDG_RUNTIME_DIR");
    let share = installed::folder().join("share").display().to_string();
    let mut all: Vec<(String, String)> = [
        ("HOME", home.display().to_string()),
        ("DISPLAY", screen.name.clone()),
        ("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={runtime}/bus")),
        ("XDG_DATA_DIRS", format!("{share}:/usr/local/share:/usr/share")),
        ("GSETTINGS_BACKEND", "memory".to_owned()),
        ("LANG", setting.language.to_owned()),
        // Not every language of ours is installed here, and what GTK reads of it is the way of writing.
        ("LC_CTYPE", "C.UTF-8".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    all.extend(setting.environment.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    all
}

fn address(environment: &[(String, String)]) -> &str {
    let found = environment.iter().find(|(name, _)| name == "DBUS_SESSION_BUS_ADDRESS");
    found.map(|(_, value)| value.as_str()).expect("an address")
}

/// At the place where systemd's manager of user units has it: that starts it when somebody connects.
fn session_bus(environment: &[(String, String)], systemd: bool, logs: &Path) -> (Bus, Process) {
    let address = address(environment);
    let socket = Path::new(address.trim_start_matches("unix:path="));
    let _ = fs::remove_file(socket);
    let mut daemon = if systemd {
        // By this folder programs see that systemd is there. /run is that of the sandbox.
        fs::create_dir_all("/run/systemd/system").expect("a folder");
        let mut manager = Command::new("/lib/systemd/systemd");
        manager.arg("--user").env_remove("XDG_CONFIG_HOME");
        manager
    } else {
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--session", "--nofork", "--nopidfile", "--address", address]);
        daemon
    };
    daemon.envs(environment.iter().cloned());
    let daemon = Process::start(&mut daemon, &logs.join("bus"));
    listens("the session bus", socket);
    (Bus::connect(address), daemon)
}

//! The tool as a person runs it: in a terminal, which shows what is typed unless the tool prevents it.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Nothing that the tool does takes so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// A terminal in which the tool runs.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    screen: Receiver<Vec<u8>>,
    shown: Vec<u8>,
    /// Up to where the screen was read.
    read: usize,
}

/// What is left when the tool has ended.
pub struct Ended {
    /// Everything that was on the screen.
    pub shown: String,
    /// Exit code.
    pub code: i32,
    /// Whether the terminal shows again what is typed.
    pub echoes: bool,
}

impl Terminal {
    /// Starts the tool.
    ///
    /// # Panics
    /// Where that fails; so all methods here.
    pub fn start(arguments: &[&str]) -> Self {
        Self::with_environment(arguments, &[])
    }

    /// Starts the tool with these variables.
    pub fn with_environment(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::of(&crate::tool(), arguments, variables)
    }

    /// Starts another program in a terminal.
    pub fn of(program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 50, cols: 200, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        variables.iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).expect("start the tool in the terminal");
        let mut reader = pair.master.try_clone_reader().expect("the screen");
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // An error is the end: the last program has left the terminal.
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keyboard = pair.master.take_writer().expect("the keyboard");
        // This side stays open, so that the terminal can be looked at when the tool has ended.
        std::mem::forget(pair.slave);
        Self { master: pair.master, child, keyboard, screen, shown: Vec::new(), read: 0 }
    }

    /// The tool's process.
    pub fn id(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    fn wait_for_more(&mut self, deadline: Instant) -> bool {
        let patience = deadline.saturating_duration_since(Instant::now());
        match self.screen.recv_timeout(patience) {
            Ok(more) => {
                self.shown.extend(more);
                true
            }
            Err(_) => false,
        }
    }

    /// Waits until these words are shown.
    #[track_caller]
    pub fn expect(&mut self, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let new = &self.shown[self.read..];
            if let Some(place) = new.windows(words.len()).position(|window| window == words.as_bytes()) {
                self.read += place + words.len();
                return;
            }
            let more = self.wait_for_more(deadline);
            assert!(more, "{words:?} is not shown:\n{}", String::from_utf8_lossy(&self.shown));
        }
    }

    /// The rest of the question that is shown now, up to the answers that it takes.
    #[track_caller]
    pub fn line(&mut self) -> String {
        let begin = self.read;
        self.expect("(y/n)");
        String::from_utf8_lossy(&self.shown[begin..self.read]).into_owned()
    }

    /// Types, and presses Enter.
    pub fn enter(&mut self, line: &str) {
        self.press(format!("{line}\r").as_bytes());
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &[u8]) {
        self.keyboard.write_all(keys).and_then(|()| self.keyboard.flush()).expect("type");
    }

    /// Waits for the question, and types the answer.
    #[track_caller]
    pub fn answer(&mut self, question: &str, line: &str) {
        self.expect(question);
        self.enter(line);
    }

    /// Sends the tool a signal, called so without SIG.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.id().to_string()]).status();
        assert!(sent.expect("run kill").success(), "the tool has ended");
    }

    /// Whether the terminal shows what is typed.
    pub fn echoes(&self) -> bool {
        let settings = self.master.get_termios().expect("the terminal's settings");
        shows(&format!("{:?}", settings.local_flags))
    }

    /// Waits for the end of the tool, and has it go on where it has paused.
    pub fn end_after_pauses(mut self) -> Ended {
        while self.child.try_wait().expect("ask for the tool").is_none() {
            let _ = Command::new("kill").args(["-s", "CONT", &self.id().to_string()]).status();
            std::thread::sleep(Duration::from_millis(20));
        }
        self.end()
    }

    /// Waits for the end of the tool.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("wait for the tool") {
                break status;
            }
            let _ = self.wait_for_more(Instant::now() + Duration::from_millis(5));
            if Instant::now() > deadline {
                let _ = self.child.kill();
                panic!("the tool does not end:\n{}", String::from_utf8_lossy(&self.shown));
            }
        };
        // What was written last is on its way still.
        while self.wait_for_more(Instant::now() + Duration::from_millis(100)) {}
        let echoes = self.echoes();
        Ended {
            shown: String::from_utf8(self.shown).expect("what is shown is text").replace('\r', ""),
            code: i32::try_from(status.exit_code()).expect("an exit code"),
            echoes,
        }
    }
}

/// Whether the flag ECHO is among these, of which only the debug form can be had without another library.
fn shows(flags: &str) -> bool {
    flags.split(|c: char| !c.is_ascii_alphanumeric()).any(|flag| flag == "ECHO")
}

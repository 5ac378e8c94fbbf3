//! The child that asks the holder: the window, or the tool where there is only a terminal.

use avain_flow::asked::{Answer, Refused, Request};
use std::env;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Sender;
use std::thread;

/// Longest answer: a certificate in hexadecimal digits, and what belongs to it.
const LONGEST: u64 = 64 * 1024;

/// What happens while a command is served.
#[derive(Debug)]
pub enum Event {
    /// The browser has sent a message.
    Command(Vec<u8>),
    /// The browser has sent something else.
    Nonsense,
    /// The browser waits no more.
    Gone,
    /// The holder has answered.
    Answered(Result<Answer, Refused>),
}

/// Who can be asked.
pub trait Holder {
    /// A question: dropping it takes it back, and returns when nothing more is done to the card for it.
    type Asking;

    /// Asks; the answer is an event.
    fn ask(&self, request: &Request, events: Sender<Event>) -> io::Result<Self::Asking>;
}

/// The programs that ask.
pub struct Programs(PathBuf);

/// Those that were installed together with this program.
pub fn beside_this_program() -> io::Result<Programs> {
    let folder = env::current_exe()?.parent().map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    Ok(Programs(folder))
}

/// The child that asks.
pub struct Process(Child);

impl Programs {
    /// The window, if there is a display for it; else the tool, on the terminal that this was started from.
    fn command(&self) -> io::Result<Command> {
        let has_display = ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| env::var_os(name).is_some());
        let window = self.0.join("avain-window");
        if has_display && window.is_file() {
            let mut command = Command::new(window);
            command.arg("--asked");
            return Ok(command);
        }
        let terminal = File::options().read(true).write(true).open("/dev/tty")?;
        let mut command = Command::new(self.0.join("avain"));
        command.arg("answer").stderr(terminal);
        Ok(command)
    }
}

impl Holder for Programs {
    type Asking = Process;

    fn ask(&self, request: &Request, events: Sender<Event>) -> io::Result<Process> {
        let mut child = self.command()?.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        if let Some(input) = &mut child.stdin {
            writeln!(input, "{}", request.line())?;
        }
        let output = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        thread::Builder::new().name("holder".to_owned()).spawn(move || {
            let mut line = String::new();
            // A child that says nothing has failed.
            let _ = BufReader::new(output.take(LONGEST)).read_line(&mut line);
            let refused = || Refused::of_line(&line).unwrap_or(Refused::Failed);
            let _ = events.send(Event::Answered(Answer::of_line(&line).ok_or_else(refused)));
        })?;
        Ok(Process(child))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The end of its input tells the child, which ends by itself: what was begun with a card is finished first.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

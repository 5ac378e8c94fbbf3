//! Simulated identity cards in vpcd readers.

use clap::Parser;
use simcard::cards::CardModel;
use simcard::control::{Outcome, Reader, execute};
use simcard::options::CardOptions;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Simulated national identity cards in the readers of vpcd: Finnish citizen cards (FINEID) and those of other
/// countries.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// TCP port of the reader slot, for a single reader (vpcd's first slot is 35963).
    #[arg(long)]
    port: Option<u16>,

    /// A reader and its card: PORT=CARD[,state=..][,holder=..][,issued=YYYY-MM-DD][,pin1=..][,pin2=..][,puk=..]
    /// [,transport=..][,interface=contactless][,can=..][,inserted=no][,SWITCH=VALUE]; may be given several times.
    #[arg(long, value_name = "PORT=CARD[,...]")]
    reader: Vec<String>,

    #[arg(long, default_value_t = CardModel::default(), help = card_names())]
    card: CardModel,

    /// Delivery state; a wrong one lists them all.
    #[arg(long, default_value = "activated")]
    state: String,

    /// Whose card it is.
    #[arg(long, default_value_t = 1)]
    holder: u32,

    /// Day of issue, YYYY-MM-DD.
    #[arg(long)]
    issued: Option<String>,

    /// PIN1.
    #[arg(long)]
    pin1: Option<String>,

    /// PIN2.
    #[arg(long)]
    pin2: Option<String>,

    /// PUK, and activation code of the old scheme.
    #[arg(long)]
    puk: Option<String>,

    /// Transport code of the new scheme.
    #[arg(long)]
    transport: Option<String>,

    /// An answer to an open question, for every card that has the switch; may be given several times.
    #[arg(long, value_name = "NAME=VALUE")]
    switch: Vec<String>,

    /// Take the modelled time for each exchange.
    #[arg(long)]
    real_time: bool,

    /// Start with the cards beside the readers.
    #[arg(long)]
    not_inserted: bool,

    /// Seconds to wait for the reader driver to listen.
    #[arg(long, default_value_t = 10)]
    patience: u64,

    /// Unix socket of the control channel.
    #[arg(long)]
    control: Option<PathBuf>,

    /// Write the certificates as PEM into this folder (into reader0, reader1 ... in it if there are several readers);
    /// without a reader the program ends then.
    #[arg(long, value_name = "DIR")]
    write_certs: Option<PathBuf>,

    /// List the switches of the card and end.
    #[arg(long)]
    list_switches: bool,

    /// Print the description of the card as JSON and end.
    #[arg(long)]
    describe: bool,
}

/// Help for the card, with every name.
fn card_names() -> String {
    let names: Vec<_> = CardModel::EVERY.iter().map(ToString::to_string).collect();
    format!("Card: {}", names.join(", "))
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("simcard: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    if arguments.list_switches {
        for switch in arguments.card.switches() {
            println!("{}={} ({})\n    {}", switch.name, switch.default, switch.choices, switch.about);
        }
        return Ok(());
    }
    if arguments.describe {
        let text = serde_json::to_string_pretty(arguments.card.description()).map_err(|e| e.to_string())?;
        println!("{text}");
        return Ok(());
    }
    let common = common_options(arguments)?;
    if arguments.port.is_some() || arguments.reader.is_empty() {
        common.check_state()?;
    }
    let mut readers = Vec::new();
    let mut inserted = Vec::new();
    if let Some(port) = arguments.port {
        readers.push(Reader::new(port, common.clone()));
        inserted.push(!arguments.not_inserted);
    }
    for text in &arguments.reader {
        let (port, card) = text.split_once('=').ok_or_else(|| format!("{text:?} is not PORT=CARD"))?;
        let port = port.parse().map_err(|_| format!("{port:?} is no port"))?;
        let stays_out = card.split(',').any(|part| part == "inserted=no");
        let card: Vec<_> = card.split(',').filter(|part| !part.starts_with("inserted=")).collect();
        let mut options = common.clone();
        options.apply(&card.join(","))?;
        readers.push(Reader::new(port, options));
        inserted.push(!arguments.not_inserted && !stays_out);
    }
    if let Some(folder) = &arguments.write_certs {
        write_certificates(&readers, &common, folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        if readers.is_empty() {
            return Ok(());
        }
    }
    if readers.is_empty() {
        return Err("no reader; say --port or --reader".into());
    }
    let listener = arguments.control.as_deref().map(listen).transpose()?;
    for (reader, inserted) in readers.iter_mut().zip(inserted) {
        if inserted {
            let patience = Duration::from_secs(arguments.patience);
            reader.insert_within(patience).map_err(|e| format!("port {}: {e}", reader.port))?;
        }
    }
    println!("ready {}", readers.len());
    io::stdout().flush().map_err(|e| e.to_string())?;
    match listener {
        Some(listener) => serve(&listener, readers, arguments.control.as_deref()),
        None => loop {
            // Nothing to do here: every card has a thread. Ends by a signal.
            std::thread::park();
        },
    }
}

fn common_options(arguments: &Arguments) -> Result<CardOptions, String> {
    let mut options = CardOptions {
        model: arguments.card,
        state: arguments.state.parse()?,
        holder: arguments.holder,
        real_time: arguments.real_time,
        ..CardOptions::default()
    };
    let named = [
        ("issued", &arguments.issued),
        ("pin1", &arguments.pin1),
        ("pin2", &arguments.pin2),
        ("puk", &arguments.puk),
        ("transport", &arguments.transport),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            options.set(name, value)?;
        }
    }
    for switch in &arguments.switch {
        let (name, value) = switch.split_once('=').ok_or_else(|| format!("{switch:?} is not NAME=VALUE"))?;
        options.switches.set(name, value)?;
    }
    Ok(options)
}

fn write_certificates(readers: &[Reader], common: &CardOptions, folder: &Path) -> io::Result<()> {
    match readers {
        [] => simcard::Card::new(common.clone()).certificates().write_pem(folder),
        [reader] => certificates_of(reader).write_pem(folder),
        several => {
            for (number, reader) in several.iter().enumerate() {
                certificates_of(reader).write_pem(&folder.join(format!("reader{number}")))?;
            }
            Ok(())
        }
    }
}

fn certificates_of(reader: &Reader) -> simcard::Certificates {
    reader.card.lock().unwrap_or_else(PoisonError::into_inner).certificates().clone()
}

fn listen(path: &Path) -> Result<UnixListener, String> {
    // A socket that an earlier run left behind; anything else at this place is not ours to remove.
    use std::os::unix::fs::FileTypeExt;
    if std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket()) {
        std::fs::remove_file(path).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    UnixListener::bind(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Serves the control channel, several connections at once, until one of them says `quit`.
fn serve(listener: &UnixListener, readers: Vec<Reader>, path: Option<&Path>) -> Result<(), String> {
    let readers = Arc::new(Mutex::new(readers));
    let (quit, ended) = std::sync::mpsc::channel();
    let listener = listener.try_clone().map_err(|e| e.to_string())?;
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let (readers, quit) = (Arc::clone(&readers), quit.clone());
            std::thread::spawn(move || {
                if converse(&connection, &readers).unwrap_or(false) {
                    // The cards leave their readers before the program ends.
                    readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
                    let _ = (&connection).write_all(b"ok\n");
                    let _ = quit.send(());
                }
            });
        }
    });
    let _ = ended.recv();
    if let Some(path) = path {
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

/// One connection; true if it said `quit`.
fn converse(connection: &UnixStream, readers: &Mutex<Vec<Reader>>) -> io::Result<bool> {
    for line in BufReader::new(connection).lines() {
        let outcome = execute(&mut readers.lock().unwrap_or_else(PoisonError::into_inner), &line?);
        match outcome {
            Outcome::Answer(answer) => writeln!(&*connection, "{answer}")?,
            Outcome::Quit => return Ok(true),
        }
    }
    Ok(false)
}

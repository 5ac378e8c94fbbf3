//! The command line. What commands and options are for is said by `help.rs`, in the words of each language.

use avain_flow::rules::Leave;
use avain_flow::{Consent, Language, LastTry, Role, Secret, inherited};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::fs::File;
use std::num::ParseIntError;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

#[derive(Parser)]
#[command(name = "avain", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[arg(long, global = true, value_name = "NAME", display_order = 90)]
    pub(crate) reader: Option<String>,
    #[arg(long, global = true, value_name = "LANGUAGE", display_order = 91)]
    lang: Option<Tongue>,
    #[arg(long, short, global = true, display_order = 92)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Status {
        #[arg(long)]
        json: bool,
        #[arg(long)]
        personal: bool,
    },
    Activate {
        #[command(flatten)]
        setting: Setting,
    },
    ChangePin {
        #[arg(value_name = "1|2|puk")]
        pin: WhichCode,
        #[command(flatten)]
        setting: Setting,
    },
    Unblock {
        #[arg(value_name = "1|2")]
        pin: Which,
        #[command(flatten)]
        setting: Setting,
    },
    Certs {
        #[command(flatten)]
        form: Form,
    },
    Sign {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        pins: Pins,
    },
    Test {
        #[command(flatten)]
        pins: Pins,
    },
    Can {
        #[arg(value_name = "add|list|forget")]
        action: CanAction,
        #[arg(value_name = "1|2|...|all", required_if_eq("action", "forget"))]
        which: Option<Forgotten>,
        #[command(flatten)]
        lines: Lines,
    },
    Diagnose {
        #[command(flatten)]
        form: Diagnosis,
    },
    Register {
        #[arg(long, value_name = "FILE")]
        module: Option<PathBuf>,
        #[arg(long = "new", requires = "system")]
        only_new: bool,
        #[command(flatten)]
        form: Registration,
    },
    Unregister {
        #[arg(long)]
        purge: bool,
        #[command(flatten)]
        form: Registration,
    },
    Config {
        #[command(flatten)]
        form: Setup,
    },
    Doctor {
        #[command(flatten)]
        form: Treatment,
    },
    Web {
        #[arg(value_name = "scs")]
        face: Service,
        #[arg(value_name = "on|off|status")]
        switch: Switch,
    },
    #[command(hide = true)]
    Probe {
        #[arg(value_name = "FILE")]
        module: PathBuf,
    },
    #[command(hide = true)]
    Answer {
        #[command(flatten)]
        pins: Pins,
    },
    #[command(hide = true)]
    Generate {
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

/// By what web pages ask.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Service {
    Scs,
}

/// What is done with it.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
    Status,
}

/// What is done with the card access numbers that are stored.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum CanAction {
    Add,
    List,
    Forget,
}

/// Which of them are forgotten.
#[derive(Clone, Copy)]
pub(crate) enum Forgotten {
    Place(usize),
    All,
}

impl FromStr for Forgotten {
    type Err = ParseIntError;

    fn from_str(which: &str) -> Result<Self, ParseIntError> {
        if which == "all" { Ok(Forgotten::All) } else { which.parse().map(Forgotten::Place) }
    }
}

/// Where PINs and other numbers come from.
#[derive(Args)]
pub(crate) struct Lines {
    #[arg(long, value_name = "FILE", conflicts_with = "pin_fd")]
    pub(crate) pin_file: Option<PathBuf>,
    #[arg(long, value_name = "NUMBER")]
    pub(crate) pin_fd: Option<Descriptor>,
}

/// Where PINs come from, and what may be risked.
#[derive(Args)]
pub(crate) struct Pins {
    #[command(flatten)]
    pub(crate) lines: Lines,
    #[arg(long)]
    pub(crate) keyboard: bool,
    #[arg(long)]
    use_last_try: bool,
}

/// A descriptor that the tool has inherited. It is copied when the command line is read, before the tool opens anything
/// that could have the same number. `None` if it cannot be read.
#[derive(Clone)]
pub(crate) struct Descriptor(Option<Arc<File>>);

impl FromStr for Descriptor {
    type Err = ParseIntError;

    fn from_str(number: &str) -> Result<Self, ParseIntError> {
        let number: u16 = number.parse()?;
        Ok(Descriptor(inherited(number.into()).ok().map(Arc::new)))
    }
}

impl Descriptor {
    /// The open file behind it, at its present position.
    pub(crate) fn file(&self) -> Option<File> {
        self.0.as_ref()?.try_clone().ok()
    }
}

/// How a new PIN is set.
#[derive(Args)]
pub(crate) struct Setting {
    #[command(flatten)]
    pub(crate) pins: Pins,
    #[arg(long)]
    long_pin: bool,
    #[arg(long)]
    untried_card: bool,
}

/// How certificates are shown.
#[derive(Args)]
pub(crate) struct Form {
    #[arg(long, conflicts_with = "der")]
    pub(crate) pem: bool,
    #[arg(long, value_name = "FOLDER")]
    pub(crate) der: Option<PathBuf>,
}

/// How the diagnosis is given.
#[derive(Args)]
pub(crate) struct Diagnosis {
    #[arg(long = "output", short = 'o', value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is done about findings.
#[derive(Args)]
pub(crate) struct Treatment {
    #[arg(long, conflicts_with = "json")]
    pub(crate) fix: bool,
    #[arg(long)]
    pub(crate) json: bool,
    #[arg(long, value_name = "FOLDER", conflicts_with = "fix")]
    pub(crate) root: Option<PathBuf>,
}

/// Which setting is changed, and how.
#[derive(Args)]
pub(crate) struct Setup {
    #[arg(value_name = "SETTING")]
    pub(crate) setting: Option<String>,
    #[arg(value_name = "VALUE")]
    pub(crate) values: Vec<String>,
    #[arg(long, requires = "setting", conflicts_with = "values")]
    pub(crate) unset: bool,
    #[arg(long)]
    pub(crate) system: bool,
    #[arg(long, value_name = "FOLDER")]
    pub(crate) root: Option<PathBuf>,
}

/// Which programs are told of the module, or made to forget it.
#[derive(Args)]
pub(crate) struct Registration {
    #[arg(value_name = "PROGRAM")]
    pub(crate) programs: Vec<String>,
    #[arg(long)]
    pub(crate) system: bool,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[arg(long)]
    pub(crate) json: bool,
    #[arg(long, value_name = "FOLDER")]
    pub(crate) root: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Which {
    #[value(name = "1")]
    First,
    #[value(name = "2")]
    Second,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum WhichCode {
    #[value(name = "1")]
    First,
    #[value(name = "2")]
    Second,
    Puk,
}

#[derive(Clone, Copy, ValueEnum)]
enum Tongue {
    Fi,
    Sv,
    En,
    Et,
}

impl Which {
    pub(crate) fn role(self) -> Role {
        match self {
            Which::First => Role::Authentication,
            Which::Second => Role::Signature,
        }
    }
}

impl WhichCode {
    pub(crate) fn secret(self) -> Secret {
        match self {
            WhichCode::First => Secret::Pin(Role::Authentication),
            WhichCode::Second => Secret::Pin(Role::Signature),
            WhichCode::Puk => Secret::Puk,
        }
    }
}

impl Pins {
    /// What the user allows when no PIN is set.
    pub(crate) fn leave(&self) -> Leave {
        let last_try = if self.use_last_try { LastTry::Use } else { LastTry::Keep };
        Leave { last_try, long_pin: false, consent: Consent::NotAsked }
    }
}

impl Setting {
    /// What the user allows.
    pub(crate) fn leave(&self) -> Leave {
        let consent = if self.untried_card { Consent::Given } else { Consent::NotAsked };
        Leave { long_pin: self.long_pin, consent, ..self.pins.leave() }
    }
}

impl Command {
    /// Are PINs typed for it?
    pub(crate) fn wants_pins(&self) -> bool {
        use Command::{Activate, Answer, Can, ChangePin, Sign, Test, Unblock};
        let used =
            matches!(self, Can { action: CanAction::Add, .. } | Sign { .. } | Test { .. } | Answer { .. });
        used || matches!(self, Activate { .. } | ChangePin { .. } | Unblock { .. })
    }
}

impl Arguments {
    /// The language of the output: that of the option, or of the locale.
    pub(crate) fn language(&self) -> Language {
        self.lang.map_or_else(Language::of_environment, Tongue::language)
    }
}

impl Tongue {
    fn language(self) -> Language {
        match self {
            Tongue::Fi => Language::Finnish,
            Tongue::Sv => Language::Swedish,
            Tongue::En => Language::English,
            Tongue::Et => Language::Estonian,
        }
    }
}

/// The language of a command line that may be wrong.
pub(crate) fn language(mut words: impl Iterator<Item = String>) -> Language {
    while let Some(word) = words.next() {
        let tongue = match word.split_once('=') {
            Some(("--lang", tongue)) => Some(tongue.to_owned()),
            _ if word == "--lang" => words.next(),
            _ => None,
        };
        if let Some(tongue) = tongue.and_then(|tongue| Tongue::from_str(&tongue, false).ok()) {
            return tongue.language();
        }
    }
    Language::of_environment()
}

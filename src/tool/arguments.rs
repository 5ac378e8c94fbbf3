//! The command line. Doc comments of options and commands are their help texts.

use avain_flow::rules::Leave;
use avain_flow::{Consent, Language, LastTry, Role, Secret, inherited};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::fs::File;
use std::num::ParseIntError;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

/// The end of the manual page.
const MORE: &str = "\
PINs are typed without being shown. They are never taken from the command line or from the environment, where \
other programs could see them. Scripts give them in a file or on a descriptor, one per line in the order in which \
they would be asked for, each once.

Environment:
   AVAIN_LOG       info or debug: tells those who help what is done, on the standard error output; no PIN and
                   nothing of what the card holds is told
   AVAIN_LOG_FILE  a file for that, which is there already, and which nobody else may write to

Exit codes:
   0  done, or nothing to do
   1  it did not work
   2  the command line is wrong
   3  no reader, no card, or not clear which one
   4  the card refused a PIN or code: a try was spent
   5  a PIN or code is locked
   6  only one of two steps was done: the same command does the rest
   7  only one try is left, and --use-last-try was not given
   8  what was typed or asked for does not fit this card: nothing was sent
   9  the card is not known, or cannot do this
  10  stopped by the user";

/// Look after a national identity card: activate it, change and unlock its PINs, sign.
#[derive(Parser)]
#[command(name = "avain", version, after_long_help = MORE, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// The reader, by its name or a part of it
    #[arg(long, global = true, value_name = "NAME", display_order = 90)]
    pub(crate) reader: Option<String>,

    /// The language: fi, sv, en or et; by default that of the system
    #[arg(long, global = true, value_name = "LANGUAGE", display_order = 91)]
    lang: Option<Tongue>,

    /// Tell step and status word as well, for those who help
    #[arg(long, short, global = true, display_order = 92)]
    pub(crate) verbose: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show readers and cards, how the PINs stand, and what to do next; spends no try
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,

        /// Also what tells whose card it is: name, numbers, and what the card says without a PIN
        #[arg(long)]
        personal: bool,
    },
    /// Activate a new card with the code from the letter, or go on where that was interrupted; change the PINs that
    /// have to be changed before the card signs
    Activate {
        #[command(flatten)]
        setting: Setting,
    },
    /// Change a PIN that you know, or the PUK of a card that allows it
    ChangePin {
        /// PIN1 is for logging in, PIN2 for signing; 1 is the one PIN of a card with one
        #[arg(value_name = "1|2|puk")]
        pin: WhichCode,
        #[command(flatten)]
        setting: Setting,
    },
    /// Unlock a PIN, or replace a forgotten one, with the activation code of 8 digits or the PUK
    Unblock {
        /// PIN1 is for logging in, PIN2 for signing; 1 is the one PIN of a card with one
        #[arg(value_name = "1|2")]
        pin: Which,
        #[command(flatten)]
        setting: Setting,
    },
    /// Show the certificates of the card
    Certs {
        #[command(flatten)]
        form: Form,
    },
    /// Sign a file with your signature key: a detached CMS signature (PKCS #7) with your certificate in it
    Sign {
        /// What is to be signed
        file: PathBuf,
        /// Where the signature goes; by default beside the file, with .p7s at the end of its name
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        pins: Pins,
    },
    /// Find out whether reader, card and PIN work, by a signature that means nothing
    Test {
        #[command(flatten)]
        pins: Pins,
    },
    /// Gather what could be why something does not work, for those who help: readers, cards, programs, where the module
    /// is registered. Names, numbers and folders of persons are left out; nothing is sent, no PIN is asked for
    Diagnose {
        #[command(flatten)]
        form: Diagnosis,
    },
    /// Write manual pages and completions into a folder
    #[command(hide = true)]
    Generate {
        /// The folder
        folder: PathBuf,
    },
}

/// Where PINs come from, and what may be risked.
#[derive(Args)]
pub(crate) struct Pins {
    /// Read the PINs from this file, one per line
    #[arg(long, value_name = "FILE", conflicts_with = "pin_fd")]
    pub(crate) pin_file: Option<PathBuf>,

    /// Read the PINs from this descriptor, one per line
    #[arg(long, value_name = "NUMBER")]
    pub(crate) pin_fd: Option<Descriptor>,

    /// Spend even the last try; if it is wrong, the PIN is locked, or the card lost for ever
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

    /// Allow a new PIN as long as the card can hold; other programs may refuse more than 8 digits
    #[arg(long)]
    long_pin: bool,

    /// Go on with a card of a kind that nobody is known to have tried this with
    #[arg(long)]
    untried_card: bool,
}

/// How certificates are shown.
#[derive(Args)]
pub(crate) struct Form {
    /// As PEM
    #[arg(long, conflicts_with = "der")]
    pub(crate) pem: bool,

    /// As files in DER in this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) der: Option<PathBuf>,
}

/// How the diagnosis is given.
#[derive(Args)]
pub(crate) struct Diagnosis {
    /// Into this file, which is made anew and which only you can read, instead of on the terminal
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
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
        use Command::{Activate, ChangePin, Sign, Test, Unblock};
        matches!(self, Activate { .. } | ChangePin { .. } | Unblock { .. } | Sign { .. } | Test { .. })
    }
}

impl Arguments {
    /// The language of the output: that of the option, or of the locale (POSIX §8.2).
    pub(crate) fn language(&self) -> Language {
        match self.lang {
            Some(Tongue::Fi) => Language::Finnish,
            Some(Tongue::Sv) => Language::Swedish,
            Some(Tongue::En) => Language::English,
            Some(Tongue::Et) => Language::Estonian,
            None => ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .filter_map(|name| std::env::var(name).ok())
                .find(|value| !value.is_empty())
                .and_then(|locale| Language::of_locale(&locale))
                .unwrap_or_default(),
        }
    }
}

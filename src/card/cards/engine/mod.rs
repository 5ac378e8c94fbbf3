//! Works any card by its profile: one short function per thing a card can be asked.
//!
//! Every function needs its home to be selected, unless it says otherwise; keeping track of that is the caller's
//! business, because it outlives a single command.

mod keys;
mod personal;
mod pins;

pub use keys::{KeyTask, Prepared, SignInput, prepare};
pub use personal::personal_data;
pub use pins::{Probe, Unverified, change, pin_state, probe, reset, unblock, unverify, verify};

use super::certificate::Certificate;
use super::error::{CardError, Step};
use super::profile::{CardProfile, File, Number, Select, SelectTarget};
use crate::iso7816::{Channel, StatusWord, file, tlv};

/// Enough of EF.CIAInfo to hold version and serial number, and never more than the file has.
const CARD_INFO_START: usize = 32;

/// SELECT of an application or directory.
pub fn select(channel: &mut Channel<'_>, home: &SelectTarget) -> Result<(), CardError> {
    let selected = match home {
        SelectTarget::Application(identifier) => file::select_application(channel, identifier),
        SelectTarget::Directory(path) => file::select_path(channel, path),
    };
    selected.map_err(|e| Step::SelectApplication.failed(e))
}

/// The number that tells the card from all others of its kind; the first source that the card has. Needs the card's
/// application.
pub fn read_number(channel: &mut Channel<'_>, profile: &CardProfile) -> Result<Vec<u8>, CardError> {
    let step = Step::ReadSerial;
    let mut outcome = Err(CardError::Unsupported);
    for number in profile.numbers.iter() {
        outcome = read_one_number(channel, profile, number);
        if !matches!(outcome, Err(CardError::Refused { sw: StatusWord::NOT_FOUND, .. })) {
            break;
        }
    }
    outcome.and_then(|number| if number.is_empty() { Err(CardError::Malformed { step }) } else { Ok(number) })
}

fn read_one_number(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    number: &Number,
) -> Result<Vec<u8>, CardError> {
    let step = Step::ReadSerial;
    let found = |found: Option<&[u8]>| found.map(<[u8]>::to_vec).ok_or(CardError::Malformed { step });
    match number {
        Number::CardInfo(path) => {
            select_file(channel, profile.files.select, path).map_err(|e| step.failed(e))?;
            let start = file::read_start(channel, CARD_INFO_START).map_err(|e| step.failed(e))?;
            found(tlv::contents(&start, 0x30).and_then(|info| tlv::find(info, 0x04)))
        }
        Number::File { path, tag } => {
            select_file(channel, profile.files.select, path).map_err(|e| step.failed(e))?;
            let content = file::read_whole(channel, profile.files.blocks).map_err(|e| step.failed(e))?;
            found(match tag {
                Some(tag) => tlv::find(&content, *tag),
                None => Some(&content),
            })
        }
        Number::Certificate => {
            let key = profile.keys.first().ok_or(CardError::Unsupported)?;
            select(channel, &key.certificate.home)?;
            let certificate = read_certificate(channel, profile, &key.certificate)?;
            found(certificate.as_ref().map(|certificate| certificate.serial.as_slice()))
        }
        Number::Command(ask) => ask(channel),
    }
}

fn select_file(channel: &mut Channel<'_>, select: Select, path: &[u8]) -> Result<(), file::FileError> {
    match select {
        Select::FromMf => file::select_path(channel, path),
        Select::FromTarget => file::select_below(channel, path),
        Select::Child => file::select_child(channel, path),
    }
}

/// Reads the object that a file begins with. Empty where there is nothing in it.
pub fn read_file(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    step: Step,
    file: &File,
) -> Result<Vec<u8>, CardError> {
    select_file(channel, profile.files.select, &file.path)
        .and_then(|()| file::read_object(channel, profile.files.blocks))
        .map_err(|error| step.failed(error))
}

/// Reads a certificate. `None` when the card has no such file, or nothing in it.
pub fn read_certificate(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    file: &File,
) -> Result<Option<Certificate>, CardError> {
    let step = Step::ReadCertificate;
    match read_file(channel, profile, step, file) {
        Ok(nothing) if nothing.is_empty() => Ok(None),
        Ok(der) => Certificate::parse(&der).map(Some).ok_or(CardError::Malformed { step }),
        Err(CardError::Refused { sw: StatusWord::NOT_FOUND, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

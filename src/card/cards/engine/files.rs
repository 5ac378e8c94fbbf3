//! Selecting applications and files, and reading files.

use crate::cards::certificate::Certificate;
use crate::cards::error::{CardError, Step};
use crate::cards::profile::{CardProfile, File, Select, SelectTarget};
use crate::iso7816::file::{self, FileError};
use crate::iso7816::{Channel, StatusWord};

/// Selects an application or DF.
pub fn select(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    target: &SelectTarget,
) -> Result<(), CardError> {
    let selected = match (target, profile.files.select) {
        (SelectTarget::Application(identifier), _) => file::select_application(channel, identifier),
        (SelectTarget::Directory(path), _) if path.is_empty() => file::select_steps(channel, path),
        (SelectTarget::Directory(path), Select::StepByStep) => file::select_steps(channel, path),
        (SelectTarget::Directory(path), _) => file::select_path(channel, path),
    };
    selected.map_err(|e| Step::SelectApplication.failed(e))
}

pub(super) fn select_file(channel: &mut Channel<'_>, select: Select, path: &[u8]) -> Result<(), FileError> {
    match select {
        Select::FromMf => file::select_path(channel, path),
        Select::StepByStep => file::select_steps(channel, path),
        Select::FromCurrentDf => file::select_below(channel, path),
        Select::ChildEf => file::select_child(channel, path),
    }
}

/// Asks once more for what the card refused or garbled.
pub fn twice_if_refused<T>(ask: &mut dyn FnMut() -> Result<T, CardError>) -> Result<T, CardError> {
    match ask() {
        Err(CardError::Refused { .. } | CardError::Malformed { .. }) => ask(),
        outcome => outcome,
    }
}

/// Reads the data object at the start of a file. Empty if the file is.
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

/// Reads a file that describes the content of the card, to its end; it may be made of records.
pub fn read_any(channel: &mut Channel<'_>, profile: &CardProfile, path: &[u8]) -> Result<Vec<u8>, CardError> {
    select_file(channel, profile.files.select, path)
        .and_then(|()| file::read_any(channel, profile.files.blocks))
        .map_err(|error| Step::ReadDirectory.failed(error))
}

/// How much of a file tells it from all others: a certificate's serial number is within it.
const TELLING: usize = 48;

/// The part of a file that tells it from all others.
pub fn start_of(content: &[u8]) -> Vec<u8> {
    content.iter().take(TELLING).copied().collect()
}

/// Does the current file, whichever it is, begin like this? By one command.
pub fn current_file_is(channel: &mut Channel<'_>, start: &[u8]) -> Result<bool, CardError> {
    match file::read_start(channel, start.len()) {
        Ok(found) => Ok(found == start),
        Err(FileError::Transport(error)) => Err(error.into()),
        Err(_) => Ok(false),
    }
}

/// Does a file begin like this? By SELECT and READ BINARY. A file that cannot be read does not.
pub fn file_begins_with(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    file: &File,
    beginning: &[u8],
) -> Result<bool, CardError> {
    let found = select_file(channel, profile.files.select, &file.path)
        .and_then(|()| file::read_beginning(channel, beginning.len(), profile.files.blocks));
    match found {
        Ok(found) => Ok(found == beginning),
        Err(FileError::Transport(error)) => Err(error.into()),
        Err(_) => Ok(false),
    }
}

/// Reads a certificate. `None` if the file does not exist or is empty.
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

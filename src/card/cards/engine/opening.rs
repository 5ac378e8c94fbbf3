//! Opening the channel to a card.

use crate::cards::can::{Can, CanError};
use crate::cards::error::{CardError, Step};
use crate::cards::profile::Contactless;
use crate::iso7816::file::FileError;
use crate::iso7816::secure::pace::{self, Draw, PaceError};
use crate::iso7816::secure::{Session, Suite, card_access};
use crate::iso7816::{Channel, StatusWord, file};
use crate::transport::{Password, Transport};

/// Le of the only block of EF.CardAccess.
const BLOCKS: &[usize] = &[256];

/// Opens the channel by the card access number. `draw` draws private keys.
pub fn open(
    transport: &mut dyn Transport,
    way: &Contactless,
    can: &Can,
    draw: &mut Draw<'_>,
) -> Result<Session, CardError> {
    let password = Password { reference: pace::CAN, characters: can.digits() };
    open_by(transport, way, password, draw).map_err(meaning)
}

/// The same by any password, which the card judges in the last step.
pub fn open_by(
    transport: &mut dyn Transport,
    way: &Contactless,
    password: Password<'_>,
    draw: &mut Draw<'_>,
) -> Result<Session, PaceError> {
    let mut channel = Channel::new(transport);
    let suite = suite(&mut channel, way)?;
    pace::open(&mut channel, &suite, password, draw)
}

fn suite(channel: &mut Channel<'_>, way: &Contactless) -> Result<Suite, PaceError> {
    if let Some(application) = way.application {
        file::select_application(channel, application)?;
    }
    select_card_access(channel)?;
    match way.suite {
        Some(known) => Ok(known),
        None => card_access::best(&file::read_whole(channel, BLOCKS)?).ok_or(PaceError::Malformed),
    }
}

/// By its identifier, as was recorded; where another program has left the card in another directory, by its path from
/// the master file.
fn select_card_access(channel: &mut Channel<'_>) -> Result<(), FileError> {
    match file::select_quietly(channel, card_access::FILE) {
        Err(FileError::Refused(StatusWord::NOT_FOUND)) => file::select_path(channel, card_access::FILE),
        other => other,
    }
}

fn meaning(error: PaceError) -> CardError {
    let step = Step::OpenChannel;
    match error {
        PaceError::Transport(error) => CardError::Transport(error),
        PaceError::Refused(sw) => CardError::Refused { step, sw },
        PaceError::WrongPassword(_) => CardError::Can(CanError::Wrong { seconds: 0 }),
        PaceError::Impostor => CardError::Can(CanError::Impostor),
        PaceError::Malformed => CardError::Malformed { step },
        PaceError::NoMeans => CardError::Can(CanError::NoMemory),
    }
}

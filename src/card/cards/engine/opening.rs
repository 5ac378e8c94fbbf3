//! Opening the channel to a card.

use crate::cards::can::{Can, CanError};
use crate::cards::error::{CardError, Step};
use crate::cards::profile::Contactless;
use crate::iso7816::file::FileError;
use crate::iso7816::secure::pace::{self, Draw, PaceError, PaceStep};
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
        PaceError::Refused { step: PaceStep::Prove, sw } if is_denial(sw) => {
            CardError::Can(CanError::Wrong { seconds: 0 })
        }
        PaceError::Refused { step: PaceStep::Prove, sw } => {
            CardError::Refused { step: Step::PresentNumber, sw }
        }
        PaceError::Refused { sw, .. } => CardError::Refused { step, sw },
        PaceError::Impostor => CardError::Can(CanError::Impostor),
        PaceError::Malformed => CardError::Malformed { step },
        PaceError::NoMeans => CardError::Can(CanError::NoMemory),
    }
}

/// What a card answers to a wrong password: 6300 (ISO 7816-4 table 6; seen on Estonia's and Latvia's cards), 63CX or 6983
/// where it counts tries (BSI TR-03110-3 §B.1).
fn is_denial(sw: StatusWord) -> bool {
    matches!(sw, StatusWord::NO_INFORMATION | StatusWord::BLOCKED) || sw.tries_left().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_wrong_where_the_last_step_says_so_and_nowhere_else() {
        use PaceStep::{Begin, Exchange, Name, Prove};
        for step in [Begin, Name, Exchange, Prove] {
            for sw in [0x6300, 0x63C0, 0x63C2, 0x6983, 0x6982, 0x6A80, 0x6D00, 0x6F00].map(StatusWord) {
                let at = if step == Prove { Step::PresentNumber } else { Step::OpenChannel };
                let is_wrong = step == Prove && matches!(sw.0, 0x6300 | 0x63C0..=0x63CF | 0x6983);
                let expected = match is_wrong {
                    true => CardError::Can(CanError::Wrong { seconds: 0 }),
                    false => CardError::Refused { step: at, sw },
                };
                assert_eq!(meaning(PaceError::Refused { step, sw }), expected);
            }
        }
    }
}

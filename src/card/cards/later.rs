//! Cards on later chips of a known family: their answer to reset is like that of the newest known card, but for the
//! bytes that name the version. The table of the newest known card serves, after the card was found to be built as that
//! table says.

use super::engine;
use super::error::{CardError, Step};
use super::pkcs15;
use super::profile::CardProfile;
use crate::iso7816::Channel;

/// The profile of such a card: the table, or whatever its own files say (ISO 7816-15) if it does not fit. It is looked
/// at twice before that is concluded.
pub(super) fn confirm(channel: &mut Channel<'_>, newest: &CardProfile) -> Result<CardProfile, CardError> {
    match engine::twice_if_refused(&mut || fits(channel, newest)) {
        Ok(()) => Ok(newest.clone()),
        Err(error @ CardError::Transport(_)) => Err(error),
        Err(_) => pkcs15::read(channel),
    }
}

/// Does the card have the application, the objects of the PINs, and a serial number in its form, where the table has
/// them? Only questions are asked.
fn fits(channel: &mut Channel<'_>, newest: &CardProfile) -> Result<(), CardError> {
    engine::select(channel, newest, &newest.application)?;
    for pin in newest.pins.iter() {
        engine::pin_state(channel, newest, pin.reference)?;
    }
    let serial = engine::read_serial(channel, newest)?;
    let fits = newest.serial_format.fits(&serial.number);
    if fits { Ok(()) } else { Err(CardError::Malformed { step: Step::ReadSerial }) }
}

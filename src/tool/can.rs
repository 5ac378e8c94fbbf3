//! `avain can`: the card access numbers (CAN) that are stored.

use crate::arguments::{CanAction, Forgotten};
use crate::console::Console;
use crate::pins::Source;
use avain_flow::{Failure, Kind, cans, contactless, text};

/// Stores a number, shows whose are stored, or forgets them.
pub(crate) fn carry_out(
    action: CanAction,
    forgotten: Option<Forgotten>,
    source: impl FnOnce() -> Result<Source, Failure>,
    reader: Option<&str>,
    console: &Console,
) -> Result<(), Failure> {
    let said = match (action, forgotten) {
        (CanAction::Add, _) => {
            let mut source = source()?;
            let typed = source.pin_that(&text::can_ask(), console, contactless::check)?;
            console.say(&text::hold_still());
            cans::add(&typed, reader)?
        }
        (CanAction::List, _) => cans::list()?,
        (CanAction::Forget, Some(Forgotten::Place(place))) => {
            if !cans::forget(place)? {
                return Err(Failure::new(Kind::Unfit, [text::can_which(place)]));
            }
            vec![text::can_forgotten()]
        }
        (CanAction::Forget, _) => {
            cans::forget_all()?;
            vec![text::can_forgotten()]
        }
    };
    said.iter().for_each(|text| console.tell(text));
    Ok(())
}

//! Another application on the card, whose PINs have the same references: it answers every question about them as the
//! card's own application does, takes their codes, and has none of its files and keys.

use crate::chip::{Chip, Context};
use crate::wire::apdu::{Command, Reply, sw};

/// Its name, for SELECT.
pub const LOOKALIKE: &[u8] = b"\xF0LOOKALIKE";

/// The application, and what came to it.
#[derive(Clone, Default)]
pub(super) struct Lookalike {
    /// While it is selected: PINs that stand as those of the card did.
    pins: Option<Box<dyn Chip>>,
    codes: u32,
}

impl Lookalike {
    /// How many codes came to it.
    pub(super) fn codes(&self) -> u32 {
        self.codes
    }

    /// It is not selected any more.
    pub(super) fn leave(&mut self) {
        self.pins = None;
    }

    /// A command to this application or the card's own, whichever is selected.
    pub(super) fn process(
        &mut self,
        chip: &mut Box<dyn Chip>,
        command: &Command<'_>,
        context: &mut Context<'_>,
    ) -> Reply {
        let is_select = command.ins == 0xA4 && command.p1 == 0x04;
        match &mut self.pins {
            _ if is_select && command.data == LOOKALIKE => {
                self.pins = Some(chip.clone());
                chip.another_application();
                Reply::status(sw::OK)
            }
            Some(_) if is_select => {
                let reply = chip.process(command, context);
                if reply.status == sw::OK {
                    self.leave();
                }
                reply
            }
            Some(pins) => match command.ins {
                0x20 | 0x24 | 0x2C | 0xCB => {
                    self.codes += u32::from(command.ins != 0xCB && !command.data.is_empty());
                    pins.process(command, context)
                }
                0xA4 | 0xB0 => Reply::status(sw::NOT_FOUND),
                _ => Reply::status(sw::UNKNOWN_INSTRUCTION),
            },
            None => chip.process(command, context),
        }
    }
}

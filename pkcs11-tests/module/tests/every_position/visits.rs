//! What another program does to the card between two transactions of the module.

use crate::flows::{CHANGED, Flow, PINS, WRONG};

/// A kind of card, and what programs send to it.
struct Guest {
    card: &'static str,
    /// SELECT of the application that has PIN1.
    own: &'static str,
    /// SELECT of something else.
    other: &'static str,
    /// The references of its PINs, as far as this program knows them.
    pins: &'static [u8],
    /// What a PIN is padded with.
    padding: u8,
}

const GUESTS: &[Guest] = &[
    Guest {
        card: "fineid",
        own: "00A4040C0CA000000063504B43532D3135",
        other: "00A4040C07A0000002471001",
        pins: &[0x11, 0x82],
        padding: 0x00,
    },
    Guest {
        card: "estonia-idemia",
        own: "00A4040C10A000000077010800070000FE00000100",
        other: "00A4040C1051534344204170706C69636174696F6E",
        pins: &[0x01],
        padding: 0xFF,
    },
];

/// SELECT of `simcard::LOOKALIKE`.
const LOOKALIKE: &str = "00A4040C0AF04C4F4F4B414C494B45";

/// A visit: what it is, and its commands.
pub(crate) struct Visit {
    pub(crate) name: &'static str,
    pub(crate) commands: String,
    /// The holder does not know the PIN afterwards.
    pub(crate) changes: bool,
}

/// What may happen between two transactions with this card, to the PIN of this token and to what is selected; nothing
/// where this program does not know how.
pub(crate) fn visits(flow: &Flow) -> Vec<Visit> {
    // Without contacts another program can do nothing in the clear but end the channel.
    let known = GUESTS.iter().find(|guest| flow.card.starts_with(guest.card) && !flow.wants_number());
    let Some((guest, reference)) = known.and_then(|guest| Some((guest, guest.pins.get(flow.token)?))) else {
        return Vec::new();
    };
    let wrong = guest.command(0x20, *reference, &[WRONG]);
    let right = guest.command(0x20, *reference, &[PINS[flow.token]]);
    let change = guest.command(0x24, *reference, &[PINS[flow.token], CHANGED]);
    let Guest { own, other, .. } = guest;
    let visit = |name, commands: &[&str]| Visit { name, commands: commands.join(" "), changes: false };
    vec![
        visit("another application is selected", &[other]),
        visit("an application with the same PINs is selected", &[own, LOOKALIKE]),
        visit("the application is selected anew", &[own]),
        visit("a wrong PIN is presented", &[own, &wrong]),
        visit("a wrong PIN, and another application", &[own, &wrong, other]),
        visit("the right PIN is presented", &[own, &right]),
        Visit { changes: true, ..visit("the PIN is changed", &[own, &change]) },
        Visit {
            changes: true,
            ..visit("the PIN is changed, and another application", &[own, &change, other])
        },
    ]
}

impl Guest {
    /// A command with PINs in their padded form, as hexadecimal.
    fn command(&self, instruction: u8, reference: u8, pins: &[&str]) -> String {
        const BLOCK: usize = 12;
        let mut bytes = vec![0x00, instruction, 0x00, reference, (pins.len() * BLOCK) as u8];
        for pin in pins {
            let end = bytes.len() + BLOCK;
            bytes.extend(pin.bytes());
            bytes.resize(end, self.padding);
        }
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }
}

//! Opening a channel to a card that answers what the fuzzer wants, at times with a good point of the curve: it never opens,
//! because the card does not know the number, and every opening ends soon.
#![no_main]

use avain_card::cards::{Can, CanError, CardError, PROFILES, engine};
use avain_card::transport::{Protocol, Transport, TransportError};
use fuzz::Input;
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;

/// More than the steps of PACE and the blocks of EF.CardAccess, each fetched in parts.
const MOST_COMMANDS: u32 = 2_000;

fuzz_target!(|data: &[u8]| {
    let mut input = Input::new(data);
    let ways: Vec<_> = PROFILES.iter().filter_map(|profile| profile.contactless).collect();
    let way = ways[usize::from(input.byte()) % ways.len()];
    let can = Can::new(b"123456").unwrap_or_else(|why| panic!("{why:?}"));
    let points = RefCell::new(Vec::new());
    let mut card = Card { input, points: &points, commands: 0 };
    let opened = engine::open(&mut card, way, &can, &mut |curve| {
        let own = curve.private_key()?;
        points.borrow_mut().push(curve.public_key(&own, None)?);
        curve.private_key()
    });
    let error = opened.err().expect("a card that knows no number was opened");
    assert_ne!(error, CardError::Can(CanError::NoMemory));
});

struct Card<'a> {
    input: Input<'a>,
    /// Good points of the curve, one for each step that wants one.
    points: &'a RefCell<Vec<Vec<u8>>>,
    commands: u32,
}

impl Card<'_> {
    /// A data object in the template of GENERAL AUTHENTICATE.
    fn dynamic(tag: u8, value: &[u8]) -> Vec<u8> {
        let length = value.len() as u8;
        [&[0x7C, length.wrapping_add(2), tag, length][..], value, &[0x90, 0x00]].concat()
    }
}

impl Transport for Card<'_> {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.commands += 1;
        assert!(self.commands < MOST_COMMANDS, "a card that is asked without end");
        let point = self.points.borrow().last().cloned().unwrap_or_default();
        Ok(match (self.input.byte() % 4, command.get(7)) {
            (0, _) => self.input.some().to_vec(),
            (_, Some(0x81)) => Self::dynamic(0x82, &point),
            (_, Some(0x83)) => Self::dynamic(0x84, &point),
            (_, Some(0x85)) => Self::dynamic(0x86, self.input.take(8)),
            _ if command[1] == 0x86 => Self::dynamic(0x80, self.input.take(16)),
            _ if command[1] == 0xB0 => [self.input.some(), &[0x90, 0x00]].concat(),
            _ => vec![0x90, 0x00],
        })
    }

    fn protocol(&self) -> Protocol {
        Protocol::T1
    }
}

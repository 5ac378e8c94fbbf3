//! Another program on the same card, which talks to it by raw PC/SC.

use std::cell::RefCell;
use std::ffi::CString;

use pcsc::{Card, Context, Disposition, Protocols, Scope, ShareMode, Transaction};

use crate::bare::{Bare, SELECT};

/// The other program, connected to the card.
pub struct Other {
    card: RefCell<Card>,
    _context: Context,
}

impl Other {
    /// Connects, sharing the card.
    ///
    /// # Panics
    /// Where the card cannot be reached; so all methods here.
    pub fn connect(reader: &str) -> Self {
        Self::connect_as(reader, ShareMode::Shared).expect("the other program connects to the card")
    }

    /// Connects to the card for itself alone, if nobody else is connected.
    pub fn alone(reader: &str) -> Result<Self, pcsc::Error> {
        Self::connect_as(reader, ShareMode::Exclusive)
    }

    fn connect_as(reader: &str, mode: ShareMode) -> Result<Self, pcsc::Error> {
        let name = CString::new(reader).expect("a reader's name");
        let context = Context::establish(Scope::User)?;
        let card = context.connect(&name, mode, Protocols::ANY)?;
        Ok(Self { card: RefCell::new(card), _context: context })
    }

    /// Sends a command and gives the status.
    pub fn send(&self, command: &[u8]) -> u16 {
        let answer = self.answer(command);
        let [.., high, low] = answer.as_slice() else { panic!("an answer without a status") };
        u16::from_be_bytes([*high, *low])
    }

    /// Sends a command and gives data and status.
    pub fn answer(&self, command: &[u8]) -> Vec<u8> {
        let (mut card, mut buffer) = (self.card.borrow_mut(), [0; 258]);
        let first = card.transmit(command, &mut buffer).map(<[u8]>::to_vec);
        if first != Err(pcsc::Error::ResetCard) {
            return first.expect("the card answers the other program");
        }
        // Somebody has reset the card, and this program takes note.
        let noted = card.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::LeaveCard);
        noted.expect("the other program goes on after a reset");
        card.transmit(command, &mut buffer).expect("the card answers the other program").to_vec()
    }

    /// Selects the card's application anew: every PIN is forgotten.
    pub fn select(&self) {
        assert_eq!(self.send(SELECT), 0x9000);
    }

    /// Selects another application, whose PINs have the same references.
    pub fn select_lookalike(&self) {
        let name = simcard::LOOKALIKE;
        let head = [0x00, 0xA4, 0x04, 0x0C, u8::try_from(name.len()).expect("a short name")];
        assert_eq!(self.send(&[&head, name].concat()), 0x9000);
    }

    /// Takes one PIN back.
    pub fn take_back(&self, reference: u8) {
        assert_eq!(self.send(&[0x00, 0x20, 0xFF, reference]), 0x9000);
    }

    /// Presents a PIN and gives the status.
    pub fn verify(&self, reference: u8, pin: &str) -> u16 {
        self.send(&Bare::Verify.bytes(reference, &[pin]))
    }

    /// Changes a PIN.
    pub fn change(&self, reference: u8, old: &str, new: &str) {
        assert_eq!(self.send(&Bare::Change.bytes(reference, &[old, new])), 0x9000);
    }

    /// Sets a PIN by the PUK and gives the status.
    pub fn unblock(&self, reference: u8, puk: &str, new: &str) -> u16 {
        self.send(&Bare::Unblock.bytes(reference, &[puk, new]))
    }

    /// Resets the card.
    pub fn reset(&mut self) {
        let outcome =
            self.card.get_mut().reconnect(ShareMode::Shared, Protocols::ANY, Disposition::ResetCard);
        outcome.expect("the card can be reset");
    }

    /// Keeps the card to itself until the result is dropped.
    pub fn hold(&mut self) -> Transaction<'_> {
        self.card.get_mut().transaction().expect("the other program's transaction")
    }

    /// Goes, also where the card is gone.
    pub fn go(self) {
        let _ = self.card.into_inner().disconnect(Disposition::LeaveCard);
    }

    /// Goes, and leaves the card as it is.
    pub fn leave(self) {
        self.card
            .into_inner()
            .disconnect(Disposition::LeaveCard)
            .map_err(|(_, error)| error)
            .expect("disconnect");
    }
}

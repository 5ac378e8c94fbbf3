//! One card on the bench: a transport, and what this side believes of the card behind it.

use crate::cards::certificate::KeyUsage;
use crate::cards::profile::{KeyUses, PinUse};
use crate::cards::{Can, CardError, Entered, Entries, Pin, PinError, Role};
use crate::iso7816::Channel;
use crate::token::insertion::Insertion;
use crate::token::kept::CertificateStore;
use crate::token::policy::PinHistory;
use crate::token::reader::Door;
use crate::token::transaction::{CardState, SessionPin, Transaction};
use crate::token::view::{Complete, KeyView, View};
use crate::transport::{Protocol, Transport, TransportError};
use avain_crypto::pace::Curve;
use simcard::{Card, cards};
use std::sync::Arc;

/// A card, and what this side believes of it.
pub(super) struct Bench<T> {
    pub(super) card: T,
    pub(super) insertion: Arc<Insertion>,
    pub(super) card_state: CardState,
    pub(super) session_pin: SessionPin,
    pub(super) history: PinHistory,
    pub(super) store: CertificateStore,
}

/// What a reader does to the card in it.
pub(super) trait Powered: Transport {
    /// A warm reset.
    fn reset(&mut self);
}

impl<T: Powered> Bench<T> {
    /// Puts a card in that answers so to reset; nothing is sent to it yet.
    pub(super) fn new(card: T, atr: &[u8]) -> Self {
        let (card_state, session_pin, history, store) = Default::default();
        let insertion = Insertion::new(atr, 0);
        if insertion.wants_channel() {
            // As it is printed on the simulated cards.
            insertion.cans.give(Can::new(b"571500").unwrap()).unwrap();
        }
        Bench { card, insertion, card_state, session_pin, history, store }
    }

    /// Finds out who it is.
    pub(super) fn read_identity(&mut self) -> Result<(), CardError> {
        let identity = self.with(|card| card.read_identity())?;
        self.insertion.identity.set(identity).unwrap();
        Ok(())
    }

    /// Does something with it, in one transaction. After an error it is asked before it is believed again.
    pub(super) fn with<R, E>(
        &mut self,
        act: impl FnOnce(&mut Transaction<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let Bench { card, insertion, card_state, session_pin, history, store } = self;
        let carry_out = |transport: &mut dyn Transport, card_state: &mut CardState| {
            act(&mut Transaction {
                channel: Channel::new(transport),
                insertion,
                profile: insertion.assumed_profile().unwrap(),
                card_state,
                session_pin,
                history,
                store,
                may_present: &|| Ok(()),
                certain: false,
            })
        };
        let outcome = match insertion.way() {
            None => carry_out(card, card_state),
            Some(way) => {
                let mut door = Door { way, cans: &insertion.cans, draw: &mut Curve::private_key };
                door.through(card, card_state, carry_out).unwrap()
            }
        };
        if self.card_state.to_be_reset {
            self.card.reset();
            self.card_state = CardState::default();
        }
        if outcome.is_err() {
            self.card_state.doubt();
            self.card_state.identified = false;
        }
        outcome
    }

    /// All keys of a role.
    pub(super) fn view(&mut self, role: Role) -> View {
        let (view, complete) = self.with(|card| card.read_view(role)).unwrap();
        assert_eq!(complete, Complete::Yes);
        view
    }

    /// Presents the PIN of a role, as at login.
    pub(super) fn log_in(&mut self, role: Role, digits: &str) -> Result<(), PinError> {
        self.with(|card| {
            let pin = typed(digits);
            card.verify(card.pin_spec(role)?, &pin)?;
            card.session_pin.0 = Some(pin);
            Ok(())
        })
    }
}

/// A simulated card in a reader.
pub(super) struct Wire(pub(super) Card);

impl Transport for Wire {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        Ok(self.0.transmit(command))
    }

    fn protocol(&self) -> Protocol {
        match self.0.description().protocol {
            cards::Protocol::T0 => Protocol::T0,
            cards::Protocol::T1 => Protocol::T1,
        }
    }
}

impl Powered for Wire {
    fn reset(&mut self) {
        self.0.reset();
    }
}

/// The same, as it was typed.
pub(super) fn typed(digits: &str) -> Entered {
    Entered::Typed(pin(digits))
}

/// What permits a new PIN, and that.
pub(super) fn both<'p>(permit: &'p Pin, new: &'p Pin) -> Entries<'p> {
    Entries::Typed { permit, new }
}

/// A PIN.
pub(super) fn pin(digits: &str) -> Pin {
    Pin::new(digits.as_bytes()).unwrap()
}

/// The certificate of a key allows what its table does, and more only where no source tells how.
pub(super) fn uses_agree(key: &KeyView) {
    let usage = key.certificate.key_usage.unwrap();
    let told = KeyUses {
        sign: usage.allows(KeyUsage::DIGITAL_SIGNATURE) || usage.allows(KeyUsage::NON_REPUDIATION),
        decipher: usage.allows(KeyUsage::KEY_ENCIPHERMENT),
        agree: usage.allows(KeyUsage::KEY_AGREEMENT),
    };
    assert_eq!(usage.allows(KeyUsage::NON_REPUDIATION), key.spec.pin_use == PinUse::EachSignature);
    let known = KeyUses { decipher: false, ..told };
    assert_eq!(key.spec.uses, if key.spec.deciphering.is_some() { told } else { known });
}

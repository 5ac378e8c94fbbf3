//! The keys of a card, as their certificates show them.

use super::link::Session;
use crate::cards::certificate::Certificate;
use crate::cards::engine;
use crate::cards::profile::{PinUse, Secret};
use crate::cards::{CardError, KeySpec, Role};

/// A key that the card has, with its certificate.
#[derive(Debug)]
pub struct KeyView {
    /// What the tables say of it.
    pub spec: &'static KeySpec,
    /// How often its PIN has to be given.
    pub pin_use: PinUse,
    /// What the card says of it.
    pub certificate: Certificate,
}

/// All keys of one role.
pub type View = Vec<KeyView>;

/// Could every certificate that the card has be read?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Complete {
    Yes,
    No,
}

impl Session<'_> {
    /// Reads the certificates of a role. A key without one is not shown.
    pub(super) fn read_view(&mut self, role: Role) -> Result<(View, Complete), CardError> {
        self.ready()?;
        // Reading certificates takes long anyway: what a list of tokens left open is asked for along with them.
        if self.insertion.pin(Secret::Puk).is_none() {
            self.ask_all()?;
        }
        let (mut view, mut complete) = (View::new(), Complete::Yes);
        let pin_use = self.pin_spec(role)?.uses;
        for spec in self.profile.keys(role) {
            match self.read_certificate(spec) {
                Ok(Some(certificate)) => view.push(KeyView { spec, pin_use, certificate }),
                Ok(None) => {}
                Err(CardError::Malformed { .. }) => complete = Complete::No,
                Err(error) => return Err(error),
            }
        }
        Ok((view, complete))
    }

    /// Reads a certificate, and once more if it is missing or garbled: another program may have selected another
    /// application.
    fn read_certificate(&mut self, key: &KeySpec) -> Result<Option<Certificate>, CardError> {
        match engine::read_certificate(&mut self.channel, key) {
            Ok(None) | Err(CardError::Malformed { .. }) => {
                self.select_again_if_lost()?;
                engine::read_certificate(&mut self.channel, key)
            }
            other => other,
        }
    }
}

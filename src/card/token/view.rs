//! The certificates of a card, and what they show of its keys.

use super::link::Session;
use crate::cards::certificate::{Certificate, PublicKey};
use crate::cards::engine;
use crate::cards::profile::{AuthoritySpec, File, Secret, Selecting, Statement};
use crate::cards::{CardError, KeySpec, Role};

/// A key that the card has, with its certificate.
#[derive(Debug)]
pub struct KeyView {
    /// What the tables, or its own files, say of it.
    pub spec: KeySpec,
    /// What the card says of it.
    pub certificate: Certificate,
    /// The public key in the certificate.
    pub public: PublicKey,
}

/// The certificate of an authority that the card carries along.
#[derive(Debug)]
pub struct AuthorityView {
    /// What the tables, or the card's own files, say of it.
    pub spec: AuthoritySpec,
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
        let profile = self.profile;
        for spec in profile.keys(role) {
            match self.read_certificate(&spec.certificate) {
                Ok(Some(certificate)) => match certificate.public_key() {
                    Some(public) => view.push(KeyView { spec: spec.clone(), certificate, public }),
                    None => complete = Complete::No,
                },
                Ok(None) => {}
                Err(CardError::Malformed { .. }) => complete = Complete::No,
                Err(error) => return Err(error),
            }
        }
        Ok((view, complete))
    }

    /// Reads the certificates of authorities. They are an extra: whatever the card says of one, the others are shown.
    pub(super) fn read_authorities(&mut self) -> Result<(Vec<AuthorityView>, Complete), CardError> {
        self.ready()?;
        let (mut found, mut complete) = (Vec::new(), Complete::Yes);
        let profile = self.profile;
        for spec in profile.authorities.iter() {
            match self.read_certificate(&spec.certificate) {
                Ok(Some(certificate)) => found.push(AuthorityView { spec: spec.clone(), certificate }),
                Ok(None) => {}
                Err(error @ CardError::Transport(_)) => return Err(error),
                Err(_) => complete = Complete::No,
            }
        }
        Ok((found, complete))
    }

    /// Reads a certificate, and once more if it is missing or garbled: another program may have selected another
    /// application.
    fn read_certificate(&mut self, file: &File) -> Result<Option<Certificate>, CardError> {
        match self.read_certificate_once(file) {
            Ok(None) | Err(CardError::Malformed { .. }) => {
                self.select_again_if_lost()?;
                self.read_certificate_once(file)
            }
            other => other,
        }
    }

    fn read_certificate_once(&mut self, file: &File) -> Result<Option<Certificate>, CardError> {
        self.enter(&file.home)?;
        let read = engine::read_certificate(&mut self.channel, self.profile, file);
        self.note_reading();
        read
    }

    /// Reads what the card tells everybody of its holder, and once more if that is not there: another program may have
    /// selected another application.
    pub(super) fn personal_data(&mut self) -> Result<Vec<(Statement, String)>, CardError> {
        self.ready()?;
        match self.personal_data_once() {
            Err(CardError::Refused { .. }) => {
                self.select_again_if_lost()?;
                self.personal_data_once()
            }
            other => other,
        }
    }

    fn personal_data_once(&mut self) -> Result<Vec<(Statement, String)>, CardError> {
        let profile = self.profile;
        self.enter(&profile.application)?;
        let told = engine::personal_data(&mut self.channel, profile);
        if profile.selecting == Selecting::KeepsPins {
            self.card_state.selected = None;
        }
        told
    }
}

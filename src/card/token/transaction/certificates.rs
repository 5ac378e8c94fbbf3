//! Reading certificates.

use super::Transaction;
use crate::cards::certificate::Certificate;
use crate::cards::engine;
use crate::cards::profile::{File, Secret};
use crate::cards::{CardError, Role};
use crate::token::kept::Kept;
use crate::token::view::{AuthorityView, Complete, KeyView, Origin, View};

impl Transaction<'_> {
    /// Reads the certificates of a role. Keys without one are left out.
    pub(in crate::token) fn read_view(&mut self, role: Role) -> Result<(View, Complete), CardError> {
        self.make_ready()?;
        if let Some(view) = self.kept_view(role)? {
            return Ok((view, Complete::Yes));
        }
        // Reading certificates takes long anyway, so the state of PINs and PUK is completed along with it.
        if self.insertion.pin(Secret::Puk).is_none() {
            self.ask_all()?;
        }
        let (mut view, mut read, mut complete) = (View::new(), Kept::default(), Complete::Yes);
        let profile = self.profile;
        for spec in profile.keys(role) {
            match self.read_certificate(&spec.certificate) {
                Ok(certificate) => {
                    read.add(&spec.certificate, der(&certificate));
                    // A key of a kind that is not supported stays so: reading it again would not help.
                    view.extend(certificate.and_then(|found| KeyView::new(spec, found, Origin::Card)));
                }
                Err(CardError::Malformed { .. }) => complete = Complete::No,
                Err(error) => return Err(error),
            }
        }
        if complete == Complete::Yes {
            self.keep(read);
        }
        Ok((view, complete))
    }

    /// Reads the CA certificates. They are optional: if one cannot be read, the others are returned.
    pub(in crate::token) fn read_authorities(&mut self) -> Result<(Vec<AuthorityView>, Complete), CardError> {
        if let Some(found) = self.kept_authorities() {
            return Ok((found, Complete::Yes));
        }
        self.make_ready()?;
        let (mut found, mut read, mut complete) = (Vec::new(), Kept::default(), Complete::Yes);
        let profile = self.profile;
        for spec in profile.authorities.iter() {
            match self.read_certificate(&spec.certificate) {
                Ok(certificate) => {
                    read.add(&spec.certificate, der(&certificate));
                    found.extend(
                        certificate.map(|found| AuthorityView { spec: spec.clone(), certificate: found }),
                    );
                }
                Err(error @ CardError::Transport(_)) => return Err(error),
                Err(_) => complete = Complete::No,
            }
        }
        if complete == Complete::Yes {
            self.keep(read);
        }
        Ok((found, complete))
    }

    /// Reads a certificate; once more if it is missing or garbled, because another program may have selected another
    /// application.
    pub(super) fn read_certificate(&mut self, file: &File) -> Result<Option<Certificate>, CardError> {
        match self.read_certificate_once(file) {
            Ok(None) | Err(CardError::Malformed { .. }) => {
                self.select_again_after_refusal()?;
                self.read_certificate_once(file)
            }
            other => other,
        }
    }

    pub(super) fn read_certificate_once(&mut self, file: &File) -> Result<Option<Certificate>, CardError> {
        self.select_if_needed(&file.home)?;
        let read = engine::read_certificate(&mut self.channel, self.profile, file);
        let start = match &read {
            Ok(Some(certificate)) => engine::start_of(&certificate.der),
            _ => Vec::new(),
        };
        self.note_file_selected(start);
        read
    }
}

/// What is kept of a file: its certificate, or nothing if there is none.
fn der(certificate: &Option<Certificate>) -> &[u8] {
    certificate.as_ref().map_or(&[], |certificate| &certificate.der)
}

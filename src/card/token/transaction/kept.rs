//! Certificates that are kept for the time of a login session: when they are taken, and what is kept.

use super::Transaction;
use crate::cards::certificate::Certificate;
use crate::cards::engine;
use crate::cards::profile::File;
use crate::cards::{CardError, Role};
use crate::log::{self, Record};
use crate::token::kept::{CardName, Kept};
use crate::token::view::{AuthorityView, KeyView, Origin, View};

impl Transaction<'_> {
    /// The keys of a role by the certificates that are kept, if the card still has these: each of its files has to begin
    /// like the kept certificate, as far as serial number and issuer reach.
    pub(super) fn kept_view(&mut self, role: Role) -> Result<Option<View>, CardError> {
        let kept = self.kept();
        let (mut view, profile) = (View::new(), self.profile);
        for spec in profile.keys(role) {
            let Some(content) = kept.content(&spec.certificate) else { return Ok(None) };
            let certificate = Certificate::parse(content);
            if !self.still_has(&spec.certificate, certificate.as_ref())? {
                log::info(|| Record::Remark("the card has other certificates than those that were kept"));
                self.forget_kept();
                return Ok(None);
            }
            view.extend(certificate.and_then(|certificate| KeyView::new(spec, certificate, Origin::Kept)));
        }
        Ok(Some(view))
    }

    /// Does a file still contain this certificate, as far as that can be told by two commands, or no certificate?
    fn still_has(&mut self, file: &File, certificate: Option<&Certificate>) -> Result<bool, CardError> {
        let Some(certificate) = certificate else {
            return match self.read_certificate_once(file) {
                Err(error @ CardError::Transport(_)) => Err(error),
                read => Ok(matches!(read, Ok(None))),
            };
        };
        self.select_if_needed(&file.home)?;
        let beginning = certificate.beginning();
        let same = engine::file_begins_with(&mut self.channel, self.profile, file, beginning)?;
        self.note_file_selected(if same { engine::start_of(beginning) } else { Vec::new() });
        Ok(same)
    }

    /// The CA certificates that are kept, if the holder's certificates that this process knows are the kept ones. Nothing is
    /// sent.
    pub(super) fn kept_authorities(&self) -> Option<Vec<AuthorityView>> {
        let kept = self.kept();
        let same = |key: &KeyView| kept.content(&key.spec.certificate) == Some(&key.certificate.der);
        let mut known = self.insertion.known_keys().peekable();
        if known.peek().is_none() || !known.all(same) {
            return None;
        }
        let mut found = Vec::new();
        for spec in self.profile.authorities.iter() {
            let certificate = Certificate::parse(kept.content(&spec.certificate)?);
            found.extend(certificate.map(|certificate| AuthorityView { spec: spec.clone(), certificate }));
        }
        Some(found)
    }

    /// Keeps certificates that were read, with all others that are known of this card.
    pub(super) fn keep(&self, mut read: Kept) {
        if let Some(card) = self.name() {
            for key in self.insertion.known_keys() {
                read.add(&key.spec.certificate, &key.certificate.der);
            }
            read.complete_by(self.store.of(card));
            self.store.keep(card, &read);
        }
    }

    /// Makes certain that a certificate that was kept is that of the card, from its beginning to its end.
    pub(in crate::token) fn prove(&mut self, key: &KeyView) -> Result<(), CardError> {
        self.make_ready()?;
        let on_card = self.read_certificate(&key.spec.certificate)?;
        if on_card.is_some_and(|certificate| certificate.der == key.certificate.der) {
            return Ok(());
        }
        log::info(|| Record::Remark("a certificate that was kept is not that of the card"));
        self.forget_kept();
        self.card_state.stranger = true;
        Err(CardError::Swapped)
    }

    fn kept(&self) -> Kept {
        self.name().map(|card| self.store.of(card)).unwrap_or_default()
    }

    fn forget_kept(&self) {
        self.name().into_iter().for_each(|card| self.store.forget(card));
    }

    /// What the card is called where its certificates are kept; `None` for one without a number.
    fn name(&self) -> Option<CardName<'_>> {
        let (kind, number) = (self.profile.model, self.serial());
        (!number.is_empty()).then_some(CardName { kind, number })
    }
}

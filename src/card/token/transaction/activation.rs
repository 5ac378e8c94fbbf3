//! Setting one PIN by the issuer's code, as a step of activation.

use super::Transaction;
use crate::cards::Entries;
use crate::cards::profile::{CodeKind, PinSpec, Secret};
use crate::token::activation::{Attempt, LastTry, Stopped, Terms};

impl Transaction<'_> {
    /// Sets one PIN by the code, unless the code has one try left and that must be kept.
    pub(in crate::token) fn set_one(
        &mut self,
        spec: &PinSpec,
        entries: Entries<'_>,
        terms: Terms,
    ) -> Attempt {
        let asked = self.ask_for(spec, entries, terms.purpose);
        let kind = asked.or_else(|_| self.kind_of(spec, entries.permit(), terms.purpose)).ok();
        let outcome =
            asked.map_err(Stopped::from).and_then(|kind| self.set_on_terms(spec, kind, entries, terms));
        let left =
            kind.and_then(|kind| self.insertion.pin(secret_spent(spec, kind))).and_then(|state| state.left);
        Attempt { role: spec.role, outcome, left }
    }

    fn set_on_terms(
        &mut self,
        spec: &PinSpec,
        kind: CodeKind,
        entries: Entries<'_>,
        terms: Terms,
    ) -> Result<(), Stopped> {
        let secret = secret_spent(spec, kind);
        let left = self.insertion.pin(secret).and_then(|state| state.left);
        if terms.last_try == LastTry::Keep && left == Some(1) {
            return Err(Stopped::LastTry(secret));
        }
        Ok(self.set_asked(spec, kind, entries, terms.purpose)?)
    }
}

/// The PIN or PUK of which a wrong code uses up a try.
fn secret_spent(spec: &PinSpec, kind: CodeKind) -> Secret {
    match kind {
        CodeKind::Transport => Secret::Pin(spec.role),
        CodeKind::Puk => Secret::Puk,
    }
}

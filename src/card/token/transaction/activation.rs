//! Setting one PIN by the issuer's code, as a step of activation.

use super::Transaction;
use crate::cards::Pin;
use crate::cards::profile::{CodeKind, PinSpec, Secret};
use crate::token::activation::{LastTry, Stopped, Terms};

impl Transaction<'_> {
    /// Sets one PIN by the code, unless the code has one try left and that must be kept.
    pub(in crate::token) fn set_one(
        &mut self,
        spec: &PinSpec,
        code: &Pin,
        new: &Pin,
        terms: Terms,
    ) -> Result<(), Stopped> {
        let kind = self.ask_for(spec, code)?;
        let secret = secret_spent(spec, kind);
        let left = self.insertion.pin(secret).and_then(|state| state.left);
        if terms.last_try == LastTry::Keep && left == Some(1) {
            return Err(Stopped::LastTry(secret));
        }
        Ok(self.set_asked(spec, (code, kind), new, terms.purpose)?)
    }

    /// Tries left of a code, if known.
    pub(in crate::token) fn tries_of_code(&self, spec: &PinSpec, code: &Pin) -> Option<u8> {
        let kind = self.kind_of(code).ok()?;
        self.insertion.pin(secret_spent(spec, kind)).and_then(|state| state.left)
    }
}

/// The PIN or PUK of which a wrong code uses up a try.
fn secret_spent(spec: &PinSpec, kind: CodeKind) -> Secret {
    match kind {
        CodeKind::Transport => Secret::Pin(spec.role),
        CodeKind::Puk => Secret::Puk,
    }
}

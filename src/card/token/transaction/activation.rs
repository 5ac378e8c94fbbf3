//! Setting one PIN by the issuer's code, as a step of activation.

use super::Transaction;
use crate::cards::profile::{CodeKind, PinSpec, Secret};
use crate::cards::{Pin, PinError};
use crate::token::activation::{LastTry, Stopped};

impl Transaction<'_> {
    /// Sets one PIN by the code, unless the code has one try left and that must be kept.
    pub(in crate::token) fn set_one(
        &mut self,
        spec: &PinSpec,
        code: &Pin,
        new: &Pin,
        last_try: LastTry,
    ) -> Result<(), Stopped> {
        self.make_ready()?;
        let secret = self.secret_spent(spec, code)?;
        let left = self.tries_left(secret)?;
        if last_try == LastTry::Keep && left == Some(1) {
            return Err(Stopped::LastTry(secret));
        }
        Ok(self.set_by_code(spec, code, new)?)
    }

    /// The PIN or PUK of which a wrong code uses up a try.
    fn secret_spent(&self, spec: &PinSpec, code: &Pin) -> Result<Secret, PinError> {
        Ok(match self.kind_of(code)? {
            CodeKind::Transport => Secret::Pin(spec.role),
            CodeKind::Puk => Secret::Puk,
        })
    }

    pub(in crate::token) fn tries_of_code(&self, spec: &PinSpec, code: &Pin) -> Option<u8> {
        let secret = self.secret_spent(spec, code).ok()?;
        self.insertion.pin(secret).and_then(|state| state.left)
    }
}

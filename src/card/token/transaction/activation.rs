//! Setting one PIN by the issuer's code, as a step of activation.

use super::Transaction;
use crate::cards::profile::{CodeKind, PinSpec, Secret};
use crate::cards::{Pin, PinError};
use crate::token::activation::{LastTry, Stopped};

impl Transaction<'_> {
    /// Sets one PIN by the code, unless that could cost the last try and may not.
    pub(in crate::token) fn step(
        &mut self,
        spec: &PinSpec,
        code: &Pin,
        new: &Pin,
        last_try: LastTry,
    ) -> Result<(), Stopped> {
        self.ready()?;
        let secret = self.secret_of(spec, code)?;
        let left = self.tries_left(secret)?;
        if last_try == LastTry::Keep && left == Some(1) {
            return Err(Stopped::LastTry(secret));
        }
        Ok(self.set_by_code(spec, code, new)?)
    }

    /// Whose tries the code spends where it is wrong.
    fn secret_of(&self, spec: &PinSpec, code: &Pin) -> Result<Secret, PinError> {
        Ok(match self.kind_of(code)? {
            CodeKind::Transport => Secret::Pin(spec.role),
            CodeKind::Puk => Secret::Puk,
        })
    }

    pub(in crate::token) fn left_of(&self, spec: &PinSpec, code: &Pin) -> Option<u8> {
        let secret = self.secret_of(spec, code).ok()?;
        self.insertion.pin(secret).and_then(|state| state.left)
    }
}

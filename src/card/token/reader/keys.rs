//! Signing, decryption and key agreement.

use super::Reader;
use crate::cards::engine::{KeyTask, SignInput};
use crate::cards::profile::{Padding, Secret};
use crate::cards::{CardError, PinError};
use crate::iso7816::StatusWord;
use crate::token::insertion::Insertion;
use crate::token::policy::OncePin;
use crate::token::view::KeyView;
use std::sync::Arc;
use zeroize::Zeroizing;

/// What permits the use of a key.
pub enum Authority {
    /// The PIN of the role was given at login.
    SessionPin,
    /// The PIN of the role was given for this use.
    Once(OncePin),
}

impl Reader {
    /// Signs.
    pub fn sign(
        &self,
        insertion: &Arc<Insertion>,
        key: &KeyView,
        input: &SignInput,
        authority: Authority,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        self.work(insertion, key, KeyTask::Sign(input), authority)
    }

    /// Decrypts.
    pub fn decipher(
        &self,
        insertion: &Arc<Insertion>,
        key: &KeyView,
        cryptogram: &[u8],
        padding: Padding,
        authority: Authority,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        self.work(insertion, key, KeyTask::Decipher { padding, cryptogram }, authority)
    }

    /// Key agreement with the holder of the public key `point` (04, x, y): the x coordinate of the shared point.
    pub fn agree(
        &self,
        insertion: &Arc<Insertion>,
        key: &KeyView,
        point: &[u8],
        authority: Authority,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        self.work(insertion, key, KeyTask::Agree { point }, authority)
    }

    fn work(
        &self,
        insertion: &Arc<Insertion>,
        key: &KeyView,
        task: KeyTask<'_>,
        authority: Authority,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        let changed = insertion.pin(Secret::Pin(key.spec.role)).and_then(|state| state.changed);
        let answer = self.with_card(insertion, |card| match authority {
            Authority::SessionPin => card.use_key(&key.spec, &key.public, task),
            Authority::Once(pin) => card.use_key_once(&key.spec, &key.public, task, pin),
        });
        explain_refusal(changed, answer)
    }
}

/// Some cards refuse a key or a PIN until the holder has changed that PIN. If it was never changed, this is taken to
/// be the reason of a refusal, unless the status word is about the data.
pub(super) fn explain_refusal<T>(changed: Option<bool>, outcome: Result<T, PinError>) -> Result<T, PinError> {
    let refusal = match &outcome {
        Err(PinError::Card(CardError::Refused { sw, .. })) => Some(*sw),
        Err(PinError::Unclear { cause: CardError::Refused { sw, .. }, after }) if !after.is_spent() => {
            Some(*sw)
        }
        _ => None,
    };
    match refusal {
        Some(sw) if changed == Some(false) && sw != StatusWord::WRONG_DATA => Err(PinError::NotOwnYet),
        _ => outcome,
    }
}

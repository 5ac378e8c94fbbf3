//! Verifying signatures of cards.

use avain_card::cards::certificate::PublicKey;
use avain_card::cards::engine::SignInput;
use avain_card::cards::profile::Scheme;
use avain_crypto::public;

/// Is the signature valid under the key?
pub(super) fn holds(key: &PublicKey, input: &SignInput, signature: &[u8]) -> bool {
    let (scheme, digest) = match input {
        SignInput::Ecdsa(digest) => (public::Scheme::Ecdsa, digest),
        SignInput::Rsa { scheme: Scheme::Pss, hash, digest } => {
            (public::Scheme::Pss { hash: *hash, salt: hash.length() }, digest)
        }
        SignInput::Rsa { hash, digest, .. } => (public::Scheme::Pkcs1(Some(*hash)), digest),
    };
    key.verify(scheme, digest, signature)
}

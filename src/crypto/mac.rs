//! Message authentication codes under session secrets.

use super::hash::{Hash, with_digest};
use hmac::{EagerHash, Hmac, KeyInit, Mac};

/// A running computation.
pub trait Authenticator: Send {
    /// Takes more data.
    fn update(&mut self, data: &[u8]);
    /// Returns the code.
    fn finish(self: Box<Self>) -> Vec<u8>;
}

impl<D: EagerHash> Authenticator for Hmac<D>
where
    Hmac<D>: Clone + Send,
{
    fn update(&mut self, data: &[u8]) {
        Mac::update(self, data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        // Moved out of the box, it would leave a copy there.
        Hmac::clone(&self).finalize().into_bytes().to_vec()
    }
}

/// Begins an HMAC (FIPS 198-1) with a key of any length, of which nothing but the states of its two digests is kept.
pub fn hmac(hash: Hash, key: &[u8]) -> Option<Box<dyn Authenticator>> {
    with_digest!(hash, D => match Hmac::<D>::new_from_slice(key) {
        Ok(mac) => Some(Box::new(mac)),
        Err(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231 §4.3, test case 2.
    #[test]
    fn hmac_gives_the_published_code() {
        let mut mac = hmac(Hash::Sha256, b"Jefe").unwrap();
        mac.update(b"what do ya want ");
        mac.update(b"for nothing?");
        assert_eq!(mac.finish()[..4], [0x5B, 0xDC, 0xC1, 0x46]);
    }
}

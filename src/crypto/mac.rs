//! Message authentication codes under session secrets.

use super::hash::{Hash, with_digest};
use hmac::{KeyInit, Mac, SimpleHmac};
use sha2::digest::Digest;
use sha2::digest::block_api::BlockSizeUser;

/// A running computation.
pub trait Authenticator: Send {
    /// Takes more data.
    fn update(&mut self, data: &[u8]);
    /// Returns the code.
    fn finish(self: Box<Self>) -> Vec<u8>;
}

impl<D: Digest + BlockSizeUser + Send> Authenticator for SimpleHmac<D> {
    fn update(&mut self, data: &[u8]) {
        Mac::update(self, data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.finalize().into_bytes().to_vec()
    }
}

/// Begins an HMAC (FIPS 198-1) with a key of any length.
pub fn hmac(hash: Hash, key: &[u8]) -> Option<Box<dyn Authenticator>> {
    with_digest!(hash, D => match SimpleHmac::<D>::new_from_slice(key) {
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

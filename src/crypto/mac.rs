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

/// An HMAC. Its state is as good as the key, and is wiped at its end.
struct Running<D: EagerHash>(Hmac<D>);

impl<D: EagerHash> Drop for Running<D> {
    fn drop(&mut self) {
        if let Ok(of_nothing) = Hmac::new_from_slice(&[]) {
            self.0 = of_nothing;
        }
    }
}

impl<D: EagerHash> Authenticator for Running<D>
where
    Hmac<D>: Clone + Send,
{
    fn update(&mut self, data: &[u8]) {
        Mac::update(&mut self.0, data);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.clone().finalize().into_bytes().to_vec()
    }
}

/// Begins an HMAC (FIPS 198-1) with a key of any length, of which nothing but the states of its two digests is kept.
pub fn hmac(hash: Hash, key: &[u8]) -> Option<Box<dyn Authenticator>> {
    with_digest!(hash, D => match Hmac::<D>::new_from_slice(key) {
        Ok(mac) => Some(Box::new(Running(mac))),
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

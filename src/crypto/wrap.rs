//! AES key wrap (RFC 3394).

use aes_kw::{KeyInit, KwAes128, KwAes192, KwAes256};
use zeroize::Zeroizing;

/// By how many bytes a wrapped key is longer.
pub const OVERHEAD: usize = 8;

/// Wraps a key of at least 16 bytes, a multiple of 8. `None` for other lengths, also of the wrapping key.
pub fn wrap(wrapping: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let mut sealed = vec![0; key.len().checked_add(OVERHEAD)?];
    match wrapping.len() {
        16 => KwAes128::new_from_slice(wrapping).ok()?.wrap_key(key, &mut sealed).ok()?,
        24 => KwAes192::new_from_slice(wrapping).ok()?.wrap_key(key, &mut sealed).ok()?,
        32 => KwAes256::new_from_slice(wrapping).ok()?.wrap_key(key, &mut sealed).ok()?,
        _ => return None,
    };
    Some(sealed)
}

/// Unwraps a key. `None` if it was not wrapped with this one.
pub fn unwrap(wrapping: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut key = Zeroizing::new(vec![0; sealed.len().checked_sub(OVERHEAD)?]);
    match wrapping.len() {
        16 => KwAes128::new_from_slice(wrapping).ok()?.unwrap_key(sealed, &mut key).ok()?,
        24 => KwAes192::new_from_slice(wrapping).ok()?.unwrap_key(sealed, &mut key).ok()?,
        32 => KwAes256::new_from_slice(wrapping).ok()?.unwrap_key(sealed, &mut key).ok()?,
        _ => return None,
    };
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3394 §4.1.
    #[test]
    fn the_published_key_is_sealed_and_opened() {
        let wrapping: Vec<u8> = (0..16).collect();
        let key: Vec<u8> = (0..16).map(|n| n * 0x11).collect();
        let sealed = wrap(&wrapping, &key).unwrap();
        assert_eq!(sealed[..4], [0x1F, 0xA6, 0x8B, 0x0A]);
        assert_eq!(sealed.len(), key.len() + OVERHEAD);
        assert_eq!(*unwrap(&wrapping, &sealed).unwrap(), key);
        for (other, data) in
            [(&wrapping[..15], &sealed[..]), (&wrapping, &sealed[..23]), (&key, &sealed), (&wrapping, &[])]
        {
            assert!(unwrap(other, data).is_none());
        }
    }
}

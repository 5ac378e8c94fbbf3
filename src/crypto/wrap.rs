//! AES key wrap (RFC 3394).

use aes::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use zeroize::Zeroizing;

/// By how many bytes a wrapped key is longer: the length of a half block, in which the algorithm counts.
pub const OVERHEAD: usize = 8;

/// The initial value of RFC 3394 §2.2.3.1. It is the check of integrity, so both sides have to know another.
pub const DEFAULT_INITIAL_VALUE: [u8; OVERHEAD] = [0xA6; OVERHEAD];

/// Runs code that is generic over the cipher, if there is one for this key.
macro_rules! with_cipher {
    ($key:expr, $cipher:ident => $body:expr) => {
        match $key.len() {
            16 => Aes128::new_from_slice($key).ok().and_then(|$cipher| $body),
            24 => Aes192::new_from_slice($key).ok().and_then(|$cipher| $body),
            32 => Aes256::new_from_slice($key).ok().and_then(|$cipher| $body),
            _ => None,
        }
    };
}

/// Wraps a key of at least 16 bytes, a multiple of 8. `None` for other lengths, also of the wrapping key.
pub fn wrap(wrapping: &[u8], initial: [u8; OVERHEAD], key: &[u8]) -> Option<Vec<u8>> {
    if key.len() < 16 || !key.len().is_multiple_of(OVERHEAD) {
        return None;
    }
    with_cipher!(wrapping, cipher => {
        let mut rest = Zeroizing::new(key.to_vec());
        let check = wrapped(&cipher, initial, &mut rest)?;
        Some([check.as_slice(), &rest].concat())
    })
}

/// Unwraps a key. `None` if it was not wrapped with this one.
pub fn unwrap(wrapping: &[u8], initial: [u8; OVERHEAD], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (check, rest) = sealed.split_first_chunk()?;
    if rest.len() < 16 || !rest.len().is_multiple_of(OVERHEAD) {
        return None;
    }
    with_cipher!(wrapping, cipher => {
        let mut key = Zeroizing::new(rest.to_vec());
        let found = unwrapped(&cipher, *check, &mut key)?;
        (found == initial).then_some(key)
    })
}

/// RFC 3394 §2.2.1, on the key in place.
fn wrapped<C: BlockCipherEncrypt + BlockSizeUser>(
    cipher: &C,
    mut check: [u8; OVERHEAD],
    key: &mut [u8],
) -> Option<[u8; OVERHEAD]> {
    let mut counter = 0_u64;
    for _ in 0..6 {
        for half in key.chunks_exact_mut(OVERHEAD) {
            let mut block = joined::<C>(check, half)?;
            cipher.encrypt_block(&mut block);
            let (front, back) = block.split_first_chunk::<OVERHEAD>()?;
            counter = counter.checked_add(1)?;
            check = (u64::from_be_bytes(*front) ^ counter).to_be_bytes();
            half.copy_from_slice(back);
        }
    }
    Some(check)
}

/// RFC 3394 §2.2.2, on the key in place.
fn unwrapped<C: BlockCipherDecrypt + BlockSizeUser>(
    cipher: &C,
    mut check: [u8; OVERHEAD],
    key: &mut [u8],
) -> Option<[u8; OVERHEAD]> {
    let steps = key.len().checked_div(OVERHEAD)?.checked_mul(6)?;
    let mut counter = u64::try_from(steps).ok()?;
    for _ in 0..6 {
        for half in key.chunks_exact_mut(OVERHEAD).rev() {
            check = (u64::from_be_bytes(check) ^ counter).to_be_bytes();
            let mut block = joined::<C>(check, half)?;
            cipher.decrypt_block(&mut block);
            let (front, back) = block.split_first_chunk::<OVERHEAD>()?;
            counter = counter.checked_sub(1)?;
            check = *front;
            half.copy_from_slice(back);
        }
    }
    Some(check)
}

/// A block of two halves, wiped after use.
fn joined<C: BlockSizeUser>(front: [u8; OVERHEAD], back: &[u8]) -> Option<Zeroizing<Block<C>>> {
    let mut block = Zeroizing::new(Block::<C>::default());
    let (first, second) = block.split_first_chunk_mut()?;
    *first = front;
    (second.len() == back.len()).then(|| second.copy_from_slice(back))?;
    Some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3394 §4.1.
    #[test]
    fn the_published_key_is_sealed_and_opened() {
        let wrapping: Vec<u8> = (0..16).collect();
        let key: Vec<u8> = (0..16).map(|n| n * 0x11).collect();
        let initial = DEFAULT_INITIAL_VALUE;
        let sealed = wrap(&wrapping, initial, &key).unwrap();
        assert_eq!(
            sealed,
            b"\x1F\xA6\x8B\x0A\x81\x12\xB4\x47\xAE\xF3\x4B\xD8\xFB\x5A\x7B\x82\x9D\x3E\x86\x23\x71\xD2\xCF\xE5"
        );
        assert_eq!(*unwrap(&wrapping, initial, &sealed).unwrap(), key);
        assert!(unwrap(&wrapping, [7; 8], &sealed).is_none());
        for (other, data) in
            [(&wrapping[..15], &sealed[..]), (&wrapping, &sealed[..23]), (&key, &sealed), (&wrapping, &[])]
        {
            assert!(unwrap(other, initial, data).is_none());
        }
    }
}

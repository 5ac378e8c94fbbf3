//! The ciphers of a secure channel to a card: AES in CBC mode and CMAC (ICAO 9303-11 §9.7, §9.8). What they are made
//! from is wiped.

use aes::cipher::{Array, Block, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use aes::{Aes128, Aes256};
use cmac::{Cmac, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Length of a block in bytes.
pub const BLOCK: usize = 16;
/// Length of a check value: CMAC, cut off.
pub const CHECK: usize = 8;

/// Runs code that is generic over the cipher, if there is one for this key.
macro_rules! with_cipher {
    ($key:expr, $cipher:ident => $body:expr) => {
        match $key.len() {
            16 => {
                type $cipher = Aes128;
                $body
            }
            32 => {
                type $cipher = Aes256;
                $body
            }
            _ => None,
        }
    };
}

/// What a key derived from a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Enciphering in the channel.
    Enciphering = 1,
    /// Check values in the channel.
    Checking = 2,
    /// Deciphering the nonce, from a password.
    Password = 3,
}

/// Length of the keys in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyLength {
    /// AES-128: 16 bytes, from SHA-1.
    Aes128,
    /// AES-256: 32 bytes, from SHA-256.
    Aes256,
}

/// A key from a secret (ICAO 9303-11 §9.7.1).
pub fn derive(secret: &[u8], purpose: Purpose, length: KeyLength) -> Zeroizing<Vec<u8>> {
    let counter = [0, 0, 0, purpose as u8];
    match length {
        KeyLength::Aes128 => {
            let digest = Zeroizing::new(Sha1::new().chain_update(secret).chain_update(counter).finalize());
            Zeroizing::new(digest.iter().copied().take(16).collect())
        }
        KeyLength::Aes256 => {
            let digest = Zeroizing::new(Sha256::new().chain_update(secret).chain_update(counter).finalize());
            Zeroizing::new(digest.to_vec())
        }
    }
}

/// One block, enciphered alone. `None` for a key of no such length.
pub fn encipher_block(key: &[u8], block: [u8; BLOCK]) -> Option<[u8; BLOCK]> {
    with_cipher!(key, Cipher => {
        let mut block: Block<Cipher> = block.into();
        Cipher::new_from_slice(key).ok()?.encrypt_block(&mut block);
        Some(block.into())
    })
}

/// Enciphers whole blocks in place, in CBC mode. `None` if they are not whole, or for a key of no such length.
pub fn encipher(key: &[u8], start: [u8; BLOCK], text: &mut [u8]) -> Option<()> {
    let (blocks, []) = Array::<u8, _>::slice_as_chunks_mut(text) else { return None };
    with_cipher!(key, Cipher => {
        cbc::Encryptor::<Cipher>::new_from_slices(key, &start).ok()?.encrypt_blocks(blocks);
        Some(())
    })
}

/// Deciphers whole blocks in place, in CBC mode. `None` if they are not whole, or for a key of no such length.
pub fn decipher(key: &[u8], start: [u8; BLOCK], text: &mut [u8]) -> Option<()> {
    let (blocks, []) = Array::<u8, _>::slice_as_chunks_mut(text) else { return None };
    with_cipher!(key, Cipher => {
        cbc::Decryptor::<Cipher>::new_from_slices(key, &start).ok()?.decrypt_blocks(blocks);
        Some(())
    })
}

/// The check value of all parts, one after the other. `None` for a key of no such length.
pub fn check_value(key: &[u8], parts: &[&[u8]]) -> Option<[u8; CHECK]> {
    with_cipher!(key, Cipher => {
        let mut mac = Cmac::<Cipher>::new_from_slice(key).ok()?;
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().first_chunk().copied()
    })
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed, as it should")]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// RFC 4493 §4, examples 1 and 2.
    #[test]
    fn cmac_gives_the_published_values() {
        let key = hex("2B7E151628AED2A6ABF7158809CF4F3C");
        assert_eq!(check_value(&key, &[]).unwrap(), *hex("BB1D6929E9593728"));
        let text = hex("6BC1BEE22E409F96E93D7E117393172A");
        assert_eq!(check_value(&key, &[&text[..5], &text[5..]]).unwrap(), *hex("070A16B46B4D4144"));
        assert_eq!(check_value(&key[1..], &[&text]), None);
    }

    /// BSI TR-03110, worked example of PACE: the first command and the answer to it.
    #[test]
    fn the_worked_example_of_the_bsi_agrees() {
        let key = hex("68406B4162100563D9C901A6154D2901");
        let counter = |n: u8| -> [u8; BLOCK] {
            (0..BLOCK).map(|at| if at == 15 { n } else { 0 }).collect::<Vec<_>>().try_into().unwrap()
        };
        let start = encipher_block(&key, counter(1)).unwrap();
        let plain = hex("830D444543564341415430303030318000");
        let mut text = plain[..16].to_vec();
        text.resize(16, 0);
        encipher(&key, start, &mut text).unwrap();
        assert_eq!(text, hex("BE90237EEB4BA0FF253EA246AE31C8B8"));
        decipher(&key, start, &mut text).unwrap();
        assert_eq!(text, plain[..16]);
        assert_eq!(encipher(&key, start, &mut text[1..]), None);
        let key = hex("73FF268784F72AF833FDC9464049AFC9");
        let answer = hex("99029000800000000000000000000000");
        assert_eq!(check_value(&key, &[&counter(2), &answer]).unwrap(), *hex("A89570A68664A7D6"));
    }

    #[test]
    fn keys_are_derived_as_published() {
        // BSI TR-03110: the password 123456; ICAO 9303-11 G.1: a shared secret.
        let password = derive(b"123456", Purpose::Password, KeyLength::Aes128);
        assert_eq!(*password, hex("591468CDA83D65219CCCB8560233600F"));
        let secret = hex("28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925");
        let derived = |purpose| derive(&secret, purpose, KeyLength::Aes128);
        assert_eq!(*derived(Purpose::Enciphering), hex("F5F0E35C0D7161EE6724EE513A0D9A7F"));
        assert_eq!(*derived(Purpose::Checking), hex("FE251C7858B356B24514B3BD5F4297D1"));
        assert_eq!(derive(&secret, Purpose::Checking, KeyLength::Aes256).len(), 32);
    }
}

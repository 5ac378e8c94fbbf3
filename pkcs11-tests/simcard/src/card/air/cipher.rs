//! AES-256 in CBC mode and CMAC, from the block cipher alone (NIST SP 800-38A §6.2, SP 800-38B §6).

use aes::Aes256;
use aes::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

/// A block.
pub(super) type Bytes = [u8; 16];

fn cipher(key: &[u8; 32]) -> Aes256 {
    Aes256::new(&(*key).into())
}

/// One block enciphered.
pub(super) fn block(key: &[u8; 32], plain: Bytes) -> Bytes {
    let mut block: Block<Aes256> = plain.into();
    cipher(key).encrypt_block(&mut block);
    block.into()
}

fn unblock(key: &[u8; 32], sealed: Bytes) -> Bytes {
    let mut block: Block<Aes256> = sealed.into();
    cipher(key).decrypt_block(&mut block);
    block.into()
}

fn xor(a: Bytes, b: Bytes) -> Bytes {
    std::array::from_fn(|at| a[at] ^ b[at])
}

/// Whole blocks, each after the one before it was mixed in.
pub(super) fn encipher(key: &[u8; 32], start: Bytes, text: &[u8]) -> Vec<u8> {
    let mut last = start;
    let blocks = text.as_chunks::<16>().0.iter();
    blocks
        .flat_map(|plain| {
            last = block(key, xor(last, *plain));
            last
        })
        .collect()
}

/// The reverse; None if the blocks are not whole.
pub(super) fn decipher(key: &[u8; 32], start: Bytes, text: &[u8]) -> Option<Vec<u8>> {
    let (blocks, []) = text.as_chunks::<16>() else { return None };
    let before = std::iter::once(&start).chain(blocks);
    Some(blocks.iter().zip(before).flat_map(|(sealed, before)| xor(unblock(key, *sealed), *before)).collect())
}

fn doubled(value: Bytes) -> Bytes {
    let number = u128::from_be_bytes(value);
    let carry = if number >> 127 == 1 { 0x87 } else { 0 };
    ((number << 1) ^ carry).to_be_bytes()
}

/// The first eight bytes of the CMAC.
pub(super) fn mac(key: &[u8; 32], text: &[u8]) -> [u8; 8] {
    let whole = doubled(block(key, [0; 16]));
    let parts = text.len().div_ceil(16).max(1);
    let (first, last) = text.split_at((parts - 1) * 16);
    let mut end = [0; 16];
    end[..last.len()].copy_from_slice(last);
    let end = if last.len() == 16 {
        xor(end, whole)
    } else {
        end[last.len()] = 0x80;
        xor(end, doubled(whole))
    };
    let state = first.as_chunks::<16>().0.iter().fold([0; 16], |state, part| block(key, xor(state, *part)));
    let [a, b, c, d, e, f, g, h, ..] = block(key, xor(state, end));
    [a, b, c, d, e, f, g, h]
}

/// A text with 80 and zeros to whole blocks.
pub(super) fn padded(text: &[u8]) -> Vec<u8> {
    let mut padded = [text, &[0x80]].concat();
    padded.resize(padded.len().next_multiple_of(16), 0);
    padded
}

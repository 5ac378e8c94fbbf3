//! Using a private key: MANAGE SECURITY ENVIRONMENT (ISO 7816-4 §11.5.11) and PERFORM SECURITY OPERATION (ISO
//! 7816-8).

use super::apdu::{Command, Header, TooLong};
use super::channel::{Channel, Reply};
use super::status::StatusWord;
use crate::transport::TransportError;

/// The digest does not fit into one command.
impl From<TooLong> for TransportError {
    fn from(_: TooLong) -> Self {
        TransportError::Protocol
    }
}

/// MSE SET: the content of a control reference template (ISO 7816-4 §10.3.3).
fn set(channel: &mut Channel<'_>, template: u8, content: &[u8]) -> Result<StatusWord, TransportError> {
    Ok(channel.send(&Command::send(Header::new(0x22, 0x41, template), content)?)?.sw)
}

/// MSE SET of the digital signature template (B6). `content` names algorithm and private key as the card wants them.
pub fn set_signature_key(channel: &mut Channel<'_>, content: &[u8]) -> Result<StatusWord, TransportError> {
    set(channel, 0xB6, content)
}

/// MSE SET of the authentication template (A4). `content` names algorithm and private key as the card wants them.
pub fn set_authentication_key(
    channel: &mut Channel<'_>,
    content: &[u8],
) -> Result<StatusWord, TransportError> {
    set(channel, 0xA4, content)
}

/// PSO HASH: passes a finished hash value (tag 90) to the card.
pub fn give_digest(channel: &mut Channel<'_>, digest: &[u8]) -> Result<StatusWord, TransportError> {
    let length = u8::try_from(digest.len()).map_err(|_| TooLong)?;
    let object = [&[0x90, length], digest].concat();
    Ok(channel.send(&Command::send(Header::new(0x2A, 0x90, 0xA0), &object)?)?.sw)
}

/// PSO COMPUTE DIGITAL SIGNATURE over the hash value passed before. `length` is that of the signature, in bytes; from
/// 256 on Le is 00, and the rest is fetched by GET RESPONSE.
pub fn compute_signature(channel: &mut Channel<'_>, length: usize) -> Result<Reply, TransportError> {
    channel.send(&Command::receive(Header::new(0x2A, 0x9E, 0x9A), u8::try_from(length).unwrap_or(0)))
}

/// PSO COMPUTE DIGITAL SIGNATURE with the digest as command data.
pub fn sign_digest(channel: &mut Channel<'_>, digest: &[u8]) -> Result<Reply, TransportError> {
    channel.send(&Command::exchange(Header::new(0x2A, 0x9E, 0x9A), digest)?)
}

/// INTERNAL AUTHENTICATE (ISO 7816-4 §11.5.2) with the digest as command data.
pub fn authenticate(channel: &mut Channel<'_>, digest: &[u8]) -> Result<Reply, TransportError> {
    channel.send(&Command::exchange(Header::new(0x88, 0, 0), digest)?)
}

/// MSE SET of the confidentiality template (B8): the algorithm reference (tag 80), if the card wants one, and the
/// private key (tag 84).
pub fn set_decipherment_key(
    channel: &mut Channel<'_>,
    algorithm: Option<u8>,
    key: u8,
) -> Result<StatusWord, TransportError> {
    let template =
        [algorithm.map_or(vec![], |reference| vec![0x80, 1, reference]), vec![0x84, 1, key]].concat();
    set(channel, 0xB8, &template)
}

/// PSO DECIPHER with the padding indicator and the cryptogram, or the public point of the other party in a key
/// agreement: the commands of the chain that are sent first, if one is not enough, and the last, which returns the
/// result.
pub fn decipher(channel: &Channel<'_>, indicator: u8, cryptogram: &[u8]) -> (Vec<Command>, Command) {
    let data = [&[indicator], cryptogram].concat();
    Command::chain(Header::new(0x2A, 0x80, 0x86), &data, channel.limits().command)
}

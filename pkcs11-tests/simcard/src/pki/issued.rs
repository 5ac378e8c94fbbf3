//! The certificates and keys of one card, issued when it is made.

use crate::facts::description::{CardDescription, KeyDescription, KeyKind, KeyUsage};
use crate::facts::switches::Switches;
use crate::facts::switches::values::OddCertificate;
use crate::pki::keys::PrivateKey;
use std::io;
use std::path::Path;

/// A certificate of the holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderCertificate {
    /// Name: `auth`, `sign`, `sign-ec`, `auth-backup`, `sign-backup`.
    pub name: &'static str,
    /// Reference of the key it belongs to.
    pub key_reference: u8,
    /// Reference of the PIN of that key.
    pub pin_reference: u8,
    /// DER, without the padding that the file may have.
    pub der: Vec<u8>,
    /// What its file holds, without the padding.
    pub(crate) file: Vec<u8>,
}

/// Every certificate of a card, as DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificates {
    /// Root authority (file 4334).
    pub root: Vec<u8>,
    /// Issuing authority (file 4336).
    pub issuing: Vec<u8>,
    /// The holder's, in the order of the key references.
    pub holder: Vec<HolderCertificate>,
}

impl Certificates {
    /// The holder's certificate of this name.
    pub fn named(&self, name: &str) -> Option<&HolderCertificate> {
        self.holder.iter().find(|certificate| certificate.name == name)
    }

    /// Writes `root.pem`, `issuing.pem` and one file for each certificate of the holder into a folder, which is
    /// made if need be.
    pub fn write_pem(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        // A card that is no identity card has no authorities.
        for (name, der) in [("root.pem", &self.root), ("issuing.pem", &self.issuing)] {
            if !der.is_empty() {
                std::fs::write(folder.join(name), pem(der))?;
            }
        }
        for certificate in &self.holder {
            std::fs::write(folder.join(format!("{}.pem", certificate.name)), pem(&certificate.der))?;
        }
        Ok(())
    }
}

/// A certificate as PEM (RFC 7468).
fn pem(der: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in der.chunks(48) {
        for group in line.chunks(3) {
            let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for place in 0..4 {
                let character = ALPHABET[(bits >> (18 - 6 * place)) as usize & 63];
                text.push(if place > group.len() { '=' } else { char::from(character) });
            }
        }
        text.push('\n');
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

/// A key of the card.
#[derive(Clone)]
pub(crate) struct CardKey {
    pub(crate) description: &'static KeyDescription,
    pub(crate) private: PrivateKey,
}

impl CardKey {
    /// What is odd about its certificate, or about the file that it is in: the switch is about EC keys for
    /// authentication.
    pub(crate) fn odd(&self, switches: &Switches) -> OddCertificate {
        let is_meant =
            self.description.usage == KeyUsage::Authentication && self.private.field_length().is_some();
        if is_meant { switches.odd_certificate } else { OddCertificate::None }
    }

    /// Its certificate.
    pub(crate) fn certificate(&self, der: Vec<u8>, switches: &Switches) -> HolderCertificate {
        let KeyDescription { name, reference, pin, .. } = *self.description;
        let file = match self.odd(switches) {
            OddCertificate::Erased => vec![0xFF; 2048],
            OddCertificate::Empty => Vec::new(),
            _ => der.clone(),
        };
        HolderCertificate { name, key_reference: reference, pin_reference: pin, der, file }
    }
}

/// The keys of a holder's card. EC keys are the holder's own; of RSA keys there are two sets, for even holders and for odd
/// ones, and the two of one card are different.
pub(crate) fn keys(card: &'static CardDescription, holder: u32, open_size: usize) -> Vec<CardKey> {
    let key = |description: &'static KeyDescription| {
        let label = format!("{}/{holder}/{}", card.name, description.name);
        let index = (holder as usize % 2) * 2 + usize::from(description.usage == KeyUsage::Signature);
        let private = match description.kind {
            KeyKind::Rsa(bits) => PrivateKey::rsa(bits, index),
            KeyKind::RsaBySwitch => PrivateKey::rsa(open_size, index),
            KeyKind::P256 => PrivateKey::p256(&label),
            KeyKind::P384 => PrivateKey::p384(&label),
        };
        CardKey { description, private }
    };
    card.keys.iter().map(key).collect()
}

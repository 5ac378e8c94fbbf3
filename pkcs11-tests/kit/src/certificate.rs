//! What a certificate says, read by another parser than the module's.

use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::traits::PublicKeyParts;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::KeyUsage;
use x509_cert::time::Time;

/// A certificate's contents, each part in DER unless it says otherwise.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Of the holder.
    pub subject: Vec<u8>,
    /// Of the authority.
    pub issuer: Vec<u8>,
    /// The bytes of the number.
    pub serial: Vec<u8>,
    /// SubjectPublicKeyInfo.
    pub key_info: Vec<u8>,
    /// The key.
    pub key: PublicKey,
    /// `YYYYMMDD`.
    pub from: String,
    /// `YYYYMMDD`.
    pub until: String,
    /// What the key is for, if it says so.
    pub usage: Option<KeyUsage>,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// The numbers, high byte first, without leading zeros.
    Rsa {
        /// Modulus.
        modulus: Vec<u8>,
        /// Public exponent.
        exponent: Vec<u8>,
    },
    /// On a named curve.
    Ec {
        /// The name of the curve in DER.
        curve: Vec<u8>,
        /// The point, uncompressed.
        point: Vec<u8>,
    },
}

impl Certificate {
    /// Reads one.
    ///
    /// # Panics
    /// Where it is none, or of a key of another kind.
    pub fn of(der: &[u8]) -> Self {
        let certificate = x509_cert::Certificate::from_der(der).expect("a certificate");
        let told = &certificate.tbs_certificate;
        let info = &told.subject_public_key_info;
        let bits = info.subject_public_key.raw_bytes();
        let curve = info.algorithm.parameters.as_ref().map(|of| of.decode_as::<ObjectIdentifier>());
        let key = match curve {
            Some(Ok(curve)) => PublicKey::Ec { curve: curve.to_der().expect("a name"), point: bits.to_vec() },
            _ => {
                let key = rsa::PublicKey::from_pkcs1_der(bits).expect("a key of a known kind");
                PublicKey::Rsa {
                    modulus: number(&key.n().to_be_bytes()),
                    exponent: number(&key.e().to_be_bytes()),
                }
            }
        };
        let usage = told.get::<KeyUsage>().expect("readable extensions").map(|(_, usage)| usage);
        Self {
            subject: told.subject.to_der().expect("a name"),
            issuer: told.issuer.to_der().expect("a name"),
            serial: told.serial_number.as_bytes().to_vec(),
            key_info: info.to_der().expect("a key"),
            key,
            from: day(told.validity.not_before),
            until: day(told.validity.not_after),
            usage,
        }
    }

    /// Whether its key is one of RSA.
    pub fn is_rsa(&self) -> bool {
        matches!(self.key, PublicKey::Rsa { .. })
    }
}

fn day(time: Time) -> String {
    let time = time.to_date_time();
    format!("{:04}{:02}{:02}", time.year(), time.month(), time.day())
}

fn number(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().skip_while(|byte| *byte == 0).collect()
}

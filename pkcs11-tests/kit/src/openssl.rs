//! OpenSSL as judge and as the other party: it shares no code with the module or with the simulated card.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::program::{run, scratch};

/// How a signature was made of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// ECDSA; the signature is r‖s, as PKCS#11 has it.
    Ecdsa,
    /// RSASSA-PKCS1-v1_5.
    Pkcs1,
    /// RSASSA-PSS; the mask generation uses the same hash as the message.
    Pss,
}

/// Whether the signature of `data` holds under the certificate's key; `hash` is OpenSSL's name, as `sha384`.
pub fn verifies(certificate: &[u8], scheme: Scheme, hash: &str, data: &[u8], signature: &[u8]) -> bool {
    let folder = scratch("verify");
    let key = public_key(certificate, &folder);
    let mut command = Command::new("openssl");
    command.arg("dgst").arg(format!("-{hash}")).arg("-verify").arg(key);
    if scheme == Scheme::Pss {
        command.args(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]);
    }
    command.arg("-signature").arg(file(&folder, "signature", &encoded(scheme, signature)));
    command.arg(file(&folder, "data", data));
    judge(command, &folder)
}

/// Whether the signature of a ready digest holds under the certificate's key. `hash` names the digest; without
/// it, the digest of an ECDSA signature may have any length.
pub fn verifies_digest(
    certificate: &[u8],
    scheme: Scheme,
    hash: Option<&str>,
    digest: &[u8],
    signature: &[u8],
) -> bool {
    let folder = scratch("verify");
    let key = public_key(certificate, &folder);
    let mut command = Command::new("openssl");
    command.args(["pkeyutl", "-verify", "-pubin", "-inkey"]).arg(key);
    if scheme == Scheme::Pss {
        command.args(["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"]);
    }
    if let Some(hash) = hash {
        command.arg("-pkeyopt").arg(format!("digest:{hash}"));
    }
    command.arg("-sigfile").arg(file(&folder, "signature", &encoded(scheme, signature)));
    command.arg("-in").arg(file(&folder, "digest", digest));
    judge(command, &folder)
}

/// How a message is padded before it is encrypted with RSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// RSAES-PKCS1-v1_5.
    Pkcs1,
    /// RSAES-OAEP with an empty label and this hash function, also in the mask generation.
    Oaep(&'static str),
}

impl Padding {
    fn options(self) -> Vec<String> {
        let options = match self {
            Self::Pkcs1 => vec!["rsa_padding_mode:pkcs1".to_owned()],
            Self::Oaep(hash) => vec![
                "rsa_padding_mode:oaep".to_owned(),
                format!("rsa_oaep_md:{hash}"),
                format!("rsa_mgf1_md:{hash}"),
            ],
        };
        options.into_iter().flat_map(|option| ["-pkeyopt".to_owned(), option]).collect()
    }
}

/// The digest of some data; `hash` is OpenSSL's name, as `sha3-256`.
pub fn digest(hash: &str, data: &[u8]) -> Vec<u8> {
    transform(&["dgst", &format!("-{hash}"), "-binary"], data)
}

/// The HMAC of some data.
pub fn hmac(hash: &str, key: &[u8], data: &[u8]) -> Vec<u8> {
    let key = format!("hexkey:{}", hex(key));
    transform(&["dgst", &format!("-{hash}"), "-binary", "-mac", "HMAC", "-macopt", &key], data)
}

/// A message encrypted for the certificate's key.
pub fn encrypt(certificate: &[u8], padding: Padding, message: &[u8]) -> Vec<u8> {
    let folder = scratch("encrypt");
    let key = public_key(certificate, &folder);
    let mut command = Command::new("openssl");
    command.args(["pkeyutl", "-encrypt", "-pubin", "-inkey"]).arg(key).args(padding.options());
    let output = output(&mut command, &folder, message);
    let _ = fs::remove_dir_all(folder);
    output
}

/// A key pair of OpenSSL's.
pub struct KeyPair {
    folder: PathBuf,
}

impl KeyPair {
    /// Of RSA, with so many bits.
    pub fn rsa(bits: usize) -> Self {
        Self::generate(&["-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")])
    }

    /// On a curve, as `P-384`.
    pub fn ec(curve: &str) -> Self {
        Self::generate(&["-algorithm", "EC", "-pkeyopt", &format!("ec_paramgen_curve:{curve}")])
    }

    fn generate(options: &[&str]) -> Self {
        let made = Self { folder: scratch("key") };
        run(Command::new("openssl").arg("genpkey").args(options).arg("-out").arg(made.private()));
        made
    }

    fn private(&self) -> PathBuf {
        self.folder.join("private.pem")
    }

    /// SubjectPublicKeyInfo, DER.
    fn public_key_info(&self) -> Vec<u8> {
        let info = self.folder.join("public.der");
        let mut command = Command::new("openssl");
        command.args(["pkey", "-pubout", "-outform", "DER", "-in"]).arg(self.private());
        run(command.arg("-out").arg(&info));
        fs::read(info).expect("the public key")
    }

    /// The public point, uncompressed; `length` is that of a field element.
    pub fn point(&self, length: usize) -> Vec<u8> {
        let info = self.public_key_info();
        info[info.len() - 2 * length - 1..].to_vec()
    }

    /// The modulus.
    pub fn modulus(&self) -> Vec<u8> {
        let said =
            run(Command::new("openssl").args(["rsa", "-noout", "-modulus", "-in"]).arg(self.private()));
        let digits = said.trim().strip_prefix("Modulus=").expect("a modulus");
        let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("a hexadecimal number");
        (0..digits.len()).step_by(2).map(byte).collect()
    }

    /// A signature of a ready digest, as PKCS#11 has it. `salt` is the length of that of RSA-PSS.
    pub fn sign_digest(&self, scheme: Scheme, hash: Option<&str>, digest: &[u8], salt: usize) -> Vec<u8> {
        let mut command = Command::new("openssl");
        command.args(["pkeyutl", "-sign", "-inkey"]).arg(self.private());
        if scheme == Scheme::Pss {
            command.args(["-pkeyopt", "rsa_padding_mode:pss"]);
            command.arg("-pkeyopt").arg(format!("rsa_pss_saltlen:{salt}"));
        }
        if let Some(hash) = hash {
            command.arg("-pkeyopt").arg(format!("digest:{hash}"));
        }
        let signature = output(&mut command, &self.folder, digest);
        if scheme == Scheme::Ecdsa { ecdsa_raw(&signature, self.field()) } else { signature }
    }

    /// Bytes of a field element of the key's curve.
    fn field(&self) -> usize {
        let said = run(Command::new("openssl").args(["pkey", "-noout", "-text", "-in"]).arg(self.private()));
        let bits = said.split_once("Private-Key: (").and_then(|(_, rest)| rest.split_once(" bit"));
        bits.and_then(|(bits, _)| bits.parse::<usize>().ok()).expect("the length of the key").div_ceil(8)
    }

    /// The message out of what was encrypted for this key.
    pub fn decrypt(&self, padding: Padding, cryptogram: &[u8]) -> Vec<u8> {
        let mut command = Command::new("openssl");
        command.args(["pkeyutl", "-decrypt", "-inkey"]).arg(self.private()).args(padding.options());
        output(&mut command, &self.folder, cryptogram)
    }

    /// The secret that this key shares with the certificate's.
    pub fn agree(&self, certificate: &[u8]) -> Vec<u8> {
        let peer = public_key(certificate, &self.folder);
        let mut command = Command::new("openssl");
        command.args(["pkeyutl", "-derive", "-inkey"]).arg(self.private()).arg("-peerkey").arg(peer);
        let secret = self.folder.join("secret");
        run(command.arg("-out").arg(&secret));
        fs::read(secret).expect("the secret")
    }
}

impl Drop for KeyPair {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What the command makes of the data, by files.
fn output(command: &mut Command, folder: &Path, data: &[u8]) -> Vec<u8> {
    let out = folder.join("out");
    run(command.arg("-in").arg(file(folder, "in", data)).arg("-out").arg(&out));
    fs::read(&out).unwrap_or_else(|error| panic!("{}: {error}", out.display()))
}

fn transform(arguments: &[&str], data: &[u8]) -> Vec<u8> {
    let folder = scratch("transform");
    let (out, data) = (folder.join("out"), file(&folder, "data", data));
    run(Command::new("openssl").args(arguments).arg("-out").arg(&out).arg(data));
    let made = fs::read(&out).expect("what openssl made");
    let _ = fs::remove_dir_all(folder);
    made
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The certificate's public key as a PEM file.
/// The certificate's key in a file. A process for each certificate, not for each signature.
fn public_key(certificate: &[u8], folder: &Path) -> PathBuf {
    static KEYS: Mutex<BTreeMap<Vec<u8>, String>> = Mutex::new(BTreeMap::new());
    let known = || KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = known().get(certificate).cloned().unwrap_or_else(|| {
        let file = file(folder, "certificate.der", certificate);
        run(Command::new("openssl").args(["x509", "-inform", "DER", "-noout", "-pubkey", "-in"]).arg(file))
    });
    let path = file(folder, "key.pem", key.as_bytes());
    known().insert(certificate.to_vec(), key);
    path
}

fn file(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    path
}

fn judge(mut command: Command, folder: &Path) -> bool {
    let output = command.output().expect("run openssl");
    let _ = fs::remove_dir_all(folder);
    output.status.success()
}

/// The signature as OpenSSL takes it.
fn encoded(scheme: Scheme, signature: &[u8]) -> Vec<u8> {
    match scheme {
        Scheme::Ecdsa => ecdsa_der(signature),
        Scheme::Pkcs1 | Scheme::Pss => signature.to_vec(),
    }
}

/// ECDSA-Sig-Value (RFC 3279, 2.2.3) of r‖s.
fn ecdsa_der(signature: &[u8]) -> Vec<u8> {
    let (r, s) = signature.split_at(signature.len() / 2);
    let content = [integer(r), integer(s)].concat();
    tagged(0x30, &content)
}

/// r‖s of an ECDSA-Sig-Value, each as long as a field element.
fn ecdsa_raw(der: &[u8], field: usize) -> Vec<u8> {
    // A length of more than 127 has a byte more.
    let header = if der[1] & 0x80 == 0 { 2 } else { 3 };
    let (mut rest, mut raw) = (&der[header..], Vec::new());
    while let [0x02, length, tail @ ..] = rest {
        let (number, after) = tail.split_at(usize::from(*length));
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        raw.resize(raw.len() + field - number.len(), 0);
        raw.extend_from_slice(number);
        rest = after;
    }
    raw
}

fn integer(unsigned: &[u8]) -> Vec<u8> {
    let zeros = unsigned.iter().take_while(|byte| **byte == 0).count();
    let digits = &unsigned[zeros..];
    // A leading zero keeps the number positive, and is the whole of a zero.
    let pad = digits.first().is_none_or(|first| first & 0x80 != 0);
    tagged(0x02, &[if pad { &[0][..] } else { &[] }, digits].concat())
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("an ECDSA signature is short");
    let header = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
    [header.as_slice(), content].concat()
}

#[cfg(test)]
mod tests {
    use super::{ecdsa_der, ecdsa_raw};

    #[test]
    fn ecdsa_signatures_become_minimal_der() {
        let raw = [0x00, 0x01, 0x80, 0x00];
        assert_eq!(ecdsa_der(&raw), [0x30, 0x08, 0x02, 0x01, 0x01, 0x02, 0x03, 0x00, 0x80, 0x00]);
        assert_eq!(ecdsa_der(&[0xFF; 132])[..4], [0x30, 0x81, 0x8A, 0x02]);
        for raw in [&raw[..], &[0xFF; 132]] {
            assert_eq!(ecdsa_raw(&ecdsa_der(raw), raw.len() / 2), raw);
        }
    }
}

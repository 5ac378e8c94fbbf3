//! OpenSSL as the judge of signatures: it shares no code with the module or with the simulated card.

use std::fs;
use std::path::Path;
use std::process::Command;

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

/// The certificate's public key as a PEM file.
fn public_key(certificate: &[u8], folder: &Path) -> std::path::PathBuf {
    let certificate = file(folder, "certificate.der", certificate);
    let pem = run(Command::new("openssl")
        .args(["x509", "-inform", "DER", "-noout", "-pubkey", "-in"])
        .arg(certificate));
    file(folder, "key.pem", pem.as_bytes())
}

fn file(folder: &Path, name: &str, content: &[u8]) -> std::path::PathBuf {
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
    use super::ecdsa_der;

    #[test]
    fn ecdsa_signatures_become_minimal_der() {
        let raw = [0x00, 0x01, 0x80, 0x00];
        assert_eq!(ecdsa_der(&raw), [0x30, 0x08, 0x02, 0x01, 0x01, 0x02, 0x03, 0x00, 0x80, 0x00]);
        assert_eq!(ecdsa_der(&[0xFF; 132])[..4], [0x30, 0x81, 0x8A, 0x02]);
    }
}

//! The authority that browsers trust for this service, and nothing else: it is made once, on the holder's word, and is for
//! the names of this computer alone. Its key signs the certificates of the coming years, and is then forgotten, so that
//! nobody can ever have another one signed.

use avain_flow::registration::signing::{self, AUTHORITY};
use avain_flow::system::System;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256,
};
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How many certificates of the service there are: each begins well before the one before it ends.
const COUNT: u64 = 10;
const DAY: u64 = 24 * 60 * 60;
/// How long one is valid.
const VALID: u64 = 365 * DAY;
/// How long it is used.
const USED: u64 = 330 * DAY;

/// The key of the service.
const KEY: &str = "key.der";
/// What the names of its certificates begin with; the second from which they are valid follows.
const SERVICE: &str = "service-";
const END: &str = ".crt";

/// Makes the authority and what it has signed, in a folder that is for its user alone.
pub fn make(folder: &Path) -> io::Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(io::Error::other)?.as_secs();
    // Clocks differ, and so do time zones in the heads of their owners.
    let start = now.saturating_sub(DAY);
    let made = made(start).map_err(io::Error::other)?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    for (name, bytes) in made {
        File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(folder.join(name))?
            .write_all(&bytes)?;
    }
    Ok(())
}

/// The files: names and contents.
fn made(start: u64) -> Result<Vec<(String, Vec<u8>)>, rcgen::Error> {
    let end = start.saturating_add(USED.saturating_mul(COUNT)).saturating_add(VALID);
    let mut about = CertificateParams::default();
    // The number tells it from an earlier one, which a browser may still know.
    about.distinguished_name.push(DnType::CommonName, format!("Avain web signing on this computer, {start}"));
    about.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    about.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    about.name_constraints =
        Some(NameConstraints { permitted_subtrees: this_computer(), excluded_subtrees: Vec::new() });
    valid(&mut about, start, end);
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let authority = about.self_signed(&key)?;
    let issuer = Issuer::new(about, key);
    let service = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut files = vec![(KEY.to_owned(), service.serialize_der())];
    for number in 0..COUNT {
        let start = start.saturating_add(USED.saturating_mul(number));
        let certificate = certificate(start)?.signed_by(&service, &issuer)?;
        files.push((format!("{SERVICE}{start}{END}"), certificate.der().to_vec()));
    }
    // The last: where it is, the others are.
    files.push((AUTHORITY.to_owned(), authority.der().to_vec()));
    Ok(files)
}

fn certificate(start: u64) -> Result<CertificateParams, rcgen::Error> {
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut about = CertificateParams::new(names.to_vec())?;
    about.distinguished_name.push(DnType::CommonName, "localhost");
    about.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    about.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    about.use_authority_key_identifier_extension = true;
    // They share a key, of which the number would be made.
    about.serial_number = Some(start.into());
    valid(&mut about, start, start.saturating_add(VALID));
    Ok(about)
}

/// What a page can call this computer. A list of names alone would leave the addresses free.
fn this_computer() -> Vec<GeneralSubtree> {
    vec![
        GeneralSubtree::DnsName("localhost".to_owned()),
        GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([127, 0, 0, 1], 32)),
        GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(std::net::Ipv6Addr::LOCALHOST.octets(), 128)),
    ]
}

fn valid(about: &mut CertificateParams, start: u64, end: u64) {
    let time = |second| UNIX_EPOCH.checked_add(Duration::from_secs(second)).unwrap_or(UNIX_EPOCH);
    (about.not_before, about.not_after) = (time(start).into(), time(end).into());
}

/// What the service shows: its certificate of today with that of the authority, and its key.
pub struct Shown {
    /// The certificates.
    pub chain: [Vec<u8>; 2],
    /// The key (PKCS #8).
    pub key: Vec<u8>,
}

/// Reads it; an error, if the service was never switched on.
pub fn read(folder: &Path) -> io::Result<Shown> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(io::Error::other)?.as_secs();
    let names = fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let begun = names.filter_map(|name| begins(&name)).filter(|start| *start <= now).max();
    let certificate = begun.ok_or(io::ErrorKind::NotFound)?;
    let chain = [format!("{SERVICE}{certificate}{END}"), AUTHORITY.to_owned()];
    let [service, authority] = chain.map(|name| fs::read(folder.join(name)));
    Ok(Shown { chain: [service?, authority?], key: fs::read(folder.join(KEY))? })
}

/// When the certificate of this name begins.
fn begins(name: &str) -> Option<u64> {
    name.strip_prefix(SERVICE)?.strip_suffix(END)?.parse().ok()
}

/// Where all of it is.
pub fn folder() -> Option<PathBuf> {
    signing::folder(&System::new(Path::new("/"), std::env::vars_os()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No second is without a certificate, no certificate is valid for longer than a year, and nothing is left of the
    /// authority's key.
    #[test]
    fn certificates_for_years() {
        let start = 1_800_000_000;
        let files = made(start).unwrap();
        let starts: Vec<u64> = files.iter().filter_map(|(name, _)| begins(name)).collect();
        assert_eq!(starts.len(), 10);
        assert!(starts.windows(2).all(|pair| pair[1] - pair[0] < VALID));
        let keys: Vec<_> =
            files.iter().filter(|(name, _)| begins(name).is_none()).map(|(name, _)| name).collect();
        assert_eq!(keys, [KEY, AUTHORITY]);
        assert_ne!(made(start).unwrap()[0].1, files[0].1);
    }
}

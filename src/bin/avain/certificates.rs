//! The certificates of a card: for people, as PEM, as files.

use crate::arguments::Form;
use crate::face::{self, Face};
use avain_pkcs11::flow::{Card, Failure, Kind, Role, certificates, text};
use std::fs;
use std::path::Path;

/// Shows them in the form that was asked for.
pub(crate) fn show(card: &Card, form: &Form, face: &Face) -> Result<(), Failure> {
    let found = card.certificates()?;
    if found.is_empty() {
        return Err(Failure::new(Kind::Unsupported, [text::certificate_none()]));
    }
    if let Some(folder) = &form.der {
        return write(&found, folder, face);
    }
    for (role, certificate) in &found {
        if form.pem {
            certificates::pem(certificate).iter().for_each(|pem| face::print(pem.trim_end()));
            continue;
        }
        for text in certificates::words(*role, certificate) {
            face.tell(&text);
        }
        for name in [&certificate.subject, &certificate.issuer] {
            certificates::common_name(name).iter().for_each(|name| face::print(&format!("  {name}")));
        }
        face::print(&format!("  {}", certificates::key_kind(certificate)));
    }
    Ok(())
}

/// One file each; one that exists is left alone.
fn write(found: &[(Role, certificates::Certificate)], folder: &Path, face: &Face) -> Result<(), Failure> {
    let failed = |text| Failure::new(Kind::Failed, [text]);
    fs::create_dir_all(folder).map_err(|_| failed(text::file_unwritable(folder.display().to_string())))?;
    for (role, certificate) in found {
        let path = folder.join(format!("{}.der", certificates::file_stem(*role, certificate)));
        let name = path.display().to_string();
        if path.exists() {
            return Err(failed(text::file_exists(name)));
        }
        fs::write(&path, &certificate.der).map_err(|_| failed(text::file_unwritable(name.as_str())))?;
        face.tell(&text::written(name));
    }
    Ok(())
}

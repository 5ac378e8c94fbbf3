//! `avain certs`: the certificates of a card, as a list, as PEM or as DER files.

use crate::arguments::Form;
use crate::console::{self, Console};
use avain_flow::certificates::{self, Shown};
use avain_flow::{Card, Failure, Kind, text};
use std::fs;
use std::path::Path;

/// Shows them in the requested form.
pub(crate) fn show(card: &Card, form: &Form, console: &Console) -> Result<(), Failure> {
    let mut found = card.certificates()?;
    found.extend(card.authorities()?);
    if found.is_empty() {
        return Err(Failure::new(Kind::Unsupported, [text::certificate_none()]));
    }
    if let Some(folder) = &form.der {
        return write(&found, folder, console);
    }
    for shown in &found {
        if form.pem {
            certificates::pem(&shown.certificate).iter().for_each(|pem| console::print(pem.trim_end()));
        } else {
            describe(shown, console);
        }
    }
    Ok(())
}

fn describe(shown: &Shown, console: &Console) {
    console.tell(&certificates::words(shown));
    let certificate = &shown.certificate;
    let names = [&certificate.subject, &certificate.issuer].map(|name| certificates::common_name(name));
    let label = Some(&shown.label).filter(|label| !label.is_empty());
    for line in label.into_iter().chain(names.iter().flatten()) {
        console::print(&format!("  {line}"));
    }
    console::print(&format!("  {}", certificates::key_kind(certificate)));
}

/// Writes one file for each certificate; existing files are not overwritten.
fn write(found: &[Shown], folder: &Path, console: &Console) -> Result<(), Failure> {
    let failed = |text| Failure::new(Kind::Failed, [text]);
    fs::create_dir_all(folder).map_err(|_| failed(text::file_unwritable(folder)))?;
    for (shown, stem) in found.iter().zip(certificates::file_stems(found)) {
        let path = folder.join(format!("{stem}.der"));
        let name = path.as_path();
        if path.exists() {
            return Err(failed(text::file_exists(name)));
        }
        fs::write(&path, &shown.certificate.der).map_err(|_| failed(text::file_unwritable(name)))?;
        console.tell(&text::written(name));
    }
    Ok(())
}

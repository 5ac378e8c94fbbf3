//! What is on a card when it is made: keys, codes, certificates, and the material of its files.

use super::{InlineCard, InlineKey};
use crate::chip::Personalisation;
use crate::chip::pins::Pins;
use crate::facts::date::Date;
use crate::facts::description::{KeyKind, KeyUsage};
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::pki::certificate::{
    self, COMMON_NAME, COUNTRY, GIVEN_NAME, ORGANISATION, SERIAL_NUMBER, SURNAME, TextForm,
};
use crate::pki::issued::{Certificates, HolderCertificate};
use crate::pki::issuer::{Purpose, Request};
use crate::pki::keys::PrivateKey;

/// What the files are made from.
pub(crate) struct InlineContents<'a> {
    pub(crate) card: &'static InlineCard,
    pub(crate) certificates: &'a Certificates,
    pub(crate) serial: &'a str,
    pub(crate) switches: &'a Switches,
}

impl InlineContents<'_> {
    /// A certificate as its file holds it.
    pub(crate) fn certificate_file(&self, der: &[u8]) -> Vec<u8> {
        filled(der.to_vec(), self.switches.cert_padding)
    }

    /// One of the PKCS#15 files as it lies on the card.
    pub(crate) fn directory_file(&self, content: Vec<u8>) -> Vec<u8> {
        filled(content, self.switches.directory_padding)
    }

    pub(crate) fn holder_certificate(&self, name: &str) -> Vec<u8> {
        let der = self.certificates.named(name).map(|certificate| certificate.der.as_slice());
        self.certificate_file(der.unwrap_or_default())
    }
}

fn filled(mut content: Vec<u8>, fill: usize) -> Vec<u8> {
    content.resize(content.len() + fill.min(0x1000), 0);
    content
}

pub(super) fn make_key(card: &InlineCard, key: &InlineKey, number: usize, holder: u32) -> PrivateKey {
    let label = format!("{}/{}/{}", card.card.name, holder, key.key.name);
    match key.key.kind {
        KeyKind::P256 => PrivateKey::p256(&label),
        KeyKind::P384 => PrivateKey::p384(&label),
        // Two RSA keys of one card are different files; so are those of two neighbouring holders.
        KeyKind::Rsa(bits) => PrivateKey::rsa(bits, (holder as usize % 2) * 2 + number),
        KeyKind::RsaBySwitch => PrivateKey::rsa(2048, number),
    }
}

/// The codes of a card. How many tries an organisation card gives is an open question.
pub(super) fn pins(card: &InlineCard, personalisation: &Personalisation<'_>) -> Pins {
    let mut pins = Pins::new(card.card.pins, card.pin_rules, personalisation);
    if card.tries_by_switch {
        let full = personalisation.switches.org_tries.clamp(1, 15) as u8;
        for pin in pins.iter_mut() {
            pin.full = full;
            pin.tries = if pin.tries == 0 { 0 } else { full };
        }
    }
    pins
}

pub(super) fn certificates(
    card: &InlineCard,
    keys: &[PrivateKey],
    holder: &Holder,
    issued: Date,
) -> Certificates {
    let authorities = card.issuer.authorities();
    let form = TextForm::Utf8;
    let subject = certificate::name(&[
        (COUNTRY, TextForm::Printable, "FI"),
        (ORGANISATION, form, card.organisation),
        (SERIAL_NUMBER, TextForm::Printable, &holder.personal_code),
        (GIVEN_NAME, form, &holder.given_name),
        (SURNAME, form, &holder.surname),
        (COMMON_NAME, form, &holder.common_name()),
    ]);
    let of_holder = card.keys.iter().zip(keys).map(|(key, private)| HolderCertificate {
        name: key.key.name,
        key_reference: key.key.reference,
        pin_reference: key.key.pin,
        der: authorities.issue(&Request {
            subject: &subject,
            key: private,
            purpose: match key.key.usage {
                KeyUsage::Authentication => Purpose::Authentication,
                KeyUsage::Signature => Purpose::Signature,
            },
            issued,
            years: 5,
        }),
    });
    Certificates {
        root: authorities.root.clone(),
        issuing: authorities.issuing.clone(),
        holder: of_holder.collect(),
    }
}

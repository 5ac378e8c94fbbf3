//! What is on a card when it is made: keys, codes, certificates, and the material of its files.

use super::InlineCard;
use crate::chip::Personalisation;
use crate::chip::pins::Pins;
use crate::facts::date::Date;
use crate::facts::description::KeyUsage;
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::pki::certificate::{
    self, COMMON_NAME, COUNTRY, GIVEN_NAME, ORGANISATION, SERIAL_NUMBER, SURNAME, TextForm,
};
use crate::pki::issued::{CardKey, Certificates};
use crate::pki::plain::{Purpose, Request};

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
    keys: &[CardKey],
    holder: &Holder,
    issued: Date,
) -> Certificates {
    let form = TextForm::Utf8;
    let subject = certificate::name(&[
        (COUNTRY, TextForm::Printable, "FI"),
        (ORGANISATION, form, card.organisation),
        (SERIAL_NUMBER, TextForm::Printable, &holder.personal_code),
        (GIVEN_NAME, form, &holder.given_name),
        (SURNAME, form, &holder.surname),
        (COMMON_NAME, form, &holder.common_name()),
    ]);
    let certificate = |key: &CardKey| {
        let purpose = match key.description.usage {
            KeyUsage::Authentication => Purpose::Authentication,
            KeyUsage::Signature => Purpose::Signature,
        };
        let request = Request { subject: &subject, key: &key.private, purpose, issued, years: 5 };
        key.certificate(request.issue(card.issuer))
    };
    card.issuer.certificates(keys.iter().map(certificate).collect())
}

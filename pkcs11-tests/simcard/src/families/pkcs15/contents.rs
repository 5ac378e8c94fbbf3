//! What is on a card when it is made: codes and certificates.

use super::card::InlineCard;
use crate::chip::Personalisation;
use crate::chip::pins::Pins;
use crate::facts::date::Date;
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::pki::certificate::{
    self, COMMON_NAME, COUNTRY, GIVEN_NAME, ORGANISATION, SERIAL_NUMBER, SURNAME, TextForm,
};
use crate::pki::issued::{CardKey, Certificates};
use crate::pki::plain;

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
    switches: &Switches,
) -> Certificates {
    let form = TextForm::Utf8.of_names(switches);
    let subject = certificate::name(&[
        (COUNTRY, TextForm::Printable, "FI"),
        (ORGANISATION, TextForm::Utf8, card.organisation),
        (SERIAL_NUMBER, TextForm::Printable, &holder.personal_code),
        (GIVEN_NAME, form, &holder.given_name),
        (SURNAME, form, &holder.surname),
        (COMMON_NAME, form, &holder.common_name()),
    ]);
    plain::certificates(card.issuer, &subject, keys, issued, switches)
}

//! Cards of the ordinary ISO/IEC 7816-4, -8 and -15 kind: a complete PKCS#15 directory, the signature template, and
//! the digest sent with PSO: COMPUTE DIGITAL SIGNATURE. What one card is made of is a table: `organisation`, `iso15`.

mod algorithm;
mod card;
mod chip;
mod contents;
mod iso15;
mod organisation;

pub(crate) use iso15::{COMPLETE, PARTIAL};
pub(crate) use organisation::{ORGANISATION_EC, ORGANISATION_RSA};

//! What goes over the line and what lies in files: commands and status words, DER, PKCS#15.

pub mod apdu;
pub(crate) mod der;
pub(crate) mod pkcs15;

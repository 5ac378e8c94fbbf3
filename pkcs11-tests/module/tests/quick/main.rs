//! The module at its C boundary, chapter by chapter of PKCS#11.
//!
//! `AVAIN_WORLD=linked` (the default) runs these tests on the PC/SC library that is linked into this program,
//! `AVAIN_WORLD=daemon` on the real pcscd: that they hold on both shows that the one behaves as the other does.

mod aftermath;
mod agreement;
mod applications;
mod arguments;
mod authorities;
mod channel;
mod closing;
mod contactless;
mod countries;
mod countries_keys;
mod countries_pins;
mod deciphering;
mod digests;
mod general;
mod growth;
mod handed_on;
mod interfaces;
mod kept;
mod login;
mod made_objects;
mod mechanisms;
mod messages;
mod objects;
mod odd_cards;
mod open_questions;
mod operations;
mod pin_findings;
mod pin_sequences;
mod pin_switches;
mod pins;
mod sequences;
mod sessions;
mod sharing;
mod signing;
mod slots;
mod strangers;
mod vendor;
mod verifying;
mod waiting;

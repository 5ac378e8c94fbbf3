//! A national identity card in a reader: commands to it, what is known of each kind of card, and a card in use.
//!
//! From the top down: [`token`], [`cards`], [`iso7816`], [`transport`], [`log`], [`sys`]. A module uses only those that
//! stand after it. Who owns what, and which lock covers what, is told in the documentation of `avain-pkcs11`.

#[forbid(unsafe_code)]
pub mod cards;
#[forbid(unsafe_code)]
pub mod iso7816;
#[forbid(unsafe_code)]
pub mod log;
pub mod sys;
#[forbid(unsafe_code)]
pub mod token;
#[forbid(unsafe_code)]
pub mod transport;

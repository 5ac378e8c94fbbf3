//! National identity cards: the commands that they take, a table for each kind of card, and a card in use.
//!
//! Layers from the top down: [`store`], [`token`], [`cards`], [`iso7816`], [`transport`], [`log`],
//! [`settings`], [`sys`]. Each uses only the
//! ones after it. The documentation of `avain-pkcs11` says who owns what, and which lock covers what.

#[forbid(unsafe_code)]
pub mod cards;
#[forbid(unsafe_code)]
pub mod iso7816;
#[forbid(unsafe_code)]
pub mod log;
#[forbid(unsafe_code)]
pub mod settings;
#[forbid(unsafe_code)]
pub mod store;
pub mod sys;
#[forbid(unsafe_code)]
pub mod token;
#[forbid(unsafe_code)]
pub mod transport;

//! A card in use: who may talk to it, what is believed of it, which PINs stand. No PKCS#11 types here.

pub mod activation;
#[cfg(test)]
mod bench;
pub mod condition;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed, as it should")]
mod countries;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed, as it should")]
mod hostile;
pub mod insertion;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed, as it should")]
mod keys;
pub mod link;
pub mod pins;
pub mod policy;
pub mod reader;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed, as it should")]
#[allow(clippy::print_stdout, reason = "a test that could not compare says so")]
mod recordings;
pub mod view;

pub use activation::{Attempt, LastTry, Stopped};
pub use condition::Condition;
pub use insertion::{Identity, Insertion};
pub use policy::{OncePin, RefusedPins};
pub use reader::{Authority, Consent, Reader};
pub use view::{AuthorityView, KeyView, View};

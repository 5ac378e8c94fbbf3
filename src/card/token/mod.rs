//! A card in use: access to it, what is known of its state, and which PINs are verified. No PKCS #11 types here.

pub mod activation;
pub mod can;
pub mod code;
pub mod condition;
mod given;
pub mod insertion;
pub mod kept;
pub mod policy;
pub mod reader;
#[cfg(test)]
mod tests;
pub mod transaction;
pub mod view;

pub use activation::{Attempt, LastTry, Stopped, Terms};
pub use can::{CanState, CanStore, NoStore};
pub use code::Purpose;
pub use condition::Condition;
pub use insertion::{Identity, Insertion};
pub use kept::CertificateStore;
pub use policy::{OncePin, PinHistory};
pub use reader::{Authority, Consent, Reader};
pub use view::{AuthorityView, KeyView, View};

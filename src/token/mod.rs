//! A card in use: who may talk to it, what is believed of it, which PINs stand. No PKCS#11 types here.

pub mod gate;
#[cfg(test)]
mod hostile;
pub mod insertion;
pub mod link;
pub mod pins;
pub mod policy;

pub use gate::{Authority, Gate};
pub use insertion::{Identity, Insertion, KeyView, View};
pub use policy::{OncePin, RefusedPins};

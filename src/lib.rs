#![doc = include_str!("ARCHITECTURE.md")]

pub mod cards;
pub mod crypto;
#[doc(hidden)]
pub mod ffi;
#[cfg(feature = "flow")]
pub mod flow;
pub mod iso7816;
pub mod p11;
pub mod token;
pub mod transport;

#[cfg(test)]
mod layers;
#[cfg(test)]
mod readme;

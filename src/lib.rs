#![doc = include_str!("ARCHITECTURE.md")]

#[forbid(unsafe_code)]
pub mod cards;
#[forbid(unsafe_code)]
pub mod crypto;
#[doc(hidden)]
pub mod ffi;
#[cfg(feature = "flow")]
#[forbid(unsafe_code)]
pub mod flow;
#[forbid(unsafe_code)]
pub mod iso7816;
#[forbid(unsafe_code)]
pub mod log;
#[forbid(unsafe_code)]
pub mod p11;
#[forbid(unsafe_code)]
pub mod token;
#[forbid(unsafe_code)]
pub mod transport;

#[cfg(test)]
mod layers;
#[cfg(test)]
mod readme;

#![doc = include_str!("../ARCHITECTURE.md")]

#[doc(hidden)]
pub mod ffi;
#[forbid(unsafe_code)]
pub mod p11;

#[cfg(test)]
mod readme;

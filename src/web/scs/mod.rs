//! The Finnish signature service on localhost (SCS 1.1 of the Digital and Population Data Services Agency): what pages ask
//! by HTTP, and what they are answered.

pub mod authority;
mod caller;
pub mod http;
pub mod lift;
pub mod listen;
pub mod reply;
pub mod request;
pub mod serve;

//! Secure channels to cards: opened by PACE (ICAO 9303-11 §4.4, BSI TR-03110), kept by secure messaging (§9.8).
//!
//! Whoever has the channel sends commands as over contacts; they are wrapped on their way.

pub mod card_access;
pub mod pace;
mod protected;
mod session;

pub use card_access::Suite;
pub use protected::{Opening, Protected};
pub use session::Session;

//! What the tests of the C boundary share: one pcscd for each test program, cards that come and go, counters of the
//! card, and the return values that the standard permits.

mod answers;
mod bare;
mod bench;
mod child;
pub mod countries;
mod guarded;
mod hashes;
pub mod leaks;
mod longest;
pub mod made;
mod other;
mod pins;
mod properties;
mod puppet;
mod raw;
pub mod sequences;
mod unknown;
mod vendor;
mod world;

pub use answers::{name, permitted, refused};
pub use bare::{Bare, Twin, bare_activation, lasting};
pub use bench::Bench;
pub use child::Child;
pub use guarded::Guarded;
pub use hashes::{HASHES, Hash};
pub use longest::Longest;
pub use other::Other;
pub use pins::{Count, PIN_FLAGS, REFERENCES, TOKENS, codes, counts, pin_flags, reference};
pub use properties::holds_for;
pub use puppet::Puppet;
pub use raw::{called, functions_2_40, functions_3_0, functions_3_2, mechanism, no_mechanism};
pub use unknown::UnknownCard;
pub use vendor::{Activation, CardStatus, Outcome, PinStatus, Step, UNKNOWN, VendorList};
pub use world::{InReader, PIN1, PIN2, Token, Watched, World, second_program, until};

/// Every generation of the card.
pub const GENERATIONS: [&str; 4] = ["fineid-v3.0", "fineid-v3.1", "fineid-v4.0", "fineid-v4.1"];
/// The generation for tests in which it does not matter.
pub const ANY: &str = "fineid-v4.0";
/// A generation with RSA keys alone on its authentication token, and with both kinds on its signature token.
pub const RSA: &str = "fineid-v3.0";
/// A generation with EC keys alone.
pub const EC: &str = "fineid-v4.0";

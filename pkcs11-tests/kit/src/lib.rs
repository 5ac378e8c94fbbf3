//! What the tests share: readers with simulated cards in them, the built module, counters of the card, the return
//! values that the standard permits, and judges of signatures.
//!
//! ```no_run
//! let (world, card) = kit::World::with(kit::ANY);      // a card in the first reader, the module initialised
//! let session = world.open(kit::PIN1);
//! session.login(cryptoki_sys::CKU_USER, kit::PIN1.1).unwrap();
//! card.remove();                                       // returns when the card is seen to be gone
//! ```
//!
//! A [`World`] stands on one of two backends, as `AVAIN_WORLD` says: `linked`, a PC/SC library over simulated cards that
//! is linked into the test program, where a card costs milliseconds; or `daemon`, the real pcscd with virtual readers.
//! The same tests run on either. pcscd's socket and the readers' ports exist once per system, so the second needs the
//! sandbox that the script `sandbox` makes, and refuses to run elsewhere.
//!
//! What goes wrong in the kit itself is not a result of a test: it panics with the reason and pcscd's log.
//! What the module answers is handed on as `Result<_, CK_RV>`.

#![allow(clippy::macro_metavars_in_unsafe, reason = "a C call is what `call!` is for")]

mod answers;
mod bare;
mod bench;
mod certificate;
mod child;
mod clock;
pub mod countries;
mod daemon;
mod dice;
mod fake_library;
mod frames;
mod gate;
mod guarded;
mod hashes;
pub mod judge;
pub mod leaks;
mod line;
mod login_session;
mod longest;
pub mod made;
mod mechanism;
mod module;
pub mod numbers;
pub mod openssl;
mod operations;
mod other;
mod pins;
mod presence;
mod program;
mod properties;
mod puppet;
mod raw;
mod rig;
pub mod sequences;
mod session;
mod side_by_side;
mod still;
mod template;
mod unknown;
mod vendor;
mod waiting;
mod world;

pub use answers::{name, permitted, refused};
pub use bare::{Bare, Twin, bare_activation, lasting};
pub use bench::Bench;
pub use certificate::{Certificate, PublicKey};
pub use child::Child;
pub use clock::stop_clock;
pub use dice::{Dice, exhaustive, seed};
pub use fake_library::FakeLibrary;
pub use fake_pcsc::forward_to_the_daemon;
pub use frames::{frame, next_frame};
pub use gate::{Gate, Hang};
pub use guarded::Guarded;
pub use hashes::{HASHES, Hash};
pub use login_session::LoginSession;
pub use longest::Longest;
pub use mechanism::{Mechanism, ecdh, oaep, pss};
pub use module::{GetFunctionList, GetInterface, Initialized, Module, bytes, text};
pub use operations::{Making, Told, answered, asked, told};
pub use other::Other;
pub use pins::{Count, PIN_FLAGS, REFERENCES, TOKENS, codes, counts, pin_flags, reference};
pub use program::{run, scratch};
pub use properties::holds_for;
pub use puppet::{Puppet, elevated};
pub use raw::{called, functions_2_40, functions_3_0, functions_3_2, mechanism, no_mechanism};
pub use rig::{Backend, InsertedCard, Rig, card};
pub use session::Session;
pub use side_by_side::side_by_side;
pub use still::{mean_fork, wakeups};
pub use template::Template;
pub use unknown::UnknownCard;
pub use vendor::{Activation, CardStatus, Outcome, PinStatus, Step, UNKNOWN, VendorList};
pub use waiting::wait_within;
pub use world::{
    InReader, PIN1, PIN2, Token, Watched, World, second_program, set_clock_right, somebody_types, until,
};

/// Every generation of the card.
pub const GENERATIONS: [&str; 4] = ["fineid-v3.0", "fineid-v3.1", "fineid-v4.0", "fineid-v4.1"];
/// The generation for tests in which it does not matter.
pub const ANY: &str = "fineid-v4.0";
/// A generation with RSA keys alone on its authentication token, and with both kinds on its signature token.
pub const RSA: &str = "fineid-v3.0";
/// A generation with EC keys alone.
pub const EC: &str = "fineid-v4.0";

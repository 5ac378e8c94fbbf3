//! Test rig: the real PC/SC daemon with virtual readers, simulated cards in them, and the built module.
//!
//! ```no_run
//! let rig = rig::Rig::start(2);                          // pcscd with two readers
//! let card = rig.insert(0, rig::card("fineid-v4.0"));    // returns when pcscd has seen the card
//! let module = rig::Module::load();                      // the release build, by dlopen
//! let _running = module.initialize().unwrap();           // C_Finalize on drop
//! let session = module.open(module.slot("FINEID (PIN1)").unwrap()).unwrap();
//! session.login(cryptoki_sys::CKU_USER, "1234").unwrap();
//! card.remove();                                         // returns when pcscd has seen it go
//! ```
//!
//! pcscd's socket and the readers' ports exist once per system, so everything here runs inside
//! `private` (see that script) and refuses to run elsewhere; within a test program, one [`Rig`] exists at a
//! time and the other tests wait.
//!
//! What goes wrong in the rig itself is not a result of a test: it panics with the reason and pcscd's log.
//! What the module answers is handed on as `Result<_, CK_RV>`.

#![allow(clippy::macro_metavars_in_unsafe, reason = "a C call is what `call!` is for")]

mod daemon;
pub mod judge;
mod mechanism;
mod module;
pub mod openssl;
mod operations;
mod presence;
mod program;
mod rig;
mod session;
mod template;

pub use mechanism::{Mechanism, ecdh, oaep, pss};
pub use module::{GetFunctionList, GetInterface, Initialized, Module, bytes, text};
pub use operations::{Making, Told, answered, asked, told};
pub use program::{run, scratch};
pub use rig::{InsertedCard, Rig, card};
pub use session::Session;
pub use template::Template;

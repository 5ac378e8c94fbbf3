//! What a program does in a session (§5.7 to §5.19): functions on objects, and operations that are begun, fed and
//! ended.

mod active;
mod card_key;
pub mod derive;
pub mod digest;
pub mod encrypt;
mod key_wrap;
mod mac;
pub mod mechanism;
pub mod message_signing;
pub mod message_verifying;
pub mod objects;
pub mod place;
pub mod random;
pub mod running;
pub mod search;
pub mod sign;
pub mod signature_input;
pub mod verify;
mod verify_recover;

pub use active::Operations;
pub use running::Kind;

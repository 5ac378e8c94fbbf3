//! Objects (§4): those on the card, those of a session, and their attributes.

pub mod attributes;
pub(in crate::p11) mod encoding;
pub mod handles;
pub mod object;
pub mod rules;
pub mod session_object;
pub mod template;

pub use attributes::Value;
pub use object::{Body, Object};
pub use template::Template;

//! Objects (§4): what is on a token or was made for a session, and the attributes that it has.

pub mod attributes;
mod encoding;
pub mod handles;
pub mod object;
pub mod rules;
pub mod session_object;
pub mod template;

pub use attributes::Value;
pub use object::{Body, Object};
pub use template::Template;

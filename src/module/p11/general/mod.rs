//! The module in use (§5.4): from C_Initialize to C_Finalize.

pub mod info;
pub mod lifecycle;
mod module;
mod wait;

pub use module::Module;

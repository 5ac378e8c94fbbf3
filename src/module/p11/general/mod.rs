//! The module from C_Initialize to C_Finalize (§5.4).

pub mod info;
pub mod lifecycle;
mod module;
mod wait;

pub use module::Module;

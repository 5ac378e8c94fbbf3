//! The programs people use: a user with a card in the reader, a server to log in to, and what the card saw of it.
//! `tests/clients/curl.rs` is a short example.

mod account;
mod background;
mod nss;
mod server;
mod table;
mod task;
mod terminal;
mod user;
mod wait;

pub use background::Background;
pub use server::{Server, certificates as server_certificates};
pub use table::{TABLES, Table, portable, rows};
pub use task::{Program, Row, Task};
pub use terminal::{Askpass, Dialogue, run_in_terminal};
pub use user::{Card, User};
pub use wait::{wait_for, wait_until};

/// Bytes from their hexadecimal digits.
///
/// # Panics
/// If they are none.
pub fn unhex(text: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits");
    (0..text.len()).step_by(2).map(byte).collect()
}

//! What the tests with real programs share: a card in a reader, its holder's home, a server to log in to, and what
//! the card saw of it all.
//!
//! ```no_run
//! let user = clients::User::with(clients::Card::Ec);      // pcscd, the card, a home with the module set up
//! let server = clients::Server::start(&user, "TLSv1.3");   // wants a certificate of the card's authority
//! let program = clients::Program { name: "curl", version: "8".into() };
//! let task = user.task(&program, "log in to a web server");
//! let mut curl = user.program("curl");                     // as the holder runs it
//! let dialogue = clients::run_in_terminal(curl.arg(server.url()), &[("PIN", user.pin1())]);
//! server.assert_only_visitor(&user, "TLSv1.3");
//! task.done(dialogue.answers, [1, 0]);                          // checks what the card saw, writes a row of the table
//! ```
//!
//! A program that is not there fails its test. `packaging/dependencies.sh --clients` installs them all.
#![forbid(unsafe_code)]

mod account;
mod nss;
mod places;
mod python;
mod server;
mod table;
mod task;
mod terminal;
mod user;
mod wait;

pub use places::{library, unhex};
pub use python::python;
pub use server::Server;
pub use table::{TABLES, Table, portable, rows};
pub use task::{Program, Row, Task};
pub use terminal::{Askpass, Dialogue, run_in_terminal, wait_until};
pub use user::{Card, User};
pub use wait::wait_for;

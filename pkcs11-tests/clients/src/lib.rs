//! What the tests with real programs share: a card in a reader, its holder's home, a server to log in to, and what
//! the card saw of it all.
//!
//! ```no_run
//! let scene = clients::Scene::with(clients::Card::Ec);      // pcscd, the card, a home with the module set up
//! let server = clients::Server::start(&scene, "TLSv1.3");   // wants a certificate of the card's authority
//! let program = clients::Program { name: "curl", version: "8".into() };
//! let task = scene.task(&program, "log in to a web server");
//! let mut curl = scene.program("curl");                     // as the holder runs it
//! let talk = clients::converse(curl.arg(server.url()), &[("PIN", scene.pin1())]);
//! server.let_in(&scene, "TLSv1.3");
//! task.done(talk.answers, [1, 0]);                          // checks what the card saw, writes a row of the table
//! ```
//!
//! A program that is not there fails its test. `packaging/dependencies.sh --clients` installs them all.
#![forbid(unsafe_code)]

mod conversation;
mod holder;
mod nss;
mod patience;
mod places;
mod python;
mod scene;
mod server;
mod table;
mod task;

pub use conversation::{Askpass, Talk, converse, until};
pub use patience::awaited;
pub use places::{library, unhex};
pub use python::python;
pub use scene::{Card, Scene};
pub use server::Server;
pub use table::{TABLES, Table, lasting, rows};
pub use task::{Program, Row, Task};

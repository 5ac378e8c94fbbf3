//! `avain-web`, by which web pages ask the holder of a card. It knows what browsers say; the card is used by the child that
//! asks the holder (`avain_flow::asked`), and no PIN comes into this process.
#![forbid(unsafe_code)]

pub mod asking;
pub mod command;
pub mod frames;
pub mod holder;
pub mod host;
pub mod reply;
pub mod scs;
mod turn;

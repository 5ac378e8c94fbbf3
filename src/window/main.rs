//! `avain-window`, what a holder does with a card without a terminal. What it does is in `avain_flow`; here are its pages.
//!
//! GTK and its thread never see a digit of a PIN, and never wait for a card.
#![deny(unsafe_code)]

mod application;
mod digits;
mod field;
mod frames;
mod letter;
mod look;
mod pages;
mod sheet;
mod start;
mod window;
mod worker;

use gtk4 as gtk;

fn main() -> gtk::glib::ExitCode {
    start::prepare();
    match std::env::args_os().nth(1) {
        Some(word) if word == "--asked" => application::run_for_another(),
        _ => application::run(),
    }
}

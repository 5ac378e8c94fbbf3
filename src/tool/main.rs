//! `avain`: looks after a national identity card from the command line. All it does is in `flow`; here it is asked
//! for and shown.
#![forbid(unsafe_code)]

mod arguments;
mod certificates;
mod diagnose;
mod dialogue;
mod exit;
mod face;
mod generate;
mod pins;
mod sign;
mod status;
mod terminal;

use arguments::{Arguments, Command};
use avain_flow::task::Job;
use avain_flow::{Desk, Failure, log};
use clap::Parser;
use face::Face;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        // The log is a part of what it gathers.
        Command::Diagnose { .. } => log::collect(log::Level::Debug),
        _ => log::start(),
    }
    let face = Face::new(arguments.language(), arguments.verbose);
    match run(&arguments, &face) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            face.fail(&failure);
            exit::code(failure.kind)
        }
    }
}

fn run(arguments: &Arguments, face: &Face) -> Result<(), Failure> {
    let reader = arguments.reader.as_deref();
    let card = || Desk::look(reader)?.card();
    match &arguments.command {
        Command::Status { json: true } => status::print_json(reader, face),
        Command::Status { json: false } => status::print(reader, face),
        Command::Activate { setting } => dialogue::carry_out(card()?, Job::Activate, setting, face),
        Command::ChangePin { pin, setting } => {
            dialogue::carry_out(card()?, Job::Change(pin.secret()), setting, face)
        }
        Command::Unblock { pin, setting } => {
            dialogue::carry_out(card()?, Job::Unblock(pin.role()), setting, face)
        }
        Command::Certs { form } => certificates::show(&card()?, form, face),
        Command::Sign { file, output, pins } => sign::sign(card()?, file, output.as_deref(), pins, face),
        Command::Test { pins } => sign::test(card()?, pins, face),
        Command::Diagnose { form } => diagnose::show(form, arguments.language(), reader, face),
        Command::Generate { folder } => generate::write(folder),
    }
}

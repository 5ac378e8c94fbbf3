//! `avain`, the command for looking after a national identity card. It parses arguments, asks for PINs and prints
//! results; what it does is in `avain_flow`.
#![forbid(unsafe_code)]

mod answer;
mod arguments;
mod can;
mod certificates;
mod config;
mod console;
mod contactless;
mod diagnose;
mod dialogue;
mod doctor;
mod exit;
mod generate;
mod help;
mod interruption;
mod pins;
mod register;
mod sign;
mod status;
mod terminal;
mod web;

use arguments::{Arguments, Command, Service};
use avain_flow::task::Job;
use avain_flow::{Failure, Memory, Readers, Words, log, waiting};
use clap::FromArgMatches;
use console::Console;
use pins::Source;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words =
        Words::of(arguments::language(std::env::args_os().map(|word| word.to_string_lossy().into_owned())));
    let parsed = help::command(&words).try_get_matches();
    let arguments = match parsed.and_then(|found| Arguments::from_arg_matches(&found)) {
        Ok(arguments) => arguments,
        Err(error) => return misunderstood(&error, &words),
    };
    match arguments.command {
        // The log is a part of the diagnosis.
        Command::Diagnose { .. } => log::collect(log::Level::Debug),
        _ => log::start(),
    }
    if arguments.command.wants_pins() {
        // If this fails, the system does with signals what it always does.
        let _ = interruption::watch(arguments.language());
    }
    let console = Console::new(arguments.language(), arguments.verbose);
    let language = arguments.language();
    // If this fails, nobody says who is waited for.
    let _ = waiting::watch(move |text| Console::new(language, false).say(text));
    match run(&arguments, &console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console.fail(&failure);
            exit::code(failure.kind)
        }
    }
}

/// Shows the help, or says what is wrong with the command line.
fn misunderstood(error: &clap::Error, words: &Words) -> ExitCode {
    match help::complaint(error) {
        Some(complaint) => complaint.iter().for_each(|text| console::note(&words.say(text))),
        // A closed pipe is no failure.
        None => drop(error.print()),
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(exit::MISUNDERSTOOD))
}

fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let reader = arguments.reader.as_deref();
    let memory = Memory::default().speaking(console.words().language());
    let card = || Readers::look_again(reader, &memory)?.card();
    match &arguments.command {
        Command::Status { json, personal } => {
            let personal = if *personal { status::Personal::Shown } else { status::Personal::Hidden };
            let show = if *json { status::print_json } else { status::print };
            show(reader, personal, console)
        }
        Command::Activate { setting } => {
            dialogue::carry_out(Source::open(&setting.pins.lines)?, card()?, Job::Activate, setting, console)
        }
        Command::ChangePin { pin, setting } => {
            let source = Source::open(&setting.pins.lines)?;
            dialogue::carry_out(source, card()?, Job::Change(pin.secret()), setting, console)
        }
        Command::Unblock { pin, setting } => {
            let source = Source::open(&setting.pins.lines)?;
            dialogue::carry_out(source, card()?, Job::Unblock(pin.role()), setting, console)
        }
        Command::Certs { form } => certificates::show(&card()?, form, console),
        Command::Sign { file, output, pins } => {
            sign::sign(Source::open(&pins.lines)?, card()?, file, output.as_deref(), pins, console)
        }
        Command::Test { pins } => sign::test(Source::open(&pins.lines)?, card()?, pins, console),
        Command::Can { action, which, lines } => {
            can::carry_out(*action, *which, || Source::open(lines), reader, console)
        }
        Command::Diagnose { form } => diagnose::show(form, arguments.language(), reader, console),
        Command::Register { module, only_new, form } => {
            register::register(form, module.as_deref(), *only_new, console)
        }
        Command::Unregister { purge, form } => register::unregister(form, *purge, console),
        Command::Doctor { form } => doctor::examine(form, arguments.language(), reader, console),
        Command::Probe { module } => doctor::probe(module),
        Command::Config { form } => config::carry_out(form, console),
        Command::Web { face: Service::Scs, switch } => web::carry_out(*switch, console),
        Command::Answer { pins } => answer::carry_out(pins, console),
        Command::Generate { folder } => generate::write(folder),
    }
}

//! The program that browsers start for the extension of Web eID, and that serves pages which know the Finnish signature
//! service.
#![forbid(unsafe_code)]

use avain_web::scs::{authority, listen};
use avain_web::{holder, host};
use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// How a browser calls its hosts: with the extension that wants it, Firefox after the manifest that led it here.
fn is_called_by_browser() -> bool {
    env::args().skip(1).any(|word| word.starts_with("chrome-extension://") || word.ends_with(".json"))
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ended = match words.as_slice() {
        ["scs", "accepted"] => holder::beside_this_program().and_then(|holder| listen::accepted(&holder)),
        ["scs", "run"] => holder::beside_this_program().and_then(listen::run),
        // `avain web scs on` starts it so.
        ["scs", "make", folder] => authority::make(Path::new(folder)),
        _ if is_called_by_browser() => holder::beside_this_program()
            .and_then(|holder| host::serve(io::stdin(), &mut io::stdout().lock(), &holder)),
        _ => {
            say(&format!("{}: browsers start it (avain register)", env!("CARGO_PKG_VERSION")));
            return ExitCode::FAILURE;
        }
    };
    match (ended, words.first()) {
        (Ok(()), _) => ExitCode::SUCCESS,
        (Err(error), Some(&"scs")) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
        (Err(_), _) => ExitCode::FAILURE,
    }
}

/// For who looks after the computer.
fn say(what: &str) {
    let _ = writeln!(io::stderr(), "avain-web: {what}");
}

//! The program that browsers start for the extension of Web eID.
#![forbid(unsafe_code)]

use avain_web::{holder, host};
use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

/// How a browser calls its hosts: with the extension that wants it, Firefox after the manifest that led it here.
fn is_called_by_browser() -> bool {
    env::args().skip(1).any(|word| word.starts_with("chrome-extension://") || word.ends_with(".json"))
}

fn main() -> ExitCode {
    if !is_called_by_browser() {
        let _ = writeln!(
            io::stderr(),
            "avain-web {}: browsers start it (avain register)",
            env!("CARGO_PKG_VERSION")
        );
        return ExitCode::FAILURE;
    }
    let ended = holder::beside_this_program()
        .and_then(|holder| host::serve(io::stdin(), &mut io::stdout().lock(), &holder));
    if ended.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

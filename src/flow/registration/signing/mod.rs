//! The Finnish signature service on localhost (SCS) in browsers: its authority is trusted in their databases, and the user's
//! systemd listens for pages. Databases are written by certutil, the program of those who know their form.

mod databases;

pub use databases::{Database, Trouble};

use super::Refusal;
use crate::certificates::{Certificate, Day};
use crate::failure::{Failure, Kind};
use crate::system::System;
use crate::text::{self, Text};
use databases::{add, databases, remove, trusts};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where pages look for the service.
pub const PORT: u16 = 53952;
/// The file with the certificate of the authority, which browsers are told of.
pub const AUTHORITY: &str = "authority.crt";
/// The unit by which systemd listens.
const UNIT: &str = "avain-scs.socket";
/// An authority that ends within so many years is made anew when the service is switched on.
const YEARS: u16 = 1;
/// The programs that listen for the service itself.
const OWN: [&str; 2] = ["systemd", "avain-web"];
/// A database, and whether it has the authority.
pub type Told = (Database, Result<bool, Trouble>);

/// Who listens where pages look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listening {
    /// Nobody.
    Nobody,
    /// What belongs to the service.
    Own,
    /// Another program, whose name may be unknown.
    Other(Option<String>),
}

/// How the service stands, where it is switched on.
pub struct State {
    /// The last day of its authority.
    pub end: Day,
    /// Who listens.
    pub listening: Listening,
    /// The databases of the user's browsers.
    pub databases: Vec<Told>,
}

/// Where its certificates and its key are.
pub fn folder(system: &System) -> Option<PathBuf> {
    Some(system.data_folder()?.join("avain/scs"))
}

/// The file of its authority.
pub fn authority_file(system: &System) -> Option<PathBuf> {
    Some(folder(system)?.join(AUTHORITY))
}

fn authority(system: &System) -> Option<Certificate> {
    Certificate::parse(&system.bytes(&authority_file(system)?)?)
}

/// How it stands; nothing, if it is switched off. No other program is asked of another computer.
pub fn state(system: &System) -> Option<State> {
    let authority = authority(system)?;
    let told = |database: Database| {
        let trusted = trusts(system, &database, &authority);
        (database, trusted)
    };
    let databases = if system.is_another() {
        Vec::new()
    } else {
        databases(system, false).into_iter().map(told).collect()
    };
    Some(State { end: authority.end, listening: listening(system), databases })
}

fn listening(system: &System) -> Listening {
    match system.listener(PORT) {
        None => Listening::Nobody,
        Some(Some(name)) if OWN.contains(&name.as_str()) => Listening::Own,
        // The files of the user's systemd cannot be looked at everywhere.
        Some(None) if !system.is_another() && systemctl(&["is-active", "--quiet", UNIT]) => Listening::Own,
        Some(name) => Listening::Other(name),
    }
}

/// Switches it on: with an authority that lasts, which browsers trust, and somebody who listens. What could not be done is
/// told in words.
pub fn switch_on(system: &System, program: &Path) -> Result<Vec<Text>, Failure> {
    if let Listening::Other(name) = listening(system) {
        return Err(Failure::new(Kind::Unfit, [taken(name)]));
    }
    let place = folder(system).ok_or_else(|| Failure::new(Kind::Unfit, [text::no_home()]))?;
    let (year, ..) = crate::certificates::today();
    let lasts = |authority: &Certificate| authority.end.0 > year.saturating_add(YEARS);
    if !authority(system).is_some_and(|authority| lasts(&authority)) {
        let made = Command::new(program).args(["scs", "make"]).arg(&place).stdin(Stdio::null()).status();
        if !made.is_ok_and(|ended| ended.success()) {
            return Err(Failure::new(Kind::Failed, [text::scs_not_made(program)]));
        }
    }
    let authority =
        authority(system).ok_or_else(|| Failure::new(Kind::Failed, [text::scs_not_made(program)]))?;
    let mut said = vec![text::scs_on(authority.end)];
    let file = place.join(AUTHORITY);
    let told = databases(system, true).into_iter().map(|database| {
        let added = add(system, &database, &authority, &file);
        (database, added.map(|()| true))
    });
    said.extend(words(system, &told.collect::<Vec<_>>(), &file));
    if !systemctl(&["enable", "--now", UNIT]) {
        said.push(text::scs_by_hand(program));
    }
    said.extend([text::scs_question(), text::scs_policies()]);
    Ok(said)
}

/// Switches it off: nobody listens, no browser trusts it, and its key is gone. It is a failure if a browser may trust it
/// still, although that is good for nothing without the key.
pub fn switch_off(system: &System) -> Result<Vec<Text>, Failure> {
    systemctl(&["disable", "--now", UNIT]);
    let (mut said, mut kept) = (Vec::new(), Vec::new());
    for database in databases(system, true) {
        match remove(system, &database) {
            Ok(false) => {}
            Ok(true) => said.push(text::scs_taken_out(database.program, database.folder.as_path())),
            Err(trouble) => kept.push(left(system, &database, &trouble)),
        }
    }
    if let Some(place) = folder(system).filter(|place| place.exists()) {
        fs::remove_dir_all(&place).map_err(|_| {
            Failure::new(Kind::Failed, [text::reg_refusal(Refusal::Unwritable, Refusal::Unwritable.line())])
        })?;
        // The folder around it may have been made for it.
        let _ = place.parent().map(fs::remove_dir);
    }
    said.push(text::scs_off());
    if kept.is_empty() {
        return Ok(said);
    }
    said.extend(kept);
    Err(Failure::new(Kind::Failed, said))
}

/// Why a database still has it.
fn left(system: &System, Database { program, folder }: &Database, trouble: &Trouble) -> Text {
    let place = folder.as_path();
    match trouble {
        Trouble::NoTool => text::scs_left(*program, place, format!("certutil: {}", installing(system))),
        Trouble::Refused(refusal) => text::scs_refused(*program, place, refusal.name(), refusal.line()),
        Trouble::Failed(why) => text::scs_left(*program, place, why.as_str()),
    }
}

/// The command that brings certutil.
fn installing(system: &System) -> String {
    system.to_install(|names| names.certutil).unwrap_or_else(|| "certutil".to_owned())
}

/// How it stands, in words.
pub fn told(system: &System) -> Vec<Text> {
    let Some(state) = state(system) else { return vec![text::scs_off()] };
    let mut said = vec![text::scs_on(state.end)];
    let file = authority_file(system).unwrap_or_default();
    said.extend(words(system, &state.databases, &file));
    match state.listening {
        Listening::Own => {}
        Listening::Nobody => said.push(text::scs_silent()),
        Listening::Other(name) => said.push(taken(name)),
    }
    said.extend([text::scs_question(), text::scs_policies()]);
    said
}

/// That another program has the port.
pub fn taken(name: Option<String>) -> Text {
    match name {
        Some(name) => text::scs_taken(name),
        None => text::scs_taken_unknown(),
    }
}

/// What is to be said of databases.
fn words(system: &System, told: &[Told], file: &Path) -> Vec<Text> {
    if told.is_empty() {
        return vec![text::scs_no_browser(file)];
    }
    let mut said: Vec<Text> = Vec::new();
    for (database, outcome) in told {
        let place = database.folder.as_path();
        let text = match outcome {
            Ok(true) => text::scs_trusted(database.program, place),
            Ok(false) => text::scs_untrusted(database.program, place),
            Err(trouble) => troubled(system, database, trouble, file),
        };
        if !said.contains(&text) {
            said.push(text);
        }
    }
    said
}

/// Why it did not work; with the file of the authority, which somebody can import by hand.
pub fn troubled(system: &System, database: &Database, trouble: &Trouble, file: &Path) -> Text {
    let place = database.folder.as_path();
    match trouble {
        Trouble::NoTool => text::scs_no_tool(installing(system), file),
        Trouble::Refused(refusal) => {
            text::scs_refused(database.program, place, refusal.name(), refusal.line())
        }
        Trouble::Failed(why) => text::scs_failed(database.program, place, why.as_str()),
    }
}

/// Does the user's systemd do this?
fn systemctl(arguments: &[&str]) -> bool {
    let mut command = Command::new("systemctl");
    command.arg("--user").args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|ended| ended.success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::furnished::Furnished;

    /// Those that are there, and the one that Chromium would make; not the profile that Firefox has not begun, nor what
    /// is not a browser's.
    #[test]
    fn databases_of_browsers() {
        let place = Furnished::new(&[
            ("usr/bin/firefox", ""),
            ("usr/bin/chromium", ""),
            ("home/me/.mozilla/firefox/a/cert9.db", ""),
            ("home/me/.mozilla/firefox/a/pkcs11.txt", ""),
            ("home/me/.mozilla/firefox/b/pkcs11.txt", ""),
            ("home/me/.thunderbird/c/cert9.db", ""),
            ("home/me/.thunderbird/c/pkcs11.txt", ""),
        ]);
        let system = System::new(place.path(), [("HOME".into(), "/home/me".into())]);
        let folders = |with_future| -> Vec<PathBuf> {
            databases(&system, with_future).into_iter().map(|database| database.folder).collect()
        };
        let firefox = PathBuf::from("/home/me/.mozilla/firefox/a");
        assert_eq!(folders(false), std::slice::from_ref(&firefox));
        let all = folders(true);
        assert!(all.len() == 2 && all[0] == firefox && all[1].ends_with("nssdb"), "{all:?}");
        assert!(state(&system).is_none());
        assert_eq!(told(&system), [text::scs_off()]);
    }
}

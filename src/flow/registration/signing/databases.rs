//! The databases of certificates of the user's browsers (NSS). certutil reads and writes them.

use super::super::web::browsers;
use super::super::{Refusal, writing};
use crate::certificates::Certificate;
use crate::system::{Lists, Packaging, System};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What the authority is called in databases.
const NAME: &str = "Avain web signing on this computer";
/// It is trusted for websites, and for nothing else.
const TRUST: &str = "C,,";
/// The database of certificates.
const DATABASE: &str = "cert9.db";
/// More authorities of one name are not looked for.
const MOST: usize = 8;

/// A database of certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// Whose it is.
    pub program: &'static str,
    /// Its folder.
    pub folder: PathBuf,
}

/// Why a database was not changed, or cannot be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no certutil.
    NoTool,
    /// The file is not to be changed.
    Refused(Refusal),
    /// What certutil says.
    Failed(String),
}

/// The databases of the user's browsers that are there; with those that a browser which is installed would make.
pub(super) fn databases(system: &System, with_future: bool) -> Vec<Database> {
    let mut found: Vec<Database> = Vec::new();
    for program in browsers() {
        let installed = system.packagings(program);
        for packaging in [Packaging::Unknown, Packaging::Snap, Packaging::Flatpak] {
            let is_installed = installed.iter().any(|known| known.is_sandbox() == packaging.is_sandbox());
            for folder in system.profiles(program, packaging) {
                let is_there = system.has(folder.join(DATABASE));
                // One that is shared is made by whoever comes first; a profile only by its browser.
                let is_made = program.lists == Lists::Shared && !packaging.is_sandbox();
                let will_be = with_future && is_installed && is_made;
                let is_known = found.iter().any(|known| known.folder == folder);
                if !is_known && (is_there || will_be) {
                    found.push(Database { program: program.name, folder });
                }
            }
        }
    }
    found
}

/// Does this database trust the authority? That it is there by its name says so: it is never there in another way.
pub(super) fn trusts(system: &System, database: &Database, authority: &Certificate) -> Result<bool, Trouble> {
    let listed = certutil(system, database, &["-L", "-r", "-n", NAME])?;
    Ok(listed.status.success() && listed.stdout == authority.der)
}

pub(super) fn add(
    system: &System,
    database: &Database,
    authority: &Certificate,
    file: &Path,
) -> Result<(), Trouble> {
    may_change(system, database)?;
    if !system.has(database.folder.join(DATABASE)) {
        fs::create_dir_all(&database.folder).map_err(|_| Trouble::Refused(Refusal::Unwritable))?;
        done(certutil(system, database, &["-N", "--empty-password"])?)?;
    }
    if trusts(system, database, authority)? {
        return Ok(());
    }
    remove(system, database)?;
    let file = file.to_str().ok_or(Trouble::Refused(Refusal::Path))?;
    done(certutil(system, database, &["-A", "-n", NAME, "-t", TRUST, "-i", file])?)
}

/// Takes it out, and what is left of earlier ones. Was there any?
pub(super) fn remove(system: &System, database: &Database) -> Result<bool, Trouble> {
    may_change(system, database)?;
    let is_there = || certutil(system, database, &["-L", "-n", NAME]).map(|listed| listed.status.success());
    if !system.has(database.folder.join(DATABASE)) || !is_there()? {
        return Ok(false);
    }
    for _ in 0..MOST {
        done(certutil(system, database, &["-D", "-n", NAME])?)?;
        if !is_there()? {
            return Ok(true);
        }
    }
    Err(Trouble::Failed(NAME.to_owned()))
}

/// Only what is the user's own is changed.
fn may_change(system: &System, database: &Database) -> Result<(), Trouble> {
    writing::read(&system.real(database.folder.join(DATABASE))).map(drop).map_err(Trouble::Refused)
}

fn certutil(system: &System, database: &Database, arguments: &[&str]) -> Result<Output, Trouble> {
    let folder = system.real(&database.folder);
    let mut command = Command::new("certutil");
    command.args(arguments).arg("-d").arg(format!("sql:{}", folder.display())).stdin(Stdio::null());
    command.output().map_err(|_| Trouble::NoTool)
}

fn done(output: Output) -> Result<(), Trouble> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Trouble::Failed(said.lines().next().unwrap_or_default().to_owned()))
}

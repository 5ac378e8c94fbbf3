//! Diagnosis: a report for support on the computer, the smart card service, the readers with their cards, and where
//! the module is registered. It contains nothing that identifies the holder of the card.
//!
//! No PIN is asked for, nothing is written, and cards are only asked for what describes their condition.

mod cards;
mod checks;
mod computer;
mod cures;

pub use cures::{Cure, cure};

use super::redaction::Redaction;
use super::report::{Report, Section};
use super::system::System;
use super::{Failure, Language, log, readers, text};
use checks::Service;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long the smart card service, and each card, is waited for: another program may keep it busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes the report. What does not work is a finding; only a wrong request is a failure. With the tool's own file it finds
/// out whether the module can be loaded.
pub fn diagnose(
    system: &System,
    language: Language,
    wanted: Option<&str>,
    tool: Option<&Path>,
) -> Result<Report, Failure> {
    let redaction = Redaction::of(system);
    // Before this program itself is connected.
    let machine = system.machine();
    let mut sections = vec![computer::system(&machine, language, &redaction)];
    let service = if system.is_another() {
        Service::NotAsked
    } else {
        let readers = within(PATIENCE, readers::readers);
        sections.push(computer::service(&machine, readers.as_ref(), &redaction));
        match readers {
            Some(Ok(readers)) => {
                let wanted = readers::only(readers, wanted)?.into_iter();
                sections.extend(wanted.map(|reader| cards::reader(reader, &redaction)));
                Service::Answers
            }
            _ => Service::Silent,
        }
    };
    sections.extend([
        computer::programs(system, &redaction),
        computer::registration(system, &redaction),
        checks::checks(system, service, &redaction, tool),
        computer::environment(system, &redaction),
        trace(),
    ]);
    Ok(Report { preamble: preamble(), sections })
}

/// The commands that were sent, if a log is collected. Logs contain nothing from outside.
fn trace() -> Section {
    let mut section = Section::new(text::section("trace"));
    log::collected().iter().for_each(|line| section.fact(text::record(line.trim_end())));
    section
}

fn preamble() -> Vec<text::Text> {
    vec![text::bundle_title(), text::bundle_purpose(), text::bundle_harmless(), text::bundle_left_out()]
}

/// The result of the work, if it ends in time. Otherwise its thread is left waiting, and ends with this program.
fn within<R: Send + 'static>(patience: Duration, work: impl FnOnce() -> R + Send + 'static) -> Option<R> {
    let (sender, result) = mpsc::channel();
    // The receiver may be gone.
    let worker = thread::Builder::new().spawn(move || drop(sender.send(work())));
    worker.ok().and_then(|_| result.recv_timeout(patience).ok())
}

#[cfg(test)]
mod tests {
    use super::super::system::furnished::Furnished;
    use super::*;

    /// However often the name of the user occurs on a computer, the report does not contain it.
    #[test]
    fn names_are_in_no_section() {
        let (user, host) = ("mattim", "laptop");
        let home = "home/mattim";
        let place = Furnished::new(&[
            ("proc/sys/kernel/hostname", "laptop\n"),
            ("proc/sys/kernel/osrelease", "6.1-mattim-at-laptop\n"),
            ("proc/self/maps", "7f00-7f01 r-xp 00 08:01 7  /home/mattim/lib/libpcsclite.so.1\n"),
            ("proc/7/status", "Name:\tmattim.sh\n"),
            ("proc/7/maps", "7f00-7f01 r-xp 00 08:01 7  /home/mattim/mattim-pkcs11.so\n"),
            ("etc/pkcs11/modules/mattim.module", "module: /home/mattim/laptop/avain-pkcs11.so\n"),
            (&format!("{home}/.thunderbird/mattim/pkcs11.txt"), "library=/home/mattim/opensc-pkcs11.so\n"),
        ]);
        let variables = [("HOME", "/home/mattim"), ("USER", user), ("AVAIN_X", "/srv/laptop/MattiM")];
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        let system = System::new(place.path(), variables);
        let redaction = Redaction::of(&system);
        let sections = [
            computer::system(&system.machine(), Language::English, &redaction),
            computer::service(&system.machine(), None, &redaction),
            computer::programs(&system, &redaction),
            computer::registration(&system, &redaction),
            checks::checks(&system, Service::NotAsked, &redaction, None),
            computer::environment(&system, &redaction),
        ];
        let told = format!("{sections:#?}");
        for shown in
            ["~/lib/libpcsclite.so.1", "….sh", "…-pkcs11.so", "~/.thunderbird", "/srv/…/…", "6.1-…-at-…"]
        {
            assert!(told.contains(shown), "{shown} is not in {told}");
        }
        for name in [user, host] {
            assert!(!told.to_lowercase().contains(name), "{name} is in {told}");
        }
    }

    #[test]
    fn who_does_not_answer_is_not_waited_for_any_longer() {
        assert_eq!(within(PATIENCE, || 1), Some(1));
        let (hold, held) = mpsc::channel::<()>();
        assert_eq!(within(Duration::from_millis(10), move || held.recv()), None);
        drop(hold);
    }
}

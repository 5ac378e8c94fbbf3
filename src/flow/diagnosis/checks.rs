//! What keeps a card from being used though no part of it is broken: sessions that are not allowed, drivers that are
//! missing, modules that cannot be loaded, programs that were not told, clocks that are wrong.

use super::super::redaction::Redaction;
use super::super::registration::{self, Action, Direction, Programs, Scope, Wanted};
use super::super::report::Section;
use super::super::system::{PROGRAMS, Packaging, System};
use super::super::{config, text};
use super::PATIENCE;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Programs that take cards for themselves, by the names of their processes. scdaemon is told with the programs.
const HOLDERS: [(&str, &str); 5] = [
    ("atostekid", "Atostek ID"),
    ("AtostekID", "Atostek ID"),
    ("digisigncard", "mPollux DigiSign"),
    ("DigiSign", "mPollux DigiSign"),
    ("VirtualBoxVM", "VirtualBox"),
];

/// Readers with faults that no software mends, by vendor and product (USB). Alcor AU9540 in laptops: OpenSC issue 1176.
const FAULTY: [(&str, &str, &str); 1] = [("058f", "9540", "Alcor AU9540")];

/// How often it is looked whether a module is loaded.
const PAUSE: Duration = Duration::from_millis(20);

/// What the smart card service says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    /// It answers.
    Answers,
    /// It does not, which is told already.
    Silent,
    /// It was not asked: it is that of another computer.
    NotAsked,
}

/// All of it. The module is loaded by the program that is given, in a process of its own.
pub(super) fn checks(
    system: &System,
    service: Service,
    redaction: &Redaction,
    tool: Option<&Path>,
) -> Section {
    let mut section = Section::new(text::section("checks"));
    if service != Service::Answers {
        daemon(system, service, &mut section);
        session(system, &mut section);
    }
    readers(system, &mut section);
    holders(system, &mut section);
    module(system, redaction, tool, &mut section);
    programs(system, redaction, &mut section);
    denials(system, redaction, &mut section);
    settings(system, &mut section);
    if system.clock_is_behind() {
        section.attention(text::check_clock());
    }
    if section.findings.is_empty() {
        section.good(text::check_well());
    }
    section
}

fn daemon(system: &System, service: Service, section: &mut Section) {
    let is_there = system.machine().socket;
    if !is_there && !system.has_card_service() && !system.is_in_flatpak() {
        section.attention(text::check_not_installed());
    } else if !is_there && service == Service::NotAsked {
        section.attention(text::check_not_running());
    } else if is_there && system.is_in_flatpak() {
        section.attention(text::check_mismatch());
    }
}

/// Polkit lets only those use the service who sit at the computer.
fn session(system: &System, section: &mut Section) {
    if system.has_polkit_rules_for_cards() && !system.is_at_the_computer() {
        section.attention(text::check_remote());
    }
}

fn readers(system: &System, section: &mut Section) {
    for (vendor, product) in system.usb_readers() {
        let faulty = FAULTY.iter().find(|known| (known.0, known.1) == (vendor.as_str(), product.as_str()));
        if let Some((_, _, name)) = faulty {
            section.attention(text::check_faulty(*name));
        }
    }
    if !system.usb_readers().is_empty() && !system.has_driver() {
        section.attention(text::check_no_driver());
    }
}

fn holders(system: &System, section: &mut Section) {
    let running = system.running();
    let names: BTreeSet<&str> =
        HOLDERS.iter().filter(|(process, _)| running.contains(*process)).map(|(_, name)| *name).collect();
    names.into_iter().for_each(|name| section.attention(text::check_holder(name)));
}

/// Can the module be loaded, and from where does the agent of OpenSSH take it?
fn module(system: &System, redaction: &Redaction, tool: Option<&Path>, section: &mut Section) {
    let Some(module) = system.module(tool) else {
        section.attention(text::check_no_module());
        return;
    };
    let shown = redaction.clean(&module.to_string_lossy());
    match tool.map(|tool| loading(tool, &system.real(&module))) {
        Some(Loading::Failed(why)) => {
            section.attention(text::check_load(shown.as_str(), redaction.clean(&why)));
        }
        Some(Loading::Hangs) => {
            section.attention(text::check_hangs(shown.as_str(), PATIENCE.as_secs().to_string()));
        }
        Some(Loading::Works) | None => {}
    }
    // By default from folders of libraries only (ssh-agent(1), -P).
    let is_allowed = ["/usr/lib", "/usr/local/lib"].iter().any(|folder| shown.starts_with(folder));
    if !is_allowed {
        section.attention(text::check_agent(shown));
    }
}

/// What came of loading a module.
enum Loading {
    Works,
    /// The loader's words.
    Failed(String),
    Hangs,
}

/// Loads it as a browser would, in a process of its own.
fn loading(tool: &Path, module: &Path) -> Loading {
    let mut probe = Command::new(tool);
    probe.arg("probe").arg(module).env_remove("AVAIN_LOG").stdout(Stdio::piped()).stderr(Stdio::null());
    // That the tool cannot start itself says nothing of the module.
    let Ok(mut probe) = probe.spawn() else { return Loading::Works };
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        match probe.try_wait() {
            Ok(None) => thread::sleep(PAUSE),
            Ok(Some(status)) if status.success() => return Loading::Works,
            _ => return Loading::Failed(said(probe)),
        }
    }
    // It has ended meanwhile, or ends now.
    drop(probe.kill().and_then(|()| probe.wait()));
    Loading::Hangs
}

fn said(probe: Child) -> String {
    let output = probe.wait_with_output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).trim().to_owned()
}

/// Programs that do not know the card, or by an old entry.
fn programs(system: &System, redaction: &Redaction, section: &mut Section) {
    let wanted = Wanted {
        scope: Scope::User,
        direction: Direction::Register,
        programs: Programs::All,
        only_new: false,
        module: None,
        tool: None,
    };
    let Ok(plan) = registration::plan(system, wanted) else { return };
    let mut told: BTreeSet<(&str, Packaging)> = BTreeSet::new();
    for row in plan.rows.iter().filter(|row| PROGRAMS.iter().any(|program| program.id == row.id)) {
        let is_new = told.insert((row.id, row.packaging));
        let place = redaction.clean(&row.place.to_string_lossy());
        match row.action {
            Action::Add | Action::Mend if is_new => {
                section.attention(text::check_register(row.name, row.state, row.id));
            }
            Action::Prepare if is_new => {
                section.attention(text::check_sandbox(row.name, row.packaging, row.id))
            }
            Action::Refuse(_) => section.attention(text::check_refused(row.name, place, row.id)),
            _ => {}
        }
    }
    let java = plan.rows.iter().any(|row| row.id == "java" && row.state == registration::State::Registered);
    if java && plan.files().any(|file| file.ends_with("avain/java.cfg")) {
        section.attention(text::check_java());
    }
}

/// What AppArmor or SELinux has refused, as far as the user may read that.
fn denials(system: &System, redaction: &Redaction, section: &mut Section) {
    if let Some((file, line)) = system.denial() {
        section
            .attention(text::check_denied(redaction.clean(&file.to_string_lossy()), redaction.clean(&line)));
    }
}

fn settings(system: &System, section: &mut Section) {
    config::problems(&config::files(system)).into_iter().for_each(|problem| section.attention(problem));
}

#[cfg(test)]
mod tests {
    use super::super::super::system::furnished::Furnished;
    use super::*;

    #[test]
    fn the_agent_of_openssh_takes_modules_from_folders_of_libraries() {
        for (prefix, is_told) in [("opt/avain", true), ("usr/local", false)] {
            let place = Furnished::new(&[(&format!("{prefix}/lib/pkcs11/avain-pkcs11.so"), "")]);
            let system = System::new(place.path(), [("HOME".into(), "/home/me".into())]);
            let mut section = Section::new(text::section("checks"));
            // There is no such tool that could load it.
            let tool = format!("/{prefix}/bin/avain-of-a-test");
            module(&system, &Redaction::default(), Some(Path::new(&tool)), &mut section);
            let told: Vec<&str> = section.findings.iter().map(|finding| finding.text.id).collect();
            assert_eq!(told.contains(&"check_agent"), is_told, "{prefix}: {told:?}");
        }
    }
}

//! The computer: its system, its smart card service, programs that use cards, and where modules are registered.

use super::super::certificates::soon;
use super::super::redaction::Redaction;
use super::super::registration::signing::{self, Listening};
use super::super::registration::{Manifest, manifests};
use super::super::report::Section;
use super::super::system::{Databases, Machine, Naming, Product, SCDAEMON, System};
use super::super::{Failure, Language, text};
use super::cards::failed;
use avain_card::transport::watch::ReaderState;
use std::path::{Path, PathBuf};

/// Shown for what the system does not report.
const UNTOLD: &str = "?";

/// Operating system and versions.
pub(super) fn system(machine: &Machine, language: Language, redaction: &Redaction) -> Section {
    let mut section = Section::new(text::section("system"));
    section.fact(text::fact("avain", env!("CARGO_PKG_VERSION")));
    // Computers are often named after their operating system, which is no secret.
    let system = Redaction::default().clean(machine.system.as_deref().unwrap_or(UNTOLD));
    section.fact(text::fact("system", system));
    let kernel = redaction.clean(machine.kernel.as_deref().unwrap_or(UNTOLD));
    section.fact(text::fact("kernel", format!("{kernel}, {}", machine.architecture)));
    section.fact(text::fact("language", language.code()));
    section
}

/// The smart card service, by what it answered in time.
pub(super) fn service(
    machine: &Machine,
    readers: Option<&Result<Vec<ReaderState>, Failure>>,
    redaction: &Redaction,
) -> Section {
    let mut section = Section::new(text::section("service"));
    let library = redaction.clean(machine.library.as_deref().unwrap_or(UNTOLD));
    section.fact(text::fact("library", library));
    section.fact(text::fact("connections", machine.connections.to_string()));
    match readers {
        Some(Ok(readers)) => {
            section.good(text::service_answers());
            if readers.is_empty() {
                section.attention(text::no_reader());
            }
        }
        None => section.attention(text::service_silent()),
        Some(Err(failure)) if machine.socket => {
            failed(Failure { words: vec![text::service_silent()], ..failure.clone() }, &mut section);
        }
        Some(Err(failure)) => failed(failure.clone(), &mut section),
    }
    section
}

/// The user's running programs that could use a card.
pub(super) fn programs(system: &System, redaction: &Redaction) -> Section {
    let mut section = Section::new(text::section("programs"));
    let programs = system.programs();
    for program in &programs {
        let name = redaction.clean(&program.name);
        if program.name == SCDAEMON {
            section.attention(text::program_scdaemon());
        } else if program.modules.is_empty() {
            section.fact(text::program_service(name));
        } else {
            let modules: Vec<_> = program.modules.iter().map(|module| redaction.clean(module)).collect();
            section.fact(text::program_modules(name, modules.join(", ")));
        }
    }
    if programs.is_empty() {
        section.good(text::program_none());
    }
    section
}

/// Where modules are registered: Avain's, and those of other card software.
pub(super) fn registration(system: &System, redaction: &Redaction) -> Section {
    let mut section = Section::new(text::section("registration"));
    let path = |path: &Path| redaction.clean(&path.to_string_lossy());
    let (namings, unreadable) = system.namings();
    let databases = system.databases();
    for naming in &namings {
        named(naming, &path(&naming.file), redaction, &mut section);
    }
    for file in &unreadable {
        section.attention(text::file_unreadable(path(file)));
    }
    for databases in &databases {
        listed(databases, &path(&databases.place), &mut section);
    }
    for manifest in manifests(system) {
        answered(&manifest, &path(&manifest.file), &path(&manifest.program), &mut section);
    }
    if let Some(state) = signing::state(system) {
        served(&state, system, redaction, &mut section);
    }
    for (name, sandbox) in system.sandboxed() {
        section.attention(text::sandboxed(name, sandbox));
    }
    let is_named = namings.iter().any(|naming| naming.product == Product::Avain && naming.there);
    if !is_named && databases.iter().all(|databases| databases.with_avain == databases.gone) {
        section.attention(text::module_nowhere());
    }
    if system.home().is_none() {
        section.fact(text::no_home());
    }
    section
}

/// Who answers Web eID in a browser.
fn answered(manifest: &Manifest, file: &str, program: &str, section: &mut Section) {
    let said = text::web_eid(manifest.browser, program, file);
    match (manifest.is_there, manifest.is_ours) {
        (false, _) => section.attention(text::web_eid_gone(manifest.browser, program, file)),
        (true, true) => section.good(said),
        (true, false) => section.fact(said),
    }
}

/// The signature service for web pages, where it is switched on.
fn served(state: &signing::State, system: &System, redaction: &Redaction, section: &mut Section) {
    if state.end < soon() {
        section.attention(text::scs_ends(state.end));
    } else {
        section.good(text::scs_on(state.end));
    }
    match &state.listening {
        Listening::Own => {}
        Listening::Nobody => section.attention(text::scs_silent()),
        Listening::Other(name) => {
            section.attention(signing::taken(name.as_deref().map(|name| redaction.clean(name))))
        }
    }
    let file = signing::authority_file(system).unwrap_or_default();
    let file = PathBuf::from(redaction.clean(&file.to_string_lossy()));
    for (database, trusted) in &state.databases {
        let (name, place) = (database.program, redaction.clean(&database.folder.to_string_lossy()));
        match trusted {
            Ok(true) => section.good(text::scs_trusted(name, place)),
            Ok(false) => section.attention(text::scs_untrusted(name, place)),
            Err(trouble) => {
                let database = signing::Database { folder: place.into(), ..database.clone() };
                section.attention(signing::troubled(system, &database, trouble, &file));
            }
        }
    }
    section.fact(text::scs_question());
    section.fact(text::scs_policies());
}

/// A file that registers a module for all programs.
fn named(naming: &Naming, file: &str, redaction: &Redaction, section: &mut Section) {
    let module = redaction.clean(&naming.module);
    match (naming.product, naming.there) {
        (Product::Avain, true) => section.good(text::module_named(file, module)),
        (Product::Avain, false) => section.attention(text::module_gone(file, module)),
        (Product::Other(name), true) => section.attention(text::module_other(file, name)),
        (Product::Other(_), false) | (Product::Unknown, _) => {
            section.fact(text::module_unknown(file, module));
        }
    }
}

/// The databases of one browser or mail program.
fn listed(databases: &Databases, place: &str, section: &mut Section) {
    section.fact(text::databases(place, databases.found, databases.with_avain));
    if databases.unreadable > 0 {
        section.attention(text::file_unreadable(format!("{place}/…/pkcs11.txt")));
    }
    if databases.twice > 0 {
        section.attention(text::database_twice(place));
    }
    if databases.gone > 0 {
        section.attention(text::database_gone(place));
    }
    for name in &databases.others {
        section.attention(text::module_other(place, *name));
    }
}

/// The environment variables about cards.
pub(super) fn environment(system: &System, redaction: &Redaction) -> Section {
    let mut section = Section::new(text::section("environment"));
    for (name, value) in system.telling() {
        section.fact(text::variable(redaction.clean(&name), redaction.setting(&value)));
    }
    if section.findings.is_empty() {
        section.fact(text::no_variables());
    }
    section
}

#[cfg(test)]
mod tests {
    use super::super::super::report::Judgement;
    use super::super::super::system::furnished::Furnished;
    use super::*;

    /// The findings of a section: assessments and names of messages.
    fn said(section: &Section) -> Vec<(Judgement, &'static str)> {
        section.findings.iter().map(|finding| (finding.judgement, finding.text.id)).collect()
    }

    fn system(place: &Furnished) -> System {
        System::new(place.path(), [("HOME".into(), "/home/me".into())])
    }

    use Judgement::{Attention, Fact, Good};

    #[test]
    fn a_service_that_does_not_answer() {
        let nothing = Machine {
            system: None,
            kernel: None,
            architecture: "",
            library: None,
            socket: false,
            connections: 0,
        };
        let there = Machine { socket: true, ..nothing.clone() };
        let down =
            Err(Failure::new(super::super::super::Kind::NoCard, [text::no_service(), text::nothing_spent()]));
        let judged = |machine, readers| {
            said(&service(machine, readers, &Redaction::default())).into_iter().skip(2).collect::<Vec<_>>()
        };
        assert_eq!(judged(&nothing, Some(&down)), [(Attention, "no_service")]);
        assert_eq!(judged(&there, Some(&down)), [(Attention, "service_silent")]);
        assert_eq!(judged(&there, None), [(Attention, "service_silent")]);
        assert_eq!(
            judged(&there, Some(&Ok(Vec::new()))),
            [(Good, "service_answers"), (Attention, "no_reader")]
        );
    }

    #[test]
    fn a_module_that_is_registered_rightly_wrongly_and_not_at_all() {
        let (ours, file) = ("usr/lib/pkcs11/avain-pkcs11.so", "usr/share/p11-kit/modules/avain.module");
        let profile = "home/me/.mozilla/firefox/x/pkcs11.txt";
        let line = "library=/usr/lib/pkcs11/avain-pkcs11.so\n";
        let good = (Good, "module_named");
        let (gone, nowhere) = ((Attention, "module_gone"), (Attention, "module_nowhere"));
        let (found, twice) = ((Fact, "databases"), (Attention, "database_twice"));
        let stale = (Attention, "database_gone");
        for (files, expected) in [
            (&[][..], &[nowhere][..]),
            (&[(file, "module: avain-pkcs11.so"), (ours, "")], &[good]),
            (&[(file, "module: avain-pkcs11.so")], &[gone, nowhere]),
            (&[(profile, line), (ours, "")], &[found]),
            (&[(profile, line)], &[found, stale, nowhere]),
            (&[(profile, "library=\n")], &[found, nowhere]),
            (&[(profile, &[line, "library=p11-kit-proxy.so"].concat()), (ours, "")], &[found, twice]),
            (
                &[(file, "module: /usr/lib/pkcs11/avain-pkcs11.so"), (ours, ""), ("snap/bin/firefox", "")],
                &[good, (Attention, "sandboxed")],
            ),
            (
                &[
                    (file, "module: avain-pkcs11.so"),
                    (ours, ""),
                    ("etc/pkcs11/modules/o.module", "module: opensc-pkcs11.so"),
                    ("usr/lib/pkcs11/opensc-pkcs11.so", ""),
                ],
                &[good, (Attention, "module_other")],
            ),
        ] {
            let place = Furnished::new(files);
            assert_eq!(said(&registration(&system(&place), &Redaction::default())), expected, "{files:?}");
        }
    }

    #[test]
    fn programs_and_variables() {
        let place = Furnished::new(&[("proc/7/status", "Name:\tscdaemon\n")]);
        let redaction = Redaction::default();
        assert_eq!(said(&programs(&system(&place), &redaction)), [(Attention, "program_scdaemon")]);
        let bare = System::new(Path::new("/nowhere"), [("P11_KIT_STRICT".into(), "yes".into())]);
        assert_eq!(said(&programs(&bare, &redaction)), [(Good, "program_none")]);
        assert_eq!(said(&environment(&bare, &redaction)), [(Fact, "variable")]);
        assert_eq!(said(&environment(&system(&place), &redaction)), [(Fact, "no_variables")]);
        assert!(said(&registration(&bare, &redaction)).contains(&(Fact, "no_home")));
    }
}

//! Making a plan, and carrying it out.

use super::draft::{Change, Draft};
use super::rows::P11_KIT;
use super::snippets::SNIPPETS;
use super::web::{self, WEB_EID};
use super::writing;
use super::{Action, Direction, Programs, Refusal, Row, Scope, Wanted, memory, rows};
use crate::system::{Known, Lists, PROGRAMS, System};
use crate::text::{self, Text};
use crate::{Failure, Kind};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What will happen.
pub struct Plan {
    /// The module that programs are told of; none, if they are to forget it.
    pub module: Option<PathBuf>,
    /// The programs.
    pub rows: Vec<Row>,
    /// For whom, and in which direction.
    pub wanted: Wanted,
    changes: Vec<Change>,
    memory: memory::Memory,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// By row.
    pub outcomes: Vec<Outcome>,
    /// Programs that have to be started anew.
    pub restart: Vec<&'static str>,
    /// What could not be remembered.
    pub forgotten: bool,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is as it should be.
    Done,
    /// What could be done is done; somebody has to do the rest.
    Prepared,
    /// Nothing was to be done.
    Nothing,
    /// It could not be done.
    Failed(Refusal),
}

impl Plan {
    /// Would it change anything?
    pub fn changes_anything(&self) -> bool {
        !self.changes.is_empty()
    }

    /// The files that would be changed.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.changes.iter().map(|change| change.path.as_path())
    }
}

/// All names that can be asked for.
fn names() -> impl Iterator<Item = &'static str> {
    let others = [P11_KIT, WEB_EID].into_iter().chain(SNIPPETS.iter().map(|snippet| snippet.id));
    PROGRAMS.iter().map(|program| program.id).chain(others)
}

/// What would happen on this computer.
pub fn plan(system: &System, wanted: Wanted) -> Result<Plan, Failure> {
    if let Programs::Named(named) = &wanted.programs
        && let Some(unknown) = named.iter().find(|named| !names().any(|name| name == *named))
    {
        let known = names().collect::<Vec<_>>().join(", ");
        return Err(Failure::new(Kind::Unfit, [text::reg_unknown(unknown.as_str(), known)]));
    }
    if wanted.scope == Scope::User && system.home().is_none() {
        return Err(Failure::new(Kind::Failed, [text::no_home()]));
    }
    let module = match wanted.direction {
        Direction::Register => Some(module(system, &wanted)?),
        Direction::Unregister | Direction::Purge => None,
    };
    let mut draft = Draft::new(system, &wanted);
    forget_removals(&mut draft, &wanted);
    let rows = all_rows(&mut draft, &wanted, module.as_deref().unwrap_or(Path::new("/avain-pkcs11.so")));
    let Draft { changes, mut memory, .. } = draft;
    remember_removals(&mut memory, &wanted, &rows);
    Ok(Plan { module, rows, wanted, changes, memory })
}

fn module(system: &System, wanted: &Wanted) -> Result<PathBuf, Failure> {
    let found = match &wanted.module {
        Some(named) => Some(named.clone()).filter(|named| named.is_absolute() && system.has(named)),
        None => system.module(wanted.tool.as_deref()),
    };
    let named = wanted.module.as_deref().unwrap_or(Path::new("avain-pkcs11.so"));
    found.ok_or_else(|| Failure::new(Kind::Failed, [text::reg_no_module(named)]))
}

/// Who asks for programs by name, or in the window, wants them again; who asks for all after all were removed, too.
fn forget_removals(draft: &mut Draft<'_>, wanted: &Wanted) {
    if wanted.direction == Direction::Register {
        let all = BTreeSet::from([ALL.to_owned()]);
        if draft.memory.removed == all {
            draft.memory.removed.clear();
        }
        if wanted.programs != Programs::All {
            draft.memory.removed.retain(|id| !wanted.programs.contain(id));
        }
    }
}

/// Stands for all programs.
const ALL: &str = "all";

fn remember_removals(memory: &mut memory::Memory, wanted: &Wanted, rows: &[Row]) {
    match (wanted.direction, &wanted.programs) {
        (Direction::Purge, _) if wanted.scope == Scope::Computer => memory.forget_told(rows, wanted),
        _ if wanted.scope == Scope::Computer => {}
        (Direction::Register, _) => {}
        (Direction::Purge, _) => memory.removed.clear(),
        (Direction::Unregister, Programs::Named(names)) => memory.removed.extend(names.iter().cloned()),
        (Direction::Unregister, Programs::All | Programs::OfDesktop) => {
            if rows.iter().any(|row| row.action == Action::Remove) {
                memory.removed = [ALL.to_owned()].into();
            }
        }
    }
}

/// Has the user taken the module out of programs, so that nobody should offer it again?
pub fn was_removed(system: &System) -> bool {
    !memory::Memory::read(system, Scope::User).removed.is_empty()
}

fn all_rows(draft: &mut Draft<'_>, wanted: &Wanted, module: &Path) -> Vec<Row> {
    let is_wanted = |id: &str| wanted.programs.contain(id);
    // First, because programs may get the module by it.
    let p11_kit = rows::p11_kit(draft, module, is_wanted(P11_KIT));
    let mut rows = Vec::new();
    for program in PROGRAMS.iter().filter(|program| is_wanted(program.id)) {
        match wanted.scope {
            Scope::User => rows.extend(of_user(draft, program, module)),
            Scope::Computer => rows.extend(of_computer(draft, program, module)),
        }
    }
    rows.extend(p11_kit);
    if wanted.scope == Scope::User {
        rows.extend(rows::snippets(draft, is_wanted, module));
    }
    if is_wanted(WEB_EID) {
        rows.extend(web::rows(draft, wanted));
    }
    rows
}

fn of_user(draft: &mut Draft<'_>, program: &'static Known, module: &Path) -> Vec<Row> {
    match program.lists {
        Lists::Profiles | Lists::Shared => rows::listing(draft, program, module),
        Lists::None => rows::libreoffice(draft, program, module).into_iter().collect(),
    }
}

fn of_computer(draft: &mut Draft<'_>, program: &'static Known, module: &Path) -> Option<Row> {
    // Chromium has no policy for modules, and LibreWolf is Firefox under another name with policies of its own.
    let has_policies = matches!(program.id, "firefox" | "thunderbird");
    has_policies.then(|| rows::policy(draft, program, module))?
}

/// Does what was planned. What cannot be done is told by row, and the rest is done.
pub fn carry_out(system: &System, plan: &Plan) -> Done {
    let mut memory = plan.memory.clone();
    let mut failed: Vec<(PathBuf, Refusal)> = Vec::new();
    for change in &plan.changes {
        match carried_out(system, change) {
            Ok(made) => memory.note_made(made),
            Err(refusal) => failed.push((change.path.clone(), refusal)),
        }
    }
    let outcomes: Vec<Outcome> = plan.rows.iter().map(|row| outcome(row, &failed)).collect();
    if (plan.wanted.scope, plan.wanted.direction) == (Scope::Computer, Direction::Register) {
        memory.note_told(&plan.rows, &outcomes);
    }
    memory.tidy(system);
    let forgotten = memory.write(system, plan.wanted.scope).is_err();
    Done { restart: to_restart(system, &plan.rows, &outcomes), outcomes, forgotten }
}

/// Changes a file, if it is still as it was when the plan was made. Returns what was made, by its path below the root.
fn carried_out(system: &System, change: &Change) -> Result<Vec<PathBuf>, Refusal> {
    let path = system.real(&change.path);
    if writing::read(&path)? != change.before {
        return Err(Refusal::Unwritable);
    }
    let made = match &change.after {
        Some(bytes) => writing::write(&path, bytes, change.mode),
        None => writing::remove(&path).map(|()| Vec::new()),
    };
    let made = made.map_err(|_| Refusal::Unwritable)?;
    Ok(made.iter().map(|path| system.unreal(path)).collect())
}

fn outcome(row: &Row, failed: &[(PathBuf, Refusal)]) -> Outcome {
    let failure = failed.iter().find(|(path, _)| row.files.contains(path)).map(|(_, refusal)| *refusal);
    match (row.action, failure) {
        (Action::Refuse(refusal), _) | (_, Some(refusal)) => Outcome::Failed(refusal),
        (Action::Prepare, None) => Outcome::Prepared,
        (Action::Add | Action::Mend | Action::Remove, None) => Outcome::Done,
        (Action::Nothing | Action::Leave, None) => Outcome::Nothing,
    }
}

/// Running programs read their lists when they start.
fn to_restart(system: &System, rows: &[Row], outcomes: &[Outcome]) -> Vec<&'static str> {
    let changed = rows.iter().zip(outcomes).filter(|(_, outcome)| **outcome == Outcome::Done);
    let changed: BTreeSet<&str> = changed.map(|(row, _)| row.id).collect();
    let running = system.running();
    let runs = |program: &&Known| program.processes().iter().any(|name| running.contains(*name));
    let concerned = PROGRAMS.iter().filter(|program| changed.contains(program.id)).filter(runs);
    concerned.map(|program| program.name).collect()
}

/// What the user might want to know of modules of others: they are left alone.
pub fn others(system: &System) -> Vec<Text> {
    let of = |databases: crate::system::Databases| {
        let place = databases.place.to_string_lossy().into_owned();
        databases
            .others
            .into_iter()
            .map(move |name| text::module_other(place.as_str(), name))
            .collect::<Vec<_>>()
    };
    system.databases().into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::system::furnished::Furnished;
    use super::super::State;
    use super::*;
    use std::ffi::OsString;

    const THEIRS: &str = r#"{"path": "/usr/bin/web-eid"}"#;

    /// A computer with Chromium, in which another program answers Web eID.
    fn computer() -> Furnished {
        Furnished::new(&[
            ("usr/bin/chromium", ""),
            ("usr/bin/ssh", ""),
            ("usr/bin/avain-web", ""),
            ("avain-pkcs11.so", ""),
            ("home/me/.config/chromium/NativeMessagingHosts/eu.webeid.json", THEIRS),
        ])
    }

    fn planned(system: &System, direction: Direction, programs: Programs) -> Plan {
        let module = Some("/avain-pkcs11.so".into());
        let wanted = Wanted { scope: Scope::User, direction, programs, only_new: false, module, tool: None };
        plan(system, wanted).unwrap_or_else(|failure| panic!("{failure:?}"))
    }

    fn system(root: &Furnished) -> System {
        System::new(root.path(), [(OsString::from("HOME"), OsString::from("/home/me"))])
    }

    /// How a program stands, and what will happen to it.
    fn row(plan: &Plan, id: &str) -> Option<(State, Action)> {
        plan.rows.iter().find(|row| row.id == id).map(|row| (row.state, row.action))
    }

    /// Who asks for the programs of the desktop gets no files that have to be named on a command line.
    #[test]
    fn web_eid_is_taken_from_another_program_only_by_name() {
        let root = computer();
        let system = system(&root);
        let by_name = Programs::Named(vec![WEB_EID.to_owned()]);
        for (programs, action) in
            [(Programs::All, Action::Nothing), (Programs::OfDesktop, Action::Nothing), (by_name, Action::Add)]
        {
            let plan = planned(&system, Direction::Register, programs.clone());
            assert_eq!(row(&plan, WEB_EID), Some((State::Others, action)), "{programs:?}");
            let is_all = programs == Programs::All;
            assert_eq!((row(&plan, "ssh").is_some(), row(&plan, P11_KIT).is_some()), (is_all, is_all));
        }
    }

    /// What was taken out in the window comes back there, and where all are asked for.
    #[test]
    fn what_the_window_takes_out_comes_back() {
        let root = computer();
        let system = system(&root);
        for again in [Programs::OfDesktop, Programs::All] {
            carry_out(&system, &planned(&system, Direction::Register, Programs::OfDesktop));
            carry_out(&system, &planned(&system, Direction::Unregister, Programs::OfDesktop));
            assert!(was_removed(&system));
            let plan = planned(&system, Direction::Register, again.clone());
            assert_eq!(row(&plan, "chromium"), Some((State::Absent, Action::Add)), "{again:?}");
        }
        let named = Programs::Named(vec!["chromium".to_owned()]);
        carry_out(&system, &planned(&system, Direction::Register, Programs::OfDesktop));
        carry_out(&system, &planned(&system, Direction::Unregister, named));
        for (again, action) in [(Programs::All, Action::Leave), (Programs::OfDesktop, Action::Add)] {
            let plan = planned(&system, Direction::Register, again);
            assert_eq!(row(&plan, "chromium"), Some((State::Absent, action)));
        }
    }
}

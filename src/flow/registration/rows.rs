//! The rows of a plan: what each program needs.

use super::draft::Draft;
use super::nss::{self, Listed};
use super::snippets::{SNIPPETS, Snippet};
use super::writing::Found;
use super::{Action, Direction, Refusal, Row, Scope, State, flatpak, policies};
use crate::system::{Known, LIST, Lists, PROGRAMS, Packaging, Product};
use crate::text::{self, Text};
use std::path::{Path, PathBuf};

/// The name of p11-kit on the command line.
pub(super) const P11_KIT: &str = "p11-kit";
/// The file of our own with which p11-kit finds the module.
const CONFIGURATION: &str = "avain.module";

/// Why an action is not what was asked for.
pub(super) fn refused(refusal: Refusal) -> (State, Action) {
    (State::Unclear, Action::Refuse(refusal))
}

/// How a list stands. It is covered if programs get the module without it.
fn state(draft: &Draft<'_>, listed: &Listed, library: &Path, is_covered: bool) -> State {
    let by_p11_kit = listed.proxied && draft.p11_kit_knows;
    let ways = listed.ours.len().saturating_add(usize::from(by_p11_kit));
    match listed.ours.as_slice() {
        [_, ..] if ways > 1 => State::Twice,
        [] if is_covered || by_p11_kit => State::ForAll,
        [] => State::Absent,
        [one] if draft.forgets() || Path::new(one) == library => State::Registered,
        [_, ..] => State::Moved,
    }
}

/// What is to be done about it.
pub(super) fn action(draft: &Draft<'_>, state: State, id: &str, place: &Path) -> Action {
    let taken_out =
        draft.memory.removed.contains(id) || (draft.only_new && draft.memory.told.contains(place));
    match (draft.forgets(), state) {
        (true, State::Registered | State::Moved | State::Twice) => Action::Remove,
        (true, _) => Action::Nothing,
        (false, State::Absent) if taken_out => Action::Leave,
        (false, State::Absent) => Action::Add,
        (false, State::Moved | State::Twice) => Action::Mend,
        (false, _) => Action::Nothing,
    }
}

/// A program with lists of modules: a row for each list.
pub(super) fn listing(draft: &mut Draft<'_>, program: &'static Known, module: &Path) -> Vec<Row> {
    let found = draft.system.packagings(program);
    let outside = found.iter().copied().find(|packaging| !packaging.is_sandbox());
    let ways = [Some(outside.unwrap_or(Packaging::Unknown)), Some(Packaging::Snap), Some(Packaging::Flatpak)];
    let mut rows = Vec::new();
    for packaging in ways.into_iter().flatten() {
        let is_there = found.contains(&packaging);
        let folders = draft.system.profiles(program, packaging);
        // A folder that is not there yet is only made for a program that is.
        let has_list = |folder: &PathBuf| draft.system.has(folder.join(LIST));
        let folders: Vec<PathBuf> =
            folders.into_iter().filter(|folder| is_there || has_list(folder)).collect();
        if folders.is_empty() && is_there && program.lists == Lists::Profiles {
            rows.push(without_profile(draft, program, packaging));
        }
        for folder in folders {
            rows.push(list(draft, program, packaging, &folder, module));
        }
    }
    rows
}

fn without_profile(draft: &Draft<'_>, program: &'static Known, packaging: Packaging) -> Row {
    let advice = if draft.forgets() { Vec::new() } else { vec![text::reg_no_profile(program.name)] };
    let place = draft.system.places(program, packaging).into_iter().next().unwrap_or_default();
    let action = Action::Nothing;
    Row { advice, ..row(program, packaging, place, (State::NoProfile, action)) }
}

fn row(
    program: &'static Known,
    packaging: Packaging,
    place: PathBuf,
    (state, action): (State, Action),
) -> Row {
    Row { id: program.id, name: program.name, packaging, place, state, action, advice: vec![], files: vec![] }
}

/// One list.
fn list(
    draft: &mut Draft<'_>,
    program: &'static Known,
    packaging: Packaging,
    folder: &Path,
    module: &Path,
) -> Row {
    let path = folder.join(LIST);
    let library = match packaging {
        Packaging::Snap => copy(draft, program, module),
        Packaging::Flatpak => flatpak::client(),
        _ => module.to_owned(),
    };
    let covered = !packaging.is_sandbox() && is_covered(draft, program);
    let judged = draft.found(&path).and_then(|found| nss::listed(found.bytes())).map(|listed| {
        let state = state(draft, &listed, &library, covered);
        (state, action(draft, state, program.id, folder))
    });
    let mut row = row(program, packaging, folder.to_owned(), judged.unwrap_or_else(refused));
    let changed = match row.action {
        Action::Add | Action::Mend | Action::Remove => changed_list(draft, row.state, &path, &library),
        _ => Ok(()),
    };
    if let Err(refusal) = changed {
        (row.state, row.action) = refused(refusal);
    }
    if matches!(row.action, Action::Add | Action::Mend | Action::Remove) {
        row.files.push(path);
    }
    sandboxed(draft, program, &mut row, module);
    row
}

fn changed_list(draft: &mut Draft<'_>, state: State, path: &Path, library: &Path) -> Result<(), Refusal> {
    let (takes_out, knows) = (draft.forgets(), draft.p11_kit_knows);
    let changed = |found: &Found| match (takes_out, state) {
        // By p11-kit's module, too: that one stays.
        (false, State::Twice) if knows && nss::listed(found.bytes())?.proxied => nss::without(found.bytes()),
        (false, _) => nss::with(found.bytes(), library),
        (true, _) => nss::without(found.bytes()),
    };
    draft.change(path, |found| changed(found).map(Some)).map(drop)
}

/// Is a program outside of a sandbox told of the module by what is registered for everybody?
fn is_covered(draft: &Draft<'_>, program: &Known) -> bool {
    let policy = draft.system.policy_file(program);
    let mut namings = draft.system.namings().0.into_iter();
    let by_policy =
        namings.any(|naming| naming.file == policy && naming.product == Product::Avain && naming.there);
    (by_policy && draft.system.heeds_policies(program))
        || (draft.p11_kit_knows && draft.system.follows_p11_kit(program))
}

/// Where a snap finds its copy of the module.
fn copy(draft: &Draft<'_>, program: &Known, module: &Path) -> PathBuf {
    let folder = draft.system.snap_folder(program).unwrap_or_default();
    folder.join("avain").join(module.file_name().unwrap_or_default())
}

/// What a program in a sandbox needs beside its list. It is never done: somebody has to do the rest.
fn sandboxed(draft: &mut Draft<'_>, program: &'static Known, row: &mut Row, module: &Path) {
    let is_wanted = match row.action {
        Action::Refuse(_) | Action::Leave => false,
        Action::Remove => true,
        _ => !draft.forgets(),
    };
    if !row.packaging.is_sandbox() || !is_wanted {
        return;
    }
    let (files, advice) = match row.packaging {
        Packaging::Snap => (in_snap(draft, program, module), text::reg_snap(program.name, program.snap)),
        _ => (in_flatpak(draft, program, module), text::reg_flatpak(program.name, flatpak::OURS)),
    };
    match files {
        Ok(files) => row.files.extend(files),
        Err(refusal) => (row.state, row.action) = refused(refusal),
    }
    if !draft.forgets() && !matches!(row.action, Action::Refuse(_)) {
        row.action = if row.files.is_empty() { Action::Nothing } else { Action::Prepare };
        row.advice.push(advice);
    }
}

/// A copy of the module in the folder that the snap may load libraries from.
fn in_snap(draft: &mut Draft<'_>, program: &Known, module: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let path = copy(draft, program, module);
    let bytes =
        if draft.forgets() { None } else { Some(draft.system.bytes(module).ok_or(Refusal::Unreadable)?) };
    let changed = draft.change(&path, |_| Ok(bytes))?;
    Ok(if changed { vec![path] } else { vec![] })
}

/// Leave to use the socket of p11-kit's server, and units that start one.
fn in_flatpak(draft: &mut Draft<'_>, program: &Known, module: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let mut files = Vec::new();
    let Some(data) = draft.system.data_folder() else { return Ok(files) };
    let overrides = data.join("flatpak/overrides").join(program.flatpak);
    let forgets = draft.forgets();
    let changed = draft.change(&overrides, |found| {
        let text = found.text()?.unwrap_or_default();
        let kept = || flatpak::without_socket(text).map(String::into_bytes);
        Ok(if forgets { kept() } else { Some(flatpak::with_socket(text).into_bytes()) })
    })?;
    if changed {
        files.push(overrides);
    }
    files.extend(units(draft, module)?);
    Ok(files)
}

/// The units of the user's systemd. They are shared by all programs in sandboxes, and go with the last one.
fn units(draft: &mut Draft<'_>, module: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let Some(config) = draft.system.config_folder().map(|folder| folder.join("systemd/user")) else {
        return Ok(Vec::new());
    };
    if draft.system.listens(flatpak::THEIRS) || (draft.forgets() && others_need_units(draft)) {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for (name, text) in [
        (format!("{}.socket", flatpak::OURS), flatpak::socket_unit()),
        (format!("{}.service", flatpak::OURS), flatpak::service_unit(module)),
        ("sockets.target.d/avain.conf".to_owned(), flatpak::wanted(flatpak::OURS)),
    ] {
        let path = config.join(name);
        if draft.own_file(&path, &text)? {
            files.push(path);
        }
    }
    Ok(files)
}

fn others_need_units(draft: &Draft<'_>) -> bool {
    let Some(data) = draft.system.data_folder() else { return false };
    let files = PROGRAMS.iter().map(|program| data.join("flatpak/overrides").join(program.flatpak));
    files.map(|file| draft.planned(&file)).any(|found| {
        found.is_ok_and(|found| found.text().is_ok_and(|text| text.is_some_and(flatpak::has_socket)))
    })
}

/// p11-kit, and with it all programs that ask it for modules.
pub(super) fn p11_kit(draft: &mut Draft<'_>, module: &Path, is_wanted: bool) -> Option<Row> {
    let folder = match draft.scope {
        Scope::User => draft.system.config_folder()?.join("pkcs11/modules"),
        Scope::Computer => "/etc/pkcs11/modules".into(),
    };
    let path = folder.join(CONFIGURATION);
    let mut row = own_row(P11_KIT, P11_KIT, path.clone());
    let found = draft.found(&path);
    let others = draft.system.namings().0.into_iter().any(|naming| {
        naming.product == Product::Avain
            && naming.there
            && naming.file != path
            && naming.file.extension().is_some_and(|end| end == "module")
    });
    let there = draft.system.namings().0.into_iter().find(|naming| naming.file == path);
    row.state = match there {
        Some(_) if others => State::Twice,
        Some(naming) if naming.module == module.to_string_lossy() => State::Registered,
        Some(_) => State::Moved,
        None if others => State::ForAll,
        None => State::Absent,
    };
    row.action = match (row.state, draft.forgets()) {
        _ if !is_wanted => Action::Nothing,
        // What the package brings is enough.
        (State::Twice, false) => Action::Remove,
        _ => action(draft, row.state, P11_KIT, &path),
    };
    let text = format!("module: {}\n", module.display());
    let outcome = match row.action {
        Action::Remove => found.and_then(|found| removed(draft, &path, &found)),
        Action::Add | Action::Mend => draft.own_file(&path, &text).map(drop),
        _ => Ok(()),
    };
    settle(&mut row, outcome, path);
    draft.p11_kit_knows = !draft.forgets()
        && (others || matches!(row.action, Action::Add | Action::Mend) || row.state == State::Registered);
    is_wanted.then_some(row)
}

/// Removes a file of our own, whatever direction the rest takes.
fn removed(draft: &mut Draft<'_>, path: &Path, found: &Found) -> Result<(), Refusal> {
    let is_ours = found.text()?.is_some_and(|text| text.starts_with(super::draft::MARK));
    if !is_ours {
        return Err(Refusal::Foreign);
    }
    draft.change(path, |_| Ok(None)).map(drop)
}

fn own_row(id: &'static str, name: &'static str, place: PathBuf) -> Row {
    let (state, action) = (State::Absent, Action::Nothing);
    Row { id, name, packaging: Packaging::Package, place, state, action, advice: vec![], files: vec![] }
}

fn settle(row: &mut Row, outcome: Result<(), Refusal>, path: PathBuf) {
    match outcome {
        Ok(()) if matches!(row.action, Action::Nothing | Action::Leave) => {}
        Ok(()) => row.files.push(path),
        Err(refusal) => (row.state, row.action) = refused(refusal),
    }
}

/// Programs that take a file of ours when somebody names it to them.
pub(super) fn snippet(draft: &mut Draft<'_>, snippet: &'static Snippet, module: &Path) -> Option<Row> {
    let path = draft.settings()?.join(snippet.file);
    let binary = Path::new("/usr/bin").join(snippet.binary);
    let found = draft.found(&path);
    let is_there = matches!(&found, Ok(Found::File(_)));
    if !is_there && (draft.forgets() || !draft.system.has(binary)) {
        return None;
    }
    let mut row = own_row(snippet.id, snippet.name, path.clone());
    row.state = if is_there { State::Registered } else { State::Absent };
    row.action = action(draft, row.state, snippet.id, &path);
    let outcome = match row.action {
        Action::Leave => Ok(false),
        _ => draft.own_file(&path, &(snippet.text)(module)),
    };
    let changes = *outcome.as_ref().unwrap_or(&false);
    if changes && !draft.forgets() {
        row.action = Action::Prepare;
    }
    if draft.direction == Direction::Register && !matches!(row.action, Action::Leave) {
        row.advice = advice(snippet.id, &path, module);
    }
    settle(&mut row, outcome.map(drop), path);
    Some(row)
}

fn advice(id: &str, path: &Path, module: &Path) -> Vec<Text> {
    match id {
        "java" => vec![text::reg_java(path)],
        "openssl" => vec![text::reg_openssl(path)],
        _ => [text::reg_ssh(path)].into_iter().chain(agent(module)).collect(),
    }
}

/// The agent of OpenSSH loads modules only from folders of libraries, if it is not told otherwise (`ssh-agent -P`).
fn agent(module: &Path) -> Option<Text> {
    let folder = module.to_string_lossy();
    let is_allowed = ["/usr/lib", "/usr/local/lib"].iter().any(|begin| folder.starts_with(begin));
    (!is_allowed).then(|| text::reg_ssh_agent(module))
}

/// LibreOffice, which reads the lists of Firefox and Thunderbird.
pub(super) fn libreoffice(draft: &mut Draft<'_>, program: &'static Known, module: &Path) -> Option<Row> {
    let packaging = draft.system.packagings(program).into_iter().next()?;
    if let Some(folder) = draft.system.certificate_folder() {
        return Some(list(draft, program, packaging, &folder, module));
    }
    let mut row = row(program, packaging, PathBuf::new(), (State::Borrows, Action::Nothing));
    if !draft.forgets() {
        row.advice.push(text::reg_libreoffice());
    }
    Some(row)
}

/// Policies of Firefox or Thunderbird, for everybody on the computer.
pub(super) fn policy(draft: &mut Draft<'_>, program: &'static Known, module: &Path) -> Option<Row> {
    let path = draft.system.policy_file(program);
    let packaging = policy_packaging(draft, program, &path)?;
    let judged = added(draft, &path).map(|added| match added {
        None => State::Absent,
        Some(library) if Path::new(&library) == module => State::Registered,
        Some(_) => State::Moved,
    });
    let judged = judged.map(|state| (state, action(draft, state, program.id, &path)));
    let mut row = row(program, packaging, path.clone(), judged.unwrap_or_else(refused));
    let outcome = match row.action {
        Action::Refuse(_) => return Some(row),
        Action::Leave => Ok(false),
        _ => changed_policy(draft, &path, module).and_then(|changed| {
            backup(draft, &path, changed)?;
            Ok(changed)
        }),
    };
    match (draft.direction, &outcome) {
        (Direction::Register, Ok(_)) if !draft.system.heeds_policies(program) => unheeded(&mut row),
        (Direction::Unregister, Ok(true)) => row.advice.push(text::reg_policy_left(program.name)),
        (Direction::Purge, Ok(true)) => row.action = Action::Remove,
        (Direction::Unregister | Direction::Purge, Ok(false)) if packaging == Packaging::Unknown => {
            return None;
        }
        _ => {}
    }
    settle(&mut row, outcome.map(drop), path);
    Some(row)
}

/// A flatpak does not see the policies of the system. Those of a program that is gone are only taken away.
fn policy_packaging(draft: &Draft<'_>, program: &Known, path: &Path) -> Option<Packaging> {
    let packagings = draft.system.packagings(program);
    let found = packagings.into_iter().find(|packaging| *packaging != Packaging::Flatpak);
    found.or_else(|| (draft.forgets() && draft.system.has(path)).then_some(Packaging::Unknown))
}

/// The library that policies add.
fn added(draft: &Draft<'_>, path: &Path) -> Result<Option<String>, Refusal> {
    draft.found(path)?.text()?.map_or(Ok(None), policies::added)
}

/// The program does not know the policy, as far as can be told: its users have more to do.
fn unheeded(row: &mut Row) {
    if matches!(row.action, Action::Add | Action::Mend) {
        row.action = Action::Prepare;
    }
    if row.action != Action::Leave {
        row.advice.push(text::reg_policy_unknown(row.name, row.id));
    }
}

fn changed_policy(draft: &mut Draft<'_>, path: &Path, module: &Path) -> Result<bool, Refusal> {
    let (direction, was_made) = (draft.direction, draft.memory.has_made(path));
    draft.change(path, |found| {
        let text = found.text()?;
        let is_added = text.is_some_and(|text| matches!(policies::added(text), Ok(Some(_))));
        Ok(match (direction, text) {
            (Direction::Register, text) => Some(policies::with(text, module)?),
            (Direction::Unregister, Some(text)) if is_added => Some(policies::deleting(text)?),
            (Direction::Unregister, text) => text.map(str::to_owned),
            (Direction::Purge, Some(text)) => {
                let rest = policies::without(text)?;
                Some(rest).filter(|rest| !(was_made && policies::is_bare(rest)))
            }
            (Direction::Purge, None) => None,
        }
        .map(String::into_bytes))
    })
}

/// The administrator's file as it was stays beside it, until nothing of ours is left.
fn backup(draft: &mut Draft<'_>, path: &Path, changed: bool) -> Result<(), Refusal> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".before-avain");
    let beside = path.with_file_name(name);
    let original = draft.found(path)?;
    match (draft.direction, original) {
        (Direction::Register, Found::File(bytes)) if changed && !draft.memory.has_made(path) => draft
            .change(&beside, |found| {
                Ok(Some(if found.bytes().is_empty() { bytes } else { found.bytes().to_vec() }))
            }),
        (Direction::Purge, _) => draft.change(&beside, |_| Ok(None)),
        _ => Ok(false),
    }
    .map(drop)
}

/// The rows of everything else: p11-kit and the files of our own.
pub(super) fn snippets(draft: &mut Draft<'_>, wanted: impl Fn(&str) -> bool, module: &Path) -> Vec<Row> {
    SNIPPETS
        .iter()
        .filter(|found| wanted(found.id))
        .filter_map(|found| snippet(draft, found, module))
        .collect()
}

//! The manifests by which browsers find the program that answers the extension of Web eID (native messaging). There is one
//! for each browser, and one program can be named in it: that of another is only replaced for who asks for it by name.

use super::draft::Draft;
use super::rows::{action, refused};
use super::writing::Found;
use super::{Action, Refusal, Row, Scope, State, Wanted};
use crate::system::{Known, PROGRAMS, Packaging, System};
use crate::text::{self, Text};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What all of them are called on the command line.
pub(super) const WEB_EID: &str = "web-eid";

/// The name that the extension asks for, and that of the file.
const HOST: &str = "eu.webeid";
const FILE: &str = "eu.webeid.json";
/// The program that answers.
const PROGRAM: &str = "avain-web";

/// The extension: in Firefox, and in Chromium and its relatives by the two stores that have it.
const FIREFOX: [&str; 1] = ["{e68418bc-f2b0-4459-a9ea-3e72b6751b07}"];
const CHROMIUM: [&str; 2] = [
    "chrome-extension://ncibgoaomkmdpilpocfeponihegamlic/",
    "chrome-extension://gnmckgbandlkacikdndelhfghdejfido/",
];

/// A browser, and where it looks.
struct Browser {
    /// Among [`PROGRAMS`].
    id: &'static str,
    /// What a row is called.
    name: &'static str,
    /// Below the home folder.
    own: &'static str,
    /// For everybody, if there is such a folder.
    common: &'static str,
}

static BROWSERS: [Browser; 7] = [
    Browser {
        id: "firefox",
        name: "Web eID, Firefox",
        own: ".mozilla/native-messaging-hosts",
        common: "/usr/lib/mozilla/native-messaging-hosts",
    },
    Browser {
        id: "librewolf",
        name: "Web eID, LibreWolf",
        own: ".librewolf/native-messaging-hosts",
        common: "/usr/lib/librewolf/native-messaging-hosts",
    },
    chromium("chromium", "Web eID, Chromium", ".config/chromium/NativeMessagingHosts", "/etc/chromium"),
    chromium("chrome", "Web eID, Chrome", ".config/google-chrome/NativeMessagingHosts", "/etc/opt/chrome"),
    chromium("edge", "Web eID, Edge", ".config/microsoft-edge/NativeMessagingHosts", "/etc/opt/edge"),
    chromium(
        "brave",
        "Web eID, Brave",
        ".config/BraveSoftware/Brave-Browser/NativeMessagingHosts",
        "/etc/opt/brave.com/brave",
    ),
    chromium("vivaldi", "Web eID, Vivaldi", ".config/vivaldi/NativeMessagingHosts", "/etc/opt/vivaldi"),
];

/// The folder for everybody is inside of this one.
const fn chromium(id: &'static str, name: &'static str, own: &'static str, common: &'static str) -> Browser {
    Browser { id, name, own, common }
}

/// The browsers that are known.
pub(super) fn browsers() -> impl Iterator<Item = &'static Known> {
    BROWSERS.iter().filter_map(Browser::known)
}

impl Browser {
    fn is_firefox(&self) -> bool {
        matches!(self.id, "firefox" | "librewolf")
    }

    fn known(&self) -> Option<&'static Known> {
        PROGRAMS.iter().find(|known| known.id == self.id)
    }

    fn common(&self) -> PathBuf {
        let folder = Path::new(self.common);
        if self.is_firefox() { folder.join(FILE) } else { folder.join("native-messaging-hosts").join(FILE) }
    }

    fn own(&self, system: &System) -> Option<PathBuf> {
        let folder = match self.own.strip_prefix(".config/") {
            Some(below) => system.config_folder()?.join(below),
            None => system.home()?.join(self.own),
        };
        Some(folder.join(FILE))
    }

    fn place(&self, draft: &Draft<'_>) -> Option<PathBuf> {
        match draft.scope {
            Scope::User => self.own(draft.system),
            Scope::Computer => Some(self.common()),
        }
    }

    fn manifest(&self, program: &Path) -> Result<Vec<u8>, Refusal> {
        let path = program.to_str().ok_or(Refusal::Path)?;
        let (who, extensions) = if self.is_firefox() {
            ("allowed_extensions", FIREFOX.as_slice())
        } else {
            ("allowed_origins", CHROMIUM.as_slice())
        };
        let manifest = json!({
            "name": HOST, "description": "Avain answers Web eID", "path": path, "type": "stdio", (who): extensions
        });
        Ok(format!("{manifest:#}\n").into_bytes())
    }
}

/// Whose program a manifest names.
#[derive(PartialEq, Eq)]
enum Whose {
    Nobodys,
    Ours,
    Others,
}

fn whose(manifest: &str) -> Whose {
    match manifest {
        "" => Whose::Nobodys,
        manifest if is_ours(&named(manifest)) => Whose::Ours,
        _ => Whose::Others,
    }
}

/// The program that a manifest names.
fn named(manifest: &str) -> PathBuf {
    let manifest: Option<Value> = serde_json::from_str(manifest).ok();
    let path = manifest.as_ref().and_then(|manifest| manifest.get("path")?.as_str());
    path.map(PathBuf::from).unwrap_or_default()
}

fn is_ours(program: &Path) -> bool {
    program.file_name().is_some_and(|name| name == PROGRAM)
}

/// A manifest that is there.
pub struct Manifest {
    /// The browser that reads it.
    pub browser: &'static str,
    /// Where it is.
    pub file: PathBuf,
    /// The program that is named in it.
    pub program: PathBuf,
    /// Is that ours?
    pub is_ours: bool,
    /// Is it installed?
    pub is_there: bool,
}

/// All manifests: of the user, and for everybody.
pub fn manifests(system: &System) -> Vec<Manifest> {
    let places = |browser: &'static Browser| {
        let name = browser.known().map_or(browser.id, |known| known.name);
        [browser.own(system), Some(browser.common())].into_iter().flatten().map(move |file| (name, file))
    };
    let found = BROWSERS.iter().flat_map(places).filter_map(|(browser, file)| {
        let manifest = Some(system.text(&file)).filter(|manifest| !manifest.is_empty())?;
        let program = named(&manifest);
        let (is_ours, is_there) = (is_ours(&program), system.has(&program));
        Some(Manifest { browser, file, program, is_ours, is_there })
    });
    found.collect()
}

/// The program, if it is installed: beside the tool, or where packages put it.
fn program(system: &System, tool: Option<&Path>) -> Option<PathBuf> {
    let beside = tool.map(|tool| tool.with_file_name(PROGRAM));
    let usual = ["/usr/bin", "/usr/local/bin"].map(|folder| Path::new(folder).join(PROGRAM));
    beside.into_iter().chain(usual).find(|path| system.has(path))
}

/// A row for each browser that is there, or that has a manifest of ours.
pub(super) fn rows(draft: &mut Draft<'_>, wanted: &Wanted) -> Vec<Row> {
    let program = program(draft.system, wanted.tool.as_deref());
    let by_name = wanted.programs.name(WEB_EID);
    BROWSERS.iter().flat_map(|browser| row(draft, browser, program.as_deref(), by_name)).collect()
}

fn row(
    draft: &mut Draft<'_>,
    browser: &'static Browser,
    program: Option<&Path>,
    by_name: bool,
) -> Option<Row> {
    let path = browser.place(draft)?;
    let packagings = draft.system.packagings(browser.known()?);
    let found = draft.found(&path).and_then(|found| Ok((whose(found.text()?.unwrap_or_default()), found)));
    let is_ours = matches!(found, Ok((Whose::Ours, _)));
    let is_offered = !draft.forgets() && program.is_some() && !packagings.is_empty();
    if !is_ours && !is_offered {
        return None;
    }
    let outside = packagings.iter().copied().find(|packaging| !packaging.is_sandbox());
    let packaging = outside.or(packagings.first().copied()).unwrap_or(Packaging::Unknown);
    let bytes = program.map_or_else(|| Ok(Vec::new()), |program| browser.manifest(program));
    let judged = found.and_then(|(whose, found)| Ok(state(draft, browser, &whose, found.bytes() == bytes?)));
    let (state, action) = match judged {
        Ok(State::Others) if by_name => (State::Others, Action::Add),
        Ok(State::Others) => (State::Others, Action::Nothing),
        Ok(state) => (state, action(draft, state, WEB_EID, &path)),
        Err(refusal) => refused(refusal),
    };
    let (id, name, place) = (WEB_EID, browser.name, path.clone());
    let mut row = Row { id, name, packaging, place, state, action, advice: vec![], files: vec![] };
    row.advice.extend(advice(draft, browser, &row));
    if matches!(row.action, Action::Add | Action::Mend | Action::Remove) {
        match changed(draft, browser, &path, program) {
            Ok(files) => row.files.extend(files),
            Err(refusal) => (row.state, row.action) = refused(refusal),
        }
    }
    Some(row)
}

/// How it stands. What is there for everybody is hidden by a user's own.
fn state(draft: &Draft<'_>, browser: &Browser, whose: &Whose, is_same: bool) -> State {
    let for_all = || self::whose(&draft.system.text(&browser.common()));
    match whose {
        Whose::Ours if is_same || draft.forgets() => State::Registered,
        Whose::Ours => State::Moved,
        Whose::Others => State::Others,
        Whose::Nobodys if draft.scope == Scope::Computer => State::Absent,
        Whose::Nobodys => match for_all() {
            Whose::Ours => State::ForAll,
            Whose::Others => State::Others,
            Whose::Nobodys => State::Absent,
        },
    }
}

fn advice(draft: &Draft<'_>, browser: &Browser, row: &Row) -> Option<Text> {
    let known = browser.known()?;
    match (row.action, row.packaging) {
        _ if draft.forgets() => None,
        (Action::Nothing, _) if row.state == State::Others => Some(text::reg_web_others(known.name)),
        (Action::Add | Action::Nothing, Packaging::Snap) => Some(text::reg_web_snap(known.name, known.snap)),
        (Action::Add | Action::Nothing, Packaging::Flatpak) => Some(text::reg_web_flatpak(known.name)),
        _ => None,
    }
}

/// Changes the manifest. That of another program stays beside it, and comes back when ours goes.
fn changed(
    draft: &mut Draft<'_>,
    browser: &Browser,
    path: &Path,
    program: Option<&Path>,
) -> Result<Vec<PathBuf>, Refusal> {
    let beside = path.with_file_name(format!("{FILE}.before-avain"));
    let (before, kept) = (draft.found(path)?, draft.found(&beside)?);
    let is_others = whose(before.text()?.unwrap_or_default()) == Whose::Others;
    let (now, keep) = match (draft.forgets(), program, kept) {
        (false, Some(program), kept) => {
            let keep = if is_others { Found::File(before.bytes().to_vec()) } else { kept };
            (Some(browser.manifest(program)?), keep)
        }
        (_, _, Found::File(bytes)) => (Some(bytes), Found::Nothing),
        (_, _, Found::Nothing) => (None, Found::Nothing),
    };
    let kept = match keep {
        Found::File(bytes) => Some(bytes),
        Found::Nothing => None,
    };
    let mut files = Vec::new();
    for (path, after) in [(&beside, kept), (&path.to_owned(), now)] {
        if draft.change(path, |_| Ok(after))? {
            files.push(path.clone());
        }
    }
    Ok(files)
}

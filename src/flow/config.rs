//! The settings: what is set and by which file, what is wrong with a file, and changing one. Lines that are not changed
//! stay as they are.

use super::registration::writing;
use super::system::System;
use super::text::{self, Text};
use super::{Failure, Kind};
use avain_card::settings::{self, Entry, Ignored, KEYS, OF_COMPUTER, OF_USER, TOKENS, Unusable, Value};
use std::path::PathBuf;

/// Whose file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The user's.
    User,
    /// The computer's.
    Computer,
}

impl Of {
    /// The one that counts more is first.
    const BOTH: [Of; 2] = [Of::User, Of::Computer];

    const fn name(self) -> &'static str {
        match self {
            Of::User => "user",
            Of::Computer => "computer",
        }
    }

    fn file(self, system: &System) -> Option<PathBuf> {
        match self {
            Of::User => Some(system.config_folder()?.join(OF_USER)),
            Of::Computer => Some(OF_COMPUTER.into()),
        }
    }
}

/// A file of settings.
pub struct File {
    /// Whose it is.
    pub of: Of,
    /// Where it is.
    pub path: PathBuf,
    /// What is in it, or why it is ignored.
    pub content: Result<Vec<Entry>, Ignored>,
}

/// Both files, as far as there is a place for them.
pub fn files(system: &System) -> Vec<File> {
    let read = |of: Of| {
        let path = of.file(system)?;
        Some(File { of, content: settings::read(&system.real(&path), of == Of::Computer), path })
    };
    Of::BOTH.into_iter().filter_map(read).collect()
}

/// Why files are ignored.
pub fn problems(files: &[File]) -> Vec<Text> {
    files.iter().filter_map(|file| Some(ignored(file, file.content.as_ref().err()?))).collect()
}

fn ignored(file: &File, why: &Ignored) -> Text {
    let (line, name) = match why {
        Ignored::Line(line) => (*line, String::new()),
        Ignored::Unknown(entry) | Ignored::Value(entry) => (entry.line, dotted(&entry.table, &entry.key)),
        Ignored::Unusable(_) | Ignored::NoText => (0, String::new()),
    };
    text::config_ignored(file.path.as_path(), reason(why), line, name)
}

fn reason(why: &Ignored) -> &'static str {
    match why {
        Ignored::Line(_) => "line",
        Ignored::Unknown(_) => "unknown",
        Ignored::Value(_) => "value",
        Ignored::NoText => "text",
        Ignored::Unusable(Unusable::NotAFile) => "no-file",
        Ignored::Unusable(Unusable::NotOurs) => "owner",
        Ignored::Unusable(Unusable::OpenToOthers) => "open",
        Ignored::Unusable(Unusable::TooLong) => "long",
        Ignored::Unusable(Unusable::System(_) | Unusable::Busy) => "unreadable",
    }
}

fn dotted(table: &str, key: &str) -> String {
    if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") }
}

/// A setting, its value, and where that comes from.
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value as it would be written; none if it is not set.
    pub value: Option<String>,
    /// Who has set it.
    pub source: &'static str,
    /// What it is for.
    pub about: Text,
}

/// All settings.
pub fn all(files: &[File]) -> Vec<Setting> {
    let set: Vec<(Of, &Entry)> = files
        .iter()
        .flat_map(|file| file.content.iter().flatten().map(move |entry| (file.of, entry)))
        .collect();
    let find =
        |table: &str, key: &str| set.iter().find(|(_, entry)| entry.table == table && entry.key == key);
    let setting = |table: &str, key: &str| {
        let found = find(table, key);
        Setting {
            name: dotted(table, key),
            value: found.and_then(|(_, entry)| entry.value.written()),
            source: found.map_or("default", |(of, _)| of.name()),
            about: text::config_about(if table.is_empty() { key } else { table }),
        }
    };
    let mut programs: Vec<&str> =
        set.iter().filter(|(_, entry)| entry.table == TOKENS).map(|(_, entry)| entry.key.as_str()).collect();
    programs.sort_unstable();
    programs.dedup();
    let usual = KEYS.iter().map(|(key, _)| setting("", key));
    usual.chain(programs.into_iter().map(|program| setting(TOKENS, program))).collect()
}

/// The word that is set, if one is.
pub(super) fn word(system: &System, name: &str) -> Option<String> {
    let files = files(system);
    let mut entries = files.iter().flat_map(|file| file.content.iter().flatten());
    match &entries.find(|entry| entry.table.is_empty() && entry.key == name)?.value {
        Value::Text(word) => Some(word.clone()),
        _ => None,
    }
}

/// Sets a word for the user.
pub(super) fn keep(system: &System, name: &str, word: &str) -> Result<(), Failure> {
    change(system, Of::User, name, Some(&[word.to_owned()])).map(drop)
}

/// Sets a setting in a file, or, without values, takes it out. Returns the file.
pub fn change(system: &System, of: Of, name: &str, values: Option<&[String]>) -> Result<PathBuf, Failure> {
    let (table, key) = name.split_once('.').unwrap_or(("", name));
    let kind = settings::kind_of(table, key).ok_or_else(|| unknown(name))?;
    let value = values.map(|values| {
        let value = typed(kind, values).filter(|value| kind.takes(value) && value.written().is_some());
        value.ok_or_else(|| Failure::new(Kind::Unfit, [unfit(name, kind)]))
    });
    let value = value.transpose()?;
    let path = of.file(system).ok_or_else(|| Failure::new(Kind::Failed, [text::no_home()]))?;
    let unwritable = || Failure::new(Kind::Failed, [text::file_unwritable(path.as_path())]);
    let real = system.real(&path);
    let found = writing::read(&real).map_err(|_| unwritable())?;
    let before = found.text().map_err(|_| unwritable())?.unwrap_or_default();
    if let Err(why) = settings::checked(before) {
        let file = File { of, path, content: Ok(Vec::new()) };
        return Err(Failure::new(Kind::Failed, [ignored(&file, &why)]));
    }
    let after = edited(before, table, key, value.as_ref()).ok_or_else(unwritable)?;
    let mode = if of == Of::User { 0o600 } else { 0o644 };
    writing::write(&real, after.as_bytes(), mode).map_err(|_| unwritable())?;
    Ok(path)
}

fn unknown(name: &str) -> Failure {
    let program = format!("{TOKENS}.PROGRAM");
    let known: Vec<&str> = KEYS.iter().map(|(key, _)| *key).chain([program.as_str()]).collect();
    Failure::new(Kind::Unfit, [text::config_unknown(name, known.join(", "))])
}

/// Typed words as a value of this kind.
fn typed(kind: settings::Kind, words: &[String]) -> Option<Value> {
    match (kind, words) {
        (settings::Kind::Switch, [word]) => word.parse().ok().map(Value::Switch),
        (settings::Kind::Path | settings::Kind::OneOf(_), [word]) => Some(Value::Text(word.clone())),
        (settings::Kind::Tokens, [word]) if word == "none" => Some(Value::List(Vec::new())),
        (settings::Kind::Texts | settings::Kind::Tokens, words) if !words.is_empty() => {
            Some(Value::List(words.to_vec()))
        }
        _ => None,
    }
}

fn unfit(name: &str, kind: settings::Kind) -> Text {
    let (kind, words) = match kind {
        settings::Kind::Switch => ("switch", String::new()),
        settings::Kind::Path => ("path", String::new()),
        settings::Kind::OneOf(words) => ("one-of", words.join(", ")),
        settings::Kind::Texts => ("texts", String::new()),
        settings::Kind::Tokens => ("tokens", String::new()),
    };
    text::config_value(name, kind, words)
}

/// The text with a setting changed, added or taken out.
fn edited(text: &str, table: &str, key: &str, value: Option<&Value>) -> Option<String> {
    let entries = settings::parse(text).ok()?;
    let bare = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let name = if bare { key.to_owned() } else { settings::quoted(key)? };
    let line = value.map(|value| Some(format!("{name} = {}\n", value.written()?)));
    let line = match line {
        Some(line) => Some(line?),
        None => None,
    };
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
        last.push('\n');
    }
    let there = entries.iter().find(|entry| entry.table == table && entry.key == key);
    match (there.map(|entry| entry.line.saturating_sub(1)), line) {
        (Some(place), Some(line)) => *lines.get_mut(place)? = line,
        (Some(place), None) => drop(lines.remove(place)),
        (None, Some(line)) => added(&mut lines, table, line),
        (None, None) => {}
    }
    Some(lines.concat())
}

/// Adds a line at the end of a table, which is made if it is missing.
fn added(lines: &mut Vec<String>, table: &str, line: String) {
    let is_heading = |line: &String| line.trim_start().starts_with('[');
    let begin = match table {
        "" => Some(0),
        table => {
            let heading = lines.iter().position(|line| {
                let name = line.trim().strip_prefix('[').and_then(|rest| rest.split(']').next());
                name.is_some_and(|name| name.trim().trim_matches(['"', '\'']) == table)
            });
            heading.map(|place| place.saturating_add(1))
        }
    };
    let Some(begin) = begin else {
        lines.extend([format!("[{table}]\n"), line]);
        return;
    };
    let rest = lines.get(begin..).unwrap_or_default();
    let end = rest.iter().position(is_heading).map_or(lines.len(), |length| begin.saturating_add(length));
    lines.insert(end, line);
}

#[cfg(test)]
mod tests {
    use super::super::system::furnished::Furnished;
    use super::super::text::Variable;
    use super::*;

    fn system(place: &Furnished) -> System {
        System::new(place.path(), [("HOME".into(), "/home/me".into())])
    }

    #[test]
    fn one_line_is_changed_and_the_others_stay() {
        let text = "# mine\nkeypad = false # no\n\n[tokens]\nfirefox = [\"PIN1\"]\n# end";
        let yes = Value::Switch(true);
        let one = Value::List(vec!["PIN1".to_owned()]);
        for (table, key, value, expected) in [
            ("", "keypad", Some(&yes), "# mine\nkeypad = true\n\n[tokens]\nfirefox = [\"PIN1\"]\n# end\n"),
            ("", "keypad", None, "# mine\n\n[tokens]\nfirefox = [\"PIN1\"]\n# end\n"),
            (
                "",
                "cache",
                Some(&yes),
                "# mine\nkeypad = false # no\n\ncache = true\n[tokens]\nfirefox = [\"PIN1\"]\n# end\n",
            ),
            (
                "tokens",
                "my program",
                Some(&one),
                "# mine\nkeypad = false # no\n\n[tokens]\nfirefox = [\"PIN1\"]\n# end\n\"my program\" = [\"PIN1\"]\n",
            ),
            ("", "log", None, "# mine\nkeypad = false # no\n\n[tokens]\nfirefox = [\"PIN1\"]\n# end\n"),
        ] {
            let edited = edited(text, table, key, value).unwrap();
            assert_eq!(edited, expected);
            assert!(settings::checked(&edited).is_ok());
        }
        assert_eq!(edited("", "tokens", "x", Some(&one)).unwrap(), "[tokens]\nx = [\"PIN1\"]\n");
    }

    #[test]
    fn what_is_set_is_told_with_its_source() {
        let place = Furnished::new(&[("home/me/.config/avain/avain.toml", "cache = false\n")]);
        let system = system(&place);
        change(&system, Of::User, "tokens.firefox", Some(&["none".to_owned()])).unwrap();
        let all = all(&files(&system));
        let told = |name: &str| {
            let setting = all.iter().find(|setting| setting.name == name).unwrap();
            (setting.value.clone(), setting.source)
        };
        assert_eq!(told("cache"), (Some("false".to_owned()), "user"));
        assert_eq!(told("tokens.firefox"), (Some("[]".to_owned()), "user"));
        assert_eq!(told("keypad"), (None, "default"));
        for (name, values) in [
            ("keypad", &["maybe"][..]),
            ("keypad", &[]),
            ("log", &["loud"]),
            ("can-file", &["here"]),
            ("tokens.firefox", &["PIN3"]),
            ("nosuch", &["true"]),
            ("other.x", &["true"]),
        ] {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            let failed = change(&system, Of::User, name, Some(&values)).unwrap_err();
            assert_eq!(failed.kind, Kind::Unfit, "{name}");
        }
    }

    #[test]
    fn a_broken_file_is_told_and_not_written_to() {
        let broken = "keypad = false\nlog = loud\n";
        let place = Furnished::new(&[("home/me/.config/avain/avain.toml", broken)]);
        let system = system(&place);
        let told = problems(&files(&system));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].variables[2].1, Variable::from(2_usize));
        let failed = change(&system, Of::User, "keypad", Some(&["true".to_owned()])).unwrap_err();
        assert_eq!(failed.words, told);
        let path = place.path().join("home/me/.config/avain/avain.toml");
        assert_eq!(std::fs::read_to_string(path).unwrap(), broken);
    }
}

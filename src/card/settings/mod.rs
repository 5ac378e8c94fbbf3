//! The settings of this software: two files, that of the computer (`/etc/avain/avain.toml`) and that of the user
//! (`$XDG_CONFIG_HOME/avain/avain.toml`), which counts where both name a setting. A file in which anything is wrong is
//! ignored as a whole; `avain config` says what it is. The environment counts more than either.
//!
//! A program with more rights than its user reads only the file of the computer.

mod lines;

pub use lines::{Entry, Value, WrongLine, parse, quoted};

use crate::sys::{folders, private_files, privilege};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub use crate::sys::private_files::Unusable;

/// The file of the computer.
pub const OF_COMPUTER: &str = folders::OF_COMPUTER;
/// The file of the user, below the user's folder of settings.
pub const OF_USER: &str = "avain/avain.toml";
/// The table with the tokens that a program sees, by the name of its file.
pub const TOKENS: &str = "tokens";
/// The tokens of a card, by their PINs.
pub const PINS: [&str; 2] = ["PIN1", "PIN2"];
/// Longest file, in bytes.
const LONGEST: usize = 64 * 1024;

/// What kind of value a setting has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Switch,
    /// An absolute path.
    Path,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Any strings.
    Texts,
    /// `"PIN1"`, `"PIN2"`.
    Tokens,
}

/// All settings but those of single programs.
pub const KEYS: [(&str, Kind); 8] = [
    ("ignore-readers", Kind::Texts),
    ("keypad", Kind::Switch),
    ("cache", Kind::Switch),
    ("can-file", Kind::Path),
    ("log", Kind::OneOf(&["info", "debug"])),
    ("log-file", Kind::Path),
    ("language", Kind::OneOf(&["fi", "sv", "en", "et"])),
    ("new-card", Kind::OneOf(&["window", "notification", "nothing"])),
];

/// The kind of a setting, if there is one of this name.
pub fn kind_of(table: &str, key: &str) -> Option<Kind> {
    match table {
        TOKENS if !key.is_empty() => Some(Kind::Tokens),
        "" => KEYS.iter().find(|(name, _)| *name == key).map(|(_, kind)| *kind),
        _ => None,
    }
}

impl Kind {
    /// Can a setting of this kind have this value?
    pub fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Kind::Switch, Value::Switch(_)) | (Kind::Texts, Value::List(_)) => true,
            (Kind::Path, Value::Text(path)) => Path::new(path).is_absolute(),
            (Kind::OneOf(words), Value::Text(word)) => words.contains(&word.as_str()),
            (Kind::Tokens, Value::List(names)) => names.iter().all(|name| PINS.contains(&name.as_str())),
            _ => false,
        }
    }
}

/// Why a file is ignored.
#[derive(Debug)]
pub enum Ignored {
    /// It cannot be used.
    Unusable(Unusable),
    /// It is not UTF-8.
    NoText,
    /// A line of it is not understood.
    Line(usize),
    /// There is no such setting.
    Unknown(Entry),
    /// The setting cannot have such a value.
    Value(Entry),
}

/// The settings in a file; none if there is no such file.
pub fn read(path: &Path, of_computer: bool) -> Result<Vec<Entry>, Ignored> {
    let content = private_files::read_settings(path, of_computer, LONGEST).map_err(Ignored::Unusable)?;
    let Some(content) = content else { return Ok(Vec::new()) };
    let text = std::str::from_utf8(&content).map_err(|_| Ignored::NoText)?;
    checked(text)
}

/// The settings in a text.
pub fn checked(text: &str) -> Result<Vec<Entry>, Ignored> {
    let entries = parse(text).map_err(|WrongLine(line)| Ignored::Line(line))?;
    for entry in &entries {
        match kind_of(&entry.table, &entry.key) {
            None => return Err(Ignored::Unknown(entry.clone())),
            Some(kind) if !kind.takes(&entry.value) => return Err(Ignored::Value(entry.clone())),
            Some(_) => {}
        }
    }
    Ok(entries)
}

/// What is set.
#[derive(Debug, Default)]
pub struct Settings {
    entries: Vec<Entry>,
    /// How many files are ignored because something is wrong with them.
    pub ignored: usize,
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();

impl Settings {
    /// Those of this process. The files are read once.
    pub fn of_process() -> &'static Settings {
        SETTINGS.get_or_init(|| Settings::of(Path::new(OF_COMPUTER), of_user().as_deref()))
    }

    /// Those in these files.
    pub fn of(computer: &Path, user: Option<&Path>) -> Self {
        let mut settings = Settings::default();
        let user = user.map(|path| read(path, false));
        for file in user.into_iter().chain([read(computer, true)]) {
            match file {
                // Those of the user are found first.
                Ok(entries) => settings.entries.extend(entries),
                Err(_) => settings.ignored = settings.ignored.saturating_add(1),
            }
        }
        settings
    }

    fn value(&self, table: &str, key: &str) -> Option<&Value> {
        let found = self.entries.iter().find(|entry| entry.table == table && entry.key == key);
        found.map(|entry| &entry.value)
    }

    fn switch(&self, key: &str) -> bool {
        !matches!(self.value("", key), Some(Value::Switch(false)))
    }

    fn text(&self, key: &str) -> Option<&str> {
        match self.value("", key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Is a reader of this name left out?
    pub fn ignores_reader(&self, name: &str) -> bool {
        match self.value("", "ignore-readers") {
            Some(Value::List(parts)) => {
                parts.iter().any(|part| !part.is_empty() && name.contains(part.as_str()))
            }
            _ => false,
        }
    }

    /// Are PINs entered on the keypad of a reader that has one?
    pub fn keypad(&self) -> bool {
        self.switch("keypad")
    }

    /// Are certificates kept for the time of a login session?
    pub fn cache(&self) -> bool {
        self.switch("cache")
    }

    /// Where card access numbers are stored, if not in the usual place.
    pub fn can_file(&self) -> Option<&Path> {
        self.text("can-file").map(Path::new)
    }

    /// The level of the log.
    pub fn log(&self) -> Option<&str> {
        self.text("log")
    }

    /// The file of the log.
    pub fn log_file(&self) -> Option<&Path> {
        self.text("log-file").map(Path::new)
    }

    /// Does a program whose file is called so see the tokens of this PIN?
    pub fn shows(&self, program: &str, pin: &str) -> bool {
        match self.value(TOKENS, program) {
            Some(Value::List(names)) => names.iter().any(|name| name == pin),
            _ => true,
        }
    }
}

/// The file of the user who runs this program, if it may read it.
fn of_user() -> Option<PathBuf> {
    if privilege::is_elevated() { None } else { user_file(|name| std::env::var_os(name)) }
}

/// The file of the user, by the environment.
pub fn user_file(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    folders::of_settings(variable).map(|folder| folder.join(OF_USER))
}

/// The name of the file of this program.
pub fn program() -> String {
    let path = std::env::current_exe().unwrap_or_default();
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    struct Place(PathBuf);

    impl Place {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("avain-settings-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Place(path)
        }

        fn write(&self, name: &str, text: &[u8]) -> PathBuf {
            let path = self.0.join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            path
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_users_file_counts_more_and_a_wrong_one_not_at_all() {
        let place = Place::new("two");
        // Both belong to whoever runs this test.
        let user = place.write("user", b"keypad = true\nlog = \"info\"\n[tokens]\nfirefox = [\"PIN1\"]\n");
        let settings = Settings::of(Path::new("/nowhere"), Some(&user));
        assert!(settings.keypad() && settings.cache() && settings.log() == Some("info"));
        assert!(settings.shows("firefox", "PIN1") && !settings.shows("firefox", "PIN2"));
        assert!(settings.shows("chromium", "PIN2") && settings.ignored == 0);
        for wrong in [
            &b"keypad = false\nnosuch = true"[..],
            b"keypad = false\nlog = \"loud\"",
            b"keypad = false\ncan-file = \"relative\"",
            b"keypad = false\n[tokens]\nfirefox = [\"PIN3\"]",
            b"keypad = false\n[other]\na = true",
            b"keypad = \"false\"",
            b"keypad = false\n# \xFF",
        ] {
            let user = place.write("wrong", wrong);
            let settings = Settings::of(Path::new("/nowhere"), Some(&user));
            assert!(settings.keypad() && settings.ignored == 1, "{}", String::from_utf8_lossy(wrong));
        }
    }

    #[test]
    fn readers_are_left_out_by_a_part_of_their_name() {
        let place = Place::new("readers");
        let user = place.write("user", b"ignore-readers = [\"Virtual\", \"\"]");
        let settings = Settings::of(Path::new("/nowhere"), Some(&user));
        assert!(settings.ignores_reader("Windows Virtual 00") && !settings.ignores_reader("ACS 00"));
    }

    #[test]
    fn hostile_files_are_not_read() {
        let place = Place::new("hostile");
        let good = place.write("good", b"keypad = false");
        symlink(&good, place.0.join("link")).unwrap();
        let open = place.write("open", b"keypad = false");
        fs::set_permissions(&open, fs::Permissions::from_mode(0o666)).unwrap();
        let huge = place.0.join("huge");
        fs::File::create(&huge).unwrap().set_len(1 << 40).unwrap();
        let keypad = |path: &Path| Settings::of(Path::new("/nowhere"), Some(path)).keypad();
        // People keep their settings elsewhere and link to them.
        assert!(!keypad(&good) && !keypad(&place.0.join("link")));
        for path in [&open, &huge, &place.0, Path::new("/dev/zero")] {
            assert!(keypad(path), "{}", path.display());
        }
    }
}

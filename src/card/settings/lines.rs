//! A strict part of TOML: tables of one level, keys, and values that are `true`, `false`, a string, or strings in brackets on
//! one line. What is accepted means in TOML what it means here; everything else is a fault with its line.
//!
//! A library would bring six crates more into every program that loads the module, to read dates and numbers that no
//! setting has.

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `true` or `false`.
    Switch(bool),
    /// A string.
    Text(String),
    /// Strings in brackets.
    List(Vec<String>),
}

/// A setting in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The line that it is in, from 1.
    pub line: usize,
    /// The table that it belongs to; empty for those before any table.
    pub table: String,
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: Value,
}

/// A line that is not understood, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongLine(pub usize);

/// The settings in a file.
pub fn parse(text: &str) -> Result<Vec<Entry>, WrongLine> {
    let (mut entries, mut tables) = (Vec::new(), vec![String::new()]);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let number = number.saturating_add(1);
        let line = line.strip_suffix("\r\n").or_else(|| line.strip_suffix('\n')).unwrap_or(line);
        let wrong = WrongLine(number);
        let mut scanner = Scanner(line);
        scanner.blanks();
        if scanner.is_at_end() {
            if !is_comment(scanner.0) {
                return Err(wrong);
            }
        } else if scanner.take('[') {
            tables.push(table(&mut scanner).filter(|name| !tables.contains(name)).ok_or(wrong)?);
        } else {
            let (key, value) = setting(&mut scanner).ok_or(wrong)?;
            let table = tables.last().cloned().unwrap_or_default();
            let is_there = |entry: &Entry| entry.table == table && entry.key == key;
            // A key of the first table and a table are of one name space.
            if entries.iter().any(is_there) || (table.is_empty() && tables.contains(&key)) {
                return Err(wrong);
            }
            entries.push(Entry { line: number, table, key, value });
        }
    }
    let clash = entries.iter().find(|entry| entry.table.is_empty() && tables.contains(&entry.key));
    clash.map_or(Ok(entries.clone()), |entry| Err(WrongLine(entry.line)))
}

/// The table whose heading begins.
fn table(scanner: &mut Scanner<'_>) -> Option<String> {
    scanner.blanks();
    let name = scanner.key()?;
    scanner.blanks();
    (scanner.take(']') && scanner.ends()).then_some(name)
}

fn setting(scanner: &mut Scanner<'_>) -> Option<(String, Value)> {
    let key = scanner.key()?;
    scanner.blanks();
    if !scanner.take('=') {
        return None;
    }
    scanner.blanks();
    let value = scanner.value()?;
    scanner.ends().then_some((key, value))
}

/// Nothing, or a comment of characters that TOML allows in one.
fn is_comment(rest: &str) -> bool {
    let allowed = |c: char| c == '\t' || !c.is_ascii_control();
    rest.chars().all(allowed)
}

struct Scanner<'a>(&'a str);

impl Scanner<'_> {
    fn take(&mut self, wanted: char) -> bool {
        match self.0.strip_prefix(wanted) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn next(&mut self) -> Option<char> {
        let mut rest = self.0.chars();
        let character = rest.next()?;
        self.0 = rest.as_str();
        Some(character)
    }

    fn blanks(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    fn is_at_end(&self) -> bool {
        self.0.is_empty() || self.0.starts_with('#')
    }

    /// Is the line over, but for a comment?
    fn ends(&mut self) -> bool {
        self.blanks();
        self.is_at_end() && is_comment(self.0)
    }

    /// A bare key, or one in quotes.
    fn key(&mut self) -> Option<String> {
        if self.0.starts_with(['"', '\'']) {
            return self.string();
        }
        let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let length = self.0.find(|c| !is_bare(c)).unwrap_or(self.0.len());
        let (key, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        (!key.is_empty()).then(|| key.to_owned())
    }

    fn value(&mut self) -> Option<Value> {
        for (word, switch) in [("true", true), ("false", false)] {
            if let Some(rest) = self.0.strip_prefix(word) {
                self.0 = rest;
                return Some(Value::Switch(switch));
            }
        }
        if self.take('[') { self.list().map(Value::List) } else { self.string().map(Value::Text) }
    }

    fn list(&mut self) -> Option<Vec<String>> {
        let mut found = Vec::new();
        loop {
            self.blanks();
            if self.take(']') {
                return Some(found);
            }
            found.push(self.string()?);
            self.blanks();
            if !self.take(',') {
                return self.take(']').then_some(found);
            }
        }
    }

    /// A string in either kind of quotes.
    fn string(&mut self) -> Option<String> {
        let quote = self.next().filter(|c| matches!(c, '"' | '\''))?;
        let mut text = String::new();
        loop {
            match self.next()? {
                // Three of them begin a string of several lines.
                end if end == quote => {
                    return (!(text.is_empty() && self.0.starts_with(quote))).then_some(text);
                }
                '\\' if quote == '"' => text.push(self.escape()?),
                c if c != '\t' && c.is_ascii_control() => return None,
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            same @ ('"' | '\\') => same,
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            _ => return None,
        })
    }
}

/// A string as it is written into a file.
pub fn quoted(text: &str) -> Option<String> {
    let escaped = |c: char| match c {
        '"' | '\\' => Some(format!("\\{c}")),
        '\n' => Some("\\n".to_owned()),
        '\t' => Some("\\t".to_owned()),
        '\r' => Some("\\r".to_owned()),
        control if control.is_ascii_control() => None,
        other => Some(other.to_string()),
    };
    let inside: Option<String> = text.chars().map(escaped).collect();
    inside.map(|inside| format!("\"{inside}\""))
}

impl Value {
    /// As it is written into a file. `None` if a text has characters that cannot be written.
    pub fn written(&self) -> Option<String> {
        match self {
            Value::Switch(switch) => Some(switch.to_string()),
            Value::Text(text) => quoted(text),
            Value::List(texts) => {
                let all: Option<Vec<String>> = texts.iter().map(|text| quoted(text)).collect();
                all.map(|all| format!("[{}]", all.join(", ")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a TOML library reads, as our entries without their lines. `None` if it is not TOML, or has other values.
    fn by_library(text: &str) -> Option<Vec<(String, String, Value)>> {
        let table: toml::Table = text.parse().ok()?;
        let mut found = Vec::new();
        for (name, value) in table {
            match value {
                toml::Value::Table(inner) => {
                    for (key, value) in inner {
                        found.push((name.clone(), key, of_library(value)?));
                    }
                }
                value => found.push((String::new(), name, of_library(value)?)),
            }
        }
        found.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        Some(found)
    }

    fn of_library(value: toml::Value) -> Option<Value> {
        match value {
            toml::Value::Boolean(switch) => Some(Value::Switch(switch)),
            toml::Value::String(text) => Some(Value::Text(text)),
            toml::Value::Array(items) => {
                let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
                texts.collect::<Option<Vec<_>>>().map(Value::List)
            }
            _ => None,
        }
    }

    fn by_us(text: &str) -> Option<Vec<(String, String, Value)>> {
        let entries = parse(text).ok()?.into_iter();
        let mut found: Vec<_> = entries.map(|entry| (entry.table, entry.key, entry.value)).collect();
        found.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        Some(found)
    }

    #[test]
    fn settings_are_read() {
        let text = "# mine\r\nkeypad = false # no\n\nignore-readers = [ \"A \\\"x\\\"\", 'B\\', ]\n[tokens]\n\
                    firefox = [\"PIN1\"]\n\"my program\" = []\n";
        let entries = parse(text).unwrap();
        let lines: Vec<usize> = entries.iter().map(|entry| entry.line).collect();
        assert_eq!(lines, [2, 4, 6, 7]);
        let list = |texts: &[&str]| Value::List(texts.iter().map(|text| (*text).to_owned()).collect());
        assert_eq!(entries[0].value, Value::Switch(false));
        assert_eq!(entries[1].value, list(&["A \"x\"", "B\\"]));
        assert_eq!((entries[3].table.as_str(), entries[3].key.as_str()), ("tokens", "my program"));
        assert_eq!(by_us(text), by_library(text));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        for (text, line) in [
            ("a = 1", 1),
            ("a = true\nb", 2),
            ("a = true\n\na = false", 3),
            ("[x]\n[x]", 2),
            ("a = \"\"\"x\"\"\"", 1),
            ("a = [\n\"b\"]", 1),
            ("a = \"b", 1),
            ("a = \"\\u0041\"", 1),
            ("a.b = true", 1),
            ("[a.b]", 1),
            ("[[a]]", 1),
            ("a = true b", 1),
            ("= true", 1),
            ("a = [\"b\" \"c\"]", 1),
            ("a = trueish", 1),
            ("a = true\n[a]\nb = true", 1),
            ("a = \"x\"\rb = \"y\"", 1),
            ("\u{FEFF}a = true", 1),
        ] {
            assert_eq!(parse(text), Err(WrongLine(line)), "{text}");
        }
    }

    /// Whatever we accept, a TOML library reads as the same: of hundreds of thousands of texts made of pieces.
    #[test]
    fn what_is_accepted_is_toml() {
        const PIECES: [&str; 26] = [
            "a",
            "b-c",
            " = ",
            "=",
            "true",
            "false",
            "\"x\"",
            "'y'",
            "\"\\\"\\n\"",
            "[",
            "]",
            ",",
            " ",
            "\n",
            "\r\n",
            "#",
            "[t]\n",
            "\"q\"",
            "\\",
            "\t",
            "\"\"",
            "''",
            "\u{7F}",
            "\r",
            "\u{e4}",
            "1",
        ];
        let mut dice = 7_u64;
        let mut roll = |below: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((dice >> 33).checked_rem(below).unwrap()).unwrap()
        };
        let mut accepted = 0;
        for _ in 0..60_000 {
            let mut text = String::new();
            for _ in 0..roll(4) {
                // Mostly settings, and something else in between.
                text += ["a = ", "b = ", "[t]\n", "# c\n", ""][roll(5)];
                for _ in 0..roll(5) {
                    text += PIECES[roll(26)];
                }
                text += ["\n", "\n", ""][roll(3)];
            }
            if let Some(ours) = by_us(&text) {
                accepted += 1;
                // A table without settings is nothing to us.
                assert_eq!(Some(ours), by_library(&text), "{text:?}");
            }
        }
        assert!(accepted > 5000, "{accepted}");
    }

    #[test]
    fn what_is_written_is_read() {
        for value in [
            Value::Switch(true),
            Value::Text("a \"b\" \\ \n\t\u{e4}".to_owned()),
            Value::List(vec!["x".to_owned(), String::new()]),
            Value::List(vec![]),
        ] {
            let line = format!("k = {}", value.written().unwrap());
            assert_eq!(parse(&line).unwrap()[0].value, value);
        }
        assert_eq!(Value::Text("\u{0}".to_owned()).written(), None);
    }
}

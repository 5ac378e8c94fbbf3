//! JSON with the place of each value, so that a file can be changed without touching what is not ours (RFC 8259).

use std::ops::Range;

/// Deeper values are refused.
const DEEPEST: u8 = 64;

/// A value and where it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) span: Range<usize>,
    pub(super) content: Content,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    Object(Vec<Member>),
    Array(Vec<Value>),
    Text(String),
    /// A number, or one of the three words.
    Plain,
}

/// A member of an object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) start: usize,
    pub(super) value: Value,
}

impl Value {
    /// The members, if it is an object.
    pub(super) fn members(&self) -> Option<&[Member]> {
        match &self.content {
            Content::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The member of this name.
    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        self.members()?.iter().find(|member| member.name == name)
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads a text that has to be JSON as a whole.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    parser.blanks();
    (parser.at == text.len()).then_some(value)
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    let escaped: String = text.chars().map(escaped).collect();
    format!("\"{escaped}\"")
}

fn escaped(character: char) -> String {
    match character {
        '"' | '\\' => format!("\\{character}"),
        control if control.is_control() => format!("\\u{:04x}", u32::from(control)),
        character => character.to_string(),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.skip())
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.skip();
        }
    }

    fn value(&mut self, depth: u8) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.blanks();
        let start = self.at;
        let content = match self.peek()? {
            b'{' => Content::Object(self.several(b'{', b'}', |parser| parser.named(depth))?),
            b'[' => Content::Array(self.several(b'[', b']', |parser| parser.value(depth.saturating_add(1)))?),
            b'"' => Content::Text(self.string()?),
            _ => self.plain()?,
        };
        Some(Value { span: start..self.at, content })
    }

    fn named(&mut self, depth: u8) -> Option<Member> {
        self.blanks();
        let start = self.at;
        let name = self.string()?;
        self.blanks();
        self.take(b':')?;
        Some(Member { name, start, value: self.value(depth.saturating_add(1))? })
    }

    /// What stands between brackets, with commas between.
    fn several<T>(&mut self, open: u8, close: u8, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.take(open)?;
        let mut found = Vec::new();
        self.blanks();
        if self.take(close).is_some() {
            return Some(found);
        }
        loop {
            found.push(one(self)?);
            self.blanks();
            if self.take(close).is_some() {
                return Some(found);
            }
            self.take(b',')?;
        }
    }

    fn string(&mut self) -> Option<String> {
        self.take(b'"')?;
        let mut text = String::new();
        loop {
            let character = self.text.get(self.at..)?.chars().next()?;
            self.at = self.at.saturating_add(character.len_utf8());
            match character {
                '"' => return Some(text),
                '\\' => text.push(self.escape()?),
                control if control < ' ' => return None,
                other => text.push(other),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.skip();
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let digits = self.text.get(self.at..self.at.saturating_add(4))?;
                self.at = self.at.saturating_add(4);
                let number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                let number = number.then(|| u32::from_str_radix(digits, 16).ok())??;
                // Half of a pair: no name or path of ours has one.
                char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return None,
        })
    }

    fn plain(&mut self) -> Option<Content> {
        let rest = self.text.get(self.at..)?;
        let length =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(rest.len());
        let word = rest.get(..length)?;
        let is_number =
            word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) && word.parse::<f64>().is_ok();
        self.at = self.at.saturating_add(length);
        (is_number || matches!(word, "true" | "false" | "null")).then_some(Content::Plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_their_places() {
        let text = " {\"a\": [1, -2.5e3, true, \"x\\u00e4\\/\"], \"b\":{}} ";
        let value = parse(text).unwrap();
        assert_eq!(value.span, 1..text.len() - 1);
        let a = value.member("a").unwrap();
        assert_eq!(&text[a.start..a.value.span.end], "\"a\": [1, -2.5e3, true, \"x\\u00e4\\/\"]");
        let Content::Array(items) = &a.value.content else { panic!("{a:?}") };
        assert_eq!(items[3].text(), Some("xä/"));
        assert_eq!(value.member("b").unwrap().value.members(), Some(&[][..]));
        assert_eq!(parse(&quoted("a\"\\\n\u{e4}")).unwrap().text(), Some("a\"\\\n\u{e4}"));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            " ",
            "{",
            "{}}",
            "{\"a\"}",
            "{\"a\":1,}",
            "[1,]",
            "[1 2]",
            "{a:1}",
            "'a'",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "nul",
            "+1",
            "1a",
            "{} x",
            "// c\n{}",
            "\"\n\"",
            "\u{FEFF}{}",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"[".repeat(100_000)), None);
    }
}

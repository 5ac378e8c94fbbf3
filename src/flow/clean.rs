//! Texts from outside: from cards, readers, and the names of files. None of them may write anything but itself.

/// Longer texts are cut, so that none fills the screen.
const LONGEST: usize = 300;
/// Stands for a character that is not shown.
const REPLACEMENT: char = '\u{FFFD}';

/// A text from outside, as one line of moderate length that is safe for a terminal.
pub fn clean(text: &str) -> String {
    let mut characters = text.chars().map(harmless);
    let mut line: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        line.push('…');
    }
    line
}

/// The same in its full length, because people need all of it: the path of a file.
pub fn clean_path(path: &std::path::Path) -> String {
    path.to_string_lossy().chars().map(harmless).collect()
}

/// The character, unless it controls the terminal, is invisible, or changes the writing direction.
pub(super) fn harmless(c: char) -> char {
    let turns = matches!(
        c,
        '\u{AD}'
            | '\u{61C}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{E0000}'..='\u{E007F}'
    );
    if c.is_control() || turns { REPLACEMENT } else { c }
}

#[cfg(test)]
mod tests {
    use super::super::text::{self, Variable};
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        for (text, shown) in [
            ("ÅSA ESIMERKKI-ÄIJÄLÄ", "ÅSA ESIMERKKI-ÄIJÄLÄ"),
            ("ACS ACR1252 [Dual Reader] (PICC) 00 00", "ACS ACR1252 [Dual Reader] (PICC) 00 00"),
            ("a\x1b[2Jb\u{9B}31mc", "a\u{FFFD}[2Jb\u{FFFD}31mc"),
            ("a\nPIN1: in use\r\tb\0", "a\u{FFFD}PIN1: in use\u{FFFD}\u{FFFD}b\u{FFFD}"),
            ("a\u{202E}b\u{2066}c\u{200F}d\u{FEFF}", "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}"),
            ("a\u{2028}b\u{85}c\u{7F}", "a\u{FFFD}b\u{FFFD}c\u{FFFD}"),
            ("", ""),
        ] {
            assert_eq!(clean(text), shown);
            assert_eq!(clean(shown), shown, "it is clean already");
            assert_eq!(clean_path(std::path::Path::new(text)), shown);
        }
    }

    #[test]
    fn nothing_fills_the_screen() {
        let cut = clean(&"Ä".repeat(5000));
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert!(cut.ends_with("Ä…"));
        assert_eq!(clean(&"x".repeat(LONGEST)), "x".repeat(LONGEST));
    }

    /// Whoever makes a message of such a text need not think of it.
    #[test]
    fn every_message_is_clean() {
        for made in [text::holder("a\x1bb"), text::holder("a\x1bb".to_owned())] {
            assert_eq!(made.variables, [("name", Variable::Word("a\u{FFFD}b".to_owned()))]);
        }
    }
}

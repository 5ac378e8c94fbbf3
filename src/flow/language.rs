//! Messages in four languages.

use super::certificates::Day;
use super::text::{Text, Variable};
pub use avain_card::transport::keypad::Language;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use std::borrow::Cow;
use unic_langid::LanguageIdentifier;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The messages in a language.
const fn source(language: Language) -> &'static str {
    match language {
        Language::Finnish => include_str!("l10n/fi.ftl"),
        Language::Swedish => include_str!("l10n/sv.ftl"),
        Language::English => include_str!("l10n/en.ftl"),
        Language::Estonian => include_str!("l10n/et.ftl"),
    }
}

/// A day as people write it.
fn date(language: Language, (year, month, day): Day) -> String {
    match language {
        Language::Finnish | Language::Swedish => format!("{day}.{month}.{year}"),
        Language::Estonian => format!("{day:02}.{month:02}.{year}"),
        Language::English => {
            let name = MONTHS.get(usize::from(month).saturating_sub(1)).copied().unwrap_or_default();
            format!("{day} {name} {year}")
        }
    }
}

/// Where messages are shown. A window has buttons where the terminal has commands: `$face` in the message files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// On a terminal.
    Terminal,
    /// In a window.
    Window,
}

impl Face {
    const fn name(self) -> &'static str {
        match self {
            Face::Terminal => "terminal",
            Face::Window => "window",
        }
    }
}

/// The messages in one language.
pub struct Words {
    language: Language,
    face: Face,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// Loads the messages of a language, for the terminal.
    pub fn of(language: Language) -> Self {
        Self::facing(language, Face::Terminal)
    }

    /// Loads the messages of a language.
    pub fn facing(language: Language, face: Face) -> Self {
        // Faulty messages are skipped here, and found by the tests.
        let resource = match FluentResource::try_new(source(language).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let identifier: LanguageIdentifier = language.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![identifier]);
        // Isolation marks are for bidirectional text; all four languages are written from left to right.
        bundle.set_use_isolating(false);
        let _ = bundle.add_resource(resource);
        Words { language, face, bundle }
    }

    /// Which language it is.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// A message in this language.
    pub fn say(&self, text: &Text) -> String {
        let mut variables = FluentArgs::new();
        variables.set("face", self.face.name());
        for (name, value) in &text.variables {
            variables.set(
                *name,
                match value {
                    Variable::Number(number) => FluentValue::from(*number),
                    Variable::Day(day) => FluentValue::String(Cow::Owned(date(self.language, *day))),
                    Variable::Word(word) => FluentValue::String(Cow::Borrowed(word.as_str())),
                },
            );
        }
        let pattern = self.bundle.get_message(text.id).and_then(|message| message.value());
        let mut errors = Vec::new();
        match pattern {
            Some(pattern) => self.bundle.format_pattern(pattern, Some(&variables), &mut errors).into_owned(),
            None => text.id.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::{self, MESSAGES};
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    /// The messages of a file and the variables that each really uses, or another one that it quotes; read without the
    /// library.
    fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let (mut current, mut quoted) = (None, Vec::new());
        for line in source(language).lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                let id = line.split_once(" =").unwrap_or_else(|| panic!("{line}")).0.to_owned();
                assert!(found.insert(id.clone(), BTreeSet::new()).is_none(), "{id} is there twice");
                current = Some(id);
            }
            for part in line.split('$').skip(1) {
                let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
                found.get_mut(current.as_ref().unwrap()).unwrap().insert(name);
            }
            for part in
                line.split("{ ").skip(1).filter(|part| part.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                let name = part.split(' ').next().unwrap_or_default().to_owned();
                quoted.push((current.clone().unwrap(), name));
            }
        }
        for (id, name) in quoted {
            let more = found[&name].clone();
            found.get_mut(&id).unwrap().extend(more);
        }
        found
    }

    #[test]
    fn all_languages_have_all_messages_with_their_variables() {
        for language in Language::ALL {
            assert!(FluentResource::try_new(source(language).to_owned()).is_ok(), "{language:?}");
            let mut messages = messages(language);
            for (id, variables) in MESSAGES {
                let mut used = messages.remove(*id).unwrap_or_else(|| panic!("{language:?} has no {id}"));
                let expected: BTreeSet<String> = variables.iter().map(|name| (*name).to_owned()).collect();
                // Every message has this one.
                used.remove("face");
                assert_eq!(used, expected, "{language:?}: {id}");
            }
            assert!(messages.is_empty(), "{language:?} has more than is used: {messages:?}");
        }
    }

    #[test]
    fn every_message_can_be_said() {
        for language in Language::ALL {
            for face in [Face::Terminal, Face::Window] {
                let words = Words::facing(language, face);
                for (id, variables) in MESSAGES {
                    for number in [0_u8, 1, 2, 5] {
                        let variables = variables.iter().map(|name| (*name, number.into())).collect();
                        let said = words.say(&Text { id, variables });
                        assert!(said != *id && !said.contains(['{', '}', '$']), "{language:?}: {said}");
                    }
                }
            }
        }
    }

    /// Every form of every message: the words between the selectors.
    fn forms(id: &str, words: &Words, variables: &[&'static str]) -> String {
        const HELP: [&str; 13] = [
            "letter",
            "puk",
            "municipality",
            "issuer",
            "finland",
            "organisation",
            "estonia-envelope",
            "estonia",
            "latvia",
            "lithuania",
            "belgium",
            "unknown",
            "PIN1",
        ];
        let say = |value: &&str| {
            let id = MESSAGES.iter().find(|(known, _)| *known == id).map_or("", |(known, _)| *known);
            words
                .say(&Text { id, variables: variables.iter().map(|name| (*name, (*value).into())).collect() })
        };
        HELP.iter().map(say).collect::<Vec<_>>().join("\n")
    }

    /// A window has no command line: what `flow` says of a card names no command there. The diagnosis is for helpers.
    #[test]
    fn a_window_names_no_command() {
        let code = code_below(&[".", "task", "registration", "../window", "../window/pages"]);
        let mut seen = 0;
        for language in Language::ALL {
            let [terminal, window] = [Face::Terminal, Face::Window].map(|face| Words::facing(language, face));
            for (id, variables) in MESSAGES {
                if !says(&code, id) {
                    continue;
                }
                let is_command =
                    |said: &str| ["avain ", "--", "sudo ", "Ctrl-"].iter().any(|sign| said.contains(sign));
                let [there, here] = [&terminal, &window].map(|words| forms(id, words, variables));
                assert!(!is_command(&here), "{language:?}: {here}");
                seen += usize::from(is_command(&there));
            }
        }
        assert!(seen > 4 * 15, "{seen} messages name commands on the terminal");
    }

    /// What messages never contain: technical jargon, and the error of calling a signature a login.
    #[test]
    fn words_that_mislead_do_not_occur() {
        let misleading = [
            (Language::Finnish, &["salasana", "kirjaudu", "kirjautu", "CKR_", "0x"][..]),
            (Language::Swedish, &["lösenord", "logga in", "inloggning", "CKR_", "0x"]),
            (Language::English, &["password", "CKR_", "0x"]),
            (Language::Estonian, &["parool", "sisse logi", "logi sisse", "CKR_", "0x"]),
        ];
        for (language, words) in misleading {
            for word in words {
                assert!(!source(language).contains(word), "{language:?} says {word}");
            }
        }
    }

    #[test]
    fn languages_inflect_by_number() {
        let words = Words::of(Language::English);
        assert!(words.say(&text::pin_wrong("PIN1", 1_u8)).contains("1 try left"));
        assert!(words.say(&text::pin_wrong("PIN1", 4_u8)).contains("4 tries left"));
    }

    #[test]
    fn days_as_people_write_them() {
        let text = text::certificate_expired((2026, 2, 5));
        for (language, day) in [
            (Language::Finnish, "5.2.2026"),
            (Language::Swedish, "5.2.2026"),
            (Language::English, "5 February 2026"),
            (Language::Estonian, "05.02.2026"),
        ] {
            let said = Words::of(language).say(&text);
            assert!(said.contains(day), "{said}");
        }
    }

    /// The code in these folders beside the messages.
    fn code_below(folders: &[&str]) -> String {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut code = String::new();
        for folder in folders {
            for file in fs::read_dir(source.join(folder)).into_iter().flatten() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "rs") {
                    code.push_str(&fs::read_to_string(path).unwrap());
                }
            }
        }
        code
    }

    /// Does this code say the message?
    fn says(code: &str, id: &str) -> bool {
        let name = format!("text::{id}");
        let whole = |next: Option<char>| next.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        code.split(&name).skip(1).any(|rest| whole(rest.chars().next()))
    }

    /// A message that is never used was forgotten.
    #[test]
    fn every_message_is_said_somewhere() {
        let code = code_below(&[
            ".",
            "asked",
            "task",
            "diagnosis",
            "registration",
            "registration/signing",
            "../tool",
            "../agent",
            "../window",
            "../window/pages",
        ]);
        for (id, _) in MESSAGES {
            assert!(says(&code, id), "nothing says {id}");
        }
    }
}

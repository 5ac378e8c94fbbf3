//! The tables of programs in the README and in `docs/programs.md`, from the rows that the tests wrote.

use std::fmt::Write;
use std::fs;

use super::task::{Row, folder};
use super::user::Card;

/// Longest line of a paragraph.
const WIDTH: usize = 120;

/// Makes a table in Markdown.
pub type Table = fn(&[Row]) -> String;

/// The tables: the name in the marks around each, and how it is made.
pub const TABLES: [(&str, Table); 2] = [("programs in short", names), ("programs", table)];

/// All rows, in the order of the table.
///
/// # Panics
/// If one cannot be read.
pub fn rows() -> Vec<Row> {
    let entries = fs::read_dir(folder()).expect("rows: run the tests first");
    let paths = entries.map(|entry| entry.expect("a file").path());
    let rows = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let mut rows: Vec<Row> = rows
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a row");
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect();
    let order = |row: &Row| (row.program.to_lowercase(), row.done.clone(), row.card.clone());
    rows.sort_by_key(order);
    rows
}

/// The table in Markdown: a row per thing that a program did, a column per kind of card.
fn table(rows: &[Row]) -> String {
    let mut table = String::from("| program | version | done | PIN asked | EC card | RSA card | |\n");
    table.push_str("|---|---|---|---:|---:|---:|---|\n");
    for same in rows.chunk_by(|a, b| (&a.program, &a.done) == (&b.program, &b.done)) {
        let Some(first) = same.first() else { continue };
        let commands = |card: Card| {
            let row = same.iter().find(|row| row.card == card.name());
            row.map_or_else(|| "–".to_owned(), |row| row.commands.to_string())
        };
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} | {} | {} |",
            first.program,
            first.version,
            first.done,
            distinct(same.iter().map(|row| row.prompts.to_string())),
            commands(Card::Ec),
            commands(Card::Rsa),
            distinct(same.iter().map(|row| row.result.clone())),
        );
    }
    table
}

/// All programs, each once, in lines of a paragraph.
fn names(rows: &[Row]) -> String {
    let mut lines = vec![String::new()];
    let names = distinct(rows.iter().map(|row| row.program.clone()));
    for word in names.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n") + ".\n"
}

/// The texts, but not one twice in a row.
fn distinct(texts: impl Iterator<Item = String>) -> String {
    let mut texts: Vec<String> = texts.collect();
    texts.dedup();
    texts.join(", ")
}

/// What is the same on all systems: the table without versions and without the number of commands, which depends on
/// the version.
pub fn portable(table: &str) -> Vec<String> {
    let measured = |(column, cell): (usize, &str)| match (column, cell.trim()) {
        (2, _) => String::new(),
        (5 | 6, number) if number.parse::<u64>().is_ok() => "a number".into(),
        (_, cell) => cell.into(),
    };
    table
        .lines()
        .map(|line| line.split('|').enumerate().map(measured).collect::<Vec<_>>().join("|"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, names, portable, table};
    use crate::clients::task::Row;

    fn row(version: &str, card: &str, commands: u64) -> Row {
        Row {
            program: "ssh".into(),
            version: version.into(),
            done: "login".into(),
            card: card.into(),
            prompts: 1,
            commands,
            result: "works".into(),
        }
    }

    #[test]
    fn one_line_for_both_cards() {
        let table = table(&[row("9.2", "EC", 30), row("9.2", "RSA", 34)]);
        assert!(table.ends_with("| ssh | 9.2 | login | 1 | 30 | 34 | works |\n"), "{table}");
    }

    #[test]
    fn each_program_is_named_once() {
        let tls = |version: &str| Row { done: format!("log in, TLS {version}"), ..row("9.2", "EC", 30) };
        let of = |program: &str| Row { program: program.into(), ..tls("1.3") };
        let rows = [tls("1.2"), tls("1.3"), Row { done: "sign".into(), ..tls("1.3") }, of("stunnel")];
        assert_eq!(names(&rows), "ssh, stunnel.\n");
        let many: Vec<Row> = (100..160).map(|number| of(&format!("program {number}"))).collect();
        let lines = names(&many);
        assert!(lines.lines().all(|line| line.chars().count() <= WIDTH) && lines.lines().count() > 3);
        assert_eq!(lines.replace('\n', " ").matches("program ").count(), many.len());
    }

    #[test]
    fn other_versions_do_not_make_the_table_stale() {
        let (here, there) = (table(&[row("9.2", "EC", 30)]), table(&[row("10.0", "EC", 31)]));
        assert_eq!(portable(&here), portable(&there));
        assert_ne!(portable(&here), portable(&table(&[row("9.2", "RSA", 30)])));
    }
}

//! The tables of programs. `tables --write FILE...` puts them into the pages that have a place for them, from the rows
//! that the tests have written; `tables --check FILE...` fails where a page has other ones, apart from what differs
//! between systems.

use std::error::Error;

use programs::clients::{TABLES, portable, rows};

fn main() -> Result<(), Box<dyn Error>> {
    const USAGE: &str = "usage: tables --write|--check FILE...";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (how, files) = arguments.split_first().ok_or(USAGE)?;
    let rows = rows();
    let made = TABLES.map(|(name, table)| (name, table(&rows)));
    made.iter().for_each(|(_, table)| println!("{table}"));
    for file in files {
        let old = std::fs::read_to_string(file)?;
        let new = made.iter().try_fold(old.clone(), |page, (name, table)| replaced(page, name, table))?;
        match how.as_str() {
            "--write" => std::fs::write(file, new)?,
            "--check" if portable(&old) == portable(&new) => {}
            "--check" => return Err(format!("the programs in {file} are stale: make check-clients").into()),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(())
}

/// The page with the table between its marks, where it has them.
fn replaced(page: String, name: &str, table: &str) -> Result<String, String> {
    let begin = format!("<!-- {name}: written by make check-clients -->\n");
    let end = format!("<!-- end of {name} -->");
    let Some((before, rest)) = page.split_once(&begin) else { return Ok(page) };
    let (_, after) = rest.split_once(&end).ok_or_else(|| format!("there is no {end}"))?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

//! The generated tables of programs. `tables clients --write FILE...` puts those of the programs people use into the pages
//! that have a place for them, `tables suites --write FILE...` the results of test suites. With `--check` it fails if a page
//! says something else, apart from what differs between systems. The tests must have been run.

use std::error::Error;

use programs::clients::{TABLES, portable, rows};
use programs::suites::{Report, pages};

fn main() -> Result<(), Box<dyn Error>> {
    const USAGE: &str = "usage: tables clients|suites --write|--check FILE...";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, how, files @ ..] = arguments.as_slice() else { return Err(USAGE.into()) };
    let write = match how.as_str() {
        "--write" => true,
        "--check" => false,
        _ => return Err(USAGE.into()),
    };
    for file in files {
        let old = std::fs::read_to_string(file)?;
        let (new, same) = match what.as_str() {
            "clients" => {
                let new = with_tables(&old)?;
                let same = portable(&old) == portable(&new);
                (new, same)
            }
            "suites" => {
                let new = pages::updated(&old, &Report::all(), write)?;
                let same = old == new;
                (new, same)
            }
            _ => return Err(USAGE.into()),
        };
        if write {
            std::fs::write(file, new)?;
        } else if !same {
            println!("{new}");
            return Err(format!("{file} is stale: `tables {what} --write`, see the Makefile").into());
        }
    }
    Ok(())
}

fn with_tables(page: &str) -> Result<String, String> {
    let rows = rows();
    TABLES.iter().try_fold(page.to_owned(), |page, (name, table)| replaced(page, name, &table(&rows)))
}

/// The page with the table between its marks, where it has them.
fn replaced(page: String, name: &str, table: &str) -> Result<String, String> {
    let begin = format!("<!-- {name}: written by make check-clients -->\n");
    let end = format!("<!-- end of {name} -->");
    let Some((before, rest)) = page.split_once(&begin) else { return Ok(page) };
    let (_, after) = rest.split_once(&end).ok_or_else(|| format!("there is no {end}"))?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

//! The README's table of programs: `programs --write FILE` puts it there from the rows that the tests have written;
//! `programs --check FILE` fails where another one stands there, apart from what differs between systems.

use std::error::Error;

use clients::{BEGIN, END, lasting, rows, table};

fn main() -> Result<(), Box<dyn Error>> {
    let table = table(&rows());
    print!("{table}");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [how, file] = arguments.as_slice() else { return Err("usage: programs --write|--check FILE".into()) };
    let text = std::fs::read_to_string(file)?;
    let (before, rest) = text.split_once(BEGIN).ok_or("no place for the table")?;
    let (old, after) = rest.split_once(END).ok_or("the table has no end")?;
    match how.as_str() {
        "--write" => Ok(std::fs::write(file, format!("{before}{BEGIN}{table}{END}{after}"))?),
        "--check" if lasting(old) == lasting(&table) => Ok(()),
        "--check" => Err(format!("the programs in {file} are stale: make check-clients").into()),
        _ => Err("usage: programs --write|--check FILE".into()),
    }
}

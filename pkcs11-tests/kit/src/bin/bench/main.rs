//! What each thing a program does costs on each card: commands to the card and the time that a card would take.
//!
//! Counted by the simulated card behind the real pcscd: every exchange is one, GET RESPONSE included. The time is
//! the simulator's model of a contact card, not the clock of this machine. Prints the tables of
//! `docs/costs.md`; with `--write FILE` puts them there. With `--check FILE` fails when another table of costs stands
//! there; what depends on the machine is not measured then.

mod operations;
mod page;
mod programs;
mod still;
mod table;

use page::Part;
use std::error::Error;
use table::{CARDS, Costs, table};

fn main() -> Result<(), Box<dyn Error>> {
    let costs = || {
        [("costs", operations::measure as fn(&str) -> Costs), ("programs", programs::measure)].map(
            |(name, measure)| {
                let measured: Vec<Costs> = CARDS.into_iter().map(measure).collect();
                shown(Part { name, text: table(&measured) })
            },
        )
    };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            costs();
            Ok(())
        }
        ["--write", file] => {
            let parts: Vec<_> = costs().into_iter().chain([shown(still::measure())]).collect();
            Ok(std::fs::write(file, page::with(&std::fs::read_to_string(file)?, &parts)?)?)
        }
        ["--check", file] => {
            let text = std::fs::read_to_string(file)?;
            let same = page::with(&text, &costs())? == text;
            if same { Ok(()) } else { Err(format!("the costs in {file} are stale: make bench").into()) }
        }
        _ => Err("usage: bench [--write FILE | --check FILE]".into()),
    }
}

fn shown(part: Part) -> Part {
    println!("{}", part.text);
    part
}

//! What each thing a program does costs on each card: commands to the card and the time that a card would take.
//!
//! Counted by the simulated card behind the real pcscd: every exchange is one, GET RESPONSE included. The time is
//! the simulator's model of a contact card, not the clock of this machine. Prints the tables of
//! `docs/costs.md`; with `--write FILE` puts them there. With `--check FILE` fails when another table of costs stands
//! there, or when the module takes more instructions than it says; what depends on the machine is not measured then.

mod instructions;
mod opensc;
mod operations;
mod page;
mod programs;
mod still;
mod table;

use page::Part;
use std::error::Error;
use table::{CARDS, CONTACTLESS, Costs, table};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            costs();
            Ok(())
        }
        ["--write", file] => {
            let instructions = instructions::part(&instructions::count()?);
            let others = [shown(opensc::measure()?), shown(instructions), shown(still::measure())];
            let parts: Vec<_> = costs().into_iter().chain(others).collect();
            Ok(std::fs::write(file, page::with(&std::fs::read_to_string(file)?, &parts)?)?)
        }
        ["--check", file] => {
            let text = std::fs::read_to_string(file)?;
            let same = page::with(&text, &costs())? == text;
            if !same {
                return Err(format!("the costs in {file} are stale: make bench").into());
            }
            instructions::check(&text)
        }
        [instructions::DRIVEN] => {
            instructions::drive();
            Ok(())
        }
        [opensc::CLIENT, module, card] => {
            opensc::client(module, card);
            Ok(())
        }
        _ => Err("usage: bench [--write FILE | --check FILE]".into()),
    }
}

/// Does things with a card of a kind.
type Measure = fn(&str) -> Costs;

/// What cards are asked, which is the same on every machine.
fn costs() -> [Part; 3] {
    let parts: [(_, &[&str], Measure); 3] = [
        ("costs", &CARDS, operations::measure),
        ("contactless", &CONTACTLESS, operations::measure_contactless),
        ("programs", &CARDS, programs::measure),
    ];
    parts.map(|(name, cards, measure)| {
        let measured: Vec<Costs> = cards.iter().copied().map(measure).collect();
        shown(Part { name, text: table(cards, &measured) })
    })
}

fn shown(part: Part) -> Part {
    println!("{}", part.text);
    part
}

//! `avain activate`, `change-pin` and `unblock`: asks for the entries that a task needs, then carries it out.

use crate::arguments::Setting;
use crate::console::Console;
use crate::contactless;
use crate::pins::Source;
use avain_flow::task::{Begun, Field, Job, Refusal, Task};
use avain_flow::{Card, Failure, Kind, Text, text};

/// Carries out a job on a card.
pub(crate) fn carry_out(
    mut source: Source,
    mut card: Card,
    job: Job,
    setting: &Setting,
    console: &Console,
) -> Result<(), Failure> {
    card.permits_setting()?;
    contactless::open(&mut card, &mut source, console)?;
    let mut task = match Task::begin(card, job, setting.leave())? {
        Begun::Task(task) => *task,
        Begun::Nothing(why) => {
            why.iter().for_each(|text| console.tell(text));
            return Ok(());
        }
    };
    for text in task.introduction()? {
        console.say(&text);
    }
    if task.wants_consent() {
        source.consent(&task.untried(), console)?;
        task.consent();
    }
    if source.enters_on_keypad(&setting.pins) {
        if task.takes_keypad() {
            let mut say = |text: &Text| console.say(text);
            let said = task.carry_out_on_keypad(&mut say, &mut |progress| console.progress(progress))?;
            said.iter().for_each(|text| console.tell(text));
            return Ok(());
        }
        if task.keeps_to_keyboard() {
            console.say(&text::keypad_keyboard());
        }
    }
    console.say(&text::take_your_time());
    fill(&mut task, &mut source, console)?;
    source.confirm(console)?;
    let said = loop {
        contactless::regain(task.card(), console)?;
        console.say(&text::writing());
        match task.carry_out(&mut |progress| console.progress(progress)) {
            Ok(said) => break said,
            // Who has made a mistake types that one entry again, and not all of them in a new run.
            Err(failure) if source.is_person() && task.next().is_some() => {
                console.fail(&failure);
                fill(&mut task, &mut source, console).map_err(|stop| stop.after(&failure))?;
            }
            Err(failure) => return Err(failure),
        }
    };
    said.iter().for_each(|text| console.tell(text));
    Ok(())
}

/// Asks for all entries that are missing.
fn fill(task: &mut Task, source: &mut Source, console: &Console) -> Result<(), Failure> {
    while let Some(field) = task.next() {
        match ask(task, field, source, console) {
            Ok(warnings) => warnings.iter().for_each(|warning| console.say(warning)),
            Err(Refusal::Again(why)) if source.is_person() => console.say(&why),
            Err(Refusal::Again(why)) => return Err(Failure::new(Kind::Unfit, [why])),
            Err(Refusal::Stop(failure)) => return Err(failure),
        }
    }
    Ok(())
}

/// Asks for one entry; a person types a new PIN twice.
fn ask(task: &mut Task, field: Field, source: &mut Source, console: &Console) -> Result<Vec<Text>, Refusal> {
    let typed = source.pin(&task.prompt(field), console).map_err(Refusal::Stop)?;
    task.check(field, &typed)?;
    let again = if field.is_new() && source.is_person() {
        Some(source.pin(&text::ask_again(), console).map_err(Refusal::Stop)?)
    } else {
        None
    };
    task.give(field, typed, again.as_ref())
}

//! `avain activate`, `change-pin` and `unblock`: asks for the entries that a task needs, then carries it out.

use crate::arguments::Setting;
use crate::console::Console;
use crate::pins::Source;
use avain_flow::task::{Begun, Field, Job, Refusal, Task};
use avain_flow::{Card, Failure, Kind, Text, text};

/// Carries out a job on a card.
pub(crate) fn carry_out(card: Card, job: Job, setting: &Setting, console: &Console) -> Result<(), Failure> {
    let task = match Task::begin(card, job, setting.leave())? {
        Begun::Task(task) => *task,
        Begun::Nothing(why) => {
            why.iter().for_each(|text| console.tell(text));
            return Ok(());
        }
    };
    let task = filled(task, setting, console)?;
    console.say(&text::writing());
    for text in task.carry_out(&mut |progress| console.progress(progress))? {
        console.tell(&text);
    }
    Ok(())
}

/// The task with all its entries. The terminal's settings are restored when this returns.
fn filled(mut task: Task, setting: &Setting, console: &Console) -> Result<Task, Failure> {
    for text in task.introduction()? {
        console.say(&text);
    }
    let mut source = Source::open(&setting.pins)?;
    if task.wants_consent() {
        source.consent(console)?;
        task.consent();
    }
    while let Some(field) = task.next() {
        match fill(&mut task, field, &mut source, console) {
            Ok(warnings) => warnings.iter().for_each(|warning| console.say(warning)),
            Err(Refusal::Again(why)) if source.is_person() => console.say(&why),
            Err(Refusal::Again(why)) => return Err(Failure::new(Kind::Unfit, [why])),
            Err(Refusal::Stop(failure)) => return Err(failure),
        }
    }
    source.confirm(console)?;
    Ok(task)
}

/// Asks for one entry; a person types a new PIN twice.
fn fill(task: &mut Task, field: Field, source: &mut Source, console: &Console) -> Result<Vec<Text>, Refusal> {
    let typed = source.pin(&task.prompt(field), console).map_err(Refusal::Stop)?;
    task.check(field, &typed)?;
    let again = if field.is_new() && source.is_person() {
        Some(source.pin(&text::ask_again(), console).map_err(Refusal::Stop)?)
    } else {
        None
    };
    task.give(field, typed, again.as_ref())
}

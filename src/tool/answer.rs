//! `avain answer`: what another program asks, such as the bridge of browsers, where there is no window. It is read from the
//! standard input as a line, and the holder is asked on the terminal.

use crate::arguments::Pins;
use crate::console::Console;
use crate::pins::Source;
use crate::{contactless, sign, terminal};
use avain_flow::asked::{self, Answer, Request};
use avain_flow::{Failure, Kind, LastTry, Readers, rules::Leave, text};

/// Reads the request and answers it.
pub(crate) fn carry_out(pins: &Pins, console: &Console) -> Result<(), Failure> {
    let Some(request) = asked::read(terminal::restore) else {
        asked::give_up();
        return Err(Failure::new(Kind::Unfit, [text::usage_wrong()]));
    };
    match give(&request, pins, console) {
        Ok(answer) => asked::answer(&answer),
        Err(failure) => {
            asked::note(&failure);
            // Whoever is answered ends this program: its holder is told before.
            console.fail(&failure);
            asked::give_up();
            return Err(Failure::new(failure.kind, []));
        }
    }
    Ok(())
}

fn give(request: &Request, pins: &Pins, console: &Console) -> Result<Answer, Failure> {
    let mut source = Source::open(&pins.lines)?;
    console.say(&request.title());
    let mut card = Readers::look(None)?.card()?;
    if request.wants_word_only() {
        contactless::open(&mut card, &mut source, console)?;
        // Nothing is presented, so no try is at risk.
        let leave = Leave { last_try: LastTry::Use, ..pins.leave() };
        let presenting = request.begin(card, leave)?;
        for text in presenting.introduction()?.iter().chain(&request.about(&presenting)?) {
            console.say(text);
        }
        source.agree(&text::asked_share(), console)?;
        return request.agreed(&presenting);
    }
    let before = contactless::collect(&mut card, request.aim(), &mut source, console)?;
    let presenting = request.begin(card, pins.leave())?;
    let about = request.about(&presenting)?;
    request.sign(sign::ask(&presenting, before, &about, &mut source, pins, console)?)
}

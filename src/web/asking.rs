//! Asking the holder for a page: one question at a time, which is taken back when the page is gone.

use crate::holder::{Event, Holder};
use crate::turn;
use avain_flow::asked::{Answer, Refused, Request};
use std::sync::mpsc::{Receiver, Sender};

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// The holder is being asked already.
    Pending,
    /// There is neither a display nor a terminal.
    Nowhere,
    /// The holder, or the card.
    Refused(Refused),
}

/// The holder's answer; none, if nobody waits for it any more. `sender` is the end of `events` that the child gets.
pub fn ask(
    mut request: Request,
    holder: &impl Holder,
    sender: Sender<Event>,
    events: &Receiver<Event>,
) -> Option<Result<Answer, Unanswered>> {
    let Some(turn) = turn::take() else { return Some(Err(Unanswered::Pending)) };
    request.again = turn.was_just_refused();
    let Ok(asking) = holder.ask(&request, sender) else { return Some(Err(Unanswered::Nowhere)) };
    match events.recv() {
        Ok(Event::Answered(answer)) => {
            turn.note(answer.is_err());
            Some(answer.map_err(Unanswered::Refused))
        }
        _ => {
            drop(asking);
            turn.note(true);
            None
        }
    }
}

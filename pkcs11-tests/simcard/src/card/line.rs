//! The line between a reader and a card (ISO/IEC 7816-3). T=0 (§10.3): long answers in pieces, and data of a command
//! that sent data only by GET RESPONSE. T=1 (§11): in one piece.

use crate::facts::description::Protocol;
use crate::facts::switches::Switches;
use crate::facts::switches::values::LongAnswer;
use crate::wire::apdu::{Command, Reply, sw};

/// Most bytes of data in one short answer.
const LONGEST_ANSWER: usize = 256;

/// One end of the line, with what waits for GET RESPONSE.
#[derive(Clone)]
pub(super) struct Line {
    protocol: Protocol,
    /// Answer bytes that GET RESPONSE can fetch, and the status at their end.
    pending: Option<Reply>,
}

impl Line {
    pub(super) fn new(protocol: Protocol) -> Self {
        Self { protocol, pending: None }
    }

    /// Nothing waits for GET RESPONSE any more.
    pub(super) fn forget(&mut self) {
        self.pending = None;
    }

    /// Whether a command is for the line and not for the card.
    pub(super) fn is_get_response(&self, command: &Command<'_>) -> bool {
        self.protocol == Protocol::T0 && command.ins == 0xC0
    }

    /// What of the card's answer goes out now.
    pub(super) fn send(&mut self, reply: Reply, command: &Command<'_>, switches: &Switches) -> Reply {
        match self.protocol {
            Protocol::T1 => Self::whole(reply, command, switches),
            Protocol::T0 => self.cut(reply, command, switches),
        }
    }

    /// An answer on a T=1 line. More than the command asked for is refused with the right length. What a command
    /// without Le gets is nothing by the standard; the cards are kinder, unless the switch says otherwise.
    fn whole(reply: Reply, command: &Command<'_>, switches: &Switches) -> Reply {
        match command.le {
            None if switches.t1_needs_le => Reply::status(reply.status),
            Some(le) if reply.data.len() > le => {
                Reply::status(sw::WRONG_LE | (reply.data.len() & 0xFF) as u16)
            }
            _ => reply,
        }
    }

    /// Cuts an answer to what the line and the command allow; the rest waits for GET RESPONSE.
    fn cut(&mut self, reply: Reply, command: &Command<'_>, switches: &Switches) -> Reply {
        let long = reply.data.len() > LONGEST_ANSWER;
        let room = match command.le {
            None => 0,
            Some(le) if command.extended => le,
            Some(_) if long && switches.long_answer == LongAnswer::StatusFirst => 0,
            Some(le) => le,
        };
        self.send_at_most(reply, room)
    }

    fn send_at_most(&mut self, mut reply: Reply, room: usize) -> Reply {
        if reply.data.len() <= room {
            return reply;
        }
        let rest = reply.data.split_off(room);
        let more = sw::MORE_DATA | if rest.len() >= LONGEST_ANSWER { 0 } else { rest.len() as u16 };
        self.pending = Some(Reply { data: rest, status: reply.status });
        Reply { data: reply.data, status: more }
    }

    /// GET RESPONSE (ISO/IEC 7816-4 §11.8.1). A wrong Le leaves the data waiting.
    pub(super) fn get_response(&mut self, command: &Command<'_>, switches: &Switches) -> Reply {
        if command.cla != 0x00 {
            return Reply::status(sw::UNKNOWN_CLASS);
        }
        if (command.p1, command.p2) != (0, 0) {
            return Reply::status(sw::WRONG_P1P2);
        }
        let Some(le) = command.le.filter(|_| command.data.is_empty() && !command.extended) else {
            return Reply::status(sw::WRONG_LENGTH);
        };
        let Some(pending) = self.pending.take() else { return Reply::status(sw::CONDITIONS) };
        if le > pending.data.len() && switches.strict_le {
            let right = sw::WRONG_LE | (pending.data.len() & 0xFF) as u16;
            self.pending = Some(pending);
            return Reply::status(right);
        }
        self.send_at_most(pending, le)
    }
}

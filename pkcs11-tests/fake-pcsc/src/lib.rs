//! A `libpcsclite.so.1` without a daemon: the functions of PC/SC over simulated cards in the same process, and faults
//! by a script, at any call, before the card saw the command or after it acted.
//!
//! A program gets it by a link called `libpcsclite.so.1` in a folder that stands first in `LD_LIBRARY_PATH`, on Windows as
//! `winscard.dll` beside the program, where it is the service of Windows. Whoever
//! loads it himself has [`fake_control`](fake_control()) besides, which takes one line and gives one, as `simcard`
//! does:
//!
//! | line | does |
//! |---|---|
//! | `insert R CARD` | a new card into reader R, which is plugged in if need be; readers count from 0 |
//! | `renew R CARD` | the same, faster where such a card is there already |
//! | `restore` | everything whole again: daemon up, readers plugged in, in each the card that was put into it |
//! | `fault CALL N FAULT [R]` | at the Nth call from now on (1 is the next) of that function, see [`fault::Fault`]; to reader R |
//! | `always FAULT` | at each command from now on |
//! | `happen R EVENT` | that event, now |
//! | `then K FAULT` | at the Kth call of any function after the fault before it was played |
//! | `visit CALL N HEX...` | before the Nth call from now on of that function, another program sends these commands |
//! | `hold R` | another program begins a transaction, if nobody else has one |
//! | `release R` | and ends it |
//! | `hurry` | nothing happens by itself: who waits for an event waits for a moment only |
//! | `system S` | from now on it is the service of `windows`: who waits has to know how many readers there are, and it ends with the last of them; or of `linux` again |
//! | `name R NAME` | the reader is called so from now on |
//! | `waiting` | how many calls wait, for another program's transaction or for an event |
//! | `clear` | forgets the script and all counts of calls |
//! | `repeat` | cards sign the same data with the same key once, and give that signature again |
//! | `calls` | how often each function was called since: `Connect=1 Transmit=7` |
//! | `played` | the faults that were played since, with the head of the command at Transmit: `reset-after@00A4040C` |
//! | `credentials` | the heads of all commands with a PIN or PUK that were to be sent since: `00200011` |
//! | `answers N` | the status words of commands since, from the Nth on: `00A4040C=9000`, with a PIN `00200011*=63C4`, lost `00B00000=` |
//! | `pins R` | per code of the card: `REF:TRIES:VERIFIED:COMMANDS:RIGHT:SPENT`, the last three without the visits |
//! | `code R REF DIGITS` | `yes` if that is what the card holds, else `no` |
//! | `certificates R` | of the holder, as hexadecimal DER |
//! | `log R` | what went over the line since the card was renewed |
//!
//! With `other` at their end, the last four are of the other person's card, once it was put in.
//!
//! A card whose description has a `keypad` lies in a reader with one, whose user does what the `user` of the description
//! says.
//!
//! An answer begins with `ok` or with `error`. Without that, variables describe the world at the first call:
//!
//! | variable | meaning |
//! |---|---|
//! | `FAKE_PCSC_CARDS` | a reader for each card, with `;` between: `fineid-v4.0;latvia-ec,holder=2` |
//! | `FAKE_PCSC_FAULTS` | the script, with `;` between: `Transmit 5 reset-after` |
//! | `FAKE_PCSC_HURRY` | anything: as the line `hurry` |
//! | `FAKE_PCSC_REPORT` | a file, written anew after each call that did something: the answers to the questions |
//! | `FAKE_PCSC_QUESTIONS` | lines of the first table, with `;` between: `calls;pins 0` |
//!
//! A program in Rust that links it has [`Fake`] for those lines, and may put a [`Interceptor`] between card and reader.
//!
//! Beyond the real one it has no groups of readers, no direct connections, and its SCardGetStatusChange
//! wakes for cards and readers only, not when a card comes into use.

#![allow(non_snake_case, non_upper_case_globals, reason = "functions are called what PC/SC calls them")]

#[allow(unreachable_pub, reason = "what exported functions take")]
mod api;
mod codes;
mod control;
#[allow(unreachable_pub, reason = "the functions are exported to C")]
mod exports;
mod fake;
pub mod fault;
mod inside;
mod interceptor;
mod names;
pub mod readers;
mod visit;
mod world;

pub use api::is_credential;
pub use control::fake_control;
pub use exports::{forward_to_the_daemon, forwards};
pub use fake::{Answered, Control, Fake, Pin};
pub use inside::Inside;
pub use interceptor::{Answers, Interceptor};

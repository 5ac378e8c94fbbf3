//! The functions of PC/SC, as winscard.h declares them, that of pcsc-lite or that of Windows.

use crate::codes::{self, *};
use crate::control::{hex, report};
use crate::fault::{Event, Fault};
use crate::world::{Handle, World, changed, control, transmit, wait, world};
use libc::{c_char, c_long, c_ulong, c_void};
use std::ffi::CStr;
use std::sync::MutexGuard;
use std::time::{Duration, Instant};

pub(crate) type Dword = c_ulong;

/// SCARD_IO_REQUEST.
#[repr(C)]
pub struct IoRequest {
    pub(crate) protocol: c_ulong,
    pub(crate) length: c_ulong,
}

/// Room for an answer to reset.
const ATR_ROOM: usize = if cfg!(windows) { 36 } else { 33 };

/// SCARD_READERSTATE.
#[repr(C)]
pub struct ReaderState {
    name: *const c_char,
    user_data: *mut c_void,
    current: Dword,
    event: Dword,
    atr_length: Dword,
    atr: [u8; ATR_ROOM],
}

const SHARE_EXCLUSIVE: Dword = 1;
const AUTOALLOCATE: Dword = Dword::MAX;
const INFINITE: Dword = 0xFFFF_FFFF;
/// So many milliseconds a call waits for an event at most, where nothing happens by itself.
const HURRIED: Dword = 2;
const UNPOWERING: std::ops::RangeInclusive<Dword> = 1..=3;
const ATTR_ATR: Dword = 0x0009_0303;
const ATTR_NAME: Dword = 0x7FFF_0003;

const STATE_CHANGED: Dword = 0x0002;
const STATE_UNKNOWN: Dword = 0x0004;
const STATE_UNAVAILABLE: Dword = 0x0008;
const STATE_EMPTY: Dword = 0x0010;
const STATE_PRESENT: Dword = 0x0020;
const STATE_EXCLUSIVE: Dword = 0x0080;
const STATE_INUSE: Dword = 0x0100;
/// What a waiter may know of a reader: whether there is a card, and the counter.
const STATE_KNOWN: Dword = 0xFFFF_0000 | STATE_EMPTY | STATE_PRESENT;

const PNP: &CStr = c"\\\\?PnP?\\Notification";

/// A call of PC/SC: what the script has for it before, what it does, and what comes after.
fn call<R>(
    name: &'static str,
    reader: impl Fn(&World) -> Option<usize>,
    act: impl FnOnce(MutexGuard<'static, World>) -> (MutexGuard<'static, World>, Result<R, Code>),
) -> Result<R, Code> {
    call_of(name, "", reader, |world, _| act(world))
}

fn call_of<R>(
    name: &'static str,
    of: &str,
    reader: impl Fn(&World) -> Option<usize>,
    act: impl FnOnce(MutexGuard<'static, World>, Option<&Fault>) -> (MutexGuard<'static, World>, Result<R, Code>),
) -> Result<R, Code> {
    let mut world = world();
    let (fault, named) = world.called(name, of).unzip();
    let concerned = named.flatten().or_else(|| reader(&world));
    world.visit(name, concerned);
    let (before, after) = match &fault {
        Some(Fault { event, after: true }) => (None, Some(event)),
        Some(Fault { event, after: false }) => (Some(event), None),
        None => (None, None),
    };
    if let Some(event) = before {
        if *event == Event::Slow {
            drop(world);
            std::thread::sleep(Event::DELAY);
            world = self::world();
        } else if event.is_of_the_world() {
            world.happen(event, concerned);
        } else if !event.is_of_the_answer() {
            return Err(event.code());
        }
    }
    let (mut world, outcome) = act(world, fault.as_ref());
    if let Some(event) = after.filter(|event| event.is_of_the_world()) {
        world.happen(event, concerned);
    }
    report(&mut world);
    match after {
        // Of other calls it is the next that learns it.
        Some(event) if matches!(name, "Transmit" | "Control") => outcome.and_then(|_| Err(event.code())),
        _ => outcome,
    }
}

/// Tries until there is an outcome: what has to wait for another program's transaction.
fn in_time<R>(
    mut world: MutexGuard<'static, World>,
    mut attempt: impl FnMut(&mut World) -> Option<Result<R, Code>>,
) -> (MutexGuard<'static, World>, Result<R, Code>) {
    loop {
        if let Some(outcome) = attempt(&mut world) {
            return (world, outcome);
        }
        world = wait(world);
    }
}

fn answered<R>(outcome: Result<R, Code>) -> Code {
    outcome.err().unwrap_or(SUCCESS)
}

/// Hands over bytes: only their length where there is no buffer, and in memory of its own where that is asked for.
///
/// # Safety
/// `buffer` has room for `*length` bytes or is NULL; if `*length` is SCARD_AUTOALLOCATE, it is a place for a pointer.
unsafe fn give(bytes: &[u8], buffer: *mut u8, length: *mut Dword) -> Result<(), Code> {
    if length.is_null() {
        return Ok(());
    }
    // SAFETY: not NULL, hence a length, as the caller promises.
    let room = unsafe { *length };
    // SAFETY: as above.
    unsafe { *length = bytes.len() as Dword };
    let place = if buffer.is_null() {
        return Ok(());
    } else if room == AUTOALLOCATE {
        // SAFETY: any size may be asked for.
        let place: *mut u8 = unsafe { libc::malloc(bytes.len().max(1)) }.cast();
        // SAFETY: a place for a pointer, as the caller promises.
        unsafe { buffer.cast::<*mut u8>().write_unaligned(place) };
        place
    } else if room < bytes.len() as Dword {
        return Err(INSUFFICIENT_BUFFER);
    } else {
        buffer
    };
    // SAFETY: that many bytes have room there.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), place, bytes.len()) };
    Ok(())
}

fn protocol(world: &mut World, handle: Handle) -> Result<Dword, Code> {
    let reader = world.reached(handle, true)?;
    let is_t1 = reader.inside().is_some_and(|inside| inside.speaks_t1());
    Ok(if is_t1 { 2 } else { 1 })
}

pub(crate) unsafe fn SCardEstablishContext(
    _scope: Dword,
    _reserved1: *const c_void,
    _reserved2: *const c_void,
    context: *mut Handle,
) -> c_long {
    if context.is_null() {
        return INVALID_PARAMETER;
    }
    answered(
        call(
            "EstablishContext",
            |_| None,
            |mut world| {
                let made = world.establish();
                (world, made)
            },
        )
        .map(|handle| {
            // SAFETY: not NULL, hence a place for a context.
            unsafe { *context = handle };
        }),
    )
}

pub(crate) unsafe fn SCardReleaseContext(context: Handle) -> c_long {
    answered(call(
        "ReleaseContext",
        |_| None,
        |mut world| {
            let theirs: Vec<_> = world
                .connections
                .iter()
                .filter(|(_, c)| c.context == context)
                .map(|(handle, _)| *handle)
                .collect();
            for handle in theirs {
                world.connections.remove(&handle);
                world.end(handle);
            }
            let known = world.contexts.remove(&context).map(drop).ok_or(INVALID_HANDLE);
            (world, known)
        },
    ))
}

pub(crate) unsafe fn SCardIsValidContext(context: Handle) -> c_long {
    if world().contexts.contains_key(&context) { SUCCESS } else { INVALID_HANDLE }
}

pub(crate) unsafe fn SCardCancel(context: Handle) -> c_long {
    answered(call(
        "Cancel",
        |_| None,
        |mut world| {
            let known = world.context(context);
            world.cancelled.insert(context);
            changed();
            (world, known)
        },
    ))
}

pub(crate) unsafe fn SCardListReaders(
    context: Handle,
    _groups: *const c_char,
    readers: *mut c_char,
    length: *mut Dword,
) -> c_long {
    let names = call(
        "ListReaders",
        |_| None,
        |world| {
            let names = world.context(context).and_then(|()| {
                let plugged = world.readers.iter().filter(|reader| reader.plugged);
                let mut names: Vec<u8> = plugged.flat_map(|r| r.name.as_bytes_with_nul().to_vec()).collect();
                if names.is_empty() {
                    return Err(NO_READERS_AVAILABLE);
                }
                names.push(0);
                Ok(names)
            });
            (world, names)
        },
    );
    // SAFETY: buffer and length belong together, as PC/SC has it.
    answered(names.and_then(|names| unsafe { give(&names, readers.cast(), length) }))
}

pub(crate) unsafe fn SCardGetStatusChange(
    context: Handle,
    timeout: Dword,
    states: *mut ReaderState,
    count: Dword,
) -> c_long {
    if states.is_null() && count > 0 {
        return INVALID_PARAMETER;
    }
    let states = if count == 0 {
        &mut []
    } else {
        // SAFETY: so many of them are there, as PC/SC has it.
        unsafe { std::slice::from_raw_parts_mut(states, count as usize) }
    };
    let timeout = if world().hurried { timeout.min(HURRIED) } else { timeout };
    let deadline = (timeout != INFINITE).then(|| Instant::now() + Duration::from_millis(1) * timeout as u32);
    answered(call(
        "GetStatusChange",
        |_| None,
        |mut world| {
            world.cancelled.remove(&context);
            let plugged = |world: &World| world.readers.iter().filter(|reader| reader.plugged).count();
            let at_first = plugged(&world);
            for state in states.iter() {
                // SAFETY: a name that ends with NUL, as PC/SC has it.
                let name = unsafe { CStr::from_ptr(state.name) };
                if let Err(code) = world.context(context) {
                    return (world, Err(code));
                }
                if name != PNP && world.reader(name).is_none() {
                    return (world, Err(UNKNOWN_READER));
                }
            }
            loop {
                if let Err(code) = world.context(context) {
                    return (world, Err(code));
                }
                let mut any = false;
                for state in states.iter_mut() {
                    // SAFETY: as above.
                    let name = unsafe { CStr::from_ptr(state.name) };
                    if name == PNP {
                        state.event = arrivals(&world, at_first, plugged(&world), state.current);
                    } else {
                        look(&mut world, name, state);
                    }
                    any |= state.event & STATE_CHANGED != 0;
                }
                if any {
                    return (world, Ok(()));
                }
                if world.cancelled.remove(&context) {
                    return (world, Err(CANCELLED));
                }
                if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                    return (world, Err(TIMEOUT));
                }
                world = wait(world);
            }
        },
    ))
}

/// What there is to say of the number of readers. On Windows it is in the state, where another has their counter, and who
/// waits has to know it.
fn arrivals(world: &World, at_first: usize, now: usize, known: Dword) -> Dword {
    let number = if world.windows { (now as Dword) << 16 } else { 0 };
    let is_known = if world.windows { known & 0xFFFF_0000 == number } else { now == at_first };
    number | if is_known { 0 } else { STATE_CHANGED }
}

/// What there is to say of one reader.
fn look(world: &mut World, name: &CStr, state: &mut ReaderState) {
    let Some(index) = world.reader(name) else {
        state.event = STATE_CHANGED | STATE_UNKNOWN | STATE_UNAVAILABLE;
        return;
    };
    let (users, exclusive) = world.users(index);
    let atr = world.atr(index);
    let reader = &mut world.readers[index];
    let mut event = Dword::from(reader.events & 0xFFFF) << 16;
    state.atr_length = 0;
    if reader.inserted {
        state.atr[..atr.len()].copy_from_slice(&atr);
        state.atr_length = atr.len() as Dword;
        event |= STATE_PRESENT;
        if exclusive {
            event |= STATE_EXCLUSIVE;
        } else if users > 0 {
            event |= STATE_INUSE;
        }
    } else {
        event |= STATE_EMPTY;
    }
    if event & STATE_KNOWN != state.current & STATE_KNOWN {
        event |= STATE_CHANGED;
    }
    state.event = event;
}

pub(crate) unsafe fn SCardConnect(
    context: Handle,
    name: *const c_char,
    share: Dword,
    _protocols: Dword,
    card: *mut Handle,
    active: *mut Dword,
) -> c_long {
    if name.is_null() || card.is_null() || active.is_null() {
        return INVALID_PARAMETER;
    }
    // SAFETY: a name that ends with NUL, as PC/SC has it.
    let name = unsafe { CStr::from_ptr(name) };
    let made = call(
        "Connect",
        |world| world.reader(name),
        |world| {
            in_time(world, |world| {
                let made = world.context(context).and_then(|()| {
                    let index = world.reader(name).ok_or(UNKNOWN_READER)?;
                    world.connect(context, index, share == SHARE_EXCLUSIVE)
                });
                let made = made.transpose()?;
                Some(made.and_then(|handle| Ok((handle, protocol(world, handle)?))))
            })
        },
    );
    answered(made.map(|(handle, protocol)| {
        // SAFETY: not NULL, hence a place for a connection.
        unsafe { *card = handle };
        // SAFETY: not NULL, hence a place for a protocol.
        unsafe { *active = protocol };
    }))
}

pub(crate) unsafe fn SCardReconnect(
    card: Handle,
    _share: Dword,
    _protocols: Dword,
    initialization: Dword,
    active: *mut Dword,
) -> c_long {
    let protocol = call(
        "Reconnect",
        |world| world.reader_of(card),
        |world| {
            in_time(world, |world| {
                let reached = match world.reached(card, true) {
                    Ok(reader) if reader.is_held_from(Some(card)) => return None,
                    reached => reached.map(drop),
                };
                if reached.is_ok() {
                    if UNPOWERING.contains(&initialization) {
                        let reader = world.reader_of(card);
                        world.happen(&Event::Reset, reader);
                    }
                    world.reconnect(card);
                }
                Some(reached.and_then(|()| protocol(world, card)))
            })
        },
    );
    answered(protocol.map(|protocol| {
        if !active.is_null() {
            // SAFETY: not NULL, hence a place for a protocol.
            unsafe { *active = protocol };
        }
    }))
}

pub(crate) unsafe fn SCardDisconnect(card: Handle, disposition: Dword) -> c_long {
    answered(call(
        "Disconnect",
        |world| world.reader_of(card),
        |mut world| {
            let reached = match world.reached(card, true).map(drop) {
                Err(code @ (NO_SERVICE | INVALID_HANDLE)) => Err(code),
                _ => Ok(()),
            };
            if reached.is_ok() && UNPOWERING.contains(&disposition) {
                let reader = world.reader_of(card);
                world.happen(&Event::Reset, reader);
            }
            if reached.is_ok() {
                world.end(card);
                world.connections.remove(&card);
            }
            (world, reached)
        },
    ))
}

pub(crate) unsafe fn SCardBeginTransaction(card: Handle) -> c_long {
    answered(call(
        "BeginTransaction",
        |world| world.reader_of(card),
        |world| in_time(world, |world| world.begin(card)),
    ))
}

pub(crate) unsafe fn SCardEndTransaction(card: Handle, disposition: Dword) -> c_long {
    answered(call(
        "EndTransaction",
        |world| world.reader_of(card),
        |mut world| {
            let reached = world.reached(card, false).map(drop);
            world.end(card);
            if reached.is_ok() && UNPOWERING.contains(&disposition) {
                let reader = world.reader_of(card);
                world.happen(&Event::Reset, reader);
                world.reconnect(card);
            }
            (world, reached)
        },
    ))
}

pub(crate) unsafe fn SCardStatus(
    card: Handle,
    name: *mut c_char,
    name_length: *mut Dword,
    state: *mut Dword,
    active: *mut Dword,
    atr: *mut u8,
    atr_length: *mut Dword,
) -> c_long {
    // SCARD_PRESENT, SCARD_POWERED and SCARD_SPECIFIC, behind the counter.
    const IN_USE: Dword = 0x04 | 0x10 | 0x40;
    let status = call(
        "Status",
        |world| world.reader_of(card),
        |world| {
            in_time(world, |world| {
                let atr = world.reader_of(card).map(|index| world.atr(index)).unwrap_or_default();
                let protocol = protocol(world, card);
                match world.reached(card, false) {
                    Ok(reader) if reader.is_held_from(Some(card)) => None,
                    Ok(reader) => Some(protocol.map(|it| (it, reader.name.clone(), atr, reader.events))),
                    Err(code) => Some(Err(code)),
                }
            })
        },
    );
    answered(status.and_then(|(protocol, reader, bytes, events)| {
        if !state.is_null() {
            // SAFETY: not NULL, hence a place for a state.
            unsafe { *state = IN_USE | Dword::from(events & 0xFFFF) << 16 };
        }
        if !active.is_null() {
            // SAFETY: not NULL, hence a place for a protocol.
            unsafe { *active = protocol };
        }
        // SAFETY: buffer and length belong together, as PC/SC has it.
        unsafe { give(reader.as_bytes_with_nul(), name.cast(), name_length) }?;
        // SAFETY: as above.
        unsafe { give(&bytes, atr, atr_length) }
    }))
}

pub(crate) unsafe fn SCardGetAttrib(
    card: Handle,
    attribute: Dword,
    buffer: *mut u8,
    length: *mut Dword,
) -> c_long {
    let value = call(
        "GetAttrib",
        |world| world.reader_of(card),
        |mut world| {
            let atr = world.reader_of(card).map(|index| world.atr(index)).unwrap_or_default();
            let value = world.reached(card, false).and_then(|reader| match attribute {
                ATTR_ATR => Ok(atr),
                ATTR_NAME => Ok(reader.name.as_bytes_with_nul().to_vec()),
                _ => Err(UNSUPPORTED_FEATURE),
            });
            (world, value)
        },
    );
    // SAFETY: buffer and length belong together, as PC/SC has it.
    answered(value.and_then(|value| unsafe { give(&value, buffer, length) }))
}

pub(crate) unsafe fn SCardSetAttrib(_: Handle, _: Dword, _: *const u8, _: Dword) -> c_long {
    UNSUPPORTED_FEATURE
}

pub(crate) unsafe fn SCardControl(
    card: Handle,
    code: Dword,
    sent: *const c_void,
    size: Dword,
    answer: *mut c_void,
    room: Dword,
    length: *mut Dword,
) -> c_long {
    if length.is_null() || (sent.is_null() && size > 0) {
        return INVALID_PARAMETER;
    }
    let data: &[u8] = if size == 0 {
        &[]
    } else {
        // SAFETY: so many bytes are there, as PC/SC has it.
        unsafe { std::slice::from_raw_parts(sent.cast(), size as usize) }
    };
    let code = code as u32;
    let outcome = call_of(
        "Control",
        &told_of(code, data),
        |world| world.reader_of(card),
        |mut world, fault| {
            let event = fault.map(|fault| &fault.event);
            if event == Some(&Event::OtherLe) {
                let reached = world.reached(card, false).map(|_| vec![0x6C, 0x10]);
                return (world, reached);
            }
            if let Some(Event::Card(action)) = event {
                world.bring_about(card, action);
            }
            let (mut world, answer, filled) = control(world, card, code, data);
            let answer = answer.map(|answer| spoilt(answer, event, room as usize));
            if let Some(command) = filled {
                let head = hex(command.get(..4).unwrap_or(&command));
                world.credentials.push(head.clone());
                let seen = answer.as_deref().ok().filter(|_| fault.is_none_or(|fault| !fault.after));
                world.answers.push(told(&command, &head, seen));
            }
            (world, answer)
        },
    );
    // SAFETY: not NULL, hence a length.
    unsafe { *length = room };
    // SAFETY: buffer and length belong together, as PC/SC has it.
    answered(outcome.and_then(|bytes| unsafe { give(&bytes, answer.cast(), length) }))
}

pub(crate) unsafe fn SCardTransmit(
    card: Handle,
    _send: *const IoRequest,
    command: *const u8,
    size: Dword,
    _receive: *mut IoRequest,
    answer: *mut u8,
    length: *mut Dword,
) -> c_long {
    if command.is_null() || answer.is_null() || length.is_null() {
        return INVALID_PARAMETER;
    }
    // SAFETY: so many bytes are there, as PC/SC has it.
    let command = unsafe { std::slice::from_raw_parts(command, size as usize) };
    // SAFETY: not NULL, hence a length.
    let room = unsafe { *length } as usize;
    let head = hex(command.get(..4).unwrap_or(command));
    let outcome = call_of(
        "Transmit",
        &head,
        |world| world.reader_of(card),
        |mut world, fault| {
            if is_credential(command) {
                world.credentials.push(head.clone());
            }
            let event = fault.map(|fault| &fault.event);
            world.endless |= event == Some(&Event::Endless);
            let (mut world, answer) = match event {
                Some(Event::OtherLe) => {
                    let reached = world.reached(card, false).map(|_| vec![0x6C, 0x10]);
                    (world, reached)
                }
                Some(Event::Card(action)) => {
                    world.bring_about(card, action);
                    transmit(world, card, command)
                }
                _ => transmit(world, card, command),
            };
            let endless = world.endless;
            let answer = answer.map(|answer| if endless { without_end(answer) } else { answer });
            let answer = answer.map(|answer| spoilt(answer, event, room));
            let seen = answer.as_deref().ok().filter(|_| fault.is_none_or(|fault| !fault.after));
            world.answers.push(told(command, &head, seen));
            (world, answer)
        },
    );
    // SAFETY: buffer and length belong together, as PC/SC has it.
    answered(outcome.and_then(|bytes| unsafe { give(&bytes, answer, length) }))
}

/// What a control code is called in what was played: the head of the command behind the structure that a keypad gets,
/// or its own number.
fn told_of(code: u32, data: &[u8]) -> String {
    let command = match code {
        0x4233_0006 => data.get(19..23),
        0x4233_0007 => data.get(24..28),
        _ => None,
    };
    command.map_or_else(|| hex(&code.to_be_bytes()), hex)
}

/// Whether it is VERIFY, CHANGE REFERENCE DATA or RESET RETRY COUNTER, with data. In a channel these are in an object of
/// their own.
pub fn is_credential(command: &[u8]) -> bool {
    let has_data = match command.first() {
        Some(class) if class & 0x0C == 0x0C => command.get(5) == Some(&0x87),
        _ => command.len() > 5,
    };
    has_data && matches!(command.get(1), Some(0x20 | 0x24 | 0x2C))
}

/// A command and the status word of its answer, as the module has seen them.
fn told(command: &[u8], head: &str, answer: Option<&[u8]>) -> String {
    let status = answer.and_then(|answer| answer.last_chunk::<2>()).map(|status| hex(status));
    format!("{head}{}={}", if is_credential(command) { "*" } else { "" }, status.unwrap_or_default())
}

/// The answer, with one byte more and the word that as many wait as can.
fn without_end(answer: Vec<u8>) -> Vec<u8> {
    let data = answer.len().saturating_sub(2);
    [&answer[..data], &[0xA5, 0x61, 0x00]].concat()
}

fn spoilt(answer: Vec<u8>, event: Option<&Event>, room: usize) -> Vec<u8> {
    let filled = |length: usize| {
        let mut bytes = vec![0xA5; length.saturating_sub(answer.len())];
        bytes.extend_from_slice(&answer);
        bytes
    };
    match event {
        Some(Event::Waiting) => vec![0x61, 0x10],
        Some(Event::Empty) => Vec::new(),
        Some(Event::OneByte) => answer[..answer.len().min(1)].to_vec(),
        Some(Event::Long) => filled(room),
        Some(Event::TooLong) => filled(room + 1),
        _ => answer,
    }
}

pub(crate) unsafe fn SCardFreeMemory(_context: Handle, memory: *const c_void) -> c_long {
    // SAFETY: it came from `give`, as PC/SC has it.
    unsafe { libc::free(memory.cast_mut()) };
    SUCCESS
}

pub(crate) unsafe fn SCardListReaderGroups(_: Handle, _: *mut c_char, _: *mut Dword) -> c_long {
    UNSUPPORTED_FEATURE
}

pub(crate) unsafe fn pcsc_stringify_error(code: c_long) -> *const c_char {
    codes::text(code).as_ptr().cast()
}

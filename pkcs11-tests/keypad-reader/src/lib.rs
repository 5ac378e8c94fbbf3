//! Virtual readers with a keypad, as a driver that pcscd loads (an IFD handler of version 3.0, `ifdhandler.h` of
//! pcsc-lite). Unlike vpcd they take control codes.
//!
//! Each reader listens on the TCP port that is its channel. Whoever connects is a card, until the connection ends. What
//! the reader sends are two bytes of length, the highest first, and that many: a [`kind`], and what belongs to it. An
//! answer is its length and its bytes.

#![allow(non_snake_case, reason = "the functions are called what pcscd calls them")]

mod reader;

use libc::{c_char, c_long, c_uchar, c_ulong};
use reader::{Told, reader};
use std::ffi::CStr;
use std::ptr;

/// What a reader sends.
pub mod kind {
    /// Power is gone. Not answered.
    pub const OFF: u8 = 0;
    /// Power, or a reset. Answered by the card's answer to reset.
    pub const RESET: u8 = 1;
    /// A command.
    pub const COMMAND: u8 = 2;
    /// A control code, four bytes with the highest first, and its data. Answered by one of the next three.
    pub const CONTROL: u8 = 3;
    /// The code is not known.
    pub const UNKNOWN: u8 = 0;
    /// It is, and these are the bytes that are told.
    pub const TOLD: u8 = 1;
    /// Nobody has come to the keypad.
    pub const FAILED: u8 = 2;
}

type Dword = c_ulong;
type Code = c_long;

const SUCCESS: Code = 0;
const UNKNOWN_TAG: Code = 600;
const NOT_SUPPORTED: Code = 606;
const COMMUNICATION_ERROR: Code = 612;
const PRESENT: Code = 615;
const NOT_PRESENT: Code = 616;
const NO_SUCH_DEVICE: Code = 617;
const INSUFFICIENT_BUFFER: Code = 618;

const ATR: Dword = 0x0303;
const ATR_ATTRIBUTE: Dword = 0x9_0303;
const SLOT_THREAD_SAFE: Dword = 0x0FAC;
const THREAD_SAFE: Dword = 0x0FAD;
const SLOTS_NUMBER: Dword = 0x0FAE;
const SIMULTANEOUS_ACCESS: Dword = 0x0FAF;

/// So many readers there can be at most.
const MOST: u8 = 16;
const POWER_DOWN: Dword = 501;

/// SCARD_IO_HEADER.
#[repr(C)]
pub struct IoHeader {
    protocol: Dword,
    length: Dword,
}

/// Hands over bytes, if they have room.
///
/// # Safety
/// `to` has room for `*length` bytes.
unsafe fn give(bytes: &[u8], to: *mut c_uchar, length: *mut Dword) -> Code {
    // SAFETY: as the caller promises.
    let room = unsafe { *length };
    if (room as usize) < bytes.len() {
        // SAFETY: as above.
        unsafe { *length = 0 };
        return INSUFFICIENT_BUFFER;
    }
    // SAFETY: that many bytes have room there.
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) };
    // SAFETY: as above.
    unsafe { *length = bytes.len() as Dword };
    SUCCESS
}

/// # Safety
/// So many bytes are there, if any.
unsafe fn bytes<'b>(from: *const c_uchar, length: Dword) -> &'b [u8] {
    if length == 0 || from.is_null() {
        return &[];
    }
    // SAFETY: as the caller promises.
    unsafe { std::slice::from_raw_parts(from, length as usize) }
}

/// A reader whose name ends with `:` and the port on which it listens, as `0x8C7B`. By this function pcscd knows that the
/// driver is one of version 3.0.
///
/// # Safety
/// The name ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHCreateChannelByName(lun: Dword, name: *const c_char) -> Code {
    // SAFETY: as the caller promises.
    let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
    let port = name.rsplit_once(":0x").and_then(|(_, port)| u16::from_str_radix(port, 16).ok());
    port.map_or(NO_SUCH_DEVICE, |port| IFDHCreateChannel(lun, port.into()))
}

/// A reader that listens on this port.
#[unsafe(no_mangle)]
pub extern "C" fn IFDHCreateChannel(lun: Dword, channel: Dword) -> Code {
    u16::try_from(channel).ok().and_then(|port| reader::add(lun, port)).map_or(NO_SUCH_DEVICE, |()| SUCCESS)
}

/// It is gone.
#[unsafe(no_mangle)]
pub extern "C" fn IFDHCloseChannel(lun: Dword) -> Code {
    reader::remove(lun);
    SUCCESS
}

/// What pcscd wants to know of a reader.
///
/// # Safety
/// `value` has room for `*length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHGetCapabilities(
    lun: Dword,
    tag: Dword,
    length: *mut Dword,
    value: *mut c_uchar,
) -> Code {
    let told = match tag {
        ATR | ATR_ATTRIBUTE => reader(lun).map(|reader| reader.atr()).unwrap_or_default(),
        SIMULTANEOUS_ACCESS => vec![MOST],
        THREAD_SAFE | SLOT_THREAD_SAFE | SLOTS_NUMBER => vec![1],
        _ => return UNKNOWN_TAG,
    };
    // SAFETY: as the caller promises.
    unsafe { give(&told, value, length) }
}

/// Nothing can be set.
#[unsafe(no_mangle)]
pub extern "C" fn IFDHSetCapabilities(_: Dword, _: Dword, _: Dword, _: *mut c_uchar) -> Code {
    NOT_SUPPORTED
}

/// Any protocol will do.
#[unsafe(no_mangle)]
pub extern "C" fn IFDHSetProtocolParameters(_: Dword, _: Dword, _: u8, _: u8, _: u8, _: u8) -> Code {
    SUCCESS
}

/// Power on, off, or a reset.
///
/// # Safety
/// `atr` has room for 33 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHPowerICC(
    lun: Dword,
    action: Dword,
    atr: *mut c_uchar,
    length: *mut Dword,
) -> Code {
    const LONGEST_ATR: Dword = 33;
    let Some(reader) = reader(lun) else { return NO_SUCH_DEVICE };
    // SAFETY: a place for a length.
    unsafe { *length = 0 };
    if action == POWER_DOWN {
        reader.power_off();
        return SUCCESS;
    }
    let Some(answer) = reader.reset().filter(|answer| !answer.is_empty()) else { return COMMUNICATION_ERROR };
    // SAFETY: as above.
    unsafe { *length = LONGEST_ATR };
    // SAFETY: as the caller promises.
    unsafe { give(&answer, atr, length) }
}

/// A command.
///
/// # Safety
/// So many bytes are there, and `answer` has room for `*answer_length`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHTransmitToICC(
    lun: Dword,
    _protocol: IoHeader,
    command: *const c_uchar,
    command_length: Dword,
    answer: *mut c_uchar,
    answer_length: *mut Dword,
    _received: *mut IoHeader,
) -> Code {
    // SAFETY: as the caller promises.
    let command = unsafe { bytes(command, command_length) };
    let Some(told) = reader(lun).and_then(|reader| reader.exchange(command)) else {
        // SAFETY: a place for a length.
        unsafe { *answer_length = 0 };
        return COMMUNICATION_ERROR;
    };
    // SAFETY: as the caller promises.
    unsafe { give(&told, answer, answer_length) }
}

/// A control code.
///
/// # Safety
/// So many bytes are there, and `answer` has room for `room`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IFDHControl(
    lun: Dword,
    code: Dword,
    sent: *const c_uchar,
    sent_length: Dword,
    answer: *mut c_uchar,
    room: Dword,
    length: *mut Dword,
) -> Code {
    // SAFETY: a place for a length.
    unsafe { *length = 0 };
    // SAFETY: as the caller promises.
    let sent = unsafe { bytes(sent, sent_length) };
    let told = u32::try_from(code).ok().and_then(|code| reader(lun)?.control(code, sent));
    match told {
        Some(Told::Bytes(bytes)) => {
            // SAFETY: as above.
            unsafe { *length = room };
            // SAFETY: as the caller promises.
            unsafe { give(&bytes, answer, length) }
        }
        Some(Told::Unknown) => NOT_SUPPORTED,
        None => COMMUNICATION_ERROR,
    }
}

/// Is there a card?
#[unsafe(no_mangle)]
pub extern "C" fn IFDHICCPresence(lun: Dword) -> Code {
    match reader(lun) {
        Some(reader) if reader.has_card() => PRESENT,
        Some(_) => NOT_PRESENT,
        None => NO_SUCH_DEVICE,
    }
}

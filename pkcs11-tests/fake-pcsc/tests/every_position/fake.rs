//! The fake library, as this process has loaded it before the module.

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW, Symbol};
use std::ffi::{CString, c_char};
use std::path::PathBuf;

type Control = unsafe extern "C" fn(*const c_char, *mut c_char, usize) -> usize;

/// The control of the world.
pub(crate) struct Fake {
    control: Symbol<Control>,
}

/// What a card has counted of a PIN or the PUK, and how it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pin {
    pub(crate) reference: u8,
    pub(crate) tries: u32,
    pub(crate) open: bool,
    pub(crate) commands: u32,
    pub(crate) right: u32,
    pub(crate) spent: u32,
}

impl Fake {
    /// The library that cargo built along with this test.
    pub(crate) fn file() -> PathBuf {
        let program = std::env::current_exe().expect("this program's path");
        let beside = program.ancestors().skip(1).map(|folder| folder.join("libfake_pcsc.so"));
        beside.into_iter().find(|path| path.exists()).expect("the fake library is built along with its tests")
    }

    pub(crate) fn load() -> Self {
        // SAFETY: its initialisers do nothing.
        let library = unsafe { Library::open(Some("libpcsclite.so.1"), RTLD_NOW | RTLD_GLOBAL) };
        let library = library.expect("libpcsclite.so.1 is there, by LD_LIBRARY_PATH");
        // SAFETY: the type is that of the function; where it is missing, this is the real library.
        let control = unsafe { library.get(b"fake_control\0") }.expect("it is the fake one");
        std::mem::forget(library);
        Self { control }
    }

    /// What the library answers to a line.
    pub(crate) fn tell(&self, line: &str) -> String {
        let line = CString::new(line).expect("no NUL");
        let mut answer = vec![0_u8; 1 << 16];
        // SAFETY: the line ends with NUL, and the buffer is as long as is said.
        let length = unsafe { (self.control)(line.as_ptr(), answer.as_mut_ptr().cast(), answer.len()) };
        answer.truncate(length.min(answer.len() - 1));
        let answer = String::from_utf8(answer).expect("text");
        answer.strip_prefix("ok ").unwrap_or_else(|| panic!("{line:?}: {answer}")).to_owned()
    }

    /// PIN1, PIN2 and PUK, those of them that the card has; or those of the other person's card.
    pub(crate) fn pins(&self, of: &str) -> Vec<Pin> {
        let one = |text: &str| {
            let (reference, rest) = text.split_once(':').expect("a reference");
            let n: Vec<u32> = rest.split(':').map(|number| number.parse().expect("a number")).collect();
            let reference = u8::from_str_radix(reference, 16).expect("a reference");
            Pin { reference, tries: n[0], open: n[1] == 1, commands: n[2], right: n[3], spent: n[4] }
        };
        self.tell(&format!("pins 0{of}")).split_whitespace().map(one).collect()
    }

    pub(crate) fn holds(&self, reference: u8, code: &str) -> bool {
        self.tell(&format!("code 0 {reference:02X} {code}")) == "yes"
    }

    pub(crate) fn certificates(&self, of: &str) -> Vec<Vec<u8>> {
        let der = |hex: &str| {
            let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
            (0..hex.len()).step_by(2).map(byte).collect()
        };
        self.tell(&format!("certificates 0{of}")).split_whitespace().map(der).collect()
    }
}

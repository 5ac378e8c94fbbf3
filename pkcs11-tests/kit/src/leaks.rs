//! Looks for PINs where they must not be: in the memory of a process, in its files, in its core dumps.

use memchr::memmem;
use std::cell::Cell;
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// As many digits as a PIN of these cards can have: so many random ones are nowhere by chance.
const DIGITS: usize = 12;

/// A PIN that was never there before.
pub fn rare_pin() -> String {
    let number = RandomState::new().hash_one(std::time::Instant::now());
    format!("{:0DIGITS$}", number % 10_u64.pow(12))
}

/// A PIN in one of the forms in which a copy of it could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Which PIN, and which form.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// All forms of a PIN. The blocks of commands that are filled up begin with the digits as they are typed; where the
/// block is of half-bytes, any six of them in a row would be told from chance, with or without what is before.
pub fn forms(which: &str, pin: &str) -> Vec<Form> {
    let wide = |order: fn(u16) -> [u8; 2]| pin.encode_utf16().flat_map(order).collect();
    let half_bytes = pin.as_bytes().chunks(2).map(|pair| (pair[0] & 0x0F) << 4 | pair[1] & 0x0F).collect();
    let all: [(&str, Vec<u8>); 4] = [
        ("as typed", pin.as_bytes().to_vec()),
        ("UTF-16LE", wide(u16::to_le_bytes)),
        ("UTF-16BE", wide(u16::to_be_bytes)),
        ("half-bytes", half_bytes),
    ];
    all.into_iter().map(|(form, bytes)| Form { name: format!("{which} {form}"), bytes }).collect()
}

/// All forms of eight bytes of a secret key, wherever they stand in it: as they are, in the two pads of HMAC, and as the
/// numbers that digests make of them. Random ones are nowhere by chance.
pub fn forms_of_key(which: &str, key: &[u8]) -> Vec<Form> {
    let masked = |part: &[u8], mask: u8| part.iter().map(|byte| byte ^ mask).collect::<Vec<_>>();
    let turned = |part: &[u8], word: usize| {
        part.chunks(word).flat_map(|word| word.iter().rev().copied()).collect::<Vec<_>>()
    };
    let mut all = Vec::new();
    for (at, part) in key.chunks_exact(8).enumerate() {
        for (pad, mask) in [("", 0), (" in the inner pad", 0x36), (" in the outer pad", 0x5C)] {
            let part = masked(part, mask);
            for (order, bytes) in
                [("", part.clone()), (" by 4", turned(&part, 4)), (" by 8", turned(&part, 8))]
            {
                all.push(Form { name: format!("{which}, part {at}{pad}{order}"), bytes });
            }
        }
    }
    all
}

/// A key that was never there before.
pub fn rare_key() -> [u8; 32] {
    let mut key = [0; 32];
    for part in key.chunks_exact_mut(8) {
        let number = RandomState::new().hash_one(std::time::Instant::now());
        part.copy_from_slice(&number.to_ne_bytes());
    }
    key
}

/// A form that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// Which.
    pub form: String,
    /// Where: a mapping by its name, or a file.
    pub place: String,
    /// Whether that is a page that is not swapped out, not dumped, and empty in a child.
    pub locked: bool,
    /// Whether it is a page that is not dumped, and empty in a child, whether it may be swapped out or not.
    pub kept_back: bool,
}

/// What is looked for, and how much was looked at.
pub struct Search {
    forms: Vec<Form>,
    images: Cell<usize>,
    bytes: Cell<usize>,
}

impl Search {
    /// For these PINs, each with its name.
    pub fn of(pins: &[(&str, &str)]) -> Self {
        let forms = pins.iter().flat_map(|(name, pin)| forms(name, pin)).collect();
        Self { forms, images: Cell::new(0), bytes: Cell::new(0) }
    }

    /// A search for parts of keys.
    pub fn of_keys(keys: &[(&str, &[u8])]) -> Self {
        let forms = keys.iter().flat_map(|(which, key)| forms_of_key(which, key)).collect();
        Self { forms, images: Cell::new(0), bytes: Cell::new(0) }
    }

    /// What is looked for.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// How many memories, dumps and files were searched, and their bytes together.
    pub fn looked_at(&self) -> (usize, usize) {
        (self.images.get(), self.bytes.get())
    }

    fn in_bytes(&self, bytes: &[u8], place: &str, (locked, kept_back): (bool, bool)) -> Vec<Leak> {
        self.bytes.set(self.bytes.get() + bytes.len());
        let there = self.forms.iter().filter(|form| memmem::find(bytes, &form.bytes).is_some());
        let leak = |form: &Form| Leak { form: form.name.clone(), place: place.to_owned(), locked, kept_back };
        there.map(leak).collect()
    }

    /// In all memory that a process can read.
    ///
    /// # Panics
    /// Where its memory, stack and heap cannot be read.
    pub fn in_memory(&self, process: u32) -> Vec<Leak> {
        self.images.set(self.images.get() + 1);
        let memory = File::open(format!("/proc/{process}/mem")).expect("the memory of the process");
        let mut leaks = Vec::new();
        let mut seen = Vec::new();
        let mappings = mappings(process);
        for mapping in mappings.iter().filter(|mapping| mapping.readable) {
            let mut bytes = vec![0; mapping.length];
            // The kernel's own pages and what lies beyond the end of a file cannot be read this way.
            if memory.read_exact_at(&mut bytes, mapping.start).is_ok() {
                leaks.extend(self.in_bytes(&bytes, &mapping.name, mapping.guard));
                seen.push(mapping.name.as_str());
            }
        }
        for needed in ["[stack]", "[heap]"] {
            assert!(seen.contains(&needed), "{needed} of {process} was not read, but {seen:?}");
        }
        leaks
    }

    /// In a file, which may be a core dump.
    ///
    /// # Panics
    /// Where it cannot be read.
    pub fn in_file(&self, path: &Path) -> Vec<Leak> {
        self.images.set(self.images.get() + 1);
        let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.in_bytes(&bytes, &path.display().to_string(), (false, false))
    }

    /// In what was said.
    pub fn in_text(&self, text: &str) -> Vec<Leak> {
        self.images.set(self.images.get() + 1);
        self.in_bytes(text.as_bytes(), "what was said", (false, false))
    }
}

struct Mapping {
    start: u64,
    length: usize,
    readable: bool,
    name: String,
    /// As of a leak: locked, and kept back.
    guard: (bool, bool),
}

/// What /proc/PID/smaps says: after the line of a mapping those about it, the flags last.
fn mappings(process: u32) -> Vec<Mapping> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps")).expect("the mappings of the process");
    let mut mappings: Vec<Mapping> = Vec::new();
    for line in text.lines() {
        if let (Some(flags), Some(last)) = (line.strip_prefix("VmFlags:"), mappings.last_mut()) {
            let flags: Vec<_> = flags.split_whitespace().collect();
            let has = |wanted: &[&str]| wanted.iter().all(|flag| flags.contains(flag));
            last.guard = (has(&["lo", "dd", "wf"]), has(&["dd", "wf"]));
        } else if let Some(mapping) = mapping(line) {
            mappings.push(mapping);
        }
    }
    mappings
}

/// `55d0-55d4 r--p 00000000 fd:00 1234   /path`
fn mapping(line: &str) -> Option<Mapping> {
    let mut words = line.split_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let address = |digits| u64::from_str_radix(digits, 16).ok();
    let (start, end) = (address(start)?, address(end)?);
    let readable = words.next()?.starts_with('r');
    let name = words.nth(3).unwrap_or("without a name").to_owned();
    Some(Mapping { start, length: usize::try_from(end - start).ok()?, readable, name, guard: (false, false) })
}

/// Nothing was found.
///
/// # Panics
/// With what was.
#[track_caller]
pub fn nothing(leaks: &[Leak], when: &str) {
    assert!(leaks.is_empty(), "{when}: {leaks:#?}");
}

/// Exactly these PINs were found, as they are typed, and in locked pages alone.
///
/// # Panics
/// Where that is not so.
#[track_caller]
pub fn locked_alone(leaks: &[Leak], pins: &[&str], when: &str) {
    assert!(leaks.iter().all(|leak| leak.locked), "{when}: {leaks:#?}");
    let mut found: Vec<_> = leaks.iter().map(|leak| leak.form.as_str()).collect();
    let mut expected: Vec<_> = pins.iter().map(|pin| format!("{pin} as typed")).collect();
    found.sort_unstable();
    found.dedup();
    expected.sort_unstable();
    assert_eq!(found, expected, "{when}");
}

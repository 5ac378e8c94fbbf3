//! A program that does with the module what it is told, line by line, and keeps no secret: a line stands in one buffer,
//! which is overwritten when the line is done. What it answers is the name of a return value, or a number.

use cryptoki_sys::*;
use kit::{
    Activation, Initialized, Making, Mechanism, Module, Session, Template, VendorList, answered, bytes, call,
    name,
};
use std::io::Write;
use std::process::Command;
use std::sync::Mutex;

/// What the program holds.
struct Puppet {
    module: &'static Module,
    running: Option<Initialized<'static>>,
    sessions: Vec<Session<'static>>,
}

fn main() {
    // The functions of PC/SC that this program links come before those of the library, also for the module.
    kit::forward_to_the_daemon();
    let path = std::env::args().nth(1).expect("the module");
    let module = Box::leak(Box::new(Module::from_file(path.as_ref())));
    // Whoever looks into this program need not be its parent.
    // SAFETY: a plain system call.
    unsafe { libc::prctl(libc::PR_SET_PTRACER, libc::PR_SET_PTRACER_ANY) };
    let mut puppet = Puppet { module, running: None, sessions: Vec::new() };
    let mut line = Box::new([0; 1024]);
    answer("ready");
    while let Some(length) = read(&mut *line) {
        let text = std::str::from_utf8(&line[..length]).expect("a text");
        let outcome = puppet.does(text);
        line.fill(0);
        std::hint::black_box(&line);
        answer(&outcome);
    }
}

fn answer(words: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{words}").and_then(|()| out.flush()).expect("answer");
}

/// Reads a line, byte by byte: no other buffer has a part of it. `None` at the end.
fn read(line: &mut [u8]) -> Option<usize> {
    for at in 0..line.len() {
        // SAFETY: there is room for the byte.
        if unsafe { libc::read(0, line[at..].as_mut_ptr().cast(), 1) } != 1 {
            return None;
        }
        if line[at] == b'\n' {
            return Some(at);
        }
    }
    panic!("too long a line");
}

impl Puppet {
    fn does(&mut self, line: &str) -> String {
        let mut words = line.split('\t');
        let deed = words.next().unwrap_or_default();
        let mut word = || words.next().unwrap_or_default();
        let outcome = match deed {
            "initialize" => self.module.initialize().map(|running| self.running = Some(running)),
            "finalize" => {
                self.sessions.drain(..).for_each(std::mem::forget);
                self.running = None;
                Ok(())
            }
            "slots" => self.module.slots(true).map(drop),
            "tokens" => return self.module.slots(true).expect("slots").len().to_string(),
            "open" => self.open(word()),
            "login" => self.session(word()).login(number(word()), word()),
            "logout" => self.session(word()).logout(),
            "init pin" => self.session(word()).init_pin(word()),
            "set pin" => self.session(word()).set_pin(word(), word()),
            "begin" => {
                let session = self.session(word());
                let key = session.object(CKO_PRIVATE_KEY, number(word()) as u8);
                key.and_then(|key| {
                    let is_ec = session.attribute(key, CKA_KEY_TYPE)? == bytes(CKK_EC);
                    session.sign_init(if is_ec { CKM_ECDSA_SHA256 } else { CKM_SHA256_RSA_PKCS }, key)
                })
            }
            "sign" => self.session(word()).sign_data(&[7; 48]).map(drop),
            "create" => return self.create(word(), number(word()), word()),
            "value" => self.value(word(), number(word())),
            "find" => self.find(word(), word()),
            "digest key" => self.digest_key(word(), number(word())),
            "mac" => self.with_key(word(), number(word()), number(word()), Making::Sign, ""),
            "wrap" => self.with_key(word(), CKM_AES_KEY_WRAP, number(word()), Making::Encrypt, word()),
            "unwrap" => self.with_key(word(), CKM_AES_KEY_WRAP, number(word()), Making::Decrypt, word()),
            "derive" => {
                return self
                    .derive(word(), number(word()) as u8)
                    .unwrap_or_else(|code| name(code).to_owned());
            }
            "decipher" => self.decipher(word(), number(word()) as u8, word()),
            "destroy" => self.session(word()).destroy(number(word())),
            "activate" => {
                let slot = self.module.slots(true).expect("slots")[0];
                let wish = Activation::of(word(), Some(word()), Some(word()));
                match VendorList::of(self.module).set(slot, &wish).0 {
                    CKR_OK => Ok(()),
                    code => Err(code),
                }
            }
            "keep" => {
                Box::leak(unhex(word()).into_boxed_slice());
                Ok(())
            }
            "fork" => return fork(pause).to_string(),
            "use in a child" => {
                let child = fork(|| drop(self.module.initialize()));
                let mut status = 0;
                // SAFETY: room for the status of our own child.
                unsafe { libc::waitpid(child, &mut status, 0) };
                return child.to_string();
            }
            "exec" => return Command::new("sleep").arg("1000").spawn().expect("sleep").id().to_string(),
            "abort" => dumped(),
            other => panic!("{other:?}: what is that?"),
        };
        match outcome {
            Ok(()) => name(CKR_OK).to_owned(),
            Err(code) => name(code).to_owned(),
        }
    }

    fn open(&mut self, label: &str) -> Result<(), CK_RV> {
        let slot = self.module.slot(label)?;
        let session = self.module.open_with(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION)?;
        self.sessions.push(session);
        Ok(())
    }

    /// Makes a secret key of this kind and gives its handle. Nothing of its value stays here.
    fn create(&self, which: &str, kind: CK_KEY_TYPE, value: &str) -> String {
        let (mut class, mut kind, mut yes, mut no) = (CKO_SECRET_KEY, kind, CK_TRUE, CK_FALSE);
        let mut object = 0;
        let outcome = with_bytes(value, |value| {
            let mut template = [
                attribute(CKA_CLASS, (&raw mut class).cast(), size_of_val(&class)),
                attribute(CKA_KEY_TYPE, (&raw mut kind).cast(), size_of_val(&kind)),
                attribute(CKA_VALUE, value.as_mut_ptr(), value.len()),
                attribute(CKA_PRIVATE, &raw mut no, 1),
                attribute(CKA_SENSITIVE, &raw mut no, 1),
                attribute(CKA_EXTRACTABLE, &raw mut yes, 1),
                attribute(CKA_SIGN, &raw mut yes, 1),
                attribute(CKA_ENCRYPT, &raw mut yes, 1),
                attribute(CKA_DECRYPT, &raw mut yes, 1),
            ];
            let (session, count) = (self.session(which).handle(), template.len() as CK_ULONG);
            call!(self.module, C_CreateObject(session, template.as_mut_ptr(), count, &mut object))
        });
        outcome.map_or_else(|code| name(code).to_owned(), |()| object.to_string())
    }

    fn value(&self, which: &str, object: CK_OBJECT_HANDLE) -> Result<(), CK_RV> {
        with_bytes(&"00".repeat(64), |room| {
            let mut value = attribute(CKA_VALUE, room.as_mut_ptr(), room.len());
            call!(self.module, C_GetAttributeValue(self.session(which).handle(), object, &mut value, 1))
        })
    }

    /// Searches for an object by its value.
    fn find(&self, which: &str, value: &str) -> Result<(), CK_RV> {
        let session = self.session(which).handle();
        with_bytes(value, |value| {
            let mut template = attribute(CKA_VALUE, value.as_mut_ptr(), value.len());
            call!(self.module, C_FindObjectsInit(session, &mut template, 1))
        })?;
        let (mut found, mut count) = ([0; 4], 0);
        call!(self.module, C_FindObjects(session, found.as_mut_ptr(), 4, &mut count))?;
        call!(self.module, C_FindObjectsFinal(session))?;
        if count == 1 { Ok(()) } else { Err(CKR_GENERAL_ERROR) }
    }

    fn digest_key(&self, which: &str, key: CK_OBJECT_HANDLE) -> Result<(), CK_RV> {
        let session = self.session(which);
        session.begin(Making::Digest, &Mechanism::plain(CKM_SHA256), 0)?;
        call!(self.module, C_DigestKey(session.handle(), key))?;
        session.finish(Making::Digest).map(drop)
    }

    /// What an operation with a secret key makes of some bytes.
    fn with_key(
        &self,
        which: &str,
        mechanism: CK_MECHANISM_TYPE,
        key: CK_OBJECT_HANDLE,
        making: Making,
        data: &str,
    ) -> Result<(), CK_RV> {
        let session = self.session(which);
        session.begin(making, &Mechanism::plain(mechanism), key)?;
        with_bytes(&"00".repeat(128), |room| {
            let (code, _) = with_bytes_in(&DATA, data, |data| session.whole(making, data, Some(room)));
            if code == CKR_OK { Ok(()) } else { Err(code) }
        })
    }

    /// Agrees with itself on a secret, which becomes a key: gives its handle, and its value as digits.
    fn derive(&self, which: &str, id: u8) -> Result<String, CK_RV> {
        let session = self.session(which);
        let point = session.attribute(session.object(CKO_PUBLIC_KEY, id)?, CKA_EC_POINT)?;
        let template = Template::new()
            .number(CKA_CLASS, CKO_SECRET_KEY)
            .number(CKA_KEY_TYPE, CKK_GENERIC_SECRET)
            .flag(CKA_SENSITIVE, false)
            .flag(CKA_EXTRACTABLE, true);
        let private = session.object(CKO_PRIVATE_KEY, id)?;
        let key = session.derive(&Mechanism::ecdh(CKM_ECDH1_DERIVE, &point), private, &template)?;
        with_bytes(&"00".repeat(48), |room| {
            let mut value = attribute(CKA_VALUE, room.as_mut_ptr(), room.len());
            call!(self.module, C_GetAttributeValue(session.handle(), key, &mut value, 1))?;
            let digits: String = room.iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(format!("{key} {digits}"))
        })
    }

    /// Encrypts with the card's public key, and has the card decrypt it.
    fn decipher(&self, which: &str, id: u8, data: &str) -> Result<(), CK_RV> {
        let session = self.session(which);
        let mechanism = Mechanism::plain(CKM_RSA_PKCS);
        session.begin(Making::Encrypt, &mechanism, session.object(CKO_PUBLIC_KEY, id)?)?;
        let mut sealed = vec![0; 512];
        let (code, length) =
            with_bytes_in(&DATA, data, |data| session.whole(Making::Encrypt, data, Some(&mut sealed)));
        answered(code)?;
        session.begin(Making::Decrypt, &mechanism, session.object(CKO_PRIVATE_KEY, id)?)?;
        let sealed = &sealed[..length];
        let (code, length) =
            with_bytes(&"00".repeat(128), |room| session.whole(Making::Decrypt, sealed, Some(room)));
        answered(code)?;
        if length == data.len() / 2 { Ok(()) } else { Err(CKR_GENERAL_ERROR) }
    }

    fn session(&self, which: &str) -> &Session<'static> {
        &self.sessions[number(which) as usize]
    }
}

/// Ends with a dump, if this system permits any.
fn dumped() -> ! {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: room for the limits.
    unsafe { libc::getrlimit(libc::RLIMIT_CORE, &mut limit) };
    limit.rlim_cur = limit.rlim_max;
    // SAFETY: the limits are there.
    unsafe { libc::setrlimit(libc::RLIMIT_CORE, &limit) };
    std::process::abort()
}

fn number(word: &str) -> CK_ULONG {
    word.parse().expect("a number")
}

/// Where bytes are for as long as something is done with them; then they are overwritten.
type Place = Mutex<[u8; 128]>;
static BYTES: Place = Mutex::new([0; 128]);
static DATA: Place = Mutex::new([0; 128]);

fn with_bytes<R>(digits: &str, act: impl FnOnce(&mut [u8]) -> R) -> R {
    with_bytes_in(&BYTES, digits, act)
}

fn with_bytes_in<R>(place: &Place, digits: &str, act: impl FnOnce(&mut [u8]) -> R) -> R {
    let mut bytes = place.lock().expect("one thread");
    let length = digits.len() / 2;
    for (at, byte) in bytes[..length].iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("hexadecimal");
    }
    let result = act(&mut bytes[..length]);
    bytes.fill(0);
    std::hint::black_box(&*bytes);
    result
}

fn attribute(kind: CK_ATTRIBUTE_TYPE, value: *mut u8, length: usize) -> CK_ATTRIBUTE {
    CK_ATTRIBUTE { type_: kind, pValue: value.cast(), ulValueLen: length as CK_ULONG }
}

fn unhex(word: &str) -> Vec<u8> {
    let digits = word.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// A child that does this, and ends.
fn fork(deed: impl FnOnce()) -> libc::pid_t {
    // SAFETY: this program has one thread, so the child may do what the parent may.
    match unsafe { libc::fork() } {
        0 => {
            deed();
            // SAFETY: ends the child at once: what is still buffered is the parent's.
            unsafe { libc::_exit(0) }
        }
        child => child,
    }
}

/// Until it is killed.
fn pause() {
    loop {
        // SAFETY: a plain system call.
        unsafe { libc::pause() };
    }
}

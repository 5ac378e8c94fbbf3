//! Mechanisms with parameters and templates as a program in C gives them: any numbers, lengths that lie, pointers to
//! memory that is there. What is written stays inside of what was said, and nothing that was only to be read changes.
#![no_main]

use cryptoki_sys::*;
use fuzz::linked::PINS;
use fuzz::objects::ATTRIBUTES;
use fuzz::{Input, Linked};
use kit::{Module, Session, Template, bytes, call, called, functions_3_2, mechanism};
use libfuzzer_sys::fuzz_target;

/// EC keys; RSA keys.
const CARDS: [&str; 2] = ["fineid-v4.0", "fineid-v3.1"];
const MECHANISMS: &[CK_MECHANISM_TYPE] = &[
    CKM_RSA_PKCS,
    CKM_RSA_PKCS_PSS,
    CKM_SHA256_RSA_PKCS_PSS,
    CKM_RSA_PKCS_OAEP,
    CKM_ECDSA,
    CKM_ECDSA_SHA256,
    CKM_ECDH1_DERIVE,
    CKM_ECDH1_COFACTOR_DERIVE,
    CKM_SHA256,
    CKM_SHA256_HMAC,
    CKM_SHA256_HMAC_GENERAL,
    CKM_AES_KEY_WRAP,
    CKM_AES_KEY_WRAP_PAD,
    CKM_AES_CBC,
];
/// Numbers that mean something in a parameter or a template.
const NUMBERS: &[CK_ULONG] = &[
    CKM_SHA256,
    CKG_MGF1_SHA256,
    32,
    CKM_SHA384,
    CKG_MGF1_SHA384,
    48,
    CKM_SHA_1,
    CKG_MGF1_SHA1,
    20,
    CKD_NULL,
    CKD_SHA256_KDF,
    CKZ_DATA_SPECIFIED,
    0,
    CK_ULONG::MAX,
    1,
    CKO_SECRET_KEY,
    CKK_GENERIC_SECRET,
    CKK_AES,
    CKO_DATA,
    CKO_PUBLIC_KEY,
    CKK_EC,
    CKK_RSA,
    CKO_CERTIFICATE,
    CKC_X_509,
];
/// Functions of an operation, by their place in the list.
#[derive(Clone, Copy)]
struct Operation {
    begin: usize,
    whole: usize,
    /// A part and the end, where it has parts.
    parts: Option<[usize; 2]>,
    /// A signature goes in; else something comes out.
    takes: bool,
}

const OPERATIONS: &[Operation] = &[
    Operation { begin: 29, whole: 30, parts: Some([31, 32]), takes: false },
    Operation { begin: 33, whole: 34, parts: Some([35, 36]), takes: false },
    Operation { begin: 37, whole: 38, parts: Some([39, 41]), takes: false },
    Operation { begin: 42, whole: 43, parts: Some([44, 45]), takes: false },
    Operation { begin: 46, whole: 47, parts: None, takes: false },
    Operation { begin: 48, whole: 49, parts: Some([50, 51]), takes: true },
    Operation { begin: 52, whole: 53, parts: None, takes: false },
];
/// The largest memory that is lent.
const ROOM: usize = 1 << 12;
/// What stands where nothing is to be written.
const UNTOUCHED: u8 = 0xC3;

fuzz_target!(|data: &[u8]| {
    let mut input = Input::new(data);
    let linked = Linked::of_process();
    let card = input.one_of(&CARDS);
    let token = usize::from(input.byte() & 1);
    let _running = linked.begin(card, None);
    let slot = linked.module.slots(true).expect("slots")[token];
    let session = linked.module.open_with(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION).expect("a session");
    session.login(CKU_USER, PINS[token]).expect("the right PIN");
    for kind in [CKK_GENERIC_SECRET, CKK_AES] {
        session.create(&secret(kind)).expect("a session secret");
    }
    let program = Program {
        module: &linked.module,
        functions: functions_3_2(&linked.module),
        session: &session,
        objects: session.find(&[]).expect("objects"),
    };
    for _ in 0..32 {
        if input.is_empty() {
            break;
        }
        program.call(&mut input);
    }
});

/// A secret that works in every way.
fn secret(kind: CK_KEY_TYPE) -> Template {
    let named = Template::new().number(CKA_CLASS, CKO_SECRET_KEY).number(CKA_KEY_TYPE, kind);
    let uses = [CKA_SIGN, CKA_VERIFY, CKA_WRAP, CKA_UNWRAP, CKA_EXTRACTABLE];
    let able = uses.into_iter().fold(named, |template, usage| template.flag(usage, true));
    able.with(CKA_VALUE, &[7; 32])
}

struct Program<'a> {
    module: &'a Module,
    functions: Vec<Option<unsafe extern "C" fn() -> CK_RV>>,
    session: &'a Session<'a>,
    objects: Vec<CK_OBJECT_HANDLE>,
}

/// Memory that a program lends, and what it had in it.
struct Lent {
    memory: Box<[u8]>,
    before: Vec<u8>,
}

impl Lent {
    fn with(content: &[u8]) -> Self {
        let mut memory = vec![UNTOUCHED; ROOM].into_boxed_slice();
        let length = content.len().min(ROOM);
        memory[..length].copy_from_slice(&content[..length]);
        Self { before: memory.to_vec(), memory }
    }

    fn pointer<T>(&mut self) -> *mut T {
        self.memory.as_mut_ptr().cast()
    }

    /// So many bytes at its beginning may have changed, and no other.
    fn untouched_beyond(&self, written: usize) {
        let at = written.min(ROOM);
        assert!(self.memory[at..] == self.before[at..], "written beyond what was said");
    }
}

/// A length: of what is there, or any other for which there is memory.
fn length(input: &mut Input<'_>, true_length: usize) -> CK_ULONG {
    match input.byte() {
        0..200 => true_length as CK_ULONG,
        _ => (usize::from(input.short()) % (ROOM + 1)) as CK_ULONG,
    }
}

fn number(input: &mut Input<'_>) -> CK_ULONG {
    match input.byte() {
        0..200 => input.one_of(NUMBERS),
        _ => input.long(),
    }
}

/// A parameter: numbers, and in the places where a structure has them, pointers to other memory with its length.
struct Parameter {
    structure: Lent,
    _others: [Lent; 2],
    length: CK_ULONG,
    is_null: bool,
}

impl Parameter {
    fn read(input: &mut Input<'_>, kind: CK_MECHANISM_TYPE) -> Self {
        let mut others = [Lent::with(input.some()), Lent::with(input.some())];
        let [first, second] = &mut others;
        let mut fields: Vec<CK_ULONG> = match kind {
            CKM_RSA_PKCS_OAEP => {
                vec![
                    number(input),
                    number(input),
                    number(input),
                    first.pointer::<u8>() as CK_ULONG,
                    length(input, 0),
                ]
            }
            CKM_ECDH1_DERIVE | CKM_ECDH1_COFACTOR_DERIVE => vec![
                number(input),
                length(input, 0),
                first.pointer::<u8>() as CK_ULONG,
                length(input, 97),
                second.pointer::<u8>() as CK_ULONG,
            ],
            _ => vec![number(input), number(input), number(input)],
        };
        // NULL in the place of a pointer comes with any length.
        if input.byte() > 240 {
            fields.iter_mut().filter(|field| **field > CK_ULONG::from(u32::MAX)).for_each(|field| *field = 0);
        }
        let structure: Vec<u8> = fields.iter().flat_map(|field| field.to_ne_bytes()).collect();
        let (size, plain) = (structure.len(), input.byte() < 32);
        let length = if plain { 0 } else { length(input, size) };
        Self {
            structure: Lent::with(&structure),
            _others: others,
            length,
            is_null: plain || input.byte() > 250,
        }
    }

    fn mechanism(&mut self, kind: CK_MECHANISM_TYPE) -> CK_MECHANISM {
        let place = if self.is_null { std::ptr::null_mut() } else { self.structure.pointer() };
        CK_MECHANISM { pParameter: place, ulParameterLen: self.length, ..mechanism(kind) }
    }
}

/// Attributes, each with memory of its own.
struct Attributes(Vec<(CK_ATTRIBUTE, Lent)>);

impl Attributes {
    fn read(input: &mut Input<'_>) -> Self {
        let attribute = |input: &mut Input<'_>| {
            let type_ = if input.byte() < 230 { input.one_of(ATTRIBUTES) } else { input.long() };
            let content = match input.byte() % 3 {
                0 => bytes(number(input)).to_vec(),
                1 => vec![input.byte() & 1],
                _ => input.some().to_vec(),
            };
            let mut lent = Lent::with(&content);
            let size = length(input, content.len().min(ROOM));
            let place = if input.byte() > 240 { std::ptr::null_mut() } else { lent.pointer() };
            (CK_ATTRIBUTE { type_, pValue: place, ulValueLen: size }, lent)
        };
        Self((0..input.byte() % 8).map(|_| attribute(input)).collect())
    }

    fn raw(&self) -> Vec<CK_ATTRIBUTE> {
        self.0.iter().map(|(attribute, _)| *attribute).collect()
    }

    /// Beyond what was written there, each has what it had.
    fn judge(&self, after: &[CK_ATTRIBUTE], written: bool) {
        for ((given, lent), after) in self.0.iter().zip(after) {
            let was_given = written && after.ulValueLen != CK_UNAVAILABLE_INFORMATION;
            assert!(!was_given || given.pValue.is_null() || after.ulValueLen <= given.ulValueLen);
            lent.untouched_beyond(if was_given { after.ulValueLen as usize } else { 0 });
        }
    }
}

impl Program<'_> {
    fn object(&self, input: &mut Input<'_>) -> CK_OBJECT_HANDLE {
        match input.byte() {
            0..240 => input.one_of(&self.objects),
            _ => input.long(),
        }
    }

    fn call(&self, input: &mut Input<'_>) {
        match input.byte() % 8 {
            0..3 => self.begin(input),
            3 => self.derive(input),
            4 => self.attribute_values(input),
            5 => self.find(input),
            6 => self.wrap(input),
            _ => self.make(input),
        }
    }

    fn called(&self, place: usize, arguments: &[usize]) -> CK_RV {
        called(self.functions[place], &[&[self.session.handle() as usize], arguments].concat())
    }

    /// Begins an operation, and ends it.
    fn begin(&self, input: &mut Input<'_>) {
        let (kind, operation) = (input.one_of(MECHANISMS), input.one_of(OPERATIONS));
        let mut parameter = Parameter::read(input, kind);
        let mut chosen = parameter.mechanism(kind);
        let key = self.object(input);
        let code = self.called(operation.begin, &[(&raw mut chosen) as usize, key as usize]);
        parameter.structure.untouched_beyond(0);
        if code != CKR_OK {
            return;
        }
        let right = if kind == CKM_RSA_PKCS_OAEP { 40 } else { 24 };
        let is_right = parameter.length == 0 || parameter.length == right;
        assert!(is_right, "{} bytes were taken for a parameter of {kind:#x}", parameter.length);
        self.end(input, operation);
        self.called(operation.begin, &[0, 0]);
    }

    /// Gives data in one piece, or a part and the end.
    fn end(&self, input: &mut Input<'_>, operation: Operation) {
        let content = input.some();
        let (mut data, mut other) = (Lent::with(content), Lent::with(&[]));
        let given = length(input, 512);
        // The functions write to it behind the compiler's back.
        let (size, room) = (length(input, content.len().min(ROOM)), std::cell::Cell::new(given));
        let start = if input.byte() > 240 { 0 } else { other.pointer::<u8>() as usize };
        let last = if operation.takes { given as usize } else { room.as_ptr() as usize };
        let all = [data.pointer::<u8>() as usize, size as usize, start, last];
        match operation.parts.filter(|_| input.byte() & 1 == 1) {
            None => {
                self.called(operation.whole, &all);
            }
            Some([part, end]) => {
                self.called(part, &all);
                room.set(given);
                self.called(end, &[start, last]);
            }
        }
        data.untouched_beyond(0);
        other.untouched_beyond(if operation.takes { 0 } else { given as usize });
    }

    fn derive(&self, input: &mut Input<'_>) {
        let kind = input.one_of(&[CKM_ECDH1_DERIVE, CKM_ECDH1_COFACTOR_DERIVE]);
        let mut parameter = Parameter::read(input, kind);
        let mut chosen = parameter.mechanism(kind);
        let (base, template) = (self.object(input), Attributes::read(input));
        let (mut raw, mut made) = (template.raw(), 0);
        let size = raw.len() as CK_ULONG;
        let handle = self.session.handle();
        let _ = call!(self.module, C_DeriveKey(handle, &mut chosen, base, raw.as_mut_ptr(), size, &mut made));
        template.judge(&raw, false);
    }

    fn attribute_values(&self, input: &mut Input<'_>) {
        let (object, template) = (self.object(input), Attributes::read(input));
        let mut raw = template.raw();
        let (handle, size) = (self.session.handle(), raw.len() as CK_ULONG);
        let _ = call!(self.module, C_GetAttributeValue(handle, object, raw.as_mut_ptr(), size));
        template.judge(&raw, true);
    }

    fn find(&self, input: &mut Input<'_>) {
        let template = Attributes::read(input);
        let mut raw = template.raw();
        let (handle, size) = (self.session.handle(), raw.len() as CK_ULONG);
        let begun = call!(self.module, C_FindObjectsInit(handle, raw.as_mut_ptr(), size));
        template.judge(&raw, false);
        let room = usize::from(input.byte() % 16) + 1;
        let (mut found, mut count) = (Lent::with(&[]), 0);
        let outcome =
            call!(self.module, C_FindObjects(handle, found.pointer(), room as CK_ULONG, &mut count));
        assert_eq!(outcome.is_ok(), begun.is_ok());
        assert!(count as usize <= room);
        found.untouched_beyond(count as usize * size_of::<CK_OBJECT_HANDLE>());
        let _ = call!(self.module, C_FindObjectsFinal(handle));
    }

    /// Wraps a key, and unwraps what came, or anything.
    fn wrap(&self, input: &mut Input<'_>) {
        let kind = input.one_of(&[CKM_AES_KEY_WRAP, CKM_AES_KEY_WRAP_PAD, CKM_RSA_PKCS, CKM_RSA_PKCS_OAEP]);
        let mut parameter = Parameter::read(input, kind);
        let mut chosen = parameter.mechanism(kind);
        let (wrapping, key, handle) = (self.object(input), self.object(input), self.session.handle());
        let (mut room, mut wrapped) = (length(input, 512), Lent::with(&[]));
        let given = room;
        let outcome =
            call!(self.module, C_WrapKey(handle, &mut chosen, wrapping, key, wrapped.pointer(), &mut room));
        assert!(outcome.is_err() || room <= given);
        wrapped.untouched_beyond(if outcome.is_ok() { room as usize } else { 0 });
        let (template, mut made) = (Attributes::read(input), 0);
        let mut raw = template.raw();
        let size = raw.len() as CK_ULONG;
        let (any, content) = (input.some(), wrapped.pointer());
        let (start, of) = if any.is_empty() {
            (content, room.min(given))
        } else {
            (any.as_ptr().cast_mut(), any.len() as CK_ULONG)
        };
        let _ = call!(
            self.module,
            C_UnwrapKey(handle, &mut chosen, wrapping, start, of, raw.as_mut_ptr(), size, &mut made)
        );
        template.judge(&raw, false);
    }

    /// Makes an object, copies it, changes the copy, and destroys both.
    fn make(&self, input: &mut Input<'_>) {
        let (template, change) = (Attributes::read(input), Attributes::read(input));
        let (mut raw, mut changed) = (template.raw(), change.raw());
        let (handle, size, changes) =
            (self.session.handle(), raw.len() as CK_ULONG, changed.len() as CK_ULONG);
        let (mut made, mut copy) = (0, 0);
        if call!(self.module, C_CreateObject(handle, raw.as_mut_ptr(), size, &mut made)).is_err() {
            made = self.object(input);
        }
        let start = changed.as_mut_ptr();
        if call!(self.module, C_CopyObject(handle, made, start, changes, &mut copy)).is_ok() {
            let _ = call!(self.module, C_SetAttributeValue(handle, copy, start, changes));
            // A template may say that it cannot be destroyed.
            let stays = self.session.attribute(copy, CKA_DESTROYABLE) == Ok(vec![CK_FALSE]);
            let destroyed = call!(self.module, C_DestroyObject(handle, copy));
            assert_eq!(destroyed, if stays { Err(CKR_ACTION_PROHIBITED) } else { Ok(()) });
        }
        template.judge(&raw, false);
        change.judge(&changed, false);
    }
}

//! Any template: C_GetAttributeValue and C_FindObjectsInit with each attribute of each object by itself, and with
//! attributes, buffers and values by chance, held against what the attributes say when they are asked one by one. Behind
//! every buffer stands a guard page.

use super::Crooked;
use cryptoki_sys::*;
use kit::{Bench, Guarded, Session, call, holds_for, name, refused};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use std::collections::HashMap;
use std::ffi::c_void;
use std::ptr;

/// What an attribute of an object is, asked for by itself.
#[derive(Clone, Debug, PartialEq)]
enum Truth {
    Value(Vec<u8>),
    Sensitive,
    None,
}

/// Attributes that some object has, and some that none has.
const TYPES: [CK_ATTRIBUTE_TYPE; 30] = [
    CKA_CLASS,
    CKA_TOKEN,
    CKA_PRIVATE,
    CKA_LABEL,
    CKA_UNIQUE_ID,
    CKA_VALUE,
    CKA_ISSUER,
    CKA_SERIAL_NUMBER,
    CKA_SUBJECT,
    CKA_ID,
    CKA_CERTIFICATE_TYPE,
    CKA_CERTIFICATE_CATEGORY,
    CKA_START_DATE,
    CKA_END_DATE,
    CKA_KEY_TYPE,
    CKA_SENSITIVE,
    CKA_SIGN,
    CKA_VERIFY,
    CKA_DERIVE,
    CKA_MODULUS,
    CKA_PRIVATE_EXPONENT,
    CKA_EC_PARAMS,
    CKA_EC_POINT,
    CKA_ALWAYS_AUTHENTICATE,
    CKA_ALLOWED_MECHANISMS,
    CKA_KEY_GEN_MECHANISM,
    CKA_PUBLIC_KEY_INFO,
    CKA_PROFILE_ID,
    CKA_VENDOR_DEFINED | 0x4711,
    CK_ATTRIBUTE_TYPE::MAX,
];
const MOST: usize = 12;

type Attributes = HashMap<CK_ATTRIBUTE_TYPE, Truth>;
type Truths = Vec<(CK_OBJECT_HANDLE, Attributes)>;

fn truths(session: &Session<'_>) -> Truths {
    let objects = session.find(&[]).expect("all objects");
    let truth = |object, kind| match session.attribute(object, kind) {
        Ok(value) => Truth::Value(value),
        Err(CKR_ATTRIBUTE_SENSITIVE) => Truth::Sensitive,
        Err(CKR_ATTRIBUTE_TYPE_INVALID) => Truth::None,
        Err(code) => panic!("attribute {kind:#x}: {}", name(code)),
    };
    objects.into_iter().map(|object| (object, TYPES.map(|kind| (kind, truth(object, kind))).into())).collect()
}

struct Asked {
    bench: Bench,
    truths: Truths,
    /// For the template itself, and for each of its values.
    template: Guarded,
    values: [Guarded; MOST],
}

impl Asked {
    fn new() -> Self {
        let bench = Bench::new();
        let truths = truths(&bench.session);
        let values = std::array::from_fn(|_| Guarded::new());
        Self { bench, truths, template: Guarded::new(), values }
    }

    /// Puts a template at the end of memory.
    fn place(&self, attributes: &[CK_ATTRIBUTE]) -> *mut CK_ATTRIBUTE {
        let place = self.template.room::<CK_ATTRIBUTE>(attributes.len());
        // SAFETY: so many are there.
        unsafe { place.copy_from_nonoverlapping(attributes.as_ptr(), attributes.len()) };
        place
    }

    /// Asks an object for attributes, with or without room for each, and holds the answer against the truth.
    fn ask(
        &self,
        (object, truths): &(CK_OBJECT_HANDLE, Attributes),
        asked: &[(CK_ATTRIBUTE_TYPE, Option<usize>)],
    ) -> TestCaseResult {
        let template: Vec<CK_ATTRIBUTE> = asked
            .iter()
            .zip(&self.values)
            .map(|((kind, room), guarded)| CK_ATTRIBUTE {
                type_: *kind,
                pValue: room.map_or(ptr::null_mut(), |room| guarded.room::<u8>(room).cast()),
                ulValueLen: room.unwrap_or(0) as CK_ULONG,
            })
            .collect();
        let place = self.place(&template);
        let (handle, count) = (self.bench.session.handle(), template.len() as CK_ULONG);
        let outcome = call!(self.bench.world.module, C_GetAttributeValue(handle, *object, place, count));
        // SAFETY: the template is still there.
        let answers = unsafe { std::slice::from_raw_parts(place, template.len()) };
        let mut gravest = CKR_OK;
        for (((answer, given), (_, room)), guarded) in
            answers.iter().zip(&template).zip(asked).zip(&self.values)
        {
            prop_assert_eq!((answer.type_, answer.pValue), (given.type_, given.pValue));
            let (code, length) = match (&truths[&given.type_], room) {
                (Truth::Sensitive, _) => (CKR_ATTRIBUTE_SENSITIVE, None),
                (Truth::None, _) => (CKR_ATTRIBUTE_TYPE_INVALID, None),
                (Truth::Value(value), Some(room)) if *room < value.len() => (CKR_BUFFER_TOO_SMALL, None),
                (Truth::Value(value), _) => (CKR_OK, Some(value)),
            };
            let told = length.map_or(CK_UNAVAILABLE_INFORMATION, |value| value.len() as CK_ULONG);
            prop_assert_eq!(answer.ulValueLen, told, "{:#x}", given.type_);
            match (length, room) {
                (Some(value), Some(room)) => {
                    // SAFETY: the buffer is that long, and the value fits.
                    let written =
                        unsafe { std::slice::from_raw_parts(given.pValue.cast::<u8>(), value.len()) };
                    prop_assert_eq!(written, value.as_slice());
                    prop_assert!(guarded.written() <= *room, "{:#x}: written before the buffer", given.type_);
                }
                (None, Some(_)) => prop_assert_eq!(guarded.written(), 0, "{:#x}", given.type_),
                (_, None) => {}
            }
            if gravity(code) > gravity(gravest) {
                gravest = code;
            }
        }
        prop_assert_eq!(name(outcome.err().unwrap_or(CKR_OK)), name(gravest));
        Ok(())
    }
}

/// A buffer that a program offers for a value.
#[derive(Clone, Debug)]
enum Offer {
    /// None: it asks for the length.
    Nothing,
    /// So many bytes more than needed, or less.
    Near(i8),
    /// So many bytes.
    Bytes(u16),
}

fn offer() -> impl Strategy<Value = Offer> {
    prop_oneof![Just(Offer::Nothing), (-3..4_i8).prop_map(Offer::Near), (0..2500_u16).prop_map(Offer::Bytes)]
}

fn gravity(code: CK_RV) -> u8 {
    match code {
        CKR_ATTRIBUTE_SENSITIVE => 3,
        CKR_ATTRIBUTE_TYPE_INVALID => 2,
        CKR_BUFFER_TOO_SMALL => 1,
        _ => 0,
    }
}

/// What each object has, and what it has not, with every room that matters.
#[test]
fn an_attribute_is_written_whole_or_not_at_all() {
    let asked = Asked::new();
    let mut values = 0;
    for of_object in &asked.truths {
        for kind in TYPES {
            let mut rooms = vec![None, Some(0), Some(1)];
            if let Truth::Value(value) = &of_object.1[&kind] {
                values += 1;
                rooms.extend([value.len().saturating_sub(1), value.len()].map(Some));
            }
            for room in rooms {
                asked.ask(of_object, &[(kind, room)]).unwrap_or_else(|error| panic!("{kind:#x}: {error}"));
            }
        }
    }
    assert!(values > 40, "only {values} values were looked at");
}

#[test]
fn any_template_is_answered_attribute_by_attribute() {
    let bench = Asked::new();
    let asked = prop::collection::vec((prop::sample::select(TYPES.to_vec()), offer()), 0..=MOST);
    holds_for("templates", 1500, &(any::<prop::sample::Index>(), asked), |(object, asked)| {
        let of_object = object.get(&bench.truths);
        let asked: Vec<_> = asked
            .iter()
            .map(|(kind, offer)| {
                let needed = if let Truth::Value(value) = &of_object.1[kind] { value.len() } else { 4 };
                let room = match offer {
                    Offer::Nothing => None,
                    Offer::Near(more) => Some(needed.saturating_add_signed((*more).into())),
                    Offer::Bytes(bytes) => Some((*bytes).into()),
                };
                (*kind, room)
            })
            .collect();
        bench.ask(of_object, &asked)
    });
}

#[test]
fn values_of_a_template_are_checked() {
    let bench = Bench::new();
    let session = bench.session.handle();
    let mut class = CKO_CERTIFICATE;
    for (value, length, code) in [
        (ptr::null_mut(), 8, CKR_ARGUMENTS_BAD),
        // So long is no value: it is not read.
        (ptr::null_mut(), CK_ULONG::MAX, CKR_ATTRIBUTE_VALUE_INVALID),
        ((&raw mut class).cast::<c_void>(), 0xFFFF_FFFF, CKR_ATTRIBUTE_VALUE_INVALID),
        ((&raw mut class).cast::<c_void>(), CK_ULONG::MAX, CKR_ATTRIBUTE_VALUE_INVALID),
    ] {
        let mut template = [CK_ATTRIBUTE { type_: CKA_CLASS, pValue: value, ulValueLen: length }];
        refused(call!(bench.world.module, C_FindObjectsInit(session, template.as_mut_ptr(), 1)), code);
        // Nothing was begun.
        refused(call!(bench.world.module, C_FindObjectsFinal(session)), CKR_OPERATION_NOT_INITIALIZED);
    }
    // A value need not be aligned.
    let mut crooked = Crooked::new();
    // SAFETY: eight bytes of the room.
    unsafe { crooked.at::<CK_ULONG>().write_unaligned(CKO_CERTIFICATE) };
    let mut template = [CK_ATTRIBUTE { type_: CKA_CLASS, pValue: crooked.at(), ulValueLen: 8 }];
    call!(bench.world.module, C_FindObjectsInit(session, template.as_mut_ptr(), 1)).unwrap();
    call!(bench.world.module, C_FindObjectsFinal(session)).unwrap();
}

/// A value that a program looks for.
#[derive(Clone, Debug)]
enum Wanted {
    /// That of some object.
    Of(prop::sample::Index),
    /// The same, shorter or longer.
    Near(prop::sample::Index, i8),
    /// Nothing like it.
    Bytes(Vec<u8>),
}

impl Wanted {
    fn value(&self, truths: &Truths, kind: CK_ATTRIBUTE_TYPE) -> Vec<u8> {
        let of = |index: &prop::sample::Index| match &index.get(truths).1[&kind] {
            Truth::Value(value) => value.clone(),
            Truth::Sensitive | Truth::None => Vec::new(),
        };
        match self {
            Wanted::Of(index) => of(index),
            Wanted::Near(index, more) => {
                let mut value = of(index);
                value.resize(value.len().saturating_add_signed((*more).into()), 0);
                value
            }
            Wanted::Bytes(bytes) => bytes.clone(),
        }
    }
}

fn wanted() -> impl Strategy<Value = Wanted> {
    prop_oneof![
        6 => any::<prop::sample::Index>().prop_map(Wanted::Of),
        1 => (any::<prop::sample::Index>(), -2..3_i8).prop_map(|(index, more)| Wanted::Near(index, more)),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Wanted::Bytes),
    ]
}

#[test]
fn any_search_finds_the_objects_that_have_all_the_values() {
    let asked = Asked::new();
    let Asked { bench, truths, values, .. } = &asked;
    let (module, handle, places) = (bench.world.module, bench.session.handle(), Guarded::new());
    let looked_for = prop::collection::vec((prop::sample::select(TYPES.to_vec()), wanted()), 0..4);
    // Up to more than there are.
    holds_for("templates", 1500, &(looked_for, 1..truths.len() + 2), |(looked_for, step)| {
        let wanted: Vec<_> =
            looked_for.iter().map(|(kind, wanted)| (*kind, wanted.value(truths, *kind))).collect();
        let template: Vec<CK_ATTRIBUTE> = wanted
            .iter()
            .zip(values)
            .map(|((kind, value), guarded)| CK_ATTRIBUTE {
                type_: *kind,
                pValue: guarded.holding(value).cast(),
                ulValueLen: value.len() as CK_ULONG,
            })
            .collect();
        let begun =
            call!(module, C_FindObjectsInit(handle, asked.place(&template), template.len() as CK_ULONG));
        prop_assert_eq!(name(begun.err().unwrap_or(CKR_OK)), "CKR_OK");
        let has = |truths: &Attributes| {
            wanted.iter().all(|(kind, value)| truths[kind] == Truth::Value(value.clone()))
        };
        let expected: Vec<_> =
            truths.iter().filter(|(_, truths)| has(truths)).map(|(object, _)| *object).collect();
        // The call after the last object finds none.
        for rest in expected.chunks(step).chain([&[][..]]) {
            let (place, mut count) = (places.room::<CK_OBJECT_HANDLE>(step), 0);
            let outcome = call!(module, C_FindObjects(handle, place, step as CK_ULONG, &mut count));
            prop_assert_eq!(outcome, Ok(()));
            prop_assert_eq!(count as usize, rest.len());
            // SAFETY: the place has room for more.
            prop_assert_eq!(unsafe { std::slice::from_raw_parts(place, rest.len()) }, rest);
            prop_assert!(
                places.written() <= step * size_of::<CK_OBJECT_HANDLE>(),
                "written before the buffer"
            );
        }
        prop_assert_eq!(call!(module, C_FindObjectsFinal(handle)), Ok(()));
        Ok(())
    });
}

/// The most attributes that a template may have.
const MOST_ATTRIBUTES: usize = 4096;

#[test]
fn a_template_has_a_largest_size() {
    let bench = Bench::new();
    let (module, handle) = (bench.world.module, bench.session.handle());
    let empty = CK_ATTRIBUTE { type_: CKA_LABEL, pValue: ptr::null_mut(), ulValueLen: 0 };
    let mut object = 0;
    for (count, found, created) in [
        (MOST_ATTRIBUTES, CKR_OK, CKR_TEMPLATE_INCOMPLETE),
        (MOST_ATTRIBUTES + 1, CKR_ARGUMENTS_BAD, CKR_ARGUMENTS_BAD),
    ] {
        let mut template = vec![empty; count];
        let (start, size) = (template.as_mut_ptr(), count as CK_ULONG);
        let begun = call!(module, C_FindObjectsInit(handle, start, size));
        assert_eq!(name(begun.err().unwrap_or(CKR_OK)), name(found), "{count}");
        if begun.is_ok() {
            call!(module, C_FindObjectsFinal(handle)).unwrap();
        }
        refused(call!(module, C_CreateObject(handle, start, size, &mut object)), created);
        let told = call!(module, C_GetAttributeValue(handle, bench.key, start, size));
        assert_eq!(name(told.err().unwrap_or(CKR_OK)), name(found), "{count}");
    }
}

/// Each value is copied: many that lie in one place of the program's memory are many all the same.
#[test]
fn values_that_share_their_place_take_no_endless_memory() {
    let bench = Bench::new();
    let (module, handle) = (bench.world.module, bench.session.handle());
    let mut shared = vec![7_u8; 1 << 20];
    let attribute =
        CK_ATTRIBUTE { type_: CKA_VALUE, pValue: shared.as_mut_ptr().cast(), ulValueLen: 1 << 20 };
    let mut template = vec![attribute; MOST_ATTRIBUTES];
    let (start, size) = (template.as_mut_ptr(), MOST_ATTRIBUTES as CK_ULONG);
    let mut object = 0;
    refused(call!(module, C_FindObjectsInit(handle, start, size)), CKR_HOST_MEMORY);
    refused(call!(module, C_CreateObject(handle, start, size, &mut object)), CKR_HOST_MEMORY);
    refused(call!(module, C_SetAttributeValue(handle, bench.key, start, size)), CKR_HOST_MEMORY);
    // One such value is no more than a program may have.
    let data = kit::made::data(&shared);
    let made = bench.session.create(&data).expect("an object");
    assert_eq!(bench.session.attribute(made, CKA_VALUE).expect("its value"), shared);
}

//! Any template: C_GetAttributeValue and C_FindObjectsInit with attributes, buffers and values by chance, each held
//! against what the attributes say when they are asked one by one. Behind every buffer stands a guard page.

use cryptoki_sys::*;
use kit::{ANY, Guarded, PIN1, Session, World, call, holds_for, name};
use proptest::prelude::*;
use std::collections::HashMap;
use std::ptr;

/// What an attribute of an object is, asked for by itself.
#[derive(Clone, Debug, PartialEq)]
enum Truth {
    Value(Vec<u8>),
    Sensitive,
    None,
}

/// Attributes that some object has, and some that none has.
const TYPES: [CK_ATTRIBUTE_TYPE; 28] = [
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
    CKA_PUBLIC_KEY_INFO,
    CKA_PROFILE_ID,
    CKA_VENDOR_DEFINED | 0x4711,
    CK_ATTRIBUTE_TYPE::MAX,
];
const MOST: usize = 12;

type Truths = Vec<(CK_OBJECT_HANDLE, HashMap<CK_ATTRIBUTE_TYPE, Truth>)>;

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

struct Bench {
    // Dropped in this order.
    session: Session<'static>,
    _card: kit::InReader,
    world: World,
    truths: Truths,
    /// For the template itself, and for each of its values.
    template: Guarded,
    values: [Guarded; MOST],
}

impl Bench {
    fn new() -> Self {
        let (world, card) = World::with(ANY);
        let session = world.logged_in(PIN1);
        let truths = truths(&session);
        let values = std::array::from_fn(|_| Guarded::new());
        Self { session, _card: card, world, truths, template: Guarded::new(), values }
    }

    /// Puts a template at the end of memory.
    fn place(&self, attributes: &[CK_ATTRIBUTE]) -> *mut CK_ATTRIBUTE {
        let place = self.template.room::<CK_ATTRIBUTE>(attributes.len());
        // SAFETY: so many are there.
        unsafe { place.copy_from_nonoverlapping(attributes.as_ptr(), attributes.len()) };
        place
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

#[test]
fn any_template_is_answered_attribute_by_attribute() {
    let bench = Bench::new();
    let asked = prop::collection::vec((prop::sample::select(TYPES.to_vec()), offer()), 0..=MOST);
    holds_for("templates", 1500, &(any::<prop::sample::Index>(), asked), |(object, asked)| {
        let (object, truths) = object.get(&bench.truths);
        let rooms: Vec<Option<usize>> = asked
            .iter()
            .map(|(kind, offer)| {
                let needed = if let Truth::Value(value) = &truths[kind] { value.len() } else { 4 };
                match offer {
                    Offer::Nothing => None,
                    Offer::Near(more) => Some(needed.saturating_add_signed((*more).into())),
                    Offer::Bytes(bytes) => Some((*bytes).into()),
                }
            })
            .collect();
        let template: Vec<CK_ATTRIBUTE> = asked
            .iter()
            .zip(&rooms)
            .zip(&bench.values)
            .map(|(((kind, _), room), guarded)| CK_ATTRIBUTE {
                type_: *kind,
                pValue: room.map_or(ptr::null_mut(), |room| guarded.room::<u8>(room).cast()),
                ulValueLen: room.unwrap_or(0) as CK_ULONG,
            })
            .collect();
        let place = bench.place(&template);
        let (handle, count) = (bench.session.handle(), template.len() as CK_ULONG);
        let outcome = call!(bench.world.module, C_GetAttributeValue(handle, *object, place, count));
        // SAFETY: the template is still there.
        let answers = unsafe { std::slice::from_raw_parts(place, template.len()) };
        let mut gravest = CKR_OK;
        for (((answer, given), room), guarded) in answers.iter().zip(&template).zip(&rooms).zip(&bench.values)
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
    });
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
    let bench = Bench::new();
    let (module, handle) = (bench.world.module, bench.session.handle());
    let looked_for = prop::collection::vec((prop::sample::select(TYPES.to_vec()), wanted()), 0..4);
    holds_for("templates", 1500, &(looked_for, 1..10_usize), |(looked_for, step)| {
        let wanted: Vec<_> =
            looked_for.iter().map(|(kind, wanted)| (*kind, wanted.value(&bench.truths, *kind))).collect();
        let template: Vec<CK_ATTRIBUTE> = wanted
            .iter()
            .zip(&bench.values)
            .map(|((kind, value), guarded)| CK_ATTRIBUTE {
                type_: *kind,
                pValue: guarded.holding(value).cast(),
                ulValueLen: value.len() as CK_ULONG,
            })
            .collect();
        let begun =
            call!(module, C_FindObjectsInit(handle, bench.place(&template), template.len() as CK_ULONG));
        prop_assert_eq!(name(begun.err().unwrap_or(CKR_OK)), "CKR_OK");
        let mut found = Vec::new();
        loop {
            let (mut objects, mut count) = ([0; 10], 0);
            let most = step as CK_ULONG;
            let outcome = call!(module, C_FindObjects(handle, objects.as_mut_ptr(), most, &mut count));
            prop_assert_eq!(outcome, Ok(()));
            prop_assert!(count <= most);
            found.extend_from_slice(&objects[..count as usize]);
            if count == 0 {
                break;
            }
        }
        prop_assert_eq!(call!(module, C_FindObjectsFinal(handle)), Ok(()));
        let has = |truths: &HashMap<_, _>| {
            wanted.iter().all(|(kind, value)| truths[kind] == Truth::Value(value.clone()))
        };
        let expected: Vec<_> =
            bench.truths.iter().filter(|(_, truths)| has(truths)).map(|(object, _)| *object).collect();
        prop_assert_eq!(found, expected);
        Ok(())
    });
}

//! Pointers as programs give them. Every buffer is exactly as long as the program says, so that Miri (`make miri`)
//! sees each access beyond it, and each that is not aligned.

use super::template::MAX_VALUE;
use super::*;
use crate::p11::Fault::*;
use crate::p11::objects::Value;
use crate::p11::operations::mechanism::Parameter;
use crate::p11::operations::place::After;
use crate::p11::output::{Produced, Room};
use crate::p11::vendor::{CardStatus, Step};
use cryptoki_sys::*;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

/// More than any memory has.
const ENDLESS: CK_ULONG = CK_ULONG::MAX;

fn exactly<T: Clone>(value: T, count: usize) -> Box<[T]> {
    vec![value; count].into_boxed_slice()
}

/// A pointer that no `T` can be at.
fn misaligned<T>(room: &mut [T]) -> *mut T {
    room.as_mut_ptr().cast::<u8>().wrapping_add(1).cast()
}

fn attribute(value: &mut [u8]) -> CK_ATTRIBUTE {
    CK_ATTRIBUTE { type_: CKA_ID, pValue: value.as_mut_ptr().cast(), ulValueLen: value.len() as CK_ULONG }
}

fn mechanism<T>(kind: CK_MECHANISM_TYPE, parameter: &mut T, size: usize) -> CK_MECHANISM {
    let pointer: *mut T = parameter;
    CK_MECHANISM { mechanism: kind, pParameter: pointer.cast(), ulParameterLen: size as CK_ULONG }
}

fn read(mechanism: &CK_MECHANISM) -> Result<Parameter, Fault> {
    // SAFETY: the tests give parameters that are as long as they say.
    unsafe { read_mechanism(mechanism) }.map(|chosen| chosen.parameter)
}

#[test]
fn a_value_goes_to_its_place_alone() {
    let mut room = exactly(7 as CK_ULONG, 1);
    // SAFETY: room for one.
    let out = unsafe { Out::at(room.as_mut_ptr()) }.unwrap();
    out.put(8).unwrap();
    assert_eq!(*room, [8]);
    // What was there before need not be a value.
    let mut fresh = MaybeUninit::<CK_INFO>::uninit();
    // SAFETY: room for one.
    let out = unsafe { Out::at(fresh.as_mut_ptr()) }.unwrap();
    // SAFETY: an information of zeros is one.
    out.put(unsafe { MaybeUninit::zeroed().assume_init() }).unwrap();
    // SAFETY: NULL, which is refused.
    assert_eq!(unsafe { Out::<CK_ULONG>::at(null_mut()) }.err(), Some(ArgumentsBad));
    // SAFETY: misaligned, which is refused.
    assert_eq!(unsafe { Out::at(misaligned(&mut room)) }.err(), Some(ArgumentsBad));
}

#[test]
fn bytes_are_read_as_far_as_they_go() {
    let mut bytes = exactly(5_u8, 3);
    // SAFETY: three bytes are there.
    assert_eq!(unsafe { read_bytes(bytes.as_ptr(), 3) }.unwrap(), [5; 3]);
    // SAFETY: three bytes are there.
    unsafe { bytes_to_fill(bytes.as_mut_ptr(), 3) }.unwrap().fill(6);
    assert_eq!(*bytes, [6; 3]);
    // No bytes are anywhere, and at NULL too.
    for nowhere in [null(), bytes.as_ptr().wrapping_add(3)] {
        // SAFETY: nothing is read.
        assert!(unsafe { read_bytes(nowhere, 0) }.unwrap().is_empty());
        // SAFETY: nothing is written.
        assert!(unsafe { bytes_to_fill(nowhere.cast_mut(), 0) }.unwrap().is_empty());
    }
    for (start, count) in [(null(), 1), (bytes.as_ptr(), ENDLESS), (null(), ENDLESS)] {
        // SAFETY: NULL or too long, which is refused.
        assert_eq!(unsafe { read_bytes(start, count) }.err(), Some(ArgumentsBad));
        // SAFETY: as above.
        assert_eq!(unsafe { bytes_to_fill(start.cast_mut(), count) }.err(), Some(ArgumentsBad));
    }
}

#[test]
fn a_pin_at_null_is_none_only_where_that_is_allowed() {
    // SAFETY: NULL, which is refused.
    assert_eq!(unsafe { read_pin(null(), 0) }.err(), Some(ArgumentsBad));
    // SAFETY: NULL without a length.
    assert_eq!(unsafe { read_optional_pin(null(), 0) }, Ok(None));
    // SAFETY: NULL with a length, which is refused.
    assert_eq!(unsafe { read_optional_pin(null(), 4) }.err(), Some(ArgumentsBad));
    let pin = exactly(b'1', 4);
    // SAFETY: four bytes are there.
    assert_eq!(unsafe { read_optional_pin(pin.as_ptr(), 4) }.unwrap(), Some(&b"1111"[..]));
}

#[test]
fn a_list_is_as_long_as_its_room() {
    let values: [CK_SLOT_ID; 3] = [1, 2, 3];
    let mut count = exactly(0 as CK_ULONG, 1);
    // SAFETY: NULL asks for the length.
    unsafe { OutBuffer::at(null_mut(), count.as_mut_ptr()) }.unwrap().give(&values).unwrap();
    assert_eq!(*count, [3]);
    for (room, given) in [(2, Err(BufferTooSmall)), (3, Ok(())), (4, Ok(()))] {
        let mut places = exactly(0 as CK_SLOT_ID, room);
        count[0] = room as CK_ULONG;
        // SAFETY: so many places are there.
        let list = unsafe { OutBuffer::at(places.as_mut_ptr(), count.as_mut_ptr()) }.unwrap();
        assert_eq!(list.room(), Room::Buffer(room));
        assert_eq!(list.give(&values), given);
        assert_eq!(*count, [3]);
        let untouched = places.iter().filter(|place| **place == 0).count();
        assert_eq!(untouched, if given.is_ok() { room - 3 } else { room });
    }
    // SAFETY: NULL and misaligned pointers, which are refused.
    assert_eq!(unsafe { OutBuffer::<CK_SLOT_ID>::at(null_mut(), null_mut()) }.err(), Some(ArgumentsBad));
    let mut place = exactly(0 as CK_SLOT_ID, 1);
    // SAFETY: as above.
    let refused = unsafe { OutBuffer::at(misaligned(&mut place), count.as_mut_ptr()) };
    assert_eq!(refused.err(), Some(ArgumentsBad));
}

#[test]
fn what_was_produced_is_delivered_or_its_length() {
    let mut room = exactly(0_u8, 2);
    for (produced, outcome, told, content) in [
        (Produced::Length(9), Ok(After::Active), 9, [0, 0]),
        (Produced::TooSmall(9), Err(BufferTooSmall), 9, [0, 0]),
        (Produced::Bytes(vec![1].into()), Ok(After::Over), 1, [1, 0]),
    ] {
        let mut count: CK_ULONG = 2;
        // SAFETY: two bytes are there.
        let list = unsafe { OutBuffer::at(room.as_mut_ptr(), &raw mut count) }.unwrap();
        assert_eq!(list.deliver(produced), outcome);
        assert_eq!((count, &*room), (told, &content[..]));
    }
    // SAFETY: no place for a length: no answer is wanted.
    assert!(unsafe { optional_buffer(null_mut(), null_mut()) }.unwrap().is_none());
}

#[test]
fn no_more_is_found_than_has_room() {
    let mut places = exactly(0 as CK_OBJECT_HANDLE, 2);
    // SAFETY: two places are there.
    let room = unsafe { OutArray::at(places.as_mut_ptr(), 2) }.unwrap();
    assert_eq!(room.most(), 2);
    room.give(&[4, 5, 6]);
    assert_eq!(*places, [4, 5]);
    // SAFETY: more than can be, which is refused.
    assert_eq!(unsafe { OutArray::at(places.as_mut_ptr(), ENDLESS) }.err(), Some(ArgumentsBad));
}

#[test]
fn a_template_is_read_value_by_value() {
    let (mut first, mut second) = (exactly(1_u8, 3), exactly(2_u8, 1));
    let mut attributes = [attribute(&mut first), attribute(&mut second)];
    attributes[1].type_ = CKA_LABEL;
    // SAFETY: two attributes are there, and their values.
    let template = unsafe { read_template(attributes.as_ptr(), 2) }.unwrap();
    assert_eq!(template.get(CKA_ID), Some(&[1; 3][..]));
    assert_eq!(template.get(CKA_LABEL), Some(&[2][..]));
    // SAFETY: no attributes.
    assert!(unsafe { read_template(null(), 0) }.is_ok());
    attributes[1].ulValueLen = MAX_VALUE + 1;
    // SAFETY: a value that is not read, because of its length.
    assert_eq!(unsafe { read_template(attributes.as_ptr(), 2) }.err(), Some(AttributeValueInvalid));
    attributes[1] = CK_ATTRIBUTE { type_: CKA_LABEL, pValue: null_mut(), ulValueLen: 1 };
    for (start, count) in [(attributes.as_ptr(), 2), (null(), 1), (attributes.as_ptr(), 4097)] {
        // SAFETY: a value at NULL, no attributes at NULL, and too many: all refused.
        assert_eq!(unsafe { read_template(start, count) }.err(), Some(ArgumentsBad));
    }
}

#[test]
fn a_template_is_filled_in_whatever_is_wrong_with_one_attribute() {
    let (mut large, mut small) = (exactly(0_u8, 4), exactly(0_u8, 2));
    let mut attributes =
        [attribute(&mut large), attribute(&mut small), attribute(&mut []), attribute(&mut [])];
    attributes[2].pValue = null_mut();
    attributes[3].type_ = CKA_LABEL;
    // SAFETY: four attributes are there, and room for their values.
    let answers = unsafe { AttributesOut::at(attributes.as_mut_ptr(), 4) }.unwrap();
    let known = |kind| if kind == CKA_ID { Value::Is(vec![9; 3].into()) } else { Value::None };
    assert_eq!(answers.fill(known), Err(AttributeTypeInvalid));
    let lengths = attributes.map(|attribute| attribute.ulValueLen);
    assert_eq!(lengths, [3, CK_UNAVAILABLE_INFORMATION, 3, CK_UNAVAILABLE_INFORMATION]);
    assert_eq!((&*large, &*small), (&[9, 9, 9, 0][..], &[0, 0][..]));
    // A secret is the gravest.
    // SAFETY: as above.
    let answers = unsafe { AttributesOut::at(attributes.as_mut_ptr(), 4) }.unwrap();
    assert_eq!(answers.fill(|_| Value::Sensitive), Err(AttributeSensitive));
}

#[test]
fn parameters_are_read_in_the_mechanisms_shape_alone() {
    let mut pss = CK_RSA_PKCS_PSS_PARAMS { hashAlg: CKM_SHA256, mgf: CKG_MGF1_SHA256, sLen: 32 };
    let whole = size_of_val(&pss);
    let read_pss = Parameter::Pss { hash: CKM_SHA256, mgf: CKG_MGF1_SHA256, salt: 32 };
    assert_eq!(read(&mechanism(CKM_RSA_PKCS_PSS, &mut pss, whole)), Ok(read_pss.clone()));
    for size in [1, whole - 1, whole + 1] {
        assert_eq!(read(&mechanism(CKM_RSA_PKCS_PSS, &mut pss, size)), Ok(Parameter::Other));
    }
    assert_eq!(read(&mechanism(CKM_RSA_PKCS_PSS, &mut pss, 0)), Ok(Parameter::None));
    // To a mechanism that takes none, and to one that nobody knows.
    for kind in [CKM_ECDSA, CKM_VENDOR_DEFINED] {
        assert_eq!(read(&mechanism(kind, &mut pss, whole)), Ok(Parameter::Other));
    }
    let nowhere = CK_MECHANISM {
        mechanism: CKM_RSA_PKCS_PSS,
        pParameter: null_mut(),
        ulParameterLen: whole as CK_ULONG,
    };
    assert_eq!(read(&nowhere), Ok(Parameter::Other));
    // Where a program put it without regard to alignment.
    let mut packed = exactly(0_u8, whole + 1);
    let place = packed.as_mut_ptr().wrapping_add(1);
    // SAFETY: so many bytes are behind the first one.
    unsafe { place.cast::<CK_RSA_PKCS_PSS_PARAMS>().write_unaligned(pss) };
    let packed = CK_MECHANISM {
        mechanism: CKM_RSA_PKCS_PSS,
        pParameter: place.cast(),
        ulParameterLen: whole as CK_ULONG,
    };
    assert_eq!(read(&packed), Ok(read_pss));
}

#[test]
fn what_a_parameter_points_to_is_read_as_far_as_it_says() {
    let (mut point, mut shared) = (exactly(4_u8, 97), exactly(1_u8, 2));
    let mut ecdh = CK_ECDH1_DERIVE_PARAMS {
        kdf: CKD_NULL,
        ulSharedDataLen: 2,
        pSharedData: shared.as_mut_ptr(),
        ulPublicDataLen: 97,
        pPublicData: point.as_mut_ptr(),
    };
    let size = size_of_val(&ecdh);
    let expected = Parameter::Ecdh { kdf: CKD_NULL, shared: vec![1; 2], point: vec![4; 97] };
    assert_eq!(read(&mechanism(CKM_ECDH1_DERIVE, &mut ecdh, size)), Ok(expected));
    ecdh.ulPublicDataLen = ENDLESS;
    assert_eq!(read(&mechanism(CKM_ECDH1_DERIVE, &mut ecdh, size)), Ok(Parameter::Other));
    (ecdh.ulPublicDataLen, ecdh.pPublicData) = (1, null_mut());
    assert_eq!(read(&mechanism(CKM_ECDH1_DERIVE, &mut ecdh, size)), Err(ArgumentsBad));
}

#[test]
fn a_mechanism_at_null_cancels_where_that_is_allowed() {
    // SAFETY: NULL.
    assert!(unsafe { read_optional_mechanism(null()) }.unwrap().is_none());
    // SAFETY: NULL, which is refused.
    assert_eq!(unsafe { read_mechanism(null()) }.err(), Some(ArgumentsBad));
}

#[test]
fn arguments_of_initialization_are_optional() {
    // SAFETY: NULL.
    assert_eq!(unsafe { read_init_args(null()) }.unwrap().callbacks, 0);
    // SAFETY: all zeros are such arguments.
    let mut args: CK_C_INITIALIZE_ARGS = unsafe { MaybeUninit::zeroed().assume_init() };
    args.flags = CKF_OS_LOCKING_OK;
    // SAFETY: they are there.
    let read = unsafe { read_init_args((&raw const args).cast()) }.unwrap();
    assert_eq!((read.callbacks, read.flags, read.reserved), (0, CKF_OS_LOCKING_OK, false));
}

#[test]
fn names_and_versions_are_read_to_their_end() {
    let name = exactly(0_u8, 1);
    // SAFETY: a string of no characters.
    assert_eq!(unsafe { read_interface_name(name.as_ptr()) }, Ok(Some(Vec::new())));
    // SAFETY: NULL.
    assert_eq!(unsafe { read_interface_name(null()) }, Ok(None));
    let version = CK_VERSION { major: 3, minor: 2 };
    // SAFETY: a version is there.
    let read = unsafe { read_version(&raw const version) }.unwrap();
    assert_eq!(read.map(|read| (read.major, read.minor)), Some((3, 2)));
    // SAFETY: NULL.
    assert!(unsafe { read_version(null()) }.unwrap().is_none());
}

#[test]
fn a_structure_that_grows_is_not_written_where_it_is_smaller() {
    let mut size = size_of::<CardStatus>() as CK_ULONG - 1;
    // SAFETY: its first member is there, and it is refused because of that.
    let place = unsafe { sized_out((&raw mut size).cast::<CardStatus>()) };
    assert_eq!(place.err(), Some(ArgumentsBad));
    // SAFETY: NULL.
    assert!(unsafe { optional_sized_out::<CardStatus>(null_mut()) }.unwrap().is_none());
    // SAFETY: as above.
    assert_eq!(unsafe { sized_out::<CardStatus>(null_mut()) }.err(), Some(ArgumentsBad));
}

#[test]
fn an_activation_is_read_with_its_code_and_pins() {
    extern "C" fn noted(_: *const Step, context: *mut c_void) {
        // SAFETY: the context is the counter below.
        unsafe { *context.cast::<u32>() += 1 };
    }
    let (code, pin) = (exactly(b'1', 7), exactly(b'2', 4));
    let mut told = 0_u32;
    let mut activation = Activation {
        size: size_of::<Activation>() as CK_ULONG,
        flags: 0,
        code: code.as_ptr(),
        code_length: 7,
        pin1: pin.as_ptr(),
        pin1_length: 4,
        pin2: null(),
        pin2_length: 0,
        progress: Some(noted),
        context: (&raw mut told).cast(),
    };
    // SAFETY: all that it names is there.
    let call = unsafe { ActivationCall::at(&raw const activation) }.unwrap();
    assert_eq!(call.request.code, b"1111111");
    assert_eq!(call.request.new, [Some(&b"2222"[..]), None]);
    // SAFETY: a step of zeros is one.
    call.tell(&unsafe { MaybeUninit::zeroed().assume_init() });
    assert_eq!(told, 1);
    activation.pin2_length = 6;
    // SAFETY: a PIN at NULL that has a length, which is refused.
    assert_eq!(unsafe { ActivationCall::at(&raw const activation) }.err(), Some(ArgumentsBad));
}

//! How operations end and stay (§5.2), and which there may be at once: one table for all functions that make something.

use cryptoki_sys::*;
use kit::openssl::{self, Padding};
use kit::{InReader, PIN1, RSA, Watched, World, made, name, no_mechanism, refused};
use kit::{Making, Mechanism, Session, call, call_in};
use std::ptr;

/// DigestInfo of SHA-256 (RFC 8017 §9.2), and a digest.
const DIGEST_INFO: &[u8] = b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20\
    0123456789ABCDEF0123456789ABCDEF";
const MESSAGE: &[u8] = b"a message";

/// One operation: what begins it, what goes in, and what it refuses.
struct Case {
    making: Making,
    mechanism: CK_MECHANISM_TYPE,
    key: CK_OBJECT_HANDLE,
    data: Vec<u8>,
    /// Data that it cannot take, where there are such.
    refused: Option<(Vec<u8>, CK_RV)>,
    /// Length of the result.
    length: usize,
    /// Is the result always the same?
    expected: Option<Vec<u8>>,
}

/// A logged-in session with an RSA card, and the table.
struct Bench {
    // Dropped in this order.
    session: Session<'static>,
    card: InReader,
    world: World,
    cases: Vec<Case>,
}

impl Bench {
    fn new() -> Self {
        let (world, card) = World::with(RSA);
        let session = world.logged_in(PIN1);
        let public = session.object(CKO_PUBLIC_KEY, 0x45).unwrap();
        let private = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        let secret = session.create(&made::secret(b"a secret")).unwrap();
        let signature =
            session.made(Making::SignRecover, &Mechanism::plain(CKM_RSA_PKCS), private, DIGEST_INFO).unwrap();
        let cryptogram = openssl::encrypt(&card.certificate("auth"), Padding::Pkcs1, MESSAGE);
        let mut wrong = signature.clone();
        wrong[100] ^= 1;
        let case = |making, mechanism, key, data: &[u8], length, expected: Option<&[u8]>| Case {
            making,
            mechanism,
            key,
            data: data.to_vec(),
            refused: None,
            length,
            expected: expected.map(<[u8]>::to_vec),
        };
        let failing = |case: Case, data: Vec<u8>, code| Case { refused: Some((data, code)), ..case };
        let digest = openssl::digest("sha256", MESSAGE);
        let mac = openssl::hmac("sha256", b"a secret", MESSAGE);
        let cases = vec![
            case(Making::Digest, CKM_SHA256, 0, MESSAGE, 32, Some(&digest)),
            case(Making::Sign, CKM_SHA256_HMAC, secret, MESSAGE, 32, Some(&mac)),
            failing(
                case(Making::SignRecover, CKM_RSA_PKCS, private, DIGEST_INFO, 256, Some(&signature)),
                vec![0; 246],
                CKR_DATA_LEN_RANGE,
            ),
            failing(
                case(Making::VerifyRecover, CKM_RSA_PKCS, public, &signature, 51, Some(DIGEST_INFO)),
                wrong,
                CKR_SIGNATURE_INVALID,
            ),
            failing(
                case(Making::Encrypt, CKM_RSA_PKCS, public, MESSAGE, 256, None),
                vec![0; 246],
                CKR_DATA_LEN_RANGE,
            ),
            failing(
                case(Making::Decrypt, CKM_RSA_PKCS, private, &cryptogram, MESSAGE.len(), Some(MESSAGE)),
                vec![0; 255],
                CKR_ENCRYPTED_DATA_LEN_RANGE,
            ),
        ];
        Self { session, card, world, cases }
    }

    fn begin(&self, case: &Case) -> Result<(), CK_RV> {
        self.session.begin(case.making, &Mechanism::plain(case.mechanism), case.key)
    }

    fn begun<'c>(&self, case: &'c Case) -> &'c Case {
        self.begin(case).unwrap_or_else(|code| panic!("{:?}: {}", case.making, name(code)));
        case
    }

    fn whole(&self, case: &Case, room: Option<usize>) -> (CK_RV, usize, Vec<u8>) {
        let mut buffer = room.map(|room| vec![0xEE; room]);
        let (code, length) = self.session.whole(case.making, &case.data, buffer.as_deref_mut());
        (code, length, buffer.unwrap_or_default())
    }

    #[track_caller]
    fn is_over(&self, case: &Case) {
        for room in [None, Some(512)] {
            let (code, ..) = self.whole(case, room);
            assert_eq!(name(code), name(CKR_OPERATION_NOT_INITIALIZED), "{:?}", case.making);
        }
    }
}

impl Case {
    #[track_caller]
    fn is_right(&self, result: &[u8]) {
        assert_eq!(result.len(), self.length, "{:?}", self.making);
        if let Some(expected) = &self.expected {
            assert_eq!(result, expected, "{:?}", self.making);
        }
    }
}

#[test]
fn without_a_beginning_there_is_no_end() {
    let bench = Bench::new();
    for case in &bench.cases {
        bench.is_over(case);
    }
    for making in [Making::Digest, Making::Sign, Making::Encrypt, Making::Decrypt] {
        refused(bench.session.feed(making, MESSAGE), CKR_OPERATION_NOT_INITIALIZED);
        for buffer in [None, Some(&mut [0; 512][..])] {
            let (code, _) = bench.session.last(making, buffer);
            assert_eq!(code, CKR_OPERATION_NOT_INITIALIZED, "{making:?}");
        }
    }
}

#[test]
fn asking_for_the_length_keeps_the_operation() {
    let bench = Bench::new();
    for case in &bench.cases {
        bench.begun(case);
        let (cost, ()) = bench.card.cost(|| {
            for _ in 0..3 {
                let (code, length, _) = bench.whole(case, None);
                assert_eq!(code, CKR_OK);
                assert!((case.length..=256).contains(&length), "{:?}: {length}", case.making);
            }
        });
        assert_eq!(cost, 0, "{:?} asks the card for a length", case.making);
        let (code, length, buffer) = bench.whole(case, Some(512));
        assert_eq!(code, CKR_OK, "{:?}: {}", case.making, name(code));
        case.is_right(&buffer[..length]);
        assert!(buffer[length..].iter().all(|byte| *byte == 0xEE), "{:?} writes too far", case.making);
        bench.is_over(case);
    }
}

#[test]
fn a_short_buffer_keeps_the_operation_and_an_exact_one_does() {
    let bench = Bench::new();
    for case in &bench.cases {
        bench.begun(case);
        for room in [0, 1, case.length - 1] {
            let (code, length, buffer) = bench.whole(case, Some(room));
            assert_eq!(name(code), name(CKR_BUFFER_TOO_SMALL), "{:?} {room}", case.making);
            assert!((case.length..=256).contains(&length), "{:?}: {length}", case.making);
            assert!(buffer.iter().all(|byte| *byte == 0xEE), "{:?} writes before it fits", case.making);
        }
        let (code, length, buffer) = bench.whole(case, Some(case.length));
        assert_eq!(name(code), name(CKR_OK), "{:?}", case.making);
        assert_eq!(length, case.length);
        case.is_right(&buffer);
        bench.is_over(case);
    }
}

#[test]
fn a_buffer_of_the_exact_length_does_at_once() {
    let bench = Bench::new();
    for case in &bench.cases {
        let (code, length, buffer) = bench.whole(bench.begun(case), Some(case.length));
        assert_eq!((code, length), (CKR_OK, case.length), "{:?}", case.making);
        case.is_right(&buffer);
    }
}

#[test]
fn any_other_failure_ends_the_operation() {
    let bench = Bench::new();
    for case in &bench.cases {
        let Some((data, expected)) = &case.refused else { continue };
        bench.begun(case);
        let (code, _) = bench.session.whole(case.making, data, Some(&mut [0; 512]));
        assert_eq!(name(code), name(*expected), "{:?}", case.making);
        bench.is_over(case);
    }
}

#[test]
fn an_invalid_signature_is_told_before_a_short_buffer() {
    let bench = Bench::new();
    let case = bench.cases.iter().find(|case| case.making == Making::VerifyRecover).unwrap();
    let (data, expected) = case.refused.as_ref().unwrap();
    bench.begun(case);
    let (code, _) = bench.session.whole(case.making, data, Some(&mut []));
    assert_eq!(name(code), name(*expected));
    bench.begun(case);
    let (code, _) = bench.session.whole(case.making, &data[1..], Some(&mut []));
    assert_eq!(name(code), name(CKR_SIGNATURE_LEN_RANGE));
}

#[test]
fn one_of_each_kind_in_a_session_and_no_mechanism_ends_it() {
    let bench = Bench::new();
    for case in &bench.cases {
        bench.session.cancel(case.making).unwrap();
        bench.begun(case);
        refused(bench.begin(case), CKR_OPERATION_ACTIVE);
        bench.session.cancel(case.making).unwrap();
        bench.is_over(case);
        bench.begun(case);
        // The refusal of a second one has not touched the first.
        refused(bench.begin(case), CKR_OPERATION_ACTIVE);
        case.is_right(&bench.session.make(case.making, &case.data).unwrap());
    }
}

/// After a short buffer the program may come with other data: it gets what is made of those.
#[test]
fn other_data_have_another_result() {
    let bench = Bench::new();
    let private = bench.cases[2].key;
    let other_info = [&DIGEST_INFO[..19], &[7; 32]].concat();
    let other_signature =
        bench.session.made(Making::SignRecover, &Mechanism::plain(CKM_RSA_PKCS), private, &other_info);
    let other_message = b"another message, and a longer one";
    let other_cryptogram = openssl::encrypt(&bench.card.certificate("auth"), Padding::Pkcs1, other_message);
    for (making, data, expected) in [
        (Making::VerifyRecover, other_signature.unwrap(), other_info),
        (Making::Decrypt, other_cryptogram, other_message.to_vec()),
    ] {
        let case = bench.cases.iter().find(|case| case.making == making).unwrap();
        bench.begun(case);
        assert_eq!(bench.whole(case, Some(1)).0, CKR_BUFFER_TOO_SMALL, "{making:?}");
        // Also where the other ones are refused.
        let mut buffer = [0; 512];
        let (code, length) = bench.session.whole(making, &data, Some(&mut buffer));
        assert_eq!(name(code), name(CKR_OK), "{making:?}");
        assert_eq!(buffer[..length], expected, "{making:?}");
        bench.is_over(case);
        bench.begun(case);
        assert_eq!(bench.whole(case, Some(1)).0, CKR_BUFFER_TOO_SMALL, "{making:?}");
        let (code, _) = bench.session.whole(making, &data[1..], Some(&mut buffer));
        assert_ne!(code, CKR_OK, "{making:?}");
        bench.is_over(case);
    }
}

/// The output that waits for room is the card's work of one time.
#[test]
fn the_same_data_are_not_decrypted_twice() {
    let bench = Bench::new();
    let case = bench.cases.iter().find(|case| case.making == Making::Decrypt).unwrap();
    bench.begun(case);
    assert_eq!(bench.whole(case, Some(1)).0, CKR_BUFFER_TOO_SMALL);
    let (cost, (code, length, buffer)) = bench.card.cost(|| bench.whole(case, Some(512)));
    assert_eq!((code, cost), (CKR_OK, 0));
    case.is_right(&buffer[..length]);
}

/// The calls that go on with an operation or end it, with arguments that are all bad: it is over (§5.10.2, §5.12.2,
/// §5.13.2, §5.15.2).
#[test]
fn a_bad_argument_ends_the_operation_too() {
    let bench = Bench::new();
    let (list, handle) = (bench.world.module.v2_40(), bench.session.handle());
    let (mut room, mut length) = ([1_u8; 512], 512);
    let (data, count) = (room.as_mut_ptr(), &raw mut length);
    let none = ptr::null_mut::<CK_BYTE>();
    let nowhere = ptr::null_mut::<CK_ULONG>();
    // SAFETY: one byte into the room, where it is aligned for nothing.
    let crooked = unsafe { data.add(1 + data.align_offset(8)) }.cast::<CK_ULONG>();
    // The data, the place for the length, and data of impossible length.
    macro_rules! calls {
        ($whole:ident $(, $also:ident($($argument:expr),*))*) => {
            vec![
                Box::new(|| call_in!(list, $whole(handle, none, 4, data, count))) as Begin<'_>,
                Box::new(|| call_in!(list, $whole(handle, data, 4, data, nowhere))),
                Box::new(|| call_in!(list, $whole(handle, data, 4, data, crooked))),
                Box::new(|| call_in!(list, $whole(handle, data, CK_ULONG::MAX, data, count))),
                $(Box::new(|| call_in!(list, $also(handle $(, $argument)*)))),*
            ]
        };
    }
    let calls = [
        (
            Making::Digest,
            calls![
                C_Digest,
                C_DigestUpdate(none, 4),
                C_DigestUpdate(data, CK_ULONG::MAX),
                C_DigestFinal(data, nowhere)
            ],
        ),
        (Making::Sign, calls![C_Sign, C_SignUpdate(none, 4), C_SignFinal(data, nowhere)]),
        (Making::SignRecover, calls![C_SignRecover]),
        (Making::VerifyRecover, calls![C_VerifyRecover]),
        (
            Making::Encrypt,
            calls![C_Encrypt, C_EncryptUpdate(none, 4, data, count), C_EncryptFinal(data, nowhere)],
        ),
        (
            Making::Decrypt,
            calls![C_Decrypt, C_DecryptUpdate(none, 4, data, count), C_DecryptFinal(data, nowhere)],
        ),
    ];
    let (cost, ()) = bench.card.cost(|| {
        for (making, calls) in &calls {
            let case = bench.cases.iter().find(|case| case.making == *making).unwrap();
            for (at, bad) in calls.iter().enumerate() {
                // Where there is no operation, that is what is told.
                refused(bad(), CKR_OPERATION_NOT_INITIALIZED);
                bench.begun(case);
                let code = bad().unwrap_err();
                assert_eq!(name(code), name(CKR_ARGUMENTS_BAD), "{making:?}, call {at}");
                bench.is_over(case);
            }
        }
    });
    assert_eq!(cost, 0, "{}", bench.card.story());
}

#[test]
fn a_bad_argument_ends_a_verification_too() {
    let bench = Bench::new();
    let (list, handle, public) = (bench.world.module.v3_2(), bench.session.handle(), bench.cases[3].key);
    let mut room = [1_u8; 256];
    let (data, none) = (room.as_mut_ptr(), ptr::null_mut::<CK_BYTE>());
    let hashed = Mechanism::plain(CKM_SHA256_RSA_PKCS);
    let last = || bench.session.verify_init(&hashed, public);
    let first = || call_in!(list, C_VerifySignatureInit(handle, hashed.pointer(), public, data, 256));
    let calls: [(Begin<'_>, Begin<'_>); 6] = [
        (Box::new(last), Box::new(|| call_in!(list, C_Verify(handle, none, 4, data, 256)))),
        (Box::new(last), Box::new(|| call_in!(list, C_Verify(handle, data, 4, none, 256)))),
        (Box::new(last), Box::new(|| call_in!(list, C_VerifyUpdate(handle, none, 4)))),
        (Box::new(last), Box::new(|| call_in!(list, C_VerifyFinal(handle, none, 256)))),
        (Box::new(first), Box::new(|| call_in!(list, C_VerifySignature(handle, none, 4)))),
        (Box::new(first), Box::new(|| call_in!(list, C_VerifySignatureUpdate(handle, none, 4)))),
    ];
    for (at, (begin, bad)) in calls.iter().enumerate() {
        assert_eq!(bad(), Err(CKR_OPERATION_NOT_INITIALIZED), "call {at}");
        begin().unwrap();
        assert_eq!(bad(), Err(CKR_ARGUMENTS_BAD), "call {at}");
        assert_eq!(bad(), Err(CKR_OPERATION_NOT_INITIALIZED), "call {at}");
    }
}

#[test]
fn another_session_s_mistakes_end_nothing() {
    let bench = Bench::new();
    for case in &bench.cases {
        bench.begun(case);
    }
    let list = bench.world.module.v2_40();
    let (none, nowhere) = (ptr::null_mut::<CK_BYTE>(), ptr::null_mut::<CK_ULONG>());
    for wrong in [0, CK_SESSION_HANDLE::MAX] {
        // A session that is none comes before a pointer that is none (§5.1.7).
        for outcome in [
            call_in!(list, C_Digest(wrong, none, 4, none, nowhere)),
            call_in!(list, C_SignUpdate(wrong, none, 4)),
            call_in!(list, C_SignRecover(wrong, none, 4, none, nowhere)),
            call_in!(list, C_VerifyRecover(wrong, none, 4, none, nowhere)),
            call_in!(list, C_Encrypt(wrong, none, 4, none, nowhere)),
            call_in!(list, C_DecryptFinal(wrong, none, nowhere)),
        ] {
            refused(outcome, CKR_SESSION_HANDLE_INVALID);
        }
    }
    for case in &bench.cases {
        case.is_right(&bench.session.make(case.making, &case.data).unwrap());
    }
}

#[test]
fn whole_data_and_parts_do_not_mix() {
    let bench = Bench::new();
    for case in bench.cases.iter().filter(|case| matches!(case.making, Making::Digest | Making::Sign)) {
        let making = case.making;
        bench.begun(case);
        bench.session.feed(making, MESSAGE).unwrap();
        assert_eq!(bench.session.last(making, None), (CKR_OK, case.length));
        assert_eq!(bench.whole(case, Some(512)).0, CKR_OPERATION_ACTIVE, "{making:?}");
        bench.is_over(case);
        // The length was asked for with the data, so a digest of nothing would be a wrong one.
        type Next<'b> = &'b dyn Fn() -> CK_RV;
        let fed: Next<'_> = &|| bench.session.feed(making, MESSAGE).err().unwrap_or(CKR_OK);
        let ended: Next<'_> = &|| bench.session.last(making, Some(&mut [0; 512])).0;
        let asked: Next<'_> = &|| bench.session.last(making, None).0;
        for next in [fed, ended, asked] {
            for room in [None, Some(1)] {
                bench.begun(case);
                bench.whole(case, room);
                assert_eq!(name(next()), name(CKR_OPERATION_ACTIVE), "{making:?}");
                bench.is_over(case);
            }
        }
        // The length may be asked for at the end of parts, and a short buffer costs nothing there either.
        bench.begun(case);
        bench.session.feed(making, MESSAGE).unwrap();
        assert_eq!(bench.session.last(making, None), (CKR_OK, case.length));
        let short = bench.session.last(making, Some(&mut vec![0; case.length - 1]));
        assert_eq!(short, (CKR_BUFFER_TOO_SMALL, case.length));
        case.is_right(&bench.session.finish(making).unwrap());
        bench.is_over(case);
    }
    let (session, public, signature) = (&bench.session, bench.cases[3].key, &bench.cases[3].data);
    session.verify_init(&Mechanism::plain(CKM_RSA_PKCS), public).unwrap();
    session.verify_update(DIGEST_INFO).unwrap();
    refused(session.verify_data(DIGEST_INFO, signature), CKR_OPERATION_ACTIVE);
    refused(session.verify_final(signature), CKR_OPERATION_NOT_INITIALIZED);
}

#[test]
fn rsa_encrypts_and_decrypts_no_parts() {
    let bench = Bench::new();
    for case in bench.cases.iter().filter(|case| matches!(case.making, Making::Encrypt | Making::Decrypt)) {
        bench.begun(case);
        assert!(bench.session.feed(case.making, &case.data).is_err());
        bench.is_over(case);
        bench.begun(case);
        let (code, _) = bench.session.last(case.making, Some(&mut [0; 512]));
        assert_ne!(code, CKR_OK);
        bench.is_over(case);
    }
}

#[test]
fn a_failed_beginning_begins_nothing() {
    let bench = Bench::new();
    for case in &bench.cases {
        for mechanism in [CKM_AES_GCM, CK_MECHANISM_TYPE::MAX, CKM_ECDSA] {
            let outcome = bench.session.begin(case.making, &Mechanism::plain(mechanism), case.key);
            refused(outcome, CKR_MECHANISM_INVALID);
        }
        let outcome = bench.session.begin(case.making, &Mechanism::with(case.mechanism, [0_u8; 3]), case.key);
        refused(outcome, CKR_MECHANISM_PARAM_INVALID);
        if case.making != Making::Digest {
            let mechanism = Mechanism::plain(case.mechanism);
            for key in [0, 0xBAD, bench.session.handle()] {
                refused(bench.session.begin(case.making, &mechanism, key), CKR_KEY_HANDLE_INVALID);
            }
        }
        bench.is_over(case);
    }
}

#[test]
fn every_kind_at_once_in_each_of_two_sessions() {
    let bench = Bench::new();
    let second = bench.world.open(PIN1);
    for session in [&bench.session, &second] {
        for case in &bench.cases {
            session.begin(case.making, &Mechanism::plain(case.mechanism), case.key).unwrap();
        }
        let public = session.object(CKO_PUBLIC_KEY, 0x45).unwrap();
        session.verify_init(&Mechanism::plain(CKM_RSA_PKCS), public).unwrap();
    }
    // Parts of one session do not reach the other.
    second.feed(Making::Digest, b"something else").unwrap();
    for case in &bench.cases {
        case.is_right(&bench.session.make(case.making, &case.data).unwrap());
    }
    let signature = &bench.cases[3].data;
    bench.session.verify_data(DIGEST_INFO, signature).unwrap();
    for case in &bench.cases[1..] {
        case.is_right(&second.make(case.making, &case.data).unwrap());
    }
    second.verify_data(DIGEST_INFO, signature).unwrap();
    assert_eq!(second.finish(Making::Digest).unwrap(), openssl::digest("sha256", b"something else"));
}

/// Begins an operation.
type Begin<'b> = Box<dyn Fn() -> Result<(), CK_RV> + 'b>;

/// Begins everything that there is, and gives the flags by which it is cancelled, each with a call that tells whether
/// it is still under way.
fn everything<'b>(bench: &'b Bench) -> Vec<(CK_FLAGS, Box<dyn Fn() -> bool + 'b>)> {
    let (session, list) = (&bench.session, bench.world.module.v3_2());
    let handle = session.handle();
    let mut all: Vec<(CK_FLAGS, Box<dyn Fn() -> bool>)> = Vec::new();
    let flags = [CKF_DIGEST, CKF_SIGN, CKF_SIGN_RECOVER, CKF_VERIFY_RECOVER, CKF_ENCRYPT, CKF_DECRYPT];
    for (case, flag) in bench.cases.iter().zip(flags) {
        bench.begun(case);
        all.push((flag, Box::new(move || bench.begin(case) == Err(CKR_OPERATION_ACTIVE))));
    }
    let (public, private) = (bench.cases[3].key, bench.cases[2].key);
    let hashed = || Mechanism::plain(CKM_SHA256_RSA_PKCS);
    let others: [(CK_FLAGS, Begin<'b>); 4] = [
        (CKF_VERIFY, Box::new(move || session.verify_init(&hashed(), public))),
        (
            CKF_MESSAGE_SIGN,
            Box::new(move || call_in!(list, C_MessageSignInit(handle, hashed().pointer(), private))),
        ),
        (
            CKF_MESSAGE_VERIFY,
            Box::new(move || call_in!(list, C_MessageVerifyInit(handle, hashed().pointer(), public))),
        ),
        (CKF_FIND_OBJECTS, Box::new(move || call_in!(list, C_FindObjectsInit(handle, ptr::null_mut(), 0)))),
    ];
    for (flag, begin) in others {
        begin().unwrap();
        all.push((flag, Box::new(move || begin() == Err(CKR_OPERATION_ACTIVE))));
    }
    all
}

#[test]
fn session_cancel_ends_what_it_names_and_nothing_else() {
    let bench = Bench::new();
    let list = bench.world.module.v3_2();
    let all = everything(&bench);
    assert!(all.iter().all(|(_, is_active)| is_active()));
    for (flag, is_active) in &all {
        call_in!(list, C_SessionCancel(bench.session.handle(), *flag)).unwrap();
        for (other, is_active) in all.iter().filter(|(other, _)| other != flag) {
            assert!(is_active(), "{flag:#x} cancels {other:#x}");
        }
        // This begins it anew.
        assert!(!is_active(), "{flag:#x} is not cancelled");
    }
    let every = all.iter().fold(0, |every, (flag, _)| every | flag);
    call_in!(list, C_SessionCancel(bench.session.handle(), every)).unwrap();
    assert!(all.iter().all(|(_, is_active)| !is_active()));
}

#[test]
fn no_mechanism_ends_judging_and_messages_too() {
    let bench = Bench::new();
    let (list, handle) = (bench.world.module.v3_2(), bench.session.handle());
    let all = everything(&bench);
    let is_active = |wanted| all.iter().find(|(flag, _)| *flag == wanted).map(|(_, is_active)| is_active());
    call_in!(list, C_VerifyInit(handle, no_mechanism(), 0)).unwrap();
    assert_eq!(is_active(CKF_VERIFY), Some(false));
    call_in!(list, C_VerifySignatureInit(handle, no_mechanism(), 0, ptr::null_mut(), 0)).unwrap();
    assert_eq!(is_active(CKF_VERIFY), Some(false));
    call_in!(list, C_MessageSignInit(handle, no_mechanism(), 0)).unwrap();
    assert_eq!(is_active(CKF_MESSAGE_SIGN), Some(false));
    call_in!(list, C_MessageVerifyInit(handle, no_mechanism(), 0)).unwrap();
    assert_eq!(is_active(CKF_MESSAGE_VERIFY), Some(false));
}

#[test]
fn a_plaintext_that_waits_for_room_goes_with_the_login() {
    let bench = Bench::new();
    let case = bench.cases.iter().find(|case| case.making == Making::Decrypt).unwrap();
    bench.begun(case);
    let (code, ..) = bench.whole(case, Some(1));
    assert_eq!(code, CKR_BUFFER_TOO_SMALL);
    bench.session.logout().unwrap();
    let (code, _, buffer) = bench.whole(case, Some(512));
    assert_ne!(code, CKR_OK);
    assert_eq!(buffer, vec![0xEE; 512]);
}

#[test]
fn what_is_under_way_cannot_be_carried_out_of_the_process() {
    let bench = Bench::new();
    let handle = bench.session.handle();
    let save = || {
        let mut length = 0;
        call!(bench.world.module, C_GetOperationState(handle, ptr::null_mut(), &mut length))
    };
    refused(save(), CKR_OPERATION_NOT_INITIALIZED);
    for case in &bench.cases {
        bench.begun(case);
        refused(save(), CKR_STATE_UNSAVEABLE);
        bench.session.cancel(case.making).unwrap();
    }
}

#[test]
fn functions_with_two_purposes_need_both() {
    let bench = Bench::new();
    let (list, handle) = (bench.world.module.v2_40(), bench.session.handle());
    let functions = [
        (list.C_DigestEncryptUpdate, [Some(Making::Digest), Some(Making::Encrypt)]),
        (list.C_DecryptDigestUpdate, [Some(Making::Decrypt), Some(Making::Digest)]),
        (list.C_SignEncryptUpdate, [Some(Making::Sign), Some(Making::Encrypt)]),
        (list.C_DecryptVerifyUpdate, [Some(Making::Decrypt), None]),
    ];
    let begin = |making: Option<Making>| match making {
        Some(making) => {
            bench.begun(bench.cases.iter().find(|case| case.making == making).unwrap());
        }
        None => {
            bench.session.verify_init(&Mechanism::plain(CKM_SHA256_RSA_PKCS), bench.cases[3].key).unwrap();
        }
    };
    for (function, needed) in functions {
        let act = || {
            let (mut data, mut room, mut length) = ([1; 16], [0; 512], 512);
            // SAFETY: the buffers are as long as is said.
            unsafe { function.unwrap()(handle, data.as_mut_ptr(), 16, room.as_mut_ptr(), &mut length) }
        };
        assert_eq!(act(), CKR_OPERATION_NOT_INITIALIZED);
        begin(needed[0]);
        assert_eq!(act(), CKR_OPERATION_NOT_INITIALIZED);
        begin(needed[1]);
        // RSA takes no parts, so there is nothing to do together.
        let code = act();
        assert!(![CKR_OK, CKR_OPERATION_NOT_INITIALIZED].contains(&code), "{}", name(code));
        let every = CKF_DIGEST | CKF_SIGN | CKF_VERIFY | CKF_ENCRYPT | CKF_DECRYPT;
        call_in!(bench.world.module.v3_2(), C_SessionCancel(handle, every)).unwrap();
    }
}

#[test]
fn no_operation_is_validated() {
    let bench = Bench::new();
    let (list, handle) = (bench.world.module.v3_2(), bench.session.handle());
    let mut flags = CK_FLAGS::MAX;
    call_in!(list, C_GetSessionValidationFlags(handle, CKS_LAST_VALIDATION_OK, &mut flags)).unwrap();
    assert_eq!(flags, 0);
    refused(
        call_in!(list, C_GetSessionValidationFlags(handle, CKS_LAST_VALIDATION_OK, ptr::null_mut())),
        CKR_ARGUMENTS_BAD,
    );
    refused(
        call_in!(list, C_GetSessionValidationFlags(0, CKS_LAST_VALIDATION_OK, &mut flags)),
        CKR_SESSION_HANDLE_INVALID,
    );
}

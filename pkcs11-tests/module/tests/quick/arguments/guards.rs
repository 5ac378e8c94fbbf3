//! Buffers that end where memory ends: behind each stands a page that nobody may touch, so one byte written or read too
//! far ends this program. Those of templates are in [`super::templates`].

use cryptoki_sys::*;
use kit::{ANY, Bench, Guarded, Mechanism, PIN1, Watched, World, call, mechanism, name, refused};
use std::ffi::c_void;
use std::ptr;

// --- What is written

/// A function that gives a list: the buffer, its length, and how many there are.
fn list_of<T>(guarded: &Guarded, what: &str, ask: impl Fn(*mut T, &mut CK_ULONG) -> Result<(), CK_RV>) {
    let mut all = 0;
    ask(ptr::null_mut(), &mut all).unwrap_or_else(|code| panic!("{what}: {}", name(code)));
    assert!(all > 0, "{what}");
    for room in 1..all {
        let mut count = room;
        refused(ask(guarded.room(room as usize), &mut count), CKR_BUFFER_TOO_SMALL);
        assert_eq!((count, guarded.written()), (all, 0), "{what}, room for {room}");
    }
    let mut count = all;
    ask(guarded.room(all as usize), &mut count).unwrap_or_else(|code| panic!("{what}: {}", name(code)));
    assert_eq!(count, all);
    assert!(guarded.written() <= all as usize * size_of::<T>(), "{what}: written before the buffer");
}

#[test]
fn a_list_is_written_whole_or_not_at_all() {
    let bench = Bench::new();
    let (module, guarded) = (bench.world.module, &Guarded::new());
    let slot = bench.world.slot(PIN1);
    list_of(guarded, "slots", |room, count| call!(module, C_GetSlotList(CK_TRUE, room, count)));
    list_of(guarded, "mechanisms", |room, count| call!(module, C_GetMechanismList(slot, room, count)));
    list_of(guarded, "interfaces", |room: *mut CK_INTERFACE, count| {
        let function = module.v3_2().C_GetInterfaceList.expect("C_GetInterfaceList");
        // SAFETY: the buffer is as long as `count` says.
        let code = unsafe { function(room, count) };
        if code == CKR_OK { Ok(()) } else { Err(code) }
    });
}

#[test]
fn a_signature_is_written_whole_or_not_at_all() {
    let bench = Bench::new();
    let (module, handle, guarded) = (bench.world.module, bench.session.handle(), &Guarded::new());
    let data = [7_u8; 48];
    for parts in [false, true] {
        bench.session.sign_init(CKM_ECDSA, bench.key).expect("C_SignInit");
        if parts {
            call!(module, C_SignUpdate(handle, data.as_ptr().cast_mut(), 48)).expect("C_SignUpdate");
        }
        let give = |room: *mut u8, length: &mut CK_ULONG| match parts {
            false => call!(module, C_Sign(handle, data.as_ptr().cast_mut(), 48, room, length)),
            true => call!(module, C_SignFinal(handle, room, length)),
        };
        let (cost, ()) = bench.card.cost(|| {
            for room in [0, 1, 95] {
                let mut length = room as CK_ULONG;
                refused(give(guarded.room(room), &mut length), CKR_BUFFER_TOO_SMALL);
                assert_eq!((length, guarded.written()), (96, 0));
            }
        });
        assert_eq!(cost, 0, "a signature was made that nobody could be given");
        let (room, mut length) = (guarded.room::<u8>(96), 96);
        give(room, &mut length).expect("the operation is still there");
        assert!(length == 96 && guarded.written() <= 96, "written before the buffer");
        // Its first byte may be the mark by chance, so what is whole is what holds.
        // SAFETY: so many bytes are there.
        let signature = unsafe { std::slice::from_raw_parts(room, 96) };
        let public = bench.session.object(CKO_PUBLIC_KEY, 0x45).expect("the public key");
        let outcome = bench.session.verify(&Mechanism::plain(CKM_ECDSA), public, &data, signature);
        outcome.expect("the whole signature");
    }
}

#[test]
fn a_structure_is_no_longer_than_it_is() {
    let bench = Bench::new();
    let (module, guarded) = (bench.world.module, &Guarded::new());
    let slot = bench.world.slot(PIN1);
    call!(module, C_GetInfo(guarded.room(1))).expect("C_GetInfo");
    assert!(guarded.written() <= size_of::<CK_INFO>());
    call!(module, C_GetSlotInfo(slot, guarded.room(1))).expect("C_GetSlotInfo");
    assert!(guarded.written() <= size_of::<CK_SLOT_INFO>());
    call!(module, C_GetTokenInfo(slot, guarded.room(1))).expect("C_GetTokenInfo");
    assert!(guarded.written() <= size_of::<CK_TOKEN_INFO>());
    call!(module, C_GetMechanismInfo(slot, CKM_ECDSA, guarded.room(1))).expect("C_GetMechanismInfo");
    assert!(guarded.written() <= size_of::<CK_MECHANISM_INFO>());
    call!(module, C_GetSessionInfo(bench.session.handle(), guarded.room(1))).expect("C_GetSessionInfo");
    assert!(guarded.written() <= size_of::<CK_SESSION_INFO>());
}

/// On a failure the place for the answer stays as it was.
#[test]
fn nothing_is_written_where_nothing_is_answered() {
    let bench = Bench::new();
    let (module, guarded) = (bench.world.module, &Guarded::new());
    let nowhere = CK_SLOT_ID::MAX;
    refused(call!(module, C_GetSlotInfo(nowhere, guarded.room(1))), CKR_SLOT_ID_INVALID);
    assert_eq!(guarded.written(), 0);
    refused(call!(module, C_GetTokenInfo(nowhere, guarded.room(1))), CKR_SLOT_ID_INVALID);
    assert_eq!(guarded.written(), 0);
    let flags = CKF_SERIAL_SESSION;
    let open = call!(module, C_OpenSession(nowhere, flags, ptr::null_mut(), None, guarded.room(1)));
    refused(open, CKR_SLOT_ID_INVALID);
    assert_eq!(guarded.written(), 0);
    let slot = bench.world.slot(PIN1);
    refused(call!(module, C_GetMechanismInfo(slot, CKM_AES_CBC, guarded.room(1))), CKR_MECHANISM_INVALID);
    assert_eq!(guarded.written(), 0);
    refused(
        call!(module, C_WaitForSlotEvent(CKF_DONT_BLOCK, guarded.room(1), ptr::null_mut())),
        CKR_NO_EVENT,
    );
    assert_eq!(guarded.written(), 0);
    let handle = bench.session.handle();
    refused(call!(module, C_GetObjectSize(handle, 0, guarded.room(1))), CKR_OBJECT_HANDLE_INVALID);
    assert_eq!(guarded.written(), 0);
}

// --- What is read

/// Programs hand over PINs, data and names without a zero behind them, at the end of memory if need be.
#[test]
fn nothing_is_read_behind_an_argument() {
    let (world, card) = World::with(ANY);
    let (module, guarded) = (world.module, Guarded::new());
    let session =
        world.module.open_with(world.slot(PIN1), CKF_SERIAL_SESSION | CKF_RW_SESSION).expect("a session");
    let (handle, pin) = (session.handle(), PIN1.1.as_bytes());
    call!(module, C_Login(handle, CKU_USER, guarded.holding(pin), 6)).expect("C_Login");
    let key = session.object(CKO_PRIVATE_KEY, 0x45).expect("the private key");
    // A mechanism, alone at the end.
    let place = guarded.room::<CK_MECHANISM>(1);
    // SAFETY: the place is there and aligned, as a page's end is for all types.
    unsafe { place.write(mechanism(CKM_ECDSA)) };
    call!(module, C_SignInit(handle, place, key)).expect("C_SignInit");
    let (mut signature, mut length) = ([0; 96], 96);
    let data = guarded.holding(&[7; 48]);
    call!(module, C_Sign(handle, data, 48, signature.as_mut_ptr(), &mut length)).expect("C_Sign");
    // A name of an interface, which does end with zero.
    let mut found = ptr::null_mut();
    let function = module.v3_2().C_GetInterface.expect("C_GetInterface");
    let name = guarded.holding(b"PKCS 11\0");
    // SAFETY: the name ends with zero, the other pointers are NULL or good.
    assert_eq!(unsafe { function(name, ptr::null_mut(), &mut found, 0) }, CKR_OK);
    let (old, other) = (guarded.holding(pin), Guarded::new());
    call!(module, C_SetPIN(handle, old, 6, other.holding(b"43210"), 5)).expect("C_SetPIN");
    assert!(card.card().code_is(simcard::PIN1, "43210"));
}

/// A parameter that is shorter than it claims to be for its kind is not read as that kind.
#[test]
fn a_short_parameter_is_not_read_beyond() {
    let (world, _card) = World::with("fineid-v3.0");
    let session = world.logged_in(PIN1);
    let key = session.object(CKO_PRIVATE_KEY, 0x45).expect("the private key");
    let guarded = Guarded::new();
    for length in 0..size_of::<CK_RSA_PKCS_PSS_PARAMS>() {
        let parameter = guarded.room::<u8>(length).cast::<c_void>();
        let size = length as CK_ULONG;
        let mut given =
            CK_MECHANISM { mechanism: CKM_RSA_PKCS_PSS, pParameter: parameter, ulParameterLen: size };
        let begun = call!(world.module, C_SignInit(session.handle(), &mut given, key));
        refused(begun, CKR_MECHANISM_PARAM_INVALID);
    }
}

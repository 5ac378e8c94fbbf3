//! Mechanisms (§5.5.5, §5.5.6): what a token says of them is what its functions do, and nothing else.

use cryptoki_sys::*;
use kit::openssl::KeyPair;
use kit::{GENERATIONS, HASHES, PIN1, PIN2, RSA, Token, Watched, World, made, name, refused};
use kit::{Making, Mechanism, Session, Template, bytes, call, call_in, ecdh, oaep, pss};
use std::collections::BTreeSet;
use std::ptr;

/// What mechanisms serve: every function of the standard that has a flag.
const FUNCTIONS: [CK_FLAGS; 15] = [
    CKF_DIGEST,
    CKF_SIGN,
    CKF_SIGN_RECOVER,
    CKF_VERIFY,
    CKF_VERIFY_RECOVER,
    CKF_ENCRYPT,
    CKF_DECRYPT,
    CKF_DERIVE,
    CKF_MESSAGE_SIGN,
    CKF_MESSAGE_VERIFY,
    CKF_MESSAGE_ENCRYPT,
    CKF_MESSAGE_DECRYPT,
    CKF_GENERATE,
    CKF_WRAP,
    CKF_UNWRAP,
];

/// Mechanisms that none of these tokens has.
const FOREIGN: [CK_MECHANISM_TYPE; 16] = [
    CKM_RSA_PKCS_KEY_PAIR_GEN,
    CKM_RSA_X_509,
    CKM_RSA_9796,
    CKM_MD5,
    CKM_MD5_RSA_PKCS,
    CKM_AES_CBC,
    CKM_AES_GCM,
    CKM_AES_KEY_GEN,
    CKM_EC_KEY_PAIR_GEN,
    CKM_ECMQV_DERIVE,
    CKM_EDDSA,
    CKM_SHA256_HMAC_GENERAL,
    CKM_SHA512_256,
    CKM_GENERIC_SECRET_KEY_GEN,
    CKM_VENDOR_DEFINED,
    CK_MECHANISM_TYPE::MAX,
];

fn rsa(generation: &str) -> bool {
    generation.starts_with("fineid-v3")
}

/// The mechanisms that a token should have, and the functions of each.
fn expected(generation: &str, token: Token) -> Vec<(CK_MECHANISM_TYPE, CK_FLAGS)> {
    let signing = CKF_SIGN | CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY | CKF_MULTI_MESSAGE;
    let first = token == PIN1;
    let mut all = vec![(CKM_AES_KEY_WRAP, CKF_ENCRYPT | CKF_DECRYPT)];
    for hash in HASHES {
        all.extend([(hash.digest, CKF_DIGEST), (hash.mac, CKF_SIGN | CKF_VERIFY)]);
        if !(rsa(generation) && first) {
            all.push((hash.ecdsa, signing));
        }
        if let Some((pkcs1, pss, _)) = hash.rsa.filter(|_| rsa(generation)) {
            all.extend([(pkcs1, signing), (pss, signing)]);
        }
    }
    if !(rsa(generation) && first) {
        all.push((CKM_ECDSA, signing));
    }
    if rsa(generation) {
        let crypt = if first { CKF_ENCRYPT | CKF_DECRYPT } else { 0 };
        all.push((CKM_RSA_PKCS, signing | CKF_SIGN_RECOVER | CKF_VERIFY_RECOVER | crypt));
        all.push((CKM_RSA_PKCS_PSS, signing));
        if first {
            all.push((CKM_RSA_PKCS_OAEP, crypt));
        }
    } else if first {
        all.extend([(CKM_ECDH1_DERIVE, CKF_DERIVE), (CKM_ECDH1_COFACTOR_DERIVE, CKF_DERIVE)]);
    }
    all
}

/// Every mechanism that any of the tokens has, with the kinds of parameter that it takes.
fn every() -> BTreeSet<CK_MECHANISM_TYPE> {
    let all = GENERATIONS
        .iter()
        .flat_map(|generation| [PIN1, PIN2].into_iter().flat_map(|token| expected(generation, token)));
    all.map(|(mechanism, _)| mechanism).chain(FOREIGN).collect()
}

fn info(world: &World, slot: CK_SLOT_ID, mechanism: CK_MECHANISM_TYPE) -> Result<CK_MECHANISM_INFO, CK_RV> {
    let mut info = CK_MECHANISM_INFO::default();
    call!(world.module, C_GetMechanismInfo(slot, mechanism, &mut info)).map(|()| info)
}

/// The mechanism with a parameter that it takes.
fn mechanism(kind: CK_MECHANISM_TYPE, point: &[u8]) -> Mechanism<'_> {
    if let Some((hash, mgf)) = HASHES
        .iter()
        .find_map(|hash| hash.rsa.filter(|(_, with_pss, _)| *with_pss == kind).map(|(.., mgf)| (hash, mgf)))
    {
        return Mechanism::with(kind, pss(hash.digest, mgf, hash.length));
    }
    match kind {
        CKM_RSA_PKCS_PSS => Mechanism::with(kind, pss(CKM_SHA256, CKG_MGF1_SHA256, 32)),
        CKM_RSA_PKCS_OAEP => Mechanism::oaep(CKM_SHA256, CKG_MGF1_SHA256),
        CKM_ECDH1_DERIVE | CKM_ECDH1_COFACTOR_DERIVE => Mechanism::ecdh(kind, point),
        _ => Mechanism::plain(kind),
    }
}

/// Begins what the flag names, and ends it if it has begun.
fn attempt(
    session: &Session<'_>,
    function: CK_FLAGS,
    mechanism: &Mechanism<'_>,
    key: CK_OBJECT_HANDLE,
) -> Result<(), CK_RV> {
    let (list, handle, pointer) = (session.module().v3_2(), session.handle(), mechanism.pointer());
    let none = ptr::null_mut();
    let mut made = 0;
    let begin = |making| session.begin(making, mechanism, key);
    match function {
        CKF_DIGEST => begin(Making::Digest),
        CKF_SIGN => begin(Making::Sign),
        CKF_SIGN_RECOVER => begin(Making::SignRecover),
        CKF_VERIFY => session.verify_init(mechanism, key),
        CKF_VERIFY_RECOVER => begin(Making::VerifyRecover),
        CKF_ENCRYPT => begin(Making::Encrypt),
        CKF_DECRYPT => begin(Making::Decrypt),
        CKF_DERIVE => session.derive(mechanism, key, &Template::new()).map(drop),
        CKF_MESSAGE_SIGN => call_in!(list, C_MessageSignInit(handle, pointer, key)),
        CKF_MESSAGE_VERIFY => call_in!(list, C_MessageVerifyInit(handle, pointer, key)),
        CKF_MESSAGE_ENCRYPT => call_in!(list, C_MessageEncryptInit(handle, pointer, key)),
        CKF_MESSAGE_DECRYPT => call_in!(list, C_MessageDecryptInit(handle, pointer, key)),
        CKF_GENERATE => call_in!(list, C_GenerateKey(handle, pointer, ptr::null_mut(), 0, &mut made)),
        CKF_WRAP => call_in!(list, C_WrapKey(handle, pointer, key, key, none, &mut made)),
        CKF_UNWRAP => {
            let attributes = ptr::null_mut();
            call_in!(list, C_UnwrapKey(handle, pointer, key, none, 0, attributes, 0, &mut made))
        }
        other => panic!("{other:#x}"),
    }?;
    if [CKF_MESSAGE_SIGN, CKF_MESSAGE_VERIFY].contains(&function) {
        let begun = if function == CKF_MESSAGE_SIGN {
            call_in!(list, C_SignMessageBegin(handle, none.cast(), 0))
        } else {
            call_in!(list, C_VerifyMessageBegin(handle, none.cast(), 0))
        };
        begun.expect("a message begins");
    }
    call_in!(list, C_SessionCancel(handle, function))
}

/// Everything that a function could take for a key: those of the card and two secrets.
fn keys(session: &Session<'_>) -> Vec<CK_OBJECT_HANDLE> {
    let mut keys = session.find(&[(CKA_CLASS, &bytes(CKO_PRIVATE_KEY))]).unwrap();
    keys.extend(session.find(&[(CKA_CLASS, &bytes(CKO_PUBLIC_KEY))]).unwrap());
    for kind in [CKK_GENERIC_SECRET, CKK_AES] {
        keys.push(session.create(&made::secret(&[7; 32]).number(CKA_KEY_TYPE, kind)).unwrap());
    }
    keys
}

#[test]
fn a_token_has_the_mechanisms_that_its_keys_allow() {
    for generation in GENERATIONS {
        let (world, _card) = World::with(generation);
        for token in [PIN1, PIN2] {
            let slot = world.slot(token);
            let listed = world.module.mechanisms(slot).unwrap();
            let expected = expected(generation, token);
            let set = |all: &[CK_MECHANISM_TYPE]| all.iter().copied().collect::<BTreeSet<_>>();
            let wanted: Vec<_> = expected.iter().map(|(kind, _)| *kind).collect();
            assert_eq!(set(&listed), set(&wanted), "{generation} {}", token.0);
            assert_eq!(listed.len(), wanted.len(), "one is listed twice");
            let functions = FUNCTIONS.iter().fold(CKF_MULTI_MESSAGE, |all, flag| all | flag);
            for (kind, flags) in expected {
                let told = info(&world, slot, kind).unwrap();
                assert_eq!(told.flags & functions, flags, "{generation} {} {kind:#x}", token.0);
                assert_eq!(told.flags & (CKF_GENERATE_KEY_PAIR | CKF_EXTENSION), 0);
            }
            for kind in every().difference(&set(&listed)) {
                refused(info(&world, slot, *kind), CKR_MECHANISM_INVALID);
            }
        }
    }
}

/// Any key that fits makes a function that was promised begin; one that was not promised begins with no key.
#[test]
fn flags_are_what_the_functions_do() {
    let other = KeyPair::ec("P-384").point(48);
    for generation in GENERATIONS {
        for token in [PIN1, PIN2] {
            let (world, _card) = World::with(generation);
            let session = world.logged_in(token);
            let keys = keys(&session);
            for kind in every() {
                let flags = info(&world, world.slot(token), kind).map_or(0, |info| info.flags);
                for function in FUNCTIONS {
                    let what = format!("{generation} {} {kind:#x} for {function:#x}", token.0);
                    let mechanism = mechanism(kind, &other);
                    let outcomes: Vec<_> =
                        keys.iter().map(|key| attempt(&session, function, &mechanism, *key)).collect();
                    if flags & function != 0 {
                        assert!(outcomes.contains(&Ok(())), "{what} is promised: {outcomes:x?}");
                        continue;
                    }
                    for outcome in outcomes {
                        let code = outcome.err().unwrap_or(CKR_OK);
                        let offered =
                            ![CKF_MESSAGE_ENCRYPT, CKF_MESSAGE_DECRYPT, CKF_GENERATE, CKF_WRAP, CKF_UNWRAP]
                                .contains(&function);
                        let expected =
                            if offered { CKR_MECHANISM_INVALID } else { CKR_FUNCTION_NOT_SUPPORTED };
                        assert_eq!(name(code), name(expected), "{what}");
                    }
                }
            }
        }
    }
}

#[test]
fn sizes_are_those_of_the_keys() {
    for generation in GENERATIONS {
        for token in [PIN1, PIN2] {
            let (world, _card) = World::with(generation);
            let session = world.logged_in(token);
            let slot = world.slot(token);
            for key in session.find(&[(CKA_CLASS, &bytes(CKO_PUBLIC_KEY))]).unwrap() {
                let bits = match session.attribute(key, CKA_MODULUS) {
                    Ok(modulus) => 8 * modulus.len(),
                    Err(_) => 4 * (session.attribute(key, CKA_EC_POINT).unwrap().len() - 3),
                } as CK_ULONG;
                let id = session.attribute(key, CKA_ID).unwrap();
                let private = session.object(CKO_PRIVATE_KEY, id[0]).unwrap();
                let allowed = session.attribute(private, CKA_ALLOWED_MECHANISMS).unwrap();
                for kind in allowed.chunks_exact(8) {
                    let kind = CK_MECHANISM_TYPE::from_ne_bytes(kind.try_into().unwrap());
                    let told = info(&world, slot, kind).unwrap();
                    let sizes = told.ulMinKeySize..=told.ulMaxKeySize;
                    assert!(sizes.contains(&bits), "{generation} {kind:#x}: {bits} not in {sizes:?}");
                    assert_eq!(told.flags & CKF_HW, CKF_HW);
                    let curves = CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS;
                    let is_curve = told.flags & (curves | CKF_EC_COMPRESS | CKF_EC_F_2M);
                    let expected = if session.attribute(key, CKA_EC_POINT).is_ok() { curves } else { 0 };
                    assert_eq!(is_curve, expected, "{kind:#x}");
                }
            }
            for hash in HASHES {
                let told = info(&world, slot, hash.digest).unwrap();
                assert_eq!((told.ulMinKeySize, told.ulMaxKeySize, told.flags), (0, 0, CKF_DIGEST));
                let told = info(&world, slot, hash.mac).unwrap();
                assert_eq!(told.flags & CKF_HW, 0);
                for (length, taken) in [
                    (told.ulMinKeySize, true),
                    (told.ulMaxKeySize, true),
                    (told.ulMinKeySize - 1, false),
                    (told.ulMaxKeySize + 1, false),
                ] {
                    let key = session.create(&made::secret(&vec![1; length as usize]));
                    let begun =
                        key.and_then(|key| session.begin(Making::Sign, &Mechanism::plain(hash.mac), key));
                    assert_eq!(begun.is_ok(), taken, "{length} bytes");
                    session.cancel(Making::Sign).unwrap();
                }
            }
        }
    }
}

/// The mechanism says the sizes of the card's keys. What needs no card is done with keys of other sizes, too.
#[test]
fn keys_that_a_program_brings_may_be_of_other_sizes() {
    let rsa = [2048, 3072, 4096].map(|bits| (bits, made::rsa_key(&KeyPair::rsa(bits).modulus())));
    let ec = [("P-256", made::P256, 256), ("P-384", made::P384, 384)]
        .map(|(name, curve, bits)| (bits, made::ec_key(curve, &KeyPair::ec(name).point(bits / 8))));
    for generation in GENERATIONS {
        for token in [PIN1, PIN2] {
            let (world, _card) = World::with(generation);
            let session = world.open(token);
            for (kind, flags) in expected(generation, token) {
                let told = info(&world, world.slot(token), kind).unwrap();
                let is_ec = told.flags & CKF_EC_F_P != 0;
                for function in [CKF_VERIFY, CKF_ENCRYPT, CKF_VERIFY_RECOVER, CKF_MESSAGE_VERIFY] {
                    if told.flags & CKF_HW == 0 || flags & function == 0 {
                        continue;
                    }
                    for (bits, template) in if is_ec { &ec[..] } else { &rsa[..] } {
                        let key = session.create(template).unwrap();
                        let outcome = attempt(&session, function, &mechanism(kind, &[]), key);
                        let code = outcome.err().unwrap_or(CKR_OK);
                        let what = format!("{generation} {} {kind:#x} {bits} bits", token.0);
                        assert_eq!(name(code), name(CKR_OK), "{what}");
                    }
                }
            }
        }
    }
}

// --- Parameters that no program should give

/// Every function that takes the mechanism, with a key that fits.
fn refuses_everywhere(session: &Session<'_>, flags: CK_FLAGS, mechanism: &Mechanism<'_>, what: &str) {
    let keys = keys(session);
    for function in FUNCTIONS.into_iter().filter(|function| flags & function != 0) {
        let codes: Vec<_> =
            keys.iter().map(|key| attempt(session, function, mechanism, *key).err().unwrap_or(0)).collect();
        assert!(!codes.contains(&CKR_OK), "{what}: taken for {function:#x}");
        let told = [CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD];
        assert!(codes.iter().any(|code| told.contains(code)), "{what} for {function:#x}: {codes:x?}");
    }
}

#[test]
fn parameters_of_another_length_are_refused() {
    for (generation, token) in [(RSA, PIN1), (RSA, PIN2), (kit::EC, PIN1)] {
        let (world, card) = World::with(generation);
        let session = world.logged_in(token);
        let other = KeyPair::ec("P-384").point(48);
        keys(&session);
        let (cost, ()) = card.cost(|| {
            for (kind, flags) in expected(generation, token) {
                let takes = HASHES.iter().any(|hash| hash.rsa.is_some_and(|(_, pss, _)| pss == kind))
                    || [CKM_RSA_PKCS_PSS, CKM_RSA_PKCS_OAEP, CKM_ECDH1_DERIVE, CKM_ECDH1_COFACTOR_DERIVE]
                        .contains(&kind);
                let good = mechanism(kind, &other);
                // SAFETY: the mechanism lives.
                let right = unsafe { (*good.pointer()).ulParameterLen };
                for length in [1, right.wrapping_sub(1), right + 1, 4096, CK_ULONG::MAX / 2, CK_ULONG::MAX] {
                    if length == right {
                        continue;
                    }
                    let what = format!("{kind:#x} with {length} bytes");
                    let null = Mechanism::raw(kind, ptr::null_mut(), length);
                    refuses_everywhere(&session, flags, &null, &format!("{what} at NULL"));
                    let wrong =
                        if takes { mechanism(kind, &other) } else { Mechanism::with(kind, [0_u8; 64]) };
                    refuses_everywhere(&session, flags, &wrong.of_length(length), &what);
                }
                if takes {
                    refuses_everywhere(&session, flags, &Mechanism::plain(kind), "no parameter");
                    let null = Mechanism::raw(kind, ptr::null_mut(), right);
                    refuses_everywhere(&session, flags, &null, "NULL of the right length");
                }
            }
        });
        assert_eq!(cost, 0, "{}", card.story());
    }
}

#[test]
fn pointers_within_parameters_are_checked() {
    let (world, card) = World::with(RSA);
    let session = world.logged_in(PIN1);
    keys(&session);
    let label = CK_RSA_PKCS_OAEP_PARAMS { ulSourceDataLen: 5, ..oaep(CKM_SHA256, CKG_MGF1_SHA256) };
    let huge = CK_RSA_PKCS_OAEP_PARAMS { ulSourceDataLen: CK_ULONG::MAX, ..label };
    let (cost, ()) = card.cost(|| {
        for parameter in [label, huge] {
            let mechanism = Mechanism::with(CKM_RSA_PKCS_OAEP, parameter);
            refuses_everywhere(&session, CKF_ENCRYPT | CKF_DECRYPT, &mechanism, "a label at NULL");
        }
    });
    assert_eq!(cost, 0);
    drop((session, card, world));

    let (world, card) = World::with(kit::EC);
    let session = world.logged_in(PIN1);
    keys(&session);
    let point = KeyPair::ec("P-384").point(48);
    let good = ecdh(&point);
    let (cost, ()) = card.cost(|| {
        for (what, parameter) in [
            ("a point at NULL", CK_ECDH1_DERIVE_PARAMS { pPublicData: ptr::null_mut(), ..good }),
            (
                "nothing at NULL",
                CK_ECDH1_DERIVE_PARAMS { pPublicData: ptr::null_mut(), ulPublicDataLen: 0, ..good },
            ),
            ("an impossible point", CK_ECDH1_DERIVE_PARAMS { ulPublicDataLen: CK_ULONG::MAX, ..good }),
            ("shared data at NULL", CK_ECDH1_DERIVE_PARAMS { ulSharedDataLen: 9, ..good }),
            ("impossible shared data", CK_ECDH1_DERIVE_PARAMS { ulSharedDataLen: CK_ULONG::MAX, ..good }),
        ] {
            let mechanism = Mechanism::with(CKM_ECDH1_DERIVE, parameter);
            refuses_everywhere(&session, CKF_DERIVE, &mechanism, what);
        }
    });
    assert_eq!(cost, 0, "{}", card.story());
    // C_DeriveKey has nothing to cancel.
    let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    let none = Mechanism::plain(CKM_ECDH1_DERIVE);
    let code = session.derive(&none, key, &Template::new()).unwrap_err();
    assert_eq!(name(code), name(CKR_MECHANISM_PARAM_INVALID));
    let mut made = 0;
    let handle = session.handle();
    let derived =
        call!(world.module, C_DeriveKey(handle, ptr::null_mut(), key, ptr::null_mut(), 0, &mut made));
    refused(derived, CKR_ARGUMENTS_BAD);
}

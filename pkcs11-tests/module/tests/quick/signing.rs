//! Signing functions (§5.13): every mechanism of every card, judged by OpenSSL, and the life of an operation.

use cryptoki_sys::*;
use kit::openssl::{self, Scheme};
use kit::{ANY, GENERATIONS, InReader, Other, PIN1, PIN2, Token, Watched, World, name, refused};
use kit::{Session, call, pss};
use sha2::Digest;
use std::ptr;

const DATA: &[u8] = b"What is signed here matters to nobody, but it has to be signed rightly.";

/// Hash functions: OpenSSL's name, mechanism, mask generation, length.
const HASHES: [(&str, CK_MECHANISM_TYPE, CK_RSA_PKCS_MGF_TYPE, usize); 5] = [
    ("sha1", CKM_SHA_1, CKG_MGF1_SHA1, 20),
    ("sha224", CKM_SHA224, CKG_MGF1_SHA224, 28),
    ("sha256", CKM_SHA256, CKG_MGF1_SHA256, 32),
    ("sha384", CKM_SHA384, CKG_MGF1_SHA384, 48),
    ("sha512", CKM_SHA512, CKG_MGF1_SHA512, 64),
];

/// Mechanisms that hash, in the order of [`HASHES`].
const ECDSA: [CK_MECHANISM_TYPE; 5] =
    [CKM_ECDSA_SHA1, CKM_ECDSA_SHA224, CKM_ECDSA_SHA256, CKM_ECDSA_SHA384, CKM_ECDSA_SHA512];
const PKCS1: [CK_MECHANISM_TYPE; 5] =
    [CKM_SHA1_RSA_PKCS, CKM_SHA224_RSA_PKCS, CKM_SHA256_RSA_PKCS, CKM_SHA384_RSA_PKCS, CKM_SHA512_RSA_PKCS];
const PSS: [CK_MECHANISM_TYPE; 5] = [
    CKM_SHA1_RSA_PKCS_PSS,
    CKM_SHA224_RSA_PKCS_PSS,
    CKM_SHA256_RSA_PKCS_PSS,
    CKM_SHA384_RSA_PKCS_PSS,
    CKM_SHA512_RSA_PKCS_PSS,
];

fn digest(hash: &str, data: &[u8]) -> Vec<u8> {
    match hash {
        "sha1" => sha1::Sha1::digest(data).to_vec(),
        "sha224" => sha2::Sha224::digest(data).to_vec(),
        "sha256" => sha2::Sha256::digest(data).to_vec(),
        "sha384" => sha2::Sha384::digest(data).to_vec(),
        "sha512" => sha2::Sha512::digest(data).to_vec(),
        other => panic!("{other}"),
    }
}

/// DigestInfo (RFC 8017 A.2.4), with or without the NULL parameter.
fn digest_info(hash: &str, digest: &[u8], null: bool) -> Vec<u8> {
    let oid: &[u8] = match hash {
        "sha1" => &[0x2B, 0x0E, 0x03, 0x02, 0x1A],
        "sha224" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04],
        "sha256" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
        "sha384" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
        "sha512" => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
        other => panic!("{other}"),
    };
    let tlv = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
    let parameter: &[u8] = if null { &[0x05, 0x00] } else { &[] };
    let algorithm = tlv(0x30, &[&tlv(0x06, oid), parameter].concat());
    tlv(0x30, &[algorithm, tlv(0x04, digest)].concat())
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Rsa,
    Ec,
}

/// Token, CKA_ID, name of the certificate, kind, bytes of a signature.
type Key = (Token, u8, &'static str, Kind, usize);

fn keys(generation: &str) -> &'static [Key] {
    match generation {
        "fineid-v3.0" => &[
            (PIN1, 0x45, "auth", Kind::Rsa, 256),
            (PIN2, 0x46, "sign", Kind::Rsa, 256),
            (PIN2, 0x47, "sign-ec", Kind::Ec, 64),
        ],
        "fineid-v3.1" => &[
            (PIN1, 0x45, "auth", Kind::Rsa, 384),
            (PIN2, 0x46, "sign", Kind::Rsa, 384),
            (PIN2, 0x47, "sign-ec", Kind::Ec, 64),
        ],
        _ => &[(PIN1, 0x45, "auth", Kind::Ec, 96), (PIN2, 0x46, "sign", Kind::Ec, 96)],
    }
}

/// A session with a key's token, logged in; and the key.
fn private_key(world: &World, (token, id, ..): Key) -> (Session<'static>, CK_OBJECT_HANDLE) {
    let session = world.logged_in(token);
    let key = session.object(CKO_PRIVATE_KEY, id).expect("the private key is there");
    (session, key)
}

/// The context-specific login, where the key wants it.
fn permit(session: &Session<'_>, (token, ..): Key) {
    if token == PIN2 {
        session.login(CKU_CONTEXT_SPECIFIC, token.1).expect("PIN2 is right");
    }
}

fn in_parts(world: &World, session: &Session<'_>, data: &[u8]) -> Result<Vec<u8>, CK_RV> {
    for part in [&data[..1], &[], &data[1..data.len() / 2], &data[data.len() / 2..]] {
        let size = part.len() as CK_ULONG;
        call!(world.module, C_SignUpdate(session.handle(), part.as_ptr().cast_mut(), size))?;
    }
    let mut length = 0;
    call!(world.module, C_SignFinal(session.handle(), ptr::null_mut(), &mut length))?;
    let mut signature = vec![0; length as usize];
    call!(world.module, C_SignFinal(session.handle(), signature.as_mut_ptr(), &mut length))?;
    signature.truncate(length as usize);
    Ok(signature)
}

fn sign_in(
    world: &World,
    session: &Session<'_>,
    data: &[u8],
    signature: *mut CK_BYTE,
    length: &mut CK_ULONG,
) -> Result<(), CK_RV> {
    let size = data.len() as CK_ULONG;
    call!(world.module, C_Sign(session.handle(), data.as_ptr().cast_mut(), size, signature, length))
}

fn every_mechanism(generation: &str) {
    let (world, card) = World::with(generation);
    for &key in keys(generation) {
        let (_, id, name_of_certificate, kind, length) = key;
        let (session, handle) = private_key(&world, key);
        let certificate = card.certificate(name_of_certificate);
        // One piece and several must both be right; the beginning is the same.
        let both = |begin: &dyn Fn() -> Result<(), CK_RV>,
                    input: &[u8],
                    judge: &dyn Fn(&[u8]) -> bool,
                    what: &str| {
            for parts in [false, true] {
                begin().unwrap_or_else(|code| panic!("{what}: C_SignInit: {}", name(code)));
                permit(&session, key);
                let signature =
                    if parts { in_parts(&world, &session, input) } else { session.sign_data(input) };
                let signature = signature.unwrap_or_else(|code| panic!("{what}: {}", name(code)));
                assert_eq!(signature.len(), length, "{what}");
                assert!(judge(&signature), "{generation}, key {id:02x}, {what}, in parts: {parts}");
            }
        };
        for (index, (hash, hash_mechanism, mask, size)) in HASHES.into_iter().enumerate() {
            let digest = digest(hash, DATA);
            match kind {
                Kind::Ec => {
                    let judge = |signature: &[u8]| {
                        openssl::verifies(&certificate, Scheme::Ecdsa, hash, DATA, signature)
                    };
                    both(&|| session.sign_init(ECDSA[index], handle), DATA, &judge, hash);
                    both(
                        &|| session.sign_init(CKM_ECDSA, handle),
                        &digest,
                        &judge,
                        &format!("{hash} digest"),
                    );
                }
                Kind::Rsa => {
                    let judge = |signature: &[u8]| {
                        openssl::verifies(&certificate, Scheme::Pkcs1, hash, DATA, signature)
                    };
                    both(&|| session.sign_init(PKCS1[index], handle), DATA, &judge, hash);
                    let info = digest_info(hash, &digest, true);
                    both(&|| session.sign_init(CKM_RSA_PKCS, handle), &info, &judge, "DigestInfo");
                    // The card would sign another one: with NULL.
                    session.sign_init(CKM_RSA_PKCS, handle).unwrap();
                    refused(session.sign_data(&digest_info(hash, &digest, false)), CKR_DATA_INVALID);
                    let judge = |signature: &[u8]| {
                        openssl::verifies(&certificate, Scheme::Pss, hash, DATA, signature)
                    };
                    let parameter = pss(hash_mechanism, mask, size);
                    both(&|| session.sign_init_pss(PSS[index], parameter, handle), DATA, &judge, "PSS");
                    let begin = || session.sign_init_pss(CKM_RSA_PKCS_PSS, parameter, handle);
                    both(&begin, &digest, &judge, "PSS of a digest");
                }
            }
        }
    }
    for reference in [simcard::PIN1, simcard::PIN2] {
        assert_eq!(card.tries(reference), 5);
    }
}

#[test]
fn every_mechanism_of_v3_0_signs_rightly() {
    every_mechanism(GENERATIONS[0]);
}

#[test]
fn every_mechanism_of_v3_1_signs_rightly() {
    every_mechanism(GENERATIONS[1]);
}

#[test]
fn every_mechanism_of_v4_0_signs_rightly() {
    every_mechanism(GENERATIONS[2]);
}

#[test]
fn every_mechanism_of_v4_1_signs_rightly() {
    every_mechanism(GENERATIONS[3]);
}

#[test]
fn ecdsa_takes_a_number_of_any_length() {
    for generation in ["fineid-v3.1", "fineid-v4.1"] {
        let (world, card) = World::with(generation);
        let key = *keys(generation).iter().find(|key| key.3 == Kind::Ec).unwrap();
        let (session, handle) = private_key(&world, key);
        let certificate = card.certificate(key.2);
        for length in [1, 20, 31, 32, 33, 36, 47, 48, 49, 64, 100] {
            let number: Vec<u8> = (0..length).map(|byte| byte ^ 0xA5).collect();
            session.sign_init(CKM_ECDSA, handle).unwrap();
            permit(&session, key);
            let signature = session.sign_data(&number).unwrap();
            // OpenSSL takes at most 64 bytes here; what lies beyond the field's length does not count.
            let counted = &number[..number.len().min(64)];
            let holds = openssl::verifies_digest(&certificate, Scheme::Ecdsa, None, counted, &signature);
            assert!(holds, "{generation}: {length} bytes");
        }
        session.sign_init(CKM_ECDSA, handle).unwrap();
        permit(&session, key);
        refused(session.sign_data(&[]), CKR_DATA_LEN_RANGE);
    }
}

/// A key of a card, to sign with.
struct Begun {
    // Dropped in this order.
    session: Session<'static>,
    card: InReader,
    world: World,
    key: CK_OBJECT_HANDLE,
}

impl Begun {
    fn new(generation: &str, token: Token) -> Self {
        let (world, card) = World::with(generation);
        let key = *keys(generation).iter().find(|key| key.0 == token).unwrap();
        let (session, key) = private_key(&world, key);
        Self { session, card, world, key }
    }

    fn begin(&self, mechanism: CK_MECHANISM_TYPE) {
        self.session.sign_init(mechanism, self.key).unwrap();
    }

    fn sign(&self, data: &[u8], signature: *mut CK_BYTE, length: &mut CK_ULONG) -> Result<(), CK_RV> {
        sign_in(&self.world, &self.session, data, signature, length)
    }

    fn update(&self, data: &[u8]) -> Result<(), CK_RV> {
        let (start, size) = (data.as_ptr().cast_mut(), data.len() as CK_ULONG);
        call!(self.world.module, C_SignUpdate(self.session.handle(), start, size))
    }

    fn finish(&self) -> Result<Vec<u8>, CK_RV> {
        let (mut signature, mut length) = (vec![0; 512], 512);
        call!(self.world.module, C_SignFinal(self.session.handle(), signature.as_mut_ptr(), &mut length))?;
        signature.truncate(length as usize);
        Ok(signature)
    }
}

#[test]
fn asking_for_the_length_keeps_the_operation_and_costs_nothing() {
    for token in [PIN1, PIN2] {
        let begun = Begun::new(ANY, token);
        begun.begin(CKM_ECDSA);
        let (cost, ()) = begun.card.cost(|| {
            for _ in 0..3 {
                let mut length = 7;
                begun.sign(&[1; 48], ptr::null_mut(), &mut length).unwrap();
                assert_eq!(length, 96);
            }
        });
        assert_eq!(cost, 0, "{}", begun.card.story());
        let mut signature = [0; 96];
        begun.sign(&[1; 48], signature.as_mut_ptr(), &mut 96).unwrap();
    }
}

#[test]
fn a_short_buffer_keeps_the_operation_and_costs_nothing() {
    for token in [PIN1, PIN2] {
        let begun = Begun::new(ANY, token);
        begun.begin(CKM_ECDSA);
        let mut signature = [0xEE; 100];
        let (cost, ()) = begun.card.cost(|| {
            for short in [0, 1, 95] {
                let mut length = short;
                refused(begun.sign(&[1; 48], signature.as_mut_ptr(), &mut length), CKR_BUFFER_TOO_SMALL);
                assert_eq!(length, 96);
            }
        });
        assert_eq!(cost, 0, "{}", begun.card.story());
        assert_eq!(signature, [0xEE; 100], "a buffer that was too small was written to");
        let mut length = 100;
        begun.sign(&[1; 48], signature.as_mut_ptr(), &mut length).unwrap();
        assert_eq!((length, &signature[96..]), (96, &[0xEE; 4][..]));
    }
}

#[test]
fn the_length_of_a_signature_in_parts_can_be_asked_for() {
    let begun = Begun::new(ANY, PIN1);
    begun.begin(CKM_ECDSA_SHA384);
    begun.update(DATA).unwrap();
    let mut length = 0;
    call!(begun.world.module, C_SignFinal(begun.session.handle(), ptr::null_mut(), &mut length)).unwrap();
    assert_eq!(length, 96);
    let mut signature = [0; 96];
    length = 95;
    let short =
        call!(begun.world.module, C_SignFinal(begun.session.handle(), signature.as_mut_ptr(), &mut length));
    refused(short, CKR_BUFFER_TOO_SMALL);
    assert_eq!(length, 96);
    let signature = begun.finish().unwrap();
    let certificate = begun.card.certificate("auth");
    assert!(openssl::verifies(&certificate, Scheme::Ecdsa, "sha384", DATA, &signature));
}

#[test]
fn a_signature_ends_its_operation() {
    let begun = Begun::new(ANY, PIN1);
    let mut signature = [0; 96];
    refused(begun.sign(&[1; 48], signature.as_mut_ptr(), &mut 96), CKR_OPERATION_NOT_INITIALIZED);
    begun.begin(CKM_ECDSA);
    begun.sign(&[1; 48], signature.as_mut_ptr(), &mut 96).unwrap();
    refused(begun.sign(&[1; 48], signature.as_mut_ptr(), &mut 96), CKR_OPERATION_NOT_INITIALIZED);
    refused(begun.update(DATA), CKR_OPERATION_NOT_INITIALIZED);
    refused(begun.finish(), CKR_OPERATION_NOT_INITIALIZED);
}

/// §5.13.2: an error other than a short buffer always ends the operation.
#[test]
fn a_failed_signature_ends_its_operation() {
    let begun = Begun::new("fineid-v3.1", PIN1);
    let mut signature = [0; 384];
    begun.begin(CKM_RSA_PKCS);
    refused(begun.sign(b"no DigestInfo", signature.as_mut_ptr(), &mut 384), CKR_DATA_INVALID);
    let info = digest_info("sha256", &digest("sha256", DATA), true);
    refused(begun.sign(&info, signature.as_mut_ptr(), &mut 384), CKR_OPERATION_NOT_INITIALIZED);
}

/// §5.13.2: C_Sign must be called without C_SignUpdate in between; it fails with a code of its own list, and as every
/// failure but a short buffer, that ends the operation.
#[test]
fn sign_after_update_is_refused() {
    let begun = Begun::new(ANY, PIN1);
    begun.begin(CKM_ECDSA_SHA256);
    begun.update(DATA).unwrap();
    let mut signature = [0; 96];
    let outcome = begun.sign(DATA, signature.as_mut_ptr(), &mut 96);
    let code = outcome.expect_err("C_Sign after C_SignUpdate was accepted");
    assert!(kit::permitted("C_Sign", code), "C_Sign may not give {}", name(code));
    refused(begun.finish(), CKR_OPERATION_NOT_INITIALIZED);
}

#[test]
fn one_signature_at_a_time_in_a_session() {
    let begun = Begun::new(ANY, PIN1);
    begun.begin(CKM_ECDSA);
    refused(begun.session.sign_init(CKM_ECDSA, begun.key), CKR_OPERATION_ACTIVE);
    // Another session is another place.
    let second = begun.world.open(PIN1);
    second.sign(CKM_ECDSA, begun.key, &[1; 48]).unwrap();
    let mut signature = [0; 96];
    begun.sign(&[1; 48], signature.as_mut_ptr(), &mut 96).unwrap();
}

#[test]
fn no_mechanism_cancels_the_operation() {
    let begun = Begun::new(ANY, PIN1);
    let cancel = || call!(begun.world.module, C_SignInit(begun.session.handle(), kit::no_mechanism(), 0));
    begun.begin(CKM_ECDSA);
    cancel().unwrap();
    refused(begun.sign(&[1; 48], ptr::null_mut(), &mut 0), CKR_OPERATION_NOT_INITIALIZED);
    cancel().unwrap();
    begun.begin(CKM_ECDSA);
}

#[test]
fn only_private_keys_sign() {
    let begun = Begun::new(ANY, PIN1);
    let public = begun.session.object(CKO_PUBLIC_KEY, 0x45).unwrap();
    let certificate = begun.session.object(CKO_CERTIFICATE, 0x45).unwrap();
    refused(begun.session.sign_init(CKM_ECDSA, public), CKR_KEY_FUNCTION_NOT_PERMITTED);
    // §5.1.6: "a valid handle for an object which is not a key".
    refused(begun.session.sign_init(CKM_ECDSA, certificate), CKR_KEY_HANDLE_INVALID);
    refused(begun.session.sign_init(CKM_ECDSA, 0), CKR_KEY_HANDLE_INVALID);
    refused(begun.session.sign_init(CKM_ECDSA, CK_OBJECT_HANDLE::MAX), CKR_KEY_HANDLE_INVALID);
}

#[test]
fn mechanisms_of_other_keys_are_refused() {
    let begun = Begun::new(ANY, PIN1);
    for mechanism in [CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS, CKM_RSA_X_509, CKM_AES_CBC, CK_MECHANISM_TYPE::MAX] {
        refused(begun.session.sign_init(mechanism, begun.key), CKR_MECHANISM_INVALID);
    }
    drop(begun);

    // A token with both kinds of keys has all mechanisms, but a key has those of its kind.
    let (world, _card) = World::with("fineid-v3.1");
    let session = world.logged_in(PIN2);
    let (rsa, ec) =
        (session.object(CKO_PRIVATE_KEY, 0x46).unwrap(), session.object(CKO_PRIVATE_KEY, 0x47).unwrap());
    refused(session.sign_init(CKM_ECDSA, rsa), CKR_KEY_TYPE_INCONSISTENT);
    refused(session.sign_init(CKM_RSA_PKCS, ec), CKR_KEY_TYPE_INCONSISTENT);
}

#[test]
fn what_is_no_digest_info_is_refused_before_the_card() {
    let begun = Begun::new("fineid-v3.0", PIN1);
    let digest = digest("sha256", DATA);
    let good = digest_info("sha256", &digest, true);
    let mut wrong_length = good.clone();
    wrong_length[1] += 1;
    let bad: [&[u8]; 8] = [
        &[],
        &digest,
        // The MD5 and SHA-1 of TLS 1.1.
        &[7; 36],
        &good[..good.len() - 1],
        &[&good[..], &[0]].concat(),
        &wrong_length,
        &digest_info("sha384", &digest, true),
        &digest_info("sha1", &digest, false),
    ];
    let mut signature = [0; 256];
    for data in bad {
        begun.begin(CKM_RSA_PKCS);
        let (cost, ()) = begun.card.cost(|| {
            refused(begun.sign(data, signature.as_mut_ptr(), &mut 256), CKR_DATA_INVALID);
            // C_SignFinal may not call it that (§5.13.4).
            begun.begin(CKM_RSA_PKCS);
            begun.update(data).unwrap();
            refused(begun.finish(), CKR_FUNCTION_FAILED);
            refused(begun.finish(), CKR_OPERATION_NOT_INITIALIZED);
        });
        assert_eq!(cost, 0);
    }
}

#[test]
fn pss_parameters_that_the_card_cannot_do_are_refused_at_the_beginning() {
    let begun = Begun::new("fineid-v3.1", PIN1);
    let session = &begun.session;
    for (mechanism, parameter) in [
        (CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA1, 32)),
        (CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, 20)),
        (CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, 0)),
        (CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, usize::MAX)),
        (CKM_RSA_PKCS_PSS, pss(CKM_MD5, CKG_MGF1_SHA256, 16)),
        (CKM_SHA384_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, 32)),
        (CKM_SHA256_RSA_PKCS, pss(CKM_SHA256, CKG_MGF1_SHA256, 32)),
        (CKM_RSA_PKCS, pss(CKM_SHA256, CKG_MGF1_SHA256, 32)),
    ] {
        refused(session.sign_init_pss(mechanism, parameter, begun.key), CKR_MECHANISM_PARAM_INVALID);
    }
    refused(session.sign_init(CKM_RSA_PKCS_PSS, begun.key), CKR_MECHANISM_PARAM_INVALID);
    // Of a wrong length, and a length without a parameter.
    let mut parameter = pss(CKM_SHA256, CKG_MGF1_SHA256, 32);
    let good = (&raw mut parameter).cast();
    for (start, size) in [(good, 23), (good, 25), (good, 0), (ptr::null_mut(), 24)] {
        let mut mechanism =
            CK_MECHANISM { mechanism: CKM_RSA_PKCS_PSS, pParameter: start, ulParameterLen: size };
        let outcome = call!(begun.world.module, C_SignInit(session.handle(), &mut mechanism, begun.key));
        refused(outcome, CKR_MECHANISM_PARAM_INVALID);
    }
    // Of a wrong length is also the digest.
    session.sign_init_pss(CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, 32), begun.key).unwrap();
    refused(session.sign_data(&[1; 31]), CKR_DATA_LEN_RANGE);
}

/// On a T=0 card an answer of 384 bytes comes in two pieces, so an RSA-3072 signature takes one command more.
#[test]
fn an_undisturbed_login_costs_two_commands_and_a_signature_three() {
    for generation in GENERATIONS {
        let (world, card) = World::with(generation);
        let session = world.open(PIN1);
        let (cost, outcome) = card.cost(|| session.login(CKU_USER, PIN1.1));
        outcome.unwrap();
        // One to make certain that the PIN goes to its own application.
        assert_eq!(cost, 2, "{generation}: login\n{}", card.story());
        let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        let (mechanism, expected) = match generation {
            "fineid-v3.0" => (CKM_SHA256_RSA_PKCS, 3),
            "fineid-v3.1" => (CKM_SHA256_RSA_PKCS, 4),
            _ => (CKM_ECDSA_SHA384, 3),
        };
        for _ in 0..3 {
            let (cost, outcome) = card.cost(|| session.sign(mechanism, key, DATA));
            outcome.unwrap();
            assert_eq!(cost, expected, "{generation}: signature\n{}", card.story());
        }
    }
}

// --- PIN2: a login for each signature

#[test]
fn a_user_login_permits_one_signature_with_pin2() {
    let begun = Begun::new(ANY, PIN2);
    begun.session.sign(CKM_ECDSA, begun.key, &[1; 48]).unwrap();
    assert_eq!(begun.session.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
    for _ in 0..2 {
        let sent = begun.card.sent(simcard::PIN2);
        refused(begun.session.sign(CKM_ECDSA, begun.key, &[1; 48]), CKR_USER_NOT_LOGGED_IN);
        assert_eq!(begun.card.sent(simcard::PIN2), sent, "PIN2 was sent without having been given");
        assert_eq!(begun.session.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
    }
    begun.begin(CKM_ECDSA);
    begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    begun.session.sign_data(&[1; 48]).unwrap();
    refused(begun.session.sign(CKM_ECDSA, begun.key, &[1; 48]), CKR_USER_NOT_LOGGED_IN);
}

/// The sequence of pkcs11-tool and others: C_Login, C_SignInit, C_Login(CKU_CONTEXT_SPECIFIC) with the same digits, C_Sign.
#[test]
fn digits_that_were_just_accepted_are_presented_with_the_signature_alone() {
    let begun = Begun::new(ANY, PIN2);
    for _ in 0..3 {
        begun.begin(CKM_ECDSA);
        let sent = begun.card.sent(simcard::PIN2);
        let (cost, outcome) = begun.card.cost(|| begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1));
        outcome.unwrap();
        assert_eq!(cost, 0, "{}", begun.card.story());
        let (cost, outcome) = begun.card.cost(|| begun.session.sign_data(&[1; 48]));
        outcome.unwrap();
        assert_eq!((cost, begun.card.sent(simcard::PIN2) - sent), (6, 1), "{}", begun.card.story());
        assert!(!begun.card.open(simcard::PIN2));
    }
}

/// Whatever may have changed since, the card is asked.
#[test]
fn digits_are_presented_where_the_card_may_judge_otherwise() {
    type Happens = fn(&Begun);
    let happenings: [(&str, Happens); 3] = [
        ("a minute later", |begun| (0..21).for_each(|_| begun.world.somebody_types())),
        ("other digits were refused", |begun| {
            refused(begun.session.login(CKU_CONTEXT_SPECIFIC, "654321"), CKR_PIN_INCORRECT);
        }),
        ("the PIN was set", |begun| {
            let write = begun.world.open_to_write(PIN2);
            write.set_pin(PIN2.1, "864209").unwrap();
            begun.world.somebody_types();
            write.set_pin("864209", PIN2.1).unwrap();
        }),
    ];
    for (what, happens) in happenings {
        let begun = Begun::new(ANY, PIN2);
        begun.begin(CKM_ECDSA);
        begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
        begun.session.sign_data(&[1; 48]).unwrap();
        begun.begin(CKM_ECDSA);
        happens(&begun);
        let sent = begun.card.sent(simcard::PIN2);
        begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
        assert_eq!(begun.card.sent(simcard::PIN2) - sent, 1, "{what}");
        begun.session.sign_data(&[1; 48]).unwrap();
    }
}

/// A login of the user is always the card's judgement.
#[test]
fn a_user_login_presents_its_digits_always() {
    let begun = Begun::new(ANY, PIN2);
    for _ in 0..2 {
        begun.session.logout().unwrap();
        let sent = begun.card.sent(simcard::PIN2);
        begun.session.login(CKU_USER, PIN2.1).unwrap();
        assert_eq!(begun.card.sent(simcard::PIN2) - sent, 1);
    }
}

/// Another program has changed PIN2 since. That is seen at the signature; one try is lost, for which the digits were given.
#[test]
fn digits_that_are_no_longer_right_cost_one_try_and_sign_nothing() {
    let begun = Begun::new(ANY, PIN2);
    let other = Other::connect(begun.card.reader());
    other.change(simcard::PIN2, PIN2.1, "864209");
    begun.begin(CKM_ECDSA);
    begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    refused(begun.session.sign_data(&[1; 48]), CKR_USER_NOT_LOGGED_IN);
    assert_eq!(begun.card.tries(simcard::PIN2), 4);
    begun.begin(CKM_ECDSA);
    for _ in 0..2 {
        refused(begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1), CKR_PIN_INCORRECT);
    }
    assert_eq!(begun.card.tries(simcard::PIN2), 4);
    begun.session.login(CKU_CONTEXT_SPECIFIC, "864209").unwrap();
    begun.session.sign_data(&[1; 48]).unwrap();
    other.leave();
}

/// The permission of the user login is for the first operation that follows, whatever else permits that one.
#[test]
fn a_user_login_permits_no_second_signature_after_a_login_for_the_first() {
    let begun = Begun::new(ANY, PIN2);
    begun.begin(CKM_ECDSA);
    begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    begun.session.sign_data(&[1; 48]).unwrap();
    refused(begun.session.sign(CKM_ECDSA, begun.key, &[1; 48]), CKR_USER_NOT_LOGGED_IN);
}

#[test]
fn a_context_specific_login_serves_one_signature_of_its_session() {
    let begun = Begun::new(ANY, PIN2);
    begun.session.sign(CKM_ECDSA, begun.key, &[1; 48]).unwrap();
    // Given, cancelled and begun again.
    begun.begin(CKM_ECDSA);
    begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    call!(begun.world.module, C_SignInit(begun.session.handle(), kit::no_mechanism(), 0)).unwrap();
    begun.session.sign(CKM_ECDSA, begun.key, &[1; 48]).unwrap();
    refused(begun.session.sign(CKM_ECDSA, begun.key, &[1; 48]), CKR_USER_NOT_LOGGED_IN);
    // Given in one session, used in another: no.
    let second = begun.world.open(PIN2);
    begun.begin(CKM_ECDSA);
    begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    refused(second.sign(CKM_ECDSA, begun.key, &[1; 48]), CKR_USER_NOT_LOGGED_IN);
    begun.session.sign_data(&[1; 48]).unwrap();
}

#[test]
fn asking_for_the_length_does_not_use_the_login_up() {
    let begun = Begun::new(ANY, PIN2);
    begun.session.sign(CKM_ECDSA, begun.key, &[1; 48]).unwrap();
    begun.begin(CKM_ECDSA);
    begun.sign(&[1; 48], ptr::null_mut(), &mut 0).unwrap();
    begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    begun.sign(&[1; 48], ptr::null_mut(), &mut 0).unwrap();
    let mut signature = [0; 96];
    refused(begun.sign(&[1; 48], signature.as_mut_ptr(), &mut 5), CKR_BUFFER_TOO_SMALL);
    begun.sign(&[1; 48], signature.as_mut_ptr(), &mut 96).unwrap();
}

#[test]
fn pin2_is_never_left_open_on_the_card() {
    for switches in
        ["", ",pin2_one_shot=yes", ",unverify_supported=no", ",pin2_one_shot=yes,unverify_supported=no"]
    {
        let begun = Begun::new(&format!("{ANY}{switches}"), PIN2);
        let closed = |when: &str| {
            assert!(!begun.card.open(simcard::PIN2), "PIN2 is open on the card{switches} {when}");
        };
        closed("after the login");
        begun.begin(CKM_ECDSA);
        closed("after C_SignInit");
        begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
        closed("after the login for the operation");
        begun.session.sign_data(&[1; 48]).unwrap();
        closed("after the signature");
        // Also where the signature fails behind the PIN.
        for command in [&[0x22][..], &[0x2A, 0x90], &[0x2A, 0x9E]] {
            begun.begin(CKM_ECDSA);
            begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
            begun.card.fault(simcard::Fault::on(command, simcard::Action::Status(0x6F00)));
            refused(begun.session.sign_data(&[1; 48]), CKR_DEVICE_ERROR);
            closed("after a failed signature");
        }
        begun.session.logout().unwrap();
        closed("after the logout");
    }
}

#[test]
fn a_wrong_pin2_for_an_operation_leaves_operation_and_session_as_they_were() {
    let begun = Begun::new(ANY, PIN2);
    begun.session.sign(CKM_ECDSA, begun.key, &[1; 48]).unwrap();
    begun.begin(CKM_ECDSA);
    refused(begun.session.login(CKU_CONTEXT_SPECIFIC, "654321"), CKR_PIN_INCORRECT);
    assert_eq!(begun.card.tries(simcard::PIN2), 4);
    assert_eq!(begun.session.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
    begun.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    begun.session.sign_data(&[1; 48]).unwrap();
    assert_eq!(begun.card.tries(simcard::PIN2), 5);
}

/// §5.6.8: where the PIN is locked by a context-specific login, the user is logged out.
#[test]
fn a_pin2_that_gets_blocked_for_an_operation_logs_out() {
    let begun = Begun::new(ANY, PIN2);
    begun.session.sign(CKM_ECDSA, begun.key, &[1; 48]).unwrap();
    begun.card.card().set_tries_left(simcard::PIN2, 1);
    begun.begin(CKM_ECDSA);
    refused(begun.session.login(CKU_CONTEXT_SPECIFIC, "654321"), CKR_PIN_LOCKED);
    assert_eq!(begun.session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
    assert_eq!(begun.card.tries(simcard::PIN2), 0);
}

#[test]
fn logging_out_ends_signatures_under_way() {
    for token in [PIN1, PIN2] {
        let begun = Begun::new(ANY, token);
        begun.begin(CKM_ECDSA);
        begun.session.logout().unwrap();
        let (cost, ()) = begun.card.cost(|| {
            let mut signature = [0; 96];
            let outcome = begun.sign(&[1; 48], signature.as_mut_ptr(), &mut 96);
            let code = outcome.expect_err("signed after the logout");
            assert!(
                [CKR_OPERATION_NOT_INITIALIZED, CKR_USER_NOT_LOGGED_IN].contains(&code),
                "{}",
                name(code)
            );
        });
        assert_eq!(cost, 0);
    }
}

#[test]
fn threads_sign_at_the_same_time() {
    let begun = Begun::new(ANY, PIN1);
    let certificate = begun.card.certificate("auth");
    let (world, key) = (&begun.world, begun.key);
    let sessions: Vec<_> = (0..4).map(|_| world.open(PIN1)).collect();
    std::thread::scope(|scope| {
        let threads: Vec<_> = sessions
            .iter()
            .enumerate()
            .map(|(number, session)| {
                let certificate = &certificate;
                scope.spawn(move || {
                    let data = [u8::try_from(number).unwrap(); 48];
                    for _ in 0..5 {
                        let signature = session.sign(CKM_ECDSA, key, &data).unwrap();
                        assert!(openssl::verifies_digest(
                            certificate,
                            Scheme::Ecdsa,
                            None,
                            &data,
                            &signature
                        ));
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
    assert_eq!(begun.card.sent(simcard::PIN1), 1);
}

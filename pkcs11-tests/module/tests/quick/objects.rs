//! Objects (§5.7) and their attributes (§4), held against the certificates as issued and read by x509-parser.

use cryptoki_sys::*;
use kit::{
    ANY, Certificate, PIN1, PIN2, PublicKey, Session, Token, Watched, World, bytes, call, name, refused,
};
use sha1::Digest;
use std::ptr;

/// CKA_ID, name of the certificate.
type Key = (u8, &'static str);

fn keys(generation: &str, token: Token) -> &'static [Key] {
    match (token.0, generation) {
        ("FINEID (PIN1)", _) => &[(0x45, "auth")],
        (_, "fineid-v3.0" | "fineid-v3.1") => &[(0x46, "sign"), (0x47, "sign-ec")],
        _ => &[(0x46, "sign")],
    }
}

fn number(value: &[u8]) -> CK_ULONG {
    CK_ULONG::from_ne_bytes(value.try_into().expect("a CK_ULONG"))
}

/// C_GetAttributeValue with a template as it stands.
fn get(
    world: &World,
    session: &Session<'_>,
    object: CK_OBJECT_HANDLE,
    template: &mut [CK_ATTRIBUTE],
) -> Result<(), CK_RV> {
    let count = template.len() as CK_ULONG;
    call!(world.module, C_GetAttributeValue(session.handle(), object, template.as_mut_ptr(), count))
}

fn attribute(kind: CK_ATTRIBUTE_TYPE, place: &mut [u8]) -> CK_ATTRIBUTE {
    CK_ATTRIBUTE { type_: kind, pValue: place.as_mut_ptr().cast(), ulValueLen: place.len() as CK_ULONG }
}

fn size_query(kind: CK_ATTRIBUTE_TYPE) -> CK_ATTRIBUTE {
    CK_ATTRIBUTE { type_: kind, pValue: ptr::null_mut(), ulValueLen: 0 }
}

fn each_key_has_its_three_objects_with_one_id(generation: &str) {
    let (world, _card) = World::with(generation);
    for token in [PIN1, PIN2] {
        let session = world.logged_in(token);
        for (id, _) in keys(generation, token) {
            let trio = [CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY]
                .map(|class| session.object(class, *id).unwrap());
            let found = session.find(&[(CKA_ID, &[*id])]).unwrap();
            assert_eq!(found.len(), 3, "{generation} {id:02x}");
            assert!(trio.iter().all(|object| found.contains(object)));
            let labels = trio.map(|object| session.attribute(object, CKA_LABEL).unwrap());
            assert!(labels.iter().all(|label| *label == labels[0] && !label.is_empty()));
            assert_eq!(session.find(&[(CKA_LABEL, &labels[0])]).unwrap().len(), 3);
        }
        let all = session.find(&[]).unwrap();
        assert_eq!(
            all.len(),
            keys(generation, token).len() * 3 + 2 + 3,
            "{generation}: objects, two authorities, three profiles"
        );
        assert_eq!(session.find(&[(CKA_TOKEN, &[CK_TRUE])]).unwrap(), all);
        assert!(session.find(&[(CKA_TOKEN, &[CK_FALSE])]).unwrap().is_empty());
    }
}

fn certificates_are_those_that_were_issued(generation: &str) {
    let (world, card) = World::with(&format!("{generation},holder=4"));
    for token in [PIN1, PIN2] {
        let session = world.open(token);
        for (id, file) in keys(generation, token) {
            let object = session.object(CKO_CERTIFICATE, *id).unwrap();
            let get = |kind| session.attribute(object, kind).unwrap();
            let der = card.certificate(file);
            let parsed = Certificate::of(&der);
            assert_eq!(get(CKA_VALUE), der);
            assert_eq!(get(CKA_SUBJECT), parsed.subject);
            assert_eq!(get(CKA_ISSUER), parsed.issuer);
            let serial = get(CKA_SERIAL_NUMBER);
            assert_eq!(serial[0], 0x02, "DER INTEGER");
            assert_eq!(serial[2..], parsed.serial);
            assert_eq!(get(CKA_PUBLIC_KEY_INFO), parsed.key_info);
            assert_eq!(get(CKA_CHECK_VALUE), sha1::Sha1::digest(&der)[..3]);
            assert_eq!(get(CKA_START_DATE), parsed.from.as_bytes());
            assert_eq!(get(CKA_END_DATE), parsed.until.as_bytes());
            assert_eq!(number(&get(CKA_CERTIFICATE_TYPE)), CKC_X_509);
            assert_eq!(number(&get(CKA_CERTIFICATE_CATEGORY)), CK_CERTIFICATE_CATEGORY_TOKEN_USER);
            assert_eq!((get(CKA_PRIVATE), get(CKA_TRUSTED)), (vec![CK_FALSE], vec![CK_FALSE]));
            // Found by what programs look for.
            for kind in [CKA_VALUE, CKA_SUBJECT, CKA_ISSUER, CKA_SERIAL_NUMBER] {
                assert!(session.find(&[(kind, &get(kind))]).unwrap().contains(&object));
            }
        }
    }
}

fn keys_are_those_of_the_certificates(generation: &str) {
    let (world, card) = World::with(generation);
    for token in [PIN1, PIN2] {
        let session = world.logged_in(token);
        for (id, file) in keys(generation, token) {
            let der = card.certificate(file);
            let parsed = Certificate::of(&der);
            for class in [CKO_PUBLIC_KEY, CKO_PRIVATE_KEY] {
                let object = session.object(class, *id).unwrap();
                let get = |kind| session.attribute(object, kind).unwrap();
                assert_eq!(get(CKA_PUBLIC_KEY_INFO), parsed.key_info);
                assert_eq!(get(CKA_SUBJECT), parsed.subject);
                assert_eq!(number(&get(CKA_CLASS)), class);
                match &parsed.key {
                    PublicKey::Rsa { modulus, exponent } => {
                        assert_eq!(number(&get(CKA_KEY_TYPE)), CKK_RSA);
                        // Numbers are big-endian without a leading zero.
                        assert_eq!(get(CKA_MODULUS), *modulus);
                        assert_eq!(get(CKA_PUBLIC_EXPONENT), *exponent);
                        if class == CKO_PUBLIC_KEY {
                            assert_eq!(number(&get(CKA_MODULUS_BITS)), modulus.len() as CK_ULONG * 8);
                        }
                        refused(session.attribute(object, CKA_EC_POINT), CKR_ATTRIBUTE_TYPE_INVALID);
                    }
                    PublicKey::Ec { curve, point } => {
                        assert_eq!(number(&get(CKA_KEY_TYPE)), CKK_EC);
                        assert_eq!(get(CKA_EC_PARAMS), *curve);
                        let octets = [&[0x04, u8::try_from(point.len()).unwrap()], &point[..]].concat();
                        assert_eq!(get(CKA_EC_POINT), octets);
                        refused(session.attribute(object, CKA_MODULUS), CKR_ATTRIBUTE_TYPE_INVALID);
                    }
                }
            }
        }
    }
}

fn keys_say_what_they_are_for(generation: &str) {
    let (world, card) = World::with(generation);
    for (token, each_time) in [(PIN1, CK_FALSE), (PIN2, CK_TRUE)] {
        let session = world.logged_in(token);
        for (id, file) in keys(generation, token) {
            let der = card.certificate(file);
            let parsed = Certificate::of(&der);
            let usage = parsed.usage.unwrap();
            let rsa = parsed.is_rsa();
            let flag = |holds: bool| CK_BBOOL::from(holds);
            let public = session.object(CKO_PUBLIC_KEY, *id).unwrap();
            for (kind, value) in [
                (CKA_PRIVATE, CK_FALSE),
                (CKA_VERIFY, CK_TRUE),
                (CKA_VERIFY_RECOVER, flag(rsa)),
                (CKA_ENCRYPT, flag(usage.key_encipherment())),
                (CKA_WRAP, CK_FALSE),
                (CKA_DERIVE, flag(usage.key_agreement())),
            ] {
                assert_eq!(session.attribute(public, kind).unwrap(), [value], "{kind:#x}");
            }
            let object = session.object(CKO_PRIVATE_KEY, *id).unwrap();
            for (kind, value) in [
                (CKA_TOKEN, CK_TRUE),
                (CKA_PRIVATE, CK_TRUE),
                (CKA_SENSITIVE, CK_TRUE),
                (CKA_ALWAYS_SENSITIVE, CK_TRUE),
                (CKA_EXTRACTABLE, CK_FALSE),
                (CKA_NEVER_EXTRACTABLE, CK_TRUE),
                (CKA_SIGN, CK_TRUE),
                (CKA_SIGN_RECOVER, flag(rsa)),
                (CKA_DECRYPT, flag(usage.key_encipherment())),
                (CKA_DERIVE, flag(usage.key_agreement())),
                (CKA_UNWRAP, CK_FALSE),
                (CKA_MODIFIABLE, CK_FALSE),
                (CKA_COPYABLE, CK_FALSE),
                (CKA_DESTROYABLE, CK_FALSE),
                (CKA_ALWAYS_AUTHENTICATE, each_time),
            ] {
                assert_eq!(session.attribute(object, kind).unwrap(), [value], "{kind:#x}");
            }
            // The mechanisms of the key are mechanisms of the token.
            let allowed = session.attribute(object, CKA_ALLOWED_MECHANISMS).unwrap();
            let listed = world.module.mechanisms(world.slot(token)).unwrap();
            assert!(!allowed.is_empty() && allowed.len() % size_of::<CK_ULONG>() == 0);
            for mechanism in allowed.chunks(size_of::<CK_ULONG>()) {
                assert!(listed.contains(&number(mechanism)));
            }
        }
    }
}

/// §4.8: CKA_KEY_GEN_MECHANISM is unavailable where CKA_LOCAL is false, and a mechanism where it is true.
#[test]
fn how_a_key_was_made_is_told_without_contradiction() {
    let (world, _card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    for class in [CKO_PUBLIC_KEY, CKO_PRIVATE_KEY] {
        let object = session.object(class, 0x45).unwrap();
        let local = session.attribute(object, CKA_LOCAL).unwrap() == [CK_TRUE];
        let made_by = number(&session.attribute(object, CKA_KEY_GEN_MECHANISM).unwrap());
        assert_eq!(local, made_by != CK_UNAVAILABLE_INFORMATION, "CKA_LOCAL {local}, made by {made_by:#x}");
    }
}

#[test]
fn the_profiles_are_those_that_make_no_program_ask_for_a_pin() {
    let (world, card) = World::with(ANY);
    for token in [PIN1, PIN2] {
        let session = world.open(token);
        world.module.token(world.slot(token)).unwrap();
        let (cost, mut profiles) = card.cost(|| {
            let found = session.find(&[(CKA_CLASS, &bytes(CKO_PROFILE)), (CKA_TOKEN, &[CK_TRUE])]).unwrap();
            let id = |object: &CK_OBJECT_HANDLE| number(&session.attribute(*object, CKA_PROFILE_ID).unwrap());
            found.iter().map(id).collect::<Vec<_>>()
        });
        profiles.sort_unstable();
        assert_eq!(profiles, [CKP_BASELINE_PROVIDER, CKP_EXTENDED_PROVIDER, CKP_PUBLIC_CERTIFICATES_TOKEN]);
        assert_eq!(cost, 0, "{}", card.story());
    }
}

#[test]
fn looking_for_what_no_card_has_costs_nothing_and_finds_nothing() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN1);
    let (cost, ()) = card.cost(|| {
        for class in [
            CKO_DATA,
            CKO_SECRET_KEY,
            CKO_HW_FEATURE,
            CKO_DOMAIN_PARAMETERS,
            CKO_VALIDATION,
            CKO_VENDOR_DEFINED | 0x4E53,
        ] {
            assert!(session.find(&[(CKA_CLASS, &bytes(class))]).unwrap().is_empty());
        }
    });
    assert_eq!(cost, 0, "{}", card.story());
    assert!(session.find(&[(CKA_VENDOR_DEFINED | 1, &[1])]).unwrap().is_empty());
    assert!(session.find(&[(CKA_ID, &[0x99])]).unwrap().is_empty());
    assert!(session.find(&[(CKA_ID, &[])]).unwrap().is_empty());
    assert!(session.find(&[(CKA_CLASS, &[1, 2, 3])]).unwrap().is_empty());
}

fn finding_again_costs_nothing(generation: &str) {
    let (world, card) = World::with(generation);
    for token in [PIN1, PIN2] {
        let session = world.open(token);
        let first = session.find(&[]).unwrap();
        let second = world.open(token);
        let (cost, ()) = card.cost(|| {
            assert_eq!(session.find(&[]).unwrap(), first);
            assert_eq!(second.find(&[]).unwrap(), first, "handles are the same in all sessions");
            for object in &first {
                second.attribute(*object, CKA_LABEL).unwrap();
            }
            session.find(&[(CKA_CLASS, &bytes(CKO_CERTIFICATE))]).unwrap();
        });
        assert_eq!(cost, 0, "{}", card.story());
    }
}

#[test]
fn private_keys_are_invisible_before_the_login_and_their_handles_void_after_the_logout() {
    let (world, _card) = World::with(ANY);
    for (token, id) in [(PIN1, 0x45), (PIN2, 0x46)] {
        let session = world.open(token);
        let private: &[(CK_ATTRIBUTE_TYPE, &[u8])] = &[(CKA_PRIVATE, &[CK_TRUE])];
        assert!(session.find(private).unwrap().is_empty());
        refused(session.object(CKO_PRIVATE_KEY, id), CKR_OBJECT_HANDLE_INVALID);
        let public = session.object(CKO_PUBLIC_KEY, id).unwrap();
        session.login(CKU_USER, token.1).unwrap();
        let key = session.object(CKO_PRIVATE_KEY, id).unwrap();
        assert_eq!(session.find(private).unwrap(), [key]);
        assert_eq!(session.object(CKO_PUBLIC_KEY, id).unwrap(), public, "public handles stay");
        session.logout().unwrap();
        refused(session.attribute(key, CKA_LABEL), CKR_OBJECT_HANDLE_INVALID);
        refused(session.sign_init(CKM_ECDSA, key), CKR_KEY_HANDLE_INVALID);
        assert!(session.find(private).unwrap().is_empty());
        session.attribute(public, CKA_LABEL).unwrap();
        // For ever: after the next login the key has another handle.
        session.login(CKU_USER, token.1).unwrap();
        assert_ne!(session.object(CKO_PRIVATE_KEY, id).unwrap(), key);
        refused(session.attribute(key, CKA_LABEL), CKR_OBJECT_HANDLE_INVALID);
        session.logout().unwrap();
    }
}

/// §5.7.9: what was found before is handed out after, but not what may not be seen any more.
#[test]
fn a_search_under_way_gives_no_private_key_after_the_logout() {
    let (world, _card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    call!(world.module, C_FindObjectsInit(session.handle(), ptr::null_mut(), 0)).unwrap();
    session.logout().unwrap();
    let (mut found, mut count) = ([0; 20], 0);
    match call!(world.module, C_FindObjects(session.handle(), found.as_mut_ptr(), 20, &mut count)) {
        Ok(()) => {
            for object in &found[..count as usize] {
                session.attribute(*object, CKA_CLASS).expect("a handle that was just found is good");
            }
        }
        Err(code) => assert_eq!(code, CKR_OPERATION_NOT_INITIALIZED, "{}", name(code)),
    }
}

#[test]
fn objects_of_one_token_are_not_those_of_the_other() {
    let (world, _card) = World::with(ANY);
    let (first, second) = (world.open(PIN1), world.open(PIN2));
    let certificate = first.object(CKO_CERTIFICATE, 0x45).unwrap();
    refused(second.attribute(certificate, CKA_VALUE), CKR_OBJECT_HANDLE_INVALID);
    refused(second.object(CKO_CERTIFICATE, 0x45), CKR_OBJECT_HANDLE_INVALID);
}

#[test]
fn a_search_hands_out_as_many_as_fit_and_then_none() {
    let (world, _card) = World::with(ANY);
    let session = world.open(PIN1);
    let all = session.find(&[]).unwrap();
    let find = |found: &mut [CK_OBJECT_HANDLE], most: CK_ULONG| {
        let mut count = 77;
        call!(world.module, C_FindObjects(session.handle(), found.as_mut_ptr(), most, &mut count))?;
        Ok::<_, CK_RV>(count)
    };
    refused(find(&mut [0], 1), CKR_OPERATION_NOT_INITIALIZED);
    let begin = || call!(world.module, C_FindObjectsInit(session.handle(), ptr::null_mut(), 0));
    begin().unwrap();
    refused(begin(), CKR_OPERATION_ACTIVE);
    let mut seen = Vec::new();
    let mut one = [0, 0xEE];
    while find(&mut one, 1).unwrap() == 1 {
        seen.push(one[0]);
        assert_eq!(one[1], 0xEE, "written behind the places");
    }
    assert_eq!(seen, all);
    assert_eq!(find(&mut one, 2), Ok(0));
    call!(world.module, C_FindObjectsFinal(session.handle())).unwrap();
    refused(call!(world.module, C_FindObjectsFinal(session.handle())), CKR_OPERATION_NOT_INITIALIZED);
}

/// Some programs take the first objects of a token for its certificates; OASIS's case CERT-M-1-32 does.
#[test]
fn certificates_are_the_first_objects_of_a_token() {
    for card in ["fineid-v4.0", "fineid-v3.1", "belgium-1.7", "latvia-rsa"] {
        let (world, _card) = World::with(card);
        let session = world.module.open(world.module.slots(true).unwrap()[0]).unwrap();
        let classes: Vec<_> = session
            .find(&[(CKA_TOKEN, &[CK_TRUE])])
            .unwrap()
            .into_iter()
            .map(|object| number(&session.attribute(object, CKA_CLASS).unwrap()))
            .collect();
        let certificates = classes.iter().filter(|class| **class == CKO_CERTIFICATE).count();
        assert!(certificates > 0, "{card}");
        assert!(classes[..certificates].iter().all(|class| *class == CKO_CERTIFICATE), "{card}: {classes:?}");
    }
}

#[test]
fn unique_ids_are_unique_and_the_same_tomorrow() {
    let (world, _card) = World::with("fineid-v3.1");
    let ids = || {
        let mut ids = Vec::new();
        for token in [PIN1, PIN2] {
            let session = world.logged_in(token);
            for object in session.find(&[]).unwrap() {
                ids.push((token.0, session.attribute(object, CKA_UNIQUE_ID).unwrap()));
            }
        }
        ids
    };
    let first = ids();
    world.finalize();
    world.initialize();
    let mut second = ids();
    assert_eq!(first, second);
    second.sort();
    second.dedup();
    assert_eq!(second.len(), first.len());
}

// --- C_GetAttributeValue

#[test]
fn the_whole_template_is_answered_whatever_is_wrong_with_single_attributes() {
    let (world, _card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    let (mut class, mut secret, mut unknown, mut short, mut id) = ([0; 8], [7; 64], [7; 64], [7; 4], [0; 1]);
    let mut template = [
        attribute(CKA_CLASS, &mut class),
        attribute(CKA_VALUE, &mut secret),
        attribute(CKA_VENDOR_DEFINED | 0x5A5A, &mut unknown),
        attribute(CKA_LABEL, &mut short),
        size_query(CKA_LABEL),
        attribute(CKA_ID, &mut id),
    ];
    refused(get(&world, &session, key, &mut template), CKR_ATTRIBUTE_SENSITIVE);
    let lengths = template.map(|attribute| attribute.ulValueLen);
    let none = CK_UNAVAILABLE_INFORMATION;
    assert_eq!(lengths, [8, none, none, none, "FINEID authentication".len() as CK_ULONG, 1]);
    assert_eq!((number(&class), id), (CKO_PRIVATE_KEY, [0x45]));
    assert_eq!((secret, unknown, short), ([7; 64], [7; 64], [7; 4]), "written where nothing was to be");
}

#[test]
fn of_several_faults_the_gravest_is_told() {
    let (world, _card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    const UNKNOWN: CK_ATTRIBUTE_TYPE = CKA_VENDOR_DEFINED | 1;
    for (kinds, code) in [
        (&[CKA_LABEL, UNKNOWN, CKA_VALUE][..], CKR_ATTRIBUTE_SENSITIVE),
        (&[CKA_VALUE, UNKNOWN, CKA_LABEL], CKR_ATTRIBUTE_SENSITIVE),
        (&[CKA_LABEL, UNKNOWN], CKR_ATTRIBUTE_TYPE_INVALID),
        (&[UNKNOWN, CKA_LABEL], CKR_ATTRIBUTE_TYPE_INVALID),
        (&[CKA_LABEL, CKA_CLASS], CKR_BUFFER_TOO_SMALL),
    ] {
        let mut place = [0; 1];
        let mut template: Vec<_> = kinds.iter().map(|kind| attribute(*kind, &mut place)).collect();
        refused(get(&world, &session, key, &mut template), code);
        for attribute in template {
            assert_eq!(attribute.ulValueLen, CK_UNAVAILABLE_INFORMATION);
        }
    }
}

#[test]
fn no_attributes_are_no_error() {
    let (world, _card) = World::with(ANY);
    let session = world.open(PIN1);
    let object = session.object(CKO_CERTIFICATE, 0x45).unwrap();
    get(&world, &session, object, &mut []).unwrap();
    call!(world.module, C_GetAttributeValue(session.handle(), object, ptr::null_mut(), 0)).unwrap();
}

#[test]
fn secrets_are_secret_also_when_only_their_length_is_asked() {
    for (generation, kinds) in [
        (
            "fineid-v3.1",
            &[
                CKA_PRIVATE_EXPONENT,
                CKA_PRIME_1,
                CKA_PRIME_2,
                CKA_EXPONENT_1,
                CKA_EXPONENT_2,
                CKA_COEFFICIENT,
            ][..],
        ),
        (ANY, &[CKA_VALUE]),
    ] {
        let (world, _card) = World::with(generation);
        let session = world.logged_in(PIN1);
        let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        for kind in kinds {
            let mut template = [size_query(*kind)];
            refused(get(&world, &session, key, &mut template), CKR_ATTRIBUTE_SENSITIVE);
            assert_eq!(template[0].ulValueLen, CK_UNAVAILABLE_INFORMATION);
        }
    }
}

/// Two pages, of which the second may not be touched.
struct Guarded(*mut u8);

const PAGE: usize = 4096;

impl Guarded {
    fn new() -> Self {
        let (protection, flags) =
            (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: a fresh mapping, of which the second half is then closed.
        let start = unsafe { libc::mmap(ptr::null_mut(), 2 * PAGE, protection, flags, -1, 0) };
        assert_ne!(start, libc::MAP_FAILED);
        // SAFETY: the second of the two pages just mapped.
        assert_eq!(unsafe { libc::mprotect(start.add(PAGE), PAGE, libc::PROT_NONE) }, 0);
        Self(start.cast())
    }

    /// So many bytes, right before the closed page.
    fn end(&self, length: usize) -> *mut u8 {
        // SAFETY: within the first page.
        unsafe { self.0.add(PAGE - length) }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping of `new`, to which nothing refers any more.
        unsafe { libc::munmap(self.0.cast(), 2 * PAGE) };
    }
}

/// With a guard page behind each buffer: one byte too many ends the test program.
#[test]
fn every_attribute_of_every_object_fits_its_buffer_exactly() {
    let guarded = Guarded::new();
    for generation in ["fineid-v3.1", "fineid-v4.1"] {
        let (world, _card) = World::with(generation);
        for token in [PIN1, PIN2] {
            let session = world.logged_in(token);
            for object in session.find(&[]).unwrap() {
                // All numbers below the first vendor's, and their neighbours with the array bit.
                for kind in 0..0x700 {
                    let mut template = [size_query(kind)];
                    let Ok(()) = get(&world, &session, object, &mut template) else {
                        assert_eq!(template[0].ulValueLen, CK_UNAVAILABLE_INFORMATION, "{kind:#x}");
                        continue;
                    };
                    let length = template[0].ulValueLen as usize;
                    template[0].pValue = guarded.end(length).cast();
                    get(&world, &session, object, &mut template).unwrap();
                    assert_eq!(template[0].ulValueLen as usize, length);
                    // SAFETY: the end of the open page.
                    let value = unsafe { std::slice::from_raw_parts(guarded.end(length), length) }.to_vec();
                    assert!(
                        session.find(&[(kind, &value)]).unwrap().contains(&object),
                        "attribute {kind:#x} is told, but the object is not found by it"
                    );
                    if length > 0 {
                        let mut place = vec![0xEE; length - 1];
                        let mut template = [attribute(kind, &mut place)];
                        refused(get(&world, &session, object, &mut template), CKR_BUFFER_TOO_SMALL);
                        assert_eq!(template[0].ulValueLen, CK_UNAVAILABLE_INFORMATION);
                        assert!(
                            place.iter().all(|byte| *byte == 0xEE),
                            "{kind:#x}: a short buffer was written to"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_length_of_a_short_buffer_is_believed_only_as_a_length() {
    let (world, _card) = World::with(ANY);
    let session = world.open(PIN1);
    let object = session.object(CKO_CERTIFICATE, 0x45).unwrap();
    let mut place = [0; 8];
    let mut template = [attribute(CKA_VALUE, &mut place)];
    template[0].ulValueLen = CK_UNAVAILABLE_INFORMATION;
    refused(get(&world, &session, object, &mut template), CKR_BUFFER_TOO_SMALL);
    assert_eq!(place, [0; 8]);
}

#[test]
fn a_certificate_file_may_be_padded() {
    for generation in ["fineid-v3.0", "fineid-v4.1"] {
        let (world, card) = World::with(&format!("{generation},cert_padding=300"));
        let session = world.open(PIN1);
        let object = session.object(CKO_CERTIFICATE, 0x45).unwrap();
        assert_eq!(session.attribute(object, CKA_VALUE).unwrap(), card.certificate("auth"));
    }
}

/// Tests of one generation one after the other, so that they can share a card in the reader.
macro_rules! on_each_card {
    ($($card:ident: $generation:literal;)+) => {$(
        mod $card {
            #[test]
            fn each_key_has_its_three_objects_with_one_id() {
                super::each_key_has_its_three_objects_with_one_id($generation);
            }

            #[test]
            fn certificates_are_those_that_were_issued() {
                super::certificates_are_those_that_were_issued($generation);
            }

            #[test]
            fn keys_are_those_of_the_certificates() {
                super::keys_are_those_of_the_certificates($generation);
            }

            #[test]
            fn keys_say_what_they_are_for() {
                super::keys_say_what_they_are_for($generation);
            }

            #[test]
            fn finding_again_costs_nothing() {
                super::finding_again_costs_nothing($generation);
            }
        }
    )+};
}

on_each_card! {
    fineid_v3_0: "fineid-v3.0";
    fineid_v3_1: "fineid-v3.1";
    fineid_v4_0: "fineid-v4.0";
    fineid_v4_1: "fineid-v4.1";
}

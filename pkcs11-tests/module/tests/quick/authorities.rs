//! Certificates of authorities that the card carries along: shown, and read only for who wants them.

use cryptoki_sys::*;
use kit::{Certificate, GENERATIONS, InReader, PIN1, PIN2, Session, Token, Watched, World, bytes};

const ROOT: u8 = 0x34;
const ISSUING: u8 = 0x36;

fn certificates(session: &Session<'_>) -> Vec<CK_OBJECT_HANDLE> {
    session.find(&[(CKA_CLASS, &bytes(CKO_CERTIFICATE))]).unwrap()
}

fn ids(session: &Session<'_>, objects: &[CK_OBJECT_HANDLE]) -> Vec<u8> {
    objects.iter().flat_map(|object| session.attribute(*object, CKA_ID).unwrap()).collect()
}

/// SELECT of a file of an authority.
fn reads_an_authority(card: &InReader) -> bool {
    card.card().log().exchanges_since_mark().any(|exchange| {
        exchange.command.get(1) == Some(&0xA4)
            && [&[0x43, ROOT], &[0x43, ISSUING]].iter().any(|file| exchange.command.ends_with(*file))
    })
}

#[test]
fn they_follow_the_certificates_of_the_holder() {
    for generation in GENERATIONS {
        let (world, _card) = World::with(generation);
        let second: &[u8] = if generation.starts_with("fineid-v3") {
            &[0x46, 0x47, ROOT, ISSUING]
        } else {
            &[0x46, ROOT, ISSUING]
        };
        for (token, expected) in [(PIN1, &[0x45, ROOT, ISSUING][..]), (PIN2, second)] {
            let session = world.open(token);
            assert_eq!(ids(&session, &certificates(&session)), expected, "{generation} {}", token.0);
        }
    }
}

#[test]
fn they_are_those_that_were_issued_and_say_what_they_are() {
    for generation in GENERATIONS {
        let (world, card) = World::with(generation);
        let issued = card.card().certificates().clone();
        for token in [PIN1, PIN2] {
            let session = world.open(token);
            for (id, der) in [(ROOT, &issued.root), (ISSUING, &issued.issuing)] {
                let object = session.object(CKO_CERTIFICATE, id).unwrap();
                let parsed = Certificate::of(der);
                for (attribute, value) in [
                    (CKA_VALUE, der.as_slice()),
                    (CKA_CERTIFICATE_CATEGORY, &bytes(CK_CERTIFICATE_CATEGORY_AUTHORITY)),
                    (CKA_CERTIFICATE_TYPE, &bytes(CKC_X_509)),
                    (CKA_SUBJECT, &parsed.subject),
                    (CKA_ISSUER, &parsed.issuer),
                    (CKA_PUBLIC_KEY_INFO, &parsed.key_info),
                    (CKA_TOKEN, &[CK_TRUE]),
                    (CKA_PRIVATE, &[CK_FALSE]),
                    (CKA_MODIFIABLE, &[CK_FALSE]),
                    // The card cannot know whom the program trusts.
                    (CKA_TRUSTED, &[CK_FALSE]),
                ] {
                    let told = session.attribute(object, attribute).unwrap();
                    assert_eq!(told, value, "{generation} {id:02x} {attribute:#x}");
                }
                let label = session.attribute(object, CKA_LABEL).unwrap();
                assert!(!label.is_empty());
                // No key stands behind them.
                for class in [CKO_PUBLIC_KEY, CKO_PRIVATE_KEY] {
                    assert_eq!(session.object(class, id), Err(CKR_OBJECT_HANDLE_INVALID));
                }
            }
            let holder = session.object(CKO_CERTIFICATE, if token == PIN1 { 0x45 } else { 0x46 }).unwrap();
            let (issuer, serial) = (
                session.attribute(holder, CKA_ISSUER).unwrap(),
                session.attribute(holder, CKA_SERIAL_NUMBER),
            );
            let issuing = session.object(CKO_CERTIFICATE, ISSUING).unwrap();
            assert_eq!(session.attribute(issuing, CKA_SUBJECT).unwrap(), issuer);
            assert!(serial.is_ok());
            assert_eq!(
                session.attribute(holder, CKA_CERTIFICATE_CATEGORY).unwrap(),
                bytes(CK_CERTIFICATE_CATEGORY_TOKEN_USER)
            );
        }
    }
}

#[test]
fn unique_ids_tell_them_apart() {
    let (world, _card) = World::with(kit::ANY);
    let session = world.open(PIN1);
    let mut ids: Vec<_> = certificates(&session)
        .iter()
        .map(|object| session.attribute(*object, CKA_UNIQUE_ID).unwrap())
        .collect();
    let number = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), number);
}

#[test]
fn who_looks_for_a_key_does_not_read_them() {
    for generation in GENERATIONS {
        let (world, card) = World::with(generation);
        let (class, user) = (bytes(CKO_CERTIFICATE), bytes(CK_CERTIFICATE_CATEGORY_TOKEN_USER));
        let searches: [&[(CK_ATTRIBUTE_TYPE, &[u8])]; 7] = [
            &[(CKA_CLASS, &class), (CKA_ID, &[0x45])],
            &[(CKA_CLASS, &class), (CKA_CERTIFICATE_CATEGORY, &user)],
            &[(CKA_ID, &[0x45])],
            &[(CKA_CLASS, &bytes(CKO_PUBLIC_KEY))],
            &[(CKA_CLASS, &bytes(CKO_PRIVATE_KEY))],
            &[(CKA_CLASS, &bytes(CKO_PROFILE))],
            &[(CKA_TOKEN, &[CK_FALSE])],
        ];
        for token in [PIN1, PIN2] {
            let session = world.open(token);
            for search in searches {
                card.cost(|| session.find(search).unwrap());
                assert!(!reads_an_authority(&card), "{generation} {search:x?}\n{}", card.story());
            }
        }
    }
}

#[test]
fn they_are_read_once_for_both_tokens() {
    let mut insert_again = true;
    for generation in GENERATIONS {
        let (world, card) = World::with(generation);
        let sessions = [PIN1, PIN2].map(|token: Token| world.open(token));
        // The holder's own, first.
        for session in &sessions {
            session.find(&[(CKA_CLASS, &bytes(CKO_PUBLIC_KEY))]).unwrap();
        }
        let (cost, _) = card.cost(|| certificates(&sessions[0]));
        assert!(cost > 0 && reads_an_authority(&card), "{generation}");
        for session in sessions.iter().chain(&sessions) {
            let (cost, _) = card.cost(|| {
                let found = certificates(session);
                assert!(session.find(&[]).unwrap().len() > found.len());
                ids(session, &found)
            });
            assert_eq!(cost, 0, "{generation}\n{}", card.story());
        }
        // Another insertion may be another card.
        if std::mem::take(&mut insert_again) {
            card.remove();
            let card = world.insert(generation);
            let session = world.open(PIN2);
            let (_, found) = card.cost(|| certificates(&session));
            assert!(reads_an_authority(&card) && found.len() > 2);
        }
    }
}

#[test]
fn an_authority_that_cannot_be_read_is_missing_and_the_others_are_there() {
    let (world, card) = World::with(kit::ANY);
    for _ in 0..2 {
        let select = [0xA4, 0x08, 0x0C, 0x02, 0x43, ROOT];
        card.fault(simcard::Fault::on(&select, simcard::Action::Status(0x6A82)));
    }
    let session = world.open(PIN1);
    assert_eq!(ids(&session, &certificates(&session)), [0x45, ISSUING]);
}

/// §4.7: CKA_ID need not be unique. What shares one is several objects, each with its own handle and value.
#[test]
fn certificates_with_one_id_are_several_objects() {
    for (setting, shared) in [("shared", 0xA3), ("holder", 0xA1)] {
        let (world, card) = World::with(&format!("pkcs15-card,p15_authority_ids={setting}"));
        let issued = card.card().certificates().clone();
        let expected = match setting {
            "shared" => [issued.issuing, issued.root],
            _ => [card.certificate("auth"), issued.issuing],
        };
        let session = world.open(("PKCS15 (PIN1)", "1234"));
        let found = session.find(&[(CKA_CLASS, &bytes(CKO_CERTIFICATE)), (CKA_ID, &[shared])]).unwrap();
        let values =
            |kind| found.iter().map(|object| session.attribute(*object, kind).unwrap()).collect::<Vec<_>>();
        assert_eq!(values(CKA_VALUE), expected, "{setting}");
        let [first, second] = values(CKA_UNIQUE_ID).try_into().unwrap();
        assert_ne!(first, second, "{setting}");
        // No key has become another, and the next search finds the same objects.
        let key = session.object(CKO_PUBLIC_KEY, 0xA1).unwrap();
        let subject = Certificate::of(&card.certificate("auth")).subject;
        assert_eq!(session.attribute(key, CKA_SUBJECT).unwrap(), subject, "{setting}");
        let all = session.find(&[]).unwrap();
        assert!(found.iter().all(|object| all.contains(object)), "{setting}");
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), all.len(), "{setting}");
    }
}

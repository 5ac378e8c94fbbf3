//! Message digesting functions (§5.12), judged by OpenSSL. How an operation ends or stays: `operations.rs`.

use cryptoki_sys::*;
use kit::{
    ANY, HASHES, Making, Mechanism, PIN1, PIN2, Session, Watched, World, call, made, openssl, refused,
};

/// Longer than a block of any of the functions.
const DATA: &[u8] = &[0xA5; 300];

fn begin(session: &Session<'_>, mechanism: CK_MECHANISM_TYPE) {
    session.begin(Making::Digest, &Mechanism::plain(mechanism), 0).unwrap();
}

fn digest_key(session: &Session<'_>, key: CK_OBJECT_HANDLE) -> Result<(), CK_RV> {
    call!(session.module(), C_DigestKey(session.handle(), key))
}

#[test]
fn every_digest_is_right_and_needs_neither_card_nor_login() {
    let (world, card) = World::with(ANY);
    for token in [PIN1, PIN2] {
        let session = world.open(token);
        let (cost, ()) = card.cost(|| {
            for hash in HASHES {
                for data in [DATA, &[], b"a"] {
                    begin(&session, hash.digest);
                    let digest = session.make(Making::Digest, data).unwrap();
                    assert_eq!(digest, openssl::digest(hash.name, data), "{}", hash.name);
                }
            }
        });
        assert_eq!(cost, 0, "{}", card.story());
    }
}

#[test]
fn data_may_come_in_parts_also_in_none() {
    let (world, _card) = World::with(ANY);
    let session = world.open(PIN1);
    for hash in HASHES {
        for parts in [&[][..], &[0][..], &[1, 0, 63, 65, 171][..]] {
            begin(&session, hash.digest);
            let mut rest = DATA;
            for part in parts {
                let (now, later) = rest.split_at(*part);
                session.feed(Making::Digest, now).unwrap();
                rest = later;
            }
            let taken = &DATA[..DATA.len() - rest.len()];
            let digest = session.finish(Making::Digest).unwrap();
            assert_eq!(digest, openssl::digest(hash.name, taken), "{} {parts:?}", hash.name);
        }
    }
}

#[test]
fn the_value_of_a_secret_goes_into_the_digest() {
    let (world, _card) = World::with(ANY);
    let session = world.open(PIN1);
    let key = session.create(&made::secret(b"a secret")).unwrap();
    begin(&session, CKM_SHA256);
    session.feed(Making::Digest, b"before, ").unwrap();
    digest_key(&session, key).unwrap();
    session.feed(Making::Digest, b", behind").unwrap();
    let digest = session.finish(Making::Digest).unwrap();
    assert_eq!(digest, openssl::digest("sha256", b"before, a secret, behind"));
    // A key counts as a part.
    begin(&session, CKM_SHA256);
    digest_key(&session, key).unwrap();
    let (code, _) = session.whole(Making::Digest, DATA, Some(&mut [0; 32]));
    assert_eq!(code, CKR_OPERATION_ACTIVE);
    begin(&session, CKM_SHA256);
    session.whole(Making::Digest, DATA, None);
    refused(digest_key(&session, key), CKR_OPERATION_ACTIVE);
}

#[test]
fn keys_that_cannot_be_digested_end_the_digest() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let private = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    let public = session.object(CKO_PUBLIC_KEY, 0x45).unwrap();
    let cases = [
        (private, CKR_KEY_INDIGESTIBLE),
        (public, CKR_KEY_INDIGESTIBLE),
        (0, CKR_KEY_HANDLE_INVALID),
        (0xBAD, CKR_KEY_HANDLE_INVALID),
    ];
    let (cost, ()) = card.cost(|| {
        for (key, expected) in cases {
            begin(&session, CKM_SHA256);
            refused(digest_key(&session, key), expected);
            refused(session.finish(Making::Digest), CKR_OPERATION_NOT_INITIALIZED);
        }
    });
    assert_eq!(cost, 0);
    let secret = session.create(&made::secret(b"a secret")).unwrap();
    refused(digest_key(&session, secret), CKR_OPERATION_NOT_INITIALIZED);
}

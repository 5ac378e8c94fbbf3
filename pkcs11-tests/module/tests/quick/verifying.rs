//! Verification functions (§5.15): signatures of OpenSSL's and of the card's, under keys of the session and of the token.

use cryptoki_sys::*;
use kit::openssl::{self, KeyPair, Scheme};
use kit::{EC, GENERATIONS, HASHES, PIN1, PIN2, RSA, Token, Watched, World, made, name, refused};
use kit::{Making, Mechanism, Session, Template, call_in, pss};

const DATA: &[u8] = b"What is signed here matters to nobody.";

/// A signature under a key, by a mechanism that takes the data.
struct Signed {
    what: String,
    mechanism: Mechanism<'static>,
    data: Vec<u8>,
    signature: Vec<u8>,
}

impl Signed {
    fn new(what: String, mechanism: Mechanism<'static>, data: &[u8], signature: Vec<u8>) -> Self {
        Self { what, mechanism, data: data.to_vec(), signature }
    }
}

/// What OpenSSL signs with ECDSA, for each mechanism.
fn signed_by_ec(key: &KeyPair) -> Vec<Signed> {
    let of = |hash: &kit::Hash| {
        let digest = openssl::digest(hash.name, DATA);
        let signature = key.sign_digest(Scheme::Ecdsa, None, &digest, 0);
        [
            Signed::new(hash.name.into(), Mechanism::plain(hash.ecdsa), DATA, signature.clone()),
            Signed::new(format!("{} digest", hash.name), Mechanism::plain(CKM_ECDSA), &digest, signature),
        ]
    };
    HASHES.iter().flat_map(of).collect()
}

/// What OpenSSL signs with RSA, for each mechanism, PSS also with salts of other lengths.
fn signed_by_rsa(key: &KeyPair) -> Vec<Signed> {
    let mut all = vec![Signed::new(
        "bare words".into(),
        Mechanism::plain(CKM_RSA_PKCS),
        b"bare words",
        key.sign_digest(Scheme::Pkcs1, None, b"bare words", 0),
    )];
    for hash in HASHES {
        let Some((pkcs1, with_hash, mgf)) = hash.rsa else { continue };
        let digest = openssl::digest(hash.name, DATA);
        let signature = key.sign_digest(Scheme::Pkcs1, Some(hash.name), &digest, 0);
        all.push(Signed::new(hash.name.into(), Mechanism::plain(pkcs1), DATA, signature));
        for salt in [hash.length, 0, 21] {
            let signature = key.sign_digest(Scheme::Pss, Some(hash.name), &digest, salt);
            let parameter = pss(hash.digest, mgf, salt);
            let what = format!("PSS {} salt {salt}", hash.name);
            let mechanism = Mechanism::with(with_hash, parameter);
            all.push(Signed::new(what.clone(), mechanism, DATA, signature.clone()));
            let mechanism = Mechanism::with(CKM_RSA_PKCS_PSS, parameter);
            all.push(Signed::new(what + " digest", mechanism, &digest, signature));
        }
    }
    all
}

/// Holds, and does not hold of anything else, in one piece and in parts.
fn judge(session: &Session<'_>, key: CK_OBJECT_HANDLE, signed: &Signed) {
    let Signed { what, mechanism, data, signature } = signed;
    let verify = |data: &[u8], signature: &[u8]| session.verify(mechanism, key, data, signature);
    verify(data, signature).unwrap_or_else(|code| panic!("{what}: {}", name(code)));
    session.verify_init(mechanism, key).unwrap();
    let (first, second) = data.split_at(7);
    for part in [first, &[], second] {
        session.verify_update(part).unwrap();
    }
    session.verify_final(signature).unwrap_or_else(|code| panic!("{what} in parts: {}", name(code)));

    let mut other = data.clone();
    other[0] ^= 1;
    refused(verify(&other, signature), CKR_SIGNATURE_INVALID);
    let mut other = signature.clone();
    *other.last_mut().unwrap() ^= 1;
    refused(verify(data, &other), CKR_SIGNATURE_INVALID);
    for length in [0, signature.len() - 1] {
        refused(verify(data, &signature[..length]), CKR_SIGNATURE_LEN_RANGE);
    }
    refused(verify(data, &[signature.as_slice(), &[0]].concat()), CKR_SIGNATURE_LEN_RANGE);
    for content in [0, 0xFF] {
        refused(verify(data, &vec![content; signature.len()]), CKR_SIGNATURE_INVALID);
    }
    refused(session.verify_data(data, signature), CKR_OPERATION_NOT_INITIALIZED);
}

/// Signatures of OpenSSL's under public keys of the session.
fn under_made_key(generation: &str, token: Token, template: &Template, signatures: &[Signed]) {
    let (world, card) = World::with(generation);
    let session = world.open(token);
    let key = session.create(template).unwrap();
    let (cost, ()) = card.cost(|| signatures.iter().for_each(|signed| judge(&session, key, signed)));
    assert_eq!(cost, 0, "{}", card.story());
}

#[test]
fn ecdsa_under_a_key_of_the_session() {
    let key = KeyPair::ec("P-384");
    under_made_key(EC, PIN1, &made::ec_key(made::P384, &key.point(48)), &signed_by_ec(&key));
}

#[test]
fn ecdsa_on_the_other_curve() {
    let key = KeyPair::ec("P-256");
    under_made_key(RSA, PIN2, &made::ec_key(made::P256, &key.point(32)), &signed_by_ec(&key));
}

#[test]
fn rsa_under_a_key_of_the_session() {
    let key = KeyPair::rsa(2048);
    under_made_key(RSA, PIN1, &made::rsa_key(&key.modulus()), &signed_by_rsa(&key));
}

/// What the card signs, its public key confirms; the login is over by then.
#[test]
fn signatures_of_the_card_under_its_public_key() {
    for generation in GENERATIONS {
        for (token, id) in [(PIN1, 0x45), (PIN2, 0x46), (PIN2, 0x47)] {
            let (world, card) = World::with(generation);
            let session = world.logged_in(token);
            let Ok(private) = session.object(CKO_PRIVATE_KEY, id) else { continue };
            let rsa = session.attribute(private, CKA_KEY_TYPE).unwrap() == kit::bytes(CKK_RSA);
            let mut signatures = Vec::new();
            for hash in HASHES {
                let mechanisms = match hash.rsa {
                    Some((pkcs1, with_pss, mgf)) if rsa => vec![
                        Mechanism::plain(pkcs1),
                        Mechanism::with(with_pss, pss(hash.digest, mgf, hash.length)),
                    ],
                    None if rsa => continue,
                    _ => vec![Mechanism::plain(hash.ecdsa)],
                };
                for mechanism in mechanisms {
                    session.begin(Making::Sign, &mechanism, private).unwrap();
                    if token == PIN2 {
                        session.login(CKU_CONTEXT_SPECIFIC, token.1).unwrap();
                    }
                    let signature = session.make(Making::Sign, DATA).unwrap_or_else(|code| {
                        panic!("{generation} {id:02x} {}: {}\n{}", hash.name, name(code), card.story())
                    });
                    signatures.push(Signed::new(hash.name.into(), mechanism, DATA, signature));
                }
            }
            session.logout().unwrap();
            let public = session.object(CKO_PUBLIC_KEY, id).unwrap();
            let (cost, ()) =
                card.cost(|| signatures.iter().for_each(|signed| judge(&session, public, signed)));
            assert_eq!(cost, 0, "{generation} {id:02x}\n{}", card.story());
        }
    }
}

#[test]
fn codes_under_secrets_of_the_session() {
    let (world, card) = World::with(EC);
    let session = world.open(PIN1);
    for secret in [&b"short"[..], &[7; 64], &[8; 200]] {
        let key = session.create(&made::secret(secret)).unwrap();
        let (cost, ()) = card.cost(|| {
            for hash in HASHES {
                let mechanism = Mechanism::plain(hash.mac);
                let code = session.made(Making::Sign, &mechanism, key, DATA).unwrap();
                assert_eq!(code, openssl::hmac(hash.name, secret, DATA), "{}", hash.name);
                judge(&session, key, &Signed::new(hash.name.into(), mechanism, DATA, code));
            }
        });
        assert_eq!(cost, 0);
    }
}

#[test]
fn any_data_are_recovered_from_their_signature() {
    let (world, card) = World::with(RSA);
    let session = world.open(PIN1);
    let pair = KeyPair::rsa(2048);
    let key = session.create(&made::rsa_key(&pair.modulus())).unwrap();
    let mechanism = Mechanism::plain(CKM_RSA_PKCS);
    let recover = |signature: &[u8]| session.made(Making::VerifyRecover, &mechanism, key, signature);
    let (cost, ()) = card.cost(|| {
        for data in [&b"bare words"[..], &[0; 20], &[0xFF; 64]] {
            let signature = pair.sign_digest(Scheme::Pkcs1, None, data, 0);
            assert_eq!(recover(&signature).unwrap(), data);
        }
        let salted = pair.sign_digest(Scheme::Pss, Some("sha256"), &[1; 32], 32);
        refused(recover(&salted), CKR_SIGNATURE_INVALID);
        refused(recover(&[0xFF; 256]), CKR_SIGNATURE_INVALID);
        refused(recover(&[1; 255]), CKR_SIGNATURE_LEN_RANGE);
    });
    assert_eq!(cost, 0);
}

/// C_SignRecover signs what C_VerifyRecover and OpenSSL find again.
#[test]
fn the_card_signs_what_is_recovered() {
    for generation in ["fineid-v3.0", "fineid-v3.1"] {
        let (world, card) = World::with(generation);
        let session = world.logged_in(PIN1);
        let private = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        let public = session.object(CKO_PUBLIC_KEY, 0x45).unwrap();
        let mechanism = Mechanism::plain(CKM_RSA_PKCS);
        let digest = openssl::digest("sha256", DATA);
        let info =
            [b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", &digest[..]]
                .concat();
        let signature = session.made(Making::SignRecover, &mechanism, private, &info).unwrap();
        assert!(openssl::verifies(&card.certificate("auth"), Scheme::Pkcs1, "sha256", DATA, &signature));
        assert_eq!(session.made(Making::VerifyRecover, &mechanism, public, &signature).unwrap(), info);
        // A card takes digests, no other data; that is told before it is asked.
        let (cost, outcome) =
            card.cost(|| session.made(Making::SignRecover, &mechanism, private, b"bare words"));
        refused(outcome, CKR_DATA_INVALID);
        assert_eq!((cost, card.tries(simcard::PIN1)), (0, 5));
    }
}

/// PIN2 permits one signature, whatever function makes it.
#[test]
fn each_recoverable_signature_with_pin2_has_a_login_of_its_own() {
    let (world, card) = World::with(RSA);
    let session = world.logged_in(PIN2);
    let private = session.object(CKO_PRIVATE_KEY, 0x46).unwrap();
    let mechanism = Mechanism::plain(CKM_RSA_PKCS);
    let info =
        [b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", &[7; 32][..]]
            .concat();
    let sign = || session.made(Making::SignRecover, &mechanism, private, &info);
    // The login as user serves the first one.
    let signature = sign().unwrap();
    let (cost, outcome) = card.cost(sign);
    refused(outcome, CKR_USER_NOT_LOGGED_IN);
    assert_eq!(cost, 0);
    session.begin(Making::SignRecover, &mechanism, private).unwrap();
    session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    assert_eq!(session.make(Making::SignRecover, &info).unwrap(), signature);
    assert!(!card.open(simcard::PIN2));
}

// --- C_VerifySignature: the signature comes first (3.2)

/// A judgement whose signature comes first.
struct Known<'s>(&'s Session<'static>);

impl Known<'_> {
    fn init(&self, mechanism: &Mechanism<'_>, key: CK_OBJECT_HANDLE, signature: &[u8]) -> Result<(), CK_RV> {
        let (start, length) = (signature.as_ptr().cast_mut(), signature.len() as CK_ULONG);
        let list = self.0.module().v3_2();
        call_in!(list, C_VerifySignatureInit(self.0.handle(), mechanism.pointer(), key, start, length))
    }

    fn whole(&self, data: &[u8]) -> Result<(), CK_RV> {
        let (start, length) = (data.as_ptr().cast_mut(), data.len() as CK_ULONG);
        call_in!(self.0.module().v3_2(), C_VerifySignature(self.0.handle(), start, length))
    }

    fn update(&self, part: &[u8]) -> Result<(), CK_RV> {
        let (start, length) = (part.as_ptr().cast_mut(), part.len() as CK_ULONG);
        call_in!(self.0.module().v3_2(), C_VerifySignatureUpdate(self.0.handle(), start, length))
    }

    fn last(&self) -> Result<(), CK_RV> {
        call_in!(self.0.module().v3_2(), C_VerifySignatureFinal(self.0.handle()))
    }
}

#[test]
fn the_signature_may_come_first() {
    let (world, _card) = World::with(EC);
    let session = world.open(PIN1);
    let known = Known(&session);
    let pair = KeyPair::ec("P-384");
    let key = session.create(&made::ec_key(made::P384, &pair.point(48))).unwrap();
    for Signed { what, mechanism, data, signature } in &signed_by_ec(&pair) {
        known.init(mechanism, key, signature).unwrap();
        known.whole(data).unwrap_or_else(|code| panic!("{what}: {}", name(code)));
        known.init(mechanism, key, signature).unwrap();
        data.chunks(5).for_each(|part| known.update(part).unwrap());
        known.last().unwrap_or_else(|code| panic!("{what} in parts: {}", name(code)));
        known.init(mechanism, key, signature).unwrap();
        refused(known.whole(&[data.as_slice(), &[0]].concat()[1..]), CKR_SIGNATURE_INVALID);
        known.init(mechanism, key, signature).unwrap();
        known.update(b"other data").unwrap();
        refused(known.last(), CKR_SIGNATURE_INVALID);
        refused(known.last(), CKR_OPERATION_NOT_INITIALIZED);
    }
}

#[test]
fn the_two_ways_to_judge_are_not_mixed() {
    let (world, _card) = World::with(EC);
    let session = world.open(PIN1);
    let known = Known(&session);
    let mechanism = Mechanism::plain(CKM_SHA256_HMAC);
    let key = session.create(&made::secret(b"a secret")).unwrap();
    let code = openssl::hmac("sha256", b"a secret", DATA);
    for outcome in [known.whole(DATA), known.update(DATA), known.last()] {
        refused(outcome, CKR_OPERATION_NOT_INITIALIZED);
    }
    known.init(&mechanism, key, &code).unwrap();
    refused(known.init(&mechanism, key, &code), CKR_OPERATION_ACTIVE);
    refused(session.verify_init(&mechanism, key), CKR_OPERATION_ACTIVE);
    for outcome in
        [session.verify_data(DATA, &code), session.verify_update(DATA), session.verify_final(&code)]
    {
        refused(outcome, CKR_OPERATION_NOT_INITIALIZED);
    }
    known.whole(DATA).unwrap();
    session.verify_init(&mechanism, key).unwrap();
    refused(known.init(&mechanism, key, &code), CKR_OPERATION_ACTIVE);
    refused(known.whole(DATA), CKR_OPERATION_NOT_INITIALIZED);
    session.verify_data(DATA, &code).unwrap();
    // Parts are not ended in one piece; that ends them.
    known.init(&mechanism, key, &code).unwrap();
    known.update(DATA).unwrap();
    assert!(known.whole(&[]).is_err());
    refused(known.last(), CKR_OPERATION_NOT_INITIALIZED);
    session.verify_init(&mechanism, key).unwrap();
    session.verify_update(DATA).unwrap();
    assert!(session.verify_data(&[], &code).is_err());
    refused(session.verify_final(&code), CKR_OPERATION_NOT_INITIALIZED);
}

#[test]
fn keys_that_may_not_or_cannot_are_refused() {
    let (world, _card) = World::with(RSA);
    let session = world.logged_in(PIN1);
    let pair = KeyPair::rsa(2048);
    let rsa = made::rsa_key(&pair.modulus());
    let secret = made::secret(b"a secret");
    let object = |class| session.object(class, 0x45).unwrap();
    let create = |template: &Template| session.create(template).unwrap();
    let (rsa_mechanism, mac) = (CKM_SHA256_RSA_PKCS, CKM_SHA256_HMAC);
    for (mechanism, key, expected) in [
        (rsa_mechanism, create(&rsa.clone().flag(CKA_VERIFY, false)), CKR_KEY_FUNCTION_NOT_PERMITTED),
        (mac, create(&secret.clone().flag(CKA_VERIFY, false)), CKR_KEY_FUNCTION_NOT_PERMITTED),
        (rsa_mechanism, create(&secret), CKR_KEY_TYPE_INCONSISTENT),
        (mac, create(&rsa), CKR_KEY_TYPE_INCONSISTENT),
        (rsa_mechanism, object(CKO_CERTIFICATE), CKR_KEY_HANDLE_INVALID),
        (rsa_mechanism, 0xBAD, CKR_KEY_HANDLE_INVALID),
    ] {
        let mechanism = Mechanism::plain(mechanism);
        refused(session.verify_init(&mechanism, key), expected);
        refused(Known(&session).init(&mechanism, key, &[0; 32]), expected);
    }
    // A private key verifies nothing.
    let private = object(CKO_PRIVATE_KEY);
    let code = session.verify_init(&Mechanism::plain(rsa_mechanism), private).unwrap_err();
    assert!(
        [CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_TYPE_INCONSISTENT, CKR_KEY_HANDLE_INVALID].contains(&code),
        "{}",
        name(code)
    );
}

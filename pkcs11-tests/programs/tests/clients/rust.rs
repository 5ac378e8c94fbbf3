//! Rust, by the crate `cryptoki`.

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, ObjectClass};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use kit::openssl::{Scheme, verifies};
use programs::clients::{Card, Program, User};

const TEXT: &[u8] = b"Any message will do.";

/// The version of the crate that these tests were built with.
fn version() -> &'static str {
    let lock = include_str!("../../../../Cargo.lock");
    let (_, entry) = lock.split_once("name = \"cryptoki\"\nversion = \"").expect("the crate is locked");
    entry.split('"').next().expect("a version")
}

#[test]
fn cryptoki_signs() {
    for card in Card::ALL {
        let user = User::with(card);
        let program = Program { name: "cryptoki (Rust)", version: version().into() };
        let task = user.task(&program, "sign");
        let module = Pkcs11::new(user.module()).expect("load the module");
        module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).expect("C_Initialize");
        let slots = module.get_slots_with_token().expect("slots");
        let is_pin1 = |slot: &&cryptoki::slot::Slot| {
            module.get_token_info(**slot).is_ok_and(|token| token.label() == "FINEID (PIN1)")
        };
        let slot = slots.iter().find(is_pin1).expect("the token of PIN1");
        let session = module.open_ro_session(*slot).expect("a session");
        session.login(UserType::User, Some(&AuthPin::new(user.pin1().into()))).expect("log in");
        let key = session.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)]).expect("search");
        let (mechanism, scheme, hash) = match card {
            Card::Ec => (Mechanism::EcdsaSha384, Scheme::Ecdsa, "sha384"),
            Card::Rsa => (Mechanism::Sha256RsaPkcs, Scheme::Pkcs1, "sha256"),
        };
        let signature = session.sign(&mechanism, key[0], TEXT).expect("sign");
        drop(session);
        module.finalize().expect("C_Finalize");
        assert!(verifies(&user.certificate("auth"), scheme, hash, TEXT, &signature));
        task.done(0, [1, 0]);
    }
}

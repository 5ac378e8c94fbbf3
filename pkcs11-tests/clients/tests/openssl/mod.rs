//! OpenSSL with the engine of libp11 (`libengine-pkcs11-openssl`), set up as a person does it.
#![allow(dead_code, reason = "each program needs a part of it")]

use std::process::Command;

use clients::{Program, Scene};
use rig::run;

/// The authentication key, as an address of PKCS#11 (RFC 7512).
pub(crate) const PIN1_KEY: &str = "pkcs11:token=FINEID%20(PIN1);id=%45;type=private";
/// Its certificate.
pub(crate) const PIN1_CERTIFICATE: &str = "pkcs11:token=FINEID%20(PIN1);id=%45;type=cert";
/// The signature key.
pub(crate) const PIN2_KEY: &str = "pkcs11:token=FINEID%20(PIN2);id=%46;type=private";

/// What the engine asks, and the answers.
pub(crate) fn answers(scene: &Scene) -> [(&'static str, &'static str); 3] {
    [
        ("Enter PKCS#11 token PIN for FINEID (PIN1):", scene.pin1()),
        ("Enter PKCS#11 token PIN for FINEID (PIN2):", scene.pin2()),
        // Once more for each signature: the engine does not know that the login may count as the first time.
        ("Enter PKCS#11 key PIN for FINEID signature:", scene.pin2()),
    ]
}

/// OpenSSL with the engine.
pub(crate) fn openssl(scene: &Scene) -> Program {
    let version = run(scene.program("openssl").arg("version"));
    Program { name: "OpenSSL (engine)", version: version.split(' ').nth(1).expect("a version").into() }
}

/// The program, told of the engine by OpenSSL's configuration.
pub(crate) fn with_engine(scene: &Scene, program: &str) -> Command {
    let configuration = format!(
        "openssl_conf = openssl\n\
         [openssl]\nengines = engines\n\
         [engines]\npkcs11 = pkcs11\n\
         [pkcs11]\nengine_id = pkcs11\nMODULE_PATH = {}\ninit = 0\n\
         [req]\ndistinguished_name = name\n[name]\n",
        scene.module().display()
    );
    let mut command = scene.program(program);
    command.env("OPENSSL_CONF", scene.write("openssl.cnf", configuration));
    command
}

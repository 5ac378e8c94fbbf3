//! The two libraries by which Python programs use PKCS#11.

use clients::{Card, Program, Scene, python, unhex};
use kit::openssl::{Scheme, verifies};
use kit::run;

const TEXT: &str = "Any message will do.";

/// A script signs, and OpenSSL judges.
fn signs(name: &'static str, script: &str) {
    for card in Card::ALL {
        let scene = Scene::with(card);
        let ask = format!("import importlib.metadata as m; print(m.version('{name}'))");
        let version = run(scene.program(python("python")).args(["-c", &ask]));
        let program = Program { name, version: version.trim().into() };
        let task = scene.task(&program, "sign");
        let script = format!("{}/programs/{script}", env!("CARGO_MANIFEST_DIR"));
        let mut python = scene.program(python("python"));
        let signature = run(python.arg(script).arg(scene.module()).args([scene.pin1(), TEXT]));
        let scheme = if card == Card::Ec { Scheme::Ecdsa } else { Scheme::Pkcs1 };
        let signature = unhex(signature.trim());
        assert!(verifies(&scene.certificate("auth"), scheme, "sha256", TEXT.as_bytes(), &signature));
        task.done(0, [1, 0]);
    }
}

#[test]
fn python_pkcs11_signs() {
    signs("python-pkcs11", "sign_python_pkcs11.py");
}

#[test]
fn pykcs11_signs() {
    signs("PyKCS11", "sign_pykcs11.py");
}

//! The two libraries by which Python programs use PKCS#11.

use clients::{Card, Program, User, python, unhex};
use kit::openssl::{Scheme, verifies};
use kit::run;

const TEXT: &str = "Any message will do.";

/// A script signs, and OpenSSL judges.
fn signs(name: &'static str, script: &str) {
    for card in Card::ALL {
        let user = User::with(card);
        let ask = format!("import importlib.metadata as m; print(m.version('{name}'))");
        let version = run(user.program(python("python")).args(["-c", &ask]));
        let program = Program { name, version: version.trim().into() };
        let task = user.task(&program, "sign");
        let script = format!("{}/programs/{script}", env!("CARGO_MANIFEST_DIR"));
        let mut python = user.program(python("python"));
        let signature = run(python.arg(script).arg(user.module()).args([user.pin1(), TEXT]));
        let scheme = if card == Card::Ec { Scheme::Ecdsa } else { Scheme::Pkcs1 };
        let signature = unhex(signature.trim());
        assert!(verifies(&user.certificate("auth"), scheme, "sha256", TEXT.as_bytes(), &signature));
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

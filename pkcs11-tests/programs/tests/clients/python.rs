//! The two Python libraries for PKCS#11.

use kit::openssl::{Scheme, verifies};
use kit::run;
use programs::clients::{Card, Program, User, unhex};
use programs::installed::{for_clients, python_version, script};

const TEXT: &str = "Any message will do.";

/// A script signs, and OpenSSL verifies.
fn signs(name: &'static str, file: &str) {
    for card in Card::ALL {
        let user = User::with(card);
        let interpreter = for_clients("venv/bin/python");
        let program = Program { name, version: python_version(&interpreter, name) };
        let task = user.task(&program, "sign");
        let mut python = user.program(interpreter);
        let signature = run(python.arg(script(file)).arg(user.module()).args([user.pin1(), TEXT]));
        let scheme = if card == Card::Ec { Scheme::Ecdsa } else { Scheme::Pkcs1 };
        let signature = unhex(signature.trim());
        assert!(verifies(&user.certificate("auth"), scheme, "sha256", TEXT.as_bytes(), &signature));
        task.done(0, [1, 0]);
    }
}

#[test]
fn python_pkcs11_signs() {
    signs("python-pkcs11", "clients/sign_python_pkcs11.py");
}

#[test]
fn pykcs11_signs() {
    signs("PyKCS11", "clients/sign_pykcs11.py");
}

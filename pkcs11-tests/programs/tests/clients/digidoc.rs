//! DigiDoc's library (libdigidocpp, by its Python package) signs a container with PIN2; xmlsec1 and signxml verify the
//! signature.

use std::process::Output;

use kit::run;
use programs::clients::{Card, Program, User};
use programs::installed::{for_clients, python_version, script};

/// Signs the contract and has the signature verified.
fn sign(user: &User) {
    user.write("contract.txt", "I, the undersigned, sell my boat for 500 euros.\n");
    let mut python = user.program(for_clients("venv/bin/python"));
    python.arg(script("clients/sign_pydigidoc.py")).arg(user.module());
    let named = run(python.args([user.pin2(), "contract.txt", "contract.asice"]));
    let name = user.card().holder().common_name();
    assert!(named.lines().any(|line| line == name), "{named}");
    let kind = run(user.program("unzip").args(["-p", "contract.asice", "mimetype"]));
    assert_eq!(kind, "application/vnd.etsi.asic-e+zip");
    let judged = verify(user);
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    user.write("contract.txt", "I, the undersigned, sell my boat for 900 euros.\n");
    run(user.program("zip").args(["-q", "contract.asice", "contract.txt"]));
    assert!(!verify(user).status.success(), "any contract is taken for the signed one");
}

/// xmlsec1 does not know PSS, and signxml cannot read the certificates with EC keys: their parser is strict about what
/// the issuer's certificates have in excess.
fn verify(user: &User) -> Output {
    run(user.program("unzip").args(["-q", "-o", "contract.asice"]));
    let mut judge = if user.card == Card::Rsa {
        let mut signxml = user.program(for_clients("venv/bin/python"));
        signxml.arg(script("clients/verify_asice.py")).args(["contract.asice", "sign.pem"]);
        signxml
    } else {
        let mut xmlsec = user.program("xmlsec1");
        xmlsec.args(["--verify", "--enabled-key-data", "x509", "--id-attr:Id", "SignedProperties"]);
        xmlsec.args(["--trusted-pem", "root.pem", "--untrusted-pem", "issuing.pem"]);
        xmlsec.arg("META-INF/signatures0.xml");
        xmlsec
    };
    judge.output().expect("start the judge")
}

fn digidoc() -> Program {
    let version = python_version(&for_clients("venv/bin/python"), "pydigidoc");
    Program { name: "libdigidocpp (pydigidoc)", version }
}

#[test]
fn signs_a_container() {
    for card in Card::ALL {
        let user = User::with(card);
        let program = digidoc();
        let task = user.task(&program, "qualified signature in a container, PIN2 (ASiC-E)");
        sign(&user);
        task.done(0, [0, 2]);
    }
}

#[test]
fn signs_a_container_with_an_estonian_card() {
    let user = User::with_model(Card::Ec, "estonia-idemia");
    let program = digidoc();
    let task = user.task(&program, "the same with an Estonian card");
    sign(&user);
    task.done(0, [0, 2]);
}

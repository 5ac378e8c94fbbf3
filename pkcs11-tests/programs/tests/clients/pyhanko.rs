//! pyHanko signs a PDF with PIN2 (PAdES), or puts in what a page gets for it; pyHanko and poppler's pdfsig verify it.

use kit::run;
use programs::clients::{Card, Program, User, run_in_terminal};
use programs::installed::{for_clients, python_version, script};

/// One empty page.
fn pdf() -> String {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>",
    ];
    let mut text = String::from("%PDF-1.7\n");
    let mut places = String::new();
    for (number, object) in (1..).zip(objects) {
        places.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = text.len();
    text + &format!(
        "xref\n0 4\n0000000000 65535 f \n{places}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    )
}

fn settings(user: &User) -> String {
    format!(
        "pkcs11-setups:\n    card:\n        module-path: {}\n        token-criteria: {{label: FINEID (PIN2)}}\n        \
         cert-id: \"46\"\n        key-id: \"46\"\n        prompt-pin: true\n        other-certs: issuing.pem\n\
         validation-contexts:\n    card: {{trust: root.pem, trust-replace: true, other-certs: issuing.pem}}\n",
        user.module().display()
    )
}

#[test]
fn signs_a_pdf() {
    for card in Card::ALL {
        let user = User::with(card);
        user.write("contract.pdf", pdf());
        user.write("pyhanko.yml", settings(&user));
        let version = python_version(&for_clients("venv/bin/python"), "pyhanko");
        let program = Program { name: "pyHanko", version };
        let task = user.task(&program, "qualified signature of a PDF, PIN2 (PAdES)");
        let mut sign = user.program(for_clients("venv/bin/pyhanko"));
        sign.args(["sign", "addsig", "--field", "Signature", "--use-pades", "pkcs11", "--p11-setup", "card"]);
        let dialogue =
            run_in_terminal(sign.args(["contract.pdf", "signed.pdf"]), &[("PIN", user.pin2())]).succeeded();
        verify(&user);
        // At the login, and with the signature.
        task.done(dialogue.answers, [0, 2]);
    }
}

/// Both judge the signature by the root of the card.
fn verify(user: &User) {
    let mut validate = user.program(for_clients("venv/bin/pyhanko"));
    validate.args(["sign", "validate", "--validation-context", "card", "--pretty-print"]);
    // The simulated authority has no service that could be asked for revoked certificates.
    let verdict = run(validate.args(["--soft-revocation-check", "signed.pdf"]));
    assert!(verdict.contains("The signature is judged VALID."), "{verdict}");
    let verdict = run(user.program("pdfsig").args(["-nocert", "signed.pdf"]));
    assert!(verdict.contains("Signature is Valid."), "{verdict}");
}

/// What the signature service gives to a page (`cms-pades`).
#[test]
fn takes_what_a_page_gets_for_a_pdf() {
    for card in Card::ALL {
        let user = User::with(card);
        user.write("contract.pdf", pdf());
        user.write("pyhanko.yml", settings(&user));
        user.write("pin2", format!("{}\n", user.pin2()));
        let tool = std::env::var_os("AVAIN_TOOL").expect("AVAIN_TOOL names the tool");
        let mut python = user.program(for_clients("venv/bin/python"));
        python.arg(script("clients/sign_for_page.py")).arg(tool);
        run(python.args(["pin2", "contract.pdf", "signed.pdf"]));
        verify(&user);
    }
}

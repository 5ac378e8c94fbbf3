//! OpenSC's pkcs11-tool makes a qualified signature.

use kit::run;
use programs::clients::{Card, Program, User};

#[test]
fn signs_with_the_qualified_key() {
    for card in Card::ALL {
        let user = User::with(card);
        let about = run(user.program("opensc-tool").arg("--info"));
        let version = about.split_whitespace().nth(1).expect("a version").into();
        let tool = Program { name: "pkcs11-tool", version };
        let (file, signature) = (user.write("file", b"data"), user.file("file.sig"));
        let (mechanism, format) = match card {
            Card::Ec => ("ECDSA-SHA384", "openssl"),
            Card::Rsa => ("SHA256-RSA-PKCS", "rs"),
        };
        for what in ["qualified signature, PIN2", "qualified signature, PIN2, again"] {
            let task = user.task(&tool, what);
            let mut sign = user.program("pkcs11-tool");
            sign.arg("--module").arg(user.module()).args(["--token-label", "FINEID (PIN2)", "--login"]);
            sign.args(["--pin", user.pin2(), "--sign", "--id", "46", "-m", mechanism]);
            run(sign.args(["--signature-format", format, "-i"]).arg(&file).arg("-o").arg(&signature));
            let hash = if card == Card::Ec { "-sha384" } else { "-sha256" };
            let mut verify = user.program("openssl");
            verify.args(["dgst", hash, "-verify"]).arg(user.public_key("sign"));
            run(verify.arg("-signature").arg(&signature).arg(&file));
            // At the login, and with the signature: not once more at the login for the key.
            task.done(0, [0, 2]);
        }
    }
}

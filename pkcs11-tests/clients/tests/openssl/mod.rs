//! OpenSSL with its engine for PKCS#11 set up as a person does it.

use std::process::Command;

use clients::Scene;

/// The authentication key, as an address of PKCS#11 (RFC 7512).
pub(crate) const PIN1_KEY: &str = "pkcs11:token=FINEID%20(PIN1);id=%45;type=private";
/// Its certificate.
pub(crate) const PIN1_CERTIFICATE: &str = "pkcs11:token=FINEID%20(PIN1);id=%45;type=cert";

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

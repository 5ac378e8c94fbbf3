//! Programs that use OpenSSL, set up as a user does. There are two ways from OpenSSL to a PKCS#11 module.

use std::path::Path;
use std::process::Command;

use kit::run;
use programs::clients::{Dialogue, Program, User, run_in_terminal};

/// The authentication key, as an address of PKCS#11 (RFC 7512).
pub(crate) const PIN1_KEY: &str = "pkcs11:token=FINEID%20%28PIN1%29;id=%45;type=private";
/// Its certificate.
pub(crate) const PIN1_CERTIFICATE: &str = "pkcs11:token=FINEID%20%28PIN1%29;id=%45;type=cert";
/// The signature key.
pub(crate) const PIN2_KEY: &str = "pkcs11:token=FINEID%20%28PIN2%29;id=%46;type=private";

/// A way from OpenSSL to the module.
pub(crate) struct Way {
    /// Name in the table of programs.
    pub(crate) name: &'static str,
    /// What comes before an option that names a key.
    pub(crate) options: &'static str,
    /// What is written into OpenSSL's configuration.
    configuration: &'static str,
    /// What is asked where a PIN is wanted. Before each signature with PIN2 both ways ask once more.
    questions: &'static [&'static str],
}

/// The engine of libp11 (`libengine-pkcs11-openssl`).
pub(crate) const ENGINE: Way = Way {
    name: "OpenSSL (engine)",
    options: "-engine pkcs11 -keyform engine",
    configuration: "\
engines = engines
[engines]
pkcs11 = module
[module]
engine_id = pkcs11
MODULE_PATH = @module@
init = 0
",
    questions: &["Enter PKCS#11 token PIN for FINEID (PIN", "Enter PKCS#11 key PIN for FINEID signature:"],
};

/// The provider of OpenSSL 3 (`pkcs11-provider`).
pub(crate) const PROVIDER: Way = Way {
    name: "OpenSSL (provider)",
    options: "",
    configuration: "\
providers = providers
[providers]
default = usual
pkcs11 = module
[usual]
activate = 1
[module]
pkcs11-module-path = @module@
activate = 1
",
    questions: &["Enter pass phrase for PKCS#11 Token", "Enter PIN for PKCS#11 Token"],
};

impl Way {
    /// OpenSSL by this way.
    pub(crate) fn openssl(&self, user: &User) -> Program {
        let version = run(user.program("openssl").arg("version"));
        Program { name: self.name, version: version.split(' ').nth(1).expect("a version").into() }
    }

    /// The program, with the module in OpenSSL's configuration.
    pub(crate) fn program(&self, user: &User, program: &str) -> Command {
        self.program_with_module(user, program, &user.module())
    }

    /// As [`Way::program`], with another module.
    pub(crate) fn program_with_module(&self, user: &User, program: &str, module: &Path) -> Command {
        let start = "openssl_conf = openssl\n[req]\ndistinguished_name = name\n[name]\n[openssl]\n";
        let module = module.display().to_string();
        let configuration = start.to_owned() + &self.configuration.replace("@module@", &module);
        let mut command = user.program(program);
        command.env("OPENSSL_CONF", user.write("openssl.cnf", configuration));
        command
    }

    /// Runs it in a terminal, where this PIN is typed whenever one is asked for.
    pub(crate) fn run_in_terminal(&self, command: &mut Command, pin: &str) -> Dialogue {
        let answers: Vec<(&str, &str)> = self.questions.iter().map(|question| (*question, pin)).collect();
        run_in_terminal(command, &answers)
    }
}

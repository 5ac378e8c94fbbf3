//! Files of our own for programs that read no list of modules: each is to be named in the program's settings, or on its
//! command line.

use std::path::Path;

/// A file for a program.
pub(super) struct Snippet {
    /// What the program is called on the command line.
    pub(super) id: &'static str,
    /// What its users call it.
    pub(super) name: &'static str,
    /// The name of the file.
    pub(super) file: &'static str,
    /// The files by which the program is started.
    pub(super) binary: &'static str,
    /// What stands in it.
    pub(super) text: fn(&Path) -> String,
}

/// All of them.
pub(super) static SNIPPETS: [Snippet; 3] = [
    Snippet { id: "java", name: "Java", file: "java.cfg", binary: "keytool", text: java },
    Snippet { id: "openssl", name: "OpenSSL", file: "openssl.cnf", binary: "openssl", text: openssl },
    Snippet { id: "ssh", name: "OpenSSH", file: "ssh.conf", binary: "ssh", text: ssh },
];

/// For the provider SunPKCS11. The first slot is that of PIN1.
fn java(module: &Path) -> String {
    format!("name = Avain\nlibrary = {}\nslotListIndex = 0\n", module.display())
}

/// For pkcs11-provider, beside OpenSSL's own.
fn openssl(module: &Path) -> String {
    format!(
        "openssl_conf = openssl\n[openssl]\nproviders = providers\n[providers]\ndefault = usual\npkcs11 = module\n\
         [usual]\nactivate = 1\n[module]\npkcs11-module-path = {}\nactivate = 1\n",
        module.display()
    )
}

/// For `Include`.
fn ssh(module: &Path) -> String {
    format!("PKCS11Provider \"{}\"\n", module.display())
}

//! The effect of the module's profile objects (CKO_PROFILE): for which tokens NSS wants a PIN. Its tools search all tokens,
//! as browsers do when a web server asks for a certificate. They load a proxy, `scripts/clients/profiles.c`, which changes
//! the profiles of the module and logs the calls of C_Login.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kit::{run, scratch};
use programs::clients::{Card, Server, User};

use crate::nss::assert_welcome;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/clients/profiles.c");
/// The proxy changes nothing.
const AS_THEY_ARE: &str = "as they are";
const PIN1: &str = "FINEID (PIN1)";
const PIN2: &str = "FINEID (PIN2)";

/// The proxy module, compiled with NSS's own header: p11-kit's of Debian 12 does not know PKCS #11 3.0.
fn proxy() -> PathBuf {
    let module = scratch("profiles").join("profiles.so");
    let flags = run(Command::new("pkg-config").args(["--cflags", "nss"]));
    let mut compiler = Command::new("cc");
    compiler.args(["-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]).args(flags.split_whitespace());
    run(compiler.arg(SOURCE).arg("-o").arg(&module).arg("-ldl"));
    module
}

/// NSS's tools with the PINs of both tokens, and a web server.
struct Nss {
    user: User,
    server: Server,
    profiles: &'static str,
    log: PathBuf,
    database: String,
    pins: PathBuf,
}

impl Nss {
    /// With the profiles changed in this way.
    fn with(profiles: &'static str) -> Self {
        let user = User::with(Card::Ec);
        let server = Server::start(&user, "TLSv1.3");
        let own = ["root.pem", "issuing.pem"].map(|name| user.file(name));
        let authorities = [&own[0], &own[1], server.authority()].map(PathBuf::as_path);
        let folder = user.nss_database("nss", &authorities);
        let pins = format!("{PIN1}:{}\n{PIN2}:{}\n", user.pin1(), user.pin2());
        let (pins, log) = (user.write("pins", pins), user.write("log", ""));
        let database = format!("sql:{}", folder.display());
        let nss = Self { user, server, profiles, log, database, pins };
        nss.load(&proxy());
        nss
    }

    fn load(&self, module: &Path) {
        let modutil = || {
            let mut modutil = self.program("modutil");
            modutil.args(["-force", "-dbdir", &self.database]);
            modutil
        };
        run(modutil().args(["-delete", "Avain"]));
        run(modutil().args(["-add", "Proxy", "-libfile"]).arg(module));
    }

    fn program(&self, name: &str) -> Command {
        let mut program = self.user.program(name);
        program.env("PROFILES_MODULE", self.user.module());
        program.env("PROFILES_CHANGE", self.profiles).env("PROFILES_LOG", &self.log);
        program
    }

    fn list_certificates(&self) {
        let mut list = self.program("certutil");
        let shown = run(list.args(["-L", "-d", &self.database, "-h", "all", "-f"]).arg(&self.pins));
        for name in ["FINEID (PIN1):FINEID authentication", "FINEID (PIN2):FINEID signature"] {
            let user = shown.lines().find(|line| line.starts_with(name)).expect(name);
            assert!(user.trim_end().ends_with("u,u,u"), "{user}");
        }
    }

    /// No certificate is named: NSS looks for one that fits.
    fn log_in_to_the_server(&self) {
        let mut client = self.program("tstclnt");
        client.args(["-h", "localhost", "-p", &self.server.port().to_string(), "-d", &self.database, "-4"]);
        assert_welcome(&self.user, client.args(["-V", "tls1.3:tls1.3", "-W"]).arg(&self.pins));
        self.server.assert_only_visitor(&self.user, "TLSv1.3");
    }

    /// The tokens that the log names after this word, each as often as it does.
    fn tokens(&self, what: &str) -> Vec<String> {
        let log = fs::read_to_string(&self.log).expect("the log");
        let mut tokens: Vec<_> = log.lines().filter_map(|line| line.strip_prefix(what)).collect();
        tokens.sort_unstable();
        tokens.iter().map(|token| token.trim().to_owned()).collect()
    }

    /// Lists the certificates, then logs in to the server. Checks which tokens NSS logged in to for each, and that it saw
    /// the changed profiles of both tokens.
    #[track_caller]
    fn wants_pins(&self, to_list: &[&str], to_log_in: &[&str]) {
        let actions: [(fn(&Self), _); 2] =
            [(Self::list_certificates, to_list), (Self::log_in_to_the_server, to_log_in)];
        for (act, expected) in actions {
            self.user.write("log", "");
            act(self);
            assert_eq!(self.tokens("login"), expected);
            let mut changed = self.tokens(self.profiles);
            changed.dedup();
            let both: &[&str] = if self.profiles == AS_THEY_ARE { &[] } else { &[PIN1, PIN2] };
            assert_eq!(changed, both, "{}", self.profiles);
        }
    }
}

/// CKP_PUBLIC_CERTIFICATES_TOKEN says that certificates are found without a login: the PIN of the key that is used is
/// the only one.
#[test]
fn only_the_key_in_use_wants_its_pin() {
    Nss::with(AS_THEY_ARE).wants_pins(&[], &[PIN1]);
}

/// Without profiles, NSS logs in to every token before it looks for certificates there.
#[test]
fn without_profiles_every_token_wants_its_pin() {
    Nss::with("hidden").wants_pins(&[PIN1, PIN2], &[PIN1, PIN2]);
}

/// Beside CKP_PUBLIC_CERTIFICATES_TOKEN, CKP_AUTHENTICATION_TOKEN makes no difference to the tools of NSS 3.87: they
/// read it, and log in neither at their start nor for a listing.
#[test]
fn a_claim_to_be_an_authentication_token_changes_nothing() {
    Nss::with("claimed").wants_pins(&[], &[PIN1]);
}

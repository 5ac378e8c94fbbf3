//! What the profile objects (CKO_PROFILE) of the module do: for which tokens NSS wants a PIN. Its tools look through
//! all tokens as browsers do when a web server asks for a certificate, and the module stands behind another one,
//! `scripts/clients/profiles.c`, that tells of the profiles otherwise and takes note of logins.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kit::{run, scratch};
use programs::clients::{Card, Server, User};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/clients/profiles.c");
/// How profiles are told where nothing else is said.
const AS_THEY_ARE: &str = "as they are";
const PIN1: &str = "FINEID (PIN1)";
const PIN2: &str = "FINEID (PIN2)";

/// The module before ours, compiled with NSS's own header: p11-kit's of Debian 12 does not know PKCS #11 3.0.
fn module_before() -> PathBuf {
    let module = scratch("profiles").join("profiles.so");
    let flags = run(Command::new("pkg-config").args(["--cflags", "nss"]));
    let mut compiler = Command::new("cc");
    compiler.args(["-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]).args(flags.split_whitespace());
    run(compiler.arg(SOURCE).arg("-o").arg(&module).arg("-ldl"));
    module
}

/// A holder who has the PINs of both tokens ready, and a web server.
struct World {
    user: User,
    server: Server,
    told: &'static str,
    log: PathBuf,
    database: String,
    pins: PathBuf,
}

impl World {
    /// Where the profiles are told in this way.
    fn with(told: &'static str) -> Self {
        let user = User::with(Card::Ec);
        let server = Server::start(&user, "TLSv1.3");
        let own = ["root.pem", "issuing.pem"].map(|name| user.file(name));
        let authorities = [&own[0], &own[1], server.authority()].map(PathBuf::as_path);
        let folder = user.nss_database("nss", &authorities);
        let pins = format!("{PIN1}:{}\n{PIN2}:{}\n", user.pin1(), user.pin2());
        let (pins, log) = (user.write("pins", pins), user.write("log", ""));
        let database = format!("sql:{}", folder.display());
        let world = Self { user, server, told, log, database, pins };
        world.put_before(&module_before());
        world
    }

    fn put_before(&self, module: &Path) {
        let modutil = || {
            let mut modutil = self.program("modutil");
            modutil.args(["-force", "-dbdir", &self.database]);
            modutil
        };
        run(modutil().args(["-delete", "Avain"]));
        run(modutil().args(["-add", "Before Avain", "-libfile"]).arg(module));
    }

    fn program(&self, name: &str) -> Command {
        let mut program = self.user.program(name);
        program.env("PROFILES_MODULE", self.user.module());
        program.env("PROFILES_TOLD", self.told).env("PROFILES_LOG", &self.log);
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
        client.args(["-V", "tls1.3:tls1.3", "-W"]).arg(&self.pins);
        let mut client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("start tstclnt");
        let mut request = client.stdin.take().expect("its input");
        request.write_all(b"GET / HTTP/1.0\r\n\r\n").expect("ask for the page");
        let page = BufReader::new(client.stdout.take().expect("its output"));
        let welcome = page.lines().map_while(Result::ok).any(|line| line.contains("<title>Welcome</title>"));
        // It does not end by itself.
        client.kill().expect("end tstclnt");
        client.wait().expect("the end of tstclnt");
        assert!(welcome, "no page");
        self.server.assert_only_visitor(&self.user, "TLSv1.3");
    }

    /// The tokens for which this stands in the log, as often as it does.
    fn tokens(&self, what: &str) -> Vec<String> {
        let log = fs::read_to_string(&self.log).expect("the log");
        let mut tokens: Vec<_> = log.lines().filter_map(|line| line.strip_prefix(what)).collect();
        tokens.sort_unstable();
        tokens.iter().map(|token| token.trim().to_owned()).collect()
    }

    /// Looks for certificates, and for one to log in with; checks for which tokens there were logins in each case,
    /// and that NSS has seen both tokens told in the other way.
    #[track_caller]
    fn wants_pins(&self, to_list: &[&str], to_log_in: &[&str]) {
        let tasks: [(fn(&Self), _); 2] =
            [(Self::list_certificates, to_list), (Self::log_in_to_the_server, to_log_in)];
        for (task, expected) in tasks {
            self.user.write("log", "");
            task(self);
            assert_eq!(self.tokens("login"), expected);
            let mut told = self.tokens(self.told);
            told.dedup();
            let both: &[&str] = if self.told == AS_THEY_ARE { &[] } else { &[PIN1, PIN2] };
            assert_eq!(told, both, "{}", self.told);
        }
    }
}

/// CKP_PUBLIC_CERTIFICATES_TOKEN says that certificates are found without a login: the PIN of the key that is used is
/// the only one.
#[test]
fn only_the_key_in_use_wants_its_pin() {
    World::with(AS_THEY_ARE).wants_pins(&[], &[PIN1]);
}

/// Without profiles, NSS logs in to every token before it looks for certificates there.
#[test]
fn without_profiles_every_token_wants_its_pin() {
    World::with("hidden").wants_pins(&[PIN1, PIN2], &[PIN1, PIN2]);
}

/// Beside CKP_PUBLIC_CERTIFICATES_TOKEN, CKP_AUTHENTICATION_TOKEN makes no difference to the tools of NSS 3.87: they
/// read it, and log in neither at their start nor for a listing.
#[test]
fn a_claim_to_be_an_authentication_token_changes_nothing() {
    World::with("claimed").wants_pins(&[], &[PIN1]);
}

//! A web server that wants a certificate of the card's authority.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use kit::run;

use super::unhex;
use super::user::User;
use super::wait::wait_until;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/clients/https_server.py");

/// A running server on the loopback interface; stopped when dropped.
pub struct Server {
    process: Child,
    port: u16,
    authority: PathBuf,
    visits: PathBuf,
    errors: PathBuf,
}

impl Server {
    /// Starts the server, which speaks only this version of TLS (`TLSv1.2` or `TLSv1.3`).
    ///
    /// # Panics
    /// If it does not start; so do all functions here.
    pub fn start(user: &User, version: &str) -> Self {
        let [authority, chain] = certificates(user);
        let folder = user.file(&format!("server-{version}"));
        fs::create_dir_all(&folder).expect("make the server's folder");
        let [visits, errors, listening] = ["visits", "errors", "port"].map(|name| folder.join(name));
        fs::write(&visits, "").expect("write the list of visits");
        let _ = fs::remove_file(&listening);
        let log = fs::File::create(&errors).expect("the server's errors");
        let mut command = Command::new("python3");
        command.arg(PROGRAM).arg(version).arg(chain).arg(user.file("authorities.pem")).arg(&visits);
        let process = command.arg(&listening).stderr(log).stdin(Stdio::null()).spawn();
        let mut server =
            Self { process: process.expect("start the server"), port: 0, authority, visits, errors };
        wait_until("the server listens", || {
            server.port = fs::read_to_string(&listening).ok().and_then(|port| port.parse().ok()).unwrap_or(0);
            server.port != 0
        });
        server
    }

    /// Where it is: `localhost:PORT`.
    pub fn address(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// Its page, which names the visitor.
    pub fn url(&self) -> String {
        format!("https://localhost:{}/", self.port)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The authority that issued the server's certificate, as a PEM file.
    pub fn authority(&self) -> &PathBuf {
        &self.authority
    }

    /// The TLS version and the client's certificate of every visit.
    pub fn visits(&self) -> Vec<(String, Vec<u8>)> {
        let list = fs::read_to_string(&self.visits).expect("the list of visits");
        let visit = |line: &str| {
            let (version, certificate) = line.split_once(' ').expect("version and certificate");
            (version.to_owned(), unhex(certificate))
        };
        list.lines().map(visit).collect()
    }

    /// The server's error output.
    pub fn errors(&self) -> String {
        fs::read_to_string(&self.errors).unwrap_or_default()
    }

    /// Checks that there were visits, and that the certificate of each was the user's for authentication.
    #[track_caller]
    pub fn assert_only_visitor(&self, user: &User, version: &str) {
        let expected = (version.to_owned(), user.certificate("auth"));
        let visits = self.visits();
        assert!(!visits.is_empty(), "the server let nobody in:\n{}", self.errors());
        assert!(
            visits.iter().all(|visit| *visit == expected),
            "the server let in another visitor: {visits:?}"
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An authority and the certificate for `localhost` that it issues; that with its key in one file. Other servers use
/// them, too.
///
/// # Panics
/// If OpenSSL fails.
pub fn certificates(user: &User) -> [PathBuf; 2] {
    let names =
        ["server-authority.pem", "server-authority.key", "server.pem", "server.key", "server-chain.pem"];
    let [authority, authority_key, certificate, key, chain] = names.map(|name| user.file(name));
    if chain.exists() {
        return [authority, chain];
    }
    let issue = |subject: &str, key: &PathBuf, out: &PathBuf| {
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]);
        openssl.args(["-days", "30", "-subj", subject, "-keyout"]).arg(key).arg("-out").arg(out);
        openssl
    };
    run(issue("/CN=Test authority of servers", &authority_key, &authority)
        .args(["-addext", "keyUsage=critical,keyCertSign,cRLSign"]));
    run(issue("/CN=localhost", &key, &certificate)
        .arg("-CA")
        .arg(&authority)
        .arg("-CAkey")
        .arg(&authority_key)
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .args(["-addext", "extendedKeyUsage=serverAuth"]));
    let parts = [&certificate, &key].map(|file| fs::read_to_string(file).expect("certificate and key"));
    fs::write(&chain, parts.concat()).expect("write the server's certificate and key");
    [authority, chain]
}

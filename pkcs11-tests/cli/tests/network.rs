//! No network: the module and the tool have nothing that could open a connection, and open none but that to pcscd.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cli::Bench;
use kit::{Module, run, scratch};

/// What a library or a program asks libc for before it can talk to anybody. A pair of sockets within the process, by
/// which signals reach the tool, and a child that it starts tells its handle (sendmsg), needs none of these.
const TALKING: [&str; 9] =
    ["socket", "connect", "bind", "listen", "accept", "accept4", "sendto", "getaddrinfo", "gethostbyname"];
/// Where pcscd listens.
const DAEMON: &str = "/run/pcscd/pcscd.comm";

fn talking(file: &Path) -> Vec<String> {
    let imported = run(Command::new("nm").args(["-D", "--undefined-only"]).arg(file));
    let names = imported.lines().filter_map(|line| line.split_whitespace().last()?.split('@').next());
    names.filter(|name| TALKING.contains(name)).map(str::to_owned).collect()
}

#[test]
fn nothing_is_imported_that_opens_a_connection() {
    for file in [Module::under_test(), cli::tool()] {
        assert_eq!(talking(&file), [""; 0], "{}", file.display());
    }
    // Those of the library that talks to pcscd would be seen.
    let loaded = run(Command::new("ldd").arg(cli::tool()));
    let path = |line: &str| Some(line.split_once("libpcsclite")?.1.split_whitespace().nth(2)?.to_owned());
    let library = loaded.lines().find_map(path).expect("the tool uses libpcsclite");
    assert!(!talking(Path::new(&library)).is_empty(), "nm shows nothing of {library}");
}

/// A program under strace: the sockets that it asks for, and whom it connects to.
fn watched(program: &Path, arguments: &[&str], lines: &str) -> (Vec<String>, Vec<String>) {
    let folder = scratch("network");
    let [trace, input] = ["trace", "input"].map(|name| folder.join(name));
    fs::write(&input, lines).unwrap();
    let status = Command::new("strace")
        .args(["--follow-forks", "--trace=network", "--string-limit=200", "--output"])
        .arg(&trace)
        .arg(program)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .stdin(fs::File::open(&input).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("strace starts");
    assert!(status.success(), "{} {arguments:?}: {status}", program.display());
    let trace = fs::read_to_string(trace).unwrap();
    let called = |call: &str| trace.lines().filter(|l| l.contains(call)).map(str::to_owned).collect();
    (called("socket("), called("connect("))
}

fn is_of_this_machine(socket: &str) -> bool {
    socket.contains("socket(AF_UNIX")
}

fn is_to_the_daemon(connection: &str) -> bool {
    connection.contains(&format!("{{sa_family=AF_UNIX, sun_path=\"{DAEMON}\"}}"))
}

#[test]
fn pcscd_is_the_only_one_that_is_talked_to() {
    let bench = Bench::with("fineid-v4.0,state=fresh-new");
    let letter = scratch("network").join("letter");
    fs::write(&letter, b"text").unwrap();
    let letter = letter.to_str().unwrap();
    let (module, avain) = (Module::for_programs(), cli::tool());
    let module = module.to_str().unwrap();
    let pkcs11_tool = PathBuf::from("pkcs11-tool");
    let entered = ["--pin-fd", "0"];
    // Everything that the tool and the module do, in an order in which each succeeds.
    let runs: [(&Path, Vec<&str>, &str); 11] = [
        (&avain, vec!["status"], ""),
        (&avain, vec!["diagnose"], ""),
        (&avain, [&["activate"], &entered[..]].concat(), "1234567\n270519\n190527\n"),
        (&avain, vec!["certs", "--pem"], ""),
        (&avain, [&["test"], &entered[..]].concat(), "270519\n"),
        (&avain, [&["sign", letter], &entered[..]].concat(), "190527\n"),
        (&avain, [&["change-pin", "1"], &entered[..]].concat(), "270519\n507219\n"),
        (&avain, [&["unblock", "1"], &entered[..]].concat(), "12345678\n270519\n"),
        (&pkcs11_tool, vec!["--module", module, "--list-token-slots"], ""),
        (&pkcs11_tool, vec!["--module", module, "--list-objects"], ""),
        (&pkcs11_tool, vec!["--module", module, "--login", "--pin", "270519", "--test"], ""),
    ];
    for (program, arguments, lines) in &runs {
        let (sockets, connections) = watched(program, arguments, lines);
        let strangers: Vec<_> = sockets
            .iter()
            .filter(|socket| !is_of_this_machine(socket))
            .chain(connections.iter().filter(|connection| !is_to_the_daemon(connection)))
            .collect();
        assert!(strangers.is_empty(), "{} {arguments:?}: {strangers:#?}", program.display());
        assert!(!connections.is_empty(), "{} {arguments:?} talked to nobody", program.display());
    }
    assert!(bench.holds("270519", "190527"));
}

#[test]
fn a_connection_would_be_seen() {
    let talker = ["-c", "exec 3<>/dev/udp/127.0.0.1/9"];
    let (sockets, connections) = watched(Path::new("bash"), &talker, "");
    assert!(sockets.iter().any(|socket| !is_of_this_machine(socket)), "{sockets:?}");
    assert!(connections.iter().any(|connection| !is_to_the_daemon(connection)), "{connections:?}");
}

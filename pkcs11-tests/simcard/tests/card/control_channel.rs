//! Lines of the control channel, and the program with its socket.

use crate::common::*;
use simcard::control::{Outcome, Reader, execute};
use simcard::{CardOptions, DeliveryState};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};

fn answer(readers: &mut [Reader], line: &str) -> String {
    match execute(readers, line) {
        Outcome::Answer(answer) => {
            assert!(!answer.contains('\n'));
            answer
        }
        Outcome::Quit => "quit".into(),
    }
}

#[test]
fn lines() {
    let slot = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = slot.local_addr().unwrap().port();
    let mut readers =
        [Reader::new(port, options(V4, DeliveryState::FreshNew)), Reader::new(1, CardOptions::default())];
    assert_eq!(answer(&mut readers, "readers"), "ok 2");
    assert_eq!(answer(&mut readers, "insert 0"), "ok");
    assert!(answer(&mut readers, "state 0").contains(r#""inserted":true"#));
    assert!(answer(&mut readers, "insert 1").starts_with("error"));
    assert_eq!(answer(&mut readers, "remove 0"), "ok");
    assert_eq!(answer(&mut readers, "remove 0"), "ok");
    let state: serde_json::Value = serde_json::from_str(&answer(&mut readers, "state 0")).unwrap();
    assert_eq!(state["inserted"], false);
    assert_eq!(state["pins"][0]["origin"], "transport");
    assert_eq!(answer(&mut readers, "swap 0 fineid-v3.1,state=blocked-pin1,holder=2,last_try=6983"), "ok");
    let state: serde_json::Value = serde_json::from_str(&answer(&mut readers, "state 0")).unwrap();
    assert_eq!((&state["card"], &state["holder"]), (&"fineid-v3.1".into(), &2.into()));
    assert_eq!(state["pins"][0]["tries"], 0);
    assert_eq!(answer(&mut readers, "tries 0 82 2"), "ok");
    assert_eq!(answer(&mut readers, "switch 0 pin2_one_shot=no"), "ok");
    assert_eq!(answer(&mut readers, "fault 0 on=A4 skip=1 status:6A82"), "ok");
    {
        let mut card = readers[0].card.lock().unwrap();
        assert_eq!(send(&mut card, SELECT), "9000");
        assert_eq!(send(&mut card, SELECT), "6A82");
        assert_eq!(verify(&mut card, 0x82, "999999"), "63C1");
        assert!(!card.switches().pin2_one_shot);
    }
    let log: Vec<String> = serde_json::from_str(&answer(&mut readers, "log 0")).unwrap();
    assert_eq!(log.len(), 3);
    assert!(log[2].contains("******") && log[1].ends_with("fault status"));
    assert!(answer(&mut readers, "mark 0").contains(r#""count":3"#));
    assert_eq!(answer(&mut readers, "log 0"), "[]");
    assert_eq!(answer(&mut readers, "reset 0"), "ok");
    assert_eq!(answer(&mut readers, "faults-clear 0"), "ok");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("control-certs");
    assert_eq!(answer(&mut readers, &format!("certs 0 {}", folder.display())), "ok");
    assert!(folder.join("sign-ec.pem").exists());
    for wrong in [
        "",
        "insert",
        "insert 7",
        "insert x",
        "fly 0",
        "swap 0",
        "swap 0 fineid-v9",
        "fault 0",
        "switch 0 x",
        "switch 0 x=y",
        "tries 0 82",
        "tries 0 zz 1",
    ] {
        assert!(answer(&mut readers, wrong).starts_with("error "), "{wrong}");
    }
    assert_eq!(answer(&mut readers, "quit"), "quit");
}

#[test]
fn the_program() {
    let slots = [TcpListener::bind(("127.0.0.1", 0)).unwrap(), TcpListener::bind(("127.0.0.1", 0)).unwrap()];
    let port = |n: usize| slots[n].local_addr().unwrap().port();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("program");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let socket = folder.join("control.sock");
    let mut program = Command::new(env!("CARGO_BIN_EXE_simcard"))
        .arg("--reader")
        .arg(format!("{}=fineid-v4.0,state=half-old,pin1=9876", port(0)))
        .arg("--reader")
        .arg(format!("{}=fineid-v3.0,holder=4,inserted=no", port(1)))
        .args(["--switch", "pin2_one_shot=no", "--control"])
        .arg(&socket)
        .arg("--write-certs")
        .arg(folder.join("certs"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    assert_eq!(ready, "ready 2\n");
    assert!(
        folder.join("certs/reader0/auth.pem").exists() && folder.join("certs/reader1/sign-ec.pem").exists()
    );
    let stream = UnixStream::connect(&socket).unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut say = |line: &str| {
        writeln!(&stream, "{line}").unwrap();
        lines.next().unwrap().unwrap()
    };
    assert!(say("state 0").contains(r#""inserted":true"#));
    assert!(say("state 1").contains(r#""inserted":false"#));
    assert_eq!(say("insert 1"), "ok");
    assert!(say("nonsense 0").starts_with("error"));
    assert_eq!(say("quit"), "ok");
    assert!(program.wait().unwrap().success());
    assert!(!socket.exists());
}

#[test]
fn the_program_explains_itself_and_refuses_nonsense() {
    let run =
        |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_simcard")).args(arguments).output().unwrap();
    let list = String::from_utf8(run(&["--list-switches"]).stdout).unwrap();
    let has = |name: &str| list.contains(&format!("{name}="));
    for switch in simcard::Switches::list() {
        let of_default = simcard::CardModel::default().switches().contains(&switch);
        assert_eq!(has(switch.name), of_default, "{}", switch.name);
    }
    let description = run(&["--describe", "--card", "fineid-v3.0"]);
    let description: serde_json::Value = serde_json::from_slice(&description.stdout).unwrap();
    assert_eq!(description["keys"][2]["certificate"], 0x4335);
    for wrong in [
        &["--card", "fineid-v5"][..],
        &[],
        &["--port", "1", "--state", "melted"],
        &["--reader", "1"],
        &["--reader", "x=fineid-v4.0"],
        &["--port", "1", "--switch", "pin2_one_shot"],
        &["--port", "1", "--pin1", "12"],
        &["--port", "1", "--patience", "0"],
    ] {
        let output = run(wrong);
        assert!(!output.status.success() && !output.stderr.is_empty(), "{wrong:?}");
    }
}

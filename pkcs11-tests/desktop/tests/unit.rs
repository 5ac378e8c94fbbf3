//! The agent's unit, under the manager that runs the units of users.

use std::fs;
use std::process::Command;

use avain_flow::desktop::{AGENT, Action, object_path};
use desktop::{Manager, Session, Setting, Window, folder, wait_for};
use gio::glib::VariantDict;
use gio::glib::variant::ToVariant;
use kit::{Rig, card};

const UNIT: &str = "avain-agent.service";

/// A session whose units systemd runs, with the agent's.
fn session() -> Session {
    let session = Session::with(&Setting { systemd: true, manager: Manager::None, ..Setting::default() });
    let units = session.home().join(".config/systemd/user");
    fs::create_dir_all(&units).unwrap();
    fs::copy(folder().join("lib/systemd/user").join(UNIT), units.join(UNIT)).unwrap();
    kit::run(session.command("systemctl").args(["--user", "daemon-reload"]));
    session
}

fn property(session: &Session, name: &str) -> String {
    let mut asked = session.command("systemctl");
    kit::run(asked.args(["--user", "show", "--value", "--property", name, UNIT])).trim().to_owned()
}

/// Whoever calls the agent by its name has its unit started. Within the limits of the unit it does all that it is for.
#[test]
fn the_bus_starts_the_unit_and_the_unit_opens_the_window() {
    let rig = Rig::start(2);
    let session = session();
    let window = Window::of(&session);
    assert_eq!(property(&session, "ActiveState"), "inactive");
    let nothing = (VariantDict::new(None),).to_variant();
    let path = object_path(AGENT);
    let called =
        session.bus().call((AGENT, &path), "org.freedesktop.Application", "Activate", Some(&nothing));
    called.expect("the agent");
    assert_eq!(property(&session, "ActiveState"), "active");
    let id = property(&session, "MainPID").parse().ok();
    assert_eq!(session.bus().process(AGENT), id);
    let status = fs::read_to_string(format!("/proc/{}/status", id.expect("a process"))).unwrap();
    for line in ["NoNewPrivs:\t1", "Seccomp:\t2"] {
        assert!(status.lines().any(|found| found == line), "{line} is not in\n{status}");
    }
    let fresh = rig.insert(0, card("fineid-v4.0,state=fresh-new"));
    assert!(window.call(1).is(Action::Offer, fresh.reader()));
    kit::run(session.command("systemctl").args(["--user", "stop", UNIT]));
    assert_eq!(property(&session, "Result"), "success");
}

/// After a crash it is started again.
#[test]
fn a_crash_is_made_good() {
    let session = session();
    kit::run(session.command("systemctl").args(["--user", "start", UNIT]));
    let first = property(&session, "MainPID");
    kit::run(Command::new("kill").args(["-KILL", &first]));
    let another = |id: String| (id != "0" && id != first).then_some(());
    wait_for("another process", || another(property(&session, "MainPID")));
}

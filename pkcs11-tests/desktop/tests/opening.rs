//! The agent and the window together: a card is put in, and a window is there.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use avain_flow::desktop::{AGENT, WINDOW};
use avain_flow::{Language, Words, text};
use desktop::{Other, Process, Session, wait_for};
use kit::{Rig, card};
use simcard::Codes;

const FRESH: &str = "fineid-v4.0,state=fresh-new";

fn said(text: &avain_flow::Text) -> String {
    Words::of(Language::English).say(text)
}

fn start(session: &Session) -> Process {
    let agent = session.start_program("avain-agent", &[]);
    wait_for("the agent", || session.bus().has(AGENT).then_some(()));
    agent
}

/// Sixty keys are typed into another program while the window opens: all sixty reach that program.
#[test]
fn the_window_that_opens_takes_no_key_from_who_is_typing() {
    let (rig, session) = (Rig::start(2), Session::start());
    let other = Other::open(&session);
    let _agent = start(&session);
    let typed = "0123456789".repeat(6);
    let typing = std::thread::scope(|scope| {
        let typing = scope.spawn(|| {
            for key in typed.chars() {
                session.keyboard().types(&key.to_string());
                sleep(Duration::from_millis(50));
            }
            session.bus().has(WINDOW)
        });
        let card = rig.insert(0, card(FRESH));
        wait_for("the window", || session.bus().has(WINDOW).then_some(()));
        session.accessible("avain-window").named("push button", &said(&text::button_later()));
        (typing.join().expect("typing"), card)
    });
    assert!(typing.0, "the window came only afterwards");
    wait_for("the keys", || (other.typed().len() >= typed.len()).then_some(()));
    assert_eq!(other.typed(), typed);
    assert_eq!(session.screen().focused().as_deref(), Some("Other program"));
}

#[test]
fn a_card_that_is_not_to_be_asked_about_opens_no_window_again() {
    let (rig, session) = (Rig::start(2), Session::start());
    let _agent = start(&session);
    let fresh = rig.insert(0, card(FRESH));
    let begun = Instant::now();
    session.screen().window("Avain");
    println!("window: {} ms after a new card is in the reader", begun.elapsed().as_millis());
    let window = session.accessible("avain-window");
    window.named("push button", &said(&text::button_never())).press();
    wait_for("its end", || (!session.bus().has(WINDOW)).then_some(()));
    let declined = fs::read_to_string(session.home().join(".local/state/avain/declined")).expect("a file");
    assert_eq!(declined.lines().count(), 1);
    fresh.remove();
    let _fresh = rig.insert(0, card(FRESH));
    sleep(Duration::from_secs(3));
    assert!(!session.bus().has(WINDOW));
}

/// The notifications of a real desktop: dunst shows ours, and its user presses a button.
#[test]
fn a_notification_of_the_desktop_opens_the_window() {
    let (rig, session) = (Rig::start(2), Session::start());
    let settings = session.home().join(".config/avain");
    fs::create_dir_all(&settings).expect("a folder");
    fs::write(settings.join("avain.toml"), "new-card = \"notification\"\n").expect("a file");
    let _dunst = session.run("dunst", &[]);
    wait_for("dunst", || session.bus().has("org.freedesktop.Notifications").then_some(()));
    let _agent = start(&session);
    let _fresh = rig.insert(0, card(FRESH));
    let shown = || kit::run(session.command("dunstctl").args(["count", "displayed"])).trim() == "1";
    wait_for("a notification", || shown().then_some(()));
    assert!(!session.bus().has(WINDOW));
    kit::run(session.command("dunstctl").args(["action", "0"]));
    wait_for("the window", || session.bus().has(WINDOW).then_some(()));
    wait_for("the end of the notification", || (!shown()).then_some(()));
}

/// `make demo-window`, but for what builds it and makes its world.
#[test]
fn the_demo_opens_the_window_for_a_new_card() {
    let (rig, session) = (Rig::start(1), Session::start());
    let fresh = rig.insert(0, card(FRESH));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../kit/demo-window.sh");
    let window = desktop::program("avain-window");
    let window = format!("AVAIN_WINDOW={}", window.display());
    let mut demo = session.run("env", &[&window, script]);
    let shown = session.screen().window("Avain");
    wait_for("a question to the card", || (fresh.card().log().count() > 0).then_some(()));
    assert!(demo.said().contains(Codes::TRANSPORT), "{}", demo.said());
    session.screen().activate(&shown);
    session.keyboard().key("alt+F4");
    assert!(demo.ends().success(), "{}", demo.said());
}

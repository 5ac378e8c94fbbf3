//! The agent, on a session bus with a stand-in for the window.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use avain_flow::desktop::{AGENT, Action};
use avain_flow::{Language, Words, text};
use desktop::{Lock, Notifications, Process, Session, Setting, Window, wait_for};
use kit::{Other, Rig, card};

const FRESH: &str = "fineid-v4.0,state=fresh-new";
/// Another card than that.
const FRESH_TOO: &str = "fineid-v4.0,state=fresh-new,holder=2";
/// Longer than it takes to offer something.
const A_WHILE: Duration = Duration::from_millis(1500);

/// Readers, and a session in which the agent runs.
struct Desk {
    agent: Process,
    window: Window,
    session: Session,
    rig: Rig,
}

impl Desk {
    fn new() -> Self {
        Self::with(Setting::default(), None)
    }

    /// The holder has chosen what happens.
    fn preferring(choice: &str) -> Self {
        Self::with(Setting::default(), Some(choice))
    }

    fn with(setting: Setting, choice: Option<&str>) -> Self {
        let (rig, session) = (Rig::start(2), Session::with(&setting));
        if let Some(choice) = choice {
            let settings = session.home().join(".config/avain");
            fs::create_dir_all(&settings).unwrap();
            fs::write(settings.join("avain.toml"), format!("new-card = \"{choice}\"\n")).unwrap();
        }
        let (window, agent) = (Window::of(&session), start(&session));
        Self { agent, window, session, rig }
    }

    /// The offer of a fresh card in the second reader comes, and nothing else: whatever was in the first one was not
    /// offered.
    #[track_caller]
    fn offers_only_the_second(&self) {
        let second = self.rig.insert(1, card(FRESH_TOO));
        assert!(self.window.call(1).is(Action::Offer, second.reader()), "{:?}", self.window.calls());
    }
}

fn start(session: &Session) -> Process {
    let agent = session.start_program("avain-agent", &[]);
    wait_for("the agent", || session.bus().has(AGENT).then_some(()));
    agent
}

#[test]
fn the_window_is_opened_once_for_each_insertion() {
    let desk = Desk::new();
    for number in 1..=2 {
        let fresh = desk.rig.insert(0, card(FRESH));
        let call = desk.window.call(number);
        assert!(call.is(Action::Offer, fresh.reader()), "{call:?}");
        // For what was wanted at the first moment of the session no window manager takes the keyboard away.
        let (key, id) = call.platform.first().expect("an id");
        assert!(key == "desktop-startup-id" && id.ends_with("_TIME1"), "{call:?}");
        assert_eq!(call.platform.len(), 1, "there is no token");
        sleep(A_WHILE);
        // Other programs come and go.
        Other::connect(fresh.reader()).select();
        sleep(A_WHILE);
        assert_eq!(desk.window.calls().len(), number);
        fresh.remove();
    }
}

/// Each kind of card that its holder has to activate.
#[test]
fn cards_that_are_to_be_activated() {
    let desk = Desk::new();
    let fresh = ["fineid-v3.1,state=fresh-old", "fineid-v4.1,state=half-new", "estonia-thales,state=fresh"];
    for (number, fresh) in fresh.into_iter().enumerate() {
        let inserted = desk.rig.insert(0, card(fresh));
        let call = desk.window.call(number + 1);
        assert!(call.is(Action::Offer, inserted.reader()), "{fresh}: {call:?}");
        println!("agent: {} commands to a card that is new ({fresh})", inserted.card().log().count());
        inserted.remove();
    }
}

#[test]
fn for_a_ready_card_nothing_happens() {
    let desk = Desk::new();
    for ready in
        ["fineid-v4.0", "fineid-v3.1,state=blocked-pin1", "estonia-idemia", "latvia-ec", "belgium-1.8"]
    {
        let inserted = desk.rig.insert(0, card(ready));
        wait_for("a question to the card", || (inserted.card().log().count() > 0).then_some(()));
        sleep(A_WHILE);
        println!("agent: {} commands to a card that is ready ({ready})", inserted.card().log().count());
        inserted.remove();
    }
    desk.offers_only_the_second();
}

#[test]
fn cards_that_were_there_before_are_offered() {
    let (rig, session) = (Rig::start(2), Session::start());
    let window = Window::of(&session);
    let cards = [rig.insert(0, card("fineid-v4.0")), rig.insert(1, card(FRESH))];
    let begun = Instant::now();
    let _agent = start(&session);
    println!("agent: {} ms", begun.elapsed().as_millis());
    assert!(window.call(1).is(Action::Offer, cards[1].reader()));
}

#[test]
fn a_card_that_another_program_holds_delays_no_other() {
    let desk = Desk::new();
    let ready = desk.rig.insert(0, card("fineid-v4.0"));
    let mut other = Other::connect(ready.reader());
    ready.remove();
    let held = desk.rig.insert(0, card(FRESH));
    drop(other);
    desk.window.call(1);
    other = Other::connect(held.reader());
    let holding = other.hold();
    let second = desk.rig.insert(1, card(FRESH_TOO));
    assert!(desk.window.call(2).is(Action::Offer, second.reader()));
    drop(holding);
}

/// What the agent costs is in docs/costs.md. A card is in a reader, because that is how it is most of the time.
#[test]
fn it_sleeps_while_nothing_happens_and_takes_little_memory() {
    let desk = Desk::new();
    let _cards = [desk.rig.insert(0, card("fineid-v4.0")), desk.rig.insert(1, card(FRESH))];
    desk.window.call(1);
    // Threads that were needed a moment ago are kept for fifteen seconds (GLib's pool of threads).
    desk.agent.rests_for(Duration::from_secs(16));
    let before = desk.agent.switches();
    sleep(Duration::from_secs(60));
    assert_eq!(desk.agent.switches() - before, 0, "context switches");
    let memory = desk.agent.own_memory();
    assert!(memory <= 2 << 20, "{memory} bytes");
    println!("agent: {} KB its own, 0 context switches in 60 s", memory / 1024);
}

#[test]
fn a_daemon_that_is_not_there_is_waited_for_without_asking_again() {
    let (mut rig, session) = (Rig::start(2), Session::start());
    rig.stop();
    let (window, agent) = (Window::of(&session), start(&session));
    for number in 1..=2 {
        sleep(Duration::from_secs(3));
        agent.settles();
        let before = agent.switches();
        sleep(Duration::from_secs(3));
        assert_eq!(agent.switches() - before, 0, "context switches without a daemon");
        rig.restart();
        let fresh = rig.insert(0, card(FRESH));
        assert!(window.call(number).is(Action::Offer, fresh.reader()));
        rig.stop();
    }
}

#[test]
fn there_is_one_of_it() {
    let desk = Desk::new();
    let mut second = desk.session.start_program("avain-agent", &[]);
    assert!(second.ends().success(), "{}", second.said());
    assert_eq!(desk.session.bus().process(AGENT), Some(desk.agent.id()));
    desk.offers_only_the_second();
}

#[test]
fn a_notification_comes_where_the_holder_wants_one() {
    let desk = Desk::preferring("notification");
    let server = Notifications::of(&desk.session);
    let words = Words::of(Language::English);
    let fresh = desk.rig.insert(0, card(FRESH));
    let shown = server.shown(1);
    assert_eq!(shown.title, words.say(&text::window_offer()));
    assert_eq!(shown.text, words.say(&text::window_offer_why()));
    assert_eq!(shown.desktop_entry.as_deref(), Some(avain_flow::desktop::WINDOW));
    let keys: Vec<_> = shown.buttons.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["default", "activate", "never"]);
    assert!(desk.window.calls().is_empty());
    // Somebody else's.
    server.press(7, "activate", None);
    server.press(1, "activate", Some("a token"));
    let call = desk.window.call(1);
    assert!(call.is(Action::Accept, fresh.reader()), "{call:?}");
    let token = |key: &str| (key.to_owned(), "a token".to_owned());
    let mut platform = call.platform;
    platform.sort();
    assert_eq!(platform, [token("activation-token"), token("desktop-startup-id")]);
    sleep(A_WHILE);
    assert_eq!(server.all().len(), 1);
}

#[test]
fn a_notification_goes_with_its_card_and_comes_back_with_it() {
    let desk = Desk::preferring("notification");
    let server = Notifications::of(&desk.session);
    let fresh = desk.rig.insert(0, card(FRESH));
    server.shown(1);
    fresh.remove();
    wait_for("its end", || (server.taken_back() == [1]).then_some(()));
    let fresh = desk.rig.insert(0, card(FRESH));
    server.shown(2);
    // "Not now".
    server.close(2);
    sleep(A_WHILE);
    fresh.remove();
    let _fresh = desk.rig.insert(0, card(FRESH));
    server.shown(3);
    assert_eq!(server.taken_back(), [1], "what was closed by its reader is not closed again");
}

#[test]
fn a_card_that_is_not_to_be_asked_about_is_known_by_a_hash() {
    let desk = Desk::preferring("notification");
    let server = Notifications::of(&desk.session);
    let fresh = desk.rig.insert(0, card(FRESH));
    let number = fresh.card().printed_serial();
    server.shown(1);
    server.press(1, "never", None);
    let file = desk.session.home().join(".local/state/avain/declined");
    let text = wait_for("the file", || fs::read_to_string(&file).ok());
    assert!(!text.contains(&number) && text.lines().count() == 1, "{text}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    fresh.remove();
    let fresh = desk.rig.insert(0, card(FRESH));
    sleep(A_WHILE);
    let other = desk.rig.insert(1, card(FRESH_TOO));
    server.shown(2);
    assert!(desk.window.calls().is_empty());
    drop((fresh, other));
}

#[test]
fn nothing_happens_where_the_holder_wants_that() {
    let desk = Desk::preferring("nothing");
    let server = Notifications::of(&desk.session);
    let fresh = desk.rig.insert(0, card(FRESH));
    wait_for("a question to the card", || (fresh.card().log().count() > 0).then_some(()));
    sleep(A_WHILE);
    assert!(server.all().is_empty() && desk.window.calls().is_empty());
}

/// Nobody sees a window that opens behind a locked screen.
#[test]
fn while_the_session_is_locked_there_is_a_notification() {
    let runtime = std::env::var("XDG_RUNTIME_DIR").unwrap();
    let system_bus = ("DBUS_SYSTEM_BUS_ADDRESS", format!("unix:path={runtime}/bus"));
    let setting = Setting { environment: vec![system_bus], ..Setting::default() };
    let desk = Desk::with(setting, None);
    let server = Notifications::of(&desk.session);
    for (number, lock) in [Lock::by_screen_saver, Lock::by_login].into_iter().enumerate() {
        let lock = lock(&desk.session);
        let fresh = desk.rig.insert(0, card(FRESH));
        server.shown(number + 1);
        assert!(desk.window.calls().is_empty());
        drop(lock);
        fresh.remove();
    }
    desk.offers_only_the_second();
}

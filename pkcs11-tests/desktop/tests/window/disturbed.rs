//! Cards that are pulled out, daemons that end, names that are hostile, and what the agent wants meanwhile.

use super::stage::Stage;
use avain_flow::text;
use desktop::{Other, Setting, wait_for};
use simcard::Codes;

/// A page, and how it is reached from that of the card.
type Way = (&'static str, &'static str, fn(&Stage));

const FRESH: &str = "fineid-v4.0,state=fresh-new";
const WAYS: [Way; 7] = [
    ("the card", "fineid-v4.0", |_| {}),
    ("activation", FRESH, |stage| {
        stage.press(&text::button_activate());
        stage.form(5);
    }),
    ("change", "fineid-v4.0", |stage| {
        stage.press(&text::button_change("PIN2"));
        stage.form(3);
    }),
    ("unblocking", "fineid-v4.0", |stage| {
        stage.press(&text::button_unblock("PIN1"));
        stage.form(3);
    }),
    ("test", "fineid-v4.0", |stage| {
        stage.press(&text::window_test());
        stage.form(1);
    }),
    ("certificates", "fineid-v4.0", |stage| {
        stage.press(&text::button_certificates());
        stage.page(&text::window_certificates());
    }),
    ("consent", "fineid-org,state=blocked-pins", |stage| {
        stage.press(&text::button_activate());
        stage.page(&text::window_consent());
    }),
];

/// Wherever the card is pulled out, the window says what to do, and shows the next card.
#[test]
fn a_card_is_pulled_at_every_page() {
    for (page, card, reach) in WAYS {
        let mut stage = Stage::with(&[card]);
        stage.card_page();
        reach(&stage);
        stage.take_out();
        stage.page(&text::window_absent());
        stage.says(&text::no_card());
        stage.put_in("latvia-ec");
        println!("after {page}");
        stage.card_page_of("Latvia");
    }
}

/// Without a daemon the window says so, without words of the terminal, and goes on when there is one.
#[test]
fn the_daemon_ends_and_comes_back() {
    let mut stage = Stage::with(&["fineid-v4.0"]);
    stage.card_page();
    stage.rig.stop();
    stage.says(&text::no_service());
    stage.rig.restart();
    stage.put_in("latvia-ec");
    stage.card_page_of("Latvia");
}

/// Whatever stands in a name, it writes nothing but itself, and it does not fill the window.
#[test]
fn hostile_names_are_shown_as_they_are_and_no_more() {
    for holder in [simcard::HOSTILE, simcard::LONG_NAMED] {
        let stage = Stage::with(&[&format!("fineid-v4.0,holder={holder}")]);
        stage.card_page();
        let view = stage.view();
        let names: Vec<String> = view.all().iter().map(|part| part.name()).collect();
        let bad = |c: char| c != '\n' && (c.is_control() || "\u{202E}\u{2066}".contains(c));
        for name in &names {
            assert!(!name.contains(bad) && name.chars().count() < 400, "{name:?}");
        }
        assert!(names.iter().any(|name| name.contains("AINO") || name.contains("NNNN")), "{view}");
        stage.press(&text::window_test());
        stage.fill(&[Codes::PIN1]);
        stage.page(&text::window_done());
    }
}

/// The page that the agent opens takes no key from the program that is typed into, and none of them means yes.
#[test]
fn an_offer_takes_no_keys() {
    let stage = Stage::set(&[FRESH], &Setting::default(), &["--gapplication-service"]);
    let other = Other::open(&stage.session);
    let digits = "2580147036".repeat(6);
    let _typing = stage.session.run("xdotool", &["type", "--delay", "20", &digits]);
    stage.offer();
    stage.page(&text::window_offer());
    wait_for("the keys", || (other.typed() == digits).then_some(()));
    // Should it have the keyboard, a digit or Enter does nothing.
    stage.has_keyboard();
    stage.types("2580");
    stage.key("Return");
    stage.page(&text::window_offer());
    assert!(stage.fields().is_empty());
}

/// Whoever is typing is not disturbed by what the agent wants.
#[test]
fn an_offer_does_not_interrupt() {
    let stage = Stage::with(&["fineid-v4.0"]);
    stage.press(&text::button_change("PIN1"));
    let fields = stage.form(3);
    fields[0].types(Codes::PIN1);
    stage.offer();
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(stage.fields().len(), 3);
}

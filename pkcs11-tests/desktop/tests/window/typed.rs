//! Where the digits of a PIN are, and where they are not.

use super::stage::Stage;
use avain_flow::text;
use kit::leaks::{self, Search};
use simcard::Codes;

/// While PINs are typed they are in locked pages alone, and GTK has bullets; after the end there are none. (A screen
/// reader that types sends digits over its bus; nobody can wipe those.)
#[test]
fn digits_are_in_locked_pages_alone() {
    let (pin1, pin2) = ("83910264", "50728164");
    let stage = Stage::with(&["fineid-v4.0,state=fresh-new"]);
    stage.card_page();
    stage.has_keyboard();
    stage.key("Tab");
    stage.key("Return");
    let fields = stage.form(5);
    for entry in [Codes::TRANSPORT, pin1, pin1, pin2] {
        stage.types(entry);
        stage.key("Tab");
    }
    stage.types(pin2);
    let search = Search::of(&[("PIN1", pin1), ("PIN2", pin2)]);
    let window = stage.window.id();
    leaks::locked_alone(&search.in_memory(window), &["PIN1", "PIN2"], "while they are typed");
    for field in &fields {
        assert_eq!(field.text(), "", "a screen reader can read it");
    }
    stage.press(&text::button_ok());
    stage.says(&text::activated());
    leaks::nothing(&search.in_memory(window), "after they were set");
    let dump = kit::scratch("dump").join("core");
    kit::run(std::process::Command::new("gcore").arg("-o").arg(&dump).arg(window.to_string()));
    let dump = dump.with_extension(window.to_string());
    leaks::nothing(&search.in_file(&dump), "in a core dump");
}

/// What was typed and not sent is gone with its page.
#[test]
fn a_page_that_is_left_forgets() {
    let mut stage = Stage::with(&["fineid-v4.0"]);
    let pin = "83910264";
    stage.press(&text::button_change("PIN1"));
    stage.has_keyboard();
    for _ in stage.form(3) {
        stage.types(pin);
        stage.key("Tab");
    }
    stage.take_out();
    stage.page(&text::window_absent());
    let search = Search::of(&[("PIN1", pin)]);
    leaks::nothing(&search.in_memory(stage.window.id()), "after the card was taken out");
}

/// No core dump is ever written of it.
#[test]
fn core_dumps_are_off() {
    let stage = Stage::with(&["fineid-v4.0"]);
    stage.card_page();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", stage.window.id())).expect("its limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a line");
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
}

//! Readers with a keypad: PINs are entered there, and the window says what is waited for.

use super::stage::{PROGRAM, Stage};
use avain_flow::{Text, text};
use desktop::{Setting, wait_for};
use kit::{Backend, Rig};
use simcard::keypad::{NEW, Press};

impl Stage {
    /// With a card in a reader that has a keypad.
    fn with_keypad(card: &str, arguments: &[&str]) -> Self {
        let rig = Rig::with_keypads(Backend::Daemon, 1);
        Self::on(rig, &[card], &Setting::default(), |session| session.start_program(PROGRAM, arguments))
    }

    /// What whoever is at the keypad does from now on.
    fn presses(&self, presses: impl IntoIterator<Item = Press>) {
        self.card().keypad_mut().press(presses);
    }

    /// The card has these codes.
    #[track_caller]
    fn has_codes<const N: usize>(&self, codes: [(u8, &str); N]) {
        let accepted = codes.map(|(reference, code)| self.card().code_is(reference, code));
        assert_eq!(accepted, [true; N], "{codes:?}");
    }

    /// Nothing can be typed here until the holder wants that.
    #[track_caller]
    fn asks_for_keypad(&self) {
        self.says(&text::window_keypad());
        assert!(self.fields().is_empty(), "{}", self.view());
    }
}

fn digits(digits: &str) -> Press {
    Press::Digits(digits.to_owned())
}

#[test]
fn a_card_is_activated_on_the_keypad() {
    let stage = Stage::with_keypad("fineid-v4.0,state=fresh-new,keypad=full", &[]);
    let [first, second] = ["2580", "147036"].map(digits);
    stage.presses([Press::Right, first.clone(), first, Press::Right, second.clone(), second]);
    stage.press(&text::button_activate());
    stage.asks_for_keypad();
    stage.press(&text::button_keypad());
    stage.says(&text::activated());
    stage.says(&text::code_used_up());
    stage.has_codes([(0x11, "2580"), (0x82, "147036")]);
}

#[test]
fn pins_are_changed_and_unlocked_on_the_keypad() {
    let stage = Stage::with_keypad("fineid-v3.1,keypad=plain", &[]);
    for (button, said) in [
        (text::button_change("PIN1"), text::changed("PIN1")),
        (text::button_unblock("PIN1"), text::unblocked("PIN1")),
    ] {
        stage.press(&button);
        stage.asks_for_keypad();
        stage.press(&text::button_keypad());
        stage.says(&said);
        stage.press(&text::button_back());
    }
    stage.has_codes([(0x11, NEW)]);
}

/// While it is waited for the keypad, that is what the window says, to a screen reader at once; and a card that is taken
/// out ends it.
#[test]
fn the_window_says_that_it_waits_for_the_keypad() {
    let mut stage = Stage::with_keypad("fineid-v4.0,keypad=full", &[]);
    stage.presses([Press::Never]);
    stage.press(&text::window_test());
    stage.asks_for_keypad();
    stage.press(&text::button_keypad());
    stage.says(&text::keypad_pin("PIN1"));
    let prompt = stage.word(&text::keypad_pin("PIN1"));
    let is_read = |part: &desktop::Accessible| {
        part.name() == prompt && part.role() == "alert" && part.is(desktop::State::Focused)
    };
    wait_for("the prompt to be read", || stage.view().all().iter().any(is_read).then_some(()));
    wait_for("the keypad", || stage.card().keypad().hangs().then_some(()));
    stage.take_out();
    stage.page(&text::window_failed());
    stage.says(&text::card_removed());
    stage.press(&text::button_back());
    stage.page(&text::window_absent());
}

/// What did not come to an end on the keypad is told, costs nothing, and can be done again.
#[test]
fn what_went_wrong_on_the_keypad_is_told() {
    let stage = Stage::with_keypad("fineid-v4.0,keypad=full", &[]);
    let [one, other] = ["258036", "258037"].map(digits);
    let wrong: [(&[Press], Text); 4] = [
        (&[Press::Cancel], text::keypad_cancelled()),
        (&[Press::Right, Press::Wait], text::keypad_too_late()),
        (&[Press::Right, one, other], text::keypad_differs()),
        (&[Press::Wrong], text::pin_wrong("PIN1", 4_u8)),
    ];
    stage.press(&text::button_change("PIN1"));
    for (presses, said) in wrong {
        stage.asks_for_keypad();
        stage.presses(presses.iter().cloned());
        stage.press(&text::button_keypad());
        stage.says(&said);
        stage.page(&text::window_failed());
        stage.press(&text::button_again());
    }
    stage.asks_for_keypad();
    stage.press(&text::button_keypad());
    stage.says(&text::changed("PIN1"));
}

/// Whoever wants to type here can, and a keypad that cannot set PINs does not ask for new ones.
#[test]
fn the_keyboard_can_be_chosen() {
    let stage = Stage::with_keypad("fineid-v4.0,keypad=verify", &[]);
    stage.press(&text::button_change("PIN1"));
    stage.says(&text::keypad_keyboard());
    stage.fill(&[simcard::Codes::PIN1, NEW, NEW]);
    stage.says(&text::changed("PIN1"));
    stage.press(&text::button_test());
    stage.asks_for_keypad();
    stage.press(&text::button_keyboard());
    stage.fill(&[NEW]);
    stage.page(&text::window_done());
    assert!(stage.card().keypad().asked().is_empty(), "the keypad was used");
}

#[test]
fn a_file_is_signed_by_the_keypad() {
    let folder = kit::scratch("signed");
    let file = folder.join("agreement.txt");
    std::fs::write(&file, "I agree.\n").expect("a file");
    let name = file.to_str().expect("a name");
    let stage = Stage::with_keypad("fineid-v3.1,issued=2025-11-30,keypad=full", &[name]);
    stage.asks_for_keypad();
    stage.says(&text::signature_meaning(file.as_path(), "PIN2"));
    stage.presses([Press::Cancel]);
    stage.press(&text::button_keypad());
    stage.says(&text::keypad_cancelled());
    stage.press(&text::button_again());
    stage.press(&text::button_keypad());
    stage.says(&text::signed(folder.join("agreement.txt.p7s").as_path()));
    std::fs::remove_dir_all(folder).expect("the folder");
}

//! The session in which the desktop's programs are tested does what those of users do.

use desktop::{Notifications, Other, Session, wait_for};
use gio::glib::variant::ToVariant;

#[test]
fn keys_reach_the_window_that_was_opened() {
    let session = Session::start();
    let other = Other::open(&session);
    session.keyboard().types("270519");
    session.keyboard().key("Return");
    wait_for("the keys", || (other.typed() == "270519\r").then_some(()));
}

#[test]
fn a_notification_is_noted() {
    let session = Session::start();
    let server = Notifications::of(&session);
    let nothing = gio::glib::VariantDict::new(None);
    let shown =
        ("Test", 0_u32, "", "Title", "Text", ["default", "Show"].as_slice(), nothing, -1_i32).to_variant();
    let object = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications");
    session.bus().call(object, object.0, "Notify", Some(&shown)).expect("an answer");
    let seen = server.shown(1);
    assert_eq!((seen.title.as_str(), seen.text.as_str()), ("Title", "Text"));
    assert_eq!(seen.buttons, [("default".to_owned(), "Show".to_owned())]);
    let number = (1_u32,).to_variant();
    session.bus().call(object, object.0, "CloseNotification", Some(&number)).expect("an answer");
    assert_eq!(server.taken_back(), [1]);
}

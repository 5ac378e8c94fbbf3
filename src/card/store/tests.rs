use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// A store in a folder that is removed in the end.
struct Place(PathBuf, StoredCans);

impl Place {
    fn new(name: &str) -> Self {
        let home = std::env::temp_dir().join(format!("avain-store-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&home);
        let store = StoredCans::of(|variable| (variable == "HOME").then(|| home.clone().into_os_string()));
        Place(home, store)
    }

    fn write(&self, content: &[u8]) {
        let path = self.1.path().unwrap();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn can(digits: &str) -> Can {
    Can::new(digits.as_bytes()).unwrap()
}

impl StoredCans {
    fn note_worked(&self, can: &Can, card: CardName) {
        let holder = card.holder.clone();
        said(self.change(|known| {
            entries::note_worked(known, can, CardName { holder: String::new(), ..card.clone() })
        }));
        if !holder.is_empty() {
            said(self.change(|known| entries::note_holder(known, &card, &holder)));
        }
    }

    fn note_refused(&self, can: &Can) {
        self.refused(can);
    }
}

fn card(kind: &str, number: &str, holder: &str) -> CardName {
    CardName { kind: kind.to_owned(), number: number.to_owned(), holder: holder.to_owned() }
}

fn tried(store: &StoredCans, kind: &str) -> Option<String> {
    store.best(kind).map(|can| String::from_utf8_lossy(can.digits()).into_owned())
}

fn is(digits: &str) -> Option<String> {
    Some(digits.to_owned())
}

#[test]
fn it_is_below_the_configuration_folder() {
    let of = |variables: &[(&str, &str)]| {
        let of =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        StoredCans::of(of).path()
    };
    let below = |folder: &str| Some(PathBuf::from(folder).join("avain/card-access-numbers"));
    assert_eq!(of(&[("HOME", "/home/me")]), below("/home/me/.config"));
    assert_eq!(of(&[("HOME", "/home/me"), ("XDG_CONFIG_HOME", "/etc/me")]), below("/etc/me"));
    // XDG: a relative path is not valid.
    assert_eq!(of(&[("HOME", "/home/me"), ("XDG_CONFIG_HOME", "me")]), below("/home/me/.config"));
    assert_eq!(of(&[("HOME", "me")]), None);
    assert!(matches!(StoredCans::default().read(), Err(StoreError::NoPlace)));
}

#[test]
fn the_only_one_is_tried_and_of_several_the_last_that_worked() {
    let Place(_, store) = &Place::new("tried");
    assert_eq!(tried(store, "A"), None);
    assert!(store.add(can("111111")).unwrap());
    assert!(!store.add(can("111111")).unwrap());
    assert_eq!(tried(store, "A"), is("111111"));
    assert!(store.add(can("222222")).unwrap());
    assert_eq!(tried(store, "A"), None, "none of them has worked");
    store.note_worked(&can("111111"), card("A", "one", ""));
    assert_eq!(tried(store, "A"), is("111111"));
    assert_eq!(tried(store, "B"), is("222222"), "the other one opened a card of another kind");
    store.note_worked(&can("222222"), card("A", "two", ""));
    assert_eq!(tried(store, "A"), is("222222"));
    assert_eq!(tried(store, "B"), None);
}

#[test]
fn what_a_card_refused_is_not_tried_until_a_card_was_opened() {
    let Place(_, store) = &Place::new("refused");
    for (number, of) in [("111111", "one"), ("222222", "two")] {
        store.note_worked(&can(number), card("A", of, ""));
    }
    store.note_refused(&can("222222"));
    assert_eq!(tried(store, "A"), is("111111"), "the other card may be meant");
    store.note_refused(&can("111111"));
    assert_eq!(tried(store, "A"), None);
    store.note_worked(&can("111111"), card("A", "one", ""));
    assert_eq!(tried(store, "A"), is("111111"));
    store.note_refused(&can("111111"));
    assert_eq!(tried(store, "A"), is("222222"));
}

#[test]
fn a_card_and_its_holder_are_kept_and_the_file_is_written_only_if_something_changes() {
    let Place(_, store) = &Place::new("kept");
    assert!(store.add(can("111111")).unwrap());
    store.note_worked(&can("111111"), card("A", "one", ""));
    let inode = || std::os::unix::fs::MetadataExt::ino(&fs::metadata(store.path().unwrap()).unwrap());
    store.note_worked(&can("111111"), card("A", "one", "M\u{d6}LDER\tHUGO\n"));
    let written = inode();
    for holder in ["", "M\u{d6}LDERHUGO"] {
        store.note_worked(&can("111111"), card("A", "one", holder));
        assert_eq!(inode(), written);
    }
    let known = store.read().unwrap();
    let [one] = &known[..] else { panic!("{}", known.len()) };
    assert_eq!(one.card, Some(card("A", "one", "M\u{d6}LDERHUGO")));
    // A card has one number.
    store.note_worked(&can("333333"), card("A", "one", ""));
    assert_eq!(tried(store, "A"), is("333333"));
    assert_eq!(store.read().unwrap().len(), 1);
}

#[test]
fn more_than_many_push_out_the_oldest() {
    let Place(_, store) = &Place::new("many");
    for number in 0..=MOST {
        let name = "\u{d6}".repeat(200);
        store.note_worked(&can(&format!("{number:06}")), card(&format!("kind {number}"), &name, &name));
    }
    let known = store.read().unwrap();
    assert_eq!(known.len(), MOST);
    assert!(!known.iter().any(|known| known.can.is_same(&can("000000"))));
    assert_eq!(tried(store, &format!("kind {MOST}")), is(&format!("{MOST:06}")));
}

#[test]
fn one_is_forgotten_or_all() {
    let Place(_, store) = &Place::new("forgotten");
    for number in ["111111", "222222"] {
        assert!(store.add(can(number)).unwrap());
    }
    assert!(store.forget(0).unwrap());
    assert!(!store.forget(1).unwrap());
    assert_eq!(tried(store, "A"), is("222222"));
    store.forget_all().unwrap();
    assert!(store.read().unwrap().is_empty());
}

#[test]
fn a_file_that_is_not_in_order_is_ignored_and_not_replaced() {
    let place = Place::new("broken");
    let store = &place.1;
    for content in [
        &b""[..],
        b"avain card access numbers 2\n111111\t0\n",
        b"avain card access numbers 1\n11111\t0\n",
        b"avain card access numbers 1\n111111\n",
        b"avain card access numbers 1\n111111\t-1\n",
        b"avain card access numbers 1\n111111\t0\tA\n",
        b"avain card access numbers 1\n111111\t0\tA\tone\tname\tmore\n",
        b"avain card access numbers 1\n111111\t0\tA\tone\t\xFF\n",
        b"avain card access numbers 1\n111111\t0",
        &[b'1'; LONGEST + 1],
        &[&b"avain card access numbers 1\n"[..], &b"111111\t0\n".repeat(MOST + 1)].concat(),
    ] {
        place.write(content);
        assert!(store.read().is_err(), "{}", String::from_utf8_lossy(content));
        assert_eq!(tried(store, "A"), None);
        store.note_worked(&can("222222"), card("A", "one", ""));
        assert!(store.add(can("222222")).is_err());
        assert_eq!(fs::read(store.path().unwrap()).unwrap(), content);
    }
    store.forget_all().unwrap();
    store.note_worked(&can("222222"), card("A", "one", ""));
    assert_eq!(tried(store, "A"), is("222222"));
}

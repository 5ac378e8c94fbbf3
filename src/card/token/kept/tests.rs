use super::*;
use crate::cards::profile::{File, SelectTarget};

const CARD: CardName<'_> = CardName { kind: "FINEID v4.0", number: b"FI2460001A1234567" };
const HOME: SelectTarget = SelectTarget::application(b"PKCS-15");
const FIRST: File = File::new(HOME, &[0x43, 0x31]);
const SECOND: File = File::new(HOME, &[0x50, 0x16, 0x43, 0x32]);
const THIRD: File = File::new(SelectTarget::directory(b"PKCS-15"), &[0x43, 0x31]);

fn of(entries: &[(&File, &[u8])]) -> Kept {
    let mut kept = Kept::default();
    entries.iter().for_each(|(file, content)| kept.add(file, content));
    kept
}

fn two() -> Kept {
    of(&[(&FIRST, b"first"), (&SECOND, b"")])
}

#[test]
fn what_is_kept_is_found_by_its_file() {
    let kept = Kept::decode(CARD, &two().encode(CARD).unwrap()).unwrap();
    assert_eq!(kept, two());
    assert_eq!(kept.content(&FIRST), Some(&b"first"[..]));
    assert_eq!(kept.content(&SECOND), Some(&b""[..]), "known not to be there");
    assert_eq!(kept.content(&THIRD), None, "another home");
}

#[test]
fn a_file_that_is_not_whole_or_another_cards_is_nothing() {
    let whole = two().encode(CARD).unwrap();
    for end in 0..whole.len() {
        assert_eq!(Kept::decode(CARD, &whole[..end]), None, "{end} bytes");
    }
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut garbled = whole.clone();
            garbled[at] ^= 1 << bit;
            assert_eq!(Kept::decode(CARD, &garbled), None, "bit {bit} of byte {at}");
        }
    }
    assert_eq!(Kept::decode(CARD, &[&whole[..], &[0]].concat()), None);
    for other in [CardName { kind: "FINEID v4.1", ..CARD }, CardName { number: b"FI2460001A1234568", ..CARD }]
    {
        assert_eq!(Kept::decode(other, &whole), None);
    }
}

#[test]
fn renewed_certificates_are_not_mixed_with_old_ones() {
    let older = two();
    let mut same = of(&[(&FIRST, b"first"), (&THIRD, b"third")]);
    same.complete_by(older.clone());
    assert_eq!(same, of(&[(&FIRST, b"first"), (&THIRD, b"third"), (&SECOND, b"")]));
    let renewed = of(&[(&FIRST, b"renewed")]);
    let mut kept = renewed.clone();
    kept.complete_by(older);
    assert_eq!(kept, renewed);
}

#[test]
fn it_is_off_where_it_is_turned_off_or_has_no_folder() {
    let wanted = |switch: Option<&str>, folder: Option<&str>| {
        CertificateStore::wanted(switch.map(Into::into), folder.map(Into::into)).is_some()
    };
    assert!(wanted(None, Some("/run/user/1000")));
    assert!(wanted(Some("on"), Some("/run/user/1000")));
    assert!(!wanted(Some("off"), Some("/run/user/1000")));
    assert!(!wanted(None, None));
    assert!(!wanted(None, Some("run/user")), "relative to whatever folder");
    let store = CertificateStore::default();
    store.keep(CARD, &two());
    assert!(store.of(CARD) == Kept::default());
}

#[test]
fn a_card_has_one_of_a_bounded_number_of_files() {
    let names: std::collections::BTreeSet<_> =
        (0..2000_u32).map(|number| file(CardName { number: &number.to_be_bytes(), ..CARD })).collect();
    assert_eq!(names.len(), 256);
}

#[test]
fn what_is_too_long_is_not_kept() {
    let folder = std::env::temp_dir().join(format!("avain-kept-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let store = CertificateStore::wanted(None, Some(folder.clone().into())).unwrap();
    let kept = |content: &[u8]| {
        store.forget(CARD);
        store.keep(CARD, &of(&[(&FIRST, content)]));
        store.of(CARD) != Kept::default()
    };
    assert!(kept(&[7; 2000]));
    assert!(!kept(&vec![7; LONGEST]) && !kept(&vec![7; 0x1_0000]));
    let _ = std::fs::remove_dir_all(folder);
}

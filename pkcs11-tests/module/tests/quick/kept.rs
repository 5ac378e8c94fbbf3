//! Certificates that are kept for the time of a login session: the next program need not read them again, and whatever is
//! kept there, it is shown and judged by what is on the card.

use cryptoki_sys::*;
use kit::countries::KINDS;
use kit::openssl::{self, Scheme};
use kit::{ANY, InReader, LoginSession, Making, Mechanism, PIN1, PIN2, RSA, Session, Watched, World};
use kit::{bytes, refused, run};
use sha2::{Digest, Sha256};
use simcard::{Action, Fault};
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// What a card of the generation for any test costs: its tokens, then all its certificates.
const TOKENS: u64 = 6;
const COLD: u64 = 27;
const WARM: u64 = 4;

/// The attributes of a certificate and its public key: by class, CKA_ID and attribute.
type Seen = BTreeMap<(Vec<u8>, Vec<u8>, CK_ATTRIBUTE_TYPE), Vec<u8>>;

/// One program, from C_Initialize to C_Finalize: lists the tokens, then reads all certificates. What both cost, and what it
/// saw of each token.
fn program(world: &World, card: &InReader) -> ([u64; 2], Vec<Seen>) {
    world.finalize();
    world.initialize();
    let (tokens, slots) = card.cost(|| {
        let slots = world.module.slots(true).expect("C_GetSlotList");
        slots.into_iter().filter(|slot| world.module.token(*slot).is_ok()).collect::<Vec<_>>()
    });
    let sessions: Vec<_> =
        slots.iter().map(|slot| world.module.open(*slot).expect("C_OpenSession")).collect();
    let (certificates, seen) = card.cost(|| sessions.iter().map(seen).collect());
    ([tokens, certificates], seen)
}

fn seen(session: &Session<'_>) -> Seen {
    const ATTRIBUTES: [CK_ATTRIBUTE_TYPE; 6] =
        [CKA_VALUE, CKA_SUBJECT, CKA_PUBLIC_KEY_INFO, CKA_EC_POINT, CKA_MODULUS, CKA_UNIQUE_ID];
    let mut seen = Seen::new();
    for class in [CKO_CERTIFICATE, CKO_PUBLIC_KEY] {
        for object in session.find(&[(CKA_CLASS, &bytes(class))]).expect("C_FindObjects") {
            let id = session.attribute(object, CKA_ID).expect("CKA_ID");
            for attribute in ATTRIBUTES {
                if let Ok(value) = session.attribute(object, attribute) {
                    seen.insert((bytes(class).to_vec(), id.clone(), attribute), value);
                }
            }
        }
    }
    seen
}

/// A card, whose certificates the first program has read. The login session ends before the turn.
fn warm(description: &str) -> (World, LoginSession, InReader, Vec<Seen>) {
    let (world, card) = World::with(description);
    let session = LoginSession::new();
    let (_, seen) = program(&world, &card);
    (world, session, card, seen)
}

/// The one file of kept certificates.
fn file(session: &LoginSession) -> std::path::PathBuf {
    let [file] = &session.files()[..] else { panic!("{:?}", session.files()) };
    file.clone()
}

#[test]
fn the_next_program_reads_beginnings_alone() {
    let (world, card) = World::with(ANY);
    let session = LoginSession::new();
    let (cold, first) = program(&world, &card);
    assert_eq!(cold, [TOKENS, COLD]);
    for _ in 0..3 {
        let (cost, seen) = program(&world, &card);
        assert_eq!(cost, [TOKENS, WARM], "{}", card.story());
        assert_eq!(seen, first);
    }
    for (name, id) in [("auth", 0x45), ("sign", 0x46)] {
        let shown = first[id - 0x45].get(&(bytes(CKO_CERTIFICATE).to_vec(), vec![id as u8], CKA_VALUE));
        assert_eq!(shown, Some(&card.certificate(name)));
    }
    let modes = [&session.kept(), &session.folder().join("avain"), &file(&session)]
        .map(|path| fs::metadata(path).expect("it is there").mode() & 0o777);
    assert_eq!(modes, [0o700, 0o700, 0o600]);
}

/// Whatever the kind of card and however its files are selected: the same is shown, and the PINs work.
#[test]
fn every_kind_of_card_shows_the_same() {
    for kind in KINDS {
        let (world, card) = World::with(kind.card);
        let _session = LoginSession::new();
        let (cold, first) = program(&world, &card);
        let (warm, second) = program(&world, &card);
        assert_eq!(first, second, "{}", kind.card);
        // What opens a channel is selected by its path where the first program has left another directory.
        let by_path = u64::from(card.card().description().wants_channel());
        let same = warm[0] == cold[0] + by_path;
        assert!(warm[1] < cold[1] && same, "{}: {warm:?} after {cold:?}", kind.card);
        let token = &kind.tokens[0];
        let session = world.logged_in(token.token);
        let key = &token.keys[0];
        let private = session.object(CKO_PRIVATE_KEY, key.id).expect("the key");
        let mechanism =
            if key.mechanisms.concat().contains(&CKM_ECDSA) { CKM_ECDSA_SHA256 } else { CKM_SHA256_RSA_PKCS };
        let signature = session.sign(mechanism, private, b"data").expect("a signature");
        let public = session.object(CKO_PUBLIC_KEY, key.id).expect("the public key");
        session.verify(&Mechanism::plain(mechanism), public, b"data", &signature).expect("it holds");
    }
}

#[test]
fn a_renewed_card_with_the_old_number_shows_its_new_certificates() {
    let (world, session, card, old) = warm(&format!("{ANY},issued=2024-03-01"));
    card.remove();
    let card = world.insert(&format!("{ANY},issued=2025-03-01"));
    let (cost, new) = program(&world, &card);
    assert!(cost[1] > COLD, "the old ones were compared first: {cost:?}");
    assert_eq!(file(&session).parent(), Some(session.kept().as_path()), "it has the number of the old one");
    for (id, name) in [(0x45, "auth"), (0x46, "sign")] {
        let value = (bytes(CKO_CERTIFICATE).to_vec(), vec![id], CKA_VALUE);
        let token = usize::from(id - 0x45);
        assert_eq!(new[token].get(&value), Some(&card.certificate(name)));
        assert_ne!(new[token].get(&value), old[token].get(&value));
    }
    let (cost, again) = program(&world, &card);
    assert_eq!((cost, again), ([TOKENS, WARM], new));
}

#[test]
fn a_file_that_is_not_whole_is_not_used() {
    let (world, session, card, first) = warm(ANY);
    let file = file(&session);
    let whole = fs::read(&file).expect("the kept certificates");
    let (half, last) = (whole.len() / 2, whole.len() - 1);
    let flipped = |at: usize| {
        let mut garbled = whole.clone();
        garbled[at] ^= 0x20;
        garbled
    };
    let spoilt = [
        Vec::new(),
        whole[..half].to_vec(),
        whole[..last].to_vec(),
        flipped(0),
        flipped(half),
        flipped(last),
        vec![b'x'; 100_000],
        [&whole[..], b"more"].concat(),
    ];
    for content in spoilt {
        fs::write(&file, &content).expect("spoil it");
        let (cost, seen) = program(&world, &card);
        assert_eq!((cost[1], &seen), (COLD, &first), "{} bytes", content.len());
        assert_eq!(fs::read(&file).expect("the kept certificates"), whole, "it was written anew");
        assert_eq!(program(&world, &card).0[1], WARM);
    }
}

/// Nothing leads the module anywhere else, and nothing keeps it waiting.
#[test]
fn what_is_no_file_of_the_user_alone_is_not_used() {
    let (world, session, card, first) = warm(ANY);
    let file = file(&session);
    let whole = fs::read(&file).expect("the kept certificates");
    let elsewhere = session.folder().join("elsewhere");
    fs::write(&elsewhere, &whole).expect("another file");
    fs::set_permissions(&elsewhere, Permissions::from_mode(0o600)).expect("of the user alone");
    let spoil: [(&str, &dyn Fn()); 4] = [
        ("others may read it", &|| {
            fs::write(&file, &whole).expect("a file");
            fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("for everybody");
        }),
        ("a link", &|| symlink(&elsewhere, &file).expect("a link")),
        ("a pipe", &|| drop(run(Command::new("mkfifo").args(["-m", "600"]).arg(&file)))),
        ("a folder", &|| fs::create_dir(&file).expect("a folder")),
    ];
    for (what, spoil) in spoil {
        fs::remove_file(&file).expect("the kept certificates");
        spoil();
        let (cost, seen) = program(&world, &card);
        assert_eq!((cost[1], &seen), (COLD, &first), "{what}");
    }
    assert_eq!(fs::read(&elsewhere).expect("the other file"), whole);
}

#[test]
fn a_folder_that_is_not_the_users_alone_is_not_used() {
    let (world, card) = World::with(ANY);
    let session = LoginSession::new();
    let (own, other) = (session.folder().join("avain"), session.folder().join("other"));
    fs::create_dir(&other).expect("another folder");
    let cold = |what: &str| {
        let (cost, _) = program(&world, &card);
        assert_eq!((cost[1], program(&world, &card).0[1]), (COLD, COLD), "{what}");
        assert_eq!(fs::read_dir(&other).expect("the other folder").count(), 0, "{what}");
    };
    symlink(&other, &own).expect("a link");
    cold("a link");
    fs::remove_file(&own).expect("the link");
    fs::write(&own, b"").expect("a file");
    cold("a file");
    fs::remove_file(&own).expect("the file");
    fs::create_dir(&own).expect("a folder");
    fs::set_permissions(&own, Permissions::from_mode(0o750)).expect("which others may read");
    cold("others may read it");
    fs::set_permissions(&own, Permissions::from_mode(0o700)).expect("for the user alone");
    fs::set_permissions(session.folder(), Permissions::from_mode(0o777)).expect("for everybody");
    cold("others may change what is in the session's folder");
    fs::set_permissions(session.folder(), Permissions::from_mode(0o700)).expect("for the user alone");
    program(&world, &card);
    assert_eq!(program(&world, &card).0[1], WARM);
}

#[test]
fn it_is_off_without_a_folder_in_memory_and_where_it_is_turned_off() {
    let (world, card) = World::with(ANY);
    let session = LoginSession::new();
    let on_disk = Path::new(env!("CARGO_MANIFEST_DIR"));
    let missing = session.folder().join("missing");
    for (switch, folder) in [
        ("off", session.folder()),
        ("", &missing),
        ("", Path::new("")),
        ("", Path::new("run/user")),
        ("", on_disk),
    ] {
        session.with(switch, folder);
        for _ in 0..2 {
            let (cost, _) = program(&world, &card);
            assert_eq!(cost, [TOKENS, COLD], "AVAIN_CACHE={switch} {}", folder.display());
        }
    }
    assert!(session.files().is_empty() && !missing.exists() && !on_disk.join("avain").exists());
    session.with("on", session.folder());
    program(&world, &card);
    assert_eq!(program(&world, &card).0[1], WARM);
}

#[test]
fn a_full_folder_keeps_nothing() {
    let (world, card) = World::with(ANY);
    let session = LoginSession::new();
    let full = session.folder().join("full");
    fs::create_dir(&full).expect("a folder");
    // Two pages: no room for the certificates.
    let tmpfs = ["-t", "tmpfs", "-o", "size=8k,mode=700", "tmpfs"];
    run(Command::new("mount").args(tmpfs).arg(&full));
    session.with("", &full);
    for _ in 0..2 {
        fs::write(full.join("filler"), vec![0; 8192]).expect("fill it");
        let (cost, _) = program(&world, &card);
        assert_eq!(cost, [TOKENS, COLD]);
        let left = fs::read_dir(full.join("avain/certificates")).map(Iterator::count).unwrap_or_default();
        assert_eq!(left, 0, "a file was left half-written");
        fs::remove_file(full.join("filler")).expect("the filler");
    }
    run(Command::new("umount").arg(&full));
}

/// What a hostile program of the same user can do: it writes a file in which the certificate begins like the card's and has
/// another key. It is shown, but nothing is judged by it.
#[test]
fn nothing_is_judged_by_a_key_that_is_not_the_cards() {
    let (world, session, card, first) = warm(ANY);
    let forger = openssl::KeyPair::ec("P-384");
    let point = (bytes(CKO_PUBLIC_KEY).to_vec(), vec![0x45], CKA_EC_POINT);
    let real = first[0][&point][2..].to_vec();
    forge(&file(&session), &real, &forger.point(48));

    let (cost, shown) = program(&world, &card);
    assert_eq!(cost[1], WARM);
    assert_eq!(shown[0][&point][2..], forger.point(48), "this it can reach");
    let digest = openssl::digest("SHA-384", b"data");
    let forged = forger.sign_digest(Scheme::Ecdsa, None, &digest, 0);
    let user = world.logged_in(PIN1);
    let public = user.object(CKO_PUBLIC_KEY, 0x45).expect("the public key");
    refused(user.verify(&Mechanism::plain(CKM_ECDSA), public, &digest, &forged), CKR_SESSION_HANDLE_INVALID);

    // The card counts as another one, and is read anew.
    let user = world.logged_in(PIN1);
    let public = user.object(CKO_PUBLIC_KEY, 0x45).expect("the public key");
    assert_eq!(user.attribute(public, CKA_EC_POINT).expect("the point")[2..], real);
    let verify = |signature: &[u8]| user.verify(&Mechanism::plain(CKM_ECDSA), public, &digest, signature);
    refused(verify(&forged), CKR_SIGNATURE_INVALID);
    let private = user.object(CKO_PRIVATE_KEY, 0x45).expect("the key");
    verify(&user.sign(CKM_ECDSA, private, &digest).expect("a signature"))
        .expect("the card's signature holds");
    assert_eq!(program(&world, &card).1, first, "the false one is gone");
}

/// A key that was kept is compared with the card's once, before it is used.
#[test]
fn a_public_key_is_compared_whole_once_before_its_use() {
    let (world, _session, card, _) = warm(RSA);
    program(&world, &card);
    let user = world.open(PIN1);
    let public = user.object(CKO_PUBLIC_KEY, 0x45).expect("the public key");
    let encrypt = || user.made(Making::Encrypt, &Mechanism::plain(CKM_RSA_PKCS), public, b"message");
    let (cost, first) = card.cost(encrypt);
    first.expect("a message for the holder");
    assert!(cost > 4, "the whole certificate was read: {cost}");
    let (cost, second) = card.cost(encrypt);
    second.expect("another one");
    assert_eq!(cost, 0);
}

#[test]
fn nothing_is_encrypted_with_a_key_that_is_not_the_cards() {
    let (world, session, card, first) = warm(RSA);
    let forger = openssl::KeyPair::rsa(2048);
    let modulus = first[0][&(bytes(CKO_PUBLIC_KEY).to_vec(), vec![0x45], CKA_MODULUS)].clone();
    forge(&file(&session), &modulus, &forger.modulus());
    program(&world, &card);
    let user = world.open(PIN1);
    let public = user.object(CKO_PUBLIC_KEY, 0x45).expect("the public key");
    assert_eq!(user.attribute(public, CKA_MODULUS).expect("the modulus"), forger.modulus());
    let encrypted = user.made(Making::Encrypt, &Mechanism::plain(CKM_RSA_PKCS), public, b"message");
    refused(encrypted.map(drop), CKR_SESSION_HANDLE_INVALID);
}

/// Puts another key into the file of kept certificates, as a program that knows its form.
fn forge(file: &Path, real: &[u8], false_one: &[u8]) {
    let mut content = fs::read(file).expect("the kept certificates");
    content.truncate(content.len() - 32);
    let at = content.windows(real.len()).position(|part| part == real).expect("the key");
    content[at..at + real.len()].copy_from_slice(false_one);
    let digest = Sha256::digest(&content);
    fs::write(file, [&content[..], &digest].concat()).expect("write it");
}

/// Whatever happens to a command of the comparison: what is shown afterwards is what is on the card.
#[test]
fn a_fault_of_the_comparison_is_survived() {
    let (world, _session, card, first) = warm(ANY);
    let actions = [
        Action::Status(0x6F00),
        Action::Status(0x6A82),
        Action::ResetBefore,
        Action::Garbage(vec![1, 2, 0x90, 0]),
    ];
    for action in actions {
        for command in [&[0xA4, 0x08][..], &[0xB0]] {
            world.finalize();
            world.initialize();
            let sessions = [PIN1, PIN2].map(|token| world.open(token));
            card.fault(Fault::on(command, action.clone()));
            sessions.iter().for_each(|session| drop(session.find(&[])));
            let shown: Vec<_> = sessions.iter().map(seen).collect();
            assert_eq!(shown, first, "{action:?} at {command:02X?}\n{}", card.story());
        }
    }
}

/// Another program has selected another application when the certificates are compared.
#[test]
fn another_application_is_not_taken_for_other_certificates() {
    let (world, _session, card, first) = warm(ANY);
    let other = kit::Other::connect(card.reader());
    world.finalize();
    world.initialize();
    let sessions = [PIN1, PIN2].map(|token| world.open(token));
    other.select_lookalike();
    let shown: Vec<_> = sessions.iter().map(seen).collect();
    assert_eq!(shown, first, "{}", card.story());
}

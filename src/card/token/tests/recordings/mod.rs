//! The module against recordings of real cards: every byte that it sends for PINs and keys is a recorded one, or
//! stands in a table with its source; what the recorded cards signed holds under their certificates.
//!
//! The recordings are not part of the sources: without them these tests are ignored ([`simcard::recordings`]).

mod belgium;
mod pace;
mod replay;
mod trace;

use super::bench::{Bench, both, pin, typed, uses_agree};
use crate::cards::certificate::{Certificate, PublicKey};
use crate::cards::engine::{self, KeyTask, SignInput};
use crate::cards::profile::{Curve, File, Hash, PersonalField, Scheme};
use crate::cards::{CardProfile, KeySpec, PROFILES, PinError, Role};
use crate::iso7816::Channel;
use crate::token::view::KeyView;
use crate::transport::Protocol;
use avain_crypto::public;
use pace::{
    the_channel_to_the_estonian_idemia_card, the_channel_to_the_estonian_thales_card,
    the_channel_to_the_latvian_card,
};
use replay::{Departure, Means, Reads, Replay, Terms};
use trace::{Fill, Part, hex, text_of, trace, trace_filled};

simcard::recorded_tests! {
    estonia_over_contacts,
    estonia_over_nfc,
    estonia_thales_over_nfc,
    latvia_over_contacts,
    latvia_over_nfc,
    latvia_with_an_empty_certificate_file,
    what_was_really_signed_holds_under_the_recorded_certificate,
    the_channel_to_the_estonian_idemia_card,
    the_channel_to_the_estonian_thales_card,
    the_channel_to_the_latvian_card,
}

/// The digest that the mobile libraries sign in the recordings over NFC: the signatures are real.
const REAL_DIGEST: &str =
    "592339CEF290ADA30EAC71D4CBB0420B479C1A0936FE0225A0FBC6DC2E51FF58CFD5ADD29772DE4368EB1B024F1CBC8A";
/// A stub in the same recordings; what was answered belongs to another digest.
const STUB_DIGEST: &str =
    "11111111111111112222222222222222333333333333333344444444444444445555555555555555AAAAAAAAAAAAAAAA";
/// In the recordings over contacts. Their signatures hold, too.
const CONTACT_DIGEST: &str =
    "86255FA2C36E4B30969EAE17DC34C772CBEBDFC58B58403900BE87614EB1A34B8780263F255EB5E65CA9BBB8641CCCFE";
const CONTACT_DIGEST_SHA256: &str = "C0535E4BE2B79FFD93291305436BF889314E4A3FAEC05ECFFCBB7DF31AD9E51A";

const OPENSC_NUMBER: &str = "EF(D003), the document number: OpenSC, pkcs15-esteid2018.c";
const OPENSC_PUK: &str =
    "tries of the PUK: OpenSC and DigiDoc4, the object after its reference as for PIN1 and PIN2";
const CONTACT_TRIES: &str = "tries of PINs: recorded over contacts; the recording over NFC has none";
const CONTACT_SELECT: &str =
    "SELECT with an answer: recorded over contacts; the recording over NFC wants none";
const ONE_BYTE: &str = "algorithm of one byte: recorded over contacts; the mobile libraries send four";
const LATVIAN_DIRECTORY: &str =
    "OD, PrKD and CD: recorded over contacts; the mobile libraries take them for known";
const PLACE_OF_ISSUE: &str = "EF(5009), place of issue: DigiDoc4; the mobile libraries stop before it";
const NO_NUMBER: &str = "EF(D003): no source has it on Latvian cards, so it is asked for and not there";

const fn recorded(command: &'static str, as_: &'static [&'static str], source: &'static str) -> Departure {
    Departure { command, within: None, means: Means::Recorded(as_), source }
}

const fn answered(command: &'static str, answer: &'static str, source: &'static str) -> Departure {
    Departure { command, within: None, means: Means::Answer(answer), source }
}

const fn file(command: &'static str, content: &'static str, source: &'static str) -> Departure {
    Departure { command, within: None, means: Means::File(content), source }
}

const fn inside(application: &'static str, departure: Departure) -> Departure {
    Departure { within: Some(application), ..departure }
}

const MAIN: &str = "00A4040C10A000000077010800070000FE00000100";
const AWP: &str = "00A4040C0DE828BD080FF2504F5420415750";
const QSCD: &str = "00A4040C1051534344204170706C69636174696F6E";

/// GET DATA of PIN1, PIN2 and PUK, as recorded for the first two.
const TRIES: [(&str, &str); 3] = [
    (
        "00CB3FFF0A4D087006BF810102A08000",
        "701EBF81011AA0189A01039B0103A1108C06F300007343009C06F300007343009000",
    ),
    (
        "00CB3FFF0A4D087006BF810502A08000",
        "701EBF81051AA0189A01039B0103A1108C06F3000073FF009C06F3000073FF009000",
    ),
    (
        "00CB3FFF0A4D087006BF810202A08000",
        "701EBF81021AA0189A01039B0103A1108C06F300007343009C06F300007343009000",
    ),
];

/// A bench with a card that knows nothing but a recording.
fn bench(parts: &[Part], terms: &'static Terms, model: &str, atr: usize) -> Bench<Replay> {
    Bench::new(Replay::new(parts, terms), table(model).atrs.known[atr].bytes)
}

/// The table of a kind of card.
fn table(model: &str) -> &'static CardProfile {
    PROFILES.iter().find(|profile| profile.model == model).unwrap()
}

/// The key of a role, with its recorded certificate.
fn key(bench: &mut Bench<Replay>, role: Role) -> KeyView {
    let [key] = <[KeyView; 1]>::try_from(bench.view(role)).unwrap();
    uses_agree(&key);
    key
}

/// The key of a role whose certificate was not recorded.
fn key_alone(bench: &Bench<Replay>, role: Role) -> (KeySpec, PublicKey) {
    let spec = bench.insertion.profile().unwrap().keys(role).next().unwrap().clone();
    (spec, PublicKey::Ec { curve: Curve::P384, point: vec![4; 97] })
}

fn sign_standing(bench: &mut Bench<Replay>, key: &KeyView, input: &SignInput) -> Vec<u8> {
    bench.with(|card| card.use_key(&key.spec, &key.public, KeyTask::Sign(input))).unwrap().to_vec()
}

/// Presents a PIN for one signature, and signs.
fn sign_once(
    bench: &mut Bench<Replay>,
    (spec, public): (&KeySpec, &PublicKey),
    digits: &str,
    input: &SignInput,
) -> Vec<u8> {
    let once = bench.with(|card| card.check_pin(card.pin_spec(spec.role)?, typed(digits))).unwrap();
    bench.with(|card| card.use_key_once(spec, public, KeyTask::Sign(input), once)).unwrap().to_vec()
}

fn ecdsa(digest: &str) -> SignInput {
    SignInput::Ecdsa(hex(digest))
}

fn personal(bench: &mut Bench<Replay>) -> Vec<(PersonalField, String)> {
    bench.with(|card| card.personal_data()).unwrap()
}

/// Three wrong PINs, the last of which locks it.
fn lock(bench: &mut Bench<Replay>, role: Role, wrong: &str) {
    for left in [Some(2), Some(1), None] {
        let outcome = bench.with(|card| card.verify(card.pin_spec(role)?, &typed(wrong)));
        assert_eq!(outcome, Err(left.map_or(PinError::Blocked, |_| PinError::Wrong { left })));
    }
}

fn unblock(bench: &mut Bench<Replay>, role: Role, puk: &str, new: &str) {
    bench.with(|card| card.unblock(card.pin_spec(role)?, both(&pin(puk), &pin(new)))).unwrap();
}

// ---- Estonia, IDEMIA

static ESTONIA_CONTACT: Terms = Terms {
    protocol: Protocol::T1,
    departures: &[
        file("00A4090402D00300", "0409455330323530313234", OPENSC_NUMBER),
        answered(TRIES[2].0, TRIES[2].1, OPENSC_PUK),
    ],
    reads: Reads { most: 0xE7, block: None },
    not_sent: &[],
};

fn estonia_over_contacts() {
    let parts = trace("est-idemia-contact-webeid-mock.txt");
    let mut bench = bench(&parts, &ESTONIA_CONTACT, "ESTEID2018", 0);
    bench.read_identity().unwrap();
    let authentication = key(&mut bench, Role::Authentication);
    let signature = key(&mut bench, Role::Signature);
    for role in Role::ALL {
        assert_eq!(bench.with(|card| card.pin_state(role)).unwrap().unwrap().left, Some(3));
    }
    bench.card.said();

    bench.log_in(Role::Authentication, "1234").unwrap();
    let signed = sign_standing(&mut bench, &authentication, &ecdsa(CONTACT_DIGEST));
    assert!(authentication.public.verify(public::Scheme::Ecdsa, &hex(CONTACT_DIGEST), &signed));
    let expected = ["002000010C31323334FFFFFFFFFFFFFFFF", "002241A406800104840181"];
    assert_eq!(bench.card.said(), [&expected[..], &[&format!("0088000030{CONTACT_DIGEST}00")]].concat());

    let signed = sign_once(&mut bench, (&signature.spec, &signature.public), "12345", &ecdsa(CONTACT_DIGEST));
    assert!(signature.public.verify(public::Scheme::Ecdsa, &hex(CONTACT_DIGEST), &signed));
    let pin2 = "002000850C3132333435FFFFFFFFFFFFFF";
    let expected = [pin2, pin2, "002241B60680015484019F", &format!("002A9E9A30{CONTACT_DIGEST}00")];
    assert_eq!(bench.card.said(), expected);
    bench.card.finish();
}

static ESTONIA_NFC: Terms = Terms {
    protocol: Protocol::T1,
    departures: &[
        file("00A4090402D00300", "0409455330323530313234", OPENSC_NUMBER),
        answered(TRIES[0].0, TRIES[0].1, CONTACT_TRIES),
        answered(TRIES[1].0, TRIES[1].1, CONTACT_TRIES),
        answered(TRIES[2].0, TRIES[2].1, OPENSC_PUK),
        recorded("00A4090404ADF1340100", &["00A4090C04ADF13401"], CONTACT_SELECT),
        recorded("002241A406800104840181", &["002241A4098004FF200800840181"], ONE_BYTE),
        recorded("002241B60680015484019F", &["002241B6098004FF15080084019F"], ONE_BYTE),
        answered("00A4020C025009", "6A82", PLACE_OF_ISSUE),
    ],
    reads: Reads { most: 0xE7, block: Some(0xC0) },
    not_sent: &[],
};

fn estonia_over_nfc() {
    let parts = trace("est-idemia-nfc-pace.txt");
    let mut bench = bench(&parts, &ESTONIA_NFC, "ESTEID2018", 0);
    bench.read_identity().unwrap();
    let told = personal(&mut bench);
    let expected = [
        (PersonalField::Surname, "JÕEORG"),
        (PersonalField::GivenNames, "JAAK-KRISTJAN"),
        (PersonalField::Sex, "M"),
        (PersonalField::Citizenship, "FIN"),
        (PersonalField::Birth, "08 01 1980 FIN"),
        (PersonalField::PersonalCode, "38001085718"),
        (PersonalField::DocumentNumber, "ES0250124"),
        (PersonalField::ValidTo, "22 07 2026"),
    ];
    assert_eq!(told, expected.map(|(statement, text)| (statement, text.to_owned())));
    let authentication = key(&mut bench, Role::Authentication);
    bench.card.said();

    bench.log_in(Role::Authentication, "1234").unwrap();
    let signed = sign_standing(&mut bench, &authentication, &ecdsa(REAL_DIGEST));
    assert!(authentication.public.verify(public::Scheme::Ecdsa, &hex(REAL_DIGEST), &signed));
    let signature = key_alone(&bench, Role::Signature);
    sign_once(&mut bench, (&signature.0, &signature.1), "12345", &ecdsa(STUB_DIGEST));
    bench.card.said();

    lock(&mut bench, Role::Authentication, "0000");
    unblock(&mut bench, Role::Authentication, "12345678", "9999");
    let wrong = "002000010C30303030FFFFFFFFFFFFFFFF";
    let expected =
        [wrong, wrong, wrong, "002000020C3132333435363738FFFFFFFF", "002C02010C39393939FFFFFFFFFFFFFFFF"];
    assert_eq!(bench.card.said(), expected);
    bench.card.finish();
}

// ---- Estonia, Thales

const PATH_WITHOUT_ANSWER: &str =
    "SELECT by path without an answer: recorded first with Finnish cards of the family, later with one";
const RECORD_WITHOUT_ANSWER: &str = "SELECT of a record without an answer: DigiDoc4";
const THALES_NUMBER: &str = "EF(5007) by its whole path: OpenSC takes the number from there";
const THALES_TRIES: &str = "tries of PIN1 and PUK: libelectronic-id and OpenSC, as recorded for PIN2";
const EXACT_LENGTH: &str =
    "Le of the signature's length: recorded first with Finnish cards of the family, later 00";

static THALES_NFC: Terms = Terms {
    protocol: Protocol::T1,
    departures: &[
        recorded("00A4080C04DFDD5007", &["00A4080C02DFDD", "00A40204025007"], THALES_NUMBER),
        recorded("00A4020C025001", &["00A40204025001"], RECORD_WITHOUT_ANSWER),
        recorded("00A4020C025002", &["00A40204025002"], RECORD_WITHOUT_ANSWER),
        recorded("00A4020C025003", &["00A40204025003"], RECORD_WITHOUT_ANSWER),
        recorded("00A4020C025004", &["00A40204025004"], RECORD_WITHOUT_ANSWER),
        recorded("00A4020C025005", &["00A40204025005"], RECORD_WITHOUT_ANSWER),
        recorded("00A4020C025006", &["00A40204025006"], RECORD_WITHOUT_ANSWER),
        recorded("00A4020C025007", &["00A40204025007"], RECORD_WITHOUT_ANSWER),
        recorded("00A4020C025008", &["00A40204025008"], RECORD_WITHOUT_ANSWER),
        answered("00A4020C025009", "6A82", PLACE_OF_ISSUE),
        answered("00CB00FF05A00383018100", "A00A830181DF210403FFA5039000", THALES_TRIES),
        answered("00CB00FF05A00383018300", "A00A830183DF210403FFA5039000", THALES_TRIES),
        recorded("00A4080C04ADF13411", &["00A4080404ADF13411"], PATH_WITHOUT_ANSWER),
        recorded("002A9E9A60", &["002A9E9A00"], EXACT_LENGTH),
    ],
    reads: Reads { most: 0xDF, block: Some(0x00) },
    not_sent: &[],
};

fn estonia_thales_over_nfc() {
    let parts = trace("est-thales-nfc-pace.txt");
    let mut bench = bench(&parts, &THALES_NFC, "ESTEID2025", 0);
    bench.read_identity().unwrap();
    let told = personal(&mut bench);
    let expected = [
        (PersonalField::Surname, "MÖLDER"),
        (PersonalField::GivenNames, "HUGO MARTIN"),
        (PersonalField::Sex, "M"),
        (PersonalField::Citizenship, "FIN"),
        (PersonalField::Birth, "23 10 1989"),
        (PersonalField::PersonalCode, "38910239121"),
        (PersonalField::DocumentNumber, "AT0006680"),
        (PersonalField::ValidTo, "05 10 2030"),
    ];
    assert_eq!(told, expected.map(|(statement, text)| (statement, text.to_owned())));
    let authentication = key(&mut bench, Role::Authentication);
    bench.card.said();

    bench.log_in(Role::Authentication, "1234").unwrap();
    let signed = sign_standing(&mut bench, &authentication, &ecdsa(REAL_DIGEST));
    assert!(authentication.public.verify(public::Scheme::Ecdsa, &hex(REAL_DIGEST), &signed));
    let expected = [
        "002000810C313233340000000000000000",
        "002241B606800154840101",
        &format!("002A90A0329030{REAL_DIGEST}"),
        "002A9E9A60",
    ];
    assert_eq!(bench.card.said(), expected);

    let signature = key_alone(&bench, Role::Signature);
    sign_once(&mut bench, (&signature.0, &signature.1), "12345", &ecdsa(STUB_DIGEST));
    bench.card.said();
    lock(&mut bench, Role::Authentication, "0000");
    unblock(&mut bench, Role::Authentication, "12345678", "9999");
    bench.card.finish();
}

// ---- Latvia

static LATVIA_CONTACT: Terms = Terms {
    protocol: Protocol::T1,
    departures: &[
        answered("00A4020402D00300", "6A82", NO_NUMBER),
        answered(TRIES[2].0, TRIES[2].1, OPENSC_PUK),
    ],
    reads: Reads { most: 0xE7, block: Some(0xC0) },
    not_sent: &[],
};

fn latvia_over_contacts() {
    let mut parts = trace("lat-idemia-contact-webeid-mock.txt");
    // A byte was lost where it was written down: the block between 0540 and 06C0.
    for step in parts.iter_mut().flat_map(|part| &mut part.steps).filter(|s| s.command == hex("00B006C0")) {
        step.command = hex("00B00600C0");
    }
    let mut bench = bench(&parts, &LATVIA_CONTACT, "LatEID 2019", 0);
    bench.read_identity().unwrap();
    let authentication = key(&mut bench, Role::Authentication);
    let signature = key(&mut bench, Role::Signature);
    assert_eq!([authentication.spec.reference, signature.spec.reference], [0x81, 0x9F]);
    bench.card.said();

    let input =
        SignInput::Rsa { scheme: Scheme::Pkcs1, hash: Hash::Sha256, digest: hex(CONTACT_DIGEST_SHA256) };
    bench.log_in(Role::Authentication, "1234").unwrap();
    let signed = sign_standing(&mut bench, &authentication, &input);
    let scheme = public::Scheme::Pkcs1(Some(Hash::Sha256));
    assert!(authentication.public.verify(scheme, &hex(CONTACT_DIGEST_SHA256), &signed));
    let expected = [
        "002000010C31323334FFFFFFFFFFFFFFFF",
        "002241A406800102840181",
        &format!("00880000333031300D060960864801650304020105000420{CONTACT_DIGEST_SHA256}00"),
    ];
    assert_eq!(bench.card.said(), expected);

    let signed = sign_once(&mut bench, (&signature.spec, &signature.public), "123456", &input);
    assert!(signature.public.verify(scheme, &hex(CONTACT_DIGEST_SHA256), &signed));
    let pin2 = "002000850C313233343536FFFFFFFFFFFF";
    let expected = [pin2, pin2, "002241B60680014284019F", &format!("002A9E9A20{CONTACT_DIGEST_SHA256}00")];
    assert_eq!(bench.card.said(), expected);
    bench.card.finish();
}

static LATVIA_NFC: Terms = Terms {
    protocol: Protocol::T1,
    departures: &[
        file("00A4020402503100", "A406300404027005A006300404027001", LATVIAN_DIRECTORY),
        inside(AWP, file("00A4020402700500", "300AA108300630040402 3401", LATVIAN_DIRECTORY)),
        inside(AWP, file("00A4020402700100", "A008 3000 3004 0202 0082", LATVIAN_DIRECTORY)),
        inside(QSCD, file("00A4020402700500", "300AA108300630040402 341E", LATVIAN_DIRECTORY)),
        inside(QSCD, file("00A4020402700100", "A008 3000 3004 0202 009E", LATVIAN_DIRECTORY)),
        Departure {
            command: "00A4020402340100",
            within: Some(AWP),
            means: Means::SameFile(&[MAIN, "00A4090C04ADF13401"]),
            source: "the certificate by its identifier in its application: recorded over contacts",
        },
        answered("00A4020402D00300", "6A82", NO_NUMBER),
        answered(TRIES[0].0, TRIES[0].1, CONTACT_TRIES),
        answered(TRIES[1].0, TRIES[1].1, CONTACT_TRIES),
        answered(TRIES[2].0, TRIES[2].1, OPENSC_PUK),
    ],
    reads: Reads { most: 0xE7, block: Some(0xC0) },
    not_sent: &[],
};

fn latvia_over_nfc() {
    let parts = trace("lat-idemia-nfc-pace.txt");
    let mut bench = bench(&parts, &LATVIA_NFC, "LatEID 2019", 1);
    bench.read_identity().unwrap();
    let told = [(PersonalField::PersonalCode, "326305-17052".to_owned())];
    assert_eq!(personal(&mut bench), told);
    // After a reset the card is compared by its certificate, which is in another application.
    bench.card_state = crate::token::transaction::CardState::default();
    assert_eq!(personal(&mut bench), told);
    let authentication = key(&mut bench, Role::Authentication);
    bench.card.said();

    bench.log_in(Role::Authentication, "1234").unwrap();
    let signed = sign_standing(&mut bench, &authentication, &ecdsa(REAL_DIGEST));
    assert!(authentication.public.verify(public::Scheme::Ecdsa, &hex(REAL_DIGEST), &signed));
    // The stub of a PIN2 is shorter than any of a Latvian card.
    let signature = key_alone(&bench, Role::Signature);
    sign_once(&mut bench, (&signature.0, &signature.1), "12345", &ecdsa(STUB_DIGEST));
    bench.card.finish();
}

static LATVIA_RENEWED: Terms = Terms {
    protocol: Protocol::T1,
    departures: &[recorded(
        "00A4020402340100",
        &["00A4020C023401"],
        "SELECT with an answer: the other recording",
    )],
    reads: Reads { most: 0xE7, block: Some(0xC0) },
    not_sent: &[],
};

fn latvia_with_an_empty_certificate_file() {
    let parts = trace("lat-idemia-contact-webeid-issue119.txt");
    let mut replay = Replay::new(&parts, &LATVIA_RENEWED);
    let mut channel = Channel::new(&mut replay);
    let card = table("LatEID 2019");
    let home = &card.keys[0].home;
    engine::select(&mut channel, card, home).unwrap();
    let file = File::new(home.clone(), &[0x34, 0x01]);
    assert!(engine::read_certificate(&mut channel, card, &file).unwrap().is_none());
    replay.finish();
}

/// Every recorded file that begins like a certificate.
fn certificates(name: &str) -> Vec<Certificate> {
    let parts = trace(name);
    let files = Replay::files(&parts, &LATVIA_RENEWED);
    let certificates = files.iter().filter(|file| file.starts_with(&[0x30, 0x82]));
    certificates.map(|der| Certificate::parse(der).unwrap()).collect()
}

fn what_was_really_signed_holds_under_the_recorded_certificate() {
    for name in ["est-idemia-nfc-pace.txt", "est-thales-nfc-pace.txt", "lat-idemia-nfc-pace.txt"] {
        let (certificates, parts) = (certificates(name), trace(name));
        let [certificate] = certificates.as_slice() else { panic!("{name}") };
        let part = parts.iter().find(|part| part.title.contains("real")).unwrap();
        let signed = part.steps.last().unwrap().answer.strip_suffix(&[0x90, 0]).unwrap();
        let digest = hex(REAL_DIGEST);
        assert!(part.steps.iter().any(|step| text_of(&step.command).contains(REAL_DIGEST)), "{name}");
        let public = certificate.public_key().unwrap();
        assert!(public.verify(public::Scheme::Ecdsa, &digest, signed), "{name}");
        assert!(!public.verify(public::Scheme::Ecdsa, &hex(STUB_DIGEST), signed), "{name}");
    }
}

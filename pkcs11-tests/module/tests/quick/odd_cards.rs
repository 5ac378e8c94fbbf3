//! Cards that are a little other than the known ones: on a later chip, on their contactless interface, with unusual
//! certificates, or with none where one should be.

use cryptoki_sys::*;
use kit::countries::{ESTONIA_THALES, switches_of};
use kit::openssl::{Scheme, verifies_digest};
use kit::{
    InReader, Other, PIN1, PIN2, Session, Token, UnknownCard, Watched, World, bytes, name, text, until,
};
use pcsc::State;
use simcard::{Action, Codes, Fault};

const INPUT: &[u8] = &[1; 48];
/// New PINs, one for each of a card.
const NEW: [&str; 2] = ["765432", "345678"];
const ESTONIAN: [Token; 2] = [("ESTEID (PIN1)", Codes::PIN1), ("ESTEID (PIN2)", Codes::PIN2)];

/// A card on a later chip: its tokens, the CKA_IDs of their keys, and what the newest known card is called.
const LATER: [(&str, [Token; 2], [u8; 2], &str); 2] = [
    ("fineid-later", [PIN1, PIN2], [0x45, 0x46], "FINEID v4.1"),
    ("estonia-thales-later", ESTONIAN, [0x01, 0x02], "ESTEID2025"),
];

/// Logs in and signs.
fn sign(world: &World, card: &InReader, token: Token, id: u8) -> Result<(), CK_RV> {
    let session = world.open(token);
    session.login(CKU_USER, token.1)?;
    let signature = session.sign(CKM_ECDSA, session.object(CKO_PRIVATE_KEY, id)?, INPUT)?;
    let certificate = session.attribute(session.object(CKO_CERTIFICATE, id)?, CKA_VALUE)?;
    assert!(verifies_digest(&certificate, Scheme::Ecdsa, None, INPUT, &signature), "{}", card.story());
    session.logout()
}

fn signs(world: &World, card: &InReader, token: Token, id: u8) {
    let signed = sign(world, card, token, id);
    signed.unwrap_or_else(|code| panic!("{}: {}\n{}", token.0, name(code), card.story()));
}

// --- Later chips

#[test]
fn a_later_chip_of_a_known_family_serves_like_the_newest() {
    for (model, tokens, ids, newest) in LATER {
        let (world, card) = World::with(model);
        assert_eq!(world.labels(), tokens.map(|token| token.0), "{model}");
        for ((token, id), new) in tokens.into_iter().zip(ids).zip(NEW) {
            let info = world.module.token(world.slot(token)).unwrap();
            assert_eq!(text(&info.model), newest);
            assert_eq!(text(&info.serialNumber), card.card().printed_serial());
            signs(&world, &card, token, id);
            // Writing included.
            world.open_to_write(token).set_pin(token.1, new).unwrap();
        }
        let references = card.card().references();
        for (reference, new) in [Some(references.pin1), references.pin2].into_iter().flatten().zip(NEW) {
            assert!(card.holds(reference, new), "{model}");
        }
    }
}

/// What confirms that a card of a known family is built like the newest: commands by their beginnings.
const CONFIRMING: [&[u8]; 3] = [
    // The application, the objects of the PINs, the serial number (EF.CIAInfo or the document number).
    &[0xA4, 0x04],
    &[0xCB],
    &[0xA4, 0x08, 0x0C],
];

#[test]
fn a_card_that_only_answers_to_reset_like_a_known_one_is_no_token() {
    for (model, ..) in LATER {
        for refused in CONFIRMING {
            let (world, card) = World::with(model);
            for _ in 0..64 {
                card.fault(Fault::on(refused, Action::Status(0x6A82)));
            }
            world.finalize();
            world.initialize();
            assert!(world.labels().is_empty(), "{model} {refused:02X?}");
            let slot = world.module.slots(false).unwrap()[0];
            assert_eq!(world.module.token(slot).map(drop), Err(CKR_TOKEN_NOT_RECOGNIZED), "{model}");
            // Nothing was written, and no PIN presented.
            let card = card.card();
            for exchange in card.log().exchanges_since_mark() {
                assert!(matches!(exchange.command[1], 0xA4 | 0xB0 | 0xB2 | 0xC0 | 0xCB), "{exchange}");
            }
        }
    }
}

/// One refusal is no proof: what is concluded holds until the card is removed.
#[test]
fn a_later_chip_that_refuses_once_is_asked_again() {
    for (model, tokens, ..) in LATER {
        for refused in CONFIRMING {
            let (world, card) = World::with(model);
            card.fault(Fault::on(refused, Action::Status(0x6A82)));
            world.finalize();
            world.initialize();
            assert_eq!(world.labels(), tokens.map(|token| token.0), "{model} {refused:02X?}");
        }
    }
}

// --- The contactless interface

/// Seen or computed from the historical bytes: Finland v4.0, v4.1 and later, Estonia IDEMIA, IDEMIA X, Thales and later,
/// Latvia on both chips; and the names of their cards.
const CONTACTLESS: [(&[u8], &str); 9] = [
    (b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x05\x00\x11\x12\x24\x60\x82\x90\x00\x07", "FINEID"),
    (b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x05\x10\x24\x12\x24\x60\x82\x90\x00\x22", "FINEID"),
    (b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x05\x20\x31\x12\x24\x60\x82\x90\x00\x07", "FINEID"),
    (b"\x3B\x8B\x80\x01\x00\x12\x23\x3F\x53\x65\x49\x44\x0F\x90\x00\xA0", "ESTEID"),
    (b"\x3B\x8C\x80\x01\x00\x12\x23\x3F\x54\x65\x49\x44\x32\x0F\x90\x00\x92", "ESTEID"),
    (b"\x3B\x8F\x80\x01\x80\x31\xD8\x53\x65\x49\x44\x64\xB0\x85\x05\x10\x12\x23\x3F\x16", "ESTEID"),
    (b"\x3B\x8F\x80\x01\x80\x31\xD8\x53\x65\x49\x44\x64\xB0\x85\x05\x21\x12\x23\x3F\x27", "ESTEID"),
    (b"\x3B\x8B\x80\x01\x00\x12\x42\x8F\x53\x65\x49\x44\x0F\x90\x00\x71", "LatEID"),
    (b"\x3B\x8C\x80\x01\x00\x12\x42\x8F\x54\x65\x49\x44\x32\x0F\x90\x00\x43", "LatEID"),
];

/// Finland v3.0 and v3.1.
const OUT_OF_REACH: [&[u8]; 2] = [
    b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x03\x00\xEF\x12\x00\xF6\x82\x90\x00\x4D",
    b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x04\x02\x1B\x12\x00\xF6\x82\x90\x00\xBC",
];

/// A card without contacts in the first reader.
fn on_a_contactless_reader(atr: &'static [u8]) -> (World, UnknownCard) {
    // A check byte that is wrong would be none of these cards' (ISO 7816-3 §8.2.5).
    assert_eq!(atr[1..].iter().fold(0, |sum, byte| sum ^ byte), 0, "{atr:02X?}");
    let world = World::enter();
    world.initialize();
    let card = UnknownCard::insert_with(atr);
    until("pcscd has seen the card", || world.state(0).contains(State::PRESENT));
    (world, card)
}

/// Nobody is known to have used such a card so: nothing is sent to it.
#[test]
fn a_card_without_contacts_to_which_no_way_is_known_is_no_token_and_is_asked_nothing() {
    for atr in OUT_OF_REACH {
        let (world, card) = on_a_contactless_reader(atr);
        let slot = world.module.slots(false).unwrap()[0];
        assert_eq!(world.module.token(slot).map(drop), Err(CKR_TOKEN_NOT_RECOGNIZED), "{atr:02X?}");
        assert!(world.labels().is_empty());
        assert!(card.commands().is_empty(), "{atr:02X?}: {:02X?}", card.commands());
        drop(card);
        world.wait_until_gone(0);
    }
}

/// As long as the card access number is missing, the label asks for it, there is nothing to be seen, and whatever is
/// typed in another form costs the card no command.
#[test]
fn a_card_without_contacts_asks_for_its_number_and_is_sent_nothing_before() {
    for (atr, name) in CONTACTLESS {
        let (world, card) = on_a_contactless_reader(atr);
        for (slot, pin) in world.module.slots(true).unwrap().into_iter().zip(["PIN1", "PIN2"]) {
            let info = world.module.token(slot).unwrap();
            assert_eq!(text(&info.label), format!("{name} (CAN and {pin})"));
            assert_eq!(text(&info.serialNumber), "");
            assert!(info.flags & CKF_LOGIN_REQUIRED != 0 && info.flags & CKF_USER_PIN_LOCKED == 0);
            assert_eq!(info.ulMaxPinLen, "123456/".len() as CK_ULONG + 12);
            let session = world.module.open(slot).unwrap();
            assert!(session.find(&[]).unwrap().is_empty());
            for typed in ["246813", "12345/246813", "123456/", "123456/24a813", "123456/1", "/246813", "//"] {
                assert_eq!(session.login(CKU_USER, typed), Err(CKR_PIN_INCORRECT), "{typed}");
            }
        }
        assert!(card.commands().is_empty(), "{atr:02X?}: {:02X?}", card.commands());
        drop(card);
        world.wait_until_gone(0);
    }
}

// --- Unusual certificates

/// The serial number as the certificate has it: the INTEGER after the version (RFC 5280 §4.1).
fn serial_number(certificate: &[u8]) -> &[u8] {
    /// Length of tag and length, and length of the content.
    fn header(object: &[u8]) -> (usize, usize) {
        match object[1] {
            short @ 0..=0x7F => (2, short.into()),
            0x81 => (3, object[2].into()),
            _ => (4, u16::from_be_bytes([object[2], object[3]]).into()),
        }
    }
    let signed = &certificate[header(certificate).0..];
    let version = &signed[header(signed).0..];
    let (head, content) = header(version);
    let number = &version[head + content..];
    let (head, content) = header(number);
    &number[..head + content]
}

/// Cards of several makes, with their tokens and the CKA_IDs of their keys.
const CARDS: [(&str, &[Token], &[u8]); 4] = [
    ("fineid-v4.1", &[PIN1, PIN2], &[0x45, 0x46]),
    ("estonia-idemia", &ESTONIAN, &[0x01, 0x02]),
    ("latvia-ec", &[("LatEID (PIN1)", Codes::PIN1), ("LatEID (PIN2)", Codes::PIN2)], &[0x01, 0x02]),
    ("belgium-1.8", &[("BELPIC", Codes::PIN1)], &[0x02]),
];

#[test]
fn certificates_are_shown_as_they_are() {
    let settings = ["certificate_number", "name_text", "long_certificates"];
    for (model, tokens, ids) in CARDS {
        let switches = switches_of(model);
        for switch in switches.iter().filter(|switch| settings.contains(&switch.name)) {
            for value in switch.choices.split('|') {
                let description = format!("{model},holder=3,{}={value}", switch.name);
                let (world, card) = World::with(&description);
                for ((token, id), certificate) in tokens.iter().zip(ids).zip(["auth", "sign"]) {
                    let issued = card.certificate(certificate);
                    let session = world.open(*token);
                    let object = session.object(CKO_CERTIFICATE, *id).unwrap();
                    let get = |kind| session.attribute(object, kind).unwrap();
                    assert!(get(CKA_VALUE) == issued, "{description}");
                    assert_eq!(get(CKA_SERIAL_NUMBER), serial_number(&issued), "{description}");
                    for part in [CKA_SUBJECT, CKA_ISSUER] {
                        let name = get(part);
                        assert!(issued.windows(name.len()).any(|part| part == name), "{description}");
                    }
                    // Found by what they are: as NSS looks for them.
                    let template =
                        [(CKA_SERIAL_NUMBER, serial_number(&issued)), (CKA_CLASS, &bytes(CKO_CERTIFICATE))];
                    assert_eq!(session.find(&template).unwrap(), [object], "{description}");
                    // OpenSSL, which judges the signatures, does not read this one.
                    if value != "padded" {
                        signs(&world, &card, *token, *id);
                    }
                }
            }
        }
    }
}

/// Objects of a key, whatever they are.
fn objects(session: &Session<'_>, id: u8) -> usize {
    session.find(&[(CKA_ID, &[id])]).unwrap().len()
}

/// A key of a kind that is not supported, or a file without a certificate, stays so: it is left out, the other key works,
/// and nothing is read again at the next search.
#[test]
fn what_is_no_certificate_of_a_known_key_is_left_out_and_not_read_again() {
    for (model, tokens, ids) in [CARDS[0], CARDS[1], ("estonia-thales", &ESTONIAN, &[0x01, 0x02])] {
        for odd in ["unknown-curve", "hybrid-point", "compressed-point", "erased", "empty"] {
            for beyond_end in ["6b00", "6282", "9000"] {
                let description = format!("{model},odd_certificate={odd},beyond_end={beyond_end}");
                let (world, card) = World::with(&description);
                let session = world.open(tokens[0]);
                assert_eq!(objects(&session, ids[0]), 0, "{description}\n{}", card.story());
                let (cost, found) = card.cost(|| objects(&session, ids[0]));
                assert_eq!((cost, found), (0, 0), "{description}\n{}", card.story());
                signs(&world, &card, tokens[1], ids[1]);
                if odd != "empty" {
                    break;
                }
            }
        }
    }
}

// --- Cards that stand with no application selected

/// Such a card answers questions about its PINs, so they do not show it.
#[test]
fn an_estonian_card_with_no_application_selected_is_selected_again() {
    for switch in ["early_files=mf", "early_files=all"] {
        let description = format!("{},{switch}", ESTONIA_THALES.card);
        let (world, card) = World::with(&description);
        let mut other = Other::connect(&world.reader(0));
        let session = world.logged_in(ESTONIAN[0]);
        let key = session.object(CKO_PRIVATE_KEY, 0x01).unwrap();
        other.reset();
        session.sign(CKM_ECDSA, key, INPUT).unwrap_or_else(|code| panic!("{}\n{}", name(code), card.story()));
        other.reset();
        session.logout().unwrap();
        for (token, new) in ESTONIAN.into_iter().zip(NEW) {
            other.reset();
            let session = world.open_to_write(token);
            session
                .login(CKU_USER, token.1)
                .unwrap_or_else(|code| panic!("{}\n{}", name(code), card.story()));
            other.reset();
            session.set_pin(token.1, new).unwrap();
            other.reset();
            session.set_pin(new, token.1).unwrap();
            other.reset();
            // Even what is read only once is read rightly.
            session.find(&[]).unwrap();
            session.logout().unwrap();
        }
        other.leave();
        for (token, id) in ESTONIAN.into_iter().zip([0x01, 0x02]) {
            signs(&world, &card, token, id);
        }
        assert!(ESTONIA_THALES.counts(&card.card()).iter().all(|count| count.spent == 0), "{description}");
    }
}

/// A reset before anything was read: what is read then is kept for as long as the card stays.
#[test]
fn an_estonian_card_that_was_reset_before_it_was_read_has_all_its_certificates() {
    for switches in ["early_files=mf", "early_files=all", "document_number=no"] {
        let (world, card) = World::with(&format!("{},{switches}", ESTONIA_THALES.card));
        let mut other = Other::connect(&world.reader(0));
        other.reset();
        let before = world.labels();
        other.reset();
        for (token, id) in ESTONIAN.into_iter().zip([0x01, 0x02]) {
            let session = world.open(token);
            session
                .object(CKO_CERTIFICATE, id)
                .unwrap_or_else(|code| panic!("{}\n{}", name(code), card.story()));
            other.reset();
        }
        assert_eq!(world.labels(), before);
        other.leave();
    }
}

// --- Answers that are easily misread

/// The right length is told of a command that was carried out, if it sent data: it is not sent again.
#[test]
fn a_command_that_sent_data_is_not_repeated_for_its_length() {
    for (token, id) in [(PIN1, 0x45), (PIN2, 0x46)] {
        for command in [&[0x22][..], &[0x2A, 0x90]] {
            let (world, card) = World::with("fineid-v4.0");
            let session = world.logged_in(token);
            let key = session.object(CKO_PRIVATE_KEY, id).unwrap();
            card.fault(Fault::on(command, Action::Status(0x6C10)));
            card.card().log_mut().mark();
            let code = session.sign(CKM_ECDSA, key, INPUT).expect_err("signed after a refusal");
            assert!(kit::permitted("C_Sign", code), "{}", name(code));
            let card = card.card();
            let sent = card.log().exchanges_since_mark().filter(|it| it.command[1..].starts_with(command));
            assert_eq!(sent.count(), 1, "{command:02X?}");
        }
    }
}

/// 6985 to a change means that the card does not take the new PIN.
#[test]
fn a_new_pin_that_the_card_does_not_take_is_said_to_be_invalid() {
    let (world, card) = World::with("fineid-v4.0");
    for (token, reference, new) in [(PIN1, simcard::PIN1, NEW[0]), (PIN2, simcard::PIN2, NEW[1])] {
        let session = world.open_to_write(token);
        card.fault(Fault::on(&[0x24], Action::Status(0x6985)));
        assert_eq!(session.set_pin(token.1, new), Err(CKR_PIN_INVALID));
        assert!(card.holds(reference, token.1));
        assert_eq!(card.tries(reference), 5);
        session.set_pin(token.1, new).unwrap();
        assert!(card.holds(reference, new));
    }
}

/// EF.CIAInfo is a SEQUENCE: a number in anything else is not the card's.
#[test]
fn a_serial_number_in_another_object_is_not_believed() {
    let (world, card) = World::with("fineid-v4.0");
    let other = [&b"\x31\x16\x02\x01\x00\x04\x11"[..], b"FI246000999999999", b"\x90\x00"].concat();
    card.fault(Fault::on(&[0xB0], Action::Garbage(other)));
    let slot = world.module.slots(true).unwrap()[0];
    let code = world.module.token(slot).expect_err("the number was believed");
    assert!(kit::permitted("C_GetTokenInfo", code), "{}", name(code));
    assert_eq!(text(&world.module.token(slot).unwrap().serialNumber), card.card().printed_serial());
}

/// How many blocks of files are read to find the certificate; the first of them as it is made here.
fn blocks_read(first: Option<&[u8]>) -> usize {
    let (world, card) = World::with("fineid-v4.0");
    let session = world.open(PIN1);
    if let Some(first) = first {
        card.fault(Fault::on(&[0xB0], Action::Garbage(first.to_vec())));
    }
    card.card().log_mut().mark();
    session.object(CKO_CERTIFICATE, 0x45).unwrap_or_else(|code| panic!("{}\n{}", name(code), card.story()));
    let card = card.card();
    card.log().exchanges_since_mark().filter(|exchange| exchange.command[1] == 0xB0).count()
}

/// What begins with a length that no certificate has, or with none, is not read on: it is read again from its start, after
/// the card was asked for its number once more.
#[test]
fn a_certificate_of_an_impossible_length_is_not_read_on() {
    let usual = blocks_read(None);
    for start in
        [&b"\x30\x83\x01\x00\x00"[..], b"\x30\x82\x40\x00", b"\x30\x84\x00\x00\x04\x00", b"\x1F\xFF\xFF\xFF"]
    {
        let block = [start, &vec![0x5A; 256 - start.len()], b"\x90\x00"].concat();
        assert_eq!(blocks_read(Some(&block)), usual + 2, "{start:02X?}");
    }
}

//! SELECT in all its forms, and READ BINARY up to the end of the file.

use crate::common::*;
use simcard::{Card, CardModel, Codes, DeliveryState, PIN1};

#[test]
fn forms_of_select() {
    let mut card = selected(V4);
    let size = card.certificates().named("auth").unwrap().der.len();
    let sign_size = card.certificates().named("sign").unwrap().der.len();
    let fcp = |size: usize, id: &str| format!("620B8102{size:04X}8201018302{id}9000");
    let mut whole = |command: &str| {
        let (data, status) = ask(&mut card, &bytes(command));
        format!("{}{status:04X}", hex(&data))
    };
    assert_eq!(whole("00A40404 0C A000000063504B43532D3135"), "620E840CA000000063504B43532D31359000");
    assert_eq!(whole("00A40400 0C A000000063504B43532D3135"), "6F0E840CA000000063504B43532D31359000");
    assert_eq!(whole("00A4000C 02 3F00"), "9000");
    assert_eq!(whole("00A40004 02 3F00"), "620782013883023F009000");
    assert_eq!(whole("00A40804 02 4331"), fcp(size, "4331"));
    assert_eq!(whole("00A40804 04 50164332"), fcp(sign_size, "4332"));
    assert_eq!(whole("00A4080C 04 50164332"), "9000");
    // The DF of the signature certificate is current now.
    assert_eq!(whole("00A4020C 02 4332"), "9000");
    assert_eq!(whole("00A4020C 02 4331"), "6A82");
    assert_eq!(whole("00A4000C"), "9000");
    assert_eq!(whole("00A4020C 02 4331"), "9000");
    assert_eq!(whole("00A4010C 02 5016"), "9000");
    assert_eq!(whole("00A40000 02 4332"), fcp(sign_size, "4332").replacen("62", "6F", 1));
    assert_eq!(whole("00A4000C 02 3F00"), "9000");
    assert_eq!(whole("00A4010C 02 4331"), "6A82");
    assert_eq!(whole("00A4020C 02 5016"), "6A82");
    for absent in [
        "00A4080C 02 4333",
        "00A4080C 02 4444",
        "00A4080C 04 50164444",
        "00A4080C 04 3F004331",
        "00A4040C 05 A000000063",
    ] {
        assert_eq!(whole(absent), "6A82", "{absent}");
    }
    for wrong in ["00A4090C 02 4331", "00A40801 02 4331", "00A4030C", "00A40308 02 4331"] {
        assert_eq!(whole(wrong), "6A86", "{wrong}");
    }
    assert_eq!(whole("00A4080C 03 433150"), "6700");
}

#[test]
fn files_of_every_card() {
    for model in ALL {
        let mut card = switched(model, DeliveryState::Activated, &[("backup_keys", "yes")]);
        let certificates = card.certificates().clone();
        let mut content = |path: &str| {
            assert_eq!(send(&mut card, &format!("00A4080C{:02X}{path}", path.len() / 2)), "9000", "{path}");
            let mut content = Vec::new();
            loop {
                let offset = (content.len() as u16).to_be_bytes();
                let answer = card.transmit(&[0, 0xB0, offset[0], offset[1], 0]);
                content.extend_from_slice(&answer[..answer.len() - 2]);
                match &answer[answer.len() - 2..] {
                    [0x90, 0x00] => {}
                    [0x62, 0x82] | [0x6B, 0x00] => return content,
                    status => panic!("{status:02X?}"),
                }
            }
        };
        assert_eq!(content("4334"), certificates.root);
        assert_eq!(content("4336"), certificates.issuing);
        for key in model.description().keys.iter().filter(|key| !key.backup || model == CardModel::FineidV4_1)
        {
            let path = match key.certificate_df {
                0x3F00 => format!("{:04X}", key.certificate),
                df => format!("{df:04X}{:04X}", key.certificate),
            };
            assert_eq!(content(&path), certificates.named(key.name).unwrap().der, "{model} {path}");
        }
        assert!(hex(&content("2F00")).contains("4F0CA000000063504B43532D3135"));
        assert!(hex(&content("2F01")).starts_with("4301B8"));
        assert!(hex(&content("011C")).starts_with("31"));
        assert_eq!(content("5031").len(), 64);
        let info = content("5032");
        // Where OpenSC looks: behind the four bytes of the outer header.
        assert_eq!((info[0], info[1], &info[4..7], info[7]), (0x30, 0x82, &[2, 1, 1][..], 0x04));
        let serial = &info[9..9 + usize::from(info[8])];
        let digits = if serial.len() == 17 {
            String::from_utf8(serial.to_vec()).unwrap()[8..].to_owned()
        } else {
            hex(serial)[10..19].to_owned()
        };
        assert_eq!(digits, card.printed_serial());
        assert!(hex(&info).contains(&hex(b"HENKILOKORTTI")));
    }
}

#[test]
fn before_any_application() {
    let mut card = Card::new(options(V4, DeliveryState::Activated));
    for command in ["00200011", VERIFY1, "002241B606800154840101", "002A9E9A60", "00CB00FF05A003830111"] {
        assert_eq!(send(&mut card, command), "6D00", "{command}");
    }
    assert_eq!(change(&mut card, PIN1, Codes::PIN1, "4321"), "6D00");
    assert_eq!(unblock(&mut card, PIN1, "12345678", "4321"), "6D00");
    assert_eq!(send(&mut card, "00A4000C023F00"), "9000");
    assert_eq!(send(&mut card, "00A4080C022F00"), "9000");
    assert_eq!(send(&mut card, "00A4080C024331"), "6A82");
    card.switches_mut().set("early_files", "all").unwrap();
    assert_eq!(send(&mut card, "00A4080C024331"), "9000");
    card.switches_mut().set("early_files", "none").unwrap();
    assert_eq!(send(&mut card, "00A4000C023F00"), "6A82");
    card.switches_mut().early_pin_commands = true;
    assert_eq!(send(&mut card, VERIFY1), "9000");
    assert_eq!(send(&mut card, "002241B606800154840101"), "6D00");
    card.switches_mut().early_security_env = true;
    assert_eq!(send(&mut card, "002241B606800154840101"), "9000");
}

#[test]
fn the_passport_application() {
    let mut card = selected(V4);
    assert_eq!(send(&mut card, VERIFY1), "9000");
    assert_eq!(send(&mut card, "00A4040C07A0000002471001"), "9000");
    assert_eq!(send(&mut card, "00200011"), "6D00");
    assert_eq!(send(&mut card, "002A9E9A60"), "6D00");
    assert_eq!(send(&mut card, "00A4020C02011E"), "6982");
    assert_eq!(send(&mut card, "00A4080C024331"), "6A82");
    assert_eq!(send(&mut card, "00A4000C02011C"), "9000");
    assert_eq!(send(&mut card, SELECT), "9000");
    assert_eq!(send(&mut card, "00200011"), "63C5");
}

#[test]
fn end_of_file() {
    let mut card = selected(V4);
    assert_eq!(send(&mut card, "00B0000004"), "6986");
    let der = card.certificates().named("auth").unwrap().der.clone();
    let (last, end) = ((der.len() - 3).to_be_bytes(), der.len().to_be_bytes());
    let (last, end) = (&last[6..], &end[6..]);
    let tail = hex(&der[der.len() - 3..]);
    let read = |offset: &[u8], le: u8| [0, 0xB0, offset[0], offset[1], le];
    for (name, short) in [
        ("6282", format!("{tail}6282")),
        ("9000", format!("{tail}9000")),
        ("6cxx", "6C03".to_owned()),
        ("6700", "6700".to_owned()),
    ] {
        card.switches_mut().set("eof", name).unwrap();
        assert_eq!(send(&mut card, "00A4080C024331"), "9000");
        assert_eq!(hex(&card.transmit(&read(last, 3))), format!("{tail}9000"), "{name}");
        assert_eq!(hex(&card.transmit(&read(last, 4))), short, "{name}");
        assert_eq!(hex(&card.transmit(&read(last, 0))), short, "{name}");
    }
    for (name, status) in [("6b00", "6B00"), ("6282", "6282"), ("9000", "9000")] {
        card.switches_mut().set("beyond_end", name).unwrap();
        assert_eq!(hex(&card.transmit(&read(end, 1))), status);
        assert_eq!(hex(&card.transmit(&read(&[0x7F, 0xFF], 0))), status);
    }
    assert_eq!(hex(&card.transmit(&read(&[0x81, 0], 0))), "6A82", "no short identifiers");
}

#[test]
fn read_limit() {
    let mut card = switched(V4, DeliveryState::Activated, &[("read_limit", "231")]);
    assert_eq!(send(&mut card, "00A4080C024331"), "9000");
    assert_eq!(send(&mut card, "00B0000000"), "6CE7");
    assert_eq!(send(&mut card, "00B00000E8"), "6CE7");
    assert_eq!(card.transmit(&bytes("00B00000E7")).len(), 233);
    card.switches_mut().read_limit = 256;
    assert_eq!(card.transmit(&bytes("00B0000000")).len(), 258);
}

#[test]
fn sizes_in_the_fcp_and_padded_files() {
    let mut card = switched(
        V4,
        DeliveryState::Activated,
        &[("cert_padding", "40"), ("fcp_exact", "no"), ("fcp_size_tag", "80")],
    );
    let der = card.certificates().named("auth").unwrap().der.clone();
    let file = der.len() + 40;
    let rounded = (file / 128 + 1) * 128;
    let (fcp, _) = ask(&mut card, &bytes("00A40804024331"));
    assert_eq!(hex(&fcp), format!("620B8002{rounded:04X}82010183024331"));
    let end = (der.len() as u16).to_be_bytes();
    let answer = card.transmit(&[0, 0xB0, end[0], end[1], 40]);
    assert_eq!(answer, [&[0; 40][..], &[0x90, 0]].concat());
}

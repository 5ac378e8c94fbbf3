//! Files of real cards, files made up after the standard, and garbage.

use super::directory::MAX_AID;
use super::values::text;
use super::*;

// Belgian card, applet 1.8: "Belgian Electronic Identity Card content v5.4" (Fedict/eid-mw). In CDF the length of
// the first entry is corrected: the document prints 32.
const BE_DIR: &str = "61234F0CA000000177504B43532D3135500642454C50494351043F00DF0073050603603802";
const BE_ODF: &str = "A00A300804063F00DF005035A40A300804063F00DF005037A80A300804063F00DF005034";
const BE_AODF: &str = "3033300F0C0942617369632050494E030206C03003040101A11B30190302020C0A0100\
    0201040201088001010401FF300404023F00";
const BE_PRKDF: &str = "A03A30170C0E41757468656E7469636174696F6E030206C0040101300F04010203020520030203B802020082\
    A10E300C300604043F00DF0002020180\
    A03930150C095369676E6174757265030206C004010102010130100401030303060040030203B802020083\
    A10E300C300604043F00DF0002020180";
const BE_CDF: &str = "302F30170C0E41757468656E7469636174696F6E030206400401013006040102830100\
    A10C300A300804063F00DF005038\
    302A30120C095369676E6174757265030206400401013006040103830100A10C300A300804063F00DF005039\
    3026300B0C0243410302064004010130090401040101FF830100A10C300A300804063F00DF00503A\
    3028300D0C04526F6F740302064004010130090401060101FF830100A10C300A300804063F00DF00503B";
// The same document; its serial number and version bytes are made up.
const BE_INFO: &str = "3027020100041000112233445566778899AABBCCDDEEFF800642454C504943030204309E0400000040";
// Latvian card of 2019, RSA keys: test scripts of web-eid/libelectronic-id (c9ee1599).
const LV_ODF: &str = "A406300404027005A006300404027001";
const LV_CDF: &str = "300AA1083006300404023401";
const LV_PRKDF: &str = "30083000300402020081";
// The same with EC keys: only the outer tag differs (LatEIDIDEMIAv2.cpp, there).
const LV_PRKDF_EC: &str = "A008300030040202009E";
// Made up after ISO 7816-15 §8.10: CKM_ECDSA with algorithm reference 54; CKM_RSA_PKCS_PSS without one, but with
// a number for parameters.
const FI_INFO: &str = "3068020101041132343630303034323930303030303030310C0A56524B2D46494E454944\
    800D48656E6B696C6F6B6F72747469030205E0\
    A23130190201010202104105000302064006072A8648CE3D0403020154\
    301402010202010D0201070302064006052A03040506";

const ALL: [&str; 11] =
    [BE_DIR, BE_ODF, BE_AODF, BE_PRKDF, BE_CDF, BE_INFO, LV_ODF, LV_CDF, LV_PRKDF, LV_PRKDF_EC, FI_INFO];

fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<_> = digits.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(value.len()).unwrap()][..], value].concat()
}

fn path(digits: &str) -> FilePath {
    FilePath::new(&hex(digits)).unwrap()
}

fn key(class: &str) -> Option<PrivateKeyEntry> {
    private_keys(&tlv(0x30, &[tlv(0x30, &[]), tlv(0x30, &hex(class))].concat())).pop()
}

#[test]
fn belgian_directories() {
    assert_eq!(
        applications(&hex(BE_DIR)),
        [ApplicationTemplate {
            aid: b"\xA0\x00\x00\x01\x77PKCS-15".to_vec(),
            label: Some("BELPIC".to_owned()),
            path: Some(path("3F00DF00")),
        }]
    );
    let directory = object_directory(&hex(BE_ODF));
    assert_eq!(directory.private_keys, [path("3F00DF005035")]);
    assert_eq!(directory.certificates, [path("3F00DF005037")]);
    assert_eq!(directory.authentication, [path("3F00DF005034")]);
    assert_eq!((directory.trusted_certificates, directory.useful_certificates), (vec![], vec![]));
}

#[test]
fn belgian_keys() {
    let authentication = PrivateKeyEntry {
        kind: KeyKind::Ec,
        label: Some("Authentication".to_owned()),
        id: vec![2],
        auth_id: Some(vec![1]),
        user_consent: None,
        usage: KeyUsageFlags::SIGN,
        reference: Some(0x82),
        algorithms: vec![],
        path: Some(path("3F00DF00")),
        bits: Some(384),
    };
    let signature = PrivateKeyEntry {
        label: Some("Signature".to_owned()),
        id: vec![3],
        user_consent: Some(1),
        usage: KeyUsageFlags::NON_REPUDIATION,
        reference: Some(0x83),
        ..authentication.clone()
    };
    assert_eq!(private_keys(&hex(BE_PRKDF)), [authentication, signature]);
}

#[test]
fn belgian_certificates() {
    let entry = |label: &str, id, authority, file| CertificateEntry {
        label: Some(label.to_owned()),
        id: vec![id],
        authority,
        path: path(file),
    };
    assert_eq!(
        certificates(&hex(BE_CDF)),
        [
            entry("Authentication", 2, false, "3F00DF005038"),
            entry("Signature", 3, false, "3F00DF005039"),
            entry("CA", 4, true, "3F00DF00503A"),
            entry("Root", 6, true, "3F00DF00503B"),
        ]
    );
}

#[test]
fn belgian_pin() {
    assert_eq!(
        pins(&hex(BE_AODF)),
        [PinEntry {
            label: Some("Basic PIN".to_owned()),
            auth_id: vec![1],
            flags: PinFlags(PinFlags::INITIALIZED.0 | PinFlags::NEEDS_PADDING.0),
            kind: PinType::Bcd,
            min: 4,
            stored: 8,
            max: None,
            reference: Some(1),
            pad: Some(0xFF),
            path: Some(path("3F00")),
        }]
    );
}

#[test]
fn a_pin_of_which_the_reference_cannot_be_read_is_no_pin() {
    let pin = |attributes: &str| {
        let own = tlv(0xA1, &tlv(0x30, &hex(attributes)));
        pins(&tlv(0x30, &[tlv(0x30, &[]), tlv(0x30, &[]), own].concat())).pop()
    };
    let plain = pin("03020204 0A0101 020104 02010C").unwrap();
    assert_eq!((plain.kind, plain.reference, plain.max), (PinType::AsciiNumeric, None, None));
    let full = pin("03020204 0A0107 020104 02010C 020108 800182 040100").unwrap();
    assert_eq!((full.kind, full.reference, full.max), (PinType::Other(7), Some(0x82), Some(8)));
    assert_eq!(full.pad, Some(0));
    for broken in ["020104", "020104 02010C 80020182", "020104 02010C 8000", "020104 0202012C"] {
        assert_eq!(pin(&format!("03020204 0A0101 {broken}")), None, "{broken}");
    }
}

#[test]
fn card_information() {
    let belgian = card_info(&hex(BE_INFO)).unwrap();
    assert_eq!(belgian.serial, hex("00112233445566778899AABBCCDDEEFF"));
    assert_eq!((belgian.manufacturer, belgian.label.as_deref()), (None, Some("BELPIC")));
    assert_eq!(belgian.algorithms, []);

    let finnish = card_info(&hex(FI_INFO)).unwrap();
    assert_eq!(finnish.serial, b"24600042900000001");
    assert_eq!(finnish.manufacturer.as_deref(), Some("VRK-FINEID"));
    assert_eq!(
        finnish.algorithms,
        [
            AlgorithmInfo { reference: 1, mechanism: 0x1041, algorithm: Some(0x54) },
            AlgorithmInfo { reference: 2, mechanism: 0x0D, algorithm: None },
        ]
    );
    assert_eq!(card_info(&[0; 64]), None);
    let long = tlv(0x30, &tlv(0x04, &[1; 65]));
    assert!(card_info(&long).unwrap().serial.is_empty());
}

#[test]
fn latvian_entries_without_attributes() {
    let directory = object_directory(&hex(LV_ODF));
    assert_eq!((directory.certificates, directory.private_keys), (vec![path("7005")], vec![path("7001")]));
    let certificate = CertificateEntry { label: None, id: vec![], authority: false, path: path("3401") };
    assert_eq!(certificates(&hex(LV_CDF)), [certificate]);
    let rsa = PrivateKeyEntry {
        kind: KeyKind::Rsa,
        label: None,
        id: vec![],
        auth_id: None,
        user_consent: None,
        usage: KeyUsageFlags::default(),
        reference: Some(0x81),
        algorithms: vec![],
        path: None,
        bits: None,
    };
    let ec = PrivateKeyEntry { kind: KeyKind::Ec, reference: Some(0x9E), ..rsa.clone() };
    assert_eq!(private_keys(&hex(LV_PRKDF)), [rsa]);
    assert_eq!(private_keys(&hex(LV_PRKDF_EC)), [ec]);
}

#[test]
fn a_reference_is_read_with_and_without_its_leading_zero() {
    let reference = |class| key(class).unwrap().reference;
    assert_eq!(reference("02019F"), Some(0x9F));
    assert_eq!(reference("0202009F"), Some(0x9F));
    assert_eq!(reference("020100"), Some(0));
    assert_eq!(reference("0202019F"), None);
    assert_eq!(reference("0200"), None);
    assert_eq!(key(""), None);
}

#[test]
fn algorithms_of_a_key() {
    assert_eq!(key("040145 A106 020101 020102").unwrap().algorithms, [1, 2]);
    assert_eq!(key("A107 0205 0080000001").unwrap().algorithms, [0x8000_0001]);
}

#[test]
fn paths() {
    for good in ["3F00", "4331", "3F005016", "3F00DF005035", "DF01DF02DF034331", "3F00DF01DF02DF034331"] {
        assert_eq!(FilePath::new(&hex(good)).unwrap().bytes(), hex(good));
    }
    for bad in ["", "3F", "3F0050", "DF01DF02DF03DF044331", "3F00DF01DF02DF03DF044331"] {
        assert_eq!(FilePath::new(&hex(bad)), None, "{bad}");
    }
    assert_eq!(path("3F004331").below_mf(), Some(&[0x43, 0x31][..]));
    assert_eq!(path("3F00").below_mf(), Some(&[][..]));
    assert_eq!(path("4331").below_mf(), None);
}

#[test]
fn a_part_of_a_file_is_no_file() {
    let file = |more: &str| {
        let path = hex(&format!("04024331{more}"));
        object_directory(&tlv(0xA4, &tlv(0x30, &path))).certificates.pop()
    };
    assert_eq!(file("020100 80020500"), Some(path("4331")));
    assert_eq!(file("020110 80020500"), None);
}

#[test]
fn texts_are_made_fit_to_show() {
    assert_eq!(text(b"PIN\x1B[2J\0\n1").unwrap(), "PIN[2J1");
    assert_eq!(text("\u{80}\u{9F}ä".as_bytes()).unwrap(), "ä");
    let long = format!("x{}", "ä".repeat(40));
    assert_eq!(text(long.as_bytes()).unwrap().len(), 63);
    for nothing in [&b""[..], b"\0\0", b"\xC3", b"allekirjoitus\xE4"] {
        assert_eq!(text(nothing), None);
    }
}

#[test]
fn identifiers_are_cut_alike() {
    let id = "0418 000102030405060708090A0B0C0D0E0F1011121314151617";
    assert_eq!(key(id).unwrap().id, (0..20).collect::<Vec<_>>());
}

#[test]
fn fill_bytes_and_absent_entries() {
    for fill in [0x00, 0xFF] {
        for fill in [vec![fill; 1], vec![fill; 300]] {
            assert_eq!(private_keys(&[hex(BE_PRKDF), fill.clone()].concat()), private_keys(&hex(BE_PRKDF)));
            assert_eq!(certificates(&[hex(BE_CDF), fill.clone()].concat()).len(), 4);
            assert_eq!(certificates(&[&hex(BE_CDF)[..0x31], &fill].concat()).len(), 1);
            assert_eq!(certificates(&fill), []);
            assert_eq!(object_directory(&fill), ObjectDirectory::default());
        }
    }
}

#[test]
fn lists_end() {
    let many = |entry: &str| hex(entry).repeat(1000);
    assert_eq!(applications(&many(BE_DIR)).len(), MAX_ENTRIES);
    assert_eq!(object_directory(&many(LV_ODF)).certificates.len(), MAX_ENTRIES);
    assert_eq!(private_keys(&many(LV_PRKDF)).len(), MAX_ENTRIES);
    assert_eq!(certificates(&many(LV_CDF)).len(), MAX_ENTRIES);
    assert_eq!(pins(&many(BE_AODF)).len(), MAX_ENTRIES);
}

#[test]
fn what_is_cut_off_leaves_the_entries_before_it() {
    for file in ALL.map(hex) {
        for length in 0..file.len() {
            let cut = &file[..length];
            assert!(applications(&file).starts_with(&applications(cut)));
            assert!(private_keys(&file).starts_with(&private_keys(cut)));
            assert!(certificates(&file).starts_with(&certificates(cut)));
            assert!(pins(&file).starts_with(&pins(cut)));
            let (all, some) = (object_directory(&file), object_directory(cut));
            assert!(all.private_keys.starts_with(&some.private_keys));
            assert!(all.certificates.starts_with(&some.certificates));
            within_bounds(cut);
        }
    }
}

#[test]
fn any_changed_byte_is_survived() {
    for file in ALL.map(hex) {
        for position in 0..file.len() {
            for change in 1..=255 {
                let mut changed = file.clone();
                changed[position] ^= change;
                within_bounds(&changed);
            }
        }
    }
}

#[test]
fn random_bytes_are_survived() {
    let mut state = 0x7816_0015_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(state >> 16).unwrap()
    };
    // Half of the bytes are those that mean something, so that the inner parts are reached.
    let telling = hex("30A0A1A2A461020403010C0A80814F5051000102040608");
    for _ in 0..1000 {
        let length = next() % 300;
        let bytes: Vec<_> = (0..length)
            .map(|_| match next() {
                even if even % 2 == 0 => telling[next() % telling.len()],
                odd => u8::try_from(odd >> 8).unwrap(),
            })
            .collect();
        within_bounds(&bytes);
    }
}

/// Reads a file as each of the kinds.
fn within_bounds(file: &[u8]) {
    let short = |id: &[u8]| id.len() <= MAX_IDENTIFIER;
    let shown = |label: &Option<String>| label.as_ref().is_none_or(|l| l.len() <= MAX_TEXT);
    let fits = |path: &FilePath| path.bytes().len() <= 10 && path.bytes().len().is_multiple_of(2);
    let maybe_fits = |path: &Option<FilePath>| path.as_ref().is_none_or(fits);

    let applications = applications(file);
    assert!(applications.len() <= MAX_ENTRIES);
    assert!(applications.iter().all(|a| a.aid.len() <= MAX_AID && shown(&a.label) && maybe_fits(&a.path)));
    let all = object_directory(file);
    for files in [
        all.private_keys,
        all.certificates,
        all.trusted_certificates,
        all.useful_certificates,
        all.authentication,
    ] {
        assert!(files.len() <= MAX_ENTRIES && files.iter().all(fits));
    }
    let keys = private_keys(file);
    assert!(keys.len() <= MAX_ENTRIES);
    assert!(keys.iter().all(|k| short(&k.id) && shown(&k.label) && k.algorithms.len() <= MAX_ENTRIES));
    assert!(keys.iter().all(|k| k.auth_id.as_deref().is_none_or(short) && maybe_fits(&k.path)));
    let certificates = certificates(file);
    assert!(certificates.len() <= MAX_ENTRIES);
    assert!(certificates.iter().all(|c| short(&c.id) && shown(&c.label) && fits(&c.path)));
    let pins = pins(file);
    assert!(pins.len() <= MAX_ENTRIES);
    assert!(pins.iter().all(|p| short(&p.auth_id) && shown(&p.label) && maybe_fits(&p.path)));
    if let Some(info) = card_info(file) {
        assert!(info.serial.len() <= MAX_SERIAL && info.algorithms.len() <= MAX_ENTRIES);
        assert!(shown(&info.manufacturer) && shown(&info.label));
    }
}

//! Objects that a program makes for its session (§4.1, §5.7.1 to §5.7.6). The card is not asked about them.

use cryptoki_sys::*;
use kit::openssl::KeyPair;
use kit::{ANY, InReader, PIN1, PIN2, Token, Watched, World, made, name, refused};
use kit::{Session, Template, bytes};

/// No objects.
const NONE: [CK_OBJECT_HANDLE; 0] = [];
const MODULUS: [u8; 256] = [0xC5; 256];

/// A card, and a session with each token.
struct Desk {
    // Dropped in this order.
    session: Session<'static>,
    card: InReader,
    world: World,
}

impl Desk {
    fn new() -> Self {
        let (world, card) = World::with(ANY);
        let session = world.open(PIN1);
        Self { session, card, world }
    }

    fn logged_in() -> Self {
        let desk = Self::new();
        desk.session.login(CKU_USER, PIN1.1).unwrap();
        desk
    }

    fn create(&self, template: &Template) -> CK_OBJECT_HANDLE {
        self.session.create(template).unwrap_or_else(|code| panic!("{}: {template:?}", name(code)))
    }

    fn is(&self, object: CK_OBJECT_HANDLE, attribute: CK_ATTRIBUTE_TYPE, value: &[u8]) {
        let told = self.session.attribute(object, attribute);
        let told = told.unwrap_or_else(|code| panic!("{attribute:#x}: {}", name(code)));
        assert_eq!(told, value, "{attribute:#x}");
    }

    fn is_flag(&self, object: CK_OBJECT_HANDLE, attribute: CK_ATTRIBUTE_TYPE, value: bool) {
        self.is(object, attribute, &[value.into()]);
    }

    /// Templates and the codes by which they are refused.
    #[track_caller]
    fn refuses(&self, code: CK_RV, templates: &[Template]) {
        for template in templates {
            let got = self.session.create(template).err().unwrap_or(CKR_OK);
            assert_eq!(name(got), name(code), "{template:?}");
        }
    }
}

fn exists(session: &Session<'_>, object: CK_OBJECT_HANDLE) -> bool {
    match session.attribute(object, CKA_CLASS) {
        Ok(_) => true,
        Err(code) => {
            assert_eq!(name(code), name(CKR_OBJECT_HANDLE_INVALID));
            false
        }
    }
}

fn rsa() -> Template {
    made::rsa_key(&MODULUS)
}

fn certificate() -> Template {
    made::certificate(b"certificate", b"subject")
}

fn secret() -> Template {
    made::secret(b"a secret of some length")
}

fn point() -> Vec<u8> {
    // The generator of P-256 (SEC 2).
    [
        &[4][..],
        b"\x6B\x17\xD1\xF2\xE1\x2C\x42\x47\xF8\xBC\xE6\xE5\x63\xA4\x40\xF2",
        b"\x77\x03\x7D\x81\x2D\xEB\x33\xA0\xF4\xA1\x39\x45\xD8\x98\xC2\x96",
        b"\x4F\xE3\x42\xE2\xFE\x1A\x7F\x9B\x8E\xE7\xEB\x4A\x7C\x0F\x9E\x16",
        b"\x2B\xCE\x33\x57\x6B\x31\x5E\xCE\xCB\xB6\x40\x68\x37\xBF\x51\xF5",
    ]
    .concat()
}

fn ec() -> Template {
    made::ec_key(made::P256, &point())
}

/// One of each class.
fn each() -> [Template; 5] {
    [made::data(b"data"), certificate(), rsa(), ec(), secret()]
}

#[test]
fn objects_are_what_their_templates_say() {
    let desk = Desk::new();
    let (cost, ()) = desk.card.cost(|| {
        for template in each() {
            let template = template.with(CKA_LABEL, b"mine").flag(CKA_PRIVATE, false);
            let object = desk.create(&template);
            for (attribute, value) in template.attributes() {
                desk.is(object, attribute, value);
            }
            desk.is_flag(object, CKA_TOKEN, false);
            for attribute in [CKA_MODIFIABLE, CKA_COPYABLE, CKA_DESTROYABLE] {
                desk.is_flag(object, attribute, true);
            }
            let found = desk.session.find(&[(CKA_TOKEN, &[CK_FALSE]), (CKA_LABEL, b"mine")]).unwrap();
            assert_eq!(found, [object]);
            desk.session.destroy(object).unwrap();
            assert!(!exists(&desk.session, object));
            refused(desk.session.destroy(object), CKR_OBJECT_HANDLE_INVALID);
        }
    });
    assert_eq!(cost, 0, "{}", desk.card.story());
}

#[test]
fn attributes_have_the_defaults_of_the_standard() {
    let desk = Desk::new();
    let unavailable = bytes(CK_UNAVAILABLE_INFORMATION);
    type Values<'v> = Vec<(CK_ATTRIBUTE_TYPE, &'v [u8])>;
    let cases: [(Template, Values<'_>); 4] = [
        (made::data(b"data"), vec![(CKA_APPLICATION, &[]), (CKA_OBJECT_ID, &[]), (CKA_LABEL, &[])]),
        (
            certificate(),
            vec![
                (CKA_TRUSTED, &[CK_FALSE]),
                (CKA_CERTIFICATE_CATEGORY, &[0; 8]),
                (CKA_ID, &[]),
                (CKA_ISSUER, &[]),
                (CKA_SERIAL_NUMBER, &[]),
                (CKA_URL, &[]),
                (CKA_START_DATE, &[]),
                (CKA_JAVA_MIDP_SECURITY_DOMAIN, &[0; 8]),
            ],
        ),
        (
            rsa(),
            vec![
                (CKA_MODULUS_BITS, &[0, 8, 0, 0, 0, 0, 0, 0]),
                (CKA_LOCAL, &[CK_FALSE]),
                (CKA_TRUSTED, &[CK_FALSE]),
                (CKA_DERIVE, &[CK_FALSE]),
                (CKA_KEY_GEN_MECHANISM, &unavailable),
                (CKA_SUBJECT, &[]),
                (CKA_ID, &[]),
                (CKA_START_DATE, &[]),
            ],
        ),
        (
            secret(),
            vec![
                (CKA_VALUE_LEN, &[23, 0, 0, 0, 0, 0, 0, 0]),
                (CKA_LOCAL, &[CK_FALSE]),
                // What a program brought was known to it.
                (CKA_ALWAYS_SENSITIVE, &[CK_FALSE]),
                (CKA_NEVER_EXTRACTABLE, &[CK_FALSE]),
                (CKA_KEY_GEN_MECHANISM, &unavailable),
                (CKA_WRAP_WITH_TRUSTED, &[CK_FALSE]),
            ],
        ),
    ];
    for (template, defaults) in cases {
        let object = desk.create(&template);
        for (attribute, value) in defaults {
            desk.is(object, attribute, value);
        }
    }
}

#[test]
fn what_must_be_there_is_missed() {
    let desk = Desk::new();
    let required: [(Template, &[CK_ATTRIBUTE_TYPE]); 5] = [
        (made::data(b"data"), &[CKA_CLASS]),
        (certificate(), &[CKA_CLASS, CKA_CERTIFICATE_TYPE, CKA_SUBJECT, CKA_VALUE]),
        (rsa(), &[CKA_CLASS, CKA_KEY_TYPE, CKA_MODULUS, CKA_PUBLIC_EXPONENT]),
        (ec(), &[CKA_CLASS, CKA_KEY_TYPE, CKA_EC_PARAMS, CKA_EC_POINT]),
        (secret(), &[CKA_CLASS, CKA_KEY_TYPE, CKA_VALUE]),
    ];
    for (template, required) in required {
        desk.create(&template);
        for missing in required {
            desk.refuses(CKR_TEMPLATE_INCOMPLETE, &[template.clone().without(*missing)]);
        }
    }
    desk.refuses(CKR_TEMPLATE_INCOMPLETE, &[Template::new()]);
}

#[test]
fn what_does_not_go_together_is_refused() {
    let desk = Desk::new();
    desk.refuses(
        CKR_TEMPLATE_INCONSISTENT,
        &[
            made::data(b"data").flag(CKA_SIGN, true),
            certificate().with(CKA_MODULUS, &MODULUS),
            rsa().with(CKA_EC_POINT, &point()),
            rsa().flag(CKA_SENSITIVE, true),
            ec().with(CKA_MODULUS, &MODULUS),
            secret().with(CKA_PUBLIC_EXPONENT, &[3]),
            secret().flag(CKA_VERIFY_RECOVER, true),
            // Two values for one attribute.
            secret().with(CKA_LABEL, b"one").and(CKA_LABEL, b"two"),
            secret().flag(CKA_SIGN, true).and(CKA_SIGN, &[CK_FALSE]),
        ],
    );
}

#[test]
fn to_say_the_same_twice_does_no_harm() {
    let desk = Desk::new();
    let object = desk.create(&secret().with(CKA_LABEL, b"one").and(CKA_LABEL, b"one"));
    desk.is(object, CKA_LABEL, b"one");
}

#[test]
fn attributes_that_nobody_knows_are_refused() {
    let desk = Desk::new();
    let unknown = [0x0BAD_0BAD, CKA_VENDOR_DEFINED | 7, CK_ATTRIBUTE_TYPE::MAX];
    for template in each() {
        for attribute in unknown {
            desk.refuses(CKR_ATTRIBUTE_TYPE_INVALID, &[template.clone().with(attribute, &[0])]);
        }
    }
}

#[test]
fn values_that_cannot_be_are_refused() {
    let desk = Desk::new();
    desk.refuses(
        CKR_ATTRIBUTE_VALUE_INVALID,
        &[
            // Flags and numbers of another shape.
            secret().with(CKA_SIGN, &[2]),
            secret().with(CKA_SIGN, &[]),
            secret().with(CKA_SIGN, &[CK_TRUE, CK_TRUE]),
            rsa().with(CKA_TOKEN, &bytes(1)),
            secret().with(CKA_KEY_TYPE, &[CKK_AES as u8]),
            secret().with(CKA_CLASS, &[CKO_DATA as u8]),
            certificate().with(CKA_CERTIFICATE_CATEGORY, &[1]),
            secret().with(CKA_ALLOWED_MECHANISMS, &[1; 9]),
            // Dates.
            secret().with(CKA_START_DATE, b"2026"),
            secret().with(CKA_END_DATE, b"2026-1-1"),
            // Kinds that there are not, or that are not made here.
            secret().number(CKA_KEY_TYPE, CKK_RSA),
            secret().number(CKA_KEY_TYPE, CK_KEY_TYPE::MAX),
            certificate().number(CKA_CERTIFICATE_TYPE, CKC_WTLS),
            Template::new().number(CKA_CLASS, CK_OBJECT_CLASS::MAX),
            Template::new().number(CKA_CLASS, CKO_PROFILE),
            Template::new().number(CKA_CLASS, CKO_HW_FEATURE),
            // Lengths of secrets.
            made::secret(&[]),
            made::secret(&[1; 17]).number(CKA_KEY_TYPE, CKK_AES),
            made::secret(&[1; 16]).number(CKA_KEY_TYPE, CKK_DES3),
            // RSA keys that are none.
            made::rsa_key(&[]),
            made::rsa_key(&[0; 256]),
            made::rsa_key(&[0xFF; 4096]),
            rsa().with(CKA_PUBLIC_EXPONENT, &[]),
            rsa().with(CKA_PUBLIC_EXPONENT, &[0]),
            rsa().with(CKA_PUBLIC_EXPONENT, &[1]),
            // Points off the curve, of another curve, cut, empty, at infinity.
            made::ec_key(made::P256, &[&point()[..64], &[0xF4]].concat()),
            made::ec_key(made::P384, &point()),
            made::ec_key(made::P256, &point()[..64]),
            ec().with(CKA_EC_POINT, &[]),
            made::ec_key(made::P256, &[0]),
            // Compressed: this is not among the flags of the mechanisms.
            made::ec_key(made::P256, &[&[3], &point()[1..33]].concat()),
        ],
    );
}

#[test]
fn private_keys_are_not_brought_along() {
    let desk = Desk::logged_in();
    let private = Template::new()
        .number(CKA_CLASS, CKO_PRIVATE_KEY)
        .number(CKA_KEY_TYPE, CKK_EC)
        .with(CKA_EC_PARAMS, made::P256)
        .with(CKA_VALUE, &[1; 32]);
    let code = desk.session.create(&private).unwrap_err();
    assert!(
        [CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT, CKR_FUNCTION_NOT_SUPPORTED].contains(&code),
        "{}",
        name(code)
    );
}

#[test]
fn curves_that_nobody_has_here_are_named_so() {
    let desk = Desk::new();
    let unknown: [&[u8]; 4] = [
        b"\x06\x05\x2B\x81\x04\x00\x23",                 // secp521r1
        b"\x06\x09\x2B\x24\x03\x03\x02\x08\x01\x01\x07", // brainpoolP256r1
        b"\x13\x0AsecP256r1",                            // by its name
        b"nonsense",
    ];
    for curve in unknown {
        desk.refuses(CKR_CURVE_NOT_SUPPORTED, &[made::ec_key(curve, &point())]);
    }
}

#[test]
fn a_point_may_come_bare() {
    let desk = Desk::new();
    let pair = KeyPair::ec("P-384");
    let digest = [7; 32];
    let signature = pair.sign_digest(kit::openssl::Scheme::Ecdsa, None, &digest, 0);
    let key = desk.create(&made::ec_key(made::P384, &[]).with(CKA_EC_POINT, &pair.point(48)));
    desk.session.verify(&kit::Mechanism::plain(CKM_ECDSA), key, &digest, &signature).unwrap();
}

/// One of 256 points begins like an OCTET STRING of the length that is left: 04, 3F or 5F. These two are multiples of
/// the curves' generators, by 111 and by 94.
#[test]
fn a_bare_point_may_look_like_a_wrapped_one() {
    let desk = Desk::new();
    for (curve, point) in [
        (
            made::P256,
            "043fc424067a1f679b0fe2c0ae1093724f6233002be8063cb1cad2cccdb85b089e\
             5bb243009e581be52aedbb47eda98d26cf9fc800f7934c9466aaaef8c6629ecf",
        ),
        (
            made::P384,
            "045f1220584a5e3287e86d9a4af0b7c7e5e82a4d262ef7f92a632cf3b163e47ea878b217d6601c4090f28b25bffa0f1079\
             65ff5d3ba436b7ca0f1f33b5472f2a267b4472268c10f6a40c0fc60703795c09ab48c514504e741566a513acd1509173",
        ),
    ] {
        let point: Vec<u8> = (0..point.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&point[at..at + 2], 16).unwrap())
            .collect();
        assert_eq!(usize::from(point[1]), point.len() - 2);
        desk.create(&made::ec_key(curve, &[]).with(CKA_EC_POINT, &point));
        desk.create(&made::ec_key(curve, &point));
        desk.refuses(
            CKR_ATTRIBUTE_VALUE_INVALID,
            &[made::ec_key(curve, &[]).with(CKA_EC_POINT, &point[2..]), made::ec_key(curve, &point[..64])],
        );
    }
}

#[test]
fn what_the_module_says_itself_is_read_only() {
    let desk = Desk::new();
    desk.refuses(
        CKR_ATTRIBUTE_READ_ONLY,
        &[
            secret().flag(CKA_LOCAL, true),
            secret().number(CKA_KEY_GEN_MECHANISM, CKM_AES_KEY_GEN),
            secret().flag(CKA_ALWAYS_SENSITIVE, true),
            secret().flag(CKA_NEVER_EXTRACTABLE, true),
            secret().number(CKA_VALUE_LEN, 23),
            secret().with(CKA_UNIQUE_ID, b"mine"),
            rsa().number(CKA_MODULUS_BITS, 2048),
            // Trust is given by the security officer.
            rsa().flag(CKA_TRUSTED, true),
            certificate().flag(CKA_TRUSTED, true),
        ],
    );
    // Not trusted is what they are: anybody may say so.
    for template in [rsa(), certificate(), secret()] {
        let object = desk.create(&template.flag(CKA_TRUSTED, false));
        desk.is_flag(object, CKA_TRUSTED, false);
    }
}

#[test]
fn nothing_is_written_to_the_card() {
    let desk = Desk::logged_in();
    let rw = desk.world.module.open_with(desk.world.slot(PIN1), CKF_SERIAL_SESSION | CKF_RW_SESSION).unwrap();
    let (cost, ()) = desk.card.cost(|| {
        for template in each() {
            desk.refuses(CKR_TOKEN_WRITE_PROTECTED, &[template.clone().flag(CKA_TOKEN, true)]);
            refused(rw.create(&template.clone().flag(CKA_TOKEN, true)), CKR_TOKEN_WRITE_PROTECTED);
            let object = rw.create(&template).unwrap();
            let token = Template::new().flag(CKA_TOKEN, true);
            refused(rw.copy(object, &token), CKR_TOKEN_WRITE_PROTECTED);
            assert!(rw.change(object, &token).is_err());
        }
    });
    assert_eq!(cost, 0);
}

#[test]
fn objects_of_the_card_stay_as_they_are() {
    let desk = Desk::logged_in();
    let label = Template::new().with(CKA_LABEL, b"mine");
    for class in [CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY] {
        let object = desk.session.object(class, 0x45).unwrap();
        let before = desk.session.attribute(object, CKA_LABEL).unwrap();
        let (cost, ()) = desk.card.cost(|| {
            refused(desk.session.change(object, &label), CKR_ACTION_PROHIBITED);
            refused(desk.session.copy(object, &label), CKR_ACTION_PROHIBITED);
            refused(desk.session.destroy(object), CKR_ACTION_PROHIBITED);
        });
        assert_eq!(cost, 0);
        desk.is(object, CKA_LABEL, &before);
    }
}

// --- Secrets

#[test]
fn a_sensitive_or_unextractable_value_is_not_told() {
    let desk = Desk::new();
    for (sensitive, extractable) in [(true, true), (true, false), (false, false)] {
        let template = secret().flag(CKA_SENSITIVE, sensitive).flag(CKA_EXTRACTABLE, extractable);
        let key = desk.create(&template);
        refused(desk.session.attribute(key, CKA_VALUE), CKR_ATTRIBUTE_SENSITIVE);
        // Nor found by.
        let value: &[u8] = b"a secret of some length";
        assert_eq!(desk.session.find(&[(CKA_TOKEN, &[CK_FALSE]), (CKA_VALUE, value)]).unwrap(), NONE);
        let copy = desk.session.copy(key, &Template::new()).unwrap();
        refused(desk.session.attribute(copy, CKA_VALUE), CKR_ATTRIBUTE_SENSITIVE);
        desk.is_flag(key, CKA_ALWAYS_SENSITIVE, false);
        desk.is_flag(key, CKA_NEVER_EXTRACTABLE, false);
    }
    let open = desk.create(&secret().flag(CKA_SENSITIVE, false).flag(CKA_EXTRACTABLE, true));
    desk.is(open, CKA_VALUE, b"a secret of some length");
}

#[test]
fn some_attributes_go_one_way() {
    let desk = Desk::new();
    let key = desk.create(&secret().flag(CKA_SENSITIVE, false).flag(CKA_EXTRACTABLE, true));
    for (attribute, last) in [
        (CKA_SENSITIVE, true),
        (CKA_WRAP_WITH_TRUSTED, true),
        (CKA_EXTRACTABLE, false),
        (CKA_COPYABLE, false),
    ] {
        let (there, back) = (Template::new().flag(attribute, last), Template::new().flag(attribute, !last));
        // A copy goes the same way; the original is not moved by it.
        if attribute != CKA_COPYABLE {
            let copy = desk.session.copy(key, &there).unwrap();
            refused(desk.session.change(copy, &back), CKR_ATTRIBUTE_READ_ONLY);
            refused(desk.session.copy(copy, &back), CKR_ATTRIBUTE_READ_ONLY);
            desk.is_flag(key, attribute, !last);
        }
        desk.session.change(key, &back).unwrap();
        desk.session.change(key, &there).unwrap();
        desk.session.change(key, &there).unwrap();
        refused(desk.session.change(key, &back), CKR_ATTRIBUTE_READ_ONLY);
        desk.is_flag(key, attribute, last);
    }
    // It was once readable, and stays so in its history.
    desk.is_flag(key, CKA_ALWAYS_SENSITIVE, false);
    desk.is_flag(key, CKA_NEVER_EXTRACTABLE, false);
    refused(desk.session.copy(key, &Template::new()), CKR_ACTION_PROHIBITED);
}

#[test]
fn a_key_works_with_the_mechanisms_that_it_is_allowed() {
    let desk = Desk::new();
    let allowed = [bytes(CKM_SHA256_HMAC), bytes(CKM_SHA512_HMAC)].concat();
    let key = desk.create(&secret().with(CKA_ALLOWED_MECHANISMS, &allowed));
    desk.is(key, CKA_ALLOWED_MECHANISMS, &allowed);
    for (mechanism, fits) in [(CKM_SHA256_HMAC, true), (CKM_SHA384_HMAC, false), (CKM_SHA512_HMAC, true)] {
        let mechanism = kit::Mechanism::plain(mechanism);
        let expected = if fits { Ok(()) } else { Err(CKR_MECHANISM_INVALID) };
        assert_eq!(desk.session.begin(kit::Making::Sign, &mechanism, key), expected);
        assert_eq!(desk.session.verify_init(&mechanism, key), expected);
        desk.session.cancel(kit::Making::Sign).unwrap();
        kit::call!(desk.world.module, C_VerifyInit(desk.session.handle(), std::ptr::null_mut(), 0)).unwrap();
    }
}

// --- Changing, copying, destroying

#[test]
fn what_may_be_changed_is_changed_together_or_not_at_all() {
    let desk = Desk::new();
    let key = desk.create(&secret());
    let good = Template::new().with(CKA_LABEL, b"new").with(CKA_ID, b"8").flag(CKA_SIGN, false);
    desk.session.change(key, &good).unwrap();
    for (attribute, value) in good.attributes() {
        desk.is(key, attribute, value);
    }
    let newer = || Template::new().with(CKA_LABEL, b"newer");
    for (template, expected) in [
        (newer().number(CKA_CLASS, CKO_DATA), CKR_ATTRIBUTE_READ_ONLY),
        (newer().number(CKA_KEY_TYPE, CKK_AES), CKR_ATTRIBUTE_READ_ONLY),
        (newer().with(CKA_VALUE, b"other"), CKR_ATTRIBUTE_READ_ONLY),
        (newer().flag(CKA_PRIVATE, true), CKR_ATTRIBUTE_READ_ONLY),
        (newer().flag(CKA_MODIFIABLE, false), CKR_ATTRIBUTE_READ_ONLY),
        (newer().flag(CKA_DESTROYABLE, false), CKR_ATTRIBUTE_READ_ONLY),
        (newer().flag(CKA_LOCAL, true), CKR_ATTRIBUTE_READ_ONLY),
        (newer().with(CKA_UNIQUE_ID, b"mine"), CKR_ATTRIBUTE_READ_ONLY),
        (newer().with(CKA_SIGN, &[9]), CKR_ATTRIBUTE_VALUE_INVALID),
        (newer().with(0x0BAD_0BAD, &[]), CKR_ATTRIBUTE_TYPE_INVALID),
    ] {
        let code = desk.session.change(key, &template).err().unwrap_or(CKR_OK);
        assert_eq!(name(code), name(expected), "{template:?}");
        desk.is(key, CKA_LABEL, b"new");
    }
    // A change counts.
    let mechanism = kit::Mechanism::plain(CKM_SHA256_HMAC);
    refused(desk.session.begin(kit::Making::Sign, &mechanism, key), CKR_KEY_FUNCTION_NOT_PERMITTED);
}

#[test]
fn copies_are_objects_of_their_own() {
    let desk = Desk::logged_in();
    for template in each() {
        let object = desk.create(&template);
        let changes = Template::new()
            .with(CKA_LABEL, b"copy")
            .flag(CKA_PRIVATE, true)
            .flag(CKA_MODIFIABLE, false)
            .flag(CKA_DESTROYABLE, false);
        let copy = desk.session.copy(object, &changes).unwrap();
        assert_ne!(copy, object);
        for (attribute, value) in template.with(CKA_LABEL, b"copy").attributes() {
            desk.is(copy, attribute, value);
        }
        let id = |object| desk.session.attribute(object, CKA_UNIQUE_ID).unwrap();
        assert_ne!(id(object), id(copy));
        refused(desk.session.change(copy, &Template::new().with(CKA_LABEL, b"new")), CKR_ACTION_PROHIBITED);
        refused(desk.session.destroy(copy), CKR_ACTION_PROHIBITED);
        desk.session.destroy(object).unwrap();
        assert!(exists(&desk.session, copy));
        desk.is_flag(copy, CKA_PRIVATE, true);
    }
    let key = desk.create(&secret());
    for (template, expected) in [
        (Template::new().number(CKA_CLASS, CKO_DATA), CKR_ATTRIBUTE_READ_ONLY),
        (Template::new().with(CKA_VALUE, b"other"), CKR_ATTRIBUTE_READ_ONLY),
        (Template::new().with(CKA_MODULUS, b"other"), CKR_TEMPLATE_INCONSISTENT),
        (Template::new().with(CKA_PRIVATE, &[7]), CKR_ATTRIBUTE_VALUE_INVALID),
        (Template::new().with(0x0BAD_0BAD, &[]), CKR_ATTRIBUTE_TYPE_INVALID),
    ] {
        refused(desk.session.copy(key, &template), expected);
    }
}

// --- Who sees them, and how long

#[test]
fn all_sessions_of_the_program_see_an_object_until_its_own_closes() {
    let desk = Desk::new();
    let (first, second) = (desk.world.open(PIN1), desk.world.open(PIN1));
    for template in each() {
        let object = first.create(&template.with(CKA_LABEL, b"of the first")).unwrap();
        assert!(exists(&second, object));
        let found = second.find(&[(CKA_LABEL, b"of the first")]).unwrap();
        assert!(found.contains(&object));
        second.change(object, &Template::new().with(CKA_LABEL, b"seen")).unwrap();
        assert_eq!(first.attribute(object, CKA_LABEL).unwrap(), b"seen");
    }
    // A copy belongs to the session that made it.
    let object = first.create(&secret().with(CKA_LABEL, b"seen")).unwrap();
    let copy = second.copy(object, &Template::new()).unwrap();
    first.close().unwrap();
    assert_eq!(second.find(&[(CKA_LABEL, b"seen")]).unwrap(), [copy]);
    assert!(!exists(&second, object));
    refused(
        second.begin(kit::Making::Sign, &kit::Mechanism::plain(CKM_SHA256_HMAC), object),
        CKR_KEY_HANDLE_INVALID,
    );
}

#[test]
fn the_other_token_does_not_know_them() {
    let desk = Desk::new();
    let other = desk.world.open(PIN2);
    let objects: Vec<_> = each().iter().map(|template| desk.create(template)).collect();
    for object in objects {
        assert!(!exists(&other, object));
        refused(other.destroy(object), CKR_OBJECT_HANDLE_INVALID);
    }
    assert_eq!(other.find(&[(CKA_TOKEN, &[CK_FALSE])]).unwrap(), NONE);
}

#[test]
fn private_objects_are_for_the_holder() {
    let desk = Desk::new();
    let private = |template: Template| template.flag(CKA_PRIVATE, true);
    for template in each() {
        refused(desk.session.create(&private(template)), CKR_USER_NOT_LOGGED_IN);
    }
    let public = desk.create(&secret().flag(CKA_PRIVATE, false));
    refused(desk.session.copy(public, &Template::new().flag(CKA_PRIVATE, true)), CKR_USER_NOT_LOGGED_IN);
    desk.session.login(CKU_USER, PIN1.1).unwrap();
    let objects: Vec<_> = each().into_iter().map(|template| desk.create(&private(template))).collect();
    let second = desk.world.open(PIN1);
    assert!(objects.iter().all(|object| exists(&second, *object)));
    desk.session.logout().unwrap();
    let all_gone = || {
        assert!(objects.iter().all(|object| !exists(&desk.session, *object)));
        assert_eq!(desk.session.find(&[(CKA_TOKEN, &[CK_FALSE])]).unwrap(), [public]);
    };
    all_gone();
    // They do not come back with the next login.
    desk.session.login(CKU_USER, PIN1.1).unwrap();
    all_gone();
}

#[test]
fn objects_go_with_the_card() {
    let desk = Desk::new();
    let object = desk.create(&secret());
    let Desk { session, card, world } = desk;
    card.remove();
    refused(session.attribute(object, CKA_CLASS), CKR_SESSION_HANDLE_INVALID);
    let _card = world.insert(ANY);
    let session = world.open(PIN1);
    assert!(!exists(&session, object));
    assert_eq!(session.find(&[(CKA_TOKEN, &[CK_FALSE])]).unwrap(), NONE);
}

#[test]
fn objects_go_with_the_last_session_and_with_all() {
    let desk = Desk::new();
    let close: [fn(&Desk, Session<'static>); 2] = [
        |_, session| session.close().unwrap(),
        |desk, session| {
            let slot = desk.world.slot(PIN1);
            kit::call!(desk.world.module, C_CloseAllSessions(slot)).unwrap();
            drop(session);
        },
    ];
    for close in close {
        let session = desk.world.open(PIN1);
        let object = session.create(&secret().with(CKA_LABEL, b"gone")).unwrap();
        close(&desk, session);
        let session = desk.world.open(PIN1);
        assert!(!exists(&session, object));
        assert_eq!(session.find(&[(CKA_LABEL, b"gone")]).unwrap(), NONE);
    }
}

#[test]
fn objects_are_found_by_their_attributes_and_those_of_the_card_too() {
    let (world, _card) = World::with(ANY);
    let find = |token: Token, template: &[(CK_ATTRIBUTE_TYPE, &[u8])]| {
        let session = world.open(token);
        let made = session.create(&rsa().with(CKA_ID, &[0x45])).unwrap();
        (session.find(template).unwrap(), made)
    };
    let class = bytes(CKO_PUBLIC_KEY);
    let (found, made) = find(PIN1, &[(CKA_CLASS, &class), (CKA_ID, &[0x45])]);
    assert!(found.len() == 2 && found.contains(&made));
    let (found, made) = find(PIN1, &[(CKA_CLASS, &class), (CKA_TOKEN, &[CK_TRUE])]);
    assert!(found.len() == 1 && !found.contains(&made));
    let (found, made) = find(PIN1, &[(CKA_TOKEN, &[CK_FALSE])]);
    assert_eq!(found, [made]);
    let (found, made) = find(PIN1, &[(CKA_MODULUS, &MODULUS)]);
    assert_eq!(found, [made]);
    let (found, _) = find(PIN1, &[(CKA_KEY_TYPE, &bytes(CKK_DSA))]);
    assert_eq!(found, NONE);
}

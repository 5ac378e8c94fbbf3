//! Agreeing on a secret (§5.18.5, elliptic-curve Diffie-Hellman): the card computes it, and OpenSSL the same.

use cryptoki_sys::*;
use kit::openssl::{self, KeyPair};
use kit::{EC, InReader, Other, PIN1, PIN2, RSA, Watched, World, made, name, refused};
use kit::{Making, Mechanism, Session, Template, bytes, ecdh};
use sha1::{Digest, Sha1};
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// A card with an EC key, logged in, and the other party.
struct Desk {
    // Dropped in this order.
    session: Session<'static>,
    card: InReader,
    world: World,
    key: CK_OBJECT_HANDLE,
    other: KeyPair,
}

impl Desk {
    fn new(generation: &str) -> Self {
        let (world, card) = World::with(generation);
        let session = world.logged_in(PIN1);
        let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        Self { session, card, world, key, other: KeyPair::ec("P-384") }
    }

    fn point(&self) -> Vec<u8> {
        self.other.point(48)
    }

    /// The secret as OpenSSL has it.
    fn expected(&self) -> Vec<u8> {
        self.other.agree(&self.card.certificate("auth"))
    }

    fn derive(&self, template: &Template) -> Result<CK_OBJECT_HANDLE, CK_RV> {
        self.derive_with(&self.point(), template)
    }

    fn derive_with(&self, point: &[u8], template: &Template) -> Result<CK_OBJECT_HANDLE, CK_RV> {
        self.session.derive(&Mechanism::ecdh(CKM_ECDH1_DERIVE, point), self.key, template)
    }

    fn value(&self, key: CK_OBJECT_HANDLE) -> Vec<u8> {
        self.session.attribute(key, CKA_VALUE).unwrap()
    }

    /// Nothing was sent and nothing spent.
    #[track_caller]
    fn free<R>(&self, act: impl FnOnce() -> R) -> R {
        let (cost, result) = self.card.cost(act);
        assert_eq!(cost, 0, "{}", self.card.story());
        result
    }
}

/// A secret that tells its value.
fn open() -> Template {
    Template::new()
        .number(CKA_CLASS, CKO_SECRET_KEY)
        .number(CKA_KEY_TYPE, CKK_GENERIC_SECRET)
        .flag(CKA_SENSITIVE, false)
        .flag(CKA_EXTRACTABLE, true)
}

#[test]
fn the_secret_is_the_one_that_openssl_has() {
    for generation in ["fineid-v4.0", "fineid-v4.1"] {
        let desk = Desk::new(generation);
        for kind in [CKM_ECDH1_DERIVE, CKM_ECDH1_COFACTOR_DERIVE] {
            for _ in 0..4 {
                let other = KeyPair::ec("P-384");
                let bare = other.point(48);
                for point in [&bare, &made::octets(&bare)] {
                    let mechanism = Mechanism::ecdh(kind, point);
                    let (cost, key) = desk.card.cost(|| desk.session.derive(&mechanism, desk.key, &open()));
                    let expected = other.agree(&desk.card.certificate("auth"));
                    assert_eq!(desk.value(key.unwrap()), expected, "{generation}");
                    // Key, point, and the answer to be fetched.
                    assert_eq!(cost, 3, "{}", desk.card.story());
                }
            }
        }
        assert_eq!((desk.card.sent(simcard::PIN1), desk.card.tries(simcard::PIN1)), (1, 5));
    }
}

#[test]
fn a_shorter_secret_lacks_its_leading_bytes() {
    let desk = Desk::new(EC);
    let expected = desk.expected();
    for length in [1, 16, 20, 32, 47, 48] {
        let key = desk.derive(&open().number(CKA_VALUE_LEN, length as CK_ULONG)).unwrap();
        assert_eq!(desk.value(key), expected[48 - length..]);
        assert_eq!(desk.session.attribute(key, CKA_VALUE_LEN).unwrap(), bytes(length as CK_ULONG));
    }
    // The kind of key may fix the length.
    let aes = |length| open().number(CKA_KEY_TYPE, CKK_AES).number(CKA_VALUE_LEN, length);
    assert_eq!(desk.value(desk.derive(&aes(32)).unwrap()), expected[16..]);
    let des = desk.derive(&open().number(CKA_KEY_TYPE, CKK_DES3)).unwrap();
    assert_eq!(desk.value(des), expected[24..]);
    desk.free(|| {
        for length in [0, 49, 1000, CK_ULONG::MAX] {
            refused(desk.derive(&open().number(CKA_VALUE_LEN, length)), CKR_KEY_SIZE_RANGE);
        }
        refused(desk.derive(&aes(17)), CKR_KEY_SIZE_RANGE);
        refused(desk.derive(&aes(16).without(CKA_VALUE_LEN)), CKR_TEMPLATE_INCOMPLETE);
    });
}

#[test]
fn the_new_key_says_where_it_comes_from() {
    let desk = Desk::new(EC);
    for (sensitive, extractable) in [(true, false), (true, true), (false, false), (false, true)] {
        let template = open().flag(CKA_SENSITIVE, sensitive).flag(CKA_EXTRACTABLE, extractable);
        let key = desk.derive(&template.with(CKA_LABEL, b"shared").with(CKA_ID, b"7")).unwrap();
        for (attribute, expected) in [
            (CKA_CLASS, bytes(CKO_SECRET_KEY).to_vec()),
            (CKA_TOKEN, vec![CK_FALSE]),
            (CKA_LABEL, b"shared".to_vec()),
            (CKA_ID, b"7".to_vec()),
            (CKA_LOCAL, vec![CK_FALSE]),
            (CKA_KEY_GEN_MECHANISM, bytes(CK_UNAVAILABLE_INFORMATION).to_vec()),
            (CKA_SENSITIVE, vec![sensitive.into()]),
            (CKA_EXTRACTABLE, vec![extractable.into()]),
            // The card's key was always sensitive and never extractable, so this follows the new key alone.
            (CKA_ALWAYS_SENSITIVE, vec![sensitive.into()]),
            (CKA_NEVER_EXTRACTABLE, vec![(!extractable).into()]),
        ] {
            assert_eq!(desk.session.attribute(key, attribute).unwrap(), expected, "{attribute:#x}");
        }
        let told = desk.session.attribute(key, CKA_VALUE);
        if sensitive || !extractable {
            refused(told, CKR_ATTRIBUTE_SENSITIVE);
        } else {
            assert_eq!(told.unwrap(), desk.expected());
        }
    }
}

#[test]
fn an_empty_template_makes_a_generic_secret() {
    let desk = Desk::new(EC);
    let key = desk.derive(&Template::new()).unwrap();
    assert_eq!(desk.session.attribute(key, CKA_KEY_TYPE).unwrap(), bytes(CKK_GENERIC_SECRET));
    assert_eq!(desk.session.attribute(key, CKA_VALUE_LEN).unwrap(), bytes(48));
}

#[test]
fn a_kept_secret_authenticates_messages() {
    let desk = Desk::new(EC);
    let kept = open().flag(CKA_SENSITIVE, true).flag(CKA_EXTRACTABLE, false);
    let key = desk.derive(&kept).unwrap();
    let mechanism = Mechanism::plain(CKM_SHA256_HMAC);
    let code = desk.session.made(Making::Sign, &mechanism, key, b"message").unwrap();
    assert_eq!(code, openssl::hmac("sha256", &desk.expected(), b"message"));
    desk.session.verify(&mechanism, key, b"message", &code).unwrap();
}

#[test]
fn a_point_that_is_none_is_refused_without_the_card() {
    let desk = Desk::new(EC);
    let good = desk.point();
    let mut off = good.clone();
    *off.last_mut().unwrap() ^= 1;
    let compressed = [&[2 + (good[96] & 1)], &good[1..49]].concat();
    let hybrid = [&[6 + (good[96] & 1)], &good[1..]].concat();
    let zero = [&[4][..], &[0; 96]].concat();
    let other_curve = KeyPair::ec("P-256").point(32);
    let longer = [good.as_slice(), &[0]].concat();
    let wrapped_twice = made::octets(&made::octets(&good));
    desk.free(|| {
        for (what, point) in [
            ("off the curve", off.as_slice()),
            ("off the curve, wrapped", &made::octets(&off)),
            ("compressed", &compressed),
            ("hybrid", &hybrid),
            ("zeros", &zero),
            ("of another curve", &other_curve),
            ("cut", &good[..96]),
            ("too long", &longer),
            ("the coordinates alone", &good[1..]),
            ("wrapped twice", &wrapped_twice),
            ("infinity", &[0]),
            ("nothing", &[]),
        ] {
            let code = desk.derive_with(point, &open()).err().unwrap_or(CKR_OK);
            assert_eq!(name(code), name(CKR_MECHANISM_PARAM_INVALID), "a point {what}");
        }
    });
    desk.derive(&open()).unwrap();
}

/// ANSI X9.63: the hash of secret, counter and shared data, as often as it takes.
fn x963<D: Digest>(secret: &[u8], shared: &[u8], length: usize) -> Vec<u8> {
    let blocks = (1_u32..).map(|counter| {
        D::new()
            .chain_update(secret)
            .chain_update(counter.to_be_bytes())
            .chain_update(shared)
            .finalize()
            .to_vec()
    });
    blocks.flatten().take(length).collect()
}

#[test]
fn key_derivation_functions_are_those_of_x963() {
    let desk = Desk::new(EC);
    let (point, secret) = (desk.point(), desk.expected());
    let mut shared = *b"known to both";
    for (kdf, function) in [
        (CKD_SHA1_KDF, x963::<Sha1> as fn(&[u8], &[u8], usize) -> Vec<u8>),
        (CKD_SHA224_KDF, x963::<Sha224>),
        (CKD_SHA256_KDF, x963::<Sha256>),
        (CKD_SHA384_KDF, x963::<Sha384>),
        (CKD_SHA512_KDF, x963::<Sha512>),
    ] {
        for (data, length) in [(0, 16), (13, 32), (13, 100)] {
            let parameter = CK_ECDH1_DERIVE_PARAMS {
                kdf,
                pSharedData: shared.as_mut_ptr(),
                ulSharedDataLen: data,
                ..ecdh(&point)
            };
            let template = open().number(CKA_VALUE_LEN, length);
            let mechanism = Mechanism::with(CKM_ECDH1_DERIVE, parameter);
            let key = desk.session.derive(&mechanism, desk.key, &template).unwrap();
            let expected = function(&secret, &b"known to both"[..data as usize], length as usize);
            assert_eq!(desk.value(key), expected, "{kdf} {data} {length}");
        }
    }
}

/// As a mail program does it: the content key comes sealed with a key that both derive.
#[test]
fn a_sealed_key_is_opened_with_one_that_was_derived() {
    let desk = Desk::new(EC);
    let point = desk.point();
    let parameter = CK_ECDH1_DERIVE_PARAMS { kdf: CKD_SHA256_KDF, ..ecdh(&point) };
    let mechanism = Mechanism::with(CKM_ECDH1_DERIVE, parameter);
    let template = Template::new()
        .number(CKA_CLASS, CKO_SECRET_KEY)
        .number(CKA_KEY_TYPE, CKK_AES)
        .flag(CKA_WRAP, true)
        .number(CKA_VALUE_LEN, 32);
    let derived = desk.session.derive(&mechanism, desk.key, &template).unwrap();
    assert_eq!(desk.value(derived), x963::<Sha256>(&desk.expected(), &[], 32));
    let wrap = Mechanism::plain(CKM_AES_KEY_WRAP);
    let work = |making, data: &[u8]| {
        desk.session.begin(making, &wrap, derived)?;
        desk.session.make(making, data)
    };
    let content = [0x5A; 24];
    desk.free(|| {
        let sealed = work(Making::Encrypt, &content).unwrap();
        assert_eq!(sealed.len(), content.len() + 8);
        assert_eq!(work(Making::Decrypt, &sealed).unwrap(), content);
        let mut garbled = sealed.clone();
        garbled[3] ^= 1;
        refused(work(Making::Decrypt, &garbled), CKR_ENCRYPTED_DATA_INVALID);
        for length in [0, 8, 23, 31] {
            refused(work(Making::Decrypt, &vec![1; length]), CKR_ENCRYPTED_DATA_LEN_RANGE);
        }
        refused(work(Making::Encrypt, &[1; 15]), CKR_DATA_LEN_RANGE);
    });
    // RFC 3394 §4.1.
    let kek: Vec<u8> = (0..16).collect();
    let kek = desk.session.create(&made::secret(&kek).number(CKA_KEY_TYPE, CKK_AES)).unwrap();
    let sealed =
        b"\x1F\xA6\x8B\x0A\x81\x12\xB4\x47\xAE\xF3\x4B\xD8\xFB\x5A\x7B\x82\x9D\x3E\x86\x23\x71\xD2\xCF\xE5";
    desk.session.begin(Making::Decrypt, &wrap, kek).unwrap();
    let opened = desk.session.make(Making::Decrypt, sealed).unwrap();
    assert_eq!(opened, (0..16).map(|n| n * 0x11).collect::<Vec<u8>>());
}

#[test]
fn the_length_of_a_sealed_key_follows_from_that_of_the_key() {
    let (world, _card) = World::with(EC);
    let session = world.open(PIN1);
    let kek = session.create(&made::secret(&[7; 16]).number(CKA_KEY_TYPE, CKK_AES)).unwrap();
    let wrap = Mechanism::plain(CKM_AES_KEY_WRAP);
    for length in [16, 24, 32, 512] {
        let key = vec![0x5A; length];
        session.begin(Making::Encrypt, &wrap, kek).unwrap();
        assert_eq!(session.whole(Making::Encrypt, &key, None), (CKR_OK, length + 8));
        let short = session.whole(Making::Encrypt, &key, Some(&mut vec![0; length + 7]));
        assert_eq!(short, (CKR_BUFFER_TOO_SMALL, length + 8));
        let sealed = session.make(Making::Encrypt, &key).unwrap();
        session.begin(Making::Decrypt, &wrap, kek).unwrap();
        assert_eq!(session.whole(Making::Decrypt, &sealed, None), (CKR_OK, length));
        let mut exact = vec![0; length];
        assert_eq!(session.whole(Making::Decrypt, &sealed, Some(&mut exact)), (CKR_OK, length));
        assert_eq!(exact, key);
    }
}

/// The mechanism takes an initial value of eight bytes, or none.
#[test]
fn a_sealed_key_may_have_another_initial_value() {
    let (world, _card) = World::with(EC);
    let session = world.open(PIN1);
    let kek: Vec<u8> = (0..16).collect();
    let kek = session.create(&made::secret(&kek).number(CKA_KEY_TYPE, CKK_AES)).unwrap();
    let with = |initial: u8| Mechanism::with(CKM_AES_KEY_WRAP, [initial; 8]);
    let key: Vec<u8> = (0..16).map(|n| n * 0x11).collect();
    // RFC 3394 §4.1, where it is the usual one.
    let usual = session.made(Making::Encrypt, &with(0xA6), kek, &key).unwrap();
    assert_eq!(usual[..8], [0x1F, 0xA6, 0x8B, 0x0A, 0x81, 0x12, 0xB4, 0x47]);
    let other = session.made(Making::Encrypt, &with(0x11), kek, &key).unwrap();
    assert_ne!(other, usual);
    assert_eq!(session.made(Making::Decrypt, &with(0x11), kek, &other).unwrap(), key);
    refused(session.made(Making::Decrypt, &with(0xA6), kek, &other), CKR_ENCRYPTED_DATA_INVALID);
    for length in [1, 7, 9] {
        let bad = with(0xA6).of_length(length);
        refused(session.begin(Making::Encrypt, &bad, kek), CKR_MECHANISM_PARAM_INVALID);
    }
}

/// HMAC is for secrets of no particular kind and those of its own, AES key wrap for AES keys.
#[test]
fn secret_keys_serve_the_mechanisms_of_their_type() {
    let (world, _card) = World::with(EC);
    let session = world.open(PIN1);
    let fits = [
        (CKK_GENERIC_SECRET, [true, true, false]),
        (CKK_SHA256_HMAC, [true, false, false]),
        (CKK_SHA384_HMAC, [false, true, false]),
        (CKK_AES, [false, false, true]),
        (CKK_DES3, [false, false, false]),
        (CKK_HKDF, [false, false, false]),
    ];
    for (kind, fits) in fits {
        let key = session.create(&made::secret(&[7; 24]).number(CKA_KEY_TYPE, kind)).unwrap();
        let hmac = |mechanism| session.begin(Making::Sign, &Mechanism::plain(mechanism), key);
        let wrap = || session.begin(Making::Encrypt, &Mechanism::plain(CKM_AES_KEY_WRAP), key);
        for (fits, begun) in fits.into_iter().zip([
            hmac(CKM_SHA256_HMAC),
            {
                session.cancel(Making::Sign).unwrap();
                hmac(CKM_SHA384_HMAC)
            },
            wrap(),
        ]) {
            let expected = if fits { Ok(()) } else { Err(CKR_KEY_TYPE_INCONSISTENT) };
            assert_eq!(begun, expected, "{kind:#x}");
        }
        session.cancel(Making::Sign).unwrap();
        session.cancel(Making::Encrypt).unwrap();
    }
}

#[test]
fn other_key_derivation_functions_are_refused() {
    let desk = Desk::new(EC);
    let point = desk.point();
    let good = ecdh(&point);
    let mut shared = *b"shared";
    let with_data = CK_ECDH1_DERIVE_PARAMS { pSharedData: shared.as_mut_ptr(), ulSharedDataLen: 6, ..good };
    desk.free(|| {
        for parameter in [
            CK_ECDH1_DERIVE_PARAMS { kdf: CKD_SHA3_256_KDF, ..good },
            CK_ECDH1_DERIVE_PARAMS { kdf: 0, ..good },
            CK_ECDH1_DERIVE_PARAMS { kdf: CK_ULONG::MAX, ..good },
            with_data,
        ] {
            let mechanism = Mechanism::with(CKM_ECDH1_DERIVE, parameter);
            refused(desk.session.derive(&mechanism, desk.key, &open()), CKR_MECHANISM_PARAM_INVALID);
        }
    });
}

#[test]
fn what_is_wrong_with_the_template_is_told_before_the_card_works() {
    let desk = Desk::new(EC);
    desk.free(|| {
        for (template, expected) in [
            (open().number(CKA_CLASS, CKO_PUBLIC_KEY), CKR_TEMPLATE_INCONSISTENT),
            (open().with(CKA_VALUE, &[1; 48]), CKR_TEMPLATE_INCONSISTENT),
            (open().with(CKA_MODULUS, &[1; 48]), CKR_TEMPLATE_INCONSISTENT),
            (open().number(CKA_KEY_TYPE, CKK_RSA).number(CKA_VALUE_LEN, 32), CKR_ATTRIBUTE_VALUE_INVALID),
            (open().with(CKA_SENSITIVE, &[2]), CKR_ATTRIBUTE_VALUE_INVALID),
            (open().flag(CKA_ALWAYS_SENSITIVE, true), CKR_ATTRIBUTE_READ_ONLY),
            (open().with(CKA_KEY_TYPE, &[CKK_AES as u8]), CKR_ATTRIBUTE_VALUE_INVALID),
            (open().with(CKA_VALUE_LEN, &[32]), CKR_ATTRIBUTE_VALUE_INVALID),
            (open().and(CKA_VALUE_LEN, &bytes(16)).and(CKA_VALUE_LEN, &bytes(17)), CKR_TEMPLATE_INCONSISTENT),
            (open().with(0x0BAD_0BAD, &[]), CKR_ATTRIBUTE_TYPE_INVALID),
            (open().flag(CKA_TOKEN, true), CKR_TOKEN_WRITE_PROTECTED),
        ] {
            let code = desk.derive(&template).err().unwrap_or(CKR_OK);
            assert_eq!(name(code), name(expected), "{template:?}");
        }
    });
}

#[test]
fn keys_that_cannot_agree_are_refused() {
    let desk = Desk::new(EC);
    let point = desk.point();
    let mechanism = Mechanism::ecdh(CKM_ECDH1_DERIVE, &point);
    let public = desk.session.object(CKO_PUBLIC_KEY, 0x45).unwrap();
    let secret = desk.session.create(&made::secret(&[1; 32]).flag(CKA_DERIVE, true)).unwrap();
    let of_session = desk.session.create(&made::ec_key(made::P384, &point).flag(CKA_DERIVE, true)).unwrap();
    desk.free(|| {
        let derive = |key| desk.session.derive(&mechanism, key, &open());
        refused(derive(public), CKR_KEY_FUNCTION_NOT_PERMITTED);
        refused(derive(secret), CKR_KEY_TYPE_INCONSISTENT);
        refused(derive(0xBAD), CKR_KEY_HANDLE_INVALID);
        let code = derive(of_session).err().unwrap_or(CKR_OK);
        assert!(
            [CKR_KEY_TYPE_INCONSISTENT, CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_HANDLE_INVALID]
                .contains(&code),
            "{}",
            name(code)
        );
        refused(desk.session.derive(&Mechanism::plain(CKM_ECDSA), desk.key, &open()), CKR_MECHANISM_INVALID);
    });
    let signing = desk.world.logged_in(PIN2);
    let private = signing.object(CKO_PRIVATE_KEY, 0x46).unwrap();
    desk.free(|| {
        let code = signing.derive(&mechanism, private, &open()).unwrap_err();
        let good = [CKR_MECHANISM_INVALID, CKR_KEY_FUNCTION_NOT_PERMITTED].contains(&code);
        assert!(good, "{}", name(code));
    });
}

#[test]
fn rsa_keys_agree_on_nothing() {
    let (world, _card) = World::with(RSA);
    let session = world.logged_in(PIN1);
    let private = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    let point = KeyPair::ec("P-384").point(48);
    let mechanism = Mechanism::ecdh(CKM_ECDH1_DERIVE, &point);
    refused(session.derive(&mechanism, private, &open()), CKR_MECHANISM_INVALID);
}

#[test]
fn the_secret_needs_the_login_and_goes_with_it() {
    let desk = Desk::new(EC);
    let key = desk.derive(&open()).unwrap();
    desk.session.logout().unwrap();
    refused(desk.session.attribute(key, CKA_VALUE), CKR_OBJECT_HANDLE_INVALID);
    desk.free(|| refused(desk.derive(&open()), CKR_KEY_HANDLE_INVALID));
    desk.session.login(CKU_USER, PIN1.1).unwrap();
    refused(desk.session.attribute(key, CKA_VALUE), CKR_OBJECT_HANDLE_INVALID);
}

#[test]
fn a_pin_that_another_program_threw_away_is_presented_again() {
    let desk = Desk::new(EC);
    let other = Other::connect(desk.card.reader());
    other.select();
    assert_eq!(desk.value(desk.derive(&open()).unwrap()), desk.expected());
    assert_eq!((desk.card.sent(simcard::PIN1), desk.card.tries(simcard::PIN1)), (2, 5));
    assert_eq!(other.verify(simcard::PIN1, "9999"), 0x63C4);
    let before = desk.card.sent(simcard::PIN1);
    refused(desk.derive(&open()), CKR_USER_NOT_LOGGED_IN);
    assert_eq!((desk.card.sent(simcard::PIN1), desk.card.tries(simcard::PIN1)), (before, 4));
    other.leave();
}

#[test]
fn operations_under_way_do_not_mind() {
    let desk = Desk::new(EC);
    desk.session.sign_init(CKM_ECDSA_SHA384, desk.key).unwrap();
    desk.session.begin(Making::Digest, &Mechanism::plain(CKM_SHA384), 0).unwrap();
    desk.derive(&open()).unwrap();
    desk.session.sign_data(b"message").unwrap();
    desk.session.make(Making::Digest, b"message").unwrap();
}

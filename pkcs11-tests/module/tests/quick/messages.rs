//! Message-based signing (§5.14) and verification (§5.16): many messages with one key.

use cryptoki_sys::*;
use kit::openssl::{self, Scheme};
use kit::{EC, HASHES, InReader, PIN1, PIN2, RSA, Token, Watched, World, made, name, refused};
use kit::{Making, Mechanism, Session, asked, call_in, pss, told};
use std::ptr;

/// The functions for messages, in one session.
struct Messages<'s>(&'s Session<'static>);

fn raw(data: &[u8]) -> (*mut CK_BYTE, CK_ULONG) {
    (data.as_ptr().cast_mut(), data.len() as CK_ULONG)
}

impl Messages<'_> {
    fn list(&self) -> &'static CK_FUNCTION_LIST_3_0 {
        self.0.module().v3_0()
    }

    fn sign_init(&self, mechanism: &Mechanism<'_>, key: CK_OBJECT_HANDLE) -> Result<(), CK_RV> {
        call_in!(self.list(), C_MessageSignInit(self.0.handle(), mechanism.pointer(), key))
    }

    fn sign_into(&self, data: &[u8], buffer: Option<&mut [u8]>) -> kit::Told {
        let ((data, size), function) = (raw(data), self.list().C_SignMessage.unwrap());
        // SAFETY: data and buffer are as long as is said.
        told(buffer, |place, length| unsafe {
            function(self.0.handle(), ptr::null_mut(), 0, data, size, place, length)
        })
    }

    fn sign(&self, data: &[u8]) -> Result<Vec<u8>, CK_RV> {
        asked(|buffer| self.sign_into(data, buffer))
    }

    fn sign_begin(&self) -> Result<(), CK_RV> {
        call_in!(self.list(), C_SignMessageBegin(self.0.handle(), ptr::null_mut(), 0))
    }

    fn sign_next(&self, part: &[u8]) -> Result<(), CK_RV> {
        let ((data, size), none) = (raw(part), ptr::null_mut());
        let handle = self.0.handle();
        call_in!(
            self.list(),
            C_SignMessageNext(handle, none, 0, data, size, ptr::null_mut(), ptr::null_mut())
        )
    }

    fn sign_last_into(&self, part: &[u8], buffer: Option<&mut [u8]>) -> kit::Told {
        let ((data, size), function) = (raw(part), self.list().C_SignMessageNext.unwrap());
        // SAFETY: data and buffer are as long as is said.
        told(buffer, |place, length| unsafe {
            function(self.0.handle(), ptr::null_mut(), 0, data, size, place, length)
        })
    }

    fn sign_last(&self, part: &[u8]) -> Result<Vec<u8>, CK_RV> {
        asked(|buffer| self.sign_last_into(part, buffer))
    }

    fn sign_final(&self) -> Result<(), CK_RV> {
        call_in!(self.list(), C_MessageSignFinal(self.0.handle()))
    }

    fn verify_init(&self, mechanism: &Mechanism<'_>, key: CK_OBJECT_HANDLE) -> Result<(), CK_RV> {
        call_in!(self.list(), C_MessageVerifyInit(self.0.handle(), mechanism.pointer(), key))
    }

    fn verify(&self, data: &[u8], signature: &[u8]) -> Result<(), CK_RV> {
        let ((data, size), (signature, length)) = (raw(data), raw(signature));
        let (handle, none) = (self.0.handle(), ptr::null_mut());
        call_in!(self.list(), C_VerifyMessage(handle, none, 0, data, size, signature, length))
    }

    fn verify_begin(&self) -> Result<(), CK_RV> {
        call_in!(self.list(), C_VerifyMessageBegin(self.0.handle(), ptr::null_mut(), 0))
    }

    fn verify_next(&self, part: &[u8], signature: Option<&[u8]>) -> Result<(), CK_RV> {
        let (data, size) = raw(part);
        let (signature, length) = signature.map_or((ptr::null_mut(), 0), raw);
        let (handle, none) = (self.0.handle(), ptr::null_mut());
        call_in!(self.list(), C_VerifyMessageNext(handle, none, 0, data, size, signature, length))
    }

    fn verify_final(&self) -> Result<(), CK_RV> {
        call_in!(self.list(), C_MessageVerifyFinal(self.0.handle()))
    }
}

/// A card's key, its public half, and what OpenSSL judges its signatures by.
struct Desk {
    // Dropped in this order.
    session: Session<'static>,
    card: InReader,
    _world: World,
    private: CK_OBJECT_HANDLE,
    public: CK_OBJECT_HANDLE,
    certificate: &'static str,
    scheme: Scheme,
}

impl Desk {
    fn new(generation: &str, token: Token) -> Self {
        let (world, card) = World::with(generation);
        let session = world.logged_in(token);
        let (id, certificate) = if token == PIN1 { (0x45, "auth") } else { (0x46, "sign") };
        let private = session.object(CKO_PRIVATE_KEY, id).unwrap();
        let public = session.object(CKO_PUBLIC_KEY, id).unwrap();
        let scheme = if generation == RSA { Scheme::Pss } else { Scheme::Ecdsa };
        Self { session, card, _world: world, private, public, certificate, scheme }
    }

    fn messages(&self) -> Messages<'_> {
        Messages(&self.session)
    }

    /// A mechanism that hashes with SHA-256.
    fn mechanism(&self) -> Mechanism<'static> {
        match self.scheme {
            Scheme::Pss => Mechanism::with(CKM_SHA256_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, 32)),
            _ => Mechanism::plain(CKM_ECDSA_SHA256),
        }
    }

    #[track_caller]
    fn is_right(&self, data: &[u8], signature: &[u8]) {
        let certificate = self.card.certificate(self.certificate);
        assert!(openssl::verifies(&certificate, self.scheme, "sha256", data, signature), "{data:?}");
    }
}

#[test]
fn messages_are_signed_one_after_the_other() {
    for generation in [RSA, EC] {
        let desk = Desk::new(generation, PIN1);
        let messages = desk.messages();
        messages.sign_init(&desk.mechanism(), desk.private).unwrap();
        for message in [&b"one"[..], b"two", b"", b"four"] {
            desk.is_right(message, &messages.sign(message).unwrap());
            messages.sign_begin().unwrap();
            for byte in message.chunks(1) {
                messages.sign_next(byte).unwrap();
            }
            desk.is_right(message, &messages.sign_last(&[]).unwrap());
            messages.sign_begin().unwrap();
            desk.is_right(message, &messages.sign_last(message).unwrap());
        }
        messages.sign_final().unwrap();
        refused(messages.sign_final(), CKR_OPERATION_NOT_INITIALIZED);
        assert_eq!((desk.card.sent(simcard::PIN1), desk.card.tries(simcard::PIN1)), (1, 5));
    }
}

#[test]
fn the_output_convention_holds_for_messages() {
    let desk = Desk::new(EC, PIN1);
    let messages = desk.messages();
    messages.sign_init(&desk.mechanism(), desk.private).unwrap();
    type Into<'m> = Box<dyn Fn(Option<&mut [u8]>) -> kit::Told + 'm>;
    let whole: Into<'_> = Box::new(|buffer| messages.sign_into(b"message", buffer));
    let last: Into<'_> = Box::new(|buffer| messages.sign_last_into(b"ssage", buffer));
    for (in_parts, function) in [(false, whole), (true, last)] {
        if in_parts {
            messages.sign_begin().unwrap();
            messages.sign_next(b"me").unwrap();
        }
        let (cost, ()) = desk.card.cost(|| {
            for _ in 0..2 {
                assert_eq!(function(None), (CKR_OK, 96));
                for room in [0, 1, 95] {
                    assert_eq!(function(Some(&mut vec![0; room])), (CKR_BUFFER_TOO_SMALL, 96));
                }
            }
        });
        assert_eq!(cost, 0, "a question for the length goes to the card");
        let mut signature = [0; 96];
        assert_eq!(function(Some(&mut signature)), (CKR_OK, 96));
        desk.is_right(b"message", &signature);
    }
    // The last part ended that message.
    refused(messages.sign_last(b"more"), CKR_OPERATION_NOT_INITIALIZED);
    desk.is_right(b"another", &messages.sign(b"another").unwrap());
}

#[test]
fn messages_are_judged_one_after_the_other() {
    let desk = Desk::new(EC, PIN1);
    let messages = desk.messages();
    messages.sign_init(&desk.mechanism(), desk.private).unwrap();
    let (one, two) = (messages.sign(b"one").unwrap(), messages.sign(b"two").unwrap());
    let (cost, ()) = desk.card.cost(|| {
        messages.verify_init(&desk.mechanism(), desk.public).unwrap();
        for _ in 0..2 {
            messages.verify(b"one", &one).unwrap();
            // A signature that does not hold ends its message, not the process.
            refused(messages.verify(b"one", &two), CKR_SIGNATURE_INVALID);
            refused(messages.verify(b"one", &one[1..]), CKR_SIGNATURE_LEN_RANGE);
            messages.verify_begin().unwrap();
            for part in [&b"t"[..], b"", b"w"] {
                messages.verify_next(part, None).unwrap();
            }
            messages.verify_next(b"o", Some(&two)).unwrap();
            messages.verify_begin().unwrap();
            refused(messages.verify_next(b"one", Some(&two)), CKR_SIGNATURE_INVALID);
            refused(messages.verify_next(b"one", Some(&one)), CKR_OPERATION_NOT_INITIALIZED);
        }
        messages.verify_final().unwrap();
    });
    assert_eq!(cost, 0);
    refused(messages.verify_final(), CKR_OPERATION_NOT_INITIALIZED);
}

#[test]
fn without_a_beginning_there_is_nothing() {
    let desk = Desk::new(EC, PIN1);
    let messages = desk.messages();
    let refused_all = |outcomes: Vec<Result<(), CK_RV>>| {
        for outcome in outcomes {
            refused(outcome, CKR_OPERATION_NOT_INITIALIZED);
        }
    };
    let sign = || messages.sign(b"message").map(drop);
    refused_all(vec![
        sign(),
        messages.sign_begin(),
        messages.sign_next(b"part"),
        messages.sign_last(b"part").map(drop),
        messages.sign_final(),
        messages.verify(b"message", &[0; 96]),
        messages.verify_begin(),
        messages.verify_next(b"part", None),
        messages.verify_next(b"part", Some(&[0; 96])),
        messages.verify_final(),
    ]);
    // Parts need a message that was begun.
    messages.sign_init(&desk.mechanism(), desk.private).unwrap();
    messages.verify_init(&desk.mechanism(), desk.public).unwrap();
    refused_all(vec![
        messages.sign_next(b"part"),
        messages.sign_last(b"part").map(drop),
        messages.verify_next(b"part", None),
        messages.verify_next(b"part", Some(&[0; 96])),
    ]);
    refused(messages.sign_init(&desk.mechanism(), desk.private), CKR_OPERATION_ACTIVE);
    refused(messages.verify_init(&desk.mechanism(), desk.public), CKR_OPERATION_ACTIVE);
    // In the middle of a message no other begins.
    messages.sign_begin().unwrap();
    messages.verify_begin().unwrap();
    for outcome in [sign(), messages.sign_begin()] {
        refused(outcome, CKR_OPERATION_ACTIVE);
    }
    for outcome in [messages.verify(b"message", &[0; 96]), messages.verify_begin()] {
        refused(outcome, CKR_OPERATION_ACTIVE);
    }
    desk.is_right(b"message", &messages.sign_last(b"message").unwrap());
}

/// Messages and the plain functions are operations of their own.
#[test]
fn plain_signing_goes_on_beside_messages() {
    let desk = Desk::new(EC, PIN1);
    let messages = desk.messages();
    messages.sign_init(&desk.mechanism(), desk.private).unwrap();
    messages.sign_begin().unwrap();
    messages.sign_next(b"one ").unwrap();
    let plain = desk.session.made(Making::Sign, &desk.mechanism(), desk.private, b"plain").unwrap();
    desk.is_right(b"plain", &plain);
    desk.is_right(b"one message", &messages.sign_last(b"message").unwrap());
}

#[test]
fn no_mechanism_takes_a_parameter_with_a_message() {
    let desk = Desk::new(EC, PIN1);
    let (messages, handle) = (desk.messages(), desk.session.handle());
    messages.sign_init(&desk.mechanism(), desk.private).unwrap();
    messages.verify_init(&desk.mechanism(), desk.public).unwrap();
    let mut parameter = [0_u8; 8];
    let pointer = parameter.as_mut_ptr().cast();
    refused(call_in!(messages.list(), C_SignMessageBegin(handle, pointer, 8)), CKR_MECHANISM_PARAM_INVALID);
    refused(call_in!(messages.list(), C_VerifyMessageBegin(handle, pointer, 8)), CKR_MECHANISM_PARAM_INVALID);
    desk.is_right(b"message", &messages.sign(b"message").unwrap());
}

/// C_SignMessageNext may not say of data that they are invalid (§5.14.4).
#[test]
fn what_is_no_digest_info_is_told_as_each_function_may() {
    let desk = Desk::new(RSA, PIN1);
    let messages = desk.messages();
    messages.sign_init(&Mechanism::plain(CKM_RSA_PKCS), desk.private).unwrap();
    refused(messages.sign(b"no DigestInfo"), CKR_DATA_INVALID);
    messages.sign_begin().unwrap();
    refused(messages.sign_last(b"no DigestInfo"), CKR_FUNCTION_FAILED);
}

#[test]
fn codes_are_not_for_messages() {
    let desk = Desk::new(EC, PIN1);
    let secret = desk.session.create(&made::secret(b"a secret")).unwrap();
    for hash in HASHES {
        let mechanism = Mechanism::plain(hash.mac);
        refused(desk.messages().sign_init(&mechanism, secret), CKR_MECHANISM_INVALID);
        refused(desk.messages().verify_init(&mechanism, secret), CKR_MECHANISM_INVALID);
    }
}

/// A bad argument ends the message, not the process; and a PIN that was not used is for the next one.
#[test]
fn a_bad_argument_ends_the_message() {
    let desk = Desk::new(EC, PIN2);
    let (messages, handle) = (desk.messages(), desk.session.handle());
    messages.sign_init(&desk.mechanism(), desk.private).unwrap();
    messages.sign_begin().unwrap();
    let (list, none, nowhere) = (messages.list(), ptr::null_mut(), ptr::null_mut());
    let part = call_in!(list, C_SignMessageNext(handle, none, 0, none.cast(), 4, none.cast(), nowhere));
    refused(part, CKR_ARGUMENTS_BAD);
    refused(messages.sign_last(b"more"), CKR_OPERATION_NOT_INITIALIZED);
    let whole = call_in!(list, C_SignMessage(handle, none, 0, none.cast(), 4, none.cast(), nowhere));
    refused(whole, CKR_ARGUMENTS_BAD);
    let signature = messages.sign(b"message").unwrap();
    desk.is_right(b"message", &signature);
    messages.verify_init(&desk.mechanism(), desk.public).unwrap();
    messages.verify_begin().unwrap();
    let part = call_in!(list, C_VerifyMessageNext(handle, none, 0, none.cast(), 4, none.cast(), 0));
    refused(part, CKR_ARGUMENTS_BAD);
    refused(messages.verify_next(b"more", None), CKR_OPERATION_NOT_INITIALIZED);
    messages.verify(b"message", &signature).unwrap();
}

/// PIN2 permits one signature: each message asks for it anew.
#[test]
fn each_message_with_pin2_has_a_login_of_its_own() {
    let desk = Desk::new(EC, PIN2);
    let messages = desk.messages();
    messages.sign_init(&desk.mechanism(), desk.private).unwrap();
    // The login as user serves the first one.
    desk.is_right(b"first", &messages.sign(b"first").unwrap());
    let login = || {
        let login = desk.session.login(CKU_CONTEXT_SPECIFIC, PIN2.1);
        login.unwrap_or_else(|code| panic!("{}", name(code)));
    };
    for _ in 0..2 {
        let (cost, outcome) = desk.card.cost(|| messages.sign(b"unpermitted"));
        refused(outcome, CKR_USER_NOT_LOGGED_IN);
        assert_eq!(cost, 0);
        messages.sign_begin().unwrap();
        messages.sign_next(b"mess").unwrap();
        login();
        desk.is_right(b"message", &messages.sign_last(b"age").unwrap());
        // Also between two messages, for one in a single part.
        login();
        desk.is_right(b"single", &messages.sign(b"single").unwrap());
    }
    assert!(!desk.card.open(simcard::PIN2));
    assert_eq!(desk.card.tries(simcard::PIN2), 5);
}

#[test]
fn messages_end_with_the_login() {
    let desk = Desk::new(EC, PIN1);
    let messages = desk.messages();
    messages.sign_init(&desk.mechanism(), desk.private).unwrap();
    messages.sign(b"message").unwrap();
    desk.session.logout().unwrap();
    let (cost, outcome) = desk.card.cost(|| messages.sign(b"message"));
    let code = outcome.unwrap_err();
    assert!([CKR_OPERATION_NOT_INITIALIZED, CKR_USER_NOT_LOGGED_IN].contains(&code), "{}", name(code));
    assert_eq!(cost, 0);
}

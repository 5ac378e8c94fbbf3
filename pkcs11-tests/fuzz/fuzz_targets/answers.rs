//! A card that answers what the fuzzer wants, under everything that a program does: the whole module, from the functions
//! of C down. No panic, no code that the standard does not permit (the module itself checks that in this build), no
//! call without end, and no PIN sent again.
#![no_main]

use cryptoki_sys::*;
use fuzz::corruption::{Shared, interceptor};
use fuzz::linked::{PINS, PUK};
use fuzz::objects;
use fuzz::{Input, Linked};
use kit::{Activation, Making, Mechanism, Module, Session, Template, VendorList, bytes, oaep, pss};
use libfuzzer_sys::fuzz_target;
use simcard::CardModel;

/// States in which a card is put in.
const STATES: [&str; 4] = ["", ",state=fresh-new", ",state=fresh-old", ",state=blocked-pins"];
/// Good for either role.
const NEW: &str = "778899";
const WRONG: &str = "998877";
const TRANSPORT: &str = "1234567";
/// DigestInfo of SHA-256 (RFC 8017 §9.2).
const DIGEST_INFO: &[u8; 19] =
    b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

fuzz_target!(|data: &[u8]| play(data));

fn play(data: &[u8]) {
    let mut input = Input::new(data);
    let model = input.one_of(CardModel::EVERY).description();
    let state = STATES[usize::from(input.byte()) % STATES.len()];
    let offered = model.states.iter().any(|known| state.ends_with(&known.to_string()));
    let card = format!("{}{}", model.name, if offered { state } else { "" });
    let deeds: Vec<_> = (0..=input.byte() % 3).map(|_| input.byte()).collect();
    let ledger = Shared::default();
    let linked = Linked::of_process();
    let _running = linked.begin(&card, Some(interceptor(&mut input, &ledger)));
    let program = Program { module: &linked.module, ledger };
    for deed in deeds {
        // Whatever comes of it, the next deed is done.
        let _ = program.carry_out(deed);
    }
}

struct Program<'a> {
    module: &'a Module,
    ledger: Shared,
}

impl Program<'_> {
    /// A call without a PIN.
    fn call<T>(&self, act: impl FnOnce() -> Result<T, CK_RV>) -> Result<T, CK_RV> {
        self.ledger.lock().begin(0);
        act()
    }

    /// A call with a PIN.
    fn give<T>(&self, act: impl FnOnce() -> Result<T, CK_RV>) -> Result<T, CK_RV> {
        self.ledger.lock().begin(1);
        act()
    }

    fn carry_out(&self, deed: u8) -> Result<(), CK_RV> {
        let slots = self.call(|| objects::slots(self.module))?;
        let (token, deed) = (usize::from(deed & 1), deed >> 1);
        let slot = slots.get(token).or(slots.first()).copied().ok_or(CKR_TOKEN_NOT_PRESENT)?;
        let session = self.call(|| self.module.open_with(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION))?;
        let codes = [PUK, TRANSPORT, WRONG];
        match deed % 12 {
            0 => self.call(|| objects::read(&session)),
            1 => self.give(|| session.login(CKU_USER, WRONG)),
            2 => self.give(|| session.set_pin(PINS[token], NEW)),
            number @ 3..6 => {
                let code = codes[usize::from(number - 3)];
                self.give(|| session.login(CKU_SO, code))?;
                self.give(|| session.init_pin(NEW))
            }
            number @ 6..8 => self.activate(slot, codes[usize::from(number - 6)]),
            8 => self.call(|| VendorList::of(self.module).card_status(slot)).map(drop),
            9 => self.take_apart(&session, token),
            _ => self.sign(&session, token),
        }
    }

    fn activate(&self, slot: CK_SLOT_ID, code: &str) -> Result<(), CK_RV> {
        let wish = Activation::of(code, Some(NEW), Some(NEW));
        self.ledger.lock().begin(PINS.len());
        match VendorList::of(self.module).set(slot, &wish) {
            (CKR_OK, _) => Ok(()),
            (code, _) => Err(code),
        }
    }

    fn log_in(&self, session: &Session<'_>, token: usize) -> Result<Vec<CK_OBJECT_HANDLE>, CK_RV> {
        self.give(|| session.login(CKU_USER, PINS[token]))?;
        self.call(|| objects::read(session))?;
        self.call(|| session.find(&[(CKA_CLASS, &bytes(CKO_PRIVATE_KEY))]))
    }

    /// Signs in every way, the second time after a login for it.
    fn sign(&self, session: &Session<'_>, token: usize) -> Result<(), CK_RV> {
        let info = [DIGEST_INFO.as_slice(), &[7; 32]].concat();
        for key in self.log_in(session, token)? {
            let ways: [(Mechanism<'_>, &[u8]); 5] = [
                (Mechanism::plain(CKM_ECDSA), &info[19..]),
                (Mechanism::plain(CKM_ECDSA_SHA384), b"data"),
                (Mechanism::plain(CKM_RSA_PKCS), &info),
                (Mechanism::plain(CKM_SHA256_RSA_PKCS), b"data"),
                (Mechanism::with(CKM_RSA_PKCS_PSS, pss(CKM_SHA256, CKG_MGF1_SHA256, 32)), &info[19..]),
            ];
            for (mechanism, data) in &ways {
                if self.call(|| session.begin(Making::Sign, mechanism, key)).is_err() {
                    continue;
                }
                // Only a token that asks for it takes it.
                let _ = self.give(|| session.login(CKU_CONTEXT_SPECIFIC, PINS[token]));
                let _ = self.call(|| session.make(Making::Sign, data));
                let _ = self.call(|| session.cancel(Making::Sign));
            }
        }
        Ok(())
    }

    /// Deciphers, and agrees on secrets.
    fn take_apart(&self, session: &Session<'_>, token: usize) -> Result<(), CK_RV> {
        for key in self.log_in(session, token)? {
            let modulus = self.call(|| session.attribute(key, CKA_MODULUS)).unwrap_or_default();
            let cryptogram = vec![1; modulus.len()];
            for mechanism in [
                Mechanism::plain(CKM_RSA_PKCS),
                Mechanism::with(CKM_RSA_PKCS_OAEP, oaep(CKM_SHA256, CKG_MGF1_SHA256)),
            ] {
                let _ = self.call(|| session.made(Making::Decrypt, &mechanism, key, &cryptogram));
                let _ = self.call(|| session.cancel(Making::Decrypt));
            }
            // The card's own point is on its curve.
            let point = self.public_point(session)?;
            let secret =
                Template::new().number(CKA_CLASS, CKO_SECRET_KEY).number(CKA_KEY_TYPE, CKK_GENERIC_SECRET);
            let mechanism = Mechanism::ecdh(CKM_ECDH1_DERIVE, &point);
            let _ = self.call(|| session.derive(&mechanism, key, &secret));
        }
        Ok(())
    }

    fn public_point(&self, session: &Session<'_>) -> Result<Vec<u8>, CK_RV> {
        let keys = self.call(|| session.find(&[(CKA_CLASS, &bytes(CKO_PUBLIC_KEY))]))?;
        let point = keys.first().map(|key| self.call(|| session.attribute(*key, CKA_EC_POINT)));
        Ok(point.and_then(Result::ok).unwrap_or_default())
    }
}

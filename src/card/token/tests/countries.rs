//! Every kind of card that can be simulated: the tables against the simulated card's own description, and all that a
//! holder does with it.

mod passwords;
mod puk;

use super::bench::{Bench, Wire, both, pin, typed, uses_agree};
use crate::cards::certificate::PublicKey;
use crate::cards::engine::{KeyTask, SignInput};
use crate::cards::profile::{Hash, PersonalData, PinUse, Presentation, Scheme, Secret, Writing};
use crate::cards::{CardProfile, KeyAlgorithm, PROFILES, PinError, Role};
use crate::token::Purpose;
use crate::token::view::KeyView;
use avain_crypto::{Curve, public};
use p384::elliptic_curve::Generate;
use simcard::cards::{KeyKind, KeyUsage, PinRole};
use simcard::{Action, Card, CardModel, CardOptions, Codes, DeliveryState, Fault};

/// A kind of card, how it answers open questions, and its model here.
struct Row {
    card: CardModel,
    switches: &'static [(&'static str, &'static str)],
    model: &'static str,
}

const fn row(card: CardModel, switches: &'static [(&'static str, &'static str)], model: &'static str) -> Row {
    Row { card, switches, model }
}

const ROWS: &[Row] = &[
    row(CardModel::FineidV3_0, &[], "FINEID v3.0"),
    row(CardModel::FineidV3_1, &[], "FINEID v3.1"),
    row(CardModel::FineidV4_0, &[], "FINEID v4.0"),
    row(CardModel::FineidV4_1, &[], "FINEID v4.1"),
    row(CardModel::FineidLater, &[], "FINEID v4.1"),
    row(CardModel::FineidOrg, &[], "FINEID S4-2"),
    row(CardModel::FineidOrgRsa, &[], "FINEID S4-2"),
    row(CardModel::FineidOrg, &[("select_drops_pins", "yes")], "FINEID S4-2"),
    row(CardModel::Belgium1_7, &[], "Belgium eID 1.7"),
    row(CardModel::Belgium1_8, &[], "Belgium eID 1.8"),
    row(CardModel::Belgium1_8, &[("bel_probe_tells_verified", "yes")], "Belgium eID 1.8"),
    row(CardModel::Belgium1_7, &[("bel_sign_needs_df", "yes")], "Belgium eID 1.7"),
    row(CardModel::Pkcs15, &[], "PKCS#15"),
    row(CardModel::Pkcs15, &[("directory_file", "records")], "PKCS#15"),
    row(CardModel::Pkcs15, &[("directory_file", "none")], "PKCS#15"),
    row(CardModel::Pkcs15, &[("directory_file", "none"), ("application_by_name", "no")], "PKCS#15"),
    row(CardModel::Pkcs15, &[("application_by_name", "no")], "PKCS#15"),
    row(CardModel::Pkcs15, &[("path_select", "no")], "PKCS#15"),
    row(CardModel::Pkcs15, &[("path_select", "no"), ("directory_file", "records")], "PKCS#15"),
    row(CardModel::EstoniaIdemia, &[], "ESTEID2018"),
    row(CardModel::EstoniaIdemia, &[("select_drops_pin1", "main")], "ESTEID2018"),
    row(CardModel::EstoniaIdemia, &[("select_drops_pin1", "any")], "ESTEID2018"),
    row(CardModel::EstoniaIdemia, &[("puk_one_shot", "yes"), ("pin2_one_shot", "yes")], "ESTEID2018"),
    row(CardModel::EstoniaIdemiaX, &[("cosmo_x_long_reads", "no")], "ESTEID2018"),
    row(CardModel::EResidencyIdemia, &[("probe_supported", "yes")], "ESTEID2018"),
    row(CardModel::EstoniaThales, &[], "ESTEID2025"),
    row(CardModel::EstoniaThales, &[("thales_read_limit", "223")], "ESTEID2025"),
    row(CardModel::EstoniaThales, &[("early_files", "all")], "ESTEID2025"),
    row(CardModel::EstoniaThales, &[("document_number", "no")], "ESTEID2025"),
    row(CardModel::EstoniaThalesLater, &[], "ESTEID2025"),
    row(CardModel::EstoniaThales, &[("early_pin_data", "no")], "ESTEID2025"),
    row(CardModel::EResidencyThales, &[("pin2_one_shot", "yes"), ("change_verifies", "yes")], "ESTEID2025"),
    row(CardModel::LatviaRsa, &[], "LatEID 2019"),
    row(CardModel::LatviaEc, &[], "LatEID 2019"),
    row(CardModel::Lithuania, &[], "LTEID 2021"),
    row(CardModel::Lithuania, &[("plain_in_channel", "refused"), ("pin2_one_shot", "yes")], "LTEID 2021"),
    row(CardModel::Lithuania, &[("pace_tells_tries", "yes")], "LTEID 2021"),
    row(CardModel::LatviaEc, &[("latvia_old_slots", "yes"), ("select_drops_pin1", "any")], "LatEID 2019"),
];

/// What the tables and the simulator do not agree on, with the reason.
fn is_known_difference(card: CardModel, what: &str) -> bool {
    match card {
        // PIN2 of health-care cards has four digits, which the same table serves.
        CardModel::FineidOrg | CardModel::FineidOrgRsa => what == "PIN2 shortest",
        // The card tells nothing of its tries.
        CardModel::Pkcs15 => what.ends_with("tries"),
        _ => false,
    }
}

const PINS: [&str; 2] = [Codes::PIN1, Codes::PIN2];
const PUK: &str = "12345678";
const DIGEST: [u8; 48] = [0xA7; 48];

impl Row {
    fn make(&self, state: DeliveryState) -> Bench<Wire> {
        let mut options = CardOptions::new(self.card, state);
        for (name, value) in self.switches {
            options.switches.set(name, value).unwrap();
        }
        let card = Card::new(options);
        let atr = card.atr();
        let mut bench = Bench::new(Wire(card), atr);
        bench.read_identity().unwrap_or_else(|error| panic!("{self}: {error:?}"));
        bench
    }

    fn bench(&self) -> Bench<Wire> {
        self.make(DeliveryState::Activated)
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", self.card, self.switches)
    }
}

impl Bench<Wire> {
    fn profile(&self) -> &CardProfile {
        self.insertion.profile().unwrap()
    }

    fn reference(&self, role: Role) -> u8 {
        self.profile().pin(role).unwrap().reference
    }

    fn keys(&mut self) -> Vec<KeyView> {
        Role::ALL.into_iter().flat_map(|role| self.view(role)).collect()
    }

    /// Another program selects its application, and leaves.
    fn another_application(&mut self) {
        self.card.0.faults_mut().push(Fault::on(&[], Action::OtherApplicationBefore));
        // Any command: it is the other program's.
        self.card.0.transmit(&[0, 0xB0, 0, 0, 1]);
    }

    /// The card was reset, and the daemon said so.
    fn reset(&mut self) {
        self.card.0.reset();
        self.card_state = crate::token::transaction::CardState { shared: true, ..Default::default() };
        self.insertion.forget_pins();
        // A list of tokens is shown.
        self.with(|card| card.make_ready().and_then(|()| card.ask_pins())).unwrap();
    }

    fn sign(&mut self, key: &KeyView) -> Result<(), PinError> {
        let input = input(key);
        let task = KeyTask::Sign(&input);
        let signed = self.with(|card| card.use_key(&key.spec, &key.public, task))?;
        assert!(holds(key, &signed));
        Ok(())
    }

    /// Presents a PIN for one signature, and signs.
    fn sign_once(&mut self, key: &KeyView, digits: &str) -> Result<(), PinError> {
        let once = self.with(|card| card.check_pin(card.pin_spec(key.spec.role)?, typed(digits)))?;
        let input = input(key);
        let task = KeyTask::Sign(&input);
        let signed = self.with(|card| card.use_key_once(&key.spec, &key.public, task, once))?;
        assert!(holds(key, &signed));
        Ok(())
    }

    /// A PIN is typed: the rules of the reader, then the card.
    fn type_pin(&mut self, role: Role, digits: &str) -> Result<(), PinError> {
        self.with(|card| {
            let (spec, pin) = (card.pin_spec(role)?, typed(digits));
            card.not_refused_before(spec, pin.typed())?;
            card.verify(spec, &pin)
        })
    }

    fn set_by_code(&mut self, role: Role, code: &str, new: &str) -> Result<(), PinError> {
        self.with(|card| {
            card.set_by_code(card.pin_spec(role)?, both(&pin(code), &pin(new)), Purpose::Setting)
        })
    }

    fn change(&mut self, role: Role, old: &str, new: &str) -> Result<(), PinError> {
        self.with(|card| card.change(card.pin_spec(role)?, both(&pin(old), &pin(new))))
    }

    /// Commands with this PIN or PUK, and tries that it lost.
    fn spent(&self, reference: u8) -> (u32, u32) {
        let count = self.card.0.credential_count(reference);
        (count.commands, count.tries_spent)
    }
}

fn input(key: &KeyView) -> SignInput {
    match key.public {
        PublicKey::Ec { .. } => SignInput::Ecdsa(DIGEST.to_vec()),
        PublicKey::Rsa { .. } => {
            SignInput::Rsa { scheme: Scheme::Pkcs1, hash: Hash::Sha256, digest: DIGEST[..32].to_vec() }
        }
    }
}

fn holds(key: &KeyView, signature: &[u8]) -> bool {
    match key.public {
        PublicKey::Ec { .. } => key.public.verify(public::Scheme::Ecdsa, &DIGEST, signature),
        PublicKey::Rsa { .. } => {
            key.public.verify(public::Scheme::Pkcs1(Some(Hash::Sha256)), &DIGEST[..32], signature)
        }
    }
}

#[test]
fn every_card_that_a_table_knows_is_here() {
    for profile in PROFILES {
        assert!(ROWS.iter().any(|row| row.model == profile.model), "nothing simulates {}", profile.model);
    }
    let strangers = [CardModel::Bank, CardModel::Sim, CardModel::HalfPersonalised, CardModel::Mute];
    for card in CardModel::EVERY {
        let known = ROWS.iter().any(|row| row.card == *card);
        // Whose directory lacks a part may be anything.
        let left_out = strangers.contains(card) || *card == CardModel::Pkcs15Partial;
        assert!(known != left_out, "{card}");
    }
}

#[test]
fn tables_and_descriptions_of_pins_agree() {
    for row in ROWS {
        let bench = row.bench();
        let profile = bench.profile();
        assert_eq!(profile.model, row.model, "{row}");
        let mut seen = 0;
        for pin in bench.card.0.description().pins {
            let (name, found) = match pin.role {
                PinRole::Authentication => ("PIN1", profile.pin(Role::Authentication).map(of_pin)),
                PinRole::Signature => ("PIN2", profile.pin(Role::Signature).map(of_pin)),
                PinRole::Unblocking => ("PUK", profile.codes.puk.as_ref().map(of_puk)),
            };
            let Some((reference, min, max, tries)) = found else {
                // Nothing is ever set on it.
                assert!(name == "PUK" && profile.writing == Writing::Never, "{row}: {name}");
                continue;
            };
            seen += usize::from(name != "PUK");
            assert_eq!((reference, max), (pin.reference, 12), "{row}: {name}");
            for (what, here, there) in
                [("shortest", min, pin.shortest), ("tries", tries.into(), pin.tries.into())]
            {
                let known = is_known_difference(row.card, &format!("{name} {what}"));
                assert_eq!(here != there, known, "{row}: {name} {what}: {here}, {there}");
            }
        }
        assert_eq!(seen, profile.pins.len(), "{row}");
    }
}

type Numbers = (u8, usize, usize, u8);

fn of_pin(pin: &crate::cards::profile::PinSpec) -> Numbers {
    (pin.reference, pin.min, pin.max, pin.tries)
}

fn of_puk(puk: &crate::cards::profile::PukSpec) -> Numbers {
    (puk.reference, puk.min, puk.max, puk.tries)
}

#[test]
fn tables_and_descriptions_of_keys_agree() {
    for row in ROWS {
        let mut bench = row.bench();
        let keys = bench.keys();
        let described: Vec<_> = bench.card.0.description().keys.iter().filter(|key| !key.backup).collect();
        assert_eq!(keys.len(), described.len(), "{row}");
        let issued = bench.card.0.certificates().clone();
        for (key, told) in described.iter().map(|told| (of(&keys, told.reference), told)) {
            let name = format!("{row}: {}", told.name);
            assert_eq!(bench.reference(key.spec.role), told.pin, "{name}");
            let each_time = told.usage == KeyUsage::Signature;
            assert_eq!(key.spec.pin_use == PinUse::EachSignature, each_time, "{name}");
            match (key.spec.algorithm, told.kind) {
                (KeyAlgorithm::Rsa { min, max }, KeyKind::Rsa(bits)) => {
                    assert!((min.into()..=max.into()).contains(&bits), "{name}");
                }
                (KeyAlgorithm::Rsa { .. }, KeyKind::RsaBySwitch)
                | (KeyAlgorithm::Ec(Curve::P256), KeyKind::P256)
                | (KeyAlgorithm::Ec(Curve::P384), KeyKind::P384) => {}
                other => panic!("{name}: {other:?}"),
            }
            let certificate = issued.holder.iter().find(|c| c.key_reference == told.reference).unwrap();
            assert_eq!(key.certificate.der, certificate.der, "{name}");
            uses_agree(key);
        }
        let (authorities, _) = bench.with(|card| card.read_authorities()).unwrap();
        for authority in authorities {
            let der = &authority.certificate.der;
            assert!([&issued.root, &issued.issuing].contains(&der), "{row}: {}", authority.spec.label);
        }
    }
}

fn of(keys: &[KeyView], reference: u8) -> &KeyView {
    keys.iter().find(|key| key.spec.reference == reference).unwrap()
}

/// May a PIN that was lost be presented again without its holder, as far as the card tells of its tries?
fn restores(profile: &CardProfile) -> bool {
    profile.asking.empty_verify || profile.asking.object.is_some()
}

#[test]
fn a_standing_pin_serves_until_logout() {
    for row in ROWS {
        let mut bench = row.bench();
        let key = bench.keys().into_iter().find(|key| key.spec.pin_use == PinUse::OncePerLogin).unwrap();
        let reference = bench.reference(key.spec.role);
        bench.log_in(key.spec.role, PINS[0]).unwrap_or_else(|error| panic!("{row}: {error:?}"));
        for _ in 0..2 {
            bench.sign(&key).unwrap_or_else(|error| panic!("{row}: {error:?}"));
        }
        assert_eq!(bench.spent(reference), (1, 0), "{row}: presented once");

        bench.another_application();
        let after = bench.sign(&key);
        bench.reset();
        let later = bench.sign(&key);
        if restores(bench.profile()) {
            assert_eq!((after, later), (Ok(()), Ok(())), "{row}");
            assert!(bench.spent(reference).0 <= 3, "{row}");
        } else {
            let refused = Err(PinError::NotGiven);
            assert_eq!((after, later), (refused, refused), "{row}");
        }
        assert_eq!(bench.spent(reference).1, 0, "{row}");

        // Never as the try that might be the last one.
        bench.reset();
        bench.card.0.set_tries_left(reference, 2);
        let before = bench.spent(reference);
        assert_eq!(bench.sign(&key), Err(PinError::NotGiven), "{row}");
        assert_eq!(bench.spent(reference), before, "{row}");
    }
}

/// Applications of these cards, which other programs select.
const APPLICATIONS: [&[u8]; 6] = [
    b"\xA0\0\0\0\x77\x01\x08\0\x07\0\0\xFE\0\0\x01\0",
    b"QSCD Application",
    b"\xA0\0\0\0\x63PKCS-15",
    b"\xA0\0\0\0\x18\x10\x02\x03\0\0\0\0\0\0\0\x01",
    b"\xA0\0\0\x01\x77PKCS-15",
    b"E.SIGN",
];

#[test]
fn what_is_known_of_pins_is_not_forgotten_over_another_application() {
    for row in ROWS {
        let mut bench = row.bench();
        let before: Vec<_> = Role::ALL.map(|role| bench.insertion.pin(Secret::Pin(role))).to_vec();
        for disturbed in 0..2 {
            bench.another_application();
            if disturbed == 1 {
                bench.with(|card| card.make_ready().and_then(|()| card.ask_all())).unwrap();
            }
            bench.keys();
            let after: Vec<_> = Role::ALL.map(|role| bench.insertion.pin(Secret::Pin(role))).to_vec();
            assert_eq!(after, before, "{row}");
        }
    }
}

#[test]
fn a_standing_pin_survives_what_others_select() {
    for row in ROWS {
        let mut bench = row.bench();
        let keys = bench.keys();
        let key = keys.iter().find(|key| key.spec.pin_use == PinUse::OncePerLogin).unwrap();
        let once = keys.iter().find(|key| key.spec.pin_use == PinUse::EachSignature).unwrap();
        bench.log_in(key.spec.role, PINS[0]).unwrap();
        for name in APPLICATIONS {
            let select = [&[0, 0xA4, 4, 0x0C, name.len() as u8][..], name].concat();
            bench.card.0.transmit(&select);
            let signed = bench.sign(key);
            let lost = !restores(bench.profile()) && signed == Err(PinError::NotGiven);
            assert!(signed.is_ok() || lost, "{row}: {name:02X?}: {signed:?}");
            bench.card.0.transmit(&select);
            let view = bench.view(Role::Authentication);
            assert_eq!(view[0].certificate.der, key.certificate.der, "{row}: {name:02X?}");
            bench.card.0.transmit(&select);
            let told = bench.with(|card| card.personal_data()).unwrap();
            assert_eq!(told.is_empty(), matches!(bench.profile().personal, PersonalData::None), "{row}");
            bench.card.0.transmit(&select);
            let signed = bench.sign_once(once, PINS[once.spec.role.index()]);
            signed.unwrap_or_else(|error| panic!("{row}: {name:02X?}: {error:?}"));
        }
        for pin in bench.profile().pins.iter() {
            let count = bench.card.0.credential_count(pin.reference);
            assert_eq!((count.tries_spent, count.right), (0, count.commands), "{row}");
        }
    }
}

#[test]
fn a_signature_takes_its_pin_each_time() {
    for row in ROWS {
        let mut bench = row.bench();
        let keys = bench.keys();
        for key in keys.iter().filter(|key| key.spec.pin_use == PinUse::EachSignature) {
            let digits = PINS[key.spec.role.index()];
            let reference = bench.reference(key.spec.role);
            let (before, _) = bench.spent(reference);
            bench.sign_once(key, digits).unwrap_or_else(|error| panic!("{row}: {error:?}"));
            assert_eq!(bench.spent(reference), (before + 2, 0), "{row}");
            assert!(!bench.card.0.is_verified(reference), "{row}");
            bench.another_application();
            bench.sign_once(key, digits).unwrap_or_else(|error| panic!("{row}, disturbed: {error:?}"));
            bench.reset();
            bench.sign_once(key, digits).unwrap_or_else(|error| panic!("{row}, reset: {error:?}"));
            assert_eq!(bench.spent(reference), (before + 6, 0), "{row}");
        }
    }
}

#[test]
fn a_signature_between_two_authentications() {
    for row in ROWS {
        let mut bench = row.bench();
        let keys = bench.keys();
        let standing = keys.iter().find(|key| key.spec.pin_use == PinUse::OncePerLogin).unwrap();
        let once = keys.iter().find(|key| key.spec.pin_use == PinUse::EachSignature).unwrap();
        bench.log_in(standing.spec.role, PINS[0]).unwrap();
        bench.sign(standing).unwrap_or_else(|error| panic!("{row}: {error:?}"));
        let signed = bench.sign_once(once, PINS[once.spec.role.index()]);
        signed.unwrap_or_else(|error| panic!("{row}: {error:?}"));
        let after = bench.sign(standing);
        if restores(bench.profile()) {
            assert_eq!(after, Ok(()), "{row}");
        }
        for role in [standing.spec.role, once.spec.role] {
            assert_eq!(bench.spent(bench.reference(role)).1, 0, "{row}");
        }
    }
}

#[test]
fn keys_that_agree_on_secrets() {
    let mut agreed = 0;
    for row in ROWS {
        let mut bench = row.bench();
        for key in bench.keys().iter().filter(|key| key.spec.uses.agree) {
            bench.log_in(key.spec.role, PINS[0]).unwrap();
            let PublicKey::Ec { point, .. } = &key.public else { panic!("{row}") };
            let theirs = p384::PublicKey::from_sec1_bytes(point).unwrap();
            let ours = p384::SecretKey::generate();
            let shared = p384::ecdh::diffie_hellman(ours.to_nonzero_scalar(), theirs.as_affine());
            let point = ours.public_key().to_sec1_bytes();
            for _ in 0..2 {
                let task = KeyTask::Agree { point: &point };
                let secret = bench.with(|card| card.use_key(&key.spec, &key.public, task));
                let secret = secret.unwrap_or_else(|error| panic!("{row}: {error:?}"));
                assert_eq!(**secret, **shared.raw_secret_bytes(), "{row}");
                bench.another_application();
            }
            agreed += 1;
        }
    }
    assert!(agreed > 8, "{agreed}");
}

#[test]
fn pins_are_changed_and_changed_back() {
    for row in ROWS {
        let mut bench = row.bench();
        if bench.profile().writing == Writing::Never {
            continue;
        }
        for spec in bench.profile().pins.to_vec() {
            let (role, reference) = (spec.role, spec.reference);
            let old = PINS[role.index()];
            let (before, _) = bench.spent(reference);
            bench.change(role, old, "424242").unwrap_or_else(|error| panic!("{row}: {error:?}"));
            assert!(bench.card.0.code_is(reference, "424242"), "{row}");
            assert!(!bench.card.0.is_verified(reference), "{row}");
            bench.type_pin(role, "424242").unwrap_or_else(|error| panic!("{row}: {error:?}"));
            bench.another_application();
            bench.change(role, "424242", old).unwrap_or_else(|error| panic!("{row}: {error:?}"));
            assert!(bench.card.0.code_is(reference, old), "{row}");
            assert_eq!(bench.spent(reference), (before + 3, 0), "{row}");
        }
    }
}

#[test]
fn a_wrong_pin_costs_one_try_once() {
    for row in ROWS {
        let mut bench = row.bench();
        for spec in bench.profile().pins.to_vec() {
            let wrong = bench.type_pin(spec.role, "999999");
            let left = bench.card.0.tries_left(spec.reference);
            assert_eq!(wrong, Err(PinError::Wrong { left }), "{row}");
            for _ in 0..2 {
                assert_eq!(bench.type_pin(spec.role, "999999"), Err(PinError::RefusedBefore), "{row}");
            }
            assert_eq!(bench.spent(spec.reference), (1, 1), "{row}");
            // Another one is presented, and the right one clears it all.
            assert_eq!(bench.type_pin(spec.role, PINS[spec.role.index()]), Ok(()), "{row}");
            assert_eq!(bench.spent(spec.reference), (2, 1), "{row}");
        }
    }
}

/// A PIN was accepted, and refused since with this status word.
fn is_not_presented_unasked(row: &Row, key: &KeyView, status: u16, refusal: PinError, since: PinError) {
    let mut bench = row.bench();
    let (role, reference) = (key.spec.role, bench.reference(key.spec.role));
    let digits = PINS[role.index()];
    let once = bench.with(|card| card.check_pin(card.pin_spec(role)?, typed(digits))).unwrap();
    bench.log_in(role, digits).unwrap();
    // Another program has changed or blocked it, as far as the card tells, and then all tries are there again.
    let presents: &[u8] = match bench.profile().pin(role).unwrap().presentation {
        Presentation::Verify => &[0x20, 0x00, reference],
        // The last step of PACE.
        Presentation::Pace { .. } => &[0x86, 0x00, 0x00, 0x0C],
    };
    bench.card.0.faults_mut().push(Fault::on(presents, Action::Status(status)));
    assert_eq!(bench.type_pin(role, digits), Err(refusal), "{row}");
    bench.reset();
    let before = bench.spent(reference);
    match key.spec.pin_use {
        PinUse::OncePerLogin => assert_eq!(bench.sign(key), Err(PinError::NotGiven), "{row}"),
        PinUse::EachSignature => {
            let input = input(key);
            let task = KeyTask::Sign(&input);
            let signed = bench.with(|card| card.use_key_once(&key.spec, &key.public, task, once));
            assert_eq!(signed.err(), Some(since), "{row}");
        }
    }
    assert_eq!(bench.spent(reference), before, "{row}");
}

#[test]
fn a_pin_that_the_card_has_refused_since_is_not_presented_unasked() {
    let wrong = PinError::Wrong { left: Some(1) };
    for row in ROWS {
        for key in row.bench().keys() {
            is_not_presented_unasked(row, &key, 0x63C1, wrong, PinError::RefusedBefore);
            is_not_presented_unasked(row, &key, 0x6983, PinError::Blocked, PinError::NotGiven);
        }
    }
}

#[test]
fn a_pin_from_the_envelope_is_changed_before_it_signs() {
    for row in ROWS.iter().filter(|row| row.card.description().states.contains(&DeliveryState::Fresh)) {
        let mut bench = row.make(DeliveryState::Fresh);
        let keys = bench.keys();
        let key = keys.iter().find(|key| key.spec.pin_use == PinUse::EachSignature).unwrap();
        let reference = bench.reference(key.spec.role);
        let before = bench.card.0.log().count();
        assert_eq!(bench.sign_once(key, PINS[1]), Err(PinError::NotOwnYet), "{row}");
        assert_eq!(
            (bench.card.0.log().count(), bench.spent(reference)),
            (before, (0, 0)),
            "{row}: nothing is sent"
        );
        // Nor when it has to be asked for that.
        bench.card.0.reset();
        bench.card_state = Default::default();
        bench.insertion.forget_pins();
        assert_eq!(bench.sign_once(key, PINS[1]), Err(PinError::NotOwnYet), "{row}");
        assert_eq!(bench.spent(reference), (0, 0), "{row}");
        bench.change(Role::Signature, PINS[1], "424242").unwrap();
        bench.sign_once(key, "424242").unwrap_or_else(|error| panic!("{row}: {error:?}"));
        assert_eq!(bench.spent(reference), (3, 0), "{row}");
        // PIN1 is good as it came.
        bench.log_in(Role::Authentication, PINS[0]).unwrap();
        bench.sign(keys.iter().find(|key| key.spec.pin_use == PinUse::OncePerLogin).unwrap()).unwrap();
    }
}

//! Using a key: asking for a PIN, and making one signature.

use super::certificates;
use super::cms::{Content, Envelope, Method, Profile};
use super::failure::{Failure, Kind};
use super::interruption::Section;
use super::permission::{To, may_present};
use super::readers::Card;
use super::rules::{self, Leave};
use super::selector::{self, Selector};
use super::text::{self, Text};
use super::verify;
use super::wording::CardWording;
use avain_card::cards::certificate::Certificate;
use avain_card::cards::engine::SignInput;
pub use avain_card::cards::profile::Hash;
use avain_card::cards::profile::PinUse;
use avain_card::cards::{CardError, Entered, KeySpec, Pin, PinError, Role, Step};
use avain_card::token::{Authority, KeyView, LastTry, View};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// A signature that commits the holder to the content, by the key that needs its PIN each time.
    Signing,
    /// A test without meaning, by the authentication key.
    Testing,
}

impl Aim {
    /// The role in which to look first: on most cards each key has a PIN of its own.
    const fn roles(self) -> [Role; 2] {
        match self {
            Aim::Signing => [Role::Signature, Role::Authentication],
            Aim::Testing => Role::ALL,
        }
    }

    /// Is this a key for it?
    fn fits(self, key: &KeySpec) -> bool {
        let each_time = key.role == Role::Signature || key.pin_use == PinUse::EachSignature;
        key.uses.sign
            && match self {
                Aim::Signing => each_time,
                Aim::Testing => !each_time,
            }
    }
}

/// A key for which a PIN is to be entered.
pub struct Presenting {
    card: Card,
    role: Role,
    aim: Aim,
    leave: Leave,
    wording: CardWording,
    view: Arc<View>,
    selector: Option<Selector>,
    /// The certificates of the issuers that the card has, up to the root.
    issuers: Vec<Vec<u8>>,
}

/// The card has accepted the PIN: one signature is permitted. It is closed again when this is dropped.
pub struct Permit<'p> {
    presenting: &'p Presenting,
    key: &'p KeyView,
    authority: Option<Authority>,
    _section: Section,
}

impl Presenting {
    /// Asks for the state of the PIN and reads the certificate. Uses up no try. Other programs may use the card from
    /// then on.
    pub fn begin(card: Card, aim: Aim, leave: Leave) -> Result<Self, Failure> {
        Self::begin_selected(card, aim, leave, None)
    }

    /// The same with a key that another program has chosen, which gets the certificates of its issuers, too.
    pub fn begin_selected(
        card: Card,
        aim: Aim,
        leave: Leave,
        selector: Option<Selector>,
    ) -> Result<Self, Failure> {
        let wording = card.wording()?;
        let (role, view) = find(&card, aim, &wording)?;
        let issuers = Vec::new();
        let mut presenting = Presenting { card, role, aim, leave, wording, view, selector, issuers };
        presenting.may_present()?;
        if presenting.selector.is_some() {
            let authorities: Vec<Certificate> =
                presenting.card.authorities()?.into_iter().map(|shown| shown.certificate).collect();
            presenting.issuers = selector::issuers(&presenting.key()?.certificate, &authorities);
        }
        presenting.card.release();
        Ok(presenting)
    }

    /// May the PIN be presented, as the card stands now?
    fn may_present(&self) -> Result<(), Failure> {
        let condition = self.card.condition()?;
        may_present(&condition, &self.wording, self.role, To::Use(self.aim), self.leave.last_try)
    }

    /// The messages that name the card and the state of the PIN.
    pub fn introduction(&self) -> Result<Vec<Text>, Failure> {
        let mut said = self.card.introduction()?;
        self.card.release();
        said.extend(certificates::objection(&self.key()?.certificate));
        Ok(said)
    }

    /// The question for the PIN.
    pub fn prompt(&self) -> Text {
        prompt(self.role, &self.wording)
    }

    /// The name of the PIN.
    pub fn pin_name(&self) -> &'static str {
        self.wording.pin(self.role)
    }

    /// Checks an entry, without the card.
    pub fn check(&self, pin: &Pin) -> Result<(), Text> {
        check(&self.card, self.role, pin)
    }

    /// Empty content, to be signed by this key.
    pub fn content(&self) -> Result<Content, Failure> {
        Ok(Content::new(&self.key()?.public))
    }

    /// The certificate of the key.
    pub fn certificate(&self) -> Result<&Certificate, Failure> {
        Ok(&self.key()?.certificate)
    }

    /// The holder permits using the last try.
    pub fn use_last_try(&mut self) {
        self.leave.last_try = LastTry::Use;
    }

    /// The key.
    pub(super) fn key(&self) -> Result<&KeyView, Failure> {
        let mut keys = self.view.iter().filter(|key| self.aim.fits(&key.spec));
        match &self.selector {
            None => keys.next().ok_or_else(|| no_key(self.aim, &self.wording)),
            Some(selector) => keys
                .find(|key| selector.fits(&key.certificate, &key.public))
                .ok_or_else(|| Failure::new(Kind::Unsupported, [text::asked_no_certificate()])),
        }
    }

    /// What the holder is asked to do on the reader's keypad, if that takes the PIN.
    pub fn keypad_prompt(&self) -> Option<Text> {
        self.card.takes_pin(self.role).then(|| text::keypad_pin(self.pin_name()))
    }

    /// Presents the PIN. [`Failure::again`] says whether another one may be typed.
    pub fn present(&self, pin: Pin) -> Result<Permit<'_>, Failure> {
        self.present_entered(pin.into())
    }

    /// The same with a PIN that is entered on the reader's keypad: now, or when the signature is made.
    pub fn present_on_keypad(&self) -> Result<Permit<'_>, Failure> {
        self.present_entered(Entered::Pad)
    }

    fn present_entered(&self, pin: Entered) -> Result<Permit<'_>, Failure> {
        let key = self.key()?;
        let _section = Section;
        // Other programs may have used up tries while the PIN was typed.
        self.may_present()?;
        let (reader, insertion) = (&self.card.reader, &self.card.insertion);
        let authority = match key.spec.pin_use {
            PinUse::OncePerLogin => reader.log_in(insertion, self.role, pin).map(|_| Authority::SessionPin),
            PinUse::EachSignature => reader.log_in_once(insertion, self.role, pin).map(Authority::Once),
        };
        match authority {
            Ok(authority) => Ok(Permit { presenting: self, key, authority: Some(authority), _section }),
            Err(error) => {
                let failure = Failure::of_pin(error, self.role, Step::Verify, &self.wording);
                let failure = self.failed(failure, is_refusal(&error));
                let failure = if failure.again { failure.if_permitted(self.may_present()) } else { failure };
                self.card.release();
                Err(failure)
            }
        }
    }
}

/// The PIN of a card on a contactless reader: it is asked for by the table of its kind, before the card is used, so that
/// nobody has to hold the card still while typing.
pub struct Beforehand<'c> {
    card: &'c Card,
    role: Role,
    wording: CardWording,
}

impl<'c> Beforehand<'c> {
    /// Which PIN is asked for.
    pub fn of(card: &'c Card, aim: Aim) -> Result<Self, Failure> {
        let (profile, wording) = (card.profile()?, card.wording()?);
        let fits = |role: &Role| profile.keys(*role).any(|key| aim.fits(key));
        let role = aim.roles().into_iter().find(fits).ok_or_else(|| no_key(aim, &wording))?;
        Ok(Beforehand { card, role, wording })
    }

    /// The question for it.
    pub fn prompt(&self) -> Text {
        prompt(self.role, &self.wording)
    }

    /// Checks an entry.
    pub fn check(&self, pin: &Pin) -> Result<(), Text> {
        check(self.card, self.role, pin)
    }
}

fn prompt(role: Role, wording: &CardWording) -> Text {
    match role {
        _ if !wording.has_letter() => text::ask_pin(wording.pin(role)),
        Role::Authentication => text::ask_pin1(),
        Role::Signature => text::ask_pin2(),
    }
}

fn check(card: &Card, role: Role, pin: &Pin) -> Result<(), Text> {
    match card.pin(role) {
        Ok(spec) => rules::old_pin(pin, spec),
        Err(_) => Err(text::cannot()),
    }
}

impl Presenting {
    /// A failure with this card. Where nobody is known to have used the PIN over this interface, a refusal may mean that
    /// the card wants its contacts.
    fn failed(&self, failure: Failure, is_refusal: bool) -> Failure {
        let failure = self.card.failed(failure);
        if is_refusal && !self.card.insertion.is_proven(self.role) {
            failure.and(text::contacts_for(self.pin_name()))
        } else {
            failure
        }
    }
}

/// Has the card refused something else than a PIN?
fn is_refusal(error: &PinError) -> bool {
    let of_card = |error: &CardError| matches!(error, CardError::Refused { .. });
    match error {
        PinError::Card(error) => of_card(error),
        PinError::Unclear { cause, .. } => of_card(cause),
        _ => false,
    }
}

impl<'p> Permit<'p> {
    /// The key.
    pub(super) fn key(&self) -> &'p KeyView {
        self.key
    }

    /// The certificates of its issuers, if another program has asked for them.
    pub(super) fn issuers(&self) -> Vec<Vec<u8>> {
        self.presenting.issuers.clone()
    }

    /// Signs the content: a detached CMS signature with the certificate in it, DER.
    pub fn sign(self, content: Content) -> Result<Vec<u8>, Failure> {
        let (hash, digest) = content.finish();
        self.sign_as(Profile::Cades, hash, digest)
    }

    /// The same for a digest that another program has made.
    pub(super) fn sign_as(self, profile: Profile, hash: Hash, digest: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let broken = |_| Failure::new(Kind::Failed, [text::card_nonsense()]);
        let signer = (&self.key.certificate, Method::from(&self.key.public));
        let envelope = Envelope::new(signer, (hash, digest), profile).map_err(broken)?;
        let issuers = self.issuers();
        let signature = self.signature(envelope.input())?;
        envelope.seal(&signature, &issuers).map_err(broken)
    }

    /// Signs a digest that another program has made.
    pub fn sign_digest(self, hash: Hash, digest: &[u8]) -> Result<Vec<u8>, Failure> {
        let input = Method::from(&self.key.public).input(digest.to_vec(), hash);
        self.signature(&input)
    }

    /// Signs something random, and verifies the signature.
    pub fn test(self) -> Result<(), Failure> {
        let mut content = Content::new(&self.key.public);
        for _ in 0..4 {
            // Its keys are random.
            content.update(&RandomState::new().hash_one(0).to_be_bytes());
        }
        let (hash, digest) = content.finish();
        self.sign_digest(hash, &digest).map(|_| ())
    }

    /// Signs. The signature is returned only if it is valid under the certificate.
    pub(super) fn signature(mut self, input: &SignInput) -> Result<Vec<u8>, Failure> {
        let Presenting { card, role, wording, .. } = self.presenting;
        let authority = self.authority.take().ok_or_else(|| Failure::new(Kind::Failed, [text::cannot()]))?;
        let signature = card.reader.sign(&card.insertion, self.key, input, authority);
        let signature = signature.map_err(|error| {
            let failure = match error {
                PinError::Card(error) => Failure::asking(error),
                error => Failure::of_pin(error, *role, Step::ComputeSignature, wording),
            };
            self.presenting.failed(failure, is_refusal(&error))
        })?;
        if verify::holds(&self.key.public, input, &signature) {
            Ok(signature.to_vec())
        } else {
            let detail = CardError::Malformed { step: Step::ComputeSignature };
            let mut failure = Failure::asking(detail);
            failure.words = vec![text::signature_invalid()];
            Err(failure)
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.key.spec.pin_use == PinUse::OncePerLogin {
            self.presenting.card.reader.log_out(&self.presenting.card.insertion, self.presenting.role);
        }
    }
}

/// The keys of the first role that has suitable ones.
fn find(card: &Card, aim: Aim, wording: &CardWording) -> Result<(Role, Arc<View>), Failure> {
    for role in aim.roles() {
        let view = card.view(role)?;
        if view.iter().any(|key| aim.fits(&key.spec)) && wording.pin_there(role).is_some() {
            return Ok((role, view));
        }
    }
    Err(no_key(aim, wording))
}

fn no_key(aim: Aim, wording: &CardWording) -> Failure {
    let text = match aim {
        _ if wording.has_none() => text::no_usable_key(),
        Aim::Signing if !wording.has_two() => text::no_signing_key(),
        Aim::Signing => text::no_key(wording.pin(Role::Signature)),
        Aim::Testing => text::no_key(wording.pin(Role::Authentication)),
    };
    Failure::new(Kind::Unsupported, [text])
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::profile::KeyUses;
    use avain_card::cards::{CardProfile, belgium, estonia, fineid, latvia};

    fn chosen(profile: &CardProfile, aim: Aim) -> Vec<&str> {
        let keys = aim.roles().into_iter().flat_map(|role| profile.keys(role));
        keys.filter(|key| aim.fits(key)).map(|key| key.label.as_ref()).collect()
    }

    #[test]
    fn each_key_for_what_it_is() {
        for card in [&belgium::APPLET_1_7, &belgium::APPLET_1_8] {
            assert_eq!(chosen(card, Aim::Signing), ["Signature"]);
            assert_eq!(chosen(card, Aim::Testing), ["Authentication"]);
        }
        for card in [&estonia::IDEMIA, &estonia::THALES] {
            assert_eq!(chosen(card, Aim::Signing), ["Allkirjastamine"]);
            assert_eq!(chosen(card, Aim::Testing), ["Isikutuvastus"]);
        }
        assert_eq!(chosen(&latvia::CARD, Aim::Signing), ["LatEID signature"]);
        for key in fineid::V4_0.keys.iter() {
            assert_eq!(Aim::Signing.fits(key), key.role == Role::Signature);
            assert_eq!(Aim::Testing.fits(key), key.role == Role::Authentication);
        }
    }

    #[test]
    fn a_certificate_alone_signs_nothing() {
        let bare = KeySpec { uses: KeyUses::NONE, ..belgium::APPLET_1_8.keys[0].clone() };
        assert!(![Aim::Signing, Aim::Testing].iter().any(|aim| aim.fits(&bare)));
    }
}

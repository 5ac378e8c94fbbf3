//! The published example, and cards that do not keep to the protocol.
#![allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed, as it should")]

use super::*;
use crate::iso7816::channel::script::Script;
use crate::transport::{Protocol, Transport};
use avain_crypto::messaging::KeyLength;

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// ICAO 9303-11 G.1: the password is that of the machine-readable zone. Only Le after MSE SET is not in the example;
/// the recorded identity cards are sent it.
#[test]
fn the_published_example_agrees() {
    let steps: Vec<Vec<u8>> = [
        "0022C1A40F800A04007F0007020204020283010100",
        "9000",
        "10860000027C0000",
        "7C12801095A3A016522EE98D01E76CB6B98B42C39000",
        "10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00",
        "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C549000",
        "10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200",
        "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F0949000",
        "008600000C7C0A8508C2B0BD78D94BA86600",
        "7C0A86083ABB9674BCE93C089000",
    ]
    .map(hex)
    .into();
    let steps: Vec<(&[u8], &[u8])> = steps.chunks(2).map(|pair| (&pair[0][..], &pair[1][..])).collect();
    let mut keys = [
        "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595",
        "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99",
    ]
    .map(hex)
    .to_vec();
    let suite = Suite { length: KeyLength::Aes128, curve: Curve::BrainpoolP256, number: None };
    let password = hex("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD");
    let password = Password { reference: 1, characters: &password };
    let mut card = Script::new(Protocol::T1, &steps);
    let opened =
        open(&mut Channel::new(&mut card), &suite, password, &mut |_| keys.pop().map(Zeroizing::new));
    let first = opened.ok().unwrap().protect(&hex("00A4040C07A0000002471001")).unwrap();
    assert_eq!(first, hex("0CA4040C1D871101752F676B09FAC86A87D632749A49C7CC8E08C18BA1FCE707BD9F00"));
}

/// What a card does otherwise than the standard.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trick {
    None,
    /// Deciphered by the right password, it is zero.
    NonceOfZero,
    EmptyNonce,
    BrokenNonce,
    LongNonce,
    /// The point of this step is replaced: 0x82 for mapping, 0x84 for agreement.
    Replaced(u8, Point),
    WrongToken,
    /// Our token, sent back.
    OwnToken,
    NoToken,
    /// A step is refused with this status word: MSE SET, or one of those that follow.
    Refuses(usize, u16),
    /// An answer without its template.
    Bare,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Point {
    Ours,
    OffTheCurve,
    Infinity,
    Empty,
    /// Right, and compressed.
    Compressed,
}

const CURVES: [(Curve, u8); 4] =
    [(Curve::P256, 12), (Curve::BrainpoolP256, 13), (Curve::P384, 15), (Curve::BrainpoolP384, 16)];
const PASSWORD: Password<'_> = Password { reference: CAN, characters: b"123456" };

/// A card that knows the password.
struct Card {
    suite: Suite,
    trick: Trick,
    private: Zeroizing<Vec<u8>>,
    nonce: Vec<u8>,
    base: Vec<u8>,
    /// Ours and its own, on the mapped base point.
    publics: [Vec<u8>; 2],
    checking: Vec<u8>,
    steps: usize,
}

impl Card {
    fn new(curve: (Curve, u8), length: KeyLength, trick: Trick) -> Self {
        let suite = Suite { length, curve: curve.0, number: Some(curve.1) };
        let private = curve.0.private_key().unwrap();
        let nonce = if trick == Trick::NonceOfZero { vec![0; 16] } else { vec![0x5A; 16] };
        Card {
            suite,
            trick,
            private,
            nonce,
            base: vec![],
            publics: [vec![], vec![]],
            checking: vec![],
            steps: 0,
        }
    }

    fn open(&mut self) -> Result<Session, PaceError> {
        let suite = self.suite;
        open(&mut Channel::new(self), &suite, PASSWORD, &mut Curve::private_key)
    }

    fn replaced(&self, tag: u8, ours: &[u8], good: Vec<u8>) -> Vec<u8> {
        let Trick::Replaced(at, point) = self.trick else { return good };
        if at != tag {
            return good;
        }
        match point {
            Point::Ours => ours.to_vec(),
            Point::OffTheCurve => {
                let mut beside = good;
                *beside.last_mut().unwrap() ^= 1;
                beside
            }
            Point::Infinity => vec![0],
            Point::Empty => vec![],
            Point::Compressed => [&[2 + good.last().unwrap() % 2], &good[1..good.len() / 2 + 1]].concat(),
        }
    }

    fn answer(&mut self, tag: u8, ours: &[u8]) -> (u8, Vec<u8>) {
        let curve = self.suite.curve;
        match tag {
            0 => {
                let key = messaging::derive(PASSWORD.characters, Purpose::Password, self.suite.length);
                let mut nonce = self.nonce.clone();
                messaging::encipher(&key, [0; BLOCK], &mut nonce).unwrap();
                match self.trick {
                    Trick::EmptyNonce => nonce.clear(),
                    Trick::BrokenNonce => nonce.truncate(15),
                    Trick::LongNonce => nonce = vec![0x77; 64],
                    _ => {}
                }
                (0x80, nonce)
            }
            0x81 => {
                self.base = curve.map(&self.nonce, &self.private, ours).map_or(vec![], |base| base.to_vec());
                (0x82, self.replaced(0x82, ours, curve.public_key(&self.private, None).unwrap()))
            }
            0x83 => {
                let own = curve.public_key(&self.private, Some(&self.base)).unwrap();
                let secret = curve.agree(&self.private, ours).unwrap();
                self.checking = messaging::derive(&secret, Purpose::Checking, self.suite.length).to_vec();
                self.publics = [ours.to_vec(), own.clone()];
                (0x84, self.replaced(0x84, ours, own))
            }
            _ => {
                let mine = token(&self.suite, &self.checking, &self.publics[0]).unwrap().to_vec();
                assert_eq!(ours, token(&self.suite, &self.checking, &self.publics[1]).unwrap());
                let token = match self.trick {
                    Trick::WrongToken => mine.iter().map(|byte| byte ^ 1).collect(),
                    Trick::OwnToken => ours.to_vec(),
                    Trick::NoToken => vec![],
                    _ => mine,
                };
                (0x86, token)
            }
        }
    }
}

impl Transport for Card {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let step = self.steps;
        self.steps += 1;
        if let Trick::Refuses(at, status) = self.trick
            && at == step
        {
            return Ok(status.to_be_bytes().into());
        }
        if command[1] == 0x22 {
            return Ok(vec![0x90, 0]);
        }
        let template = &command[5..command.len() - 1];
        let (tag, ours) = tlv::DataObjects(tlv::find(template, 0x7C).unwrap())
            .next()
            .map_or((0, &[][..]), |object| (object.tag as u8, object.value));
        let (tag, value) = self.answer(tag, ours);
        if self.trick == Trick::Bare {
            return Ok(vec![0x90, 0]);
        }
        let length = value.len() as u8;
        Ok([&[0x7C, length + 2, tag, length][..], &value, &[0x90, 0]].concat())
    }

    fn protocol(&self) -> Protocol {
        Protocol::T1
    }
}

#[test]
fn a_card_that_knows_the_password_is_opened_on_every_curve() {
    for curve in CURVES {
        for length in [KeyLength::Aes128, KeyLength::Aes256] {
            assert!(Card::new(curve, length, Trick::None).open().is_ok());
        }
    }
}

#[test]
fn a_card_that_does_not_keep_to_the_protocol_is_not_opened() {
    let points = [Point::Ours, Point::OffTheCurve, Point::Infinity, Point::Empty, Point::Compressed];
    let replaced = points
        .iter()
        .flat_map(|point| [0x82, 0x84].map(|tag| (Trick::Replaced(tag, *point), PaceError::Malformed)));
    let others = [
        (Trick::NonceOfZero, PaceError::Malformed),
        (Trick::EmptyNonce, PaceError::Malformed),
        (Trick::BrokenNonce, PaceError::Malformed),
        (Trick::LongNonce, PaceError::Malformed),
        (Trick::Bare, PaceError::Malformed),
        (Trick::WrongToken, PaceError::Impostor),
        (Trick::OwnToken, PaceError::Impostor),
        (Trick::NoToken, PaceError::Impostor),
    ];
    for curve in CURVES {
        for (trick, error) in replaced.clone().chain(others) {
            let mut card = Card::new(curve, KeyLength::Aes256, trick);
            assert_eq!(card.open().err(), Some(error), "{trick:?}");
            // The password is judged in the last step, so nothing that went wrong before has cost the card a wrong one.
            assert_eq!(card.steps == 5, error == PaceError::Impostor, "{trick:?}");
        }
    }
}

#[test]
fn a_refusal_says_which_step_it_was() {
    use PaceStep::{Exchange, Name, Prove};
    for (at, step) in [Name, Name, Exchange, Exchange, Prove].into_iter().enumerate() {
        for status in [0x6300, 0x63C2, 0x6982, 0x6983, 0x6F00] {
            let mut card = Card::new(CURVES[0], KeyLength::Aes256, Trick::Refuses(at, status));
            let refused = PaceError::Refused { step, sw: StatusWord(status) };
            assert_eq!((card.open().err(), card.steps), (Some(refused), at + 1));
        }
    }
}

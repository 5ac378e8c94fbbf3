//! What may happen to a card: calls of the program, the holder's hand, another program.

use kit::codes::{NEW, NEWER, PUK, TRANSPORT, WRONG, WRONG_PUK, WRONG_TRANSPORT};
use kit::{PIN1, PIN2};
use proptest::prelude::*;
use simcard::DeliveryState;

/// PIN1 or PIN2, by position.
pub(crate) type Which = usize;

/// Digits that somebody types.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Typed {
    /// What the card holds at that moment.
    Right,
    /// These, whatever they are worth.
    Digits(&'static str),
}

/// What another program does, by raw commands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Foreign {
    Reset,
    Select,
    Verify(Which, Typed),
    Change(Which, Typed),
    Unblock(Which, Typed),
}

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// C_Login(CKU_USER).
    Login(Which, Typed),
    /// C_Login(CKU_SO).
    Officer(Which, &'static str),
    /// C_InitPIN.
    Init(Which, Typed),
    /// C_SetPIN.
    Set(Which, Typed, Typed),
    /// C_Logout.
    Logout(Which),
    /// A signature under the login that there is.
    Sign(Which),
    /// A signature with PIN2, and a login for it alone.
    SignWith(Typed),
    /// Another program.
    Foreign(Foreign),
    /// So long nothing happens that somebody may have typed a PIN.
    Pause,
    /// The card is taken out and put in again.
    Reinsert,
    /// The card is taken out and the other one put in.
    Swap,
}

/// Two cards, of which the first is in the reader, and what happens to them.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) states: [DeliveryState; 2],
    pub(crate) steps: Vec<Step>,
}

pub(crate) fn story() -> impl Strategy<Value = Story> {
    let state = || prop::sample::select(DeliveryState::ALL.to_vec());
    // Most programs meet most often what is in order.
    let state = || prop_oneof![1 => Just(DeliveryState::Activated), 1 => state()];
    (state(), state(), prop::collection::vec(steps(), 1..20))
        .prop_map(|(first, second, steps)| Story { states: [first, second], steps: steps.concat() })
}

/// Few different PINs, so that they meet again.
fn pin() -> impl Strategy<Value = Typed> {
    let possible = prop::sample::select(vec![NEW, NEWER, WRONG, TRANSPORT, PIN1.1, PIN2.1]);
    let impossible = prop::sample::select(vec!["", "12", "12a456", "1234567890123"]);
    prop_oneof![
        12 => Just(Typed::Right),
        5 => possible.prop_map(Typed::Digits),
        1 => impossible.prop_map(Typed::Digits),
    ]
}

fn new_pin() -> impl Strategy<Value = Typed> {
    let possible = prop::sample::select(vec![NEW, NEWER, WRONG]);
    prop_oneof![8 => possible.prop_map(Typed::Digits), 1 => pin()]
}

fn code() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => Just(PUK),
        3 => Just(TRANSPORT),
        1 => Just(WRONG_PUK),
        1 => Just(WRONG_TRANSPORT),
        1 => Just("123"),
    ]
}

fn foreign() -> impl Strategy<Value = Foreign> {
    let which = || 0..2_usize;
    prop_oneof![
        2 => Just(Foreign::Reset),
        2 => Just(Foreign::Select),
        3 => (which(), pin()).prop_map(|(which, pin)| Foreign::Verify(which, pin)),
        2 => (which(), new_pin()).prop_map(|(which, new)| Foreign::Change(which, new)),
        1 => (which(), new_pin()).prop_map(|(which, new)| Foreign::Unblock(which, new)),
    ]
}

/// What belongs together and rarely meets by chance, and whatever may happen in between.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = || 0..2_usize;
    prop_oneof![
        3 => (which(), code(), new_pin()).prop_map(|(which, code, new)| {
            vec![Step::Logout(which), Step::Officer(which, code), Step::Init(which, new), Step::Logout(which)]
        }),
        4 => which().prop_map(|which| vec![Step::Login(which, Typed::Right), Step::Sign(which)]),
        15 => step().prop_map(|step| vec![step]),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let which = || 0..2_usize;
    prop_oneof![
        24 => (which(), pin()).prop_map(|(which, pin)| Step::Login(which, pin)),
        8 => (which(), code()).prop_map(|(which, code)| Step::Officer(which, code)),
        4 => (which(), new_pin()).prop_map(|(which, new)| Step::Init(which, new)),
        12 => (which(), pin(), new_pin()).prop_map(|(which, old, new)| Step::Set(which, old, new)),
        6 => which().prop_map(Step::Logout),
        16 => which().prop_map(Step::Sign),
        6 => pin().prop_map(Step::SignWith),
        16 => foreign().prop_map(Step::Foreign),
        12 => Just(Step::Pause),
        // These take pcscd up to half a second each.
        1 => Just(Step::Reinsert),
        1 => Just(Step::Swap),
    ]
}

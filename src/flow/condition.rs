//! The condition of a card, in words.

use super::failure::number;
use super::text::{self, Text};
use super::wording::CardWording;
use avain_card::cards::Role;
use avain_card::cards::profile::Delivery;

pub use avain_card::cards::Stage;
pub use avain_card::token::condition::{Activation, Condition, Next, PinCondition};

/// A value with a name for programs.
pub trait Named {
    /// Its name in the tool's JSON.
    fn name(self) -> &'static str;
}

impl Named for Stage {
    fn name(self) -> &'static str {
        match self {
            Stage::Ready => "ready",
            Stage::Fresh => "fresh",
            Stage::Usable => "usable",
            Stage::Unset | Stage::UnsetOrLocked => "unset-or-locked",
            Stage::Locked => "locked",
            Stage::Unknown => "unknown",
        }
    }
}

impl Named for Activation {
    fn name(self) -> &'static str {
        match self {
            Activation::Done => "done",
            Activation::Partly => "partly",
            Activation::Open => "open",
        }
    }
}

impl Named for Next {
    fn name(self) -> &'static str {
        match self {
            Next::Nothing => "nothing",
            Next::Activate(_) => "activate",
            Next::Unblock(Role::Authentication) => "unblock 1",
            Next::Unblock(Role::Signature) => "unblock 2",
            Next::Lost => "lost",
        }
    }
}

/// The condition of a card, in words.
pub trait InWords {
    /// The state of a PIN, by its name in the tool's JSON.
    fn stage_name(&self, pin: &PinCondition) -> &'static str;
    /// The state of all PINs, in words.
    fn words(&self, wording: &CardWording) -> Vec<Text>;
    /// What to do next, in words.
    fn advice(&self, wording: &CardWording) -> Vec<Text>;
}

impl InWords for Condition {
    fn stage_name(&self, pin: &PinCondition) -> &'static str {
        if self.is_locked(pin.stage) { Stage::Locked.name() } else { pin.stage.name() }
    }

    fn words(&self, wording: &CardWording) -> Vec<Text> {
        let mut said: Vec<Text> = self.pins.iter().map(|pin| pin_words(self, pin, wording)).collect();
        // A transport code uses up the tries of the PINs, and holders who have one have no PUK yet.
        let any = |wanted: fn(Stage) -> bool| self.pins.iter().any(|pin| wanted(pin.stage));
        let matters = !wording.has_letter() || any(Stage::needs_puk) || !any(|stage| stage == Stage::Fresh);
        match self.code_left.filter(|_| matters) {
            Some(0) => said.push(text::code_locked(wording.help)),
            Some(left) => said.push(text::code_left(wording.help, left)),
            None => {}
        }
        said
    }

    fn advice(&self, wording: &CardWording) -> Vec<Text> {
        let first_change = self.delivery == Delivery::FirstChange;
        let text = match self.next() {
            _ if wording.has_none() => text::certificates_only(),
            Next::Nothing => text::next_nothing(),
            Next::Activate(_) if first_change => text::next_first_change(to_be_changed(self, wording)),
            Next::Activate(_) if both_locked(self) => text::next_set_both(),
            Next::Activate(Activation::Partly) => text::next_go_on(),
            Next::Activate(_) => text::next_activate(),
            Next::Unblock(role) => {
                let how = text::next_unblock(wording.pin(role), number(role));
                return [how].into_iter().chain(wording.where_puk()).collect();
            }
            Next::Lost => text::next_lost(wording.family),
        };
        vec![text]
    }
}

fn pin_words(card: &Condition, pin: &PinCondition, wording: &CardWording) -> Text {
    let name = wording.pin(pin.role);
    match (pin.stage, pin.left, card.delivery) {
        (Stage::Fresh, Some(left), Delivery::Letter { .. }) => text::pin_fresh(name, left),
        (Stage::Fresh, Some(left), Delivery::FirstChange) => text::pin_unchanged(name, left),
        (Stage::Ready | Stage::Usable | Stage::Fresh, Some(left), _) => text::pin_ready(name, left),
        (stage, ..) if card.is_locked(stage) => text::pin_locked(name),
        (Stage::Unset, ..) if card.had_transport_codes => text::pin_locked_by_codes(name),
        (Stage::Unset | Stage::UnsetOrLocked, ..) => text::pin_unset(name),
        _ => text::pin_unknown(name),
    }
}

/// Are both PINs locked, of a card that was activated once, or by wrong transport codes?
fn both_locked(card: &Condition) -> bool {
    let unset = card.pins.iter().all(|pin| pin.stage == Stage::Unset);
    card.activation() == Activation::Done || (unset && card.had_transport_codes)
}

/// The PIN that has to be changed before the card signs.
fn to_be_changed(card: &Condition, wording: &CardWording) -> &'static str {
    let fresh = card.pins.iter().rfind(|pin| pin.stage == Stage::Fresh);
    wording.pin(fresh.map_or(Role::Signature, |pin| pin.role))
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::{CardProfile, PinState, belgium, estonia, fineid, pkcs15};

    /// The words for a card whose PINs and PUK have this many tries left.
    fn said(profile: &CardProfile, pins: &[(Option<u8>, Option<bool>)], code: Option<u8>) -> Vec<String> {
        let pins: Vec<_> = Role::ALL
            .into_iter()
            .zip(pins)
            .map(|(role, (left, changed))| (role, PinState { left: *left, changed: *changed }))
            .collect();
        let condition = Condition::of(&pins, PinState { left: code, changed: None }, &profile.codes);
        let wording = CardWording::of(profile);
        let mut said = condition.words(&wording);
        said.extend(condition.advice(&wording));
        said.iter().map(|text| text.id.to_owned()).collect()
    }

    #[test]
    fn every_kind_of_card() {
        const SET: Option<bool> = Some(true);
        const NEVER: Option<bool> = Some(false);
        let (estonia, thales) = (&estonia::IDEMIA, &estonia::THALES);
        for (profile, pins, code, expected) in [
            (
                estonia,
                &[(Some(3), None), (Some(3), None)][..],
                Some(3),
                "pin_ready pin_ready code_left next_nothing",
            ),
            (
                estonia,
                &[(Some(0), None), (Some(3), None)],
                Some(3),
                "pin_locked pin_ready code_left next_unblock where_puk",
            ),
            (
                estonia,
                &[(Some(0), None), (Some(3), None)],
                Some(0),
                "pin_locked pin_ready code_locked next_lost",
            ),
            (
                thales,
                &[(Some(3), SET), (Some(3), SET)],
                Some(3),
                "pin_ready pin_ready code_left next_nothing",
            ),
            (
                thales,
                &[(Some(3), SET), (Some(3), NEVER)],
                Some(3),
                "pin_ready pin_unchanged code_left next_first_change",
            ),
            (
                thales,
                &[(Some(3), SET), (Some(0), NEVER)],
                Some(3),
                "pin_ready pin_locked code_left next_unblock where_puk_estonia",
            ),
            (&belgium::APPLET_1_8, &[(Some(3), None)], None, "pin_ready next_nothing"),
            (&belgium::APPLET_1_8, &[(Some(0), None)], None, "pin_locked next_lost"),
            (&belgium::APPLET_1_8, &[(None, None)], None, "pin_unknown next_nothing"),
            (&pkcs15::CARD, &[], None, "certificates_only"),
            (
                &fineid::V4_0,
                &[(Some(0), None), (Some(0), None)],
                Some(5),
                "pin_unset pin_unset code_left next_activate",
            ),
            (
                &fineid::V4_0,
                &[(Some(5), NEVER), (Some(5), NEVER)],
                Some(5),
                "pin_fresh pin_fresh next_activate",
            ),
            (
                &fineid::V4_0,
                &[(Some(0), NEVER), (Some(5), NEVER)],
                Some(5),
                "pin_locked_by_codes pin_fresh code_left next_activate",
            ),
            (
                &fineid::V4_0,
                &[(Some(0), SET), (Some(0), SET)],
                Some(5),
                "pin_locked pin_locked code_left next_set_both",
            ),
        ] {
            assert_eq!(said(profile, pins, code).join(" "), expected, "{}: {pins:?}", profile.model);
        }
    }
}

//! Wording that depends on the kind of card: the names of its PINs, its delivery, and what unlocks a PIN.

use super::failure::number;
use super::text::{self, Text, Variable};
use avain_card::cards::profile::{Delivery, Family, Secret, Unblocking, Writing};
use avain_card::cards::{CardProfile, Role};

/// What unlocks a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Help {
    /// The activation code or the PUK: Finnish citizen cards.
    Letter,
    /// The PUK.
    Puk,
    /// Only the holder's municipality: Belgium.
    Municipality,
    /// The issuer of the card, if anybody.
    Issuer,
}

/// By its name in the message files.
impl From<Help> for Variable {
    fn from(help: Help) -> Self {
        Variable::from(match help {
            Help::Letter => "letter",
            Help::Puk => "puk",
            Help::Municipality => "municipality",
            Help::Issuer => "issuer",
        })
    }
}

/// By its name in the message files.
impl From<Family> for Variable {
    fn from(family: Family) -> Self {
        Variable::from(match family {
            Family::Finland => "finland",
            Family::FinnishOrganisation => "organisation",
            Family::EstoniaWithEnvelope => "estonia-envelope",
            Family::Estonia => "estonia",
            Family::Latvia => "latvia",
            Family::Lithuania => "lithuania",
            Family::Belgium => "belgium",
            Family::Unknown => "unknown",
        })
    }
}

/// The wording for a kind of card.
#[derive(Clone, Copy, Debug)]
pub struct CardWording {
    names: [Option<&'static str>; 2],
    /// What unlocks its PINs.
    pub help: Help,
    /// What the card is called, and who helps its holder.
    pub family: Family,
    /// In which state it was delivered.
    pub delivery: Delivery,
    writing: Writing,
    /// Does its holder know one PIN, for both?
    pub(super) pins_equal: bool,
    /// Does its PUK give a PIN its tries again, and nothing else?
    pub(super) puk_refills: bool,
}

impl CardWording {
    /// The wording for cards with this profile.
    pub(super) fn of(profile: &CardProfile) -> Self {
        let help = match profile.family {
            Family::Finland | Family::FinnishOrganisation => Help::Letter,
            Family::EstoniaWithEnvelope | Family::Estonia | Family::Latvia | Family::Lithuania => Help::Puk,
            Family::Belgium => Help::Municipality,
            Family::Unknown => Help::Issuer,
        };
        CardWording {
            names: Role::ALL.map(|role| profile.pin(role).map(|spec| spec.name)),
            help,
            family: profile.family,
            delivery: profile.codes.delivery,
            writing: profile.writing,
            pins_equal: profile.pins_equal,
            puk_refills: profile
                .codes
                .puk
                .as_ref()
                .is_some_and(|puk| matches!(puk.unblocking, Unblocking::Counter { .. })),
        }
    }

    /// The name of a PIN; if the card does not have it, its name on other cards.
    pub fn pin(&self, role: Role) -> &'static str {
        self.pin_there(role).unwrap_or(Secret::Pin(role).name())
    }

    /// The name of a PIN that the card has.
    pub fn pin_there(&self, role: Role) -> Option<&'static str> {
        let [first, second] = self.names;
        match role {
            Role::Authentication => first,
            Role::Signature => second,
        }
    }

    /// The name of a PIN or of the PUK.
    pub(super) fn secret(&self, secret: Secret) -> &'static str {
        match secret {
            Secret::Pin(role) => self.pin(role),
            Secret::Puk => secret.name(),
        }
    }

    /// Does the card have both PINs?
    pub(super) fn has_two(&self) -> bool {
        self.names.iter().all(Option::is_some)
    }

    /// Does it have no PIN at all?
    pub(super) fn has_none(&self) -> bool {
        self.names.iter().all(Option::is_none)
    }

    /// Is it activated by a code from a letter, as Finnish citizen cards are?
    pub(super) fn has_letter(&self) -> bool {
        matches!(self.delivery, Delivery::Letter { .. })
    }

    /// Is it a Finnish identity card?
    pub(super) fn is_finnish(&self) -> bool {
        self.family == Family::Finland
    }

    /// How its PINs can be changed, if nothing has to be activated.
    pub(super) fn how_to_change(&self) -> Option<Text> {
        if self.writing == Writing::Never || self.has_none() {
            None
        } else if self.has_two() && !self.pins_equal {
            Some(text::how_to_change())
        } else {
            Some(text::how_to_change_one(number(Role::Authentication)))
        }
    }

    /// That a PIN is locked, and what helps.
    pub(super) fn locked(&self, role: Role) -> Vec<Text> {
        let locked = text::pin_is_locked(self.pin(role), number(role), self.help);
        [locked].into_iter().chain(self.where_puk()).collect()
    }

    /// That the code which unlocks PINs is locked, and what then.
    pub(super) fn code_is_locked(&self) -> Vec<Text> {
        vec![text::code_is_locked(self.help), text::code_lost(self.family)]
    }

    /// Where the PUK is.
    pub(super) fn where_puk(&self) -> Option<Text> {
        match (self.help, self.family) {
            (Help::Puk, Family::Estonia) => Some(text::where_puk_estonia()),
            // No source says where it is.
            (Help::Puk, Family::Lithuania) => None,
            (Help::Puk, _) => Some(text::where_puk()),
            (Help::Letter | Help::Municipality | Help::Issuer, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::{PROFILES, belgium, estonia, fineid, fineid_org, latvia, lithuania, pkcs15};

    #[test]
    fn each_kind_of_card_in_its_own_words() {
        let citizens = [&fineid::V4_0, &fineid::V4_1, &fineid::V3_1, &fineid::V3_0];
        let two = [Some("PIN1"), Some("PIN2")];
        let mut said = 0;
        for (cards, help, names) in [
            (&citizens[..], Help::Letter, two),
            (&[&estonia::IDEMIA, &estonia::THALES], Help::Puk, two),
            (&[&latvia::CARD], Help::Puk, two),
            (&[&lithuania::CARD], Help::Puk, [Some("PIN"), Some("QES PIN")]),
            (&[&fineid_org::CARD], Help::Letter, two),
            (&[&belgium::APPLET_1_8, &belgium::APPLET_1_7], Help::Municipality, [Some("PIN"), None]),
            (&[&pkcs15::CARD], Help::Issuer, [None, None]),
        ] {
            for profile in cards {
                let wording = CardWording::of(profile);
                assert_eq!(wording.help, help, "{}", profile.model);
                assert_eq!(Role::ALL.map(|role| wording.pin_there(role)), names, "{}", profile.model);
                said += usize::from(PROFILES.iter().any(|known| std::ptr::eq(*known, *profile)));
            }
        }
        assert_eq!(said, PROFILES.len(), "what is said of a new card?");
    }

    #[test]
    fn where_the_puk_is() {
        let said = |profile| CardWording::of(profile).where_puk().map(|text| text.id);
        assert_eq!(said(&fineid::V4_0), None);
        assert_eq!(said(&estonia::IDEMIA), Some("where_puk"));
        assert_eq!(said(&estonia::THALES), Some("where_puk_estonia"));
        assert_eq!(said(&lithuania::CARD), None);
        assert_eq!(said(&belgium::APPLET_1_8), None);
    }
}

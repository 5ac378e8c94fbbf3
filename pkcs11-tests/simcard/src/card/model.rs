//! The cards that can be simulated: one list, from which everything else about them follows.

use crate::chip::Blueprint;
use crate::facts::description::{CardDescription, Family, References};
use crate::facts::holder::Country;
use crate::facts::switches::{SwitchInfo, Switches};
use crate::families::{belgium, fineid, idemia, lithuania, pkcs15, strangers, thales};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

macro_rules! models {
    (citizens: $( $(#[$doc:meta])+ $citizen:ident = $citizen_card:path, )+
     others: $( $(#[$other_doc:meta])+ $other:ident = $other_card:path, )+) => {
        /// The cards that can be simulated.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
        pub enum CardModel { $( $(#[$doc])+ $citizen, )+ $( $(#[$other_doc])+ $other, )+ }

        impl CardModel {
            /// Every Finnish citizen card.
            pub const ALL: [Self; [$(Self::$citizen),+].len()] = [$(Self::$citizen),+];

            /// Every model.
            pub const EVERY: &[Self] = &[$(Self::$citizen,)+ $(Self::$other,)+];

            /// What it is made of, and how one is made.
            pub(crate) fn blueprint(self) -> &'static dyn Blueprint {
                match self {
                    $( Self::$citizen => &$citizen_card, )+
                    $( Self::$other => &$other_card, )+
                }
            }
        }
    };
}

models! {
    citizens:
    /// `fineid-v3.0`: RSA-2048, issued 2017 to January 2021.
    FineidV3_0 = fineid::generations::v3_0::CARD,
    /// `fineid-v3.1`: RSA-3072, issued 2021 to March 2023.
    FineidV3_1 = fineid::generations::v3_1::CARD,
    /// `fineid-v4.0`: P-384, issued since March 2023.
    #[default]
    FineidV4_0 = fineid::generations::v4_0::CARD,
    /// `fineid-v4.1`: P-384, the newest chip.
    FineidV4_1 = fineid::generations::v4_1::CARD,
    others:
    /// `estonia-idemia`: P-384, Cosmo 8, ID card issued since 2018.
    EstoniaIdemia = idemia::cards::ESTONIA_IDEMIA,
    /// `estonia-idemia-x`: the same on Cosmo X, until November 2025.
    EstoniaIdemiaX = idemia::cards::ESTONIA_IDEMIA_X,
    /// `e-residency-idemia`: the e-resident's digi-ID on Cosmo 8.
    EResidencyIdemia = idemia::cards::E_RESIDENCY_IDEMIA,
    /// `estonia-thales`: P-384, ID card issued since November 2025.
    EstoniaThales = thales::cards::ESTONIA_THALES,
    /// `estonia-thales-later`: the same on a chip of a later version, which nobody has seen.
    EstoniaThalesLater = thales::cards::ESTONIA_THALES_LATER,
    /// `e-residency-thales`: the e-resident's digi-ID of the same kind.
    EResidencyThales = thales::cards::E_RESIDENCY_THALES,
    /// `latvia-rsa`: RSA-2048, the first certificates of cards since 2019.
    LatviaRsa = idemia::cards::LATVIA_RSA,
    /// `latvia-ec`: P-384, renewed and newer certificates.
    LatviaEc = idemia::cards::LATVIA_EC,
    /// `lithuania`: P-384, issued since 2021; everything through a channel, over contacts.
    Lithuania = lithuania::cards::LITHUANIA,
    /// `fineid-later`: a Finnish citizen card like v4.1 on a chip of a later version, which nobody has seen.
    FineidLater = fineid::generations::v4_1::LATER,
    /// `fineid-org`: Finnish organisation card, P-384.
    FineidOrg = pkcs15::ORGANISATION_EC,
    /// `fineid-org-rsa`: Finnish organisation card, RSA-2048.
    FineidOrgRsa = pkcs15::ORGANISATION_RSA,
    /// `belgium-1.7`: RSA-2048.
    Belgium1_7 = belgium::BELGIUM_1_7,
    /// `belgium-1.8`: P-384.
    Belgium1_8 = belgium::BELGIUM_1_8,
    /// `pkcs15-card`: no table knows it; its directory tells everything.
    Pkcs15 = pkcs15::COMPLETE,
    /// `pkcs15-card-partial`: no table knows it, and its directory lacks a part.
    Pkcs15Partial = pkcs15::PARTIAL,
    /// `bank-card`: a payment card, on which every VERIFY costs a try.
    Bank = strangers::BANK,
    /// `sim-card`: knows class A0 only.
    Sim = strangers::SIM,
    /// `half-personalised`: the ATR of an Estonian card, and nothing in it.
    HalfPersonalised = strangers::HALF_PERSONALISED,
    /// `mute-card`: answers 6F00 to everything.
    Mute = strangers::MUTE,
}

impl CardModel {
    /// Every identity card, so that a list of cards to test can be derived and takes a new one in by itself: neither a
    /// stranger nor a card that is made to lack a part.
    pub fn identity_cards() -> impl Iterator<Item = Self> {
        let cards = Self::EVERY.iter().copied();
        cards.filter(|model| {
            !matches!(model.description().family, Family::Stranger) && *model != Self::Pkcs15Partial
        })
    }

    /// Every identity card of a country.
    pub fn of(country: Country) -> impl Iterator<Item = Self> {
        Self::identity_cards().filter(move |model| model.description().country == country)
    }

    /// Every identity card with this answer to reset: software that knows the answer has a card to be tested with, or
    /// the list lacks one.
    pub fn with_atr(atr: &[u8]) -> impl Iterator<Item = Self> {
        Self::identity_cards().filter(move |model| model.description().atr == atr)
    }

    /// Its description.
    pub fn description(self) -> &'static CardDescription {
        self.blueprint().description()
    }

    /// The switches that say something of it.
    pub fn switches(self) -> Vec<SwitchInfo> {
        Switches::of(self.description())
    }

    /// Refuses a switch that says nothing of this card, so that no test sets one for nothing. A name that no switch has
    /// is refused where it is set.
    pub(crate) fn check_switch(self, name: &str) -> Result<(), String> {
        let known = |switches: Vec<SwitchInfo>| switches.iter().any(|switch| switch.name == name);
        if known(self.switches()) || !known(Switches::list()) {
            return Ok(());
        }
        Err(format!("the switch {name} says nothing of a {self} card"))
    }

    /// References of PIN1, PIN2 and the PUK.
    pub fn references(self) -> References {
        self.description().references()
    }
}

impl fmt::Display for CardModel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.description().name)
    }
}

impl FromStr for CardModel {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::EVERY.iter().copied().find(|model| model.description().name == text).ok_or_else(|| {
            let names: Vec<_> = Self::EVERY.iter().map(|model| model.description().name).collect();
            format!("{text:?} is no card; choose from {}", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::description::Protocol;

    #[test]
    fn names_references_and_check_bytes() {
        for model in CardModel::EVERY {
            let card = model.description();
            assert_eq!(card.name.parse::<CardModel>(), Ok(*model));
            for key in card.keys {
                assert!(card.pins.iter().any(|pin| pin.reference == key.pin));
            }
            if card.protocol == Protocol::T1 {
                let check = card.atr[1..].iter().fold(0, |sum, byte| sum ^ byte);
                assert_eq!(check, 0, "{}", card.name);
            }
        }
    }

    #[test]
    fn lists_that_are_derived() {
        assert_eq!(CardModel::identity_cards().count(), CardModel::EVERY.len() - 5);
        assert!(CardModel::ALL.iter().all(|model| model.description().family == Family::Fineid));
        let finnish = CardModel::of(Country::Finland).filter(|model| !CardModel::ALL.contains(model));
        assert!(finnish.eq([
            CardModel::FineidLater,
            CardModel::FineidOrg,
            CardModel::FineidOrgRsa,
            CardModel::Pkcs15
        ]));
        for model in CardModel::identity_cards() {
            let card = model.description();
            assert!(CardModel::with_atr(card.atr).any(|other| other == model));
            assert_ne!(card.country, Country::Elsewhere, "{model}");
            assert!(!card.keys.is_empty() && !card.pins.is_empty(), "{model}");
        }
        assert_eq!(CardModel::with_atr(&[0x3B, 0x00]).count(), 0);
        let names: std::collections::BTreeSet<_> =
            CardModel::EVERY.iter().map(|m| m.description().name).collect();
        assert_eq!(names.len(), CardModel::EVERY.len());
    }

    #[test]
    fn descriptions_are_consistent() {
        for model in CardModel::ALL {
            let card = model.description();
            // T0 = 7F: TA1, TB1, TC1 and 15 historical bytes, no TD1, so no check byte.
            assert_eq!((card.atr[0], card.atr[1], card.atr.len()), (0x3B, 0x7F, 20));
            assert_eq!(card.atr[2], 0x96);
            for key in card.keys {
                assert!(card.pins.iter().any(|pin| pin.reference == key.pin));
                let same = card.keys.iter().filter(|other| other.reference == key.reference);
                assert_eq!(same.count(), 1);
            }
        }
    }
}

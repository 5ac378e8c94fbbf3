//! The generations of Finnish citizen cards, as data; confidence as in [`crate::facts::description`].

pub(crate) mod v3_0;
pub(crate) mod v3_1;
pub(crate) mod v4_0;
pub(crate) mod v4_1;

use super::authority::Generation;
use crate::facts::air;
use crate::facts::date::Date;
use crate::facts::description::{
    CardDescription, Family, KeyDescription, KeyKind, KeyUsage, PinDescription, PinRole, Protocol,
};
use crate::facts::holder::Country;
use crate::facts::state::DeliveryState;

/// File identifier of the DF with the signature objects (recorded test cards; A).
pub(crate) const DF_SIGNATURE: u16 = 0x5016;

/// A generation of Finnish citizen cards.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FineidDescription {
    /// What every card has.
    pub(crate) card: CardDescription,
    /// Manufacturer in EF.CIAInfo.
    pub(crate) manufacturer: &'static str,
    /// Label in EF.CIAInfo.
    pub(crate) label: &'static str,
    /// How EF.CIAInfo writes the serial number.
    pub(crate) serial: SerialForm,
    /// Algorithm bytes that EF.CIAInfo lists (the list itself: G).
    pub(crate) algorithms: &'static [u8],
    /// Which certification authorities issued it.
    pub(crate) generation: Generation,
    /// Content of EF.CardAccess (2F00 needs none: it follows from the AID).
    pub(crate) card_access: &'static [u8],
    /// Day of issue by the old activation scheme.
    pub(crate) issued_old_scheme: Date,
    /// Day of issue by the new activation scheme.
    pub(crate) issued_new_scheme: Date,
}

/// Form of the serial number in EF.CIAInfo (ReFineID token_serial.rs; C).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SerialForm {
    /// 10 bytes BCD; the printed card number is digits 11 to 19.
    Bcd,
    /// 17 printable characters; the last 9 are the printed card number.
    Printable,
}

/// The PINs of every citizen card: references 11 and 82, five tries (recorded test cards; A), PUK 83 (OpenSC,
/// libelectronic-id, ReFineID; B), five tries (C); shortest lengths FINEID S4-1 §4.1 (C).
pub(crate) const CITIZEN_PINS: &[PinDescription] = &[
    PinDescription { reference: 0x11, shortest: 4, tries: 5, role: PinRole::Authentication },
    PinDescription { reference: 0x82, shortest: 6, tries: 5, role: PinRole::Signature },
    PinDescription { reference: 0x83, shortest: 8, tries: 5, role: PinRole::Unblocking },
];

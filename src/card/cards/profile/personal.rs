//! What a card tells everybody of its holder.

use super::SelectTarget;

/// What a card tells of its holder to everybody.
#[derive(Clone, Copy, Debug)]
pub enum PersonalData {
    /// Nothing.
    None,
    /// A file per statement, with text alone in it, in this directory.
    Records {
        /// The directory.
        directory: &'static SelectTarget,
        /// Identifiers of the files.
        files: &'static [(u16, PersonalField)],
    },
    /// Files of tags and texts, one length byte each (FF: more follows), with these paths.
    Tagged {
        /// The paths.
        files: &'static [&'static [u8]],
        /// Their tags, by file.
        tags: &'static [(usize, u8, PersonalField)],
    },
}

/// What a card can tell of its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonalField {
    /// Family name.
    Surname,
    /// Given names.
    GivenNames,
    /// Sex, in the issuer's letter for it.
    Sex,
    /// Citizenship.
    Citizenship,
    /// Date and place of birth.
    Birth,
    /// Place of birth.
    BirthPlace,
    /// Personal code or national number.
    PersonalCode,
    /// Document number.
    DocumentNumber,
    /// First day of validity.
    ValidFrom,
    /// Last day of validity.
    ValidTo,
    /// Date and place, or authority, of issue.
    Issue,
    /// Street and number.
    Street,
    /// Postal code.
    PostalCode,
    /// Municipality.
    Municipality,
}

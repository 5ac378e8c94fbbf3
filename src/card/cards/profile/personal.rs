//! Personal data that can be read without a PIN.

use super::SelectTarget;

/// Where personal data can be read without a PIN.
#[derive(Clone, Copy, Debug)]
pub enum PersonalData {
    /// Nowhere.
    None,
    /// In one file per field, which contains text.
    Records {
        /// The DF of the files.
        directory: &'static SelectTarget,
        /// File identifiers.
        files: &'static [(u16, PersonalField)],
    },
    /// In files of tagged fields: tag, length in one byte (after FF the value goes on with another length), text.
    Tagged {
        /// Paths of the files.
        files: &'static [&'static [u8]],
        /// Index of the file, tag, field.
        tags: &'static [(usize, u8, PersonalField)],
    },
}

/// A field of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonalField {
    /// Family name.
    Surname,
    /// Given names.
    GivenNames,
    /// Sex, as the issuer abbreviates it.
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

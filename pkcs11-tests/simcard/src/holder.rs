//! The made-up person on the card, and calendar dates.

use serde::Serialize;
use std::str::FromStr;

/// A day of the calendar in Finland.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Date {
    /// Year.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day, 1 to 31.
    pub day: u32,
}

impl Date {
    /// A date written down in the source.
    pub const fn new(year: i32, month: u32, day: u32) -> Self {
        Self { year, month, day }
    }

    fn day_before(self) -> Self {
        let Self { year, month, day } = self;
        match (month, day) {
            (1, 1) => Self::new(year - 1, 12, 31),
            (_, 1) => Self::new(year, month - 1, days_of_month(year, month - 1)),
            _ => Self::new(year, month, day - 1),
        }
    }

    /// Hour in UTC of Finnish midnight: 22 in winter, 21 in summer (changes on the last Sundays of March and
    /// October; the few days beside them do not matter here).
    fn midnight_utc(self) -> u32 {
        if (4..=10).contains(&self.month) { 21 } else { 22 }
    }

    /// Start of the day as UTCTime.
    pub(crate) fn start_utc(self) -> String {
        let Self { year, month, day } = self.day_before();
        format!("{:02}{month:02}{day:02}{:02}0000Z", year % 100, self.midnight_utc())
    }

    /// Last second of the day as UTCTime: 20:59:59 or 21:59:59, as in the recorded certificates.
    pub(crate) fn end_utc(self) -> String {
        let Self { year, month, day } = self;
        format!("{:02}{month:02}{day:02}{:02}5959Z", year % 100, self.midnight_utc() - 1)
    }

    /// Last day of a validity of so many years that starts on this day.
    pub(crate) fn last_day_after_years(self, years: i32) -> Self {
        let year = self.year + years;
        Self { year, month: self.month, day: self.day.min(days_of_month(year, self.month)) }.day_before()
    }
}

impl FromStr for Date {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split('-').map(|part| part.parse::<u32>().ok());
        let (Some(Some(year)), Some(Some(month)), Some(Some(day)), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(format!("{text:?} is no date (YYYY-MM-DD)"));
        };
        let year = year as i32;
        // UTCTime holds 1950 to 2049, and the validity adds five years.
        if !(1951..=2043).contains(&year)
            || !(1..=12).contains(&month)
            || !(1..=days_of_month(year, month)).contains(&day)
        {
            return Err(format!("{text:?} is no date between 1951 and 2043"));
        }
        Ok(Self { year, month, day })
    }
}

fn days_of_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

const GIVEN_NAMES: [&str; 6] = ["AINO", "VEIKKO", "ÅSA", "TAPIO", "HELMI", "ONNI"];
const SURNAMES: [&str; 5] =
    ["SIMULAATTORI-TESTINEN", "MALLIKAS-KOEKORTTI", "ESIMERKKI-ÄIJÄLÄ", "TEKAISTU-LAINE", "KUVITELLUNMÄKI"];

const ESTONIAN_GIVEN_NAMES: &[&str] = &["MÄRT-KRISTJAN", "ÕNNE-LIIS", "JÜRI", "KÄTLIN", "TÕNU"];
const ESTONIAN_SURNAMES: &[&str] = &["JÕESIMULAATOR", "NÄIDIS-ŠABLOON", "PROOVIKÄÄR", "MÕELDUD-ŽEST"];
const LATVIAN_GIVEN_NAMES: &[&str] = &["MĀRA", "JĀNIS", "ŅINA", "ĢIRTS", "ZAĻMA"];
const LATVIAN_SURNAMES: &[&str] = &["PARAUDZIŅA-SIMULĒTA", "IZDOMĀTS", "KĻŪDIŅŠ", "ČETRĪTE"];

/// Whose citizen or resident: it decides about names, numbers and the layout of certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Country {
    /// Finland.
    Finland,
    /// Estonia, and its e-residents.
    Estonia,
    /// Latvia.
    Latvia,
    /// Belgium.
    Belgium,
    /// A card of nobody in particular.
    Elsewhere,
}

/// The made-up citizen; another seed is another person with another card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// What tells the holders apart.
    pub seed: u32,
    /// Given name, as printed: upper case.
    pub given_name: String,
    /// Surname.
    pub surname: String,
    /// Country of the card.
    pub country: Country,
    /// The number in the certificates. Estonia: eleven digits; Latvia: `32xxxx-xxxxx`; Finland: the electronic identity number (SATU), 8 digits and a check
    /// character.
    pub personal_code: String,
}

impl Holder {
    /// The Finnish person of this seed.
    pub fn new(seed: u32) -> Self {
        Self::of(Country::Finland, seed)
    }

    /// The person of this country and seed.
    pub fn of(country: Country, seed: u32) -> Self {
        match country {
            Country::Finland => Self::finn(seed),
            Country::Estonia => Self::estonian(seed),
            Country::Latvia => Self::latvian(seed),
            Country::Belgium => Self::belgian(seed),
            Country::Elsewhere => Self::nobody(seed),
        }
    }

    fn finn(seed: u32) -> Self {
        // Seed 1 is the default: plain ASCII name. 9990xxxx is the range of the issuer's own test people.
        let index = seed.wrapping_sub(1) as usize;
        let number = 99_910_000 + seed % 90_000;
        Self {
            seed,
            given_name: GIVEN_NAMES[index % GIVEN_NAMES.len()].into(),
            surname: SURNAMES[index % SURNAMES.len()].into(),
            country: Country::Finland,
            personal_code: format!("{number}{}", check_character(number)),
        }
    }

    fn estonian(seed: u32) -> Self {
        let (given_name, surname) = names(ESTONIAN_GIVEN_NAMES, ESTONIAN_SURNAMES, seed);
        Self { seed, country: Country::Estonia, given_name, surname, personal_code: estonian_code(seed) }
    }

    fn latvian(seed: u32) -> Self {
        let (given_name, surname) = names(LATVIAN_GIVEN_NAMES, LATVIAN_SURNAMES, seed);
        // Codes that begin with 32 say nothing about the birth.
        let personal_code = format!("329{:03}-{:05}", seed / 100_000 % 1000, seed % 100_000);
        Self { seed, country: Country::Latvia, given_name, surname, personal_code }
    }

    /// The national number is the birth date, the number of the day and a check of 97.
    fn belgian(seed: u32) -> Self {
        const GIVEN: [&str; 4] = ["Odile", "Joris", "Zoë", "André"];
        const SURNAMES: [&str; 3] = ["Verzonnen", "Imaginaire", "Van Nergens-Huizen"];
        let index = seed.wrapping_sub(1) as usize;
        let born = 710_715_001 + seed % 900;
        Self {
            seed,
            given_name: GIVEN[index % GIVEN.len()].into(),
            surname: SURNAMES[index % SURNAMES.len()].into(),
            country: Country::Belgium,
            personal_code: format!("{born}{:02}", 97 - born % 97),
        }
    }

    fn nobody(seed: u32) -> Self {
        let nothing = String::new;
        Self {
            seed,
            given_name: nothing(),
            surname: nothing(),
            country: Country::Elsewhere,
            personal_code: nothing(),
        }
    }

    /// Common name of the certificates. Finland: `SURNAME GIVEN SATU`; Estonia: `SURNAME,GIVEN,CODE`; Latvia:
    /// `GIVEN SURNAME`; Belgium: `Given Surname`, behind which each certificate says what it is for.
    pub fn common_name(&self) -> String {
        match self.country {
            Country::Finland => format!("{} {} {}", self.surname, self.given_name, self.personal_code),
            Country::Estonia => format!("{},{},{}", self.surname, self.given_name, self.personal_code),
            Country::Latvia | Country::Belgium => format!("{} {}", self.given_name, self.surname),
            Country::Elsewhere => String::new(),
        }
    }

    /// An e-mail address under a name that can never exist (RFC 6761).
    pub fn email(&self) -> String {
        if self.country == Country::Estonia {
            // CODE@eesti.ee on real cards.
            return format!("{}@eesti.invalid", self.personal_code);
        }
        let plain = |name: &str| {
            name.to_lowercase()
                .chars()
                .map(|c| match c {
                    'ä' | 'å' => 'a',
                    'ö' => 'o',
                    c => c,
                })
                .collect::<String>()
        };
        format!("{}.{}.{}@simcard.invalid", plain(&self.given_name), plain(&self.surname), self.seed)
    }
}

/// Names of a seed; the first person of every country but Finland has letters outside ASCII.
fn names(given: &[&str], surnames: &[&str], seed: u32) -> (String, String) {
    let index = seed.wrapping_sub(1) as usize;
    (given[index % given.len()].into(), surnames[index % surnames.len()].into())
}

/// An Estonian code: sex and century, YYMMDD, three digits, check digit. These people would be about 120 years old, as
/// the issuer's own demo people are.
fn estonian_code(seed: u32) -> String {
    let (month, day) = (1 + seed % 12, 1 + seed / 12 % 28);
    let (year, serial) = (3 + seed / 336_000 % 3, seed / 336 % 1000);
    let digits = format!("{}{year:02}{month:02}{day:02}{serial:03}", 3 + seed % 2);
    let check = estonian_check_digit(digits.as_bytes());
    format!("{digits}{check}")
}

/// Check digit of an Estonian code: two rows of weights modulo 11; 10 in both is 0.
pub(crate) fn estonian_check_digit(digits: &[u8]) -> u32 {
    let sum = |weights: [u32; 10]| {
        let products = digits.iter().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight);
        products.sum::<u32>() % 11
    };
    match sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) {
        10 => sum([3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 10,
        digit => digit,
    }
}

/// Check character of Finnish identity numbers: the number modulo 31 (verified on the recorded certificates).
pub(crate) fn check_character(number: u32) -> char {
    char::from(b"0123456789ABCDEFHJKLMNPRSTUVWXY"[(number % 31) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_character_of_the_recorded_test_person() {
        assert_eq!(check_character(99_902_038), 'C');
    }

    #[test]
    fn estonian_test_people_have_these_check_digits() {
        assert_eq!(estonian_check_digit(b"3800108571"), 8);
        assert_eq!(estonian_check_digit(b"3891023912"), 1);
        assert_eq!(Holder::of(Country::Estonia, 1).personal_code.len(), 11);
    }

    #[test]
    fn finnish_midnight_in_utc() {
        // The recorded v4 certificate: valid from 26 January 2023 Finnish time.
        assert_eq!(Date::new(2023, 1, 26).start_utc(), "230125220000Z");
        assert_eq!(Date::new(2028, 1, 23).end_utc(), "280123215959Z");
        assert_eq!(Date::new(2024, 7, 1).start_utc(), "240630210000Z");
        assert_eq!(Date::new(2024, 2, 29).last_day_after_years(5), Date::new(2029, 2, 27));
        assert!("2026-02-30".parse::<Date>().is_err());
    }

    #[test]
    fn seeds_are_different_people() {
        assert_ne!(Holder::new(1).personal_code, Holder::new(2).personal_code);
        let _ = Holder::new(0);
        let _ = Holder::new(u32::MAX);
    }
}

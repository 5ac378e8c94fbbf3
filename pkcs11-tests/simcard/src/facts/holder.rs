//! The made-up person on the card.

use serde::Serialize;

const GIVEN_NAMES: [&str; 6] = ["AINO", "VEIKKO", "ÅSA", "TAPIO", "HELMI", "ONNI"];
const SURNAMES: [&str; 5] =
    ["SIMULAATTORI-TESTINEN", "MALLIKAS-KOEKORTTI", "ESIMERKKI-ÄIJÄLÄ", "TEKAISTU-LAINE", "KUVITELLUNMÄKI"];

/// The seed of a Finn whose name writes to the terminal, and begins a line of its own.
pub const HOSTILE: u32 = 4001;
/// The seed of a Finn with a name of 5,000 letters.
pub const LONG_NAMED: u32 = 4002;

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
    /// Lithuania.
    Lithuania,
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
            Country::Lithuania => Self::lithuanian(seed),
            Country::Belgium => Self::belgian(seed),
            Country::Elsewhere => Self::nobody(seed),
        }
    }

    fn finn(seed: u32) -> Self {
        // Seed 1 is the default: plain ASCII name. 9990xxxx is the range of the issuer's own test people.
        let index = seed.wrapping_sub(1) as usize;
        let number = 99_910_000 + seed % 90_000;
        let given_name = match seed {
            HOSTILE => "AINO\x1B[2J\u{9B}31m\nPIN1: in use\r\x07<b>&amp;</b>\u{202E}\u{2066}".into(),
            LONG_NAMED => "N".repeat(5000),
            _ => GIVEN_NAMES[index % GIVEN_NAMES.len()].into(),
        };
        Self {
            seed,
            given_name,
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

    fn lithuanian(seed: u32) -> Self {
        const GIVEN: &[&str] = &["ŽYDRŪNĖ", "JONAS", "ĄŽUOLAS", "ČESLOVAS"];
        const SURNAMES: &[&str] = &["IŠGALVOTAITĖ", "PAVYZDYS-ŠABLONAS", "NETIKRAS"];
        let (given_name, surname) = names(GIVEN, SURNAMES, seed);
        // Formed as in Estonia.
        Self { seed, country: Country::Lithuania, given_name, surname, personal_code: estonian_code(seed) }
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

    /// Common name of the certificates. Finland: `SURNAME GIVEN SATU`; Estonia: `SURNAME,GIVEN,CODE`; Latvia and
    /// Lithuania: `GIVEN SURNAME`; Belgium: `Given Surname`, behind which each certificate says what it is for.
    pub fn common_name(&self) -> String {
        match self.country {
            Country::Finland => format!("{} {} {}", self.surname, self.given_name, self.personal_code),
            Country::Estonia => format!("{},{},{}", self.surname, self.given_name, self.personal_code),
            Country::Latvia | Country::Lithuania | Country::Belgium => {
                format!("{} {}", self.given_name, self.surname)
            }
            Country::Elsewhere => String::new(),
        }
    }

    /// An e-mail address under a name that can never exist (RFC 6761).
    pub fn email(&self) -> String {
        if self.country == Country::Estonia {
            // CODE@eesti.ee on real cards.
            return format!("{}@eesti.invalid", self.personal_code);
        }
        if [HOSTILE, LONG_NAMED].contains(&self.seed) {
            return format!("{}@simcard.invalid", self.seed);
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
    fn seeds_are_different_people() {
        assert_ne!(Holder::new(1).personal_code, Holder::new(2).personal_code);
        let _ = Holder::new(0);
        let _ = Holder::new(u32::MAX);
    }
}

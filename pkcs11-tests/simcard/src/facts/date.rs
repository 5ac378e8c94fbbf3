//! Calendar dates, and the hours at which validities begin and end.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finnish_midnight_in_utc() {
        // The recorded v4 certificate: valid from 26 January 2023 Finnish time.
        assert_eq!(Date::new(2023, 1, 26).start_utc(), "230125220000Z");
        assert_eq!(Date::new(2028, 1, 23).end_utc(), "280123215959Z");
        assert_eq!(Date::new(2024, 7, 1).start_utc(), "240630210000Z");
        assert_eq!(Date::new(2024, 2, 29).last_day_after_years(5), Date::new(2029, 2, 27));
        assert!("2026-02-30".parse::<Date>().is_err());
    }
}

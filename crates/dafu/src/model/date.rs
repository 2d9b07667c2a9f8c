use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::InvalidValue;
use crate::quote::quote;

/// A day of the calendar, such as the day by which an entry is to be reviewed: years 0 to 9999.
///
/// ```
/// use dafu::Date;
///
/// let day = Date::try_from("2027-03-31")?;
/// assert!(day > Date::try_from("2026/11/5")?);
/// assert_eq!(day.to_string(), "2027-03-31");
/// assert!(Date::try_from("2027-02-29").is_err());
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    // In this order, so that the derived order is the calendar's.
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Returns the date, if the calendar has it.
    ///
    /// # Errors
    ///
    /// When there is no such day, or the year is over 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, InvalidValue> {
        let date = Self { year, month, day };
        if year > 9999 || date.to_calendar().is_none() {
            let reason = format!("there is no day {year:04}-{month:02}-{day:02}");
            return Err(InvalidValue::new(reason, "correct the month or the day"));
        }
        Ok(date)
    }

    /// Returns the year, 0 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Returns the month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Returns the day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Returns `None` for a day that the calendar does not have, which [`new`](Self::new) rules out.
    pub(super) fn to_calendar(self) -> Option<time::Date> {
        let month = time::Month::try_from(self.month).ok()?;
        time::Date::from_calendar_date(self.year.into(), month, self.day).ok()
    }
}

impl TryFrom<&str> for Date {
    type Error = InvalidValue;

    /// Reads `2026-11-05`, and `2026/11/5`, `2026.11.5` or `2026年11月5日` as editors write it.
    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let text = text.trim();
        let in_characters = || {
            let (year, rest) = text.strip_suffix(DAY)?.split_once('年')?;
            let (month, day) = rest.split_once('月')?;
            Some([year, month, day])
        };
        let with_signs = || <[&str; 3]>::try_from(text.split(['-', '/', '.']).collect::<Vec<_>>()).ok();
        let Some([year, month, day]) = in_characters().or_else(with_signs) else {
            return Err(not_a_date(text));
        };
        let (true, Some(year), Some(month), Some(day)) = (year.len() == 4, digits(year), digits(month), digits(day))
        else {
            return Err(not_a_date(text));
        };
        Self::new(year, month, day)
    }
}

impl TryFrom<String> for Date {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::try_from(text.as_str())
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// What ends a date that is written in characters.
pub(super) const DAY: [char; 2] = ['日', '号'];

/// Reads a number without a sign, which `parse` alone would accept.
pub(super) fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

fn not_a_date(text: &str) -> InvalidValue {
    InvalidValue::new(format!("{} is not a date", quote(text)), "write it as `2026-11-05`")
}

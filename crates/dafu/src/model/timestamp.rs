use std::fmt;

use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::date::{DAY, digits};
use crate::model::{Date, InvalidValue};
use crate::quote::quote;

/// An instant to the second, and the zone it was written in, so that an export gives back what the editor wrote.
///
/// Written as RFC 3339. `2026-11-01 08:30`, `2026-11-01` and `2026年11月1日 8:30` are read too, as China time (+08:00);
/// fractions of a second are dropped. Two timestamps are equal when instant *and* zone agree; the order is by instant first.
///
/// ```
/// use dafu::Timestamp;
///
/// let start = Timestamp::try_from("2026-11-01")?;
/// assert_eq!(start.to_string(), "2026-11-01T00:00:00+08:00");
/// assert_eq!(start.unix_seconds(), Timestamp::try_from("2026-10-31T16:00:00Z")?.unix_seconds());
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp {
    // In this order, so that the derived order is by instant first.
    unix_seconds: i64,
    offset_seconds: i32,
}

impl Timestamp {
    /// Returns the instant `seconds` after 1970-01-01T00:00:00Z, in UTC.
    ///
    /// # Errors
    ///
    /// When it lies outside the years 0 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, InvalidValue> {
        Self::new(seconds, 0).ok_or_else(|| {
            InvalidValue::new(
                format!("the instant {seconds} lies outside the years 0 to 9999"),
                "give it in seconds",
            )
        })
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        self.unix_seconds
    }

    fn new(unix_seconds: i64, offset_seconds: i32) -> Option<Self> {
        let timestamp = Self {
            unix_seconds,
            offset_seconds,
        };
        let local = timestamp.local()?;
        (0..=9999).contains(&local.year()).then_some(timestamp)
    }

    /// Returns the date and time on the wall of its zone; `None` only for what [`new`](Self::new) rules out.
    fn local(self) -> Option<OffsetDateTime> {
        let seconds = self.unix_seconds.checked_add(self.offset_seconds.into())?;
        OffsetDateTime::from_unix_timestamp(seconds).ok()
    }
}

impl TryFrom<&str> for Timestamp {
    type Error = InvalidValue;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let text = text.trim();
        let (date, clock) = split(text);
        let instant = match china_time(date, clock.trim()) {
            Some(instant) => Ok(instant),
            None => OffsetDateTime::parse(text, &Rfc3339),
        };
        let read = instant
            .ok()
            .and_then(|t| Self::new(t.unix_timestamp(), t.offset().whole_seconds()));
        read.ok_or_else(|| {
            let reason = format!("{} is not a date and time", quote(text));
            InvalidValue::new(
                reason,
                "write it as `2026-11-01T00:00:00+08:00`, or `2026-11-01 00:00` for China time",
            )
        })
    }
}

impl TryFrom<String> for Timestamp {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::try_from(text.as_str())
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.local().ok_or(fmt::Error)?;
        let (date, clock) = (local.date(), local.time());
        write!(f, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())?;
        write!(f, "T{:02}:{:02}:{:02}", clock.hour(), clock.minute(), clock.second())?;
        let minutes = self.offset_seconds / 60;
        match minutes {
            0 => f.write_str("Z"),
            _ => {
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }
}

/// Splits a text behind its date; the clock of a date alone is midnight.
fn split(text: &str) -> (&str, &str) {
    text.split_once([' ', 'T', 't']).unwrap_or_else(|| {
        let end = text.find(DAY).map_or(text.len(), |at| at + DAY[0].len_utf8());
        match text.split_at(end) {
            (date, "") => (date, "00:00"),
            parts => parts,
        }
    })
}

/// Reads a date and `hour:minute` or `hour:minute:second` without a zone.
fn china_time(date: &str, clock: &str) -> Option<OffsetDateTime> {
    let date = Date::try_from(date).ok()?.to_calendar()?;
    let parts: Option<Vec<u8>> = clock.split([':', '：']).map(digits).collect();
    let time = match parts?[..] {
        [hour, minute] => Time::from_hms(hour, minute, 0),
        [hour, minute, second] => Time::from_hms(hour, minute, second),
        _ => return None,
    };
    let offset = UtcOffset::from_hms(8, 0, 0).ok()?;
    Some(PrimitiveDateTime::new(date, time.ok()?).assume_offset(offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, InvalidValue> {
        Timestamp::try_from(text).map(|timestamp| timestamp.to_string())
    }

    #[test]
    fn reads_what_editors_and_programs_write() {
        for (written, expected) in [
            ("2026-11-01T00:00:00+08:00", "2026-11-01T00:00:00+08:00"),
            ("2026-11-01T00:00:00.999-03:30", "2026-11-01T00:00:00-03:30"),
            ("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"),
            ("2026-11-01 08:30", "2026-11-01T08:30:00+08:00"),
            ("2026/11/1 8:30:05", "2026-11-01T08:30:05+08:00"),
            ("2026年11月1日", "2026-11-01T00:00:00+08:00"),
            ("2026年11月1号 8：30", "2026-11-01T08:30:00+08:00"),
            ("2026年11月01日23:59:59", "2026-11-01T23:59:59+08:00"),
            ("2026.11.1 08:30", "2026-11-01T08:30:00+08:00"),
            (" 2026-11-01 ", "2026-11-01T00:00:00+08:00"),
            ("0000-01-01T00:00:00+23:59", "0000-01-01T00:00:00+23:59"),
            ("9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59-23:59"),
        ] {
            assert_eq!(read(written).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "明天",
            "2026-11-31",
            "2026-11-01 24:00",
            "2026-11-01T",
            "2026年11月31日",
            "2026年11-01日",
            "2026年11月1",
            "11月1日",
            "日",
            "2026年11月1日上午",
            "2026月11年1日",
            "2026-11-01 +1:00",
            "1764547200",
            "::",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(Timestamp::from_unix_seconds(i64::MAX).is_err());
        assert!(Timestamp::from_unix_seconds(i64::MIN).is_err());
    }
}

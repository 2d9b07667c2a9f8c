use serde::{Deserialize, Serialize};

use crate::model::{InvalidValue, Timestamp};

/// The time in which an entry may be answered: from an instant (inclusive) until another (exclusive), either end open.
///
/// Instants to compare with are seconds since 1970-01-01T00:00:00Z, from the caller's clock.
///
/// ```
/// use dafu::{Timestamp, Validity};
///
/// let singles_day = Validity::new(Some("2026-11-01".try_into()?), Some("2026-11-12".try_into()?))?;
/// let on_the_day = Timestamp::try_from("2026-11-11 20:00")?.unix_seconds();
/// assert!(singles_day.contains(on_the_day));
/// assert!(singles_day.is_over(on_the_day + 86_400));
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Ends")]
pub struct Validity {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

impl Validity {
    /// Without beginning and end.
    pub const ALWAYS: Self = Self {
        from: None,
        until: None,
    };

    /// Returns the time between both ends.
    ///
    /// # Errors
    ///
    /// When it ends before, or at the instant in which, it begins.
    pub fn new(from: Option<Timestamp>, until: Option<Timestamp>) -> Result<Self, InvalidValue> {
        if let (Some(from), Some(until)) = (from, until)
            && from.unix_seconds() >= until.unix_seconds()
        {
            let reason = format!("it would be valid from {from} until {until}, which is never");
            return Err(InvalidValue::new(reason, "let it end after it begins"));
        }
        Ok(Self { from, until })
    }

    /// Returns its first instant.
    pub fn from(&self) -> Option<Timestamp> {
        self.from
    }

    /// Returns the first instant after it.
    pub fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Says whether it holds at that instant.
    pub fn contains(&self, unix_seconds: i64) -> bool {
        !self.is_ahead(unix_seconds) && !self.is_over(unix_seconds)
    }

    /// Says whether it has ended by that instant.
    pub fn is_over(&self, unix_seconds: i64) -> bool {
        self.until.is_some_and(|until| until.unix_seconds() <= unix_seconds)
    }

    /// Says whether it begins after that instant.
    pub fn is_ahead(&self, unix_seconds: i64) -> bool {
        self.from.is_some_and(|from| unix_seconds < from.unix_seconds())
    }

    pub(super) fn is_always(&self) -> bool {
        *self == Self::ALWAYS
    }
}

#[derive(Deserialize)]
struct Ends {
    #[serde(default)]
    from: Option<Timestamp>,
    #[serde(default)]
    until: Option<Timestamp>,
}

impl TryFrom<Ends> for Validity {
    type Error = InvalidValue;

    fn try_from(ends: Ends) -> Result<Self, Self::Error> {
        Self::new(ends.from, ends.until)
    }
}

//! Numbers that are known to lie in their range.

use serde::{Deserialize, Serialize};

use crate::model::InvalidValue;

/// How much an entry is preferred among equally good ones: -10 to 10, usually 0.
///
/// ```
/// use dafu::Priority;
///
/// assert!(Priority::try_from(3)? > Priority::NORMAL);
/// assert!(Priority::try_from(11).is_err());
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i8", into = "i8")]
pub struct Priority(i8);

impl Priority {
    /// Neither preferred nor held back: 0.
    pub const NORMAL: Self = Self(0);

    /// Returns the number.
    pub fn value(self) -> i8 {
        self.0
    }

    pub(crate) fn invalid(written: impl std::fmt::Display) -> InvalidValue {
        InvalidValue::new(
            format!("{written} is not a priority"),
            "write a whole number from -10 to 10",
        )
    }
}

impl TryFrom<i8> for Priority {
    type Error = InvalidValue;

    fn try_from(value: i8) -> Result<Self, Self::Error> {
        if (-10..=10).contains(&value) {
            Ok(Self(value))
        } else {
            Err(Self::invalid(value))
        }
    }
}

impl From<Priority> for i8 {
    fn from(priority: Priority) -> Self {
        priority.0
    }
}

/// How sure an answer has to be before it is given: a probability from 0 to 1.
///
/// ```
/// use dafu::Threshold;
///
/// assert_eq!(Threshold::try_from(0.7)?.value(), 0.7);
/// assert!(Threshold::try_from(f32::NAN).is_err());
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f32", into = "f32")]
pub struct Threshold(f32);

// A threshold is never NaN.
impl Eq for Threshold {}

impl Threshold {
    /// Returns the probability.
    pub fn value(self) -> f32 {
        self.0
    }

    pub(crate) fn invalid(written: impl std::fmt::Display) -> InvalidValue {
        InvalidValue::new(
            format!("{written} is not a threshold"),
            "write a number from 0 to 1, such as 0.7",
        )
    }
}

impl TryFrom<f32> for Threshold {
    type Error = InvalidValue;

    fn try_from(value: f32) -> Result<Self, Self::Error> {
        // Adding zero turns -0 into 0, so that equal thresholds are written alike.
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value + 0.0))
        } else {
            Err(Self::invalid(value))
        }
    }
}

impl From<Threshold> for f32 {
    fn from(threshold: Threshold) -> Self {
        threshold.0
    }
}

/// How many of the answers that are given are to be right: a share from 0.5 to 0.99.
///
/// ```
/// use dafu::Precision;
///
/// assert_eq!(Precision::default().value(), 0.9);
/// assert!(Precision::try_from(1.0).is_err());
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f32", into = "f32")]
pub struct Precision(f32);

// A precision is never NaN.
impl Eq for Precision {}

impl Precision {
    /// Returns the share.
    pub fn value(self) -> f32 {
        self.0
    }
}

impl Default for Precision {
    /// Nine of ten.
    fn default() -> Self {
        Self(0.9)
    }
}

impl TryFrom<f32> for Precision {
    type Error = InvalidValue;

    fn try_from(value: f32) -> Result<Self, Self::Error> {
        if (0.5..=0.99).contains(&value) {
            Ok(Self(value))
        } else {
            Err(InvalidValue::new(
                format!("{value} is not a precision"),
                "write a number from 0.5 to 0.99, such as 0.9",
            ))
        }
    }
}

impl From<Precision> for f32 {
    fn from(precision: Precision) -> Self {
        precision.0
    }
}

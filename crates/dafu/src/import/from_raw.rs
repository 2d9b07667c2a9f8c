//! Turning one raw value into one value of the model.

use super::raw::Raw;
use crate::model::{
    AnswerText, Audience, Category, Channel, Date, Id, InvalidValue, Locale, MetadataValue, Owner, Phrasing, Priority,
    SlotKind, SlotName, Tag, Threshold, Timestamp, Word, invalid_frequency,
};
use crate::quote::quote;

/// A value that a file can write in one field, or as one item of a list.
pub(super) trait FromRaw: Sized {
    fn from_raw(raw: &Raw<'_>) -> Result<Self, InvalidValue>;
}

macro_rules! from_text {
    ($($name:ty),*) => {
        $(impl FromRaw for $name {
            fn from_raw(raw: &Raw<'_>) -> Result<Self, InvalidValue> {
                match raw {
                    Raw::Text(text) | Raw::Cell { text, .. } => Self::try_from(&**text),
                    other => Err(wrong_type(other, "write it as a text in quotes")),
                }
            }
        })*
    };
}

from_text!(
    AnswerText,
    Audience,
    Category,
    Channel,
    Date,
    Locale,
    MetadataValue,
    Owner,
    Phrasing,
    SlotKind,
    SlotName,
    Tag,
    Timestamp,
    Word
);

impl FromRaw for Id {
    fn from_raw(raw: &Raw<'_>) -> Result<Self, InvalidValue> {
        match raw {
            Raw::Text(text) | Raw::Cell { text, .. } => Self::try_from(&**text),
            Raw::Number(number) if number.is_u64() || number.is_i64() => Self::try_from(number.to_string()),
            other => Err(wrong_type(other, "write the id as a text in quotes")),
        }
    }
}

/// A text of any content, checked by whoever asked for it.
impl FromRaw for String {
    fn from_raw(raw: &Raw<'_>) -> Result<Self, InvalidValue> {
        match raw {
            Raw::Text(text) | Raw::Cell { text, .. } => Ok(text.to_string()),
            other => Err(wrong_type(other, "write it as a text in quotes")),
        }
    }
}

impl FromRaw for bool {
    fn from_raw(raw: &Raw<'_>) -> Result<Self, InvalidValue> {
        match raw {
            Raw::Bool(value) => Ok(*value),
            Raw::Cell { text, .. } => match text.trim().to_lowercase().as_str() {
                "true" | "1" | "yes" | "是" => Ok(true),
                "false" | "0" | "no" | "否" => Ok(false),
                other => Err(InvalidValue::new(
                    format!("{} is neither yes nor no", quote(other)),
                    "write 是 or 否",
                )),
            },
            other => Err(wrong_type(other, "write true or false")),
        }
    }
}

impl FromRaw for Priority {
    fn from_raw(raw: &Raw<'_>) -> Result<Self, InvalidValue> {
        let (number, written): (Option<i8>, _) = match raw {
            Raw::Number(number) => (number.as_i64().and_then(|n| n.try_into().ok()), number.to_string()),
            Raw::Cell { text, .. } => (text.trim().parse().ok(), quote(text.trim())),
            other => return Err(wrong_type(other, "write a whole number from -10 to 10")),
        };
        number
            .and_then(|number| Self::try_from(number).ok())
            .ok_or_else(|| Self::invalid(written))
    }
}

impl FromRaw for Threshold {
    fn from_raw(raw: &Raw<'_>) -> Result<Self, InvalidValue> {
        let Written { number, written } = written(raw, "write a number from 0 to 1, such as 0.7")?;
        number
            .and_then(|number| Self::try_from(number).ok())
            .ok_or_else(|| Self::invalid(written))
    }
}

impl FromRaw for f32 {
    fn from_raw(raw: &Raw<'_>) -> Result<Self, InvalidValue> {
        let Written { number, written } = written(raw, "write a number")?;
        number.ok_or_else(|| InvalidValue::new(format!("{written} is not a number"), "write a number"))
    }
}

impl FromRaw for u32 {
    fn from_raw(raw: &Raw<'_>) -> Result<Self, InvalidValue> {
        match raw {
            Raw::Number(number) => {
                let frequency = number.as_u64().and_then(|n| n.try_into().ok());
                frequency.ok_or_else(|| invalid_frequency(&number.to_string()))
            }
            Raw::Cell { text, .. } => {
                let text = text.trim();
                text.parse().map_err(|_| invalid_frequency(&quote(text)))
            }
            other => Err(wrong_type(other, "write a whole number")),
        }
    }
}

pub(super) fn wrong_type(raw: &Raw<'_>, remedy: &'static str) -> InvalidValue {
    InvalidValue::new(format!("{} does not belong here", raw.describe()), remedy)
}

/// A number as it is written; without `number` it is none.
struct Written {
    number: Option<f32>,
    written: String,
}

fn written(raw: &Raw<'_>, remedy: &'static str) -> Result<Written, InvalidValue> {
    match raw {
        // JSON reads 64 bits and a threshold has 32: what was written from 32 bits comes back as it was.
        Raw::Number(number) => Ok(Written {
            number: number.as_f64().map(|n| n as f32),
            written: number.to_string(),
        }),
        Raw::Cell { text, .. } => {
            let text = text.trim();
            Ok(Written {
                number: text.parse().ok(),
                written: quote(text),
            })
        }
        other => Err(wrong_type(other, remedy)),
    }
}

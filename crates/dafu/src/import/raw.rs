//! A value as a file writes it, before anyone has asked what it means.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// A value as a file writes it. Texts are borrowed from the file where they can be.
#[derive(Clone, Debug)]
pub(super) enum Raw<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    /// A cell of a spreadsheet, or a part of one: text that may stand for a number, a list and so on.
    Cell {
        column: u32,
        text: Cow<'a, str>,
    },
    List(Vec<Raw<'a>>),
    Object(RawObject<'a>),
}

/// The fields of an object, in their order; no name stands twice.
pub(super) type RawObject<'a> = Vec<(Cow<'a, str>, Raw<'a>)>;

impl<'a> Raw<'a> {
    /// Returns the spreadsheet column it stands in, from 1.
    pub fn column(&self) -> Option<u32> {
        match self {
            Raw::Cell { column, .. } => Some(*column),
            Raw::List(items) => items.first().and_then(Raw::column),
            Raw::Object(fields) => fields.first().and_then(|(_, value)| value.column()),
            _ => None,
        }
    }

    /// Says whether it stands for "nothing is said".
    pub fn is_blank(&self) -> bool {
        match self {
            Raw::Null => true,
            Raw::Text(text) | Raw::Cell { text, .. } => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Returns what it is, for messages.
    pub fn describe(&self) -> &'static str {
        match self {
            Raw::Null => "null",
            Raw::Bool(_) => "a truth value",
            Raw::Number(_) => "a number",
            Raw::Text(_) | Raw::Cell { .. } => "a text",
            Raw::List(_) => "a list",
            Raw::Object(_) => "an object",
        }
    }

    /// Returns a text as it is and anything else as JSON.
    pub fn into_text(self) -> Cow<'a, str> {
        match self {
            Raw::Text(text) | Raw::Cell { text, .. } => text,
            other => other.to_json().to_string().into(),
        }
    }

    /// Returns the same with texts of its own.
    pub fn into_owned(self) -> Raw<'static> {
        match self {
            Raw::Null => Raw::Null,
            Raw::Bool(value) => Raw::Bool(value),
            Raw::Number(number) => Raw::Number(number),
            Raw::Text(text) => Raw::Text(text.into_owned().into()),
            Raw::Cell { column, text } => Raw::Cell {
                column,
                text: text.into_owned().into(),
            },
            Raw::List(items) => Raw::List(items.into_iter().map(Raw::into_owned).collect()),
            Raw::Object(fields) => Raw::Object(
                fields
                    .into_iter()
                    .map(|(name, raw)| (name.into_owned().into(), raw.into_owned()))
                    .collect(),
            ),
        }
    }

    fn to_json(&self) -> serde_json::Value {
        match self {
            Raw::Null => serde_json::Value::Null,
            Raw::Bool(value) => (*value).into(),
            Raw::Number(number) => number.clone().into(),
            Raw::Text(text) | Raw::Cell { text, .. } => text.as_ref().into(),
            Raw::List(items) => items.iter().map(Raw::to_json).collect(),
            Raw::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

/// Why not `serde_json::Value`: it takes the last of two equal keys without a word, and copies every text.
struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Raw<'de>, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw<'de>, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw<'de>, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw<'de>, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Raw<'de>, E> {
        Number::from_f64(value)
            .map(Raw::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(text.to_owned().into()))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'de>, A::Error> {
        let mut fields: RawObject<'de> = Vec::new();
        let mut names = HashSet::new();
        while let Some(Name(name)) = map.next_key()? {
            if !names.insert(name.clone()) {
                return Err(de::Error::custom(format_args!(
                    "duplicate key {}",
                    crate::quote::quote(&name)
                )));
            }
            fields.push((name, map.next_value()?));
        }
        Ok(Raw::Object(fields))
    }
}

/// A key of an object. Why not `Cow`: serde always copies into it.
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Raw::deserialize(deserializer)? {
            Raw::Text(name) => Ok(Self(name)),
            _ => Err(de::Error::custom("a key must be a text")),
        }
    }
}

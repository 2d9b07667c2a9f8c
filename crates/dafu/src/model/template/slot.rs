use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::text_value::{bounded, check_length, text_value};
use crate::model::{InvalidValue, SlotKind};
use crate::quote::quote;

text_value!(
    /// The name of a slot: 1 to 32 letters, digits and `_`, such as `order_no` or `订单号`.
    ///
    /// ```
    /// use dafu::SlotName;
    ///
    /// assert_eq!(SlotName::try_from("订单号")?.as_str(), "订单号");
    /// assert!(SlotName::try_from("订单-号").is_err());
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    SlotName,
    slot_name
);

/// A gap in a reply template, written as `{{name}}`, that is filled when the reply is made.
///
/// ```
/// use dafu::{Slot, SlotKind};
///
/// let customer = Slot::optional("customer".try_into()?, SlotKind::Text, "您")?.with_example("王女士")?;
/// assert!(!customer.is_required());
/// assert!(Slot::optional("paid_on".try_into()?, SlotKind::Date, "昨天").is_err());
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Slot {
    name: SlotName,
    kind: SlotKind,
    default: Option<Box<str>>,
    example: Option<Box<str>>,
}

impl Slot {
    /// Returns a slot that every reply has to fill.
    pub fn required(name: SlotName, kind: SlotKind) -> Self {
        Self {
            name,
            kind,
            default: None,
            example: None,
        }
    }

    /// Returns a slot that is filled with `default` when a reply brings nothing.
    ///
    /// # Errors
    ///
    /// When `default` does not fit the kind or is longer than 500 characters.
    pub fn optional(name: SlotName, kind: SlotKind, default: &str) -> Result<Self, InvalidValue> {
        let default = Some(fitting("default", &name, kind, default)?);
        Ok(Self {
            name,
            kind,
            default,
            example: None,
        })
    }

    /// Adds an example for people who fill the slot.
    ///
    /// # Errors
    ///
    /// When `example` does not fit the kind or is longer than 500 characters.
    pub fn with_example(mut self, example: &str) -> Result<Self, InvalidValue> {
        self.example = Some(fitting("example", &self.name, self.kind, example)?);
        Ok(self)
    }

    /// Returns its name.
    pub fn name(&self) -> &SlotName {
        &self.name
    }

    /// Returns what it may be filled with.
    pub fn kind(&self) -> SlotKind {
        self.kind
    }

    /// Says whether every reply has to fill it.
    pub fn is_required(&self) -> bool {
        self.default.is_none()
    }

    /// Returns what it is filled with when a reply brings nothing.
    pub fn default(&self) -> Option<&str> {
        self.default.as_deref()
    }

    /// Returns an example of a value.
    pub fn example(&self) -> Option<&str> {
        self.example.as_deref()
    }

    /// Makes the slot that the fields of a file describe; `required` follows from the default when it is not said.
    pub(crate) fn from_fields(
        name: SlotName,
        kind: SlotKind,
        required: Option<bool>,
        default: Option<&str>,
        example: Option<&str>,
    ) -> Result<Self, InvalidValue> {
        let slot = match (required, default) {
            (None | Some(true), None) => Self::required(name, kind),
            (None | Some(false), Some(default)) => Self::optional(name, kind, default)?,
            (Some(false), None) => {
                let reason = format!("the slot `{name}` is not required and has no default");
                return Err(InvalidValue::new(reason, "give it a default, or make it required"));
            }
            (Some(true), Some(_)) => {
                let reason = format!("the slot `{name}` is required and has a default");
                return Err(InvalidValue::new(reason, "delete the default, or make it not required"));
            }
        };
        match example {
            Some(example) => slot.with_example(example),
            None => Ok(slot),
        }
    }
}

impl Serialize for Slot {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let mut fields = serializer.serialize_struct("Slot", 5)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("kind", &self.kind)?;
        fields.serialize_field("required", &self.is_required())?;
        if let Some(default) = &self.default {
            fields.serialize_field("default", default)?;
        }
        if let Some(example) = &self.example {
            fields.serialize_field("example", example)?;
        }
        fields.end()
    }
}

#[derive(Deserialize)]
struct Fields {
    name: SlotName,
    kind: SlotKind,
    #[serde(default)]
    required: Option<bool>,
    #[serde(default)]
    default: Option<String>,
    #[serde(default)]
    example: Option<String>,
}

impl TryFrom<Fields> for Slot {
    type Error = InvalidValue;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields {
            name,
            kind,
            required,
            default,
            example,
        } = fields;
        Self::from_fields(name, kind, required, default.as_deref(), example.as_deref())
    }
}

fn slot_name(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    let text = bounded("slot name", text, 32)?;
    if text.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Ok(text.into());
    }
    Err(InvalidValue::new(
        format!("{} is not a slot name", quote(text)),
        "write letters, digits and `_` only, such as `order_no`",
    ))
}

fn fitting(what: &str, name: &SlotName, kind: SlotKind, value: &str) -> Result<Box<str>, InvalidValue> {
    check_length(what, value, 500)?;
    if kind.accepts(value) {
        return Ok(value.into());
    }
    Err(InvalidValue::new(
        format!(
            "the {what} {} of the slot `{name}` does not fit its kind {}",
            quote(value),
            kind.as_str()
        ),
        format!("write {}", kind.expectation()),
    ))
}

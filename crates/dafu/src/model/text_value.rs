//! The macro that makes a checked text type, and the checks that such types share.

use crate::model::InvalidValue;
use crate::quote::{is_invisible, quote};

/// Makes a type over a text that `$parse` has checked and brought into its one form.
///
/// `$parse` is a `fn(&str) -> Result<Cow<'_, str>, InvalidValue>` and gives its own results back unchanged. It borrows
/// where nothing has to change, which makes reading back what was once accepted cheap.
macro_rules! text_value {
    ($(#[$docs:meta])* $name:ident, $parse:path) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::model::InvalidValue;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Ok(Self($parse(text)?.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::model::InvalidValue;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                match $parse(&text)? {
                    std::borrow::Cow::Borrowed(same) if same.len() == text.len() => Ok(Self(text.into())),
                    changed => Ok(Self(changed.into())),
                }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0.into()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

pub(super) use text_value;

/// Returns `text` without white space at its ends, when 1 to `max` characters are left.
pub(super) fn bounded<'a>(what: &str, text: &'a str, max: usize) -> Result<&'a str, InvalidValue> {
    let text = text.trim();
    if text.is_empty() {
        return Err(InvalidValue::new(
            format!("the {what} is empty"),
            "write something, or leave it out",
        ));
    }
    check_length(what, text, max)?;
    Ok(text)
}

pub(super) fn check_length(what: &str, text: &str, max: usize) -> Result<(), InvalidValue> {
    // A character takes at least one byte: most texts need no counting.
    if text.len() <= max {
        return Ok(());
    }
    match text.chars().count() {
        length if length <= max => Ok(()),
        length => Err(InvalidValue::new(
            format!("the {what} {} is {length} characters long", quote(text)),
            format!("shorten it to at most {max}"),
        )),
    }
}

/// Checks that `text` is one line of visible characters, none of which is `forbidden`.
pub(super) fn check_line(what: &str, text: &str, forbidden: impl Fn(char) -> bool) -> Result<(), InvalidValue> {
    let bad = text.chars().find(|&c| is_unwritable(c) || forbidden(c));
    bad.map_or(Ok(()), |c| {
        Err(InvalidValue::new(
            format!("the {what} {} contains {}", quote(text), describe(c)),
            "remove that character",
        ))
    })
}

fn is_unwritable(c: char) -> bool {
    c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

fn describe(c: char) -> String {
    match c {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => "a line break".into(),
        ' ' | '\u{3000}' => "a space".into(),
        c if c.is_control() || c.is_whitespace() || is_invisible(c) => format!("the character U+{:04X}", u32::from(c)),
        c => format!("`{c}`"),
    }
}

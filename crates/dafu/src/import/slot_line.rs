//! A slot in one line of a spreadsheet cell: `customer: text, default=您, example=王女士`.

use super::raw::{Raw, RawObject};
use crate::model::{InvalidValue, Slot};
use crate::quote::quote;

/// Takes a line apart into the fields of a slot.
///
/// A value that holds a comma or a quotation mark, or has white space at its ends, is written as a JSON string.
pub(super) fn parse(line: &str, column: u32) -> Result<RawObject<'static>, InvalidValue> {
    let cell = |text: &str| Raw::Cell {
        column,
        text: text.trim().to_owned().into(),
    };
    let Some((name, rest)) = line.split_once([':', '：']) else {
        return Err(invalid(line));
    };
    let (kind, mut rest) = cut(rest);
    let mut fields: RawObject<'_> = vec![("name".into(), cell(name)), ("kind".into(), cell(kind))];
    while let Some(option) = rest {
        let (word, after) = cut(option);
        let (field, raw, after) = match word.trim().to_lowercase().as_str() {
            "required" | "必填" => ("required", Raw::Bool(true), after),
            _ => {
                let (field, text, after) = assignment(option).ok_or_else(|| invalid(line))?;
                (
                    field,
                    Raw::Cell {
                        column,
                        text: text.into(),
                    },
                    after,
                )
            }
        };
        if fields.iter().any(|(name, _)| name == field) {
            return Err(invalid(line));
        }
        fields.push((field.into(), raw));
        rest = after;
    }
    Ok(fields)
}

/// Returns the line from which [`parse`] makes the same slot.
pub(crate) fn write(slot: &Slot) -> String {
    let mut line = format!("{}: {}", slot.name(), slot.kind().as_str());
    if slot.is_required() {
        line.push_str(", required");
    }
    for (field, value) in [("default", slot.default()), ("example", slot.example())] {
        if let Some(value) = value {
            line.push_str(&format!(", {field}={}", written(value)));
        }
    }
    line
}

fn written(value: &str) -> String {
    let plain = !value.contains(|c| is_separator(c) || c == '"') && value.trim() == value;
    if plain {
        value.to_owned()
    } else {
        serde_json::Value::from(value).to_string()
    }
}

/// Reads `default=您`, and returns what stands after the next comma.
fn assignment(text: &str) -> Option<(&'static str, String, Option<&str>)> {
    let (field, written) = text.split_once('=')?;
    let field = match field.trim().to_lowercase().as_str() {
        "default" | "默认" => "default",
        "example" | "示例" => "example",
        _ => return None,
    };
    let (text, after) = value(written.trim_start())?;
    Some((field, text, after))
}

/// Reads a value up to the next comma, and returns what stands after that.
fn value(text: &str) -> Option<(String, Option<&str>)> {
    if !text.starts_with('"') {
        let (value, rest) = cut(text);
        return Some((value.trim().to_owned(), rest));
    }
    let mut strings = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let value = strings.next()?.ok()?;
    let (between, rest) = cut(&text[strings.byte_offset()..]);
    between.trim().is_empty().then_some((value, rest))
}

/// Cuts a text at its first comma, which may be a Chinese one.
fn cut(text: &str) -> (&str, Option<&str>) {
    match text.split_once(is_separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Not `、`, which belongs to many a value.
fn is_separator(c: char) -> bool {
    matches!(c, ',' | '，')
}

fn invalid(line: &str) -> InvalidValue {
    InvalidValue::new(
        format!("{} is not a slot", quote(line)),
        "write it as `order_no: order, required` or `customer: text, default=您, example=王女士`",
    )
}

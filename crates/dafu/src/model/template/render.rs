use std::fmt;

use super::reply_template::ReplyTemplate;
use super::slot::Slot;
use super::wording::{Piece, list};
use crate::mistake::remedy_in_chinese;

/// How the values that fill a reply are written into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Escape {
    /// As they are.
    #[default]
    None,
    /// With `&`, `<`, `>`, `"` and `'` as character references, for templates that are written in HTML. The template's
    /// own text is left alone.
    Html,
}

/// Every reason why a reply could not be made, all at once.
///
/// ```
/// use dafu::{AnswerText, Escape, ReplyTemplate, Slot, SlotKind};
///
/// let template = ReplyTemplate::new(
///     "tpl-refund".try_into()?,
///     "solve".try_into()?,
///     vec![AnswerText::try_from("{{amount}}元将在{{day}}前到账。")?],
///     vec![
///         Slot::required("amount".try_into()?, SlotKind::Money),
///         Slot::required("day".try_into()?, SlotKind::Date),
///     ],
/// )?;
/// let error = template.render(0, [("amount", "很多"), ("日期", "11月5日")], Escape::None).unwrap_err();
/// assert_eq!(error.missing(), ["day"]);
/// assert_eq!(error.unknown(), ["日期"]);
/// assert_eq!(error.mistyped(), ["amount"]);
/// assert_eq!(
///     error.in_chinese(),
///     "话术填不出来：没有填 “day”；“amount”请写金额，例如 29.90 或 ¥29.90；没有变量 “日期”"
/// );
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderError {
    missing: Vec<String>,
    unknown: Vec<String>,
    mistyped: Vec<String>,
    expectations: Vec<&'static str>,
}

impl ReplyTemplate {
    /// Returns the wording with this number, counted from 0 and over again after the last, with every slot filled.
    ///
    /// An empty value counts as none, and of two values for one slot the last counts. Values are taken literally: braces
    /// in them mean nothing. A value holds at most 2,000 characters.
    ///
    /// # Errors
    ///
    /// When a required slot has no value, a value does not fit its slot's kind, or a value is for no slot.
    pub fn render<N: AsRef<str>, V: AsRef<str>>(
        &self,
        wording: usize,
        values: impl IntoIterator<Item = (N, V)>,
        escape: Escape,
    ) -> Result<String, RenderError> {
        let slots = self.slots();
        let mut given: Vec<Option<V>> = slots.iter().map(|_| None).collect();
        let mut unknown = Vec::new();
        for (name, value) in values {
            match slots.iter().position(|slot| slot.name().as_str() == name.as_ref()) {
                Some(index) => given[index] = Some(value),
                None => unknown.push(name.as_ref().to_owned()),
            }
        }
        let given: Vec<Option<&str>> = given
            .iter()
            .map(|value| value.as_ref().map(AsRef::as_ref).filter(|value| !value.is_empty()))
            .collect();
        let filled = fill(slots, &given, unknown)?;

        let (pieces, text) = self.wording(wording);
        let mut reply = String::with_capacity(text.len());
        for piece in pieces {
            match piece {
                Piece::Literal(range) => reply.push_str(&text[range.clone()]),
                Piece::Slot(index) => push_value(&mut reply, filled[*index], escape),
            }
        }
        Ok(reply)
    }
}

impl RenderError {
    /// Returns the names of the required slots that have no value.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Returns the names of the values that are for no slot.
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// Returns the names of the slots whose value does not fit their kind.
    pub fn mistyped(&self) -> &[String] {
        &self.mistyped
    }

    /// Returns one line for an editor in Chinese; [`Display`](fmt::Display) gives it in English.
    pub fn in_chinese(&self) -> String {
        let names = |names: &[String]| {
            names
                .iter()
                .map(|name| format!("“{name}”"))
                .collect::<Vec<_>>()
                .join("、")
        };
        let mut parts = Vec::new();
        if !self.missing.is_empty() {
            parts.push(format!("没有填 {}", names(&self.missing)));
        }
        for (name, expectation) in self.mistyped.iter().zip(&self.expectations) {
            parts.push(format!(
                "“{name}”{}",
                remedy_in_chinese(&format!("write {expectation}"))
            ));
        }
        if !self.unknown.is_empty() {
            parts.push(format!("没有变量 {}", names(&self.unknown)));
        }
        format!("话术填不出来：{}", parts.join("；"))
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let names = |names: &[String]| list(&names.iter().map(String::as_str).collect::<Vec<_>>());
        if !self.missing.is_empty() {
            parts.push(format!("no value for {}", names(&self.missing)));
        }
        for (name, expectation) in self.mistyped.iter().zip(&self.expectations) {
            parts.push(format!("`{name}` needs {expectation}"));
        }
        if !self.unknown.is_empty() {
            parts.push(format!("no slot for {}", names(&self.unknown)));
        }
        write!(f, "the reply cannot be made: {}", parts.join("; "))
    }
}

impl std::error::Error for RenderError {}

/// Returns what each slot is filled with, or everything that stands against it.
fn fill<'a>(slots: &'a [Slot], given: &[Option<&'a str>], unknown: Vec<String>) -> Result<Vec<&'a str>, RenderError> {
    let mut error = RenderError {
        missing: vec![],
        unknown,
        mistyped: vec![],
        expectations: vec![],
    };
    let mut filled = Vec::with_capacity(slots.len());
    for (slot, &value) in slots.iter().zip(given) {
        match value.or(slot.default()) {
            None => error.missing.push(slot.name().to_string()),
            Some(value) if !slot.kind().accepts(value) => {
                error.mistyped.push(slot.name().to_string());
                error.expectations.push(slot.kind().expectation());
            }
            Some(value) => filled.push(value),
        }
    }
    let is_complete = error.missing.is_empty() && error.mistyped.is_empty() && error.unknown.is_empty();
    if is_complete { Ok(filled) } else { Err(error) }
}

fn push_value(reply: &mut String, value: &str, escape: Escape) {
    match escape {
        Escape::None => reply.push_str(value),
        Escape::Html => {
            for c in value.chars() {
                match c {
                    '&' => reply.push_str("&amp;"),
                    '<' => reply.push_str("&lt;"),
                    '>' => reply.push_str("&gt;"),
                    '"' => reply.push_str("&quot;"),
                    '\'' => reply.push_str("&#39;"),
                    c => reply.push(c),
                }
            }
        }
    }
}

use std::ops::Range;

use serde::{Serialize, Serializer};

use super::slot::{Slot, SlotName};
use crate::model::{AnswerText, InvalidValue, Limits};
use crate::quote::quote;

/// One text of a template, taken apart into what stays and what is filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wording {
    text: AnswerText,
    pieces: Vec<Piece>,
}

/// A part of a wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// These bytes of the text, as they are.
    Literal(Range<usize>),
    /// The value of the slot with this index.
    Slot(usize),
}

impl Wording {
    /// Takes `text` apart; `slots` are all slots of the template.
    pub fn parse(text: AnswerText, slots: &[Slot]) -> Result<Self, InvalidValue> {
        let pieces = parse(text.as_str(), slots)?;
        let count = pieces.iter().filter(|piece| matches!(piece, Piece::Slot(_))).count();
        if count > Limits::SLOTS_PER_WORDING {
            return Err(InvalidValue::new(
                format!("the wording {} has {count} slots", quote(text.as_str())),
                format!("write at most {} in one wording", Limits::SLOTS_PER_WORDING),
            ));
        }
        let unused = |&index: &usize| !pieces.contains(&Piece::Slot(index));
        let unused: Vec<&str> = (0..slots.len())
            .filter(unused)
            .map(|index| slots[index].name().as_str())
            .collect();
        if !unused.is_empty() {
            return Err(InvalidValue::new(
                format!("the wording {} does not use {}", quote(text.as_str()), list(&unused)),
                "write every declared slot in every wording, or do not declare it",
            ));
        }
        Ok(Self { text, pieces })
    }

    pub fn text(&self) -> &AnswerText {
        &self.text
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

impl Serialize for Wording {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

/// Returns names for a message: in backquotes, and not more than a reader takes in.
pub(super) fn list(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MAX_LISTED).map(|name| quote(name)).collect();
    match names.len().saturating_sub(MAX_LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Cuts `text` at its braces, in one pass from left to right: `{{{{` and `}}}}` are braces of the text itself.
fn parse(text: &str, slots: &[Slot]) -> Result<Vec<Piece>, InvalidValue> {
    let mut pieces = Vec::new();
    let mut undeclared = Vec::new();
    let mut start = 0;
    while let Some(found) = text[start..]
        .find(OPEN)
        .into_iter()
        .chain(text[start..].find(CLOSE))
        .min()
    {
        let braces = start + found;
        let brace = &text[braces..braces + 2];
        let after = &text[braces + 2..];
        if after.starts_with(brace) {
            // The first two braces stay in the literal, the other two are skipped.
            push_literal(&mut pieces, start..braces + 2);
            start = braces + 4;
            continue;
        }
        if brace == CLOSE {
            let reason = format!("`}}}}` at character {} closes nothing", position(text, braces));
            return Err(InvalidValue::new(
                reason,
                "write `{{` and a slot's name before it, or `}}}}` for the braces",
            ));
        }
        let name = after
            .find(CLOSE)
            .map(|end| &after[..end])
            .filter(|name| !name.contains(OPEN));
        let Some(name) = name else {
            let reason = format!("`{{{{` at character {} is never closed", position(text, braces));
            return Err(InvalidValue::new(
                reason,
                "write `}}` after the slot's name, or `{{{{` for the braces themselves",
            ));
        };
        let slot_name = SlotName::try_from(name).map_err(|invalid| {
            let reason = format!("{} at character {}", invalid.reason(), position(text, braces));
            InvalidValue::new(reason, invalid.remedy().to_owned())
        })?;
        push_literal(&mut pieces, start..braces);
        match slots.iter().position(|slot| *slot.name() == slot_name) {
            Some(index) => pieces.push(Piece::Slot(index)),
            None => undeclared.push(name.trim()),
        }
        start = braces + 2 + name.len() + 2;
    }
    push_literal(&mut pieces, start..text.len());
    if undeclared.is_empty() {
        return Ok(pieces);
    }
    Err(InvalidValue::new(
        format!(
            "the wording {} uses {} without declaring it",
            quote(text),
            list(&undeclared)
        ),
        "declare it among the slots",
    ))
}

fn push_literal(pieces: &mut Vec<Piece>, range: Range<usize>) {
    if !range.is_empty() {
        pieces.push(Piece::Literal(range));
    }
}

/// Returns the number of the character that starts at a byte, from 1, as people count.
fn position(text: &str, byte: usize) -> usize {
    text[..byte].chars().count() + 1
}

const OPEN: &str = "{{";
const CLOSE: &str = "}}";
const MAX_LISTED: usize = 10;

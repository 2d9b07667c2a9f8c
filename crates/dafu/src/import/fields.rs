//! Taking the fields of an item one by one.

use std::borrow::Cow;

use super::from_raw::{FromRaw, wrong_type};
use super::raw::{Raw, RawObject};
use super::report::{Path, Report};
use crate::model::{InvalidValue, Limits, Metadata, MetadataKey, MetadataValue, is_comma};

/// The fields of an item, or of an object within it, that nobody has asked for yet.
pub(super) struct Fields<'a, 'p> {
    path: Path<'p>,
    fields: RawObject<'a>,
}

/// How one cell of a spreadsheet holds several values.
#[derive(Clone, Copy)]
pub(super) enum Split {
    /// One a line.
    Lines,
    /// One a line, or separated by commas.
    Commas,
    /// One a line; separated by commas where there is one line only.
    LinesElseCommas,
    /// It does not.
    Never,
}

impl<'a, 'p> Fields<'a, 'p> {
    pub fn new(path: Path<'p>, fields: RawObject<'a>) -> Self {
        Self { path, fields }
    }

    /// Returns the fields of an object, or reports that it is none.
    pub fn of(path: Path<'p>, raw: Raw<'a>, report: &mut Report<'_>) -> Option<Self> {
        match raw {
            Raw::Object(fields) => Some(Self { path, fields }),
            other => {
                report.wrong(&path, other.column(), &wrong_type(&other, "write an object in braces"));
                None
            }
        }
    }

    /// Returns the field's value, if it says anything.
    pub fn take(&mut self, name: &str) -> Option<Raw<'a>> {
        let index = self.fields.iter().position(|(field, _)| field == name)?;
        let (_, raw) = self.fields.remove(index);
        (!raw.is_blank()).then_some(raw)
    }

    pub fn optional<T: FromRaw>(&mut self, name: &str, report: &mut Report<'_>) -> Option<T> {
        let raw = self.take(name)?;
        self.read(name, &raw, report)
    }

    pub fn required<T: FromRaw>(&mut self, name: &str, report: &mut Report<'_>) -> Option<T> {
        match self.take(name) {
            Some(raw) => self.read(name, &raw, report),
            None => {
                let invalid = InvalidValue::new("it is missing", "fill it in");
                report.wrong(&Path::Field(&self.path, name), None, &invalid);
                None
            }
        }
    }

    /// Returns the items of a list; an absent list is empty.
    pub fn list<T: FromRaw>(&mut self, name: &str, split: Split, report: &mut Report<'_>) -> Vec<T> {
        self.optional_list(name, split, report).unwrap_or_default()
    }

    pub fn optional_list<T: FromRaw>(&mut self, name: &str, split: Split, report: &mut Report<'_>) -> Option<Vec<T>> {
        let raw = self.take(name)?;
        let path = Path::Field(&self.path, name);
        let items = items_of(raw, split, &path, report);
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match T::from_raw(item) {
                Ok(value) => values.push(value),
                Err(invalid) => report.wrong(&Path::Element(&path, index), item.column(), &invalid),
            }
        }
        Some(values)
    }

    /// Returns what the editor wrote under `metadata`, and all fields that nobody has asked for.
    pub fn into_metadata(mut self, report: &mut Report<'_>) -> Metadata {
        let name = "metadata";
        let path = Path::Field(&self.path, name);
        let mut metadata = Metadata::new();
        // Not by `take`: what is blank elsewhere is a value here.
        let named = self
            .fields
            .iter()
            .position(|(field, _)| field == name)
            .map(|index| self.fields.remove(index).1);
        if let Some(named) = named.filter(|raw| !raw.is_blank())
            && let Some(named) = Fields::of(path, named, report)
        {
            for (key, raw) in named.fields {
                insert(&mut metadata, &Path::Field(&path, &key), &key, raw, report);
            }
        }
        for (key, raw) in self.fields.into_iter().filter(|(_, raw)| !raw.is_blank()) {
            report.unknown(&key, raw.column());
            insert(&mut metadata, &Path::Field(&self.path, &key), &key, raw, report);
        }
        metadata
    }

    /// Reports the fields that nobody has asked for, where there is no place to keep them.
    pub fn finish(self, report: &mut Report<'_>) {
        let unknown = InvalidValue::new(
            "nothing is known about this field here",
            "correct its name, or delete it",
        );
        for (name, raw) in self.fields {
            report.wrong(&Path::Field(&self.path, &name), raw.column(), &unknown);
        }
    }

    pub fn path(&self) -> Path<'p> {
        self.path
    }

    fn read<T: FromRaw>(&self, name: &str, raw: &Raw<'_>, report: &mut Report<'_>) -> Option<T> {
        let value = T::from_raw(raw);
        value
            .map_err(|invalid| report.wrong(&Path::Field(&self.path, name), raw.column(), &invalid))
            .ok()
    }
}

/// Returns the items of a list, or of the cells that hold them.
pub(super) fn items_of<'a>(raw: Raw<'a>, split: Split, path: &Path<'_>, report: &mut Report<'_>) -> Vec<Raw<'a>> {
    let column = raw.column();
    let items = match raw {
        Raw::List(items) => items.into_iter().flat_map(|item| split_cell(item, split)).collect(),
        cell @ Raw::Cell { .. } => split_cell(cell, split),
        other => {
            report.wrong(path, column, &wrong_type(&other, "write a list in square brackets"));
            return Vec::new();
        }
    };
    if items.len() > Limits::LIST {
        let reason = format!("there are {} items", items.len());
        report.wrong(
            path,
            column,
            &InvalidValue::new(reason, format!("keep at most {}", Limits::LIST)),
        );
        return Vec::new();
    }
    items
}

fn split_cell(raw: Raw<'_>, split: Split) -> Vec<Raw<'_>> {
    let (column, text) = match (raw, split) {
        (raw, Split::Never) => return vec![raw],
        (Raw::Cell { column, text }, _) => (column, text),
        (raw, _) => return vec![raw],
    };
    let is_line_end = |c: char| matches!(c, '\n' | '\r');
    let has_commas = match split {
        Split::Commas => true,
        Split::LinesElseCommas => !text.contains(is_line_end),
        Split::Lines | Split::Never => false,
    };
    let ends = |c: char| is_line_end(c) || (has_commas && is_comma(c));
    let parts = text.split(ends).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| Raw::Cell {
            column,
            text: Cow::Owned(part.to_owned()),
        })
        .collect()
}

fn insert(metadata: &mut Metadata, path: &Path<'_>, key: &str, raw: Raw<'_>, report: &mut Report<'_>) {
    let column = raw.column();
    let text = match raw {
        Raw::Null => return,
        raw => raw.into_text(),
    };
    if text.is_empty() {
        return;
    }
    let pair = MetadataKey::try_from(key).and_then(|key| Ok((key, MetadataValue::try_from(&*text)?)));
    match pair {
        Ok((key, value)) => {
            if metadata.insert(key, value).is_some() {
                let invalid = InvalidValue::new("it stands in the metadata twice", "delete one of the two");
                report.wrong(path, column, &invalid);
            }
        }
        Err(invalid) => report.wrong(path, column, &invalid),
    }
}

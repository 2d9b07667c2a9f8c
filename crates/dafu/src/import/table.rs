//! From the rows of a table, whatever its file, to items.

use std::borrow::Cow;

use super::builder::CsvTable;
use super::fields::Fields;
use super::groups::Groups;
use super::headings::{self, Column};
use super::items::{Items, Kind};
use super::raw::{Raw, RawObject};
use super::report::{Path, Report};
use crate::model::InvalidValue;
use crate::quote::quote;

/// A cell and its column, from 1.
pub(super) type Cell<'r> = (u32, Cow<'r, str>);

/// How the rows of a table are read.
pub(super) struct Table {
    table: CsvTable,
    columns: Vec<Column>,
    /// What separates phrasings in a cell, beside line breaks.
    separator: Option<char>,
    /// The rows so far, where several make one entry.
    groups: Option<Groups>,
}

impl Table {
    /// Takes the table's columns as they are.
    pub fn new(table: CsvTable, columns: Vec<Column>) -> Self {
        Self {
            table,
            columns,
            separator: None,
            groups: None,
        }
    }

    /// Splits the phrasings of a cell at `separator`, too.
    pub fn split_at(mut self, separator: Option<char>) -> Self {
        self.separator = separator;
        self
    }

    /// Makes one entry of all rows with the same id or, in a table without ids, with the same answer.
    pub fn grouped(mut self, is_grouped: bool) -> Self {
        self.groups = is_grouped.then(Groups::default);
        self
    }

    /// Reads a row, whose place the report knows.
    pub fn row<'r>(&mut self, cells: impl Iterator<Item = Cell<'r>>, items: &mut Items, report: &mut Report<'_>) {
        let fields = self.fields(cells, report);
        if fields.is_empty() {
            return;
        }
        match &mut self.groups {
            Some(groups) => groups.add(fields, report),
            None => add(self.table, fields, items, report),
        }
    }

    /// Reads what had to wait for all rows.
    pub fn finish(&mut self, items: &mut Items, report: &mut Report<'_>) {
        for (place, fields) in self.groups.take().into_iter().flat_map(Groups::into_items) {
            report.place = place;
            add(self.table, fields, items, report);
        }
    }

    /// Returns how many cells a row may have.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Returns the fields that a row says something about.
    fn fields<'r>(&self, cells: impl Iterator<Item = Cell<'r>>, report: &mut Report<'_>) -> RawObject<'r> {
        let mut fields = RawObject::new();
        let mut valid = RawObject::new();
        let mut metadata = RawObject::new();
        let mut answers = Vec::new();
        for (number, text) in cells {
            let raw = Raw::Cell { column: number, text };
            match self.columns.get(number as usize - 1).unwrap_or(&Column::Nameless) {
                // White space is a value in metadata only.
                Column::Metadata(key) => metadata.push((key.clone().into(), raw)),
                Column::Unknown(name) => fields.push((name.clone().into(), raw)),
                Column::Refused => {}
                _ if raw.is_blank() => {}
                Column::Field(name) => push(&mut fields, name, self.separated(name, raw)),
                Column::Pairs => metadata.extend(pairs(number, raw, report)),
                Column::Valid(end) => valid.push(((*end).into(), raw)),
                Column::Answer { field, when } => {
                    let mut answer = vec![((*field).into(), raw)];
                    answer.extend(when.iter().cloned());
                    answers.push(Raw::Object(answer));
                }
                Column::Nameless => {
                    let invalid = InvalidValue::new("the cell has no heading", "name its column, or empty it");
                    report.wrong(&Path::Item, Some(number), &invalid);
                }
            }
        }
        for (name, objects) in [("valid", valid), ("metadata", metadata)] {
            if !objects.is_empty() {
                fields.push((name.into(), Raw::Object(objects)));
            }
        }
        if !answers.is_empty() {
            fields.push(("answers".into(), Raw::List(answers)));
        }
        fields
    }

    /// Puts every phrasing of a cell into a line of its own.
    fn separated<'r>(&self, field: &str, raw: Raw<'r>) -> Raw<'r> {
        match (self.separator, raw) {
            (Some(separator), Raw::Cell { column, text }) if headings::holds_phrasings(field) => Raw::Cell {
                column,
                text: text.replace(separator, "\n").into(),
            },
            (_, raw) => raw,
        }
    }
}

/// Adds a cell to the other cells of its field, if it may have several.
fn push<'r>(fields: &mut RawObject<'r>, name: &'static str, cell: Raw<'r>) {
    match fields.iter_mut().find(|(field, _)| field == name) {
        Some((_, Raw::List(cells))) => cells.push(cell),
        // A second column for one value is refused with the headings.
        Some(_) => {}
        None if headings::is_list(name) => fields.push((name.into(), Raw::List(vec![cell]))),
        None => fields.push((name.into(), cell)),
    }
}

/// Reads facts in one cell: `name:value|name:value`.
fn pairs(column: u32, raw: Raw<'_>, report: &mut Report<'_>) -> RawObject<'static> {
    let text = raw.into_text();
    let mut metadata = RawObject::new();
    for pair in text.split('|').map(str::trim).filter(|pair| !pair.is_empty()) {
        match pair.split_once(':') {
            Some((key, value)) => {
                let text = value.trim().to_owned().into();
                metadata.push((key.trim().to_owned().into(), Raw::Cell { column, text }));
            }
            None => {
                let reason = format!("{} is not a fact with a name", quote(pair));
                let invalid = InvalidValue::new(reason, "write it as `name:value|name:value`");
                report.wrong(&Path::Item, Some(column), &invalid);
            }
        }
    }
    metadata
}

fn add(table: CsvTable, mut fields: RawObject<'_>, items: &mut Items, report: &mut Report<'_>) {
    let kind = match table {
        CsvTable::Entries => Kind::Entry,
        CsvTable::StandardAnswers => Kind::StandardAnswer,
        CsvTable::Templates => Kind::Template,
        CsvTable::Synonyms => Kind::Synonyms,
        CsvTable::TestQuestions => Kind::TestQuestion,
        CsvTable::Dictionary => match dictionary_kind(&mut fields, report) {
            Some(kind) => kind,
            None => return,
        },
        CsvTable::Settings => {
            fields = setting(fields, report);
            Kind::Settings
        }
    };
    items.add(kind, Fields::new(Path::Item, fields), report);
}

/// Takes the cell that says what a line of the dictionary is for; without one it is a word.
fn dictionary_kind(fields: &mut RawObject<'_>, report: &mut Report<'_>) -> Option<Kind> {
    let Some(index) = fields.iter().position(|(name, _)| name == "kind") else {
        return Some(Kind::Word);
    };
    let (_, raw) = fields.remove(index);
    let column = raw.column();
    let written = raw.into_text();
    match written.trim().to_lowercase().as_str() {
        "word" | "词" | "词语" => Some(Kind::Word),
        "stop_word" | "stop word" | "停用词" => Some(Kind::StopWord),
        "handover" | "转人工" => {
            for (name, _) in fields.iter_mut().filter(|(name, _)| name == "word") {
                *name = "phrase".into();
            }
            Some(Kind::Handover)
        }
        _ => {
            let reason = format!("{} is no use of a word", quote(&written));
            let invalid = InvalidValue::new(reason, "write 词 (word), 停用词 (stop_word) or 转人工 (handover)");
            report.wrong(&Path::Item, column, &invalid);
            None
        }
    }
}

/// Makes the field that a row of names and values sets.
fn setting<'r>(fields: RawObject<'r>, report: &mut Report<'_>) -> RawObject<'r> {
    let mut setting = None;
    let mut value = None;
    for (name, raw) in fields {
        match &*name {
            "name" => setting = Some(raw),
            "value" => value = Some(raw),
            _ => {}
        }
    }
    let Some(setting) = setting else {
        report.wrong_item(
            "the value has no name",
            "write which setting it is, such as `threshold`",
        );
        return RawObject::new();
    };
    let column = setting.column();
    let written = setting.into_text();
    match written.trim().to_lowercase().as_str() {
        "threshold" | "阈值" => value.map(|value| ("threshold".into(), value)).into_iter().collect(),
        _ => {
            let reason = format!("there is no setting {}", quote(&written));
            let invalid = InvalidValue::new(reason, "write `threshold` (阈值), or delete the row");
            report.wrong(&Path::Item, column, &invalid);
            RawObject::new()
        }
    }
}

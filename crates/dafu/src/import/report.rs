//! Saying where a mistake stands.

use std::collections::HashSet;
use std::fmt;

use super::builder::CsvTable;
use super::headings::{in_chinese, quoted};
use crate::mistake::{Mistake, Mistakes, Place};
use crate::model::InvalidValue;

/// Takes the mistakes of one file and adds where they stand.
pub(super) struct Report<'r> {
    /// The item that is being read.
    pub place: Place,
    /// What the file is a table of, if it is a spreadsheet.
    pub table: Option<CsvTable>,
    /// The headings of the file, if it is a spreadsheet.
    pub headings: Vec<String>,
    /// The fields that the headings name, in the same order.
    pub fields: Vec<Option<&'static str>>,
    /// The fields that no heading names, which was said once and is not said again for every row.
    pub absent: Vec<&'static str>,
    pub errors: &'r mut Mistakes,
    pub warnings: &'r mut Mistakes,
    unknown: HashSet<String>,
}

impl<'r> Report<'r> {
    pub fn new(place: Place, errors: &'r mut Mistakes, warnings: &'r mut Mistakes) -> Self {
        Self {
            place,
            table: None,
            headings: Vec::new(),
            fields: Vec::new(),
            absent: Vec::new(),
            errors,
            warnings,
            unknown: HashSet::new(),
        }
    }

    /// Reports a value that cannot be used.
    pub fn wrong(&mut self, path: &Path<'_>, column: Option<u32>, invalid: &InvalidValue) {
        if matches!(path, Path::Field(Path::Item, name) if self.absent.contains(name)) {
            return;
        }
        let column = column.or_else(|| self.column_of(path));
        let mut mistake = Mistake::error(invalid.reason(), invalid.remedy()).at(&self.place);
        mistake.column = column.map(u64::from);
        let heading = column.and_then(|column| self.headings.get(column as usize - 1));
        let field = heading.cloned().unwrap_or_else(|| self.heading_for(path));
        mistake.field = Some(field).filter(|field| !field.is_empty());
        self.errors.push(mistake);
    }

    /// Reports the fields that the table needs and no heading names.
    pub fn say_absent(&mut self, absent: Vec<&'static str>) {
        self.absent.clear();
        let invalid = InvalidValue::new(
            format!("none of the headings {} stands for it", quoted(&self.headings)),
            "write this heading over the column that holds it, or add the column",
        );
        for field in &absent {
            self.wrong(&Path::Field(&Path::Item, field), None, &invalid);
        }
        self.absent = absent;
    }

    /// Returns what the heading of a field is that has no column: a word of the language that the other headings are in.
    fn heading_for(&self, path: &Path<'_>) -> String {
        let is_chinese = self.headings.iter().any(|heading| !heading.is_ascii());
        match (path, self.table) {
            (Path::Field(Path::Item, name), Some(table)) if is_chinese => {
                in_chinese(table, name).unwrap_or(name).to_owned()
            }
            _ => path.to_string(),
        }
    }

    /// Returns the column in which the editor would write a field that is not there.
    fn column_of(&self, path: &Path<'_>) -> Option<u32> {
        let Path::Field(Path::Item, name) = path else {
            return None;
        };
        let index = self.fields.iter().position(|field| *field == Some(name))?;
        u32::try_from(index + 1).ok()
    }

    /// Reports something about the item as a whole.
    pub fn wrong_item(&mut self, message: impl Into<String>, remedy: impl Into<String>) {
        self.errors.push(Mistake::error(message, remedy).at(&self.place));
    }

    /// Warns of a column that there is no place for.
    pub fn left_out(&mut self, heading: &str, column: u32) {
        let mistake = Mistake::warning(
            "nothing is known about this column, and there is no place to keep it, so it is left out",
            "correct its heading, or delete it",
        );
        let mistake = mistake.at(&self.place).column(Some(column.into()));
        self.warnings.push(mistake.field(shorten(heading)));
    }

    /// Warns of a cell, in the row at hand, that is merged over several.
    #[cfg(feature = "xlsx")]
    pub fn merged(&mut self, column: u32, rows: u32) {
        let mistake = Mistake::warning(
            format!("the cell is merged over {rows} rows, and only the first of them has what it says"),
            "unmerge it, and write it into each row",
        );
        let mistake = mistake.at(&self.place).column(Some(column.into()));
        let heading = self.headings.get(column as usize - 1).map_or("", String::as_str);
        self.warnings.push(mistake.field(shorten(heading)));
    }

    /// Warns of a field that nothing is known about, once for each name.
    pub fn unknown(&mut self, name: &str, column: Option<u32>) {
        if self.unknown.contains(name) {
            return;
        }
        self.unknown.insert(name.to_owned());
        let mistake = Mistake::warning(
            "nothing is known about this field, so it is kept as metadata",
            "correct its name, or put it under `metadata`",
        );
        self.warnings.push(
            mistake
                .at(&self.place)
                .column(column.map(u64::from))
                .field(shorten(name)),
        );
    }
}

/// The way to a value inside an item, such as `answers[2].text`.
#[derive(Clone, Copy)]
pub(super) enum Path<'p> {
    Item,
    Field(&'p Path<'p>, &'p str),
    Element(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Item => Ok(()),
            Path::Field(Path::Item, name) => f.write_str(&shorten(name)),
            Path::Field(parent, name) => write!(f, "{parent}.{}", shorten(name)),
            // People count from 1.
            Path::Element(parent, index) => write!(f, "{parent}[{}]", index + 1),
        }
    }
}

/// Names come from the file: they may be long, and hold anything.
fn shorten(name: &str) -> String {
    crate::quote::quote(name).trim_matches('`').to_owned()
}

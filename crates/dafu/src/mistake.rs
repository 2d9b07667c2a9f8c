//! What is wrong in an imported file, and where.

mod chinese;

pub(crate) use chinese::{MESSAGES, REMEDIES, remedy_in_chinese};

use crate::quote::quote;
use std::fmt;

/// One thing that is wrong, or doubtful, in content: where it stands, what it is and what to do about it.
///
/// [`Display`](fmt::Display) gives one line for an editor:
///
/// ```
/// use dafu::{Content, Severity};
///
/// let error = Content::from_jsonl("{\"question\":\"怎么退款？\",\"priority\":99}".as_bytes()).unwrap_err();
/// let mistake = &error.mistakes()[0];
/// assert_eq!(mistake.severity, Severity::Error);
/// assert_eq!((mistake.line, mistake.field.as_deref()), (Some(1), Some("priority")));
/// assert_eq!(
///     mistake.to_string(),
///     "line 1, field `priority`: 99 is not a priority; write a whole number from -10 to 10"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// Whether it stops the import.
    pub severity: Severity,
    /// The name of the file, as the caller gave it.
    pub file: Option<String>,
    /// The sheet, if the file is a workbook.
    pub sheet: Option<String>,
    /// The line, from 1. In CSV: the line on which the row starts; in a workbook: the row.
    pub line: Option<u64>,
    /// The column, from 1. In CSV and workbooks: the cell's number in its row; in JSON Lines: the byte in its line.
    pub column: Option<u64>,
    /// The field. In CSV and workbooks: the heading of its column.
    pub field: Option<String>,
    /// What is wrong: a part of a sentence in English.
    pub message: String,
    /// What to do about it: a part of a sentence in English.
    pub remedy: String,
}

/// Whether a [`Mistake`] stops an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The content is usable; an editor should look at it.
    Warning,
    /// The content cannot be used.
    Error,
}

impl Mistake {
    pub(crate) fn error(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Severity::Error, message.into(), remedy.into())
    }

    pub(crate) fn warning(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message.into(), remedy.into())
    }

    pub(crate) fn at(mut self, place: &Place) -> Self {
        self.file = place.file.as_deref().map(str::to_owned);
        self.sheet = place.sheet.as_deref().map(str::to_owned);
        self.line = place.line;
        self
    }

    pub(crate) fn column(mut self, column: Option<u64>) -> Self {
        self.column = column;
        self
    }

    /// Adds where a field of an item stands that was found to be wrong after its file was read; `in_table` is what columns
    /// for it are known as.
    pub(crate) fn at_field(self, place: &Place, field: &str, in_table: &str) -> Self {
        let mut named = place.columns.iter().flat_map(|columns| columns.iter()).zip(1..);
        let Some(((heading, _), column)) = named.find(|((_, known), _)| *known == Some(in_table)) else {
            return self.at(place).field(field);
        };
        // Of several columns nobody knows which it is.
        let is_only = named.all(|((_, known), _)| *known != Some(in_table));
        self.at(place).column(is_only.then_some(column)).field(heading)
    }

    pub(crate) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    fn new(severity: Severity, message: String, remedy: String) -> Self {
        Self {
            severity,
            file: None,
            sheet: None,
            line: None,
            column: None,
            field: None,
            message,
            remedy,
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = match self.sheet {
            // As spreadsheet programs show it.
            Some(_) => ("row", self.column.map(column_letters)),
            None => ("line", self.column.map(|column| column.to_string())),
        };
        let place = [
            self.file.clone(),
            self.sheet.as_ref().map(|sheet| format!("sheet {}", quote(sheet))),
            self.line.map(|number| format!("{line} {number}")),
            column.map(|column| format!("column {column}")),
            self.field.as_ref().map(|field| format!("field {}", quote(field))),
        ];
        let place: Vec<String> = place.into_iter().flatten().collect();
        if !place.is_empty() {
            write!(f, "{}: ", place.join(", "))?;
        }
        write!(f, "{}; {}", self.message, self.remedy)
    }
}

/// Returns the letters by which spreadsheet programs name a column: 1 is `A`, 27 is `AA`.
pub(crate) fn column_letters(number: u64) -> String {
    let mut letters = Vec::new();
    let mut rest = number;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Where an item was read: cheap to copy for every item of a large file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub file: Option<std::sync::Arc<str>>,
    pub sheet: Option<std::sync::Arc<str>>,
    pub line: Option<u64>,
    /// The headings of the table, if it stood in one, and the fields that they name.
    pub columns: Option<std::sync::Arc<[NamedColumn]>>,
}

/// A heading, and the field that it names, if it names one.
type NamedColumn = (String, Option<&'static str>);

/// A list of mistakes that keeps the first [`MAX_KEPT`](Self::MAX_KEPT) and counts them all, so that a file of garbage
/// costs no memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mistakes {
    kept: Vec<Mistake>,
    total: usize,
}

impl Mistakes {
    pub const MAX_KEPT: usize = 1_000;

    pub fn push(&mut self, mistake: Mistake) {
        self.total += 1;
        if self.kept.len() < Self::MAX_KEPT {
            self.kept.push(mistake);
        }
    }

    pub fn kept(&self) -> &[Mistake] {
        &self.kept
    }

    /// Puts those of one table together, by rows and columns: some are found after all tables were read.
    pub fn sort(&mut self) {
        let table = |mistake: &Mistake| (mistake.file.clone(), mistake.sheet.clone());
        let mut tables = Vec::new();
        for mistake in &self.kept {
            if !tables.contains(&table(mistake)) {
                tables.push(table(mistake));
            }
        }
        self.kept.sort_by_cached_key(|mistake| {
            let number = tables.iter().position(|known| *known == table(mistake));
            (number, mistake.line, mistake.column)
        });
    }

    pub fn total(&self) -> usize {
        self.total
    }
}

//! Recognising what other systems export.

use std::collections::HashMap;

use super::builder::CsvTable;
use super::headings::{self, Column};

/// How the rows of a table make items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// One item a row, under headings that dafu knows.
    RowPerItem,
    /// Two columns without headings: question and answer.
    QuestionAnswer,
    /// What QnA Maker exports: a row for each phrasing, facts as `name:value|name:value`.
    QnaMaker,
    /// A row for each phrasing; the rows of an entry have the same id.
    RowPerPhrasing,
}

/// How a table was read, to tell its editor before anything is replaced.
///
/// ```
/// use dafu::{ContentBuilder, CsvTable, Shape};
///
/// let table = "知识编号,问题,答案\n8812,退款多久到账？,1-3天。\n8812,钱几时退回来,\n";
/// let builder = ContentBuilder::new().recognise_exports(true);
/// let builder = builder.add_csv("导出.csv", CsvTable::Entries, table.as_bytes());
/// assert_eq!(builder.understood()[0].shape, Shape::RowPerPhrasing);
/// let content = builder.build()?;
/// assert_eq!(content.entries()[0].similar[0].as_str(), "钱几时退回来");
/// # Ok::<(), dafu::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Understood {
    /// The name of the file, as the caller gave it.
    pub file: Option<String>,
    /// The sheet, if the file is a workbook.
    pub sheet: Option<String>,
    /// What the rows are.
    pub table: CsvTable,
    /// How the rows make items.
    pub shape: Shape,
    /// The headings with the fields they name, from left to right; without a field they are kept as metadata.
    pub columns: Vec<(String, Option<String>)>,
    /// What separates phrasings in a cell, beside line breaks.
    pub separator: Option<char>,
    /// How many rows hold something, headings not counted.
    pub rows: u64,
}

/// What a look at all rows has found.
pub(super) struct Found {
    pub is_row_per_phrasing: bool,
    pub separator: Option<char>,
}

/// What the rows of a table have told so far.
pub(super) struct Survey<'c> {
    columns: &'c [Column],
    /// The question and the phrasings of the first row with each id.
    ids: HashMap<String, (String, String)>,
    has_repeated_ids: bool,
    /// Cells with several phrasings: all of them, those with line breaks, and those with each of [`SEPARATORS`].
    cells: usize,
    broken_cells: usize,
    separated_cells: [usize; SEPARATORS.len()],
}

impl<'c> Survey<'c> {
    pub fn new(columns: &'c [Column]) -> Self {
        Self {
            columns,
            ids: HashMap::new(),
            has_repeated_ids: false,
            cells: 0,
            broken_cells: 0,
            separated_cells: [0; SEPARATORS.len()],
        }
    }

    pub fn row<'r>(&mut self, cells: impl Iterator<Item = (u32, &'r str)>) {
        let (mut id, mut question, mut similar) = ("", "", "");
        for (number, text) in cells {
            match self.columns.get(number as usize - 1) {
                Some(Column::Field("id")) => id = text.trim(),
                Some(Column::Field("question")) => question = text.trim(),
                Some(Column::Field(field)) if headings::holds_phrasings(field) && !text.trim().is_empty() => {
                    self.phrasings(text.trim());
                    if *field == "similar" {
                        similar = text.trim();
                    }
                }
                _ => {}
            }
        }
        if id.is_empty() || self.has_repeated_ids {
            return;
        }
        // A row that says nothing new is there twice by an oversight, and a mistake.
        let is_new = |first: &str, text: &str| !text.is_empty() && text != first;
        match self.ids.get(id) {
            Some((first, phrasings)) => self.has_repeated_ids = is_new(first, question) || is_new(phrasings, similar),
            None if question.is_empty() => {}
            None => {
                self.ids
                    .insert(id.to_owned(), (question.to_owned(), similar.to_owned()));
            }
        }
    }

    pub fn finish(self) -> Found {
        Found {
            is_row_per_phrasing: self.has_repeated_ids,
            separator: self.separator(),
        }
    }

    /// Returns what separates phrasings, where most cells have it and none has a line break, which separates anyway.
    fn separator(&self) -> Option<char> {
        let found = SEPARATORS.iter().zip(self.separated_cells);
        let (&separator, count) = found.max_by_key(|(_, count)| *count)?;
        (count * 2 > self.cells && self.broken_cells == 0).then_some(separator)
    }

    fn phrasings(&mut self, text: &str) {
        self.cells += 1;
        self.broken_cells += usize::from(text.contains('\n'));
        for (count, &separator) in self.separated_cells.iter_mut().zip(SEPARATORS) {
            *count += usize::from(text.contains(separator));
        }
    }
}

/// What exports put between phrasings. No commas and full stops: phrasings have them.
const SEPARATORS: &[char] = &['|', '｜', ';', '；'];

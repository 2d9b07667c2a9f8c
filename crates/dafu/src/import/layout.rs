//! How the columns and rows of a table are to be read, by its headings and, where exports are recognised, by its cells.

use super::builder::CsvTable;
use super::headings::{self, Column};
use super::report::Report;
use super::shape::{Found, Shape, Survey, Understood};
use super::table::Table;

/// The layout of one table.
pub(super) struct Layout {
    table: CsvTable,
    shape: Shape,
    columns: Vec<Column>,
    separator: Option<char>,
    recognises_exports: bool,
    rows: u64,
}

impl Layout {
    /// Reads the headings, which the report then knows; without a `table`, they say which it is.
    pub fn of(
        table: Option<CsvTable>,
        headings: Vec<String>,
        recognises_exports: bool,
        report: &mut Report<'_>,
    ) -> Option<Self> {
        let recognised = table.or_else(|| headings::recognise(&headings));
        let is_nameless = recognises_exports && headings::count_known(&headings) == 0 && is_pair(&headings);
        let (table, headings, shape) = match recognised {
            _ if is_nameless && table.unwrap_or(CsvTable::Entries) == CsvTable::Entries => {
                (CsvTable::Entries, pair_of_headings(&headings), Shape::QuestionAnswer)
            }
            Some(table) if recognises_exports && headings::are_qna_maker(&headings) => {
                (table, headings, Shape::QnaMaker)
            }
            Some(table) if headings::count_known_in(table, &headings) > 0 => (table, headings, Shape::RowPerItem),
            _ => {
                let message = format!("the headings {} are those of no table", headings::quoted(&headings));
                report.headings = headings;
                report.wrong_item(
                    message,
                    "entries need `question`, standard answers `title` and `text`, templates `scenario` and `text`",
                );
                return None;
            }
        };
        report.table = Some(table);
        report.headings.clone_from(&headings);
        report.say_absent(headings::absent(table, &headings));
        if !report.absent.is_empty() && !table.has_ids() {
            return None;
        }
        let mut columns = headings::columns(table, &headings, report);
        if shape == Shape::QnaMaker {
            headings::adapt_to_qna_maker(&mut columns);
        }
        report.fields = columns.iter().map(Column::field).collect();
        let named = headings.into_iter().zip(report.fields.iter().copied());
        report.place.columns = Some(named.collect());
        Some(Self {
            table,
            shape,
            columns,
            separator: None,
            recognises_exports,
            rows: 0,
        })
    }

    /// Says whether the first row holds headings.
    pub fn has_headings(&self) -> bool {
        self.shape != Shape::QuestionAnswer
    }

    /// Says whether the rows are to be looked at before they are read.
    pub fn is_surveyed(&self) -> bool {
        self.recognises_exports && self.table == CsvTable::Entries && self.shape == Shape::RowPerItem
    }

    pub fn survey(&self) -> Survey<'_> {
        Survey::new(&self.columns)
    }

    /// Takes over what a look at the rows has found.
    pub fn adapt(&mut self, found: Found) {
        self.separator = found.separator;
        if found.is_row_per_phrasing {
            self.shape = Shape::RowPerPhrasing;
        }
    }

    pub fn count_row(&mut self) {
        self.rows += 1;
    }

    pub fn table(&self) -> Table {
        let is_grouped = matches!(self.shape, Shape::QnaMaker | Shape::RowPerPhrasing);
        Table::new(self.table, self.columns.clone())
            .split_at(self.separator)
            .grouped(is_grouped)
    }

    pub fn into_understood(self, report: &Report<'_>) -> Understood {
        let fields = self.columns.iter().map(|column| column.field().map(str::to_owned));
        Understood {
            file: report.place.file.as_deref().map(str::to_owned),
            sheet: report.place.sheet.as_deref().map(str::to_owned),
            table: self.table,
            shape: self.shape,
            columns: report.headings.iter().cloned().zip(fields).collect(),
            separator: self.separator,
            rows: self.rows,
        }
    }
}

/// Returns the headings that two columns without any would have, in the language of their first row.
fn pair_of_headings(cells: &[String]) -> Vec<String> {
    let names = match cells.iter().all(|cell| cell.is_ascii()) {
        true => ["question", "answer"],
        false => ["标准问题", "答案"],
    };
    names.map(str::to_owned).to_vec()
}

/// Says whether a first row is a question and its answer.
fn is_pair(cells: &[String]) -> bool {
    cells.len() >= 2 && cells[..2].iter().all(|cell| !cell.is_empty()) && cells[2..].iter().all(String::is_empty)
}

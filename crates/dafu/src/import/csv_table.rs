//! The reader of spreadsheets saved as CSV: one item a row, under headings.

use std::io::Read as _;

use csv::{ReaderBuilder, StringRecord};

use super::builder::CsvTable;
use super::encoding::decode;
use super::headings::count_known;
use super::items::Items;
use super::layout::Layout;
use super::report::Report;
use super::shape::Understood;
use super::{FORMULA_GUARD, looks_like_formula};
use crate::model::Limits;

/// Reads all rows of a file; without a `table`, the headings say which it is.
pub(super) fn read(
    table: Option<CsvTable>,
    bytes: &[u8],
    recognises_exports: bool,
    items: &mut Items,
    report: &mut Report<'_>,
) -> Option<Understood> {
    let Some(text) = decode(bytes) else {
        let remedy = "save it again as CSV in the encoding UTF-8";
        report.wrong_item("the file is neither UTF-8 nor GB18030", remedy);
        return None;
    };
    let Some(delimiter) = delimiter(&text) else {
        let remedy = "write the name of each column into the first row";
        report.wrong_item("there are no headings", remedy);
        return None;
    };
    let mut rows = Rows::new(&text, delimiter);
    let mut row = StringRecord::new();
    report.place.line = rows.next(&mut row, report);
    report.place.line?;
    if row.len() > Limits::CSV_COLUMNS {
        let message = format!("there are {} columns", row.len());
        report.wrong_item(message, format!("keep at most {}", Limits::CSV_COLUMNS));
        return None;
    }
    let headings = row.iter().map(|heading| heading.trim().to_owned()).collect();
    let mut layout = Layout::of(table, headings, recognises_exports, report)?;
    if layout.is_surveyed() {
        // Mistakes of the rows are reported when they are read.
        let (mut errors, mut warnings) = Default::default();
        let mut silent = Report::new(report.place.clone(), &mut errors, &mut warnings);
        let mut rows = Rows::new(&text, delimiter);
        let mut row = StringRecord::new();
        let mut survey = layout.survey();
        rows.next(&mut row, &mut silent);
        while rows.next(&mut row, &mut silent).is_some() {
            survey.row((1..).zip(&row));
        }
        let found = survey.finish();
        layout.adapt(found);
    }
    let mut table = layout.table();
    if layout.has_headings() {
        report.place.line = rows.next(&mut row, report);
    }
    while report.place.line.is_some() {
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            layout.count_row();
            let cells = (1..).zip(&row).take(table.width());
            table.row(
                cells.map(|(number, cell)| (number, unguarded(cell).into())),
                items,
                report,
            );
            if row.iter().skip(table.width()).any(|cell| !cell.trim().is_empty()) {
                let message = format!(
                    "the row has {} cells, and the headings have {}",
                    row.len(),
                    table.width()
                );
                report.wrong_item(message, "put quotation marks around texts with commas");
            }
        }
        report.place.line = rows.next(&mut row, report);
    }
    table.finish(items, report);
    Some(layout.into_understood(report))
}

/// The rows of a file, with a mark after the last: the CSV parser itself does not tell when a quotation mark is never
/// closed, and would take the rest of the file for one cell.
struct Rows<'t> {
    reader: csv::Reader<std::io::Chain<&'t [u8], &'static [u8]>>,
    next: StringRecord,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        let input = text.as_bytes().chain(END_MARK.as_bytes());
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(input);
        let mut next = StringRecord::new();
        // Reading from memory, from what is known to be UTF-8, cannot fail; and the mark is there at least.
        let _ = reader.read_record(&mut next);
        Self { reader, next }
    }

    /// Reads a row and returns the line on which it starts; nothing after the last row.
    fn next(&mut self, row: &mut StringRecord, report: &mut Report<'_>) -> Option<u64> {
        std::mem::swap(row, &mut self.next);
        let line = row.position().map(csv::Position::line)?;
        if matches!(self.reader.read_record(&mut self.next), Ok(true)) {
            return Some(line);
        }
        self.next.clear();
        self.next.set_position(None);
        let is_mark = row.len() == 1 && row.get(0) == Some(END_MARK.trim());
        if !is_mark {
            report.place.line = Some(line);
            report.wrong_item(
                "a quotation mark in this row is never closed",
                "close it, or write it twice",
            );
        }
        row.set_position(None);
        None
    }
}

/// Returns the delimiter under which most headings have a meaning; nothing for an empty file.
fn delimiter(text: &str) -> Option<u8> {
    let known = |delimiter: &u8| {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .delimiter(*delimiter)
            .from_reader(text.as_bytes());
        let mut row = StringRecord::new();
        let is_there = matches!(reader.read_record(&mut row), Ok(true));
        let headings: Vec<String> = row.iter().map(str::to_owned).collect();
        (is_there, count_known(&headings), headings.len())
    };
    // The last of equal ones is taken: the comma, if nothing tells them apart.
    let best = b"\t;,".iter().max_by_key(|delimiter| known(delimiter))?;
    known(best).0.then_some(*best)
}

/// Takes off the guard that an export puts before what a spreadsheet might run.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix(FORMULA_GUARD) {
        Some(rest) if looks_like_formula(rest) => rest,
        _ => cell,
    }
}

const END_MARK: &str = "\nend of file\n";

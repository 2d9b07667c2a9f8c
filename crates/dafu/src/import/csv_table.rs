//! The reader of spreadsheets saved as CSV: one item a row, under headings.

use std::io::Read as _;

use csv::{ReaderBuilder, StringRecord};

use super::builder::CsvTable;
use super::csv_headings::{self, Column, count_known};
use super::encoding::decode;
use super::fields::Fields;
use super::items::Items;
use super::raw::{Raw, RawObject};
use super::report::{Path, Report};
use super::{FORMULA_GUARD, looks_like_formula};
use crate::model::{InvalidValue, Limits};

/// Reads all rows of a file; without a `table`, the headings say which it is.
pub(super) fn read(table: Option<CsvTable>, bytes: &[u8], items: &mut Items, report: &mut Report<'_>) {
    let Some(text) = decode(bytes) else {
        let remedy = "save it again as CSV in the encoding UTF-8";
        return report.wrong_item("the file is neither UTF-8 nor GB18030", remedy);
    };
    let Some(delimiter) = delimiter(&text) else {
        return report.wrong_item(
            "there are no headings",
            "write the name of each column into the first row",
        );
    };
    let mut rows = Rows::new(&text, delimiter);
    let mut row = StringRecord::new();
    report.place.line = rows.next(&mut row, report);
    if report.place.line.is_none() {
        return;
    }
    if row.len() > Limits::CSV_COLUMNS {
        let message = format!("there are {} columns", row.len());
        return report.wrong_item(message, format!("keep at most {}", Limits::CSV_COLUMNS));
    }
    report.headings = row.iter().map(|heading| heading.trim().to_owned()).collect();
    let Some(table) = table.or_else(|| csv_headings::recognise(&report.headings)) else {
        return report.wrong_item(
            "the headings are those of no table",
            "entries need `question`, standard answers `title` and `text`, templates `scenario` and `text`",
        );
    };
    let headings = report.headings.clone();
    let columns = csv_headings::columns(table, &headings, report);
    loop {
        report.place.line = rows.next(&mut row, report);
        if report.place.line.is_none() {
            return;
        }
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            let fields = fields(&columns, &row, report);
            items.add(table.kind(), Fields::new(Path::Item, fields), report);
        }
    }
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

/// Returns the fields that a row says something about.
fn fields<'r>(columns: &[Column], row: &'r StringRecord, report: &mut Report<'_>) -> RawObject<'r> {
    let mut fields = RawObject::new();
    let mut valid = RawObject::new();
    let mut metadata = RawObject::new();
    let mut answers = Vec::new();
    for ((number, cell), column) in (1..).zip(row).zip(columns) {
        let raw = Raw::Cell {
            column: number,
            text: unguarded(cell).into(),
        };
        match column {
            // White space is a value in metadata only.
            Column::Metadata(key) => metadata.push((key.clone().into(), raw)),
            Column::Unknown(name) => fields.push((name.clone().into(), raw)),
            Column::Refused => {}
            _ if raw.is_blank() => {}
            Column::Field(name) => push(&mut fields, name, raw),
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
    if row.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty()) {
        let message = format!(
            "the row has {} cells, and the headings have {}",
            row.len(),
            columns.len()
        );
        report.wrong_item(message, "put quotation marks around texts with commas");
    }
    if !valid.is_empty() {
        fields.push(("valid".into(), Raw::Object(valid)));
    }
    if !metadata.is_empty() {
        fields.push(("metadata".into(), Raw::Object(metadata)));
    }
    if !answers.is_empty() {
        fields.push(("answers".into(), Raw::List(answers)));
    }
    fields
}

/// Adds a cell to the other cells of its field, if it may have several.
fn push<'r>(fields: &mut RawObject<'r>, name: &'static str, cell: Raw<'r>) {
    match fields.iter_mut().find(|(field, _)| field == name) {
        Some((_, Raw::List(cells))) => cells.push(cell),
        // A second column for one value is refused with the headings.
        Some(_) => {}
        None if csv_headings::is_list(name) => fields.push((name.into(), Raw::List(vec![cell]))),
        None => fields.push((name.into(), cell)),
    }
}

/// Takes off the guard that an export puts before what a spreadsheet might run.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix(FORMULA_GUARD) {
        Some(rest) if looks_like_formula(rest) => rest,
        _ => cell,
    }
}

const END_MARK: &str = "\nend of file\n";

//! The reader of workbooks (.xlsx): a table a sheet.

mod cells;
mod marked;
mod package;
mod sheets;

use std::collections::VecDeque;
use std::io::Cursor;

use calamine::{Reader as _, SheetType, SheetVisible};

pub use marked::mark_mistakes;

use super::builder::CsvTable;
use super::headings;
use super::items::Items;
use super::layout::Layout;
use super::report::{Path, Report};
use super::shape::Understood;
use super::table::{Cell, Table};
use crate::mistake::Mistake;
use crate::model::{InvalidValue, Limits};
use cells::{Book, Row, Rows};
use sheets::Sheet;

/// Reads all sheets of a workbook.
pub(super) fn read(
    bytes: &[u8],
    recognises_exports: bool,
    items: &mut Items,
    report: &mut Report<'_>,
) -> Vec<Understood> {
    let mut book = match open(bytes) {
        Ok(book) => book,
        Err(invalid) => {
            report.wrong_item(invalid.reason(), invalid.remedy());
            return Vec::new();
        }
    };
    let sheets = names(&book);
    let mut understood = Vec::new();
    for name in &sheets {
        report.place.sheet = Some(name.as_str().into());
        report.place.line = None;
        report.table = None;
        report.place.columns = None;
        report.headings.clear();
        report.fields.clear();
        report.absent.clear();
        let is_only = sheets.len() == 1;
        match read_sheet(&mut book, name, is_only, recognises_exports, items, report) {
            Ok(read) => understood.extend(read),
            Err(invalid) => report.wrong_item(invalid.reason(), invalid.remedy()),
        }
    }
    report.place.sheet = None;
    if understood.is_empty() && report.errors.total() == 0 {
        report.wrong_item(
            "no sheet of the workbook holds anything",
            "fill in a sheet `问答` (entries)",
        );
    }
    understood
}

/// Opens a workbook after its package was found harmless.
fn open(bytes: &[u8]) -> Result<Book<'_>, InvalidValue> {
    package::check(bytes)?;
    Book::new(Cursor::new(bytes)).map_err(package::unreadable)
}

/// Returns the names of the sheets with cells that people see, and of the hidden ones whose names mean something.
fn names(book: &Book<'_>) -> Vec<String> {
    let sheets = book.sheets_metadata().iter();
    let sheets = sheets
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .filter(|sheet| {
            let kind = sheets::by_name(&sheet.name);
            kind != Sheet::Words && (sheet.visible == SheetVisible::Visible || kind != Sheet::Unknown)
        });
    sheets.map(|sheet| sheet.name.clone()).collect()
}

fn read_sheet(
    book: &mut Book<'_>,
    name: &str,
    is_only: bool,
    recognises_exports: bool,
    items: &mut Items,
    report: &mut Report<'_>,
) -> Result<Option<Understood>, InvalidValue> {
    let table = match sheets::by_name(name) {
        Sheet::Table(table) => Some(table),
        Sheet::Words | Sheet::Unknown => None,
    };
    let mut top = Top::of(&mut Rows::of(book, name)?, table)?;
    let Some(first) = top.rows.front() else {
        return Ok(None);
    };
    report.place.line = Some(first.number);
    if table.is_none() && !is_only && headings::recognise(&top.headings).is_none() {
        let mistake = Mistake::warning(
            "the headings are those of no table, so the sheet is not read",
            "name the sheet 问答 (entries), 标准答案, 话术, 同义词, 词典 or 测试问题, or delete it",
        );
        report.warnings.push(mistake.at(&report.place));
        return Ok(None);
    }
    // What is wrong with other cells is said when they are read.
    let _ = first.texts(|column, invalid| report.wrong(&Path::Item, Some(column), invalid));
    let headings = std::mem::take(&mut top.headings);
    let heading_row = first.number;
    drop(top);
    let Some(mut layout) = Layout::of(table, headings, recognises_exports, report) else {
        return Ok(None);
    };
    let first_row = if layout.has_headings() {
        heading_row + 1
    } else {
        heading_row
    };
    warn_of_merged(book, name, first_row, report)?;
    if layout.is_surveyed() {
        let mut survey = layout.survey();
        each_row(book, name, first_row, |row| {
            // Mistakes of the cells are reported when they are read.
            let cells = row.texts(|_, _| {});
            survey.row(cells.iter().map(|(column, text)| (*column, &**text)));
        })?;
        let found = survey.finish();
        layout.adapt(found);
    }
    let mut table = layout.table();
    let read = each_row(book, name, first_row, |row| {
        if read_row(row, &mut table, items, report) {
            layout.count_row();
        }
    });
    table.finish(items, report);
    read.map(|()| Some(layout.into_understood(report)))
}

/// Cells that are merged over several rows look as if each row had what they say.
fn warn_of_merged(
    book: &mut Book<'_>,
    name: &str,
    first_row: u64,
    report: &mut Report<'_>,
) -> Result<(), InvalidValue> {
    for cells in book.merge_cells_by_sheet_name(name).map_err(package::unreadable)? {
        let row = u64::from(cells.start.0) + 1;
        if row >= first_row && cells.end.0 > cells.start.0 {
            report.place.line = Some(row);
            report.merged(cells.start.1.saturating_add(1), cells.end.0 - cells.start.0 + 1);
        }
    }
    Ok(())
}

fn each_row(book: &mut Book<'_>, name: &str, first: u64, mut read: impl FnMut(&Row<'_>)) -> Result<(), InvalidValue> {
    let mut rows = Rows::of(book, name)?;
    while let Some(row) = rows.next()? {
        if row.number >= first {
            read(&row);
        }
    }
    Ok(())
}

/// Reads a row, and says whether it holds anything.
fn read_row(row: &Row<'_>, table: &mut Table, items: &mut Items, report: &mut Report<'_>) -> bool {
    report.place.line = Some(row.number);
    let cells: Vec<Cell<'_>> = row.texts(|column, invalid| report.wrong(&Path::Item, Some(column), invalid));
    if cells.iter().all(|(_, text)| text.trim().is_empty()) {
        return false;
    }
    table.row(cells.into_iter(), items, report);
    true
}

/// The first rows of a sheet, from its headings on.
struct Top<'a> {
    rows: VecDeque<Row<'a>>,
    headings: Vec<String>,
}

impl<'a> Top<'a> {
    /// Finds the headings, above which a title may stand.
    fn of(rows: &mut Rows<'a, '_>, table: Option<CsvTable>) -> Result<Self, InvalidValue> {
        let mut top = VecDeque::new();
        while top.len() < MAX_TITLE_ROWS
            && let Some(row) = rows.next()?
        {
            top.push_back(row);
        }
        let mut best = (0, 0);
        for (index, row) in top.iter().enumerate() {
            let headings = dense(row)?;
            let known = match table.or_else(|| headings::recognise(&headings)) {
                Some(table) => headings::count_known_in(table, &headings),
                None => 0,
            };
            // Of equal ones the first.
            if known > best.1 {
                best = (index, known);
            }
        }
        top.drain(..best.0);
        let headings = top.front().map(dense).transpose()?.unwrap_or_default();
        Ok(Self { rows: top, headings })
    }
}

/// Returns the headings of all columns up to the last one.
fn dense(row: &Row<'_>) -> Result<Vec<String>, InvalidValue> {
    let mut headings = Vec::new();
    for (column, text) in row.texts(|_, _| {}) {
        let column = column as usize;
        if column > Limits::CSV_COLUMNS {
            let reason = format!("row {} has cells beyond column {}", row.number, Limits::CSV_COLUMNS);
            return Err(InvalidValue::new(reason, "move them to the left, or delete them"));
        }
        headings.resize(headings.len().max(column), String::new());
        headings[column - 1] = text.trim().to_owned();
    }
    Ok(headings)
}

/// Among how many rows the headings are looked for.
const MAX_TITLE_ROWS: usize = 10;

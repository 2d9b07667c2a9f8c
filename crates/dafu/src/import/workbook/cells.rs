//! The cells of a sheet, row by row, as the texts that they stand for.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Xlsx, XlsxCellReader, XlsxError};

use super::package::unreadable;
use crate::import::table::Cell;
use crate::model::{InvalidValue, Limits};

pub(super) type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

/// A row and its number, from 1. Cells without content are left out.
pub(super) struct Row<'a> {
    pub number: u64,
    pub cells: Vec<(u32, DataRef<'a>)>,
}

/// The rows of a sheet that have any content.
pub(super) struct Rows<'a, 'b> {
    reader: XlsxCellReader<'a, Cursor<&'b [u8]>>,
    /// The first cell of the next row.
    next: Option<(u64, u32, DataRef<'a>)>,
    /// How many bytes of text the rest of the sheet may have: one long text may stand in a million cells.
    budget: u64,
}

impl<'a, 'b> Rows<'a, 'b> {
    pub fn of(book: &'a mut Book<'b>, sheet: &str) -> Result<Self, InvalidValue> {
        let reader = book.worksheet_cells_reader(sheet).map_err(unreadable)?;
        let mut rows = Self {
            reader,
            next: None,
            budget: Limits::FILE_BYTES,
        };
        rows.next = rows.cell()?;
        Ok(rows)
    }

    pub fn next(&mut self) -> Result<Option<Row<'a>>, InvalidValue> {
        let Some((number, column, first)) = self.next.take() else {
            return Ok(None);
        };
        let mut cells = vec![(column, first)];
        while let Some((row, column, cell)) = self.cell()? {
            if row != number {
                self.next = Some((row, column, cell));
                break;
            }
            if cells.len() == Limits::CSV_COLUMNS {
                let reason = format!("row {number} has more than {} cells", Limits::CSV_COLUMNS);
                return Err(InvalidValue::new(reason, "delete columns"));
            }
            cells.push((column, cell));
        }
        Ok(Some(Row { number, cells }))
    }

    fn cell(&mut self) -> Result<Option<(u64, u32, DataRef<'a>)>, InvalidValue> {
        loop {
            let Some(cell) = self.reader.next_cell().map_err(|error| explain(&error))? else {
                return Ok(None);
            };
            let (row, column) = cell.get_position();
            let value = cell.get_value().clone();
            let bytes = match &value {
                DataRef::Empty => continue,
                DataRef::String(text) => text.len(),
                DataRef::SharedString(text) => text.len(),
                _ => 0,
            };
            if bytes == 0 && matches!(value, DataRef::String(_) | DataRef::SharedString(_)) {
                continue;
            }
            self.budget = self
                .budget
                .checked_sub(bytes as u64)
                .ok_or_else(|| InvalidValue::new("the cells of the sheet hold more than 1 GiB of text", "split it"))?;
            return Ok(Some((u64::from(row) + 1, column.saturating_add(1), value)));
        }
    }
}

impl<'a> Row<'a> {
    /// Returns what the cells say; what a cell cannot say goes to `wrong`.
    pub fn texts<'r>(&'r self, mut wrong: impl FnMut(u32, &InvalidValue)) -> Vec<Cell<'r>> {
        let mut texts = Vec::with_capacity(self.cells.len());
        for (column, value) in &self.cells {
            match text(value) {
                Ok(text) => texts.push((*column, text)),
                Err(invalid) => wrong(*column, &invalid),
            }
        }
        texts
    }
}

/// Returns the text that a cell stands for: dates as `2026-11-05` or `2026-11-05 08:30:00`, numbers without a format.
fn text<'r>(value: &'r DataRef<'_>) -> Result<Cow<'r, str>, InvalidValue> {
    Ok(match value {
        DataRef::Empty => "".into(),
        DataRef::String(text) => bounded(text)?,
        DataRef::SharedString(text) => bounded(text)?,
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) => number.to_string().into(),
        DataRef::Bool(true) => "TRUE".into(),
        DataRef::Bool(false) => "FALSE".into(),
        DataRef::DateTime(instant) => date(instant).into(),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).into(),
        DataRef::DurationIso(text) => bounded(text)?,
        DataRef::Error(error) => {
            let reason = format!("the cell shows the error {error}");
            return Err(InvalidValue::new(reason, "correct its formula, or write a text"));
        }
    })
}

fn date(instant: &ExcelDateTime) -> String {
    // A length of time, or a time of day without a day: nothing that any field holds, so as the number that it is.
    if instant.is_duration() || instant.as_f64() < 1.0 {
        return instant.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = instant.to_ymd_hms_milli();
    match (hour, minute, second) {
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

fn bounded(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    if text.len() > Limits::CELL_UNITS * 3 {
        let reason = format!("the cell holds more than {} characters", Limits::CELL_UNITS);
        return Err(InvalidValue::new(
            reason,
            "shorten it, or spread it over several columns",
        ));
    }
    Ok(text.into())
}

fn explain(error: &XlsxError) -> InvalidValue {
    unreadable(error)
}

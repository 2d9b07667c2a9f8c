//! Reading files: bytes → records of raw values ([`json_lines`], [`csv_table`], [`workbook`]) → values of the model ([`items`]).
//!
//! The readers know only where a value stands; [`items`] alone knows what the fields mean. So a field behaves alike in
//! every format, and every mistake says its file, line and field.

mod builder;
mod csv_table;
mod encoding;
mod fields;
mod from_raw;
mod groups;
mod headings;
mod items;
mod json_lines;
mod layout;
mod raw;
mod report;
mod shape;
mod slot_line;
mod table;
#[cfg(feature = "xlsx")]
mod workbook;

pub use builder::{ContentBuilder, CsvTable, Imported};
pub use shape::{Shape, Understood};
pub(crate) use slot_line::write as write_slot_line;
#[cfg(feature = "xlsx")]
pub use workbook::mark_mistakes;

/// The character that keeps a spreadsheet from running a cell, and that is taken off again when it is read.
pub(crate) const FORMULA_GUARD: char = '\'';

/// Says whether a spreadsheet might run `cell`, also after any number of guards were taken off.
pub(crate) fn looks_like_formula(cell: &str) -> bool {
    cell.trim_start_matches(FORMULA_GUARD)
        .starts_with(['=', '+', '-', '@', '\t', '\r'])
}

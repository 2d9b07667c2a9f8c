//! Writing content so that [`import`](crate::import) gives back the same.

mod csv_tables;
mod json_lines;
#[cfg(feature = "xlsx")]
mod workbook;

#[cfg(feature = "xlsx")]
pub use workbook::{WorkbookLanguage, starter_workbook};
#[cfg(feature = "xlsx")]
pub(crate) use workbook::{book, refused, save, write_text};
